"""What `cnaps links` does: the links of files, checked, told and mended."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column

from cnaps.cli.paths import text_files
from cnaps.cli.report import Status, counted, failed
from cnaps.cli.terminal import Screen, print_exactly, print_failure
from cnaps.cli.usage import UsageError
from cnaps.document import Document, read
from cnaps.errors import CnapsError
from cnaps.frames import visible
from cnaps.linking import iter_links
from cnaps.links import LinkPolicy, LinkReport, Verdict, apply_fixes, check_links
from cnaps.links._cache import Cache
from cnaps.links._urls import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cnaps.linking import Link
    from cnaps.links import LinkFix, LinkResult, Place

__all__ = ["check", "rates"]

# What is not alive, worst first.
_STYLES = {
    Verdict.DEAD: "bold red",
    Verdict.MALFORMED: "bold red",
    Verdict.UNREACHABLE: "red",
    Verdict.MOVED: "yellow",
    Verdict.RESTRICTED: "cyan",
    Verdict.SKIPPED: "dim",
}
# Of these nothing is known that somebody should mend.
_NO_FINDING = {Verdict.ALIVE, Verdict.RESTRICTED, Verdict.SKIPPED}

_WRITERS: dict[str, Callable[[LinkReport], str]] = {
    "json": LinkReport.to_json,
    "jsonl": LinkReport.to_jsonl,
    "junit": LinkReport.to_junit,
    "markdown": LinkReport.to_markdown,
}


def rates(given: Iterable[str]) -> dict[str, float]:
    """Return the rates of hosts, each given as `HOST=REQUESTS`; raise UsageError if one is not.

    >>> rates(["example.org=0.5"])
    {'example.org': 0.5}
    """
    found = {}
    for text in given:
        host, _, rate = text.rpartition("=")
        try:
            found[host] = float(rate)
        except ValueError:
            host = ""
        if not host:
            raise UsageError(f"--host-rate takes HOST=REQUESTS a second, not {text!r}")
    return found


@frozen
class _Files:
    """The files that could be read, and what came of the others.

    Attributes:
        documents: The documents by file.
        status: The exit status of what could not be read.
    """

    documents: dict[Path, Document]
    status: Status

    def links(self) -> Iterator[Link]:
        """Yield the links of all files."""
        for path, document in self.documents.items():
            yield from iter_links(document, file=path)

    def located(self, place: Place) -> str:
        """Return a place in a file as people look it up."""
        assert place.file and place.span  # noqa: PT018, S101 - as every link of a document has
        line, column = self.documents[Path(place.file)].location(place.span.start)
        return f"{place.file}:{line}:{column}" + (f" {place.path}" if place.path else "")


def check(paths: Iterable[Path], policy: LinkPolicy, *, to: str, fix: bool) -> Status:
    """Check the links of files, tell what is not alive, and mend what can be.

    What is mended is no finding any more. An interrupted run tells what came before, which is in
    the cache, if there is one; it mends nothing.

    Args:
        paths: Files and folders.
        policy: How to check.
        to: What to print: "text", or one of the formats of a report.
        fix: Whether to write new addresses into the files.

    Returns the exit status; raises UsageError where the cache cannot be used.
    """
    _try_cache(policy)
    files = _read(paths)
    links = list(files.links())
    found: list[LinkResult] = []
    fixes: Sequence[LinkFix] | None = None
    status = files.status
    try:
        report = _checked(links, policy, found)
        if fix:
            twins = report.twins()
            fixes = report.fixes(_checked(twins, policy, []) if twins else None)
    except KeyboardInterrupt:
        report = LinkReport(tuple(found))
        status = Status.TROUBLE
        _say_interrupted(len(found), _distinct(links), policy)
    if to == "text":
        _print(report, files)
    else:
        print_exactly(_WRITERS[to](report))
    if fixes is None:
        return max(status, _status(report, _NO_FINDING))
    output = Screen(sys.stdout if to == "text" else sys.stderr)  # a report stays one
    return max(status, _status(report, _NO_FINDING | {Verdict.MOVED}), _fix(fixes, output))


def _try_cache(policy: LinkPolicy) -> None:
    """Raise UsageError where the cache cannot be used, before files are read and hosts asked."""
    if policy.cache is None:
        return
    try:
        # A slip in the name would be a run that finds nothing to complain of.
        if policy.offline and not policy.cache.is_file():
            raise UsageError(f"--offline answers from the cache, and there is no {policy.cache}")
        Cache(policy.cache).close()
    except (OSError, ValueError) as error:
        raise UsageError(str(error)) from None


def _read(paths: Iterable[Path]) -> _Files:
    documents: dict[Path, Document] = {}
    status = Status.CLEAN
    for item in text_files(paths):
        path = Path(item.filename) if isinstance(item, OSError) else item
        try:
            if isinstance(item, OSError):
                raise item
            documents[path] = read(path)
        except (CnapsError, OSError) as error:
            status = max(status, _fail(path, error))
    return _Files(documents, status)


def _fail(path: Path, error: CnapsError | OSError) -> Status:
    failure = failed(error)
    print_failure(Screen(sys.stderr), path, failure)
    return failure.status


def _checked(
    links: Sequence[Link] | Sequence[str], policy: LinkPolicy, found: list[LinkResult]
) -> LinkReport:
    """Check links; `found` gets each result as it comes, and a terminal a bar with counts."""
    screen = Screen(sys.stderr)
    if not screen.is_terminal:
        return check_links(links, policy, on_result=found.append)
    counts: Counter[str] = Counter()
    with Progress(
        TextColumn("Checking", table_column=Column(min_width=8)),
        BarColumn(20),
        MofNCompleteColumn(table_column=Column(no_wrap=True)),
        # In a narrow terminal these are cut, rather than what stands before them.
        TextColumn("{task.fields[counts]}", table_column=Column(no_wrap=True, ratio=1)),
        console=screen,
        transient=True,
        expand=True,
    ) as bar:
        task = bar.add_task("", total=_distinct(links), counts="")

        def take(result: LinkResult) -> None:
            found.append(result)
            counts[result.verdict] += 1
            bar.update(task, advance=1, counts=_in_words(counts))

        return check_links(links, policy, on_result=take)


def _distinct(links: Sequence[Link] | Sequence[str]) -> int:
    return len({link if isinstance(link, str) else link.url for link in links})


def _in_words(counts: Counter[str]) -> str:
    return ", ".join(f"{counts[verdict]:,} {verdict}" for verdict in Verdict if counts[verdict])


def _say_interrupted(done: int, total: int, policy: LinkPolicy) -> None:
    kept = "the cache has them" if policy.cache else "with --cache the next run would go on there"
    words = f": {done:,} of {counted(total, 'link')} checked; {kept}"
    Screen(sys.stderr).say(("interrupted", "bold red"), words)


def _print(report: LinkReport, files: _Files) -> None:
    """Print what is not alive with every place, worst first, and a summary."""
    screen = Screen(sys.stdout)
    for verdict, style in _STYLES.items():
        for result in report.having(verdict):
            screen.say((f"{verdict:11} ", style), (visible(result.url), "bold"))
            screen.say(f"            {visible(_reason(result))}")
            for place in result.places:
                screen.say((f"            {visible(files.located(place))}", "dim"))
    counts = Counter(str(result.verdict) for result in report.results)
    words = f": {_in_words(counts)}" if counts else ""
    screen.say((f"{counted(len(report.results), 'link')}{words}", "bold"))


def _reason(result: LinkResult) -> str:
    is_moved = result.verdict is Verdict.MOVED
    return f"moved to {result.final_url}" if is_moved else result.reason


def _status(report: LinkReport, no_finding: set[Verdict]) -> Status:
    is_clean = all(result.verdict in no_finding for result in report.results)
    return Status.CLEAN if is_clean else Status.FINDINGS


def _fix(fixes: Iterable[LinkFix], output: Screen) -> Status:
    """Write new addresses into the files that have old ones; return the exit status of that."""
    of_file: defaultdict[str, list[LinkFix]] = defaultdict(list)
    for fix in fixes:
        for file in {place.file for place in fix.places if place.file}:
            of_file[file].append(fix)
    statuses = [_mend(Path(file), of_file[file], output) for file in sorted(of_file)]
    return max(statuses, default=Status.CLEAN)


def _mend(path: Path, fixes: Sequence[LinkFix], output: Screen) -> Status:
    """Write new addresses into one file, and say which ones it did not take."""
    try:
        document = read(path)  # once more: checking takes its time, and people go on writing
        mended = apply_fixes(document, fixes)
        if mended is not document:
            mended.write(path)
    except (CnapsError, OSError) as error:
        return _fail(path, error)
    before, after = _as_shown(document), _as_shown(mended)
    done = sum(before[fix.old] > after[fix.old] for fix in fixes)
    left = [fix.old for fix in fixes if after[fix.old]]
    name = visible(str(path))
    if done:
        output.say(f"fixed {name} ({counted(done, 'link')})")
    for old in left:
        output.say(f"not fixed in {name}: {visible(old)} is not written like this in a field")
    return Status.FINDINGS if left else Status.CLEAN


def _as_shown(document: Document) -> Counter[str]:
    """Count the links of a document as reports have them: with what does not print escaped."""
    return Counter(shown(link.url) for link in iter_links(document))
