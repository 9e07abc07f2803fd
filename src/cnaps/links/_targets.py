"""What to check: from targets to distinct links, each with all the places where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeGuard

from cnaps.document import Document
from cnaps.linking import Link, iter_links
from cnaps.links._results import Place, Verdict
from cnaps.links._urls import HttpUrl, Refusal, read_url, refusal
from cnaps.responses import Response
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from cnaps.links._policy import LinkPolicy

__all__ = ["Page", "Target", "collect", "plan"]


_VALUES = (Answer, ModelRef, PaperRef, PromptSpec, Question, Response, Workflow)
_Value: TypeAlias = Answer | ModelRef | PaperRef | PromptSpec | Question | Response | Workflow
#: What can be checked: a URL, a link of `cnaps.iter_links`, a value, a Document, or an iterable
#: of such.
Target: TypeAlias = "str | Link | Document | _Value | Iterable[Target]"


class Page(NamedTuple):
    """An address to ask, and the links that lead to it: they differ in their fragments at most.

    Attributes:
        url: The address; with a fragment if any is to be looked for.
        links: The links as written, each with its address.
    """

    url: HttpUrl
    links: list[tuple[str, HttpUrl]]


def collect(targets: Target) -> dict[str, list[Place]]:
    """Return the distinct links of targets, as written and in order, with their places.

    A URL that is given as such stands nowhere.

    Raises:
        TypeError: If something is no target.
    """
    found: dict[str, list[Place]] = {}
    for url, place in _links(targets):
        places = found.setdefault(url, [])
        if place is not None:
            places.append(place)
    return found


def _links(target: Target) -> Iterator[tuple[str, Place | None]]:
    if isinstance(target, str):
        yield target, None
    elif isinstance(target, (Document, *_VALUES)):
        for link in iter_links(target):
            yield link.url, _place(link)
    elif isinstance(target, Link):
        yield target.url, _place(target)
    elif _is_iterable(target):
        for inner in target:
            yield from _links(inner)
    else:
        raise TypeError(
            "links are checked of URLs, values, Documents and iterables of them, "
            f"not of {type(target).__name__}"
        )


def _is_iterable(target: object) -> TypeGuard[Iterable[Target]]:
    """Tell an iterable of targets from what is iterable and surely a mistake."""
    return isinstance(target, Iterable) and not isinstance(target, bytes | Mapping)


def _place(link: Link) -> Place:
    return Place(link.file, link.path, link.span)


def plan(urls: Iterable[str], policy: LinkPolicy) -> tuple[list[Page], list[tuple[str, Refusal]]]:
    """Tell what to ask from what needs no asking: malformed links, and those the policy skips.

    Links that differ in their fragment, or in how they are written, are asked together.
    """
    pages: dict[HttpUrl, Page] = {}
    refused: list[tuple[str, Refusal]] = []
    for written in urls:
        url = _wanted(written, policy)
        if isinstance(url, Refusal):
            refused.append((written, url))
            continue
        bare = url._replace(fragment="") if url.fragment else url
        page = pages.setdefault(bare, Page(bare, []))
        page.links.append((written, url))
        if policy.fragments and url.fragment and not page.url.fragment:
            pages[bare] = page._replace(url=url)
    return list(pages.values()), refused


def _wanted(written: str, policy: LinkPolicy) -> HttpUrl | Refusal:
    url = read_url(written)
    if isinstance(url, Refusal):
        return url
    if policy.include and not any(pattern.search(url.url) for pattern in policy.include):
        return Refusal(Verdict.SKIPPED, "is not included")
    return refusal(url, policy) or url
