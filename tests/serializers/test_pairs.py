"""Objects as pairs: the short way to a value gives what the constructor gives, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import attrs
import pytest
from attr import asdict  # the one of `attrs` keeps tuples
from hypothesis import given
from hypothesis import strategies as st

from cnaps.serializers._pairs import build, plain
from cnaps.serializers._shapes import Repeated
from tests.samples import ANSWERS, PROMPT
from tests.serializers.samples import VALUES
from tests.serializers.strategies import values

if TYPE_CHECKING:
    from cnaps.serializers._shapes import Value

ANSWER = ANSWERS["answer-2"]
EACH_VALUE = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)


def pairs(raw: Any) -> Any:
    """Return plain data with its objects as pairs."""
    if isinstance(raw, dict):
        return tuple((key, pairs(item)) for key, item in raw.items())
    return [pairs(item) for item in raw] if isinstance(raw, list) else raw


def as_lists(raw: Any) -> Any:
    """Return plain data with its objects as lists of lists, which in JSON are none."""
    if isinstance(raw, dict):
        return [[key, as_lists(item)] for key, item in raw.items()]
    return [as_lists(item) for item in raw] if isinstance(raw, list) else raw


class TestBuild:
    @given(value=values())
    def test_what_is_written_becomes_the_value(self, value: Value) -> None:
        found = build(pairs(asdict(value)), type(value))
        assert type(found) is type(value)
        assert found == value
        assert hash(found) == hash(value)
        assert repr(found) == repr(value)

    @EACH_VALUE
    def test_it_is_as_frozen(self, value: Value) -> None:
        found = build(pairs(asdict(value)), type(value))
        for name in type(value).__match_args__:
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(found, name, "")

    @EACH_VALUE
    def test_a_list_of_lists_is_no_object(self, value: Value) -> None:
        raw = asdict(value)
        assert build(as_lists(raw), type(value)) is None
        for name, held in raw.items():
            if isinstance(held, dict) or (held and isinstance(held[0], dict)):
                assert build(pairs(raw | {name: Lists(held)}), type(value)) is None

    @pytest.mark.parametrize("notes", [None, "a", (("a", "b"),), ["a", 3], [None]])
    def test_notes_are_a_list_of_texts(self, notes: object) -> None:
        fields = pairs(asdict(ANSWER))
        changed = tuple((name, notes if name == "notes" else held) for name, held in fields)
        assert build(changed, type(ANSWER)) is None

    @pytest.mark.parametrize("value", [PROMPT, ANSWER], ids=["prompt", "answer"])
    def test_no_part_of_a_value_is_a_list_of_lists(self, value: Value) -> None:
        fields = pairs(asdict(value))
        raw = asdict(value)
        for name, held in fields:
            wrong = as_lists(raw[name])
            if wrong != held:
                changed = tuple((key, wrong if key == name else item) for key, item in fields)
                assert build(changed, type(value)) is None

    @given(value=values(), data=st.data())
    def test_whatever_else_it_gives_is_what_the_constructor_gives(
        self, value: Value, data: st.DataObject
    ) -> None:
        raw = asdict(value)
        key = data.draw(st.sampled_from(sorted(raw)))
        raw[key] = data.draw(st.sampled_from([None, 3, True, b"a", "", [], {}, [{}], [3], ["a"]]))
        found = build(pairs(raw), type(value))
        assert found is None or asdict(found) == raw

    @EACH_VALUE
    def test_every_field_must_be_there_in_order_and_under_its_name(self, value: Value) -> None:
        fields = pairs(asdict(value))
        for number, (name, held) in enumerate(fields):
            without = fields[:number] + fields[number + 1 :]
            for wrong in (
                without,
                (*without, (name, held)) if number < len(fields) - 1 else without,
                (*fields, (name, held)),
                (*without, ("", held)),
                (*fields[:number], (name.upper(), held), *fields[number + 1 :]),
            ):
                assert build(wrong, type(value)) is None


class Lists(list[Any]):
    """A list that stays one in `pairs`, and whose items are as JSON has lists of pairs."""

    def __init__(self, held: Any) -> None:
        super().__init__(as_lists(held))


class TestPlain:
    @given(value=values())
    def test_it_undoes_pairs(self, value: Value) -> None:
        assert plain(pairs(asdict(value))) == asdict(value)

    def test_a_key_that_stands_twice_is_kept(self) -> None:
        found = plain([(("a", 1), ("b", (("c", 2), ("c", 3))), ("a", 4), ("a", 5))])
        inner = Repeated({"c": 3}, ("c",))
        assert found == [Repeated({"a": 5, "b": inner}, ("a",))]

    def test_a_key_that_is_no_text_is_shown(self) -> None:
        found = plain((((("a", 1),), 1), (3, 2), ((), 3), ([4], 4)))
        assert isinstance(found, dict)
        assert list(map(repr, found)) == ["{...}", "3", "{}", "[...]"]
