"""Objects as pairs: what formats hand over, because a dict forgets keys that stand twice.

In data as pairs an object is a tuple of (key, value), a list is a list. The standard library makes
such tuples as fast as dicts. `build` turns them into values where every object has the keys of its
class in their order, as this package writes them; `plain` into dicts and lists where not.

The classes below are stand-ins as in `cnaps._unchecked`: they fill the slots of a value and then
become it. Their checks are those of the value's own constructor, which takes four times as long.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias, cast

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

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
            raise _UnusualError
        ((key, text),) = pairs
        if key != "text" or type(text) is not str:
            raise _UnusualError
        self.text = text
        self.__class__ = values.Question  # type: ignore[assignment]


class _ModelRef:
    __slots__ = ("github", "name", "paper")

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
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
        self.name = name
        self.paper = paper
        self.github = github
        self.__class__ = values.ModelRef  # type: ignore[assignment]


class _PaperRef:
    __slots__ = ("github", "paper", "summary", "title")

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
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
        self.title = title
        self.paper = paper
        self.github = github
        self.summary = summary
        self.__class__ = values.PaperRef  # type: ignore[assignment]


class _PromptSpec:
    __slots__ = ("models", "papers", "question")

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
            raise _UnusualError
        (key_1, question), (key_2, models), (key_3, papers) = pairs
        if (
            key_1 != "question"
            or key_2 != "models"
            or key_3 != "papers"
            or type(models) is not list
            or type(papers) is not list
        ):
            raise _UnusualError
        self.question = _Question(question)
        self.models = tuple(map(_ModelRef, models))
        self.papers = tuple(map(_PaperRef, papers))
        self.__class__ = values.PromptSpec  # type: ignore[assignment]


class _Workflow:
    __slots__ = ("input", "model", "output")

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
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
        self.input = given
        self.model = model
        self.output = output
        self.__class__ = values.Workflow  # type: ignore[assignment]


class _Answer:
    __slots__ = ("notes", "question", "references", "task", "workflow")

    def __init__(self, pairs: Pairs) -> None:
        if type(pairs) is not tuple:  # a list of lists would pass for one
            raise _UnusualError
        (
            (key_1, question),
            (key_2, task),
            (key_3, workflow),
            (key_4, references),
            (key_5, notes),
        ) = pairs
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
        self.question = _Question(question)
        self.task = task
        self.workflow = _Workflow(workflow)
        self.references = tuple(map(_ModelRef, references))
        self.notes = tuple(notes)
        self.__class__ = values.Answer  # type: ignore[assignment]


_STAND_INS: dict[type[Value], Callable[[Pairs], Any]] = {
    values.Answer: _Answer,
    values.ModelRef: _ModelRef,
    values.PaperRef: _PaperRef,
    values.PromptSpec: _PromptSpec,
    values.Question: _Question,
    values.Workflow: _Workflow,
}


def build(pairs: Pairs, kind: type[Value]) -> Value | None:
    """Return the value that an object stands for, or None where that is not plain to see."""
    try:
        return cast("Value", _STAND_INS[kind](pairs))
    except (TypeError, ValueError):
        return None
