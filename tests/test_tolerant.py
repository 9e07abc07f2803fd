"""Files that people and programs changed by hand are read, kept, and reported where unclear."""

from __future__ import annotations

import random
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

import cnaps
from cnaps import ModelRef, PaperRef, PromptSpec, Question
from cnaps.dialects import DIALECTS
from tests.samples import ANSWERS, LATER_PROMPT, PROMPT

if TYPE_CHECKING:
    from collections.abc import Callable

    Edit = Callable[[str], str]

TEXT = cnaps.render(PROMPT)
LATER_TEXT = cnaps.render(LATER_PROMPT, "prompt-2")
ANSWER_TEXT = cnaps.render(ANSWERS["answer-2"])
RAIN, SNOW = PROMPT.papers


def swap(old: str, new: str) -> Edit:
    """An edit that replaces text, and makes sure that there is some to replace."""

    def edit(text: str) -> str:
        assert old in text
        return text.replace(old, new)

    return edit


def sub(pattern: str, new: str) -> Edit:
    """An edit by regular expression."""

    def edit(text: str) -> str:
        edited, count = re.subn(pattern, new, text)
        assert count
        return edited

    return edit


def codes(doc: cnaps.Document) -> list[str]:
    return [diagnostic.code for diagnostic in doc.diagnostics]


SAME_VALUE: dict[str, tuple[Edit, list[str]]] = {
    "two blanks after the colon": (swap("Model: ", "Model:  "), []),
    "no blank after the colon": (sub("(Model|Paper|GitHub): ", r"\1:"), []),
    "a blank before the colon": (swap("Model: ", "Model : "), []),
    "bold labels": (swap("Model: ", "**Model:** "), []),
    "bold labels, colon outside": (swap("Paper: ", "**Paper**: "), []),
    "underlined labels": (swap("Paper: ", "__Paper__: "), []),
    "bulleted lines": (sub("(?m)^(Model|Paper|GitHub|Summary): ", r"- \1: "), []),
    "numbered entries": (swap("\nModel: ", "\n1. Model: "), []),
    "labels in lower case": (sub("(Model|GitHub): ", lambda m: m[0].lower()), []),  # type: ignore[arg-type]
    "blanks at line ends": (sub("(?m)^((?!.*video).+)$", r"\1  "), []),
    "tabs at line ends": (sub("(?m)^(Model.*)$", "\\1\t"), []),
    "no blank lines": (sub("\n\n+", "\n"), []),
    "twice the blank lines": (sub("\n\n", "\n\n\n\n"), []),
    "blank lines between fields": (sub("\n(Paper|GitHub|Summary): ", r"\n\n\1: "), []),
    "no final newline": (lambda text: text[:-1], []),
    "the word N/A": (swap("Paper: None", "Paper: N/A"), []),
    "the word none": (swap("Paper: None", "Paper: none"), []),
    "an empty link": (swap("Paper: None", "Paper: "), []),
    "an empty link, no blank": (swap("Paper: None", "Paper:"), []),
    "an absent link": (swap("Paper: None\n", ""), []),
    "a repository None": (swap("abs/2101.00001v2\n", "abs/2101.00001v2\nGitHub: None\n"), []),
    "fields reordered": (
        sub("(Model: Snow.*\n)(Paper.*\n)(GitHub.*\n)", r"\3\2\1"),
        [],
    ),
    "summary before repository": (sub("(GitHub: https://gitlab.*\n)(Summary.*\n)", r"\2\1"), []),
    "another heading level": (swap("### ", "# "), []),
    "bold instead of headings": (sub("### (.*)", r"**\1**"), []),
    "headings without markup": (swap("### ", ""), []),
    "arrows in ASCII": (swap("→", "->"), []),
    "an indented file": (sub("(?m)^(?!and how)(?=.)", "    "), []),
    "an unknown field": (sub("(GitHub: https://gitlab.*\n)", r"\1Venue: ICCV 2021\n"), ["CN103"]),
    "an unknown field at the end": (swap("slowly.\n", "slowly.\nVenue: ICCV\n"), ["CN103"]),
    "a field given twice": (
        swap("Summary: Snow", "GitHub: https://gitlab.com/a/b\nSummary: Snow"),
        ["CN104"],
    ),
    "an entry without a name": (
        swap("### Related Papers:\n", "### Related Papers:\nModel:\nPaper: x\n\n"),
        ["CN105"],
    ),
    "a link before any entry": (
        swap("### Related Papers:\n", "### Related Papers:\nPaper: x\n\n"),
        ["CN105"],
    ),
    "a paragraph after a summary": (swap("slowly.\n", "slowly.\n\nIt melts.\n"), ["CN101"]),
    "a remark between entries": (swap("\nModel: Snow", "\nThis one!\n\nModel: Snow"), ["CN101"]),
    "text before": (lambda text: f"Sure, here it is.\n\n{text}", ["CN101"]),
    "text after": (lambda text: f"{text}\nThe end.\n", ["CN101"]),
    "another persona": (swap("an AI scientist", "a poet"), ["CN102", "CN101"]),
    "a constraint taken out": (sub("Use .*\n", ""), ["CN102"]),
    "no header of the question": (sub("A user .*\n", ""), ["CN102"]),
    "no end": (swap("Answer:\n", ""), ["CN102"]),
    "a question without quotes": (sub('"(Which[^?]*[?])"', r"\1"), ["CN106"]),
}


