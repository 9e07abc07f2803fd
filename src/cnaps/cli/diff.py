"""What a fix changes, line by line."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from cnaps.aligning import align

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnaps.document import Document

__all__ = ["unified", "whole_text"]

_CONTEXT = 3  # unchanged lines to either side of a change


class _Row(NamedTuple):
    """A line of either text, or of both; None where there is none."""

    before: str | None
    after: str | None


def unified(name: str, before: str, after: str) -> Iterator[str]:
    r"""Yield the lines of a unified diff of two texts.

    Takes time in the order of n log n for n lines, which that of `difflib` does not.

    >>> print(*unified("a.txt", "Noise\nCafÃ©\n", "Noise\nCafé\n"), sep="\n")
    --- a.txt
    +++ a.txt
    @@ -1,2 +1,2 @@
     Noise
    -CafÃ©
    +Café
    """
    rows = list(_rows(_lines(before), _lines(after)))
    yield f"--- {name}"
    yield f"+++ {name}"
    old = new = position = 0
    for start, end in _hunks([before != after for before, after in rows]):
        hunk = rows[start:end]
        old_length, new_length = (
            sum(line is not None for line in side) for side in zip(*hunk, strict=True)
        )
        between = rows[position:start]  # unchanged, so that each line is in both
        old, new = old + len(between), new + len(between)
        yield f"@@ -{_place(old, old_length)} +{_place(new, new_length)} @@"
        yield from _hunk(hunk)
        old, new, position = old + old_length, new + new_length, end


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _rows(old: Sequence[str], new: Sequence[str]) -> Iterator[_Row]:
    for (i, j), (stop_i, stop_j) in pairwise([(-1, -1), *align(old, new), (len(old), len(new))]):
        if i >= 0:
            yield _Row(old[i], new[j])
        yield from (_Row(line, None) for line in old[i + 1 : stop_i])
        yield from (_Row(None, line) for line in new[j + 1 : stop_j])


def _hunks(changed: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of rows around changes; those that would touch are one."""
    start = end = 0
    for number, differs in enumerate(changed):
        if differs:
            first = max(0, number - _CONTEXT)
            if first > end:
                if end:
                    yield start, end
                start = first
            end = min(len(changed), number + _CONTEXT + 1)
    if end:
        yield start, end


def _place(start: int, length: int) -> str:
    """Return the place of lines as `patch` takes it: of none, it is the line in front."""
    return f"{start + bool(length)},{length}"


def _hunk(rows: Sequence[_Row]) -> Iterator[str]:
    """Yield the lines of a hunk, with what neighbouring lines were in front of what they are."""
    added: list[str] = []
    for before, after in rows:
        if before == after:
            yield from added
            added.clear()
            yield f" {before}"
            continue
        if before is not None:
            yield f"-{before}"
        if after is not None:
            added.append(f"+{after}")
    yield from added


def whole_text(document: Document) -> str:
    """Return the text as its file has it, damage and all, but for the line ends."""
    return "\n".join(re.split("\r\n|\r|\n", document.to_bytes().decode()))
