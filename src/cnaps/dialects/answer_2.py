"""The rendered answer, in the wording used since the second revision."""

from __future__ import annotations

from cnaps.dialects.parts import Dialect, Entries, Field, Paragraphs, Prose, Quoted, Record, Section
from cnaps.values import Answer, ModelRef, Workflow

__all__ = ["ANSWER_2"]

ANSWER_2 = Dialect(
    name="answer-2",
    kind="answer",
    type=Answer,
    sections=(
        Section("🧠 **User Question:**  \n", Quoted("question")),
        Section(
            "\n\n---\n\n### 1. What task is the user trying to perform?\n\n",
            Prose(
                "task",
                "The user is trying to understand how the provided AI model(s) solve a specific"
                " perception or generation task based on limited input information. This involves"
                " interpreting how the model infers the correct output from subtle or indirect"
                " cues.",
            ),
        ),
        Section(
            "\n\n---\n\n### 2. How does the model work in a CNAPS AI-like workflow?\n\n"
            "**Input → Model → Output**  \n",
            Record(
                "workflow",
                Workflow,
                (
                    Field("input", "- **Input**: "),
                    Field("model", "- **Model**: "),
                    Field("output", "- **Output**: "),
                ),
                Workflow(
                    input="Structured data such as a single image, text prompt, video frame, or"
                    " scene description.",
                    model="The listed models process this input using learned feature"
                    " representations (e.g., convolutional networks, transformer-based encoders,"
                    " or diffusion models), sometimes guided by prompts or auxiliary data like"
                    " depth maps or pose.",
                    output="The model generates a structured output (e.g., video, segmentation"
                    " map, depth estimation, classification tag) aligned with the task objective"
                    " and training distribution.",
                ),
            ),
        ),
        Section(
            "\n---\n\n### 3. Referenced Models and Tools\n\n",
            Entries(
                "references",
                ModelRef,
                (
                    Field("name", "- **Model**: "),
                    Field("paper", "  - Paper: ", optional=True, missing="None"),
                    Field("github", "  - GitHub: ", optional=True, missing="None"),
                ),
            ),
        ),
        Section(
            "\n",
            Paragraphs(
                "notes",
                "\n\n",
                (
                    (
                        "Each of the models listed plays a distinct role in handling this task,"
                        " whether by improving accuracy, speed, semantic understanding, or handling"
                        " ambiguous edge cases."
                    ),
                    (
                        "The response is entirely based on the models and papers provided in the"
                        " prompt."
                    ),
                ),
            ),
        ),
        Section("\n"),
    ),
)
