"""Documents: what they tell about a file, and what can be made of them."""

from __future__ import annotations

import pickle
import stat
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import Edit, ModelRef, Question, Span
from cnaps.document import Document
from cnaps.text import Layers
from tests.samples import ANSWERS, LATER_PROMPT, PROMPT, SAMPLES
from tests.strategies import damaged, newlines

if TYPE_CHECKING:
    from pathlib import Path

TEXT = cnaps.render(PROMPT)
LATER_TEXT = cnaps.render(LATER_PROMPT, "prompt-2")
ANSWER = ANSWERS["answer-2"]
ANSWER_TEXT = cnaps.render(ANSWER)
ANSWER_1_TEXT = cnaps.render(ANSWERS["answer-1"], "answer-1")
CP1252 = ("sloppy-windows-1252",)


class TestWhatItIs:
    def test_of_an_exact_prompt(self) -> None:
        doc = cnaps.parse(TEXT.encode())
        assert (doc.kind, doc.dialect, doc.exact) == ("prompt", "prompt-1", True)
        assert doc.value == PROMPT
        assert doc.text == TEXT
        assert doc.damage == ()
        assert doc.diagnostics == ()
        assert repr(doc) == f"<Document prompt-1, {len(TEXT.encode()):,} bytes, exact>"

    def test_of_a_damaged_answer(self) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT, CP1252))
        assert (doc.kind, doc.dialect, doc.exact) == ("answer", "answer-2", True)
        assert doc.text == ANSWER_TEXT
        assert doc.damage == ("windows-1252",)
        assert "exact, damaged as windows-1252>" in repr(doc)
        (found,) = doc.diagnostics
        assert found.code == "CN001"
        assert found.message == "this UTF-8 was read as windows-1252 and saved again"

    def test_damage_of_two_kinds_is_told_in_order(self) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT, ("cp437", *CP1252)))
        assert doc.damage == ("cp437", "windows-1252")
        assert "read as cp437 and then as windows-1252 and saved" in doc.diagnostics[0].message

    def test_damage_of_a_part_is_reported_and_left_alone(self) -> None:
        prompt = evolve(PROMPT, question=Question("Why donâ€™t they?"))
        doc = cnaps.parse(cnaps.render(prompt))
        assert doc.value == prompt
        assert doc.repaired() is doc
        (found,) = doc.diagnostics
        assert found.code == "CN002"
        assert doc.span("question").start <= found.span.start < doc.span("question").end

    def test_mixed_line_ends_are_reported(self) -> None:
        doc = cnaps.parse(TEXT.replace("\n", "\r\n").replace("\r\n", "\n", 3))
        assert doc.value == PROMPT
        assert doc.layers.newline == "\r\n"
        assert [found.code for found in doc.diagnostics] == ["CN003"]

    def test_equality_is_that_of_bytes(self) -> None:
        doc = cnaps.parse(TEXT)
        assert doc == cnaps.parse(TEXT.encode())
        assert hash(doc) == hash(cnaps.parse(TEXT))
        assert doc != cnaps.parse(TEXT.replace("\n", "\r\n"))
        assert doc != TEXT

    def test_pickling(self) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT, CP1252))
        again = pickle.loads(pickle.dumps(doc))
        assert again == doc
        assert again.value == doc.value
        assert again.text == doc.text

    def test_nothing_can_be_assigned(self) -> None:
        doc = cnaps.parse(TEXT)
        for name in ("value", "text", "dialect", "kind", "exact", "canonical", "damage", "other"):
            with pytest.raises(AttributeError):
                setattr(doc, name, None)

    def test_only_bytes_and_text_are_parsed(self) -> None:
        with pytest.raises(TypeError, match=r"^cnaps parses bytes or str, not list$"):
            cnaps.parse([TEXT])  # type: ignore[arg-type]


