"""The six classes of values: what one can do with them, and what they refuse."""

from __future__ import annotations

import copy
import pickle
import reprlib
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow
from cnaps._unchecked import unchecked
from tests.strategies import HOSTILE

if TYPE_CHECKING:
    from collections.abc import Callable

QUESTION = Question("Which model removes rain?")
MODEL = ModelRef("DripNet", paper="https://arxiv.org/abs/2101.00001")
PAPER = PaperRef("Occ$^2$ Rain", github="https://example.org/rain", summary="It “works”.")
WORKFLOW = Workflow("A rainy image", "DripNet", "A dry image")
PROMPT = PromptSpec(QUESTION, (MODEL, ModelRef("Parasol")), (PAPER,))
ANSWER = Answer(QUESTION, "Deraining", WORKFLOW, (MODEL,), ("One note.", "Another."))

VALUES: list[Any] = [QUESTION, MODEL, PAPER, WORKFLOW, PROMPT, ANSWER]
CLASSES = [type(value) for value in VALUES]

EACH_VALUE = pytest.mark.parametrize("value", VALUES, ids=lambda value: type(value).__name__)
EACH_CLASS = pytest.mark.parametrize("kind", CLASSES)
EACH_FIELD = pytest.mark.parametrize(
    ("value", "name"),
    [(value, field.name) for value in VALUES for field in attrs.fields(type(value))],
    ids=lambda part: part if isinstance(part, str) else type(part).__name__,
)


def pickled(protocol: int) -> Callable[[object], object]:
    return lambda value: pickle.loads(pickle.dumps(value, protocol))


COPIES: dict[str, Callable[[Any], object]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "evolve": attrs.evolve,
    **{f"pickle-{n}": pickled(n) for n in range(2, pickle.HIGHEST_PROTOCOL + 1)},
}


class TestEveryValue:
    @EACH_FIELD
    def test_no_field_can_be_set_or_deleted(self, value: object, name: str) -> None:
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, name, getattr(value, name))
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            delattr(value, name)

    @EACH_VALUE
    def test_it_has_slots_and_room_for_nothing_else(self, value: object) -> None:
        assert not hasattr(value, "__dict__")

    @EACH_VALUE
    @pytest.mark.parametrize("way", COPIES)
    def test_a_copy_is_equal_and_has_the_same_hash(self, value: object, way: str) -> None:
        copied = COPIES[way](value)
        assert type(copied) is type(value)
        assert copied == value
        assert hash(copied) == hash(value)

    @EACH_FIELD
    def test_another_field_makes_it_another_value(self, value: Any, name: str) -> None:
        held = getattr(value, name)
        others: dict[type, object] = {
            str: f"{held}!",
            type(None): "https://example.org",
            tuple: held[1:] if isinstance(held, tuple) and held else (),
            Question: Question("Another?"),
            Workflow: Workflow("a", "b", "c"),
        }
        changed = attrs.evolve(value, **{name: others[type(held)]})
        assert changed != value
        assert len({changed, value}) == 2
        assert attrs.evolve(changed, **{name: held}) == value

    @EACH_VALUE
    def test_its_repr_is_the_call_that_makes_it(self, value: object) -> None:
        names = {kind.__name__: kind for kind in CLASSES}
        assert eval(repr(value), names) == value


class TestDefaults:
    """Only the name is needed of what a file may leave out."""

    @pytest.mark.parametrize(
        ("short", "full"),
        [
            (ModelRef("Rain"), ModelRef("Rain", None, None)),
            (PaperRef("Rain"), PaperRef("Rain", None, None, None)),
            (PromptSpec(QUESTION), PromptSpec(QUESTION, (), ())),
            (Answer(QUESTION, "t", WORKFLOW), Answer(QUESTION, "t", WORKFLOW, (), ())),
        ],
    )
    def test_the_rest_is_none_or_empty(self, short: object, full: object) -> None:
        assert short == full


def by_position(value: object) -> object:
    match value:
        case PromptSpec(
            Question(text), (ModelRef(name, link), *_), (PaperRef(title, None, code, summary),)
        ):
            return text, name, link, title, code, summary
        case _:
            return None


def by_name(value: object) -> object:
    match value:
        case Answer(task=task, workflow=Workflow(output=output), notes=(*_, last)):
            return task, output, last
        case _:
            return None


class TestMatch:
    def test_fields_match_by_position(self) -> None:
        assert by_position(ANSWER) is None
        assert by_position(PROMPT) == (
            "Which model removes rain?",
            "DripNet",
            "https://arxiv.org/abs/2101.00001",
            "Occ$^2$ Rain",
            "https://example.org/rain",
            "It “works”.",
        )

    def test_fields_match_by_name(self) -> None:
        assert by_name(PROMPT) is None
        assert by_name(ANSWER) == ("Deraining", "A dry image", "Another.")

    @EACH_CLASS
    def test_positions_are_in_the_order_of_the_constructor(self, kind: Any) -> None:
        assert kind.__match_args__ == tuple(field.name for field in attrs.fields(kind))


