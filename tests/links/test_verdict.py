"""What is asked next and what is said in the end, without network or clock."""

from __future__ import annotations

import json
import time
from typing import Any, NamedTuple

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx")

import httpx

from cnaps.links import LinkPolicy, Verdict, check_links
from cnaps.links._messages import Failure, Kind, Reply
from cnaps.links._urls import HttpUrl, read_url
from cnaps.links._verdict import (
    FAILURES,
    STATUSES,
    Ask,
    Finding,
    advance,
    at_fragment,
    is_complaint,
    is_down,
    is_enough,
    request_of,
    start,
)

POLICY = LinkPolicy(github_token=None, retries=2, total_timeout=60)
NOW = 1_700_000_000.0


def reply(status: int, body: bytes = b"", cut: bool = False, /, **headers: str) -> Reply:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status, fields, body, cut, NOW)


def to(location: str, status: int = 301, **headers: str) -> Reply:
    return reply(status, location=location, **headers)


class Story(NamedTuple):
    """What happened to a link: the requests, the waits before them, and the end."""

    asked: list[str]
    waits: list[float]
    finding: Finding


def address(url: str) -> HttpUrl:
    read = read_url(url)
    assert isinstance(read, HttpUrl)
    return read


def tell(
    url: str, *outcomes: Reply | Failure, policy: LinkPolicy = POLICY, took: float = 1.0
) -> Story:
    """Answer the requests about a link one after another; the last answer is given for ever."""
    answers = list(outcomes)
    asked: list[str] = []
    waits: list[float] = []
    chain = start(address(url), policy)
    while True:
        request = request_of(chain, policy)
        asked.append(f"{request.method} {request.url.url}")
        outcome = answers.pop(0) if len(answers) > 1 else answers[0]
        step = advance(chain, outcome, policy, took=took, jitter=1.0)
        if isinstance(step, Finding):
            return Story(asked, waits, step)
        chain = step.chain
        waits.append(step.wait)
        assert len(asked) < 100


URL = "https://a.example/x"


def said(story: Story) -> tuple[str, int | None, str]:
    return str(story.finding.verdict), story.finding.status, story.finding.reason


# --- statuses and failures ------------------------------------------------------------------------

SAID: dict[int, tuple[str, str]] = {
    200: ("alive", "there"),
    204: ("alive", "there"),
    206: ("alive", "there"),
    202: ("restricted", "accepted, but not answered: a check for programs (202)"),
    300: ("alive", "there, in several forms"),
    304: ("alive", "there, and as it was"),
    400: ("restricted", "the server refuses this request (400)"),
    401: ("restricted", "wants a login (401)"),
    403: ("restricted", "forbidden: it may be there for others (403)"),
    404: ("dead", "not found (404)"),
    407: ("restricted", "the proxy wants a login (407)"),
    408: ("unreachable", "the server timed out (408)"),
    410: ("dead", "gone for good (410)"),
    416: ("alive", "there, and empty"),
    418: ("restricted", "the server refuses this request (418)"),
    425: ("unreachable", "too early (425)"),
    429: ("restricted", "too many requests (429)"),
    451: ("restricted", "withheld for legal reasons (451)"),
    500: ("unreachable", "an error of the server (500)"),
    501: ("unreachable", "not implemented by the server (501)"),
    503: ("unreachable", "the service is unavailable (503)"),
    505: ("unreachable", "another HTTP version is wanted (505)"),
    599: ("unreachable", "an error of the server (599)"),
    777: ("restricted", "a status that nobody knows (777)"),
    999: ("restricted", "blocks programs (999)"),
}


@pytest.mark.parametrize(("status", "words"), SAID.items())
def test_statuses(status: int, words: tuple[str, str]) -> None:
    verdict, reason = words
    assert said(tell(URL, reply(status))) == (verdict, status, reason)


def test_every_status_of_the_table_is_tested() -> None:
    assert STATUSES.keys() <= SAID.keys()


