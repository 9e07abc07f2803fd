"""What grounding says of each citation."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from attrs import frozen

from cnaps.identifiers import Difference
from cnaps.spans import Span

__all__ = ["FAULTS", "LINK_FIELDS", "Citation", "Entry", "Verdict"]


class Verdict(StrEnum):
    """How a citation stands to what the prompt offers.

    Attributes:
        GIVEN: The prompt gives this link.
        ALTERED: The prompt gives the same work under another link, or the link is a near miss of
            one that it gives: `Citation.difference` and `Citation.reason` say how they differ.
        MENTIONED: The link stands in the prompt, but only in its prose, such as an abstract.
        BORROWED: Another prompt of the collection gives it.
        OUTSIDE: Nobody gives it.
        UNLINKED: An entry is named, and none of its links is cited.
    """

    GIVEN = "given"
    ALTERED = "altered"
    MENTIONED = "mentioned"
    BORROWED = "borrowed"
    OUTSIDE = "outside"
    UNLINKED = "unlinked"


#: The verdicts with which an answer did not keep to its prompt.
FAULTS = frozenset({Verdict.ALTERED, Verdict.BORROWED, Verdict.OUTSIDE})

#: The fields of an entry that are for a link; a link in any other one only stands in prose.
LINK_FIELDS = frozenset({"paper", "github"})


class Entry(NamedTuple):
    """What a prompt offers: one of its models or papers, and the link in question.

    Attributes:
        path: Where in the prompt: "models[0]", "papers[1]"; "question" for a link in the question.
        name: The name of the model or the title of the paper; the question itself.
        link: The link as the prompt has it, or None where no link is in question.
        field: The field with that link: "paper", "github", or the prose it stands in, "summary",
            "name", "title" or "text"; None where no link is in question.
        prompt: The name of the prompt in the collection; None for the prompt of the answer.
    """

    path: str
    name: str
    link: str | None = None
    field: str | None = None
    prompt: str | None = None


@frozen
class Citation:
    """A link in an answer, or the name of an entry without one, and the verdict on it.

    Attributes:
        url: The link to follow; None with the verdict "unlinked".
        label: What the answer calls it: the text of a Markdown link, else the title in front of
            it, or None where there is none.
        verdict: How it stands to the prompt.
        span: The characters of the link or of the name in `GroundingReport.text`.
        entry: What it leads to among what is offered; None with the verdict "outside".
        difference: How the link differs from that of the entry; None where it does not, and where
            there is none to compare with.
        reason: The verdict in words, for people.
    """

    url: str | None
    label: str | None
    verdict: Verdict
    span: Span
    entry: Entry | None
    difference: Difference | None
    reason: str
