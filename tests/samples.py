"""A prompt and its answers that the tests of files start from."""

from __future__ import annotations

from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, answer_for

PROMPT = PromptSpec(
    Question('Which "net" takes rain out of a video,\nand how?'),
    models=(ModelRef("Derain-Net-Large", None, "https://github.com/example/derain"),),
    papers=(
        PaperRef(
            "Rain, $\\alpha$ and streaks: a study",
            "https://arxiv.org/abs/2101.00001v2",
            None,
            "We look at  rain in {videos}.",
        ),
        PaperRef(
            "Snow∗",
            "http://arxiv.org/pdf/2101.00002v1.pdf",
            "https://gitlab.com/example/snow/tree/main/src",
            "Snow falls – slowly.",
        ),
    ),
)
# One of the models has all links, as no papers are there to have them.
LATER_PROMPT = PromptSpec(
    PROMPT.question,
    models=(
        *PROMPT.models,
        ModelRef(
            "Snow∗, $\\alpha$ *and* ice",
            "http://arxiv.org/pdf/2101.00002v1.pdf",
            "https://gitlab.com/example/snow/tree/main/src",
        ),
        ModelRef("Hail"),
    ),
)
ANSWERS: dict[str, Answer] = {name: answer_for(PROMPT, name) for name in ("answer-1", "answer-2")}

# What files of each dialect say.
PROMPTS: dict[str, PromptSpec] = {"prompt-1": PROMPT, "prompt-2": LATER_PROMPT}
SAMPLES: dict[str, PromptSpec | Answer] = {**PROMPTS, **ANSWERS}
