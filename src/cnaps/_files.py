"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress

__all__ = ["write_atomically"]


def write_atomically(path: str | os.PathLike[str], data: bytes) -> None:
    """Write a file so that it holds, at every moment, either its old content or all of `data`.

    The data goes to a temporary file in the same folder, reaches the disk, and takes the name
    in one step. An existing file keeps its permissions; a link is followed, not replaced.

    Raises OSError; the file is then as it was.
    """
    target = os.path.realpath(path)
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".cnaps-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, _mode(target))
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _mode(target: str) -> int:
    """The permissions of a file; of a new one, those that the user's mask leaves."""
    try:
        return os.stat(target).st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