@pytest.mark.parametrize(("edit", "expected"), SAME_VALUE.values(), ids=SAME_VALUE)
def test_an_edited_prompt_says_what_it_said(edit: Edit, expected: list[str]) -> None:
    """The value survives the edit, the bytes come back, and what is unclear has a code."""
    text = edit(TEXT)
    doc = cnaps.parse(text)
    assert doc.value == PROMPT
    assert doc.dialect == "prompt-1"
    assert doc.to_bytes() == text.encode()
    assert codes(doc) == expected
    changed = evolve(PROMPT, question=Question("Shorter?"))
    assert doc.with_value(changed).value == changed


NEW_VALUE: dict[str, tuple[Edit, PromptSpec, list[str]]] = {
    "no models": (
        sub("(?s)### Recommended.*?(?=###)", ""),
        evolve(PROMPT, models=()),
        ["CN102"],
    ),
    "no papers": (
        sub("(?s)### Related.*?(?=\nAnswer)", ""),
        evolve(PROMPT, papers=()),
        ["CN102"],
    ),
    "empty sections": (
        sub("(Model|Paper|GitHub|Summary): .*\n", ""),
        evolve(PROMPT, models=(), papers=()),
        [],
    ),
    "a summary of several lines": (
        swap("slowly.\n", "slowly.\n  And melts:\nin spring.\n"),
        evolve(
            PROMPT,
            papers=(RAIN, evolve(SNOW, summary="Snow falls – slowly.\n  And melts:\nin spring.")),
        ),
        [],
    ),
    "a summary on the line below": (
        swap("Summary: Snow", "Summary:\nSnow"),
        PROMPT,
        [],
    ),
    "a third paper": (
        swap("\nAnswer:", "Model: Hail\n\nAnswer:"),
        evolve(PROMPT, papers=(RAIN, SNOW, PaperRef("Hail"))),
        [],
    ),
    "no question": (
        sub('"Which[^?]*[?]"\n', ""),
        evolve(PROMPT, question=Question("")),
        ["CN107"],
    ),
    "text after the closing quote": (
        swap('how?"', 'how?" (asked twice)'),
        PROMPT,
        ["CN101"],
    ),
}


@pytest.mark.parametrize(("edit", "value", "expected"), NEW_VALUE.values(), ids=NEW_VALUE)
def test_an_edited_prompt_says_what_it_says_now(
    edit: Edit, value: PromptSpec, expected: list[str]
) -> None:
    text = edit(TEXT)
    doc = cnaps.parse(text)
    assert doc.value == value
    assert doc.to_bytes() == text.encode()
    assert codes(doc) == expected
    assert doc.with_value(PROMPT).value == PROMPT


