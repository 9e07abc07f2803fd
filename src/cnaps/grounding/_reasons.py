"""Verdicts in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.grounding._verdicts import Verdict
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
    Difference.TRUNCATED: "cut off",
    Difference.DIFFERENT: "but for a character, and leads elsewhere",
}


def reason(verdict: Verdict, entry: Entry | None, difference: Difference | None) -> str:
    """Return why a citation got its verdict, in one sentence without a full stop."""
    if entry is None:
        return "nobody offers this link"
    place = entry.path if entry.field is None else f"{entry.path}.{entry.field}"
    how = "" if difference is None else f" {_DIFFERENCES[difference]}"
    match verdict:
        case Verdict.GIVEN:
            return f"it is {place} of the prompt"
        case Verdict.ALTERED:
            return f"it is {place} of the prompt{how}: {entry.link}"
        case Verdict.MENTIONED:
            same = "" if difference is None else f":{how.removeprefix(' but')} of {entry.link}"
            return f"it only stands in {place} of the prompt{same}"
        case Verdict.BORROWED:
            return f"it is {place} of {entry.prompt}{how}, not of the prompt"
        case _:
            return f"it names {place} of the prompt, and none of its links is cited"
