"""Which files a command reads and writes."""

# ruff: noqa: PTH110, PTH112, PTH113 - those of pathlib raise where a folder may not be entered

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["JSON", "TEXT", "is_json", "is_text", "text_files"]

TEXT = (".txt", ".md")
JSON = (".json",)


def is_text(path: Path) -> bool:
    """Tell whether the ending of a path is one of a prompt or an answer."""
    return path.suffix.lower() in TEXT


def is_json(path: Path) -> bool:
    """Tell whether the ending of a path is the one of a serialised value."""
    return path.suffix.lower() in JSON


def text_files(paths: Iterable[Path]) -> Iterator[Path | OSError]:
    """Yield the files that paths stand for, each of them once.

    A folder stands for the *.txt files in it and in the folders below, in order; hidden ones are
    passed over. Any other path stands for itself, whether there is such a file or not. A folder
    that cannot be listed yields the error, which names it.
    """
    seen: set[Path] = set()
    for path in paths:
        for item in _inside(path) if os.path.isdir(path) else [path]:
            if isinstance(item, OSError):
                yield item
            elif item not in seen:
                seen.add(item)
                yield item


def _inside(folder: Path) -> list[Path | OSError]:
    files: list[Path] = []
    errors: list[OSError] = []
    for root, folders, names in os.walk(folder, onerror=errors.append):
        folders[:] = [name for name in folders if not name.startswith(".")]
        files += [
            Path(root, name)
            for name in names
            if name.lower().endswith(".txt") and not name.startswith(".")
        ]
    return [*errors, *sorted(path for path in files if not _is_special(path))]


def _is_special(path: Path) -> bool:
    """Tell whether a path is a pipe, a socket or a device: reading it could take for ever."""
    return not os.path.isfile(path) and os.path.exists(path)
