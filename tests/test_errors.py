"""Errors: whose fault, what they say, what they keep, and that they always print."""

from __future__ import annotations

import copy
import json as standard
import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps.errors import (
    CnapsError,
    ParseError,
    PluginError,
    Problem,
    RenderError,
    SchemaError,
    SettingsError,
)
from cnaps.serializers import json

if TYPE_CHECKING:
    from collections.abc import Callable

# --- whose fault ----------------------------------------------------------------------------------


class TestTree:
    def test_one_except_clause_catches_all_of_them(self) -> None:
        assert issubclass(CnapsError, Exception)
        for kind in (ParseError, RenderError, SchemaError, SettingsError):
            assert kind.__bases__ == (CnapsError, ValueError)
        assert PluginError.__bases__ == (CnapsError,)

    @pytest.mark.parametrize(
        ("function", "arguments"),
        [
            (cnaps.parse, [None]),
            (cnaps.parse, [bytearray(b"rain")]),
            (cnaps.render, ["rain"]),
            (cnaps.render, [cnaps.PromptSpec(cnaps.Question("?")), "prompt-0"]),
            (cnaps.answer_for, ["rain"]),
            (cnaps.Question, [3]),
        ],
    )
    def test_a_wrong_argument_is_none_of_them(
        self, function: Callable[..., object], arguments: list[object]
    ) -> None:
        with pytest.raises((TypeError, ValueError)) as caught:
            function(*arguments)
        assert not isinstance(caught.value, CnapsError)


# --- what they say --------------------------------------------------------------------------------

BARE = ParseError("the input is empty")
FULL = ParseError(
    "neither a prompt nor an answer; prompt-1 comes nearest",
    offset=40,
    line=3,
    column=5,
    source="You Are A Poet.",
    dialect="prompt-1",
    expected="You are an AI scientist.",
    hint="start with the persona",
    path=Path("prompt.txt"),
)
RENDER = RenderError("it is empty", field="models[0].name", dialect="prompt-1")
ONE = SchemaError((Problem("papers[2].title", "expected str, got 3"),), format="json")
MANY = SchemaError(
    (
        Problem("question", "expected an object, got null"),
        Problem("", "unknown key 'modles' (did you mean 'models'?)"),
        Problem("models[0].name", "expected str, got 3"),
    ),
    format="json",
    path="rain.json",
)


class TestStr:
    @pytest.mark.parametrize(
        ("error", "lines"),
        [
            (BARE, ["<input>:1:1: the input is empty", "  1 |", "    | ^"]),
            (
                FULL,
                [
                    "prompt.txt:3:5: neither a prompt nor an answer; prompt-1 comes nearest",
                    "  3 | You Are A Poet.",
                    "    |     ^ expected 'You are an AI scientist.'",
                    "hint: start with the persona",
                ],
            ),
            (
                ParseError("odd", source="a b", column=2, expected="a 'b'", path="rain.txt"),
                [
                    "rain.txt:1:2: odd",
                    "  1 | a b",
                    "    |  ^ expected \"a 'b'\"",
                ],
            ),
            (
                RENDER,
                ["models[0].name does not fit into prompt-1: it is empty"],
            ),
            (
                RenderError("it is odd", field="task", dialect="answer-2", hint="make it even"),
                ["task does not fit into answer-2: it is odd", "hint: make it even"],
            ),
            (ONE, ["papers[2].title: expected str, got 3"]),
            (
                SchemaError((Problem("", "not UTF-8"),), format="json", path=Path("b.json")),
                ["b.json: not UTF-8"],
            ),
            (
                MANY,
                [
                    "rain.json: 3 problems in this json:",
                    "  - question: expected an object, got null",
                    "  - unknown key 'modles' (did you mean 'models'?)",
                    "  - models[0].name: expected str, got 3",
                ],
            ),
        ],
    )
    def test_the_complete_text(self, error: CnapsError, lines: list[str]) -> None:
        assert str(error).split("\n") == lines


# --- what they keep -------------------------------------------------------------------------------


def noted(error: CnapsError) -> CnapsError:
    error.add_note("while reading the collection")
    return error


ERRORS = {
    "bare": BARE,
    "full": FULL,
    "text path": ParseError("odd", path="rain.txt"),
    "render": RENDER,
    "render with hint": RenderError("odd", field="task", dialect="answer-2", hint="even"),
    "one problem": ONE,
    "many problems": MANY,
    "settings": SettingsError("it is no table", path=Path("a.toml"), key="tool", hint="make one"),
    "plug-in": PluginError("the plug-in 'acme'", "it is gone"),
    "noted": noted(ParseError("odd", line=7)),
}
COPIES: dict[str, Callable[[CnapsError], CnapsError]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle-2": lambda error: pickle.loads(pickle.dumps(error, 2)),
    "pickle": lambda error: pickle.loads(pickle.dumps(error)),
}


