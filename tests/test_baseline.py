"""A baseline knows findings by what they are about, and is written the same way every time."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import Diagnostic, Severity, Span
from cnaps.baseline import Baseline, read_baseline
from tests.rules.scenes import sample

if TYPE_CHECKING:
    from pathlib import Path

NAME = "a/prompt.txt"
BROKEN = sample("prompt").replace("https://github.com/IDKiro", "http://github.com/IDKiro")


def found_in(text: str, *codes: str) -> tuple[Diagnostic, ...]:
    return cnaps.lint(cnaps.parse(text), select=codes or ["CN201"])


def baseline_of(text: str, name: str = NAME) -> Baseline:
    return Baseline.of([(name, text, found_in(text))])


class TestNew:
    def test_what_is_known_is_not_new(self) -> None:
        known = baseline_of(BROKEN)
        assert len(known) == 2
        assert known.new(NAME, BROKEN, found_in(BROKEN)) == ()

    def test_what_is_not_known_is(self) -> None:
        found = found_in(BROKEN)
        assert Baseline().new(NAME, BROKEN, found) == found
        assert baseline_of(BROKEN).new("other.txt", BROKEN, found) == found

    def test_it_holds_when_the_file_changes_elsewhere(self) -> None:
        known = baseline_of(BROKEN)
        lines = BROKEN.split("\n")
        moved = "\n".join(["A note.", *lines[:3], "Another question", *lines[4:]])
        assert known.new(NAME, moved, found_in(moved)) == ()

    def test_what_is_found_once_more_is_new(self) -> None:
        line = "GitHub: http://github.com/IDKiro/gUNet\n"
        model = f"Model: Another\n{line}\n"
        more = BROKEN.replace("### Related", f"{model}### Related")
        (found,) = baseline_of(BROKEN).new(NAME, more, found_in(more))
        assert found.span.of(more) == "http://github.com/IDKiro/gUNet"
        assert baseline_of(more).new(NAME, more, found_in(more)) == ()

    def test_another_text_at_the_place_is_another_finding(self) -> None:
        other = BROKEN.replace("http://github.com/IDKiro/gUNet", "http://github.com/IDKiro/net")
        (found,) = baseline_of(BROKEN).new(NAME, other, found_in(other))
        assert found.span.of(other).endswith("/net")

    def test_it_holds_when_what_stands_beside_is_fixed(self) -> None:
        prompt = cnaps.parse(sample("prompt"))
        marked = cnaps.parse_response("See https://example.com/rain【4†source】 [cite: 1].")
        fixed = cnaps.fix((prompt, marked)).document
        assert fixed.text == "See https://example.com/rain."
        known = Baseline.of([(NAME, marked.text, cnaps.lint((prompt, marked)))])
        assert known.new(NAME, fixed.text, cnaps.lint((prompt, fixed))) == ()

    def test_it_holds_for_a_whole_file_when_its_start_changes(self) -> None:
        names = cnaps.pair_files(["q.txt", "q_anwser.txt"])
        one, other = (
            cnaps.lint(cnaps.parse_response(text), oddity=names.oddities[0])
            for text in ("Rain.", "Snow.")
        )
        assert [found.code for found in one] == ["CN404"]
        assert Baseline.of([(NAME, "Rain.", one)]).new(NAME, "Snow.", other) == ()

    def test_what_is_missing_is_told_apart(self) -> None:
        first, second = (
            Diagnostic("CN306", Severity.INFO, message, Span(9, 9)) for message in ("one", "two")
        )
        known = Baseline.of([(NAME, BROKEN, [first])])
        assert known.new(NAME, BROKEN, [first]) == ()
        assert known.new(NAME, BROKEN, [second]) == (second,)

    def test_codes_are_told_apart(self) -> None:
        one, two = (Diagnostic(code, Severity.INFO, "", Span(3, 9)) for code in ("CN1", "CN2"))
        assert Baseline.of([(NAME, BROKEN, [one])]).new(NAME, BROKEN, [one, two]) == (two,)

    @given(st.text(), st.integers(0, 9), st.integers(0, 9), st.integers(1, 3))
    def test_any_place_is_known_as_often_as_it_was_found(
        self, text: str, start: int, length: int, times: int
    ) -> None:
        found = Diagnostic("ACME001", Severity.INFO, "", Span(start, start + length))
        known = Baseline.of([(NAME, text, [found] * times)])
        assert len(known) == times
        assert known.new(NAME, text, [found] * (times + 1)) == (found,)


class TestPruned:
    def test_what_does_not_occur_any_more_goes(self) -> None:
        known = Baseline.of([(NAME, BROKEN, found_in(BROKEN)), ("b", BROKEN, found_in(BROKEN))])
        assert known.pruned(Baseline()) == Baseline()
        assert known.pruned(baseline_of(BROKEN)) == baseline_of(BROKEN)
        assert known.pruned(known) == known

    def test_nothing_is_added(self) -> None:
        assert Baseline().pruned(baseline_of(BROKEN)) == Baseline()


class TestFiles:
    def test_it_comes_back_from_a_file(self, tmp_path: Path) -> None:
        path = tmp_path / "known.json"
        known = baseline_of(BROKEN)
        known.write(path)
        again = read_baseline(str(path))
        assert again == known
        assert hash(again) == hash(known)
        assert again.dumps() == path.read_text("utf-8") == known.dumps()

    def test_what_is_in_it(self) -> None:
        data = json.loads(baseline_of(BROKEN).dumps())
        (hashes,) = [codes["CN201"] for codes in data["files"].values()]
        assert data == {"version": 1, "files": {NAME: {"CN201": hashes}}}
        assert list(hashes.values()) == [1, 1]

    def test_the_order_of_findings_makes_no_difference(self) -> None:
        found = found_in(BROKEN)
        files = [("b", BROKEN, found), ("a", BROKEN, found[::-1])]
        assert Baseline.of(files).dumps() == Baseline.of(files[::-1]).dumps()

    def test_what_it_is_to_people(self) -> None:
        assert repr(baseline_of(BROKEN)) == "<Baseline of 2 findings>"
        assert baseline_of(BROKEN) != "known"

    def test_lone_surrogates_do_no_harm(self) -> None:
        found = Diagnostic("ACME001", Severity.INFO, "", Span(0, 1))
        assert len(Baseline.of([("\udcff", "\ud800", [found])]).dumps()) > 60

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("", "it is no JSON: Expecting value: line 1 column 1 (char 0)"),
            ("\udcff", "it is no JSON: 'utf-8' codec can't decode byte 0xff in position 0: "),
            ("[" * 100_000, "it is no JSON: "),
            ("[]", "it is no baseline: it takes counts by file, code and hash\nhint: write"),
            ('{"version": 1}', "it is no baseline: it takes counts by file, code and hash\nhint: "),
            (
                '{"version": 2, "files": {}}',
                "version: version 2 of baselines is not known, only 1\nhint: write the baseline",
            ),
            ('{"version": 1, "files": []}', "files: it is no baseline"),
            ('{"version": 1, "files": {"a": 1}}', "files: it is no baseline"),
            ('{"version": 1, "files": {"a": {"CN1": 1}}}', "files: it is no baseline"),
            ('{"version": 1, "files": {"a": {"CN1": {"0": 0}}}}', "files.a.CN1: it is no baseline"),
            ('{"version": 1, "files": {"a": {"CN1": {"0": true}}}}', "files.a.CN1: it is no"),
        ],
    )
    def test_what_is_none_is_refused(self, tmp_path: Path, text: str, problem: str) -> None:
        path = tmp_path / "known.json"
        path.write_text(text, "utf-8", "surrogateescape")
        with pytest.raises(cnaps.SettingsError) as caught:
            read_baseline(path)
        assert str(caught.value).startswith(f"{path}: {problem}")

    def test_one_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_baseline(tmp_path / "known.json")
