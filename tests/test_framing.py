"""What models write around an answer, the question they repeat, and where a text breaks off."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Question, Response

ANSWER = "## Task\n\nRemove rain.\n\n- **Paper:** https://arxiv.org/abs/2102.02808"


class TestBody:
    @pytest.mark.parametrize(
        "preface",
        [
            "Of course. Here is the workflow, with the papers that you named.\n\n",
            "Sure! Here's the answer:\n\n",
            "Sure!\n\n",
            "Certainly! Below is a step-by-step plan:\n",
            "Based on the models and papers provided, here is how the rain goes:\n\n",
            "As an expert in weather, I will plan this with two models.\n\n---\n\n",
            "As an expert in weather, I explain what happens to the rain:\r\n\n",
            "I'll walk you through it.\n\n***\n\n",
            "I’ve put together a plan.\n\n",
            "Let me explain.\n\n",
            "Okay, let's go through this.\r\n\r\n",
            "\n\nHere are the parts of the answer.\n\n",
            "Sure!\n\nHere is the workflow, as you asked.\n\n",
            "Got it! Here you go, with the papers:\n\n",
            "Hello! Please find the answer below.\n\n",
        ],
    )
    def test_a_preface_is_left_out(self, preface: str) -> None:
        response = Response(preface + ANSWER)
        assert response.has_preface
        assert response.body.of(response.source) == ANSWER

    @pytest.mark.parametrize(
        "start",
        [
            "",
            "\n",
            "# Sure\n\n",
            "The rain is removed first.\n\n",
            "Based on its title, MPRNet removes rain in three stages.\n\n",
            "Great care is needed where rain and snow come together.\n\n",
            "As a first step, rain is removed by the model of the prompt.\n\n",
            "I recommend MPRNet: it removes rain in three stages.\n\n",
            "Based on these papers, I would choose the smaller model.\n\n",
            "Here is the paper: https://arxiv.org/abs/2102.02808\n\n",
            "Sure, here is why, in so many words: " + "rain " * 200 + "\n\n",
            "Sure, here is why.\n\nRain is removed first.\n\n",
            "Heretofore nobody removed rain from what I see below.\n\n",
            "Sure!\n\nRain is removed first.\n\n",
        ],
    )
    def test_what_is_no_preface_stays(self, start: str) -> None:
        response = Response(start + ANSWER)
        assert not response.has_preface
        assert response.body.of(response.source) == response.source

    @pytest.mark.parametrize(
        "answer",
        [
            "Task\n====\n\nRain.",
            "Task\r\n----\r\n\r\nRain.",
            "1. Task\n\nRain.",
            "**Task**\n\nRain.",
            "| Rain | Model |\n| --- | --- |\n",
        ],
    )
    def test_all_that_starts_an_answer_can_follow_a_preface(self, answer: str) -> None:
        response = Response(f"Sure! Here is what you asked for:\n\n{answer}")
        assert response.has_preface
        assert response.body.of(response.source) == answer

    @pytest.mark.parametrize(
        "offer",
        [
            "Please let me know if the rain comes back.",
            "Happy to draw a diagram of this!",
            "Let me know if you need the code.",
            "Would you like a diagram of this?",
            "If you'd like, I can draw it as a diagram.",
            "I hope this helps!",
            "---\n\nFeel free to ask for more.\n",
        ],
    )
    def test_an_offer_at_the_end_is_left_out(self, offer: str) -> None:
        response = Response(f"{ANSWER}\n\n{offer}\n")
        assert response.body.of(response.source).rstrip() == ANSWER

    @pytest.mark.parametrize(
        "end",
        [
            "If you want the sharpest picture, use the larger model.",
            "Feel free to read https://arxiv.org/abs/2102.02808.",
            "- Let me know if you need the code.",
            "Let me know.\n\nRain is hard.",
            "The user will let me know.",
        ],
    )
    def test_what_offers_nothing_stays(self, end: str) -> None:
        response = Response(f"{ANSWER}\n\n{end}")
        assert response.body.of(response.source) == response.source

    @pytest.mark.parametrize(
        "thoughts",
        [
            "<think>\nRain? See https://example.org.\n## Not a task\n</think>\n\n",
            "<thinking>Rain.</thinking>",
            "Rain, so MPRNet.\n</think>\n",
            "\n<think></think>\n",
        ],
    )
    def test_thoughts_are_left_out(self, thoughts: str) -> None:
        response = Response(thoughts + ANSWER)
        assert response.thoughts.of(response.source) == thoughts.rstrip()
        assert response.body.of(response.source).lstrip() == ANSWER
        chatty = Response(f"{thoughts}\nSure!\n\n```markdown\n{ANSWER}\n```")
        assert (chatty.has_preface, chatty.is_fenced) == (True, True)
        assert chatty.body.of(chatty.source) == f"{ANSWER}\n"

    def test_thoughts_that_break_off_cut_no_answer_off(self) -> None:
        assert not Response(f"<think>\n```\nRain, so\n</think>\n{ANSWER}").is_truncated

    def test_what_nobody_thought_is_empty(self) -> None:
        assert Response(ANSWER).thoughts == (0, 0)

    def test_of_thoughts_without_end_nothing_is_an_answer(self) -> None:
        response = Response("<think>\nRain, so MPRNet.")
        assert response.thoughts.of(response.source) == response.source
        assert response.body.of(response.source) == ""
        assert response.is_truncated

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("```markdown\n", "\n```"),
            ("```Markdown  \n", "\n```\n\n"),
            ("```md\n", "\n```\n\nThis answer uses the papers provided."),
            ("```\n", "\n```"),
            ("```latex\n", "\n```\n"),
            ("~~~\n", "\n~~~"),
            ("````markdown\n", "\n````\n"),
            ("\n \n  ```text\n", "\n  ```"),
            ("```markdown\n", ""),
            ("Sure! Here it is:\n\n```markdown\n", "\n```\n\nLet me know if it helps!"),
            ("```\n", "\n```\n\n---\n\nWould you like the code as well?"),
        ],
    )
    @pytest.mark.parametrize(
        "inside",
        [
            ANSWER,
            f"{ANSWER}\n\n```python\nrain()\n```\n\nDone.",
            f"{ANSWER}\n\n~~~text\nrain\n~~~",
            f"- Step:\n  ```json\n  {{}}\n  ```\n\n{ANSWER}",
        ],
        ids=["plain", "block", "other marks", "in a list"],
    )
    def test_a_fence_around_all_of_it_is_left_out(self, start: str, inside: str, end: str) -> None:
        response = Response(start + inside + end)
        assert response.is_fenced
        assert response.body.of(response.source).strip() == inside

    @pytest.mark.parametrize("end", ["```", "```\n\nLet me know if it helps!"])
    @pytest.mark.parametrize("blocks", [1, 2])
    def test_a_fence_of_markdown_can_hold_blocks_without_a_name(
        self, blocks: int, end: str
    ) -> None:
        inside = f"{ANSWER}\n\n" + "```\n[Rain] → [Model]\n```\n\nDone.\n" * blocks
        response = Response(f"```markdown\n{inside}{end}")
        assert (response.is_fenced, response.is_truncated) == (True, False)
        assert response.body.of(response.source) == inside

    def test_a_fence_of_markdown_with_a_block_can_be_cut_off(self) -> None:
        inside = f"{ANSWER}\n\n```\n[Rain] → [Model]\n```\n\nDone."
        response = Response(f"```markdown\n{inside}")
        assert (response.is_fenced, response.is_truncated) == (True, True)
        assert response.body.of(response.source) == inside

    def test_of_a_longer_fence_shorter_ones_are_text(self) -> None:
        response = Response("````markdown\n```\nrain\n````\n")
        assert response.body.of(response.source) == "```\nrain\n"

    @pytest.mark.parametrize(
        "source",
        [
            "```\n[Rain] → [Model]\n```\n\nThe picture goes through the model.",
            "```python\nrain()\n```\n\nThis calls the model.",
            f"```\nrain\n```\n\n{ANSWER}\n\n```\nsnow\n```",
            f"```markdown\nrain\n```\n\n{ANSWER * 10}",
            "```markdown\nrain\n```\n\nIt is called so:\n\n```\nrain()\n```",
            "```markdown\nrain\n```\nIt is called so:\n~~~\nrain()\n~~~",
            f"{ANSWER}\n\n```markdown\nrain\n```",
            "`rain`",
            "``` rain ```",
        ],
    )
    def test_blocks_in_an_answer_stay(self, source: str) -> None:
        response = Response(source)
        assert not response.is_fenced
        assert response.body.of(source) == source


ASKED = 'How does the "rain" go — and why?'


class TestQuestion:
    @pytest.mark.parametrize(
        "template",
        [
            '🧠 **User Question:**  \n"{}"\n\n---\n',
            "🧠 **User Question:**  \n“{}”\n",
            'A user has asked the following question:\n"{}"\n',
            'A user asks:\n"{}"\n',
            "A user has asked the following question:\n{}\n",
            "You asked: {}",
            "__Question:__ _{}_",
            "### 1. User Question\n\n> {}\n",
            "1. **Question:** {}",
            '**Question:** "{}"',
            "**Question**: {}",
            "Question: {}",
            "## Question\n\n{}\n\n## Task\n",
            "## User Question\n\n> {}\n",
            "### 🧠 The User’s Question\n\n> “{}”\n",
            "> **Question:** {}\n\nRain.",
            "**User's question**\n> “{}”\n",
            'You asked: "{}"\n',
            'Here is an answer to the question: *"{}"*\n\n## Task\n',
            "**Original Query:** “{}”",
            "<think>Question: Which rain?</think>\nQuestion: {}",
            "# Rain\r\n\r\n**Question:** “{}”\r\n\r\nRain.",
        ],
    )
    def test_of_every_style(self, template: str) -> None:
        response = Response(template.replace("{}", ASKED))
        assert response.question == Question(ASKED)
        assert response.question_span is not None
        assert response.question_span.of(response.source) == ASKED

    def test_can_have_lines(self) -> None:
        quoted = Response('> **Question:**\n> "How does\n> the rain go?"\n')
        assert quoted.question == Question("How does\nthe rain go?")
        plain = Response('**Question:**\n"How does\nthe rain go?"\n')
        assert plain.question == Question("How does\nthe rain go?")

    @pytest.mark.parametrize(
        ("source", "question"),
        [
            ('Question: ""\nwhy?"\n', '"\nwhy?'),
            ('Question: "a question: "b\n\nQuestion: "Why?"\n', "Why?"),
            ('Question: "a\n\nQuestion: “Why?”\n', "Why?"),
            ('Question: “a "b". Question: "Why?"\n', "Why?"),
        ],
    )
    def test_ends_where_quotation_marks_close_at_the_end_of_a_line(
        self, source: str, question: str
    ) -> None:
        assert Response(source).question == Question(question)

    def test_can_follow_a_letter_that_is_two_in_lower_case(self) -> None:
        response = Response('İİ.\n\n**Question:** "How does the rain go?"\n')
        assert response.question == Question("How does the rain go?")

    @pytest.mark.parametrize(
        "source",
        [
            "",
            "question",
            'Question "',
            "Question: rain.",
            "The question of rain.",
            'The question "why" is open.\n\nIt is called "rain"\n',
            "The question “why” is open.",
            'That is a good question. "Rain" is hard.',
            'That is a good question.\n\n"Rain"\n',
            "## Question\n\nThe user wants the rain to go.",
            "## Question 1: What is the input?\n",
            "2024. Question: What is the input?\n",
            '**Question:** "How does\n\nthe rain go?"',
            "Is rain the question: or is it?",
            "## Questions\n\nWhich rain?",
            "rain " * 2_000 + "\nQuestion: Which rain?",
        ],
    )
    def test_what_is_none(self, source: str) -> None:
        response = Response(source)
        assert response.question is None
        assert response.question_span is None


PROSE = "The rain is removed by the first of two models.\n\n"


class TestTruncated:
    @pytest.mark.parametrize(
        "end",
        [
            "[MPRNet](https://arxiv.org/abs/2102.0",
            "[MPRNet](",
            "[MPRNet",
            "\\url{https://arxiv",
            "\\href{https://arxiv.org/abs/2102.02808",
            "\\href{https://arxiv.org/abs/2102.02808}{MPR",
            "<https://arxiv.org/ab",
            "See https:",
            "See https://",
            "See https://arxiv",
            "Rain goes[cite: 6",
            "Rain goes【446†sou",
            "Rain goes:contentReference[oaicite:0]{ind",
            "Rain goes\ue200cite\ue202turn0",
            "The model **MPRNet",
            "The model `MPRNet",
            "The model ``MPR`Net",
            "- **Paper:**\n-",
            "1. Rain\n2.",
            "- rain,",
            "The models are:",
            "This is multi-",
            "It is removed by the",
            "```python\nrain()",
            "```python\nrain()\n```\n\n```json\n{",
            "- Output:\n  ```json\n  {}",
            "It is removed by MPRNet. This takes three",
            "It is removed by the model in three stages and then",
            "> It is removed by the model in three stages and then",
        ],
    )
    def test_is_seen_by_the_end(self, end: str) -> None:
        assert Response(PROSE + end).is_truncated

    @pytest.mark.parametrize(
        "end",
        [
            "",
            "It is removed.",
            "It is **removed**",
            "- [MPRNet](https://arxiv.org/abs/2102.02808)",
            "See https://arxiv.org/abs/2102.02808",
            "Rain goes[cite: 6]",
            "Rain goes【446†source】",
            "MPRNet",
            "---",
            "| a | b |\n|---|---|\n| one of the many | rows of a table that end so",
            "## What all of this means for the rain in pictures",
            "```python\nrain()\n```",
            "```markdown\n```python\nrain()\n```\n```",
            "````markdown\n```python\nrain()\n```\n````",
            "```python\nrain()\n````",
            "The model ``MPR`Net``",
            "Rain goes\ue200cite\ue202turn0search1\ue201",
            "- The model removes rain from pictures in three stages",
            "- It is removed by a model as in arXiv:2102.02808",
            "It is removed by a model as in https://github.com/swz30/MPRNet",
            "雨は三つの段階で取り除かれる",
            "O(n**2)",
        ],
    )
    def test_is_not_seen_by_what_may_well_be_the_end(self, end: str) -> None:
        assert not Response(PROSE + end).is_truncated

    def test_lists_are_compared_with_lists(self) -> None:
        items = ["- The first model removes the rain from all pictures", "- The second one rests"]
        open_ended, closed = "\n".join(items), ".\n".join(items)
        last = "\n- The third model makes the pictures larger by two"
        assert not Response(PROSE + open_ended + last).is_truncated
        assert Response(PROSE + closed + last).is_truncated

    @pytest.mark.parametrize("source", ["", "\n", "Rain", "This is all that there is to say here"])
    def test_without_anything_to_compare_with(self, source: str) -> None:
        assert not Response(source).is_truncated


@given(
    st.lists(
        st.sampled_from(
            [
                *("```", "````", "~~~", "markdown", "python", "\n", "\r\n", " ", "- ", "1. ", "> "),
                *("Sure!", "Here is it", "Let me know", "<think>", "</think>", "---", "# ", "**"),
                *("Question:", "question", '"', "“", "”", "?", "[", "](", "https://", "`", "rain"),
            ]
        )
    ).map("".join)
)
def test_spans_lie_in_the_text(source: str) -> None:
    response = Response(source)
    for span in filter(None, (response.body, response.question_span)):
        assert 0 <= span.start <= span.end <= len(source)
    if response.is_fenced:
        assert "```" in source[: response.body.start] or "~~~" in source[: response.body.start]


@pytest.mark.parametrize(
    "piece",
    [
        *("```\n", "```a\n", "```a", "`", "~~~\n~~~~\n", "- ", "- ```\n", "> ", "1. "),
        *("\n", " ", "\t\n", "\r", "---\n", "***\n", "Sure! ", "Sure!\n", "I ", "here is "),
        *("Let me know\n", "Let me know", "If you want I ", "<think>", "</think", "</think>"),
        *('question "', 'question:\n"', "question: “", "Question:\n", "question:", "the ", '"\n'),
        *("](", "[", "**a", "http", "https://a", "\\url{", "word ", "word. ", "- word " * 9 + "\n"),
        *("a b c d e f g h\n", "##", "|", "【"),
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    response = Response(piece * (300_000 // len(piece)))
    start = process_time()
    assert len(response.body.of(response.source)) + response.is_truncated >= 0
    assert response.question_span is None or response.question_span.start < 8_000
    assert process_time() - start < 5
