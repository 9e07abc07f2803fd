r"""The reader for files that people or programs changed by hand.

A file is read in two steps. First the lines of fixed wording are looked up, in the order of the
dialect and whatever their spacing, case or markup: they tell which stretch of text belongs to
which part. Then each part reads its stretch (`cnaps.nodes`). What neither step understands is
reported and otherwise left where it is.

Everything is found by searches that move forward only, so time is linear in the input.
`Layout.nodes` keeps positions only when they are asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import defaultdict
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cnaps.dialects import DIALECTS
from cnaps.dialects.parts import Echo, Entries, Paragraphs, Quoted
from cnaps.errors import ParseError
from cnaps.nodes import (
    Finding,
    Node,
    can_be_split,
    end_of,
    labels,
    left_over,
    line_after,
    read_part,
    trim,
    value_of_part,
)
from cnaps.spans import Span, locate
from cnaps.wording import wording_lines, wording_pattern, words_pattern

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from cnaps.dialects.parts import Dialect, Part, Value

__all__ = ["Choice", "Layout"]


# --- lines of wording ---------------------------------------------------------------------------


class _Wording(NamedTuple):
    """A line of wording that a dialect has.

    Attributes:
        section: The number of its section.
        line: The line.
        group: The number of its group in the pattern of all lines of all dialects.
        fence: Of a line that the dialect has again further down: the group of a line in between,
            behind which it is the one further down.
    """

    section: int
    line: str
    group: int
    fence: int | None = None


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
    return wording_pattern(*lines), {name: _fenced(of) for name, of in wordings.items()}


def _fenced(wordings: list[_Wording]) -> list[_Wording]:
    """Return the lines of a dialect with a fence behind each that comes again."""
    groups = [wording.group for wording in wordings]
    fenced = []
    for number, wording in enumerate(wordings, 1):
        later = groups[number:]
        if wording.group in later:
            between = later[: later.index(wording.group)]
            fence = next((group for group in between if groups.count(group) == 1), None)
            wording = wording._replace(fence=fence)  # noqa: PLW2901
        fenced.append(wording)
    return fenced


# The starts of the lines that have the wording of a group, by the group.
_Places: TypeAlias = "dict[int, array[int]]"


def _occurrences(text: str) -> _Places:
    """Return where each line of wording stands, by its group: the starts of the lines."""
    pattern, _ = _wordings()
    places: _Places = defaultdict(lambda: array("q"))
    for match in pattern.finditer("\n" + text):
        places[match.lastindex or 0].append(match.start())
    return places


class _Mark(NamedTuple):
    """A line of wording in the text, and the number of its section."""

    section: int
    start: int
    end: int


class _Gap(NamedTuple):
    """A line of wording that is missing: its section, and where the line before it ends."""

    section: int
    wording: str
    offset: int


_LookedUp: TypeAlias = "tuple[_Wording, _Mark | None]"


def _look_up(dialect: Dialect, text: str, places: _Places) -> Iterator[_LookedUp]:
    """Look up the lines of wording of a dialect in order; yield each, with its place or None."""
    position = 0
    for wording in _wordings()[1][dialect.name]:
        number, _, group, fence = wording
        start = _next(places, group, position)
        stop = None if fence is None else _next(places, fence, position)
        if start is None or (stop is not None and stop < start):
            yield wording, None
            continue
        position = start + 1
        yield wording, _Mark(number, start, line_after(text, start))


def _next(places: _Places, group: int, position: int) -> int | None:
    starts = places.get(group)
    if starts is None:
        return None
    index = bisect_left(starts, position)
    return starts[index] if index < len(starts) else None


# --- whole texts ----------------------------------------------------------------------------------


class Layout:
    """A text read as a dialect: which stretch is which.

    Attributes:
        dialect: The dialect.
        text: The text.
    """

    def __init__(
        self,
        dialect: Dialect,
        text: str,
        *,
        places: _Places | None = None,
        nodes: dict[Part, list[Node]] | None = None,
    ) -> None:
        """Lay a text out as a dialect.

        Args:
            dialect: The dialect.
            text: The text.
            places: Where the wording of all dialects stands in it, if that is known.
            nodes: Where the values stand, if that is known.
        """
        self.dialect: Dialect = dialect
        self.text: str = text
        self._places = places
        self._nodes: dict[Part, list[Node]] = nodes or {}

    @cached_property
    def _wording(self) -> list[_LookedUp]:
        places = _occurrences(self.text) if self._places is None else self._places
        return list(_look_up(self.dialect, self.text, places))

    @cached_property
    def _marks(self) -> list[_Mark]:
        return [mark for _, mark in self._wording if mark is not None]

    @cached_property
    def missing(self) -> list[_Gap]:
        """The lines of wording that are not there."""
        gaps: list[_Gap] = []
        end = 0
        for wording, mark in self._wording:
            if mark is None:
                gaps.append(_Gap(wording.section, wording.line, end))
            else:
                end = mark.end
        return gaps

    @property
    def sections(self) -> set[int]:
        """The numbers of the sections that some wording was found of."""
        return {mark.section for mark in self._marks}

    @property
    def fit(self) -> tuple[bool, int]:
        """How well the dialect fits; greater is better.

        A text is recognised by the wording of its question and of another section, or of any
        three sections. Beyond that, lines of wording count, and the exact labels of fields.
        """
        found = self.sections
        recognised = len(found) >= 3 or (len(found) == 2 and _QUESTION in found)  # noqa: PLR2004
        if not recognised:
            return False, len(self._marks)
        known = _labels(self.dialect)
        return True, len(self._marks) + sum(label in self.text for label in known)

    @cached_property
    def regions(self) -> dict[Part, Span]:
        """The stretch of each part."""
        return _regions(self.dialect, self.text, self._marks)

    def value(self) -> Value:
        """Return the value that the text holds."""
        values = {
            part.name: self._value_of(part)
            for part in self.dialect.parts
            if not isinstance(part, Echo)
        }
        return self.dialect.type(**values)  # type: ignore[arg-type]

    def _value_of(self, part: Part) -> object:
        nodes = (node for node in self._read(part) if isinstance(node, Node))
        return value_of_part(part, nodes, self.text)

    def nodes(self, part: Part) -> list[Node]:
        """Return where the values of a part stand; they are kept for the next time."""
        if part not in self._nodes:
            self._nodes[part] = [n for n in self._read(part) if isinstance(n, Node)]
        return self._nodes[part]

    def find(self, path: tuple[str | int, ...]) -> Span | None:
        """Return where a field stands, by the names and numbers that lead to it in the value."""
        # The first part of a name: what it says again further down is no field.
        part = next((part for part in self.dialect.parts if path[:1] == (part.name,)), None)
        if part is None:
            return None
        nodes = self.nodes(part)
        steps = path[1:] if isinstance(part, Entries | Paragraphs) else (0, *path[1:])
        match steps:
            case () if nodes:
                return Span(nodes[0].span.start, nodes[-1].span.end)
            case (int(number),) if -len(nodes) <= number < len(nodes) and nodes[number].lines:
                node = nodes[number]
                line = node.lines.get(part.name)
                return node.span if line is None else line.value
            case (int(number), str(name)) if -len(nodes) <= number < len(nodes):
                # The question is a value of one field; in a file it has no label.
                is_question = isinstance(part, Quoted) and name == "text"
                line = nodes[number].lines.get(part.name if is_question else name)
                return None if line is None else line.value
            case _:
                return None

    def findings(self) -> Iterator[Finding]:
        """Yield what was not understood, in no particular order."""
        for gap in self.missing:
            offset = self._place(gap)
            yield Finding("CN102", f"expected {gap.wording!r} here", Span(offset, offset))
        for start, end in self._idle_stretches():
            yield from left_over(self.text, start, end)
        for part in self.dialect.parts:
            yield from (found for found in self._read(part) if isinstance(found, Finding))
            if isinstance(part, Echo):
                yield from self._contradiction(part)

    def _contradiction(self, echo: Echo) -> Iterator[Finding]:
        parts = self.dialect.parts
        first = next(part for part in parts if part.name == echo.name)
        if nodes := self.nodes(echo):
            if self._value_of(echo) != self._value_of(first):
                message = f"the {echo.name} stands here again, and says something else"
                yield Finding("CN108", message, nodes[0].lines[echo.name].value)
        elif self.announces(echo):
            start = self.regions[echo].start
            message = f"the {echo.name} should stand here again"
            yield Finding("CN108", message, Span(start, start))

    def _place(self, gap: _Gap) -> int:
        """Return where a missing line would stand: by its own section, or by its part."""
        part = self.dialect.sections[gap.section].part
        if gap.section in self.sections:
            return gap.offset
        return len(self.text) if part is None else self.regions[part].start

    def has_wording(self, section: int) -> bool:
        """Tell whether any wording of a section is there, or needs to be."""
        return section in self.sections or not wording_lines(self.dialect.sections[section].wording)

    def announces(self, echo: Echo) -> bool:
        """Tell whether the line in front of an echo is there; without it nobody misses the echo."""
        number = self.dialect.parts.index(echo)
        line = wording_lines(self.dialect.sections[number].wording)[-1].strip()
        return (number, line) not in [(gap.section, gap.wording) for gap in self.missing]

    def _read(self, part: Part) -> Iterator[Node | Finding]:
        return read_part(part, self.text, self.regions[part])

    def _idle_stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches between the regions and the lines of wording."""
        taken = [(mark.start, mark.end) for mark in self._marks]
        position = 0
        for start, end in sorted([*taken, *self.regions.values()]):
            if position < start:
                yield position, start
            position = max(position, end)
        yield position, len(self.text)


