"""Every rule finds what its explanation shows, and its pages say what it says."""

from __future__ import annotations

import re
from runpy import run_path

import pytest

import cnaps
from cnaps.diagnostics import AnyRule, Safety
from cnaps.rules import all_rules
from tests.rules.scenes import SAMPLE, Example, collection, prompt, sample

RULES = [rule for rule in all_rules().values() if rule.is_own]
HEADINGS = ["Why is this bad?", "Example", "Fix safety"]

each_rule = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)


@pytest.mark.parametrize("name", ["prompt", "later", "other"])
def test_no_rule_finds_anything_in_the_prompts_of_the_sample(name: str) -> None:
    assert cnaps.lint(cnaps.parse(sample(name)), collection=collection()) == ()


def test_no_rule_finds_anything_in_the_answers_of_the_sample() -> None:
    for answer in (cnaps.parse(sample("answer")), cnaps.parse_response(sample("response"))):
        assert cnaps.lint((prompt(), answer), collection=collection()) == ()


def test_codes_are_in_order() -> None:
    assert list(all_rules()) == sorted(all_rules())


@each_rule
def test_a_rule_is_explained_under_the_same_headings(rule: AnyRule) -> None:
    summary, *_ = rule.explanation.split("\n\n")
    assert summary.startswith(("Finds ", "Tells "))
    assert summary.endswith(".")
    prose = re.sub(r"^```.*?^```$", "", rule.explanation, flags=re.MULTILINE | re.DOTALL)
    assert re.findall(r"^## (.*)$", prose, re.MULTILINE) == HEADINGS
    assert "\n\nUse instead:\n\n" in rule.explanation
    assert rule.title[0].islower()


@each_rule
def test_a_rule_fires_on_its_example_once_and_not_on_what_to_use_instead(rule: AnyRule) -> None:
    example = Example.of(rule)
    assert [found.code for found in example.lint(example.before, rule.code)] == [rule.code]
    assert example.lint(example.after) == ()


@each_rule
def test_what_it_finds_lies_in_the_text_and_has_its_severity(rule: AnyRule) -> None:
    example = Example.of(rule)
    (found,) = example.lint(example.before, rule.code)
    length = len(example.before)
    assert all(0 <= start <= end <= length for start, end in (found.span, *found.also))
    assert found.severity is rule.severity
    assert found.message


@each_rule
def test_its_fix_makes_of_the_example_what_to_use_instead(rule: AnyRule) -> None:
    example = Example.of(rule)
    fix = example.fix()
    if fix is None:
        assert re.search(r"There is no fix\b", rule.explanation)
        return
    subject = example.subject(example.before)
    unsafe = fix.safety is Safety.UNSAFE
    fixed = cnaps.fix(subject, unsafe=unsafe, select=[rule.code], collection=example.collection)
    assert fixed.document.to_bytes().decode() == example.after
    assert [found.code for found in fixed.applied] == [rule.code]
    assert (fixed.refused, fixed.passes, fixed.is_stable) == ((), 1, True)


@each_rule
def test_an_unsafe_fix_is_not_made_unless_asked_for(rule: AnyRule) -> None:
    example = Example.of(rule)
    fix = example.fix()
    if fix is None or fix.safety is Safety.SAFE:
        return
    subject = example.subject(example.before)
    fixed = cnaps.fix(subject, select=[rule.code], collection=example.collection)
    assert fixed.document is (subject if isinstance(subject, cnaps.Document) else subject[1])
    assert "unsafe" in rule.explanation


def test_the_pages_are_those_of_the_rules() -> None:
    made = run_path(str(SAMPLE.parent / "make.py"))
    pages = {page.name: page.read_text("utf-8") for page in SAMPLE.parent.glob("*.md")}
    assert pages == made["pages"](), "python -m docs.rules.make"
