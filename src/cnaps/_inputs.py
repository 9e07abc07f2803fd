"""Prompts and answers as callers have them: documents, values, texts and files."""

from __future__ import annotations

from os import PathLike, fspath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from cnaps.document import Document, parse, read, read_with
from cnaps.errors import ParseError
from cnaps.rendering import render
from cnaps.responses import Response, parse_response
from cnaps.values import Answer, PromptSpec

if TYPE_CHECKING:
    Prompt: TypeAlias = Document | PromptSpec | str | PathLike[str]
    Reply: TypeAlias = Document | Answer | Response | str | PathLike[str]

__all__ = ["Subject", "answer_of", "prompt_of", "subject_of"]

_V = TypeVar("_V", PromptSpec, Answer)


def prompt_of(source: Prompt) -> PromptSpec:
    """Return the prompt that a document, a value, a text or a file holds.

    Raises ParseError where a text or file is neither a prompt nor an answer, OSError where a file
    cannot be read, ValueError where it is an answer, and TypeError for anything else.
    """
    return _held(source, PromptSpec, "a prompt")[0]


def answer_of(
    source: Document | Answer | str | PathLike[str],
) -> tuple[Answer, Document | None]:
    """Return the answer that a document, a value, a text or a file holds, and its document if any.

    Raises what `prompt_of` does, the other way round.
    """
    return _held(source, Answer, "an answer")


def _held(source: object, kind: type[_V], needed: str) -> tuple[_V, Document | None]:
    if isinstance(source, kind):
        return source, None
    if isinstance(source, Document):
        document, name = source, "the document"
    elif isinstance(source, str):
        document, name = _parsed(source, needed), "the text"
    elif isinstance(source, PathLike):
        document, name = read(source), fspath(source)
    else:
        message = (
            f"{needed} is a Document, {_a(kind.__name__)}, its text or the path of its file,"
            f" not {type(source).__name__}"
        )
        raise TypeError(message)
    if not isinstance(document.value, kind):
        message = f"{name} holds {_a(document.kind)}, and {needed} is needed"
        raise ValueError(message)  # noqa: TRY004 - the type is right, what it holds is not
    return document.value, document


def _a(word: str) -> str:
    return f"{'an' if word[0] in 'Aa' else 'a'} {word}"


def _parsed(text: str, needed: str) -> Document:
    try:
        return parse(text)
    except ParseError as error:
        if "\n" not in text:
            error.hint = f"a str is the text of {needed}; for a file, pass a pathlib.Path"
        raise


class Subject(NamedTuple):
    """What is judged.

    Attributes:
        text: Its text, which spans refer to.
        value: What the text says.
        start: Where the answer starts: behind what a model thought in front of it.
    """

    text: str
    value: Answer | Response
    start: int = 0


def subject_of(source: Reply) -> Subject:
    """Return what is to be judged of a document, a value, a text or a file.

    A text stays as it is; that of an `Answer` is what `render` makes of it.

    Raises OSError where a file cannot be read, ParseError where it is not UTF-8, RenderError where
    no file can hold an Answer, ValueError where a document is a prompt, and TypeError for anything
    else.
    """
    if isinstance(source, str):
        return _of_response(Response(source))
    if isinstance(source, PathLike):
        source = read_with(parse_response, source)  # what an answer says is in its text, too
    if isinstance(source, Response):
        return _of_response(source)
    if isinstance(source, Answer):
        return Subject(render(source), source)
    if isinstance(source, Document):
        value: object = source.value
        if isinstance(value, Response):
            return _of_response(value)
        if isinstance(value, Answer):
            return Subject(source.text, value)
        message = "the document holds a prompt, and an answer is needed"
        raise ValueError(message)
    message = (
        "an answer is a Document, an Answer, a Response, its text or the path of its file,"
        f" not {type(source).__name__}"
    )
    raise TypeError(message)


def _of_response(response: Response) -> Subject:
    return Subject(response.source, response, response.thoughts.end)
