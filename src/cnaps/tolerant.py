r"""The reader for files that people or programs changed by hand.

A file is read in two steps. First the lines of fixed wording are looked up, in the order of the
dialect and whatever their spacing, case or markup: they tell which stretch of text belongs to
which part. Then each part reads its stretch. What neither step understands becomes a `Finding`,
which is reported and otherwise left where it is.

Everything is found by searches that move forward only, so time is linear in the input. Nodes
are yielded as they are found; `Layout.nodes` keeps them only when positions are asked for.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from cnaps.dialects import DIALECTS
from cnaps.dialects.parts import MISSING, Entries, Paragraphs, Prose, Quoted, Record
from cnaps.errors import ParseError
from cnaps.spans import Span, locate
from cnaps.values import Question
from cnaps.wording import wording_lines, wording_pattern, words_pattern

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.dialects.parts import Dialect, Field, Part, Value

__all__ = ["Finding", "Layout", "Line", "Node", "choose", "layout_as"]


# --- the pieces of a text -------------------------------------------------------------------------


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
        """From the start of its first line to the end of its last; empty where it has none."""
        lines = self.lines.values()
        if not lines:
            return Span(0, 0)
        return Span(min(line.start for line in lines), max(line.end for line in lines))


class Finding(NamedTuple):
    """Something to report: the code of the rule, the message, and where."""

    code: str
    message: str
    span: Span


# --- lines of wording ---------------------------------------------------------------------------


class _Wording(NamedTuple):
    """A line of wording that a dialect has.

    Attributes:
        section: The number of its section.
        line: The line.
        group: The number of its group in the pattern of all lines of all dialects.
    """

    section: int
    line: str
    group: int


@cache
def _wordings() -> tuple[re.Pattern[str], dict[str, list[_Wording]]]:
    """Return the pattern of all lines of wording, and the lines of each dialect by its name."""
    groups: dict[str, int] = {}
    lines: list[str] = []
    wordings: dict[str, list[_Wording]] = {}
    for dialect in DIALECTS.values():
        wordings[dialect.name] = []
        for number, section in enumerate(dialect.sections):
            for line in wording_lines(section.wording):
                group = groups.setdefault(words_pattern(line), len(groups) + 1)
                if group > len(lines):
                    lines.append(line)
                wordings[dialect.name].append(_Wording(number, line.strip(), group))
    return wording_pattern(*lines), wordings


def _occurrences(text: str) -> list[array[int]]:
    """Return where each line of wording stands, by its group: the starts of the lines."""
    pattern, _ = _wordings()
    found = [array("q") for _ in range(pattern.groups + 1)]
    for match in pattern.finditer("\n" + text):
        found[match.lastindex or 0].append(match.start())
    return found


class _Mark(NamedTuple):
    """A line of wording in the text, and the number of its section."""

    section: int
    start: int
    end: int


class _Gap(NamedTuple):
    """A line of wording that is missing, and where it was expected."""

    wording: str
    offset: int


def _marks(dialect: Dialect, text: str, found: list[array[int]]) -> tuple[list[_Mark], list[_Gap]]:
    """Look up the wording of a dialect in order; return what is there and what is missing."""
    marks = []
    gaps = []
    position = end = 0
    for number, line, group in _wordings()[1][dialect.name]:
        starts = found[group]
        index = bisect_left(starts, position)
        if index == len(starts):
            gaps.append(_Gap(line, end))
            continue
        start = starts[index]
        position = start + 1
        end = _line_after(text, start)
        marks.append(_Mark(number, start, end))
    return marks, gaps


def _line_after(text: str, offset: int) -> int:
    """Return where the line after the one at `offset` starts, or the end of the text."""
    return text.find("\n", offset) + 1 or len(text)


# --- stretches ------------------------------------------------------------------------------------

_BLANK_OR_RULE = re.compile(r"(?:[ \t]*+(?:-{3,}+|\*{3,}+|_{3,}+)?[ \t]*+(?:\n|\Z))*+")
_BLANK_LINE = re.compile(r"\n[ \t]*+(?=\n|\Z)")
_TEXT_LINE = re.compile(r"[^\n]+")
_RULE_LINE = re.compile(r"\n[ \t]*+(?:-{3,}+|\*{3,}+|_{3,}+)[ \t]*+(?=\n|\Z)")


def _trim(text: str, start: int, end: int) -> Span:
    """Return a stretch without the blank lines, rules and blanks around it."""
    body = text[start:end]
    first = _BLANK_OR_RULE.match(body).end()  # type: ignore[union-attr]  # matches anything
    # Rules and blank lines read the same backwards.
    last = len(body) - _BLANK_OR_RULE.match(body[::-1]).end()  # type: ignore[union-attr]
    inner = body[first:last]
    if not inner:
        return Span(start + first, start + first)
    left = len(inner) - len(inner.lstrip(" \t\n"))
    right = len(inner) - len(inner.rstrip(" \t\n"))
    return Span(start + first + left, start + last - right)


# --- labelled lines -------------------------------------------------------------------------------

_BULLET = r"[ \t>]*+(?:(?:[-+*•]|\d+[.)])[ \t]++)?"


def _label(field: Field, group: int) -> str:
    """Return the pattern of a label in two groups, the first being the emphasis around it."""
    words = re.findall(r"\w+", field.prefix)
    if ":" in field.prefix:
        label = r"[ \t]++".join(map(re.escape, words))
        return rf"(\*{{1,3}}|_{{1,3}}|)({label})(?:[ \t]*+:[ \t]*+\{group}|\{group}[ \t]*+:)"
    label = r"[*_]{0,3}[ \t]++[*_]{0,3}".join(map(re.escape, words))
    return rf"([*_]{{0,3}})({label})[*_]{{0,3}}:?(?=[ \t\n]|\Z)"


@cache
def _label_pattern(fields: tuple[Field, ...]) -> re.Pattern[str]:
    """Return the pattern of a labelled line up to its value; `lastindex` tells the field."""
    labels = "|".join(_label(field, 2 * number + 1) for number, field in enumerate(fields))
    return re.compile(rf"\n{_BULLET}(?:{labels})[ \t]*+", re.IGNORECASE)


# A line that looks like a field of a name that the dialect does not have.
_FOREIGN = re.compile(
    rf"\n{_BULLET}[*_]{{0,3}}[A-Z][A-Za-z]{{1,24}}[*_]{{0,3}}[ \t]*+:[*_]{{0,3}}(?=[ \t\n]|\Z)"
)

# Where a value of several lines ends, if not at a labelled line.
_TEXT_STOPS = re.compile(f"{_BLANK_LINE.pattern}|{_FOREIGN.pattern}")


class _Labelled(NamedTuple):
    """A labelled line as found: which field, and where the line and its value start."""

    field: Field
    start: int
    value: int


def _labelled(fields: tuple[Field, ...], text: str, start: int, end: int) -> Iterator[_Labelled]:
    """Yield the labelled lines of a stretch that starts a line, in the order of the text."""
    for match in _label_pattern(fields).finditer(text, max(start - 1, 0), end):
        field = fields[((match.lastindex or 0) - 1) // 2]
        yield _Labelled(field, match.start() + 1, match.end())


def _left_over(text: str, start: int, end: int) -> Iterator[Finding]:
    """Yield what is left of a stretch that no field took, if it is not blank."""
    span = _trim(text, start, end)
    if span.start == span.end:
        return
    if _FOREIGN.match("\n" + text[span.start : span.start + 64]):
        yield Finding("CN103", "no field of this format has this name", span)
    else:
        yield Finding("CN101", "this text belongs to no field", span)


# --- parts ----------------------------------------------------------------------------------------


def _read_quoted(part: Quoted, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    span = _trim(text, start, end)
    if span.start == span.end:
        yield Finding("CN107", f"the {part.name} is missing", span)
        return
    first = text.find('"', span.start, span.end)
    last = text.rfind('"', span.start, span.end)
    if first != span.start or first == last:
        yield Node({part.name: Line(span.start, span, span.end)})
        yield Finding("CN106", f"the {part.name} does not stand in quotation marks", span)
        return
    yield Node({part.name: Line(first, Span(first + 1, last), last + 1)})
    yield from _left_over(text, last + 1, span.end)


def _read_prose(part: Prose, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    span = _trim(text, start, end)
    yield Node({part.name: Line(span.start, span, span.end)})


def _read_paragraphs(part: Paragraphs, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    for match in _TEXT_LINE.finditer(text, start, end):
        span = _trim(text, *match.span())
        if span.start < span.end:
            yield Node({part.name: Line(span.start, span, span.end)})


def _read_record(part: Record, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    """Read the first line of each label; a field goes on up to the next one."""
    heads: dict[str, _Labelled] = {}
    for head in _labelled(part.fields, text, start, end):
        heads.setdefault(head.field.name, head)
    stops = [head.start for head in heads.values()] + [end]
    yield from _left_over(text, start, stops[0])
    yield Node(
        {
            name: Line(head.start, span := _trim(text, head.value, stop), span.end)
            for (name, head), stop in zip(heads.items(), stops[1:], strict=True)
        }
    )
    for field in part.fields:
        if field.name not in heads:
            yield Finding("CN107", f"the {field.name} is missing", Span(end, end))


class _Groups:
    """Labelled lines grouped into entries, in whichever order their fields come.

    A group ends at a blank line or where a field comes again. A group with a name is an entry;
    the fields of one without go to the entry before it, if that does not have them already.
    """

    __slots__ = ("_entry", "_group", "_name")

    def __init__(self, name: str) -> None:
        self._name = name
        self._entry: dict[str, Line] = {}
        self._group: dict[str, Line] = {}

    def add(self, name: str, line: Line) -> Iterator[Node | Finding]:
        """Add a line; yield what is complete now."""
        if name in self._group:
            yield from self.end_group()
        self._group[name] = line

    def end_group(self) -> Iterator[Node | Finding]:
        """End the group; yield what is complete now."""
        group, self._group = self._group, {}
        if not group:
            return
        name = group.get(self._name)
        if name is not None and name.value.start < name.value.end:
            yield from self.end_entry()
            self._entry = group
        elif name is not None or not self._entry:
            yield Finding("CN105", "this entry has no name", Node(group).span)
        else:
            for field, line in group.items():
                if self._entry.setdefault(field, line) is not line:
                    span = Span(line.start, line.value.end)
                    yield Finding("CN104", "the entry has this field already", span)

    def end_entry(self) -> Iterator[Node]:
        """End the entry; yield it if there is one."""
        if self._entry:
            yield Node(self._entry)
            self._entry = {}


def _read_entries(part: Entries, text: str, start: int, end: int) -> Iterator[Node | Finding]:
    groups = _Groups(part.fields[0].name)
    position = start
    for head, following in _with_next(_labelled(part.fields, text, start, end), end):
        if position < head.start:
            yield from _left_over(text, position, head.start)
        # The line end in front of the next line belongs to that line.
        limit = following - text.startswith("\n", following - 1)
        stop = _value_end(head, text, limit)
        blanks = " \t\n" if head.field.multiline else " \t"
        value = text[head.value : stop]
        left = head.value + len(value) - len(value.lstrip(blanks))
        right = max(left, head.value + len(value.rstrip(blanks)))
        position = min(stop + 1, following)
        yield from groups.add(head.field.name, Line(head.start, Span(left, right), position))
        if _BLANK_LINE.search(text, stop, limit):
            yield from groups.end_group()
    yield from _left_over(text, position, end)
    yield from groups.end_group()
    yield from groups.end_entry()


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
    Prose: _read_prose,
    Record: _read_record,
    Entries: _read_entries,
    Paragraphs: _read_paragraphs,
}


def _value_of_field(field: Field, node: Node, text: str) -> str | None:
    line = node.lines.get(field.name)
    value = "" if line is None else line.value.of(text)
    return None if field.optional and value.lower() in MISSING else value


def _value_of_part(part: Part, nodes: Iterator[Node], text: str) -> object:
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
        case Quoted() | Prose():
            first = next((node.lines[part.name].value.of(text) for node in nodes), "")
            return Question(first) if isinstance(part, Quoted) else first


# --- whole texts ----------------------------------------------------------------------------------


class Layout:
    """A text read as a dialect: which stretch is which.

    Attributes:
        dialect: The dialect.
        text: The text.
        missing: The lines of wording that are not there.
    """

    __slots__ = ("_marks", "_nodes", "_regions", "dialect", "missing", "text")

    def __init__(self, dialect: Dialect, text: str, found: list[array[int]]) -> None:
        self.dialect = dialect
        self.text = text
        self._marks, self.missing = _marks(dialect, text, found)
        self._regions: dict[str, Span] | None = None
        self._nodes: dict[str, list[Node]] = {}

    @property
    def sections(self) -> set[int]:
        """The numbers of the sections that some wording was found of."""
        return {mark.section for mark in self._marks}

    @property
    def fit(self) -> tuple[int, int, int]:
        """How well the dialect fits; greater is better."""
        labels = {field.prefix for part in self.dialect.parts for field in _fields(part)}
        exact_labels = sum("\n" + label in self.text for label in labels)
        return len(self.sections), len(self._marks), exact_labels

    @property
    def regions(self) -> dict[str, Span]:
        """The stretch of each part, by its name."""
        if self._regions is None:
            self._regions = _regions(self.dialect, self.text, self._marks)
        return self._regions

    def value(self) -> Value:
        """Return the value that the text holds."""
        values = [
            _value_of_part(part, (n for n in self._read(part) if isinstance(n, Node)), self.text)
            for part in self.dialect.parts
        ]
        return self.dialect.type(*values)  # type: ignore[arg-type]

    def nodes(self, part: Part) -> list[Node]:
        """Return where the values of a part stand; they are kept for the next time."""
        if part.name not in self._nodes:
            self._nodes[part.name] = [n for n in self._read(part) if isinstance(n, Node)]
        return self._nodes[part.name]

    def find(self, path: tuple[str | int, ...]) -> Span | None:
        """Return where a field stands, by the names and numbers that lead to it in the value."""
        part = next((part for part in self.dialect.parts if path[:1] == (part.name,)), None)
        if part is None:
            return None
        nodes = self.nodes(part)
        steps = path[1:] if isinstance(part, Entries | Paragraphs) else (0, *path[1:])
        match steps:
            case () if nodes:
                return Span(nodes[0].span.start, nodes[-1].span.end)
            case (int(number),) if number < len(nodes):
                node = nodes[number]
                line = node.lines.get(part.name)
                return node.span if line is None else line.value
            case (int(number), str(name)) if number < len(nodes):
                line = nodes[number].lines.get(part.name if isinstance(part, Quoted) else name)
                return None if line is None else line.value
            case _:
                return None

    def findings(self) -> Iterator[Finding]:
        """Yield what was not understood, in no particular order."""
        for wording, offset in self.missing:
            yield Finding("CN102", f"expected {wording!r} here", Span(offset, offset))
        for start, end in self._idle_stretches():
            yield from _left_over(self.text, start, end)
        for part in self.dialect.parts:
            yield from (found for found in self._read(part) if isinstance(found, Finding))

    def has_wording(self, section: int) -> bool:
        """Tell whether any wording of a section is there, or needs to be."""
        return section in self.sections or not wording_lines(self.dialect.sections[section].wording)

    def _read(self, part: Part) -> Iterator[Node | Finding]:
        start, end = self.regions[part.name]
        return _READERS[type(part)](part, self.text, start, end)

    def _idle_stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches between the regions and the lines of wording."""
        taken = [(mark.start, mark.end) for mark in self._marks]
        position = 0
        for start, end in sorted([*taken, *self.regions.values()]):
            if position < start:
                yield position, start
            position = max(position, end)
        yield position, len(self.text)


