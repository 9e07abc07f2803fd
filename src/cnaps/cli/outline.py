"""A value as rows that people read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cnaps.values import PaperRef, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnaps.values import Answer, ModelRef

__all__ = ["Row", "outline"]


class Row(NamedTuple):
    """A piece of an outline.

    Attributes:
        role: What it is: a "heading", the "title" of an entry, "text" below a heading, or the
            name of the field that it is the value of.
        text: What it says; None where a field has no value.
    """

    role: str
    text: str | None


def outline(value: PromptSpec | Answer) -> Iterator[Row]:
    """Yield the rows of a prompt or an answer, in the order of its fields."""
    yield Row("heading", "Question")
    yield Row("text", value.question.text)
    if isinstance(value, PromptSpec):
        yield from _entries("Models", value.models)
        yield from _entries("Papers", value.papers)
        return
    yield Row("heading", "Task")
    yield Row("text", value.task)
    yield Row("heading", "Workflow")
    yield Row("input", value.workflow.input)
    yield Row("model", value.workflow.model)
    yield Row("output", value.workflow.output)
    yield from _entries("References", value.references)
    yield Row("heading", f"Notes ({len(value.notes)})")
    for note in value.notes:
        yield Row("text", note)


def _entries(heading: str, entries: Sequence[ModelRef | PaperRef]) -> Iterator[Row]:
    yield Row("heading", f"{heading} ({len(entries)})")
    for entry in entries:
        yield Row("title", entry.title if isinstance(entry, PaperRef) else entry.name)
        yield Row("paper", entry.paper)
        yield Row("github", entry.github)
        if isinstance(entry, PaperRef):
            yield Row("summary", entry.summary)
