"""Values and documents, over texts that a format, a terminal or an encoding may stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import assume
from hypothesis import strategies as st

import cnaps
from tests import strategies

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from cnaps.serializers._shapes import Value

_FRAGMENTS = [
    *("\ud83d", "\ude00", "😀", r"\ud83d\ude00", r"\n", "\\", '"', "/", "\0", "\x1b[31m", "\x7f"),
    *('{"type": "Answer"}', "null", "NaN", "'''", '"""', "---\n", "- a: &b\n", "!!python/none"),
]


def texts() -> SearchStrategy[str]:
    """Any text, often made of what the formats escape, or of what they are made of."""
    escaped = st.lists(st.sampled_from(_FRAGMENTS), max_size=6).map("".join)
    return escaped | strategies.texts()


def values() -> SearchStrategy[Value]:
    """Values of all six classes."""
    return _values(texts())


def encodable_values() -> SearchStrategy[Value]:
    """The same without lone surrogates, which many formats cannot hold."""
    return _values(texts().map(lambda text: text.encode(errors="replace").decode()))


def tame_values() -> SearchStrategy[Value]:
    """Values that no format stumbles over."""
    return _values(strategies.lines())


def _values(text: SearchStrategy[str]) -> SearchStrategy[Value]:
    of = strategies.Values(text, st.none() | text)
    return st.one_of(of.questions, of.models, of.papers, of.workflows, of.prompts, of.answers)


@st.composite
def documents(draw: st.DrawFn) -> cnaps.Document:
    """Files of every kind: canonical or not, marked, damaged, with line ends of all kinds."""
    text = draw(strategies.files() | strategies.edited_files())
    text = text.replace("\n", draw(strategies.newlines()))
    text += draw(st.sampled_from(["", "", "\r", "\n", "\r\n"]))
    layers = draw(st.lists(st.sampled_from(["mark", *strategies.CODECS]), max_size=3))
    try:
        for layer in layers:
            text = f"\ufeff{text}" if layer == "mark" else strategies.damaged(text, (layer,))
        return cnaps.parse(text)
    except (UnicodeEncodeError, cnaps.ParseError):
        assume(False)
        raise