def _fields(part: Part) -> tuple[Field, ...]:
    return part.fields if isinstance(part, Entries | Record) else ()


def _regions(dialect: Dialect, text: str, marks: list[_Mark]) -> dict[str, Span]:
    """Return the stretch of each part: from the wording in front of it to the next wording.

    A part without wording of its own follows the part before it in the same stretch. Where the
    wording of the first part is missing, it has the text before all other wording; any other
    part whose wording is missing has an empty stretch where it would be.
    """
    starts = [mark.start for mark in marks[1:]] + [len(text)]
    after = {mark.section: Span(mark.end, stop) for mark, stop in zip(marks, starts, strict=True)}
    after.setdefault(0, Span(0, marks[0].start))
    regions: dict[str, Span] = {}
    owner: Part | None = None
    position = 0
    for number, section in enumerate(dialect.sections):
        part = section.part
        if part is None:
            break
        region = after.get(number, Span(position, position))
        if owner is not None and not wording_lines(section.wording):
            start, end = regions[owner.name]
            split = _end_of(owner, text, start, end)
            # Parts in between have no wording here and so no text: they would be put in there.
            regions |= dict.fromkeys([*regions][[*regions].index(owner.name) :], Span(split, split))
            regions[owner.name] = Span(start, split)
            region = Span(split, end)
        regions[part.name] = region
        position = region.end
        if region.start < region.end:
            owner = part
    return regions


