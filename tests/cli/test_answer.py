"""`cnaps answer`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Result, Run
from tests.cli.samples import ANSWER, DAMAGED, NEITHER, OLD_ANSWER, TEXT

pytest.importorskip("cyclopts")


@pytest.fixture(autouse=True)
def prompts(folder: Path) -> None:
    for name in ("a/first.txt", "b/second.md", "b/first.txt"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).write_bytes(TEXT.encode())


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], ANSWER),
        (["--dialect", "answer-2"], ANSWER),
        (["--dialect", "answer-1"], OLD_ANSWER),
    ],
)
def test_one_answer_is_printed_or_written_to_the_character(
    run: Run, options: list[str], text: str
) -> None:
    assert run("answer", "a/first.txt", *options) == Result(0, text)
    assert run("answer", "a/first.txt", "-o", "x.txt", *options) == Result(0, "wrote x.txt\n")
    assert Path("x.txt").read_bytes() == text.encode()


def test_a_terminal_gets_no_control_characters(run: Run, run_in_terminal: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.replace("apples", "app\x1b[2Jles").encode())
    hostile = ANSWER.replace("apples", "app\x1b[2Jles")
    assert run("answer", "prompt.txt") == Result(0, hostile)
    assert run_in_terminal("answer", "prompt.txt") == Result(0, hostile.replace("\x1b", r"\x1b"))


def test_many_answers_go_to_a_folder(run: Run) -> None:
    assert run("answer", "a/first.txt", "b/second.md", "a/first.txt", "--output-dir", "c/d") == (
        Result(0, "wrote c/d/first_answer.txt\nwrote c/d/second_answer.txt\n")
    )
    assert {path.read_bytes() for path in Path("c/d").iterdir()} == {ANSWER.encode()}


def test_nothing_is_overwritten_unless_forced(run: Run) -> None:
    Path("first_answer.txt").write_text("mine", encoding="utf-8")
    for options in (["-o", "first_answer.txt"], ["--output-dir", "."]):
        assert run("answer", "a/first.txt", *options) == Result(
            2, err="first_answer.txt: error it exists; --force overwrites it\n"
        )
        assert Path("first_answer.txt").read_text(encoding="utf-8") == "mine"
    assert run("answer", "a/first.txt", "b/second.md", "--output-dir", ".") == Result(
        2,
        "wrote second_answer.txt\n",
        "first_answer.txt: error it exists; --force overwrites it\n",
    )
    assert run("answer", "a/first.txt", "--force", "--output-dir", ".") == Result(
        0, "wrote first_answer.txt\n"
    )
    assert Path("first_answer.txt").read_bytes() == ANSWER.encode()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a/first.txt", "b/second.md"], "the answers to several prompts need --output-dir"),
        (
            ["a/first.txt", "b/second.md", "-o", "x.txt"],
            "the answers to several prompts need --output-dir",
        ),
        (
            ["a/first.txt", "-o", "x.txt", "--output-dir", "x"],
            "--output and --output-dir are two places for one answer",
        ),
        (
            ["a/first.txt", "b/first.txt", "--output-dir", "x"],
            "the answers to a/first.txt and b/first.txt would both be x/first_answer.txt",
        ),
        (
            ["a/first.txt", "--dialect", "prompt-1"],
            'Invalid value "prompt-1" for --dialect. Choose from: "answer-1", "answer-2".',
        ),
    ],
)
def test_places_that_make_no_sense_are_refused(
    run: Run, arguments: list[str], message: str
) -> None:
    before = {*Path.cwd().rglob("*")}
    assert run("answer", *arguments) == Result(
        2, err=f"cnaps: {message}\ncnaps: try 'cnaps --help'\n"
    )
    assert {*Path.cwd().rglob("*")} == before


def test_what_is_no_prompt_is_told_and_does_not_end_the_run(run: Run) -> None:
    Path("answer.txt").write_bytes(DAMAGED.encode())
    Path("letter.txt").write_text(NEITHER, encoding="utf-8")
    files = ["answer.txt", "letter.txt", "a/first.txt"]
    status, out, err = run("answer", *files, "--output-dir", "x")
    assert (status, out) == (1, "wrote x/first_answer.txt\n")
    assert err.startswith(
        "answer.txt: error it is an answer, not a prompt\nletter.txt:1:1: error neither a prompt"
    )


def test_files_that_cannot_be_read_or_written_are_named(run: Run) -> None:
    gone = Result(2, err="gone.txt: error No such file or directory\n")
    assert run("answer", "gone.txt") == gone
    assert run("answer", "a/first.txt", "-o", "no/such.txt") == Result(
        2, err="no/such.txt: error No such file or directory\n"
    )
    assert run("answer", "a/first.txt", "--output-dir", "a/first.txt") == Result(
        2, err="a/first.txt: error File exists\n"
    )