FAILED: dict[Kind, tuple[str, str, int]] = {
    Kind.TIMEOUT: ("unreachable", "no answer in time", 4),
    Kind.CONNECTING: ("unreachable", "no connection in time", 3),
    Kind.REFUSED: ("unreachable", "the connection was refused", 3),
    Kind.CLOSED: ("unreachable", "the connection was closed", 4),
    Kind.NETWORK: ("unreachable", "the network did not get through: no route", 3),
    Kind.TLS: ("unreachable", "no safe connection: self-signed certificate", 1),
    Kind.GARBAGE: ("unreachable", "the answer is not HTTP: illegal status line", 4),
    Kind.UNKNOWN_HOST: ("dead", "there is no such host", 1),
    Kind.NAME_SERVICE: ("unreachable", "the host name was not looked up", 3),
    Kind.PRIVATE: ("skipped", "the link names a host with a loopback address", 0),
    Kind.ENOUGH: (
        "restricted",
        "the link was not asked: its host wants no more requests for now",
        0,
    ),
}
DETAILS = {
    Kind.NETWORK: "no route",
    Kind.TLS: "self-signed certificate",
    Kind.GARBAGE: "illegal status line",
    Kind.PRIVATE: "a loopback address",
}


@pytest.mark.parametrize(("kind", "expected"), FAILED.items())
def test_failures(kind: Kind, expected: tuple[str, str, int]) -> None:
    verdict, reason, attempts = expected
    story = tell(URL, Failure(kind, DETAILS.get(kind, "")))
    assert said(story) == (verdict, None, reason)
    assert story.finding.attempts == attempts
    assert story.finding.final_url == (URL if attempts else None)


def test_every_failure_is_tested() -> None:
    assert FAILED.keys() == FAILURES.keys() == set(Kind)


# --- HEAD and GET ---------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 403, 404, 405, 410, 501])
def test_get_follows_a_head_that_may_lie(status: int) -> None:
    story = tell(URL, reply(status), reply(200))
    assert story.asked == [f"HEAD {URL}", f"GET {URL}"]
    assert story.waits == [0]
    assert said(story) == ("alive", 200, "there")


@pytest.mark.parametrize("status", [401, 407, 451, 429, 503, 500])
def test_get_does_not_follow_at_once_where_that_would_be_rude(status: int) -> None:
    story = tell(URL, reply(status), policy=evolve(POLICY, retries=0))
    assert story.asked == [f"HEAD {URL}"]


def test_head_is_not_doubted_where_it_is_known_to_be_answered_as_get() -> None:
    assert tell("https://github.com/a/b/issues", reply(404)).asked == [
        "HEAD https://github.com/a/b/issues"
    ]


def test_a_get_that_wants_no_content_asks_for_the_start_of_it() -> None:
    chain = start(address(URL), POLICY)
    step = advance(chain, reply(405), POLICY, took=0, jitter=0)
    assert isinstance(step, Ask)
    request = request_of(step.chain, POLICY)
    assert (request.headers["Range"], request.body) == ("bytes=0-65535", 0)


# --- retries and patience -------------------------------------------------------------------------


def test_waits_double() -> None:
    story = tell(URL, reply(500), policy=evolve(POLICY, retries=4))
    assert story.waits == [0.5, 1, 2, 4]
    assert story.finding.elapsed == 5 + 7.5


@given(st.floats(0, 1))
def test_waits_are_jittered(jitter: float) -> None:
    step = advance(start(address(URL), POLICY), reply(500), POLICY, took=0, jitter=jitter)
    assert isinstance(step, Ask)
    assert 0.25 <= step.wait <= 0.5


def test_a_retry_that_would_end_too_late_is_not_made() -> None:
    story = tell(URL, reply(500), policy=evolve(POLICY, total_timeout=3.2, retries=9), took=1)
    assert story.waits == [0.5]


