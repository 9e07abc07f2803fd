"""Values and documents of every kind, and plain data that is neither, for all formats."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

from attr import asdict  # the one of `attrs` keeps tuples

import cnaps
from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow
from cnaps.damage import apply
from tests.samples import PROMPT, SAMPLES

if TYPE_CHECKING:
    from cnaps.serializers._shapes import Value

VALUES: list[Value] = [
    Question("Which model removes rain?"),
    ModelRef("Restormer", paper="https://arxiv.org/abs/2111.09881"),
    PaperRef("Occ$^2$Net", github="", summary="Kākā 彩色\n\n“quoted”\n"),
    Workflow("A rainy image", "Restormer", "A clean image"),
    PromptSpec(Question("?"), (ModelRef("A"), ModelRef("B")), (PaperRef("C"),)),
    Answer(Question("?"), "Deraining", Workflow("a", "b", "c"), (ModelRef("D"),), ("one", "two")),
]

# Texts that every format can hold, if it takes care.
TEXTS = [
    *("", " ", "\n", "\r", "\r\n", "a\n", "\na", " a\n b", "a \nb", "\t", "a\n\n\nb\n\n"),
    *("\0", "\x1b[0m", "\x7f", "\x85", "\xa0", "\u2028", "\u2029", "\ufeff", "\ufffd", "\uffff"),
    *("😀", "\U0010ffff", "e\u0301", "\\", '"', "'", "'''", '"""', "\\n", "\\u0041", "\\\n", "/"),
    *("null", "~", "true", "no", "3", "0o7", "0x1F", "1e3", ".inf", "NaN", "1_000", "12:30:45"),
    *("2020-01-01", "=", "<<", "- a", "a: b", "# a", "a # b", "---", "...", "--- a\n...\n", "*a"),
    *("&a", "!!str a", "!a", "|", ">", "%YAML", "@", "`", "[", "{", "}", "]", ",", "?", ":", "-"),
    "word " * 200,
]

_TEXT = cnaps.render(PROMPT)
_CRLF = _TEXT.replace("\n", "\r\n")

# Files of every kind; each is a prompt or an answer.
FILES: dict[str, str] = {
    **{name: cnaps.render(value, name) for name, value in SAMPLES.items()},
    "crlf": _CRLF,
    "cr": _TEXT.replace("\n", "\r"),
    "mixed": _TEXT.replace("\n", "\r\n", 3).replace("\n\n", "\n\r"),
    "mark": f"\ufeff{_TEXT}",
    "damaged": apply(_TEXT, "windows-1252"),
    "damaged twice": apply(apply(_TEXT, "cp437"), "latin-1"),
    "damaged too often": reduce(apply, ["cp437"] * 7, _TEXT),
    "mark, damaged, mark": "\ufeff" + apply(f"\ufeff{_CRLF}", "macroman"),
    "unfinished": _TEXT.rstrip("\n"),
    "unknown text": f"{_TEXT}\nSee also: the minutes of Monday.\n",
    "reordered": _TEXT.replace("Paper: https", "Summary: First.\nPaper: https"),
}
DOCUMENTS = {name: cnaps.parse(text) for name, text in FILES.items()}


def labelled(kind: str, version: object = "1.1", **fields: object) -> dict[str, Any]:
    """Return fields with type and version in front."""
    return {"type": kind, "schema_version": version, **fields}


def plain(value: Value) -> dict[str, Any]:
    """Return what every reader must find in what is written of a value."""
    return labelled(type(value).__name__, **asdict(value))


def without_null(raw: Any) -> Any:
    """Return plain data as TOML has it."""
    if isinstance(raw, dict):
        return {key: without_null(item) for key, item in raw.items() if item is not None}
    return [without_null(item) for item in raw] if isinstance(raw, list) else raw


def printed(name: str, *problems: str) -> str:
    """Return the message of an error with these problems."""
    if len(problems) == 1:
        return problems[0]
    return "\n  - ".join([f"{len(problems)} problems in this {name}:", *problems])


READS = "this cnaps reads 1.0 to 1.1 and newer 1.x"
EMPTY = "it is empty, and would not be read back"
TYPES = "'Answer', 'ModelRef', 'PaperRef', 'PromptSpec', 'Question', 'Workflow', 'Document'"
_ASKED = {"text": "?"}

