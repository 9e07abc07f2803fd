"""What `check` takes for a prompt and for an answer, and what it says of anything else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

import cnaps
from cnaps import ModelRef, ParseError, PromptSpec, Question, RenderError, check

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = PromptSpec(Question("Rain?"), (ModelRef("MPRNet", "https://arxiv.org/abs/2102.02808"),))
ANSWER = cnaps.answer_for(PROMPT)
TEXT, ANSWER_TEXT = cnaps.render(PROMPT), cnaps.render(ANSWER)


@pytest.mark.parametrize(
    ("prompt", "answer", "error", "message"),
    [
        (
            3,
            "",
            TypeError,
            "a prompt is a Document, a PromptSpec, its text or the path of its file, not int",
        ),
        (
            TEXT.encode(),
            "",
            TypeError,
            "a prompt is a Document, a PromptSpec, its text or the path of its file, not bytes",
        ),
        (
            PROMPT,
            b"",
            TypeError,
            (
                "an answer is a Document, an Answer, a Response, its text or the path of its file,"
                " not bytes"
            ),
        ),
        (ANSWER_TEXT, "", ValueError, "the text holds an answer, and a prompt is needed"),
        (
            cnaps.parse(ANSWER_TEXT),
            "",
            ValueError,
            "the document holds an answer, and a prompt is needed",
        ),
        (
            cnaps.parse_response("Hello"),
            "",
            ValueError,
            "the document holds a response, and a prompt is needed",
        ),
        (
            PROMPT,
            cnaps.parse(TEXT),
            ValueError,
            "the document holds a prompt, and an answer is needed",
        ),
    ],
)
def test_what_is_neither(prompt: Any, answer: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        check(prompt, answer)


def test_the_path_of_a_file_is_no_str() -> None:
    with pytest.raises(ParseError) as raised:
        check("prompts/rain.txt", "")
    assert raised.value.hint == "a str is the text of a prompt; for a file, pass a pathlib.Path"


def test_an_answer_that_no_file_could_hold() -> None:
    answer = cnaps.Answer(Question("Rain?"), "\n", cnaps.Workflow("", "", ""))
    with pytest.raises(RenderError):
        check(PROMPT, answer)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        check(PROMPT, tmp_path / "none.txt")
    path = tmp_path / "latin-1.txt"
    path.write_bytes(b"\xe9")
    with pytest.raises(ParseError) as raised:
        check(PROMPT, path)
    assert raised.value.path == path
    path.write_bytes(ANSWER_TEXT.encode())
    with pytest.raises(ValueError, match=r"latin-1\.txt holds an answer, and a prompt is needed$"):
        check(path, "")


def test_a_text_stays_as_it_is_and_a_file_is_undamaged(tmp_path: Path) -> None:
    damaged = ANSWER_TEXT.encode().decode("cp1252", "replace")
    assert check(PROMPT, "a\r\nb\udc80").text == "a\r\nb\udc80"
    path = tmp_path / "answer.txt"
    path.write_bytes(ANSWER_TEXT.replace("\n", "\r\n").encode())
    report = check(PROMPT, path)
    assert report.text == ANSWER_TEXT
    assert report == check(PROMPT, cnaps.parse_response(ANSWER_TEXT))
    assert check(PROMPT, damaged).given