PATIENCE: list[tuple[Reply, float]] = [
    (reply(429, retry_after="7"), 7),
    (reply(503, retry_after=" 7 "), 7),
    (reply(429, retry_after="Tue, 14 Nov 2023 22:13:27 GMT"), 7),
    (
        reply(
            429, retry_after="Sun, 06 Nov 1994 08:49:44 GMT", date="Sun, 06 Nov 1994 08:49:37 GMT"
        ),
        7,
    ),
    (reply(429, retry_after="Tue, 14 Nov 2023 22:13:27 GMT", date="yesterday"), 7),
    (reply(429, retry_after="Sun, 06 Nov 1994 08:49:37 GMT"), 0.5),
    (reply(429, retry_after="0"), 0.5),
    (reply(429, retry_after="soon"), 0.5),
    (reply(429, retry_after="-5"), 0.5),
    (reply(429), 0.5),
    (reply(403, x_ratelimit_remaining="0", x_ratelimit_reset=str(int(NOW) + 7)), 7),
    (reply(403, x_ratelimit_remaining="0", x_ratelimit_reset="7"), 7),
    (reply(429, x_ratelimit_remaining="0", x_ratelimit_reset="tomorrow"), 0.5),
    (reply(429, ratelimit='"default";r=0;t=7'), 7),
    (reply(429, ratelimit='"default";r=5;t=7'), 0.5),
]


@pytest.mark.parametrize(("complaint", "wait"), PATIENCE)
def test_patience(complaint: Reply, wait: float) -> None:
    story = tell(URL, complaint, reply(200))
    assert story.asked == [f"HEAD {URL}", f"GET {URL}"]
    assert story.waits == [wait]
    assert story.finding.verdict == "alive"


def test_waiting_as_long_as_asked_burns_no_tries_and_ends_all_the_same() -> None:
    story = tell(URL, reply(429, retry_after="10"), policy=evolve(POLICY, retries=0), took=0)
    assert story.waits == [10] * 5
    assert said(story) == (
        "restricted",
        429,
        "too many requests (429); the server asks to wait 10 s",
    )


@pytest.mark.parametrize("wait", ["60", "3600", "9" * 30])
def test_a_server_that_asks_for_too_much_is_not_asked_again(wait: str) -> None:
    story = tell(URL, reply(429, retry_after=wait))
    assert len(story.asked) == 1
    assert story.finding.verdict == "restricted"


@given(st.text(max_size=50))
def test_any_wish_for_patience_is_understood_or_is_not(text: str) -> None:
    for name in ("retry_after", "ratelimit", "x_ratelimit_reset"):
        headers = {name: text, "x_ratelimit_remaining": "0", "date": text}
        story = tell(URL, reply(429, **headers), reply(200))
        assert all(0 <= wait < 60 for wait in story.waits)


COMPLAINTS = {
    "429": (reply(429), True, True, False),
    "429, an hour": (reply(429, retry_after="3600"), True, True, True),
    "503": (reply(503), True, True, False),
    "403, rate limit": (
        reply(403, x_ratelimit_remaining="0", x_ratelimit_reset="1"),
        True,
        True,
        False,
    ),
    "403": (reply(403), False, False, False),
    "503, bot wall": (reply(503, cf_mitigated="challenge"), False, False, False),
    "200": (reply(200, retry_after="3600"), False, False, False),
    "refused": (Failure(Kind.REFUSED), False, True, False),
    "time-out": (Failure(Kind.TIMEOUT), False, False, False),
}


@pytest.mark.parametrize(
    ("outcome", "complains", "down", "enough"), COMPLAINTS.values(), ids=COMPLAINTS
)
def test_what_an_answer_says_of_its_host(
    outcome: Reply | Failure, complains: bool, down: bool, enough: bool
) -> None:
    assert is_complaint(outcome) == complains
    assert is_down(outcome) == down
    assert is_enough(outcome, POLICY) == enough


# --- bot walls and logins -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (reply(403, cf_mitigated="challenge"), "a wall against programs (403, cf-mitigated)"),
        (reply(503, cf_mitigated="Challenge"), "a wall against programs (503, cf-mitigated)"),
        (reply(202, x_amzn_waf_action=""), "a wall against programs (202, x-amzn-waf-action)"),
        (reply(200, sg_captcha="challenge"), "a wall against programs (200, sg-captcha)"),
    ],
)
def test_bot_walls(answer: Reply, reason: str) -> None:
    story = tell(URL, answer)
    assert len(story.asked) == 1
    assert said(story) == ("restricted", answer.status, reason)


