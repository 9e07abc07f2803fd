"""Values to text: the exact wording, and the values that no file can hold."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

import cnaps
from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow
from tests.samples import ANSWERS, LATER_PROMPT, PROMPT, PROMPTS, SAMPLES
from tests.strategies import fitting

if TYPE_CHECKING:
    from cnaps.dialects.parts import Value

PROMPT_TEXT = """\
You are an AI scientist.

A user has asked the following question:
"Which "net" takes rain out of a video,
and how?"

Based on the following recommended models, explain:

1. What task the user is trying to perform.
2. How the model(s) would work in a CNAPS AI-like workflow (input → model → output).
3. List relevant papers and tools (with GitHub or ArXiv links) that support your answer.

Use **only the provided models and papers**. Do not refer to outside sources.

### Recommended AI Models:
Model: Derain-Net-Large
Paper: None
GitHub: https://github.com/example/derain

### Related Papers:
Model: Rain, $\\alpha$ and streaks: a study
Paper: https://arxiv.org/abs/2101.00001v2
Summary: We look at  rain in {videos}.

Model: Snow∗
Paper: http://arxiv.org/pdf/2101.00002v1.pdf
GitHub: https://gitlab.com/example/snow/tree/main/src
Summary: Snow falls – slowly.


Answer:
"""

# What varies of the later prompt; docs/formats.md has the rest.
ASKED = 'A user asks:\n{0}"Which "net" takes rain out of a video,\nand how?"\n\n{0}**Using ONLY the'
LATER_MODELS = """\
### Recommended AI Models:
- **Derain-Net-Large**
  Paper: None
  GitHub: https://github.com/example/derain

- **Snow∗, $\\alpha$ *and* ice**
  Paper: http://arxiv.org/pdf/2101.00002v1.pdf
  GitHub: https://gitlab.com/example/snow/tree/main/src

- **Hail**
  Paper: None


Answer:
#"""

# The items of both revisions, from the name on.
ITEMS = """\
Derain-Net-Large
  - Paper: None
  - GitHub: https://github.com/example/derain
{label}Rain, $\\alpha$ and streaks: a study
  - Paper: https://arxiv.org/abs/2101.00001v2
  - GitHub: {missing}
{label}Snow∗
  - Paper: http://arxiv.org/pdf/2101.00002v1.pdf
  - GitHub: https://gitlab.com/example/snow/tree/main/src
"""


def test_a_prompt_is_written_to_the_byte() -> None:
    assert cnaps.render(PROMPT) == PROMPT_TEXT


def test_a_later_prompt_asks_twice_and_ends_without_a_line_end() -> None:
    text = cnaps.render(LATER_PROMPT, "prompt-2")
    assert f"\n\n{ASKED.format('')}" in text
    assert f"\n\n# {ASKED.format('# ')}" in text
    assert text.count("Which") == 2
    assert text.endswith(f"\n# \n{LATER_MODELS}")


def test_a_prompt_is_written_in_the_dialect_that_holds_papers_unless_told_otherwise() -> None:
    assert cnaps.parse(cnaps.render(LATER_PROMPT)).dialect == "prompt-1"


@pytest.mark.parametrize(
    ("dialect", "heading", "label", "missing"),
    [
        ("answer-1", "### 3. Models and Tools Referenced", "- **Model:** ", "N/A"),
        ("answer-2", "### 3. Referenced Models and Tools", "- **Model**: ", "None"),
    ],
)
def test_an_answer_lists_what_its_prompt_offers(
    dialect: str, heading: str, label: str, missing: str
) -> None:
    text = cnaps.render(cnaps.answer_for(PROMPT, dialect), dialect)
    assert text.startswith('🧠 **User Question:**  \n"Which "net" takes')
    assert f"{heading}\n\n{label}{ITEMS.format(label=label, missing=missing)}\n" in text
    assert text.endswith(".\n")


def test_an_answer_can_be_written_in_the_other_revision() -> None:
    for answer in ANSWERS.values():
        for dialect in ANSWERS:
            assert cnaps.parse(cnaps.render(answer, dialect)).value == answer


def with_model(**fields: str) -> PromptSpec:
    return evolve(PROMPT, models=(evolve(PROMPT.models[0], **fields),))


def with_summary(summary: str) -> PromptSpec:
    return evolve(PROMPT, papers=(PROMPT.papers[0], evolve(PROMPT.papers[1], summary=summary)))


WORDING = (
    "part of it reads as wording of the format, so it would be read back otherwise\n"
    "hint: take out blank lines, rules, and lines that start like a field or a heading"
)
ANSWER = ANSWERS["answer-2"]