# Where the question stands again, in front of its text.
AGAIN = '# A user asks:\n# "'

LATER_EDITS: dict[str, tuple[Edit, list[str]]] = {
    "two blanks after the colon": (swap("Paper: ", "Paper:  "), []),
    "no blank after the colon": (sub("(Paper|GitHub): ", r"\1:"), []),
    "bold labels": (swap("Paper: ", "**Paper:** "), []),
    "bulleted lines": (sub("(?m)^  (Paper|GitHub): ", r"  - \1: "), []),
    "flat lines": (sub("(?m)^  (Paper|GitHub): ", r"\1: "), []),
    "stars for bullets": (sub(r"(?m)^- \*\*", "* **"), []),
    "numbered entries": (sub(r"(?m)^- \*\*", "1. **"), []),
    "no bullets": (sub(r"(?m)^- \*\*", "**"), []),
    "underlined names": (sub(r"(?m)^- \*\*(.*)\*\*$", r"- __\1__"), []),
    "names in italics": (sub(r"(?m)^- \*\*(D.*|H.*)\*\*$", r"- *\1*"), []),
    "names without emphasis": (sub(r"(?m)^- \*\*(.*)\*\*$", r"- \1"), []),
    "labels in capitals": (sub("  (Paper|GitHub):", lambda m: m[0].upper()), []),  # type: ignore[arg-type]
    "blanks at line ends": (sub("(?m)^((?!.*video).+)$", r"\1  "), []),
    "no blanks at line ends": (sub("(?m) +$", ""), []),
    "no blank lines": (sub("\n\n+", "\n"), []),
    "twice the blank lines": (sub("\n\n", "\n\n\n\n"), []),
    "no rules": (swap("---\n", ""), []),
    "missing links left out": (swap("  Paper: None\n", ""), []),
    "other words for missing links": (swap("None", "n/a"), []),
    "fields reordered": (sub("(  Paper.*\n)(  GitHub.*\n)", r"\2\1"), []),
    "headings without markup": (sub("(?m)^#+ (?!A user)", ""), []),
    "hyphens in ASCII": (swap("\u2011", "-"), []),
    "an indented file": (sub("(?m)^(?!and how)(?=.)", "    "), []),
    "a final newline": (lambda text: f"{text}\n", []),
    "no residue at the end": (lambda text: text[:-2], []),
    "no residue between": (swap("# \n", ""), []),
    "no residue before the question": (swap('# "', '"'), []),
    "an unknown field": (sub("(  Paper: None\n)", r"\1  Venue: ECCV\n"), ["CN103", "CN103"]),
    "an unknown bullet": (swap("\n\n- **Hail", "\n- Venue: x\n\n- **Hail"), ["CN103"]),
    "a field given twice": (
        sub("(  Paper: http:.*\n)", r"\1  Paper: https://arxiv.org/abs/2101.00002v1\n"),
        ["CN104"],
    ),
    "an entry without a name": (
        swap("### Recommended AI Models:\n", "### Recommended AI Models:\n- ****\n  Paper: x\n\n"),
        ["CN105"],
    ),
    "a remark between entries": (swap("\n- **Hail", "\nThis one!\n\n- **Hail"), ["CN101"]),
    "a rule of stars between entries": (swap("\n- **Hail", "\n* * *\n\n- **Hail"), ["CN101"]),
    "text before": (lambda text: f"Sure, here it is.\n\n{text}", ["CN101"]),
    "text after": (lambda text: f"{text}\nThe end.\n", ["CN101"]),
    "another persona": (swap("an expert AI scientist", "a poet"), ["CN102", "CN101"]),
    "a line taken out": (sub("You do [*].*\n", ""), ["CN102"]),
    "no header of the question": (sub("(?m)^A user asks:\n", ""), ["CN102"]),
    "no explanation": (sub("(?m)^Here, .*\n", ""), ["CN102"]),
    "no explanation in the residue": (sub("(?m)^# Here, .*\n", ""), ["CN102"]),
    "no header where it stands again": (sub("(?m)^# A user asks:\n", ""), ["CN102"]),
    "no end": (swap("Answer:\n", ""), ["CN102"]),
    "no residue at all": (sub(r"(?s)# Here, .*?(?=### Rec)", ""), ["CN102"] * 9),
    "a question without quotes": (sub('(?m)^"(Which[^?]*[?])"', r"\1"), ["CN106"]),
    "no quotes where it stands again": (sub('# "(Which[^?]*[?])"', r"# \1"), ["CN106"]),
    "another question where it stands again": (sub('# "Which', '# "What'), ["CN108"]),
    "no question where it should stand again": (sub('# "[^?]*[?]"\n', ""), ["CN108"]),
}


