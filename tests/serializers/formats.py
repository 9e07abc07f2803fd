"""The formats, in each way in which they can be installed, and other libraries for them.

A test runs with a way: `json-standard` is `cnaps.serializers.json` as it is without orjson and
msgspec, `yaml-python` is `cnaps.serializers.yaml` as it is where PyYAML was built without libyaml.
Where a library is missing, the test is skipped.
"""

from __future__ import annotations

import json
import sys
import tomllib
from functools import cache
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from io import StringIO
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from cnaps import serializers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Read = Callable[[Any], Any]
    Write = Callable[[dict[str, Any]], str | bytes]

ONE = ("dumps", "loads", "dump", "load")
STREAM = tuple(f"{name}_all" for name in ONE)

# The functions for one value or document, and those for a stream.
TABLE: dict[str, tuple[Sequence[str], Sequence[str]]] = {
    "json": (ONE, ()),
    "jsonl": ((), ONE),
    "yaml": (ONE, STREAM),
    "toml": (ONE, ()),
    "msgpack": (ONE, STREAM),
}
# Each way with the libraries that it needs.
WAYS = {
    "json-standard": [],
    "json-fast": ["orjson", "msgspec"],
    "jsonl-standard": [],
    "jsonl-fast": ["orjson", "msgspec"],
    "yaml-libyaml": ["yaml._yaml"],
    "yaml-python": ["yaml"],
    "toml": ["tomli_w"],
    "msgpack": ["msgpack"],
}


class Functions(NamedTuple):
    """The functions of a format for one value, or those for a stream."""

    name: str  # what errors call the format
    dumps: Callable[..., Any]
    loads: Callable[..., Any]
    dump: Callable[..., Any]
    load: Callable[..., Any]


def name_of(way: str) -> str:
    return way.partition("-")[0]


def functions(way: str, *, stream: bool = False) -> Functions:
    """Return the functions of a format in this way."""
    name = name_of(way)
    return Functions(name, *(getattr(module(way), each) for each in TABLE[name][stream]))


@cache
def module(way: str) -> Any:
    """Return the module of a format as it is with the libraries of this way and no others."""
    for library in WAYS[way]:
        pytest.importorskip(library)
    if way.endswith("-standard"):
        return _without_fast(name_of(way))
    if way.endswith("-python"):
        found = _copy(name_of(way))
        found._LOADER = import_module("yaml").SafeLoader
        return found
    return import_module(f"cnaps.serializers.{name_of(way)}")


def _without_fast(name: str) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.delattr(serializers, "_fast", raising=False)
        patch.setitem(sys.modules, "cnaps.serializers._fast", None)
        if name == "jsonl":
            patch.setitem(sys.modules, "cnaps.serializers.json", module("json-standard"))
        return _copy(name)


def _copy(name: str) -> Any:
    spec = find_spec(f"cnaps.serializers.{name}")
    assert spec is not None
    assert spec.loader is not None
    copy = module_from_spec(spec)
    spec.loader.exec_module(copy)
    return copy


# --- what others read and write -------------------------------------------------------------------


def _of(library: str, function: str, **options: Any) -> Callable[..., Any]:
    def call(data: Any) -> Any:
        return getattr(pytest.importorskip(library), function)(data, **options)

    return call


def _ruamel_read(data: str) -> Any:
    return pytest.importorskip("ruamel.yaml").YAML(typ="safe", pure=True).load(data)


def _ruamel_write(data: dict[str, Any]) -> str:
    file = StringIO()
    yaml = pytest.importorskip("ruamel.yaml").YAML()
    yaml.width = sys.maxsize  # where it breaks a line at several blanks, it loses some of them
    yaml.dump(data, file)
    return file.getvalue()


def _tomlkit_read(data: str) -> Any:
    return pytest.importorskip("tomlkit").parse(data).unwrap()


def _json_lines_read(data: str) -> Any:
    (line,) = data.split("\n")[:-1]
    return json.loads(line)


READERS: dict[str, dict[str, Read]] = {
    "json": {
        "json": json.loads,
        "orjson": _of("orjson", "loads"),
        "msgspec": _of("msgspec.json", "decode"),
    },
    "jsonl": {"json": _json_lines_read},
    "yaml": {
        "PyYAML": _of("yaml", "safe_load"),  # YAML 1.1
        "ruamel": _ruamel_read,  # YAML 1.2
    },
    "toml": {"tomllib": tomllib.loads, "tomlkit": _tomlkit_read},
    "msgpack": {
        "msgpack": _of("msgpack", "unpackb"),
        "msgspec": _of("msgspec.msgpack", "decode"),
    },
}
WRITERS: dict[str, dict[str, Write]] = {
    "json": {
        "json": json.dumps,
        "indented": lambda data: json.dumps(data, indent="\t", separators=(" , ", " : ")),
        "orjson": _of("orjson", "dumps"),
        "msgspec": _of("msgspec.json", "encode"),
    },
    "jsonl": {"json": lambda data: json.dumps(data) + "\n"},
    "yaml": {
        "PyYAML": _of("yaml", "safe_dump", allow_unicode=True, sort_keys=False),
        "ASCII": _of("yaml", "safe_dump", width=20),
        "flow": _of("yaml", "safe_dump", default_flow_style=True, default_style='"'),
        "ruamel": _ruamel_write,
    },
    "toml": {
        "tomli_w": _of("tomli_w", "dumps"),
        "multiline": _of("tomli_w", "dumps", multiline_strings=True),
        "tomlkit": _of("tomlkit", "dumps"),
    },
    "msgpack": {
        "msgpack": _of("msgpack", "packb"),
        "msgspec": _of("msgspec.msgpack", "encode"),
    },
}


def written(name: str, data: Any) -> Any:
    """Return plain data in a format, as its usual library writes it."""
    return next(iter(WRITERS[name].values()))(data)


def piece(name: str, data: Any) -> Any:
    """Return plain data as a record of a stream."""
    return f"---\n{written(name, data)}" if name == "yaml" else written(name, data)


def place(pieces: Sequence[str | bytes], index: int) -> str:
    """Return what errors call the place of a record in a stream that is made of such pieces."""
    if isinstance(pieces[0], bytes):
        return f"value {index + 1}"
    lines = "".join(map(str, pieces[:index])).count("\n")
    return f"line {lines + 1}"
