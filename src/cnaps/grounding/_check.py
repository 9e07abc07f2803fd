"""The check of an answer against its prompt."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import TYPE_CHECKING

from cnaps._inputs import prompt_of, subject_of
from cnaps.grounding._labels import fold_name, labels_of
from cnaps.grounding._names import Names, calls, fold, fold_question
from cnaps.grounding._offers import Offers, as_collection, judge
from cnaps.grounding._reasons import reason
from cnaps.grounding._report import GroundingReport
from cnaps.grounding._verdicts import FAULTS, LINK_FIELDS, Citation, Verdict
from cnaps.identifiers import Difference, compare
from cnaps.identifiers._links import split
from cnaps.mentions import Form, Mention
from cnaps.scanning import is_link, scan
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from cnaps._inputs import Prompt, Reply, Subject
    from cnaps.grounding._offers import Collection, Judgement
    from cnaps.grounding._verdicts import Entry
    from cnaps.values import Question

__all__ = ["check"]


def check(
    prompt: Prompt,
    answer: Reply,
    *,
    collection: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None = None,
) -> GroundingReport:
    """Judge what an answer cites by what its prompt offers.

    Nothing is requested and no model is asked. Links decide, before names do: a link is that of a
    prompt, or it is not. What a model thought in front of its answer, up to `</think>`, is not
    judged: it is not what a reader gets. Takes time linear in the answer.

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
    # Blank lines stand for thoughts, so that places stay.
    text = "\n" * subject.start + subject.text[subject.start :]
    offers = Offers([(None, spec)])
    findings = _Findings(text, offers, as_collection(collection))
    links = _with_fields(text, list(scan(text)), offers)
    for link, label in zip(links, labels_of(text, links, offers.folded), strict=True):
        findings.add(link, label)
    findings.add_names()
    return findings.report(subject.text, misfiled=_is_misfiled(text, subject, spec.question))


def _is_misfiled(text: str, subject: Subject, question: Question) -> bool:
    """Tell whether an answer repeats another question; a part of the right one is none."""
    # To look for the right one is quicker than to find out which one is repeated.
    if len(question.text) > _BY_CHANCE and question.text in text:
        return False
    echo = subject.value.question
    if echo is None:
        return False
    said, asked = fold_question(echo.text), fold_question(question.text)
    return said not in asked and asked not in said


_BY_CHANCE = 24  # characters: a longer question stands nowhere but where it is repeated


# --- links ----------------------------------------------------------------------------------------

_FIELDS = ("Paper", "GitHub")
_MARGIN = 16  # characters that may stand in front of these: indentation, a bullet, emphasis
# From there up to what the field holds, if that does not look like a link.
_NO_LINK = re.compile(r"[*_`]*+:[*_`]*+[ \t]++(?!https?://|[\[<\n])")


def _with_fields(text: str, links: list[Mention], offers: Offers) -> list[Mention]:
    """Return links with what stands behind `Paper:` and `GitHub:` and does not look like a link."""
    added = [
        Mention(url, span, Form.BARE)
        for span in _fields(text)
        if offers.given(url := span.of(text)) or _is_address(url)
    ]
    if not added:
        return links
    starts = [link.span.start for link in links]
    apart = [
        field
        for field in added
        if bisect_left(starts, field.span.start) == bisect_left(starts, field.span.end)
    ]
    return sorted([*links, *apart], key=lambda link: link.span)


def _fields(text: str) -> Iterator[Span]:
    """Yield what lines like `- **Paper**: …` hold that does not look like a link."""
    for name in _FIELDS:
        end = 0
        while start := text.find(name, end) + 1:
            end = start - 1 + len(name)
            field = _NO_LINK.match(text, end)
            if field and _starts_line(text, start - 1):
                line_end = text.find("\n", field.end())
                line = text[field.end() : line_end if line_end >= 0 else len(text)]
                yield Span(field.end(), field.end() + len(line.rstrip()))


def _starts_line(text: str, position: int) -> bool:
    before = text[max(position - _MARGIN, 0) : position].rstrip(" \t>*+_-")
    return before[-1:] in {"", "\n"}


def _is_address(text: str) -> bool:
    """Tell whether a text is like `example.org/rain`."""
    link = split(text)
    return link.path != "/" and link.host != "" and not re.search(r"\s", text)


def _shown(link: Mention) -> str | None:
    """Return the label of a link if that is a link to something else, which the reader sees."""
    label = link.label
    # Most labels are titles, and have blanks.
    if label is None or " " in label or label == link.url or not is_link(label):
        return None
    return label if compare(label, link.url) is Difference.DIFFERENT else None


# --- the report -----------------------------------------------------------------------------------


class _Folded(dict[str, str]):
    """Folded texts: every label is compared with every name, however long they are."""

    def __init__(self, fold: Callable[[str], str]) -> None:
        super().__init__()
        self._fold = fold

    def __missing__(self, text: str) -> str:
        folded = self[text] = self._fold(text)
        return folded


