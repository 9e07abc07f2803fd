"""What differs from the answer that follows from a prompt is told field by field."""

from __future__ import annotations

import pickle
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, fields
from hypothesis import assume, given
from hypothesis import strategies as st

import cnaps
from cnaps import Answer, Change, ModelRef, Question, Span, diff_answer
from tests import strategies as some
from tests.samples import ANSWERS, PROMPT

if TYPE_CHECKING:
    from pathlib import Path

    from cnaps import PromptSpec

ANSWER = ANSWERS["answer-2"]
MODEL, PAPER, SNOW = ANSWER.references
NEW = ModelRef("Fog", "https://arxiv.org/abs/2101.00003")

DIALECTS = st.sampled_from(["answer-1", "answer-2"])


def with_references(*references: ModelRef) -> Answer:
    return evolve(ANSWER, references=references)


EDITS: list[tuple[Answer, list[tuple[str, Any, Any]]]] = [
    (ANSWER, []),
    (
        evolve(ANSWER, question=Question("Why?")),
        [("question.text", PROMPT.question.text, "Why?")],
    ),
    (evolve(ANSWER, task="Deraining"), [("task", ANSWER.task, "Deraining")]),
    (
        evolve(ANSWER, workflow=evolve(ANSWER.workflow, model="magic")),
        [("workflow.model", ANSWER.workflow.model, "magic")],
    ),
    (evolve(ANSWER, notes=ANSWER.notes[1:]), [("notes[0]", ANSWER.notes[0], None)]),
    (evolve(ANSWER, notes=(*ANSWER.notes, "Hi.")), [("notes[2]", None, "Hi.")]),
    (
        evolve(ANSWER, notes=(ANSWER.notes[0], "Hi.")),
        [("notes[1]", ANSWER.notes[1], "Hi.")],
    ),
    (
        with_references(MODEL, evolve(PAPER, paper="https://example.org"), SNOW),
        [("references[1].paper", PAPER.paper, "https://example.org")],
    ),
    (
        with_references(evolve(MODEL, github=None), PAPER, SNOW),
        [("references[0].github", MODEL.github, None)],
    ),
    (
        with_references(MODEL, PAPER, evolve(SNOW, name="Sleet")),
        [("references[2].name", SNOW.name, "Sleet")],
    ),
    (with_references(PAPER, SNOW), [("references[0]", MODEL, None)]),
    (with_references(MODEL, SNOW), [("references[1]", PAPER, None)]),
    (with_references(MODEL, NEW, PAPER, SNOW), [("references[1]", None, NEW)]),
    (with_references(), [(f"references[{n}]", r, None) for n, r in enumerate(ANSWER.references)]),
    # Each by its own: the name, the paper or the repository is what remains.
    (
        with_references(evolve(PAPER, paper=None), evolve(SNOW, name="Sleet"), NEW),
        [
            ("references[0]", MODEL, None),
            ("references[0].paper", PAPER.paper, None),
            ("references[1].name", SNOW.name, "Sleet"),
            ("references[2]", None, NEW),
        ],
    ),
    (
        with_references(evolve(SNOW, name="Sleet", paper=None)),
        [
            ("references[0]", MODEL, None),
            ("references[1]", PAPER, None),
            ("references[0].name", SNOW.name, "Sleet"),
            ("references[0].paper", SNOW.paper, None),
        ],
    ),
    # Moved.
    (
        with_references(SNOW, MODEL, PAPER),
        [("references[0]", None, SNOW), ("references[2]", SNOW, None)],
    ),
    # Where two changed places, neither is the other one with all of its fields changed.
    (
        with_references(SNOW, PAPER, MODEL),
        [
            ("references[0]", None, SNOW),
            ("references[1]", None, PAPER),
            ("references[1]", PAPER, None),
            ("references[2]", SNOW, None),
        ],
    ),
    # Nothing tells what became of what.
    (
        with_references(MODEL, NEW),
        [
            ("references[1]", PAPER, None),
            ("references[2]", SNOW, None),
            ("references[1]", None, NEW),
        ],
    ),
]