def _end_of(part: Part, text: str, start: int, end: int) -> int:
    """Return where a part with labelled lines ends and the next part may start."""
    last = None
    for last in _labelled(_fields(part), text, start, end):  # noqa: B007 - only the last counts
        pass
    if last is None:
        return start + text.startswith("\n", start, end)
    if isinstance(part, Record):
        rule = _RULE_LINE.search(text, last.value, end)
        return rule.start() + 1 if rule else end
    stop = min(_line_after(text, last.value), end)
    while foreign := _FOREIGN.match(text, stop - 1, end):
        stop = min(_line_after(text, foreign.end()), end)
    return stop


_QUESTION = 0  # the section that the question follows


def _recognised(layout: Layout) -> bool:
    found = layout.sections
    return len(found) >= 3 or (len(found) == 2 and _QUESTION in found)  # noqa: PLR2004


def choose(text: str) -> Layout:
    """Read a text as the dialect that fits it best.

    Raises ParseError where that is none: a text is recognised by the wording of its question
    and of another section, or of any three sections.
    """
    found = _occurrences(text)
    layouts = [Layout(dialect, text, found) for dialect in DIALECTS.values()]
    best = max(layouts, key=lambda layout: layout.fit)
    if not _recognised(best):
        raise _unrecognised(best if best.sections else _nearest(layouts, text))
    return best


