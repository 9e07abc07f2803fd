"""What an answer calls its links."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnaps.grounding._names import contains, fold
from cnaps.identifiers._keeping import keeping
from cnaps.marks import without_marks
from cnaps.mentions import Form
from cnaps.wording import any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cnaps.mentions import Mention

__all__ = ["fold_name", "is_generic", "labels_of"]

_REACH = 400  # characters in front of a link that can be about it
_LINES = 4  # lines of them

# Each alternative starts with a character of its own, which makes the search fast.
_STRESSED = re.compile(
    r"\*(?:\*([^*\n]+)\*\*|(?<!\w\*)([^\s*][^*\n]*+)\*(?<!\s\*)(?!\w))"
    r"|_(?:_([^_\n]+)__|(?<!\w_)([^\s_][^_\n]*+)_(?<!\s_)(?!\w))"
    r"|`([^`\n]+)`|“([^“”\n]+)”|\"(?<!\w\")([^\"\n]+)\""
    r"|[«„「『《]([^«»„“”「」『』《》\n]+)[»“”」』》]"
    r"|\\(?:textbf|textit|emph)\{([^{}\n]+)\}"
)
_FIELD = re.compile(
    r"[^\w\n]*+(?:model|paper|title|name|tool|reference)[*_ ]*+:[*_ ]*+(?=\S)", re.IGNORECASE
)
_BULLET = re.compile(r"(?:[^\w$\\]++|\d{1,3}+(?:[.)]|\]:?)[ \t]|\\item[ \t])*+")
_BEHIND = " \t\r\n*_`:([<|,;–—→=•'’”-（「『《【：，、；》」』"
# Markup that is neither part of a name nor of what stands around it.
_MARKUP = re.compile(
    r"</?[A-Za-z][A-Za-z0-9]*+(?:\s[^<>]*+)?>|<[aA]\s[^<>]*+\Z|\\(?:url|href)\s*+\{\Z"
)
# The text of a link in HTML, behind the attribute with the link.
_IN_ANCHOR = ('href="', "href='", "href=")
_ANCHOR = re.compile(r"[\"']?[^<>]{0,200}+>((?:[^<]|<(?!/?a\b)){0,400}+)</a>", re.IGNORECASE)
_DEFINES = re.compile(r"\]:\s*+<?")
_NOTE = re.compile(r"[ \t>]*+(?:[-*+][ \t]++)?\[(?:\d{1,3}|\^[^\[\]\n]{1,40})\]")
_HEADING_OF_NOTES = re.compile(r"[\W\d_]*+references[\W\d_]*+", re.IGNORECASE)
# What stands in parentheses behind a link is about that one.
_ASIDE = re.compile(r"\)?[ \t]*+\([^()\n]*+\)")
# Words that say what kind of thing a link leads to, not which one; and those of marks.
_GENERIC = """a abs abstract and article arxiv at available by card checkpoint checkpoints cite code
    dataset demo docs documentation doi download face github gitlab here homepage html hub hugging
    huggingface implementation in is its link links model models n none of official on online page
    paper papers pdf preprint project publication read ref reference references repo repository see
    site source start the this tool tools url via view web website weights"""

_NAMES_NOTHING = re.compile(
    rf"(?:[\W\d_]++|(?:{any_of(_GENERIC.split())})(?![^\W\d_]))*+",
    re.IGNORECASE,
)


def is_generic(label: str) -> bool:
    """Tell whether a label names nothing: `GitHub`, `Paper 2`, or a link.

    >>> is_generic("💻 [GitHub]"), is_generic("SwinIR")
    (True, False)
    """
    return "://" in label or _NAMES_NOTHING.fullmatch(label) is not None


@keeping
def fold_name(name: str) -> str:
    """Return a folded name, trimmed like a label: `[Re] Rain` and `Re] Rain` are the same one."""
    return fold(_plain(name))


def labels_of(text: str, links: Sequence[Mention], names: Sequence[str]) -> list[str | None]:
    """Return what a text calls each of its links; None where it does not say.

    That is the text of a link of Markdown. If there is none, or it says only `GitHub`, it is what
    stands in front of the link, as in `**SwinIR** (https://…)`, or over the lines that the link is
    in, as in an answer: `- **Model**: SwinIR`, and below it `- Paper: https://…`.

    Args:
        text: The text.
        links: Its links, in order.
        names: Folded names that count wherever they stand in front of a link. Others do if
            something sets them apart: emphasis, quotation marks, or a field.
    """
    labels: list[str | None] = [None] * len(links)
    last: str | None = None
    floor = 0
    for number, link in _in_order(text, links):
        label, end = link.label, link.span.end
        if label is None and text.endswith(_IN_ANCHOR, 0, link.span.start):
            label, end = _anchor(text, end)
        elif link.form is Form.HREF and link.label_span is not None:
            end = link.label_span.end
        if label is not None and not is_generic(label):
            last = _plain(label)
        else:
            start = min(link.span.start, (link.label_span or link.span).start)
            aside = _ASIDE.match(text, floor, start)
            line = _last_line(text, aside.end() if aside else floor, start)
            if line is not None:
                last = _label_in(line, names)
            elif floor < start - _REACH or _has_blank_line(text[floor:start]):
                last = None  # nothing says that it goes on about what the link before leads to
        labels[number] = last
        floor = end
    return labels


def _has_blank_line(text: str) -> bool:
    return "\n\n" in text or "\n\r\n" in text


def _in_order(text: str, links: Sequence[Mention]) -> Iterable[tuple[int, Mention]]:
    """Return links with their numbers, and references where they are made, not where defined."""
    if Form.REFERENCE not in {link.form for link in links}:
        return enumerate(links)
    made = [_made(text, link) if link.form is Form.REFERENCE else link for link in links]
    return sorted(enumerate(made), key=lambda pair: pair[1].span)


def _made(text: str, link: Mention) -> Mention:
    """Return the first link that refers to a definition, or the definition if there is none."""
    span = link.label_span or link.span
    is_definition = span.end < link.span.start and _DEFINES.fullmatch(
        text, span.end, link.span.start
    )
    return link._replace(label=None, label_span=None) if is_definition else link._replace(span=span)


def _anchor(text: str, end: int) -> tuple[str | None, int]:
    """Return the text of a link in HTML, whose address ends here, and where it ends."""
    anchor = _ANCHOR.match(text, end)
    return (anchor[1], anchor.end()) if anchor else (None, end)


def _last_line(text: str, start: int, end: int) -> str | None:
    """Return the last line of a stretch that says anything, or None; only the last few count.

    What is left of an earlier line is about the link that stands in it, and says nothing here: "".
    Neither does a line above a note, such as `[1] https://…`, or above a list of references.
    """
    first = max(start, end - _REACH)
    for number in range(_LINES):
        line_start = text.rfind("\n", first, end) + 1
        line = _unmarked(text[max(line_start, first) : end])
        if not is_generic(line):
            is_left = number > 0 and line_start <= first == start > 0
            return "" if is_left else line
        is_note = "[" in line and _NOTE.match(line)
        if is_note or (number > 0 and _HEADING_OF_NOTES.fullmatch(line)):
            return ""
        if line_start <= first:
            break
        end = line_start - 1
    return None


def _label_in(line: str, names: Sequence[str]) -> str | None:
    line = without_marks(line)
    for match in reversed(list(_STRESSED.finditer(line))):
        stressed = match[match.lastindex or 0]
        if not is_generic(line[match.end() :]):
            break
        if not (is_generic(stressed) or stressed.rstrip().endswith(":")):
            return _plain(_named_around(stressed, line, names))
    field = _FIELD.match(line)
    title = _plain(line[field.end() :] if field else line)
    if is_generic(title):
        return None
    if field:
        return title
    folded = fold(title)
    return title if any(contains(folded, name) for name in names) else None


def _unmarked(text: str) -> str:
    """Return a text without the tags of HTML, and without what opens a link at its end."""
    return _MARKUP.sub("", text) if "<" in text or "\\" in text else text


def _named_around(stressed: str, line: str, names: Sequence[str]) -> str:
    """Return the line if what is set apart in it is just a part of a name, as in `On “Rain”`."""
    part = fold_name(stressed)
    longer = [name for name in names if part in name and part != name]
    is_part = longer and any(contains(fold_name(line), name) for name in longer)
    return line if is_part else stressed


def _plain(label: str) -> str:
    """Return a label without bullets, markup and punctuation around it."""
    label = _unmarked(label)
    start = _BULLET.match(label).end()  # type: ignore[union-attr]  # matches anything
    return label[start:].rstrip(_BEHIND).replace("**", "").replace("`", "")