@pytest.mark.parametrize(("answer", "expected"), EDITS)
class TestWhatDiffers:
    def test_of_values(self, answer: Answer, expected: list[tuple[str, Any, Any]]) -> None:
        changes = diff_answer(PROMPT, answer)
        assert [(c.path, c.expected, c.found) for c in changes] == expected
        assert all(change.span is None for change in changes)

    def test_of_files(self, answer: Answer, expected: list[tuple[str, Any, Any]]) -> None:
        doc = cnaps.parse(cnaps.render(answer))
        changes = diff_answer(PROMPT, doc)
        assert [(c.path, c.expected, c.found) for c in changes] == expected
        for change in changes:
            assert change.span is not None
            shown = change.span.of(doc.text)
            if isinstance(change.found, ModelRef):
                assert shown.startswith(f"- **Model**: {change.found.name}\n")
            elif change.found is not None:
                assert shown == change.found
            elif change.path.endswith("]"):  # it would stand there
                assert shown == ""
            else:
                assert shown == "None"


class TestPlaces:
    """The spans of what is missing, and of what a file has no text for."""

    @pytest.mark.parametrize(
        ("references", "behind"),
        [
            ([PAPER, SNOW], "Referenced Models and Tools\n\n"),
            ([MODEL, SNOW], "https://github.com/example/derain\n"),
            ([MODEL, PAPER], "GitHub: None\n"),
            ([], "Referenced Models and Tools\n"),
        ],
    )
    def test_a_missing_reference(self, references: list[ModelRef], behind: str) -> None:
        doc = cnaps.parse(cnaps.render(with_references(*references)))
        start, end = diff_answer(PROMPT, doc)[0].span or (0, 1)
        assert start == end
        assert doc.text[:start].endswith(behind)

    def test_a_line_that_is_not_there_is_shown_by_its_entry(self) -> None:
        text = cnaps.render(ANSWER).replace("  - Paper: https://arxiv.org/abs/2101.00001v2\n", "")
        (change,) = diff_answer(PROMPT, text)
        assert (change.path, change.found) == ("references[1].paper", None)
        assert change.span is not None
        assert change.span.of(text) == f"- **Model**: {PAPER.name}\n  - GitHub: None\n"

    @pytest.mark.parametrize(
        ("gone", "paths", "behind"),
        [
            (r"(?s)\A.*?(?=\n---\n)", ["question.text"], ""),
            (r'(?s)".*?(?=\n---\n)', ["question.text"], "**User Question:**  \n"),
            (r"The user is .*", ["task"], "---\n\n"),
            (r"(?s)### 1.*?(?=\n---\n)", ["task"], "---\n\n\n---\n\n"),
            (
                r"(?s)### 2.*?(?=\n---\n)",
                ["workflow.input", "workflow.model", "workflow.output"],
                "---\n\n\n---\n\n",
            ),
            (r"- \*\*Output.*\n", ["workflow.output"], None),
        ],
    )
    def test_a_part_that_is_not_there(
        self, gone: str, paths: list[str], behind: str | None
    ) -> None:
        text = re.sub(gone, "", cnaps.render(ANSWER))
        changes = diff_answer(PROMPT, text)
        assert [change.path for change in changes] == paths
        for change in changes:
            start, end = change.span or (-1, -1)
            assert change.found == ""
            if behind is None:
                assert text[start:end].startswith("- **Input**: ")
            else:
                assert start == end
                assert text[:start].endswith(behind)

    def test_damage_and_line_ends_make_no_difference(self) -> None:
        text = cnaps.render(with_references(MODEL, PAPER))
        damaged = some.damaged(text.replace("\n", "\r\n"), ("sloppy-windows-1252",))
        assert diff_answer(PROMPT, damaged) == diff_answer(PROMPT, text)


