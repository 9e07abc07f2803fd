"""JSON: law 4, every kind of wrong input with its complete message, and files."""

from __future__ import annotations

import json as standard
import pickle
import re
import stat
from typing import TYPE_CHECKING

import pytest
from attr import asdict  # the one of `attrs` keeps tuples
from hypothesis import given
from hypothesis import strategies as st

from cnaps import (
    Answer,
    ModelRef,
    PaperRef,
    PromptSpec,
    Question,
    RenderError,
    SchemaError,
    Workflow,
)
from cnaps.errors import Problem
from cnaps.serializers import json
from tests.serializers.strategies import values

if TYPE_CHECKING:
    from pathlib import Path

    from cnaps.serializers._shapes import Value

EVERY_TYPE = [
    Question("Which model removes rain?"),
    ModelRef("Restormer", paper="https://arxiv.org/abs/2111.09881"),
    PaperRef("Occ$^2$Net", github="", summary="Kākā 彩色\n\n“quoted”"),
    Workflow("A rainy image", "Restormer", "A clean image"),
    PromptSpec(Question("?"), (ModelRef("A"), ModelRef("B")), (PaperRef("C"),)),
    Answer(Question("?"), "Deraining", Workflow("a", "b", "c"), (ModelRef("D"),), ("one", "two")),
]

# A high surrogate, a low one, and both where they do not make a pair.
_SURROGATES = ["\ud83d", "\ude00", "\ude00\ud83d", "\ud83d \ude00"]
HOSTILE_TEXTS = ["", "\0", "\ufeff", "\u2028", "\x1b[0m", *_SURROGATES]


def document(fields: str, type: str = "PromptSpec") -> str:  # noqa: A002 - the key it stands for
    return f'{{"type": "{type}", "schema_version": "1.0", {fields}}}'


class TestLaw4:
    @given(values(), st.sampled_from([None, 0, 2]))
    def test_loads_undoes_dumps(self, value: Value, indent: int | None) -> None:
        text = json.dumps(value, indent=indent)
        assert json.loads(text) == value
        assert json.loads(text, type(value)) == value

    @given(values())
    def test_the_text_can_be_encoded_unless_a_surrogate_pair_forbids_it(self, value: Value) -> None:
        text = json.dumps(value)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            assert re.search(r"\\ud[89ab]..[\udc00-\udfff]", text)
        else:
            assert json.loads(data) == value

    @given(values())
    def test_any_reader_of_json_finds_the_fields_of_the_class(self, value: Value) -> None:
        expected = {
            "type": type(value).__name__,
            "schema_version": "1.0",
            **asdict(value),
        }
        found = standard.loads(json.dumps(value))
        assert found == expected
        assert list(found) == list(expected)

    @pytest.mark.parametrize("value", EVERY_TYPE, ids=lambda value: type(value).__name__)
    def test_every_type_survives_a_file(self, value: Value, tmp_path: Path) -> None:
        path = tmp_path / "value.json"
        json.dump(value, path)
        assert json.load(path) == value
        assert json.load(str(path), type(value)) == value

    @pytest.mark.parametrize("text", HOSTILE_TEXTS, ids=ascii)
    def test_hostile_texts_survive_a_file(self, text: str, tmp_path: Path) -> None:
        path = tmp_path / "value.json"
        json.dump(PaperRef(text, text, text, text), path)
        assert json.load(path) == PaperRef(text, text, text, text)

    def test_an_empty_text_is_not_null(self) -> None:
        assert json.loads(json.dumps(ModelRef("", "", None))) == ModelRef("", "", None)


