"""MessagePack: the exact bytes, and what they can hold that is no value."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest

from cnaps import ModelRef, PromptSpec, Question, SchemaError
from tests.serializers.formats import module
from tests.serializers.samples import TYPES, VALUES, labelled, plain, printed

if TYPE_CHECKING:
    from cnaps.serializers._shapes import Value

library = pytest.importorskip("msgpack")
msgpack: Any = module("msgpack")

HEAD = b"\x83\xa4type\xa8Question\xaeschema_version\xa31.1"


def packed(data: object) -> bytes:
    written: bytes = library.packb(data)
    return written


def question(text: bytes) -> bytes:
    return HEAD + b"\xa4text" + text


def test_the_bytes() -> None:
    assert msgpack.dumps(Question("Kākā")) == question(b"\xa6K\xc4\x81k\xc4\x81")
    for value in VALUES:
        assert msgpack.dumps(value) == packed(plain(value))


READABLE: list[tuple[bytes, Value]] = [
    (question(b"\xa1a"), Question("a")),
    (question(b"\xd9\x01a"), Question("a")),  # lengths can take more room than they need
    (question(b"\xdb\x00\x00\x00\x01a"), Question("a")),
    (b"\xdf\x00\x00\x00\x03" + question(b"\xa1a")[1:], Question("a")),
    (packed({"text": "a", "schema_version": "1.0", "type": "Question"}), Question("a")),
    (packed(labelled("ModelRef", name="a")), ModelRef("a")),
    (packed(labelled("PromptSpec", question={"text": "a"})), PromptSpec(Question("a"))),
]


@pytest.mark.parametrize(("data", "value"), READABLE)
def test_what_others_write_is_read(data: bytes, value: Value) -> None:
    assert msgpack.loads(data) == value
    assert list(msgpack.loads_all(data)) == [value]


_UNLABELLED = [
    f"missing key 'type': expected one of {TYPES}",
    "missing key 'schema_version': expected '1.1'",
]
_ENDS = "not MessagePack: it ends in the middle"
_MISSING = "missing key 'text'"

# What is wrong with a value, and what is said of it.
BAD: list[tuple[bytes, list[str]]] = [
    # other types
    (question(b"\xc4\x01a"), ["text: expected str, got b'a'"]),
    (question(packed(2**64 - 1)), ["text: expected str, got 18446744073709551615"]),
    (question(packed(-(2**63))), ["text: expected str, got -9223372036854775808"]),
    (question(packed(float("nan"))), ["text: expected str, got nan"]),
    (question(b"\xd4\x05a"), ["text: expected str, got extension type 5"]),
    (question(b"\xc7\x00\x80"), ["text: expected str, got extension type -128"]),
    (
        question(b"\xd6\xff\x00\x00\x00\x01"),
        ["text: expected str, got Timestamp(sec...nanoseconds=0)"],
    ),
    (b"\xd4\x05a", ["expected an object, got extension type 5"]),
    (question(b"\x91\xd4\x05a"), ["text: expected str, got [...]"]),
    # text that is not UTF-8
    (question(b"\xa1\xff"), ["text: expected str, got text that is not UTF-8"]),
    (question(b"\xa3\xed\xa0\x80"), ["text: expected str, got text that is not UTF-8"]),
    (b"\xa1\xff", ["expected an object, got text that is not UTF-8"]),
    (
        packed(labelled("PromptSpec", question={"text": "?"}, models=[{"name": "@"}])).replace(
            b"@", b"\x80"
        ),
        ["models[0].name: expected str, got text that is not UTF-8"],
    ),
    (HEAD + b"\xa4tex\xff\xa1a", ["unknown key text that is not UTF-8", _MISSING]),
    # keys that are no texts, and keys that stand twice
    (HEAD + b"\x03\xa1a", ["unknown key 3", _MISSING]),
    (HEAD + b"\xc0\xa1a", ["unknown key null", _MISSING]),
    (HEAD + b"\xc4\x04text\xa1a", ["unknown key b'text'", _MISSING]),
    (HEAD + b"\x91\xa4text\xa1a", ["unknown key [...]", _MISSING]),
    (HEAD + b"\x81\xa4text\xa1a\xa1a", ["unknown key {...}", _MISSING]),
    (HEAD + b"\x80\xa1a", ["unknown key {}", _MISSING]),
    (HEAD + b"\xd4\x05a\xa1a", ["unknown key extension type 5", _MISSING]),
    (b"\x84" + question(b"\xa1a")[1:] + b"\xa4text\xa1a", ["duplicate key 'text'"]),
    (
        b"\x84" + HEAD[1:] + b"\x03\xa1a\x03\xa1a",
        ["duplicate key 3", "unknown key 3", _MISSING],
    ),
    # depth
    (b"\x91" * 100 + b"\x01", ["expected an object, got [...]"]),
    (b"\x81\xa1a" * 100 + b"\x01", _UNLABELLED),
    (b"\x91" * 1_000 + b"\x01", ["nested too deeply"]),
    (b"\x81\xa1a" * 1_000 + b"\x01", ["nested too deeply"]),
]

# What is no MessagePack.
MALFORMED: list[tuple[bytes, str]] = [
    (b"\xc1", "not MessagePack: there is a byte that starts nothing"),
    (b"\x91\xc1", "not MessagePack: there is a byte that starts nothing"),
    (b"\x91" * 100_000, "not MessagePack: it is nested too deeply"),
    (b"\x81\xa1a" * 100_000, "not MessagePack: it is nested too deeply"),
    (question(b"\xa2a"), _ENDS),
    (HEAD, _ENDS),
    (b"\x91", _ENDS),
    (b"\xcd\x01", _ENDS),
    (b"\xd4", _ENDS),
    # lengths that promise much more than there is
    (b"\xdb\x7f\xff\xff\xff", _ENDS),
    (b"\xdb\xff\xff\xff\xff", _ENDS),
    (b"\xc6\xff\xff\xff\xffabc", _ENDS),
    (b"\xc9\xff\xff\xff\xff\x05abc", _ENDS),
    (b"\xdd\x00\x0f\xff\xff", _ENDS),
    (b"\xdd\xff\xff\xff\xff", _ENDS),
    (b"\xdf\xff\xff\xff\xff", _ENDS),
    (b"\xdd\x7f\xff\xff\xff" * 500, _ENDS),
    (b"\xdf\x00\x0f\xff\xff\xa1a" * 500, _ENDS),
    # times that there are not
    (b"\xc7\x03\xffabc", _ENDS),
    (b"\xd7\xff" + b"\xff" * 8, _ENDS),
]


class TestBadInput:
    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(self, data: bytes, problems: list[str]) -> None:
        with pytest.raises(SchemaError) as caught:
            msgpack.loads(data)
        assert str(caught.value) == printed("msgpack", *problems)

    @pytest.mark.parametrize(("data", "message"), MALFORMED, ids=range(len(MALFORMED)))
    def test_what_is_no_messagepack(self, data: bytes, message: str) -> None:
        with pytest.raises(SchemaError) as caught:
            msgpack.loads(data)
        assert str(caught.value) == message

    def test_nothing(self) -> None:
        with pytest.raises(SchemaError) as caught:
            msgpack.loads(b"")
        assert str(caught.value) == _ENDS

    def test_more_than_one_value(self) -> None:
        with pytest.raises(SchemaError) as caught:
            msgpack.loads(question(b"\xa1a") * 2)
        assert str(caught.value) == (
            "not MessagePack: there is more behind the first value; loads_all reads several"
        )

    @pytest.mark.parametrize("data", ["", "abc", question(b"\xa1a").decode("latin-1")])
    def test_text(self, data: str) -> None:
        with pytest.raises(SchemaError) as caught:
            msgpack.loads(data)
        assert str(caught.value) == "not MessagePack: it is text"


class TestStreams:
    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_a_bad_value_costs_no_other(self, data: bytes, problems: list[str]) -> None:
        good = question(b"\xa1a")
        errors: list[SchemaError] = []
        found = list(msgpack.loads_all(good + data + good, on_error=errors.append))
        assert found == [Question("a")] * 2
        assert [str(problem) for problem in errors[0].problems] == [
            f"value 2: {problem}" for problem in problems
        ]

    @pytest.mark.parametrize(("data", "message"), MALFORMED, ids=range(len(MALFORMED)))
    def test_behind_what_is_no_messagepack_nothing_can_be_read(
        self, data: bytes, message: str
    ) -> None:
        errors: list[SchemaError] = []
        found = list(msgpack.loads_all(question(b"\xa1a") + data, on_error=errors.append))
        assert found == [Question("a")]
        assert list(map(str, errors)) == [f"value 2: {message}"]

    def test_a_value_larger_than_what_is_read_at_a_time(self) -> None:
        values = [Question("rain " * 200_000), Question("a"), Question("snow " * 200_000)]
        assert list(msgpack.loads_all(msgpack.dumps_all(values))) == values
        data = msgpack.dumps_all(values)[:-1]
        errors: list[SchemaError] = []
        assert list(msgpack.loads_all(data, on_error=errors.append)) == values[:2]
        assert list(map(str, errors)) == [f"value 3: {_ENDS}"]


@pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
def test_a_file_of_text_cannot_hold_it(value: Value) -> None:
    file = io.StringIO()
    for dump in (msgpack.dump, msgpack.dump_all):
        with pytest.raises(
            TypeError, match=r"^this data is no text; open the file in binary mode$"
        ):
            dump(value, file)
    assert file.getvalue() == ""
