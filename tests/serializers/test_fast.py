"""JSON by way of orjson and msgspec is JSON by way of the standard library, in every respect."""

from __future__ import annotations

import json as library
import pickle
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import (
    Answer,
    ModelRef,
    PaperRef,
    PromptSpec,
    Question,
    SchemaError,
    Workflow,
    answer_for,
)
from tests.serializers.formats import module
from tests.serializers.samples import BAD, BAD_NULL, DOCUMENTS, TEXTS, VALUES, labelled, plain
from tests.serializers.strategies import documents, texts, values
from tests.serializers.test_json import BAD as BAD_JSON
from tests.strategies import HOSTILE, Values, derived_answers

if TYPE_CHECKING:
    from collections.abc import Callable

standard: Any = module("json-standard")
values_of = Values(texts(), st.none() | texts())

PROMPT, ANSWER = VALUES[4], VALUES[5]
FLOW = [field.name for field in attrs.fields(Workflow)]
FULL = PromptSpec(
    Question("Which “model”\nremoves rain?"),
    (ModelRef("Restormer", "https://arxiv.org/abs/2111.09881"), ModelRef("A", github="b")),
    (PaperRef("C"), PaperRef("D", "e", "f", "g\u2028h")),
)


@pytest.fixture(scope="module")
def fast() -> Any:
    return module("json-fast")


def outcome(loads: Callable[..., object], data: object, kind: type | None = None) -> object:
    """Return all that there is to know of what came of reading."""
    try:
        value = loads(data, kind)
    except (SchemaError, TypeError) as error:
        return type(error), str(error)
    return type(value), value


def assert_same(fast: Any, data: object) -> None:
    for kind in (None, PromptSpec, Question):
        assert outcome(fast.loads, data, kind) == outcome(standard.loads, data, kind)


def test_it_is_used(fast: Any) -> None:
    """Else the tests below would compare the standard library with itself."""
    assert standard._fast is None
    for value in (PROMPT, ANSWER, FULL):
        for indent in (None, 2):
            text = standard.dumps(value, indent=indent)
            assert fast._fast.encode(value, indent) == text
        text = standard.dumps(value)
        assert fast._fast.decode(text) == value
        assert fast._fast.decode(text.encode()) == value
        assert fast._fast.decode(f"{text}\n".encode()) == value


@pytest.mark.parametrize("more", [" ", "\n\n", "\t", "x", "\n\x00"])
def test_what_stands_behind_takes_a_closer_look(fast: Any, more: str) -> None:
    assert fast._fast.decode(standard.dumps(FULL) + more) is None
    assert_same(fast, standard.dumps(FULL) + more)


