"""Speed of the serializers, against what others take for the same data."""

from __future__ import annotations

import json as standard
import tomllib
from collections import deque
from functools import partial
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest import mock

import msgpack as plain_msgpack  # type: ignore[import-untyped]
import tomli_w
import yaml as plain_yaml

import cnaps
from cnaps import serializers
from cnaps.serializers import json, msgpack, toml, yaml
from tests.benchmarks.equivalents import LIBRARIES
from tests.benchmarks.generate import in_own_words, samples
from tests.benchmarks.measure import Row, compare_imports, compare_in_batches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from tests.benchmarks.generate import Sample

__all__ = ["rows", "versions"]

# The greatest ratios of dumps and of loads. Those to msgspec and to the standard library are what
# cnaps promises; the others are what is usual, with some room.
_LIMITS: dict[str, tuple[float, float]] = {
    "msgspec": (1.6, 2.5),
    "pydantic": (1.0, 1.2),
    "json": (1.5, 1.5),
    "documents": (2.0, 8.0),
    "yaml": (1.5, 1.5),
    "toml": (1.5, 2.0),
    "msgpack": (2.5, 6.0),
}
_FAST = ("msgspec", "orjson")
_FEW = 20  # values for a format that takes a hundred times as long as JSON


def versions() -> str:
    """Return which packages there are to compare with, and which there are not."""
    names = sorted({*LIBRARIES, *_FAST})
    return ", ".join(
        f"{name} {version(name)}" if find_spec(name) else f"no {name}" for name in names
    )


