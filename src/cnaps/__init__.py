"""Prompts and answers of a research question-answering collection, read, checked and edited.

Values are plain frozen classes; a `Document` is a file that holds one.

>>> import cnaps
>>> text = cnaps.render(cnaps.PromptSpec(cnaps.Question("Which model removes rain?")))
>>> doc = cnaps.parse(text)
>>> doc.dialect, doc.value.question.text
('prompt-1', 'Which model removes rain?')
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.diagnostics import Diagnostic, Severity
from cnaps.document import Document, parse, read
from cnaps.errors import CnapsError, ParseError, RenderError, SchemaError
from cnaps.rendering import answer_for, render
from cnaps.spans import Location, Span
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from cnaps import serializers

__all__ = [
    "Answer",
    "CnapsError",
    "Diagnostic",
    "Document",
    "Location",
    "ModelRef",
    "PaperRef",
    "ParseError",
    "PromptSpec",
    "Question",
    "RenderError",
    "SchemaError",
    "Severity",
    "Span",
    "Workflow",
    "answer_for",
    "parse",
    "read",
    "render",
    "serializers",
]


def __getattr__(name: str) -> object:
    """Load what most programs do not need only when it is asked for."""
    if name == "serializers":
        import importlib

        return importlib.import_module("cnaps.serializers")
    if name == "__version__":
        from importlib.metadata import version

        return version("cnaps")
    message = f"module 'cnaps' has no attribute {name!r}"
    raise AttributeError(message)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
