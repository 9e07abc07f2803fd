"""Hypothesis strategies that reach the values and files which break parsers.

Every text can hold line ends of all kinds, the formats' own wording, characters that some
libraries take for line ends, lone surrogates, and text that looks like encoding damage.
"""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING, TypeVar

import attrs
import ftfy.bad_codecs  # noqa: F401 - registers the tolerant codecs
from hypothesis import strategies as st

import cnaps
from cnaps.dialects import DIALECTS
from cnaps.wording import wording_lines

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

T = TypeVar("T")
FileValue = TypeVar("FileValue", cnaps.PromptSpec, cnaps.Answer, cnaps.PromptSpec | cnaps.Answer)

WORDING = sorted(
    {line for d in DIALECTS.values() for s in d.sections for line in wording_lines(s.wording)}
)

FRAGMENTS = [
    *WORDING,
    *("Model: ", "Paper: ", "GitHub: ", "Summary: ", "Answer:", "Venue: ECCV"),
    *("- **Model**: ", "- **Model:** ", "  - Paper: ", "  - GitHub: ", "- **Input**: "),
    *("- The **input** ", "- The **model** ", "---", "***", "```", "# ", "> "),
    *("- **", "**", "- **x**", "  Paper: ", "  GitHub: ", "#", '# "'),
    *("None", "N/A", "n/a", "none", ""),
    *('"', "“", "”", "’", "'", "\\", "*", "_", "|", "<", "&", "{", "%s", "{0}"),
    *("\n", "\n\n", "\r\n", "\r", " ", "  ", "\t", "\u00a0", "\u3000"),
    *("\u2028", "\u2029", "\u0085", "\x0b", "\x0c", "\x1c", "\x00", "\x1a", "\ufeff", "\ufffd"),
    *("→", "🧠", "α", "ā", "∗", "×", "é", "中", "𝔸", "$α$-NeuS", "Occ$^2$Net"),
    *("â€™", "â†’", "Ã©", "Ã¢â€ â€™", "ΓåÆ", "ðŸ§\xa0", "Â ", "Œ"),
    *("\ud800", "\udc80", "\udfff"),
    "https://arxiv.org/abs/2101.00001v2",
]

CODECS = ("sloppy-windows-1252", "latin-1", "cp437")
DAMAGES = [*product(CODECS, repeat=1), *product(CODECS, repeat=2)]


def texts() -> SearchStrategy[str]:
    """Any text, often made of what the formats are made of."""
    pieces = st.one_of(st.sampled_from(FRAGMENTS), st.text(max_size=8), st.text("ab c", max_size=4))
    usual = st.one_of(
        st.text("abcdefgh ijkl", min_size=1, max_size=20).map(str.strip),
        st.lists(pieces, max_size=6).map("".join),
        st.text(max_size=30),
    )
    # Huge ones are rare: a value has many texts.
    return st.sampled_from(range(200)).flatmap(lambda roll: usual if roll else huge_texts())


def huge_texts() -> SearchStrategy[str]:
    """One fragment over and over, for 100,000 characters."""
    return st.sampled_from(FRAGMENTS).map(lambda piece: piece * (100_000 // (len(piece) or 1)))


def lines() -> SearchStrategy[str]:
    """Text that a field of one line can hold."""
    return texts().map(
        lambda text: "x" + "".join(c for c in text if c not in "\r\n" and c.isprintable()) + "yz12"
    )


def links() -> SearchStrategy[str | None]:
    """A link that a file can hold, or None."""
    return st.one_of(st.none(), st.just("https://arxiv.org/pdf/2101.00001v1.pdf"), lines())


class Values:
    """Strategies of the six classes over one choice of texts and links."""

    def __init__(self, text: SearchStrategy[str], link: SearchStrategy[str | None]) -> None:
        self.questions = st.builds(cnaps.Question, text)
        self.models = st.builds(cnaps.ModelRef, text, link, link)
        self.papers = st.builds(cnaps.PaperRef, text, link, link, st.one_of(st.none(), text))
        self.workflows = st.builds(cnaps.Workflow, text, text, text)
        self.prompts = st.builds(
            cnaps.PromptSpec, self.questions, _tuples(self.models, 3), _tuples(self.papers, 4)
        )
        self.answers = st.builds(
            cnaps.Answer,
            self.questions,
            text,
            self.workflows,
            _tuples(self.models, 5),
            _tuples(text, 3),
        )

    def of_kind(self, kind: str) -> SearchStrategy[cnaps.PromptSpec | cnaps.Answer]:
        """The values that files of a kind hold."""
        return self.prompts if kind == "prompt" else self.answers


def _tuples(items: SearchStrategy[T], size: int) -> SearchStrategy[tuple[T, ...]]:
    return st.lists(items, max_size=size).map(tuple)


HOSTILE = Values(texts(), st.one_of(st.none(), texts()))
TAME = Values(lines(), links())


def dialects(kind: str) -> SearchStrategy[str]:
    """The names of the dialects of a kind."""
    return st.sampled_from([name for name, dialect in DIALECTS.items() if dialect.kind == kind])


def fitting(value: FileValue, dialect: str) -> FileValue:
    """The value without the fields that a dialect has no place for."""
    return attrs.evolve(value, **DIALECTS[dialect].absent)


def derived_answers() -> SearchStrategy[cnaps.Answer]:
    """Answers as generated: the constant wording of a dialect, and what follows from a prompt."""
    return st.builds(cnaps.answer_for, TAME.prompts, dialects("answer"))


@st.composite
def files(draw: st.DrawFn) -> str:
    """The text of a file that holds a value, in any dialect."""
    prompt = draw(TAME.prompts)
    if draw(st.booleans()):
        dialect = draw(dialects("prompt"))
        return cnaps.render(fitting(prompt, dialect), dialect)
    dialect = draw(dialects("answer"))
    return cnaps.render(cnaps.answer_for(prompt, dialect), dialect)


@st.composite
def edited_files(draw: st.DrawFn) -> str:
    """A file after somebody had a go at it: lines dropped, doubled, moved, and text put in."""
    found = draw(files()).split("\n")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(found) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "indent", "insert"])):
            case "drop" if len(found) > 1:
                del found[at]
            case "double":
                found.insert(at, found[at])
            case "swap":
                found[at - 1], found[at] = found[at], found[at - 1]
            case "indent":
                found[at] = f"  {found[at]} "
            case _:
                found.insert(at, draw(texts()))
    return "\n".join(found)


@st.composite
def files_with_other_words(draw: st.DrawFn) -> str:
    """A file in which missing links, and some that are not, are said in words of all kinds."""
    words = st.sampled_from(["None", "N/A", "none", "n/A", "Nonesuch", "N/A.", "None "])

    def link(found: re.Match[str]) -> str:
        return found[1] + draw(words | st.just(found[2]))

    text = re.sub(r"(?m)^( *- Paper: |Paper: | *- GitHub: |GitHub: )(.*)$", link, draw(files()))
    if draw(st.booleans()):
        text = re.sub(r"(?m)^(Paper: .*\n)(?!GitHub: )", rf"\1GitHub: {draw(words)}\n", text)
    return text


def damaged(text: str, codecs: tuple[str, ...]) -> str:
    """The text after its UTF-8 was read in each of the encodings, one after the other."""
    for codec in codecs:
        text = text.encode("utf-8").decode(codec)
    return text


def newlines() -> SearchStrategy[str]:
    """The line ends of a file."""
    return st.sampled_from(["\n", "\r\n", "\r"])
