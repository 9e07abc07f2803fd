"""Checking links: asyncio around what decides (`_verdict`), what plans (`_schedule`) and HTTP."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from attrs import evolve

from cnaps.links._cache import Cache, Kept, is_fresh
from cnaps.links._http import Asker, Connections, OwnClient
from cnaps.links._messages import Failure, Kind, Reply, Request
from cnaps.links._papers import MOST_PAPERS, answer_about, can_be_listed, papers_in, request_for
from cnaps.links._policy import LinkPolicy
from cnaps.links._report import LinkReport
from cnaps.links._results import LinkResult, Place, Verdict
from cnaps.links._schedule import Schedule
from cnaps.links._sites import HOST_RATES
from cnaps.links._targets import Page, Target, collect, plan
from cnaps.links._urls import HttpUrl, Refusal, shown
from cnaps.links._verdict import (
    Ask,
    Chain,
    Finding,
    advance,
    at_fragment,
    is_complaint,
    is_down,
    is_enough,
    request_of,
    start,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Coroutine, Iterator
    from types import TracebackType


__all__ = ["LinkChecker", "check_links"]


_AT_ONCE = 50  # pages to get ready without a break
_CLOSED = "this LinkChecker is closed: make another one"
_OK = 200
_ENOUGH = 2  # times that a host asks for a long peace until it gets it


class _Job(NamedTuple):
    """A page, how far it has come, and the check that wants to know."""

    page: Page
    chain: Chain
    check: _Check

    @property
    def at(self) -> HttpUrl:
        """The address to ask next."""
        return self.chain.at

    @property
    def singles(self) -> tuple[_Job, ...]:
        """The jobs that this is if each link is asked for by itself."""
        return (self,)


class _Round(NamedTuple):
    """Several pages that one request may settle; what it leaves open is asked for by itself."""

    singles: tuple[_Job, ...]
    request: Request
    check: _Check

    @property
    def at(self) -> HttpUrl:
        """The address to ask."""
        return self.request.url


def _rounds(papers: list[_Job], policy: LinkPolicy) -> Iterator[_Job | _Round]:
    """Put papers together that one request can settle; for a single one that is no gain."""
    for first in range(0, len(papers), MOST_PAPERS):
        jobs = tuple(papers[first : first + MOST_PAPERS])
        if len(jobs) == 1:
            yield jobs[0]
        else:
            request = request_for((job.page.url for job in jobs), policy)
            yield _Round(jobs, request, jobs[0].check)


class _Check:
    """One call of `LinkChecker.check`: takes in findings, keeps them, and hands them out.

    Args:
        cache: Where findings are kept, or None.
        key: Gives the name of a link in the cache.
    """

    def __init__(self, cache: Cache | None, key: Callable[[HttpUrl], str]) -> None:
        self._cache = cache
        self._key = key
        self._found: asyncio.Queue[tuple[str, HttpUrl, Finding] | Exception] = asyncio.Queue()
        self.left = 0

    def expect(self, page: Page) -> None:
        """Count the links of a page, which are to come."""
        self.left += len(page.links)

    def settle(self, page: Page, finding: Finding) -> None:
        """Take in what was found out about a page."""
        for written, url in page.links:
            here = at_fragment(finding, url.fragment) if url.fragment else finding
            if self._cache is not None:
                self._cache.put(self._key(url), here)
            self._found.put_nowait((written, url, here))

    def fail(self, error: Exception) -> None:
        """Take in that something went wrong that is nobody's fault but ours."""
        self._found.put_nowait(error)

    async def findings(self) -> AsyncGenerator[tuple[str, HttpUrl, Finding]]:
        """Give each link with what was found out about it, until there are no more to come."""
        while self.left:
            found = await self._found.get()
            if isinstance(found, Exception):
                raise found
            self.left -= 1
            yield found


