"""The works that values cite: one record for each, whatever the spellings.

An entry is about what its paper link leads to; without one, about its repository; without any
link, about something of which the title is all that is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from urllib.parse import quote

from attrs import frozen

from cnaps.errors import RenderError
from cnaps.identifiers import (
    ArxivPaper,
    Doi,
    GitHubGist,
    GitHubRepo,
    GitLabRepo,
    HuggingFaceRepo,
    OpenReviewPaper,
    WebPage,
    identify,
)
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.document import Document
    from cnaps.identifiers import Identifier

    Citing: TypeAlias = Document | PromptSpec | Answer | ModelRef | PaperRef
    Source: TypeAlias = Citing | Iterable[Citing]

__all__ = ["Source", "Work", "works_of"]


@frozen
class Work:
    """A work, and all that links and entries tell of it.

    Every text is one line without control characters, and every link is plain ASCII.

    Attributes:
        key: What to cite it by: ASCII, and the same in every export.
        kind: "preprint", "paper", "software", "dataset", "page" or "other".
        title: The title as written, LaTeX included, or "".
        names: The models that go by this work, as far as they are not called like it.
        summary: The abstract as written, or "".
        url: Its canonical URL, or "".
        code: The canonical URLs of its code.
        arxiv: Its id at arXiv, or "".
        doi: Its DOI, or "".
        venue: Where it was published, or "".
        year: When, or None.
        month: The month of that, or None.
        version: The newest version that is cited, or None.
    """

    key: str
    kind: str
    title: str
    names: tuple[str, ...] = ()
    summary: str = ""
    url: str = ""
    code: tuple[str, ...] = ()
    arxiv: str = ""
    doi: str = ""
    venue: str = ""
    year: int | None = None
    month: int | None = None
    version: int | None = None


def works_of(sources: Iterable[Source], dialect: str) -> list[Work]:
    """Return the works that are cited, in the order in which they first are.

    An entry without any link is taken for the linked work of the same title, if there is one: it
    says nothing but this title, so nothing is lost even if the two should be different works.

    Args:
        sources: Documents and values, or iterables of them.
        dialect: The format that the works are for; errors name it.

    Raises:
        RenderError: A text holds a lone surrogate.
        TypeError: A source is something else.

    >>> title = "Multi-Stage Progressive Image Restoration"
    >>> works = works_of(
    ...     [
    ...         ModelRef("MPRNet", "https://arxiv.org/pdf/2102.02808"),
    ...         PaperRef(title, "http://arxiv.org/abs/2102.02808v2"),
    ...         PaperRef(title),
    ...     ],
    ...     "bibtex",
    ... )
    >>> [(work.key, work.title, work.names, work.version) for work in works]
    [('arxiv:2102.02808', 'Multi-Stage Progressive Image Restoration', ('MPRNet',), 2)]
    """
    entries = [_entry(reference, path, dialect) for path, reference in _references(sources)]
    linked: dict[str, str] = {}
    for entry in entries:
        if entry.link:
            linked.setdefault(_folded(entry.title), entry.link.work)
    groups: dict[str, list[_Entry]] = {}
    for entry in entries:
        title = _folded(entry.title)
        if entry.link:
            groups.setdefault(entry.link.work, []).append(entry)
        elif title:
            groups.setdefault(linked.get(title, f"title:{title}"), []).append(entry)
    return [_merged(work, group) for work, group in groups.items()]


# --- entries --------------------------------------------------------------------------------------


class _Entry(NamedTuple):
    """A model or paper, with its texts cleaned and its links understood.

    Attributes:
        title: Its name or title.
        is_paper: Whether that is the title of a paper, and not a name.
        summary: The abstract, or "".
        link: What it is about, or None.
        code: What its GitHub link leads to, or None.
    """

    title: str
    is_paper: bool
    summary: str
    link: Identifier | None
    code: Identifier | None


def _references(sources: Iterable[Source]) -> Iterator[tuple[str, ModelRef | PaperRef]]:
    """Yield every model and paper with the path to it."""
    for number, source in enumerate(sources):
        path = f"sources[{number}]"
        if isinstance(source, Iterable) and not isinstance(source, str | bytes | Mapping):
            for index, item in enumerate(source):
                yield from _cited(item, f"{path}[{index}]")
        else:
            yield from _cited(source, path)


def _cited(source: object, path: str) -> Iterator[tuple[str, ModelRef | PaperRef]]:
    value = _value(source)
    if isinstance(value, PromptSpec):
        lists: dict[str, tuple[ModelRef | PaperRef, ...]] = {
            "models": value.models,
            "papers": value.papers,
        }
    elif isinstance(value, Answer):
        lists = {"references": value.references}
    elif isinstance(value, ModelRef | PaperRef):
        yield path, value
        return
    elif type(source).__name__ in {"Response", "ResponseDocument"}:
        message = f"{path}: a response lists no works; `cnaps.iter_links` finds its links"
        raise TypeError(message)
    else:
        raise TypeError(
            f"{path}: expected a Document, PromptSpec, Answer, ModelRef or PaperRef,"
            f" or an iterable of them, not {type(source).__name__}"
        )
    for name, references in lists.items():
        for number, reference in enumerate(references):
            yield f"{path}.{name}[{number}]", reference


def _value(source: object) -> object:
    if isinstance(source, PromptSpec | Answer | ModelRef | PaperRef):
        return source
    from cnaps.document import Document  # loads what reads files, and is seldom needed

    return source.value if isinstance(source, Document) else None


def _entry(reference: ModelRef | PaperRef, path: str, dialect: str) -> _Entry:
    is_paper = isinstance(reference, PaperRef)

    def text(field: str) -> str:
        return _one_line(getattr(reference, field, None) or "", f"{path}.{field}", dialect)

    paper, code = _link(text("paper")), _link(text("github"))
    title = text("title" if is_paper else "name")
    return _Entry(title, is_paper, text("summary"), paper or code, code)


_BLANK = re.compile(r"[\x00-\x20\x7f-\x9f\s]+")
_SURROGATE = re.compile(r"[\ud800-\udfff]")


def _one_line(text: str, path: str, dialect: str) -> str:
    """Return a text with each run of blanks, line ends and control characters as one space."""
    if surrogate := _SURROGATE.search(text):
        raise RenderError(
            f"it holds the lone surrogate U+{ord(surrogate[0]):04X} at character"
            f" {surrogate.start()}, which no file can",
            field=path,
            dialect=dialect,
            hint="remove it; text in a wrong encoding may have left it there",
        )
    return _BLANK.sub(" ", text).strip()


def _folded(title: str) -> str:
    """Return a title in a form that all its spellings share."""
    return unicodedata.normalize("NFKC", title).casefold()


_URL = re.compile(r"[a-z][a-z0-9+.-]*://\S+")


def _link(text: str) -> Identifier | None:
    """Return what a link leads to, or None where the text is no link."""
    link = identify(text) if text else None
    return None if isinstance(link, WebPage) and not _URL.fullmatch(link.url) else link


# --- works ----------------------------------------------------------------------------------------

_KINDS: dict[type[Identifier], str] = {
    ArxivPaper: "preprint",
    OpenReviewPaper: "preprint",  # accepted or not: the link does not tell
    GitHubRepo: "software",
    GitHubGist: "software",
    GitLabRepo: "software",
    HuggingFaceRepo: "software",
    Doi: "other",
    WebPage: "page",
}


# What may stand in a URL as it is: https://www.rfc-editor.org/rfc/rfc3986#section-2
_IN_URLS = "!#$%&'()*+,/:;=?@[]~"

_PLAIN_KEY = re.compile(r"[a-z]+:[a-z0-9.:/_+-]{1,80}")
_LONGEST_SLUG = 60


def _merged(work: str, entries: list[_Entry]) -> Work:
    links = [entry.link for entry in entries if entry.link]
    link = max(links, key=_version, default=None)
    papers = [entry.title for entry in entries if entry.is_paper]
    names = [entry.title for entry in entries if not entry.is_paper]
    title = next(filter(None, papers + names), "")
    return Work(
        key=_key(work),
        kind=_kind(link),
        title=title,
        names=_others(title, names),
        summary=next((entry.summary for entry in entries if entry.summary), ""),
        url=_url(link) if link else "",
        code=_code(work, entries),
        arxiv=link.id if isinstance(link, ArxivPaper) else "",
        doi=_doi(link),
        venue=getattr(link, "venue", ""),
        year=getattr(link, "year", None),
        month=getattr(link, "month", None),
        version=getattr(link, "version", None),
    )


def _version(link: Identifier) -> int:
    return getattr(link, "version", None) or 0


def _kind(link: Identifier | None) -> str:
    if link is None:
        return "other"
    if isinstance(link, HuggingFaceRepo) and link.kind == "dataset":
        return "dataset"
    return _KINDS.get(type(link), "paper")


def _others(title: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that are not the title, each in its first spelling."""
    found = {_folded(title): title}
    for name in names:
        found.setdefault(_folded(name), name)
    return tuple(filter(None, list(found.values())[1:]))


def _code(work: str, entries: list[_Entry]) -> tuple[str, ...]:
    """Return the repositories that come with a work and are not the work itself."""
    found: dict[str, str] = {}
    for entry in entries:
        if entry.code and entry.code.work != work:
            found.setdefault(entry.code.work, _url(entry.code))
    return tuple(found.values())


def _url(link: Identifier) -> str:
    return quote(link.url, safe=_IN_URLS)


def _doi(link: Identifier | None) -> str:
    if isinstance(link, ArxivPaper):
        return f"10.48550/arXiv.{link.id}"  # https://info.arxiv.org/help/doi.html
    return quote(link.doi, safe=_IN_URLS + "<>") if isinstance(link, Doi) else ""


def _key(work: str) -> str:
    """Return the key of a work in a form that BibTeX takes, and that differs for each."""
    if _PLAIN_KEY.fullmatch(work):
        return work
    letters = unicodedata.normalize("NFKD", work).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST_SLUG].strip("-")
    return f"{readable}-{sha256(work.encode()).hexdigest()[:10]}"
