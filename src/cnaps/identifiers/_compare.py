"""How two links differ."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

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

__all__ = ["Difference", "bare", "compare"]


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
    x, y = identify(a), identify(b)
    a, b = stripped(a), stripped(b)
    if a == b:
        return Difference.SAME
    if a.lower() == b.lower():
        return Difference.CASE
    if x.work != y.work:
        return _of_two_works(a, b, x, y)
    if _version(x) != _version(y):
        return Difference.VERSION
    return _of_one_version(a, b, x, y)


def _version(identifier: Identifier) -> int | str | None:
    match identifier:
        case ArxivPaper() | AclPaper():
            return identifier.version
        case GitHubRepo() | GitHubGist() | GitLabRepo() | HuggingFaceRepo():
            return identifier.revision
        case _:
            return None


def _of_one_version(a: str, b: str, x: Identifier, y: Identifier) -> Difference:
    left, right = split(a), split(b)
    addresses = left.site + left.path, right.site + right.path
    if _differ_in_case(_name(x), _name(y)) or _differ_in_case(*addresses):
        return Difference.CASE
    if addresses[0] != addresses[1]:
        return Difference.FORM
    if (left.query, left.fragment) != (right.query, right.fragment):
        return Difference.QUERY
    return Difference.SAME if left.scheme == right.scheme else Difference.SCHEME


def _name(identifier: Identifier) -> str:
    """What the work is called, in the letter case of the link."""
    match identifier:
        case GitHubRepo() | GitLabRepo() | HuggingFaceRepo():
            return f"{identifier.owner}/{identifier.name}"
        case _:
            return identifier.url


def _differ_in_case(a: str, b: str) -> bool:
    return a != b and a.lower() == b.lower()


def _of_two_works(a: str, b: str, x: Identifier, y: Identifier) -> Difference:
    if _differ_in_case(x.work, y.work):
        return Difference.CASE
    if isinstance(x, WebPage) and isinstance(y, WebPage):
        left, _, left_query = x.work.partition("?")
        right, _, right_query = y.work.partition("?")
        if left.lower() == right.lower():
            if _is_cut(left_query, right_query, whole="&"):
                return Difference.TRUNCATED
            return Difference.QUERY if left == right else Difference.CASE
    if _is_cut(a, b) or _is_cut(bare(a), bare(b)) or _is_start(a, y) or _is_start(b, x):
        return Difference.TRUNCATED
    return Difference.DIFFERENT


_HEAD = re.compile(r"(?:[a-z][a-z0-9+.-]*:)?//(?:www\.)?")


def bare(link: str) -> str:
    """Return the link without scheme and `www.`, in lower case."""
    link = link.lower()
    head = _HEAD.match(link)
    return link[head.end() :] if head else link


def _is_start(link: str, identifier: Identifier) -> bool:
    """Whether a link is the start of a canonical URL: the other one may have another form."""
    start, whole = bare(link), bare(identifier.url)
    return len(start) < len(whole) and _is_cut(start, whole)


def _is_cut(a: str, b: str, *, whole: str = "") -> bool:
    """Whether one is the start of the other, and does not end where `whole` says it may."""
    short, long = sorted((a, b), key=len)
    return 0 < len(short) < len(long) and long.startswith(short) and long[len(short)] not in whole
