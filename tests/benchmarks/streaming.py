"""JSON Lines of any length in constant memory: written by a generator, read one by one.

`python -m tests.benchmarks.streaming ROWS FILE` is the process that measures; it prints one JSON
object.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import deque
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

import cnaps
from cnaps.serializers import SCHEMA_VERSION, jsonl
from tests.benchmarks.memory import forget_peak, peak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["MOST_GROWTH", "Streamed", "streamed"]

MOST_GROWTH = 10_000_000  # bytes that ten times as many rows may take
# Times of a loop over the lines with the standard library, which makes dicts and checks nothing.
_MOST_DUMP, _MOST_LOAD = 1.5, 1.5


class Streamed(NamedTuple):
    """What writing or reading a stream takes.

    Attributes:
        name: The function.
        rows: How many rows there are.
        seconds: The time of the processor for all of them.
        floor: The time that a loop with the standard library takes.
        peak: How many bytes the process grew by at most.
        growth: How many of these are due to the rows: what is more than for a tenth of them.
        most: The greatest ratio of the times that is allowed.
    """

    name: str
    rows: int
    seconds: float
    floor: float
    peak: int
    growth: int
    most: float

    @property
    def ratio(self) -> float:
        """The time, measured against the floor."""
        return self.seconds / self.floor

    @property
    def missed(self) -> str:
        """What is wrong, or the empty string."""
        if self.growth > MOST_GROWTH:
            return "memory grows"
        return "too slow" if self.ratio > self.most else ""


def streamed(rows: int) -> Iterator[Streamed]:
    """Measure `rows` rows, and a tenth of them, in a process of their own."""
    with TemporaryDirectory() as folder:
        few, many = (_probed(count, Path(folder, "rows.jsonl")) for count in (rows // 10, rows))
    for name, most in ("dump", _MOST_DUMP), ("load", _MOST_LOAD):
        (seconds, highest), (floor, _) = many[name], many[f"floor of {name}"]
        growth = highest - few[name][1]
        yield Streamed(f"jsonl.{name}", rows, seconds, floor, highest, growth, most)


def _probed(rows: int, path: Path) -> dict[str, tuple[float, int]]:
    command = [sys.executable, "-m", "tests.benchmarks.streaming", str(rows), str(path)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return json.loads(printed)  # type: ignore[no-any-return]


# --- in the process that measures -----------------------------------------------------------------


def _values(count: int) -> Iterator[cnaps.PromptSpec]:
    for number in range(count):
        yield cnaps.PromptSpec(
            cnaps.Question(f"Which model counts the herons of lake {number}?"),
            (cnaps.ModelRef(f"Heron-{number}", f"https://example.org/papers/{number}.pdf"),),
        )


def _plain(value: cnaps.PromptSpec) -> str:
    raw = {
        "type": "PromptSpec",
        "schema_version": SCHEMA_VERSION,
        "question": {"text": value.question.text},
        "models": [
            {"name": model.name, "paper": model.paper, "github": model.github}
            for model in value.models
        ],
        "papers": [],
    }
    return json.dumps(raw, ensure_ascii=False)


def _dump_plain(rows: int, path: str) -> None:
    with open(path, "w", encoding="utf-8") as file:  # noqa: PTH123 - the floor is the fastest way
        file.writelines(f"{_plain(value)}\n" for value in _values(rows))


def _load_plain(path: str) -> None:
    with open(path, "rb") as file:  # noqa: PTH123 - as above
        deque(map(json.loads, file), maxlen=0)


def _measured(work: Callable[[], object]) -> tuple[float, int]:
    """Return the time that some work takes, and by how much memory grows."""
    forget_peak()
    before, start = peak(), process_time()
    work()
    return process_time() - start, peak() - before


def _main(rows: int, path: str) -> None:
    jsonl.dump(_values(100), path)  # loads what is loaded when first needed
    deque(jsonl.load(path), maxlen=0)
    figures = {
        "floor of dump": _measured(lambda: _dump_plain(rows, path)),
        "dump": _measured(lambda: jsonl.dump(_values(rows), path)),
        "floor of load": _measured(lambda: _load_plain(path)),
        "load": _measured(lambda: deque(jsonl.load(path), maxlen=0)),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    _main(int(sys.argv[1]), sys.argv[2])
