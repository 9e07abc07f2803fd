"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path
from secrets import token_hex

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it holds, at every moment, either its old content or all of `data`.

    The data goes to a temporary file in the same folder, reaches the disk, and takes the name
    in one step. An existing file keeps its permissions; a link is followed, not replaced.

    Raises OSError, which names the file; it is then as it was.
    """
    try:
        mode = _mode(Path(path))
        _replace(Path(path).resolve(), data, mode)
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from error


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.with_name(f".cnaps-{token_hex(8)}")
    try:
        # A new file gets the permissions that the user's mask leaves of these.
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            temporary.chmod(mode)
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _mode(path: Path) -> int | None:
    """Return the permissions of a file, or None where there is none."""
    try:
        return path.stat().st_mode & 0o7777
    except FileNotFoundError:
        return None
