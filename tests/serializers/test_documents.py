"""Documents: what is written of a file, that its bytes come back, and what describes no file."""

from __future__ import annotations

import json as standard
from typing import Any

import pytest
from hypothesis import given

import cnaps
from cnaps import Document, PromptSpec, SchemaError
from cnaps.damage import apply
from cnaps.dialects import DIALECTS
from cnaps.serializers import json
from cnaps.serializers._documents import DOCUMENT, document_fields
from tests.samples import ANSWERS, PROMPT
from tests.serializers.samples import DOCUMENTS, EMPTY, FILES, printed
from tests.serializers.strategies import documents


def raw_of(document: Document) -> dict[str, Any]:
    """Return what any reader of JSON finds."""
    raw: dict[str, Any] = standard.loads(json.dumps(document))
    return raw


def read(raw: object) -> Any:
    return json.loads(standard.dumps(raw))


EACH_DOCUMENT = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=DOCUMENTS)

# What is written of each file beside its type and its value; None for a text that is canonical.
WRITTEN: dict[str, tuple[str, list[str], str | None, str | None]] = {
    "prompt-1": ("prompt-1", [], "lf", None),
    "prompt-2": ("prompt-2", [], "lf", None),
    "answer-1": ("answer-1", [], "lf", None),
    "answer-2": ("answer-2", [], "lf", None),
    "crlf": ("prompt-1", [], "crlf", None),
    "cr": ("prompt-1", [], "cr", None),
    "mixed": ("prompt-1", [], None, FILES["mixed"]),
    "mark": ("prompt-1", ["mark"], "lf", None),
    "damaged": ("prompt-1", ["windows-1252"], "lf", None),
    "damaged twice": ("prompt-1", ["latin-1", "cp437"], "lf", None),
    "damaged too often": ("prompt-1", [], None, FILES["damaged too often"]),
    "mark, damaged, mark": ("prompt-1", ["mark", "macroman", "mark"], "crlf", None),
    "unfinished": ("prompt-1", [], "lf", FILES["unfinished"]),
    "unknown text": ("prompt-1", [], "lf", FILES["unknown text"]),
    "reordered": ("prompt-1", [], "lf", FILES["reordered"]),
}


class TestDumps:
    @pytest.mark.parametrize("name", FILES)
    def test_what_is_written(self, name: str) -> None:
        dialect, layers, newline, text = WRITTEN[name]
        document = DOCUMENTS[name]
        value = standard.loads(json.dumps(document.value))
        del value["type"], value["schema_version"]
        raw = raw_of(document)
        assert raw == {
            "type": "Document",
            "schema_version": "1.1",
            "dialect": dialect,
            "layers": layers,
            "newline": newline,
            "text": text,
            "value": value,
        }
        assert list(raw) == [
            *("type", "schema_version", "dialect", "layers", "newline", "text", "value")
        ]

    def test_a_file_that_needs_its_text_says_what_it_says_in_spite_of_line_ends_and_damage(
        self,
    ) -> None:
        text = FILES["unknown text"]
        document = cnaps.parse("\ufeff" + apply(text.replace("\n", "\r\n"), "windows-1252"))
        raw = raw_of(document)
        assert (raw["layers"], raw["newline"]) == (["mark", "windows-1252"], "crlf")
        assert raw["text"] == text
        assert read(raw) == document

    def test_a_file_that_says_what_no_canonical_file_can_say(self) -> None:
        """Here a note reads like a heading, because the heading stands behind it."""
        heading = "### 3. Referenced Models and Tools\n"
        text = cnaps.render(ANSWERS["answer-2"], "answer-2")
        document = cnaps.parse(text.replace(heading, "") + heading)
        with pytest.raises(cnaps.RenderError):
            cnaps.render(document.value, document.dialect)
        raw = raw_of(document)
        assert raw["text"] == document.text
        assert read(raw) == document