def test_a_redirect_to_a_login() -> None:
    story = tell(URL, to("/Users/Sign_In?next=/x", 302))
    assert said(story) == (
        "restricted",
        302,
        "redirects to a login: https://a.example/Users/Sign_In?next=/x",
    )


def test_a_link_to_a_login_may_redirect_to_one() -> None:
    assert tell("http://a.example/login", to("/login/"), reply(200)).finding.verdict == "moved"


# --- redirects ------------------------------------------------------------------------------------


def test_permanent_redirects_move_a_link() -> None:
    story = tell(URL, to("/y"), to("http://b.example/z", 308), reply(200))
    assert said(story) == ("moved", 200, "moved to http://b.example/z")
    assert story.finding.final_url == "http://b.example/z"
    assert (story.finding.redirects, story.finding.attempts) == (2, 3)


@pytest.mark.parametrize("statuses", [(302,), (301, 302), (307, 308), (303, 301)])
def test_one_redirect_for_now_and_it_has_not_moved(statuses: tuple[int, ...]) -> None:
    hops = [to(f"/{number}", status) for number, status in enumerate(statuses)]
    assert tell(URL, *hops, reply(200)).finding.verdict == "alive"


@pytest.mark.parametrize("target", ["/", "https://www.a.example/"])
def test_a_redirect_to_the_home_page_is_no_new_address(target: str) -> None:
    story = tell("https://a.example/papers/1", to(target), reply(200))
    assert said(story) == (
        "alive",
        200,
        "redirects to the home page: what it led to may be gone (low certainty)",
    )


def test_the_home_page_of_another_site_is_a_new_address() -> None:
    assert (
        tell("https://a.example/b/c", to("https://b.example/"), reply(200)).finding.verdict
        == "moved"
    )


STUCK: dict[str, tuple[list[Reply | Failure], str, int | None, str]] = {
    "nowhere": ([reply(301)], "unreachable", 301, "redirects, but does not say where to"),
    "circle": ([to("/x")], "unreachable", 301, "redirects in a circle"),
    "private": (
        [to("http://[::1]/")],
        "unreachable",
        301,
        "redirects to an address that names a loopback address",
    ),
    "metadata": (
        [to("http://169.254.169.254/latest/")],
        "unreachable",
        301,
        "redirects to an address that names a link-local address",
    ),
    "private name": (
        [to("http://b.example/", 302), Failure(Kind.PRIVATE, "a private address")],
        "unreachable",
        None,
        "redirects to an address that names a host with a private address",
    ),
    "left alone": (
        [to("http://b.example/", 302), Failure(Kind.ENOUGH)],
        "restricted",
        None,
        "redirects to an address that was not asked: its host wants no more requests for now",
    ),
    "scheme": (
        [to("file:///etc/passwd")],
        "unreachable",
        301,
        "redirects to an address that has the scheme 'file', and only http and https are asked",
    ),
    "bad host": (
        [to("http://[::zz]/")],
        "unreachable",
        301,
        "redirects to an address that names no valid host",
    ),
    "unknown host": (
        [to("http://b.example/"), Failure(Kind.UNKNOWN_HOST)],
        "dead",
        None,
        "redirects to http://b.example/: there is no such host",
    ),
    "dead": ([to("/y"), reply(404)], "dead", 404, "not found (404)"),
}


@pytest.mark.parametrize(("outcomes", "verdict", "status", "reason"), STUCK.values(), ids=STUCK)
def test_redirects_that_lead_to_nothing(
    outcomes: list[Reply | Failure], verdict: str, status: int | None, reason: str
) -> None:
    assert said(tell(URL, *outcomes)) == (verdict, status, reason)


def test_excluded_addresses_are_not_reached_by_a_redirect() -> None:
    story = tell(URL, to("/draft"), policy=evolve(POLICY, exclude=["draft"]))
    assert said(story) == ("unreachable", 301, "redirects to an address that is excluded")


