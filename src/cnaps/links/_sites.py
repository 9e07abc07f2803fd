"""What is known of some sites, as data: how often they may be asked, and how they say no.

Each limit and each question has the page that documents it beside it; what is only observed says
so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from cnaps.identifiers import ArxivPaper, GitHubRepo, HuggingFaceRepo, identify
from cnaps.links._results import Verdict

if TYPE_CHECKING:
    from cnaps.links._messages import Reply
    from cnaps.links._policy import LinkPolicy
    from cnaps.links._urls import HttpUrl

__all__ = [
    "BOT_WALLS",
    "HEAD_HOSTS",
    "HOST_RATES",
    "LOGIN_SEGMENTS",
    "ONE_AT_A_TIME",
    "PREFIX_OF_USERS",
    "SOFT_404",
    "Answer",
    "Question",
    "is_registered",
    "question_about",
    "soft_404_texts",
    "with_parents",
    "work_of_version",
]

#: Requests per second that a host and all hosts below it may get together.
HOST_RATES: Mapping[str, float] = {
    # "no more than one request every three seconds, and limit requests to a single connection at
    # a time": https://info.arxiv.org/help/api/tou.html
    "arxiv.org": 1 / 3,
    # 500 API requests in five minutes without a token:
    # https://huggingface.co/docs/hub/rate-limits
    "huggingface.co": 500 / 300,
}

#: Hosts that want a single connection at a time.
ONE_AT_A_TIME = frozenset({"arxiv.org"})

#: Texts of pages that say "not found" with a status of 200, in lower case; observed.
SOFT_404: Mapping[str, tuple[str, ...]] = {
    "pan.baidu.com": ("链接不存在", "页面不存在"),
    "www.youtube.com": ('"playabilitystatus":{"status":"error"',),
    "youtu.be": ('"playabilitystatus":{"status":"error"',),
}

#: Headers by which a wall against programs gives itself away, with what their value holds.
BOT_WALLS: Mapping[str, str] = {
    # https://developers.cloudflare.com/cloudflare-challenges/challenge-types/challenge-pages/detect-response/
    "cf-mitigated": "challenge",
    # https://docs.aws.amazon.com/waf/latest/developerguide/waf-captcha-and-challenge-how-it-works.html
    "x-amzn-waf-action": "",
    "sg-captcha": "challenge",  # observed
}

#: Segments of a path that ask for a login, in lower case; observed.
LOGIN_SEGMENTS = frozenset(
    {
        "accounts", "auth", "authenticate", "authorize", "cas", "log-in", "login", "login.aspx",
        "login.html", "login.jsp", "login.php", "oauth", "oauth2", "saml", "saml2", "session",
        "shibboleth", "sign-in", "sign_in", "signin", "sso",
    }
)  # fmt: skip

#: Hosts that answer HEAD as they answer GET; observed. To ask again would only annoy them.
HEAD_HOSTS = frozenset({"arxiv.org", "github.com", "huggingface.co"})

#: What GitHub and others put before the places that a README names; their scripts take it away.
#: Observed.
PREFIX_OF_USERS = "user-content-"

_RESOLVERS = frozenset({"doi.org", "dx.doi.org", "www.doi.org"})


@lru_cache(1024)
def with_parents(host: str) -> tuple[str, ...]:
    """Return a host and the hosts above it, the longest first.

    >>> with_parents("export.arxiv.org")
    ('export.arxiv.org', 'arxiv.org', 'org')
    """
    labels = host.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))


def soft_404_texts(host: str, policy: LinkPolicy) -> tuple[str, ...]:
    """Return what a page of a host may say that is not there, in lower case."""
    if policy.soft_404 is False:
        return ()
    own = policy.soft_404 if isinstance(policy.soft_404, Mapping) else {}
    texts = (*SOFT_404.get(host, ()), *own.get(host, ()))
    return tuple(text.lower() for text in texts)


def is_registered(at: HttpUrl, to: HttpUrl) -> bool:
    """Tell whether a redirect is how a resolver says that a DOI is registered.

    "DOI not found" is a 404; all else goes to the publisher, whose page is another matter:
    https://www.doi.org/the-identifier/resources/factsheets/doi-resolution-documentation
    """
    return at.host in _RESOLVERS and to.host not in _RESOLVERS


class Answer(NamedTuple):
    """What a site said about a link when it was asked in its own way.

    Attributes:
        verdict: What can be said of the link.
        reason: Why.
        url: The address of what the link leads to.
    """

    verdict: Verdict
    reason: str
    url: str


class Question(NamedTuple):
    """A better way to ask about a link than requesting it.

    Attributes:
        url: The address to ask, which answers in JSON.
        headers: What to send along; to no other host than that of `url`.
        read: Reads what came back with a status of 200; returns None where that says nothing.
        settled: Other statuses that are the last word; with any other one the page is asked.
    """

    url: str
    headers: Mapping[str, str]
    read: Callable[[Reply], Answer | None]
    settled: frozenset[int]


def question_about(url: HttpUrl, policy: LinkPolicy) -> Question | None:
    """Return a better way to ask about a link, or None where there is none."""
    match identify(url.url):
        case GitHubRepo(view=None) as repo if policy.github_token:
            return _github(repo, policy.github_token)
        case HuggingFaceRepo(view=None) as repo:
            return _hugging_face(repo)
        case _:
            return None


def _github(repo: GitHubRepo, token: str) -> Question:
    """Ask GitHub's API (https://docs.github.com/en/rest/repos/repos#get-a-repository).

    Without a token that would be 60 requests in an hour, so the page is asked instead.
    """
    headers = {"Authorization": f"Bearer {token}", "Accept": "application/vnd.github+json"}

    def read(reply: Reply) -> Answer | None:
        name = _json(reply).get("full_name")
        return _named(repo.url, f"{repo.owner}/{repo.name}", name, "https://github.com/")

    path = f"{quote(repo.owner, safe='')}/{quote(repo.name, safe='')}"
    url = f"https://api.github.com/repos/{path}"
    return Question(url, headers, read, frozenset({404, 451}))


_FOLDERS = {"model": "models", "dataset": "datasets", "space": "spaces"}


def _hugging_face(repo: HuggingFaceRepo) -> Question:
    """Ask the API of the hub (https://huggingface.co/docs/hub/api), which tells who may read.

    It allows five times as many requests as the pages do.
    """
    key = repo.url.removeprefix("https://huggingface.co/")
    asked = key.removeprefix("datasets/").removeprefix("spaces/")

    def read(reply: Reply) -> Answer | None:
        content = _json(reply)
        base = repo.url.removesuffix(asked)
        answer = _named(repo.url, asked, content.get("id"), base)
        if answer is not None and content.get("gated"):
            reason = "the repository is there, but gated: reading it takes a login"
            return answer._replace(verdict=Verdict.RESTRICTED, reason=reason)
        return answer

    url = f"https://huggingface.co/api/{_FOLDERS[repo.kind]}/{asked}"
    # 401 is what a repository says that is private or does not exist: it cannot be told.
    return Question(url, {}, read, frozenset({401, 404}))


def _json(reply: Reply) -> dict[str, Any]:
    try:
        content = json.loads(reply.body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _named(url: str, asked: str, name: object, base: str) -> Answer | None:
    """Compare the name that was asked for with the one that a site has for it."""
    if not isinstance(name, str) or not name:
        return None
    if name.lower() == asked.lower():
        return Answer(Verdict.ALIVE, "the repository is there", url)
    new = base + quote(name, safe="/")
    return Answer(Verdict.MOVED, f"the repository is now called {name}", new)


def work_of_version(url: HttpUrl) -> tuple[int, str] | None:
    """Return the version that a link to arXiv names and the address of the work, or None."""
    paper = identify(url.url)
    if isinstance(paper, ArxivPaper) and paper.version is not None:
        return paper.version, ArxivPaper(paper.id).url
    return None
