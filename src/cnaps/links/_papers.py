"""Many papers of arXiv in one request, to its API: one in three seconds would take hours.

The API lists the papers that there are, each with its latest or the wanted version
(https://info.arxiv.org/help/api/user-manual.html). That a paper is not in the list proves nothing:
its page is asked then, and so is all else that the list does not settle.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

from cnaps.identifiers import ArxivPaper, identify
from cnaps.links._messages import Reply, Request
from cnaps.links._results import Verdict
from cnaps.links._sites import Answer, with_parents
from cnaps.links._urls import HttpUrl, refusal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from cnaps.links._messages import Failure
    from cnaps.links._policy import LinkPolicy

__all__ = ["MOST_PAPERS", "Papers", "answer_about", "can_be_listed", "papers_in", "request_for"]

#: How many papers are asked for at once.
MOST_PAPERS = 100

_API = HttpUrl("https", "export.arxiv.org", 443, "/api/query")
_LONGEST_LIST = 2_097_152  # bytes; a paper takes some three thousand
_OK = 200

# The forms that every paper has. Whether there is one in HTML, only its page tells.
_FORMS = re.compile(r"/(abs|pdf)/[^?]+")
_ENTRY = "<entry>"
_ID = re.compile(r"<id>\s{0,99}https?://arxiv\.org/abs/([^<\s]{1,99}?)v([0-9]{1,9})\s{0,99}</id>")
_COMMENT = re.compile(r"<arxiv:comment[^>]{0,999}>([^<]{0,9999})")
_WITHDRAWN = "withdrawn"
_LONGEST_COMMENT = 200


class _Paper(NamedTuple):
    """What the API says of a version of a paper; the comment of its authors."""

    version: int
    comment: str


Papers = dict[str, list[_Paper]]
"""What the API says, by the identifiers of papers."""


def can_be_listed(url: HttpUrl, policy: LinkPolicy) -> bool:
    """Tell whether the API may settle what becomes of a link."""
    return (
        "arxiv.org" in with_parents(url.host)
        and _FORMS.fullmatch(url.target) is not None
        and not (policy.fragments and url.fragment)
        and isinstance(identify(url.url), ArxivPaper)
        and refusal(_API, policy) is None
    )


def request_for(urls: Iterable[HttpUrl], policy: LinkPolicy) -> Request:
    """Return the request for a list of papers, of at most `MOST_PAPERS`."""
    names = dict.fromkeys(map(_name, urls))
    target = f"{_API.target}?max_results={len(names)}&id_list={','.join(names)}"
    return Request(
        "GET",
        _API._replace(target=target),
        {name: value for name, value in policy.headers.items() if isinstance(value, str)},
        policy.timeout,
        _LONGEST_LIST,
        first_host=False,
    )


def papers_in(outcome: Reply | Failure) -> Papers:
    """Return the papers of a list; none where it did not come."""
    found: Papers = {}
    if isinstance(outcome, Reply) and outcome.status == _OK:
        for entry in outcome.body.decode("utf-8", "replace").split(_ENTRY)[1:]:
            name = _ID.search(entry)
            if name is not None:
                comment = _COMMENT.search(entry)
                text = html.unescape(comment[1]).strip() if comment else ""
                found.setdefault(name[1], []).append(_Paper(int(name[2]), text))
    return found


def answer_about(url: HttpUrl, papers: Mapping[str, Sequence[_Paper]]) -> Answer | None:
    """Return what a list says of a link, or None where it says nothing."""
    asked = _paper(url)
    versions = [
        paper for paper in papers.get(asked.id, ()) if asked.version in (None, paper.version)
    ]
    if not versions:
        return None
    reason = "arXiv has this paper" if asked.version is None else "arXiv has this version"
    comment = max(versions).comment
    if _WITHDRAWN in comment.lower():
        if not url.target.startswith("/abs/"):  # there may be no file
            return None
        reason = f"{reason}, but it is withdrawn: {comment[:_LONGEST_COMMENT]}"
    return Answer(Verdict.ALIVE, reason, url._replace(scheme="https", port=443).url)


def _paper(url: HttpUrl) -> ArxivPaper:
    paper = identify(url.url)
    assert isinstance(paper, ArxivPaper)  # noqa: S101 - or it could not be listed
    return paper


def _name(url: HttpUrl) -> str:
    paper = _paper(url)
    return paper.id if paper.version is None else f"{paper.id}v{paper.version}"
