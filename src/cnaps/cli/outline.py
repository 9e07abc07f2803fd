"""A value as rows that people read: what it says in which field."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnaps.values import Answer, PaperRef, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnaps.values import ModelRef

__all__ = ["Row", "outline"]


class Row(NamedTuple):
    """A line of an outline.

    Attributes:
        role: "heading" of a part, "title" of an entry, "text", or "field" of an entry.
        text: What it says; None where a field has no value.
        label: The name of a field.
    """

    role: str
    text: str | None
    label: str = ""


def outline(value: PromptSpec | Answer) -> Iterator[Row]:
    """Yield the rows of a prompt or an answer, in the order of its fields."""
    yield Row("heading", "Question")
    yield Row("text", value.question.text)
    match value:
        case PromptSpec():
            yield from _entries("Models", value.models)
            yield from _entries("Papers", value.papers)
        case Answer():
            yield Row("heading", "Task")
            yield Row("text", value.task)
            yield Row("heading", "Workflow")
            yield Row("field", value.workflow.input, "input")
            yield Row("field", value.workflow.model, "model")
            yield Row("field", value.workflow.output, "output")
            yield from _entries("References", value.references)
            yield Row("heading", f"Notes ({len(value.notes)})")
            for note in value.notes:
                yield Row("text", note)


def _entries(heading: str, entries: Sequence[ModelRef | PaperRef]) -> Iterator[Row]:
    yield Row("heading", f"{heading} ({len(entries)})")
    for entry in entries:
        is_paper = isinstance(entry, PaperRef)
        yield Row("title", entry.title if is_paper else entry.name)
        yield Row("field", entry.paper, "paper")
        yield Row("field", entry.github, "github")
        if is_paper:
            yield Row("field", entry.summary, "summary")
