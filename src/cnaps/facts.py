"""What rules ask about a document, each thing worked out when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from attrs import evolve

from cnaps.diagnostics import Found
from cnaps.dialects.parts import Entries
from cnaps.marks import find_marks
from cnaps.spans import Span
from cnaps.values import Answer, PaperRef, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from cnaps.dialects.parts import Dialect
    from cnaps.document import Document
    from cnaps.editing import Edit
    from cnaps.grounding import Collection
    from cnaps.identifiers import Identifier
    from cnaps.marks import Mark
    from cnaps.nodes import Node
    from cnaps.pairing import Oddity
    from cnaps.tolerant import Layout
    from cnaps.values import ModelRef

__all__ = ["AT_START", "DocumentFacts", "EntryFacts", "LinkFacts"]

#: Where that stands which is said of a whole file.
AT_START = Span(0, 0)


class EntryFacts(NamedTuple):
    """A model or a paper that a document lists.

    Attributes:
        part: The part that it is in: "models", "papers" or "references".
        number: Its number in that part.
        value: The model or the paper.
    """

    part: str
    number: int
    value: ModelRef | PaperRef

    def __str__(self) -> str:
        return f"{self.part}[{self.number}]"

    @property
    def name(self) -> str:
        """The name of the model, or the title of the paper."""
        return self.value.title if isinstance(self.value, PaperRef) else self.value.name

    @property
    def summary(self) -> str | None:
        """The summary, if it is a paper and has one."""
        return self.value.summary if isinstance(self.value, PaperRef) else None


class LinkFacts(NamedTuple):
    """A link in a field of an entry.

    Attributes:
        entry: The entry.
        field: "paper" or "github".
        url: The field, as written.
        identifier: What it leads to.
    """

    entry: EntryFacts
    field: str
    url: str
    identifier: Identifier

    def __str__(self) -> str:
        return f"{self.entry}.{self.field}"


class DocumentFacts:
    """What rules over a document look at.

    Attributes:
        doc: The document.
        kind: Its kind: "prompt", "answer" or "response".
        prompt: What there is to know of its prompt, if it answers one. Whatever is wrong with the
            links of the prompt is not told of the answer again.
        oddity: What is odd about the name of its file, if that was looked at.
        alone: Why no other file belongs to it, if that was looked for.
        collection: What the prompts of its collection offer, if that was given.
    """

    def __init__(
        self,
        doc: Document,
        *,
        prompt: DocumentFacts | None = None,
        oddity: Oddity | None = None,
        alone: str | None = None,
        collection: Collection | None = None,
    ) -> None:
        self.doc = doc
        self.kind: str = doc.kind
        self.prompt = prompt
        self.oddity = oddity
        self.alone = alone
        self.collection = collection

    @cached_property
    def text(self) -> str:
        """The text that spans refer to."""
        return self.doc.text

    @cached_property
    def layout(self) -> Layout | None:
        """Which stretch of the text is which; None for a response, which can be anything."""
        return None if self.doc.kind == "response" else self.doc.layout

    @cached_property
    def _noticed(self) -> Mapping[str, Sequence[Found]]:
        noticed: dict[str, list[Found]] = defaultdict(list)
        # The text of an exact file leaves nothing to be noticed, and most files are exact.
        if not self.doc.exact and self.layout is not None:
            for code, message, span in self.layout.findings():
                noticed[code].append(Found(message, span))
        return noticed

    def noticed(self, code: str) -> Sequence[Found]:
        """Return what the reader noticed, under a code."""
        return self._noticed.get(code, ())

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of providers, in order."""
        return tuple(find_marks(self.text))

    @cached_property
    def entries(self) -> tuple[EntryFacts, ...]:
        """The models and papers that the document lists, in order."""
        parts: dict[str, Sequence[ModelRef | PaperRef]]
        match self.doc.value:
            case PromptSpec(_, models, papers):
                parts = {"models": models, "papers": papers}
            case Answer(references=references):
                parts = {"references": references}
            case _:  # a response says things in any way
                parts = {}
        return tuple(
            EntryFacts(part, number, value)
            for part, values in parts.items()
            for number, value in enumerate(values)
        )

    @property
    def fields(self) -> Iterator[tuple[EntryFacts, str, str]]:
        """The fields of entries that hold a link: the entry, the name of the field, the link."""
        for entry in self.entries:
            for field, url in (("paper", entry.value.paper), ("github", entry.value.github)):
                if url is not None:
                    yield entry, field, url

    @cached_property
    def links(self) -> tuple[LinkFacts, ...]:
        """The links of the entries, in order, without those of the prompt."""
        from cnaps.identifiers import identify

        given = set() if self.prompt is None else {url for _, _, url in self.prompt.fields}
        return tuple(
            LinkFacts(entry, field, url, identify(url))
            for entry, field, url in self.fields
            if url not in given
        )

    def span(self, place: EntryFacts | LinkFacts, *names: str) -> Span:
        """Return where an entry, a link or another field of an entry stands."""
        entry, fields = (
            (place, names) if isinstance(place, EntryFacts) else (place.entry, (place.field,))
        )
        _, node = self._place(entry)
        return node.lines[fields[0]].value if fields else node.span

    def _place(self, entry: EntryFacts) -> tuple[Entries, Node]:
        """Return the part of an entry, and where it stands; to ask the document takes longer."""
        layout = cast("Layout", self.layout)  # what lists entries has one
        part = _entries(layout.dialect)[entry.part]
        return part, layout.nodes(part)[entry.number]

    def edits(self, entry: EntryFacts, **fields: str | None) -> tuple[Edit, ...]:
        """Return the edits that give an entry other fields, or without any take it out."""
        from cnaps.editing import field_edits, without_entry

        layout = cast("Layout", self.layout)
        part, node = self._place(entry)
        if not fields:
            return (without_entry(layout, part, node),)
        held: Any = entry.value
        return tuple(sorted(field_edits(layout, part, node, held, evolve(held, **fields))))


@cache
def _entries(dialect: Dialect) -> Mapping[str, Entries]:
    """Return the parts of a dialect that list entries, by their names."""
    return {part.name: part for part in dialect.parts if isinstance(part, Entries)}
