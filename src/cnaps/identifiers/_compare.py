"""How two links differ."""

from __future__ import annotations

import re
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from cnaps.identifiers._kinds import (
    AclPaper,
    ArxivPaper,
    GitHubGist,
    GitHubRepo,
    GitLabRepo,
    HuggingFaceRepo,
    WebPage,
)
from cnaps.identifiers._links import split, stripped
from cnaps.identifiers._sites import identify

if TYPE_CHECKING:
    from cnaps.identifiers._kinds import Identifier
    from cnaps.identifiers._links import Link

__all__ = ["Difference", "Target", "bare", "compare", "compare_targets"]


class Difference(StrEnum):
    """How two links differ, from the lightest difference to the weightiest.

    Attributes:
        SAME: Not at all, or in nothing that counts: blanks around a link, the port that its
            scheme implies, another way to escape a character.
        SCHEME: In the scheme, such as `http` and `https`, or one has none.
        QUERY: In what follows `?` or `#`.
        FORM: In the address of one work: abstract or PDF, a mirror, `www.`, a page of the
            repository.
        CASE: In letter case.
        VERSION: In the version of the paper or the revision of the repository, also if only one
            of them names one.
        TRUNCATED: One is the other, cut off at its end.
        DIFFERENT: In the work.
    """

    SAME = "same"
    SCHEME = "scheme"
    QUERY = "query"
    FORM = "form"
    CASE = "letter case"
    VERSION = "version"
    TRUNCATED = "truncated"
    DIFFERENT = "different"


def compare(a: str, b: str) -> Difference:
    """Name the difference between two links, of several the weightiest.

    Whether they are of one work, `identify(…).work` tells. They are if the difference is at most
    `VERSION`, except that letter case and the query can make two pages of what is a `WebPage`.

    Args:
        a: One link, as `identify` takes it.
        b: The other one; which is which does not matter.

    Raises:
        TypeError: If one of them is not a str.

    >>> from cnaps import compare
    >>> print(compare("http://arxiv.org/pdf/2111.09881v1.pdf", "https://arxiv.org/abs/2111.09881"))
    version
    >>> print(compare("https://github.com/JingyunLiang/SwinIR", "github.com/jingyunliang/swinir"))
    letter case
    >>> print(compare("https://arxiv.org/pdf/2111.0", "https://arxiv.org/pdf/2111.09881"))
    truncated
    """
    return compare_targets(Target(a), Target(b))


class Target:
    """A link, and what comparing it takes: all of it is worked out once, however often that is.

    Attributes:
        link: The link.
        identifier: What it leads to.
        text: The link without blanks around it.
    """

    def __init__(self, link: str) -> None:
        self.link = link
        self.identifier: Identifier = identify(link)
        self.text: str = stripped(link)

    @cached_property
    def folded(self) -> str:
        """The link in lower case."""
        return self.text.lower()

    @cached_property
    def bare(self) -> str:
        """The link without scheme and `www.`, in lower case."""
        return bare(self.text)

    @cached_property
    def canonical(self) -> str:
        """The canonical URL of what it leads to, without scheme and `www.`, in lower case."""
        return bare(self.identifier.url)

    @cached_property
    def work(self) -> _Text:
        """The work, which is equal for all spellings."""
        return _Text.of(self.identifier.work)

    @cached_property
    def page(self) -> _Text:
        """The work without a query."""
        return _Text.of(self.work.text.partition("?")[0])

    @cached_property
    def query(self) -> str:
        """The query of the work."""
        return self.work.text.partition("?")[2]

    @cached_property
    def name(self) -> _Text:
        """What the work is called, in the letter case of the link."""
        match self.identifier:
            case GitHubRepo() | GitLabRepo() | HuggingFaceRepo() as repository:
                return _Text.of(f"{repository.owner}/{repository.name}")
            case identifier:
                return _Text.of(identifier.url)

    @cached_property
    def version(self) -> int | str | None:
        """The version of a paper, or the revision of a repository, where the link names one."""
        match self.identifier:
            case ArxivPaper() | AclPaper() as paper:
                return paper.version
            case GitHubRepo() | GitHubGist() | GitLabRepo() | HuggingFaceRepo() as repository:
                return repository.revision
            case _:
                return None

    @cached_property
    def parts(self) -> Link:
        """The link taken apart."""
        return split(self.text)

    @cached_property
    def address(self) -> _Text:
        """Host, port and path."""
        return _Text.of(self.parts.site + self.parts.path)


class _Text(NamedTuple):
    """A text, as it is and in lower case."""

    text: str
    folded: str

    @classmethod
    def of(cls, text: str) -> _Text:
        return cls(text, text.lower())

    def differs_in_case(self, other: _Text) -> bool:
        """Tell whether nothing but letter case sets it apart from another text."""
        return self.text != other.text and self.folded == other.folded


def compare_targets(a: Target, b: Target) -> Difference:
    """Name the difference between two links, as `compare` does."""
    if a.text == b.text:
        return Difference.SAME
    if a.folded == b.folded:
        return Difference.CASE
    if a.work != b.work:
        return _of_two_works(a, b)
    return Difference.VERSION if a.version != b.version else _of_one_version(a, b)


def _of_one_version(a: Target, b: Target) -> Difference:
    if a.name.differs_in_case(b.name) or a.address.differs_in_case(b.address):
        return Difference.CASE
    if a.address != b.address:
        return Difference.FORM
    if (a.parts.query, a.parts.fragment) != (b.parts.query, b.parts.fragment):
        return Difference.QUERY
    return Difference.SAME if a.parts.scheme == b.parts.scheme else Difference.SCHEME


def _of_two_works(a: Target, b: Target) -> Difference:
    if a.work.differs_in_case(b.work):
        return Difference.CASE
    are_pages = isinstance(a.identifier, WebPage) and isinstance(b.identifier, WebPage)
    if are_pages and a.page.folded == b.page.folded:
        if _is_cut(a.query, b.query, whole="&"):
            return Difference.TRUNCATED
        return Difference.QUERY if a.page == b.page else Difference.CASE
    if _is_cut(a.text, b.text) or _is_cut(a.bare, b.bare) or _is_start(a, b) or _is_start(b, a):
        return Difference.TRUNCATED
    return Difference.DIFFERENT


_HEAD = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:www\.)?")


def bare(link: str) -> str:
    """Return the link without scheme and `www.`, in lower case."""
    link = link.lower()
    head = _HEAD.match(link)
    return link[head.end() :] if head else link


def _is_start(a: Target, b: Target) -> bool:
    """Whether a link is the start of a canonical URL: the other one may have another form."""
    return len(a.bare) < len(b.canonical) and _is_cut(a.bare, b.canonical)


def _is_cut(a: str, b: str, *, whole: str = "") -> bool:
    """Whether one is the start of the other, and does not end where `whole` says it may."""
    short, long = sorted((a, b), key=len)
    return 0 < len(short) < len(long) and long.startswith(short) and long[len(short)] not in whole