@cache
def _labels(dialect: Dialect) -> frozenset[str]:
    """Return the exact labels of the fields of a dialect, each as it starts a line."""
    return frozenset(f"\n{label}" for part in dialect.parts for label in labels(part))


def _regions(dialect: Dialect, text: str, marks: list[_Mark]) -> dict[Part, Span]:
    """Return the stretch of each part: from the wording in front of it to the next wording.

    A part whose wording is missing, or that has none, follows the part before it in the same
    stretch if it can be seen where that one ends; else its stretch is empty. If it is the first
    part, it has the text before all other wording.
    """
    starts = [mark.start for mark in marks[1:]] + [len(text)]
    after = {mark.section: Span(mark.end, stop) for mark, stop in zip(marks, starts, strict=True)}
    after.setdefault(0, Span(0, marks[0].start))
    regions: dict[Part, Span] = {}
    owner: Part | None = None
    position = 0
    for number, part in enumerate(dialect.parts):
        region = after.get(number, Span(position, position))
        if number not in after and owner is not None and can_be_split(owner):
            start, end = regions[owner]
            split = end_of(owner, text, start, end)
            # Parts in between have no wording here and so no text: they would be put in there.
            regions |= dict.fromkeys([*regions][[*regions].index(owner) :], Span(split, split))
            regions[owner] = Span(start, split)
            region = Span(split, end)
        regions[part] = region
        position = region.end
        if region.start < region.end:
            owner = part
    return regions