# A canonical file, what is replaced in it by what, and whether it is then canonical and exact.
SPELLINGS: list[tuple[str, str, str, bool, bool]] = [
    (TEXT, "", "", True, True),
    (TEXT, "Paper: None\n", "Paper: none\n", False, True),
    (TEXT, "Paper: None\n", "Paper: N/A\n", False, True),
    (TEXT, "Paper: None\n", "Paper: Nonesuch\n", True, True),
    (TEXT, "Paper: None\n", "Paper: None.\n", True, True),
    (TEXT, "2101.00001v2\n", "2101.00001v2\nGitHub: None\n", False, True),
    (TEXT, "2101.00001v2\n", "2101.00001v2\nGitHub: n/a\n", False, True),
    (TEXT, "2101.00001v2\n", "2101.00001v2\nGitHub: Not yet\n", True, True),
    (TEXT, "Model: Snow∗\n", "Model: None\n", True, True),
    (TEXT, "slowly.\n", "slowly.\nOr not.\n", True, False),
    (TEXT, "slowly.\n", "slowly. \n", False, False),
    (TEXT, "\n", "\r\n", False, True),
    (TEXT, "You", "\ufeffYou", False, True),
    (ANSWER_TEXT, "", "", True, True),
    (ANSWER_TEXT, "Paper: None\n", "Paper: N/A\n", False, True),
    (ANSWER_TEXT, "GitHub: None\n", "GitHub: N/A\n", False, True),
    (ANSWER_TEXT, "entirely based", "based", True, False),
    (ANSWER_TEXT, "how the provided", "why the provided", True, False),
    (ANSWER_1_TEXT, "", "", True, True),
    (ANSWER_1_TEXT, "Paper: None\n", "Paper: N/A\n", False, True),
    (ANSWER_1_TEXT, "GitHub: N/A\n", "GitHub: None\n", False, True),
]


class TestSpellings:
    @pytest.mark.parametrize("case", SPELLINGS, ids=range(len(SPELLINGS)))
    def test_which_are_canonical(self, case: tuple[str, str, str, bool, bool]) -> None:
        text, old, new, canonical, exact = case
        assert old in text
        doc = cnaps.parse(text.replace(old, new) if old else text)
        assert (doc.canonical, doc.exact) == (canonical, exact)
        assert doc.canonical == canonical  # also when it is asked again
        rendered = cnaps.render(doc.value, doc.dialect).encode()
        assert (rendered == doc.to_bytes()) == canonical


class TestAlmostExact:
    """Files that start and end like an exact one, and are none."""

    def test_a_hole_that_is_no_utf_8(self) -> None:
        with pytest.raises(cnaps.ParseError, match="byte 0xff at offset"):
            cnaps.parse(TEXT.encode().replace(b"Derain", b"\xff"))

    def test_wording_that_overlaps(self) -> None:
        head = TEXT[: TEXT.index("### Related Papers:")]
        doc = cnaps.parse(f"{head}### Related Papers:\nAnswer:\n")
        assert doc.value == evolve(PROMPT, papers=())
        assert not doc.exact

    def test_a_workflow_that_is_not_there_has_no_span(self) -> None:
        head, _, tail = ANSWER_TEXT.partition("- **Input**")
        doc = cnaps.parse(head + tail[tail.index("---") :])
        with pytest.raises(KeyError, match="no text for workflow"):
            doc.span("workflow")


