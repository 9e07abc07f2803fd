"""Time and memory of hostile inputs of doubling sizes: linear, whatever the input."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from tests.benchmarks.measure import exponent

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Sequence

    from tests.benchmarks.hostile import Hostile
    from tests.benchmarks.probe import Measured

__all__ = ["MOST_MEMORY", "STEEPEST", "Growth", "growths"]

# The power of the size that time may grow with. Twice the work for twice the input is 1; caches
# that overflow on the way to 50 MB add up to a quarter, and a walk over all pairs would be 2.
STEEPEST = 1.3
MOST_MEMORY = 30  # times the input that `parse` may take: "x\n" is two bytes, as a str it is fifty
_NOTICED = 10  # nanoseconds a byte; what is faster shows how the machine hands out memory

_COUNTED, _GREATEST = 6, 3  # sizes
_ATTEMPTS = 3
_ENOUGH = 4.0  # seconds for all that is measured on a file; twice the size takes twice as long


class Growth(NamedTuple):
    """How a step grows with the size of a kind of input.

    Attributes:
        case: The kind of input.
        step: The step.
        points: What was measured, by size.
        broken: What stopped it, or the empty string.
    """

    case: str
    step: str
    points: Sequence[Measured]
    broken: str = ""

    @property
    def outcome(self) -> str:
        """What came of it at the greatest size."""
        return self.points[-1]["outcome"] if self.points else ""

    @property
    def size(self) -> int:
        """The greatest size."""
        return self.points[-1]["size"] if self.points else 0

    @property
    def power(self) -> float:
        """The power of the size that the time grows with.

        The lesser one of that over many sizes and that over the greatest: a cache that becomes too
        small bends one of them, time that is not linear bends both.
        """
        if len(self.points) < 2:
            return float("nan")
        pairs = [(point["size"], point["seconds"]) for point in self.points[-_COUNTED:]]
        return min(exponent(pairs), exponent(pairs[-_GREATEST:]))

    @property
    def nanoseconds(self) -> float:
        """The time a byte at the greatest size."""
        return self.points[-1]["seconds"] / self.size * 1e9 if self.points else float("nan")

    @property
    def memory(self) -> float:
        """How many times the size of the input the step took at the greatest size."""
        return self.points[-1]["peak"] / self.size if self.points else float("nan")

    def missed(self, steepest: float = STEEPEST) -> str:
        """Return what is wrong, or the empty string."""
        if self.broken:
            return self.broken
        if self.power > steepest and self.nanoseconds > _NOTICED:
            return "not linear"
        if self.step == "parse" and self.memory > MOST_MEMORY:
            return "too much memory"
        return ""


def growths(
    cases: Iterable[Hostile], sizes: Sequence[int], parse_sizes: Sequence[int]
) -> Iterator[Growth]:
    """Measure every step on files of `sizes` bytes, and `parse` alone also on `parse_sizes`.

    Where a file took long, larger ones are not measured. What seems to miss a target is measured
    again, and the best of its times count: noise makes some of them longer, and never shorter.
    """
    with TemporaryDirectory() as folder, _probe() as probe:
        path = Path(folder, "hostile.txt")
        plan = [(sizes, True), (parse_sizes, False)]
        for case in cases:
            known: dict[str, Growth] = {}
            for _ in range(_ATTEMPTS):
                for growth in _growths_of(case, path, plan, probe):
                    before = known.get(growth.step)
                    known[growth.step] = growth if before is None else _best_of(before, growth)
                if all(growth.broken or not growth.missed() for growth in known.values()):
                    break
            yield from known.values()


def _best_of(first: Growth, second: Growth) -> Growth:
    best: dict[int, Measured] = {}
    for point in (*first.points, *second.points):
        size = point["size"]
        best[size] = min(point, best.get(size, point), key=lambda point: point["seconds"])
    return first._replace(points=[best[size] for size in sorted(best)])


def _growths_of(
    case: Hostile,
    path: Path,
    plan: Sequence[tuple[Sequence[int], bool]],
    probe: subprocess.Popen[str],
) -> Iterator[Growth]:
    points: dict[str, list[Measured]] = {}
    for sizes, every_step in plan:
        for size in sizes:
            case.write(path, size)
            measured, broken, seconds = _probed(probe, path, every_step=every_step)
            for point in measured:
                points.setdefault(point["step"], []).append(point)
            if broken:
                done = measured[-1]["step"] if measured else "the start"
                yield Growth(case.name, f"after {done}", (), f"{broken}, {size:,} bytes")
            if broken or (seconds > _ENOUGH and len(points["parse"]) >= _GREATEST):
                break
    for step, found in points.items():
        yield Growth(case.name, step, found)


@contextmanager
def _probe() -> Generator[subprocess.Popen[str], None, None]:
    """Start the process that measures, and end it by closing what it reads from."""
    command = [sys.executable, "-m", "tests.benchmarks.probe"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process


def _probed(
    probe: subprocess.Popen[str], path: Path, *, every_step: bool
) -> tuple[list[Measured], str, float]:
    """Return what a probe measured, what went wrong or the empty string, and the time it took."""
    assert probe.stdin is not None
    assert probe.stdout is not None
    print(json.dumps([str(path), every_step]), file=probe.stdin, flush=True)
    measured: list[Measured] = []
    for line in probe.stdout:
        printed = json.loads(line)
        if isinstance(printed, list):
            return measured, *printed
        measured.append(printed)
    return measured, "the probe has ended", 0
