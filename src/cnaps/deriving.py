"""What differs between an answer and the one that follows from its prompt."""

from __future__ import annotations

from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import fields, frozen

from cnaps._inputs import answer_of, prompt_of
from cnaps.aligning import align, common_start
from cnaps.dialects import DIALECTS
from cnaps.rendering import answer_for, path_text
from cnaps.spans import Span
from cnaps.values import Answer, ModelRef

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from os import PathLike

    from cnaps._inputs import Prompt
    from cnaps.document import Document

    Path = tuple[str | int, ...]

__all__ = ["Change", "diff_answer"]

_SHOWN = 96  # characters of a text that a line shows
_BEFORE = 20  # of which so many come before the first difference


@frozen
class Change:
    """A field of an answer that is not as the prompt has it.

    Attributes:
        path: The field: `task`, `references[1].paper`, or `references[1]` for a reference that is
            missing or one too many; `notes[0]` alike. Numbers are those of the answer, and that
            of something missing is its number in the derived answer.
        expected: What follows from the prompt, or None: for no link there, and for what is one
            too many.
        found: What the answer has, or None: for no link there, and for what is missing.
        span: Where, as offsets into the text of the answer: the field, its entry if there is no
            text for the field, or the empty span where something missing would stand. None where
            the answer came as a value.
    """

    path: str
    expected: str | ModelRef | None
    found: str | ModelRef | None
    span: Span | None

    def __str__(self) -> str:
        start = _first_shown(self.expected, self.found)
        expected, found = _shown(self.expected, start), _shown(self.found, start)
        return f"{self.path}: expected {expected}, found {found}"


def _first_shown(expected: object, found: object) -> int:
    """Return from which character on two texts are shown: so that it can be seen what differs."""
    if not (isinstance(expected, str) and isinstance(found, str)):
        return 0
    if max(len(expected), len(found)) <= _SHOWN:
        return 0
    return max(0, common_start(expected, found) - _BEFORE)


def _shown(text: str | ModelRef | None, start: int) -> str:
    if text is None:
        return "nothing"
    if isinstance(text, ModelRef):
        text = text.name
    end = start + _SHOWN
    return f"{'…' * (start > 0)}{text[start:end]!r}{'…' * (end < len(text))}"


def diff_answer(
    prompt: Prompt, answer: Document | Answer | str | PathLike[str], *, dialect: str | None = None
) -> tuple[Change, ...]:
    """Return what differs between an answer and `answer_for` of its prompt, field by field.

    References that were moved are missing in one place and one too many in the other; none of
    the others differs for that. Damage and line ends make no difference.

    Args:
        prompt: A Document, a PromptSpec, the text of a file (never its path), or the path as a
            `PathLike`.
        answer: The same of an answer.
        dialect: The dialect whose wording is expected; by default that of the answer's file and,
            for a value, the one that it differs least from.

    Raises:
        OSError: A file cannot be read.
        ParseError: A file or a text is neither a prompt nor an answer.
        TypeError: An argument is nothing of this.
        ValueError: The prompt holds an answer or the answer a prompt, or there is no such dialect
            for answers.

    >>> from pathlib import Path
    >>> from attrs import evolve
    >>> from cnaps import read
    >>> prompt = Path("docs/examples/rain/prompt.txt")
    >>> answer = read("docs/examples/rain/answer.txt")
    >>> diff_answer(prompt, answer)
    ()
    >>> first, *others = answer.value.references
    >>> first = evolve(first, paper="https://arxiv.org/abs/2111.09882")
    >>> edited = answer.with_value(evolve(answer.value, references=(first, *others[1:])))
    >>> for change in diff_answer(prompt, edited):
    ...     print(edited.location(change.span.start).line, change)
    24 references[0].paper: expected 'https://arxiv.org/pdf/2111.09881', found
    'https://arxiv.org/abs/2111.09882'
    26 references[1]: expected 'Multi-Stage Progressive Image Restoration', found nothing
    """
    asked = prompt_of(prompt)
    given, document = answer_of(answer)
    if dialect is None and document is not None:
        dialect = document.dialect
    names = _ANSWERS if dialect is None else (dialect,)
    found = min(([*_differences(answer_for(asked, name), given)] for name in names), key=len)
    return tuple(
        Change(
            path_text(path),
            expected,
            got,
            None if document is None else _span(document, path, place),
        )
        for path, expected, got, place in found
    )


# The newest comes first, and of several that differ equally little it is the one.
_ANSWERS = tuple(dialect.name for dialect in DIALECTS.values() if dialect.kind == "answer")


class _Difference(NamedTuple):
    """A change before it has a place in a text.

    Attributes:
        path: The names and numbers that lead to the field.
        expected: As in a Change.
        found: As in a Change.
        place: How many items of the answer stand before something missing; else None.
    """

    path: Path
    expected: Any
    found: Any
    place: int | None = None


def _differences(expected: Any, found: Any, path: Path = ()) -> Iterator[_Difference]:
    if expected == found:
        return
    if isinstance(expected, tuple):
        yield from _differing_items(expected, found, path)
    elif isinstance(expected, str | None):
        yield _Difference(path, expected, found)
    else:
        for field in fields(type(expected)):
            pair = getattr(expected, field.name), getattr(found, field.name)
            yield from _differences(*pair, (*path, field.name))


def _differing_items(
    expected: Sequence[Any], found: Sequence[Any], path: Path
) -> Iterator[_Difference]:
    keys = _KEYS if path == ("references",) else ()
    pairs = [(-1, -1), *align(expected, found, *keys), (len(expected), len(found))]
    for (i, j), (stop_i, stop_j) in pairwise(pairs):
        if i >= 0:
            yield from _differences(expected[i], found[j], (*path, j))
        for number in range(i + 1, stop_i):
            yield _Difference((*path, number), expected[number], None, place=j + 1)
        for number in range(j + 1, stop_j):
            yield _Difference((*path, number), None, found[number])


# What makes a reference the same although it was changed, the surest first.
_KEYS = tuple(attrgetter(field.name) for field in fields(ModelRef))


def _span(document: Document, path: Path, place: int | None) -> Span:
    """Return where a change is in the text of an answer."""
    if place is not None:
        return _gap(document, str(path[0]), place)
    part = str(path[0])
    return _text(document, *path) or _text(document, *path[:-1]) or _gap(document, part, 0)


def _gap(document: Document, part: str, place: int) -> Span:
    """Return the empty span in front of an item, or where it would be."""
    if place:
        edge = document.span(part, place - 1).end
    elif first := _text(document, part):
        edge = first.start
    else:
        regions = document.layout.regions.items()
        edge = next(region.start for each, region in regions if each.name == part)
    return Span(edge, edge)


def _text(document: Document, *path: str | int) -> Span | None:
    try:
        return document.span(*path)
    except KeyError:
        return None
