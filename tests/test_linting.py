"""What `lint` takes, and what it returns."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

import cnaps
from cnaps import Severity
from tests.rules.scenes import collection, prompt, sample
from tests.strategies import edited_files, files


def answer(text: str | None = None) -> cnaps.Document:
    return cnaps.parse(sample("answer") if text is None else text)


class TestSubjects:
    def test_reading_notices_a_part_of_what_all_rules_find(self) -> None:
        doc = cnaps.parse(sample("prompt").replace("GitHub: https", "Code: http", 1))
        assert [found.code for found in doc.diagnostics] == ["CN103"]
        assert [found.code for found in cnaps.lint(doc)] == ["CN103"]
        assert cnaps.lint(doc, select=["CN0", "CN1"]) == doc.diagnostics

    @pytest.mark.parametrize(
        ("subject", "called"),
        [
            ("prompt.txt", "str"),
            (None, "NoneType"),
            ((), "()"),
            (prompt().value, "PromptSpec"),
            ((prompt(),), "(prompt)"),
            ((prompt(), prompt()), "(prompt, prompt)"),
            ((answer(), prompt()), "(answer, prompt)"),
            ((prompt(), answer().value), "(prompt, Answer)"),
            ([prompt(), 3], "list"),
        ],
    )
    def test_anything_else_is_refused(self, subject: Any, called: str) -> None:
        for take in (cnaps.lint, cnaps.fix):
            with pytest.raises(TypeError) as caught:
                take(subject)
            assert str(caught.value) == (
                "cnaps takes a Document, which cnaps.read makes of a file, or a tuple of two, the"
                f" prompt and its answer, not {called}"
            )

    def test_a_collection_is_made_before(self) -> None:
        prompts: Any = [prompt()]
        for take in (cnaps.lint, cnaps.fix):
            with pytest.raises(TypeError) as caught:
                take(prompt(), collection=prompts)
            assert str(caught.value) == "the collection is a cnaps.Collection, not list"

    def test_a_pair_is_an_answer_or_a_response_beside_its_prompt(self) -> None:
        for doc in (answer(), cnaps.parse_response(sample("answer"))):
            assert cnaps.lint((prompt(), doc)) == ()

    def test_links_that_the_prompt_has_are_its_business(self) -> None:
        old, new = "https://github.com/IDKiro/gUNet", "http://github.com/IDKiro/gUNet"
        theirs = cnaps.parse(sample("prompt").replace(old, new))
        ours = answer(sample("answer").replace(old, new))
        assert [found.code for found in cnaps.lint(theirs)] == ["CN201"]
        assert [found.code for found in cnaps.lint(ours)] == ["CN201"]
        assert cnaps.lint((theirs, ours)) == ()
        codes = [found.code for found in cnaps.lint((prompt(), ours))]
        assert codes == ["CN201", "CN303", "CN403"]

    def test_what_is_wrong_with_the_prompt_is_not_told_of_the_pair(self) -> None:
        broken = cnaps.parse(sample("prompt").replace("### Related Papers:", "Papers:"))
        assert broken.diagnostics
        assert cnaps.lint((broken, answer()), select=["CN1"]) == ()

    def test_names_of_files_are_looked_at_if_they_are_known(self) -> None:
        names = cnaps.pair_files(["Query1.txt", "Query1_anwser.txt", "Query2.txt"])
        (odd,) = names.oddities
        ((_, alone),) = names.alone
        (found,) = cnaps.lint((prompt(), answer()), oddity=odd)
        assert (found.code, found.span) == ("CN404", (0, 0))
        assert found.message == "a typo in 'anwser'; it would be Query1_answer.txt"
        (found,) = cnaps.lint(prompt(), alone=alone)
        assert (found.code, found.message) == ("CN405", alone)


class TestDiagnostics:
    def test_they_are_in_the_order_of_the_text_and_then_of_codes(self) -> None:
        text = sample("answer").replace("https", "http").replace("pdf/", "pdf/19")
        found = cnaps.lint((prompt(), answer(text)), collection=collection())
        assert len(found) > 6
        for first, second in pairwise(found):
            assert (first.span, first.code) <= (second.span, second.code)

    def test_severities(self) -> None:
        assert [*Severity] == ["error", "warning", "info"]

    @given(files() | edited_files())
    def test_every_place_lies_in_the_text(self, text: str) -> None:
        try:
            doc = cnaps.parse(text)
        except cnaps.ParseError:
            return
        subject = (prompt(), doc) if doc.kind == "answer" else doc
        for found in cnaps.lint(subject, collection=collection()):
            edits = found.fix.edits if found.fix else ()
            for start, end in (found.span, *found.also, *(edit[:2] for edit in edits)):
                assert 0 <= start <= end <= len(doc.text)
            for first, second in pairwise(edits):
                assert first.end <= second.start
