"""Parts of a dialect as they stand in a text, however it was edited.

Each part reads the stretch of text that belongs to it and yields nodes: where its values stand,
down to every field. What it does not understand becomes a `Finding`, which is reported and
otherwise left where it is. Searches move forward only, so time is linear in the stretch, and
nodes are yielded as they are found.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cnaps.dialects.parts import MISSING, Echo, Entries, Paragraphs, Prose, Quoted, Record
from cnaps.spans import Span
from cnaps.values import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.dialects.parts import Field, Part

__all__ = [
    "Finding",
    "Line",
    "Node",
    "can_be_split",
    "end_of",
    "labels",
    "left_over",
    "line_after",
    "past_foreign_lines",
    "read_part",
    "trim",
    "value_of_part",
]


class Line(NamedTuple):
    """A field as it stands in the text: its line or lines, and the value in them.

    Attributes:
        start: Where its first line starts.
        value: The value, without blanks around it; empty where there is none.
        end: Where its last line ends, after the line end.
    """

    start: int
    value: Span
    end: int


class Node(NamedTuple):
    """A value as it stands in the text, with its fields by name."""

    lines: dict[str, Line]

    @property
    def span(self) -> Span:
        """From the start of its first line to the end of its last."""
        lines = self.lines.values()
        return Span(min(line.start for line in lines), max(line.end for line in lines))


class Finding(NamedTuple):
    """Something to report: the code of the rule, the message, and where."""

    code: str
    message: str
    span: Span


# --- stretches ------------------------------------------------------------------------------------

_BLANK_OR_RULE = re.compile(r"(?:[ \t]*+(?:-{3,}+|\*{3,}+|_{3,}+)?[ \t]*+(?:\n|\Z))*+")
_BLANK_LINE = re.compile(r"\n[ \t]*+(?=\n|\Z)")
_TEXT_LINE = re.compile(r"[^\n]+")
_RULE_LINE = re.compile(r"\n[ \t]*+(?:-{3,}+|\*{3,}+|_{3,}+)[ \t]*+(?=\n|\Z)")


_BLANKS = " \t\n"
_RULES = ("---", "***", "___")


def trim(text: str, start: int, end: int) -> Span:
    """Return a stretch without the blank lines, rules and blanks around it."""
    body = text[start:end]
    inner = body.strip(_BLANKS)
    if inner.startswith(_RULES) or inner.endswith(_RULES):
        first = _BLANK_OR_RULE.match(body).end()  # type: ignore[union-attr]  # matches anything
        # Rules and blank lines read the same backwards.
        last = len(body) - _BLANK_OR_RULE.match(body[::-1]).end()  # type: ignore[union-attr]
        start += first
        body = body[first:last]
        inner = body.strip(_BLANKS)
    start += len(body) - len(body.lstrip(_BLANKS))
    return Span(start, start + len(inner))


def line_after(text: str, offset: int) -> int:
    """Return where the line after the one at `offset` starts, or the end of the text."""
    return text.find("\n", offset) + 1 or len(text)


# --- labelled lines -------------------------------------------------------------------------------

_INDENT = r"[ \t>]*+"
_POINT = r"(?:[-+*•]|\d+[.)])[ \t]++"
_BULLET = f"{_INDENT}(?:{_POINT})?"


def _label(field: Field, group: int) -> str:
    """Return the pattern of a label in two groups, the first being the emphasis around it."""
    words = re.findall(r"\w+", field.prefix)
    if ":" in field.prefix:
        label = r"[ \t]++".join(map(re.escape, words))
        return rf"(\*{{1,3}}|_{{1,3}}|)({label})(?:[ \t]*+:[ \t]*+\{group}|\{group}[ \t]*+:)"
    label = r"[*_]{0,3}[ \t]++[*_]{0,3}".join(map(re.escape, words))
    return rf"([*_]{{0,3}})({label})[*_]{{0,3}}:?(?=[ \t\n]|\Z)"


# A line that looks like a field of a name that the dialect does not have.
_NAME = r"[*_]{0,3}[A-Z][A-Za-z]{1,24}[*_]{0,3}[ \t]*+:[*_]{0,3}(?=[ \t\n]|\Z)"
_FOREIGN = re.compile(rf"\n{_BULLET}{_NAME}")


def _enclosed(field: Field) -> str:
    """Return the pattern of what opens a field without a label that is enclosed as written."""
    mark = re.escape(field.suffix)
    return rf"({mark})()(?=[^\n]*{mark}[ \t]*+(?:\n|\Z))"


# What opens a field without a label otherwise: an item of a list that has a word, and that does
# not look like a field of another name.
_ITEM = rf"{_INDENT}{_POINT}(?!(?-i:{_NAME}))(?=[^\n]*\w)([*_]{{0,3}})()"


class _Heads(NamedTuple):
    """How the lines of some fields are found.

    Attributes:
        pattern: The pattern of such a line up to its value, with two groups for each way to write
            one: what is around the label or, without a label, the value; and the label.
        fields: The field of each way.
    """

    pattern: re.Pattern[str]
    fields: tuple[Field, ...]


@cache
def _heads(fields: tuple[Field, ...]) -> _Heads:
    # As the format writes it, a line without a label is what it is; otherwise a label decides.
    bare = [field for field in fields if field.suffix]
    owners = [*bare, *[field for field in fields if not field.suffix], *bare]
    ways = [
        _enclosed(field) if field.suffix else _label(field, 2 * number + 1)
        for number, field in enumerate(owners[: len(fields)])
    ]
    items = "".join([f"|{_ITEM}" for _ in bare])
    pattern = rf"\n(?:{_BULLET}(?:{'|'.join(ways)}){items})[ \t]*+"
    return _Heads(re.compile(pattern, re.IGNORECASE), tuple(owners))


# The same among the bullets of a workflow, whose own text may well have lines with colons.
_FOREIGN_BULLET = re.compile(
    r"\n[-+*•][ \t]++(?:\*{2,3}|__)[A-Z][A-Za-z]{1,24}(?::(?:\*{2,3}|__)|(?:\*{2,3}|__)[ \t]*+:)"
)
_FOREIGN_FIELD = "CN103"

# Where a value of several lines ends, if not at a labelled line.
_TEXT_STOPS = re.compile(f"{_BLANK_LINE.pattern}|{_FOREIGN.pattern}")


class _Labelled(NamedTuple):
    """A labelled line as found.

    Attributes:
        field: Which field it is.
        start: Where the line starts.
        value: Where its value starts.
        close: What is no part of the value if it ends with it.
    """

    field: Field
    start: int
    value: int
    close: str


def _labelled(fields: tuple[Field, ...], text: str, start: int, end: int) -> Iterator[_Labelled]:
    """Yield the labelled lines of a stretch that starts a line, in the order of the text."""
    pattern, owners = _heads(fields)
    for match in pattern.finditer(text, max(start - 1, 0), end):
        group = (match.lastindex or 0) - 1
        field = owners[group // 2]
        close = match[group] if field.suffix else ""
        yield _Labelled(field, match.start() + 1, match.end(), close)


# Nothing but these: blank, or a heading of nothing.
_EMPTY = "# \t\n"


def left_over(text: str, start: int, end: int) -> Iterator[Finding]:
    """Yield what is left of a stretch that no field took, if it is not blank."""
    span = trim(text, start, end)
    if not span.of(text).strip(_EMPTY):
        return
    if _FOREIGN.match("\n" + text[span.start : span.start + 64]):
        yield Finding(_FOREIGN_FIELD, "no field of this format has this name", span)
    else:
        yield Finding("CN101", "this text belongs to no field", span)


# --- parts ----------------------------------------------------------------------------------------


def _read_quoted(part: Quoted, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    span = trim(text, start, end)
    if span.start == span.end:
        yield Finding("CN107", f"the {part.name} is missing", span)
    else:
        yield from _between_quotes(part.name, text, span)


def _read_echo(part: Echo, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    span = trim(text, start, end)
    said = span.of(text).lstrip(f"{part.prefix} \t\n")
    if said:
        yield from _between_quotes(part.name, text, Span(span.end - len(said), span.end))


def _between_quotes(name: str, text: str, span: Span) -> Iterator[Node | Finding]:
    first = text.find('"', span.start, span.end)
    last = text.rfind('"', span.start, span.end)
    if first != span.start or first == last:
        yield Node({name: Line(span.start, span, span.end)})
        yield Finding("CN106", f"the {name} does not stand in quotation marks", span)
        return
    yield Node({name: Line(first, Span(first + 1, last), last + 1)})
    yield from left_over(text, last + 1, span.end)


def _read_prose(part: Prose, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    span = trim(text, start, end)
    yield Node({part.name: Line(span.start, span, span.end)})
    if span.start == span.end:
        yield Finding("CN107", f"the {part.name} is missing", span)


def _read_paragraphs(part: Paragraphs, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    for match in _TEXT_LINE.finditer(text, start, end):
        span = trim(text, *match.span())
        if span.start < span.end:
            yield Node({part.name: Line(span.start, span, span.end)})


def _read_record(part: Record, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    """Read the first line of each label; a field goes on up to the next one."""
    heads: dict[str, _Labelled] = {}
    for head in _labelled(part.fields, text, start, end):
        heads.setdefault(head.field.name, head)
    stops = [head.start for head in heads.values()] + [end]
    yield from left_over(text, start, stops[0])
    lines: dict[str, Line] = {}
    for (name, head), stop in zip(heads.items(), stops[1:], strict=True):
        foreign = _FOREIGN_BULLET.search(text, head.value, stop)
        limit = foreign.start() + 1 if foreign else stop
        span = trim(text, head.value, limit)
        lines[name] = Line(head.start, span, span.end)
        yield from left_over(text, limit, stop)
    yield Node(lines)
    for field in part.fields:
        if field.name not in heads:
            yield Finding("CN107", f"the {field.name} is missing", Span(end, end))


class _Groups:
    """Labelled lines grouped into entries, in whichever order their fields come.

    A group ends at a blank line, at text that is no field, and where a field comes again. Where
    no blank line closes entries, a name starts one. A group with a name is an entry; one without
    goes to the entry before it, unless that has such fields already: then it may be what is left
    of an entry that lost its name, and taking some of it would give a title the links of another.
    """

    __slots__ = ("_apart", "_entry", "_group", "_name", "_part")

    def __init__(self, part: Entries) -> None:
        self._part = part
        self._name = part.fields[0].name
        self._entry: dict[str, Line] = {}
        self._group: dict[str, Line] = {}
        self._apart = True

    def add(self, name: str, line: Line) -> Iterator[Node | Finding]:
        """Add a line; yield what is complete now."""
        if name in self._group or (name == self._name and not self._part.close):
            yield from self.end_group(apart=False)
        self._group[name] = line

    def end_group(self, *, apart: bool) -> Iterator[Node | Finding]:
        """End the group, and say whether the next one stands apart; yield what is complete."""
        group, self._group = self._group, {}
        stood_apart, self._apart = self._apart, apart
        if not group:
            self._apart = apart or stood_apart
            return
        name = group.get(self._name)
        if name is not None and name.value.start < name.value.end:
            yield from self.end_entry()
            self._entry = group
        elif name is not None or not self._entry:
            yield Finding("CN105", "this entry has no name", Node(group).span)
        else:
            clash = group.keys() & self._entry.keys()
            refused = group.keys() if clash and stood_apart else clash
            for field, line in group.items():
                if field in refused:
                    span = Span(line.start, line.value.end)
                    yield Finding("CN104", "the entry has this field already", span)
                else:
                    self._entry[field] = line

    def end_entry(self) -> Iterator[Node]:
        """End the entry; yield it if there is one."""
        if self._entry:
            yield Node(self._entry)
            self._entry = {}


def _read_entries(part: Entries, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    groups = _Groups(part)
    position = start
    for head, following in _with_next(_labelled(part.fields, text, start, end), end):
        if position < head.start:
            for stray in left_over(text, position, head.start):
                yield stray
                if stray.code != _FOREIGN_FIELD:
                    yield from groups.end_group(apart=True)
        # The line end in front of the next line belongs to that line.
        limit = following - text.startswith("\n", following - 1)
        stop = _value_end(head, text, limit)
        position = min(stop + 1, following)
        value = _value(head, text, stop)
        yield from groups.add(head.field.name, Line(head.start, value, position))
        if _BLANK_LINE.search(text, stop, limit):
            yield from groups.end_group(apart=True)
    yield from left_over(text, position, end)
    yield from groups.end_group(apart=True)
    yield from groups.end_entry()


def _value(head: _Labelled, text: str, stop: int) -> Span:
    """Return where a value stands, without the blanks around it and what encloses it."""
    blanks = " \t\n" if head.field.multiline else " \t"
    value = text[head.value : stop].rstrip(blanks).removesuffix(head.close)
    left = head.value + len(value) - len(value.lstrip(blanks))
    return Span(left, max(left, head.value + len(value.rstrip(blanks))))


def _value_end(head: _Labelled, text: str, limit: int) -> int:
    """Return where a value ends: with its line or, over several lines, before a blank one."""
    line_end = text.find("\n", head.value, limit)
    if line_end < 0:
        return limit
    if not head.field.multiline:
        return line_end
    stop = _TEXT_STOPS.search(text, line_end, limit)
    return stop.start() if stop else limit


def _with_next(heads: Iterator[_Labelled], end: int) -> Iterator[tuple[_Labelled, int]]:
    """Yield each labelled line with the start of the next one."""
    previous = None
    for head in heads:
        if previous is not None:
            yield previous, head.start
        previous = head
    if previous is not None:
        yield previous, end


_READERS: dict[type[Part], Callable[..., Iterator[Node | Finding]]] = {
    Quoted: _read_quoted,
    Echo: _read_echo,
    Prose: _read_prose,
    Record: _read_record,
    Entries: _read_entries,
    Paragraphs: _read_paragraphs,
}


def read_part(part: Part, text: str, span: Span) -> Iterator[Node | Finding]:
    """Yield the nodes of a part, and what is not understood, in its stretch of a text."""
    return _READERS[type(part)](part, text, *span)


def _value_of_field(field: Field, node: Node, text: str) -> str | None:
    line = node.lines.get(field.name)
    value = "" if line is None else line.value.of(text)
    return None if field.optional and value.lower() in MISSING else value


def value_of_part(part: Part, nodes: Iterator[Node], text: str) -> object:
    """Return the value of a part from its nodes; empty where there is none."""
    match part:
        case Entries() | Record():
            values = (
                part.kind(*[_value_of_field(field, node, text) for field in part.fields])  # type: ignore[arg-type]
                for node in nodes
            )
            return tuple(values) if isinstance(part, Entries) else next(values)
        case Paragraphs():
            return tuple(node.lines[part.name].value.of(text) for node in nodes)
        case _:
            first = next((node.lines[part.name].value.of(text) for node in nodes), "")
            return Question(first) if isinstance(part, Quoted | Echo) else first


def _fields(part: Part) -> tuple[Field, ...]:
    return part.fields if isinstance(part, Entries | Record) else ()


def labels(part: Part) -> list[str]:
    """Return the exact wording in front of the fields of a part."""
    return [field.prefix for field in _fields(part)]


def end_of(part: Part, text: str, start: int, end: int) -> int:
    """Return where a part with labelled lines ends and the next part may start."""
    heads = _labelled(_fields(part), text, start, end)
    first = last = next(heads, None)
    if first is None or last is None:
        return start + text.startswith("\n", start, end)
    if isinstance(part, Record):
        rule = _RULE_LINE.search(text, first.value, end)
        return rule.start() + 1 if rule else end
    for last in heads:  # noqa: B007 - only the last one counts
        pass
    return past_foreign_lines(text, min(line_after(text, last.value), end), end)


def past_foreign_lines(text: str, start: int, end: int) -> int:
    """Return where the lines end, from `start` on, that look like fields of other names."""
    while foreign := _FOREIGN.match(text, max(start - 1, 0), end):
        start = min(line_after(text, foreign.end()), end)
    return start


def can_be_split(part: Part) -> bool:
    """Tell whether a part has labelled lines, so that its end can be seen."""
    return isinstance(part, Entries | Record)
