"""Verdicts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.grounding._near import slip
from cnaps.grounding._verdicts import LINK_FIELDS, Verdict
from cnaps.identifiers import Difference

if TYPE_CHECKING:
    from cnaps.grounding._verdicts import Entry

__all__ = ["reason"]

_DIFFERENCES = {
    Difference.SCHEME: "with another scheme",
    Difference.QUERY: "with another query or fragment",
    Difference.FORM: "in another form",
    Difference.CASE: "in other letter case",
    Difference.VERSION: "in another version or revision",
    Difference.TRUNCATED: "cut off at its end",
}


_SHOWN = 300  # characters of a link; any number of citations can be about a longer one


def reason(
    verdict: Verdict, entry: Entry | None, difference: Difference | None, url: str = ""
) -> str:
    """Return why a citation got its verdict, in one sentence without a full stop."""
    if entry is None:
        return "nobody offers this link"
    place = entry.path if entry.field is None else f"{entry.path}.{entry.field}"
    whose = f"of {entry.prompt}" if entry.prompt is not None else "of the prompt"
    if verdict is Verdict.UNLINKED:
        return f"it names {place} {whose}, and none of its links is cited"
    link = entry.link or ""
    shown = link if len(link) <= _SHOWN else f"{link[:_SHOWN]}…"
    is_field = entry.field in LINK_FIELDS
    stands = f"it is {place} {whose}" if is_field else f"it only stands in {place} {whose}"
    if difference is Difference.DIFFERENT:
        where = f"{place} {whose}"
        return f"one slip sets it apart from {where}, {slip(url, link)}: {shown}"
    if difference is not None:
        stands = f"{stands}, {_DIFFERENCES[difference]}: {shown}"
    return stands if verdict is not Verdict.BORROWED else f"{stands}; the prompt does not offer it"
