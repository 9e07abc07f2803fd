"""How time is compared: floor and subject in turns, so that noise hits both alike.

Times are those of the processor: what else it has to do in between does not count.
"""

from __future__ import annotations

import math
from statistics import linear_regression, median
from time import process_time
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["Comparison", "compare", "exponent", "summed_up"]


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


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the power of the size that the time grows with, from sizes and times.

    >>> round(exponent([(1, 3), (2, 12), (4, 48)]), 3)
    2.0
    """
    sizes = [math.log(size) for size, _ in points]
    times = [math.log(max(time, 1e-7)) for _, time in points]
    return linear_regression(sizes, times).slope