class TestDumps:
    @given(item=values() | documents(), indent=st.sampled_from([None, 0, 2, 3]))
    def test_the_text_is_the_same(self, fast: Any, item: Any, indent: int | None) -> None:
        assert fast.dumps(item, indent=indent) == standard.dumps(item, indent=indent)

    @pytest.mark.parametrize("indent", [None, 1, 2])
    def test_each_kind(self, fast: Any, indent: int | None) -> None:
        papers = tuple(PaperRef(text, text, text, text) for text in [*TEXTS, "\ud800", "\udc00"])
        everything = PromptSpec(Question("".join(map(chr, range(0x3000)))), papers=papers)
        for item in (*VALUES, *DOCUMENTS.values(), everything):
            assert fast.dumps(item, indent=indent) == standard.dumps(item, indent=indent)

    @given(answer=derived_answers(), other=values_of.answers, data=st.data())
    def test_answers_that_are_generated_or_nearly_so(
        self, fast: Any, answer: Answer, other: Answer, data: st.DataObject
    ) -> None:
        names = [field.name for field in attrs.fields(Answer)]
        changed = data.draw(st.sets(st.sampled_from(names)))
        answer = attrs.evolve(answer, **{name: getattr(other, name) for name in changed})
        text = standard.dumps(answer)
        assert fast.dumps(answer) == text
        assert fast.dumps(standard.loads(text)) == text  # equal texts, and not the same ones

    @pytest.mark.parametrize("changed", [{"workflow": Workflow("a", "b", "c")}, {"notes": ("a",)}])
    def test_generated_answers_of_which_a_part_was_changed(
        self, fast: Any, changed: dict[str, Any]
    ) -> None:
        prompt = PromptSpec(Question("Why?"), (ModelRef("Rain", "https://example.org/rain"),))
        answer = attrs.evolve(answer_for(prompt), **changed)
        assert fast.dumps(answer) == standard.dumps(answer)

    @pytest.mark.parametrize(
        "text", ["", '"', "\\", "\n", "\0", "\x1f", "\x7f", "é", "\u2028", "😀", "\ud800"]
    )
    def test_texts_of_ones_own(self, fast: Any, text: str) -> None:
        """Each of them alone decides whether all of them stand as they are."""
        own = Answer(Question("a"), "b", Workflow("c", "d", "e"), (ModelRef("f"),), ("g", "h"))
        changed: list[dict[str, Any]] = [
            {"question": Question(text)},
            {"task": text},
            *({"workflow": attrs.evolve(own.workflow, **{name: text})} for name in FLOW),
            *({"references": (ModelRef(text, link, text),)} for link in (None, text)),
            {"references": ()},
            *({"notes": notes} for notes in [(), (text,), ("g", text), (text, text)]),
        ]
        for fields in changed:
            answer = attrs.evolve(own, **fields)
            assert fast.dumps(answer) == standard.dumps(answer)

    def test_texts_that_look_otherwise_in_other_texts(self, fast: Any) -> None:
        class Odd(str):
            __slots__ = ()

            def __format__(self, _spec: str) -> str:
                return "odd"

        odd, flow = Odd("a"), Workflow(Odd("b"), Odd("c"), Odd("d"))
        reference = ModelRef(Odd("e"), Odd("f"), Odd("g"))
        answer = Answer(Question(odd), Odd("h"), flow, (reference,), (Odd("i"), Odd("j")))
        prompt = PromptSpec(Question(Odd("é")), (reference,), (PaperRef(odd, odd, odd, odd),))
        assert isinstance(ANSWER, Answer)
        for item in (answer, prompt, attrs.evolve(ANSWER, question=Question(odd))):
            assert fast.dumps(item) == standard.dumps(item)
            assert "odd" not in fast.dumps(item)

    def test_texts_that_cannot_be_looked_up(self, fast: Any) -> None:
        class Odd(str):
            __slots__ = ()
            __hash__ = None  # type: ignore[assignment]

            def __eq__(self, other: object) -> bool:
                return NotImplemented

        assert isinstance(ANSWER, Answer)
        answer = attrs.evolve(ANSWER, task=Odd(ANSWER.task))
        assert fast.dumps(answer) == standard.dumps(answer) == standard.dumps(ANSWER)

    @pytest.mark.parametrize("item", [None, "a", {}, [FULL], Answer])
    def test_what_is_no_item(self, fast: Any, item: Any) -> None:
        for json in (fast, standard):
            with pytest.raises(TypeError, match=r"^expected .* or Document, not "):
                json.dumps(item)


