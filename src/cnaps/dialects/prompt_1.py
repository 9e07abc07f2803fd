"""The prompt that a retrieval pipeline hands to a language model."""

from __future__ import annotations

from cnaps.dialects.parts import Dialect, Entries, Field, Quoted, Section
from cnaps.values import ModelRef, PaperRef, PromptSpec

__all__ = ["PROMPT_1"]

_PAPER = Field("paper", "Paper: ", optional=True, missing="None")
_GITHUB = Field("github", "GitHub: ", optional=True)

PROMPT_1 = Dialect(
    name="prompt-1",
    kind="prompt",
    type=PromptSpec,
    sections=(
        Section(
            "You are an AI scientist.\n\nA user has asked the following question:\n",
            Quoted("question"),
        ),
        Section(
            "\n\nBased on the following recommended models, explain:\n\n"
            "1. What task the user is trying to perform.\n"
            "2. How the model(s) would work in a CNAPS AI-like workflow"
            " (input → model → output).\n"
            "3. List relevant papers and tools (with GitHub or ArXiv links)"
            " that support your answer.\n\n"
            "Use **only the provided models and papers**. Do not refer to outside sources.\n\n"
            "### Recommended AI Models:\n",
            Entries("models", ModelRef, (Field("name", "Model: "), _PAPER, _GITHUB), close="\n"),
        ),
        Section(
            "### Related Papers:\n",
            Entries(
                "papers",
                PaperRef,
                (
                    # The label says model, the value is the title of a paper: so it is written.
                    Field("title", "Model: "),
                    _PAPER,
                    _GITHUB,
                    Field("summary", "Summary: ", optional=True, multiline=True),
                ),
                close="\n",
            ),
        ),
        Section("\nAnswer:\n"),
    ),
)
