"""The words in which a dialect is described.

A dialect is data: sections in order, each some fixed wording followed by a part that varies.
Three modules read these descriptions and nothing else knows the formats: `cnaps.exact` makes
the fast reader of them, `cnaps.tolerant` the one for files that deviate, and `cnaps.rendering`
the writer. So they cannot drift apart, and adding a dialect is adding a file beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from attrs import fields

if TYPE_CHECKING:
    from typing import TypeAlias

    from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Workflow

__all__ = [
    "MISSING",
    "Dialect",
    "Echo",
    "Entries",
    "Field",
    "Kind",
    "Paragraphs",
    "Part",
    "Prose",
    "Quoted",
    "Record",
    "Section",
    "Value",
]

# What stands for a link that is missing, in lower case: revisions and people differ.
MISSING = frozenset({"", "none", "n/a"})

Kind = Literal["prompt", "answer", "response"]
Value: TypeAlias = "PromptSpec | Answer"


class Field(NamedTuple):
    """A labelled line: fixed wording, then the value to the end of the line.

    Attributes:
        name: The attribute that the line holds.
        prefix: The wording in front of the value; tolerant reading looks for its words.
        optional: Whether the value may be None.
        missing: What stands for None; where this is None too, the line is left out.
        multiline: Whether the value may go on over the following lines, up to a blank line.
        suffix: The markup behind the value, and in front of it, of an item of a list that has no
            label; tolerant reading does not insist on it.
    """

    name: str
    prefix: str
    optional: bool = False
    missing: str | None = None
    multiline: bool = False
    suffix: str = ""


class Quoted(NamedTuple):
    """A question in ASCII double quotes, which may span lines."""

    name: str


class Echo(NamedTuple):
    """A question that stands in the file already, once more and in the same words.

    Attributes:
        name: The attribute that it says again; the part that holds it comes first.
        prefix: The wording in front of its quotes.
    """

    name: str
    prefix: str


class Prose(NamedTuple):
    """Free text of one or more lines.

    Attributes:
        name: The attribute that holds it.
        default: What every generated file has here.
    """

    name: str
    default: str


class Record(NamedTuple):
    """One value, written as labelled lines that may each run over several lines.

    Attributes:
        name: The attribute that holds the value.
        kind: The class of the value.
        fields: Its lines, in order.
        default: What every generated file has here.
    """

    name: str
    kind: type[Workflow]
    fields: tuple[Field, ...]
    default: Workflow


class Entries(NamedTuple):
    """Any number of values, each written as labelled lines, in order.

    Attributes:
        name: The attribute that holds them as a tuple.
        kind: The class of each.
        fields: The lines of each, in order; the first one names the entry.
        close: What follows the last line of each.
    """

    name: str
    kind: type[ModelRef | PaperRef]
    fields: tuple[Field, ...]
    close: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether any of the lines has no label."""
        return any(field.suffix for field in self.fields)


class Paragraphs(NamedTuple):
    """Any number of closing paragraphs of one line each.

    Attributes:
        name: The attribute that holds them as a tuple.
        separator: What stands between two of them.
        default: What every generated file has here.
    """

    name: str
    separator: str
    default: tuple[str, ...]


Part: TypeAlias = Quoted | Echo | Prose | Record | Entries | Paragraphs


class Section(NamedTuple):
    """Fixed wording, then the part that varies; the last section of a dialect may have none."""

    wording: str
    part: Part | None = None


class Dialect(NamedTuple):
    """One revision of a file format.

    Attributes:
        name: Its name, such as "prompt-1".
        kind: What such a file is.
        type: The class of the values it holds; its parts are named after the fields.
        sections: The whole file from its first character to its last.
    """

    name: str
    kind: Kind
    type: type[PromptSpec | Answer]
    sections: tuple[Section, ...]

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that vary, in order."""
        return tuple(section.part for section in self.sections if section.part is not None)

    @property
    def absent(self) -> dict[str, Any]:
        """The fields of the values that no part holds, and what all values it holds have there."""
        held = {part.name for part in self.parts}
        return {field.name: field.default for field in fields(self.type) if field.name not in held}

    @property
    def repeats(self) -> bool:
        """Whether it says anything twice."""
        return any(isinstance(part, Echo) for part in self.parts)
