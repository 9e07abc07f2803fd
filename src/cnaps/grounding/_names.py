"""Names of entries in an answer: whether it names them, and what it calls what a link leads to."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from cnaps.marks import without_marks
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnaps.mentions import Mention

__all__ = ["Names", "contains", "folded", "is_generic", "labels_of"]

_BETWEEN = r"[\s*_`\-‐‑‒–—]"  # what may stand for a blank or a hyphen
_FOLD = re.compile(rf"{_BETWEEN}+")
_WORD = re.compile(r"\w+")


def fold(text: str) -> str:
    """Return what equal texts have in common, whatever their case, emphasis, blanks and hyphens."""
    return _FOLD.sub(" ", text.casefold()).strip()


folded = lru_cache(maxsize=4096)(fold)


def contains(text: str, name: str) -> bool:
    """Tell whether a folded text has a folded name in it, as whole words."""
    start = text.find(name) if name else -1
    while start >= 0:
        end = start + len(name)
        if not (text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()):
            return True
        start = text.find(name, start + 1)
    return False


class Names:
    """Finds names in a text, but not inside of its links.

    Args:
        text: The text.
        links: Where its links stand, in order.
    """

    def __init__(self, text: str, links: Sequence[Span]) -> None:
        self._text = text
        self._links = links
        self._starts = [span.start for span in links]

    def find(self, name: str) -> Span | None:
        """Return where a name stands for the first time, or None.

        Letter case, emphasis, and the kinds of blanks and hyphens do not count.
        """
        if not _WORD.search(name):
            return None
        start = self._text.find(name)
        while start >= 0:
            if self._is_apart(start, start + len(name)):
                return Span(start, start + len(name))
            start = self._text.find(name, start + 1)
        if not contains(self._folded, folded(name)):
            return None
        matches = re.finditer(_loosely(name), self._text, re.IGNORECASE)
        return next((Span(*m.span()) for m in matches if self._is_apart(*m.span())), None)

    @cached_property
    def _folded(self) -> str:
        """The text without its links, as `folded` names are looked for in it."""
        edges = [0, *(edge for span in self._links for edge in span), len(self._text)]
        between = zip(edges[::2], edges[1::2], strict=True)
        return fold("\0".join([self._text[start:end] for start, end in between]))

    def _is_apart(self, start: int, end: int) -> bool:
        """Tell whether a stretch is not part of a word or a link."""
        number = bisect_right(self._starts, start) - 1
        in_link = number >= 0 and start < self._links[number].end
        around = self._text[start - 1 : start] + " " + self._text[end : end + 1]
        return not in_link and not any(map(str.isalnum, around))


def _loosely(name: str) -> str:
    """Return the pattern of a name, whatever its blanks, hyphens and emphasis."""
    return rf"{_BETWEEN}++".join([re.escape(piece) for piece in _FOLD.split(name) if piece])


# --- labels ---------------------------------------------------------------------------------------

_REACH = 400  # characters in front of a link that can be about it
_LINES = 4  # lines of them

_STRESSED = re.compile(
    r"\*\*([^*\n]+)\*\*|__([^_\n]+)__|`([^`\n]+)`|“([^“”\n]+)”|(?<!\w)\"([^\"\n]+)\""
)
_FIELD = re.compile(
    r"[^\w\n]*+(?:model|paper|title|name|tool|reference)[*_ ]*+:[*_ ]*+(?=\S)", re.IGNORECASE
)
_BULLET = re.compile(r"(?:\d{1,3}+[.)][ \t]|[^\w$\\])*+")
_BEHIND = " \t\n*_`:([<|,;–—-"
# Words that say what kind of thing a link leads to, not which one; and those of marks.
_GENERIC = frozenset(
    re.findall(
        r"\w+",
        """a abs abstract and arxiv at available by cite code dataset demo doi face github gitlab
        here html hugging huggingface implementation in is its link links model models n none of
        official on online page paper papers pdf project publication read ref reference references
        repo repository see site source start the this tool tools url via view web website""",
    )
)
_LETTERS = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=4096)
def is_generic(label: str) -> bool:
    """Tell whether a label names nothing: `GitHub`, `Paper 2`, or a link.

    >>> is_generic("💻 [GitHub]"), is_generic("SwinIR")
    (True, False)
    """
    return _GENERIC.issuperset(_LETTERS.findall(label.lower())) or "://" in label


def labels_of(text: str, links: Sequence[Mention], names: Iterable[str]) -> list[str | None]:
    """Return what a text calls each of its links; None where it does not say.

    That is the text of a link of Markdown. If there is none, or it says only `GitHub`, it is what
    stands in front of the link, as in `**SwinIR** (https://…)`, or over the lines that the link is
    in, as in an answer: `- **Model**: SwinIR`, and below it `- Paper: https://…`.

    Args:
        text: The text.
        links: Its links, in order.
        names: Names that count wherever they stand in front of a link. Others do if something
            sets them apart: emphasis, quotation marks, or a field.
    """
    known = [folded(name) for name in names]
    labels: list[str | None] = []
    last: str | None = None
    floor = 0
    for link in links:
        if link.label is not None and not is_generic(link.label):
            last = _plain(link.label)
        else:
            start = link.span.start if link.label_span is None else link.label_span.start
            line = _last_line(text, floor, start)
            if line is not None:
                last = _label_in(line, known)
            elif "\n\n" in text[floor:start] or floor < start - _REACH:
                last = None  # nothing says that it goes on about what the link before leads to
        labels.append(last)
        floor = link.span.end
    return labels


def _last_line(text: str, start: int, end: int) -> str | None:
    """Return the last line of a stretch that says anything, or None; only the last few count."""
    start = max(start, end - _REACH)
    for _ in range(_LINES):
        line_start = text.rfind("\n", start, end)
        line = text[max(line_start, start) : end]
        if not is_generic(line):
            return line
        if line_start < 0:
            break
        end = line_start
    return None


def _label_in(line: str, known: Sequence[str]) -> str | None:
    line = without_marks(line)
    for match in reversed(list(_STRESSED.finditer(line))):
        stressed = match[match.lastindex or 0]
        if not is_generic(line[match.end() :]):
            break
        if not (is_generic(stressed) or stressed.rstrip().endswith(":")):
            return _plain(stressed)
    field = _FIELD.match(line)
    title = _plain(line[field.end() :] if field else line)
    if is_generic(title):
        return None
    return title if field or any(contains(folded(title), name) for name in known) else None


def _plain(label: str) -> str:
    """Return a label without bullets, emphasis and punctuation around it."""
    start = _BULLET.match(label).end()  # type: ignore[union-attr]  # matches anything
    return label[start:].rstrip(_BEHIND).replace("**", "").replace("`", "")