REFUSED: dict[str, tuple[Value, str]] = {
    "a line break in a name": (
        with_model(name="Derain\nPaper: https://example.org"),
        (
            "models[0].name does not fit into prompt-1: it holds a line break at character 6, and"
            " this field is one line\nhint: replace the line break by a space"
        ),
    ),
    "an empty name": (
        with_model(name=""),
        (
            "models[0].name does not fit into prompt-1: it is empty, and would not be read back\n"
            "hint: give it a text, or leave it out"
        ),
    ),
    "blanks at the end of a name": (
        with_model(name="Derain "),
        (
            "models[0].name does not fit into prompt-1: white space at its ends is not read back\n"
            "hint: use .strip()"
        ),
    ),
    "a word for missing": (
        with_model(github="n/a"),
        (
            "models[0].github does not fit into prompt-1: 'n/a' is read back as a missing value\n"
            "hint: use None where there is none"
        ),
    ),
    "an empty link": (
        with_model(paper=""),
        (
            "models[0].paper does not fit into prompt-1: '' is read back as a missing value\n"
            "hint: use None where there is none"
        ),
    ),
    "a summary that forges an entry": (
        with_summary("Snow.\nModel: Forged"),
        f"papers[1].summary does not fit into prompt-1: {WORDING}",
    ),
    "a summary that forges a link": (
        with_summary("Snow.\nGitHub: https://github.com/example/forged"),
        f"papers[1].summary does not fit into prompt-1: {WORDING}",
    ),
    "two summaries that forge entries": (
        evolve(
            PROMPT,
            papers=tuple(evolve(p, summary="Rain.\nModel: Forged") for p in PROMPT.papers),
        ),
        f"papers[0].summary does not fit into prompt-1: {WORDING}",
    ),
    "a forged entry after a summary of two lines": (
        evolve(
            PROMPT,
            papers=(
                evolve(PROMPT.papers[0], summary="Rain.\nMore."),
                evolve(PROMPT.papers[1], summary="Snow.\nModel: Forged"),
            ),
        ),
        f"papers[1].summary does not fit into prompt-1: {WORDING}",
    ),
    "a summary of two paragraphs": (
        with_summary("Snow.\n\nMore snow."),
        f"papers[1].summary does not fit into prompt-1: {WORDING}",
    ),
    "a summary that ends the prompt": (
        with_summary("Snow.\nAnswer:"),
        f"papers[1].summary does not fit into prompt-1: {WORDING}",
    ),
    "a carriage return": (
        evolve(PROMPT, question=Question("Why?\r\nHow?")),
        (
            "question.text does not fit into prompt-1: it holds a carriage return at character 4,"
            " which is read back as a line break\nhint: replace '\\r\\n' and '\\r' by '\\n'"
        ),
    ),
    "half a surrogate pair": (
        evolve(PROMPT, question=Question("Why \ud83e?")),
        (
            "question.text does not fit into prompt-1: character 4 is half of a surrogate pair"
            " (U+D83E), which UTF-8 cannot hold\nhint: decode the text again where it comes from"
        ),
    ),
    "a question that goes on as the prompt does": (
        evolve(
            PROMPT,
            question=Question('Why?"\n\nBased on the following recommended models, explain:\n?'),
        ),
        f"question.text does not fit into prompt-1: {WORDING}",
    ),
    "a task that brings a heading": (
        evolve(ANSWER, task="Rain.\n\n## 2. How does the model work in a CNAPS AI-like workflow?"),
        f"task does not fit into answer-2: {WORDING}",
    ),
    "blanks around a task": (
        evolve(ANSWER, task=" Rain."),
        (
            "task does not fit into answer-2: white space at its ends is not read back\n"
            "hint: use .strip()"
        ),
    ),
    "an output that ends in a rule": (
        evolve(ANSWER, workflow=Workflow("a", "b", "c\n---")),
        f"workflow.output does not fit into answer-2: {WORDING}",
    ),
    "a note of two lines": (
        evolve(ANSWER, notes=("One.\nTwo.",)),
        (
            "notes[0] does not fit into answer-2: it holds a line break at character 4, and this"
            " field is one line\nhint: replace the line break by a space"
        ),
    ),
    "a note that is a rule": (
        evolve(ANSWER, notes=("---",)),
        f"notes[0] does not fit into answer-2: {WORDING}",
    ),
}