class TestDumps:
    def test_a_whole_document(self) -> None:
        value = PromptSpec(
            Question("Which “model” removes rain?"),
            (ModelRef("Restormer"),),
            (PaperRef("Kākā", "https://arxiv.org/abs/2111.09881", None, "One.\nTwo."),),
        )
        assert json.dumps(value) == (
            """{
  "type": "PromptSpec",
  "schema_version": "1.0",
  "question": {
    "text": "Which “model” removes rain?"
  },
  "models": [
    {
      "name": "Restormer",
      "paper": null,
      "github": null
    }
  ],
  "papers": [
    {
      "title": "Kākā",
      "paper": "https://arxiv.org/abs/2111.09881",
      "github": null,
      "summary": "One.\\nTwo."
    }
  ]
}"""
        )

    def test_lone_surrogates_are_escaped(self) -> None:
        text = json.dumps(Question("\ud83d\ud83d é \ude00"), indent=None)
        assert text.endswith(r'"text":"\ud83d\ud83d é \ude00"}')

    def test_a_surrogate_pair_stays_two_characters(self) -> None:
        assert json.loads(json.dumps(Question("\ud83d\ude00"))) == Question("\ud83d\ude00")
        assert json.loads(json.dumps(Question("😀"))) == Question("😀")

    @pytest.mark.parametrize("value", [None, "text", 3, [], {}, [Question("?")], Question])
    def test_only_values_are_taken(self, value: object) -> None:
        message = (
            "expected Answer, ModelRef, PaperRef, PromptSpec, Question or Workflow, "
            f"not {type(value).__name__}"
        )
        with pytest.raises(TypeError) as caught:
            json.dumps(value)  # type: ignore[arg-type]
        assert str(caught.value) == message

    def test_a_subclass_would_lose_its_own_fields_and_is_refused(self) -> None:
        class Tagged(ModelRef):
            pass

        with pytest.raises(TypeError, match=r"or Workflow, not Tagged$"):
            json.dumps(Tagged("Restormer"))
        with pytest.raises(TypeError, match=r"or Workflow, not Tagged$"):
            json.dumps(PromptSpec(Question("?"), (Tagged("Restormer"),)))


READABLE = [
    (document('"text": "?"', "Question"), Question("?")),
    ("\ufeff" + document('"text": "?"', "Question"), Question("?")),
    (b"\xef\xbb\xbf" + document('"text": "?"', "Question").encode(), Question("?")),
    ('{"text": "?", "schema_version": "1.0", "type": "Question"}', Question("?")),
    (document('"name": "A"', "ModelRef"), ModelRef("A")),
    (document('"question": {"text": "?"}'), PromptSpec(Question("?"))),
    (document(r'"text": "\ud83d\ude00"', "Question"), Question("😀")),
    (" \r\n\t" + document('"text": "?"', "Question") + "\n", Question("?")),
]


class TestLoads:
    @pytest.mark.parametrize(("data", "value"), READABLE)
    def test_what_others_write_is_read(self, data: str | bytes, value: Value) -> None:
        assert json.loads(data) == value

    @pytest.mark.parametrize("data", [None, 3, bytearray(b"{}"), {}, ["{}"]])
    def test_only_str_and_bytes_are_taken(self, data: object) -> None:
        with pytest.raises(TypeError, match=r"^expected str or bytes, not "):
            json.loads(data)  # type: ignore[call-overload]

    @pytest.mark.parametrize("kind", [str, SchemaError, [], "Question", Question("?")])
    def test_only_value_classes_are_taken(self, kind: object) -> None:
        with pytest.raises(TypeError, match=r"^expected Answer, .* or Workflow, not "):
            json.loads("{}", kind)  # type: ignore[call-overload]


_PAPERS = '{"title": "A"}, {"title": "B"}'
_ALL_TYPES = "'Answer', 'ModelRef', 'PaperRef', 'PromptSpec', 'Question', 'Workflow'"

