"""Which files a command reads and writes."""

# ruff: noqa: PTH110, PTH112, PTH113, PTH114 - those of pathlib raise where a folder may not be entered

from __future__ import annotations

import os
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

__all__ = ["files_below", "text_files"]


def text_files(paths: Iterable[Path]) -> Iterator[Path | OSError]:
    """Yield the files that paths stand for, each of them once.

    A folder stands for the *.txt files in it and in the folders below, in order; hidden ones are
    passed over. Any other path stands for itself, whether there is such a file or not. A folder
    that cannot be listed yields the error, which names it.
    """
    seen: set[Path] = set()
    for path in paths:
        for item in files_below(path, (".txt",)) if os.path.isdir(path) else [path]:
            if isinstance(item, OSError):
                yield item
            elif item not in seen:
                seen.add(item)
                yield item


def files_below(folder: Path, endings: tuple[str, ...]) -> list[Path | OSError]:
    """Return the files with these endings in a folder and those below, in order.

    Hidden ones are left out. A folder that cannot be listed is there as the error, which names it.
    """
    files: list[Path] = []
    errors: list[OSError] = []
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        # One at a time: in Python 3.11 a thousand folders, each in the other, are too deep a walk.
        for _, folders, names in islice(os.walk(inside, onerror=errors.append), 1):
            below = (inside / name for name in folders if not name.startswith("."))
            waiting += [path for path in below if not os.path.islink(path)]
            files += [
                inside / name
                for name in names
                if name.lower().endswith(endings) and not name.startswith(".")
            ]
    there = (path for path in files if not _is_special(path))
    return [*errors, *sorted(there, key=attrgetter("parts"))]


def _is_special(path: Path) -> bool:
    """Tell whether a path is a pipe, a socket or a device: reading it could take for ever."""
    return not os.path.isfile(path) and os.path.exists(path)
