"""Files written whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

__all__ = ["replacing", "write_atomically"]


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it holds, at every moment, either its old content or all of `data`.

    Raises OSError, which names the file; it is then as it was.
    """
    with replacing(path) as write:
        write(data)


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[Callable[[bytes], object], None, None]:
    """Give the function that writes the new content of a file, which it has once all is written.

    The data goes to a temporary file in the same folder, reaches the disk at the end, and takes
    the name in one step. An existing file keeps its permissions; a link is followed, not replaced.
    With any error, also one of the caller's, the file stays as it was.

    Raises OSError, which names the file.
    """
    with _naming(path):
        mode = _mode(Path(path))
        target = Path(path).resolve()
        temporary = target.with_name(f".cnaps-{token_hex(8)}")
        # A new file gets the permissions that the user's mask leaves of these.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)

    def write(data: bytes) -> None:
        with _naming(path):
            file.write(data)

    try:
        with os.fdopen(handle, "wb") as file:
            yield write
            with _naming(path):
                file.flush()
                os.fsync(file.fileno())
        with _naming(path):
            if mode is not None:
                temporary.chmod(mode)
            temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def _naming(path: str | os.PathLike[str]) -> Generator[None, None, None]:
    """Let errors be about the file that is to be written, not about the temporary one."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _mode(path: Path) -> int | None:
    """Return the permissions of a file, or None where there is none."""
    try:
        return path.stat().st_mode & 0o7777
    except FileNotFoundError:
        return None