_QUESTION = 0  # the section that the question follows


class Choice:
    """A text as each dialect would have it.

    Args:
        text: The text.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._places = _occurrences(text)

    @cached_property
    def _layouts(self) -> list[Layout]:
        return [Layout(dialect, self._text, places=self._places) for dialect in DIALECTS.values()]

    @cached_property
    def _best(self) -> tuple[tuple[bool, int], Layout]:
        """The dialect that fits best, and how well."""
        return max([(layout.fit, layout) for layout in self._layouts], key=itemgetter(0))

    @property
    def layout(self) -> Layout | None:
        """The dialect that fits best, or None where the text is recognisably of none."""
        # Two lines of wording at least are in a text that is recognised; most responses have none.
        if sum(map(len, self._places.values())) < 2:  # noqa: PLR2004
            return None
        (recognised, _), best = self._best
        return best if recognised else None

    def error(self) -> ParseError:
        """Return what is wrong with a text that is of no dialect."""
        _, best = self._best
        return _unrecognised(best if best.sections else _nearest(self._layouts, self._text))


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
    offset = trim(text, blank, len(text)).start
    line, column = locate(text, offset)
    start = offset - column + 1
    name = layout.dialect.name
    wanted = ", ".join(repr(gap.wording) for gap in layout.missing[1:4])
    return ParseError(
        f"neither a prompt nor an answer; {name} comes nearest",
        offset=offset,
        line=line,
        column=column,
        source=text[start : line_after(text, start)].rstrip("\n"),
        dialect=name,
        expected=gap.wording,
        hint=f"{name} is recognised by its fixed wording; also missing: {wanted}",
    )
