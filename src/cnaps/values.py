"""The values: what a prompt or an answer says, apart from how a file says it.

Six frozen classes, compared and hashed by content. They know nothing of text, files or
positions; `cnaps.parse` makes them from files and `cnaps.render` writes them out again.

Every class is strict: a field of the wrong type is a `TypeError` that names the class, the
field and what stood there. Nothing is converted, and no value holds a subclass of another.

>>> from cnaps import ModelRef
>>> ModelRef("Denoise-SwinIR-Noise15", paper=7)
Traceback (most recent call last):
    ...
TypeError: ModelRef.paper must be str or None, not int (7)
"""

from __future__ import annotations

import reprlib
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from attrs import Attribute

    Validator = Callable[[Any, "Attribute[Any]", Any], None]

__all__ = [
    "Answer",
    "ModelRef",
    "PaperRef",
    "PromptSpec",
    "Question",
    "Workflow",
    "is_a",
    "shortened",
]

_SHOWN = 80  # characters of a long text that a repr shows


def shortened(text: object, most: int = _SHOWN) -> str:
    """Return the repr of a text, cut to one readable line."""
    if not isinstance(text, str) or len(text) <= most:
        return repr(text)
    return f"{text[:most]!r}… (+{len(text) - most:,} characters)"


def _short_each(texts: tuple[str, ...]) -> str:
    """The repr of a tuple of texts, each cut to one readable line."""
    return f"({', '.join(map(shortened, texts))}{',' * (len(texts) == 1)})"


def _refuse(owner: object, name: str, wanted: str, got: object) -> None:
    where = f"{type(owner).__name__}.{name}"
    try:
        shown = f" ({reprlib.repr(got)})"
    except Exception:  # noqa: BLE001 - any repr may fail, that of a huge int does
        shown = ""
    message = f"{where} must be {wanted}, not {type(got).__name__}{shown}"
    raise TypeError(message)


def _fits(value: object, kind: type) -> bool:
    """Tell whether a value may stand in a field of this type.

    A text may be of a subclass. A value may not: the fields that its own class adds would get
    lost wherever the value around it is written.
    """
    return isinstance(value, str) if kind is str else type(value) is kind


def is_a(kind: type, *, or_none: bool = False) -> Validator:
    """Return the validator of a field that holds values of a type; its TypeError says which."""
    wanted = f"{kind.__name__} or None" if or_none else kind.__name__

    def check(owner: object, attribute: Attribute[Any], value: object) -> None:
        if not (_fits(value, kind) or (or_none and value is None)):
            _refuse(owner, attribute.name, wanted, value)

    return check


def _tuple_of(kind: type) -> Validator:
    wanted = f"a tuple of {kind.__name__}"

    def check(owner: object, attribute: Attribute[Any], value: object) -> None:
        if not isinstance(value, tuple):
            _refuse(owner, attribute.name, wanted, value)
        for number, item in enumerate(value):  # type: ignore[arg-type, var-annotated]
            if not _fits(item, kind):
                _refuse(owner, f"{attribute.name}[{number}]", kind.__name__, item)

    return check


# An instance is a header and its fields. That there is no slot for weak references is also what
# lets `cnaps._unchecked` build one in a single step.
@frozen(weakref_slot=False)
class Question:
    """What the user asked, without the quotation marks around it.

    Attributes:
        text: The question as written; it may span lines and hold any quotation marks.
    """

    text: str = field(validator=is_a(str), repr=shortened)


@frozen(weakref_slot=False)
class ModelRef:
    """A model or tool, with the links it was given.

    Attributes:
        name: The name of the model, or the title of the paper that an answer refers to.
        paper: The link to its paper as written, or None where the file says there is none.
        github: The link to its repository as written; it can lead to any host.
    """

    name: str = field(validator=is_a(str), repr=shortened)
    paper: str | None = field(default=None, validator=is_a(str, or_none=True), repr=shortened)
    github: str | None = field(default=None, validator=is_a(str, or_none=True), repr=shortened)


@frozen(weakref_slot=False)
class PaperRef:
    """A related paper that a prompt offers.

    Attributes:
        title: The title as written, LaTeX included.
        paper: The link to the paper as written, or None.
        github: The link to its repository as written, or None.
        summary: The abstract as written, or None.
    """

    title: str = field(validator=is_a(str), repr=shortened)
    paper: str | None = field(default=None, validator=is_a(str, or_none=True), repr=shortened)
    github: str | None = field(default=None, validator=is_a(str, or_none=True), repr=shortened)
    summary: str | None = field(default=None, validator=is_a(str, or_none=True), repr=shortened)


@frozen(weakref_slot=False)
class PromptSpec:
    """What a prompt file says: a question, and the models and papers to answer it with.

    Attributes:
        question: The user's question.
        models: The recommended models, in order.
        papers: The related papers, in order.
    """

    question: Question = field(validator=is_a(Question))
    models: tuple[ModelRef, ...] = field(default=(), validator=_tuple_of(ModelRef))
    papers: tuple[PaperRef, ...] = field(default=(), validator=_tuple_of(PaperRef))


@frozen(weakref_slot=False)
class Workflow:
    """How a model solves the task: input → model → output, one sentence each.

    Attributes:
        input: What goes in.
        model: What the model does with it.
        output: What comes out.
    """

    input: str = field(validator=is_a(str), repr=shortened)
    model: str = field(validator=is_a(str), repr=shortened)
    output: str = field(validator=is_a(str), repr=shortened)


@frozen(weakref_slot=False)
class Answer:
    """What an answer file says.

    Attributes:
        question: The question that is answered.
        task: What the user wants to do.
        workflow: How the model works, as input → model → output.
        references: The models and papers that the answer lists, in order.
        notes: The closing paragraphs, in order.
    """

    question: Question = field(validator=is_a(Question))
    task: str = field(validator=is_a(str), repr=shortened)
    workflow: Workflow = field(validator=is_a(Workflow))
    references: tuple[ModelRef, ...] = field(default=(), validator=_tuple_of(ModelRef))
    notes: tuple[str, ...] = field(default=(), validator=_tuple_of(str), repr=_short_each)
