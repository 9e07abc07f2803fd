"""From answers to verdicts: what to do next about one link, with no clock and no network.

`start` says what to ask first. `advance` takes what came of it and says what is next: another
request, or a finding. What each status and each failure means is data: `STATUSES`, `FAILURES`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from attrs import evolve, frozen

from cnaps.links._messages import Failure, Kind, Method, Reply, Request
from cnaps.links._results import Verdict
from cnaps.links._sites import (
    BOT_WALLS,
    HEAD_HOSTS,
    LOGIN_SEGMENTS,
    PREFIX_OF_USERS,
    Question,
    is_registered,
    question_about,
    soft_404_texts,
    with_parents,
    work_of_version,
)
from cnaps.links._urls import HttpUrl, Refusal, joined, read_url, refusal, shown

if TYPE_CHECKING:
    from cnaps.links._policy import LinkPolicy

__all__ = [
    "FAILURES",
    "STATUSES",
    "Ask",
    "Chain",
    "Finding",
    "Rule",
    "advance",
    "at_fragment",
    "is_complaint",
    "is_down",
    "is_enough",
    "request_of",
    "start",
]


class Rule(NamedTuple):
    """What an answer, or the lack of one, means.

    Attributes:
        verdict: The verdict, if it is the last word.
        reason: The same for people.
        get: Whether a HEAD with this outcome is followed by a GET at once: many servers treat
            HEAD otherwise.
        retry: Whether it may pass, so that asking again later makes sense.
        slow: Whether it says that the host gets too many requests.
    """

    verdict: Verdict
    reason: str
    get: bool = False
    retry: bool = False
    slow: bool = False


#: What a final status means (RFC 9110, section 15). What is not here, its hundred says.
STATUSES: Mapping[int, Rule] = {
    202: Rule(Verdict.RESTRICTED, "accepted, but not answered: a check for programs", get=True),
    401: Rule(Verdict.RESTRICTED, "wants a login"),
    403: Rule(Verdict.RESTRICTED, "forbidden: it may be there for others", get=True),
    404: Rule(Verdict.DEAD, "not found", get=True),
    407: Rule(Verdict.RESTRICTED, "the proxy wants a login"),
    408: Rule(Verdict.UNREACHABLE, "the server timed out", get=True, retry=True),
    410: Rule(Verdict.DEAD, "gone for good", get=True),
    416: Rule(Verdict.ALIVE, "there, and empty"),
    425: Rule(Verdict.UNREACHABLE, "too early", retry=True),
    429: Rule(Verdict.RESTRICTED, "too many requests", retry=True, slow=True),
    451: Rule(Verdict.RESTRICTED, "withheld for legal reasons"),
    501: Rule(Verdict.UNREACHABLE, "not implemented by the server", get=True),
    503: Rule(Verdict.UNREACHABLE, "the service is unavailable", retry=True, slow=True),
    505: Rule(Verdict.UNREACHABLE, "another HTTP version is wanted", get=True),
    999: Rule(Verdict.RESTRICTED, "blocks programs"),
}

#: What a status means that is not in `STATUSES`, by its hundred.
HUNDREDS: Mapping[int, Rule] = {
    2: Rule(Verdict.ALIVE, "there"),
    3: Rule(Verdict.ALIVE, "there, in several forms"),
    4: Rule(Verdict.RESTRICTED, "the server refuses this request", get=True),
    5: Rule(Verdict.UNREACHABLE, "an error of the server", retry=True),
}
_ANY_OTHER = Rule(Verdict.RESTRICTED, "a status that nobody knows", get=True)

#: What the lack of an answer means.
FAILURES: Mapping[Kind, Rule] = {
    Kind.TIMEOUT: Rule(Verdict.UNREACHABLE, "no answer in time", get=True, retry=True),
    Kind.CONNECTING: Rule(Verdict.UNREACHABLE, "no connection in time", retry=True),
    Kind.REFUSED: Rule(Verdict.UNREACHABLE, "the connection was refused", retry=True),
    Kind.CLOSED: Rule(Verdict.UNREACHABLE, "the connection was closed", get=True, retry=True),
    Kind.NETWORK: Rule(Verdict.UNREACHABLE, "the network did not get through", retry=True),
    Kind.TLS: Rule(Verdict.UNREACHABLE, "no safe connection"),
    Kind.GARBAGE: Rule(Verdict.UNREACHABLE, "the answer is not HTTP", get=True, retry=True),
    Kind.UNKNOWN_HOST: Rule(Verdict.DEAD, "there is no such host"),
    Kind.NAME_SERVICE: Rule(Verdict.UNREACHABLE, "the host name was not looked up", retry=True),
    Kind.PRIVATE: Rule(Verdict.SKIPPED, "names a host with"),
    Kind.ENOUGH: Rule(Verdict.RESTRICTED, "was not asked: its host wants no more requests for now"),
}

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PERMANENT = frozenset({301, 308})
_NOT_MODIFIED = 304
_OK = 200
_FORBIDDEN = 403
_TOO_MANY = 429

_FIRST_WAIT = 0.5  # seconds; each further wait is twice as long
_LONGEST_WAIT = 30.0
_WORTH_IT = 0.25  # of the time for a request: with less, there is no point in another one

# Enough for the head of a page, and for the answer of an API; and for all of a page where a
# fragment is looked for.
_HEAD_OF_PAGE = 65_536
_WHOLE_PAGE = 1_048_576


@frozen
class Chain:
    """One link on the way to its verdict.

    Attributes:
        link: The address that the link names.
        at: The address to ask next.
        method: How to ask it.
        question: The site's own way to be asked, while that is on.
        about: While the work of a missing version is asked for: what was found before.
        redirects: How many redirects led here.
        permanent: Whether all of them are permanent.
        status: The status of the last reply; None after a failure.
        attempts: How many requests were made.
        retries: How many of them repeat one that failed.
        waits: How often the server asked for patience.
        spent: Seconds that requests and waits have taken.
        seen: Addresses that redirects came from, each with the cookies that it had.
        cookies: The cookies of each host, set on the way.
        validators: Headers for a conditional request.
    """

    link: HttpUrl
    at: HttpUrl
    method: Method = "HEAD"
    question: Question | None = None
    about: Finding | None = None
    redirects: int = 0
    permanent: bool = True
    status: int | None = None
    attempts: int = 0
    retries: int = 0
    waits: int = 0
    spent: float = 0.0
    seen: frozenset[tuple[HttpUrl, str]] = frozenset()
    cookies: Mapping[str, str] = {}
    validators: Mapping[str, str] = {}


@frozen
class Finding:
    """What was found out about an address, whatever fragment a link to it has.

    The first attributes are those of `LinkResult`.

    Attributes:
        verdict: What can be said of it.
        status: The last HTTP status.
        final_url: Where the redirects ended; None where nothing was asked.
        redirects: How many there were.
        attempts: How many requests were made.
        elapsed: Seconds that took.
        reason: Why this verdict.
        validators: Headers that make a later request conditional.
        anchors: The places that the page has, if they were wanted and it is HTML.
        cut: Whether there is more of the page than was looked at.
        from_cache: Whether it was found out in an earlier run.
    """

    verdict: Verdict
    status: int | None
    final_url: str | None
    redirects: int
    attempts: int
    elapsed: float
    reason: str
    validators: Mapping[str, str] = {}
    anchors: frozenset[str] | None = None
    cut: bool = False
    from_cache: bool = False


@frozen
class Ask:
    """What to do next: one more request.

    Attributes:
        chain: The link, as it stands.
        wait: Seconds until then.
    """

    chain: Chain
    wait: float = 0.0


def start(link: HttpUrl, policy: LinkPolicy, validators: Mapping[str, str] | None = None) -> Chain:
    """Return what to ask first about a link that the policy lets through.

    Args:
        link: The address.
        policy: How to check.
        validators: Headers that make the request conditional on what is in the cache.
    """
    question = question_about(link, policy)
    # No answer of an API tells what places a page has.
    if question is not None and not (policy.fragments and link.fragment):
        at = read_url(question.url)
        assert isinstance(at, HttpUrl)  # noqa: S101 - it is ours
        return Chain(link, at, "GET", question)
    return _by_its_method(Chain(link, link, validators=validators or {}), policy)


def _by_its_method(chain: Chain, policy: LinkPolicy) -> Chain:
    """Have a page asked for with GET if it has to be seen: "not modified" would not show it."""
    return evolve(chain, method="GET", validators={}) if _wanted(chain, policy) else chain


def _wanted(chain: Chain, policy: LinkPolicy) -> int:
    """Return how many bytes of content tell something."""
    if chain.question is not None:
        return _WHOLE_PAGE
    if policy.fragments and chain.link.fragment:
        return _WHOLE_PAGE
    return _HEAD_OF_PAGE if soft_404_texts(chain.at.host, policy) else 0


def request_of(chain: Chain, policy: LinkPolicy) -> Request:
    """Return the next request about a link."""
    wanted = _wanted(chain, policy)
    timeout = min(policy.timeout, max(policy.total_timeout - chain.spent, 0.001))
    return Request(
        chain.method,
        chain.at,
        _headers(chain, policy, wanted),
        timeout,
        wanted if chain.method == "GET" else 0,
        chain.at.host == chain.link.host,
    )


def _headers(chain: Chain, policy: LinkPolicy, wanted: int) -> dict[str, str]:
    headers: dict[str, str] = dict(chain.validators)
    if chain.method == "GET" and chain.question is None:
        headers["Range"] = f"bytes=0-{(wanted or _HEAD_OF_PAGE) - 1}"
    if chain.at.host in chain.cookies:
        headers["Cookie"] = chain.cookies[chain.at.host]
    for name, value in policy.headers.items():
        if isinstance(value, str):
            headers[name] = value
        elif name.lower() == chain.at.host and _is_trusted(chain):
            headers |= value
    if chain.question is not None:
        headers |= chain.question.headers
    return headers


def _is_trusted(chain: Chain) -> bool:
    """Tell whether credentials for a host may go there: the link names it, and TLS is kept."""
    return chain.at.host == chain.link.host and (
        chain.at.scheme == "https" or chain.link.scheme == "http"
    )


def advance(
    chain: Chain, outcome: Reply | Failure, policy: LinkPolicy, *, took: float, jitter: float
) -> Ask | Finding:
    """Return what to do next about a link, after one more request.

    Args:
        chain: The link before the request.
        outcome: What came of it.
        policy: How to check.
        took: Seconds that the request took.
        jitter: A random number from 0 to 1, so that links do not come back all at once.
    """
    chain = evolve(
        chain,
        status=None if isinstance(outcome, Failure) else outcome.status,
        attempts=chain.attempts + (not _was_not_asked(outcome)),
        spent=chain.spent + took,
    )
    if chain.about is not None:
        return _about_work(chain, chain.about, outcome)
    if chain.question is not None:
        return _after_question(chain, chain.question, outcome, policy, jitter)
    if isinstance(outcome, Failure):
        return _after_failure(chain, outcome, policy, jitter)
    if outcome.status in _REDIRECTS:
        return _after_redirect(chain, outcome, policy)
    return _after_reply(chain, outcome, policy, jitter)


def _finding(
    chain: Chain, verdict: Verdict, reason: str, validators: Mapping[str, str] | None = None
) -> Finding:
    final = chain.at.url if chain.question is None else chain.link.url
    return Finding(
        verdict,
        chain.status,
        final,
        chain.redirects,
        chain.attempts,
        chain.spent,
        shown(reason),
        validators or {},
    )


def _after_failure(
    chain: Chain, failure: Failure, policy: LinkPolicy, jitter: float
) -> Ask | Finding:
    rule = FAILURES[failure.kind]
    if _was_not_asked(failure):
        return _not_asked(chain, rule, failure)
    again = _again(chain, rule, None, policy, jitter)
    if again is not None:
        return again
    reason = f"{rule.reason}: {failure.detail}" if failure.detail else rule.reason
    if chain.redirects:
        reason = f"redirects to {chain.at.url}: {reason}"
    return _finding(chain, rule.verdict, reason)


_NOT_ASKED = frozenset({Kind.PRIVATE, Kind.ENOUGH})


def _was_not_asked(outcome: Reply | Failure) -> bool:
    return isinstance(outcome, Failure) and outcome.kind in _NOT_ASKED


def _not_asked(chain: Chain, rule: Rule, failure: Failure) -> Finding:
    """Say why a host was not asked: it has no public address, or wants its peace."""
    reason = f"{rule.reason} {failure.detail}".strip()
    if chain.redirects:
        verdict = Verdict.UNREACHABLE if failure.kind is Kind.PRIVATE else rule.verdict
        return _finding(chain, verdict, f"redirects to an address that {reason}")
    return evolve(_finding(chain, rule.verdict, f"the link {reason}"), final_url=None)


def _again(
    chain: Chain, rule: Rule, asked_for: float | None, policy: LinkPolicy, jitter: float
) -> Ask | None:
    """Return how to ask again after what may pass; None where it is time for a verdict."""
    by_get = evolve(chain, method="GET")
    if rule.get and _is_in_doubt(chain) and chain.spent < policy.total_timeout:
        return Ask(by_get)
    tries = chain.retries + chain.waits
    wait = min(_FIRST_WAIT * 2 ** min(tries, 10), _LONGEST_WAIT) * (1 + jitter) / 2
    if asked_for is not None:
        wait = max(wait, asked_for)
    left = policy.total_timeout - chain.spent - wait
    if not rule.retry or left < _WORTH_IT * min(policy.timeout, policy.total_timeout):
        return None
    # A server that says how long to wait is taken at its word, and no try is lost by it.
    if asked_for is not None and rule.slow:
        return Ask(evolve(by_get, waits=chain.waits + 1, spent=chain.spent + wait), wait)
    if chain.retries >= policy.retries:
        return None
    return Ask(evolve(by_get, retries=chain.retries + 1, spent=chain.spent + wait), wait)


def _is_in_doubt(chain: Chain) -> bool:
    """Tell whether GET may be answered otherwise."""
    return chain.method == "HEAD" and HEAD_HOSTS.isdisjoint(with_parents(chain.at.host))


# Redirects.


def _after_redirect(chain: Chain, reply: Reply, policy: LinkPolicy) -> Ask | Finding:
    location = reply.headers.get("location", "")
    if not location:
        return _finding(chain, Verdict.UNREACHABLE, "redirects, but does not say where to")
    to = joined(chain.at, location)
    unwanted = refusal(to, policy) if isinstance(to, HttpUrl) else to
    if isinstance(to, Refusal) or unwanted is not None:
        reason = f"redirects to an address that {unwanted.reason if unwanted else ''}"
        return _finding(chain, Verdict.UNREACHABLE, reason)
    if is_registered(chain.at, to):
        return _finding(chain, Verdict.ALIVE, "the DOI is registered")
    if _asks_for_login(to) and not _asks_for_login(chain.link):
        return _finding(chain, Verdict.RESTRICTED, f"redirects to a login: {to.url}")
    return _followed(chain, reply, to, policy)


def _followed(chain: Chain, reply: Reply, to: HttpUrl, policy: LinkPolicy) -> Ask | Finding:
    seen = chain.seen | {_with_its_cookies(chain, chain.at)}
    chain = _with_cookies(chain, reply)
    problem = None
    if _with_its_cookies(chain, to) in seen:
        problem = "redirects in a circle"
    elif chain.redirects >= policy.max_redirects:
        problem = f"redirects more than {policy.max_redirects} times"
    elif chain.spent >= policy.total_timeout:
        problem = "redirects for too long"
    if problem is not None:
        return _finding(chain, Verdict.UNREACHABLE, problem)
    chain = evolve(
        chain,
        at=to,
        seen=seen,
        redirects=chain.redirects + 1,
        permanent=chain.permanent and reply.status in _PERMANENT,
        validators={},
    )
    return Ask(_by_its_method(chain, policy))


def _with_its_cookies(chain: Chain, url: HttpUrl) -> tuple[HttpUrl, str]:
    """Return what tells one request from another: a cookie makes it a new one."""
    return _bare(url), chain.cookies.get(url.host, "")


def _bare(url: HttpUrl) -> HttpUrl:
    return url._replace(fragment="")


def _asks_for_login(url: HttpUrl) -> bool:
    path = url.target.partition("?")[0].lower()
    return not LOGIN_SEGMENTS.isdisjoint(path.split("/"))


_VALIDATOR = re.compile(r"[\x20-\x7e]{1,200}")
_COOKIE = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+=[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e\"]*")
_MOST_COOKIES = 4_096  # bytes


def _with_cookies(chain: Chain, reply: Reply) -> Chain:
    """Keep the cookies that a redirect sets, for its own host and this link alone."""
    lines = reply.headers.get("set-cookie", "").split("\n")
    pairs = [pair for line in lines if _COOKIE.fullmatch(pair := line.partition(";")[0].strip())]
    if not pairs:
        return chain
    host = chain.at.host
    kept = dict(pair.split("=", 1) for pair in chain.cookies.get(host, "").split("; ") if pair)
    kept |= dict(pair.split("=", 1) for pair in pairs)
    text = "; ".join(f"{name}={value}" for name, value in kept.items())
    return evolve(chain, cookies={**chain.cookies, host: text[:_MOST_COOKIES]})


# Replies.


def _after_reply(chain: Chain, reply: Reply, policy: LinkPolicy, jitter: float) -> Ask | Finding:
    wall = _bot_wall(reply)
    if wall is not None:
        return _finding(chain, Verdict.RESTRICTED, wall)
    if reply.status == _NOT_MODIFIED:
        return _alive(chain, reply, "there, and as it was")
    rule, asked_for = _rule(reply), _patience(reply)
    if rule.verdict is Verdict.ALIVE:
        return _of_page(chain, reply, rule, policy)
    again = _again(chain, rule, asked_for, policy, jitter)
    if again is not None:
        return again
    reason = f"{rule.reason} ({reply.status})"
    if asked_for is not None:
        reason = f"{reason}; the server asks to wait {asked_for:,.0f} s"
    return _gone(chain, _finding(chain, rule.verdict, reason))


def _after_question(
    chain: Chain, question: Question, outcome: Reply | Failure, policy: LinkPolicy, jitter: float
) -> Ask | Finding:
    """Take the word of the site for it, or ask for the page after all."""
    if isinstance(outcome, Reply):
        if outcome.status in _REDIRECTS:
            step = _after_redirect(chain, outcome, policy)
            if isinstance(step, Ask) and step.chain.at.origin == chain.at.origin:
                return step
        elif outcome.status == _OK:
            answer = question.read(outcome)
            if answer is not None:
                finding = _finding(chain, answer.verdict, answer.reason)
                return evolve(finding, final_url=answer.url)
        elif outcome.status in question.settled or _would_be_rude(chain, outcome):
            return _after_reply(chain, outcome, policy, jitter)
    return Ask(_about_page(chain, policy))


def _would_be_rude(chain: Chain, reply: Reply) -> bool:
    """Tell whether to ask for the page would be one more request to who has had too many."""
    return is_complaint(reply) and chain.at.host == chain.link.host


def _about_page(chain: Chain, policy: LinkPolicy) -> Chain:
    page = Chain(chain.link, chain.link, attempts=chain.attempts, spent=chain.spent)
    return _by_its_method(page, policy)


def _rule(reply: Reply) -> Rule:
    status = reply.status
    if status == _FORBIDDEN and _patience(reply) is not None:  # GitHub's way to say 429
        status = _TOO_MANY
    return STATUSES.get(status) or HUNDREDS.get(status // 100, _ANY_OTHER)


def is_complaint(outcome: Reply | Failure) -> bool:
    """Tell whether a host says that it gets too many requests."""
    if isinstance(outcome, Failure):
        return False
    return _rule(outcome).slow and _bot_wall(outcome) is None


def is_enough(outcome: Reply | Failure, policy: LinkPolicy) -> bool:
    """Tell whether a host wants a longer peace than the policy has time for any link."""
    if isinstance(outcome, Failure) or not is_complaint(outcome):
        return False
    patience = _patience(outcome)
    return patience is not None and patience >= policy.total_timeout


def is_down(outcome: Reply | Failure) -> bool:
    """Tell whether other links to the same origin will hardly fare better."""
    return is_complaint(outcome) or (
        isinstance(outcome, Failure) and not FAILURES[outcome.kind].get
    )


def _bot_wall(reply: Reply) -> str | None:
    for name, value in BOT_WALLS.items():
        if name in reply.headers and value in reply.headers[name].lower():
            return f"a wall against programs ({reply.status}, {name})"
    return None


def _gone(chain: Chain, finding: Finding) -> Ask | Finding:
    """Ask for the work where a version of it is missing."""
    work = work_of_version(chain.link) if finding.verdict is Verdict.DEAD else None
    if work is None or finding.status is None:
        return finding
    version, url = work
    at = read_url(url)
    assert isinstance(at, HttpUrl)  # noqa: S101 - it is ours
    reason = f"there is no version {version}, but there is the work: {url}"
    return Ask(evolve(chain, at=at, method="HEAD", about=evolve(finding, reason=reason)))


def _about_work(chain: Chain, about: Finding, outcome: Reply | Failure) -> Finding:
    lives = isinstance(outcome, Reply) and outcome.status == _OK
    reason = about.reason if lives else STATUSES[404].reason + f" ({about.status})"
    return evolve(about, attempts=chain.attempts, elapsed=chain.spent, reason=reason)


def _of_page(chain: Chain, reply: Reply, rule: Rule, policy: LinkPolicy) -> Finding:
    finding = _alive(chain, reply, rule.reason)
    if not _wanted(chain, policy):
        return finding
    page = reply.body.decode("utf-8", "replace")
    lower = page.lower()
    if any(text in lower for text in soft_404_texts(chain.at.host, policy)):
        reason = "the page says that it is not there (low certainty)"
        return evolve(finding, verdict=Verdict.DEAD, reason=reason)
    is_html = "html" in reply.headers.get("content-type", "html").lower()
    if policy.fragments and chain.link.fragment and is_html:
        return evolve(finding, anchors=_anchors(page), cut=reply.cut)
    return finding


_CONDITIONS = {"If-None-Match": "etag", "If-Modified-Since": "last-modified"}


def _alive(chain: Chain, reply: Reply, reason: str) -> Finding:
    if not chain.redirects:
        return _finding(chain, Verdict.ALIVE, reason, _validators(chain, reply))
    if _is_home(chain):
        reason = "redirects to the home page: what it led to may be gone (low certainty)"
    elif chain.permanent and _bare(chain.at) != _bare(chain.link):
        return _finding(chain, Verdict.MOVED, f"moved to {chain.at.url}")
    return _finding(chain, Verdict.ALIVE, reason)


def _validators(chain: Chain, reply: Reply) -> Mapping[str, str]:
    """Return the headers that make a later request conditional (RFC 9110, section 13.1)."""
    if reply.status == _NOT_MODIFIED and chain.validators:
        return chain.validators
    values = {name: reply.headers.get(field, "") for name, field in _CONDITIONS.items()}
    return {name: value for name, value in values.items() if _VALIDATOR.fullmatch(value)}


def _is_home(chain: Chain) -> bool:
    """Tell whether a link to a page ended at the home page of the same site."""
    hosts = {url.host.removeprefix("www.") for url in (chain.link, chain.at)}
    return chain.at.target == "/" and chain.link.target.count("/") > 1 and len(hosts) == 1


# Patience.

_RESET = re.compile(r"(?:^|[;,\s])t=([0-9]+)")
_NO_MORE = re.compile(r"(?:^|[;,\s])r=0(?:$|[;,\s])")
_LONGEST_HEADER = 200
_A_DATE = 1e9  # more seconds than this are a time since 1970


def _patience(reply: Reply) -> float | None:
    """Return how many seconds a server asks to wait, or None where it does not.

    `Retry-After` is seconds or a date (RFC 9110, section 10.2.3). GitHub has
    `x-ratelimit-remaining: 0` with the time of the reset
    (https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api), and
    `RateLimit` is the way of the draft (draft-ietf-httpapi-ratelimit-headers).
    """
    asked = _header(reply, "retry-after")
    if asked:
        seconds = _number(asked)
        return _until(asked, reply) if seconds is None else seconds
    if _header(reply, "x-ratelimit-remaining") == "0":
        reset = _number(_header(reply, "x-ratelimit-reset"))
        return reset if reset is None or reset < _A_DATE else max(0.0, reset - reply.at)
    limit = _header(reply, "ratelimit")
    reset_in = _RESET.search(limit)
    return _number(reset_in[1]) if reset_in and _NO_MORE.search(limit) else None


def _header(reply: Reply, name: str) -> str:
    return reply.headers.get(name, "")[:_LONGEST_HEADER].strip()


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.isdigit() else None


def _until(date: str, reply: Reply) -> float | None:
    """Return the seconds until a date, by the clock of the server where it tells its time."""
    try:
        then = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
    try:
        now = parsedate_to_datetime(_header(reply, "date")).timestamp()
    except (ValueError, OverflowError):
        now = reply.at
    return max(0.0, then - now)


# Fragments.

_ANCHOR = re.compile(
    r"\b(?:id|name)\s{0,9}=\s{0,9}(?:\"([^\"<>]*)\"|'([^'<>]*)'|([^\s\"'<>=]+))", re.IGNORECASE
)

_NO_ANCHOR = re.compile(r"|top|[/!:].*|L[0-9]+(?:[CL0-9-]*)", re.IGNORECASE | re.DOTALL)


def at_fragment(finding: Finding, fragment: str) -> Finding:
    """Return what is to be said of a link with a fragment, where the page is there.

    The top is always there. Texts to scroll to (`:~:text=`) and places that a script makes (`#/…`,
    `#!…`, and `#L10` for a line of code) cannot be told.
    """
    name = unquote(fragment)
    if finding.anchors is None or _NO_ANCHOR.fullmatch(name):
        return finding
    if not finding.anchors.isdisjoint((fragment, name, f"{PREFIX_OF_USERS}{name.lower()}")):
        return finding
    if finding.cut:
        return evolve(finding, reason=shown(f"{finding.reason}; #{name} was not found in time"))
    reason = f"the page is there, but nothing in it is called {name!r} (low certainty)"
    return evolve(finding, verdict=Verdict.DEAD, reason=shown(reason))


def _anchors(page: str) -> frozenset[str]:
    return frozenset(html.unescape("".join(names)) for names in _ANCHOR.findall(page))
