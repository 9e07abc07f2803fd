"""Streams: read as they come, one bad record without the loss of the others, and written whole."""

from __future__ import annotations

import gzip
import io
from itertools import islice
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import pytest

from cnaps import ModelRef, PromptSpec, Question, RenderError, SchemaError
from cnaps.errors import Problem
from cnaps.serializers._versions import STEPS
from tests.serializers.formats import piece, place
from tests.serializers.samples import VALUES, labelled, printed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.serializers.formats import Functions

GOOD = labelled("Question", text="?")
BAD = labelled("Question", text=3, words="?")
UNKNOWN = labelled("Question", "1.7", text="?", language="en")
TEXT = "not MessagePack: it is text"
OLD = labelled("Question", "1.0", text="?")


def stream(many: Functions, *records: object) -> Any:
    """Return plain data as a stream."""
    return joined([piece(many.name, record) for record in records])


def joined(pieces: list[Any]) -> Any:
    return pieces[0][:0].join(pieces)


def encoded(data: str | bytes) -> bytes:
    return data.encode() if isinstance(data, str) else data


class Tape(io.RawIOBase):
    """A file that never ends, and knows how much was read of it."""

    def __init__(self, record: bytes) -> None:
        self.record = record
        self.read_so_far = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        start = self.read_so_far % len(self.record)
        data = self.record[start : start + len(buffer)]
        buffer[: len(data)] = data
        self.read_so_far += len(data)
        return len(data)


class TestReading:
    def test_a_stream_without_end(self, many: Functions) -> None:
        """What has been read is a buffer ahead of what was asked for, not more."""
        record = encoded(piece(many.name, labelled("Question", text="rain " * 1_000)))
        tape = Tape(record)
        for count, question in enumerate(islice(many.load(io.BufferedReader(tape)), 50), 1):
            assert question.text.startswith("rain rain")
            assert tape.read_so_far < (count + 1) * len(record) + 100_000

    def test_records_are_read_as_they_are_written(self, many: Functions, tmp_path: Path) -> None:
        path = tmp_path / "file"
        with path.open("wb", buffering=0) as out, path.open("rb", buffering=0) as file:
            found = many.load(file)
            for name in "abc":
                out.write(encoded(many.dumps(Question(name))))
                if many.name == "yaml":  # the end of a document is known at the next
                    out.write(b"...\n")
                assert next(found) == Question(name)

    def test_nothing_is_done_before_the_first_is_asked_for(
        self, many: Functions, tmp_path: Path
    ) -> None:
        found = many.load(tmp_path / "file")
        many.dump(VALUES, tmp_path / "file")
        assert list(found) == VALUES
        with pytest.raises(FileNotFoundError):
            next(many.load(tmp_path / "absent"))

    def test_a_file_that_was_opened_is_closed_in_the_end(
        self, many: Functions, tmp_path: Path
    ) -> None:
        """Else there would be a ResourceWarning, which is an error in these tests."""
        path = tmp_path / "file"
        many.dump(VALUES, path)
        found = many.load(path)
        assert next(found) == VALUES[0]
        found.close()
        assert next(iter(many.load(path))) == VALUES[0]
        assert list(many.load(path)) == VALUES

    @pytest.mark.parametrize("how", [open, gzip.open], ids=["plain", "gzip"])
    def test_open_files_of_bytes(self, many: Functions, how: Any, tmp_path: Path) -> None:
        path = tmp_path / "file"
        with how(path, "wb") as file:
            many.dump(VALUES, file)
            assert not file.closed
        with how(path, "rb") as file:
            assert list(many.load(file)) == VALUES
            assert not file.closed

    def test_open_files_of_text(self, many: Functions) -> None:
        with io.StringIO() as memory, NamedTemporaryFile("w+", encoding="utf-16") as disk:
            for file in (memory, disk):
                if many.name == "msgpack":
                    with pytest.raises(SchemaError) as caught:
                        list(many.load(file))
                    assert caught.value.problems[0][1:] == (TEXT, "value 1")
                else:
                    many.dump(VALUES, file)
                    file.seek(0)
                    assert list(many.load(file)) == VALUES

    def test_windows_line_ends(self, many: Functions) -> None:
        data = many.dumps(VALUES)
        if isinstance(data, str):
            data = data.replace("\n", "\r\n")
        assert list(many.loads(data)) == VALUES
        assert list(many.loads(encoded(data))) == VALUES

    def test_the_type_asked_for_is_that_of_each(self, many: Functions) -> None:
        data = many.dumps([Question("a"), ModelRef("b"), Question("c")])
        errors: list[SchemaError] = []
        found = list(many.loads(data, Question, on_error=errors.append))
        assert found == [Question("a"), Question("c")]
        (error,) = errors
        assert error.problems[0][:2] == ("type", "expected 'Question', got 'ModelRef'")

    @pytest.mark.parametrize("data", [None, 3, bytearray(b"{}"), ["{}"]])
    def test_only_str_and_bytes_are_taken(self, many: Functions, data: object) -> None:
        with pytest.raises(TypeError, match=r"^expected str or bytes, not "):
            many.loads(data)

    def test_only_classes_of_ours_can_be_asked_for(self, many: Functions) -> None:
        with pytest.raises(TypeError, match=r" or Document, not <class 'str'>$"):
            list(many.loads(stream(many, GOOD), str))


