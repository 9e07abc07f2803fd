"""An assertion for promptfoo, as its Python assertions are: `get_assert(output, context)`.

See https://www.promptfoo.dev/docs/configuration/expected-outputs/python/ for the interface.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from cnaps._inputs import prompt_of
from cnaps.errors import ParseError
from cnaps.grounding import check
from cnaps.integrations._failures import failure, headline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnaps._inputs import Prompt
    from cnaps.grounding import Collection

__all__ = ["get_assert"]


def get_assert(
    output: str | dict[str, Any] | list[Any],
    context: Mapping[str, Any],
    *,
    collection: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None = None,
) -> dict[str, Any]:
    """Grade an answer by what its prompt offers.

    The prompt is the variable `prompt` of the test, or that which `prompt` in the `config` of the
    assertion names; where there is no variable `prompt`, it is the rendered prompt.

    Args:
        output: What the language model answered; where that is JSON and promptfoo has parsed it,
            it is judged as JSON again.
        context: What promptfoo hands over: `vars`, `prompt` and `config` are looked at.
        collection: As for `cnaps.check`.

    Returns:
        A `GradingResult`: `pass` if the answer is grounded, as `score` the share of its citations
        that are, the `reason`, how often each verdict was given as `namedScores`, and the report
        as `metadata`.

        Where cnaps cannot read the prompt, nothing passes, and the reason says why: of an
        exception promptfoo would show the last line.

    Raises:
        KeyError: There is no variable of the name that `config` has.

    >>> from cnaps import ModelRef, PromptSpec, Question, render
    >>> model = ModelRef("SwinIR", "https://arxiv.org/abs/2108.10257")
    >>> prompt = render(PromptSpec(Question("Why?"), (model,)))
    >>> output = "See https://arxiv.org/abs/2108.10257 and https://arxiv.org/abs/1706.03762."
    >>> result = get_assert(output, {"prompt": prompt, "vars": {}})
    >>> result["pass"], result["score"], result["namedScores"]
    (False, 0.5, {'given': 1, 'outside': 1})
    """
    try:
        asked = prompt_of(_prompt(context))
    except ParseError as error:
        return {"pass": False, "score": 0.0, "reason": f"the prompt cannot be read: {error}"}
    if isinstance(output, (dict, list)):
        output = json.dumps(output, ensure_ascii=False)
    report = check(asked, output, collection=collection)
    cited = len(report.citations)
    return {
        "pass": report.ok,
        "score": (cited - len(report.faults)) / cited if cited else 1.0,
        "reason": headline(report) if report.ok else failure(asked, report),
        "namedScores": {str(verdict): n for verdict, n in report.counts.items() if n},
        "metadata": {"grounding": report.to_dict()},
    }


def _prompt(context: Mapping[str, Any]) -> Any:
    variables = context.get("vars") or {}
    config = context.get("config") or {}
    if "prompt" in config:
        return variables[config["prompt"]]
    return variables["prompt"] if "prompt" in variables else context["prompt"]
