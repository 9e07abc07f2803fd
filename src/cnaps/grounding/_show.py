"""Reports as people see them: coloured, in a terminal or a notebook.

The text of an answer is hostile. In HTML it is escaped, and in a terminal it comes as `Text`, so
that nothing in it is taken for markup; control characters are shown, and do nothing.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from cnaps.frames import visible
from cnaps.grounding._verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import RenderableType

    from cnaps.grounding._report import GroundingReport
    from cnaps.grounding._verdicts import Citation

__all__ = ["as_html", "as_rich"]

# Colours of terminals, and their like on a white page.
_STYLES = {
    Verdict.GIVEN: ("green", "#d3f0d3"),
    Verdict.ALTERED: ("yellow", "#fbe9a9"),
    Verdict.MENTIONED: ("cyan", "#cdeef2"),
    Verdict.BORROWED: ("magenta", "#efd5f3"),
    Verdict.OUTSIDE: ("bold red", "#f9cfcf"),
    Verdict.UNLINKED: ("blue", "#dbe3fb"),
}


def _pieces(report: GroundingReport) -> Iterator[tuple[str, Citation | None]]:
    """Yield the text of a report in pieces, those that are citations with it."""
    position = 0
    for citation in report.citations:
        start, end = citation.span
        if start >= position:  # not inside of the one before
            yield _visible(report.text[position:start]), None
            yield _visible(report.text[start:end]), citation
            position = end
    yield _visible(report.text[position:]), None


def _visible(text: str) -> str:
    return "\n".join(map(visible, text.split("\n")))


def as_rich(report: GroundingReport) -> RenderableType:
    """Return the text with coloured citations over a table of the verdicts."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    text = Text()
    for piece, citation in _pieces(report):
        text.append(piece, "" if citation is None else _STYLES[citation.verdict][0])
    table = Table("Verdict", "Citation", "Why", title=Text(str(report)), title_justify="left")
    for citation in report.citations:
        style = _STYLES[citation.verdict][0]
        cited = visible(citation.url or citation.label or "")
        table.add_row(
            Text(citation.verdict, style),
            Text(cited, overflow="fold"),
            Text(visible(citation.reason), overflow="fold"),
        )
    return Group(text, table)


def as_html(report: GroundingReport) -> str:
    """Return the same as a fragment of HTML that needs nothing else."""
    text = "".join(
        escape(piece)
        if citation is None
        else f'<mark style="{_css(citation)}"'
        f' title="{_shown(f"{citation.verdict}: {citation.reason}")}">{escape(piece)}</mark>'
        for piece, citation in _pieces(report)
    )
    rows = "".join(
        f'<tr><td style="{_css(citation)}">{citation.verdict}</td>'
        f"<td>{_shown(citation.url or citation.label or '')}</td>"
        f"<td>{_shown(citation.reason)}</td></tr>"
        for citation in report.citations
    )
    head = "<tr><th>Verdict</th><th>Citation</th><th>Why</th></tr>"
    return (
        f'<div><p>{escape(str(report))}</p><pre style="white-space:pre-wrap">{text}</pre>'
        f"<table>{head}{rows}</table></div>"
    )


def _css(citation: Citation) -> str:
    # The colours are light ones, and the text of a dark page is light as well.
    return f"background:{_STYLES[citation.verdict][1]};color:black"


def _shown(text: str) -> str:
    return escape(visible(text))
