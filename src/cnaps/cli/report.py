"""What a check found, as data: one `FileReport` for each file, whatever is wrong with it."""

from __future__ import annotations

from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from cnaps.diagnostics import Safety, Severity
from cnaps.errors import CnapsError, ParseError
from cnaps.frames import code_frame
from cnaps.values import Answer, PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnaps.diagnostics import Diagnostic
    from cnaps.document import Document

__all__ = [
    "Failure",
    "FileReport",
    "Finding",
    "Status",
    "counted",
    "failed",
    "findings",
    "fixable",
    "overall",
    "report_of",
    "summary",
]


class Status(IntEnum):
    """The exit status of a command; that of several files is the highest of theirs."""

    CLEAN = 0
    FINDINGS = 1
    TROUBLE = 2


class Finding(NamedTuple):
    """A diagnostic as people read it.

    Attributes:
        code: The code of its rule.
        severity: How much it matters.
        message: What is wrong.
        start: Where it starts, as an offset into the text of the document.
        end: Where it ends.
        line: The line of the start, from 1.
        column: The column of the start, from 1.
        end_line: The line of the end.
        end_column: The column of the end.
        frame: The line of the start, with carets under the place.
        fix: What a fix would do, or None where there is none.
        safety: Whether it can be made without asking; None where there is no fix.
    """

    code: str
    severity: Severity
    message: str
    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int
    frame: str
    fix: str | None = None
    safety: Safety | None = None

    @property
    def advice(self) -> str | None:
        """What a fix would do, and that it is unsafe if it is; None where there is none."""
        return f"{self.fix} (unsafe)" if self.safety is Safety.UNSAFE else self.fix


@frozen
class Failure:
    """Why there is nothing to say about a file.

    Attributes:
        status: FINDINGS where the file is at fault, TROUBLE where it could not be read or written.
        message: What is wrong.
        line: The line of the place where it shows, from 1, or None.
        column: The column of that place, from 1, or None.
        frame: That line with a caret, or None.
        hint: What to do about it, or None.
    """

    status: Status
    message: str
    line: int | None = None
    column: int | None = None
    frame: str | None = None
    hint: str | None = None


@frozen
class FileReport:
    """What there is to say about a file.

    Attributes:
        path: The file.
        kind: "prompt", "answer" or "response", or None with an error; so are dialect, exact and
            damage.
        dialect: The name of its dialect.
        exact: Whether it is in the wording of the dialect to the character; None for a response.
        damage: The encodings that its UTF-8 was misread as.
        entries: How many models, papers or references it has; None for a response.
        prompt: The prompt that it was checked against, or None.
        diagnostics: What was noticed, in the order of the text.
        error: Why the rest is not known, or None.
    """

    path: Path
    kind: str | None = None
    dialect: str | None = None
    exact: bool | None = None
    damage: tuple[str, ...] = ()
    entries: int | None = None
    prompt: Path | None = None
    diagnostics: tuple[Finding, ...] = ()
    error: Failure | None = None

    @property
    def status(self) -> Status:
        """What the file alone makes of the exit status; what is only for information counts not."""
        if self.error is not None:
            return self.error.status
        is_found = any(finding.severity is not Severity.INFO for finding in self.diagnostics)
        return Status.FINDINGS if is_found else Status.CLEAN


def report_of(
    path: Path, document: Document, diagnostics: Iterable[Diagnostic], prompt: Path | None = None
) -> FileReport:
    """Return what there is to say about a document and what was noticed about it."""
    is_response = document.kind == "response"
    return FileReport(
        path,
        document.kind,
        document.dialect,
        None if is_response else document.exact,
        document.damage,
        _entries(document),
        prompt,
        tuple(findings(document, diagnostics)),
    )


def failed(error: CnapsError | OSError) -> Failure:
    """Return what an error means to someone who did not see it raised."""
    match error:
        case ParseError():
            label = "" if error.expected is None else f"expected {error.expected!r}"
            frame = code_frame(error.source, error.line, error.column, label=label)
            return Failure(
                Status.FINDINGS, error.reason, error.line, error.column, frame, error.hint
            )
        case OSError():
            return Failure(Status.TROUBLE, error.strerror or str(error))
        case _:
            return Failure(Status.FINDINGS, str(error))


def overall(reports: Iterable[FileReport]) -> Status:
    """Return the exit status that reports amount to."""
    return max((report.status for report in reports), default=Status.CLEAN)


def summary(reports: Iterable[FileReport]) -> str:
    """Return the result of a check in one line.

    >>> summary([FileReport(Path("a.txt")), FileReport(Path("b.txt"))])
    '2 files: 2 clean'
    """
    reports = list(reports)
    if not reports:
        return "no files: a folder stands for the *.txt files in it and in the folders below"
    broken = sum(report.error is not None for report in reports)
    noted = sum(bool(report.diagnostics) for report in reports)
    counts = [f"{len(reports) - broken - noted:,} clean"]
    if noted:
        diagnostics = sum(len(report.diagnostics) for report in reports)
        counts.append(f"{noted:,} with {counted(diagnostics, 'diagnostic')}")
    if broken:
        counts.append(counted(broken, "error"))
    return f"{counted(len(reports), 'file')}: {', '.join(counts)}"


def fixable(reports: Iterable[FileReport]) -> str | None:
    """Return how much of it can be fixed in one line, or None if nothing can."""
    safeties = [finding.safety for report in reports for finding in report.diagnostics]
    safe, unsafe = safeties.count(Safety.SAFE), safeties.count(Safety.UNSAFE)
    if safe and unsafe:
        return f"{safe:,} fixable with --fix, {unsafe:,} more with --unsafe-fixes"
    if safe:
        return f"{safe:,} fixable with --fix"
    return f"{unsafe:,} fixable with --unsafe-fixes" if unsafe else None


def counted(count: int, noun: str) -> str:
    """Return a number of things in words: `1 file`, `1,272 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _entries(document: Document) -> int | None:
    match document.value:
        case PromptSpec(_, models, papers):
            return len(models) + len(papers)
        case Answer(references=references):
            return len(references)
        case _:
            return None


_AROUND = 200  # characters to either side of a place: more than a frame shows


def findings(document: Document, diagnostics: Iterable[Diagnostic]) -> Iterator[Finding]:
    """Yield the diagnostics of a document, with lines, columns and frame."""
    text, locate = document.text, document.location
    for diagnostic in diagnostics:
        start, end = diagnostic.span
        line, column = locate(start)
        # Not the whole line: it can be long, and have many diagnostics.
        left = max(start - column + 1, start - _AROUND)
        right = text.find("\n", start, start + _AROUND)
        if end <= right:  # on the same line
            end_line, end_column = line, column + end - start
        else:
            end_line, end_column = locate(end)
        if right < 0:
            right = start + _AROUND
        width = max(1, min(end, right) - start)
        fix = diagnostic.fix
        yield Finding(
            diagnostic.code,
            diagnostic.severity,
            diagnostic.message,
            start,
            end,
            line,
            column,
            end_line,
            end_column,
            code_frame(text[left:right], line, start - left + 1, width=width),
            None if fix is None else fix.title,
            None if fix is None else fix.safety,
        )
