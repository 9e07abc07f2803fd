"""What plain data must look like to become a value, derived from the classes themselves.

Plain data is what the formats read and write: objects, lists, texts and null, as dict, list,
str and None. A shape does three things with it. `build` makes the value and takes no time to
explain: the classes are strict, so calling them is the check. Only when that fails does
`problems` walk the data again and list everything that is wrong, each with its path. `known`
drops what only a newer version of the schema has.
"""

from __future__ import annotations

import difflib
import reprlib
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import NoneType
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias, get_args, get_type_hints

from attrs import NOTHING, fields, frozen

from cnaps.errors import Notice, Problem
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date, time

    Check: TypeAlias = Callable[[object, str], Iterator[Problem]]

__all__ = [
    "SHAPES",
    "TEXT",
    "TEXT_OR_NULL",
    "Field",
    "Literal",
    "ObjectShape",
    "Repeated",
    "Shape",
    "Value",
    "below",
    "known_fields",
    "not_a_value",
    "object_problems",
    "shown",
    "similar",
]

Value: TypeAlias = Answer | ModelRef | PaperRef | PromptSpec | Question | Workflow


@frozen
class Repeated:
    """An object in which a key stands more than once; what a format that can tell hands over.

    It is no Mapping on purpose: nothing can be built from it.
    """

    fields: Mapping[str, object]
    keys: tuple[str, ...]  # those that repeat one before them

    def __repr__(self) -> str:
        return "{...}"


@frozen(repr=False)
class Literal:
    """Something that no field takes, such as a number: kept as written, and never worked out.

    Python would refuse an integer of some thousand digits, with an error of its own.
    """

    written: str

    def __repr__(self) -> str:
        return self.written


_WIDEST = 1_000  # bits of a number that is shown
_LONGEST = 40  # no name is nearly as long; looking for what a longer key resembles is lost time


class _Shown(reprlib.Repr):
    """Data as an error message shows it: short, printable, and in the words of JSON."""

    def __init__(self) -> None:
        super().__init__()
        self.maxlevel = 0  # what a list or an object holds does not matter

    def repr_NoneType(self, _value: None, _level: int) -> str:  # noqa: N802 - named after the type
        return "null"

    def repr_bool(self, value: bool, _level: int) -> str:  # noqa: FBT001 - the signature of reprlib
        return "true" if value else "false"

    def repr_int(self, x: int, level: int) -> str:
        # Python refuses to print a number of more than some thousand digits.
        return super().repr_int(x, level) if x.bit_length() <= _WIDEST else "a huge number"

    def repr_date(self, value: date | time, _level: int) -> str:
        return value.isoformat()

    repr_datetime = repr_time = repr_date


shown = _Shown().repr


def similar(word: object, names: Iterable[str]) -> str:
    """Return ` (did you mean 'name'?)`, or nothing where no name is similar."""
    if not isinstance(word, str) or len(word) > _LONGEST:
        return ""
    return _similar(word, tuple(names))


@lru_cache  # bad data repeats its mistakes, and each costs 30 µs
def _similar(word: str, names: tuple[str, ...]) -> str:
    matches = difflib.get_close_matches(word, names, n=1)
    return f" (did you mean {matches[0]!r}?)" if matches else ""


class Shape(Protocol):
    """What a piece of plain data must look like."""

    def build(self, raw: Any, /) -> Any:
        """Return what becomes of the data; raise TypeError or ValueError if it is wrong."""
        ...

    def problems(self, raw: object, path: str) -> Iterator[Problem]:
        """Yield what is wrong with the data, in its order."""
        ...

    def known(self, raw: object, path: str, notices: list[Notice], /) -> object:
        """Return the data without the keys that the class does not have; note each of them."""
        ...


class ObjectShape(Shape, Protocol):
    """What an object must look like."""

    def fields_of(self, raw: object, /) -> Mapping[str, Field]:
        """Return the keys that the object must or may have."""
        ...


@frozen
class _Text:
    words: str
    types: tuple[type, ...]

    def build(self, raw: Any) -> Any:
        return raw  # the class that the text goes to checks it

    def problems(self, raw: object, path: str) -> Iterator[Problem]:
        if not isinstance(raw, self.types):
            yield Problem(path, f"expected {self.words}, got {shown(raw)}")

    def known(self, raw: object, _path: str, _notices: list[Notice]) -> object:
        return raw