@pytest.mark.parametrize(("edit", "expected"), LATER_EDITS.values(), ids=LATER_EDITS)
def test_an_edited_later_prompt_says_what_it_said(edit: Edit, expected: list[str]) -> None:
    text = edit(LATER_TEXT)
    doc = cnaps.parse(text)
    assert doc.value == LATER_PROMPT
    assert doc.dialect == "prompt-2"
    assert doc.to_bytes() == text.encode()
    assert codes(doc) == expected
    models = (evolve(LATER_PROMPT.models[0], name="New"), *LATER_PROMPT.models[1:], ModelRef("Ice"))
    changed = PromptSpec(Question("Shorter?"), models)
    edited = doc.with_value(changed)
    assert edited.value == changed
    assert "CN108" not in codes(edited)


class TestAQuestionThatStandsTwice:
    def test_counts_where_it_stands_first(self) -> None:
        """What it says further down is reported, and made right by a new question only."""
        text = swap(f'{AGAIN}Which "net"', f"{AGAIN}What")(LATER_TEXT)
        doc = cnaps.parse(text)
        assert doc.value == LATER_PROMPT
        (found,) = doc.diagnostics
        assert found.code == "CN108"
        assert found.message == "the question stands here again, and says something else"
        assert found.span.of(doc.text) == "What takes rain out of a video,\nand how?"
        fewer = doc.with_value(evolve(LATER_PROMPT, models=()))
        assert codes(fewer) == ["CN108"]
        asked = doc.with_value(evolve(LATER_PROMPT, question=Question("Why?")))
        assert asked.text == LATER_TEXT.replace(LATER_PROMPT.question.text, "Why?")

    def test_is_missing_where_it_should_stand_first(self) -> None:
        doc = cnaps.parse(sub('(?m)^"[^?]*[?]"\n', "")(LATER_TEXT))
        assert doc.value == evolve(LATER_PROMPT, question=Question(""))
        assert codes(doc) == ["CN107", "CN108"]
        assert doc.with_value(LATER_PROMPT).text.count(LATER_PROMPT.question.text) == 2

    def test_is_not_put_in_again_where_nothing_announces_it(self) -> None:
        text = sub(r"(?s)# Here, .*?(?=### Rec)", "")(LATER_TEXT)
        asked = evolve(LATER_PROMPT, question=Question("Why?"))
        edited = cnaps.parse(text).with_value(asked)
        assert edited.text == text.replace(LATER_PROMPT.question.text, "Why?")

    def test_is_found_without_the_persona(self) -> None:
        """The lines that stand twice are those further down where all in front is gone."""
        doc = cnaps.parse(LATER_TEXT[LATER_TEXT.index("**Using") :])
        assert doc.value == evolve(LATER_PROMPT, question=Question(""))
        assert codes(doc) == ["CN102", "CN102", "CN102", "CN107", "CN108"]


