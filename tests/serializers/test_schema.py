"""The JSON Schema: it takes what is written, and refuses what `loads` refuses."""

from __future__ import annotations

import json as standard
import runpy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given

from cnaps import SchemaError
from cnaps.dialects import DIALECTS
from cnaps.serializers import SCHEMA_VERSION, _schema, json, json_schema
from cnaps.serializers._shapes import SHAPES
from tests.serializers.samples import BAD, BAD_NULL, DOCUMENTS, VALUES, labelled
from tests.serializers.strategies import documents, values

if TYPE_CHECKING:
    import cnaps
    from cnaps.serializers._shapes import Value


@pytest.fixture(scope="module")
def validator() -> Any:
    kind = pytest.importorskip("jsonschema").Draft202012Validator
    kind.check_schema(json_schema())
    return kind(json_schema())


class TestSchema:
    def test_the_file_that_is_shipped_is_up_to_date(self) -> None:
        text = Path(_schema.__file__).with_name("schema.json").read_text("utf-8")
        assert standard.loads(text) == json_schema()

    def test_running_the_module_writes_the_file(self, monkeypatch: pytest.MonkeyPatch) -> None:
        files: dict[Path, str] = {}

        def write(path: Path, text: str, *, encoding: str) -> None:
            assert encoding == "utf-8"
            files[path] = text

        monkeypatch.setattr(Path, "write_text", write)
        runpy.run_path(_schema.__file__, run_name="__main__")
        assert files == {_schema.SHIPPED: _schema.SHIPPED.read_text("utf-8")}

    def test_every_class_and_every_field_is_described(self) -> None:
        for kind in SHAPES:
            described = json_schema()["$defs"][kind.__name__]
            fields = attrs.fields(kind)
            assert list(described["properties"]) == [field.name for field in fields]
            assert all(each["description"] for each in described["properties"].values())
            assert described["description"].endswith(".")
            assert described["required"] == [
                field.name for field in fields if field.default is attrs.NOTHING
            ]

    def test_a_field_as_people_read_it(self) -> None:
        assert json_schema()["$defs"]["PaperRef"]["properties"]["paper"] == {
            "description": "The link to the paper as written, or None.",
            "type": ["string", "null"],
        }

    def test_it_is_of_the_version_that_is_written(self) -> None:
        assert json_schema()["$id"].endswith(f"/{SCHEMA_VERSION}")


class TestWhatIsWritten:
    @given(value=values())
    def test_values(self, validator: Any, value: Value) -> None:
        validator.validate(standard.loads(json.dumps(value)))

    @given(document=documents())
    def test_documents(self, validator: Any, document: cnaps.Document) -> None:
        validator.validate(standard.loads(json.dumps(document)))

    @pytest.mark.parametrize("item", [*VALUES, *DOCUMENTS.values()], ids=range(21))
    def test_each_kind(self, validator: Any, item: Any) -> None:
        validator.validate(standard.loads(json.dumps(item)))

    def test_optional_fields_can_be_missing(self, validator: Any) -> None:
        validator.validate(labelled("ModelRef", name="A"))
        for name, dialect in DIALECTS.items():
            value = standard.loads(json.dumps(DOCUMENTS[name].value))
            del value["type"], value["schema_version"]
            assert type(DOCUMENTS[name].value) is dialect.type
            validator.validate(labelled("Document", dialect=name, value=value))


_VALUE = {"question": {"text": "?"}}
_DOCUMENT = labelled("Document", dialect="prompt-1", value=_VALUE)

# What the schema refuses, and `loads` as well. That fields of a document must fit together, no
# schema can say.
WRONG: list[object] = [
    *(data for data, problems in BAD if "does not fit into" not in problems[0]),
    *(data for data, _ in BAD_NULL),
    labelled("Question", "0.9", text="?"),
    labelled("PromptSpec", question=labelled("Question", text="?")),
    labelled("PromptSpec", question={"text": "?", "more": 1}),
    labelled("PromptSpec", question={"text": "?"}, papers=[{"title": "A", "summary": []}]),
    {**_DOCUMENT, "dialect": "prompt-3"},
    {**_DOCUMENT, "dialect": "answer-1"},
    {**_DOCUMENT, "layers": "mark"},
    {**_DOCUMENT, "layers": ["mark"] * 7},
    {**_DOCUMENT, "layers": [3]},
    {**_DOCUMENT, "newline": "LF"},
    {**_DOCUMENT, "newline": []},
    {**_DOCUMENT, "text": 3},
    {**_DOCUMENT, "value": labelled("PromptSpec", **_VALUE)},
    {**_DOCUMENT, "value": {**_VALUE, "notes": []}},
    {**_DOCUMENT, "value": None},
    {**_DOCUMENT, "more": 1},
]


class TestWhatIsWrong:
    @pytest.mark.parametrize("raw", WRONG, ids=range(len(WRONG)))
    def test_both_refuse_it(self, validator: Any, raw: Any) -> None:
        assert not validator.is_valid(raw)
        with pytest.raises(SchemaError):
            json.loads(standard.dumps(raw))
