"""Names of entries in an answer."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from cnaps.identifiers._keeping import keeping
from cnaps.mentions import EAST_ASIAN
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["Names", "calls", "contains", "fold", "fold_question"]

_BETWEEN = r"[\s*_`\\\-‐‑‒–—]"  # what may stand for a blank or a hyphen
_QUOTATION_MARKS = re.compile("[\"'“”‘’«»]")
_FOLD = re.compile(rf"{_BETWEEN}+")
# What a name can be glued to; no blank stands around a name in Chinese or Japanese.
_WORD = re.compile(rf"[^\W_{EAST_ASIAN}]")


@keeping
def fold(text: str) -> str:
    """Return what equal texts have in common, whatever their case, emphasis, blanks and hyphens."""
    return _FOLD.sub(" ", _lower(text)).strip()


def fold_question(text: str) -> str:
    """Return a folded question, however its quotation marks are written."""
    return fold(_QUOTATION_MARKS.sub("", text))


def _lower(text: str) -> str:
    """Return a text in lower case, each character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join([char.lower()[0] for char in text])


def contains(text: str, name: str) -> bool:
    """Tell whether a folded text has a folded name in it, as whole words."""
    # Most names are not there at all, and to see that is quick.
    return name in text and next(_whole(text, name), None) is not None


def _whole(text: str, name: str) -> Iterator[Span]:
    """Yield where a name stands in a text, to the character and as whole words."""
    start = text.find(name) if name else -1
    while start >= 0:
        end = start + len(name)
        if not (_WORD.match(text, end) or (start and _WORD.match(text, start - 1))):
            yield Span(start, end)
        start = text.find(name, end)


def calls(label: str, name: str, names: Iterable[str]) -> bool:
    """Tell whether a folded label has a name in it that is not just part of another of the names.

    >>> names = ["swinir", "denoise swinir noise15"]
    >>> calls("swinir paper", "swinir", names), calls("denoise swinir noise15", "swinir", names)
    (True, False)
    """
    if not contains(label, name):
        return False
    for other in names:
        if len(other) > len(name) and name in other:
            label = label.replace(other, "\0")
    return contains(label, name)


class Names:
    """Finds names in a text, but not inside of its links or of longer names.

    Args:
        text: The text.
        links: Where its links stand, in order.
        names: The names that there are.
    """

    def __init__(self, text: str, links: Sequence[Span], names: Sequence[str] = ()) -> None:
        self._text = text
        self._links = links
        self._starts = [span.start for span in links]
        self._names = names

    def find(self, name: str) -> Span | None:
        """Return where a name stands for the first time, or None.

        Letter case, emphasis, and the kinds of blanks and hyphens do not count.
        """
        found = next(self._spelled(name), None) or next(self._loosely(name), None)
        if found is None:
            return None
        longer = self._longer(fold(name))
        return Names(self._without(longer), self._links).find(name) if longer else found

    def _longer(self, name: str) -> set[str]:
        """Return the other names that have a name in them, all of them folded."""
        found: set[str] = set()
        end = 0
        while (start := self._all_names.find(name, end)) >= 0:
            end = self._all_names.index("\0", start)
            found.add(self._all_names[self._all_names.rindex("\0", 0, start + 1) + 1 : end])
        return found - {name}

    @cached_property
    def _all_names(self) -> str:
        return "\0".join(["", *map(fold, self._names), ""])

    def _spelled(self, name: str) -> Iterator[Span]:
        """Yield where a name stands to the character."""
        places = _whole(self._text, name) if fold(name) else ()
        return filter(self._is_apart, places)

    def _loosely(self, name: str) -> Iterator[Span]:
        """Yield where a name stands, however it is spelled."""
        places = _whole(self._folded, fold(name))
        return filter(self._is_apart, map(self._unfolded, places))

    def _is_apart(self, span: Span) -> bool:
        """Tell whether a stretch does not start in a link."""
        number = bisect_right(self._starts, span.start) - 1
        return number < 0 or span.start >= self._links[number].end

    def _without(self, names: Iterable[str]) -> str:
        """Return the text with other characters in place of some names."""
        pieces: list[str] = []
        position = 0
        for start, end in sorted(place for name in names for place in self._loosely(name)):
            pieces += self._text[position:start], "\0" * (end - max(start, position))
            position = max(position, end)
        return "".join([*pieces, self._text[position:]])

    # The folded text, and the way back: what is folded starts a new stretch.

    @cached_property
    def _folded(self) -> str:
        return _FOLD.sub(" ", _lower(self._text))

    @cached_property
    def _stretches(self) -> tuple[list[int], list[int]]:
        """Where the stretches start in the folded text, and where in the text."""
        folded, unfolded = [0], [0]
        gone = 0
        for match in _FOLD.finditer(self._text):
            gone += match.end() - match.start() - 1
            folded.append(match.end() - gone)
            unfolded.append(match.end())
        return folded, unfolded

    def _unfolded(self, span: Span) -> Span:
        return Span(self._offset(span.start), self._offset(span.end - 1) + 1)

    def _offset(self, position: int) -> int:
        folded, unfolded = self._stretches
        number = bisect_right(folded, position) - 1
        return unfolded[number] + position - folded[number]
