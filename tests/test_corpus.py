"""The public collection, where a copy is at hand: `CNAPS_CORPUS` names the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import cnaps

ROOT = Path(os.environ.get("CNAPS_CORPUS", ""))
PROMPTS = ROOT / "corpus" / "prompts"
ANSWERS = ROOT / "corpus" / "answers"
EVALUATIONS = ROOT / "corpus" / "evaluations"
RESPONSES = ROOT / "corpus" / "responses"

pytestmark = pytest.mark.skipif(
    "CNAPS_CORPUS" not in os.environ, reason="CNAPS_CORPUS names no folder"
)


def files(*folders: Path) -> list[Path]:
    found = [path for folder in folders for path in sorted(folder.rglob("*.txt"))]
    assert found
    return found


def unmangled(name: str) -> str:
    """The name of a folder before an unzip program read it as cp437."""
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def test_every_file_is_exact_and_gives_its_bytes_back() -> None:
    for path in files(ROOT / "seeds", PROMPTS, ANSWERS):
        doc = cnaps.read(path)
        assert doc.to_bytes() == path.read_bytes(), path
        assert doc.with_value(doc.value) == doc, path
        assert doc.exact, path
        assert cnaps.render(doc.value, doc.dialect) == doc.text, path


def test_every_evaluated_prompt_is_exact_and_gives_its_bytes_back() -> None:
    found = sorted(EVALUATIONS.glob("*.json"))
    assert found
    for path in found:
        text: str = json.loads(path.read_text("utf-8"))["query_text"]
        doc = cnaps.parse(text)
        assert (doc.dialect, doc.exact) == ("prompt-2", True), path
        assert doc.to_bytes() == text.encode(), path
        assert doc.with_value(doc.value) == doc, path
        assert cnaps.render(doc.value, "prompt-2") == text, path


def test_damaged_seeds_are_repaired() -> None:
    repaired = [
        doc.repaired() for path in files(ROOT / "seeds") if (doc := cnaps.read(path)).damage
    ]
    assert len(repaired) == 2
    for doc in repaired:
        assert doc.to_bytes() == cnaps.render(doc.value, doc.dialect).encode()


def test_every_answer_follows_from_its_prompt() -> None:
    for path in files(ANSWERS):
        folder = PROMPTS / unmangled(path.parent.name)
        prompt = cnaps.read(folder / path.name.replace("_answer", ""))
        answer = cnaps.read(path)
        assert isinstance(prompt.value, cnaps.PromptSpec)
        derived = cnaps.answer_for(prompt.value, answer.dialect)
        assert cnaps.render(derived, answer.dialect).encode() == answer.to_bytes(), path


def test_every_response_is_understood() -> None:
    pytest.importorskip("markdown_it")
    for path in files(*RESPONSES.glob("*/*_answer")):
        doc = cnaps.parse_response(path.read_bytes())
        response = doc.value
        assert doc.to_bytes() == path.read_bytes(), path
        assert "cite" not in response.text, path
        assert "://" in response.citations[-1].url, path
        assert len(response.sections) >= 3, path
        assert response.has_preface == ("claude" in path.parent.name), path
        assert (response.question is not None) == ("gpt" in path.parent.name), path
        assert not response.is_truncated, path
        assert not response.is_fenced, path


def test_every_citation_of_an_answer_is_given() -> None:
    collection = cnaps.Collection(files(PROMPTS))
    for path in files(ANSWERS):
        prompt = PROMPTS / unmangled(path.parent.name) / path.name.replace("_answer", "")
        report = cnaps.check(prompt, path, collection=collection)
        assert report.counts[cnaps.Verdict.GIVEN] == len(report.citations) > 0, path
        odd = report.uncited, report.unnamed, report.mislabelled, report.drifted
        assert (*odd, report.misfiled) == ((), (), (), (), False), path


def test_every_response_keeps_to_its_prompt() -> None:
    collection = cnaps.Collection(files(PROMPTS))
    for path in files(*RESPONSES.glob("*/*_answer")):
        prompt = path.parent.parent / f"Query{path.name[5]}.txt"
        report = cnaps.check(prompt, path, collection=collection)
        assert report.ok, path
        assert report.given, path
        assert (report.mislabelled, report.misfiled) == ((), False), path
        # One of the three models shortens titles, the others copy them.
        assert bool(report.drifted) == ("gpt" in path.parent.name), path
