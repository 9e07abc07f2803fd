"""Who is asked when. There is no clock here but the one that the tests hand in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx")

from cnaps.links._schedule import Schedule, group_of


def schedule(
    concurrency: int = 10, per_host: int = 10, rates: dict[str, float] | None = None
) -> Schedule[str]:
    return Schedule[str](concurrency=concurrency, per_host=per_host, rates=rates or {})


def taken(plan: Schedule[str], now: float) -> list[str]:
    return list(iter(lambda: plan.take(now), None))


def test_jobs_come_in_order() -> None:
    plan = schedule()
    for job in "abc":
        plan.add(job, "x.example")
    assert taken(plan, 0) == ["a", "b", "c"]
    assert plan.wake_at() is None


def test_limits_over_all_and_per_host() -> None:
    plan = schedule(concurrency=3, per_host=2)
    for job in ("x1", "x2", "x3", "y1", "y2"):
        plan.add(job, f"{job[0]}.example")
    assert sorted(taken(plan, 0)) == ["x1", "x2", "y1"]
    assert plan.wake_at() is None  # until one comes back
    plan.done("x.example", 1)
    assert len(taken(plan, 1)) == 1


def test_a_rate_is_a_distance_in_time() -> None:
    plan = schedule(rates={"x.example": 0.5})
    for job in "abc":
        plan.add(job, "x.example")
    assert taken(plan, 0) == ["a"]
    plan.done("x.example", 0)
    assert plan.wake_at() == 2
    assert taken(plan, 1.9) == []
    assert taken(plan, 2) == ["b"]
    plan.done("x.example", 2)
    assert taken(plan, 100) == ["c"]  # what was missed is not made up for


def test_a_distance_in_time_is_one_for_the_host_as_well() -> None:
    """A request that had to wait for its connection reaches the host when it is almost back."""
    plan = schedule(rates={"x.example": 0.5})
    for job in "abc":
        plan.add(job, "x.example")
    assert taken(plan, 0) == ["a"]
    plan.done("x.example", 1.5)
    assert taken(plan, 3.4) == []
    assert taken(plan, 3.5) == ["b"]
    assert taken(plan, 9) == []  # it may still wait for its connection
    plan.done("x.example", 9)
    assert taken(plan, 10.9) == []
    assert taken(plan, 11) == ["c"]


def test_hosts_below_one_with_a_rate_share_it() -> None:
    plan = schedule(rates={"x.example": 1})
    plan.add("a", "x.example")
    plan.add("b", "www.x.example")
    plan.add("c", "notx.example")
    assert taken(plan, 0) == ["a", "c"]


@pytest.mark.parametrize("drop", ["discard", "drain"])
def test_a_host_whose_jobs_were_dropped_while_it_stood_in_line(drop: str) -> None:
    plan = schedule(concurrency=1)
    for job in "ab":
        plan.add(job, "x.example")
    assert taken(plan, 0) == ["a"]
    if drop == "discard":
        plan.discard(lambda _: True)
    else:
        assert plan.drain("x.example") == ["b"]
    plan.done("x.example", 1)
    assert taken(plan, 1) == []
    plan.add("c", "x.example")
    assert taken(plan, 1) == ["c"]
    plan.done("x.example", 2)
    assert (taken(plan, 2), plan.is_done("x.example"), plan.wake_at()) == ([], True, None)


def test_groups() -> None:
    rates = {"arxiv.org": 1.0, "export.arxiv.org": 2.0}
    assert group_of("www.arxiv.org", rates) == "arxiv.org"
    assert group_of("export.arxiv.org", rates) == "export.arxiv.org"
    assert group_of("10.0.0.1", rates) == "10.0.0.1"


def test_arxiv_gets_a_single_connection() -> None:
    plan = schedule(rates={"arxiv.org": 1})
    plan.add("a", "arxiv.org")
    plan.add("b", "arxiv.org")
    assert taken(plan, 0) == ["a"]
    assert taken(plan, 10) == []
    plan.done("arxiv.org", 10)
    assert taken(plan, 11) == ["b"]


def test_what_waits_takes_no_place_and_then_goes_first() -> None:
    plan = schedule(concurrency=1)
    plan.add("later", "x.example", at=5)
    plan.add("a", "x.example")
    plan.add("b", "x.example")
    assert taken(plan, 0) == ["a"]
    assert not plan.is_done("x.example")
    plan.done("x.example", 5)
    assert taken(plan, 5) == ["later"]


def test_links_on_their_way_go_before_new_ones() -> None:
    plan = schedule()
    plan.add("new", "x.example")
    plan.add("redirected", "x.example", first=True)
    assert taken(plan, 0) == ["redirected", "new"]


def test_a_host_that_complains_is_left_in_peace_and_then_asked_more_slowly() -> None:
    plan = schedule()
    for job in "abcdef":
        plan.add(job, "x.example")
        plan.add(job.upper(), "y.example")
    assert plan.take(0) == "a"
    plan.done("x.example", 1, slow=True, pause=10)
    assert set(taken(plan, 1)) == set("ABCDEF")
    assert plan.wake_at() == 11
    assert taken(plan, 11) == ["b"]
    assert taken(plan, 11.1) == []
    assert taken(plan, 11.25) == ["c"]


def test_the_distance_doubles_up_to_a_limit_and_goes_away() -> None:
    plan = schedule()
    distances = []
    now = 0.0
    for complains in [True] * 7 + [False] * 7:
        plan.add("a", "x.example")
        plan.add("b", "x.example", at=1e9)
        plan.take(now)
        plan.done("x.example", now, slow=complains)
        plan.add("c", "x.example")
        now = max(now, plan.wake_at() or 0)
        plan.take(now)
        plan.done("x.example", now, slow=complains)
        plan.add("d", "x.example")
        wake = plan.wake_at() or 0
        distances.append(wake - now)
        now = max(wake, now)
        plan.take(now)
        plan.done("x.example", now)
        now += 100
    assert max(distances) == 8
    assert distances[-1] <= 0


def test_what_waits_for_a_host_can_be_taken_back() -> None:
    plan = schedule(per_host=1)
    for job in "abc":
        plan.add(job, "x.example")
    assert taken(plan, 0) == ["a"]
    assert plan.drain("x.example") == ["b", "c"]
    plan.done("x.example", 1)
    assert taken(plan, 1) == []
    assert plan.is_done("x.example")


def test_a_host_in_line_whose_jobs_were_taken_back_is_passed_over() -> None:
    plan = schedule()
    plan.add("a", "x.example")
    assert plan.drain("x.example") == ["a"]
    plan.add("b", "y.example")
    assert taken(plan, 0) == ["b"]


jobs = st.lists(
    st.tuples(st.sampled_from(["a.example", "b.example", "www.b.example"]), st.booleans()),
    max_size=40,
)


@given(jobs, st.integers(1, 4), st.integers(1, 3), st.sampled_from([0.5, 2.0, 10.0]))
def test_every_job_comes_once_and_no_limit_is_passed(
    jobs: list[tuple[str, bool]], concurrency: int, per_host: int, rate: float
) -> None:
    rates = {"b.example": rate}
    plan = Schedule[int](concurrency=concurrency, per_host=per_host, rates=rates)
    for number, (host, _) in enumerate(jobs):
        plan.add(number, host)
    now, out, seen = 0.0, [], []
    starts: list[float] = []
    while True:
        job = plan.take(now)
        if job is not None:
            out.append(job)
            seen.append(job)
            groups = [group_of(jobs[number][0], rates) for number in out]
            assert len(out) <= concurrency
            assert max(map(groups.count, groups)) <= per_host
            if groups[-1] == "b.example":
                starts.append(now)
        elif out:
            now += 0.03
            number = out.pop(0)
            host, complains = jobs[number]
            plan.done(host, now, slow=complains)
        elif (wake := plan.wake_at()) is not None:
            assert wake > now
            now = wake
        else:
            break
    assert sorted(seen) == list(range(len(jobs)))
    assert all(b - a >= 1 / rate - 1e-9 for a, b in pairwise(starts))


def test_what_nobody_waits_for_any_more_is_taken_out_of_line() -> None:
    plan = schedule(per_host=1)
    plan.add("a", "x.example")
    plan.add("b", "x.example")
    plan.add("c", "x.example", at=5)
    plan.add("d", "x.example", at=3)
    plan.discard(lambda job: job in {"a", "c"})
    assert taken(plan, 0) == ["b"]
    plan.done("x.example", 3)
    assert taken(plan, 3) == ["d"]
    plan.done("x.example", 9)
    assert taken(plan, 9) == []
    assert plan.is_done("x.example")
