"""The check of an answer against its prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps._inputs import prompt_of, subject_of
from cnaps.grounding._names import Names, contains, fold, folded, labels_of
from cnaps.grounding._offers import Collection, Offers, judge
from cnaps.grounding._reasons import reason
from cnaps.grounding._report import GroundingReport
from cnaps.grounding._verdicts import Citation, Verdict
from cnaps.mentions import Form, Mention
from cnaps.scanning import scan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from cnaps._inputs import Prompt, Reply, Subject
    from cnaps.grounding._offers import Judgement
    from cnaps.grounding._verdicts import Entry
    from cnaps.values import PromptSpec

__all__ = ["check"]


def check(
    prompt: Prompt,
    answer: Reply,
    *,
    collection: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None = None,
) -> GroundingReport:
    """Judge what an answer cites by what its prompt offers.

    Nothing is requested and no model is asked. Links decide, before names do: a link is that of a
    prompt, or it is not. Takes time linear in the answer.

    Args:
        prompt: A Document, a PromptSpec, the text of a prompt as a str, or the path of its file.
        answer: A Document, an Answer, a Response, any text as a str, or the path of a file. A str
            is never a path.
        collection: Other prompts, from which the answer may have borrowed: a `Collection`, or what
            one is made of. For more than one check, make it once. That the prompt itself is among
            them does not matter.

    Raises:
        OSError: A file cannot be read.
        ParseError: A text or a file is no prompt, or a file is not UTF-8.
        RenderError: No file could hold the Answer.
        TypeError: An argument is nothing of this.
        ValueError: What should be a prompt holds an answer, or the other way round.

    >>> from cnaps import ModelRef, PromptSpec, Question, check
    >>> model = ModelRef("Denoise-SwinIR-Noise15", "https://arxiv.org/abs/2108.10257")
    >>> prompt = PromptSpec(Question("How does the noise go?"), (model,))
    >>> report = check(prompt, "By [SwinIR](https://arxiv.org/abs/2108.10275).")
    >>> report.ok
    False
    >>> for citation in report.citations:
    ...     print(citation.verdict, citation.url, "-", citation.reason)
    altered https://arxiv.org/abs/2108.10275 - ...
    """
    spec, subject = prompt_of(prompt), subject_of(answer)
    if not (collection is None or isinstance(collection, Collection)):
        collection = Collection(collection)
    offers = Offers([(None, spec)])
    links = _links(subject)
    citations = _judged(subject.text, links, offers, collection)
    return _report(spec, subject, offers, citations)


# --- citations ------------------------------------------------------------------------------------


def _links(subject: Subject) -> list[Mention]:
    """Return the links of what is judged, also those of fields that do not look like links."""
    links = list(scan(subject.text))
    if subject.references:
        found = {link.url for link in links}
        fields = {field for r in subject.references for field in (r.paper, r.github) if field}
        if not found.issuperset(fields):
            return _with_fields(subject, links, fields - found)
    return links


def _with_fields(subject: Subject, links: list[Mention], missing: set[str]) -> list[Mention]:
    """Return links with those fields of references that were not found as one link."""
    from cnaps.document import parse
    from cnaps.linking import iter_links

    document = subject.document or parse(subject.text)
    fields = [
        Mention(link.url, link.span, Form.BARE)
        for link in iter_links(document)
        if link.path.endswith((".paper", ".github")) and link.url in missing
    ]
    covered = [field.span for field in fields]
    apart = [
        link
        for link in links
        if not any(span.start <= link.span.start < span.end for span in covered)
    ]
    return sorted([*apart, *fields], key=lambda link: link.span)


def _judged(
    text: str, links: list[Mention], offers: Offers, collection: Collection | None
) -> list[Citation]:
    """Return the citations of links, then those of entries that are only named."""
    labels = labels_of(text, links, [entry.name for entry in offers.entries])
    judged: dict[str, Judgement] = {}
    citations = []
    for link, label in zip(links, labels, strict=True):
        judgement = judged.get(link.url)
        if judgement is None:
            judgement = judged[link.url] = judge(link.url, offers, collection)
        verdict, entries, difference = judgement
        entry = _called(entries, label)
        because = reason(verdict, entry, difference)
        citations.append(Citation(link.url, label, verdict, link.span, entry, difference, because))
    return citations


def _called(entries: Sequence[Entry], label: str | None) -> Entry | None:
    """Return the entry that a label names, of several with one link; else the first."""
    if label is not None and len(entries) > 1:
        name = folded(label)
        for entry in entries:
            if contains(name, folded(entry.name)):
                return entry
    return entries[0] if entries else None


# --- the rest of the report -----------------------------------------------------------------------


def _report(
    spec: PromptSpec, subject: Subject, offers: Offers, citations: list[Citation]
) -> GroundingReport:
    linked = {
        citation.entry.path
        for citation in citations
        if citation.entry is not None and citation.entry.prompt is None
    }
    names = Names(subject.text, [citation.span for citation in citations])
    unlinked: list[Citation] = []
    uncited: list[Entry] = []
    unnamed: list[Entry] = []
    for entry in offers.entries:
        is_linked, is_model = entry.path in linked, entry.path.startswith("models")
        span = names.find(entry.name) if is_model or not is_linked else None
        if span is None and is_model:
            unnamed.append(entry)
        if is_linked:
            continue
        if span is None:
            uncited.append(entry)
        else:
            because = reason(Verdict.UNLINKED, entry, None)
            label = span.of(subject.text)
            unlinked.append(Citation(None, label, Verdict.UNLINKED, span, entry, None, because))
    mislabelled, drifted = _mistitled(citations, offers.entries)
    return GroundingReport(
        text=subject.text,
        citations=tuple(sorted([*citations, *unlinked], key=lambda citation: citation.span)),
        uncited=tuple(uncited),
        unnamed=tuple(unnamed),
        mislabelled=tuple(mislabelled),
        drifted=tuple(drifted),
        duplicates=tuple(_duplicates(citations)),
        misfiled=subject.question is not None
        and fold(subject.question.text) != fold(spec.question.text),
    )


def _mistitled(
    citations: list[Citation], entries: list[Entry]
) -> tuple[list[Citation], list[Citation]]:
    """Return the citations whose label names another entry, and those whose title was changed."""
    names = [folded(entry.name) for entry in entries]
    mislabelled: list[Citation] = []
    drifted: list[Citation] = []
    for citation in citations:
        if citation.entry is None or citation.label is None or citation.entry.prompt is not None:
            continue
        label, name = folded(citation.label), folded(citation.entry.name)
        if contains(label, name):
            continue
        other = next((other for other in names if contains(label, other)), None)
        if other is not None:
            mislabelled.append(citation)
        elif citation.verdict in _TITLED:
            drifted.append(citation)
    return mislabelled, drifted


# Links that stand for an entry, so that the title beside them should be that of the entry.
_TITLED = frozenset({Verdict.GIVEN, Verdict.ALTERED})


def _duplicates(citations: list[Citation]) -> Iterator[tuple[Citation, ...]]:
    """Yield the citations of one work, where they are of several links."""
    works: dict[tuple[str | None, str, str | None], dict[str, Citation]] = {}
    for citation in citations:
        if citation.entry is not None and citation.url is not None:
            key = citation.entry.prompt, citation.entry.path, citation.entry.field
            works.setdefault(key, {}).setdefault(citation.url, citation)
    for group in works.values():
        if len(group) > 1:
            yield tuple(group.values())
