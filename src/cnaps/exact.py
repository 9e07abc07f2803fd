r"""The fast reader: files that match a dialect to the byte.

Such a file alternates between literal wording and holes: the question, and the blocks of
entries. What every generated file has in common (the task and the workflow of an answer) counts
as wording. So reading is: compare the literals, cut out the holes, match the entries.

It works on bytes, because most of a file is wording that never needs to be decoded. It also
needs no check for encoding damage: every dialect has a `→` or a `‑` (U+2011) in its wording, and a
text that holds one is in none of the encodings that text can be misread as. Whatever deviates in
the slightest is left to `cnaps.tolerant`; both give the same value where both can read, and a test
says so.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import starmap
from typing import TYPE_CHECKING, Any, NamedTuple

from cnaps._unchecked import unchecked
from cnaps.dialects import DIALECTS
from cnaps.dialects.parts import MISSING, Echo, Entries, Paragraphs, Prose, Quoted, Record
from cnaps.values import Question
from cnaps.wording import end_pattern
from cnaps.writing import part_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnaps.dialects.parts import Dialect, Field, Value

    Reader = Callable[[str], object]

__all__ = ["Matcher", "matchers"]

_ANCHOR = 24  # bytes of a literal to search for; looking for all of it would take longer

# A value on one line: it neither starts nor ends with a blank.
_TEXT = r"([^ \t\n].*)(?<![ \t])"
_NO_LINK = rf"(?i:{'|'.join(re.escape(word) for word in sorted(MISSING) if word)})"


class _Hole(NamedTuple):
    """A part that varies.

    Attributes:
        number: The number of the part in its dialect.
        read: Gives the value of the part, or None where the text is not exact.
        literal: The wording that follows.
        anchor: The beginning of that wording.
    """

    number: int
    read: Reader
    literal: bytes
    anchor: bytes


class Matcher:
    """Reads the exact files of one dialect.

    Attributes:
        dialect: The dialect.
        canonical: Whether it reads only those that are to the byte as `cnaps.render` writes what
            they say: with the word for a missing link that the dialect itself uses.
    """

    __slots__ = ("_build", "_constants", "_head", "_inner", "_last", "canonical", "dialect")

    def __init__(self, dialect: Dialect, *, canonical: bool) -> None:
        self.dialect: Dialect = dialect
        self.canonical: bool = canonical
        self._build = _builder(dialect)
        self._constants: list[Any] = [_constant(part) for part in dialect.parts]
        self._head, holes = _holes(dialect, canonical=canonical)
        *self._inner, self._last = holes

    def match(self, data: bytes) -> Value | None:
        r"""Return the value of a file, or None where it deviates from the dialect.

        What is not UTF-8, or has line ends other than `\n`, deviates too.
        """
        last = self._last
        if not (data.startswith(self._head) and data.endswith(last.literal)):
            return None
        values = self._constants.copy()
        start = len(self._head)
        try:
            for number, read, literal, anchor in self._inner:
                end = data.find(anchor, start)
                if not data.startswith(literal, end):
                    return None
                values[number] = found = read(data[start:end].decode())
                if found is None:
                    return None
                start = end + len(literal)
            end = len(data) - len(last.literal)
            if end < start:
                return None
            values[last.number] = found = last.read(data[start:end].decode())
        except UnicodeDecodeError:
            return None
        return None if found is None else self._build(*values)


@cache
def matchers() -> tuple[Matcher, ...]:
    """Return the exact readers of all dialects; first those for canonical files, as most are."""
    return tuple(
        Matcher(dialect, canonical=canonical)
        for canonical in (True, False)
        for dialect in DIALECTS.values()
    )


def _builder(dialect: Dialect) -> Callable[..., Any]:
    """Return what makes a value of those of the parts; None where a part is not repeated truly."""
    make = unchecked(dialect.type)
    absent = dialect.absent
    if not (absent or dialect.repeats):
        return make
    names = [part.name for part in dialect.parts]

    def build(*values: object) -> object:
        held = absent.copy()
        for name, value in zip(names, values, strict=True):
            if held.setdefault(name, value) != value:
                return None
        return make(**held)

    return build


def _constant(part: object) -> object:
    return part.default if isinstance(part, Prose | Record | Paragraphs) else None


def _holes(dialect: Dialect, *, canonical: bool) -> tuple[bytes, list[_Hole]]:
    """Return the literal that a file starts with, and the holes after it."""
    literals = [""]
    readers: list[tuple[int, Reader]] = []
    *sections, last = dialect.sections
    for index, (section, part) in enumerate(zip(sections, dialect.parts, strict=True)):
        literals[-1] += section.wording
        following = dialect.sections[index + 1].wording
        match part:
            case Quoted() | Echo():
                literals[-1] += '"' if isinstance(part, Quoted) else f'{part.prefix}"'
                readers.append((index, _question_reader(following)))
                literals.append('"')
            case Entries():
                readers.append((index, _entries_reader(part, following, canonical=canonical)))
                literals.append("")
            case _:
                literals[-1] += part_text(part, part.default)
    literals[-1] += last.wording
    head, *others = [literal.encode() for literal in literals]
    return head, [
        _Hole(index, read, literal, literal[:_ANCHOR])
        for (index, read), literal in zip(readers, others, strict=True)
    ]


def _question_reader(following: str) -> Reader:
    make = unchecked(Question)
    stop = end_pattern(following)

    def read(text: str) -> Question | None:
        # A line inside the question that reads like the wording after it would end it there.
        if "\r" in text or ("\n" in text and stop.search(text)):
            return None
        return make(text)

    return read


def _entries_reader(part: Entries, following: str, *, canonical: bool) -> Reader:
    make: Callable[..., object] = unchecked(part.kind)
    # A line without a label can read like the wording after it as well.
    stop = end_pattern(following) if part.is_bare else None
    line = _canonical_line if canonical else _line
    lines = "".join(map(line, part.fields)) + re.escape(part.close)
    # The alternative takes whatever is not an entry, to the end: a row without a name.
    rows = re.compile(rf"{lines}|[\s\S]+")

    def read(text: str) -> tuple[object, ...] | None:
        if "\r" in text or (stop and stop.search(f"\n{text}")):
            return None
        found = rows.findall(text)
        if found and not found[-1][0]:
            return None
        return tuple(starmap(make, found))

    return read


def _line(field: Field) -> str:
    text = rf"(?:{_NO_LINK}|{_TEXT})" if field.optional else _TEXT
    line = rf"{re.escape(field.prefix)}{text}{re.escape(field.suffix)}\n"
    return line if field.missing or not field.optional else f"(?:{line})?"


def _canonical_line(field: Field) -> str:
    prefix, suffix = re.escape(field.prefix), re.escape(field.suffix)
    if not field.optional:
        return rf"{prefix}{_TEXT}{suffix}\n"
    text = rf"(?!{_NO_LINK}{suffix}\n){_TEXT}"  # the other words are no link either
    if field.missing is None:
        return rf"(?:{prefix}{text}{suffix}\n)?"
    return rf"{prefix}(?:{re.escape(field.missing)}|{text}){suffix}\n"
