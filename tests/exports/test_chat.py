"""Chat rows: what they hold, and which pairs become none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, get_args

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import ModelRef, PaperRef, PromptSpec, Question
from cnaps.damage import apply
from cnaps.exports import Chat, Refused, chat
from cnaps.exports._chat import Split, Style
from tests.strategies import TAME, edited_files

if TYPE_CHECKING:
    from pathlib import Path

    from cnaps.exports._chat import Row, Source

SPLITS: tuple[Split, ...] = get_args(Split)
STYLES: tuple[Style, ...] = get_args(Style)

PROMPT = PromptSpec(
    Question("How does a kite\n“see” the wind?"),
    (ModelRef("KiteEye", github="https://github.com/example/kite-eye"),),
    (PaperRef("Wind → motion", "https://example.org/wind.pdf", summary="Cloth shows the wind."),),
)
ANSWER = cnaps.answer_for(PROMPT)
TEXT = cnaps.render(PROMPT)
ANSWER_TEXT = cnaps.render(ANSWER)

PERSONA = "You are an AI scientist."
QUESTION = "How does a kite\n“see” the wind?"
ANNOUNCED = f'A user has asked the following question:\n"{QUESTION}"'
INSTRUCTIONS = """Based on the following recommended models, explain:

1. What task the user is trying to perform.
2. How the model(s) would work in a CNAPS AI-like workflow (input → model → output).
3. List relevant papers and tools (with GitHub or ArXiv links) that support your answer.

Use **only the provided models and papers**. Do not refer to outside sources.

### Recommended AI Models:
Model: KiteEye
Paper: None
GitHub: https://github.com/example/kite-eye

### Related Papers:
Model: Wind → motion
Paper: https://example.org/wind.pdf
Summary: Cloth shows the wind.


Answer:"""
REPLY = """🧠 **User Question:**  
"How does a kite
“see” the wind?"

---

### 1. What task is the user trying to perform?

The user is trying to understand how the provided AI model(s) solve a specific perception or \
generation task based on limited input information. This involves interpreting how the model \
infers the correct output from subtle or indirect cues.

---

### 2. How does the model work in a CNAPS AI-like workflow?

**Input → Model → Output**  
- **Input**: Structured data such as a single image, text prompt, video frame, or scene description.
- **Model**: The listed models process this input using learned feature representations (e.g., \
convolutional networks, transformer-based encoders, or diffusion models), sometimes guided by \
prompts or auxiliary data like depth maps or pose.
- **Output**: The model generates a structured output (e.g., video, segmentation map, depth \
estimation, classification tag) aligned with the task objective and training distribution.

---

### 3. Referenced Models and Tools

- **Model**: KiteEye
  - Paper: None
  - GitHub: https://github.com/example/kite-eye
- **Model**: Wind → motion
  - Paper: https://example.org/wind.pdf
  - GitHub: None

Each of the models listed plays a distinct role in handling this task, whether by improving \
accuracy, speed, semantic understanding, or handling ambiguous edge cases.

