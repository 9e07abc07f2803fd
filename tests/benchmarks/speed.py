"""Speed of what people do all day, against a floor measured in the same run."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import cnaps
from cnaps.damage import suspicious
from tests.benchmarks.generate import samples
from tests.benchmarks.measure import (
    Row,
    compare_imports,
    compare_in_batches,
    in_fresh_interpreter,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tests.benchmarks.generate import Sample

__all__ = ["FORBIDDEN", "rows", "unwanted_imports"]

# What `import cnaps` must leave alone.
FORBIDDEN = ("asyncio", "cattrs", "ftfy", "httpx", "importlib.metadata", "rich")


def rows(files: int, rounds: int) -> Iterator[Row]:
    """Measure everything on `files` files of each kind."""
    made = samples(files)
    for kind, held in made.items():
        yield from _rows_of(kind, held, rounds)
    for name, change in _CHANGES.items():
        changed = [change(sample.data) for sample in made["prompts"]]
        compared = compare_in_batches(_split, changed, _parse, changed, max(3, rounds // 8))
        yield Row(f"parse prompts, {name} / decode + splitlines", compared, files)
    for kind, held in made.items():
        changed = [_with_blanks(sample.data) for sample in held]
        texts = [data.decode() for data in changed]
        compared = compare_in_batches(_parse, changed, _check, texts, max(3, rounds // 4))
        yield Row(f"damage check of {kind}, extra blanks / parse", compared, files)
    for name, statement in (
        ("import cnaps", "import cnaps"),
        ("import cnaps and what it loads later", "from cnaps import parse, read, render"),
    ):
        target = 1.4 if statement == "import cnaps" else None
        imported = compare_imports("import attrs", statement, rounds)
        yield Row(f"{name} / import attrs", imported, 1, target)


def _rows_of(kind: str, held: Sequence[Sample], rounds: int) -> Iterator[Row]:
    count = len(held)
    data = [sample.data for sample in held]
    values = [(sample.value, sample.dialect) for sample in held]
    parsed = compare_in_batches(_split, data, _parse, data, rounds)
    yield Row(f"parse {kind} / decode + splitlines", parsed, count, 2.0)
    kept = compare_in_batches(_split_and_keep, data, _parse_and_keep, data, rounds)
    yield Row(f"parse {kind}, all values kept / the same", kept, count)
    with TemporaryDirectory() as folder:
        paths = [str(Path(folder, f"{number}.txt")) for number in range(count)]
        for path, content in zip(paths, data, strict=True):
            Path(path).write_bytes(content)
        loaded = compare_in_batches(_load, paths, _read, paths, rounds)
    yield Row(f"read {kind} / open + read + decode + splitlines", loaded, count, 1.5)
    rendered = compare_in_batches(_parse, data, _render, values, rounds)
    yield Row(f"render {kind} / parse", rendered, count, 1.0)


# --- floors and subjects --------------------------------------------------------------------------


def _split(files: Sequence[bytes]) -> None:
    for data in files:
        data.decode().splitlines()


def _parse(files: Sequence[bytes]) -> None:
    parse = cnaps.parse
    for data in files:
        parse(data).value  # noqa: B018 - asking for the value is what is measured


def _split_and_keep(files: Sequence[bytes]) -> list[list[str]]:
    return [data.decode().splitlines() for data in files]


def _parse_and_keep(files: Sequence[bytes]) -> list[object]:
    parse = cnaps.parse
    return [parse(data).value for data in files]


def _load(paths: Sequence[str]) -> None:
    for path in paths:
        with open(path, "rb") as file:  # noqa: PTH123 - the floor is the fastest way
            file.read().decode().splitlines()


def _read(paths: Sequence[str]) -> None:
    read = cnaps.read
    for path in paths:
        read(path).value  # noqa: B018 - as above


def _render(values: Sequence[tuple[cnaps.PromptSpec | cnaps.Answer, str]]) -> None:
    render = cnaps.render
    for value, dialect in values:
        render(value, dialect)


def _check(texts: Sequence[str]) -> None:
    for text in texts:
        suspicious(text)


# --- files that are not exact ---------------------------------------------------------------------


def _with_blanks(data: bytes) -> bytes:
    return data.replace(b"\n\n", b"\n\n\n", 1)


def _with_carriage_returns(data: bytes) -> bytes:
    return data.replace(b"\n", b"\r\n")


def _damaged(data: bytes) -> bytes:
    return data.decode("latin-1").encode()


_CHANGES: dict[str, Callable[[bytes], bytes]] = {
    "extra blanks": _with_blanks,
    "CRLF": _with_carriage_returns,
    "damaged": _damaged,
}


# --- imports --------------------------------------------------------------------------------------


def unwanted_imports() -> list[str]:
    """Return which of the FORBIDDEN modules `import cnaps` loads."""
    code = (
        "import sys; before = set(sys.modules); import cnaps;"
        " print(*sorted(set(sys.modules) - before))"
    )
    return sorted(set(in_fresh_interpreter(code).split()) & set(FORBIDDEN))
