"""Rows to train a chat model on: prompts and the answers that belong to them."""

from __future__ import annotations

import json
from os import PathLike
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from attrs import frozen

from cnaps._files import replacing
from cnaps.dialects import DIALECTS
from cnaps.document import Document, parse, read
from cnaps.errors import ParseError, RenderError
from cnaps.frames import visible
from cnaps.rendering import answer_for, render
from cnaps.values import Answer, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnaps.dialects.parts import Dialect

    _Style: TypeAlias = Callable[[list[str | None]], "Row"]

__all__ = ["Chat", "Refused", "Row", "Split", "Style", "chat"]

Row: TypeAlias = dict[str, list[dict[str, str]]]
Split: TypeAlias = Literal["user", "persona", "question"]
Style: TypeAlias = Literal["messages", "sharegpt"]
Source: TypeAlias = "str | PathLike[str] | Document | PromptSpec | Answer"


@frozen
class Refused:
    """A pair that no row was made of.

    Attributes:
        prompt: The file of the prompt, or None where it did not come as a path.
        answer: The file of the answer, or None.
        reason: Why, and which of the two is at fault.
    """

    prompt: str | None
    answer: str | None
    reason: str

    def __str__(self) -> str:
        files = " and ".join(visible(file) for file in (self.prompt, self.answer) if file)
        return f"{files}: {self.reason}" if files else self.reason


@frozen
class Chat:
    """Rows, and the pairs that became none.

    Attributes:
        rows: One for each pair that fits, in order.
        refused: The others, in order.
    """

    rows: tuple[Row, ...]
    refused: tuple[Refused, ...]

    def dumps(self) -> str:
        """Return the rows as JSON Lines; non-ASCII characters stay as they are."""
        return "".join(_lines(self.rows))

    def dump(self, path: str | PathLike[str]) -> None:
        """Write the rows to a file as JSON Lines in UTF-8, all of them or none.

        Raises OSError where that is not possible.
        """
        with replacing(path) as write:
            for line in _lines(self.rows):
                write(line.encode())


def chat(
    pairs: Iterable[tuple[Source, Source]], *, split: Split, style: Style = "messages"
) -> Chat:
    """Make rows to train a chat model on.

    A row has the text of the prompt and of the answer as their files have it, without damage, line
    ends of other systems and blank lines around it. Refused is a pair of which a file cannot be
    read or is of another kind, which holds damage that cannot be undone, of which the prompt
    asks nothing or is not worded as the split needs it, or of which the answer is to another
    question, or names a model or paper that the prompt does not offer.

    Args:
        pairs: Prompts with their answers, each a path, a Document or a value; `cnaps.pair_files`
            finds the answers to prompts in folders.
        split: What the system says and what the user says. "user": nothing, and the whole prompt.
            "persona": the first paragraph of the prompt, and the rest. "question": all but the line
            that announces the question, and the question without its quotes.
        style: "messages" for the rows of OpenAI's chat API, "sharegpt" for those of ShareGPT.

    Raises:
        ValueError: The split or the style is none of these.
        TypeError: A prompt or an answer is neither a path, nor a document, nor a value.

    >>> from cnaps import ModelRef, PromptSpec, Question, answer_for
    >>> prompt = PromptSpec(Question("Which model removes rain?"), (ModelRef("Restormer"),))
    >>> found = chat([(prompt, answer_for(prompt))], split="question")
    >>> [message["role"] for message in found.rows[0]["messages"]]
    ['system', 'user', 'assistant']
    >>> found.rows[0]["messages"][1]["content"]
    'Which model removes rain?'
    """
    _must_be_one_of("split", split, Split)
    _must_be_one_of("style", style, Style)
    rows: list[Row] = []
    refused: list[Refused] = []
    for prompt, answer in pairs:
        try:
            documents = _document("prompt", prompt), _document("answer", answer)
            rows.append(_row(*documents, split, style))
        except _RefusedError as error:
            refused.append(Refused(_path(prompt), _path(answer), str(error)))
    return Chat(tuple(rows), tuple(refused))


def _must_be_one_of(name: str, choice: str, known: object) -> None:
    if choice not in get_args(known):
        message = f"{name}: expected one of {', '.join(map(repr, get_args(known)))}, not {choice!r}"
        raise ValueError(message)


class _RefusedError(Exception):
    """Why a pair makes no row."""