@attrs.frozen
class Asked(Question):
    """A value of the user's own, with more fields."""

    by: str = "somebody"


@attrs.frozen
class Rated(ModelRef):
    stars: int = 0


class Loud(str):
    __slots__ = ()


class TestRefusals:
    """A field of the wrong type is a TypeError naming class, field and what stood there."""

    @pytest.mark.parametrize(
        ("value", "name", "wrong", "message"),
        [
            # texts
            (QUESTION, "text", 7, "Question.text must be str, not int (7)"),
            (QUESTION, "text", True, "Question.text must be str, not bool (True)"),
            (QUESTION, "text", None, "Question.text must be str, not NoneType (None)"),
            (QUESTION, "text", b"?", "Question.text must be str, not bytes (b'?')"),
            (MODEL, "name", None, "ModelRef.name must be str, not NoneType (None)"),
            (PAPER, "title", 1.5, "PaperRef.title must be str, not float (1.5)"),
            (WORKFLOW, "input", [], "Workflow.input must be str, not list ([])"),
            (WORKFLOW, "model", None, "Workflow.model must be str, not NoneType (None)"),
            (
                ANSWER,
                "task",
                QUESTION,
                "Answer.task must be str, not Question (Question(text...emoves rain?'))",
            ),
            # texts that may be missing
            (MODEL, "paper", 7, "ModelRef.paper must be str or None, not int (7)"),
            (MODEL, "github", False, "ModelRef.github must be str or None, not bool (False)"),
            (
                PAPER,
                "summary",
                ["Dry."],
                "PaperRef.summary must be str or None, not list (['Dry.'])",
            ),
            # values
            (PROMPT, "question", "Why?", "PromptSpec.question must be Question, not str ('Why?')"),
            (ANSWER, "question", None, "Answer.question must be Question, not NoneType (None)"),
            (
                ANSWER,
                "workflow",
                ("a", "b"),
                "Answer.workflow must be Workflow, not tuple (('a', 'b'))",
            ),
            # tuples
            (PROMPT, "models", [], "PromptSpec.models must be a tuple of ModelRef, not list ([])"),
            (
                PROMPT,
                "papers",
                None,
                "PromptSpec.papers must be a tuple of PaperRef, not NoneType (None)",
            ),
            (
                ANSWER,
                "references",
                "Rain",
                "Answer.references must be a tuple of ModelRef, not str ('Rain')",
            ),
            (ANSWER, "notes", "Note.", "Answer.notes must be a tuple of str, not str ('Note.')"),
            # what tuples hold
            (
                PROMPT,
                "models",
                (MODEL, "Rain"),
                "PromptSpec.models[1] must be ModelRef, not str ('Rain')",
            ),
            (
                PROMPT,
                "papers",
                (PAPER, PAPER, 3),
                "PromptSpec.papers[2] must be PaperRef, not int (3)",
            ),
            (
                ANSWER,
                "references",
                (None,),
                "Answer.references[0] must be ModelRef, not NoneType (None)",
            ),
            (ANSWER, "notes", ("One.", 2), "Answer.notes[1] must be str, not int (2)"),
        ],
    )
    def test_the_complete_message(self, value: Any, name: str, wrong: object, message: str) -> None:
        with pytest.raises(TypeError) as caught:
            attrs.evolve(value, **{name: wrong})
        assert str(caught.value) == message

    @EACH_FIELD
    @pytest.mark.parametrize("wrong", [object(), 1, b"bytes", [], {}, (None,)])
    def test_no_field_of_any_class_lets_a_wrong_type_in(
        self, value: Any, name: str, wrong: object
    ) -> None:
        with pytest.raises(TypeError) as caught:
            attrs.evolve(value, **{name: wrong})
        assert str(caught.value).startswith(f"{type(value).__name__}.{name}")

    @EACH_FIELD
    def test_none_stands_only_for_a_link_or_a_summary(self, value: Any, name: str) -> None:
        if name in {"paper", "github", "summary"}:
            assert getattr(attrs.evolve(value, **{name: None}), name) is None
        else:
            with pytest.raises(TypeError, match=rf"\.{name} must be .*, not NoneType \(None\)$"):
                attrs.evolve(value, **{name: None})

    @pytest.mark.parametrize(
        ("value", "name", "wrong", "message"),
        [
            (PROMPT, "question", Asked("?"), "PromptSpec.question must be Question, not Asked"),
            (
                PROMPT,
                "models",
                (MODEL, Rated("A")),
                "PromptSpec.models[1] must be ModelRef, not Rated",
            ),
            (ANSWER, "question", Asked("?"), "Answer.question must be Question, not Asked"),
            (
                ANSWER,
                "references",
                (Rated("A"),),
                "Answer.references[0] must be ModelRef, not Rated",
            ),
        ],
    )
    def test_a_subclass_of_a_value_is_refused(
        self, value: Any, name: str, wrong: object, message: str
    ) -> None:
        """What it has more than its class would get lost wherever the value is written."""
        with pytest.raises(TypeError) as caught:
            attrs.evolve(value, **{name: wrong})
        shown = reprlib.repr(wrong[-1] if isinstance(wrong, tuple) else wrong)
        assert str(caught.value) == f"{message} ({shown})"

    def test_a_subclass_of_a_value_is_a_value_by_itself(self) -> None:
        assert Rated("A", stars=3).name == "A"
        with pytest.raises(TypeError, match=r"^Rated\.name must be str, not int \(3\)$"):
            Rated(3)  # type: ignore[arg-type]

    @EACH_FIELD
    def test_a_subclass_of_str_is_text(self, value: Any, name: str) -> None:
        held = getattr(value, name)
        if isinstance(held, str):
            assert attrs.evolve(value, **{name: Loud(held)}) == value
        elif name == "notes":
            assert attrs.evolve(value, **{name: tuple(map(Loud, held))}) == value

    @pytest.mark.parametrize("wrong", [["x" * 2_000] * 2_000, b"x" * 2_000, 10**3_000])
    def test_the_message_stays_short_whatever_stood_there(self, wrong: Any) -> None:
        with pytest.raises(TypeError) as caught:
            Question(wrong)
        assert len(str(caught.value)) < 300

    def test_what_cannot_be_shown_is_left_out(self) -> None:
        wrong: Any = 10**5_000  # Python refuses to print so large a number
        with pytest.raises(TypeError) as caught:
            Question(wrong)
        assert str(caught.value) == "Question.text must be str, not int"


