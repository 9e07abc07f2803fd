"""Values of all classes, over texts that a format, a terminal or an encoding may stumble over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

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
    of = strategies.Values(texts(), st.none() | texts())
    return st.one_of(of.questions, of.models, of.papers, of.workflows, of.prompts, of.answers)