class TestDialects:
    @pytest.mark.parametrize("name", ANSWERS)
    def test_that_of_the_file_is_expected(self, name: str) -> None:
        assert diff_answer(PROMPT, cnaps.render(ANSWERS[name], name)) == ()

    @pytest.mark.parametrize("name", ANSWERS)
    def test_for_a_value_the_one_it_differs_least_from(self, name: str) -> None:
        edited = evolve(ANSWERS[name], task="Deraining")
        assert [change.path for change in diff_answer(PROMPT, edited)] == ["task"]

    def test_of_several_the_newest(self) -> None:
        empty = evolve(ANSWER, task="", workflow=cnaps.Workflow("", "", ""), notes=())
        assert diff_answer(PROMPT, empty) == diff_answer(PROMPT, empty, dialect="answer-2")

    def test_it_can_be_named(self) -> None:
        changes = diff_answer(PROMPT, cnaps.render(ANSWER), dialect="answer-1")
        assert {change.path.partition(".")[0] for change in changes} == {
            *("task", "workflow", "notes[0]", "notes[1]")
        }

    @pytest.mark.parametrize("name", ["answer-3", "prompt-1"])
    def test_it_must_be_one_for_answers(self, name: str) -> None:
        with pytest.raises(ValueError, match=name):
            diff_answer(PROMPT, ANSWER, dialect=name)


class TestArguments:
    def test_documents_values_text_and_paths_are_taken(self, tmp_path: Path) -> None:
        edited = with_references(MODEL, PAPER)
        texts = cnaps.render(PROMPT), cnaps.render(edited)
        paths = tmp_path / "prompt.txt", tmp_path / "answer.txt"
        for path, text in zip(paths, texts, strict=True):
            path.write_text(text, encoding="utf-8", newline="")
        expected = diff_answer(PROMPT, cnaps.parse(texts[1]))
        for prompt in (PROMPT, cnaps.parse(texts[0]), texts[0], paths[0]):
            for answer in (cnaps.parse(texts[1]), texts[1], paths[1]):
                assert diff_answer(prompt, answer) == expected

    def test_a_str_is_never_a_path(self) -> None:
        for name, arguments in {
            "a prompt": ("docs/examples/rain/prompt.txt", ANSWER),
            "an answer": (PROMPT, "docs/examples/rain/answer.txt"),
        }.items():
            with pytest.raises(cnaps.ParseError) as caught:
                diff_answer(*arguments)  # type: ignore[arg-type]
            hint = f"a str is the text of {name}; for a file, pass a pathlib.Path"
            assert caught.value.hint == hint

    def test_what_has_lines_is_not_mistaken_for_a_path(self) -> None:
        with pytest.raises(cnaps.ParseError) as caught:
            diff_answer("Dear all,\n", ANSWER)
        assert "pathlib" not in str(caught.value.hint)

    def test_a_file_is_named_by_errors(self, tmp_path: Path) -> None:
        path = tmp_path / "notes.txt"
        with pytest.raises(FileNotFoundError, match=r"notes\.txt"):
            diff_answer(path, ANSWER)
        path.write_text("Dear all,", encoding="utf-8")
        with pytest.raises(cnaps.ParseError, match=r"notes\.txt:1:1"):
            diff_answer(PROMPT, path)

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                (cnaps.parse(cnaps.render(ANSWER)), ANSWER),
                "the document holds an answer, and a prompt is needed",
            ),
            ((PROMPT, cnaps.render(PROMPT)), "the text holds a prompt, and an answer is needed"),
            (
                (PROMPT, cnaps.parse_response("Hello.")),
                "the document holds a response, and an answer is needed",
            ),
        ],
    )
    def test_what_holds_something_else(self, arguments: tuple[Any, Any], message: str) -> None:
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - the message is compared
            diff_answer(*arguments)
        assert str(caught.value) == message

    @pytest.mark.parametrize(
        ("arguments", "message"),
        [
            (
                (ANSWER, ANSWER),
                (
                    "a prompt is a Document, a PromptSpec, its text or the path of its file,"
                    " not Answer"
                ),
            ),
            (
                (PROMPT, None),
                (
                    "an answer is a Document, an Answer, its text or the path of its file,"
                    " not NoneType"
                ),
            ),
        ],
    )
    def test_what_is_neither(self, arguments: tuple[Any, Any], message: str) -> None:
        with pytest.raises(TypeError) as caught:
            diff_answer(*arguments)
        assert str(caught.value) == message