# Input, and all that is wrong with it.
BAD: list[tuple[str | bytes, str | list[str]]] = [
    # not JSON
    ("", "not JSON: expecting value (line 1, column 1)"),
    ("Dear all", "not JSON: expecting value (line 1, column 1)"),
    ('{"type":\n  3 4}', "not JSON: expecting ',' delimiter (line 2, column 5)"),
    ('{"type": "', "not JSON: unterminated string starting (line 1, column 10)"),
    ('{"a": "\n"}', "not JSON: invalid control character (line 1, column 8)"),
    ("[]\n{}", "not JSON: extra data (line 2, column 1)"),
    (b"\xff\xfe{\0}\0", "not UTF-8: byte 0xff at offset 0"),
    (b"\xef\xbb\xbf{\xe9", "not UTF-8: byte 0xe9 at offset 4"),
    (b'"\xed\xa0\xbd"', "not UTF-8: byte 0xed at offset 1"),
    ("[" * 200_000, "nested too deeply"),
    ('{"a":' * 200_000, "nested too deeply"),
    # not an object
    ("null", "expected an object, got null"),
    ("true", "expected an object, got true"),
    ("false", "expected an object, got false"),
    ('"text"', "expected an object, got 'text'"),
    ("[]", "expected an object, got []"),
    ("[{}]", "expected an object, got [...]"),
    ("-1.5e3", "expected an object, got -1.5e3"),
    ("NaN", "expected an object, got NaN"),
    ("-Infinity", "expected an object, got -Infinity"),
    # not a document
    (
        "{}",
        [
            f"missing key 'type': expected one of {_ALL_TYPES}",
            "missing key 'schema_version': expected '1.0', which this cnaps reads",
        ],
    ),
    (
        '{"type": "Promptspec", "schema_version": "1.0", "anything": 1}',
        f"type: expected one of {_ALL_TYPES}, got 'Promptspec' (did you mean 'PromptSpec'?)",
    ),
    (
        '{"type": ["PromptSpec"], "schema_version": "1.0"}',
        f"type: expected one of {_ALL_TYPES}, got [...]",
    ),
    (
        '{"type": "Question", "text": 3}',
        [
            "text: expected str, got 3",
            "missing key 'schema_version': expected '1.0', which this cnaps reads",
        ],
    ),
    (
        '{"type": "Question", "schema_version": 1.0, "text": "?"}',
        "schema_version: expected '1.0', which this cnaps reads, got 1.0",
    ),
    (
        '{"type": "Question", "schema_version": "one", "text": null}',
        [
            "schema_version: expected '1.0', which this cnaps reads, got 'one'",
            "text: expected str, got null",
        ],
    ),
    (
        '{"type": "Question", "schema_version": "2.0", "words": "?"}',
        "schema_version: expected '1.0', which this cnaps reads, got '2.0': install a newer cnaps",
    ),
    (
        document('"text": "?", "schema_version": "1.0"', "Question"),
        "duplicate key 'schema_version'",
    ),
    # wrong types
    (document('"text": 3', "Question"), "text: expected str, got 3"),
    (document('"text": true', "Question"), "text: expected str, got true"),
    (document('"text": NaN', "Question"), "text: expected str, got NaN"),
    (document('"text": ["?"]', "Question"), "text: expected str, got [...]"),
    (document('"text": {}', "Question"), "text: expected str, got {}"),
    (
        document(f'"text": {"9" * 100_000}', "Question"),
        "text: expected str, got 9999999999999...99999999999999",
    ),
    (document('"text": 1e999', "Question"), "text: expected str, got 1e999"),
    (
        document('"name": "A", "paper": 7, "github": [1]', "ModelRef"),
        [
            "paper: expected str or null, got 7",
            "github: expected str or null, got [...]",
        ],
    ),
    (document('"question": "?"'), "question: expected an object, got '?'"),
    (
        document('"question": {"text": "?"}, "models": "A", "papers": ""'),
        [
            "models: expected a list, got 'A'",
            "papers: expected a list, got ''",
        ],
    ),
    (
        document('"question": {"text": "?"}, "models": null, "papers": {}'),
        [
            "models: expected a list, got null",
            "papers: expected a list, got {}",
        ],
    ),
    (
        document('"question": {"text": "?"}, "models": ["A", null]'),
        [
            "models[0]: expected an object, got 'A'",
            "models[1]: expected an object, got null",
        ],
    ),
    (
        document(f'"question": {{"text": "?"}}, "papers": [{_PAPERS}, {{"title": 3}}]'),
        "papers[2].title: expected str, got 3",
    ),
    (
        document(
            '"question": {"text": "?"}, "task": "", "notes": ["", 3],'
            '"workflow": {"input": "", "model": null}',
            "Answer",
        ),
        [
            "notes[1]: expected str, got 3",
            "workflow.model: expected str, got null",
            "workflow: missing key 'output'",
        ],
    ),
    # wrong keys
    (
        document('"question": {"text": "?"}, "models": [{"nam": "A"}]'),
        [
            "models[0]: unknown key 'nam' (did you mean 'name'?)",
            "models[0]: missing key 'name'",
        ],
    ),
    (
        document('"question": {"text": "?"}, "schema_verson": "1.0", "license": "MIT"'),
        [
            "unknown key 'schema_verson' (did you mean 'schema_version'?)",
            "unknown key 'license'",
        ],
    ),
    (
        document(r'"text": "?", "te\nxt\ud800": 1', "Question"),
        r"unknown key 'te\nxt\ud800' (did you mean 'text'?)",
    ),
    (
        document(f'"text": "?", "{"text" * 99}": 1', "Question"),
        "unknown key 'texttexttext...ttexttexttext'",
    ),
    (
        document('"question": {"text": "?", "text": 3}, "models": [{"name": "A", "name": "A"}]'),
        [
            "question: duplicate key 'text'",
            "question.text: expected str, got 3",
            "models[0]: duplicate key 'name'",
        ],
    ),
    (
        document('"question": {"text": "?"}, "models": {"a": 1, "a": 2, "a": 3, "b": 4, "b": 5}'),
        "models: expected a list, got {...}",
    ),
]


