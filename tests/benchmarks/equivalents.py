"""The values as classes of other libraries, which read and write JSON as strictly as cnaps does.

They are made from the classes of cnaps, so they have what these have. The libraries are imported
when they are asked for: a benchmark without them is one with fewer lines.
"""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias, get_args, get_type_hints

import attrs

from cnaps.serializers import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LIBRARIES", "Library"]

# Makes a class of a name and, for each field, its name, its type, and its default or NOTHING.
_Make: TypeAlias = "Callable[[str, list[tuple[str, Any, Any]]], Any]"


class Library(NamedTuple):
    """How a library writes and reads JSON of one class.

    Attributes:
        encode: Makes JSON of an object of the class that it has instead.
        decode: Makes that object of JSON.
    """

    encode: Callable[[Any], str | bytes]
    decode: Callable[[str], object]


def _msgspec(kind: type) -> Library:
    import msgspec

    def make(name: str, fields: list[tuple[str, Any, Any]]) -> type[msgspec.Struct]:
        described = [
            (key, hint) if default is attrs.NOTHING else (key, hint, default)
            for key, hint, default in fields
        ]
        return msgspec.defstruct(name, described, forbid_unknown_fields=True)

    made = _labelled(make, kind)
    return Library(msgspec.json.Encoder().encode, msgspec.json.Decoder(made).decode)


def _pydantic(kind: type) -> Library:
    import pydantic

    # A name such as `model` is a field like any other.
    config = pydantic.ConfigDict(strict=True, extra="forbid", protected_namespaces=())

    def make(name: str, fields: list[tuple[str, Any, Any]]) -> type[pydantic.BaseModel]:
        described: dict[str, Any] = {
            key: (hint, ... if default is attrs.NOTHING else default)
            for key, hint, default in fields
        }
        return pydantic.create_model(name, __config__=config, **described)

    made = _labelled(make, kind)
    return Library(made.model_dump_json, made.model_validate_json)


# By the name of the package.
LIBRARIES: dict[str, Callable[[type], Library]] = {"msgspec": _msgspec, "pydantic": _pydantic}


def _labelled(make: _Make, kind: type) -> Any:
    """Return the class that a library has instead, with the type and the version as fields."""
    labels = {"type": kind.__name__, "schema_version": SCHEMA_VERSION}
    described = [(key, Literal[text], attrs.NOTHING) for key, text in labels.items()]
    return make(kind.__name__, [*described, *_fields(make, kind)])


def _fields(make: _Make, kind: type) -> list[tuple[str, Any, Any]]:
    hints = get_type_hints(kind)
    return [
        (field.name, _equivalent(make, hints[field.name]), field.default)
        for field in attrs.fields(kind)
    ]


def _equivalent(make: _Make, hint: Any) -> Any:
    """Return a type with, in place of each value class, the one that a library has instead."""
    if attrs.has(hint):
        return make(hint.__name__, _fields(make, hint))
    items = get_args(hint)
    return GenericAlias(tuple, (_equivalent(make, items[0]), ...)) if items[-1:] == (...,) else hint
