"""What belongs together is found whatever was changed, taken out or put in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps.aligning import align

FEW = st.text("abcABC", max_size=9)


@pytest.mark.parametrize(
    ("left", "right", "pairs"),
    [
        ("", "", ""),
        ("abc", "abc", "aa bb cc"),
        ("abc", "", ""),
        ("", "abc", ""),
        ("abc", "bc", "bb cc"),
        ("abc", "ac", "aa cc"),
        ("ac", "abc", "aa cc"),
        ("abc", "aXc", "aa bX cc"),
        ("abc", "XYZ", "aX bY cZ"),
        ("ab", "XYZ", ""),
        ("abcd", "dabc", "aa bb cc"),
        ("abcd", "bcda", "bb cc dd"),
        ("abcde", "bXd", "bb cX dd"),
        # Equal in all but letter case: their key is the same.
        ("abc", "BC", "bB cC"),
        ("abcd", "Cb", "aC bb"),
        ("axyb", "bXA", "bb"),
        # What was moved belongs to nothing, and makes no other differ.
        ("abc", "cba", "aa"),
        ("abcde", "ebcda", "bb cc dd"),
        ("abXcd", "dbxca", "bb Xx cc"),
        ("aAb", "bAa", "aa"),
        # Of several that are alike, none makes another differ.
        ("aab", "ab", "aa bb"),
        ("aba", "ba", "bb aa"),
        ("aaa", "a", "aa"),
        # These have no key.
        ("a12b", "x3y", ""),
    ],
)
def test_these_belong_together(left: str, right: str, pairs: str) -> None:
    found = align(left, right, lambda char: None if char.isdecimal() else char.lower())
    assert " ".join(left[i] + right[j] for i, j in found) == pairs


def test_the_first_key_is_the_surest() -> None:
    left, right = ["a1", "b2"], ["b1", "c3", "d4"]
    assert align(left, right, lambda text: text[0], lambda text: text[1]) == [(1, 0)]
    assert align(left, right, lambda text: text[1], lambda text: text[0]) == [(0, 0)]


@given(FEW, FEW)
def test_pairs_ascend_on_both_sides(left: str, right: str) -> None:
    pairs = align(left, right, str.lower)
    assert all(a < c and b < d for (a, b), (c, d) in pairwise(pairs))
    assert all(i in range(len(left)) and j in range(len(right)) for i, j in pairs)


@given(FEW, FEW, FEW, st.text("abcABC", max_size=1))
def test_one_change_alone_is_all_that_differs(before: str, after: str, char: str, put: str) -> None:
    left, right = before + char[:1] + after, before + put + after
    pairs = align(left, right)
    differing = len(left) + len(right) - 2 * sum(left[i] == right[j] for i, j in pairs)
    assert differing <= len(char[:1]) + len(put)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (range(30_000), range(30_000, 0, -1)),
        ([0] * 30_000, [0, 1] * 15_000),
        ([0, 1] * 15_000, [1, 0, 0] * 10_000),
        (range(30_000), [*range(15_000, 30_000), *range(15_000)]),
    ],
    ids=range(4),
)
def test_hostile_sequences_take_no_longer_than_any(left: range, right: range) -> None:
    # Minutes if the time were quadratic.
    assert align(left, right, lambda number: number % 7)
