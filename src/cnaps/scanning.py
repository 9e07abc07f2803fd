"""Finds the links of whole texts: plain prose, Markdown or LaTeX, as people and models write it.

What a link is, `cnaps.mentions` says. Here is what takes more than one look: labels, links in
labels, and references.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnaps.identifiers._keeping import keeping
from cnaps.mentions import (
    CANDIDATE,
    LONGEST_LABEL,
    Definition,
    Form,
    Mention,
    find_definitions,
    read_candidate,
)
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["is_link", "scan"]


def scan(text: str) -> Iterator[Mention]:
    r"""Yield the links of a text, each once, in the order of the text.

    A link in the label of another one is part of that label and not reported again, unless it is
    an image.

    >>> text = "See [SwinIR](https://arxiv.org/abs/2108.10257), and github.com/JingyunLiang/SwinIR."
    >>> for link in scan(text):
    ...     print(link.form, link.url, link.label)
    inline https://arxiv.org/abs/2108.10257 SwinIR
    host github.com/JingyunLiang/SwinIR None
    """
    if not any(sign in text for sign in _SIGNS):
        return iter(())
    definitions = list(find_definitions(text)) if "]:" in text else []
    if definitions:
        return _with_references(text, definitions)
    return _labelled(text, _Brackets(text)) if "](" in text else _unlabelled(text)


@keeping
def is_link(text: str) -> bool:
    """Tell whether a text is a link and nothing else, such as a full stop or another link.

    >>> is_link("https://arxiv.org/abs/2108.10257"), is_link("https://arxiv.org/abs/2108.10257.")
    (True, False)
    """
    return [mention.url for mention in scan(text)] == [text]


# One of these is in every link; most names and titles have none.
_SIGNS = (":", "/", "\\", "w.", "W.", "v ", "V ")


def _unlabelled(text: str) -> Iterator[Mention]:
    """Yield the links of a text in which no brackets count."""
    position = 0
    while match := CANDIDATE.search(text, position):
        mention, position = read_candidate(text, match)
        if mention is not None:
            yield mention


# --- labels ---------------------------------------------------------------------------------------

# Marks of providers, which label nothing.
_CITATION = re.compile(r"cite_start|cite:[ 0-9,]*")
_IN_NO_LABEL = frozenset({Form.INLINE, Form.IMAGE, Form.REFERENCE})

# Each alternative starts with a character of its own, which is what makes the search fast.
_BRACKET = re.compile(r"\\[\s\S]|!\[|\[|\]|\n[ \t\r]*+(?=\n)")
_REFERENCE = re.compile(rf"\[((?:[^\[\]\\]|\\[\s\S]){{0,{LONGEST_LABEL}}}+)\]")


class _Brackets:
    """Pairs the brackets of a text in one pass, to find the labels of links.

    Links wait here while a bracket is open: it may turn out that they stand in a label. Brackets
    are looked at only as far as there is a link to decide about.
    """

    def __init__(self, text: str, keys: Iterable[str] = ()) -> None:
        self._text = text
        self._keys = frozenset(keys)
        self._position = 0
        # Where the open brackets are, and how many of them hold a link already: no link can hold
        # another one, but an image can.
        self._open: list[int] = []
        self._taken = 0
        # The last bracket if it opens, and the last pair that can be around a label.
        self._innermost = -1
        self._pair = (-1, -1)
        self._links: list[Mention] = []
        self._in_no_label: list[Mention] = []
        # The labels of the links that refer to a definition, by its key.
        self.uses: dict[str, Span] = {}

    def labelled(self, mention: Mention, bracket: int) -> Mention | None:
        """Return a link with the label that a bracket closes; None where it closes none."""
        self._advance(bracket + 1)
        start, end = self._pair
        label = self._inside(start, bracket)
        if end != bracket or _CITATION.fullmatch(self._text, *label):
            return None
        self._take(start)
        form = Form.IMAGE if self._text[start] == "!" else Form.INLINE
        return Mention(mention.url, mention.span, form, label.of(self._text), label)

    def add(self, mention: Mention, start: int, end: int) -> Iterable[Mention]:
        """Take what stands from `start` to `end`; return the links that need not wait."""
        self._advance(start)
        self._position = max(self._position, end)
        if not (self._open or self._links or self._in_no_label):
            return (mention,)
        (self._in_no_label if mention.form in _IN_NO_LABEL else self._links).append(mention)
        return () if self._open else self._waiting()

    def finish(self) -> Iterable[Mention]:
        """Return the links that wait at the end of the text."""
        if self._keys:
            self._advance(len(self._text))
        return self._waiting()

    def _waiting(self) -> list[Mention]:
        waiting = sorted([*self._links, *self._in_no_label], key=lambda mention: mention.span)
        self._links.clear()
        self._in_no_label.clear()
        return waiting

    def _advance(self, end: int) -> None:
        """Look at the brackets up to an offset."""
        for found in _BRACKET.finditer(self._text, self._start(end), end):
            match found[0]:
                case "]":
                    self._close(found.start())
                    self._innermost = -1
                case "[" | "![":
                    self._innermost = found.start()
                    self._open.append(self._innermost)
                case blank_line if blank_line[0] == "\n":
                    self._open.clear()
                    self._taken = 0
                case _:  # an escaped character
                    pass
        self._position = max(self._position, end)

    def _start(self, end: int) -> int:
        """Return from where brackets up to an offset can count: the last blank line closes all."""
        blank_line = -1 if self._keys else self._text.rfind("\n\n", self._position, end)
        # Behind a backslash, a line end is escaped and ends nothing.
        return (
            self._position if blank_line < 1 or self._text[blank_line - 1] == "\\" else blank_line
        )

    def _close(self, end: int) -> None:
        if not self._open:
            return
        start = self._open.pop()
        is_free = len(self._open) >= self._taken or self._text[start] == "!"
        self._taken = min(self._taken, len(self._open))
        if is_free and end - start <= LONGEST_LABEL:
            self._pair = (start, end)
            if self._keys:
                self._refer(start, end)

    def _refer(self, start: int, end: int) -> None:
        """Read a pair of brackets as a link by reference, if there is a definition."""
        following = self._text[end + 1 : end + 2]
        if following == "(":
            return
        label = self._inside(start, end)
        reference = _REFERENCE.match(self._text, end + 1) if following == "[" else None
        key = _key(reference[1]) if reference else ""
        if not key and start == self._innermost:
            key = _key(label.of(self._text))
        if key and key in self._keys:
            self.uses.setdefault(key, label)
            self._take(start)

    def _inside(self, start: int, end: int) -> Span:
        return Span(start + (2 if self._text[start] == "!" else 1), end)

    def _take(self, start: int) -> None:
        """Make a pair of brackets a link: others in there are part of its label."""
        while self._links and self._links[-1].span.start > start:
            self._links.pop()
        if self._text[start] != "!":
            self._taken = len(self._open)


def _labelled(
    text: str, brackets: _Brackets, definitions: Iterable[Definition] = ()
) -> Iterator[Mention]:
    """Yield the links of a text, those with brackets around their labels too."""
    waiting = [*definitions][::-1]
    position = 0
    match = CANDIDATE.search(text)
    while match or waiting:
        if match is None or (waiting and waiting[-1].start <= match.start()):
            start, end, mention = waiting.pop()
            if start >= position:
                position = end
                yield from brackets.add(mention, start, end)
        else:
            found, position = read_candidate(text, match)
            if found is not None and found.form is Form.INLINE:
                found = brackets.labelled(found, match.start())
                position = match.end() if found is None else position
            if found is not None:
                yield from brackets.add(found, found.span.start, position)
        if match and match.start() < position:
            match = CANDIDATE.search(text, position)
    yield from brackets.finish()


# --- references -----------------------------------------------------------------------------------


def _key(label: str) -> str:
    """Return what equal labels of references have in common."""
    return " ".join(label.casefold().split())


def _with_references(text: str, definitions: list[Definition]) -> Iterator[Mention]:
    """Yield the links of a text, and definitions with the label of the first link to them."""
    brackets = _Brackets(text, {_key(definition.mention.label or "") for definition in definitions})
    # A definition may stand in front of all links to it or behind them.
    for mention in list(_labelled(text, brackets, definitions)):
        label = brackets.uses.get(_key(mention.label or ""))
        if mention.form is Form.REFERENCE and label is not None:
            yield mention._replace(label=label.of(text), label_span=label)
        else:
            yield mention
