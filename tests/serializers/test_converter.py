"""Values inside data of one's own: structured strictly by cattrs converters."""

from __future__ import annotations

from typing import Any

import cattrs
import pytest
from attr import asdict  # the one of `attrs` keeps tuples
from attrs import frozen
from hypothesis import given

from cnaps import ModelRef, PromptSpec, Question, SchemaError
from cnaps.serializers import configure_converter, make_converter
from tests.serializers.strategies import values


@frozen
class Shelf:
    """What a user of the library might have."""

    label: str
    prompt: PromptSpec
    more: list[PromptSpec]
    weight: float = 1.0


@frozen
class Tagged(ModelRef):
    tag: str = ""


def own() -> cattrs.BaseConverter:
    converter = cattrs.Converter()
    configure_converter(converter)
    return converter


def plain() -> cattrs.BaseConverter:
    converter = cattrs.BaseConverter()
    configure_converter(converter)
    return converter


def hasty() -> cattrs.BaseConverter:
    """One with settings that must not reach the values."""
    converter = cattrs.Converter(
        detailed_validation=False,
        omit_if_default=True,
        unstruct_strat=cattrs.UnstructureStrategy.AS_TUPLE,
    )
    configure_converter(converter)
    return converter


CONVERTERS = pytest.mark.parametrize("make", [make_converter, own, plain, hasty])

PROMPT = PromptSpec(Question("?"), (ModelRef("A"),))
RAW_PROMPT = {
    "question": {"text": "?"},
    "models": [{"name": "A", "paper": None, "github": None}],
    "papers": [],
}
BAD_PROMPT = {"question": {"text": 3}, "models": [{"nam": "A"}], "papers": "B"}
PROBLEMS = """4 problems in this data:
  - question.text: expected str, got 3
  - models[0]: unknown key 'nam' (did you mean 'name'?)
  - models[0]: missing key 'name'
  - papers: expected a list, got 'B'"""


@CONVERTERS
class TestEveryConverter:
    def test_values_become_objects_of_all_their_fields(self, make: Any) -> None:
        converter = make()

        @given(values())
        def check(value: Any) -> None:
            raw = converter.unstructure(value)
            assert raw == asdict(value)
            assert list(raw) == list(asdict(value))
            assert converter.structure(raw, type(value)) == value

        check()

    def test_lists_of_values(self, make: Any) -> None:
        converter = make()
        assert converter.structure([RAW_PROMPT] * 2, list[PromptSpec]) == [PROMPT] * 2
        assert converter.unstructure([PROMPT] * 2) == [RAW_PROMPT] * 2

    def test_all_problems_of_a_value_are_one_error(self, make: Any) -> None:
        with pytest.raises(SchemaError) as caught:
            make().structure(BAD_PROMPT, PromptSpec)
        assert str(caught.value) == PROBLEMS

    def test_tuples_pass_for_lists(self, make: Any) -> None:
        raw = {"question": {"text": "?"}, "models": ({"name": "A"},)}
        assert make().structure(raw, PromptSpec) == PROMPT

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            ({"text": 10**5000}, "text: expected str, got a huge number"),
            ({"text": b"?"}, "text: expected str, got b'?'"),
            ({"text": 1.5}, "text: expected str, got 1.5"),
            ({"text": "?", 1: 2}, "unknown key 1"),
            ([("text", "?")], "expected an object, got [...]"),
            ("", "expected an object, got ''"),
            (None, "expected an object, got null"),
            (
                {"type": "Question", "text": "?"},
                "unknown key 'type'",
            ),
        ],
    )
    def test_data_that_is_no_value(self, make: Any, raw: object, message: str) -> None:
        with pytest.raises(SchemaError) as caught:
            make().structure(raw, Question)
        assert str(caught.value) == message


@pytest.mark.parametrize("make", [make_converter, own])
class TestOwnClasses:
    def test_fields_that_are_values(self, make: Any) -> None:
        converter = make()
        shelf = Shelf("Deraining", PROMPT, [PROMPT], 2)
        raw = {"label": "Deraining", "prompt": RAW_PROMPT, "more": [RAW_PROMPT], "weight": 2}
        assert converter.unstructure(shelf) == raw
        assert converter.structure(raw, Shelf) == shelf

    def test_the_errors_of_several_values_are_reported_together(self, make: Any) -> None:
        raw = {"label": "Deraining", "prompt": BAD_PROMPT, "more": [RAW_PROMPT, BAD_PROMPT]}
        with pytest.raises(cattrs.ClassValidationError) as caught:
            make().structure(raw, Shelf)
        assert cattrs.transform_error(caught.value, format_exception=lambda e, _: str(e)) == [
            f"{PROBLEMS} @ $.prompt",
            f"{PROBLEMS} @ $.more[1]",
        ]

    def test_a_subclass_keeps_its_own_fields(self, make: Any) -> None:
        converter = make()
        value = Tagged("A", None, None, "derain")
        raw = {"name": "A", "paper": None, "github": None, "tag": "derain"}
        assert converter.unstructure(value) == raw
        assert converter.structure(raw, Tagged) == value


class TestMakeConverter:
    @pytest.mark.parametrize(
        ("raw", "kind", "message"),
        [
            (3, str, "expected str, got 3"),
            (True, str, "expected str, got true"),
            ("3", int, "expected int, got '3'"),
            (True, int, "expected int, got true"),
            ("1.5", float, "expected float, got '1.5'"),
            (True, float, "expected float, got true"),
            (1, bool, "expected bool, got 1"),
            ([], str, "expected str, got []"),
        ],
    )
    def test_it_is_strict_with_scalars(self, raw: object, kind: type, message: str) -> None:
        with pytest.raises(SchemaError) as caught:
            make_converter().structure(raw, kind)
        assert str(caught.value) == message

    @pytest.mark.parametrize(("raw", "kind"), [("3", str), (3, int), (True, bool), (1.5, float)])
    def test_it_takes_scalars_as_they_are(self, raw: object, kind: type) -> None:
        assert make_converter().structure(raw, kind) is raw

    def test_it_refuses_keys_that_a_class_of_ones_own_does_not_have(self) -> None:
        raw = {"label": "", "prompt": RAW_PROMPT, "more": [], "colour": "red"}
        with pytest.raises(cattrs.ClassValidationError, match="While structuring Shelf"):
            make_converter().structure(raw, Shelf)


def test_configuring_a_converter_leaves_everything_else_as_it_was() -> None:
    converter = own()
    assert converter.structure(3, str) == "3"
    assert converter.structure({"label": 3, "prompt": RAW_PROMPT, "more": []}, Shelf).label == "3"