class TestSpans:
    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (("question",), PROMPT.question.text),
            (("question", "text"), PROMPT.question.text),
            (("models", 0, "name"), "Derain-Net-Large"),
            (("models", 0, "paper"), "None"),
            (("models", 0, "github"), "https://github.com/example/derain"),
            (("papers", 1, "title"), "Snow∗"),
            (("papers", -1, "summary"), "Snow falls – slowly."),
        ],
    )
    def test_of_a_field_in_a_prompt(self, path: tuple[str | int, ...], text: str) -> None:
        doc = cnaps.parse(TEXT)
        assert doc.span(*path).of(doc.text) == text

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (("task",), ANSWER.task),
            (("workflow", "model"), ANSWER.workflow.model),
            (("references", 2, "name"), "Snow∗"),
            (("references", 1, "github"), "None"),
            (("notes", 1), ANSWER.notes[1]),
        ],
    )
    def test_of_a_field_in_an_answer(self, path: tuple[str | int, ...], text: str) -> None:
        doc = cnaps.parse(ANSWER_TEXT)
        assert doc.span(*path).of(doc.text) == text

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (("models", 1, "name"), "Snow∗, $\\alpha$ *and* ice"),
            (("models", 2), "- **Hail**\n  Paper: None\n"),
        ],
    )
    def test_of_a_field_in_a_later_prompt(self, path: tuple[str | int, ...], text: str) -> None:
        doc = cnaps.parse(LATER_TEXT)
        assert doc.span(*path).of(doc.text) == text

    def test_of_a_question_that_stands_twice_is_where_it_stands_first(self) -> None:
        doc = cnaps.parse(LATER_TEXT)
        assert doc.text.count(LATER_PROMPT.question.text) == 2
        assert doc.span("question").start == doc.text.index(LATER_PROMPT.question.text)
        assert doc.span("question", "text") == doc.span("question")

    def test_of_papers_in_a_dialect_without_any(self) -> None:
        with pytest.raises(KeyError, match="this prompt has no text for papers"):
            cnaps.parse(LATER_TEXT).span("papers")

    def test_of_an_entry_is_all_of_its_lines(self) -> None:
        doc = cnaps.parse(TEXT)
        lines = doc.span("models", 0).of(doc.text).splitlines()
        assert lines == [
            "Model: Derain-Net-Large",
            "Paper: None",
            "GitHub: https://github.com/example/derain",
        ]

    def test_of_a_part_is_from_its_first_to_its_last_line(self) -> None:
        doc = cnaps.parse(TEXT)
        assert doc.span("papers") == Span(doc.span("papers", 0).start, doc.span("papers", 1).end)
        answer = cnaps.parse(ANSWER_TEXT)
        assert answer.span("workflow").of(answer.text).startswith("- **Input**: ")

    @pytest.mark.parametrize(
        "path",
        [
            ("papers", 0, "github"),
            ("papers", 2),
            ("papers", 2, "title"),
            ("papers", 0, "name"),
            ("task",),
            ("models", "name"),
            ("question", "text", 0),
            ("question", "title"),
            ("papers", -3),
            (),
        ],
    )
    def test_of_what_is_not_there(self, path: tuple[str | int, ...]) -> None:
        with pytest.raises(KeyError, match=r"this prompt has no text for"):
            cnaps.parse(TEXT).span(*path)

    def test_a_place_outside_of_the_text_is_refused(self) -> None:
        doc = cnaps.parse(TEXT)
        assert doc.location(len(TEXT)).column == 1
        for offset in (-1, len(TEXT) + 1):
            with pytest.raises(ValueError, match=f"^{offset} is outside of the text, which has "):
                doc.location(offset)

    def test_refer_to_text_without_damage_and_line_ends(self) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT.replace("\n", "\r\n"), CP1252))
        assert doc.span("references", 2, "name").of(doc.text) == "Snow∗"
        assert doc.location(doc.span("references", 0, "name").start) == (24, 14)


