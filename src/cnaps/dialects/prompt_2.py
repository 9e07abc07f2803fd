"""The later prompt, which asks for a workflow of several models and offers no papers.

The generator commented out an older wording with `# ` and left it in the text that it sends: hence
the question that stands twice, and the lines with nothing but a `#`.
"""

from __future__ import annotations

from cnaps.dialects.parts import Dialect, Echo, Entries, Field, Quoted, Section
from cnaps.values import ModelRef, PromptSpec

__all__ = ["PROMPT_2"]

PROMPT_2 = Dialect(
    name="prompt-2",
    kind="prompt",
    type=PromptSpec,
    sections=(
        Section(
            "You are an expert AI scientist and architect of a CNAPS\N{NON-BREAKING HYPHEN}style"
            " multi\N{NON-BREAKING HYPHEN}module workflow.  \n"
            "Here, CNAPS means a **synapse\N{NON-BREAKING HYPHEN}like branching network** of AI"
            " models working together—not a simple linear pipeline.\n\n"
            "A user asks:\n",
            Quoted("question"),
        ),
        Section(
            "\n\n**Using ONLY the provided models and papers in the context below, answer the"
            " following in full detail.**  \n"
            "You do **not** need to use all listed models—only those that are clearly relevant to"
            " the user's goal.\n\n"
            "---\n\n"
            "## 1. Core Task  \n"
            "Summarize what the user wants to achieve in one or two sentences.  \n"
            "List any sub-goals involved (e.g., structure preservation, texture realism, style"
            " matching).\n\n"
            "---\n\n"
            "## 2. CNAPS-style Workflow  \n"
            "Design a **high-level synaptic workflow** that clearly shows branching, merging, or"
            " conditional paths.  \n"
            "Your answer **must include all 3 parts below**:\n\n"
            "---\n\n"
            "### A. High-Level Overview  \n"
            "Explain how the system works in natural language:  \n"
            "What flows in, how it branches, what gets combined, and what comes out.\n\n"
            "---\n\n"
            "### B. Visual Flow Diagram (block-style, text-based)  \n"
            "Use a simple visual flow chart using boxed steps, arrows, and indentation.  \n"
            "Use this style:\n"
            "# Here, CNAPS means a **synapse\N{NON-BREAKING HYPHEN}like branching network** of AI"
            " models working together—not a simple linear pipeline.\n\n"
            "# A user asks:\n",
            Echo("question", "# "),
        ),
        Section(
            "\n\n# **Using ONLY the provided models and papers in the context below, do the"
            " following:**\n\n"
            "# 1. **Identify the core task or goal** implied by the user’s request.  \n"
            "# 2. **Design a CNAPS-style synaptic workflow**:\n"
            "#    - Describe how input is routed to one or more modules.\n"
            "#    - Explain how modules branch, interact, merge, or loop.\n"
            "#    - Define each module’s intermediate and final output formats/include examples.\n"
            "# 3. **Justify your design** with references to the papers and tools (include GitHub"
            " or ArXiv links listed).\n\n"
            "# \n"
            "### Recommended AI Models:\n",
            Entries(
                "models",
                ModelRef,
                (
                    Field("name", "- **", suffix="**"),
                    Field("paper", "  Paper: ", optional=True, missing="None"),
                    Field("github", "  GitHub: ", optional=True),
                ),
                close="\n",
            ),
        ),
        Section("\nAnswer:\n#"),
    ),
)
