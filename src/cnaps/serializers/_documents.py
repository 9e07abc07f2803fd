"""Files as plain data: what `cnaps.Document` has beside the value it holds.

Most files are canonical: to the byte what `cnaps.render` makes of the value. Then the value and the
dialect are all there is to write. Of any other file its text is written as well, without marks and
damage, and what has to be done to that text to get the bytes again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast

from cnaps.damage import is_encoding
from cnaps.dialects import DIALECTS
from cnaps.document import Document, parse
from cnaps.errors import ParseError, Problem, RenderError
from cnaps.rendering import first_difference, path_text, render
from cnaps.serializers._converter import unstructure
from cnaps.serializers._pairs import build
from cnaps.serializers._shapes import (
    SHAPES,
    TEXT,
    TEXT_OR_NULL,
    Field,
    below,
    known_fields,
    object_problems,
    shown,
    similar,
)
from cnaps.text import Layers, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.dialects.parts import Value as FileValue
    from cnaps.errors import Notice
    from cnaps.serializers._pairs import Pairs
    from cnaps.serializers._shapes import Shape, Value

__all__ = ["CANONICAL", "DEEPEST", "DOCUMENT", "NEWLINES", "canonical", "document_fields"]

# A file can be damaged any number of times, and each time makes it about twice as long. Beyond
# this its text is written with the damage in it, so that no data can ask for endless text.
DEEPEST = 6

_MARK = "mark"
NEWLINES = {"lf": "\n", "crlf": "\r\n", "cr": "\r"}
_NAMES = {newline: name for name, newline in NEWLINES.items()}


def document_fields(document: Document) -> dict[str, Any]:
    """Return a document as plain data, without type and version."""
    around = CANONICAL if document.canonical else _around(document)
    return {"dialect": document.dialect, **around, "value": unstructure(document.value)}


# What stands between dialect and value of a canonical file.
CANONICAL: dict[str, Any] = {"layers": [], "newline": "lf", "text": None}


def _around(document: Document) -> dict[str, Any]:
    layers, text = _layers_and_text(document)
    newline = None if layers.mixed else _NAMES[layers.newline]
    return {"layers": list(layers.steps), "newline": newline, "text": text}


def _layers_and_text(document: Document) -> tuple[Layers, str | None]:
    """Return what is around the text of a file, and the text unless it is the canonical one."""
    layers = document.layers
    if len(layers.steps) > DEEPEST:
        return Layers((), mixed=True), document.to_bytes().decode()
    if layers.mixed:
        return layers, decode(document.to_bytes()).raw
    return layers, None if _is_canonical(document) else document.text


def _is_canonical(document: Document) -> bool:
    """Tell whether a file is canonical but for what is around its text."""
    try:
        return document.text == render(document.value, document.dialect)
    except RenderError:
        return False


class _DocumentShape:
    """What plain data must look like to become a document."""

    def build(self, raw: Any) -> Document:
        """Return the document; raise TypeError or ValueError where the data is none."""
        if any(object_problems(raw, "", self.fields_of(raw))):
            raise TypeError
        return _read(raw)

    def fields_of(self, raw: object) -> dict[str, Field]:
        """Return the keys that a document must or may have, given the dialect that it names."""
        value = _value_shape(raw)
        return _FIELDS | {"value": Field(value.problems if value else _unjudged)}

    def problems(self, raw: object, path: str) -> Iterator[Problem]:
        """Yield what is wrong with the fields, or with what they describe together."""
        wrong = list(object_problems(raw, path, self.fields_of(raw)))
        yield from wrong
        if not wrong:
            try:
                _read(cast("Mapping[str, Any]", raw))
            except _DescriptionError as error:
                field, message = error.args
                yield Problem(below(path, field), message)

    def known(self, raw: object, path: str, notices: list[Notice]) -> object:
        """Return the data without the keys that a document does not have; note each of them."""
        # A text has no keys; nor are there any known of the value of an unknown dialect.
        shapes = dict.fromkeys([*_FIELDS, "value"], cast("Shape", TEXT))
        shapes["value"] = _value_shape(raw) or TEXT
        return known_fields(raw, path, shapes, notices)


DOCUMENT = _DocumentShape()


class _DescriptionError(ValueError):
    """Fields that are right each by itself and together describe no file."""


def _read(raw: Mapping[str, Any]) -> Document:
    """Return the document that fields of the right shape describe."""
    dialect: str = raw["dialect"]
    value = cast("FileValue", SHAPES[DIALECTS[dialect].type].build(raw["value"]))
    document = _parsed(_bytes(raw, value))
    if document.dialect != dialect:
        message = f"the text is in {document.dialect}"
        raise _DescriptionError("dialect", message)
    if document.value != value:
        field = path_text(first_difference(document.value, value))
        message = "the text says something else"
        raise _DescriptionError(f"value.{field}", message)
    return document


def _bytes(raw: Mapping[str, Any], value: FileValue) -> bytes:
    text = raw.get("text")
    if text is None:
        try:
            text = render(value, raw["dialect"])
        except RenderError as error:
            message = f"does not fit into {error.dialect}: {error.reason}"
            raise _DescriptionError(f"value.{error.field}", message) from None
    if newline := raw.get("newline"):
        text = text.replace("\n", NEWLINES[newline])
    try:
        return Layers(tuple(raw.get("layers", ()))).encode(text)
    except (UnicodeEncodeError, UnicodeDecodeError) as error:
        raise _DescriptionError("text", f"cannot be encoded: {error.reason}") from None


def canonical(pairs: Pairs) -> Document | None:
    """Return the document of a canonical file from its fields as pairs; None for all others."""
    try:
        (_, dialect), *around, (_, fields) = pairs
        value = build(fields, cast("type[Value]", DIALECTS[dialect].type))
        if tuple(around) != _AROUND_CANONICAL or value is None:
            return None
        document = parse(render(cast("FileValue", value), dialect))
    except (KeyError, TypeError, ValueError):  # to be told in full by who looks closer
        return None
    is_right = pairs[0][0] == "dialect" and pairs[-1][0] == "value" and document.dialect == dialect
    return document if is_right and document.value == value else None


_AROUND_CANONICAL: Pairs = tuple(CANONICAL.items())


def _parsed(data: bytes) -> Document:
    try:
        return parse(data)
    except ParseError as error:
        raise _DescriptionError("text", error.reason) from None


def _value_shape(raw: object) -> Shape | None:
    """Return the shape of the value of a document, or None where it names no dialect."""
    name = raw.get("dialect") if isinstance(raw, Mapping) else None
    dialect = DIALECTS.get(name) if isinstance(name, str) else None
    return None if dialect is None else SHAPES[cast("type[Value]", dialect.type)]


def _unjudged(_raw: object, _path: str) -> Iterator[Problem]:
    yield from ()


def _check_dialect(raw: object, path: str) -> Iterator[Problem]:
    if not isinstance(raw, str) or raw not in DIALECTS:
        names = ", ".join(map(repr, sorted(DIALECTS)))
        yield Problem(path, f"expected one of {names}, got {shown(raw)}{similar(raw, DIALECTS)}")


def _check_layers(raw: object, path: str) -> Iterator[Problem]:
    if not isinstance(raw, list | tuple):
        yield Problem(path, f"expected a list, got {shown(raw)}")
        return
    if len(raw) > DEEPEST:
        yield Problem(path, f"expected {DEEPEST} layers at most, got {len(raw)}")
    for number, layer in enumerate(raw):
        if not isinstance(layer, str) or not (layer == _MARK or is_encoding(layer)):
            message = f"expected 'mark' or an encoding such as 'windows-1252', got {shown(layer)}"
            yield Problem(f"{path}[{number}]", message)


def _check_newline(raw: object, path: str) -> Iterator[Problem]:
    if raw is not None and not (isinstance(raw, str) and raw in NEWLINES):
        names = ", ".join(map(repr, NEWLINES))
        yield Problem(path, f"expected one of {names} or null, got {shown(raw)}")


_FIELDS: dict[str, Field] = {
    "dialect": Field(_check_dialect),
    "layers": Field(_check_layers, required=False),
    "newline": Field(_check_newline, required=False),
    "text": Field(TEXT_OR_NULL.problems, required=False),
}
