"""Marks of providers: what is one, what is none, and that finding them takes linear time."""

from __future__ import annotations

from itertools import pairwise
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Mark, MarkKind, Span
from cnaps.marks import find_marks, without_marks

MARKS = [
    ("[cite_start]", "cite"),
    ("[cite_end]", "cite"),
    ("[cite: 6]", "cite"),
    ("[cite: 6, 7, 12-14]", "cite"),
    ("[cite:6]", "cite"),
    ('<cite index="3-1,4-2">', "cite"),
    ("</cite>", "cite"),
    ("【446†source】", "source"),
    ("【12:3†rain.pdf】", "source"),
    ("【7†L10-L12】", "source"),
    ("【oaicite:4】", "source"),
    (":contentReference[oaicite:0]{index=0}", "reference"),
    (":contentReference[oaicite:11]", "reference"),
    ("[oaicite:2]{index=2}", "reference"),
    ("oai_citation:1‡", "reference"),
    ("\ue200cite\ue202turn0search1\ue201", "private"),
    ("\ue202", "private"),
    ("citeturn0search1turn2view0", "private"),
    ("fileciteturn0file3", "private"),
]
# What the end of a text leaves of them.
CUT_OFF = [
    ("[cite", "cite"),
    ("[cite_sta", "cite"),
    ("[cite: 6, ", "cite"),
    ('<cite index="3-', "cite"),
    ("【446†sour", "source"),
    ("【oaicite:", "source"),
    (":contentReference[oaicite:1", "reference"),
    (":contentReference[oaicite:1]{index=", "reference"),
    ("\ue200cite\ue202turn0", "private"),
]
NO_MARKS = [
    "[cite]",
    "[cited: 6]",
    "[cite_all]",
    "[cite: 6\n]",
    "[cite: [6]",
    "<cite>Rain",
    "【注】",
    "【446†\n",
    "[oai]",
    "[1]",
    "[^1]",
    "[^1]: https://example.org",
    "cite turn0search1",
    "excite turning 3 knobs",
    "\\cite{rain2020}",
    "",
]


@pytest.mark.parametrize(("mark", "kind"), MARKS)
def test_marks_are_found_wherever_they_stand(mark: str, kind: str) -> None:
    text = f"Rain{mark}. https://example.org/a{mark}\n{mark} snow"
    found = [*find_marks(text)]
    assert [found_mark.span.of(text) for found_mark in found] == [mark] * 3
    assert {found_mark.kind for found_mark in found} == {MarkKind(kind)}
    assert without_marks(text) == "Rain. https://example.org/a\n snow"


def test_the_end_of_an_address_is_no_part_of_a_mark() -> None:
    text = "https://github.com/swz30/MPRNet?tab=readme-ov-fileciteturn0search1"
    assert [mark.span.of(text) for mark in find_marks(text)] == ["citeturn0search1"]


@pytest.mark.parametrize(("mark", "kind"), CUT_OFF)
def test_the_end_of_the_text_cuts_marks_off(mark: str, kind: str) -> None:
    text = f"Rain{mark}"
    assert [*find_marks(text)] == [Mark(MarkKind(kind), Span(4, len(text)))]
    assert without_marks(text) == "Rain"


@pytest.mark.parametrize("text", NO_MARKS)
def test_what_is_no_mark(text: str) -> None:
    assert [*find_marks(f"{text} ")] == []
    assert without_marks(f"{text} ") == f"{text} "


@given(st.lists(st.sampled_from([*(mark for mark, _ in MARKS + CUT_OFF), *NO_MARKS, "\n", "]"])))
def test_marks_are_in_order_and_apart(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = [mark.span for mark in find_marks(text)]
    assert all(span.start < span.end for span in spans)
    assert all(left.end <= right.start for left, right in pairwise(spans))
    removed = sum(span.end - span.start for span in spans)
    assert len(without_marks(text)) == len(text) - removed


@pytest.mark.parametrize("piece", [mark[:-1] for mark, _ in MARKS if len(mark) > 1])
def test_marks_without_end_take_linear_time(piece: str) -> None:
    start = process_time()
    for _ in find_marks(piece * (1_000_000 // len(piece))):
        pass
    assert process_time() - start < 10


@pytest.mark.parametrize(("mark", "kind"), MARKS + CUT_OFF)
def test_a_text_with_nothing_but_one_mark_is_looked_at(mark: str, kind: str) -> None:
    """Whatever rules texts out before they are looked at knows all kinds of marks."""
    assert [found.kind for found in find_marks(mark)] == [kind]
    assert without_marks(mark) == ""
