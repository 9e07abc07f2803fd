"""Files for the command to work on, all of them about one made-up question."""

from __future__ import annotations

import cnaps
from cnaps.damage import apply

PROMPT = cnaps.PromptSpec(
    cnaps.Question("How many apples hang on a tree in one photo?"),
    (cnaps.ModelRef("OrchardEye", github="https://github.com/example/orchard-eye"),),
    (
        cnaps.PaperRef(
            "Counting fruit → from afar",
            "https://example.org/fruit.pdf",
            summary="Leaves hide half of the fruit. We count what shines through.",
        ),
        cnaps.PaperRef("Light ’n’ leaves", "https://example.org/leaves.pdf"),
    ),
)
TEXT = cnaps.render(PROMPT)
LATER_TEXT = cnaps.render(cnaps.PromptSpec(PROMPT.question, PROMPT.models), "prompt-2")
ANSWER = cnaps.render(cnaps.answer_for(PROMPT))
OLD_ANSWER = cnaps.render(cnaps.answer_for(PROMPT, "answer-1"), "answer-1")
DAMAGED = apply(ANSWER, "windows-1252")
EDITED = TEXT.replace(f'"{PROMPT.question.text}"', PROMPT.question.text).replace(
    "Paper: https://example.org/leaves.pdf", "Paper: https://example.org/leaves.pdf\nStars: 12"
)
NEITHER = "Dear all,\nthe apples are ripe.\n"