class TestLoads:
    @given(value=st.one_of(values(), HOSTILE.prompts, HOSTILE.answers), data=st.data())
    def test_what_is_written_in_every_layout(
        self, fast: Any, value: Any, data: st.DataObject
    ) -> None:
        raw = plain(value)
        layouts: list[dict[str, Any]] = [
            {"separators": (",", ":")},
            {"indent": 2},
            {"indent": 2, "separators": (",", ": ")},
            {"indent": 1},
            {"separators": (", ", ": ")},
            {"separators": (" ,", " :")},
        ]
        text = library.dumps(raw, **data.draw(st.sampled_from(layouts)), ensure_ascii=False)
        ends = st.sampled_from(["", "\n", "\r\n", "\n\n", " ", "\ufeff"])
        text = data.draw(ends) + text + data.draw(ends)
        assert_same(fast, text)
        assert_same(fast, text.encode(errors="replace"))
        assert_same(fast, library.dumps(raw))

    @given(value=HOSTILE.prompts | HOSTILE.answers)
    def test_the_value_is_the_same_in_every_respect(self, fast: Any, value: Any) -> None:
        text = standard.dumps(value)
        found, expected = fast.loads(text), standard.loads(text)
        assert found == expected == value
        assert hash(found) == hash(expected)
        assert repr(found) == repr(expected)
        assert pickle.loads(pickle.dumps(found)) == value
        assert types(found) == types(expected)
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            found.question = None

    @given(value=HOSTILE.prompts | HOSTILE.answers, data=st.data())
    def test_what_was_changed(self, fast: Any, value: Any, data: st.DataObject) -> None:
        raw = plain(value)
        place = data.draw(st.sampled_from(objects(raw)))
        key = data.draw(st.sampled_from([*place, "more"]))
        match data.draw(st.sampled_from(["drop", "move", "replace", "add"])):
            case "drop":
                place.pop(key, None)
            case "move":
                place[key] = place.pop(key, None)
            case "replace":
                place[key] = data.draw(st.sampled_from([None, 3, 1.5, True, "a", [], {}, [{}]]))
            case _:
                place["more"] = 1
        assert_same(fast, library.dumps(raw, ensure_ascii=False, separators=(",", ":")))

    @given(value=HOSTILE.prompts | HOSTILE.answers, data=st.data())
    def test_a_damaged_text(self, fast: Any, value: Any, data: st.DataObject) -> None:
        text = standard.dumps(value)
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(start + 10, len(text))))
        inserted = [*' "[]{},:0\\\n', "", "null", "1e5", '"a":1,', "\\u0041", "\ud800", "\ufeff"]
        instead = data.draw(st.sampled_from(inserted))
        assert_same(fast, text[:start] + instead + text[end:])

    @given(data=st.binary() | st.text())
    def test_anything_at_all(self, fast: Any, data: str | bytes) -> None:
        assert_same(fast, data)

    @pytest.mark.parametrize("index", range(len(BAD_JSON)))
    def test_bad_json(self, fast: Any, index: int) -> None:
        assert_same(fast, BAD_JSON[index][0])

    def test_bad_data(self, fast: Any) -> None:
        for raw, _ in [*BAD, *BAD_NULL]:
            assert_same(fast, library.dumps(raw))

    @pytest.mark.parametrize("kind", [bytearray, memoryview])
    def test_other_bytes_are_refused(self, fast: Any, kind: Any) -> None:
        assert_same(fast, kind(standard.dumps(PROMPT).encode()))

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"text":"?"', '"text":"?","text":"?"'),
            ('"name":"A"', '"name":"A","name":"A"'),
            ('"name":"A"', '"name":"B","name":"A"'),
            ('"models":[', '"models":[],"models":['),
            ('"type":"PromptSpec"', '"type":"PromptSpec","type":"PromptSpec"'),
            ('"schema_version":"1.1"', '"schema_version":"1.1","schema_version":"1.1"'),
            ('"schema_version":"1.1"', '"schema_version":"1.0"'),
            ('"schema_version":"1.1"', '"schema_version":"1.10"'),
            ('"schema_version":"1.1"', '"schema_version":1.1'),
            ('"schema_version":"1.1"', '"schema_version":"2.0"'),
            ('"schema_version":"1.1",', ""),
            (
                '"type":"PromptSpec","schema_version":"1.1"',
                '"schema_version":"1.1","type":"PromptSpec"',
            ),
            ('"type":"PromptSpec"', '"type":"Answer"'),
            ('"type":"PromptSpec"', '"type":"prompt"'),
            ('"type":"PromptSpec",', ""),
            ('"name":"A"', '"name":null'),
            ('"name":"A"', '"name":"\\u0041"'),
            ('"name":"A"', '"name":"\\/"'),
            ('"name":"A"', '"name":"\\ud83d\\ude00"'),
            ('"name":"A"', '"name":"\\ud83d"'),
            ('"name":"A"', '"name":"\ud83d"'),
            ('"name":"A"', '"name":"\\u0000"'),
            ('"name":"A"', '"name":"\0"'),
            ('"name":"A"', '"name":"A",'),
            ('"name":"A"', '"name":"A","more":{"a":[1]}'),
            ('"name":"A"', '"name":"A","github":null'),
            ('"name":"A","paper":null', '"paper":null,"name":"A"'),
            ('"paper":null', '"paper":""'),
            ('"paper":null', '"paper":[]'),
            (',"github":null', ""),
            ('"papers":[', '"papers":[null,'),
            ('"papers":[', '"papers":[],"notes":['),
            ('"papers":[', '"papers":' + "[" * 100_000),
            ('"papers":[', '"more":' + "[" * 100_000 + "]" * 100_000 + ',"papers":['),
            ('"papers":[', '"more":' + '{"a":' * 100_000 + "1" + "}" * 100_000 + ',"papers":['),
            ('"papers":[', '"more":' + "9" * 100_000 + ',"papers":['),
            ('"papers":[', '"more":NaN,"papers":['),
            ("{", " {"),
            ("{", "\ufeff{"),
            ("{", "[{"),
            ("{", "{\n"),
        ],
        ids=range(41),
    )
    def test_json_with_one_change(self, fast: Any, old: str, new: str) -> None:
        text = standard.dumps(PROMPT)
        assert old in text
        assert_same(fast, text.replace(old, new, 1))


def types(value: object) -> list[type]:
    """Return the types of all that a value holds."""
    if isinstance(value, tuple):
        return [tuple, *(kind for item in value for kind in types(item))]
    names = getattr(value, "__match_args__", ())
    return [type(value), *(kind for name in names for kind in types(getattr(value, name)))]


def objects(raw: Any) -> list[dict[str, Any]]:
    """Return every object in plain data."""
    if isinstance(raw, dict):
        return [raw, *(found for item in raw.values() for found in objects(item))]
    return [found for item in raw for found in objects(item)] if isinstance(raw, list) else []


def test_types_and_objects() -> None:
    assert types(ANSWER) == [
        *(Answer, Question, str, str, Workflow, str, str, str),
        *(tuple, ModelRef, str, type(None), type(None), tuple, str, str),
    ]
    assert objects(labelled("A", b=[{"c": {}}])) == [
        {"type": "A", "schema_version": "1.1", "b": [{"c": {}}]},
        {"c": {}},
        {},
    ]
