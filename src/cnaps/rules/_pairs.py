"""What rules ask about a prompt and its answer."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from cnaps.facts import DocumentFacts

if TYPE_CHECKING:
    from cnaps.document import Document
    from cnaps.grounding import Collection, GroundingReport
    from cnaps.pairing import Oddity

__all__ = ["PairFacts"]


class PairFacts:
    """What rules over a prompt and its answer look at.

    Attributes:
        prompt: The prompt.
        answer: The answer, which spans refer to.
        kind: The kind of the answer: "answer" or "response".
        collection: What the prompts of the collection offer, if that was given.
    """

    def __init__(
        self,
        prompt: Document,
        answer: Document,
        *,
        oddity: Oddity | None = None,
        collection: Collection | None = None,
    ) -> None:
        self.prompt: DocumentFacts = DocumentFacts(prompt, collection=collection)
        self.answer: DocumentFacts = DocumentFacts(
            answer, prompt=self.prompt, oddity=oddity, collection=collection
        )
        self.kind: str = self.answer.kind
        self.collection = collection

    @cached_property
    def report(self) -> GroundingReport:
        """What the answer cites, and whether the prompt offers it."""
        from cnaps.grounding import check

        return check(self.prompt.doc, self.answer.doc, collection=self.collection)
