"""What a checker knows from earlier runs, and what becomes of a run that goes wrong."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("httpx")

import httpx

from cnaps.links import LinkChecker, LinkPolicy, LinkReport, LinkResult, check_links
from cnaps.links._cache import Cache

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cnaps.links._verdict import Finding

URL = "https://a.example/page"
PAGE = '<h1 id="top-1">A page</h1>'


class Site:
    """A transport that answers with a page and its tag, and counts what it was asked."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[str] = []
        self.conditions: list[str | None] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(f"{request.method} {request.url}")
        condition = request.headers.get("if-none-match")
        self.conditions.append(condition)
        if condition == '"1"':
            return httpx.Response(304)
        return httpx.Response(self.status, headers={"ETag": '"1"'}, html=PAGE)

    def check(self, urls: Any, path: Path, **settings: Any) -> tuple[LinkResult, ...]:
        policy = LinkPolicy(cache=path, retries=0, **settings)
        return check_links(urls, policy, client=self.transport).results


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "links.db"


@pytest.mark.parametrize("status", [200, 404, 403, 500])
def test_what_is_known_is_not_asked_again(path: Path, status: int) -> None:
    site = Site(status)
    (first,) = site.check(URL, path)
    asked = len(site.asked)
    (again,) = site.check(URL, path)
    assert len(site.asked) == asked
    assert (first.from_cache, again.from_cache) == (False, True)
    assert again == LinkResult(
        first.url,
        first.verdict,
        first.status,
        first.final_url,
        first.redirects,
        first.attempts,
        first.elapsed,
        first.reason,
        from_cache=True,
    )


def test_places_are_of_this_run(path: Path) -> None:
    from cnaps import ModelRef

    site = Site()
    site.check(URL, path)
    (again,) = site.check(ModelRef("A", paper=URL), path)
    assert [place.path for place in again.places] == ["paper"]


def age(path: Path, seconds: float) -> None:
    """Make what is in a cache older."""
    cache = Cache(path, lambda: time.time() - seconds)
    kept = cache.get(URL)
    assert kept is not None
    cache.put(URL, kept.finding)
    cache.close()


def test_what_is_old_is_asked_whether_it_has_changed(path: Path) -> None:
    site = Site()
    site.check(URL, path)
    age(path, 30 * 86_400)
    (again,) = site.check(URL, path)
    assert site.conditions == [None, '"1"']
    assert (again.verdict, again.status, again.from_cache) == ("alive", 304, False)
    assert again.reason == "there, and as it was"
    age(path, 30 * 86_400)
    site.check(URL, path)
    assert site.conditions == [None, '"1"', '"1"']


def test_offline_an_old_result_will_do(path: Path) -> None:
    site = Site()
    site.check(URL, path)
    age(path, 30 * 86_400)
    known, unknown = site.check([URL, "https://b.example/"], path, offline=True)
    assert len(site.asked) == 1
    assert (known.verdict, known.from_cache) == ("alive", True)
    assert (unknown.verdict, unknown.reason, unknown.attempts) == (
        "skipped",
        "the link is not in the cache, and nothing is asked offline",
        0,
    )


def test_fragments_are_known_each_for_itself(path: Path) -> None:
    site = Site()
    urls = [URL, f"{URL}#top-1", f"{URL}#gone"]
    first = site.check(urls, path, fragments=True)
    again = site.check(urls, path, fragments=True)
    assert [result.verdict for result in again] == ["alive", "alive", "dead"]
    assert [result.reason for result in again] == [result.reason for result in first]
    assert len(site.asked) == 1
    site.check(f"{URL}#new", path, fragments=True)
    assert len(site.asked) == 2
    assert [result.verdict for result in site.check(urls, path, offline=True)] == ["alive"] * 3


def test_what_was_found_out_is_kept_before_anybody_hears_of_it(path: Path) -> None:
    async def first_result() -> None:
        site = Site()
        async with LinkChecker(LinkPolicy(cache=path), client=site.transport) as checker:
            async for result in checker.check([f"{URL}/{number}" for number in range(9)]):
                cache = Cache(path)
                assert cache.get(result.url) is not None
                cache.close()

    asyncio.run(first_result())