class TestEdits:
    def test_the_same_value_gives_the_same_document(self) -> None:
        doc = cnaps.parse(TEXT)
        assert doc.with_value(evolve(PROMPT)) is doc

    def test_a_new_link_changes_one_line(self) -> None:
        doc = cnaps.parse(TEXT)
        model = evolve(PROMPT.models[0], paper="https://arxiv.org/abs/2101.00003")
        edited = doc.with_value(evolve(PROMPT, models=(model,)))
        assert edited.text == TEXT.replace("Paper: None", f"Paper: {model.paper}")

    def test_a_link_taken_away_is_a_line_less_or_a_word(self) -> None:
        doc = cnaps.parse(TEXT)
        model = evolve(PROMPT.models[0], github=None)
        edited = doc.with_value(evolve(PROMPT, models=(model,)))
        assert edited.text == TEXT.replace("GitHub: https://github.com/example/derain\n", "")
        answer = cnaps.parse(ANSWER_TEXT)
        edited = answer.with_value(evolve(ANSWER, references=(model, *ANSWER.references[1:])))
        assert edited.text == ANSWER_TEXT.replace(
            "GitHub: https://github.com/example/derain", "GitHub: None"
        )

    @pytest.mark.parametrize("keep", [(), (0,), (1,), (0, 1), (1, 0)])
    def test_papers_come_and_go_as_rendered(self, keep: tuple[int, ...]) -> None:
        """Edits of an exact file leave an exact file, whichever entries change."""
        new = cnaps.PaperRef("Hail", None, "https://github.com/example/hail", "It hails.")
        for at in range(len(keep) + 1):
            kept = [PROMPT.papers[number] for number in keep]
            for papers in (kept, [*kept[:at], new, *kept[at:]], [*kept[:at], new, *kept[at + 1 :]]):
                value = evolve(PROMPT, papers=tuple(papers))
                edited = cnaps.parse(TEXT).with_value(value)
                assert edited.text == cnaps.render(value)
                assert edited.with_value(PROMPT).to_bytes() == TEXT.encode()

    def test_a_question_that_stands_twice_changes_twice(self) -> None:
        question = Question("Who\ntakes the snow?")
        edited = cnaps.parse(LATER_TEXT).with_value(evolve(LATER_PROMPT, question=question))
        assert edited.text == LATER_TEXT.replace(LATER_PROMPT.question.text, question.text)
        assert edited.exact

    @pytest.mark.parametrize("keep", [(), (0,), (1,), (2, 0), (0, 1, 2), (2, 1, 0)])
    def test_models_of_a_later_prompt_come_and_go_as_rendered(self, keep: tuple[int, ...]) -> None:
        new = ModelRef("Sleet", None, "https://github.com/example/sleet")
        for at in range(len(keep) + 1):
            kept = [LATER_PROMPT.models[number] for number in keep]
            for models in (kept, [*kept[:at], new, *kept[at:]], [*kept[:at], new, *kept[at + 1 :]]):
                value = evolve(LATER_PROMPT, models=tuple(models))
                edited = cnaps.parse(LATER_TEXT).with_value(value)
                assert edited.text == cnaps.render(value, "prompt-2")
                assert edited.with_value(LATER_PROMPT).to_bytes() == LATER_TEXT.encode()

    @pytest.mark.parametrize("dialect", ANSWERS)
    @pytest.mark.parametrize("names", [(), ("A",), ("A", "B", "C", "D")])
    @pytest.mark.parametrize("notes", [(), ("One.",), ("One.", "Two.", "Three.")])
    def test_answers_change_as_rendered(
        self, dialect: str, names: tuple[str, ...], notes: tuple[str, ...]
    ) -> None:
        answer = ANSWERS[dialect]
        doc = cnaps.parse(cnaps.render(answer, dialect))
        references = tuple(ModelRef(name) for name in names)
        for task in ("", "Something else."):
            value = evolve(answer, task=task, references=references, notes=notes)
            edited = doc.with_value(value)
            assert edited.text == cnaps.render(value, dialect)
            assert edited.with_value(answer).value == answer

    @pytest.mark.parametrize(
        "notes", [("Uno.", "Two.", "Tres."), ("Three.",), ("One.",), ("One.", "Three.")]
    )
    def test_only_the_notes_that_change_are_touched(self, notes: tuple[str, ...]) -> None:
        before = evolve(ANSWER, notes=("One.", "Two.", "Three."))
        after = evolve(ANSWER, notes=notes)
        doc = cnaps.parse(cnaps.render(before)).with_value(after)
        assert doc.text == cnaps.render(after)

    def test_a_damaged_file_stays_damaged(self) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT, CP1252))
        value = evolve(ANSWER, question=Question("Naïve “rain” → why?"))
        edited = doc.with_value(value)
        assert edited.damage == doc.damage
        assert edited.to_bytes() == damaged(cnaps.render(value), CP1252).encode()

    @pytest.mark.parametrize("newline", ["\r\n", "\r"])
    def test_new_lines_end_as_the_file_does(self, newline: str) -> None:
        doc = cnaps.parse(TEXT.replace("\n", newline))
        value = evolve(PROMPT, question=Question("One\ntwo\nthree?"), models=())
        assert doc.with_value(value).to_bytes() == (
            cnaps.render(value).replace("\n", newline).encode()
        )

    def test_in_a_file_of_mixed_line_ends_the_others_stay(self) -> None:
        mixed = TEXT.replace("\n", "\r\n").replace("\r\n", "\n", 2).replace("\r\n\r\n", "\r\n\n")
        value = evolve(PROMPT, question=Question("One\ntwo?"))
        edited = cnaps.parse(mixed).with_value(value)
        assert (
            edited.to_bytes()
            == (
                mixed.replace('Which "net" takes rain out of a video,\r\nand how?', "One\r\ntwo?")
            ).encode()
        )

    def test_fields_that_were_left_out_are_put_in(self) -> None:
        doc = cnaps.parse(
            TEXT.replace("Paper: None\n", "").replace("Summary: Snow", "summary:Snow")
        )
        model = evolve(PROMPT.models[0], paper="https://arxiv.org/abs/2101.00003")
        paper = evolve(PROMPT.papers[1], summary="Other.")
        edited = doc.with_value(evolve(PROMPT, models=(model,), papers=(PROMPT.papers[0], paper)))
        assert "Large\nPaper: https://arxiv.org/abs/2101.00003\nGitHub" in edited.text
        assert "\nsummary: Other.\n" in edited.text

    @pytest.mark.parametrize("dialect", SAMPLES)
    def test_a_question_is_put_in_between_its_quotes(self, dialect: str) -> None:
        value = SAMPLES[dialect]
        without = evolve(value, question=Question(""))
        edited = cnaps.parse(cnaps.render(without, dialect)).with_value(value)
        assert edited.text == cnaps.render(value, dialect)
        assert edited.with_value(without).text == cnaps.render(without, dialect)

    def test_parts_that_were_left_out_are_put_in_with_their_wording(self) -> None:
        head, _, tail = TEXT.partition("### Related Papers:\n")
        doc = cnaps.parse(head + tail[tail.index("\nAnswer:") :])
        assert doc.with_value(PROMPT).text.count("### Related Papers:\n") == 1
        assert doc.with_value(PROMPT).value == PROMPT

    def test_text_in_the_way_is_an_error_that_says_so(self) -> None:
        """With the items gone, the remark below the heading would read as a closing line."""
        doc = cnaps.parse(ANSWER_TEXT.replace("Tools\n\n- ", "Tools\n\nThese:\n\n- "))
        with pytest.raises(cnaps.RenderError) as caught:
            doc.with_value(evolve(ANSWER, references=()))
        assert str(caught.value) == (
            "notes does not fit into answer-2: other text in this file would be read as part of it"
            "\nhint: see `diagnostics` for text that belongs to no field, or write a new file"
        )

    def test_a_second_field_in_the_way_is_named(self) -> None:
        """With the first summary gone, the second one would count."""
        doc = cnaps.parse(TEXT.replace("Summary: Snow", "Summary: Ice melts.\nSummary: Snow"))
        without = evolve(PROMPT.papers[1], summary=None)
        with pytest.raises(cnaps.RenderError) as caught:
            doc.with_value(evolve(PROMPT, papers=(PROMPT.papers[0], without)))
        assert caught.value.field == "papers[1].summary"

    def test_the_value_must_be_of_the_same_class(self) -> None:
        with pytest.raises(TypeError, match=r"^this prompt holds a PromptSpec, not Answer$"):
            cnaps.parse(TEXT).with_value(ANSWER)


