"""Which items of two sequences belong together, where some were changed, taken out or put in."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence

    # Numbers of items that belong together, ascending on both sides.
    Pairs: TypeAlias = list[tuple[int, int]]
    _Rise: TypeAlias = tuple[tuple[int, int], "_Rise | None"]

__all__ = ["align", "common_start"]

T = TypeVar("T")
_Step: TypeAlias = "Callable[[Sequence[T], Sequence[T]], Pairs]"


def align(
    left: Sequence[T], right: Sequence[T], *keys: Callable[[T], Hashable]
) -> list[tuple[int, int]]:
    """Return the numbers of the items that belong together, in ascending order on both sides.

    Those are the equal ones at both ends, so that one change alone is seen as such. Between them
    it is equal ones in the same order; what was moved out of it belongs to nothing. Between those
    it is the ones with equal keys. What is left between two pairs belongs together in order if it
    is equally many; else nothing tells what became of what. Takes time in the order of n log n for
    n items.

    Args:
        left: Items that can be hashed.
        right: The same.
        keys: Functions that tell what makes two items the same although they differ, the surest
            first. An item for which one returns None has no such mark.

    >>> align(["Rain", "Snow", "Fog", "Mist"], ["Snow", "FOG"], str.lower)
    [(1, 0), (2, 1)]
    """
    equal = _refined([], left, right, [_at_the_ends, _with_equal(_itself)])
    stay, stay_too = _without_moved(left, right, equal)
    place = {i: number for number, i in enumerate(stay)}
    place_too = {j: number for number, j in enumerate(stay_too)}
    pairs = _refined(
        [(place[i], place_too[j]) for i, j in equal],
        [left[i] for i in stay],
        [right[j] for j in stay_too],
        [*map(_with_equal, keys), _if_equally_many],
    )
    return [(stay[a], stay_too[b]) for a, b in pairs]


def _refined(
    pairs: Pairs, left: Sequence[T], right: Sequence[T], steps: Iterable[_Step[T]]
) -> Pairs:
    """Return pairs with those that each step finds between two of the steps before."""
    for step in steps:
        known = [(-1, -1), *pairs, (len(left), len(right))]
        pairs = []
        for (i, j), end in pairwise(known):
            between = step(left[i + 1 : end[0]], right[j + 1 : end[1]])
            pairs += [(i + 1 + a, j + 1 + b) for a, b in between]
            pairs.append(end)
        pairs.pop()
    return pairs


def _without_moved(
    left: Sequence[Hashable], right: Sequence[Hashable], pairs: Pairs
) -> tuple[list[int], list[int]]:
    """Return the numbers of the items without those that have an equal one out of their order."""
    lefts, rights = {i for i, _ in pairs}, {j for _, j in pairs}
    apart = {item for i, item in enumerate(left) if i not in lefts}
    apart_too = {item for j, item in enumerate(right) if j not in rights}
    return (
        [i for i, item in enumerate(left) if i in lefts or item not in apart_too],
        [j for j, item in enumerate(right) if j in rights or item not in apart],
    )


def _at_the_ends(left: Sequence[T], right: Sequence[T]) -> Pairs:
    first = common_start(left, right)
    last = common_start(left[first:][::-1], right[first:][::-1])
    ends = [(len(left) - number, len(right) - number) for number in range(last, 0, -1)]
    return [(number, number) for number in range(first)] + ends


def common_start(left: Sequence[T], right: Sequence[T]) -> int:
    """Return how many items two sequences start with in common."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(left), len(right)))


def _with_equal(key: Callable[[T], Hashable]) -> _Step[T]:
    def step(left: Sequence[T], right: Sequence[T]) -> Pairs:
        places = {mark: number for number, mark in _marks(map(key, left))}
        return _longest_rise(
            (places[mark], number) for number, mark in _marks(map(key, right)) if mark in places
        )

    return step


def _itself(item: Hashable) -> Hashable:
    return item


def _marks(keys: Iterable[Hashable]) -> Iterator[tuple[int, Hashable]]:
    """Yield the number of each item that has a key, with that key and how often it came before."""
    seen: Counter[Hashable] = Counter()
    for number, key in enumerate(keys):
        if key is not None:
            yield number, (key, seen[key])
            seen[key] += 1


def _longest_rise(pairs: Iterable[tuple[int, int]]) -> Pairs:
    """Return the longest choice of pairs whose first numbers ascend."""
    # By length: the least number that a rise of that length can end with, and the rise itself,
    # as its last pair and the rise before it.
    ends: list[int] = []
    rises: list[_Rise] = []
    for pair in pairs:
        length = bisect_left(ends, pair[0])
        ends[length : length + 1] = [pair[0]]
        rises[length : length + 1] = [(pair, rises[length - 1] if length else None)]
    found: Pairs = []
    rise = rises[-1] if rises else None
    while rise is not None:
        pair, rise = rise
        found.append(pair)
    return found[::-1]


def _if_equally_many(left: Sequence[T], right: Sequence[T]) -> Pairs:
    return [(number, number) for number in range(len(left))] if len(left) == len(right) else []
