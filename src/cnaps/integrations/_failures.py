"""Why an answer is not grounded, for people who read a failed test."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.frames import code_frame, visible
from cnaps.grounding._offers import listed
from cnaps.spans import Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.grounding import Citation, GroundingReport
    from cnaps.values import PromptSpec

__all__ = ["failure", "headline"]

_SHOWN = 20  # citations at most; with that many, more of them tell nothing new


def headline(report: GroundingReport) -> str:
    """Return what a report comes to, in a line."""
    misfiled = "; it repeats another question than that of the prompt" * report.misfiled
    return f"{report}{misfiled}"


def failure(prompt: PromptSpec, report: GroundingReport) -> str:
    """Return what is wrong with each citation and where, and what the prompt offers."""
    lines = Lines(report.text)
    shown = [_place(citation, report.text, lines) for citation in report.faults[:_SHOWN]]
    if more := len(report.faults) - len(shown):
        shown.append(f"and {more:,} more")
    return "\n".join([headline(report), *shown, "the prompt offers:", *_offers(prompt)])


def _place(citation: Citation, text: str, lines: Lines) -> str:
    start, end = citation.span
    line, column = lines.locate(start)
    source = text[start - column + 1 :].partition("\n")[0]
    frame = code_frame(source, line, column, width=end - start)
    cited = visible(citation.url or "")
    return f"{line}:{column}: {citation.verdict} {cited}: {visible(citation.reason)}\n{frame}"


def _offers(prompt: PromptSpec) -> Iterator[str]:
    for path, name, entry in listed(prompt):
        links = ", ".join(filter(None, (entry.paper, entry.github)))
        yield f"  {path} {visible(name)}: {visible(links) or 'no link'}"
