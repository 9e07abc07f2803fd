"""promptfoo gets a `GradingResult` for what it hands over: JSON on both sides."""

from __future__ import annotations

import json
import re
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from ruamel.yaml import YAML

import cnaps
from cnaps.integrations.promptfoo import get_assert
from tests.integrations.samples import BAD, FAILURE, GOOD, OTHER, PROMPT, TEXT


def graded(output: Any, context: dict[str, Any], **options: Any) -> dict[str, Any]:
    """The result after the way to promptfoo and back."""
    result = get_assert(output, json.loads(json.dumps(context)), **options)
    found: dict[str, Any] = json.loads(json.dumps(result))
    return found


CONTEXT: dict[str, Any] = {"prompt": TEXT, "vars": {}, "test": {}, "provider": None}


def test_a_grounded_answer_passes() -> None:
    assert graded(GOOD, CONTEXT) == {
        "pass": True,
        "score": 1.0,
        "reason": "ok: 1 given",
        "namedScores": {"given": 1},
        "metadata": {"grounding": cnaps.check(PROMPT, GOOD).to_dict()},
    }


def test_another_one_does_not() -> None:
    assert graded(BAD, CONTEXT) == {
        "pass": False,
        "score": pytest.approx(1 / 3),
        "reason": FAILURE,
        "namedScores": {"given": 1, "altered": 1, "outside": 1},
        "metadata": {"grounding": cnaps.check(PROMPT, BAD).to_dict()},
    }


def test_an_answer_that_cites_nothing_passes() -> None:
    result = graded("I do not know.", CONTEXT)
    assert (result["pass"], result["score"], result["namedScores"]) == (True, 1.0, {})


def test_an_answer_in_json_is_judged_as_a_whole() -> None:
    found = {"answer": f"{BAD}\nThat is all.", "links": ["https://arxiv.org/abs/2006.11239"]}
    for output in (found, [found]):
        result = graded(output, CONTEXT)
        assert result["namedScores"] == {"given": 2, "altered": 1, "outside": 1}
        assert "outside https://arxiv.org/abs/1706.03762: nobody" in result["reason"]


def test_with_other_prompts_it_tells_where_a_link_comes_from() -> None:
    result = graded(BAD, CONTEXT, collection={"why.txt": OTHER})
    assert result["namedScores"] == {"given": 1, "altered": 1, "borrowed": 1}


@pytest.mark.parametrize(
    "context",
    [
        {"prompt": TEXT},
        {"prompt": TEXT, "vars": None, "config": None},
        {"prompt": "rendered", "vars": {"prompt": TEXT}},
        {
            "prompt": "rendered",
            "vars": {"prompt": "x", "asked": TEXT},
            "config": {"prompt": "asked"},
        },
    ],
)
def test_the_prompt_is_where_it_is_said_to_be(context: dict[str, Any]) -> None:
    assert graded(GOOD, context)["namedScores"] == {"given": 1}


def test_a_name_of_no_variable() -> None:
    with pytest.raises(KeyError, match="asked"):
        get_assert(GOOD, {"prompt": TEXT, "vars": {}, "config": {"prompt": "asked"}})


def test_a_prompt_that_cannot_be_read_is_the_reason() -> None:
    result = graded(GOOD, {"prompt": "Why?"})
    assert (result["pass"], result["score"]) == (False, 0.0)
    assert result["reason"].startswith(
        "the prompt cannot be read: <input>:1:1: neither a prompt nor an answer;"
    )


PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "replies-with-promptfoo.md"


def test_the_configurations_on_the_page_are_yaml_and_their_python_runs() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```$", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    whole, part = map(YAML(typ="safe").load, blocks)
    (assertion,) = whole["defaultTest"]["assert"]
    namespace: dict[str, Any] = {}
    # What promptfoo makes of it.
    exec(f"def main(output, context):\n{indent(assertion['value'], '    ')}", namespace)
    assert namespace["main"](BAD, CONTEXT) == get_assert(BAD, CONTEXT)
    assert [test["vars"].keys() for test in whole["tests"]] == [{"prompt"}, {"prompt"}]
    (assertion,) = part["assert"]
    context = {"prompt": "x", "vars": {"offered": TEXT}, "config": assertion["config"]}
    assert get_assert(BAD, context) == get_assert(BAD, CONTEXT)
