"""`cnaps convert`."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnaps
from cnaps.serializers import json
from tests.cli.conftest import Result, Run
from tests.cli.samples import ANSWER, DAMAGED, NEITHER, OLD_ANSWER, PROMPT, TEXT

pytest.importorskip("cyclopts")


@pytest.mark.parametrize(
    ("text", "options"),
    [
        pytest.param(TEXT, [], id="prompt"),
        pytest.param(TEXT, ["--dialect", "prompt-1"], id="prompt, by name"),
        pytest.param(ANSWER, [], id="answer"),
        pytest.param(OLD_ANSWER, ["--dialect", "answer-1"], id="old answer"),
    ],
)
@pytest.mark.parametrize("ending", [".txt", ".md", ".TXT"])
def test_there_and_back_is_the_same_file(
    run: Run, text: str, options: list[str], ending: str
) -> None:
    Path("in" + ending).write_bytes(text.encode())
    assert run("convert", "in" + ending, "x.json") == Result(0, "wrote x.json\n")
    assert run("convert", "x.json", "out" + ending, *options) == Result(0, f"wrote out{ending}\n")
    assert Path("out" + ending).read_bytes() == text.encode()


def test_json_is_that_of_the_serializer(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    run("convert", "prompt.txt", "prompt.json")
    json.dump(PROMPT, "expected.json")
    assert Path("prompt.json").read_bytes() == Path("expected.json").read_bytes()


def test_damage_stays_behind(run: Run) -> None:
    Path("answer.txt").write_bytes(DAMAGED.encode())
    run("convert", "answer.txt", "answer.json")
    assert json.load("answer.json") == cnaps.parse(ANSWER).value


def test_an_existing_file_is_overwritten(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    Path("prompt.json").write_text("old", encoding="utf-8")
    assert run("convert", "prompt.txt", "prompt.json").status == 0
    assert json.load("prompt.json") == PROMPT


WRONG_ENDINGS = [
    ("a.txt", "b.md"),
    ("a.json", "b.json"),
    ("a.txt", "b.yaml"),
    ("a", "b.json"),
    ("a.txt", "json"),
]


@pytest.mark.parametrize(("source", "target"), WRONG_ENDINGS)
def test_endings_say_what_to_do(run: Run, source: str, target: str) -> None:
    assert run("convert", source, target) == Result(
        2,
        err="cnaps: convert goes between text (.txt, .md) and JSON (.json),"
        f" not from {source} to {target}\ncnaps: try 'cnaps --help'\n",
    )


def test_a_dialect_is_for_text_of_its_kind(run: Run) -> None:
    json.dump(PROMPT, "prompt.json")
    json.dump(cnaps.answer_for(PROMPT), "answer.json")
    Path("prompt.txt").write_bytes(TEXT.encode())
    for arguments, message in {
        ("prompt.txt", "x.json", "prompt-1"): "--dialect is the wording of a text file",
        ("prompt.json", "x.txt", "answer-1"): "prompt.json holds a prompt, which answer-1 cannot",
        ("answer.json", "x.txt", "prompt-1"): "answer.json holds an answer, which prompt-1 cannot",
        ("prompt.json", "x.txt", "prompt-9"): 'Invalid value "prompt-9" for --dialect.',
    }.items():
        *paths, dialect = arguments
        status, out, err = run("convert", *paths, "--dialect", dialect)
        assert (status, out) == (2, "")
        assert err.startswith(f"cnaps: {message}")
    assert not Path("x.txt").exists()


def test_what_cannot_be_converted_is_told_and_nothing_written(run: Run) -> None:
    Path("letter.txt").write_text(NEITHER, encoding="utf-8")
    Path("broken.json").write_text('{"type": "PromptSpec", "question": 3}', encoding="utf-8")
    json.dump(PROMPT.question, "question.json")
    forged = cnaps.PromptSpec(cnaps.Question("Why?"), (cnaps.ModelRef("a\nb"),))
    json.dump(forged, "forged.json")
    for source, message in {
        "letter.txt": "letter.txt:1:1: error neither a prompt nor an answer",
        "broken.json": "broken.json: error 2 problems in this json:\n  - question: expected",
        "question.json": "question.json: error it holds a Question, which is only part of a file\n",
        "forged.json": "forged.json: error models[0].name does not fit into prompt-1: ",
    }.items():
        status, out, err = run("convert", source, "out.json" if ".txt" in source else "out.txt")
        assert (status, out) == (1, "")
        assert err.startswith(message)
    assert not list(Path.cwd().glob("out.*"))


def test_files_that_cannot_be_read_or_written_are_named(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    json.dump(PROMPT, "prompt.json")
    missing = "error No such file or directory\n"
    for source, target, culprit in [
        ("gone.txt", "x.json", "gone.txt"),
        ("gone.json", "x.txt", "gone.json"),
        ("prompt.txt", "no/such.json", "no/such.json"),
        ("prompt.json", "no/such.txt", "no/such.txt"),
    ]:
        assert run("convert", source, target) == Result(2, err=f"{culprit}: {missing}")
