"""Prompts and answers as callers have them: documents, values, text or files."""

from __future__ import annotations

from os import PathLike
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from cnaps.document import Document, parse, read

if TYPE_CHECKING:
    from cnaps.dialects.parts import Value

__all__ = ["Given", "taken"]

_V = TypeVar("_V", bound="Value")
Given: TypeAlias = "Document | _V | str | PathLike[str]"


def taken(name: str, given: Given[_V], kind: type[_V]) -> tuple[_V, Document | None]:
    """Return what a caller handed over as a value, and the document that it came in, if any.

    Args:
        name: What the argument is called, for messages.
        given: A document, a value, the text of a file (never its path), or the path as a
            `PathLike`.
        kind: The class that the value must have.

    Raises OSError and ParseError where a file or a text cannot be read, and TypeError where it
    holds another kind of value, or the argument is nothing of all that.
    """
    held: object = given
    if isinstance(given, str):
        held = parse(given)
    elif isinstance(given, PathLike):
        held = read(given)
    document = held if isinstance(held, Document) else None
    value = held if document is None else document.value
    if isinstance(value, kind):
        return value, document
    message = (
        f"{name}: expected {kind.__name__}, or a Document, text or path that holds one,"
        f" not {type(value).__name__}"
    )
    raise TypeError(message)
