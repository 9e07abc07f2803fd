"""Inspect gets a score for each sample; without Inspect users are told what to install."""

from __future__ import annotations

import asyncio
import sys
from importlib import import_module
from importlib.metadata import entry_points
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import cnaps
from tests.integrations.samples import BAD, FAILURE, GOOD, OTHER, PROMPT, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MODULE = "cnaps.integrations.inspect_ai"


@pytest.fixture
def fresh(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Import the module anew, and forget it afterwards."""
    monkeypatch.delitem(sys.modules, MODULE, raising=False)
    yield
    sys.modules.pop(MODULE, None)


def state(output: str, **metadata: str) -> Any:
    """What the scorer looks at of a state."""
    return SimpleNamespace(
        input_text=TEXT, metadata=metadata, output=SimpleNamespace(completion=output)
    )


@pytest.mark.usefixtures("fresh")
class TestContract:
    """What the module asks of Inspect, with something that has no more than that."""

    @pytest.fixture
    def grounded(self, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
        stand_in: Any = ModuleType("inspect_ai.scorer")
        stand_in.Score = SimpleNamespace
        stand_in.CORRECT, stand_in.INCORRECT = "C", "I"
        stand_in.accuracy, stand_in.stderr = lambda: "accuracy", lambda: "stderr"

        def scorer(metrics: list[str]) -> Callable[[Any], Any]:
            assert metrics == ["accuracy", "stderr"]
            return lambda factory: factory

        stand_in.scorer = scorer
        monkeypatch.setitem(sys.modules, "inspect_ai", ModuleType("inspect_ai"))
        monkeypatch.setitem(sys.modules, "inspect_ai.scorer", stand_in)
        found: Callable[..., Any] = import_module(MODULE).grounded
        return found

    def test_a_grounded_answer_is_correct(self, grounded: Callable[..., Any]) -> None:
        score = asyncio.run(grounded()(state(GOOD), None))
        assert vars(score) == {
            "value": "C",
            "answer": GOOD,
            "explanation": "ok: 1 given",
            "metadata": cnaps.check(PROMPT, GOOD).to_dict(),
        }

    def test_another_one_is_not(self, grounded: Callable[..., Any]) -> None:
        score = asyncio.run(grounded()(state(BAD), None))
        assert (score.value, score.answer, score.explanation) == ("I", BAD, FAILURE)

    def test_the_prompt_may_stand_in_the_metadata(self, grounded: Callable[..., Any]) -> None:
        answer = "See https://arxiv.org/abs/1706.03762."
        scorer = grounded(prompt="offered")
        assert asyncio.run(scorer(state(answer, offered=cnaps.render(OTHER)), None)).value == "C"
        assert asyncio.run(scorer(state(answer, offered=TEXT), None)).value == "I"

    def test_other_prompts_may_be_at_hand(self, grounded: Callable[..., Any]) -> None:
        score = asyncio.run(grounded(collection={"why.txt": OTHER})(state(BAD), None))
        assert score.metadata["counts"]["borrowed"] == 1


@pytest.mark.usefixtures("fresh")
def test_without_inspect_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("inspect_ai.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "inspect_ai", None)
    with pytest.raises(ModuleNotFoundError) as caught:
        import_module(MODULE)
    assert str(caught.value) == (
        "cnaps.integrations.inspect_ai needs inspect_ai: python -m pip install inspect-ai"
    )


def test_inspect_finds_the_module_by_the_name_of_the_package() -> None:
    found = entry_points(group="inspect_ai", name="cnaps")
    assert {entry.value for entry in found} == {MODULE}


@pytest.mark.usefixtures("fresh")
class TestInspect:
    """With Inspect itself, where it is installed."""

    @pytest.mark.filterwarnings("default")
    def test_an_evaluation_from_sample_to_score(self, tmp_path: Path) -> None:
        inspect_ai: Any = pytest.importorskip("inspect_ai")
        models: Any = import_module("inspect_ai.model")
        sample: Any = import_module("inspect_ai.dataset").Sample
        grounded = import_module(MODULE).grounded
        outputs = [models.ModelOutput.from_content("mockllm/model", text) for text in (GOOD, BAD)]
        for output in outputs:  # or else its tokens are counted, by a table from the network
            output.usage = models.ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        task = inspect_ai.Task(
            dataset=[sample(id=number, input=TEXT) for number in range(2)],
            scorer=grounded(collection=cnaps.Collection({"why.txt": OTHER})),
        )
        (log,) = inspect_ai.eval(
            task,
            model=models.get_model("mockllm/model", custom_outputs=outputs),
            log_dir=str(tmp_path),
            display="none",
            max_samples=1,
        )
        assert log.status == "success"
        scores = [sample.scores["grounded"] for sample in log.samples]
        assert [score.value for score in scores] == ["C", "I"]
        assert scores[1].metadata["counts"]["borrowed"] == 1
        assert log.results.scores[0].metrics["accuracy"].value == 0.5
