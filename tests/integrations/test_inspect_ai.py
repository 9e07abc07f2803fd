"""Inspect gets a score for each sample; without Inspect users are told what to install."""

from __future__ import annotations

import asyncio
import gc
import sys
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

import cnaps
from tests.integrations.samples import BAD, FAILURE, GOOD, OTHER, PROMPT, TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MODULE = "cnaps.integrations.inspect_ai"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "replies-with-inspect.md"


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

    def test_other_prompts_are_at_hand_for_all_samples(self, grounded: Callable[..., Any]) -> None:
        scorer = grounded(collection=iter([OTHER]))
        scores = [asyncio.run(scorer(state(BAD), None)) for _ in range(2)]
        assert [score.metadata["counts"]["borrowed"] for score in scores] == [1, 1]


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


@pytest.mark.filterwarnings("default")
@pytest.mark.usefixtures("fresh")
class TestInspect:
    """With Inspect itself, where it is installed."""

    def scores(self, task: Any, log_dir: Path) -> Any:
        """The log of a task for which a model answers well and then badly, and its scores."""
        inspect_ai: Any = import_module("inspect_ai")
        models: Any = import_module("inspect_ai.model")
        outputs = [models.ModelOutput.from_content("mockllm/model", text) for text in (GOOD, BAD)]
        for output in outputs:  # or else its tokens are counted, by a table from the network
            output.usage = models.ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        (log,) = inspect_ai.eval(
            task,
            model=models.get_model("mockllm/model", custom_outputs=outputs),
            log_dir=str(log_dir),
            display="none",
            max_samples=1,
        )
        gc.collect()  # Inspect leaves streams open, of which Python warns: here, not in other tests
        assert log.status == "success"
        return log, [sample.scores["grounded"] for sample in log.samples]

    def test_an_evaluation_from_sample_to_score(self, tmp_path: Path) -> None:
        inspect_ai: Any = pytest.importorskip("inspect_ai")
        sample: Any = import_module("inspect_ai.dataset").Sample
        grounded = import_module(MODULE).grounded
        task = inspect_ai.Task(
            dataset=[sample(id=number, input=TEXT) for number in range(2)],
            scorer=grounded(collection=cnaps.Collection({"why.txt": OTHER})),
        )
        log, scores = self.scores(task, tmp_path)
        assert [score.value for score in scores] == ["C", "I"]
        assert scores[1].metadata["counts"]["borrowed"] == 1
        assert log.results.scores[0].metrics["accuracy"].value == 0.5

    def test_the_task_of_the_page(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        pytest.importorskip("inspect_ai")
        for name, text in (("rain.txt", TEXT), ("why.txt", cnaps.render(OTHER))):
            path = tmp_path / "prompts" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8")
        monkeypatch.chdir(tmp_path)
        code = PAGE.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
        names: dict[str, Any] = {"__name__": "page", "__file__": "keeps_to_its_papers.py"}
        exec(compile(code, str(PAGE), "exec"), names)
        _, scores = self.scores(names["keeps_to_its_papers"](), tmp_path)
        assert [score.value for score in scores] == ["C", "I"]
