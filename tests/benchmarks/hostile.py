"""Inputs made to be expensive: a unit of text repeated to any size, bare or inside a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import cnaps
from cnaps import damage

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["CASES", "SWEEP", "Hostile"]

_CHUNK = 1 << 16


class Hostile(NamedTuple):
    """A family of files: `before`, then `unit` as often as fits, then `after`."""

    name: str
    before: bytes
    unit: bytes
    after: bytes = b""

    def write(self, path: Path, size: int) -> None:
        """Write the file of about `size` bytes, in chunks: the writer must stay small."""
        fixed = len(self.before) + len(self.after)
        count = max(1, (size - fixed) // len(self.unit))
        many = max(1, _CHUNK // len(self.unit))
        chunk = self.unit * many
        with path.open("wb") as file:
            file.write(self.before)
            for _ in range(count // many):
                file.write(chunk)
            file.write(self.unit * (count % many))
            file.write(self.after)


# --- places ---------------------------------------------------------------------------------------

_QUESTION = cnaps.Question("@question")
_PROMPT = cnaps.render(
    cnaps.PromptSpec(
        _QUESTION, (cnaps.ModelRef("@model"),), (cnaps.PaperRef("@title", summary="@summary"),)
    )
)
_ANSWER = cnaps.render(
    cnaps.Answer(
        _QUESTION,
        "@task",
        cnaps.Workflow("@input", "@process", "@output"),
        (cnaps.ModelRef("@reference"),),
        ("@note",),
    )
)
_OLD_ANSWER = cnaps.render(
    cnaps.Answer(
        _QUESTION,
        "@task",
        cnaps.Workflow("@input", "@process", "@output"),
        (cnaps.ModelRef("@reference"),),
        ("@note",),
    ),
    "answer-1",
)

_LATER_PROMPT = cnaps.render(cnaps.PromptSpec(_QUESTION, (cnaps.ModelRef("@model"),)), "prompt-2")

# What stands before and after the units, by the place they are put in.
_PLACES: dict[str, tuple[str, str]] = {
    "bare": ("", ""),
    "before a prompt": ("", f"\n{_PROMPT}"),
    "after a prompt": (_PROMPT, ""),
    "after an answer": (_ANSWER, ""),
}


def _place(name: str, text: str, mark: str) -> None:
    before, found, after = text.partition(mark)
    assert found, mark
    _PLACES[name] = before, after


_place("question", _PROMPT, "@question")
_place("models", _PROMPT, "Model: @model\nPaper: None\n\n")
_place("model name", _PROMPT, "@model")
_place("papers", _PROMPT, "Model: @title\nPaper: None\nSummary: @summary\n\n")
_place("summary", _PROMPT, "@summary")
_place("later question", _LATER_PROMPT, "@question")
_place("question again", _LATER_PROMPT.replace("@question", "Why?", 1), "@question")
_place("later models", _LATER_PROMPT, "- **@model**\n  Paper: None\n\n")
_place("later model name", _LATER_PROMPT, "@model")
_place("answer question", _ANSWER, "@question")
_place("task", _ANSWER, "@task")
_place("input", _ANSWER, "@input")
_place("output", _ANSWER, "@output")
_place("references", _ANSWER, "- **Model**: @reference\n  - Paper: None\n  - GitHub: None\n")
_place("notes", _ANSWER, "@note")
_place("revision-1 output", _OLD_ANSWER, "@output")
_place("revision-1 notes", _OLD_ANSWER, "@note")


def _in(place: str, unit: str, name: str | None = None, end: str = "") -> Hostile:
    before, after = _PLACES[place]
    return Hostile(
        f"{place}: {name or _shown(unit)}", before.encode(), unit.encode(), (end + after).encode()
    )


def _shown(unit: str) -> str:
    return unit.encode("unicode_escape").decode() if len(unit) <= 40 else f"{_shown(unit[:36])}…"


# --- damage ---------------------------------------------------------------------------------------


def _damaged(hostile: Hostile, times: int = 1) -> Hostile:
    """The same file, read as windows-1252 and saved as UTF-8 again, so many times."""
    texts = [part.decode() for part in hostile[1:]]
    for _ in range(times):
        texts = [damage.apply(text, "windows-1252") for text in texts]
    before, unit, after = (text.encode() for text in texts)
    return Hostile(f"{hostile.name}, damaged {times} ×", before, unit, after)


def _broken(hostile: Hostile) -> Hostile:
    return hostile._replace(name=f"{hostile.name}, invalid end", after=hostile.after + b"\xff")


# --- cases ----------------------------------------------------------------------------------------

_SENTENCE = "The encoder ranks “sparse” echoes — without labels; "
_ENTRY = "Model: Lens\nPaper: None\n\n"
_PAPER = f"Model: Lens\nPaper: None\nSummary: {_SENTENCE * 20}done.\n\n"
_ITEM = "- **Lens**\n  Paper: None\n\n"
_REFERENCE = "- **Model**: Lens\n  - Paper: None\n  - GitHub: None\n"
_ENDS = "\n\r\n\r"
_MOJIBAKE = "â€™"
_WORDING = "".join(
    line
    for line in f"{_PROMPT}{_LATER_PROMPT}\n{_ANSWER}".splitlines(keepends=True)
    if "@" not in line
)

# Measured up to the full size.
CASES: tuple[Hostile, ...] = (
    # Neither a prompt nor an answer.
    _in("bare", "a"),
    _in("bare", " "),
    _in("bare", '"'),
    _in("bare", "#"),
    _in("bare", "---\n"),
    _in("bare", "\n"),
    _in("bare", "\r\n"),
    _in("bare", "\r"),
    _in("bare", _ENDS),
    _in("bare", "Model: x\n"),
    _in("bare", "Model: \n"),
    _in("bare", "### Related Papers:\n"),
    _in("bare", _MOJIBAKE),
    _in("bare", f"{_MOJIBAKE}\n"),
    _in("bare", _WORDING, "all wording"),
    # Hard to find links and marks in.
    _in("bare", "[", end="](https://example.org/rain)"),
    _in("bare", "]("),
    _in("bare", "[a]("),
    _in("bare", "[a](<"),
    _in("bare", "![a]("),
    _in("bare", "[a](https://example.org/rain) "),
    _in("bare", "https://example.org/"),
    _in("bare", "https://example.org/rain_(", "https://example.org/rain_("),
    _in("bare", "arXiv:2101.00002 "),
    _in("bare", "- **Lens**: https://arxiv.org/abs/2101.00002\n"),
    _in("bare", "[1]: https://example.org/\n"),
    _in("bare", "Paper: "),
    _in("bare", "Paper: example.org/rain\n"),
    _in("bare", "[cite: 1"),
    _in("bare", "[cite_start]Lens[cite: 1]"),
    _in("bare", "【1†"),
    _in("bare", "\ue200"),
    _in("bare", "\\href{"),
    _in("bare", "\\href{https://example.org/a}{", "\\href{…}{"),
    _in("bare", "a", "a long label", "](https://example.org/rain)"),
    _in("bare", "a "),
    _in("bare", "a-a-a-b "),
    _in("bare", "Lens-2 Lens "),
    _in("bare", "**"),
    _in("bare", "“"),
    _in("bare", 'Question: "'),
    _in("bare", "> "),
    # Exact, only large.
    _in("question", _SENTENCE, "one long line"),
    _in("models", _ENTRY),
    _in("papers", _PAPER, "papers with summaries"),
    _in("summary", _SENTENCE, "one long line", "done."),
    _in("references", _REFERENCE),
    _in("later models", _ITEM),
    # Prompts that deviate.
    _in("question", "\n"),
    _in("question", "\r\n"),
    _in("question", "\r"),
    _in("question", _ENDS),
    _in("question", '"'),
    _in("question", " "),
    _in("question", "Model: \n"),
    _in("question", "### Related Papers:\n"),
    _in("question", _MOJIBAKE),
    _in("models", "Model: x\n"),
    _in("models", "Model: \n"),
    _in("models", "Paper: None\n"),
    _in("models", "Model: x\nVenue: y\n"),
    _in("models", "Venue: y\n"),
    _in("models", "Venue: y\n\n"),
    _in("models", "\n"),
    _in("models", "---\n"),
    _in("models", "#", end="\n"),
    _in("model name", " "),
    _in("papers", "### Related Papers:\n"),
    _in("papers", "Model: x\n\nVenue: y\n"),
    _in("summary", "line\n"),
    _in("summary", "Summary: \n"),
    _in("summary", " \n"),
    _in("summary", "# "),
    _in("summary", _MOJIBAKE),
    _in("summary", "SÃO ÉTÉ "),
    _in("after a prompt", "Thanks.\n"),
    _in("before a prompt", "Thanks.\n"),
    _in("later question", "A user asks:\n"),
    _in("later question", "# "),
    _in("question again", '"\n'),
    _in("question again", "#\n"),
    _in("later models", "- **x**\n"),
    _in("later models", "- x\n"),
    _in("later models", "- ****\n"),
    _in("later models", "- ** x\n"),
    _in("later model name", "** "),
    _in("later model name", "**"),
    # Answers that deviate.
    _in("task", "---\n"),
    _in("input", "- **Input**: x\n"),
    _in("output", "line\n"),
    _in("references", "- **Model**: x\n"),
    _in("references", "- Venue: x\n"),
    _in("notes", "A paragraph.\n\n"),
    _in("notes", "xy\n"),
    _in("revision-1 notes", "A paragraph.\n\n---\n\n"),
    # Damaged, and broken.
    _damaged(_in("summary", _SENTENCE, "one long line", "done.")),
    _damaged(_in("notes", "A “paragraph”.\n\n")),
    _damaged(_in("models", "Model: “x”\r\n")),
    _damaged(_in("summary", "“"), 8),
    _broken(_in("summary", _SENTENCE, "one long line", "done.")),
    _broken(_in("bare", "\r\n")),
)

_FILLS = (
    *("a", "word ", " ", "\t", " \n", "\n", "\r\n", "\r", _ENDS, "x\n", "x\n\n", "\x0c", "\x00"),
    *('"', '"\n', "“", "'", "#", "# ", "*", "**", "_", "-", "---", "---\n", "\n---\n\n", ">\n"),
    *("1. ", "1.", "- ", "-\n", "`", "```\n", ":", ": ", "a:", "a: ", "A:\n", "Aa: b\n", "Aa"),
    *("Model", "Model ", "Model:", "Model: ", "Model: x\n", "Model: \n", "Model: x\n\n"),
    *("Paper: None\n", "GitHub: x\n", "Summary: ", "Summary: \n", "Summary: x\ny\n\n"),
    *("Model: x\nVenue: y\n", "Venue: y\n", "Venue: y\n\n", "Model: x\nPaper: y\nPaper: z\n"),
    *("Answer", "Answer:\n", "### Related Papers:\n", "### Recommended AI Models:\n", "###\n"),
    *("Related ", "Related Papers", "You are an AI scientist.\n", "You are ", "Use only the "),
    *("- **x**\n", "- x\n", "- **", "** ", "A user asks:\n", "# A user asks:\n# "),
    *("- **Model**: x\n", "- **Model:** x\n", "  - Paper: x\n", "- **Input**: x\n"),
    *("- The **input** x\n", "- The **model** x\n", "The ", "*The ", "Input → ", "- **Output**:"),
    *(_MOJIBAKE, f"{_MOJIBAKE}\n", "Ã", "Ã©", "Â ", "â", "â€", "\x80", "\x9d", "SÃO ", "é", "éa"),
    *("\ufeff", "ï»¿", "\u2028", "\u0085", "\u00a0", "\ufffd", "→", "🧠", "ΓåÆ", "中", "\u0301"),
    _WORDING,
)

# Every fill in every place, at sizes that show what grows too fast.
SWEEP: tuple[Hostile, ...] = tuple(_in(place, fill) for place in _PLACES for fill in _FILLS)
