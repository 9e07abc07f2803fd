"""How time is compared: floor and subject in turns, so that noise hits both alike.

Times are those of the processor: what else it has to do in between does not count.
"""

from __future__ import annotations

import math
import subprocess
import sys
from functools import partial
from statistics import linear_regression, median
from time import process_time
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = [
    "Comparison",
    "Row",
    "compare",
    "compare_imports",
    "compare_in_batches",
    "exponent",
    "in_fresh_interpreter",
    "summed_up",
]

_T = TypeVar("_T")
_U = TypeVar("_U")

_BATCH = 20  # files measured at a time: long enough for the clock, short enough to dodge noise


class Comparison(NamedTuple):
    """How long a subject takes, measured against a floor.

    Attributes:
        floor: The best time of the floor, in seconds.
        subject: The best time of the subject.
        ratio: The median of the ratios of neighbouring measurements, which noise from elsewhere
            on the machine moves least.
    """

    floor: float
    subject: float
    ratio: float

    @property
    def best_ratio(self) -> float:
        """The ratio of the best times."""
        return self.subject / self.floor


class Row(NamedTuple):
    """A line of the table.

    Attributes:
        name: What was measured, and against what.
        compared: The times.
        files: How many files the times are for; 1 for an import.
        target: The greatest ratio that is allowed, or None for a figure that only informs.
    """

    name: str
    compared: Comparison
    files: int
    target: float | None = None

    @property
    def missed(self) -> bool:
        """Whether the target is missed."""
        return self.target is not None and self.compared.ratio > self.target

    @property
    def verdict(self) -> str:
        """What there is to say about it: nothing where there is no target."""
        return "" if self.target is None else "MISSED" if self.missed else "ok"


def compare_in_batches(
    floor: Callable[[Sequence[_T]], object],
    floor_items: Sequence[_T],
    subject: Callable[[Sequence[_U]], object],
    subject_items: Sequence[_U],
    rounds: int,
) -> Comparison:
    """Measure floor and subject on as many items each, a few of them at a time."""
    return compare(
        [
            (partial(floor, left), partial(subject, right))
            for left, right in zip(_batches(floor_items), _batches(subject_items), strict=True)
        ],
        rounds,
    )


def _batches(items: Sequence[_T]) -> Sequence[Sequence[_T]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


def compare(
    pairs: Sequence[tuple[Callable[[], object], Callable[[], object]]], rounds: int
) -> Comparison:
    """Measure floors and subjects, each pair doing the same piece of work, `rounds` times.

    The garbage collector stays on: what a subject leaves to it is a part of the price.
    """
    times = [
        [_timed(floor, subject, swapped=number % 2 == 1) for floor, subject in pairs]
        for number in range(rounds + 1)
    ]
    del times[0]  # the first round fills the caches
    return summed_up(list(zip(*times, strict=True)))


def summed_up(measured: Sequence[Sequence[tuple[float, float]]]) -> Comparison:
    """Sum up the times of floors and subjects: for each piece of work, one pair of each round."""
    return Comparison(
        sum(min(floor for floor, _ in piece) for piece in measured),
        sum(min(subject for _, subject in piece) for piece in measured),
        median(subject / floor for piece in measured for floor, subject in piece),
    )


def _timed(
    floor: Callable[[], object], subject: Callable[[], object], *, swapped: bool
) -> tuple[float, float]:
    if swapped:
        second, first = _time(subject), _time(floor)
        return first, second
    return _time(floor), _time(subject)


def _time(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


_TIMED = "from time import process_time as now; start = now(); {}; print(now() - start)"


def compare_imports(floor: str, subject: str, rounds: int) -> Comparison:
    """Measure what statements take in a fresh interpreter."""
    pairs = [(_import_time(floor), _import_time(subject)) for _ in range(rounds + 1)]
    return summed_up([pairs[1:]])


def _import_time(statement: str) -> float:
    return float(in_fresh_interpreter(_TIMED.format(statement)))


def in_fresh_interpreter(code: str) -> str:
    """Return what some code prints."""
    command = [sys.executable, "-c", code]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the power of the size that the time grows with, from sizes and times.

    >>> round(exponent([(1, 3), (2, 12), (4, 48)]), 3)
    2.0
    """
    sizes = [math.log(size) for size, _ in points]
    times = [math.log(max(time, 1e-7)) for _, time in points]
    return linear_regression(sizes, times).slope