LATER_REFUSED: dict[str, tuple[PromptSpec, str]] = {
    "papers": (
        PROMPT,
        (
            "papers does not fit into prompt-2: no file of this dialect has any\n"
            "hint: write prompt-1, which has a place for them, or leave them out"
        ),
    ),
    "a line break in a name": (
        PromptSpec(Question("?"), (ModelRef("Derain**\n  Paper: https://example.org"),)),
        (
            "models[0].name does not fit into prompt-2: it holds a line break at character 8, and"
            " this field is one line\nhint: replace the line break by a space"
        ),
    ),
    "an empty name": (
        PromptSpec(Question("?"), (ModelRef(""),)),
        (
            "models[0].name does not fit into prompt-2: it is empty, and would not be read back\n"
            "hint: give it a text, or leave it out"
        ),
    ),
    "a name that reads like the end": (
        PromptSpec(Question("?"), (ModelRef("Hail"), ModelRef("answer?", "https://example.org"))),
        f"models[1].name does not fit into prompt-2: {WORDING}",
    ),
    "a question that goes on as the prompt does": (
        PromptSpec(
            Question(
                'Why?"\n\nUsing only the provided models and papers in the context below, answer'
                " the following in full detail.\n?"
            )
        ),
        f"question.text does not fit into prompt-2: {WORDING}",
    ),
    "a question that goes on as the prompt does where it stands again": (
        PromptSpec(
            Question(
                "Why?\n# **Using ONLY the provided models and papers in the context below, do the"
                " following:**\n?"
            )
        ),
        f"question.text does not fit into prompt-2: {WORDING}",
    ),
}
EACH_REFUSED = {
    **{name: (*row, None) for name, row in REFUSED.items()},
    **{f"prompt-2: {name}": (*row, "prompt-2") for name, row in LATER_REFUSED.items()},
}


@pytest.mark.parametrize(("value", "message", "dialect"), EACH_REFUSED.values(), ids=EACH_REFUSED)
def test_what_no_file_can_hold_is_refused(value: Value, message: str, dialect: str | None) -> None:
    """The error names the field, says why, and what to do; it survives pickling."""
    with pytest.raises(cnaps.RenderError) as caught:
        cnaps.render(value, dialect)
    assert str(caught.value) == message
    assert str(pickle.loads(pickle.dumps(caught.value))) == message
    held = cnaps.parse(cnaps.render(SAMPLES[caught.value.dialect], dialect))
    with pytest.raises(cnaps.RenderError) as edited:
        held.with_value(value)
    assert str(edited.value) == message


ACCEPTED: dict[str, Value] = {
    "nothing at all": PromptSpec(Question("")),
    "no links": PromptSpec(Question("?"), (ModelRef("A"),), (PaperRef("B"),)),
    "a short name": PromptSpec(Question("?"), (ModelRef("SAM"),)),
    "names that look like markup": PromptSpec(
        Question("?"),
        tuple(map(ModelRef, ("*a", "b**", "*", "**c**", "# d", "- **e**", "Paper: f", "Paper:**"))),
    ),
    "the wording of the question": PromptSpec(Question("A user asks:\n# A user asks:\n#\n?")),
    "quotes within": PromptSpec(Question('"" "\'')),
    "lines that are no field": with_summary("Snow.\n  - and ice: both\n# falls"),
    "other line separators": with_summary("Snow\u2028falls\x0b\x0c\x85\x1c."),
    "NUL": PromptSpec(Question("a\x00b")),
    "a mark inside": PromptSpec(Question("\ufeffa")),
    "what looks damaged": PromptSpec(Question("donâ€™t")),
    "an empty answer": Answer(Question("?"), "", Workflow("", "", "")),
    "a long workflow": evolve(ANSWER, workflow=Workflow("a\n\n  - b", "c", "d\n\ne")),
    "a task of paragraphs": evolve(ANSWER, task="One.\n\n- Two.\n\n### Three"),
    "other notes": evolve(ANSWER, notes=("One.", "- Two.", "# Three")),
}


@pytest.mark.parametrize("value", ACCEPTED.values(), ids=ACCEPTED)
def test_everything_else_reads_back(value: Value) -> None:
    for dialect in PROMPTS if isinstance(value, PromptSpec) else ANSWERS:
        held = fitting(value, dialect)
        doc = cnaps.parse(cnaps.render(held, dialect))
        assert doc.value == held
        assert doc.dialect == dialect


class TestWrongArguments:
    """A call that makes no sense says what would."""

    def test_unknown_dialect(self) -> None:
        with pytest.raises(ValueError, match=r"^there is no dialect 'prompt-9'; cnaps knows "):
            cnaps.render(PROMPT, "prompt-9")

    def test_dialect_of_the_other_kind(self) -> None:
        with pytest.raises(ValueError, match=r"^answer-2 holds values of Answer, not PromptSpec$"):
            cnaps.render(PROMPT, "answer-2")

    @pytest.mark.parametrize("dialect", [None, "prompt-1"])
    def test_no_whole_file(self, dialect: str | None) -> None:
        with pytest.raises(TypeError, match=r"^only a PromptSpec or an Answer .*, not ModelRef$"):
            cnaps.render(PROMPT.models[0], dialect)  # type: ignore[arg-type]

    def test_answer_for_something_else(self) -> None:
        with pytest.raises(TypeError, match=r"^an answer follows from a PromptSpec, not from str$"):
            cnaps.answer_for("Why?")  # type: ignore[arg-type]

    def test_answer_in_a_dialect_for_prompts(self) -> None:
        with pytest.raises(ValueError, match=r"^prompt-1 is a dialect for prompts; "):
            cnaps.answer_for(PROMPT, "prompt-1")
