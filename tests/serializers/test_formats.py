"""Every format with one value, with a stream, with a document and with bad input.

What holds for one format only is in the file of that format; `formats.TABLE` has them all.
"""

from __future__ import annotations

import gzip
import io
import pickle
import re
import stat
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import ModelRef, PaperRef, PromptSpec, Question, RenderError, SchemaError, serializers
from cnaps.errors import Problem
from tests.serializers.formats import READERS, TABLE, WRITERS, piece, place, written
from tests.serializers.samples import (
    BAD,
    BAD_NULL,
    DOCUMENTS,
    TEXTS,
    VALUES,
    labelled,
    plain,
    printed,
    without_null,
)
from tests.serializers.strategies import documents, encodable_values, tame_values, values

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis.strategies import SearchStrategy

    from cnaps.serializers._envelope import Item
    from cnaps.serializers._shapes import Value
    from tests.serializers.formats import Functions

ITEMS: list[Item] = [*VALUES, *DOCUMENTS.values()]
ITEM_NAMES = [*(type(value).__name__ for value in VALUES), *DOCUMENTS]
EACH_ITEM = pytest.mark.parametrize("item", ITEMS, ids=ITEM_NAMES)
EACH_VALUE = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)

some_items: SearchStrategy[Item] = st.one_of(values(), documents())
SURROGATE = r"[\ud800-\udfff]"
# What the formats are made of.
TOKENS = [
    *("{", "}", "[", "]", ":", ",", '"', "'", "\\", "\n", "- ", "? ", "---\n", "...\n", "#", "%"),
    *("|\n ", ">-\n ", "!!str ", "!x ", "&a ", "*a ", "<<", "[[", "]]", '"""', ".", "\\u", "\\U"),
    *("d800", "00110000", "ffffffff", "null", "true", "2020-01-01", "T10:00:00Z", "1e5", "nan"),
    *("type", "Question", "Document", "schema_version", "1.0", "1.1", "1.7", "text", "layers", "="),
    *("\ud800", "\udc80", "\ufeff", "\u2028", "\x85", "\0", "\t", '{"a": "b"}'),
]
BYTES = [
    *(
        b"\xc0",
        b"\xc1",
        b"\xc4\x02ab",
        b"\xa2\xff\xfe",
        b"\x82",
        b"\x92",
        b"\xdc\x00\x02",
        b"\xdd\xff",
    ),
    *(b"\xd4\x05a", b"\xc7\x03\xffabc", b"\xd7\xff" + b"\xff" * 8, b"\xcb" + b"\xff" * 8, b"\xff"),
    *(b"\xa4type", b"\xa8Question", b"\xaeschema_version", b"\xa31.1", b"\xa4text", b"\x03"),
]
soup = st.lists(st.sampled_from(TOKENS) | st.text(max_size=3), max_size=5).map("".join)
bytes_soup = st.lists(st.sampled_from(BYTES) | st.binary(max_size=3), max_size=5).map(b"".join)


@pytest.mark.parametrize("name", TABLE)
def test_a_format_has_these_functions_and_no_others(name: str) -> None:
    for library in {"yaml": ["yaml"], "msgpack": ["msgpack"]}.get(name, []):
        pytest.importorskip(library)
    assert getattr(serializers, name).__all__ == sorted({*TABLE[name][0], *TABLE[name][1]})


def text_at(item: Item, path: str) -> str:
    """Return the text of a field, given the path to it that an error names."""
    found: Any = item
    for step in path.replace("[", ".").replace("]", "").split("."):
        found = found[int(step)] if step.isdigit() else getattr(found, step)
    assert isinstance(found, str)
    return found


def assert_comes_back(functions: Functions, item: Item) -> None:
    """State law 4 of one item."""
    try:
        data = functions.dumps(item)
    except RenderError as error:
        assert not functions.name.startswith("json")
        assert error.dialect == functions.name
        assert re.search(SURROGATE, text_at(item, error.field))
        return
    for kind in (None, type(item)):
        found = functions.loads(data, kind)
        assert type(found) is type(item)
        assert found == item