def layout_as(dialect: Dialect, text: str) -> Layout:
    """Read a text as a dialect that it is known to be written in."""
    return Layout(dialect, text, _occurrences(text))


def _nearest(layouts: list[Layout], text: str) -> Layout:
    """Return the layout whose first line of wording is most like the first line of the text."""
    from difflib import SequenceMatcher

    line = text.lstrip()[:_COMPARED].partition("\n")[0].lower()

    def likeness(layout: Layout) -> float:
        return SequenceMatcher(None, layout.missing[0].wording.lower(), line).ratio()

    return max(layouts, key=likeness)


_COMPARED = 200  # characters of a first line


def _unrecognised(layout: Layout) -> ParseError:
    text = layout.text
    if not text.strip():
        return ParseError(
            "the input is empty",
            hint="a prompt starts with 'You are an AI scientist.', an answer with its question",
        )
    gap = layout.missing[0]
    blank = len(text) - len(text.lstrip()) if gap.offset == 0 else gap.offset
    offset = _trim(text, blank, len(text)).start
    line, column = locate(text, offset)
    start = offset - column + 1
    name = layout.dialect.name
    wanted = ", ".join(repr(gap.wording) for gap in layout.missing[1:4])
    return ParseError(
        f"neither a prompt nor an answer; {name} comes nearest",
        offset=offset,
        line=line,
        column=column,
        source=text[start : _line_after(text, start)].rstrip("\n"),
        dialect=name,
        expected=gap.wording,
        hint=f"{name} is recognised by its fixed wording; also missing: {wanted}",
    )
