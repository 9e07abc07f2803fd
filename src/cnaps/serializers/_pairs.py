"""Objects as pairs: what formats hand over, because a dict forgets keys that stand twice.

In data as pairs an object is a tuple of (key, value), a list is a list. The standard library makes
such tuples as fast as dicts. `build` turns them into values where every object has the keys of its
class in their order, as this package writes them; `plain` into dicts and lists where not.

The classes below are stand-ins as in `cnaps._unchecked`: their slots are filled, and then they
become the value. The checks are those of the value's own constructor, which takes four times as
long.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

from cnaps import values
from cnaps.serializers._shapes import Literal, Repeated, Value, shown

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Pairs", "build", "plain"]

Pairs: TypeAlias = "tuple[tuple[str, Any], ...]"


def plain(raw: object) -> object:
    """Return data as pairs as dicts and lists; an object with a key twice is a `Repeated`."""
    if isinstance(raw, list):
        return [plain(item) for item in raw]
    if not isinstance(raw, tuple):
        return raw
    pairs = [(_key(key), plain(item)) for key, item in raw]
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    counts = Counter(key for key, _ in pairs)
    return Repeated(fields, tuple(key for key, count in counts.items() if count > 1))


def _key(key: object) -> Any:
    """Return a key that can be looked up: some formats have others than text."""
    return key if isinstance(key, str) else Literal(shown(plain(key)))


class _UnusualError(ValueError):
    """Data that must be looked at more closely; it may be wrong, or in another order."""


class _Question:
    __slots__ = ("text",)


class _ModelRef:
    __slots__ = ("github", "name", "paper")


class _PaperRef:
    __slots__ = ("github", "paper", "summary", "title")


class _PromptSpec:
    __slots__ = ("models", "papers", "question")


class _Workflow:
    __slots__ = ("input", "model", "output")


class _Answer:
    __slots__ = ("notes", "question", "references", "task", "workflow")


def _question(pairs: Pairs) -> Any:
    if type(pairs) is not tuple:  # a list of lists would pass for one
        raise _UnusualError
    ((key, text),) = pairs
    if key != "text" or type(text) is not str:
        raise _UnusualError
    made: Any = _Question()
    made.text = text
    made.__class__ = values.Question
    return made


def _models(objects: list[Pairs]) -> tuple[Any, ...]:
    models = []
    for pairs in objects:
        if type(pairs) is not tuple:
            raise _UnusualError
        (key_1, name), (key_2, paper), (key_3, github) = pairs
        if (
            key_1 != "name"
            or key_2 != "paper"
            or key_3 != "github"
            or type(name) is not str
            or (paper is not None and type(paper) is not str)
            or (github is not None and type(github) is not str)
        ):
            raise _UnusualError
        made: Any = _ModelRef()
        made.name = name
        made.paper = paper
        made.github = github
        made.__class__ = values.ModelRef
        models.append(made)
    return tuple(models)


def _papers(objects: list[Pairs]) -> tuple[Any, ...]:
    papers = []
    for pairs in objects:
        if type(pairs) is not tuple:
            raise _UnusualError
        (key_1, title), (key_2, paper), (key_3, github), (key_4, summary) = pairs
        if (
            key_1 != "title"
            or key_2 != "paper"
            or key_3 != "github"
            or key_4 != "summary"
            or type(title) is not str
            or (paper is not None and type(paper) is not str)
            or (github is not None and type(github) is not str)
            or (summary is not None and type(summary) is not str)
        ):
            raise _UnusualError
        made: Any = _PaperRef()
        made.title = title
        made.paper = paper
        made.github = github
        made.summary = summary
        made.__class__ = values.PaperRef
        papers.append(made)
    return tuple(papers)


def _prompt(pairs: Pairs) -> Any:
    (key_1, question), (key_2, models), (key_3, papers) = pairs
    if (
        key_1 != "question"
        or key_2 != "models"
        or key_3 != "papers"
        or type(models) is not list
        or type(papers) is not list
    ):
        raise _UnusualError
    made: Any = _PromptSpec()
    made.question = _question(question)
    made.models = _models(models)
    made.papers = _papers(papers)
    made.__class__ = values.PromptSpec
    return made


def _workflow(pairs: Pairs) -> Any:
    if type(pairs) is not tuple:
        raise _UnusualError
    (key_1, given), (key_2, model), (key_3, output) = pairs
    if (
        key_1 != "input"
        or key_2 != "model"
        or key_3 != "output"
        or type(given) is not str
        or type(model) is not str
        or type(output) is not str
    ):
        raise _UnusualError
    made: Any = _Workflow()
    made.input = given
    made.model = model
    made.output = output
    made.__class__ = values.Workflow
    return made


def _answer(pairs: Pairs) -> Any:
    (key_1, question), (key_2, task), (key_3, workflow), (key_4, references), (key_5, notes) = pairs
    if (
        key_1 != "question"
        or key_2 != "task"
        or key_3 != "workflow"
        or key_4 != "references"
        or key_5 != "notes"
        or type(task) is not str
        or type(references) is not list
        or type(notes) is not list
    ):
        raise _UnusualError
    for note in notes:
        if type(note) is not str:
            raise _UnusualError
    made: Any = _Answer()
    made.question = _question(question)
    made.task = task
    made.workflow = _workflow(workflow)
    made.references = _models(references)
    made.notes = tuple(notes)
    made.__class__ = values.Answer
    return made


_BUILDERS: dict[type[Value], Callable[[Pairs], Any]] = {
    values.Answer: _answer,
    values.ModelRef: lambda pairs: _models([pairs])[0],
    values.PaperRef: lambda pairs: _papers([pairs])[0],
    values.PromptSpec: _prompt,
    values.Question: _question,
    values.Workflow: _workflow,
}


def build(pairs: Pairs, kind: type[Value]) -> Value | None:
    """Return the value that an object stands for, or None where that is not plain to see."""
    if type(pairs) is not tuple:  # a list of lists would pass for one
        return None
    try:
        return _BUILDERS[kind](pairs)  # type: ignore[no-any-return]
    except (TypeError, ValueError):
        return None