LONG = "We remove rain from videos of any length, and snow as well, " * 20


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (
            Change("references[1].paper", "https://a.org", None, None),
            "references[1].paper: expected 'https://a.org', found nothing",
        ),
        (
            Change("references[0]", None, MODEL, Span(3, 4)),
            "references[0]: expected nothing, found 'Derain-Net-Large'",
        ),
        (
            Change("references[0].name", "a\nb\x1b", "it's \ud800", None),
            """references[0].name: expected 'a\\nb\\x1b', found "it's \\ud800\"""",
        ),
        (
            Change("task", f"{LONG}A{LONG}", f"{LONG}B", None),
            (
                "task: expected …', and snow as well, AWe remove rain from videos of any length,"
                " and snow as well, We remove rain '…, found …', and snow as well, B'"
            ),
        ),
        (
            Change("task", LONG, "", None),
            (
                "task: expected 'We remove rain from videos of any length, and snow as well, We"
                " remove rain from videos of any le'…, found ''"
            ),
        ),
        (
            Change("notes[0]", LONG, None, None),
            (
                "notes[0]: expected 'We remove rain from videos of any length, and snow as well, We"
                " remove rain from videos of any le'…, found nothing"
            ),
        ),
    ],
)
def test_a_change_prints_as_one_line(change: Change, text: str) -> None:
    assert str(change) == text
    assert pickle.loads(pickle.dumps(change)) == change


# --- laws -----------------------------------------------------------------------------------------


def applied(expected: Answer, changes: tuple[Change, ...]) -> Answer:
    """The answer that the changes tell of, made from the expected one."""
    found: dict[str, Any] = {
        "question": expected.question,
        "task": expected.task,
        "workflow": expected.workflow,
    }
    lists: dict[str, list[Any]] = {
        "references": [*expected.references],
        "notes": [*expected.notes],
    }
    steps = [(change, *split(change.path)) for change in changes]
    for change, name, number, field in reversed(steps):
        if number is not None and not field and change.found is None:
            assert lists[name].pop(number) == change.expected
    for change, name, number, field in steps:
        if number is not None and not field and change.expected is None:
            lists[name].insert(number, change.found)
    for change, name, number, field in steps:
        if number is not None and field:
            assert getattr(lists[name][number], field) == change.expected
            lists[name][number] = evolve(lists[name][number], **{field: change.found})
        elif number is not None and None not in (change.expected, change.found):
            assert lists[name][number] == change.expected
            lists[name][number] = change.found
        elif number is None:
            found[name] = evolve(found[name], **{field: change.found}) if field else change.found
    found |= {name: tuple(items) for name, items in lists.items()}
    return Answer(**found)


def split(path: str) -> tuple[str, int | None, str]:
    """The parts of `references[1].paper`."""
    rest, _, field = path.partition(".")
    name, _, number = rest.rstrip("]").partition("[")
    return name, int(number) if number else None, field


any_answer = st.one_of(some.HOSTILE.answers, some.TAME.answers)
any_prompt = st.one_of(some.HOSTILE.prompts, some.TAME.prompts)


