"""JSON Lines: what is a line, and what is between lines."""

from __future__ import annotations

import json as standard
from typing import Any

import pytest

from cnaps import PaperRef, Question, SchemaError
from tests.serializers.formats import WAYS, functions, name_of
from tests.serializers.samples import DOCUMENTS, VALUES, printed

A, B = Question("a"), Question("b")
LINE_A = '{"type":"Question","schema_version":"1.1","text":"a"}'
LINE_B = '{"type":"Question","schema_version":"1.1","text":"b"}'


@pytest.fixture(params=[way for way in WAYS if name_of(way) == "jsonl"])
def jsonl(request: pytest.FixtureRequest) -> Any:
    return functions(request.param, stream=True)


class TestDumps:
    def test_a_line_each(self, jsonl: Any) -> None:
        assert jsonl.dumps([A, B]) == f"{LINE_A}\n{LINE_B}\n"

    def test_no_text_breaks_a_line(self, jsonl: Any) -> None:
        hostile = PaperRef("a\nb", summary="a\r\nb\rc\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029d")
        text = jsonl.dumps([hostile, *VALUES, *DOCUMENTS.values()])
        lines = text.split("\n")
        assert lines.pop() == ""
        assert "\r" not in text
        found = [standard.loads(line) for line in lines]
        assert len(found) == 1 + len(VALUES) + len(DOCUMENTS)
        assert found[0]["summary"] == hostile.summary
        assert next(jsonl.loads(text)) == hostile


# Streams that others write, and what is in them.
READABLE: list[tuple[str, list[Question]]] = [
    ("", []),
    ("\n", []),
    ("\ufeff", []),
    ("\ufeff\r\n", []),
    (" \t\n\r\n\n", []),
    (LINE_A, [A]),
    (f"{LINE_A}\n{LINE_B}", [A, B]),
    (f"\n\n{LINE_A}\n\n \n{LINE_B}\n\n", [A, B]),
    (f"\ufeff{LINE_A}\n{LINE_B}\n", [A, B]),
    (f"{LINE_A}\n\ufeff{LINE_B}\n", [A, B]),  # of files that were put together
    (f"{LINE_A}\r\n{LINE_B}\r\n", [A, B]),
    (f"  {LINE_A}\t\n", [A]),
    (LINE_A.replace('"a"', '"\u2028\x85"'), [Question("\u2028\x85")]),
    ('{"text": "a", "schema_version": "1.0", "type": "Question"}\n', [A]),
]

_NAME = "expecting property name enclosed in double quotes (line 2, column 1)"
_WHOLE = "expecting value (line 1, column 1)"

# Streams with a good line and bad ones, and what is wrong.
BAD: list[tuple[str | bytes, list[str]]] = [
    (f"[]\n{LINE_A}\n", ["line 1: expected an object, got []"]),
    (f"{LINE_A}\n\n\nDear all\n", [f"line 4: not JSON: {_WHOLE}"]),
    (
        f"{LINE_A}\n{LINE_B[:-7]}",
        ["line 2: not JSON: unterminated string starting (line 1, column 43)"],
    ),
    (
        f"{LINE_A}\n{LINE_B[:-2]}",
        ["line 2: not JSON: unterminated string starting (line 1, column 50)"],
    ),
    (f"{LINE_A}{LINE_B}\n{LINE_A}", ["line 1: not JSON: extra data (line 1, column 54)"]),
    (LINE_A.encode() + b"\n\xff\n", ["line 2: not UTF-8: byte 0xff at offset 0"]),
    ("[" * 200_000 + f"\n{LINE_A}", ["line 1: nested too deeply"]),
    (
        f'{{\n"a": 1}}\n{LINE_A}\n3\n',
        [
            f"line 1: not JSON: {_NAME}",
            "line 2: not JSON: extra data (line 1, column 4)",
            "line 4: expected an object, got 3",
        ],
    ),
]


class TestLoads:
    @pytest.mark.parametrize(("text", "values"), READABLE, ids=range(len(READABLE)))
    def test_what_others_write_is_read(self, jsonl: Any, text: str, values: list[Question]) -> None:
        assert list(jsonl.loads(text)) == values
        assert list(jsonl.loads(text.encode())) == values

    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_a_bad_line_is_named_and_costs_no_other(
        self, jsonl: Any, data: str | bytes, problems: list[str]
    ) -> None:
        found: list[object] = []
        with pytest.raises(SchemaError) as caught:
            found.extend(jsonl.loads(data))
        assert found == [A]
        assert str(caught.value) == printed("jsonl", *problems)