@given(st.integers(0, 5))
def test_so_many_redirects_and_no_more(most: int) -> None:
    hops = [to(f"/{number}") for number in range(9)]
    story = tell(URL, *hops, policy=evolve(POLICY, max_redirects=most))
    assert len(story.asked) == most + 1
    assert story.finding.reason == f"redirects more than {most} times"


def test_redirects_have_a_deadline_together() -> None:
    story = tell(URL, *[to(f"/{number}") for number in range(9)], took=20)
    assert len(story.asked) == 3
    assert story.finding.reason == "redirects for too long"


def test_a_cookie_set_on_the_way_goes_back_to_its_host_alone() -> None:
    chain = start(address(URL), POLICY)
    cookies = []
    for answer in (
        to("/x", 302, set_cookie="a=1; Path=/; HttpOnly\nb=2\nbroken\nc=ü"),
        to("https://b.example/", 302, set_cookie="a=3"),
        to(URL, 302),
    ):
        step = advance(chain, answer, POLICY, took=0, jitter=0)
        assert isinstance(step, Ask)
        chain = step.chain
        cookies.append(request_of(chain, POLICY).headers.get("Cookie"))
    assert cookies == ["a=1; b=2", None, "a=3; b=2"]


def test_a_fragment_is_not_asked_for_and_is_no_new_address() -> None:
    story = tell(f"{URL}#a", to("/x/", 301), to("/x#b", 301), reply(200))
    assert story.asked[0] == f"HEAD {URL}"
    assert story.finding.verdict == "unreachable"  # it is a circle


# --- headers --------------------------------------------------------------------------------------

OWN = LinkPolicy(
    github_token=None,
    headers={"Accept-Language": "en", "a.example": {"Authorization": "hush"}},
)


@pytest.mark.parametrize(
    ("url", "hops", "secret"),
    [
        (URL, [], True),
        ("http://a.example/", [], True),
        ("https://b.a.example/", [], False),
        (URL, [to("/y")], True),
        (URL, [to("https://b.example/")], False),
        (URL, [to("http://a.example/")], False),
        ("https://b.example/", [to(URL)], False),
        (URL, [to("https://b.example/"), to("/y"), to(f"{URL}/z")], True),
    ],
)
def test_who_gets_the_secret_of_a_host(url: str, hops: list[Reply], secret: bool) -> None:
    chain = start(address(url), OWN)
    for hop in hops:
        step = advance(chain, hop, OWN, took=0, jitter=0)
        assert isinstance(step, Ask)
        chain = step.chain
    request = request_of(chain, OWN)
    assert ("Authorization" in request.headers) == secret
    assert request.headers["Accept-Language"] == "en"
    assert request.first_host == (chain.at.host == chain.link.host)


def test_the_time_for_a_request_is_what_is_left() -> None:
    policy = evolve(POLICY, timeout=20, total_timeout=30)
    chain = start(address(URL), policy)
    assert request_of(chain, policy).timeout == 20
    assert request_of(evolve(chain, spent=25), policy).timeout == 5
    assert 0 < request_of(evolve(chain, spent=31), policy).timeout < 0.01


# --- what was known before ------------------------------------------------------------------------


def test_what_tells_whether_a_page_has_changed_is_kept_and_sent() -> None:
    found = tell(URL, reply(200, etag='"1"', last_modified="Sun, 06 Nov 1994 08:49:37 GMT"))
    assert found.finding.validators == {
        "If-None-Match": '"1"',
        "If-Modified-Since": "Sun, 06 Nov 1994 08:49:37 GMT",
    }
    chain = start(address(URL), POLICY, found.finding.validators)
    assert found.finding.validators.items() <= request_of(chain, POLICY).headers.items()
    again = advance(chain, reply(304), POLICY, took=0, jitter=0)
    assert isinstance(again, Finding)
    assert again.validators == found.finding.validators
    moved = advance(chain, to("/y"), POLICY, took=0, jitter=0)
    assert isinstance(moved, Ask)
    assert "If-None-Match" not in request_of(moved.chain, POLICY).headers


