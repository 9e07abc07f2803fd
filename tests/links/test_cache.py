"""Results outlive the run, as long as they hold."""

from __future__ import annotations

import sqlite3
import warnings
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx")

from cnaps.links import Verdict
from cnaps.links._cache import LIFETIMES, Cache, Kept, is_fresh
from cnaps.links._verdict import Finding

URL = "https://a.example/"
ALIVE = Finding(Verdict.ALIVE, 200, URL, 1, 2, 0.25, "there", {"If-None-Match": '"1"'})


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "links.db"


def test_what_is_put_is_there_for_the_next_run(path: Path) -> None:
    clock = Clock()
    cache = Cache(path, clock)
    cache.put(URL, ALIVE)
    cache.close()
    clock.now += 60
    again = Cache(path, clock)
    assert again.get(URL) == Kept(evolve(ALIVE, from_cache=True), 60)
    assert again.get("https://b.example/") is None
    again.close()


def test_the_last_result_counts(path: Path) -> None:
    cache = Cache(path)
    cache.put(URL, ALIVE)
    dead = evolve(ALIVE, verdict=Verdict.DEAD, status=None, final_url=None)
    cache.put(URL, dead)
    kept = cache.get(URL)
    assert kept is not None
    assert kept.finding == evolve(dead, from_cache=True)
    cache.close()


@pytest.mark.parametrize("verdict", [Verdict.SKIPPED, Verdict.MALFORMED])
def test_what_was_not_asked_is_not_kept(path: Path, verdict: Verdict) -> None:
    cache = Cache(path)
    cache.put(URL, evolve(ALIVE, verdict=verdict))
    assert cache.get(URL) is None
    cache.close()


@pytest.mark.parametrize(("verdict", "lifetime"), LIFETIMES.items())
def test_how_long_a_result_holds(verdict: Verdict, lifetime: float) -> None:
    finding = evolve(ALIVE, verdict=verdict)
    assert is_fresh(Kept(finding, lifetime - 1))
    assert not is_fresh(Kept(finding, lifetime))


def test_a_clock_that_was_set_back_keeps_nothing_for_ever() -> None:
    assert not is_fresh(Kept(ALIVE, -LIFETIMES[Verdict.ALIVE]))


text = st.text(st.characters(exclude_categories=["Cs"]))


@given(
    st.builds(
        Finding,
        st.sampled_from(list(LIFETIMES)),
        st.none() | st.integers(100, 999),
        st.none() | text,
        st.integers(0, 99),
        st.integers(0, 99),
        st.floats(0, 1e6),
        text,
        st.dictionaries(text, text),
    )
)
def test_any_result_comes_back_as_it_was(finding: Finding) -> None:
    cache = Cache(Path(":memory:"))
    cache.put(URL, finding)
    kept = cache.get(URL)
    assert kept is not None
    assert kept.finding == evolve(finding, from_cache=True)
    cache.close()


def test_a_cache_of_another_version_starts_anew(path: Path) -> None:
    cache = Cache(path)
    cache.put(URL, ALIVE)
    cache.close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    again = Cache(path)
    assert again.get(URL) is None
    again.close()


def test_a_file_of_something_else_stays_as_it_is(path: Path) -> None:
    path.write_bytes(b"Dear diary, " * 1000)
    with pytest.raises(ValueError, match="no cache of links") as caught:
        Cache(path)
    assert str(caught.value) == f"{path} is no cache of links: file is not a database"
    assert path.read_bytes() == b"Dear diary, " * 1000


def test_the_data_of_another_program_stay_as_they_are(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE links (mine TEXT)")
    connection.close()
    with pytest.raises(ValueError, match="another program's data are in it"):
        Cache(path)
    with sqlite3.connect(path) as connection:
        connection.execute("SELECT mine FROM links")
    connection.close()


def test_a_cache_where_none_can_be(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="cannot be opened: unable to open database file"):
        Cache(tmp_path / "no" / "links.db")


def test_a_cache_that_somebody_else_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cnaps.links._cache._PATIENCE", 0.01)
    cache = Cache(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.warns(UserWarning, match="does not take results: database is locked"):
        cache.put(URL, ALIVE)
    with pytest.raises(OSError, match="cannot be used: database is locked"):
        Cache(path)
    other.rollback()
    other.close()
    cache.put(URL, ALIVE)
    assert cache.get(URL) is not None
    cache.close()


class Busy(sqlite3.Connection):
    """A connection to a file that others are about to use: SQLite does not wait for them there."""

    locked = 0

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        if "journal_mode" in sql and Busy.locked:
            Busy.locked -= 1
            raise sqlite3.OperationalError("database is locked")
        return super().execute(sql, parameters)


def test_a_cache_that_others_begin_to_use_at_the_same_time(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite3, "connect", partial(sqlite3.connect, factory=Busy))
    monkeypatch.setattr(Busy, "locked", 3)
    Cache(path).close()
    assert Busy.locked == 0
    monkeypatch.setattr(Busy, "locked", 1_000_000)
    monkeypatch.setattr("cnaps.links._cache._PATIENCE", 0.05)
    with pytest.raises(OSError, match="cannot be used: database is locked"):
        Cache(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE links SET verdict = 'lively'",
        "UPDATE links SET validators = 'no JSON'",
        "UPDATE links SET checked = 'yesterday'",
        "DROP TABLE links",
    ],
)
def test_what_cannot_be_read_is_not_known(path: Path, damage: str) -> None:
    cache = Cache(path)
    cache.put(URL, ALIVE)
    cache._connection.execute(damage)
    with pytest.warns(UserWarning, match=r"links\.db cannot be read: "):
        assert cache.get(URL) is None
    cache.close()


def _fill(path: Path, number: int) -> None:
    warnings.simplefilter("error")
    cache = Cache(path)
    for link in range(50):
        cache.put(f"https://a.example/{number}/{link}", ALIVE)
    cache.close()


def test_processes_share_a_cache(path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("spawn")) as pool:
        list(pool.map(_fill, [path] * 4, range(4)))
    cache = Cache(path)
    urls = [f"https://a.example/{number}/{link}" for number in range(4) for link in range(50)]
    assert all(cache.get(url) for url in urls)
    cache.close()
