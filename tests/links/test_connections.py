"""Own connections: made once and used again, given up when they are of no use, never in the way."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

pytest.importorskip("httpx")

from cnaps.links import LinkPolicy, _http, check_links
from cnaps.links._http import Connections
from cnaps.links._messages import Failure, Kind, Reply, Request
from cnaps.links._urls import HttpUrl, read_url
from tests.links.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.links.conftest import Names


def address(text: str) -> HttpUrl:
    url = read_url(text)
    assert isinstance(url, HttpUrl)
    return url


def get(url: str, *, timeout: float = 5.0, body: int = 0) -> Request:
    return Request("GET", address(url), {}, timeout, body)


def head(url: str, *, timeout: float = 5.0) -> Request:
    return Request("HEAD", address(url), {}, timeout)


def asked_in_turn(requests: list[Request], *, pause: float = 0.0) -> list[Reply | Failure]:
    """Make requests one after the other, with a pause after each."""

    async def ask() -> list[Reply | Failure]:
        connections = Connections(allow_private=True)
        outcomes = []
        for request in requests:
            outcomes.append(await connections.ask(request))
            await asyncio.sleep(pause)
        await connections.aclose()
        return outcomes

    return asyncio.run(ask())


def used(server: Server) -> list[int]:
    """Which connection each request came over."""
    return [asked.connection for asked in server.asked]


# --- one request after the other ------------------------------------------------------------------


@pytest.mark.parametrize("path", ["page?body=Short", "status/404"])
def test_short_content_that_nobody_wants_costs_no_connection(server: Server, path: str) -> None:
    asked_in_turn([get(server.url(path)), get(server.url("page"))])
    assert len(set(used(server))) == 1


def test_long_content_that_nobody_wants_costs_one(server: Server) -> None:
    asked_in_turn([get(server.url("size/100000")), get(server.url("page"))])
    assert len(set(used(server))) == 2


@pytest.mark.parametrize(("path", "pause"), [("head/body", 0.0), ("head/late", 0.1)])
def test_what_a_server_says_unasked_is_not_taken_for_an_answer(
    server: Server, path: str, pause: float
) -> None:
    """A body with the answer to HEAD comes along with it, or a bit later."""
    outcomes = asked_in_turn([head(server.url(path)), head(server.url("page"))], pause=pause)
    assert [getattr(outcome, "status", None) for outcome in outcomes] == [200, 200]
    assert len(set(used(server))) == 2


def test_an_idle_connection_is_not_used_for_ever(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_http, "_IDLE", 0.05)
    asked_in_turn([head(server.url("page"))] * 2, pause=0.1)
    assert len(set(used(server))) == 2


def test_garbage_is_no_sign_of_a_connection_that_ended(server: Server) -> None:
    _, outcome = asked_in_turn([head(server.url(path)) for path in ("page", "garbage")])
    assert isinstance(outcome, Failure)
    assert outcome.kind is Kind.GARBAGE
    assert server.methods("garbage") == ["HEAD"]


def test_early_answers_without_end_are_no_answer(server: Server) -> None:
    (outcome,) = asked_in_turn([head(server.url("early/50/status/200"))])
    assert outcome == Failure(Kind.GARBAGE, "one early response after another")


def test_a_server_may_hang_up_in_the_middle_of_content(server: Server) -> None:
    first, second = asked_in_turn(
        [get(server.url("short"), body=1000), get(server.url("reset/100"), body=1000)]
    )
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    assert (first.cut, second.cut) == (True, True)


def test_crumbs_of_content_do_not_keep_everybody_busy(server: Server) -> None:
    stalls = [0.0]

    async def watch() -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.001)
            stalls.append(time.monotonic() - before)

    async def ask() -> Reply | Failure:
        watcher = asyncio.ensure_future(watch())
        connections = Connections(allow_private=True)
        outcome = await connections.ask(get(server.url("crumbs"), body=1_000_000))
        watcher.cancel()
        await connections.aclose()
        return outcome

    outcome = asyncio.run(ask())
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.cut) == (200, True)
    assert max(stalls) < 0.4


@pytest.mark.parametrize("path", ["redirect/301?to=/x", "status/404"])
def test_only_content_of_pages_that_are_there_tells_something(server: Server, path: str) -> None:
    (outcome,) = asked_in_turn([get(server.url(path), body=1000)])
    assert isinstance(outcome, Reply)
    assert outcome.body == b""


def test_a_deadline_that_is_over_when_the_status_is_there(server: Server) -> None:
    """The status counts if it came first, however late it is noticed that it did."""

    async def ask() -> Reply | Failure:
        connections = Connections(allow_private=True)
        asked = asyncio.ensure_future(
            connections.ask(get(server.url("drip/0.01/body"), body=1000, timeout=1))
        )
        await asyncio.sleep(0.8)
        time.sleep(0.4)  # noqa: ASYNC251 - somebody else is busy
        outcome = await asked
        await connections.aclose()
        return outcome

    outcome = asyncio.run(ask())
    assert isinstance(outcome, Reply)
    assert outcome.status == 200


def test_a_server_that_is_faster_than_its_reader_has_to_wait(server: Server) -> None:
    (outcome,) = asked_in_turn([get(server.url("size/3000000?ranges=no"), body=2_000_000)])
    assert isinstance(outcome, Reply)
    assert (len(outcome.body), outcome.cut) == (2_000_000, True)


# --- reaching a host ------------------------------------------------------------------------------


def test_the_next_address_is_tried_where_one_does_not_answer(server: Server, names: Names) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
    assert port != server.port
    names["two.test"] = ["127.0.0.77", "127.0.0.1"]  # nothing listens on the first
    (outcome,) = asked_in_turn([head(server.url("page", "two.test"))])
    assert isinstance(outcome, Reply)


def test_the_first_address_says_what_is_wrong_if_all_are(names: Names) -> None:
    names["none.test"] = ["127.0.0.77", "127.0.0.78"]
    (outcome,) = asked_in_turn([head("http://none.test:1/")])
    assert outcome == Failure(Kind.REFUSED)


def test_names_that_take_long_do_not_hold_up_the_others(server: Server, names: Names) -> None:
    def later() -> list[str]:
        time.sleep(2)
        return []

    slow = [f"slow-{n}.test" for n in range(40)]
    names.update(dict.fromkeys(slow, later))
    names["quick.test"] = ["127.0.0.1"]
    urls = [*(f"http://{name}/" for name in slow), server.url("page", "quick.test")]
    policy = LinkPolicy(allow_private=True, timeout=2, total_timeout=2, retries=0)
    begun = time.monotonic()
    *_, last = check_links(urls, policy).results
    assert last.verdict == "alive"
    assert time.monotonic() - begun < 3.5


def test_a_name_without_addresses(names: Names) -> None:
    names["empty.test"] = []
    (outcome,) = asked_in_turn([head("http://empty.test/")])
    assert outcome == Failure(Kind.PRIVATE, "no address")


def test_a_handshake_that_does_not_end() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"https://127.0.0.1:{silent.getsockname()[1]}/"
        (outcome,) = asked_in_turn([head(url, timeout=1)])
    assert outcome == Failure(Kind.CONNECTING)


def test_all_wait_for_the_first_connection_but_not_for_its_failure() -> None:
    """That over HTTP/2 one is enough is only known when it is there."""

    async def ask() -> list[Reply | Failure]:
        connections = Connections(allow_private=True)
        with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
            request = head(f"https://127.0.0.1:{silent.getsockname()[1]}/", timeout=0.8)
            outcomes = await asyncio.gather(*(connections.ask(request) for _ in range(4)))
        await connections.aclose()
        return list(outcomes)

    assert asyncio.run(ask()) == [Failure(Kind.CONNECTING)] + [Failure(Kind.TIMEOUT)] * 3


def test_a_dot_at_the_end_of_a_host_is_not_part_of_its_certificate(
    secure_server: Server, names: Names
) -> None:
    names["secure.test"] = ["127.0.0.1"]
    (outcome,) = asked_in_turn([head(secure_server.url("page", "secure.test.", secure="trusted"))])
    assert isinstance(outcome, Reply)


def test_connections_over_tls_are_made_side_by_side(secure_server: Server) -> None:
    urls = [secure_server.url(f"slow/0.1/{n}", secure="trusted") for n in range(8)]
    report = check_links(urls, LinkPolicy(allow_private=True, per_host=4))
    assert {str(result.verdict) for result in report.results} == {"alive"}
    assert secure_server.most["127.0.0.1"] == 4
    assert len(set(used(secure_server))) == 4


# --- HTTP/2 ---------------------------------------------------------------------------------------


@pytest.fixture
def http2(secure_server: Server) -> Callable[[str], str]:
    """Give the URL of a path on a server that speaks HTTP/2."""
    pytest.importorskip("h2")
    return lambda path: secure_server.url(path, secure="http2")


def test_content_over_http2(http2: Callable[[str], str], secure_server: Server) -> None:
    wanted = [get(http2("body"), body=100)] * 2
    outcomes = asked_in_turn([*wanted, get(http2("body")), *wanted])
    bodies = [getattr(outcome, "body", None) for outcome in outcomes]
    assert bodies == [*[b"<p id=here>"] * 2, b"", *[b"<p id=here>"] * 2]
    assert len(set(used(secure_server))) == 1


@pytest.mark.parametrize("path", ["endless", "long", "open"])
def test_content_that_is_not_read_to_its_end_does_not_hold_up_the_next(
    http2: Callable[[str], str], secure_server: Server, path: str
) -> None:
    """Of what nobody reads, a connection has room for so much, and for so many."""
    requests = [get(http2(path), body=50_000, timeout=1), get(http2("body"), body=100)]
    outcomes = asked_in_turn(requests)
    assert [getattr(outcome, "status", None) for outcome in outcomes] == [200, 200]
    assert len(set(used(secure_server))) == 2


@pytest.mark.parametrize(
    ("path", "kind"),
    [("reset", Kind.CLOSED), ("goaway", Kind.CLOSED), ("garbage", Kind.GARBAGE)],
)
def test_a_server_that_does_not_answer_over_http2(
    http2: Callable[[str], str], path: str, kind: Kind
) -> None:
    first, second = asked_in_turn([head(http2(path)), head(http2("page"))])
    assert isinstance(first, Failure)
    assert first.kind is kind
    assert isinstance(second, Reply)


def test_a_connection_that_takes_no_more_requests_is_nobody_s_fault(
    http2: Callable[[str], str], secure_server: Server
) -> None:
    outcomes = asked_in_turn([head(http2(path)) for path in ("last", "page", "page")], pause=0.1)
    assert {getattr(outcome, "status", None) for outcome in outcomes} == {200}
    assert used(secure_server)[-2:] == [2, 2]


@pytest.mark.parametrize("path", ["endless", "open"])
@pytest.mark.parametrize("delay", [0, 0.3, 0.6, 0.9])
def test_a_connection_lives_until_the_last_request_on_it_is_done(
    http2: Callable[[str], str], secure_server: Server, path: str, delay: float
) -> None:
    """One that is given up for its content neither takes the others along nor holds them up."""
    from tests.links.http2 import LATENCY

    async def ask() -> list[Reply | Failure]:
        connections = Connections(allow_private=True)
        await connections.ask(head(http2("page")))
        first = asyncio.ensure_future(connections.ask(get(http2(path), body=100, timeout=1)))
        await asyncio.sleep(LATENCY * delay)
        others = [connections.ask(get(http2(f"body/{n}"), body=100)) for n in range(3)]
        outcomes = await asyncio.gather(first, *others)
        await connections.aclose()
        return list(outcomes)

    assert [getattr(outcome, "status", None) for outcome in asyncio.run(ask())] == [200] * 4
    assert len(used(secure_server)) == 5  # requests, each made once


def test_what_head_says_of_the_content_does_not_spoil_a_connection(
    http2: Callable[[str], str], secure_server: Server
) -> None:
    outcomes = asked_in_turn([head(http2("large")) for _ in range(3)])
    assert [getattr(outcome, "status", None) for outcome in outcomes] == [200] * 3
    assert len(set(used(secure_server))) == 1


# --- many hosts -----------------------------------------------------------------------------------


@pytest.fixture
def many() -> Iterator[Server]:
    with Server(addresses=5) as made:
        yield made


def test_connections_to_many_hosts_are_not_all_kept(
    many: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of no use for the longest time are closed, but none that is in use."""
    monkeypatch.setattr(_http, "_MOST_ORIGINS", 3)

    async def ask() -> None:
        connections = Connections(allow_private=True)

        async def reach(number: int, path: str = "page") -> None:
            url = many.url(path, host=f"127.0.0.{number}")
            assert isinstance(await connections.ask(head(url)), Reply)

        busy = asyncio.ensure_future(reach(1, "slow/0.5/page"))
        await asyncio.sleep(0.1)
        for number in (2, 3, 4, 5, 5, 4, 2):
            await reach(number)
        await busy
        await reach(1)
        await connections.aclose()

    asyncio.run(ask())
    used: dict[str, list[int]] = {}
    for asked in many.asked:
        used.setdefault(asked.host, []).append(asked.connection)
    kept = {host: len(set(numbers)) == 1 for host, numbers in used.items() if len(numbers) > 1}
    assert kept == {
        "127.0.0.1": True,
        "127.0.0.2": False,
        "127.0.0.4": True,
        "127.0.0.5": True,
    }


def test_while_all_are_in_use_none_is_closed(many: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_http, "_MOST_ORIGINS", 1)

    async def ask() -> list[Reply | Failure]:
        connections = Connections(allow_private=True)
        urls = [many.url("slow/0.1/page", host=f"127.0.0.{number}") for number in (1, 2, 3)]
        requests = [head(url) for url in urls]
        outcomes = await asyncio.gather(*map(connections.ask, requests))
        connections.forget("http://elsewhere.example")
        await connections.aclose()
        return outcomes

    assert all(isinstance(outcome, Reply) for outcome in asyncio.run(ask()))