# Plain data that stands for nothing, and all that is wrong with it.
BAD: list[tuple[dict[str, Any], list[str]]] = [
    # the label
    (
        {},
        [
            f"missing key 'type': expected one of {TYPES}",
            "missing key 'schema_version': expected '1.1'",
        ],
    ),
    (
        labelled("Promptspec", anything=1),
        [f"type: expected one of {TYPES}, got 'Promptspec' (did you mean 'PromptSpec'?)"],
    ),
    (
        {"type": ["PromptSpec"], "schema_version": "1.1"},
        [f"type: expected one of {TYPES}, got [...]"],
    ),
    (
        {"type": "Question", "text": 3},
        ["text: expected str, got 3", "missing key 'schema_version': expected '1.1'"],
    ),
    (
        {"schema_version": "1.1", "text": "?"},
        [f"missing key 'type': expected one of {TYPES}"],
    ),
    (
        labelled("Question", 1, text="?"),
        ["schema_version: expected a schema version such as '1.1', got 1"],
    ),
    (
        labelled("Question", "one", text=3),
        [
            "schema_version: expected a schema version such as '1.1', got 'one'",
            "text: expected str, got 3",
        ],
    ),
    (
        labelled("Question", "2.0", words="?"),
        [f"schema_version: schema 2.0 is read by cnaps 2 and newer; {READS}"],
    ),
    # the types of fields
    (labelled("Question", text=3), ["text: expected str, got 3"]),
    (labelled("Question", text=-1.5), ["text: expected str, got -1.5"]),
    (labelled("Question", text=True), ["text: expected str, got true"]),
    (labelled("Question", text=False), ["text: expected str, got false"]),
    (labelled("Question", text=["?"]), ["text: expected str, got [...]"]),
    (labelled("Question", text=[]), ["text: expected str, got []"]),
    (labelled("Question", text={}), ["text: expected str, got {}"]),
    (labelled("Question", text={"a": "b"}), ["text: expected str, got {...}"]),
    (
        labelled("ModelRef", name="A", paper=7, github=[1]),
        ["paper: expected str or null, got 7", "github: expected str or null, got [...]"],
    ),
    (labelled("PromptSpec", question="?"), ["question: expected an object, got '?'"]),
    (
        labelled("PromptSpec", question=_ASKED, models="A", papers={}),
        ["models: expected a list, got 'A'", "papers: expected a list, got {}"],
    ),
    (
        labelled("PromptSpec", question=_ASKED, models=["A", ["name"]]),
        ["models[0]: expected an object, got 'A'", "models[1]: expected an object, got [...]"],
    ),
    (
        labelled(
            "PromptSpec", question=_ASKED, papers=[{"title": "A"}, {"title": "B"}, {"title": 3}]
        ),
        ["papers[2].title: expected str, got 3"],
    ),
    (
        labelled(
            "Answer",
            question=_ASKED,
            task="",
            workflow={"input": "", "model": 0},
            notes=["", 3],
        ),
        [
            "workflow.model: expected str, got 0",
            "workflow: missing key 'output'",
            "notes[1]: expected str, got 3",
        ],
    ),
    # keys
    (
        labelled("PromptSpec", question=_ASKED, models=[{"nam": "A"}]),
        [
            "models[0]: unknown key 'nam' (did you mean 'name'?)",
            "models[0]: missing key 'name'",
        ],
    ),
    (
        labelled("PromptSpec", question=_ASKED, schema_verson="1.1", license="MIT"),
        [
            "unknown key 'schema_verson' (did you mean 'schema_version'?)",
            "unknown key 'license'",
        ],
    ),
    (
        labelled("Question", **{"text": "?", "te\nxt": 1, "text" * 99: 1}),
        [
            r"unknown key 'te\nxt' (did you mean 'text'?)",
            "unknown key 'texttexttext...ttexttexttext'",
        ],
    ),
    # documents
    (labelled("Document"), ["missing key 'dialect'", "missing key 'value'"]),
    (
        labelled("Document", dialect="prompt-1", value={"models": []}, txt=""),
        [
            "value: missing key 'question'",
            "unknown key 'txt' (did you mean 'text'?)",
        ],
    ),
    (
        labelled(
            "Document", dialect="prompt-1", value={"question": _ASKED, "models": [{"name": ""}]}
        ),
        [f"value.models[0].name: does not fit into prompt-1: {EMPTY}"],
    ),
]

# The same for the formats that have null.
BAD_NULL: list[tuple[object, list[str]]] = [
    (
        labelled("Answer", question=None, task=None, workflow=None, references=None),
        [
            "question: expected an object, got null",
            "task: expected str, got null",
            "workflow: expected an object, got null",
            "references: expected a list, got null",
        ],
    ),
    (
        {"type": None, "schema_version": None},
        [
            f"type: expected one of {TYPES}, got null",
            "schema_version: expected a schema version such as '1.1', got null",
        ],
    ),
    (None, ["expected an object, got null"]),
    (True, ["expected an object, got true"]),
    (3, ["expected an object, got 3"]),
    (-1.5, ["expected an object, got -1.5"]),
    ("text", ["expected an object, got 'text'"]),
    ([], ["expected an object, got []"]),
    ([labelled("Question", text="?")], ["expected an object, got [...]"]),
]
