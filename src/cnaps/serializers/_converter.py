"""The bridge to cattrs: hooks that turn values into plain data and plain data into values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cattrs import Converter

from cnaps.errors import Problem, SchemaError
from cnaps.serializers._shapes import SHAPES, shown
from cnaps.serializers._versions import SCHEMA_VERSION
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from collections.abc import Callable

    from cattrs import BaseConverter

    from cnaps.serializers._shapes import Value

__all__ = ["LABELLED", "configure_converter", "make_converter", "structure", "unstructure"]


def make_converter() -> Converter:
    r"""Return a new cattrs converter that knows the values of cnaps.

    It is strict with classes of your own as well: it refuses keys that they do not have, and
    takes str, int, float and bool as they are, where cattrs would turn 3 into "3".

    >>> import cattrs
    >>> from attrs import frozen
    >>> from cnaps import ModelRef
    >>> @frozen
    ... class Shelf:
    ...     label: str
    ...     models: list[ModelRef]
    >>> converter = make_converter()
    >>> converter.structure({"label": "Deraining", "models": [{"name": "Restormer"}]}, Shelf)
    Shelf(label='Deraining', models=[ModelRef(name='Restormer', paper=None, github=None)])

    What is wrong comes as cattrs reports it, with a `cnaps.SchemaError` for each value:

    >>> def message(error, _type):
    ...     return str(error)
    >>> try:
    ...     converter.structure({"label": 3, "models": [{"nam": "Restormer"}]}, Shelf)
    ... except cattrs.BaseValidationError as error:
    ...     print(*cattrs.transform_error(error, format_exception=message), sep="\n")
    expected str, got 3 @ $.label
    2 problems in this data:
      - unknown key 'nam' (did you mean 'name'?)
      - missing key 'name' @ $.models[0]
    """
    converter = Converter(forbid_extra_keys=True)
    for scalar, types in _SCALARS.items():
        converter.register_structure_hook(scalar, _scalar_hook(scalar.__name__, types))
    configure_converter(converter)
    return converter


def configure_converter(converter: BaseConverter) -> None:
    """Teach a cattrs converter of your own the six value classes, and nothing else.

    Values become objects of all their fields, null included; tuples become lists. On the way
    back nothing is converted: a field of another type, a key that the class does not have, and
    a required key that is missing are problems. One `cnaps.SchemaError` for each value lists
    them all, with paths that start at the value.

    Subclasses of the six remain as the converter has them.

    >>> import cattrs
    >>> from cnaps import PromptSpec
    >>> converter = cattrs.Converter()
    >>> configure_converter(converter)
    >>> converter.structure({"question": {"text": 3}, "models": [{"nam": "x"}]}, PromptSpec)
    Traceback (most recent call last):
        ...
    cnaps.errors.SchemaError: 3 problems in this data:
      - question.text: expected str, got 3
      - models[0]: unknown key 'nam' (did you mean 'name'?)
      - models[0]: missing key 'name'
    """
    # Predicates, because a hook for a class would take its subclasses as well.
    converter.register_structure_hook_func(_is_value, structure)
    converter.register_unstructure_hook_func(_is_value, unstructure)


def _is_value(target: object) -> bool:
    return any(target is kind for kind in SHAPES)


def structure(raw: object, kind: type[Value]) -> Value:
    """Return the value that plain data stands for, or raise SchemaError with all its problems."""
    shape = SHAPES[kind]
    try:
        return shape.build(raw)
    except (TypeError, ValueError):
        problems = tuple(shape.problems(raw, ""))
    raise SchemaError(problems, format="data")


# JSON has one kind of number: 3 is a float as well.
_SCALARS: dict[type, tuple[type, ...]] = {
    str: (str,),
    int: (int,),
    float: (float, int),
    bool: (bool,),
}


def _scalar_hook(name: str, types: tuple[type, ...]) -> Callable[[object, object], object]:
    def check(raw: object, _type: object) -> object:
        # Not isinstance: True is an int.
        if type(raw) not in types:
            raise SchemaError((Problem("", f"expected {name}, got {shown(raw)}"),), format="data")
        return raw

    return check


def unstructure(value: Value) -> dict[str, Any]:
    """Return a value as plain data."""
    fields = LABELLED[type(value)](value)
    del fields["type"], fields["schema_version"]
    return fields


def _question(value: Question) -> dict[str, Any]:
    return {"type": "Question", "schema_version": SCHEMA_VERSION, "text": value.text}


def _model(value: ModelRef) -> dict[str, Any]:
    return {
        "type": "ModelRef",
        "schema_version": SCHEMA_VERSION,
        "name": value.name,
        "paper": value.paper,
        "github": value.github,
    }


def _paper(value: PaperRef) -> dict[str, Any]:
    return {
        "type": "PaperRef",
        "schema_version": SCHEMA_VERSION,
        "title": value.title,
        "paper": value.paper,
        "github": value.github,
        "summary": value.summary,
    }


def _prompt(value: PromptSpec) -> dict[str, Any]:
    # Loops, as comprehensions are calls in Python 3.11.
    models, papers = [], []
    for m in value.models:
        models.append({"name": m.name, "paper": m.paper, "github": m.github})  # noqa: PERF401
    for p in value.papers:
        papers.append(  # noqa: PERF401
            {"title": p.title, "paper": p.paper, "github": p.github, "summary": p.summary}
        )
    return {
        "type": "PromptSpec",
        "schema_version": SCHEMA_VERSION,
        "question": {"text": value.question.text},
        "models": models,
        "papers": papers,
    }


def _workflow(value: Workflow) -> dict[str, Any]:
    return {
        "type": "Workflow",
        "schema_version": SCHEMA_VERSION,
        "input": value.input,
        "model": value.model,
        "output": value.output,
    }


def _answer(value: Answer) -> dict[str, Any]:
    flow = value.workflow
    references = []
    for r in value.references:
        references.append({"name": r.name, "paper": r.paper, "github": r.github})  # noqa: PERF401
    return {
        "type": "Answer",
        "schema_version": SCHEMA_VERSION,
        "question": {"text": value.question.text},
        "task": value.task,
        "workflow": {"input": flow.input, "model": flow.model, "output": flow.output},
        "references": references,
        "notes": list(value.notes),
    }


# Plain data with its label: the type, and the version of the schema. Written out, and flat: several
# times faster than what cattrs makes from the fields. A test holds them to the fields.
LABELLED: dict[type[Value], Callable[[Any], dict[str, Any]]] = {
    Answer: _answer,
    ModelRef: _model,
    PaperRef: _paper,
    PromptSpec: _prompt,
    Question: _question,
    Workflow: _workflow,
}
