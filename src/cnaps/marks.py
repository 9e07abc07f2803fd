r"""Marks that providers of language models leave in a text, glued to words and links.

They refer to what the model had in front of it, by numbers that mean nothing to a reader:
`[cite_start]` and `[cite: 6, 7]`, `【446†source】`, `:contentReference[oaicite:0]{index=0}`, and
runs between characters of the private use area. A mark that the end of the text cuts off is one
too.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MARK_START", "Mark", "MarkKind", "find_marks", "without_marks"]


class MarkKind(StrEnum):
    """How a mark is written.

    Attributes:
        CITE: `[cite_start]`, `[cite: 6, 7]`, `[cite_end]`, and `<cite index="6-7">`, `</cite>`.
        SOURCE: `【446†source】`.
        REFERENCE: `:contentReference[oaicite:0]{index=0}`, or the part in brackets alone, and
            `oai_citation:0‡` in front of the label of a link.
        PRIVATE: What stands between U+E200 and U+E201, such characters without a partner, and what
            is left where they were lost: `citeturn0search1`.
    """

    CITE = "cite"
    SOURCE = "source"
    REFERENCE = "reference"
    PRIVATE = "private"


class Mark(NamedTuple):
    """A mark as it stands in a text."""

    kind: MarkKind
    span: Span


#: What a mark starts with; where one starts, a link ends.
MARK_START = (
    r"【|\[(?:cite|oai)|:contentReference\[|[\ue200-\ue20f]|citeturn[0-9]|fileciteturn[0-9]++file"
    r"|</cite>"
)


class _Syntax(NamedTuple):
    """A way to write marks.

    Attributes:
        sign: Characters that are in every one of them, in UTF-8.
        kind: Which kind of mark it is.
        pattern: The pattern of one of them.
    """

    sign: bytes
    kind: MarkKind
    pattern: str


# The bracket that closes the last one can be missing: the text may have been cut off.
_CITES = (
    _Syntax(
        b"[cite",
        MarkKind.CITE,
        r"\[cite(?:_start\]|_end\]|:[^\[\]\n]*+(?:\]|\Z)|(?:_[a-z]*+)?\Z)",
    ),
    _Syntax(b"<cite index=", MarkKind.CITE, r'<cite index="[^"<>\n]*+(?:">|\Z)'),
    _Syntax(b"</cite>", MarkKind.CITE, "</cite>"),
    _Syntax(
        b"[oaicite:",
        MarkKind.REFERENCE,
        r"(?::contentReference)?\[oaicite:[^\[\]\n]*+(?:\](?:\{index=[^{}\n]*+(?:\}|\Z))?|\Z)",
    ),
    _Syntax(
        b"citeturn",
        MarkKind.PRIVATE,
        # The end of `?tab=readme-ov-file` is no part of it.
        r"(?:file(?=citeturn[0-9]++file))?cite(?:turn[0-9]++[a-z]++[0-9]++)++",
    ),
)
# Of these a character beyond ASCII is a part.
_OTHERS = (
    _Syntax("‡".encode(), MarkKind.REFERENCE, r"oai_citation:[0-9]++‡"),
    _Syntax("【".encode(), MarkKind.SOURCE, r"【(?:[^【】†\n]*+†|oaicite:)[^【】\n]*+(?:】|\Z)"),
    _Syntax(
        b"\xee\x88",  # how U+E200 to U+E23F start
        MarkKind.PRIVATE,
        r"\ue200[^\ue200\ue201\n]*+(?:\ue201|\Z)|[\ue200-\ue20f]",
    ),
)
_ASCII = bytes(range(128))


def _syntaxes_in(text: str) -> tuple[_Syntax, ...]:
    """Return the ways in which marks of a text may be written: most texts have none at all."""
    data = text.encode("utf-8", "surrogatepass")
    found = [syntax for syntax in _CITES if syntax.sign in data] if b"cite" in data else []
    if not text.isascii():
        beyond_ascii = data.translate(None, _ASCII)  # little is left of most texts
        found += [syntax for syntax in _OTHERS if syntax.sign in beyond_ascii]
    return tuple(found)


@cache
def _pattern(syntaxes: tuple[_Syntax, ...]) -> re.Pattern[str]:
    """Return the pattern of marks in some syntaxes, each with a group of its own.

    To search for one way of writing, which starts with a letter of its own, takes a tenth of the
    time of searching for all.
    """
    return re.compile("|".join(f"(?:{syntax.pattern})()" for syntax in syntaxes))


def find_marks(text: str) -> Iterator[Mark]:
    """Yield the marks of a text, in order; takes time linear in its length.

    >>> text = "[cite_start]Rain[cite: 6]"
    >>> [mark.span.of(text) for mark in find_marks(text)]
    ['[cite_start]', '[cite: 6]']
    """
    syntaxes = _syntaxes_in(text)
    if syntaxes:
        for match in _pattern(syntaxes).finditer(text):
            yield Mark(syntaxes[(match.lastindex or 0) - 1].kind, Span(*match.span()))


def without_marks(text: str) -> str:
    """Return a text without its marks."""
    syntaxes = _syntaxes_in(text)
    return _pattern(syntaxes).sub("", text) if syntaxes else text
