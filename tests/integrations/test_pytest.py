"""`assert_grounded` fails unless an answer is grounded, and says why."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest

import cnaps
from cnaps.integrations.pytest import assert_grounded
from tests.integrations.samples import BAD, FAILURE, GOOD, OTHER, PROMPT, TEXT

if TYPE_CHECKING:
    from pathlib import Path


def message(answer: str, **options: object) -> str:
    """What an answer fails with."""
    with pytest.raises(AssertionError) as caught:
        assert_grounded(PROMPT, answer, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_a_grounded_answer_gives_its_report() -> None:
    assert assert_grounded(PROMPT, GOOD) == cnaps.check(PROMPT, GOOD)


def test_another_one_fails_with_each_citation_its_place_and_what_is_offered() -> None:
    assert message(BAD) == FAILURE


def test_what_is_borrowed_is_told_with_the_prompt_that_offers_it() -> None:
    told = message(BAD, collection={"why.txt": OTHER})
    assert (
        "2:19: borrowed https://arxiv.org/abs/1706.03762: it is models[0].paper of why.txt" in told
    )
    # An iterator is no worse than what it yields.
    assert "2:19: borrowed" in message(BAD, collection=iter([OTHER]))


def test_that_another_question_is_answered_is_told() -> None:
    told = message(f'User question: "Why?"\n\n{BAD}')
    assert told.startswith(
        "not ok: 1 given, 1 altered, 1 outside; it repeats another question than that of the"
        " prompt\n"
    )


def test_many_citations_are_counted() -> None:
    told = message(" ".join(f"https://example.org/{number}" for number in range(1_234)))
    assert told.count(": outside ") == 20
    assert "\nand 1,214 more\nthe prompt offers:\n" in told


def test_nothing_of_an_answer_is_taken_for_more_than_text() -> None:
    told = message("\x1b[2J [bold]https://example.org/x\u202e[/bold]")
    assert all(line.isprintable() for line in told.split("\n"))


def test_files_and_texts_are_taken(tmp_path: Path) -> None:
    prompt, answer = tmp_path / "prompt.txt", tmp_path / "answer.md"
    prompt.write_text(TEXT, encoding="utf-8", newline="")
    answer.write_text(GOOD, encoding="utf-8")
    assert assert_grounded(prompt, answer).ok
    assert assert_grounded(TEXT, cnaps.answer_for(PROMPT)).ok


def test_pytest_shows_the_test_and_not_the_assertion() -> None:
    with pytest.raises(AssertionError) as caught:
        assert_grounded(PROMPT, BAD)
    frames = [frame for frame, _ in traceback.walk_tb(caught.value.__traceback__)]
    hidden = ["__tracebackhide__" in frame.f_locals for frame in frames]
    assert hidden == [False, True]
