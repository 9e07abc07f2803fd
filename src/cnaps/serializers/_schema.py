"""The JSON Schema of everything that is written, made from the classes and what they say of fields.

The dialect is 2020-12, https://json-schema.org/draft/2020-12. `python -m cnaps.serializers._schema`
writes the file that is part of the package; a test holds it to the classes.
"""

from __future__ import annotations

import inspect
import json
import re
from pathlib import Path
from typing import Any, TypeAlias, get_args, get_type_hints

import attrs

from cnaps.dialects import DIALECTS
from cnaps.serializers._documents import DEEPEST, NEWLINES
from cnaps.serializers._shapes import SHAPES, Value
from cnaps.serializers._versions import SCHEMA_VERSION

__all__ = ["json_schema"]

Schema: TypeAlias = dict[str, Any]

SHIPPED = Path(__file__).with_name("schema.json")


def json_schema() -> Schema:
    """Return the JSON Schema of serialised values and documents, of the version that is written.

    A document's `text`, `layers` and `newline` must fit together as well, which no schema says.

    >>> schema = json_schema()
    >>> sorted(schema["$defs"])
    ['Answer', 'Document', 'ModelRef', 'PaperRef', 'PromptSpec', 'Question', 'Workflow']
    >>> schema["$defs"]["Question"]["required"]
    ['text']
    """
    names = [*_DEFINED, "Document"]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://github.com/cnaps/cnaps/schema/{SCHEMA_VERSION}",
        "title": "Prompts and answers, as cnaps serialises them",
        "oneOf": [_labelled(name) for name in sorted(names)],
        "$defs": {
            **{name: _object(kind) for name, kind in sorted(_DEFINED.items())},
            "Document": _document(),
        },
    }


_DEFINED: dict[str, type[Value]] = {kind.__name__: kind for kind in SHAPES}
_TEXT: Schema = {"type": "string"}
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}


def _labelled(name: str) -> Schema:
    """Return the schema of what stands by itself: its fields, and type and version."""
    return {
        "$ref": f"#/$defs/{name}",
        "properties": {"type": {"const": name}, "schema_version": {"const": SCHEMA_VERSION}},
        "required": ["type", "schema_version"],
        "unevaluatedProperties": False,
    }


def _nested(name: str) -> Schema:
    """Return the schema of a value inside another: its fields and no others."""
    return {"$ref": f"#/$defs/{name}", "unevaluatedProperties": False}


def _object(kind: type[Value]) -> Schema:
    hints = get_type_hints(kind)
    said = _documented(kind)
    required = [field.name for field in attrs.fields(kind) if field.default is attrs.NOTHING]
    return {
        "description": said[""],
        "type": "object",
        "properties": {name: {"description": said[name], **_of(hints[name])} for name in hints},
        "required": required,
    }


def _of(hint: Any) -> Schema:
    """Return the schema of a field of this type."""
    if hint in _DEFINED.values():
        return _nested(hint.__name__)
    if hint is str:
        return _TEXT
    if hint == str | None:
        return _TEXT_OR_NULL
    return {"type": "array", "items": _of(get_args(hint)[0])}


def _documented(kind: type) -> dict[str, str]:
    """Return what the docstring of a class says of its fields, and as "" of itself."""
    text = inspect.cleandoc(kind.__doc__ or "")
    summary, _, attributes = text.partition("\n\nAttributes:\n")
    entries = re.findall(r"^    (\w+): (.*(?:\n {8}.*)*)", attributes, re.MULTILINE)
    return {"": summary} | {name: " ".join(what.split()) for name, what in entries}


def _document() -> Schema:
    """Return the schema of a file; see `cnaps.serializers._documents`."""
    return {
        "description": "A prompt or an answer file, from which its bytes can be made again.",
        "type": "object",
        "properties": {
            "dialect": {
                "description": "The dialect it is written in.",
                "enum": sorted(DIALECTS),
            },
            "layers": {
                "description": "What is around its text, from the bytes inwards: 'mark' for a byte"
                " order mark, else the encoding that the text was misread as.",
                "type": "array",
                "items": _TEXT,
                "maxItems": DEEPEST,
            },
            "newline": {
                "description": "What each line end of the text is written as in the file, or null"
                " if as it stands in the text.",
                "enum": [*NEWLINES, None],
            },
            "text": {
                "description": "Its text, or null if it is what cnaps.render makes of the value.",
                **_TEXT_OR_NULL,
            },
            "value": {"description": "What it says; of the class that the dialect is for."},
        },
        "required": ["dialect", "value"],
        "oneOf": [
            {
                "properties": {
                    "dialect": {"enum": sorted(n for n, d in DIALECTS.items() if d.type is kind)},
                    "value": _nested(kind.__name__),
                }
            }
            for kind in dict.fromkeys(dialect.type for dialect in DIALECTS.values())
        ],
    }


def _written() -> str:
    return json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    SHIPPED.write_text(_written(), encoding="utf-8")
