"""Labels: what is written is a value or a file with its type and the version of the schema.

Every format writes and reads the same labelled objects; only the text or bytes differ.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeGuard, TypeVar, Union, cast

from cnaps.errors import Notice, Problem, SchemaError, SchemaWarning
from cnaps.serializers._converter import LABELLED, make_converter
from cnaps.serializers._pairs import build, plain
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
from cnaps.serializers._versions import (
    SCHEMA_VERSION,
    STEPS,
    is_newer,
    parsed,
    upgrade,
    version_problem,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from cnaps.document import Document
    from cnaps.serializers._pairs import Pairs
    from cnaps.serializers._shapes import Check, ObjectShape

__all__ = ["Item", "OnNotice", "T", "is_document", "is_item", "unwrap", "wrap"]

# What can be serialised.
Item: TypeAlias = Union[Value, "Document"]
T = TypeVar("T", bound=Item)
OnNotice: TypeAlias = Callable[[Notice], object]

_KINDS: dict[str, type[Value]] = {kind.__name__: kind for kind in SHAPES}
_DOCUMENT = "Document"
_NAMES = (*_KINDS, _DOCUMENT)
_CONVERTER = make_converter()


def wrap(item: Item) -> dict[str, Any]:
    """Return a value or a document as plain data, type and version first; TypeError for others."""
    kind: type = type(item)
    hook = LABELLED.get(kind)
    if hook is not None:
        return hook(item)
    if not is_document(kind):
        raise not_a_value(kind.__name__)
    from cnaps.serializers._documents import document_fields

    fields = document_fields(cast("Document", item))
    return {"type": _DOCUMENT, "schema_version": SCHEMA_VERSION, **fields}


def unwrap(
    raw: object,
    kind: type[T] | None,
    *,
    format: str,  # noqa: A002 - as in SchemaError
    path: str | PathLike[str] | None = None,
    on_notice: OnNotice | None = None,
) -> T:
    """Return what labelled data, with its objects as pairs or as dicts, stands for.

    It must be of the class `kind` unless that is None. What reading it changed goes to `on_notice`.

    Raises SchemaError with everything that is wrong, and TypeError if `kind` is no class of ours.
    """
    names = _NAMES if kind is None else _names(kind)
    # Nearly always it looks as `wrap` makes it.
    if type(raw) is tuple and len(raw) > 1 and raw[1] == _VERSION:
        key, name = raw[0]
        if key == "type" and type(name) is str and name in names:
            found = _KINDS.get(name)
            item: Any = build(raw[2:], found) if found is not None else _document(raw[2:])
            if item is not None:
                return item  # type: ignore[no-any-return] # a cast is a call
    return cast("T", _read(plain(raw), names, format, path, on_notice))


_VERSION = ("schema_version", SCHEMA_VERSION)


def _names(kind: object) -> tuple[str, ...]:
    """Return the names of the types that can be read; TypeError if `kind` is none of ours."""
    if isinstance(kind, type) and (kind in SHAPES or is_document(kind)):
        return (kind.__name__,)
    raise not_a_value(repr(kind))


def is_item(found: object) -> TypeGuard[Item]:
    """Tell whether something is a value or a document."""
    return type(found) in SHAPES or is_document(type(found))


def is_document(kind: type) -> bool:
    """Tell whether a class is `cnaps.Document`."""
    # Nobody has a document who has not imported its class; see to it that we do not either.
    return kind.__name__ == _DOCUMENT and kind.__module__ == "cnaps.document"


def _document(fields: Pairs) -> Document | None:
    from cnaps.serializers._documents import canonical

    return canonical(fields)


def _read(
    raw: object,
    names: tuple[str, ...],
    format: str,  # noqa: A002
    path: str | PathLike[str] | None,
    on_notice: OnNotice | None,
) -> Item:
    fields = {**raw} if isinstance(raw, Mapping) else {}
    name, version = fields.pop("type", None), fields.pop("schema_version", None)
    notices: list[Notice] = []
    current = version == SCHEMA_VERSION
    if name in names and (current or version_problem(version) is None):
        shape = _shape(cast("str", name))
        newer = not current and is_newer(version)
        if newer:
            fields = cast("dict[str, Any]", shape.known(fields, "", notices))
        elif not current:
            fields, notices = upgrade(name, fields, version, STEPS)
        try:
            item = cast("Item", _structured(name, fields, shape))
        except (TypeError, ValueError):
            raw = {"type": name, "schema_version": SCHEMA_VERSION, **fields}
        else:
            _tell(notices, on_notice, dropped=newer)
            return item
    raise SchemaError(tuple(_problems(raw, names)), format=format, path=path)


def _structured(name: str, fields: dict[str, Any], shape: ObjectShape) -> object:
    kind = _KINDS.get(name)
    return shape.build(fields) if kind is None else _CONVERTER.structure(fields, kind)


def _shape(name: str) -> ObjectShape:
    kind = _KINDS.get(name)
    if kind is not None:
        return SHAPES[kind]
    from cnaps.serializers._documents import DOCUMENT

    return DOCUMENT


def _tell(notices: list[Notice], on_notice: OnNotice | None, *, dropped: bool) -> None:
    """Hand over what was noticed; what was passed over is never passed over in silence."""
    if on_notice is not None:
        for notice in notices:
            on_notice(notice)
    elif dropped and notices:
        message = "written by a newer cnaps: " + "; ".join(map(str, notices))
        # _tell, _read, unwrap, Format.read, and then `loads`, `load` or the loop over a stream.
        warnings.warn(message, SchemaWarning, stacklevel=6)


def _problems(raw: object, names: tuple[str, ...]) -> Iterator[Problem]:
    """Yield what is wrong with an object that should be labelled as one of these types."""
    labels = {
        "type": Field(_type_check(names), hint=f": expected {_one_of(names)}"),
        "schema_version": Field(_check_version, hint=f": expected '{SCHEMA_VERSION}'"),
    }
    labelled = raw.fields if isinstance(raw, Repeated) else raw
    written: Mapping[str, object] = labelled if isinstance(labelled, Mapping) else {}
    name = written.get("type", names[0] if len(names) == 1 else None)
    version = written.get("schema_version")
    # The fields of another type, or of a version that is not known, cannot be judged.
    judged = name in names and (parsed(version) is None or version_problem(version) is None)
    if not judged:
        yield from object_problems(raw, "", labels, others=True)
        return
    shape = _shape(cast("str", name))
    wrong = list(object_problems(raw, "", {**labels, **shape.fields_of(written)}))
    yield from wrong
    if not wrong:
        fields = {key: item for key, item in written.items() if key not in labels}
        yield from shape.problems(fields, "")


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
