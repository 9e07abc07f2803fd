"""JSON: the exact text, what others write, and what is no JSON, with complete messages."""

from __future__ import annotations

import json as standard
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import ModelRef, PaperRef, PromptSpec, Question, RenderError, SchemaError
from tests.serializers.formats import WAYS, module, name_of
from tests.serializers.samples import DOCUMENTS, TYPES, VALUES, plain, printed
from tests.serializers.strategies import values

if TYPE_CHECKING:
    from pathlib import Path

    from cnaps.serializers._shapes import Value


@pytest.fixture(scope="session", params=[way for way in WAYS if name_of(way) == "json"])
def json(request: pytest.FixtureRequest) -> Any:
    return module(request.param)


def written(fields: str, kind: str = "PromptSpec") -> str:
    return f'{{"type": "{kind}", "schema_version": "1.1", {fields}}}'


class TestDumps:
    def test_by_default_it_is_one_line_without_spaces(self, json: Any) -> None:
        assert json.dumps(ModelRef("Kākā", github="a b")) == (
            '{"type":"ModelRef","schema_version":"1.1","name":"Kākā","paper":null,"github":"a b"}'
        )

    def test_indented(self, json: Any) -> None:
        value = PromptSpec(
            Question("Which “model” removes rain?"),
            (ModelRef("Restormer"),),
            (PaperRef("Kākā", "https://arxiv.org/abs/2111.09881", None, "One.\nTwo."),),
        )
        assert json.dumps(value, indent=2) == (
            """{
  "type": "PromptSpec",
  "schema_version": "1.1",
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

    @given(value=values(), indent=st.sampled_from([None, 0, 1, 2, 4]))
    def test_it_is_what_the_standard_library_writes(
        self, json: Any, value: Value, indent: int | None
    ) -> None:
        text = json.dumps(value, indent=indent)
        assert json.loads(text) == value
        # which escapes surrogates only if it escapes everything
        separators = (",", ":") if indent is None else None
        expected = standard.dumps(
            plain(value), ensure_ascii=False, indent=indent, separators=separators
        )
        if expected == expected.encode(errors="replace").decode():
            assert text == expected
        else:
            assert standard.loads(text) == plain(value)

    def test_lone_surrogates_are_escaped(self, json: Any) -> None:
        text = json.dumps(Question("\ud83d\ud83d é \ude00"))
        assert text.endswith(r'"text":"\ud83d\ud83d é \ude00"}')
        assert json.loads(text.encode()) == Question("\ud83d\ud83d é \ude00")

    def test_a_surrogate_pair_stays_two_characters(self, json: Any) -> None:
        assert json.loads(json.dumps(Question("\ud83d\ude00"))) == Question("\ud83d\ude00")
        assert json.loads(json.dumps(Question("😀"))) == Question("😀")

    @given(value=values())
    def test_the_text_can_be_encoded_unless_a_surrogate_pair_forbids_it(
        self, json: Any, value: Value
    ) -> None:
        text = json.dumps(value)
        try:
            data = text.encode()
        except UnicodeEncodeError:
            assert re.search(r"\\ud[89ab]..[\udc00-\udfff]", text)
        else:
            assert json.loads(data) == value

    def test_a_surrogate_pair_fits_into_no_file(self, json: Any, tmp_path: Path) -> None:
        papers = (PaperRef("A"), PaperRef("B", summary="a\ud83d\ude00"))
        value = PromptSpec(Question("\ud83d"), (ModelRef("A"),), papers)
        with pytest.raises(RenderError) as caught:
            json.dump(value, tmp_path / "prompt.json")
        assert str(caught.value) == (
            "papers[1].summary does not fit into json: "
            "U+D83D U+DE00 at character 1 would be read as one character\n"
            "hint: write '😀' (U+1F600) instead of the two"
        )

    @pytest.mark.parametrize("item", [*VALUES, DOCUMENTS["unknown text"]], ids=repr)
    @pytest.mark.parametrize("indent", [None, 2, 3])
    def test_a_file_holds_the_text_and_a_line_end(
        self, json: Any, item: Any, indent: int | None, tmp_path: Path
    ) -> None:
        path = tmp_path / "value.json"
        json.dump(item, path, indent=indent)
        assert path.read_text("utf-8") == json.dumps(item, indent=indent) + "\n"


READABLE: list[tuple[str, Value]] = [
    (written('"text": "?"', "Question"), Question("?")),
    ("\ufeff" + written('"text": "?"', "Question"), Question("?")),
    ('{"text": "?", "schema_version": "1.1", "type": "Question"}', Question("?")),
    ('{"schema_version": "1.0", "text": "?", "type": "Question"}', Question("?")),
    (written('"name": "A"', "ModelRef"), ModelRef("A")),
    (written('"question": {"text": "?"}'), PromptSpec(Question("?"))),
    (written(r'"text": "\ud83d\ude00\u00e9\/"', "Question"), Question("😀é/")),
    (" \r\n\t" + written('"text":\n\n"?"', "Question") + "\n", Question("?")),
]


class TestLoads:
    @pytest.mark.parametrize(("text", "value"), READABLE)
    def test_what_others_write_is_read(self, json: Any, text: str, value: Value) -> None:
        assert json.loads(text) == value
        assert json.loads(text.encode()) == value
        assert json.loads(text, type(value)) == value


_DEEP = written(f'"question": {{"text": "?"}}, "x": {"[" * 100_000}{"]" * 100_000}')
_UNLABELLED = [
    f"missing key 'type': expected one of {TYPES}",
    "missing key 'schema_version': expected '1.1'",
]

# What only JSON can have, and what it is about it; see `samples.BAD` for the rest.
BAD: list[tuple[str | bytes, list[str]]] = [
    # not JSON
    ("", ["not JSON: expecting value (line 1, column 1)"]),
    ("Dear all", ["not JSON: expecting value (line 1, column 1)"]),
    ('{"type":\n  3 4}', ["not JSON: expecting ',' delimiter (line 2, column 5)"]),
    ('{"type": "', ["not JSON: unterminated string starting (line 1, column 10)"]),
    ('{"a": "\n"}', ["not JSON: invalid control character (line 1, column 8)"]),
    (r'{"a": "\x"}', [r"not JSON: invalid \escape (line 1, column 8)"]),
    (r'{"a": "\u12"}', [r"not JSON: invalid \uXXXX escape (line 1, column 9)"]),
    (
        "{'a': 1}",
        ["not JSON: expecting property name enclosed in double quotes (line 1, column 2)"],
    ),
    ("[]\n{}", ["not JSON: extra data (line 2, column 1)"]),
    (b"\xff\xfe{\0}\0", ["not UTF-8: byte 0xff at offset 0"]),
    (b"\xef\xbb\xbf{\xe9", ["not UTF-8: byte 0xe9 at offset 4"]),
    (b'"\xed\xa0\xbd"', ["not UTF-8: byte 0xed at offset 1"]),
    # too much of something
    ("[" * 200_000, ["nested too deeply"]),
    ('{"a":' * 200_000, ["nested too deeply"]),
    (_DEEP, ["nested too deeply"]),
    (
        written(f'"text": {"9" * 100_000}', "Question"),
        ["text: expected str, got 9999999999999...99999999999999"],
    ),
    (
        written(f'"text": 0.{"9" * 100_000}', "Question"),
        ["text: expected str, got 0.99999999999...99999999999999"],
    ),
    (f"[{'1,' * 10_000}1]", ["expected an object, got [...]"]),
    (standard.dumps({str(number): 1 for number in range(5_000)}), _UNLABELLED),
    # numbers that JSON has not, and that Python takes
    ("NaN", ["expected an object, got NaN"]),
    ("-Infinity", ["expected an object, got -Infinity"]),
    (written('"text": NaN', "Question"), ["text: expected str, got NaN"]),
    (written('"text": 1e999', "Question"), ["text: expected str, got 1e999"]),
    (written('"text": 1.50', "Question"), ["text: expected str, got 1.50"]),
    (written('"text": -0', "Question"), ["text: expected str, got -0"]),
    (
        '{"type": "Question", "schema_version": 1.1, "text": "?"}',
        ["schema_version: expected a schema version such as '1.1', got 1.1"],
    ),
    # keys that stand twice
    (
        written('"text": "?", "schema_version": "1.1"', "Question"),
        ["duplicate key 'schema_version'"],
    ),
    (
        written('"text": "?", "text": "?"', "Question"),
        ["duplicate key 'text'"],
    ),
    (
        written('"question": {"text": "?", "text": 3}, "models": [{"name": "A", "name": "A"}]'),
        [
            "question: duplicate key 'text'",
            "question.text: expected str, got 3",
            "models[0]: duplicate key 'name'",
        ],
    ),
    (
        written('"question": {"text": "?"}, "models": {"a": 1, "a": 2, "a": 3, "b": 4, "b": 5}'),
        ["models: expected a list, got {...}"],
    ),
    (
        '{"type": "Question", "type": "Question", "type": "Answer", "a": 1, "a": 2}',
        [
            "duplicate key 'type'",
            "duplicate key 'a'",
            "unknown key 'a'",
            "missing key 'schema_version': expected '1.1'",
            "missing key 'question'",
            "missing key 'task'",
            "missing key 'workflow'",
        ],
    ),
    # lists of pairs, which are no objects
    (
        '[["type", "Question"], ["schema_version", "1.1"], ["text", "?"]]',
        ["expected an object, got [...]"],
    ),
    (
        written('"question": [["text", "?"]], "models": [], "papers": []'),
        ["question: expected an object, got [...]"],
    ),
    (
        written('"question": {"text": "?"}, "models": [[["name", "A"]]], "papers": []'),
        ["models[0]: expected an object, got [...]"],
    ),
]


class TestBadInput:
    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(
        self, json: Any, data: str | bytes, problems: list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(data)
        assert str(caught.value) == printed("json", *problems)

    def test_a_message_can_always_be_printed(self, json: Any) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(written(r'"question": "\ud800\u001b[31m\u2028", "\udfff\n": 1'))
        assert caught.value.problems[0].message == r"expected an object, got '\ud800\x1b[31m\u2028'"
        assert caught.value.problems[1].message == r"unknown key '\udfff\n'"
        assert all(line.isprintable() for line in str(caught.value).split("\n"))