@pytest.mark.parametrize("etag", ["", '"ü"', '"\x00"', '"' * 500])
def test_what_cannot_be_sent_back_is_not_kept(etag: str) -> None:
    assert tell(URL, reply(200, etag=etag)).finding.validators == {}


def test_what_a_redirect_led_to_is_not_kept() -> None:
    assert tell(URL, to("/y"), reply(200, etag='"1"')).finding.validators == {}


# --- soft 404 and fragments -----------------------------------------------------------------------

SOFT = evolve(POLICY, soft_404={"a.example": "Nothing here"})


def test_a_page_that_says_it_is_not_there() -> None:
    story = tell(URL, reply(200, b"<h1>nothing HERE</h1>"), policy=SOFT)
    assert story.asked == [f"GET {URL}"]
    assert said(story) == ("dead", 200, "the page says that it is not there (low certainty)")
    assert tell(URL, reply(200, b"something"), policy=SOFT).finding.verdict == "alive"
    assert tell("https://b.example/", to(URL), reply(200), policy=SOFT).asked == [
        "HEAD https://b.example/",
        f"GET {URL}",
    ]


def test_known_sites_are_read_unless_the_policy_says_otherwise() -> None:
    url = "https://pan.baidu.com/s/1"
    gone = reply(200, "<title>百度网盘-链接不存在</title>".encode())
    assert tell(url, gone).finding.verdict == "dead"
    off = tell(url, gone, policy=evolve(POLICY, soft_404=False))
    assert (off.asked, off.finding.verdict) == ([f"HEAD {url}"], "alive")


FRAGMENTS = evolve(POLICY, fragments=True)
PAGE = (
    b"<h1 id=top-1>x</h1><p ID = \"a b\"><a name='caf&eacute;'><i id=100%25>"
    b"<a id=user-content-usage>"
)


@pytest.mark.parametrize(
    ("fragment", "verdict"),
    [
        ("top-1", "alive"),
        ("a%20b", "alive"),
        ("caf%C3%A9", "alive"),
        ("top", "alive"),
        (":~:text=x", "alive"),
        ("/route", "alive"),
        ("!x", "alive"),
        ("100%25", "alive"),
        ("Usage", "alive"),
        ("L10", "alive"),
        ("L10C2-L20", "alive"),
        ("Later", "dead"),
        ("top-2", "dead"),
        ("TOP-1", "dead"),
    ],
)
def test_fragments(fragment: str, verdict: str) -> None:
    story = tell(f"{URL}#{fragment}", reply(200, PAGE), policy=FRAGMENTS)
    assert story.asked == [f"GET {URL}"]
    assert at_fragment(story.finding, fragment).verdict == verdict


def test_what_is_said_of_a_fragment_that_is_not_there() -> None:
    finding = tell(f"{URL}#x", reply(200, PAGE), policy=FRAGMENTS).finding
    assert at_fragment(finding, "x").reason == (
        "the page is there, but nothing in it is called 'x' (low certainty)"
    )


def test_a_page_that_is_too_long_to_tell() -> None:
    finding = tell(f"{URL}#x", reply(200, PAGE, True), policy=FRAGMENTS).finding
    here = at_fragment(finding, "x")
    assert (here.verdict, here.reason) == ("alive", "there; #x was not found in time")


def test_fragments_of_what_is_no_page_cannot_be_told() -> None:
    pdf = reply(200, b"%PDF", content_type="application/pdf")
    finding = tell(f"{URL}#page=2", pdf, policy=FRAGMENTS).finding
    assert at_fragment(finding, "page=2").verdict == "alive"


@pytest.mark.parametrize(
    "page", ["id=" * 300_000, "id  " * 250_000, "id='" * 250_000, " id" * 300_000]
)
def test_hostile_pages_take_no_time(page: str) -> None:
    begun = time.perf_counter()
    finding = tell(f"{URL}#x", reply(200, page.encode()), policy=FRAGMENTS).finding
    assert at_fragment(finding, "x").verdict == "dead"
    assert time.perf_counter() - begun < 2