@frozen
class _List:
    item: Shape

    def build(self, raw: Any) -> tuple[Any, ...]:
        # A text has items as well, and an empty one would pass for an empty list.
        if not isinstance(raw, list | tuple):
            raise TypeError
        build = self.item.build
        return tuple([build(item) for item in raw])

    def problems(self, raw: object, path: str) -> Iterator[Problem]:
        if not isinstance(raw, list | tuple):
            yield Problem(path, f"expected a list, got {shown(raw)}")
            return
        for number, item in enumerate(raw):
            yield from self.item.problems(item, f"{path}[{number}]")

    def known(self, raw: object, path: str, notices: list[Notice]) -> object:
        if not isinstance(raw, list | tuple):
            return raw
        return [self.item.known(item, f"{path}[{i}]", notices) for i, item in enumerate(raw)]


class Field(NamedTuple):
    """A key of an object.

    Attributes:
        check: Yields what is wrong with its value, given the path to it.
        required: Whether it must be there.
        hint: What to say where it is missing.
    """

    check: Check
    required: bool = True
    hint: str = ""


@frozen
class _Object:
    shapes: dict[str, Shape]
    fields: dict[str, Field]
    build: Callable[[Any], Value]

    def fields_of(self, _raw: object) -> dict[str, Field]:
        return self.fields

    def problems(self, raw: object, path: str) -> Iterator[Problem]:
        return object_problems(raw, path, self.fields)

    def known(self, raw: object, path: str, notices: list[Notice]) -> object:
        return known_fields(raw, path, self.shapes, notices)


def known_fields(
    raw: object, path: str, shapes: Mapping[str, Shape], notices: list[Notice]
) -> object:
    """Return an object without the keys that have no shape; note each of them."""
    if not isinstance(raw, Mapping):
        return raw
    notices += [
        Notice(path, f"unknown key {shown(key)} passed over") for key in raw if key not in shapes
    ]
    return {
        key: shapes[key].known(item, below(path, key), notices)
        for key, item in raw.items()
        if key in shapes
    }


def below(path: str, key: str) -> str:
    """Return the path to a key of the object at a path."""
    return f"{path}.{key}" if path else key


def object_problems(
    raw: object, path: str, fields: Mapping[str, Field], *, others: bool = False
) -> Iterator[Problem]:
    """Yield what is wrong with an object that should have these fields.

    `others` lets it have keys that are none of them.
    """
    if isinstance(raw, Repeated):
        yield from (Problem(path, f"duplicate key {shown(key)}") for key in raw.keys)
        raw = raw.fields
    if not isinstance(raw, Mapping):
        yield Problem(path, f"expected an object, got {shown(raw)}")
        return
    for key, item in raw.items():
        field = fields.get(key)
        if field is not None:
            yield from field.check(item, below(path, key))
        elif not others:
            yield Problem(path, f"unknown key {shown(key)}{similar(key, fields)}")
    for name, field in fields.items():
        if field.required and name not in raw:
            yield Problem(path, f"missing key {name!r}{field.hint}")


def _builder(kind: type[Value], shapes: Mapping[str, Shape]) -> Callable[[Any], Value]:
    """Return the function that makes a `kind`, having built what is not text first."""
    nested = [(name, shape.build) for name, shape in shapes.items() if not isinstance(shape, _Text)]

    def build_flat(raw: Any) -> Value:
        return kind(**raw)

    def build(raw: Any) -> Value:
        built = {**raw}
        for name, build_field in nested:
            if name in built:
                built[name] = build_field(built[name])
        return kind(**built)

    return build if nested else build_flat


TEXT = _Text("str", (str,))
TEXT_OR_NULL = _Text("str or null", (str, NoneType))
_TEXTS: dict[object, Shape] = {str: TEXT, str | None: TEXT_OR_NULL}


def _shape_of(hint: Any) -> Shape:
    """Return the shape of what a field of this type is made from."""
    if hint in _TEXTS:
        return _TEXTS[hint]
    if hint in get_args(Value):
        return _object_for(hint)
    return _List(_shape_of(get_args(hint)[0]))  # tuple[X, ...]


def _object_for(kind: type[Value]) -> _Object:
    shapes = {name: _shape_of(hint) for name, hint in get_type_hints(kind).items()}
    required = {field.name: field.default is NOTHING for field in fields(kind)}
    described = {name: Field(shape.problems, required[name]) for name, shape in shapes.items()}
    return _Object(shapes, described, _builder(kind, shapes))


SHAPES: dict[type[Value], _Object] = {kind: _object_for(kind) for kind in get_args(Value)}


def not_a_value(found: str) -> TypeError:
    """Return the error for a caller who came with something that is not of ours."""
    if found in {"Response", "ResponseDocument"}:
        return TypeError(
            "a response has no serialised form; its text is all there is: write that of"
            " `Response.source`, or the bytes of `ResponseDocument.to_bytes()`"
        )
    names = ", ".join(kind.__name__ for kind in SHAPES)
    return TypeError(f"expected {names} or Document, not {found}")