class TestOneValue:
    """Law 4: `loads(dumps(x)) == x`, or a RenderError that names the field."""

    @given(value=values())
    def test_values_come_back(self, one: Functions, value: Value) -> None:
        assert_comes_back(one, value)

    @given(document=documents())
    def test_documents_come_back_to_the_byte(
        self, one: Functions, document: cnaps.Document
    ) -> None:
        assert_comes_back(one, document)

    @EACH_ITEM
    def test_each_kind_comes_back(self, one: Functions, item: Item) -> None:
        assert one.loads(one.dumps(item)) == item

    def test_each_text_comes_back_in_each_place(self, one: Functions) -> None:
        papers = [PaperRef(text, text, text, text) for text in TEXTS]
        assert [one.loads(one.dumps(paper)) for paper in papers] == papers
        prompt = PromptSpec(Question("?"), papers=tuple(papers))
        assert one.loads(one.dumps(prompt)) == prompt

    def test_an_empty_text_is_not_null(self, one: Functions) -> None:
        assert one.loads(one.dumps(ModelRef("", "", None))) == ModelRef("", "", None)

    def test_text_of_a_class_of_ones_own_is_text(self, one: Functions) -> None:
        class Loud(str):
            __slots__ = ()

            def __str__(self) -> str:
                return self.upper()

        value = PromptSpec(Question(Loud("rain?")), (ModelRef(Loud("a\nb")),))
        assert one.loads(one.dumps(value)) == PromptSpec(Question("rain?"), (ModelRef("a\nb"),))

    @pytest.mark.parametrize("item", [None, "text", 3, [], {}, [Question("?")], Question])
    def test_nothing_else_is_taken(self, one: Functions, item: object) -> None:
        with pytest.raises(TypeError) as caught:
            one.dumps(item)
        assert str(caught.value) == (
            "expected Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow or Document, "
            f"not {type(item).__name__}"
        )

    def test_a_subclass_would_lose_its_own_fields_and_is_refused(self, one: Functions) -> None:
        class Tagged(ModelRef):
            pass

        with pytest.raises(TypeError, match=r" or Document, not Tagged$"):
            one.dumps(Tagged("Restormer"))

    def test_the_field_with_a_lone_surrogate_is_named(self, one: Functions) -> None:
        value = PromptSpec(Question("?"), papers=(PaperRef("A"), PaperRef("B", summary="a\udc80b")))
        if one.name == "json":
            assert one.loads(one.dumps(value)) == value
            return
        with pytest.raises(RenderError) as caught:
            one.dumps(value)
        assert str(caught.value) == (
            f"papers[1].summary does not fit into {one.name}: U+DC80 at character 1 is half a "
            "surrogate pair, which no UTF-8 can hold\n"
            "hint: decode the text with errors='strict' where it comes from"
        )


class TestStreams:
    """Law 4 for any number of values; what else streams promise is in test_streams.py."""

    @given(items=st.lists(some_items, max_size=3))
    def test_they_come_back_in_order(self, many: Functions, items: list[Item]) -> None:
        try:
            data = many.dumps(items)
        except RenderError:
            return
        assert list(many.loads(data)) == items

    @given(item=some_items)
    def test_one_by_itself_is_a_stream_of_one(self, many: Functions, item: Item) -> None:
        try:
            data = many.dumps(item)
        except RenderError:
            return
        assert data == many.dumps([item])
        assert list(many.loads(data, type(item))) == [item]

    def test_each_kind_comes_back(self, many: Functions) -> None:
        assert list(many.loads(many.dumps(ITEMS))) == ITEMS

    def test_each_text_comes_back(self, many: Functions) -> None:
        papers = [PaperRef(text, text, text, text) for text in TEXTS]
        assert list(many.loads(many.dumps(papers))) == papers

    def test_none_at_all(self, many: Functions) -> None:
        empty = many.dumps([])
        assert len(empty) == 0
        assert list(many.loads(empty)) == []

    @pytest.mark.parametrize("items", ["text", [None], [Question("?"), 3]])
    def test_nothing_else_is_taken(self, many: Functions, items: object) -> None:
        with pytest.raises(TypeError, match=r"^expected Answer, .* or Document, not "):
            many.dumps(items)


def ours(name: str) -> Any:
    """Return the module of a format that can be written here."""
    for library in {"yaml": ["yaml"], "toml": ["tomli_w"], "msgpack": ["msgpack"]}.get(name, []):
        pytest.importorskip(library)
    return getattr(serializers, name)


@pytest.mark.parametrize(
    ("name", "reader"), [(name, reader) for name in READERS for reader in READERS[name]]
)
class TestOtherReaders:
    """What we write, others read: the label, and the fields under the names that they have."""

    @given(value=encodable_values())
    def test_values(self, name: str, reader: str, value: Value) -> None:
        found = READERS[name][reader](ours(name).dumps(value))
        assert found == (without_null(plain(value)) if name == "toml" else plain(value))
        if name != "toml":  # a table of TOML has no order
            assert list(found) == list(plain(value))

    def test_each_text(self, name: str, reader: str) -> None:
        value = PromptSpec(Question("?"), papers=tuple(PaperRef(text) for text in TEXTS))
        found = READERS[name][reader](ours(name).dumps(value))
        assert [paper["title"] for paper in found["papers"]] == TEXTS