def test_a_page_is_searched_once_however_many_links_lead_into_it() -> None:
    page = b"".join(b"<p id=p%d>" % n for n in range(80_000))
    urls = [f"{URL}#p{n}" for n in range(500)]
    transport = httpx.MockTransport(lambda _: httpx.Response(200, html=page.decode()))
    begun = time.perf_counter()
    report = check_links(urls, FRAGMENTS, client=transport)
    assert report.counts[Verdict.ALIVE] == 500
    assert time.perf_counter() - begun < 5


# --- sites ----------------------------------------------------------------------------------------

TOKEN = LinkPolicy(github_token="hush")
REPO = "https://github.com/JingyunLiang/SwinIR"
API = "https://api.github.com/repos/JingyunLiang/SwinIR"


def json_reply(content: Any, status: int = 200) -> Reply:
    return reply(status, json.dumps(content).encode())


def test_github_is_asked_by_its_api_if_there_is_a_token() -> None:
    found = json_reply({"full_name": "jingyunliang/SwinIR"})
    story = tell(f"{REPO}.git", found, policy=TOKEN)
    assert story.asked == [f"GET {API}"]
    assert said(story) == ("alive", 200, "the repository is there")
    assert story.finding.final_url == REPO


def test_a_renamed_repository_has_moved() -> None:
    hop = to("https://api.github.com/repositories/1")
    story = tell(REPO, hop, json_reply({"full_name": "someone/else"}), policy=TOKEN)
    assert said(story) == ("moved", 200, "the repository is now called someone/else")
    assert story.finding.final_url == "https://github.com/someone/else"


def test_the_token_goes_to_the_api_and_to_nobody_else() -> None:
    chain = start(address(REPO), TOKEN)
    assert request_of(chain, TOKEN).headers["Authorization"] == "Bearer hush"
    for location in ("https://b.example/", "http://api.github.com/", "https://github.com/"):
        step = advance(chain, to(location), TOKEN, took=0, jitter=0)
        assert isinstance(step, Ask)
        assert "Authorization" not in request_of(step.chain, TOKEN).headers
    for url in (f"{REPO}/tree/main/x", "https://api.github.com/repos/a/b", "https://b.example/"):
        assert "Authorization" not in request_of(start(address(url), TOKEN), TOKEN).headers


@pytest.mark.parametrize(
    "answer", [reply(401), reply(403), reply(500), reply(200, b"not JSON"), json_reply([])]
)
def test_the_page_is_asked_where_the_api_does_not_say(answer: Reply) -> None:
    story = tell(REPO, answer, reply(200), policy=TOKEN)
    assert story.asked == [f"GET {API}", f"HEAD {REPO}"]
    assert said(story) == ("alive", 200, "there")


def test_an_api_that_redirects_away_is_not_believed() -> None:
    story = tell(REPO, to("https://b.example/"), reply(404), policy=TOKEN)
    assert story.finding.verdict == "dead"
    assert story.asked == [f"GET {API}", f"HEAD {REPO}"]


def test_a_repository_that_the_api_does_not_have() -> None:
    story = tell(REPO, reply(404), policy=TOKEN)
    assert said(story) == ("dead", 404, "not found (404)")
    assert len(story.asked) == 1


def test_without_a_token_the_page_is_asked() -> None:
    assert tell(REPO, reply(200)).asked == [f"HEAD {REPO}"]


HUB = "https://huggingface.co"


@pytest.mark.parametrize(
    ("path", "api", "name"),
    [
        ("openai/whisper-tiny", "models/openai/whisper-tiny", "openai/whisper-tiny"),
        ("gpt2", "models/gpt2", "gpt2"),
        ("datasets/squad", "datasets/squad", "squad"),
        ("spaces/a/b", "spaces/a/b", "a/b"),
    ],
)
def test_the_hub_is_asked_by_its_api(path: str, api: str, name: str) -> None:
    story = tell(f"{HUB}/{path}", json_reply({"id": name, "gated": False}))
    assert story.asked == [f"GET {HUB}/api/{api}"]
    assert story.finding.final_url == f"{HUB}/{path}"
    assert story.finding.verdict == "alive"
    gated = tell(f"{HUB}/{path}", json_reply({"id": name, "gated": "manual"}))
    assert said(gated) == (
        "restricted",
        200,
        "the repository is there, but gated: reading it takes a login",
    )


