"""Diffs of texts, line by line."""

from __future__ import annotations

import difflib
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps.cli.diff import unified

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# What becomes of a line, in three of four cases nothing.
CHANGES = st.sampled_from([lambda line: [line]] * 9 + [str.upper, lambda _: [], lambda a: [a, "d"]])
LINES = st.lists(st.tuples(st.sampled_from("abc"), CHANGES), min_size=1, max_size=40)


@given(LINES)
def test_applying_a_diff_gives_the_other_text(
    lines: list[tuple[str, Callable[[str], Iterable[str]]]],
) -> None:
    old = [line for line, _ in lines]
    new = [line for before, change in lines for line in change(before)] or ["end"]
    diff = list(unified("x", "\n".join(old), "\n".join(new)))
    assert applied(old, diff) == new


def applied(old: list[str], diff: list[str]) -> list[str]:
    """Do what `patch` does; the places in both texts must be right."""
    new: list[str] = []
    done = 0
    for line in diff[2:]:
        if line.startswith("@@"):
            place, new_place = (_start(part) for part in line.split()[1:3])
            assert place >= done
            new += old[done:place]
            done = place
            assert len(new) == new_place
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            assert old[done] == line[1:]
            new += old[done : done + 1] if line.startswith(" ") else []
            done += 1
    return new + old[done:]


def _start(place: str) -> int:
    line, length = map(int, place[1:].split(","))
    return line - bool(length)


@pytest.mark.parametrize("changed", [{5}, {0}, {19}, {3, 10}, {3, 11}, {4, 5, 6}, set(range(20))])
def test_hunks_are_those_of_difflib(changed: set[int]) -> None:
    old = [f"line {number}" for number in range(20)]
    new = [f"{line}!" if number in changed else line for number, line in enumerate(old)]
    expected = difflib.unified_diff(old, new, "x", "x", lineterm="")
    assert list(unified("x", "\n".join(old), "\n".join(new))) == list(expected)


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    old = "same\nother\n" * 100_000
    started = time.perf_counter()
    assert sum(1 for _ in unified("x", old, old.replace("other", "new"))) > 300_000
    assert time.perf_counter() - started < 10


def test_so_does_one_with_lines_put_in_all_over() -> None:
    entries = [f"Paper: {number}\n" for number in range(20_000)]
    new = [f"{entry}GitHub: {number}\n\n" for number, entry in enumerate(entries)]
    old = "\n".join(entries)
    started = time.perf_counter()
    assert sum(line.startswith("+GitHub") for line in unified("x", old, "".join(new))) == 20_000
    assert time.perf_counter() - started < 10


def test_a_text_can_lose_its_lines() -> None:
    assert [*unified("x", "Rain\nSnow", "Rain")][2:] == ["@@ -1,2 +1,1 @@", " Rain", "-Snow"]
