"""What a fix changes, line by line."""

from __future__ import annotations

import re
from difflib import unified_diff
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnaps.document import Document

__all__ = ["unified", "whole_text"]

_CONTEXT = 3  # unchanged lines to either side of a change


def unified(name: str, before: str, after: str) -> Iterator[str]:
    r"""Yield the lines of a unified diff of two texts.

    Where they have equally many lines, as after encoding damage is undone, each line is compared
    with the one in its place: in time linear in the texts, which no general comparison is.

    >>> print(*unified("a.txt", "Noise\nCafÃ©\n", "Noise\nCafé\n"), sep="\n")
    --- a.txt
    +++ a.txt
    @@ -1,2 +1,2 @@
     Noise
    -CafÃ©
    +Café
    """
    old, new = _lines(before), _lines(after)
    if len(old) != len(new):
        yield from unified_diff(old, new, name, name, lineterm="", n=_CONTEXT)
        return
    changed = [a != b for a, b in zip(old, new, strict=True)]
    yield f"--- {name}"
    yield f"+++ {name}"
    for start, end in _hunks(changed):
        numbers = f"{start + 1},{end - start}"
        yield f"@@ -{numbers} +{numbers} @@"
        yield from _hunk(old[start:end], new[start:end], changed[start:end])


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n")


def _hunks(changed: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Yield the stretches of lines around changes; those that would touch are one."""
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


def _hunk(old: Sequence[str], new: Sequence[str], changed: Sequence[bool]) -> Iterator[str]:
    """Yield the lines of a hunk, with what neighbouring lines were in front of what they are."""
    added: list[str] = []
    for before, after, differs in zip(old, new, changed, strict=True):
        if differs:
            yield f"-{before}"
            added.append(f"+{after}")
        else:
            yield from added
            added.clear()
            yield f" {before}"
    yield from added


def whole_text(document: Document) -> str:
    """Return the text as its file has it, damage and all, but for the line ends."""
    return "\n".join(re.split("\r\n|\r|\n", document.to_bytes().decode()))
