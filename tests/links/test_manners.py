"""The checker keeps to its limits and bothers nobody, as the server sees it."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
import sys
import threading
import time
from collections import Counter
from contextlib import ExitStack, closing
from itertools import pairwise
from typing import TYPE_CHECKING

import attrs
import pytest

import cnaps

pytest.importorskip("httpx")

from cnaps.links import HOST_RATES, LinkChecker, LinkPolicy, LinkReport, LinkResult, check_links

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.links.conftest import Names
    from tests.links.server import Server

# What is sent at most when nothing, or a range, is wanted: the buffers of two sockets.
LITTLE = 600_000


def policy(**settings: object) -> LinkPolicy:
    """A policy for loopback, impatient and without second thoughts unless told otherwise."""
    return LinkPolicy(**{"allow_private": True, "timeout": 2, "retries": 0} | settings)  # type: ignore[arg-type]


def pages(server: Server, count: int, path: str = "page", host: str = "127.0.0.1") -> list[str]:
    return [server.url(f"{path}/{n}", host) for n in range(count)]


def verdicts(report: LinkReport) -> Counter[str]:
    return Counter(str(result.verdict) for result in report.results)


# --- how often ------------------------------------------------------------------------------------


def test_a_link_is_asked_once_however_often_it_stands_somewhere(server: Server) -> None:
    models = [
        cnaps.ModelRef(f"Model {n}", server.url(f"page/{n % 5}"), server.url("page/0#top"))
        for n in range(20)
    ]
    prompts = [cnaps.PromptSpec(cnaps.Question("Which?"), tuple(models)) for _ in range(2)]
    report = check_links([prompts, *map(cnaps.parse, map(cnaps.render, prompts))], policy())
    assert sorted(asked.target for asked in server.asked) == [f"/page/{n}" for n in range(5)]
    assert {asked.method for asked in server.asked} == {"HEAD"}
    assert {result.url: len(result.places) for result in report.results} == {
        **{server.url(f"page/{n}"): 16 for n in range(5)},
        server.url("page/0#top"): 80,
    }


def test_spellings_of_an_address_are_asked_once(server: Server) -> None:
    port = server.port
    spellings = ["/a", "/a#x", "/a#y"]
    urls = [
        f"{scheme}://127.0.0.1:{port}{path}" for scheme in ("http", "HTTP") for path in spellings
    ]
    assert len(check_links(urls, policy()).results) == 6
    assert len(server.asked) == 1


# --- how many at once -----------------------------------------------------------------------------


def test_a_host_gets_so_many_requests_at_once(server: Server) -> None:
    check_links(pages(server, 20, "slow/0.05"), policy(per_host=3))
    assert server.most["127.0.0.1"] == 3


def test_all_hosts_together_get_so_many_requests_at_once(server: Server, names: Names) -> None:
    hosts = [f"host-{n}.test" for n in range(6)]
    names.update({host: ["127.0.0.1"] for host in hosts})
    urls = [url for host in hosts for url in pages(server, 6, "slow/0.05", host)]
    check_links(urls, policy(concurrency=8, per_host=4))
    assert server.most[""] == 8
    assert max(server.most[host] for host in hosts) <= 4


def test_limits_hold_where_redirects_lead(server: Server, names: Names) -> None:
    hosts = [f"host-{n}.test" for n in range(12)]
    names.update({host: ["127.0.0.1"] for host in [*hosts, "target.test"]})
    target = server.url("slow/0.05/page", "target.test")
    urls = [server.url(f"redirect/301?to={target}/{host}", host) for host in hosts]
    assert verdicts(check_links(urls, policy(per_host=2))) == {"moved": 12}
    assert server.most["target.test"] == 2


def test_connections_are_used_again(server: Server) -> None:
    check_links(pages(server, 40), policy(per_host=4))
    assert server.opened <= 4
    assert len({asked.connection for asked in server.asked}) == server.opened


@pytest.mark.parametrize("path", ["last", "once"])
def test_a_connection_that_ended_meanwhile_is_nobody_s_fault(server: Server, path: str) -> None:
    report = check_links(pages(server, 20, path), policy(per_host=2))
    assert verdicts(report) == {"alive": 20}


def test_requests_share_a_connection_over_http2(secure_server: Server) -> None:
    pytest.importorskip("h2")
    urls = [secure_server.url(f"page/{n}", secure="http2") for n in range(12)]
    assert verdicts(check_links(urls, policy(per_host=4))) == {"alive": 12}
    assert len({asked.connection for asked in secure_server.asked}) == 1
    assert 2 <= secure_server.most["127.0.0.1"] <= 4


def test_one_host_does_not_hold_up_the_others(server: Server, names: Names) -> None:
    names["slow.test"] = names["quick.test"] = ["127.0.0.1"]
    slow = pages(server, 8, "slow/0.2", "slow.test")
    quick = pages(server, 8, "page", "quick.test")
    told: list[str] = []
    check_links(
        [*slow, *quick], policy(per_host=2), on_result=lambda result: told.append(result.url)
    )
    assert set(told[:8]) == set(quick)


# --- how fast -------------------------------------------------------------------------------------


def test_a_host_is_asked_at_its_rate(server: Server, names: Names) -> None:
    names["calm.test"] = names["www.calm.test"] = names["quick.test"] = ["127.0.0.1"]
    calm = [*pages(server, 4, host="calm.test"), *pages(server, 4, host="www.calm.test")]
    check_links(
        [*calm, *pages(server, 20, host="quick.test")], policy(host_rates={"calm.test": 10})
    )
    times = sorted(asked.time for asked in server.asked if asked.host.endswith("calm.test"))
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert len(gaps) == 7
    assert min(gaps) > 0.08
    assert sum(server.gaps("quick.test")) < 0.5


def test_arxiv_is_asked_at_the_rate_that_it_publishes() -> None:
    assert HOST_RATES["arxiv.org"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(("form", "least", "most"), [("1", 1.0, 1.5), ("date", 0.9, 2.5)])
def test_a_server_that_asks_for_patience_gets_it(
    server: Server, form: str, least: float, most: float
) -> None:
    url = server.url(f"flaky/429/1?retry-after={form}")
    (result,) = check_links(url, policy()).results
    assert result.verdict == "alive"
    (gap,) = server.gaps("127.0.0.1")
    assert least <= gap < most


def test_patience_is_for_the_host_not_the_link(server: Server, names: Names) -> None:
    names["tired.test"] = names["quick.test"] = ["127.0.0.1"]
    tired = server.url("flaky/503/1?retry-after=1", "tired.test")
    rest = pages(server, 10, host="tired.test")
    quick = pages(server, 10, host="quick.test")
    check_links([tired, *rest, *quick], policy(per_host=1))
    asked = server.requests("flaky/503/1")
    assert len(asked) == 2
    pause = [at.time for at in server.asked if at.host == "tired.test"]
    assert pause[1] - pause[0] >= 1.0
    assert max(at.time for at in server.asked if at.host == "quick.test") - pause[0] < 0.9


def test_nobody_waits_for_an_hour(server: Server) -> None:
    begun = time.monotonic()
    (result,) = check_links(server.url("flaky/429/9?retry-after=3600"), policy(retries=5)).results
    assert time.monotonic() - begun < 1
    assert (result.verdict, result.status) == ("restricted", 429)
    assert server.methods("flaky/429/9") == ["HEAD"]


def test_a_host_that_has_had_enough_is_left_alone(server: Server) -> None:
    """All links of a host that wants an hour of peace cannot be told; a few tries show that."""
    urls = [server.url(f"flaky/429/9?retry-after=3600&n={n}") for n in range(30)]

    async def check() -> Counter[str]:
        async with asyncio.timeout(5), LinkChecker(policy(per_host=2)) as checker:
            return Counter([str(result.verdict) async for result in checker.check(urls)])

    assert asyncio.run(check()) == {"restricted": 30}
    assert len(server.asked) <= 4


def test_too_many_requests_are_not_answered_by_another_at_once(server: Server) -> None:
    check_links(server.url("flaky/429/1"), policy(retries=1))
    (gap,) = server.gaps("127.0.0.1")
    assert gap >= 0.2


def test_a_checker_remembers_what_hosts_ask_for(server: Server, names: Names) -> None:
    """Links that are checked bit by bit get no more requests out of a host."""
    names["calm.test"] = ["127.0.0.1"]

    async def bit_by_bit() -> None:
        async with LinkChecker(policy(host_rates={"calm.test": 5})) as checker:
            for url in pages(server, 3, host="calm.test"):
                assert [result.verdict async for result in checker.check(url)] == ["alive"]

    asyncio.run(bit_by_bit())
    assert min(server.gaps("calm.test")) > 0.18


# --- how long -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["hang", "drip/0.02", "endless/headers", "slow/9"])
def test_a_request_has_a_deadline(server: Server, path: str) -> None:
    (result,) = check_links(server.url(path), policy(timeout=0.2, total_timeout=0.6)).results
    assert result.verdict == "unreachable"
    assert result.elapsed < 0.8


def test_a_link_has_a_deadline_whatever_it_is_tried_for(server: Server) -> None:
    begun = time.monotonic()
    eager = policy(timeout=0.2, total_timeout=0.7, retries=99)
    (result,) = check_links(server.url("hang"), eager).results
    assert result.verdict == "unreachable"
    assert time.monotonic() - begun < 1.5
    assert result.attempts == len(server.asked)


def test_redirects_have_a_deadline_together(server: Server) -> None:
    slow = "/".join(["slow/0.2"] + ["chain/301/1/slow/0.2"] * 9)
    (result,) = check_links(server.url(slow), policy(total_timeout=0.7)).results
    assert result.verdict == "unreachable"
    assert result.elapsed < 1.1


def test_what_nobody_wants_is_not_waited_for(server: Server) -> None:
    (result,) = check_links(server.url("head/405/hang/body"), policy()).results
    assert result.verdict == "alive"
    assert result.elapsed < 0.6


@pytest.mark.skipif(sys.platform != "linux", reason="needs a second address that is silent")
def test_an_address_that_is_silent_is_not_all_there_is(server: Server, names: Names) -> None:
    names["two.test"] = ["127.0.0.2", "127.0.0.1"]
    with closing(socket.socket()) as silent, ExitStack() as knocks:
        silent.bind(("127.0.0.2", server.port))
        silent.listen(0)
        for _ in range(4):  # until nobody else is let in
            knock = knocks.enter_context(closing(socket.socket()))
            knock.setblocking(False)
            knock.connect_ex(silent.getsockname())
        (result,) = check_links(server.url("page", "two.test"), policy(timeout=3)).results
    assert result.verdict == "alive"


# --- how much -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("head/405/size/50000000", 70_000),
        ("head/405/size/50000000?ranges=no", LITTLE),
        ("head/405/endless", LITTLE),
        ("head/405/drip/0.01/body", LITTLE),
        ("head/405/bomb", LITTLE),
    ],
)
def test_no_more_is_read_than_needed(server: Server, path: str, most: int) -> None:
    (result,) = check_links(server.url(path), policy(timeout=1)).results
    assert result.verdict == "alive"
    assert result.elapsed < 0.5
    assert server.methods(path.partition("?")[0]) == ["HEAD", "GET"]
    assert server.sent[f"/{path}"] < most


def test_a_part_is_asked_for_not_the_whole(server: Server) -> None:
    check_links(server.url("head/405/size/50000000"), policy())
    head, get = server.requests("head/405/size/50000000")
    assert "range" not in head.headers
    assert get.headers["range"].startswith("bytes=0-")


# --- what is known already ------------------------------------------------------------------------


def test_what_is_known_is_not_asked_again(server: Server, tmp_path: Path) -> None:
    urls = [server.url(path) for path in ("page", "status/404", "status/403", "redirect/301?to=/a")]
    settings = policy(cache=tmp_path / "links.db")
    first = check_links(urls, settings)
    asked = len(server.asked)
    second = check_links(urls, settings)
    assert len(server.asked) == asked
    assert [result.from_cache for result in second.results] == [True] * 4
    assert [attrs.evolve(result, from_cache=False) for result in second.results] == [*first.results]


def test_offline_nothing_is_asked_at_all(
    server: Server, tmp_path: Path, connections: list[str], names: Names
) -> None:
    names["here.test"] = ["127.0.0.1"]
    cache = tmp_path / "links.db"
    known, unknown = server.url("status/410", "here.test"), server.url("page", "here.test")
    check_links(known, policy(cache=cache))
    connections.clear()
    names.asked.clear()
    report = check_links([known, unknown], policy(cache=cache, offline=True))
    assert [(result.verdict, result.from_cache) for result in report.results] == [
        ("dead", True),
        ("skipped", False),
    ]
    assert (connections, names.asked) == ([], [])


def test_what_is_old_is_asked_for_changes(server: Server, tmp_path: Path) -> None:
    cache = tmp_path / "links.db"
    check_links(server.url("tagged"), policy(cache=cache))
    with closing(sqlite3.connect(cache, isolation_level=None)) as store:
        store.execute("UPDATE links SET checked = checked - 1e8")  # as if it were years ago
    (result,) = check_links(server.url("tagged"), policy(cache=cache)).results
    assert (result.verdict, result.status, result.from_cache) == ("alive", 304, False)
    first, second = server.asked
    assert "if-none-match" not in first.headers
    assert second.headers["if-none-match"] == '"v1"'


# --- who asks -------------------------------------------------------------------------------------


def test_the_checker_says_who_it_is(server: Server) -> None:
    check_links(server.url("page"), policy())
    (asked,) = server.asked
    assert asked.headers["user-agent"].startswith(f"cnaps/{cnaps.__version__} (+https://")
    assert "text/html" in asked.headers["accept"]


def test_headers_of_the_policy_are_sent(server: Server) -> None:
    headers = {"User-Agent": "Curator/1.0", "Accept-Language": "en"}
    check_links(server.url("page"), policy(headers=headers))
    (asked,) = server.asked
    assert asked.headers["user-agent"] == "Curator/1.0"
    assert asked.headers["accept-language"] == "en"


# --- as it comes ----------------------------------------------------------------------------------


async def others() -> set[asyncio.Task[object]]:
    """The tasks that are left when the loop had time to tidy up."""
    await asyncio.sleep(0.02)
    return {*asyncio.all_tasks()} - {asyncio.current_task()}


def test_results_come_as_they_are_ready(server: Server) -> None:
    async def stream() -> list[tuple[str, float]]:
        begun = time.monotonic()
        async with LinkChecker(policy()) as checker:
            return [
                (result.url, time.monotonic() - begun)
                async for result in checker.check([server.url("slow/0.5"), server.url("page")])
            ]

    (first, soon), (second, late) = asyncio.run(stream())
    assert (first, second) == (server.url("page"), server.url("slow/0.5"))
    assert soon < 0.3
    assert late >= 0.5


def test_a_report_is_in_the_order_of_the_targets(server: Server) -> None:
    urls = [server.url("slow/0.2"), "mailto:a@b.test", server.url("page"), server.url("slow/0.1")]
    told: list[LinkResult] = []
    report = check_links(urls, policy(), on_result=told.append)
    assert [result.url for result in report.results] == urls
    assert [result.url for result in told] != urls
    assert sorted(told, key=lambda result: urls.index(result.url)) == list(report.results)


def test_targets_may_come_from_a_generator_of_anything(server: Server) -> None:
    def targets() -> Iterable[object]:
        yield server.url("page/1")
        yield [cnaps.ModelRef("A model", server.url("page/2"))]
        yield (url for url in [server.url("page/3"), server.url("page/1")])

    report = check_links(targets(), policy())  # type: ignore[arg-type]
    assert [result.url for result in report.results] == pages(server, 4)[1:]


def test_nothing_is_left_behind_by_who_has_seen_enough(server: Server) -> None:
    async def peek() -> None:
        async with LinkChecker(policy()) as checker:
            urls = [server.url("page"), server.url("hang"), server.url("slow/9")]
            async for result in checker.check(urls):
                assert result.verdict == "alive"
                break
        assert await others() == set()

    begun = time.monotonic()
    asyncio.run(peek())
    assert time.monotonic() - begun < 1


def test_nothing_is_left_behind_by_who_is_cancelled(server: Server) -> None:
    async def collect() -> list[LinkResult]:
        async with LinkChecker(policy()) as checker:
            return [result async for result in checker.check([server.url("hang")] * 3)]

    async def cancel() -> None:
        task = asyncio.create_task(collect())
        await asyncio.sleep(0.1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await others() == set()

    asyncio.run(cancel())
    assert len(server.asked) == 1


def test_a_checker_checks_more_than_once_and_at_once(server: Server) -> None:
    async def thrice() -> tuple[int, ...]:
        async with LinkChecker(policy(per_host=2)) as checker:

            async def count(path: str) -> int:
                return len([r async for r in checker.check(pages(server, 6, f"slow/0.02/{path}"))])

            return tuple(await asyncio.gather(*map(count, "abc")))

    assert asyncio.run(thrice()) == (6, 6, 6)
    assert server.most[""] <= 2


def test_a_closed_checker_checks_no_more(server: Server) -> None:
    async def check() -> None:
        async with LinkChecker(policy()) as checker:
            pass
        with pytest.raises(RuntimeError, match="this LinkChecker is closed: make another one"):
            await anext(checker.check(server.url("page")))
        with pytest.raises(RuntimeError, match="is closed"):
            async with checker:
                pass

    asyncio.run(check())
    assert server.asked == []


def test_an_error_of_the_caller_comes_through(server: Server) -> None:
    def fail(result: LinkResult) -> None:
        raise LookupError(result.url)

    threads = threading.active_count()
    with pytest.raises(LookupError, match="page"):
        check_links([server.url("page"), server.url("slow/9")], policy(), on_result=fail)
    assert threading.active_count() == threads


def test_check_links_works_inside_of_a_running_loop(server: Server) -> None:
    async def inside() -> LinkReport:
        return check_links([server.url("page"), server.url("status/404")], policy())

    assert verdicts(asyncio.run(inside())) == {"alive": 1, "dead": 1}


def test_an_error_comes_through_inside_of_a_running_loop(server: Server) -> None:
    async def inside() -> LinkReport:
        return check_links([server.url("page"), b"no target"], policy())  # type: ignore[list-item]

    with pytest.raises(TypeError, match="bytes"):
        asyncio.run(inside())