class TestBadRecords:
    def test_without_on_error_one_error_at_the_end_has_all(self, many: Functions) -> None:
        records: list[object] = [GOOD, BAD, GOOD, [], GOOD]
        pieces = [piece(many.name, record) for record in records]
        found: list[object] = []
        with pytest.raises(SchemaError) as caught:
            found.extend(many.loads(joined(pieces)))
        assert found == [Question("?")] * 3
        first, second = place(pieces, 1), place(pieces, 3)
        assert caught.value.problems == (
            Problem("text", "expected str, got 3", first),
            Problem("", "unknown key 'words'", first),
            Problem("", "expected an object, got []", second),
        )
        assert str(caught.value) == printed(
            many.name,
            f"{first}: text: expected str, got 3",
            f"{first}: unknown key 'words'",
            f"{second}: expected an object, got []",
        )
        assert caught.value.format == many.name

    def test_with_on_error_each_is_told_when_it_is_its_turn(self, many: Functions) -> None:
        told: list[object] = []
        told.extend(many.loads(stream(many, GOOD, BAD, GOOD, BAD), on_error=told.append))
        assert [type(each) for each in told] == [Question, SchemaError, Question, SchemaError]

    def test_the_error_names_the_file(self, many: Functions, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(encoded(stream(many, [])))
        for source in (path, path.open("rb")):
            with pytest.raises(SchemaError) as caught:
                list(many.load(source))
            where = "value 1" if many.name == "msgpack" else "line 1"
            assert str(caught.value) == f"{path}: {where}: expected an object, got []"
        source.close()  # type: ignore[union-attr]
        errors: list[SchemaError] = []
        assert list(many.load(path, on_error=errors.append)) == []
        assert errors[0].path == path

    def test_an_error_in_on_error_is_the_callers(self, many: Functions) -> None:
        def give_up(error: SchemaError) -> None:
            raise KeyError(error.problems[0].path)

        found = many.loads(stream(many, GOOD, BAD, GOOD), on_error=give_up)
        assert next(found) == Question("?")
        with pytest.raises(KeyError, match="text"):
            next(found)

    @pytest.mark.parametrize(
        ("count", "last"),
        [
            (500, "unknown key 'words'"),
            (501, "and 2 more problems"),
            (1_500, "and 2,000 more problems"),
        ],
    )
    def test_a_thousand_problems_are_kept(self, many: Functions, count: int, last: str) -> None:
        found: list[object] = []
        with pytest.raises(SchemaError) as caught:
            found.extend(many.loads(stream(many, *[BAD] * count, GOOD)))
        assert found == [Question("?")]
        assert len(caught.value.problems) == min(1_001, 2 * count)
        assert caught.value.problems[-1].message == last
        assert (caught.value.problems[-1].place == "") == (count > 500)

    def test_one_record_with_very_many_problems(self, many: Functions) -> None:
        data = stream(many, labelled("Question", text="?", **{f"k{n}": n for n in range(1_500)}))
        with pytest.raises(SchemaError) as caught:
            list(many.loads(data))
        assert len(caught.value.problems) == 1_001
        assert str(caught.value).endswith("\n  - and 500 more problems")


class TestNotices:
    def test_they_name_the_place(self, many: Functions) -> None:
        pieces = [piece(many.name, record) for record in (GOOD, UNKNOWN, OLD)]
        notices: list[object] = []
        found = list(many.loads(joined(pieces), on_notice=notices.append))
        assert found == [Question("?")] * 3
        assert list(map(str, notices)) == [
            f"{place(pieces, 1)}: unknown key 'language' passed over",
            f"{place(pieces, 2)}: schema_version: upgraded to 1.1: {STEPS[0].what}",
        ]


class TestWriting:
    def test_an_iterator_is_written_as_it_goes(self, many: Functions) -> None:
        file = io.BytesIO()
        sizes = []

        def questions() -> Iterator[Question]:
            for number in range(3):
                sizes.append(file.tell())
                yield Question(str(number))

        many.dump(questions(), file)
        assert sizes == [0, file.tell() // 3, file.tell() // 3 * 2]
        assert file.getvalue() == encoded(many.dumps(map(Question, "012")))

    @pytest.mark.parametrize("failure", [OSError("mine"), ValueError("mine"), KeyboardInterrupt()])
    def test_an_iterator_that_fails_leaves_the_file_as_it_was(
        self, many: Functions, failure: BaseException, tmp_path: Path
    ) -> None:
        def questions() -> Iterator[Question]:
            yield Question("?")
            raise failure

        path = tmp_path / "file"
        path.write_bytes(b"old")
        with pytest.raises(type(failure)) as caught:
            many.dump(questions(), path)
        assert caught.value is failure
        assert path.read_bytes() == b"old"
        assert [entry.name for entry in tmp_path.iterdir()] == ["file"]

    @pytest.mark.parametrize(
        ("item", "error"),
        [
            (PromptSpec(Question("?"), (ModelRef("\ud83d\ude00"),)), RenderError),
            (None, TypeError),
        ],
    )
    def test_one_that_cannot_be_written_leaves_the_file_as_it_was(
        self, many: Functions, item: object, error: type[Exception], tmp_path: Path
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with pytest.raises(error):
            many.dump([Question("?"), item], path)
        assert path.read_bytes() == b"old"
        many.dump([], path)
        assert path.read_bytes() == b""

    def test_what_is_written_twice_into_an_open_file_is_one_stream(self, many: Functions) -> None:
        file = io.BytesIO()
        many.dump(VALUES[:3], file)
        many.dump(VALUES[3], file)
        many.dump(VALUES[4:], file)
        file.seek(0)
        assert list(many.load(file)) == VALUES