@pytest.mark.parametrize("kept", ["prompt-1", "prompt-2"])
@pytest.mark.parametrize("lost", [0.1, 0.3, 0.5, 0.7])
def test_a_prompt_never_becomes_one_of_the_other_dialect(kept: str, lost: float) -> None:
    """Whatever lines of wording are lost: it stays what it was, or is recognised no longer."""
    wording = {line for s in DIALECTS[kept].sections for line in s.wording.split("\n") if line}
    lines = cnaps.render(LATER_PROMPT, kept).split("\n")
    chance = random.Random(lost)
    for _ in range(200):
        text = "\n".join(x for x in lines if x not in wording or chance.random() >= lost)
        with suppress(cnaps.ParseError):
            assert cnaps.parse(text).dialect == kept


ANSWER_EDITS: dict[str, tuple[Edit, list[str]]] = {
    "no blank lines": (sub("\n\n+", "\n"), []),
    "twice the blank lines": (sub("\n\n", "\n\n\n"), []),
    "no rules": (swap("---\n", ""), []),
    "stars for bullets": (sub("(?m)^( *)- ", r"\1* "), []),
    "flat items": (swap("  - ", "- "), []),
    "labels without emphasis": (sub(r"(?m)^- \*\*Model:?\*\*:? (?!The)", "- Model: "), []),
    "missing links left out": (sub("  - .*: (None|N/A)\n", ""), []),
    "other words for missing links": (sub("(None|N/A)\n", "n/a\n"), []),
    "no symbol": (swap("🧠 ", ""), []),
    "a blank at the line end": (sub("(Question.*?)  \n", r"\1 \n"), []),
    "blank lines between items": (sub(r"\n- \*\*Model(?!.*The)", r"\n\g<0>"), []),
    "no final newline": (lambda text: text[:-1], []),
    "text before": (lambda text: f"Gladly!\n\n{text}", ["CN101"]),
    "an unknown field": (sub("(  - Paper: None\n)", r"\1  - Venue: ICCV\n"), ["CN103"]),
    "an unknown field at the end": (
        sub("(  - GitHub: https://gitlab.*\n)", r"\1  - Venue: ICCV\n"),
        ["CN103"],
    ),
    "no arrow line": (sub(r"\*\*Input →.*\n", ""), ["CN102"]),
}


@pytest.mark.parametrize("dialect", ANSWERS)
@pytest.mark.parametrize(("edit", "expected"), ANSWER_EDITS.values(), ids=ANSWER_EDITS)
def test_an_edited_answer_says_what_it_said(dialect: str, edit: Edit, expected: list[str]) -> None:
    answer = ANSWERS[dialect]
    text = edit(cnaps.render(answer, dialect))
    doc = cnaps.parse(text)
    assert doc.value == answer
    assert doc.dialect == dialect
    assert doc.to_bytes() == text.encode()
    assert codes(doc) == expected
    changed = evolve(answer, references=answer.references[1:], task="Another one.")
    assert doc.with_value(changed).value == changed


@pytest.mark.parametrize("dialect", ANSWERS)
def test_parts_of_an_answer_may_be_missing(dialect: str) -> None:
    """What is not there is empty, and its wording is reported."""
    text = cnaps.render(ANSWERS[dialect], dialect)
    head, heading, rest = text.partition("### 3")
    doc = cnaps.parse(head)
    assert isinstance(doc.value, cnaps.Answer)
    assert doc.value == evolve(ANSWERS[dialect], references=(), notes=())
    assert codes(doc) == ["CN102"]
    assert doc.with_value(ANSWERS[dialect]).value == ANSWERS[dialect]
    without_output = cnaps.parse(sub(r"- (The )?\*\*[Oo]utput.*\n", "")(head) + heading + rest)
    assert isinstance(without_output.value, cnaps.Answer)
    assert without_output.value.workflow.output == ""
    assert codes(without_output) == ["CN107"]
    assert without_output.with_value(ANSWERS[dialect]).value == ANSWERS[dialect]


