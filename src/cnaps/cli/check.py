"""What `cnaps check` does: files paired by their names, looked at by rules, and fixed."""

from __future__ import annotations

import os
import sys
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias, TypeVar

from attrs import evolve, frozen

from cnaps.baseline import Baseline, read_baseline
from cnaps.cli.diff import unified, whole_text
from cnaps.cli.paths import text_files
from cnaps.cli.report import FileReport, Status, counted, failed, overall, report_of, summary
from cnaps.cli.terminal import (
    Screen,
    print_diff,
    print_exactly,
    print_failure,
    print_report,
    print_summary,
    progress,
)
from cnaps.cli.usage import UsageError
from cnaps.document import Document, parse, read_with
from cnaps.errors import CnapsError, ParseError, PluginError, SettingsError
from cnaps.fixing import fix
from cnaps.frames import visible
from cnaps.grounding import Collection
from cnaps.linting import diagnose, facts_of
from cnaps.pairing import pair_files
from cnaps.responses import parse_reply
from cnaps.rules import select_rules
from cnaps.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeGuard

    from cnaps.cli.report import Failure
    from cnaps.diagnostics import Diagnostic
    from cnaps.fixing import Fixed
    from cnaps.linting import Subject
    from cnaps.pairing import Oddity
    from cnaps.settings import Settings

__all__ = ["Wanted", "check", "checked"]

P = TypeVar("P")
T = TypeVar("T")

# What to look for, None for all, and what to leave out.
_Codes: TypeAlias = "tuple[tuple[str, ...] | None, tuple[str, ...]]"


@frozen
class Wanted:
    """What to check for, and what to do about it.

    Attributes:
        prompt: The prompt that all files answer; None to find the pairs by their names.
        collection: Files and folders with other prompts, whose links answers may have borrowed.
        select: The codes of the rules, or how they start; None for those of the settings.
        ignore: The codes to leave out, beside those of the settings.
        fix: Whether to make fixes.
        unsafe: Whether to make unsafe ones as well.
        diff: Whether to show the fixes instead of making them.
        baseline: The file with the findings that are known; None for that of the settings.
        write_baseline: Whether to make all findings known instead of telling them.
        to: What to print: "text", "summary" or the name of a format for programs.
    """

    prompt: Path | None = None
    collection: tuple[Path, ...] = ()
    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    fix: bool = False
    unsafe: bool = False
    diff: bool = False
    baseline: Path | None = None
    write_baseline: bool = False
    to: str = "text"


def check(paths: Iterable[Path], wanted: Wanted) -> Status:
    """Check files, say what is wrong with them, and fix what is to be fixed.

    Returns the exit status; what is fixed is no finding any more.

    Raises UsageError where codes, settings, a baseline or the rules of another package are wrong.
    """
    if wanted.diff and wanted.write_baseline:
        raise UsageError("--diff writes nothing, and --write-baseline is for writing")
    try:
        checker = _Checker(paths, wanted)
        results = checker.results()
        if wanted.write_baseline:
            checker.write_baselines()
    except SettingsError as error:
        raise UsageError(*str(error).split("\nhint: ")) from None
    except PluginError as error:
        raise UsageError(str(error)) from None
    reports = [result.report for result in results]
    if wanted.diff:
        return max(_show_diffs(results), _tell_failures(reports))
    for_people = _FOR_PEOPLE.get(wanted.to)
    if wanted.fix:
        _say_fixed(results, Screen(sys.stdout if for_people else sys.stderr))
    if wanted.write_baseline:
        if not reports:
            Screen(sys.stdout).say(summary(reports))
        return _tell_failures(reports)
    if for_people:
        for_people(Screen(sys.stdout), reports)
    else:
        from cnaps.cli.formats import FORMATS

        text = FORMATS[wanted.to](reports)
        print_exactly(f"{text}\n" if text else "")
    return overall(reports)


_FOR_PEOPLE = {"text": print_report, "summary": print_summary}


def _tell_failures(reports: Iterable[FileReport]) -> Status:
    """Tell why nothing can be said of some files, where no report does; return their status."""
    screen = Screen(sys.stderr)
    status = Status.CLEAN
    for report in reports:
        if report.error is not None:
            print_failure(screen, report.path, report.error)
            status = max(status, report.status)
    return status