@st.composite
def edited_answers(draw: st.DrawFn) -> tuple[PromptSpec, str, Answer]:
    """A prompt, a dialect, and its answer after its references were cut, mixed and changed."""
    prompt, dialect = draw(some.TAME.prompts), draw(DIALECTS)
    answer = cnaps.answer_for(prompt, dialect)
    others = st.sampled_from([*answer.references, NEW])
    references = draw(st.lists(st.one_of(others, some.TAME.models), max_size=8))
    field = draw(st.sampled_from(["name", "paper", "github"]))
    if references:
        references[0] = evolve(references[0], **{field: draw(some.lines())})
    notes = draw(st.lists(st.sampled_from([*answer.notes, "Hi."]), max_size=4))
    return prompt, dialect, evolve(answer, references=tuple(references), notes=tuple(notes))


@given(any_prompt, any_answer, DIALECTS)
def test_the_changes_make_the_answer_of_the_expected_one(
    prompt: PromptSpec, answer: Answer, dialect: str
) -> None:
    expected = cnaps.answer_for(prompt, dialect)
    changes = diff_answer(prompt, answer, dialect=dialect)
    assert applied(expected, changes) == answer
    assert (changes == ()) == (answer == expected)


@given(edited_answers())
def test_and_so_they_do_for_one_that_was_edited(found: tuple[PromptSpec, str, Answer]) -> None:
    prompt, dialect, answer = found
    expected = cnaps.answer_for(prompt, dialect)
    changes = diff_answer(prompt, answer, dialect=dialect)
    assert applied(expected, changes) == answer
    assert (changes == ()) == (answer == expected)
    assert all(str(change).isprintable() for change in changes)


@given(some.TAME.prompts, DIALECTS, st.data())
def test_one_edit_is_one_change(prompt: PromptSpec, dialect: str, data: st.DataObject) -> None:
    answer = cnaps.answer_for(prompt, dialect)
    assume(answer.references)
    number = data.draw(st.integers(0, len(answer.references) - 1))
    references = [*answer.references]
    match data.draw(st.sampled_from(["take out", "put in", "change"])):
        case "take out":
            gone = references.pop(number)
            wanted: tuple[Any, Any] = gone, None
        case "put in":
            references.insert(number, NEW)
            wanted = None, NEW
        case _:
            name = data.draw(st.sampled_from([field.name for field in fields(ModelRef)]))
            wanted = getattr(references[number], name), "new"
            references[number] = evolve(references[number], **{name: "new"})
    edited = evolve(answer, references=tuple(references))
    (change,) = diff_answer(prompt, edited, dialect=dialect)
    assert (change.expected, change.found) == wanted


@given(some.TAME.prompts, DIALECTS, st.data())
def test_another_order_makes_no_field_differ(
    prompt: PromptSpec, dialect: str, data: st.DataObject
) -> None:
    answer = cnaps.answer_for(prompt, dialect)
    references = data.draw(st.permutations(answer.references))
    changes = diff_answer(prompt, evolve(answer, references=tuple(references)), dialect=dialect)
    missing = Counter(change.expected for change in changes if change.found is None)
    too_many = Counter(change.found for change in changes if change.expected is None)
    assert missing == too_many
    assert missing.total() + too_many.total() == len(changes)


@given(st.one_of(some.edited_files(), some.files()), some.TAME.prompts)
def test_every_change_of_a_file_has_a_place(text: str, prompt: PromptSpec) -> None:
    try:
        doc = cnaps.parse(text)
    except cnaps.ParseError:
        assume(False)
        raise
    assume(doc.kind == "answer")
    for change in diff_answer(prompt, doc):
        start, end = change.span or (-1, -1)
        assert 0 <= start <= end <= len(doc.text)
        if isinstance(change.found, str) and change.found:
            assert doc.text[start:end] == change.found


def test_many_references_take_no_longer_than_their_number() -> None:
    references = tuple(ModelRef(f"model {number}") for number in range(20_000))
    prompt = cnaps.PromptSpec(Question("Why?"), references)
    answer = evolve(cnaps.answer_for(prompt), references=references[::-1][1::2])
    # Minutes if the time were quadratic.
    assert len(diff_answer(prompt, answer)) == 20_000 - 1 + 10_000 - 1
