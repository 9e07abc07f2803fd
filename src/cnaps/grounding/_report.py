"""What a check found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from cnaps.grounding._verdicts import FAULTS, Citation, Entry, Verdict
from cnaps.identifiers import identify
from cnaps.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import RenderableType

__all__ = ["GroundingReport"]


@frozen
class GroundingReport:
    """Whether an answer kept to what its prompt offers; true in a condition if it did.

    Attributes:
        text: The text of the answer, which all spans refer to: that of the document, or the text
            that was given.
        citations: The links of the answer, and the entries that it only names, in the order of the
            text.
        uncited: The models and papers that the answer neither links to nor names.
        unnamed: The recommended models that it does not name.
        mislabelled: The citations of links of the prompt whose label names another entry, or is
            another link.
        drifted: The citations whose label is not what the prompt calls the entry.
        misfiled: Whether the answer repeats another question than that of the prompt.
    """

    text: str = field(repr=shortened)
    citations: tuple[Citation, ...]
    uncited: tuple[Entry, ...] = ()
    unnamed: tuple[Entry, ...] = ()
    mislabelled: tuple[Citation, ...] = ()
    drifted: tuple[Citation, ...] = ()
    misfiled: bool = False

    @property
    def ok(self) -> bool:
        """Whether there is no citation that is altered, borrowed or outside."""
        return not any(citation.verdict in FAULTS for citation in self.citations)

    def __bool__(self) -> bool:
        return self.ok

    @property
    def faults(self) -> tuple[Citation, ...]:
        """The citations that are altered, borrowed or outside."""
        return tuple([c for c in self.citations if c.verdict in FAULTS])

    @property
    def given(self) -> tuple[Citation, ...]:
        """The citations with this verdict, as in each of the following."""
        return self._with(Verdict.GIVEN)

    @property
    def altered(self) -> tuple[Citation, ...]:
        """Links of the prompt that were changed."""
        return self._with(Verdict.ALTERED)

    @property
    def mentioned(self) -> tuple[Citation, ...]:
        """Links that only stand in prose of the prompt."""
        return self._with(Verdict.MENTIONED)

    @property
    def borrowed(self) -> tuple[Citation, ...]:
        """Links that another prompt of the collection offers."""
        return self._with(Verdict.BORROWED)

    @property
    def outside(self) -> tuple[Citation, ...]:
        """Links that nobody offers."""
        return self._with(Verdict.OUTSIDE)

    @property
    def unlinked(self) -> tuple[Citation, ...]:
        """Names of entries, none of whose links is cited."""
        return self._with(Verdict.UNLINKED)

    def _with(self, verdict: Verdict) -> tuple[Citation, ...]:
        return tuple([c for c in self.citations if c.verdict is verdict])

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many citations have each verdict; all verdicts are there."""
        counts = dict.fromkeys(Verdict, 0)
        for citation in self.citations:
            counts[citation.verdict] += 1
        return counts

    @property
    def duplicates(self) -> tuple[tuple[Citation, ...], ...]:
        """The citations of one work, where the answer has several links to it: one for each."""
        works: dict[str, dict[str, Citation]] = {}
        links: dict[str, Citation] = {}
        for citation in self.citations:
            if citation.url is not None:
                links.setdefault(citation.url, citation)
        for url, citation in links.items():
            works.setdefault(identify(url).work, {})[url] = citation
        return tuple([tuple(group.values()) for group in works.values() if len(group) > 1])

    @property
    def correction(self) -> str:
        """One paragraph that asks the language model for a better answer; "" if this one is ok.

        >>> from cnaps import ModelRef, PromptSpec, Question, check
        >>> prompt = PromptSpec(Question("Why?"), (ModelRef("SwinIR", "https://arxiv.org/abs/2108.10257"),))
        >>> print(check(prompt, "See https://arxiv.org/abs/1706.03762.").correction)
        Your answer cites links that were not provided. Use only the provided models and papers: ...
        """
        return _correction(self.faults)

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain data, for JSON; the text is left out."""
        return {
            "ok": self.ok,
            "counts": {str(verdict): count for verdict, count in self.counts.items()},
            "citations": [_citation_dict(citation) for citation in self.citations],
            "uncited": [entry._asdict() for entry in self.uncited],
            "unnamed": [entry._asdict() for entry in self.unnamed],
            "mislabelled": [_citation_dict(citation) for citation in self.mislabelled],
            "drifted": [_citation_dict(citation) for citation in self.drifted],
            "duplicates": [[*map(_citation_dict, group)] for group in self.duplicates],
            "misfiled": self.misfiled,
        }

    def __str__(self) -> str:
        counts = [f"{count:,} {verdict}" for verdict, count in self.counts.items() if count]
        return f"{'ok' if self.ok else 'not ok'}: {', '.join(counts) or 'no citations'}"

    def __rich__(self) -> RenderableType:
        """Return the text with its citations in colour, and below it the verdicts, for rich."""
        from cnaps.grounding._show import as_rich

        return as_rich(self)

    def _repr_html_(self) -> str:
        """Return the same as HTML, for notebooks."""
        from cnaps.grounding._show import as_html

        return as_html(self)


def _citation_dict(citation: Citation) -> dict[str, Any]:
    return {
        "url": citation.url,
        "label": citation.label,
        "verdict": str(citation.verdict),
        "start": citation.span.start,
        "end": citation.span.end,
        "entry": None if citation.entry is None else citation.entry._asdict(),
        "difference": None if citation.difference is None else str(citation.difference),
        "reason": citation.reason,
    }


def _correction(faults: tuple[Citation, ...]) -> str:
    if not faults:
        return ""
    # What to do, each once and in order: the link to write, or "" to remove one, and what is there.
    wishes: dict[tuple[str, str], dict[str, None]] = {}
    for fault in faults:
        url, link = fault.url or "", ""
        if fault.verdict is Verdict.ALTERED and fault.entry is not None:
            link = fault.entry.link or ""
        wishes.setdefault((link, "" if link else url), {})[url] = None
    text = (
        "Your answer cites links that were not provided. Use only the provided models and papers:"
        f" {'; '.join(_wish(link, urls) for (link, _), urls in wishes.items())}."
        " Keep everything else as it is."
    )
    return " ".join(text.split())  # a link of a value can hold line breaks


def _wish(link: str, urls: Iterable[str]) -> str:
    cited = ", ".join(urls)
    if link:
        return f"write {link} instead of {cited}"
    return f"remove {cited}, or replace it by a provided link"
