"""Schema versions: which ones are read, what becomes of older and newer ones, and what is said."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.version import Version

import cnaps
from cnaps import ModelRef, PromptSpec, Question, SchemaError, SchemaWarning
from cnaps.errors import Notice
from cnaps.serializers import SCHEMA_VERSION, _envelope
from cnaps.serializers._versions import STEPS, Step, upgrade, version_problem
from tests.serializers.formats import module, piece, written
from tests.serializers.samples import (
    DOCUMENTS,
    READS,
    VALUES,
    labelled,
    plain,
    printed,
    without_null,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.serializers.formats import Functions

json: Any = module("json-standard")


def read(data: dict[str, Any], **options: Any) -> Any:
    return json.loads(written("json", data), **options)


class TestNumbers:
    @pytest.mark.parametrize("version", ["1.0", "1.2", "1.3", "1.10", "1.999"])
    def test_every_version_of_the_same_major_is_read(self, version: str) -> None:
        assert version_problem(version, current=Version("1.2")) is None

    def test_what_is_written_is_read(self) -> None:
        assert version_problem(SCHEMA_VERSION) is None
        assert STEPS[-1].version == SCHEMA_VERSION

    @pytest.mark.parametrize(
        ("version", "problem"),
        [
            ("2.0", "schema 2.0 is read by cnaps 2 and newer"),
            ("13.1", "schema 13.1 is read by cnaps 13 and newer"),
            ("0.9", "no cnaps ever wrote schema 0.9"),
            ("0.0", "no cnaps ever wrote schema 0.0"),
        ],
    )
    def test_others_are_refused_with_the_way_out(self, version: str, problem: str) -> None:
        assert version_problem(version) == f"{problem}; {READS}"
        current = version_problem(version, current=Version("1.7"))
        assert current == f"{problem}; this cnaps reads 1.0 to 1.7 and newer 1.x"

    @pytest.mark.parametrize(
        ("version", "shown"),
        [
            *((text, repr(text)) for text in ("", "1", "one", "1.0.0", "v1.0", " 1.0", "1.0\n")),
            *((text, repr(text)) for text in ("01.0", "1.0rc1", "1.0+x", "1!1.0", "1.٠", "-1.0")),
            ("9" * 5_000 + ".0", "'999999999999...99999999999.0'"),
            ("1.0" * 100_000, "'1.01.01.01.0...01.01.01.01.0'"),
            *(
                (None, "null"),
                (1.0, "1.0"),
                (1, "1"),
                (True, "true"),
                ([], "[]"),
                (["1.0"], "[...]"),
            ),
        ],
        ids=lambda version: ascii(version)[:20],
    )
    def test_anything_else_is_no_version(self, version: object, shown: str) -> None:
        problem = version_problem(version)
        assert problem == f"expected a schema version such as '1.1', got {shown}"

    @given(version=st.text() | st.from_regex(r"[0-9]+\.[0-9]+"))
    def test_any_text_is_read_or_refused(self, version: str) -> None:
        problem = version_problem(version)
        assert (problem is None) == bool(re.fullmatch(r"1\.(0|[1-9][0-9]{0,17})", version))


class TestOlder:
    @pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
    def test_values_of_1_0_are_read(self, one: Functions, value: Any) -> None:
        raw = without_null({**plain(value), "schema_version": "1.0"})
        assert one.loads(written(one.name, raw)) == value  # and there is no warning

    def test_each_step_is_a_notice(self, one: Functions) -> None:
        notices: list[Notice] = []
        data = written(one.name, labelled("Question", "1.0", text="?"))
        assert one.loads(data, on_notice=notices.append) == Question("?")
        message = "upgraded to 1.1: files can be documents as well, as type 'Document'"
        assert notices == [Notice("schema_version", message)]
        assert str(notices[0]) == f"schema_version: {message}"

    def test_what_is_written_is_of_the_current_version(self, one: Functions) -> None:
        notices: list[Notice] = []
        one.loads(one.dumps(VALUES[4]), on_notice=notices.append)
        assert notices == []

    def test_nobody_is_told_of_what_was_not_read(self) -> None:
        notices: list[Notice] = []
        with pytest.raises(SchemaError):
            read(labelled("Question", "1.0", text=3), on_notice=notices.append)
        assert notices == []


def rename(kind: str, fields: dict[str, object]) -> None:
    """In 1.1, `query` became `text`."""
    if kind == "Question" and "query" in fields:
        fields["text"] = fields.pop("query")


def move(kind: str, fields: dict[str, object]) -> None:
    """In 1.2, the text became an object, and lost its question mark."""
    text = fields.get("text")
    if isinstance(text, str):
        fields["text"] = text.removesuffix("?") + "!"


CHANGES = (
    Step("1.1", "'query' is called 'text'", rename),
    Step("1.2", "nothing but words"),
    Step("1.3", "no question marks", move),
)


class TestSteps:
    """How a version will become the next one, shown with versions that there never were."""

    @pytest.fixture(autouse=True)
    def versions(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(_envelope, "STEPS", CHANGES)

    def test_they_are_taken_in_order(self) -> None:
        notices: list[Notice] = []
        raw = labelled("Question", "1.0", query="Why?")
        assert read(raw, on_notice=notices.append) == Question("Why!")
        assert list(map(str, notices)) == [
            "schema_version: upgraded to 1.1: 'query' is called 'text'",
            "schema_version: upgraded to 1.2: nothing but words",
            "schema_version: upgraded to 1.3: no question marks",
        ]

    @pytest.mark.parametrize(
        ("version", "fields", "notices"),
        [
            ("1.0", {"query": "Why?"}, 3),
            ("1.1", {"text": "Why?"}, 2),
            ("1.2", {"text": "Why?"}, 1),
            ("1.3", {"text": "Why!"}, 0),
            ("1.4", {"text": "Why!"}, 0),
        ],
    )
    def test_those_from_its_version_on(
        self, version: str, fields: dict[str, object], notices: int
    ) -> None:
        upgraded, told = upgrade("Question", fields, version, CHANGES)
        assert upgraded == {"text": "Why!"}
        assert len(told) == notices

    def test_the_data_that_was_given_stays(self) -> None:
        fields: dict[str, object] = {"query": "Why?"}
        upgrade("Question", fields, "1.0", CHANGES)
        assert fields == {"query": "Why?"}

    @pytest.mark.parametrize(
        ("fields", "problems"),
        [
            ({"query": 3}, ["text: expected str, got 3"]),
            ({}, ["missing key 'text'"]),
            ({"query": "?", "qury": 1}, ["unknown key 'qury'"]),
            ({"text": ["?"], "query": None}, ["text: expected str, got null"]),
        ],
    )
    def test_malformed_data_goes_through_them_and_is_explained(
        self, fields: dict[str, object], problems: list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            read(labelled("Question", "1.0", **fields))
        assert str(caught.value) == printed("json", *problems)

    @pytest.mark.parametrize("raw", [[], None, 3, "query", {"type": "Question"}])
    def test_they_are_not_taken_where_there_is_no_version(self, raw: Any) -> None:
        with pytest.raises(SchemaError):
            read(raw)

    def test_the_type_is_known_to_them(self) -> None:
        assert read(labelled("ModelRef", "1.0", name="A")) == ModelRef("A")


# A document of a future version, and what of it is passed over.
NEWER: list[tuple[dict[str, Any], Any, list[str]]] = [
    (labelled("Question", "1.7", text="?"), Question("?"), []),
    (
        labelled("Question", "1.7", text="?", language="en"),
        Question("?"),
        ["unknown key 'language' passed over"],
    ),
    (
        labelled(
            "PromptSpec",
            "1.7",
            question={"text": "?", "language": "en"},
            models=[{"name": "A"}, {"name": "B", "stars": 3, "forks": {"a": []}}],
            licence="MIT",
        ),
        PromptSpec(Question("?"), (ModelRef("A"), ModelRef("B"))),
        [
            "unknown key 'licence' passed over",
            "question: unknown key 'language' passed over",
            "models[1]: unknown key 'stars' passed over",
            "models[1]: unknown key 'forks' passed over",
        ],
    ),
    (
        labelled(
            "Answer",
            "1.12",
            question={"text": "?"},
            task="",
            workflow={"input": "", "model": "", "output": "", "steps": 3},
            notes=["a"],
            references=[{"name": "A", "rank": 1}],
        ),
        cnaps.Answer(Question("?"), "", cnaps.Workflow("", "", ""), (ModelRef("A"),), ("a",)),
        [
            "workflow: unknown key 'steps' passed over",
            "references[0]: unknown key 'rank' passed over",
        ],
    ),
    (
        labelled(
            "Document",
            "1.7",
            dialect="prompt-1",
            layers=["mark"],
            value={"question": {"text": "?", "language": "en"}, "licence": "MIT"},
            sha256="",
        ),
        cnaps.parse("\ufeff" + cnaps.render(PromptSpec(Question("?")))),
        [
            "unknown key 'sha256' passed over",
            "value: unknown key 'licence' passed over",
            "value.question: unknown key 'language' passed over",
        ],
    ),
]


DIALECTS = "expected one of 'answer-1', 'answer-2', 'prompt-1', 'prompt-2'"


class TestNewer:
    @pytest.mark.parametrize(("raw", "item", "notices"), NEWER, ids=range(len(NEWER)))
    def test_what_is_known_is_read_and_the_rest_is_noticed(
        self, one: Functions, raw: dict[str, Any], item: Any, notices: list[str]
    ) -> None:
        told: list[Notice] = []
        assert one.loads(written(one.name, raw), on_notice=told.append) == item
        assert sorted(map(str, told)) == sorted(notices)  # TOML has an order of its own

    @pytest.mark.parametrize(("raw", "item", "notices"), NEWER, ids=range(len(NEWER)))
    def test_without_a_callback_it_is_one_warning(
        self, raw: dict[str, Any], item: Any, notices: list[str]
    ) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            assert read(raw) == item
        messages = [str(warning.message) for warning in caught]
        expected = "written by a newer cnaps: " + "; ".join(notices)
        assert messages == ([expected] if notices else [])
        assert all(warning.category is SchemaWarning for warning in caught)

    @pytest.mark.parametrize(
        ("raw", "problems"),
        [
            (labelled("Question", "1.7", text=3, language="en"), ["text: expected str, got 3"]),
            (labelled("Question", "1.7", language="en"), ["missing key 'text'"]),
            (
                labelled("PromptSpec", "1.7", question=[], models={"a": 1}, papers=[3, []]),
                [
                    "question: expected an object, got []",
                    "models: expected a list, got {...}",
                    "papers[0]: expected an object, got 3",
                    "papers[1]: expected an object, got []",
                ],
            ),
            (
                labelled("Document", "1.7", dialect="prompt", value={"a": 1}, sha256=""),
                [f"dialect: {DIALECTS}, got 'prompt' (did you mean 'prompt-2'?)"],
            ),
            (
                labelled("Document", "1.7", dialect=[], value=3, text=3),
                [f"dialect: {DIALECTS}, got []", "text: expected str or null, got 3"],
            ),
        ],
        ids=range(5),
    )
    def test_what_is_known_and_wrong_is_a_problem(
        self, raw: dict[str, Any], problems: list[str]
    ) -> None:
        told: list[Notice] = []
        with pytest.raises(SchemaError) as caught:
            read(raw, on_notice=told.append)
        assert str(caught.value) == printed("json", *problems)
        assert told == []

    def test_a_key_that_stands_twice_is_a_problem_in_every_version(self) -> None:
        with pytest.raises(SchemaError) as caught:
            json.loads(
                '{"type": "PromptSpec", "schema_version": "1.7", '
                '"question": {"text": "a", "text": "b"}}'
            )
        assert str(caught.value) == "question: duplicate key 'text'"

    def test_a_new_type_is_not_known(self) -> None:
        with pytest.raises(SchemaError, match=r"^type: expected one of .*, got 'Dataset'$"):
            read(labelled("Dataset", "1.7", title="A"))

    @pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)
    def test_documents_of_a_newer_version(self, document: cnaps.Document) -> None:
        text = json.dumps(document).replace('"1.1"', '"1.2"', 1)
        assert json.loads(text) == document


class TestWhereTheWarningPoints:
    """It names the line of the user, not one of ours."""

    RAW = labelled("Question", "1.7", text="?", language="en")

    def here(self, call: Callable[[], object]) -> None:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            call()
        (warning,) = caught
        assert Path(warning.filename) == Path(__file__)
        line = Path(__file__).read_text("utf-8").splitlines()[warning.lineno - 1]
        assert "# here" in line

    def test_loads(self, one: Functions) -> None:
        data = written(one.name, self.RAW)
        self.here(lambda: one.loads(data))  # here

    def test_load(self, one: Functions, tmp_path: Path) -> None:
        data = written(one.name, self.RAW)
        (tmp_path / "file").write_bytes(data.encode() if isinstance(data, str) else data)
        self.here(lambda: one.load(tmp_path / "file"))  # here

    def test_a_loop_over_a_stream(self, many: Functions) -> None:
        def loop() -> None:
            for item in many.loads(piece(many.name, self.RAW)):  # here
                assert item == Question("?")

        self.here(loop)