@pytest.mark.parametrize(
    ("name", "writer"), [(name, writer) for name in WRITERS for writer in WRITERS[name]]
)
class TestOtherWriters:
    """What others write, we read, whatever the order of the keys; optional ones can be missing."""

    @given(value=tame_values(), data=st.data())
    def test_values(self, name: str, writer: str, value: Value, data: st.DataObject) -> None:
        raw = shuffled(without_null(plain(value)), data)
        found = ours(name).loads(WRITERS[name][writer](raw))
        assert (list(found) if name == "jsonl" else [found]) == [value]


def shuffled(raw: Any, data: st.DataObject) -> Any:
    """Return plain data with the keys of every object in another order."""
    if isinstance(raw, dict):
        keys = data.draw(st.permutations(sorted(raw)))
        return {key: shuffled(raw[key], data) for key in keys}
    return [shuffled(item, data) for item in raw] if isinstance(raw, list) else raw


class TestBadInput:
    """One SchemaError lists all that is wrong, each with its path."""

    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(
        self, one: Functions, data: Any, problems: list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            one.loads(written(one.name, data))
        if one.name == "toml":  # where plain fields stand before tables
            problems = sorted(problems, key=list(map(str, caught.value.problems)).index)
        assert str(caught.value) == printed(one.name, *problems)
        assert caught.value.format == one.name
        assert caught.value.path is None

    @pytest.mark.parametrize(("data", "problems"), BAD_NULL, ids=range(len(BAD_NULL)))
    def test_null_and_what_is_no_object(
        self, one_with_null: Functions, data: Any, problems: list[str]
    ) -> None:
        name = one_with_null.name
        with pytest.raises(SchemaError) as caught:
            one_with_null.loads(written(name, data))
        assert str(caught.value) == printed(name, *problems)

    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_in_a_stream_each_names_the_place(
        self, many: Functions, data: Any, problems: list[str]
    ) -> None:
        good = piece(many.name, labelled("Question", text="?"))
        pieces = [good, piece(many.name, data), good]
        errors: list[SchemaError] = []
        found = list(many.loads(good[:0].join(pieces), on_error=errors.append))
        assert found == [Question("?")] * 2
        (error,) = errors
        where = place(pieces, 1)
        assert str(error) == printed(many.name, *(f"{where}: {problem}" for problem in problems))
        assert error.format == many.name

    def test_another_type_than_the_one_asked_for(self, one: Functions) -> None:
        data = one.dumps(Question("?"))
        assert one.loads(data, Question) == Question("?")
        with pytest.raises(SchemaError) as caught:
            one.loads(data, ModelRef)
        assert caught.value.problems == (Problem("type", "expected 'ModelRef', got 'Question'"),)
        with pytest.raises(SchemaError) as caught:
            one.loads(data, cnaps.Document)
        assert caught.value.problems == (Problem("type", "expected 'Document', got 'Question'"),)
        with pytest.raises(SchemaError) as caught:
            one.loads(one.dumps(DOCUMENTS["crlf"]), PromptSpec)
        assert str(caught.value) == "type: expected 'PromptSpec', got 'Document'"

    def test_the_type_asked_for_stands_in_for_a_missing_one(self, one: Functions) -> None:
        with pytest.raises(SchemaError) as caught:
            one.loads(written(one.name, {"schema_version": "1.1", "txt": "?"}), Question)
        assert caught.value.problems == (
            Problem("", "unknown key 'txt' (did you mean 'text'?)"),
            Problem("", "missing key 'type': expected 'Question'"),
            Problem("", "missing key 'text'"),
        )

    @pytest.mark.parametrize("kind", [str, SchemaError, [], "Question", Question("?")])
    def test_only_classes_of_ours_can_be_asked_for(self, one: Functions, kind: object) -> None:
        data = one.dumps(VALUES[4])
        with pytest.raises(TypeError, match=r"^expected Answer, .* or Document, not "):
            one.loads(data, kind)

    @pytest.mark.parametrize("data", [None, 3, memoryview(b"{}"), {}, ["{}"]])
    def test_only_str_and_bytes_are_taken(self, one: Functions, data: object) -> None:
        with pytest.raises(TypeError, match=r"^expected str or bytes, not "):
            one.loads(data)

    def test_the_error_survives_pickling(self, one: Functions, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"\xff")
        with pytest.raises(SchemaError) as caught:
            one.load(path)
        copy = pickle.loads(pickle.dumps(caught.value))
        assert str(copy) == str(caught.value)
        assert (copy.problems, copy.format, copy.path) == (caught.value.problems, one.name, path)

    @given(data=st.one_of(st.binary(), st.text(), soup, bytes_soup))
    def test_anything_at_all_is_a_schema_error(self, one: Functions, data: str | bytes) -> None:
        with pytest.raises(SchemaError) as caught:
            one.loads(data)
        assert caught.value.problems

    @given(item=some_items, data=st.data())
    def test_what_was_damaged_is_read_or_refused_with_reasons(
        self, one: Functions, item: Item, data: st.DataObject
    ) -> None:
        try:
            whole = one.dumps(item)
        except RenderError:
            return
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, min(start + 20, len(whole))))
        instead = data.draw(soup if isinstance(whole, str) else bytes_soup)
        for damaged in (whole[:start], whole[:start] + instead + whole[end:]):
            try:
                found = one.loads(damaged)
            except SchemaError as error:
                assert error.problems
                assert str(error).encode()
            else:
                assert type(found) in {*map(type, ITEMS)}

    @given(items=st.lists(some_items, max_size=2), data=st.data())
    def test_a_damaged_stream_gives_values_and_reasons(
        self, many: Functions, items: list[Item], data: st.DataObject
    ) -> None:
        try:
            whole = many.dumps(items)
        except RenderError:
            return
        start = data.draw(st.integers(0, len(whole)))
        instead = data.draw(soup if isinstance(whole, str) else bytes_soup)
        for damaged in (whole[:start], whole[:start] + instead + whole[start:], instead):
            errors: list[SchemaError] = []
            for found in many.loads(damaged, on_error=errors.append):
                assert type(found) in {*map(type, ITEMS)}
            for error in errors:
                assert all(problem.place for problem in error.problems)
                assert str(error).encode()


