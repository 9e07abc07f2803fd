"""Diffs of texts with equally many lines."""

from __future__ import annotations

import difflib
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps.cli.diff import unified

LINES = st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), min_size=1, max_size=40)


@given(LINES)
def test_applying_a_diff_gives_the_other_text(lines: list[tuple[str, bool]]) -> None:
    old = [line for line, _ in lines]
    new = [line.upper() if changed else line for line, changed in lines]
    diff = list(unified("x", "\n".join(old), "\n".join(new)))
    assert "\n".join(applied(old, diff)) == "\n".join(new)


def applied(old: list[str], diff: list[str]) -> list[str]:
    """Do what `patch` does."""
    new: list[str] = []
    done = 0
    for line in diff[2:]:
        if line.startswith("@@"):
            start = int(line.split()[1].split(",")[0].removeprefix("-")) - 1
            assert start >= done
            new += old[done:start]
            done = start
        elif line.startswith("+"):
            new.append(line[1:])
        else:
            assert old[done] == line[1:]
            new += old[done : done + 1] if line.startswith(" ") else []
            done += 1
    return new + old[done:]


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