The response is entirely based on the models and papers provided in the prompt."""  # noqa: W291 - the format has blanks there

# What the system says, if anything, and what the user says.
SAID: dict[Split, tuple[str | None, str]] = {
    "user": (None, f"{PERSONA}\n\n{ANNOUNCED}\n\n{INSTRUCTIONS}"),
    "persona": (PERSONA, f"{ANNOUNCED}\n\n{INSTRUCTIONS}"),
    "question": (f"{PERSONA}\n\n{INSTRUCTIONS}", QUESTION),
}


def row(split: Split, style: Style = "messages") -> Row:
    """The row that `PROMPT` and `ANSWER` become."""
    system, user = SAID[split]
    if style == "messages":
        first = [] if system is None else [{"role": "system", "content": system}]
        last = [{"role": "user", "content": user}, {"role": "assistant", "content": REPLY}]
        return {"messages": first + last}
    first = [] if system is None else [{"from": "system", "value": system}]
    last = [{"from": "human", "value": user}, {"from": "gpt", "value": REPLY}]
    return {"conversations": first + last}


def refusal(prompt: Source, answer: Source, split: Split = "user") -> str:
    """Return why a pair is refused."""
    found = chat([(prompt, answer)], split=split)
    assert found.rows == ()
    (refused,) = found.refused
    return refused.reason


def rebuilt(row: Row, split: Split, style: Style) -> str:
    """Return the text of a prompt as a row has it."""
    key = "content" if style == "messages" else "value"
    *asked, _ = next(iter(row.values()))
    texts = [turn[key] for turn in asked]
    if split != "question":
        return "\n\n".join(texts)
    system, question = texts
    persona, _, rest = system.partition("\n\n")
    announced = f'A user has asked the following question:\n"{question}"'
    return f"{persona}\n\n{announced}\n\n{rest}"


# --- rows -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("split", SPLITS)
def test_a_pair_becomes_this_row(split: Split, style: Style) -> None:
    found = chat([(PROMPT, ANSWER)], split=split, style=style)
    assert found == Chat((row(split, style),), ())


@pytest.mark.parametrize("split", SPLITS)
def test_paths_documents_and_values_are_taken(split: Split, tmp_path: Path) -> None:
    prompt, answer = tmp_path / "q.txt", tmp_path / "q_answer.txt"
    prompt.write_bytes(TEXT.encode())
    answer.write_bytes(ANSWER_TEXT.encode())
    pairs: list[tuple[Source, Source]] = [
        (prompt, str(answer)),
        (cnaps.parse(TEXT), cnaps.parse(ANSWER_TEXT)),
        (PROMPT, cnaps.read(answer)),
    ]
    assert chat(iter(pairs), split=split) == Chat((row(split),) * 3, ())


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize(
    "put",
    [
        pytest.param(lambda text: apply(text, "windows-1252").encode(), id="damaged"),
        pytest.param(
            lambda text: apply(apply(text, "windows-1252"), "latin-1").encode(), id="damaged twice"
        ),
        pytest.param(lambda text: text.replace("\n", "\r\n").encode(), id="Windows line ends"),
        pytest.param(lambda text: ("\ufeff" + text).encode(), id="byte order mark"),
        pytest.param(lambda text: f"\n\n{text}\n\n".encode(), id="blank lines around"),
    ],
)
def test_how_a_file_was_saved_makes_no_difference(split: Split, put: object) -> None:
    assert callable(put)
    prompt, answer = cnaps.parse(put(TEXT)), cnaps.parse(put(ANSWER_TEXT))
    assert chat([(prompt, answer)], split=split) == Chat((row(split),), ())


def test_text_of_ones_own_in_an_answer_is_kept() -> None:
    text = ANSWER_TEXT.replace(ANSWER.task, "To see\n\nwhat cannot be seen.")
    (found,) = chat([(PROMPT, cnaps.parse(text))], split="persona").rows
    assert found["messages"][-1]["content"] == text.rstrip("\n")


def test_an_answer_may_leave_out_references_and_say_missing_in_another_word() -> None:
    fewer = evolve(ANSWER, references=ANSWER.references[:1])
    other = cnaps.parse(ANSWER_TEXT.replace("Paper: None", "Paper: N/A"))
    assert len(chat([(PROMPT, fewer), (PROMPT, other)], split="user").rows) == 2


def test_an_older_answer_stays_in_its_wording() -> None:
    text = cnaps.render(cnaps.answer_for(PROMPT, "answer-1"), "answer-1")
    (found,) = chat([(PROMPT, cnaps.parse(text))], split="question").rows
    assert found["messages"][-1]["content"] == text.rstrip("\n")


def test_rows_are_in_the_order_of_the_pairs() -> None:
    prompts = [PromptSpec(Question(f"Why {number}?")) for number in range(5)]
    found = chat([(prompt, cnaps.answer_for(prompt)) for prompt in prompts], split="question")
    assert [row["messages"][1]["content"] for row in found.rows] == [
        prompt.question.text for prompt in prompts
    ]


# --- refused --------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_named_with_its_partner(tmp_path: Path) -> None:
    prompt, answer = tmp_path / "q.txt", tmp_path / "q_answer.txt"
    prompt.write_bytes(TEXT.encode())
    found = chat([(prompt, str(answer)), (str(answer), prompt), (PROMPT, tmp_path)], split="user")
    missing = "cannot be read: No such file or directory"
    assert found == Chat(
        (),
        (
            Refused(str(prompt), str(answer), f"the answer {missing}"),
            Refused(str(answer), str(prompt), f"the prompt {missing}"),
            Refused(None, str(tmp_path), "the answer cannot be read: Is a directory"),
        ),
    )


def test_a_file_that_is_neither_says_where(tmp_path: Path) -> None:
    letter, bytes_ = tmp_path / "letter.txt", tmp_path / "bytes.txt"
    letter.write_text("Dear all,\n", encoding="utf-8")
    bytes_.write_bytes(b"Dear\n\xff")
    assert refusal(letter, ANSWER) == (
        "the prompt, line 1: neither a prompt nor an answer; answer-2 comes nearest"
    )
    assert refusal(PROMPT, bytes_) == (
        "the answer, line 2: byte 0xff at offset 5 is not UTF-8: invalid start byte"
    )


def test_a_value_that_no_file_can_hold_says_which_field() -> None:
    forged = evolve(PROMPT, models=(ModelRef("Kite\nEye"),))
    assert refusal(forged, ANSWER).startswith(
        "the prompt: models[0].name does not fit into prompt-1: it holds a line break"
    )
    broken = evolve(ANSWER, notes=("\udcff",))
    assert refusal(PROMPT, broken).startswith("the answer: notes[0] does not fit into answer-2: ")


def test_the_wrong_kind() -> None:
    assert refusal(ANSWER, PROMPT) == "the prompt is an answer"
    assert refusal(ANSWER, ANSWER) == "the prompt is an answer"
    assert refusal(PROMPT, PROMPT) == "the answer is a prompt"


def test_a_question_that_stands_twice_is_not_taken_out() -> None:
    prompt = cnaps.parse(cnaps.render(evolve(PROMPT, papers=()), "prompt-2"))
    answer = cnaps.answer_for(evolve(PROMPT, papers=()))
    (refused,) = chat([(prompt, answer)], split="question").refused
    assert refused.reason == "the question stands in the prompt twice, and cannot be taken out"
    (row,) = chat([(prompt, answer)], split="persona").rows
    system, user, _ = [message["content"] for message in row["messages"]]
    assert system.startswith("You are an expert AI scientist")
    assert f"{system}\n\n{user}" == prompt.text


def test_an_answer_to_another_question() -> None:
    other = evolve(ANSWER, question=Question("How does a kite\n“see” the wind"))
    assert refusal(PROMPT, other) == "the answer is to another question"


@pytest.mark.parametrize(
    "reference",
    [
        ModelRef("Gust-Net"),
        ModelRef("KiteEye"),
        ModelRef("Kiteeye", github="https://github.com/example/kite-eye"),
        ModelRef("Wind → motion", "https://example.org/wind.pdf", "https://example.org/made-up"),
        ModelRef("Wind → motion", "https://example.org/wind-v2.pdf"),
    ],
)
def test_a_reference_that_the_prompt_does_not_offer(reference: ModelRef) -> None:
    invented = evolve(ANSWER, references=(*ANSWER.references, reference))
    assert refusal(PROMPT, invented) == (
        f"the answer refers to {reference.name!r} as the prompt does not"
    )


def test_damage_that_cannot_be_undone() -> None:
    # One sentence was pasted from a damaged file, so the whole of it is not damaged.
    answer = cnaps.parse(ANSWER_TEXT.replace("subtle", "donâ€™t"))
    assert refusal(PROMPT, answer) == "the answer holds encoding damage that cannot be undone"
    asked = evolve(PROMPT, question=Question("It donâ€™t fly?"))
    reply = cnaps.answer_for(asked)
    assert refusal(asked, reply) == "the prompt holds encoding damage that cannot be undone"


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        (PERSONA, "You are a poet.", {"user"}),
        (f"{PERSONA}\n\n", f"{PERSONA}\n", {"user"}),
        (PERSONA, f"Hello!\n\n{PERSONA}", {"user"}),
        ("A user has asked the following", "The", {"user", "persona"}),
        (f'"{QUESTION}"', f"“{QUESTION}”", {"user", "persona"}),
        (f'"{QUESTION}"', f'" {QUESTION}"', {"user", "persona", "question"}),
        (f'"{QUESTION}"\n', f'"{QUESTION}" (asked on Monday)\n', {"user", "persona"}),
        ("Use **only", "Use **nothing but", {"user", "persona", "question"}),
    ],
)
def test_a_prompt_must_be_worded_as_the_split_needs_it(
    old: str, new: str, taken: set[Split]
) -> None:
    assert old in TEXT
    prompt = cnaps.parse(TEXT.replace(old, new))
    assert isinstance(prompt.value, PromptSpec)
    answer = cnaps.answer_for(prompt.value)
    reasons: dict[Split, str] = {
        "persona": "the first paragraph of the prompt is not its persona",
        "question": "the wording around the question of the prompt is not as generated",
    }
    for split in SPLITS:
        found = chat([(prompt, answer)], split=split)
        if split in taken:
            assert rebuilt(found.rows[0], split, "messages") == prompt.text.strip("\n")
        else:
            assert [refused.reason for refused in found.refused] == [reasons[split]]


@pytest.mark.parametrize("split", SPLITS)
@pytest.mark.parametrize("question", ["", " ", "\n"])
def test_a_prompt_must_ask_something(question: str, split: Split) -> None:
    prompt = evolve(PROMPT, question=Question(question))
    assert refusal(prompt, cnaps.answer_for(prompt), split) == "the prompt asks no question"
    headless = cnaps.parse(TEXT[TEXT.index(INSTRUCTIONS) :])
    assert refusal(headless, cnaps.answer_for(prompt), split) == "the prompt asks no question"


def test_one_bad_pair_does_not_cost_the_others() -> None:
    found = chat([(PROMPT, PROMPT), (PROMPT, ANSWER), ("gone.txt", ANSWER)], split="user")
    assert found.rows == (row("user"),)
    assert [str(refused) for refused in found.refused] == [
        "the answer is a prompt",
        "gone.txt: the prompt cannot be read: No such file or directory",
    ]


def test_a_refused_pair_prints_its_files_whatever_they_are_called() -> None:
    refused = Refused("a\x1b[2J\n.txt", "\udcff.txt", "the answer is a prompt")
    assert str(refused) == r"a\x1b[2J\n.txt and \udcff.txt: the answer is a prompt"


# --- wrong calls ----------------------------------------------------------------------------------


def test_a_split_or_a_style_that_does_not_exist() -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - it says which below
        chat([], split="system")  # type: ignore[arg-type]
    assert str(caught.value) == (
        "split: expected one of 'user', 'persona', 'question', not 'system'"
    )
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        chat([], split="user", style="alpaca")  # type: ignore[arg-type]
    assert str(caught.value) == "style: expected one of 'messages', 'sharegpt', not 'alpaca'"


@pytest.mark.parametrize(
    ("pair", "message"),
    [
        ((TEXT.encode(), ANSWER), "the prompt must be .*, not bytes"),
        ((PROMPT, None), "the answer must be .*, not NoneType"),
        ((PROMPT.question, ANSWER), "the prompt must be .*, not Question"),
    ],
)
def test_anything_else_is_a_type_error(pair: tuple[Source, Source], message: str) -> None:
    with pytest.raises(TypeError, match=f"^{message}$"):
        chat([pair], split="user")


# --- files ----------------------------------------------------------------------------------------


def test_rows_are_written_as_json_lines(tmp_path: Path) -> None:
    found = chat([(PROMPT, ANSWER)] * 2, split="persona")
    line = json.dumps(row("persona"), ensure_ascii=False)
    assert found.dumps() == f"{line}\n{line}\n"
    found.dump(tmp_path / "rows.jsonl")
    assert (tmp_path / "rows.jsonl").read_bytes() == f"{line}\n{line}\n".encode()
    found.dump(str(tmp_path / "rows.jsonl"))
    assert (tmp_path / "rows.jsonl").read_bytes() == f"{line}\n{line}\n".encode()


def test_no_rows_are_no_lines(tmp_path: Path) -> None:
    found = chat([], split="user")
    assert (found, found.dumps()) == (Chat((), ()), "")
    found.dump(tmp_path / "rows.jsonl")
    assert (tmp_path / "rows.jsonl").read_bytes() == b""


def test_all_rows_are_written_or_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    path = tmp_path / "rows.jsonl"
    path.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space left") as caught:
        chat([(PROMPT, ANSWER)], split="user").dump(path)
    assert caught.value.filename == str(path)
    assert path.read_text(encoding="utf-8") == "old\n"
    assert list(tmp_path.iterdir()) == [path]


# --- laws -----------------------------------------------------------------------------------------


@given(TAME.prompts, st.sampled_from(SPLITS), st.sampled_from(STYLES))
def test_nothing_of_a_prompt_or_its_answer_is_lost(
    prompt: PromptSpec, split: Split, style: Style
) -> None:
    answer = cnaps.answer_for(prompt)
    found = chat([(prompt, answer)], split=split, style=style)
    if found.refused:  # the texts hold what looks like damage
        assert found.refused[0].reason.endswith("holds encoding damage that cannot be undone")
        codes = {one.code for one in cnaps.parse(cnaps.render(prompt)).diagnostics}
        assert "CN002" in codes
        return
    (row,) = found.rows
    # Each message is there once, so all that the text says is said once.
    assert cnaps.parse(f"{rebuilt(row, split, style)}\n").value == prompt
    assert f"{rebuilt(row, split, style)}\n" == cnaps.render(prompt)
    reply = [*next(iter(row.values()))[-1].values()][-1]
    assert f"{reply}\n" == cnaps.render(answer)
    assert [*map(json.loads, found.dumps().split("\n")[:-1])] == [row]


@st.composite
def sources(draw: st.DrawFn) -> Source:
    """Draw a half of a pair: a value, a document, often one that somebody edited, or a path."""
    prompt = draw(st.sampled_from([PROMPT, evolve(PROMPT, question=Question("Why?"))]))
    value = draw(st.one_of(st.just(prompt), st.just(cnaps.answer_for(prompt))))
    if draw(st.booleans()):
        return value
    text = draw(st.one_of(st.just(cnaps.render(value)), edited_files()))
    try:
        return cnaps.parse(text)
    except cnaps.ParseError:
        return "gone.txt"


@given(
    st.lists(st.tuples(sources(), sources()), max_size=4),
    st.sampled_from(SPLITS),
    st.sampled_from(STYLES),
)
def test_each_pair_becomes_a_row_or_has_a_reason(
    pairs: list[tuple[Source, Source]], split: Split, style: Style
) -> None:
    found = chat(pairs, split=split, style=style)
    assert len(found.rows) + len(found.refused) == len(pairs)
    assert all(refused.reason and "\n" not in refused.reason for refused in found.refused)
    assert [*map(json.loads, found.dumps().split("\n")[:-1])] == list(found.rows)
    alone = [chat([pair], split=split, style=style) for pair in pairs]
    assert found.rows == tuple(row for one in alone for row in one.rows)
    assert found.refused == tuple(refused for one in alone for refused in one.refused)


@given(edited_files(), st.sampled_from(SPLITS))
def test_of_an_edited_prompt_all_but_blank_lines_is_kept(text: str, split: Split) -> None:
    try:
        prompt = cnaps.parse(text)
    except cnaps.ParseError:
        return
    if isinstance(prompt.value, PromptSpec):
        try:
            answer = cnaps.parse(cnaps.render(cnaps.answer_for(prompt.value)))
        except cnaps.RenderError:
            return
        for row in chat([(prompt, answer)], split=split).rows:
            lines = rebuilt(row, split, "messages").split("\n")
            assert [*filter(None, lines)] == [*filter(None, prompt.text.split("\n"))]