# --- which files ----------------------------------------------------------------------------------


class _Job(NamedTuple):
    """A file to check.

    Attributes:
        path: The file.
        prompt: The file of the prompt that it answers, if one is known.
        oddity: What is odd about its name, if anything is.
        alone: Why no other file belongs to it, where others have a partner.
    """

    path: Path
    prompt: Path | None = None
    oddity: Oddity | None = None
    alone: str | None = None


def _jobs(files: Sequence[Path], prompt: Path | None) -> list[_Job]:
    """Return what there is to do for each file."""
    if prompt is not None:
        # It can be among the files by another path.
        prompt = {os.path.realpath(file): file for file in files}.get(
            os.path.realpath(prompt), prompt
        )
        return [_Job(file, None if file == prompt else prompt) for file in files]
    pairing = pair_files(files)
    prompts = {answer: prompt for prompt, answer in pairing.pairs}
    # Where no file has a partner, none is meant to.
    alone = dict(pairing.alone) if pairing.pairs else {}
    odd = _odd(files, pairing.oddities)
    return [_Job(file, prompts.get(file), odd.get(file), alone.get(file)) for file in files]


def _odd(files: Iterable[Path], oddities: Iterable[Oddity]) -> dict[Path, Oddity]:
    """Return what is odd about the names of files; of a folder, its first other file tells it."""
    odd = {oddity.path: oddity for oddity in oddities}
    folders = {*odd}.difference(files)
    for file in files if folders else ():
        around = folders.intersection(file.parents)
        if around and file not in odd:
            folder = min(around)
            reason = f"the name of its folder, {visible(folder.name)}, is {odd[folder].reason}"
            odd[file] = odd[folder]._replace(reason=reason)
            folders.remove(folder)
    return odd


# --- one file after the other ---------------------------------------------------------------------


class _Result(NamedTuple):
    """What came of a file.

    Attributes:
        report: What there is to say about it.
        before: Its document as it was read, if it was to be fixed.
        fixed: What came of that.
    """

    report: FileReport
    before: Document | None = None
    fixed: Fixed | None = None


def checked(paths: Iterable[Path], wanted: Wanted) -> list[FileReport]:
    """Return what there is to say about files; raise what `check` does."""
    return [result.report for result in _Checker(paths, wanted).results()]


_ANY = "any.txt"  # the name of a file in a folder that cannot be listed