class TestRepr:
    """A repr fits on a screen, however long the texts are."""

    def test_the_beginning_of_a_long_text_and_how_much_follows(self) -> None:
        paper = PaperRef("On rain", summary="Rain falls. " * 200)
        assert repr(paper) == (
            "PaperRef(title='On rain', paper=None, github=None, summary='Rain falls. Rain falls."
            " Rain falls. Rain falls. Rain falls. Rain falls. Rain fal'… (+2,320 characters))"
        )

    @pytest.mark.parametrize(("length", "shown"), [(80, 80), (81, 80)])
    def test_eighty_characters_are_shown(self, length: int, shown: int) -> None:
        assert repr(Question("~" * length)).count("~") == shown

    @EACH_FIELD
    def test_no_text_makes_it_long(self, value: Any, name: str) -> None:
        held = getattr(value, name)
        if isinstance(held, str) or held is None:
            long = attrs.evolve(value, **{name: "word\n" * 100_000})
            assert len(repr(long)) < len(repr(value)) + 150
            assert "\n" not in repr(long)

    def test_no_note_makes_it_long(self) -> None:
        assert len(repr(attrs.evolve(ANSWER, notes=("word " * 400,)))) < 500


LINKS = st.none() | st.text(min_size=1, max_size=5)
TEXTS = st.text(max_size=5)
# The fields of each class that the exact reader builds.
FIELDS: dict[type, st.SearchStrategy[tuple[Any, ...]]] = {
    Question: st.tuples(TEXTS),
    ModelRef: st.tuples(TEXTS, LINKS, LINKS),
    PaperRef: st.tuples(TEXTS, LINKS, LINKS, LINKS),
    PromptSpec: HOSTILE.prompts.map(lambda value: (value.question, value.models, value.papers)),
    Answer: HOSTILE.answers.map(
        lambda value: (value.question, value.task, value.workflow, value.references, value.notes)
    ),
}


class TestUnchecked:
    """The short way to a value gives what the constructor gives."""

    @pytest.mark.parametrize("kind", FIELDS)
    @given(data=st.data())
    def test_it_is_the_same_value_in_every_respect(self, kind: Any, data: st.DataObject) -> None:
        fields = data.draw(FIELDS[kind])
        checked = kind(*fields)
        quick = unchecked(kind)(*fields)
        assert type(quick) is kind
        assert quick == checked
        assert hash(quick) == hash(checked)
        assert repr(quick) == repr(checked)
        assert quick.__sizeof__() == checked.__sizeof__()
        assert pickle.dumps(quick) == pickle.dumps(checked)
        for name in kind.__match_args__:
            assert getattr(quick, name) is getattr(checked, name)

    @pytest.mark.parametrize("kind", FIELDS)
    @given(data=st.data())
    def test_it_is_as_frozen(self, kind: Any, data: st.DataObject) -> None:
        quick = unchecked(kind)(*data.draw(FIELDS[kind]))
        for name in (*kind.__match_args__, "anything"):
            with pytest.raises(attrs.exceptions.FrozenInstanceError):
                setattr(quick, name, "")
        assert not hasattr(quick, "__dict__")

    @pytest.mark.parametrize(
        ("kind", "value"),
        [(ModelRef, ModelRef("Rain", None, None)), (PaperRef, PaperRef("Rain", None, None, None))],
    )
    def test_an_empty_link_is_a_missing_one(self, kind: type, value: object) -> None:
        missing = [""] * (len(attrs.fields(kind)) - 1)
        assert unchecked(kind)("Rain", *missing) == value