def edited(text: str, edits: list[Edit]) -> str:
    """The text after edits, by the book: from the last to the first."""
    for start, end, new in reversed(edits):
        text = text[:start] + new + text[end:]
    return text


@st.composite
def texts_with_edits(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    text = draw(st.text("ab “é\n", max_size=40))
    places = sorted(draw(st.lists(st.integers(0, len(text)), max_size=6)))
    news = st.text("xy \n", max_size=4)
    return text, [Edit(a, b, draw(news)) for a, b in zip(places[::2], places[1::2], strict=False)]


class TestEditsOfTheText:
    """Edits by their place, whatever they do to the value."""

    def test_the_result_is_read(self) -> None:
        doc = cnaps.parse(TEXT)
        renamed = doc.with_edits([Edit(*doc.span("models", 0, "name"), "Derain-Net-Small")])
        assert renamed.value.models[0].name == "Derain-Net-Small"  # type: ignore[union-attr]
        assert renamed.text == TEXT.replace("Derain-Net-Large", "Derain-Net-Small")
        assert (type(renamed), renamed.exact) == (Document, True)
        assert doc.text == TEXT

    def test_a_result_that_is_no_prompt_any_more(self) -> None:
        with pytest.raises(cnaps.ParseError):
            cnaps.parse(TEXT).with_edits([Edit(0, len(TEXT), "rain")])

    def test_a_result_that_no_file_can_hold(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            cnaps.parse(TEXT).with_edits([Edit(*cnaps.parse(TEXT).span("question"), "\ud800")])

    @given(texts_with_edits(), newlines(), st.booleans(), st.sampled_from([(), CP1252]))
    def test_bytes_outside_of_them_stay(
        self, case: tuple[str, list[Edit]], newline: str, mark: bool, codecs: tuple[str, ...]
    ) -> None:
        text, edits = case
        file = "\ufeff" * mark + "“Rain” → snow\n" + text + "\n“é”"
        edits = [Edit(a + 14, b + 14, new) for a, b, new in edits]
        doc = cnaps.parse_response(damaged(file.replace("\n", newline), codecs))
        assert doc.damage == tuple(codec.removeprefix("sloppy-") for codec in codecs)
        wanted = "\ufeff" * mark + edited(doc.text, edits)
        changed = doc.with_edits(iter(edits))
        assert changed.to_bytes() == damaged(wanted.replace("\n", newline), codecs).encode()

    def test_in_a_file_of_mixed_line_ends_each_stays(self) -> None:
        doc = cnaps.parse_response("a\r\nb\nc\r\nd\re\r\n")
        assert doc.text == "a\nb\nc\nd\ne\n"
        changed = doc.with_edits([Edit(2, 3, "x\ny"), Edit(6, 7, "z")])
        assert changed.to_bytes() == b"a\r\nx\r\ny\nc\r\nz\re\r\n"

    @pytest.mark.parametrize("new", ["x\ny", "x\r\ny", "x\ry"])
    def test_new_lines_end_as_the_file_does(self, new: str) -> None:
        doc = cnaps.parse_response("a\r\nb\r\n")
        assert doc.with_edits([Edit(2, 3, new)]).to_bytes() == b"a\r\nx\r\ny\r\n"

    def test_several_can_put_in_at_one_place(self) -> None:
        doc = cnaps.parse_response("ab")
        changed = doc.with_edits([Edit(1, 1, "x"), Edit(1, 1, "y"), Edit(1, 2, "")])
        assert changed.text == "axy"

    @pytest.mark.parametrize(
        "edits",
        [
            [Edit(-1, 0, "")],
            [Edit(2, 1, "")],
            [Edit(0, 5, "")],
            [Edit(5, 5, "")],
            [Edit(0, 2, ""), Edit(1, 3, "")],
            [Edit(3, 4, ""), Edit(0, 1, "")],
        ],
    )
    def test_that_are_no_edits_of_it(self, edits: list[Edit]) -> None:
        start, end, _ = edits[-1]
        with pytest.raises(ValueError, match="the edit of") as caught:
            cnaps.parse_response("rain").with_edits(edits)
        assert str(caught.value) == (
            f"the edit of {start}:{end} is out of order, over another one, or outside of the text,"
            " which has 4 characters"
        )

    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
    def test_other_layers_replace_damage_and_line_ends(self, newline: str) -> None:
        doc = cnaps.parse(damaged(ANSWER_TEXT.replace("\n", "\r\n", 3), CP1252))
        assert doc.layers.mixed
        clean = doc.with_edits([], layers=Layers(newline=newline))
        assert clean.to_bytes() == ANSWER_TEXT.replace("\n", newline).encode()
        edits = [Edit(*doc.span("task"), "One\ntwo.")]
        changed = doc.with_edits(edits, layers=doc.layers._replace(newline=newline, mixed=False))
        wanted = edited(ANSWER_TEXT, edits).replace("\n", newline)
        assert changed.to_bytes() == damaged(wanted, CP1252).encode()


class TestRepair:
    def test_gives_the_bytes_before_the_damage(self) -> None:
        text = "\ufeff" + ANSWER_TEXT.replace("\n", "\r\n")
        doc = cnaps.parse(damaged(text, ("latin-1", "cp437")))
        assert doc.repaired().to_bytes() == text.encode()
        assert doc.repaired().value == doc.value

    def test_of_a_clean_file_is_the_file(self) -> None:
        doc = cnaps.parse(TEXT)
        assert doc.repaired() is doc


class TestFiles:
    def test_read_and_write(self, tmp_path: Path) -> None:
        path = tmp_path / "prompt.txt"
        path.write_bytes(TEXT.encode())
        doc = cnaps.read(path)
        edited = doc.with_value(evolve(PROMPT, question=Question("Other?")))
        edited.write(path)
        assert cnaps.read(str(path)) == edited

    def test_write_keeps_the_permissions(self, tmp_path: Path) -> None:
        path = tmp_path / "prompt.txt"
        path.write_bytes(b"old")
        path.chmod(0o640)
        cnaps.parse(TEXT).write(path)
        assert stat.S_IMODE(path.stat().st_mode) == 0o640

    def test_errors_name_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "letter.txt"
        path.write_text("Dear all,\n")
        with pytest.raises(cnaps.ParseError) as caught:
            cnaps.read(path)
        assert caught.value.path == path
        assert str(caught.value).startswith(f"{path}:1:1: neither a prompt nor an answer")

    def test_a_missing_file_is_an_os_error(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            cnaps.read(tmp_path / "none.txt")

    def test_what_does_not_read_back_is_not_written(self, tmp_path: Path) -> None:
        path = tmp_path / "prompt.txt"
        doc = cnaps.parse(TEXT)
        other = evolve(PROMPT, question=Question("Other?"))
        forged = Document(doc.to_bytes(), doc._dialect, other, None, exact=True, canonical=True)
        with pytest.raises(cnaps.RenderError) as caught:
            forged.write(path)
        assert str(caught.value) == (
            "question.text does not fit into prompt-1: the bytes would be read back otherwise"
        )
        assert not path.exists()


PARSE_ERRORS = {
    "nothing": (
        "",
        (
            "<input>:1:1: the input is empty\n  1 |\n    | ^\n"
            "hint: a prompt starts with 'You are an AI scientist.', an answer with its question"
        ),
    ),
    "a letter": (
        "Dear all,\n\nwhich model removes rain?\n",
        (
            "<input>:1:1: neither a prompt nor an answer; answer-2 comes nearest\n"
            "  1 | Dear all,\n"
            "    | ^ expected '🧠 **User Question:**'\n"
            "hint: answer-2 is recognised by its fixed wording; also missing:"
            " '### 1. What task is the user trying to perform?',"
            " '### 2. How does the model work in a CNAPS AI-like workflow?',"
            " '**Input → Model → Output**'"
        ),
    ),
    "half a surrogate pair": (
        "You are \ud800",
        (
            "<input>:1:9: character U+D800 at offset 8 is half a surrogate pair, which no UTF-8"
            " file can hold\n  1 | You are \\ud800\n    |         ^^^^^^\n"
            "hint: decode the text with errors='strict' where it comes from"
        ),
    ),
    "bytes of another encoding": (
        'You are an AI scientist.\n\n"naïve"\n'.encode("latin-1"),
        (
            "<input>:3:4: byte 0xef at offset 29 is not UTF-8: invalid continuation byte\n"
            '  3 | "na\\xefve"\n    |    ^\n'
            "hint: save the file as UTF-8, or decode it yourself and pass a str"
        ),
    ),
    "a prompt cut off": (
        "\n\nYou are an AI scientist.\n\nA user has asked:\n",
        (
            "<input>:5:1: neither a prompt nor an answer; prompt-1 comes nearest\n"
            "  5 | A user has asked:\n"
            "    | ^ expected 'A user has asked the following question:'\n"
            "hint: prompt-1 is recognised by its fixed wording; also missing:"
            " 'Based on the following recommended models, explain:',"
            " '1. What task the user is trying to perform.',"
            " '2. How the model(s) would work in a CNAPS AI-like workflow"
            " (input → model → output).'"
        ),
    ),
}


@pytest.mark.parametrize(("data", "message"), PARSE_ERRORS.values(), ids=PARSE_ERRORS)
def test_a_parse_error_says_where_and_what_was_expected(data: str | bytes, message: str) -> None:
    with pytest.raises(cnaps.ParseError) as caught:
        cnaps.parse(data)
    assert str(caught.value) == message
