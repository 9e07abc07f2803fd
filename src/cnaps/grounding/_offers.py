"""What prompts offer, to be found by link."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from os import PathLike, fspath
from typing import TYPE_CHECKING, NamedTuple, cast

from cnaps._inputs import prompt_of
from cnaps.document import Document
from cnaps.errors import ParseError
from cnaps.grounding._labels import fold_name
from cnaps.grounding._names import fold_question
from cnaps.grounding._near import near_miss
from cnaps.grounding._verdicts import Entry, Verdict
from cnaps.identifiers import Difference, identify
from cnaps.identifiers._compare import Target, compare_targets
from cnaps.marks import MARK_START
from cnaps.mentions import COMBINING, EAST_ASIAN
from cnaps.scanning import scan
from cnaps.values import PaperRef, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from cnaps._inputs import Prompt
    from cnaps.values import ModelRef

__all__ = ["Collection", "Judgement", "Offers", "as_collection", "judge", "listed"]


class Offers:
    """What some prompts offer: links in the fields of their entries, and links in their prose.

    Most links of most answers are to the character those of a field. All that it takes to judge
    the others is worked out when there is one.

    Args:
        prompts: Prompts, each with its name; None stands for the prompt of the answer.
    """

    def __init__(self, prompts: Iterable[tuple[str | None, PromptSpec]]) -> None:
        self._prompts = list(prompts)
        #: Models and papers, in order.
        self.entries: list[Entry] = []
        self._fields: list[Entry] = []
        for name, prompt in self._prompts:
            for path, title, value in listed(prompt):
                self.entries.append(Entry(path, title, None, None, name))
                for field, link in (("paper", value.paper), ("github", value.github)):
                    if link and not link.isspace():
                        self._fields.append(Entry(path, title, link, field, name))
        #: The names of the entries.
        self.names: list[str] = [entry.name for entry in self.entries]
        #: The paths of the entries that have a link.
        self.with_link: set[str] = {entry.path for entry in self._fields}
        self._by_link = _by_link(self._fields)

    @cached_property
    def folded(self) -> list[str]:
        """The names of the entries, folded."""
        return [fold_name(name) for name in self.names]

    def given(self, link: str) -> list[Entry]:
        """Return the entries that have this link, to the character, in a field."""
        return self._by_link.get(link, [])

    def standing_at(self, text: str, start: int) -> str | None:
        """Return the longest link that stands to the character at a place of a text, or None."""
        found = self.fields.standing_at(text, start) or self.prose.standing_at(text, start)
        return max(found, key=len, default=None)

    @cached_property
    def fields(self) -> Links:
        """The links of fields, and those inside of fields that hold more than a link."""
        inside = [
            entry._replace(link=mention.url)
            for entry in self._fields
            if not _PLAIN.fullmatch(entry.link or "")
            for mention in scan(entry.link or "")
            if not _is_start(mention.url, entry.link or "")
        ]
        return Links([*self._fields, *inside])

    @cached_property
    def prose(self) -> Links:
        """The links in questions, names, titles and summaries."""
        return Links(
            Entry(path, title, mention.url, field, name)
            for name, prompt in self._prompts
            for path, title, field, text in _prose(prompt)
            for mention in scan(text)
        )


def listed(prompt: PromptSpec) -> Iterator[tuple[str, str, ModelRef | PaperRef]]:
    """Yield each model and paper with its path and its name."""
    for number, model in enumerate(prompt.models):
        yield f"models[{number}]", model.name, model
    for number, paper in enumerate(prompt.papers):
        yield f"papers[{number}]", paper.title, paper


def _prose(prompt: PromptSpec) -> Iterator[tuple[str, str, str, str]]:
    """Yield the texts of a prompt that are no link: path and name of the entry, field, text."""
    question = prompt.question.text
    yield "question", question, "text", question
    for path, title, value in listed(prompt):
        if isinstance(value, PaperRef):
            yield path, title, "title", title
            yield path, title, "summary", value.summary or ""
        else:
            yield path, title, "name", title


def _by_link(entries: Iterable[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(entry.link or "", []).append(entry)
    return found


# Nothing but a link, as most fields are.
_PLAIN = re.compile(r"https?://(?=[A-Za-z])[\w.-]+(?:/[\w.-]*)*", re.ASCII)


def _is_start(link: str, field: str) -> bool:
    """Tell whether a field is nothing but a link that starts like another one."""
    return field.startswith(link) and not re.search(r"\s", field)


class Found(NamedTuple):
    """The entries that a link may belong to, and how it differs from theirs, if it does."""

    entries: list[Entry]
    difference: Difference | None = None


# What may stand behind a link: a mark, what no URL has in it (RFC 3986, section 2), as where an
# attribute or a cell ends, or punctuation and then no more of the link.
_END = re.compile(
    rf"(?={MARK_START}|'?[\"<>`|\[\]{{}}])"
    rf"|[?!.,:;*_~')\\]*+(?:(?![!-~\w{COMBINING}])|(?=[\"<>`|\[\]{{}}{EAST_ASIAN}]))"
)


class Links:
    """Entries by their links, to be found by a link that is like one of them.

    Args:
        entries: The entries; each has a link.
    """

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries = _by_link(entries)

    @cached_property
    def _works(self) -> dict[str, list[Target]]:
        """The links by the work that they lead to."""
        works: dict[str, list[Target]] = {}
        for target in self._targets:
            works.setdefault(target.work.text, []).append(target)
        return works

    @cached_property
    def _targets(self) -> list[Target]:
        return [Target(link) for link in self._entries]

    @cached_property
    def _lengths(self) -> set[int]:
        """The lengths of the links, without those in `_long`."""
        return {len(link) for link in self._entries if len(link) <= _LONG}

    @cached_property
    def _long(self) -> list[str]:
        """The links that are long: to take as much of a text for every citation costs too much."""
        return [link for link in self._entries if len(link) > _LONG]

    def same(self, target: Target) -> Found | None:
        """Return the entries of the same work whose link differs least."""
        if target.link in self._entries:
            return Found(self._entries[target.link])
        others = self._works.get(target.work.text)
        if others is None:
            return None
        differences = {other.link: compare_targets(target, other) for other in others}
        link = min(differences, key=lambda link: _WEIGHTS[differences[link]])
        least = differences[link]
        return Found(self._entries[link], None if least is Difference.SAME else least)

    def near(self, target: Target) -> Found | None:
        """Return the entries of the link that this one misses by the least."""
        misses = [
            (_WEIGHTS[difference], abs(len(other.bare) - len(target.bare)), other.link, difference)
            for other in self._targets
            if (difference := near_miss(target, other)) is not None
        ]
        if not misses:
            return None
        *_, link, difference = min(misses, key=lambda miss: miss[:2])
        return Found(self._entries[link], difference)

    def standing_at(self, text: str, start: int) -> list[str]:
        """Return the links that stand to the character at a place of a text."""
        short = (text[start : start + length] for length in self._lengths)
        found = [link for link in short if link in self._entries]
        found += [link for link in self._long if text.startswith(link, start)]
        return [link for link in found if _END.match(text, start + len(link))]


_LONG = 300  # characters
_WEIGHTS = {difference: weight for weight, difference in enumerate(Difference)}


class Collection:
    """The prompts that an answer may have borrowed from; made once, for any number of checks.

    Args:
        prompts: Prompts as documents, values, texts or paths of files. In a mapping the keys are
            their names. Otherwise a file has its path for a name, and any other its number:
            "prompts[2]".

    Raises what reading a prompt raises; see `check`.

    >>> from cnaps import Collection, ModelRef, PromptSpec, Question
    >>> rain = PromptSpec(Question("Rain?"), (ModelRef("MPRNet", "https://arxiv.org/abs/2102.02808"),))
    >>> Collection({"rain": rain})
    <Collection of 1 prompt>
    """

    def __init__(self, prompts: Mapping[str, Prompt] | Iterable[Prompt]) -> None:
        self._prompts = [(name, _read(name, prompt)) for name, prompt in _named(prompts)]

    def __repr__(self) -> str:
        return f"<Collection of {len(self):,} {'prompt' if len(self) == 1 else 'prompts'}>"

    def __len__(self) -> int:
        return len(self._prompts)

    @cached_property
    def offers(self) -> Offers:
        """What its prompts offer."""
        return Offers(self._prompts)

    def asking(self, question: str) -> tuple[str, ...]:
        """Return the names of the prompts that ask a question, whatever its case and quotes.

        >>> rain = PromptSpec(Question("Where does the rain go?"))
        >>> Collection({"rain": rain}).asking("where does  the rain go?")
        ('rain',)
        """
        return self._questions.get(fold_question(question), ())

    @cached_property
    def _questions(self) -> dict[str, tuple[str, ...]]:
        pairs = ((fold_question(prompt.question.text), name) for name, prompt in self._prompts)
        return _grouped(pairs)

    def models_at(self, repository: str) -> tuple[str, ...]:
        """Return the names of the models that are recommended with a repository, each once.

        The link counts as a whole, with the folder that it names, but for scheme and letter case.

        >>> rain = PromptSpec(Question("Rain?"), (ModelRef("MPRNet", github="https://github.com/swz30/MPRNet"),))
        >>> Collection({"rain": rain}).models_at("github.com/swz30/mprnet")
        ('MPRNet',)
        """
        return self._repositories.get(_page(repository), ())

    @cached_property
    def _repositories(self) -> dict[str, tuple[str, ...]]:
        return _grouped(
            (_page(model.github), model.name)
            for _, prompt in self._prompts
            for model in prompt.models
            if model.github is not None
        )


def as_collection(
    prompts: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None,
) -> Collection | None:
    """Return prompts as a collection; one that is a collection already, or None, as it is."""
    if prompts is None or isinstance(prompts, Collection):
        return prompts
    return Collection(prompts)


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return the second ones of pairs by the first ones, each once and in order."""
    groups: dict[str, dict[str, None]] = {}
    for key, item in pairs:
        groups.setdefault(key, {})[item] = None
    return {key: tuple(group) for key, group in groups.items()}


