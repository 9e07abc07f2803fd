"""CN3xx: whether an answer kept to what its prompt offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, cast

from cnaps.diagnostics import Fix, Found, Safety, Severity, pair_rule
from cnaps.editing import Edit
from cnaps.identifiers import identify
from cnaps.identifiers._compare import bare
from cnaps.scanning import is_link
from cnaps.spans import Span
from cnaps.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnaps.facts import DocumentFacts
    from cnaps.grounding import Citation, Entry
    from cnaps.rules import PairFacts

__all__ = ["RULES"]


def _as_they_are(citations: Iterable[Citation]) -> Iterator[Found]:
    for citation in citations:
        yield Found(citation.reason, citation.span)


@pair_rule("CN301", "a link that nobody offers", Severity.ERROR)
def outside(pair: PairFacts) -> Iterator[Found]:
    """Finds links in an answer that stand nowhere in its prompt.

    ## Why is this bad?

    The prompt says to use only what it provides. A model that cites anything else does so from
    memory: the paper may be another one than it says, or none at all.

    ## Example

    ```text response
    Haze takes contrast away with distance, as in https://arxiv.org/abs/1706.03762. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    There is no fix. `cnaps.check(prompt, answer).correction` asks the model for a better answer.
    """  # noqa: E501 - a line of a file
    return _as_they_are(pair.report.outside)


@pair_rule("CN302", "a link that another prompt offers", Severity.ERROR)
def borrowed(pair: PairFacts) -> Iterator[Found]:
    """Finds links in an answer that its prompt does not offer, and another one of the collection does.

    ## Why is this bad?

    The model was shown several prompts and mixed them up, or two answers did. The link is real and
    belongs to another question.

    ## Example

    ```text response
    Haze takes contrast away with distance, as rain does: https://arxiv.org/pdf/2111.09881v2. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    There is no fix. `cnaps.check(prompt, answer).correction` asks the model for a better answer.
    """  # noqa: E501 - a line of a file
    return _as_they_are(pair.report.borrowed)


@pair_rule("CN303", "a link that was altered")
def altered(pair: PairFacts) -> Iterator[Found]:
    """Finds links that lead where a link of the prompt leads, or almost, and are written otherwise.

    ## Why is this bad?

    One wrong digit is another paper, and the end of a link that was cut off leads nowhere. Another
    version of the same paper may say something else.

    ## Example

    ```text response
    - Dehaze-FFA-OTS: [paper](https://arxiv.org/abs/1911.07559v1), [code](https://github.com/zhilin007/FFA-Net)
    ```

    Use instead:

    ```text response
    - Dehaze-FFA-OTS: [paper](https://arxiv.org/pdf/1911.07559v2), [code](https://github.com/zhilin007/FFA-Net)
    ```

    ## Fix safety

    The fix writes the link that was given. It is safe where the link of the answer leads to the
    same page, or leaves open which version or page of the work is meant. It is unsafe for another
    version, another page of a repository, and near misses: those might be meant. Where the field of
    the prompt holds more than a link there is no fix.
    """
    altered = pair.report.altered
    # Each once: an answer can cite a link of the prompt any number of times. With two links in a
    # field, or one with a full stop, it would cite only a part again.
    links = {_entry(citation).link or "" for citation in altered}
    given = {link: _Page.of(link) for link in links if is_link(link)}
    for citation in altered:
        link, fix = _entry(citation).link or "", None
        if link in given:
            says_no_more = _Page.of(citation.url or "").says_no_more_than(given[link])
            safety = Safety.SAFE if says_no_more else Safety.UNSAFE
            fix = Fix("write the link that was given", safety, (Edit(*citation.span, link),))
        yield Found(citation.reason, citation.span, fix=fix)


class _Page(NamedTuple):
    """What a link leads to.

    Attributes:
        work: The work.
        url: The canonical URL, without scheme and `www.`.
    """

    work: str
    url: str

    @classmethod
    def of(cls, link: str) -> _Page:
        identifier = identify(link)
        return cls(identifier.work, bare(identifier.url))

    def says_no_more_than(self, other: _Page) -> bool:
        """Tell whether it is the work of another one and no page but that, if any."""
        is_open = other.url.startswith(self.url) and _MORE.match(other.url, len(self.url))
        return bool(is_open) and self.work == other.work


# A version or a page; that 1 is not 12.
_MORE = re.compile(r"(?:v[0-9]{1,9})?\Z|/")


def _named(name: str | None) -> str:
    """Return a name in quotation marks; of one that nobody would read, its start."""
    return shortened(name, 300)


def _entry(citation: Citation) -> Entry:
    """Return the entry of a citation that has one: all have but those from outside."""
    return cast("Entry", citation.entry)


@pair_rule("CN304", "a link that only an abstract has", Severity.INFO)
def mentioned(pair: PairFacts) -> Iterator[Found]:
    """Finds links in an answer that stand in the prompt, but only inside of its prose.

    ## Why is this bad?

    The link was in front of the model, so it is not made up. But nobody offered it: an abstract
    often names what others did.

    ## Example

    ```text response
    Haze takes contrast away with distance: https://arxiv.org/abs/1707.06543v1. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    There is no fix, and often none is needed.
    """  # noqa: E501 - a line of a file
    return _as_they_are(pair.report.mentioned)


@pair_rule("CN305", "an entry without its link", Severity.INFO)
def unlinked(pair: PairFacts) -> Iterator[Found]:
    """Finds models and papers that an answer names without any of the links that they have.

    ## Why is this bad?

    The prompt asks for links. A reader has to look for the paper, and may find another one.

    ## Example

    ```text response
    1. Vision Transformers for Single Image Dehazing
    ```

    Use instead:

    ```text response
    1. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2204.03883v1), [code](https://github.com/IDKiro/DehazeFormer)
    ```

    ## Fix safety

    There is no fix. `cnaps.check(prompt, answer)` tells which entry is meant, and its links.
    """
    for citation in pair.report.unlinked:
        yield Found(citation.reason, citation.span)


@pair_rule("CN306", "an entry that is never cited", Severity.INFO)
def uncited(pair: PairFacts) -> Iterator[Found]:
    """Finds models and papers of the prompt that the answer neither links to nor names.

    ## Why is this bad?

    Somebody chose them for this question, and the answer does without. The span is empty, at the
    end.

    ## Example

    ```text response
    - Dehaze-FFA-OTS: [paper](https://arxiv.org/pdf/1911.07559v2), [code](https://github.com/zhilin007/FFA-Net)

    1. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2204.03883v1), [code](https://github.com/IDKiro/DehazeFormer)
    ```

    Use instead:

    ```text response
    - Dehaze-FFA-OTS: [paper](https://arxiv.org/pdf/1911.07559v2), [code](https://github.com/zhilin007/FFA-Net)

    1. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2204.03883v1), [code](https://github.com/IDKiro/DehazeFormer)
    2. Rethinking Performance Gains in Image Dehazing Networks: [paper](https://arxiv.org/pdf/2209.11448v1), [code](https://github.com/IDKiro/gUNet)
    ```

    ## Fix safety

    There is no fix.
    """  # noqa: E501 - a line of a file
    if pair.report.misfiled:  # it is about something else altogether
        return
    unnamed = {entry.path for entry in pair.report.unnamed}
    for entry in pair.report.uncited:
        if entry.path not in unnamed:
            yield Found(
                f"{entry.path} of the prompt is never cited: {_named(entry.name)}", _end(pair)
            )


def _end(pair: PairFacts) -> Span:
    """What is missing is missed at the end."""
    end = len(pair.answer.text.rstrip())
    return Span(end, end)


@pair_rule("CN307", "a recommended model that is not named")
def unnamed(pair: PairFacts) -> Iterator[Found]:
    """Finds recommended models whose name the answer does not have.

    ## Why is this bad?

    The question is how this model works. An answer that does not name it is about another one, or
    about models in general. The span is empty, at the end.

    ## Example

    ```text response
    - **Model:** A network weighs channels and pixels by how thick the haze is.
    - **Output:** the same photo without haze.

    ## References

    - A network: [paper](https://arxiv.org/pdf/1911.07559v2), [code](https://github.com/zhilin007/FFA-Net)
    ```

    Use instead:

    ```text response
    - **Model:** Dehaze-FFA-OTS weighs channels and pixels by how thick the haze is.
    - **Output:** the same photo without haze.

    ## References

    - Dehaze-FFA-OTS: [paper](https://arxiv.org/pdf/1911.07559v2), [code](https://github.com/zhilin007/FFA-Net)
    ```

    ## Fix safety

    There is no fix.
    """
    if not pair.report.misfiled:
        for entry in pair.report.unnamed:
            yield Found(f"the recommended model {_named(entry.name)} is not named", _end(pair))


@pair_rule("CN308", "a label that contradicts its link")
def mislabelled(pair: PairFacts) -> Iterator[Found]:
    """Finds links whose label names one entry of the prompt while they lead to another.

    A label can also be a link itself, and another one than that behind it.

    ## Why is this bad?

    The reader is promised one paper and gets the other. Each of the two is offered, so that looking
    at links alone, or at titles alone, does not tell.

    ## Example

    ```text response
    1. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2204.03883v1), [code](https://github.com/IDKiro/DehazeFormer)
    2. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2209.11448v1), [code](https://github.com/IDKiro/gUNet)
    ```

    Use instead:

    ```text response
    1. Vision Transformers for Single Image Dehazing: [paper](https://arxiv.org/pdf/2204.03883v1), [code](https://github.com/IDKiro/DehazeFormer)
    2. Rethinking Performance Gains in Image Dehazing Networks: [paper](https://arxiv.org/pdf/2209.11448v1), [code](https://github.com/IDKiro/gUNet)
    ```

    ## Fix safety

    There is no fix: nothing tells whether the label or the link is wrong.
    """  # noqa: E501 - a line of a file
    for entry, (first, *others) in _by_title(pair.report.mislabelled):
        message = f"{_named(first.label)} stands by the link of {_named(entry.name)}"
        yield Found(message, first.span, tuple(citation.span for citation in others))


def _by_title(citations: Iterable[Citation]) -> Iterator[tuple[Entry, list[Citation]]]:
    """Yield the entries that have another title beside them, with the citations that have it."""
    found: dict[tuple[str, str | None], tuple[Entry, list[Citation]]] = {}
    for citation in citations:
        entry = _entry(citation)
        found.setdefault((entry.path, citation.label), (entry, []))[1].append(citation)
    yield from found.values()


@pair_rule("CN309", "a title that was changed", Severity.INFO)
def drifted(pair: PairFacts) -> Iterator[Found]:
    """Finds links of the prompt beside a title that is not the one in the prompt.

    ## Why is this bad?

    A title that was shortened is still found. One that was rewritten is not, and hides that the
    model wrote it from memory.

    ## Example

    ```text answer
    - **Model**: Transformers That See Through Haze
      - Paper: https://arxiv.org/pdf/2204.03883v1
    ```

    Use instead:

    ```text answer
    - **Model**: Vision Transformers for Single Image Dehazing
      - Paper: https://arxiv.org/pdf/2204.03883v1
    ```

    ## Fix safety

    In a rendered answer the fix writes the title as the prompt has it. It is unsafe: the link may
    be what is wrong. In other responses there is no fix.
    """
    names = _names_by_link(pair.answer) if pair.report.drifted else {}
    for entry, (first, *others) in _by_title(pair.report.drifted):
        name = names.get(first.span)
        fix = None
        if name is not None:
            edit = Edit(*name, entry.name)
            fix = Fix("write the title that was given", Safety.UNSAFE, (edit,))
        message = f"{_named(first.label)} stands by the link of {_named(entry.name)}"
        also = tuple(citation.span for citation in others)
        yield Found(message, name or first.span, also, fix)


def _names_by_link(answer: DocumentFacts) -> dict[Span, Span]:
    """Return where the names of entries stand, by where their links stand."""
    return {
        answer.span(entry, field): answer.span(entry, "name") for entry, field, _ in answer.fields
    }


@pair_rule("CN310", "one work cited under several links", Severity.INFO)
def duplicates(pair: PairFacts) -> Iterator[Found]:
    """Finds works that an answer cites by different links.

    ## Why is this bad?

    A reader takes them for two works, and so do programs that count. Where the prompt has all of
    these links, that is said of the prompt, by CN212.

    ## Example

    ```text response
    Haze takes contrast away with distance (https://arxiv.org/abs/2204.03883v1). The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    There is no fix of its own. Those of the links that were altered have one, CN303; after that
    they are the same.
    """  # noqa: E501 - a line of a file
    for citations in pair.report.duplicates:
        if any(citation.verdict != "given" for citation in citations):
            *also, span = (citation.span for citation in citations)
            links = ", ".join(str(citation.url) for citation in citations)
            message = f"this work is cited under {len(citations)} links: {links}"
            yield Found(message, span, tuple(also))


RULES = (
    outside,
    borrowed,
    altered,
    mentioned,
    unlinked,
    uncited,
    unnamed,
    mislabelled,
    drifted,
    duplicates,
)