def printed(problems: str | list[str]) -> str:
    """The message of an error with these problems."""
    if isinstance(problems, str):
        return problems
    return "\n  - ".join([f"{len(problems)} problems in this json:", *problems])


class TestBadInput:
    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(
        self, data: str | bytes, problems: str | list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(data)
        assert str(caught.value) == printed(problems)
        assert caught.value.format == "json"
        assert caught.value.path is None

    def test_another_type_than_the_one_asked_for(self) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(document('"text": "?"', "Question"), ModelRef)
        assert caught.value.problems == (Problem("type", "expected 'ModelRef', got 'Question'"),)

    def test_the_type_asked_for_stands_in_for_a_missing_one(self) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads('{"schema_version": "1.0", "txt": "?"}', Question)
        assert caught.value.problems == (
            Problem("", "unknown key 'txt' (did you mean 'text'?)"),
            Problem("", "missing key 'type': expected 'Question'"),
            Problem("", "missing key 'text'"),
        )

    @given(st.binary() | st.text())
    def test_anything_at_all_is_a_schema_error(self, data: str | bytes) -> None:
        with pytest.raises(SchemaError):
            json.loads(data)

    @given(values(), st.data())
    def test_a_damaged_document_is_read_or_refused_with_reasons(
        self, value: Value, data: st.DataObject
    ) -> None:
        text = json.dumps(value)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, len(text)))
        instead = data.draw(st.sampled_from(["", "null", '"', "[]", "{}", "1", ',"type":3', "}"]))
        try:
            json.loads(text[:start] + instead + text[end:])
        except SchemaError as error:
            problems = error.problems
        else:
            problems = (Problem("", "none"),)
        assert problems

    def test_the_error_survives_pickling(self) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads("{}")
        copy = pickle.loads(pickle.dumps(caught.value))
        assert (copy.problems, copy.format, copy.path) == (
            caught.value.problems,
            caught.value.format,
            caught.value.path,
        )
        assert str(copy) == str(caught.value)

    def test_a_message_can_always_be_printed(self) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(document(r'"question": "\ud800\u001b[31m\u2028"'))
        message = str(caught.value)
        assert message == r"question: expected an object, got '\ud800\x1b[31m\u2028'"


class TestFiles:
    def test_a_file_is_utf_8_and_ends_in_a_newline(self, tmp_path: Path) -> None:
        path = tmp_path / "question.json"
        json.dump(Question("Kākā?"), path, indent=None)
        expected = '{"type":"Question","schema_version":"1.0","text":"Kākā?"}\n'
        assert path.read_bytes() == expected.encode()

    def test_the_error_names_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "question.json"
        path.write_text(document('"text": 3', "Question"))
        with pytest.raises(SchemaError) as caught:
            json.load(path)
        assert caught.value.path == path
        assert str(caught.value) == f"{path}: text: expected str, got 3"

    def test_a_file_that_is_not_json_is_named_as_well(self, tmp_path: Path) -> None:
        path = tmp_path / "question.json"
        path.write_bytes(b"\xff")
        with pytest.raises(SchemaError) as caught:
            json.load(path)
        assert str(caught.value) == f"{path}: not UTF-8: byte 0xff at offset 0"

    def test_a_missing_file_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            json.load(tmp_path / "absent.json")

    def test_a_file_keeps_its_permissions(self, tmp_path: Path) -> None:
        path = tmp_path / "question.json"
        path.touch(mode=0o600)
        json.dump(Question("?"), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        ("value", "error"),
        [(PromptSpec(Question("?"), (ModelRef("\ud83d\ude00"),)), RenderError), ([], TypeError)],
    )
    def test_what_cannot_be_written_leaves_the_file_as_it_was(
        self, value: Value, error: type[Exception], tmp_path: Path
    ) -> None:
        path = tmp_path / "question.json"
        json.dump(Question("old"), path)
        with pytest.raises(error):
            json.dump(value, path)
        assert json.load(path) == Question("old")
        assert [entry.name for entry in tmp_path.iterdir()] == ["question.json"]

    def test_a_surrogate_pair_fits_into_no_file(self, tmp_path: Path) -> None:
        papers = (PaperRef("A"), PaperRef("B", summary="a\ud83d\ude00"))
        value = PromptSpec(Question("\ud83d"), (ModelRef("A"),), papers)
        with pytest.raises(RenderError) as caught:
            json.dump(value, tmp_path / "prompt.json")
        assert str(caught.value) == (
            "papers[1].summary does not fit into json: "
            "U+D83D U+DE00 at character 1 would be read as one character\n"
            "hint: write '😀' (U+1F600) instead of the two"
        )
