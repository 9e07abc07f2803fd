"""The rendered answer, in the wording of the first revision."""

from __future__ import annotations

from cnaps.dialects.parts import Dialect, Entries, Field, Paragraphs, Prose, Quoted, Record, Section
from cnaps.values import Answer, ModelRef, Workflow

__all__ = ["ANSWER_1"]

ANSWER_1 = Dialect(
    name="answer-1",
    kind="answer",
    type=Answer,
    sections=(
        Section("🧠 **User Question:**  \n", Quoted("question")),
        Section(
            "\n\n---\n\n### 1. What task is the user trying to perform?\n",
            Prose(
                "task",
                "The user is trying to understand how a model achieves a particular behavior in a"
                " real-world scenario, such as tracking, generation, or classification. Based on"
                " the question, the task likely falls under one of the following categories:"
                " object tracking, image-to-video generation, pose-to-motion conversion, or"
                " content moderation.",
            ),
        ),
        Section(
            "\n\n---\n\n### 2. How does the model work in a CNAPS AI-like workflow?\n\n"
            "**Input → Model → Output**:\n",
            Record(
                "workflow",
                Workflow,
                (
                    Field("input", "- The **input** "),
                    Field("model", "- The **model** "),
                    Field("output", "- The **output** "),
                ),
                Workflow(
                    input="is typically a static image, text description, sketch, or video"
                    " sequence.",
                    model="processes the input using its architecture (e.g., diffusion,"
                    " transformer, CNN), guided by the pretrained features or control signals"
                    " like pose, semantics, or spatial constraints.",
                    output="is a video, prediction label, mask, or stylized version of the input"
                    " that reflects learned distributions from the training set.",
                ),
            ),
        ),
        Section(
            "\n---\n\n### 3. Models and Tools Referenced\n\n",
            Entries(
                "references",
                ModelRef,
                (
                    Field("name", "- **Model:** "),
                    # The generator copied a prompt's "Paper: None" and filled in only what a
                    # prompt leaves out, so the two links say "missing" in different words.
                    Field("paper", "  - Paper: ", optional=True, missing="None"),
                    Field("github", "  - GitHub: ", optional=True, missing="N/A"),
                ),
            ),
        ),
        Section(
            "\n",
            Paragraphs(
                "notes",
                "\n\n---\n\n",
                (
                    (
                        "These models are tailored to their specific tasks. For example, video"
                        " generation models use temporal consistency modules, while tracking models"
                        " use attention or re-ID embeddings to focus on consistent targets."
                    ),
                    (
                        "Each model contributes specific capabilities to solve the user's task"
                        " efficiently within the CNAPS framework."
                    ),
                ),
            ),
        ),
        Section("\n"),
    ),
)
