"""Lines of fixed wording, recognised whatever their spacing, case and markup."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["any_of", "end_pattern", "wording_lines", "wording_pattern", "words_pattern"]

# A line is searched for with the line end in front of it: a pattern that starts with a literal
# character is an order of magnitude faster than one that starts with `^`. And before any line is
# tried, its first letter must be that of one.
_EDGE = r'[^\w\n"]*+'
_LINE_END = r"(?=\n|\Z)"


def words_pattern(line: str) -> str:
    """Return a pattern for the words of a line, whatever stands between them."""
    words = re.findall(r"\w+", line)
    number = words.pop(0) if words[0].isdecimal() else ""
    start = rf"{_initials(number, words[0])}(?:{number}[^\w\n]++)?" if number else ""
    return start + any_of(words[:1]) + "".join(rf"[^\w\n]++{word}" for word in words[1:])


def any_of(words: Iterable[str]) -> str:
    """Return the pattern of one of some words, for a pattern that ignores case.

    What starts with two letters, instead of one whose case does not matter, `re` passes over at
    once.
    """
    endings: dict[str, list[str]] = {}
    for word in words:
        endings.setdefault(word[0], []).append(word[1:])
    return "|".join(
        rf"(?-i:[{letter.upper()}{letter.lower()}])(?:{'|'.join(rest)})"
        for letter, rest in endings.items()
    )


def _initials(*words: str) -> str:
    """Return the pattern of a place where one of some words can start."""
    letters = {word[0] for word in words}
    both = sorted({case for letter in letters for case in (letter.upper(), letter.lower())})
    return rf"(?-i:(?=[{''.join(both)}]))"


def _first_words(line: str) -> list[str]:
    """Return the words that a line can start with: a number may be missing."""
    words = re.findall(r"\w+", line)
    return words[: 2 if words[0].isdecimal() else 1]


@cache
def wording_pattern(*lines: str) -> re.Pattern[str]:
    """Return the pattern that finds lines of fixed wording, with one group for each of `lines`."""
    groups = "|".join(f"{words_pattern(line)}()" for line in lines)
    first = _initials(*(word for line in lines for word in _first_words(line)))
    return re.compile(rf"\n{_EDGE}{first}(?:{groups}){_EDGE}{_LINE_END}", re.IGNORECASE)


def wording_lines(wording: str) -> list[str]:
    """Return the lines of some wording that have words."""
    return [line for line in wording.split("\n") if re.search(r"\w", line)]


def end_pattern(wording: str) -> re.Pattern[str]:
    """Return the pattern that finds where some wording ends the part in front of it."""
    return wording_pattern(wording_lines(wording)[0])