class LinkChecker:
    """Checks links, and gives each result as soon as it is there.

    Args:
        policy: How to check; by default as `LinkPolicy()` says.
        client: What to ask with instead of own connections, such as a client with a proxy (those
            of the environment are not used): an `httpx.AsyncClient`, one of its transports, or
            what has the same interface. It then makes the connections: addresses in links and
            redirects are still checked, and an answer from a private address does not count, but
            by then it has been asked. It stays open.
        clock: Seconds, from any start; by default the clock of the event loop.
        source: Where the jitter of waits comes from.

    >>> import asyncio
    >>> async def main() -> None:
    ...     async with LinkChecker() as checker:
    ...         async for result in checker.check(["mailto:someone@example.org", "http://"]):
    ...             print(result.verdict, result.reason)
    >>> asyncio.run(main())
    skipped the link has the scheme 'mailto', and only http and https are asked
    malformed the link names no host
    """

    def __init__(
        self,
        policy: LinkPolicy | None = None,
        *,
        client: object = None,
        clock: Callable[[], float] | None = None,
        source: random.Random | None = None,
    ) -> None:
        self.policy: LinkPolicy = LinkPolicy() if policy is None else policy
        if not isinstance(self.policy, LinkPolicy):
            raise TypeError(f"policy must be a LinkPolicy, not {type(policy).__name__}")
        self._asker = _asker(self.policy, client)
        self._clock = clock
        self._source = random.Random() if source is None else source  # noqa: S311 - no secret
        self._engine: _Engine | None = None
        self._cache: Cache | None = None
        self._is_closed = False

    async def __aenter__(self) -> Self:
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        if self.policy.cache is not None:
            self._cache = Cache(self.policy.cache)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._is_closed = True
        try:
            if self._engine is not None:
                await self._engine.drop(None)
        finally:
            if self._cache is not None:
                self._cache.close()
            await self._asker.aclose()

    async def check(self, targets: Target) -> AsyncGenerator[LinkResult, None]:
        """Check links, each distinct one once; give the results in the order in which they come.

        Args:
            targets: A URL, a value, a Document, a link of `cnaps.iter_links`, or an iterable of
                them.

        Raises:
            TypeError: If something is no target.
            RuntimeError: If the checker is closed.
        """
        async with aclosing(self.checked(collect(targets))) as results:
            async for _, result in results:
                yield result

    async def checked(
        self, links: dict[str, list[Place]]
    ) -> AsyncGenerator[tuple[str, LinkResult]]:
        """Check links; give each with its result."""
        if self._is_closed:
            raise RuntimeError(_CLOSED)
        pages, refused = plan(links, self.policy)
        for written, refusal in refused:
            yield written, _refused(written, refusal, links[written])
        check, engine = _Check(self._cache, self._key), self._engine_of()
        papers: list[_Job] = []
        try:
            for number, page in enumerate(pages):
                if number % _AT_ONCE == 0:  # those that are ready need not wait for all others
                    engine.begin()
                    await asyncio.sleep(0)
                known = [self._known(url) for _, url in page.links]
                if self.policy.offline or all(map(is_fresh, known)):
                    for (written, url), kept in zip(page.links, known, strict=True):
                        yield written, _recalled(written, url, kept, links[written])
                    continue
                check.expect(page)
                job = _Job(page, self._start(page, known), check)
                if can_be_listed(page.url, self.policy):
                    papers.append(job)
                else:
                    engine.add(job)
            for together in _rounds(papers, self.policy):
                engine.add(together)
            engine.begin()
            async with aclosing(check.findings()) as findings:
                async for written, url, finding in findings:
                    yield written, _result(written, url, finding, links[written])
        finally:
            await engine.drop(check)

    def _engine_of(self) -> _Engine:
        """Return what asks; all checks share it, and with it the limits."""
        if self._engine is None:
            clock = self._clock or asyncio.get_running_loop().time
            self._engine = _Engine(self.policy, self._asker, clock, self._source)
        return self._engine

    def _known(self, url: HttpUrl) -> Kept | None:
        return None if self._cache is None else self._cache.get(self._key(url))

    def _key(self, url: HttpUrl) -> str:
        """Return the name of a link in the cache: its fragment counts if it is checked."""
        with_fragment = self.policy.fragments and url.fragment
        return f"{url.url}#{url.fragment}" if with_fragment else url.url

    def _start(self, page: Page, known: list[Kept | None]) -> Chain:
        """Return what to ask first; what is known but old may turn out to be as it was."""
        alive = known[0] is not None and known[0].finding.verdict is Verdict.ALIVE
        validators = known[0].finding.validators if alive and known[0] is not None else {}
        return start(page.url, self.policy, validators)


def _asker(policy: LinkPolicy, client: object) -> Asker:
    if client is None:
        return Connections(allow_private=policy.allow_private)
    return OwnClient(client, allow_private=policy.allow_private)


def _refused(written: str, refusal: Refusal, places: list[Place]) -> LinkResult:
    reason = shown(f"the link {refusal.reason}")
    return LinkResult(shown(written), refusal.verdict, reason=reason, places=tuple(places))


