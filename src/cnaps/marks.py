r"""Marks that providers of language models leave in a text, glued to words and links.

They refer to what the model had in front of it, by numbers that mean nothing to a reader:
`[cite_start]` and `[cite: 6, 7]`, `【446†source】`, `:contentReference[oaicite:0]{index=0}`, and
runs between characters of the private use area. A mark that the end of the text cuts off is one
too.
"""

from __future__ import annotations

import re
from enum import StrEnum
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
MARK_START = r"【|\[(?:cite|oai)|:contentReference\[|[\ue200-\ue20f]"

_MARK = re.compile(
    r"(?:\[cite(?:_start\]|_end\]|:[^\[\]\n]*+(?:\]|\Z)|(?:_[a-z]*+)?\Z)"
    r'|<cite index="[^"<>\n]*+(?:">|\Z)|</cite>)(?P<cite>)'
    r"|【(?:[^【】†\n]*+†|oaicite:)[^【】\n]*+(?:】|\Z)(?P<source>)"
    r"|(?:(?::contentReference)?\[oaicite:[^\[\]\n]*+(?:\](?:\{index=[^{}\n]*+(?:\}|\Z))?|\Z)"
    r"|oai_citation:[0-9]++‡)(?P<reference>)"
    r"|(?:\ue200[^\ue200\ue201\n]*+(?:\ue201|\Z)|[\ue200-\ue20f]"
    r"|(?:file)?cite(?:turn[0-9]++[a-z]++[0-9]++)++)(?P<private>)"
)


# One of these is in every mark of ASCII. Most texts have none, and to look for marks takes long.
_CITES = ("[cite", "cite index=", "</cite>", "oaicite:", "citeturn")
_CITATION = "oai_citation:"
_PRIVATE = b"\xee\x88"  # how U+E200 to U+E23F start in UTF-8, which is quicker to search


def _may_have_marks(text: str) -> bool:
    if ("cite" in text and any(sign in text for sign in _CITES)) or _CITATION in text:
        return True
    if text.isascii():
        return False
    return "【" in text or _PRIVATE in text.encode("utf-8", "surrogatepass")


def find_marks(text: str) -> Iterator[Mark]:
    """Yield the marks of a text, in order; takes time linear in its length.

    >>> text = "[cite_start]Rain[cite: 6]"
    >>> [mark.span.of(text) for mark in find_marks(text)]
    ['[cite_start]', '[cite: 6]']
    """
    if not _may_have_marks(text):
        return
    for match in _MARK.finditer(text):
        yield Mark(MarkKind(match.lastgroup or ""), Span(*match.span()))


def without_marks(text: str) -> str:
    """Return a text without its marks."""
    return _MARK.sub("", text) if _may_have_marks(text) else text