def rows(files: int, rounds: int) -> Iterator[Row]:
    """Measure everything on `files` values of each kind."""
    for kind, held in samples(files).items():
        values: list[Any] = [sample.value for sample in held]
        if all(map(find_spec, _FAST)):
            yield from _fast_rows(kind, values, rounds)
            if kind == "answers":
                own = in_own_words(values)
                yield from _fast_rows("answers, own texts", own, rounds)
        yield from _bare_rows(kind, values, rounds)
        yield from _document_rows(kind, held, max(3, rounds // 4))
        for form in _FORMS:
            yield from _form_rows(kind, values, form, rounds)
    for name, library in _LIBRARY_OF.items():
        statement = f"import cnaps.serializers.{name}"
        imported = compare_imports(f"import cnaps, {library}", statement, rounds)
        yield Row(f"{statement} / import cnaps, {library}", imported, 1)


_LIBRARY_OF = {"json": "json", "yaml": "yaml", "toml": "tomllib", "msgpack": "msgpack"}


class _Calls(NamedTuple):
    """A function, and what it is called with, one after the other."""

    function: Callable[[Any], object]
    items: Sequence[Any]


def _row(name: str, floor: _Calls, subject: _Calls, rounds: int, target: float | None) -> Row:
    compared = compare_in_batches(
        partial(_call, floor.function),
        floor.items,
        partial(_call, subject.function),
        subject.items,
        rounds,
    )
    return Row(name, compared, len(subject.items), target)


def _call(function: Callable[[Any], object], items: Sequence[Any]) -> None:
    # Results that are kept would show how the machine hands out memory.
    deque(map(function, items), maxlen=0)


# --- JSON -----------------------------------------------------------------------------------------


def _fast_rows(kind: str, values: Sequence[Any], rounds: int) -> Iterator[Row]:
    """Measure JSON with orjson and msgspec, as most people have it."""
    texts = [json.dumps(value) for value in values]
    written, read = _Calls(json.dumps, values), _Calls(json.loads, texts)
    for name in filter(find_spec, LIBRARIES):
        most_dumps, most_loads = _LIMITS[name]
        library = LIBRARIES[name](type(values[0]))
        made = [library.decode(text) for text in texts]
        floor = _Calls(library.encode, made)
        yield _row(f"JSON dumps {kind} / {name}", floor, written, rounds, most_dumps)
        if isinstance(library.encode(made[0]), bytes):
            floor = _Calls(_decoded(library.encode), made)
            yield _row(f"JSON dumps {kind} / {name}, to str", floor, written, rounds, None)
        floor = _Calls(library.decode, texts)
        yield _row(f"JSON loads {kind} / {name}", floor, read, rounds, most_loads)


def _decoded(encode: Callable[[Any], Any]) -> Callable[[Any], str]:
    return lambda item: encode(item).decode()


def _bare_rows(kind: str, values: Sequence[Any], rounds: int) -> Iterator[Row]:
    """Measure JSON where there is nothing but the standard library, on plain data."""
    most_dumps, most_loads = _LIMITS["json"]
    bare = _json_without_libraries()
    texts = [bare.dumps(value) for value in values]
    floor = _Calls(partial(standard.dumps, ensure_ascii=False), [*map(standard.loads, texts)])
    name = f"JSON dumps {kind}, no libraries / json"
    yield _row(name, floor, _Calls(bare.dumps, values), max(3, rounds // 2), most_dumps)
    name = f"JSON loads {kind}, no libraries / json"
    yield _row(name, _Calls(standard.loads, texts), _Calls(bare.loads, texts), rounds, most_loads)


def _json_without_libraries() -> ModuleType:
    """Return a copy of `cnaps.serializers.json` that has not found orjson and msgspec."""
    spec = find_spec("cnaps.serializers.json")
    assert spec is not None
    assert spec.loader is not None
    copy = module_from_spec(spec)
    with mock.patch.object(serializers, "_fast", None, create=True):
        spec.loader.exec_module(copy)
    return copy


# --- documents ------------------------------------------------------------------------------------


def _document_rows(kind: str, held: Sequence[Sample], rounds: int) -> Iterator[Row]:
    most_dumps, most_loads = _LIMITS["documents"]
    documents = [cnaps.parse(sample.data) for sample in held]
    values = [document.value for document in documents]
    floor, subject = _Calls(json.dumps, values), _Calls(json.dumps, documents)
    yield _row(f"JSON dumps documents, {kind} / values", floor, subject, rounds, most_dumps)
    floor = _Calls(_parsed_value, [sample.data for sample in held])
    subject = _Calls(json.loads, [json.dumps(document) for document in documents])
    yield _row(f"JSON loads documents, {kind} / parse", floor, subject, rounds, most_loads)


def _parsed_value(data: bytes) -> object:
    return cnaps.parse(data).value


# --- other formats --------------------------------------------------------------------------------


class _Form(NamedTuple):
    """A format, and how its library alone writes and reads plain data.

    Attributes:
        name: What it is called.
        module: How cnaps writes and reads it.
        encode: How the library writes it.
        decode: How the library reads it.
        most: How many values are measured; None for all.
    """

    name: str
    module: Any
    encode: Callable[[Any], str | bytes]
    decode: Callable[[Any], object]
    most: int | None = None


_LOADER = getattr(plain_yaml, "CSafeLoader", plain_yaml.SafeLoader)


def _yaml(raw: object) -> str:
    text: str = plain_yaml.safe_dump(raw, allow_unicode=True, sort_keys=False)
    return text


_FORMS = (
    _Form("yaml", yaml, _yaml, partial(plain_yaml.load, Loader=_LOADER), _FEW),
    _Form("toml", toml, tomli_w.dumps, tomllib.loads, _FEW),
    _Form("msgpack", msgpack, plain_msgpack.packb, plain_msgpack.unpackb),
)


def _form_rows(kind: str, values: Sequence[Any], form: _Form, rounds: int) -> Iterator[Row]:
    values = values[: form.most]
    rounds = max(3, rounds // (12 if form.most else 2))
    most_dumps, most_loads = _LIMITS[form.name]
    data = [form.module.dumps(value) for value in values]
    plain = [form.decode(each) for each in data]
    floor, subject = _Calls(form.encode, plain), _Calls(form.module.dumps, values)
    yield _row(f"{form.name} dumps {kind} / plain data", floor, subject, rounds, most_dumps)
    floor, subject = _Calls(form.decode, data), _Calls(form.module.loads, data)
    yield _row(f"{form.name} loads {kind} / plain data", floor, subject, rounds, most_loads)