_NOT_KEPT = Refusal(Verdict.SKIPPED, "is not in the cache, and nothing is asked offline")


def _recalled(written: str, url: HttpUrl, kept: Kept | None, places: list[Place]) -> LinkResult:
    if kept is None:
        return _refused(written, _NOT_KEPT, places)
    return _result(written, url, kept.finding, places)


def _result(written: str, url: HttpUrl, here: Finding, places: list[Place]) -> LinkResult:
    final_url = here.final_url
    if final_url is not None and url.fragment:
        final_url = f"{final_url}#{url.fragment}"
    return LinkResult(
        shown(written),
        here.verdict,
        here.status,
        None if final_url is None else shown(final_url),
        here.redirects,
        here.attempts,
        here.elapsed,
        here.reason,
        tuple(places),
        here.from_cache,
    )


class _Engine:
    """Asks for all checks of a checker: each step of a link is one task, begun when it may be."""

    def __init__(
        self,
        policy: LinkPolicy,
        asker: Asker,
        clock: Callable[[], float],
        source: random.Random,
    ) -> None:
        self._policy = policy
        self._asker = asker
        self._clock = clock
        self._source = source
        self._tasks: dict[asyncio.Task[None], _Job | _Round] = {}
        self._timer: asyncio.TimerHandle | None = None
        # Origins that the last link in vain was to: the next ones are tried once.
        self._down: set[str] = set()
        self._once = evolve(policy, retries=0)
        # How often in a row each host asked for more patience than there is.
        self._enough: dict[str, int] = {}
        self._schedule = Schedule[_Job | _Round](
            concurrency=policy.concurrency,
            per_host=policy.per_host,
            rates={**HOST_RATES, **policy.host_rates},
        )

    def add(self, job: _Job | _Round) -> None:
        """Put a job in line."""
        self._schedule.add(job, job.at.host)

    async def drop(self, check: _Check | None) -> None:
        """Forget the jobs of a check, or of all, and end those that are under way."""
        self._schedule.discard(lambda job: check in (None, job.check))
        tasks = [task for task, job in self._tasks.items() if check in (None, job.check)]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for task in tasks:
            self._ended(task)
        if check is not None:
            self.begin()
        elif self._timer is not None:
            self._timer.cancel()

    def begin(self) -> None:
        """Begin all that may begin now, and come back when more may."""
        while (job := self._schedule.take(self._clock())) is not None:
            task = asyncio.create_task(self._ask(job))
            self._tasks[task] = job
            task.add_done_callback(self._ended)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        wake = self._schedule.wake_at()
        if wake is not None:
            wait = max(0.0, wake - self._clock())
            self._timer = asyncio.get_running_loop().call_later(wait, self.begin)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Free the place of a task that was cancelled, perhaps before it began."""
        job = self._tasks.pop(task, None)
        if job is not None:
            self._schedule.done(job.at.host, self._clock())

    async def _ask(self, job: _Job | _Round) -> None:
        try:
            if isinstance(job, _Round):
                await self._ask_for_all(job)
            else:
                await self._ask_and_go_on(job)
        except Exception as error:  # noqa: BLE001 - whoever waits for the result gets to see it
            job.check.fail(error)

    async def _ask_and_go_on(self, job: _Job) -> None:
        begun = self._clock()
        outcome = await self._asker.ask(request_of(job.chain, self._policy))
        step = self._next(job, outcome, self._clock() - begun)
        self._free(job, outcome, pause=step.wait if isinstance(step, Ask) else 0.0)
        self._go_on(job, step)
        self._leave_alone(job.at.host, outcome)
        self._come_to_others(job)

    async def _ask_for_all(self, job: _Round) -> None:
        begun = self._clock()
        outcome = await self._asker.ask(job.request)
        took = self._clock() - begun
        self._free(job, outcome)
        papers = papers_in(outcome)
        for single in job.singles:
            answer = answer_about(single.page.url, papers)
            if answer is None:
                self.add(single)
            else:
                finding = Finding(answer.verdict, _OK, answer.url, 0, 1, took, answer.reason)
                single.check.settle(single.page, finding)
        if not papers:  # nor would the next lists come
            for other in self._schedule.drain(job.at.host):
                for single in other.singles:
                    self.add(single)
        self._come_to_others(job)

    def _free(self, job: _Job | _Round, outcome: Reply | Failure, *, pause: float = 0.0) -> None:
        """Free the place of a job that has its answer."""
        del self._tasks[asyncio.current_task()]  # type: ignore[arg-type] # there is one
        self._schedule.done(job.at.host, self._clock(), slow=is_complaint(outcome), pause=pause)

    def _come_to_others(self, job: _Job | _Round) -> None:
        """Begin what may begin now, and close connections that are of no more use."""
        self.begin()
        if self._schedule.is_done(job.at.host):
            self._asker.forget(job.at.origin)

    def _next(self, job: _Job, outcome: Reply | Failure, took: float) -> Ask | Finding:
        """Decide, and take note of origins that are down."""
        origin = job.chain.at.origin
        policy = self._once if origin in self._down else self._policy
        step = advance(job.chain, outcome, policy, took=took, jitter=self._source.random())
        if not is_down(outcome):
            self._down.discard(origin)
        elif isinstance(step, Finding):
            self._down.add(origin)
        return step

    def _go_on(self, job: _Job, step: Ask | Finding) -> None:
        if isinstance(step, Finding):
            job.check.settle(job.page, step)
            return
        at = self._clock() + step.wait if step.wait else None
        follow_up = job._replace(chain=step.chain)
        self._schedule.add(follow_up, step.chain.at.host, at=at, first=True)

    def _leave_alone(self, host: str, outcome: Reply | Failure) -> None:
        """Ask a host no more that wants, for the second time running, a long peace."""
        if not is_enough(outcome, self._policy):
            if isinstance(outcome, Reply):
                self._enough.pop(host, None)
            return
        self._enough[host] = self._enough.get(host, 0) + 1
        if self._enough[host] >= _ENOUGH:
            for job in self._schedule.drain(host):
                for single in job.singles:
                    self._go_on(single, self._next(single, Failure(Kind.ENOUGH), 0.0))


def check_links(
    targets: Target,
    policy: LinkPolicy | None = None,
    *,
    client: object = None,
    on_result: Callable[[LinkResult], object] | None = None,
) -> LinkReport:
    """Check links, each distinct one once, and report on all of them.

    Works inside of a running event loop as well, such as that of a notebook: the check has its
    own, in a thread.

    Args:
        targets: A URL, a value, a Document, a link of `cnaps.iter_links`, or an iterable of them.
        policy: How to check; by default as `LinkPolicy()` says.
        client: What to ask with instead of own connections; see `LinkChecker`.
        on_result: Called with each result as it comes, in the order of time; inside of a running
            event loop from another thread.

    Returns:
        The results, in the order of the targets.

    Raises:
        TypeError: If something is no target.

    >>> report = check_links(["http://127.0.0.1/", "http://host:99999/"])
    >>> [(result.url, str(result.verdict)) for result in report.results]
    [('http://127.0.0.1/', 'skipped'), ('http://host:99999/', 'malformed')]
    """
    # Collected here, so that a wrong target is found before anything is asked, and in this thread.
    links = collect(targets)

    async def run() -> LinkReport:
        return await _report(links, policy, client, on_result)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(run())
    return _in_thread(run)


async def _report(
    links: dict[str, list[Place]],
    policy: LinkPolicy | None,
    client: object,
    on_result: Callable[[LinkResult], object] | None,
) -> LinkReport:
    found: dict[str, LinkResult] = {}
    checker = LinkChecker(policy, client=client)
    async with checker, aclosing(checker.checked(links)) as results:
        async for written, result in results:
            found[written] = result
            if on_result is not None:
                on_result(result)
    return LinkReport(tuple(found[written] for written in links))


def _in_thread(run: Callable[[], Coroutine[Any, Any, LinkReport]]) -> LinkReport:
    """Run a check in an event loop of its own; an interrupt ends it."""
    began: Future[tuple[asyncio.AbstractEventLoop, asyncio.Task[LinkReport]]] = Future()

    async def named() -> LinkReport:
        task = asyncio.ensure_future(run())
        began.set_result((asyncio.get_running_loop(), task))
        return await task

    with ThreadPoolExecutor(1, thread_name_prefix="cnaps.links") as pool:
        report = pool.submit(lambda: asyncio.run(named()))
        try:
            return report.result()
        except KeyboardInterrupt:
            loop, task = began.result()
            with suppress(RuntimeError):  # it has come to its end
                loop.call_soon_threadsafe(task.cancel)
            raise
