"""Values as data: written to text or bytes that other programs read, and read back strictly.

Each format is a module with the same four functions, loaded when it is first asked for:

    dumps(value)       value → text
    loads(data)        text → value
    dump(value, path)  value → file, written whole or not at all
    load(path)         file → value

What they read and write is a value or a `cnaps.Document` with its type and the version of the
schema in front, then the fields under the names that they have in the class.

>>> from cnaps import ModelRef, serializers
>>> model = ModelRef("SwinIR", github="https://github.com/JingyunLiang/SwinIR")
>>> print(serializers.json.dumps(model, indent=2))
{
  "type": "ModelRef",
  "schema_version": "1.1",
  "name": "SwinIR",
  "paper": null,
  "github": "https://github.com/JingyunLiang/SwinIR"
}

`make_converter` and `configure_converter` are for values inside data of your own; they speak
of fields only, without type and version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cnaps.serializers._converter import configure_converter, make_converter
from cnaps.serializers._versions import SCHEMA_VERSION

if TYPE_CHECKING:
    from cnaps.serializers import json, jsonl, msgpack, toml, yaml
    from cnaps.serializers._schema import json_schema

__all__ = [
    "SCHEMA_VERSION",
    "configure_converter",
    "json",
    "json_schema",
    "jsonl",
    "make_converter",
    "msgpack",
    "toml",
    "yaml",
]

_FORMATS = frozenset({"json", "jsonl", "msgpack", "toml", "yaml"})


if not TYPE_CHECKING:  # a type checker would take it that there is every name

    def __getattr__(name: str) -> object:
        """Load a format when it is first asked for: some need a library of their own."""
        if name in _FORMATS:
            return import_module(f"cnaps.serializers.{name}")
        if name == "json_schema":
            return import_module("cnaps.serializers._schema").json_schema
        message = f"module 'cnaps.serializers' has no attribute {name!r}"
        raise AttributeError(message)


def __dir__() -> list[str]:
    return __all__
