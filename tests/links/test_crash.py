"""A checker that is killed loses nothing that it had said, and leaves a cache in order.

`CNAPS_KILLS` says how often it is killed; a few times by default, 50 for the thorough run.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import defaultdict
from contextlib import closing
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.links.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

pytest.importorskip("httpx")

KILLS = int(os.environ.get("CNAPS_KILLS", "2"))
# Each host gets one request at a time. Whoever asks it twice more has dealt with the answer.
LATER = 2
NEW = 60  # links that each run has more than the one before

# Prints every result when it comes.
CHILD = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # also where a shell took it away
import sys
from cnaps.links import LinkPolicy, check_links

check_links(
    sys.stdin.read().split(),
    policy=LinkPolicy(cache=sys.argv[1], allow_private=True, per_host=1, timeout=5),
    on_result=lambda result: print(result.verdict, result.from_cache, result.url, flush=True),
)
"""


class Told(NamedTuple):
    """A line of the child: a result."""

    verdict: str
    from_cache: bool
    url: str


class Child:
    """A run of the checker in another process.

    Args:
        cache: Its cache. What it is given and what it prints are in files beside.
        urls: The links to check.
    """

    _numbers = count()

    def __init__(self, cache: Path, urls: Iterable[str]) -> None:
        number = next(self._numbers)
        given, self._told = (cache.with_name(f"{name}-{number}.txt") for name in ("given", "told"))
        given.write_text("\n".join(urls), "utf-8")
        command = [sys.executable, "-c", CHILD, str(cache)]
        # Files, not pipes: those are full when nobody reads.
        with given.open() as source, self._told.open("w") as sink:
            self._process = subprocess.Popen(command, stdin=source, stdout=sink)

    def signal_after_request(self, server: Server, seconds: float, number: int) -> None:
        """Send a signal so long after the first request."""
        before = len(server.asked)
        while len(server.asked) == before and self._process.poll() is None:
            time.sleep(0.001)
        time.sleep(seconds)
        self._process.send_signal(number)

    def told(self) -> list[Told]:
        """Wait for its end, and return what it printed; of half a line nothing is known."""
        self._process.wait(30)
        text = self._told.read_text("utf-8")
        lines = [line.split() for line in text.splitlines(keepends=True) if line.endswith("\n")]
        return [Told(verdict, cached == "True", url) for verdict, cached, url in lines]

    def told_all(self) -> list[Told]:
        """As `told`, of a run that comes to its own end."""
        results = self.told()
        assert self._process.returncode == 0
        return results


@pytest.fixture
def hosts() -> Iterator[Server]:
    with Server(addresses=10) as server:
        yield server


def slow_urls(server: Server, count: int) -> list[str]:
    hosts = server.hosts
    return [server.url(f"slow/0.02/page/{n}", hosts[n % len(hosts)]) for n in range(count)]


def in_order(cache: Path) -> bool:
    with closing(sqlite3.connect(cache)) as store:
        rows = store.execute("PRAGMA integrity_check").fetchall()
    return rows == [("ok",)]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_run_that_is_killed_repeats_no_finished_request(hosts: Server, tmp_path: Path) -> None:
    cache = tmp_path / "links.db"
    chance = random.Random()
    finished: set[str] = set()
    urls: list[str] = []
    for number in range(1, KILLS + 1):
        urls = slow_urls(hosts, NEW * number)
        before = len(hosts.asked)
        child = Child(cache, urls)
        child.signal_after_request(hosts, chance.uniform(0, 0.3), signal.SIGKILL)
        said = {line.url for line in child.told()}
        assert not finished & asked_since(hosts, before)
        finished |= said | dealt_with_since(hosts, before)
    before = len(hosts.asked)
    results = Child(cache, urls).told_all()
    assert not finished & asked_since(hosts, before)
    assert sorted(result.url for result in results) == sorted(urls)
    assert {result.verdict for result in results} == {"alive"}
    assert finished <= {result.url for result in results if result.from_cache}
    assert in_order(cache)


def asked_since(server: Server, number: int) -> set[str]:
    return {server.url(asked.target[1:], asked.host) for asked in server.asked[number:]}


def dealt_with_since(server: Server, number: int) -> set[str]:
    urls: defaultdict[str, list[str]] = defaultdict(list)
    for asked in server.asked[number:]:
        urls[asked.host].append(server.url(asked.target[1:], asked.host))
    return {url for held in urls.values() for url in held[:-LATER]}


def test_a_run_that_is_interrupted_ends_at_once_and_keeps_what_it_learnt(
    hosts: Server, tmp_path: Path
) -> None:
    cache = tmp_path / "links.db"
    urls = [*slow_urls(hosts, 100), hosts.url("hang")]
    child = Child(cache, urls)
    child.signal_after_request(hosts, 0.2, signal.SIGINT)
    interrupted = time.monotonic()
    said = {line.url for line in child.told()}
    assert time.monotonic() - interrupted < 2
    assert len(said) < len(urls)
    before = len(hosts.asked)
    results = Child(cache, urls[:-1]).told_all()
    assert not said & asked_since(hosts, before)
    assert {result.verdict for result in results} == {"alive"}


def test_two_runs_share_a_cache(hosts: Server, tmp_path: Path) -> None:
    cache = tmp_path / "links.db"
    urls = slow_urls(hosts, 40)
    children = [Child(cache, urls), Child(cache, reversed(urls))]
    for results in [child.told_all() for child in children]:
        assert sorted(result.url for result in results) == sorted(urls)
        assert {result.verdict for result in results} == {"alive"}
    assert in_order(cache)
    before = len(hosts.asked)
    assert all(result.from_cache for result in Child(cache, urls).told_all())
    assert len(hosts.asked) == before