class TestFiles:
    """`dump` and `load` are `dumps` and `loads` with a path or an open file."""

    @EACH_ITEM
    def test_each_kind_comes_back(self, one: Functions, item: Item, tmp_path: Path) -> None:
        path = tmp_path / "file"
        one.dump(item, path)
        assert one.load(path) == item
        assert one.load(str(path), type(item)) == item

    @EACH_ITEM
    def test_a_file_is_utf_8_and_ends_in_a_line_end(
        self, one: Functions, item: Item, tmp_path: Path
    ) -> None:
        path = tmp_path / "file"
        one.dump(item, path)
        data = one.dumps(item)
        if isinstance(data, str):
            data = f"{data.removesuffix(chr(10))}\n".encode()
        assert path.read_bytes() == data

    @pytest.mark.parametrize("how", [open, gzip.open], ids=["plain", "gzip"])
    def test_open_files_of_bytes(self, one: Functions, how: Any, tmp_path: Path) -> None:
        with how(tmp_path / "file", "wb") as file:
            one.dump(VALUES[4], file)
            assert not file.closed
        with how(tmp_path / "file", "rb") as file:
            assert one.load(file) == VALUES[4]
            assert not file.closed

    def test_open_files_of_text(self, one_of_text: Functions) -> None:
        value = PaperRef("Kākā\r\n\u2028", summary="a\nb\n")
        # The file of `tempfile` is of no class that other files of text have.
        with io.StringIO() as memory, NamedTemporaryFile("w+", encoding="utf-16") as disk:
            for file in (memory, disk):
                one_of_text.dump(value, file)
                file.seek(0)
                assert one_of_text.load(file) == value

    def test_a_file_keeps_its_permissions(self, one: Functions, tmp_path: Path) -> None:
        path = tmp_path / "file"
        path.touch(mode=0o600)
        one.dump(Question("?"), path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600

    @pytest.mark.parametrize(
        ("item", "error"),
        [
            (PromptSpec(Question("?"), (ModelRef("\ud83d\ude00"),)), RenderError),
            ([], TypeError),
        ],
    )
    def test_what_cannot_be_written_leaves_the_file_as_it_was(
        self, one: Functions, item: object, error: type[Exception], tmp_path: Path
    ) -> None:
        path = tmp_path / "file"
        path.write_bytes(b"old")
        with pytest.raises(error):
            one.dump(item, path)
        assert path.read_bytes() == b"old"
        assert [entry.name for entry in tmp_path.iterdir()] == ["file"]

    def test_the_error_names_the_file(self, one: Functions, tmp_path: Path) -> None:
        path = tmp_path / "file"
        data = written(one.name, labelled("Question", text=3))
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        for source in (path, str(path)):
            with pytest.raises(SchemaError) as caught:
                one.load(source)
            assert str(caught.value) == f"{path}: text: expected str, got 3"
            assert caught.value.path == source
        with path.open("rb") as file, pytest.raises(SchemaError) as caught:
            one.load(file)
        assert caught.value.path == str(path)
        with pytest.raises(SchemaError) as caught:
            one.load(io.BytesIO(path.read_bytes()))
        assert caught.value.path is None

    def test_a_missing_file_is_an_os_error(self, one: Functions, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            one.load(tmp_path / "absent")
        with pytest.raises(FileNotFoundError):
            one.dump(Question("?"), tmp_path / "absent" / "file")
