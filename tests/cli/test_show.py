"""`cnaps show`."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

import cnaps
from tests.cli.conftest import Result, Run
from tests.cli.samples import DAMAGED, NEITHER, TEXT

pytest.importorskip("cyclopts")


def test_a_prompt(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    assert run("show", "prompt.txt") == Result(
        0,
        dedent("""\
            prompt.txt prompt-1

            Question
              How many apples hang on a tree in one photo?

            Models (1)
              OrchardEye
                paper    -
                github   https://github.com/example/orchard-eye

            Papers (2)
              Counting fruit → from afar
                paper    https://example.org/fruit.pdf
                github   -
                summary  Leaves hide half of the fruit. We count what shines through.
              Light ’n’ leaves
                paper    https://example.org/leaves.pdf
                github   -
                summary  -
        """),
    )


def test_an_answer(run: Run) -> None:
    Path("answer.txt").write_bytes(DAMAGED.encode())
    value = cnaps.read("answer.txt").value
    assert isinstance(value, cnaps.Answer)
    flow = value.workflow
    assert run("show", "answer.txt") == Result(
        0,
        dedent(f"""\
            answer.txt answer-2

            Question
              How many apples hang on a tree in one photo?

            Task
              {value.task}

            Workflow
                input    {flow.input}
                model    {flow.model}
                output   {flow.output}

            References (3)
              OrchardEye
                paper    -
                github   https://github.com/example/orchard-eye
              Counting fruit → from afar
                paper    https://example.org/fruit.pdf
                github   -
              Light ’n’ leaves
                paper    https://example.org/leaves.pdf
                github   -

            Notes (2)
              {value.notes[0]}
              {value.notes[1]}
        """),
    )


def test_long_texts_are_wrapped_in_their_column_in_a_terminal(
    run: Run, run_in_terminal: Run
) -> None:
    long = "Leaves hide half of the fruit. " * 20
    Path("prompt.txt").write_bytes(TEXT.replace("Leaves hide", f"{long}Leaves hide").encode())
    assert f"    summary  {long}Leaves hide" in run("show", "prompt.txt").out
    status, out, _ = run_in_terminal("show", "prompt.txt")
    assert status == 0
    assert "\x1b[1;36mPapers (2)\x1b[0m\n" in out
    assert (
        "\x1b[2m    summary  \x1b[0mLeaves hide half of the fruit. Leaves hide half of the fruit.\n"
        "\x1b[2m             \x1b[0mLeaves hide half of the fruit. Leaves hide half of the fruit.\n"
    ) in out


def test_the_lines_of_a_question_stand_below_one_another(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.replace("many apples", "many\n  red\vapples").encode())
    assert "\n  How many\n    red\\x0bapples hang on a tree" in run("show", "prompt.txt").out


def test_other_files_are_told(run: Run) -> None:
    Path("letter.txt").write_text(NEITHER, encoding="utf-8")
    status, out, err = run("show", "letter.txt")
    assert (status, out) == (1, "")
    assert err.startswith("letter.txt:1:1: error neither a prompt nor an answer")
    assert run("show", "gone.txt") == Result(2, err="gone.txt: error No such file or directory\n")
    status, out, err = run("show", ".")
    assert (status, out) == (2, "")
    assert err.startswith(".: error ")