# --- runs that go wrong ---------------------------------------------------------------------------


class Silent(httpx.AsyncBaseTransport):
    """Never answers."""

    def __init__(self) -> None:
        self.waiting = 0
        self.asked = asyncio.Event()

    async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
        self.waiting += 1
        self.asked.set()
        try:
            await asyncio.sleep(60)
        finally:
            self.waiting -= 1
        raise AssertionError


def test_a_policy_is_a_policy() -> None:
    with pytest.raises(TypeError, match=r"policy must be a LinkPolicy, not dict"):
        LinkChecker({"timeout": 3})  # type: ignore[arg-type]


def test_what_is_no_client() -> None:
    with pytest.raises(TypeError) as caught:
        LinkChecker(client=3)
    assert str(caught.value) == (
        "client must be an httpx.AsyncClient or an asynchronous transport, or what has the same "
        "interface, not int"
    )


def test_a_mistake_of_ours_is_not_taken_for_a_dead_link(monkeypatch: pytest.MonkeyPatch) -> None:
    def advance(*_: object, **__: object) -> Finding:
        raise ZeroDivisionError

    monkeypatch.setattr("cnaps.links._checker.advance", advance)
    with pytest.raises(ZeroDivisionError):
        check_links([URL, f"{URL}/2"], client=Site().transport)


def test_an_error_of_the_caller_ends_the_run() -> None:
    def fail(result: LinkResult) -> None:
        raise KeyError(result.url)

    with pytest.raises(KeyError, match="page"):
        check_links([URL, f"{URL}/2"], client=Site().transport, on_result=fail)


def test_who_stops_listening_stops_the_requests() -> None:
    transport = Silent()

    async def stop() -> None:
        policy = LinkPolicy(per_host=2)
        async with LinkChecker(policy, client=transport) as checker:
            results = checker.check(["mailto:a@b.example", *(f"{URL}/{n}" for n in range(9))])
            assert (await anext(results)).verdict == "skipped"
            waiting = asyncio.ensure_future(anext(results))
            await transport.asked.wait()
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
            assert transport.waiting == 0

    asyncio.run(stop())


def test_one_check_of_a_checker_ends_and_the_other_goes_on() -> None:
    async def two() -> None:
        site = Site()
        async with LinkChecker(LinkPolicy(per_host=1), client=site.transport) as checker:
            first = checker.check([f"{URL}/a/{number}" for number in range(5)])
            second = checker.check([f"{URL}/b/{number}" for number in range(5)])
            assert (await anext(first)).verdict == "alive"
            await first.aclose()
            assert Counter([result.verdict async for result in second]) == {"alive": 5}

    asyncio.run(two())


def test_leaving_a_checker_ends_what_is_under_way() -> None:
    transport = Silent()

    async def leave() -> None:
        async with LinkChecker(client=transport) as checker:
            asking = asyncio.ensure_future(anext(checker.check([URL])))
            await transport.asked.wait()
        assert transport.waiting == 0
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    asyncio.run(leave())


def inside_of_a_loop(function: Callable[[], LinkReport]) -> None:
    """Call a function as a notebook does: in a running loop that leaves interrupts alone."""

    async def call() -> None:
        function()

    loop = asyncio.new_event_loop()
    try:
        loop.run_until_complete(call())
    finally:
        loop.close()


def test_an_interrupt_ends_a_run_in_a_notebook() -> None:
    begun = time.monotonic()
    main = threading.get_ident()
    timer = threading.Timer(0.3, lambda: signal.pthread_kill(main, signal.SIGINT))
    # In the background of a shell, a process is born deaf to it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            inside_of_a_loop(lambda: check_links(URL, client=Silent()))
        timer.join()
    finally:
        signal.signal(signal.SIGINT, before)
    assert time.monotonic() - begun < 10


def test_an_interrupt_out_of_a_callback_ends_it_too() -> None:
    def interrupt(result: LinkResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        inside_of_a_loop(lambda: check_links(URL, client=Site().transport, on_result=interrupt))


def test_a_checker_may_have_nothing_to_do() -> None:
    async def nothing() -> None:
        async with LinkChecker():
            pass

    asyncio.run(nothing())
