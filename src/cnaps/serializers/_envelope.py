"""Documents: a value as plain data, labelled with its type and the version of the schema.

Every format writes and reads the same documents; only the text or bytes differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from packaging.version import InvalidVersion, Version

from cnaps.errors import Problem, SchemaError
from cnaps.serializers._converter import make_converter
from cnaps.serializers._shapes import (
    SHAPES,
    Field,
    Repeated,
    Value,
    not_a_value,
    object_problems,
    shown,
    similar,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from cnaps.serializers._shapes import Check

__all__ = ["SCHEMA_VERSION", "unwrap", "version_problem", "wrap"]

V = TypeVar("V", bound=Value)

# The version that is written. Readable are versions of the same major that are not newer.
SCHEMA_VERSION = "1.0"

_LONGEST = 20  # characters of a version; Python refuses to read numbers of some thousand digits
_CURRENT = Version(SCHEMA_VERSION)
_KINDS: dict[str, type[Value]] = {kind.__name__: kind for kind in SHAPES}
_CONVERTER = make_converter()


def wrap(value: Value) -> dict[str, Any]:
    """Return a value as a document, type and version first; TypeError if it is not a value."""
    name = type(value).__name__
    if type(value) not in SHAPES:
        raise not_a_value(name)
    return {"type": name, "schema_version": SCHEMA_VERSION, **_CONVERTER.unstructure(value)}


def unwrap(
    raw: object,
    kind: type[V] | None,
    *,
    format: str,  # noqa: A002 - as in SchemaError
    path: str | PathLike[str] | None = None,
) -> V:
    """Return the value that a document holds; it must be a `kind` unless that is None.

    Raises SchemaError with everything that is wrong, and TypeError if `kind` is no value class.
    """
    if kind is not None and kind not in _KINDS.values():
        raise not_a_value(repr(kind))
    names = tuple(_KINDS) if kind is None else (kind.__name__,)
    fields = {**raw} if isinstance(raw, Mapping) else {}
    name, version = fields.pop("type", None), fields.pop("schema_version", None)
    if name in names and (version == SCHEMA_VERSION or version_problem(version) is None):
        try:
            return cast("V", _CONVERTER.structure(fields, _KINDS[name]))
        except SchemaError:
            pass  # told again below, together with what is wrong around the fields
    raise SchemaError(tuple(_problems(raw, names)), format=format, path=path)


def _problems(raw: object, names: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with a document that should be one of these types."""
    labels = {
        "type": Field(_type_check(names), hint=f": expected {_one_of(names)}"),
        "schema_version": Field(_check_version, hint=f": expected {_readable(_CURRENT)}"),
    }
    document = raw.fields if isinstance(raw, Repeated) else raw
    written: Mapping[str, object] = document if isinstance(document, Mapping) else {}
    name = written.get("type", names[0] if len(names) == 1 else None)
    version = written.get("schema_version")
    # The fields of another type, or of a version that is not known, cannot be judged.
    judged = name in names and (_parsed(version) is None or version_problem(version) is None)
    fields = SHAPES[_KINDS[cast("str", name)]].fields if judged else {}
    yield from object_problems(raw, "", labels | fields, others=not judged)


def _type_check(names: tuple[str, ...]) -> Check:
    def check(raw: object, path: str) -> Iterator[Problem]:
        if raw not in names:
            message = f"expected {_one_of(names)}, got {shown(raw)}{similar(raw, names)}"
            yield Problem(path, message)

    return check


def _one_of(names: tuple[str, ...]) -> str:
    listed = ", ".join(map(repr, names))
    return listed if len(names) == 1 else f"one of {listed}"


def _check_version(raw: object, path: str) -> Iterator[Problem]:
    message = version_problem(raw)
    if message is not None:
        yield Problem(path, message)


def version_problem(raw: object, current: Version = _CURRENT) -> str | None:
    """Return why a document of this schema version cannot be read, or None if it can.

    >>> version_problem("1.0")
    >>> version_problem("2.0")
    "expected '1.0', which this cnaps reads, got '2.0': install a newer cnaps"
    """
    version = _parsed(raw)
    if version is not None and version.major == current.major and version <= current:
        return None
    newer = version is not None and version > current
    advice = ": install a newer cnaps" if newer else ""
    return f"expected {_readable(current)}, got {shown(raw)}{advice}"


def _parsed(raw: object) -> Version | None:
    """Return the version that a text such as `1.0` stands for, or None for anything else."""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    try:
        version = Version(raw)
    except InvalidVersion:
        return None
    # Version takes much more: v1.0, 1.0rc1, 1!1.0, spaces around it.
    return version if raw == f"{version.major}.{version.minor}" else None


def _readable(current: Version) -> str:
    first = f"'{current.major}.0'"
    return (f"{first} to '{current}'" if current.minor else first) + ", which this cnaps reads"