def _document(kind: str, source: Source) -> Document:
    if isinstance(source, Document):
        return source
    try:
        if isinstance(source, PromptSpec | Answer):
            return parse(render(source))
        if isinstance(source, str | PathLike):
            return read(source)
    except ParseError as error:
        message = f"the {kind}, line {error.line}: {error.reason}"
        raise _RefusedError(message) from None
    except RenderError as error:
        message = f"the {kind}: {error.field} does not fit into {error.dialect}: {error.reason}"
        raise _RefusedError(message) from None
    except OSError as error:
        message = f"the {kind} cannot be read: {error.strerror or error}"
        raise _RefusedError(message) from None
    name = type(source).__name__
    message = f"the {kind} must be a path, a Document, a PromptSpec or an Answer, not {name}"
    raise TypeError(message)


def _path(source: Source) -> str | None:
    return str(source) if isinstance(source, str | PathLike) else None


def _row(prompt: Document, answer: Document, split: Split, style: Style) -> Row:
    _must_fit(prompt, answer)
    said = [*_SPLITS[split](prompt), _stripped(answer.text)]
    return _STYLES[style](said)


def _must_fit(prompt: Document, answer: Document) -> None:
    asked, given = prompt.value, answer.value
    if not isinstance(asked, PromptSpec):
        raise _RefusedError(f"the prompt is {_KINDS[prompt.kind]}")
    if not isinstance(given, Answer):
        raise _RefusedError(f"the answer is {_KINDS[answer.kind]}")
    if not asked.question.text.strip():
        raise _RefusedError("the prompt asks no question")
    if given.question != asked.question:
        raise _RefusedError("the answer is to another question")
    for kind, document in (("prompt", prompt), ("answer", answer)):
        if any(found.code == "CN002" for found in document.diagnostics):
            raise _RefusedError(f"the {kind} holds encoding damage that cannot be undone")
    offered = set(answer_for(asked).references)
    for reference in given.references:
        if reference not in offered:
            raise _RefusedError(f"the answer refers to {reference.name!r} as the prompt does not")


_KINDS = {"prompt": "a prompt", "answer": "an answer", "response": "a response"}


def _stripped(text: str) -> str:
    return text.strip("\n")


def _all_to_user(prompt: Document) -> tuple[str | None, str]:
    return None, _stripped(prompt.text)


def _persona_apart(prompt: Document) -> tuple[str, str]:
    persona, _, rest = _stripped(prompt.text).partition("\n\n")
    if persona != _persona(DIALECTS[prompt.dialect]):
        raise _RefusedError("the first paragraph of the prompt is not its persona")
    return persona, _stripped(rest)


def _question_apart(prompt: Document) -> tuple[str, str]:
    text, dialect = prompt.text, DIALECTS[prompt.dialect]
    if dialect.repeats:
        raise _RefusedError("the question stands in the prompt twice, and cannot be taken out")
    start, end = prompt.span("question")
    before = f'{dialect.sections[0].wording}"'
    if text[:start].lstrip("\n") != before or text[end : end + 2] != '"\n':
        raise _RefusedError("the wording around the question of the prompt is not as generated")
    return f"{_persona(dialect)}\n\n{_stripped(text[end + 2 :])}", text[start:end]


def _persona(dialect: Dialect) -> str:
    """Return the wording that comes before the question is announced."""
    return dialect.sections[0].wording.partition("\n\n")[0]


_SPLITS: dict[str, Callable[[Document], tuple[str | None, str]]] = {
    "user": _all_to_user,
    "persona": _persona_apart,
    "question": _question_apart,
}


def _row_of(rows: str, role: str, text: str, roles: tuple[str, ...]) -> _Style:
    """Return the function that makes a row of what system, user and model say."""

    def make(said: list[str | None]) -> Row:
        turns = zip(roles, said, strict=True)
        return {rows: [{role: who, text: what} for who, what in turns if what is not None]}

    return make


# https://platform.openai.com/docs/api-reference/chat, and the conversations of
# https://github.com/lm-sys/FastChat/blob/main/docs/training.md
_STYLES: dict[str, _Style] = {
    "messages": _row_of("messages", "role", "content", ("system", "user", "assistant")),
    "sharegpt": _row_of("conversations", "from", "value", ("system", "human", "gpt")),
}


def _lines(rows: Iterable[Row]) -> Iterator[str]:
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