def test_a_dataset_that_has_an_owner_now() -> None:
    story = tell(f"{HUB}/datasets/squad", json_reply({"id": "rajpurkar/squad"}))
    assert story.finding.final_url == f"{HUB}/datasets/rajpurkar/squad"
    assert story.finding.verdict == "moved"


def test_the_hub_does_not_tell_what_is_missing_from_what_is_private() -> None:
    assert said(tell(f"{HUB}/a/b", reply(401))) == ("restricted", 401, "wants a login (401)")


def test_files_on_the_hub_are_asked_for_themselves() -> None:
    url = f"{HUB}/a/b/blob/main/config.json"
    assert tell(url, reply(200)).asked == [f"HEAD {url}"]


@pytest.mark.parametrize("host", ["doi.org", "dx.doi.org"])
def test_a_doi_is_alive_if_it_is_registered(host: str) -> None:
    url = f"https://{host}/10.1109/CVPR.2016.90"
    story = tell(url, to("https://ieeexplore.ieee.org/document/7780459/", 302))
    assert said(story) == ("alive", 302, "the DOI is registered")
    assert said(tell(url, reply(404))) == ("dead", 404, "not found (404)")


def test_the_old_resolver_moves_to_the_new_one() -> None:
    story = tell("http://dx.doi.org/10.1/x", to("https://doi.org/10.1/x"), to("https://b.example/"))
    assert len(story.asked) == 2
    assert story.finding.verdict == "alive"


ABS = "https://arxiv.org/abs/2111.09881"


def test_a_version_that_does_not_exist_of_a_work_that_does() -> None:
    story = tell("https://arxiv.org/pdf/2111.09881v9", reply(404), reply(200))
    assert story.asked == ["HEAD https://arxiv.org/pdf/2111.09881v9", f"HEAD {ABS}"]
    assert said(story) == ("dead", 404, f"there is no version 9, but there is the work: {ABS}")
    assert story.finding.attempts == 2


@pytest.mark.parametrize("answer", [reply(404), reply(500), Failure(Kind.TIMEOUT)])
def test_a_version_of_a_work_that_does_not_exist(answer: Reply | Failure) -> None:
    assert said(tell(f"{ABS}v9", reply(404), answer)) == ("dead", 404, "not found (404)")


def test_a_work_without_version_that_does_not_exist() -> None:
    assert len(tell(ABS, reply(404)).asked) == 1


# --- laws -----------------------------------------------------------------------------------------

outcomes = st.one_of(
    st.builds(Failure, st.sampled_from(Kind)),
    st.builds(
        Reply,
        st.integers(100, 999),
        st.dictionaries(
            st.sampled_from(["location", "retry-after", "set-cookie", "etag", "cf-mitigated"]),
            st.text(max_size=20) | st.sampled_from(["/a", "/b", "http://b.example/", "1", "a=b"]),
        ),
        st.binary(max_size=50),
    ),
)


@given(
    st.sampled_from([URL, REPO, f"{ABS}v2", f"{HUB}/gpt2", "https://doi.org/10.1/x", f"{URL}#f"]),
    st.lists(outcomes, min_size=1),
    st.booleans(),
)
def test_every_story_ends_in_time(url: str, answers: list[Reply | Failure], deep: bool) -> None:
    policy = LinkPolicy(github_token="hush", fragments=deep, total_timeout=20)
    story = tell(url, *answers, policy=policy, took=0.1)
    finding = at_fragment(story.finding, "f")
    assert finding.elapsed <= 20.2
    assert finding.reason.isprintable()
    assert finding.reason
    assert finding.attempts <= len(story.asked)
    assert "hush" not in repr(finding)
    assert all(wait >= 0 for wait in story.waits)