def _page(link: str) -> str:
    return identify(link).url.casefold()


def _named(prompts: Mapping[str, Prompt] | Iterable[Prompt]) -> Iterator[tuple[str, Prompt]]:
    is_one = isinstance(prompts, (str, PathLike, Document, PromptSpec))
    if is_one or not isinstance(prompts, Iterable):
        message = f"a collection is several prompts, not one {type(prompts).__name__}"
        raise TypeError(message)
    if isinstance(prompts, Mapping):
        yield from cast("Mapping[str, Prompt]", prompts).items()
        return
    for number, prompt in enumerate(prompts):
        yield fspath(prompt) if isinstance(prompt, PathLike) else f"prompts[{number}]", prompt


def _read(name: str, prompt: Prompt) -> PromptSpec:
    try:
        return prompt_of(prompt)
    except (ParseError, TypeError, ValueError) as error:
        error.add_note(f"while reading {name} of a collection")
        raise


class Judgement(NamedTuple):
    """The verdict on a link, the entries it may belong to, and how it differs from their link."""

    verdict: Verdict
    entries: Sequence[Entry] = ()
    difference: Difference | None = None


def judge(link: str, offers: Offers, collection: Collection | None) -> Judgement:
    """Return the verdict on a link."""
    given = offers.given(link)
    if given:
        return Judgement(Verdict.GIVEN, given)
    return next(_judgements(Target(link), offers, collection))


def _judgements(
    target: Target, offers: Offers, collection: Collection | None
) -> Iterator[Judgement]:
    """Yield the verdicts that fit a link: what is certain comes before what is likely."""
    in_fields, in_prose = offers.fields.same(target), offers.prose.same(target)
    for verdict, found in ((Verdict.GIVEN, in_fields), (Verdict.MENTIONED, in_prose)):
        if found and found.difference is None:
            yield Judgement(verdict, *found)
    for verdict, found in ((Verdict.ALTERED, in_fields), (Verdict.MENTIONED, in_prose)):
        if found:
            yield Judgement(verdict, *found)
    if collection is not None:
        elsewhere = collection.offers.fields.same(target) or collection.offers.prose.same(target)
        if elsewhere:
            yield Judgement(Verdict.BORROWED, *elsewhere)
    near = offers.fields.near(target) or offers.prose.near(target)
    if near:
        yield Judgement(Verdict.ALTERED, *near)
    yield Judgement(Verdict.OUTSIDE)