class TestLoads:
    @EACH_DOCUMENT
    def test_the_document_is_like_the_one_that_was_written(self, document: Document) -> None:
        found = json.loads(json.dumps(document), Document)
        assert found.to_bytes() == document.to_bytes()
        for name in ("dialect", "layers", "damage", "text", "value", "diagnostics"):
            assert getattr(found, name) == getattr(document, name)

    @given(document=documents())
    def test_the_same_is_written_again(self, document: Document) -> None:
        text = json.dumps(document)
        assert json.dumps(json.loads(text)) == text

    @EACH_DOCUMENT
    def test_the_text_can_always_be_written_out(self, document: Document) -> None:
        raw = raw_of(document)
        raw["text"] = raw["text"] or document.text
        assert read(raw) == document

    def test_dialect_and_value_are_enough(self) -> None:
        value = {"question": {"text": "Why?"}}
        raw = {"type": "Document", "schema_version": "1.1", "dialect": "prompt-1", "value": value}
        document = read(raw)
        assert document.text == cnaps.render(PromptSpec(cnaps.Question("Why?")))
        assert read({**raw, "text": None, "newline": None, "layers": []}) == document

    @pytest.mark.parametrize("name", ["sloppy-windows-1252", "windows-1251", "iso-8859-2"])
    def test_encodings_by_all_names_that_documents_know(self, name: str) -> None:
        document = read({**raw_of(DOCUMENTS["prompt-1"]), "layers": [name]})
        assert document.to_bytes() == apply(FILES["prompt-1"], name).encode()

    @pytest.mark.parametrize(
        "layers",
        [["mark"] * 6, ["cp437"] * 6, ["mark", "cp437", "mark", "latin-1", "mark", "macroman"]],
    )
    def test_layers_that_no_document_would_be_written_with(self, layers: list[str]) -> None:
        document = read({**raw_of(DOCUMENTS["crlf"]), "layers": layers})
        assert document.value == PROMPT
        assert json.loads(json.dumps(document)) == document


_DIALECTS = "expected one of 'answer-1', 'answer-2', 'prompt-1', 'prompt-2'"
_LAYER = "expected 'mark' or an encoding such as 'windows-1252'"
_NEWLINE = "expected one of 'lf', 'crlf', 'cr' or null"
_TEXT = FILES["prompt-1"]

# What is changed of the data of a file, and what is then wrong with it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    # each field by itself
    ({"dialect": "prompt"}, [f"dialect: {_DIALECTS}, got 'prompt' (did you mean 'prompt-2'?)"]),
    ({"dialect": ""}, [f"dialect: {_DIALECTS}, got ''"]),
    ({"dialect": None}, [f"dialect: {_DIALECTS}, got null"]),
    ({"dialect": ["prompt-1"]}, [f"dialect: {_DIALECTS}, got [...]"]),
    ({"dialect": 3, "value": 3}, [f"dialect: {_DIALECTS}, got 3"]),
    ({"layers": None}, ["layers: expected a list, got null"]),
    ({"layers": "mark"}, ["layers: expected a list, got 'mark'"]),
    ({"layers": ["Mark"]}, [f"layers[0]: {_LAYER}, got 'Mark'"]),
    (
        {"layers": ["mark", "utf-16", 3, None, ["mark"]]},
        [
            f"layers[1]: {_LAYER}, got 'utf-16'",
            f"layers[2]: {_LAYER}, got 3",
            f"layers[3]: {_LAYER}, got null",
            f"layers[4]: {_LAYER}, got [...]",
        ],
    ),
    ({"layers": ["mark"] * 7}, ["layers: expected 6 layers at most, got 7"]),
    ({"layers": ["cp437"] * 100_000}, ["layers: expected 6 layers at most, got 100000"]),
    ({"layers": ["zip_codec"]}, [f"layers[0]: {_LAYER}, got 'zip_codec'"]),
    ({"newline": "LF"}, [f"newline: {_NEWLINE}, got 'LF'"]),
    ({"newline": "\n"}, [f"newline: {_NEWLINE}, got '\\n'"]),
    ({"newline": 10}, [f"newline: {_NEWLINE}, got 10"]),
    ({"newline": []}, [f"newline: {_NEWLINE}, got []"]),
    ({"text": 3}, ["text: expected str or null, got 3"]),
    ({"text": []}, ["text: expected str or null, got []"]),
    ({"value": None}, ["value: expected an object, got null"]),
    ({"value": {"question": {"text": 3}}}, ["value.question.text: expected str, got 3"]),
    (
        {"dialect": "answer-2"},
        [
            "value: unknown key 'models'",
            "value: unknown key 'papers'",
            "value: missing key 'task'",
            "value: missing key 'workflow'",
        ],
    ),
    (
        {"dialects": [], "newline": "x", "kind": "prompt"},
        [
            f"newline: {_NEWLINE}, got 'x'",
            "unknown key 'dialects' (did you mean 'dialect'?)",
            "unknown key 'kind'",
        ],
    ),
    # all of them together
    ({"text": ""}, ["text: the input is empty"]),
    ({"text": "Dear all"}, ["text: neither a prompt nor an answer; answer-2 comes nearest"]),
    ({"text": f"{_TEXT}\ud800"}, ["text: cannot be encoded: surrogates not allowed"]),
    (
        {"text": f"{_TEXT}\udfff", "layers": ["windows-1252"]},
        ["text: cannot be encoded: surrogates not allowed"],
    ),
    ({"text": FILES["answer-2"]}, ["dialect: the text is in answer-2"]),
    ({"text": FILES["prompt-2"]}, ["dialect: the text is in prompt-2"]),
    ({"dialect": "prompt-2", "text": _TEXT}, ["dialect: the text is in prompt-1"]),
    (
        {"dialect": "prompt-2"},
        ["value.papers: does not fit into prompt-2: no file of this dialect has any"],
    ),
    (
        {"text": _TEXT.replace("Snow falls", "Snow fell")},
        ["value.papers[1].summary: the text says something else"],
    ),
    (
        {"value": {"question": {"text": "Why?"}}, "text": _TEXT},
        ["value.question.text: the text says something else"],
    ),
    (
        {"value": {"question": {"text": "Why?"}, "models": [{"name": ""}]}},
        [f"value.models[0].name: does not fit into prompt-1: {EMPTY}"],
    ),
]


