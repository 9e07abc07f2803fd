"""Positions in a text: half-open spans of offsets, and the lines and columns made from them.

Inside cnaps every position is an offset in characters. Lines and columns exist for people
only and are worked out when something is printed.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

__all__ = ["Lines", "Location", "Span", "locate"]


class Span(NamedTuple):
    """A half-open stretch of text: `text[span.start:span.end]`.

    >>> span = Span(4, 9)
    >>> span.of("You: Hello")
    ' Hell'
    >>> start, end = span
    """

    start: int
    end: int

    def of(self, text: str) -> str:
        """Return the stretch of `text` that this span covers."""
        return text[self.start : self.end]


class Location(NamedTuple):
    """A place as people count it: line and column, both from 1, columns in characters."""

    line: int
    column: int


def locate(text: str, offset: int) -> Location:
    r"""Return the line and column of an offset in a text with `\n` line ends.

    Only `\n` ends a line: form feeds and U+2028 stand inside values and do not.

    >>> locate("one\ntwo", 5)
    Location(line=2, column=2)
    """
    start = text.rfind("\n", 0, offset) + 1
    return Location(text.count("\n", 0, offset) + 1, offset - start + 1)


class Lines:
    """The lines of a text, for asking about many offsets: each takes a binary search."""

    __slots__ = ("_starts",)

    def __init__(self, text: str) -> None:
        from array import array

        self._starts = array("q", [0])
        end = text.find("\n")
        while end >= 0:
            self._starts.append(end + 1)
            end = text.find("\n", end + 1)

    def locate(self, offset: int) -> Location:
        r"""Return the line and column of an offset, as `locate` does.

        >>> Lines("one\ntwo").locate(5)
        Location(line=2, column=2)
        """
        line = bisect_right(self._starts, offset)
        return Location(line, offset - self._starts[line - 1] + 1)