class _Checker:
    """Checks files, with what they share: settings, baselines, and what prompts offer."""

    def __init__(self, paths: Iterable[Path], wanted: Wanted) -> None:
        _try_codes(wanted)
        self._wanted = wanted
        self._settings = cache(_telling_of_files(find_settings))
        self._baseline = cache(_telling_of_files(_known))
        #: Why folders cannot be listed, or files of the collection not be read; by their paths.
        self._unread: dict[Path, OSError] = {}
        self._jobs = _jobs(self._files(paths), wanted.prompt)
        #: What was found in each file, by the baseline that is to know of it.
        self._found: defaultdict[Path, list[tuple[str, str, Sequence[Diagnostic]]]]
        self._found = defaultdict(list)
        # Prompts, and files that answer none. What is done with is not kept: so many objects would
        # be in the way of the garbage collector.
        self._documents = {job.path: _read(job.path) for job in self._jobs if job.prompt is None}
        if wanted.prompt is not None:
            self._documents[wanted.prompt] = _the_prompt(wanted.prompt)
        documents = self._elsewhere() | self._documents
        self._collection = Collection(
            {str(path): document for path, document in documents.items() if _is_prompt(document)}
        )

    def _files(self, paths: Iterable[Path]) -> list[Path]:
        """Return the files that paths stand for; what is excluded, only if it is one of them."""
        paths = list(paths)
        named = {*paths}
        files: list[Path] = []
        for item in text_files(paths):
            if isinstance(item, OSError):
                folder = Path(item.filename)
                if not self._is_excluded(folder / _ANY):
                    self._unread[folder] = item
            elif item in named or not self._is_excluded(item):
                files.append(item)
        return files

    def _is_excluded(self, path: Path) -> bool:
        return self._settings_at(path).excludes(path)

    def _elsewhere(self) -> dict[Path, Document | CnapsError | OSError]:
        """Read the files of the collection; what is no prompt has nothing to do with this."""
        files = self._files(self._wanted.collection)
        if not files:
            return {}
        known = {os.path.realpath(file) for file in self._documents}
        documents = {file: _read(file) for file in files if os.path.realpath(file) not in known}
        self._unread |= {
            file: error for file, error in documents.items() if isinstance(error, OSError)
        }
        return documents

    def _settings_at(self, path: Path) -> Settings:
        return self._settings(os.path.dirname(path))  # noqa: PTH120 - a fifth of the time

    def results(self) -> list[_Result]:
        """Check all files; a prompt comes before its answers, and its fixes count for them."""
        answers: defaultdict[Path, list[_Job]] = defaultdict(list)
        for job in self._jobs:
            if job.prompt is not None:
                answers[job.prompt].append(job)
        done: dict[Path, _Result] = {}
        for job in progress(self._jobs):
            if job.prompt is None:
                done[job.path] = self._result(job, self._documents[job.path])
                done |= self._results_of(answers.pop(job.path, ()))
                del self._documents[job.path]
        for those in answers.values():  # to a prompt that was named and is not among the files
            done |= self._results_of(those)
        unread = [
            FileReport(path, error=failed(error))
            for path, error in self._unread.items()
            if path not in done
        ]
        return [*map(_Result, unread), *(done[job.path] for job in self._jobs)]

    def _results_of(self, answers: Iterable[_Job]) -> dict[Path, _Result]:
        return {job.path: self._result(job, _read(job.path, is_answer=True)) for job in answers}

    def _result(self, job: _Job, before: Document | CnapsError | OSError) -> _Result:
        try:
            return self._looked_at(job, before)
        except PluginError as error:
            hint = "--ignore takes the codes of rules to go on without"
            raise UsageError(f"{job.path}: {error}", hint) from None

    def _looked_at(self, job: _Job, before: Document | CnapsError | OSError) -> _Result:
        if not isinstance(before, Document):
            return _Result(FileReport(job.path, error=_failure(job, before)))
        settings = self._settings_at(job.path)
        codes = self._codes(job.path, settings)
        try:
            fixed = self._fixed(job, before, codes)
        except OSError as error:  # it cannot be written
            failure = failed(error)
            failure = evolve(failure, message=f"not fixed: {failure.message}")
            return _Result(FileReport(job.path, error=failure))
        document = before if fixed is None else fixed.document
        facts = facts_of(
            self._subject(job, document),
            collection=self._collection,
            oddity=job.oddity,
            alone=job.alone,
        )
        found = diagnose(facts, select_rules(*codes))
        baseline = self._wanted.baseline or settings.baseline
        if baseline is not None:
            found = self._new(baseline, job.path, document, found)
        elif self._wanted.write_baseline:
            reason = "--write-baseline needs --baseline FILE, or one in the settings"
            raise UsageError(f"{job.path}: {reason}")
        report = report_of(job.path, document, found, job.prompt)
        return _Result(report) if fixed is None else _Result(report, before, fixed)

    def _codes(self, path: Path, settings: Settings) -> _Codes:
        """Return the codes to look for in a file, and those to leave out."""
        select = settings.select if self._wanted.select is None else self._wanted.select
        return select, (*settings.ignored_at(path), *self._wanted.ignore)

    def _subject(self, job: _Job, document: Document) -> Subject:
        prompt = None if job.prompt is None else self._documents[job.prompt]
        if _is_prompt(prompt) and document.kind != "prompt":
            return prompt, document
        return document

    def _fixed(self, job: _Job, document: Document, codes: _Codes) -> Fixed | None:
        """Make the fixes of a file, if they are wanted, and write it, if that is wanted too."""
        if not (self._wanted.fix or self._wanted.diff):
            return None
        select, ignore = codes
        fixed = fix(
            self._subject(job, document),
            unsafe=self._wanted.unsafe,
            select=select,
            ignore=ignore,
            collection=self._collection,
        )
        if fixed.passes and not self._wanted.diff:
            _replace(job.path, document, fixed.document)
        if job.path in self._documents:  # for its answers
            self._documents[job.path] = fixed.document
        return fixed

    # Findings that are known.

    def _new(
        self, baseline: Path, path: Path, document: Document, found: tuple[Diagnostic, ...]
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics that a baseline does not know."""
        name = _name_in(baseline, path)
        if self._wanted.write_baseline:
            self._found[baseline].append((name, document.text, found))
            return ()
        return self._baseline(baseline).new(name, document.text, found)

    def write_baselines(self) -> None:
        """Write what was found to the baselines, and say so."""
        for path, found in self._found.items():
            baseline = Baseline.of(found)
            _telling_of_files(baseline.write)(path)
            Screen(sys.stdout).say(
                f"wrote {visible(str(path))} ({counted(len(baseline), 'diagnostic')})"
            )


def _try_codes(wanted: Wanted) -> None:
    try:
        select_rules(wanted.select, wanted.ignore)
    except ValueError as error:
        raise UsageError(str(error)) from None


def _known(path: Path) -> Baseline:
    try:
        return read_baseline(path)
    except FileNotFoundError:
        raise UsageError(f"there is no baseline {path}", "--write-baseline makes it") from None


def _replace(path: Path, before: Document, after: Document) -> None:
    """Write a file anew; raise OSError where that is not possible, or it is not what was read.

    In a large folder a file can be read long before it is fixed.
    """
    if path.read_bytes() not in (before.to_bytes(), after.to_bytes()):
        message = "it was changed while it was checked"
        raise OSError(message)
    after.write(path)


def _telling_of_files(function: Callable[[P], T]) -> Callable[[P], T]:
    """Let a function that reads or writes a file say so where it cannot."""

    def told(path: P) -> T:
        try:
            return function(path)
        except OSError as error:
            raise UsageError(f"{error.filename}: {error.strerror}") from None

    return told


def _read(path: Path, *, is_answer: bool = False) -> Document | CnapsError | OSError:
    """Read a file; one that is known to answer a prompt is a response if it is no answer."""
    try:
        return read_with(parse_reply if is_answer else parse, path)
    except (CnapsError, OSError) as error:
        return error


def _failure(job: _Job, error: CnapsError | OSError) -> Failure:
    """Return why a file says nothing; in words of its own it can be an answer, to a prompt."""
    failure = failed(error)
    if job.prompt is None and isinstance(error, ParseError) and error.dialect is not None:
        hint = "if a model wrote it in words of its own, --prompt names its prompt"
        return evolve(failure, hint=f"{failure.hint}; {hint}")
    return failure


def _the_prompt(path: Path) -> Document:
    """Read the prompt that was named; raise UsageError if it is none."""
    document = _read(path)
    if isinstance(document, Document):
        if document.kind == "prompt":
            return document
        raise UsageError(f"{path}: it is an answer, and --prompt takes a prompt")
    raise UsageError(f"{path}: {failed(document).message}")


def _is_prompt(document: Document | CnapsError | OSError | None) -> TypeGuard[Document]:
    return isinstance(document, Document) and document.kind == "prompt"


def _name_in(baseline: Path, path: Path) -> str:
    """Return a file as a baseline names it: from its own folder, with slashes."""
    return Path(os.path.relpath(path, baseline.parent)).as_posix()


# --- fixes ----------------------------------------------------------------------------------------


def _say_fixed(results: Iterable[_Result], output: Screen) -> None:
    """Say which files were fixed, and which fixes were not made."""
    for path, fixed in [(result.report.path, result.fixed) for result in results]:
        if fixed is None:
            continue
        if fixed.applied:
            output.say(f"fixed {visible(str(path))} ({counted(len(fixed.applied), 'diagnostic')})")
        for refused in fixed.refused:
            reason = "the file would read otherwise than intended, or another fix undoes it"
            output.say(f"not fixed in {visible(str(path))}: {refused.code}, {reason}")


def _show_diffs(results: Sequence[_Result]) -> Status:
    """Show what fixes would change; return whether there is anything."""
    output = Screen(sys.stdout)
    changed = 0
    for result in results:
        if result.before is None or result.fixed is None or not result.fixed.passes:
            continue
        changed += 1
        path = str(result.report.path)
        before, after = whole_text(result.before), whole_text(result.fixed.document)
        if before == after:
            output.say(f"{visible(path)}: only line ends would change")
        else:
            print_diff(output, unified(path, before, after))
    Screen(sys.stderr).say(f"{counted(len(results), 'file')}: {changed:,} to fix")
    return Status.FINDINGS if changed else Status.CLEAN