class TestAttributes:
    def test_a_parse_error_keeps_all_that_it_was_told(self) -> None:
        assert vars(FULL) == {
            "reason": "neither a prompt nor an answer; prompt-1 comes nearest",
            "offset": 40,
            "line": 3,
            "column": 5,
            "source": "You Are A Poet.",
            "dialect": "prompt-1",
            "expected": "You are an AI scientist.",
            "hint": "start with the persona",
            "path": Path("prompt.txt"),
        }

    def test_and_has_a_place_without_being_told(self) -> None:
        assert (BARE.offset, BARE.line, BARE.column, BARE.source) == (0, 1, 1, "")
        assert (BARE.dialect, BARE.expected, BARE.hint, BARE.path) == (None, None, None, None)

    def test_a_render_error_knows_field_reason_and_dialect(self) -> None:
        assert vars(RENDER) == {
            "reason": "it is empty",
            "field": "models[0].name",
            "dialect": "prompt-1",
            "hint": None,
        }

    def test_a_schema_error_lists_problems_as_path_and_message(self) -> None:
        assert MANY.format == "json"
        assert MANY.path == "rain.json"
        assert [problem.path for problem in MANY.problems] == ["question", "", "models[0].name"]

    @pytest.mark.parametrize("way", COPIES)
    @pytest.mark.parametrize("kind", ERRORS)
    def test_copies_and_pickles_keep_everything(self, kind: str, way: str) -> None:
        error = ERRORS[kind]
        copied = COPIES[way](error)
        assert type(copied) is type(error)
        assert vars(copied) == vars(error)
        assert copied.args == error.args
        assert str(copied) == str(error)


class TestPath:
    """An error about a file names it, in the way that the caller did."""

    @pytest.mark.parametrize("kind", [str, Path])
    def test_read_names_the_file(self, tmp_path: Path, kind: type[str | Path]) -> None:
        path = kind(tmp_path / "letter.txt")
        Path(path).write_bytes(b"Dear all,\n")
        with pytest.raises(ParseError) as caught:
            cnaps.read(path)
        assert caught.value.path == path
        assert type(caught.value.path) is type(path)
        assert str(caught.value).startswith(f"{path}:1:1: neither a prompt nor an answer")

    def test_read_names_a_file_that_is_not_utf_8(self, tmp_path: Path) -> None:
        path = tmp_path / "latin.txt"
        path.write_bytes(b"caf\xe9\n")
        with pytest.raises(ParseError) as caught:
            cnaps.read(path)
        assert str(caught.value) == (
            f"{path}:1:4: byte 0xe9 at offset 3 is not UTF-8: invalid continuation byte\n"
            r"  1 | caf\xe9"
            "\n    |    ^\n"
            "hint: save the file as UTF-8, or decode it yourself and pass a str"
        )

    def test_parse_has_no_file_to_name(self) -> None:
        with pytest.raises(ParseError) as caught:
            cnaps.parse("Dear all,\n")
        assert caught.value.path is None
        assert str(caught.value).startswith("<input>:1:1: ")

    def test_load_names_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "rain.json"
        path.write_bytes(b"[]")
        with pytest.raises(SchemaError) as caught:
            json.load(path)
        assert caught.value.path == path
        assert str(caught.value) == f"{path}: expected an object, got []"


# --- that they print ------------------------------------------------------------------------------

HOSTILE_LINES = [
    "\x1b[31mred\x1b[0m",
    "a\tb\tc",
    "\x00\x07\x08\x7f\x9b",
    "half \ud800 a pair",
    "\u202etfel ot thgir",  # would turn the rest of the line around
    "\u2028\u2029\x85\x0b\x0c\r",
    "\ufeffmark",
    "x" * 1_000_000,
    "\x1b" * 1_000_000,
]


def check_that_it_prints(error: CnapsError, lines: int) -> None:
    """It is a few lines of moderate length which every terminal and UTF-8 file can show."""
    text = str(error)
    text.encode()
    assert text.count("\n") + 1 == lines
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(text) < 2_000


class TestHostileSources:
    @pytest.mark.parametrize("source", HOSTILE_LINES, ids=lambda source: repr(source[:12]))
    @pytest.mark.parametrize("column", [1, 3, 500_000, 1_000_001])
    def test_any_source_line_prints(self, source: str, column: int) -> None:
        error = ParseError("odd", column=column, source=source, expected=source[:80])
        check_that_it_prints(error, lines=3)
        assert error.source == source

    @pytest.mark.parametrize("text", HOSTILE_LINES, ids=lambda text: repr(text[:12]))
    def test_any_text_that_is_no_file_of_ours_is_refused_in_print(self, text: str) -> None:
        with pytest.raises(ParseError) as caught:
            cnaps.parse(text)
        check_that_it_prints(caught.value, lines=4)

    @given(st.text(st.characters(codec=None, exclude_categories=())), st.integers(0, 100))
    def test_any_column_of_any_line_prints(self, source: str, column: int) -> None:
        check_that_it_prints(ParseError("odd", column=column + 1, source=source), lines=3)

    @given(st.text(st.characters(codec=None, exclude_categories=())))
    def test_any_value_that_does_not_fit_is_refused_in_print(self, text: str) -> None:
        prompt = cnaps.PromptSpec(cnaps.Question("?"), (cnaps.ModelRef(text + "\r"),))
        with pytest.raises(RenderError) as caught:
            cnaps.render(prompt)
        check_that_it_prints(caught.value, lines=2)

    @given(st.text(st.characters(codec=None, exclude_categories=())))
    def test_any_wrong_key_is_refused_in_print(self, key: str) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(standard.dumps({"type": "Question", "schema_version": "1.0", f"!{key}": ""}))
        check_that_it_prints(caught.value, lines=3)

    @pytest.mark.parametrize("path", ["caf\udce9.txt", "two\nlines.txt", "\x1b[31mred.txt"])
    def test_any_path_prints(self, path: str) -> None:
        check_that_it_prints(ParseError("odd", path=path), lines=3)
        check_that_it_prints(SchemaError((Problem("", "odd"),), format="json", path=path), lines=1)


def test_an_error_of_ones_own_pickles_like_any_other() -> None:
    class_ = cnaps.CnapsError
    again = pickle.loads(pickle.dumps(class_("what", 1)))
    assert type(again) is class_
    assert again.args == ("what", 1)
