"""Who may be asked next, and when: limits over all, for each host, and in time. No clock inside.

Hosts that share a limit form a group: with a rate for "arxiv.org", `export.arxiv.org` waits for
its turn with all others.
"""

from __future__ import annotations

from collections import deque
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Generic, TypeVar

from attrs import define, field

from cnaps.links._sites import ONE_AT_A_TIME, with_parents

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["Group", "Schedule", "group_of"]

Job = TypeVar("Job")

_LEAST_PENALTY = 0.25  # seconds between requests, for a host that has had too many
_MOST_PENALTY = 8.0


def group_of(host: str, rates: Mapping[str, float]) -> str:
    """Return the name of the group that a host belongs to.

    >>> group_of("export.arxiv.org", {"arxiv.org": 1 / 3})
    'arxiv.org'
    """
    return next((name for name in with_parents(host) if name in rates), host)


@define
class Group(Generic[Job]):
    """The hosts that share a limit, and what waits for them.

    Attributes:
        interval: Seconds between two requests that the rate asks for.
        most: How many requests may be under way.
        ready: What can be asked now, links that are already on their way first.
        active: How many requests are under way.
        penalty: Seconds between two requests, on top, after complaints.
        free_at: When the next request may begin.
        queued: Whether the group stands in the queue of the schedule.
        later: What waits for its own time.
    """

    interval: float
    most: int
    ready: deque[Job] = field(factory=deque)
    active: int = 0
    penalty: float = 0.0
    free_at: float = float("-inf")
    queued: bool = False
    later: int = 0

    @property
    def is_done(self) -> bool:
        """Whether nothing is under way, and nothing waits."""
        return not (self.active or self.ready or self.later)


class Schedule(Generic[Job]):
    """Hands out jobs, never more than the limits allow. Every step takes logarithmic time.

    Args:
        concurrency: How many jobs may be out at once.
        per_host: How many of them in one group.
        rates: Requests per second, by group.

    >>> schedule = Schedule[str](concurrency=2, per_host=1, rates={"example.org": 2.0})
    >>> schedule.add("a", "example.org"); schedule.add("b", "www.example.org")
    >>> schedule.take(now=0.0), schedule.take(now=0.0)
    ('a', None)
    >>> schedule.done("example.org", now=0.1)
    >>> schedule.wake_at()
    0.6
    >>> schedule.take(now=0.6)
    'b'
    """

    def __init__(self, *, concurrency: int, per_host: int, rates: Mapping[str, float]) -> None:
        self._most = concurrency
        self._per_host = per_host
        self._rates = rates
        self._active = 0
        self._groups: dict[str, Group[Job]] = {}
        self._queue: list[tuple[float, int, str]] = []
        self._later: list[tuple[float, int, str, Job]] = []
        self._count = 0

    def add(self, job: Job, host: str, *, at: float | None = None, first: bool = False) -> None:
        """Put a job in line.

        Args:
            job: The job.
            host: The host that it asks.
            at: When it may begin, or None for as soon as the host is free.
            first: Whether it goes before all that wait for the host.
        """
        name, group = self._group(host)
        if at is not None:
            group.later += 1
            heappush(self._later, (at, self._next(), name, job))
            return
        (group.ready.appendleft if first else group.ready.append)(job)
        self._enqueue(name, group)

    def take(self, now: float) -> Job | None:
        """Return a job to begin now, or None where none may."""
        if self._active >= self._most:
            return None
        self._release(now)
        while self._queue and self._queue[0][0] <= now:
            _, _, name = heappop(self._queue)
            group = self._groups[name]
            group.queued = False
            if group.ready and group.free_at <= now:
                return self._taken(name, group, now)
            self._go_on(name, group)  # it was told to wait since, or lost its jobs
        return None

    def _taken(self, name: str, group: Group[Job], now: float) -> Job:
        job = group.ready.popleft()
        group.active += 1
        self._active += 1
        group.free_at = now + max(group.interval, group.penalty)
        self._enqueue(name, group)
        return job

    def done(self, host: str, now: float, *, slow: bool = False, pause: float = 0.0) -> None:
        """Take note that a job is back.

        Args:
            host: The host that it asked.
            now: The time.
            slow: Whether the host complained about too many requests.
            pause: Seconds in which the host is not to be asked.
        """
        name, group = self._group(host)
        group.active -= 1
        self._active -= 1
        if slow:
            group.penalty = min(max(2 * group.penalty, _LEAST_PENALTY), _MOST_PENALTY)
            group.free_at = max(group.free_at, now + max(pause, group.penalty))
        elif group.penalty:
            group.penalty = group.penalty / 2 if group.penalty > _LEAST_PENALTY else 0.0
        if group.interval:
            group.free_at = max(group.free_at, now + group.interval)
        self._go_on(name, group)

    def drain(self, host: str) -> list[Job]:
        """Take all jobs out of line that could be asked of a host, without beginning them."""
        group = self._group(host)[1]
        jobs = list(group.ready)
        group.ready.clear()
        return jobs

    def discard(self, is_unwanted: Callable[[Job], bool]) -> None:
        """Take jobs out of line, also those that wait for their own time."""
        for group in self._groups.values():
            group.ready = deque(job for job in group.ready if not is_unwanted(job))
        for entry in self._later:
            self._groups[entry[2]].later -= is_unwanted(entry[3])
        self._later = [entry for entry in self._later if not is_unwanted(entry[3])]
        heapify(self._later)

    def wake_at(self) -> float | None:
        """Return when `take` may have a job, if no job comes back before; None for never."""
        if self._active >= self._most:
            return None
        times = [queue[0][0] for queue in (self._queue, self._later) if queue]
        return min(times) if times else None

    def is_done(self, host: str) -> bool:
        """Tell whether nothing more waits for a host, or for one that shares its limits."""
        group = self._groups.get(group_of(host, self._rates))
        return group is None or group.is_done

    def _group(self, host: str) -> tuple[str, Group[Job]]:
        name = group_of(host, self._rates)
        group = self._groups.get(name)
        if group is None:
            rate = self._rates.get(name)
            # When a request reaches its host is not known before it is back: a connection may come
            # first. So two that are under way at once can be nearer than their rate allows.
            most = 1 if rate or name in ONE_AT_A_TIME else self._per_host
            group = self._groups[name] = Group(1 / rate if rate else 0.0, most)
        return name, group

    def _go_on(self, name: str, group: Group[Job]) -> None:
        """Put a group back in the queue, or forget it if nothing more is to be known of it."""
        self._enqueue(name, group)
        if group.is_done and not (group.queued or group.interval or group.penalty):
            del self._groups[name]

    def _enqueue(self, name: str, group: Group[Job]) -> None:
        if group.ready and not group.queued and group.active < group.most:
            group.queued = True
            heappush(self._queue, (group.free_at, self._next(), name))

    def _release(self, now: float) -> None:
        """Let those in whose own time has come."""
        while self._later and self._later[0][0] <= now:
            _, _, name, job = heappop(self._later)
            group = self._groups[name]
            group.later -= 1
            group.ready.appendleft(job)
            self._enqueue(name, group)

    def _next(self) -> int:
        self._count += 1
        return self._count