class _Findings:
    """What is found out about an answer, citation by citation."""

    def __init__(self, text: str, offers: Offers, collection: Collection | None) -> None:
        self._text = text
        self._offers = offers
        self._collection = collection
        self._folded, self._folded_names = _Folded(fold), _Folded(fold_name)
        self._judged: dict[str, Judgement] = {}
        self._citations: list[Citation] = []
        self._mislabelled: list[Citation] = []
        self._drifted: list[Citation] = []
        # Entries by their path: those that links lead to, and of these those that labels name.
        self._linked: set[str] = set()
        self._named: set[str] = set()
        self._uncited: list[Entry] = []
        self._unnamed: list[Entry] = []

    def report(self, text: str, *, misfiled: bool) -> GroundingReport:
        """Return what was found, of the whole text."""
        return GroundingReport(
            text=text,
            citations=tuple(sorted(self._citations, key=lambda citation: citation.span)),
            uncited=tuple(self._uncited),
            unnamed=tuple(self._unnamed),
            mislabelled=tuple(self._mislabelled),
            drifted=tuple(self._drifted),
            misfiled=misfiled,
        )

    # Links.

    def add(self, link: Mention, label: str | None) -> None:
        """Take a link."""
        url, span, (verdict, entries, difference) = self._judgement(link)
        entry = self._meant(entries, label)
        because = reason(verdict, entry, difference, url)
        odd: list[Citation] | None = None
        # A link of another prompt, or one in prose, does not stand for an entry.
        if entry is not None and entry.prompt is None and entry.field in LINK_FIELDS:
            self._linked.update([each.path for each in entries])
            if shown := _shown(link):
                label, odd = shown, self._mislabelled
                because = f"{because}; its label is another link"
            elif label and self._calls(label, entry):
                self._named.add(entry.path)
            elif label and (other := self._called(label, entries)):
                odd = self._mislabelled
                because = f"{because}; its label names {other.path}"
            elif label and self._is_drift(label, entry, url):
                odd = self._drifted
        citation = Citation(url, label, verdict, span, entry, difference, because)
        self._citations.append(citation)
        if odd is not None:
            odd.append(citation)

    def _judgement(self, link: Mention) -> tuple[str, Span, Judgement]:
        """Return what a link leads to, where it stands, and the verdict on it."""
        url, span = link.url, link.span
        judgement = self._judged.get(url)
        if judgement is None:
            judgement = self._judged[url] = judge(url, self._offers, self._collection)
        if judgement.verdict in FAULTS:
            # Where a link ends in prose is a guess; what the prompt offers is known.
            whole = self._offers.standing_at(self._text, span.start)
            if whole is not None:
                span = Span(span.start, span.start + len(whole))
                return whole, span, judge(whole, self._offers, None)
        return url, span, judgement

    def _meant(self, entries: Sequence[Entry], label: str | None) -> Entry | None:
        """Return the entry that a label names, of several with one link; else the first."""
        if label and len(entries) > 1:
            for entry in entries:
                if self._calls(label, entry):
                    return entry
        return entries[0] if entries else None

    def _calls(self, label: str, entry: Entry) -> bool:
        """Tell whether a label names an entry."""
        names = self._offers.folded
        return label == entry.name or calls(
            self._folded[label], self._folded_names[entry.name], names
        )

    def _is_drift(self, label: str, entry: Entry, url: str) -> bool:
        """Tell whether a label is a changed name, and not just that of a file in the link."""
        return self._folded_names[entry.name] != "" and label.lower() not in url.lower()

    def _called(self, label: str, entries: Sequence[Entry]) -> Entry | None:
        """Return the entry that a label names, other than those with the link beside it."""
        folded, linked = self._folded[label], {entry.path for entry in entries}
        names = self._offers.folded
        for entry, name in zip(self._offers.entries, names, strict=True):
            if entry.path not in linked and calls(folded, name, names):
                return entry
        return None

    # Names.

    def add_names(self) -> None:
        """Take the entries that are named without a link, and those that are not cited at all."""
        links = [citation.span for citation in self._citations]
        finder = Names(self._text, links, self._offers.names)
        found: dict[str, Span | None] = {}
        for entry in self._offers.entries:
            is_linked, is_model = entry.path in self._linked, entry.path.startswith("models")
            if entry.path in self._named or (is_linked and not is_model):
                continue
            if entry.name not in found:
                found[entry.name] = finder.find(entry.name)
            span = found[entry.name]
            if span is None and is_model and fold(entry.name):
                self._unnamed.append(entry)
            if span is None and not is_linked:
                self._uncited.append(entry)
            if span is not None and not is_linked:
                self._add_name(entry, span)

    def _add_name(self, entry: Entry, span: Span) -> None:
        """Take an entry that is only named."""
        # One without any link cannot be cited otherwise, and of several with one name it cannot
        # be told which is meant.
        name = self._folded_names[entry.name]
        if entry.path not in self._offers.with_link or name in self._told:
            return
        self._told.add(name)
        label, because = span.of(self._text), reason(Verdict.UNLINKED, entry, None)
        citation = Citation(None, label, Verdict.UNLINKED, span, entry, None, because)
        self._citations.append(citation)

    @cached_property
    def _told(self) -> set[str]:
        """The folded names of entries that are cited."""
        pairs = zip(self._offers.entries, self._offers.folded, strict=True)
        return {name for entry, name in pairs if entry.path in self._linked}
