"""Where serialised data comes from and goes to: paths and open files."""

from __future__ import annotations

from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, TypeAlias, cast

from cnaps._files import replacing

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

__all__ = ["Source", "Target", "name_of", "opened", "read_from", "write_to"]

Source: TypeAlias = "str | PathLike[str] | IO[str] | IO[bytes]"
Target: TypeAlias = "str | PathLike[str] | IO[str] | IO[bytes]"


def read_from(source: Source) -> str | bytes:
    """Return all that a file holds."""
    return Path(source).read_bytes() if isinstance(source, str | PathLike) else source.read()


def write_to(target: Target, pieces: Iterable[bytes]) -> None:
    """Write pieces of data, text among them in UTF-8; to a path all of them or none."""
    if isinstance(target, str | PathLike):
        with replacing(target) as write:
            for piece in pieces:
                write(piece)
    elif hasattr(target, "encoding"):  # text; no class has all such files, `tempfile`'s not either
        for piece in pieces:
            cast("IO[str]", target).write(_text(piece))
    else:
        for piece in pieces:
            cast("IO[bytes]", target).write(piece)


def _text(piece: bytes) -> str:
    try:
        return piece.decode()
    except UnicodeDecodeError:
        raise TypeError("this data is no text; open the file in binary mode") from None


@contextmanager
def opened(source: Source) -> Generator[IO[Any], None, None]:
    """Open the file at a path for reading; an open file is neither opened nor closed."""
    if isinstance(source, str | PathLike):
        with Path(source).open("rb") as file:
            yield file
    else:
        yield source


def name_of(source: Source) -> str | PathLike[str] | None:
    """Return what errors call a file, or None if it has no name."""
    if isinstance(source, str | PathLike):
        return source
    name = getattr(source, "name", None)
    return name if isinstance(name, str) else None