class TestBadInput:
    @pytest.mark.parametrize(("change", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(
        self, change: dict[str, Any], problems: list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            read({**raw_of(DOCUMENTS["prompt-1"]), **change})
        assert str(caught.value) == printed("json", *problems)

    @EACH_DOCUMENT
    def test_nothing_is_wrong_with_a_document(self, document: Document) -> None:
        assert list(DOCUMENT.problems(document_fields(document), "")) == []

    def test_what_is_wrong_is_named_from_where_the_document_stands(self) -> None:
        fields = document_fields(DOCUMENTS["prompt-1"])
        found = DOCUMENT.problems(fields | {"text": 3, "newline": ""}, "files[2]")
        assert [problem.path for problem in found] == ["files[2].newline", "files[2].text"]
        found = DOCUMENT.problems(fields | {"text": ""}, "files[2]")
        assert list(map(str, found)) == ["files[2].text: the input is empty"]

    @pytest.mark.parametrize("dialect", DIALECTS)
    def test_the_value_is_one_of_the_dialect(self, dialect: str) -> None:
        kind = DIALECTS[dialect].kind
        for name in DIALECTS:
            raw = {**raw_of(DOCUMENTS[dialect]), "dialect": name}
            if DIALECTS[name].kind == kind:
                raw["value"] |= {key: [] for key in DIALECTS[name].absent}
                assert read({**raw, "text": None}).dialect == name
            else:
                with pytest.raises(SchemaError, match=r"^\d problems in this json:\n  - value: "):
                    read(raw)

    @pytest.mark.parametrize("layer", ["cp437", "macroman", "windows-1252", "latin-1"])
    def test_layers_that_make_a_text_as_long_as_they_can(self, layer: str) -> None:
        """Each makes it at most three times as long; there are six at most."""
        raw = raw_of(DOCUMENTS["prompt-1"])
        raw |= {"layers": [layer] * 6, "text": _TEXT + "\n🧠→ē" * 2_000}
        document = read(raw)
        assert document.value == PROMPT
        assert len(document.to_bytes()) < len(raw["text"].encode()) * 3**6