class TestNoEntryGetsWhatBelongsToAnother:
    """A title never ends up with the links of another, whichever line is lost."""

    def test_where_a_prompt_loses_a_name(self) -> None:
        doc = cnaps.parse(sub("Model: Snow.*\n", "")(TEXT))
        assert doc.value == evolve(PROMPT, papers=(RAIN,))
        assert codes(doc) == ["CN104", "CN104", "CN104"]

    @pytest.mark.parametrize("dialect", ANSWERS)
    def test_where_an_answer_loses_a_label(self, dialect: str) -> None:
        answer = ANSWERS[dialect]
        text = sub(r"- \*\*Model:?\*\*:? (?=Rain)", "- ")(cnaps.render(answer, dialect))
        doc = cnaps.parse(text)
        first, _, last = answer.references
        assert doc.value == evolve(answer, references=(first, last))
        assert codes(doc) == ["CN101", "CN104", "CN104"]

    @pytest.mark.parametrize("dialect", ANSWERS)
    def test_where_an_answer_loses_a_heading(self, dialect: str) -> None:
        doc = cnaps.parse(sub("### 3.*\n", "")(cnaps.render(ANSWERS[dialect], dialect)))
        assert doc.value == ANSWERS[dialect]
        assert doc.dialect == dialect
        assert codes(doc) == ["CN102"]

    def test_where_an_answer_has_the_heading_of_the_other_revision(self) -> None:
        text = swap("Referenced Models and Tools", "Models and Tools Referenced")(ANSWER_TEXT)
        doc = cnaps.parse(text)
        assert doc.value == ANSWERS["answer-2"]
        assert codes(doc) == ["CN102", "CN101"]

    def test_where_a_step_of_the_workflow_is_renamed(self) -> None:
        doc = cnaps.parse(swap("- **Output**:", "- **Result**:")(ANSWER_TEXT))
        workflow = ANSWERS["answer-2"].workflow
        assert doc.value == evolve(ANSWERS["answer-2"], workflow=evolve(workflow, output=""))
        assert codes(doc) == ["CN103", "CN107"]

    def test_a_new_entry_leaves_unknown_fields_with_theirs(self) -> None:
        text = swap("derain\n", "derain\nLicence: MIT\n")(TEXT)
        added = evolve(PROMPT, models=(*PROMPT.models, cnaps.ModelRef("Unrain")))
        edited = cnaps.parse(text).with_value(added)
        assert "derain\nLicence: MIT\n\nModel: Unrain\nPaper: None\n\n###" in edited.text

    def test_an_empty_task_is_reported(self) -> None:
        doc = cnaps.parse(cnaps.render(evolve(ANSWERS["answer-2"], task="")))
        assert codes(doc) == ["CN107"]


def test_a_diagnostic_says_what_and_where() -> None:
    doc = cnaps.parse(sub("(Model: Snow.*\n)", r"\1Venue: ICCV 2021\n")(TEXT))
    (found,) = doc.diagnostics
    assert found.code == "CN103"
    assert found.severity == "warning"
    assert found.message == "no field of this format has this name"
    assert found.span.of(doc.text) == "Venue: ICCV 2021"
    assert doc.location(found.span.start) == (26, 1)


def test_answers_of_both_revisions_are_told_apart_without_their_headings() -> None:
    for dialect, answer in ANSWERS.items():
        text = sub("### 3.*\n", "### 3. The list\n")(cnaps.render(answer, dialect))
        assert cnaps.parse(text).dialect == dialect


def test_the_format_inside_a_value_of_one_line_is_just_text() -> None:
    """A title that reads like wording stays a title, in either reader."""
    names = ("### Related Papers:", "Answer:", "Model: Snow", "- **Model**: x", '"', "None of it")
    models = tuple(cnaps.ModelRef(f"x {name}") for name in names)
    prompt = evolve(PROMPT, models=models)
    text = cnaps.render(prompt)
    assert cnaps.parse(text).value == prompt
    assert cnaps.parse(f"\n{text}").value == prompt
