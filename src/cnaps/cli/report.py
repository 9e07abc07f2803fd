"""What a check found, as data: one `FileReport` for each file, whatever is wrong with it."""

from __future__ import annotations

import json
from enum import IntEnum
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from cnaps.diagnostics import Severity
from cnaps.document import read
from cnaps.errors import CnapsError, ParseError
from cnaps.frames import code_frame
from cnaps.values import PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cnaps.document import Document

__all__ = [
    "Failure",
    "FileReport",
    "Finding",
    "Status",
    "as_json",
    "counted",
    "failed",
    "inspect",
    "overall",
    "summary",
]


class Status(IntEnum):
    """The exit status of a command; that of several files is the highest of theirs."""

    CLEAN = 0
    FINDINGS = 1
    TROUBLE = 2


@frozen
class Finding:
    """A diagnostic as people read it.

    Attributes:
        code: The code of its rule.
        severity: How much it matters.
        message: What is wrong.
        start: Where it starts, as an offset into the text of the document.
        end: Where it ends.
        line: The line of the start, from 1.
        column: The column of the start, from 1.
        frame: That line, with carets under the place.
    """

    code: str
    severity: Severity
    message: str
    start: int
    end: int
    line: int
    column: int
    frame: str


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
        kind: "prompt" or "answer", or None with an error; so are dialect, exact and entries.
        dialect: The name of its dialect.
        exact: Whether it is in the wording of the dialect to the character.
        damage: The encodings that its UTF-8 was misread as.
        entries: How many models, papers or references it has.
        diagnostics: What was noticed, in the order of the text.
        error: Why the rest is not known, or None.
    """

    path: Path
    kind: str | None = None
    dialect: str | None = None
    exact: bool | None = None
    damage: tuple[str, ...] = ()
    entries: int | None = None
    diagnostics: tuple[Finding, ...] = ()
    error: Failure | None = None

    @property
    def status(self) -> Status:
        """What the file alone makes of the exit status."""
        if self.error is not None:
            return self.error.status
        return Status.FINDINGS if self.diagnostics else Status.CLEAN


def inspect(path: Path) -> FileReport:
    """Read a file and report what there is to say about it, be it that it cannot be read."""
    try:
        document = read(path)
    except (CnapsError, OSError) as error:
        return FileReport(path, error=failed(error))
    return FileReport(
        path,
        document.kind,
        document.dialect,
        document.exact,
        document.damage,
        _entries(document),
        tuple(_findings(document)),
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
    broken = sum(report.error is not None for report in reports)
    noted = sum(bool(report.diagnostics) for report in reports)
    counts = [f"{len(reports) - broken - noted} clean"]
    if noted:
        diagnostics = sum(len(report.diagnostics) for report in reports)
        counts.append(f"{noted} with {counted(diagnostics, 'diagnostic')}")
    if broken:
        counts.append(counted(broken, "error"))
    return f"{counted(len(reports), 'file')}: {', '.join(counts)}"


def counted(count: int, noun: str) -> str:
    """Return a number of things in words: `1 file`, `1,272 files`."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def as_json(reports: Iterable[FileReport]) -> str:
    """Return reports as a JSON list of objects, one for each file.

    Their keys are the attributes of `FileReport`; those of a diagnostic are the attributes of
    `Finding`, and those of an error message, line, column and hint. Frames are left out. The text
    is ASCII: a byte of a path that is not UTF-8 is written as the surrogate Python has for it.
    """
    return json.dumps([_plain(report) for report in reports], indent=2)


def _plain(report: FileReport) -> dict[str, object]:
    error = report.error
    return {
        "path": str(report.path),
        "kind": report.kind,
        "dialect": report.dialect,
        "exact": report.exact,
        "damage": list(report.damage),
        "entries": report.entries,
        "diagnostics": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "start": finding.start,
                "end": finding.end,
                "line": finding.line,
                "column": finding.column,
            }
            for finding in report.diagnostics
        ],
        "error": error
        and {
            "message": error.message,
            "line": error.line,
            "column": error.column,
            "hint": error.hint,
        },
    }


def _entries(document: Document) -> int:
    value = document.value
    if isinstance(value, PromptSpec):
        return len(value.models) + len(value.papers)
    return len(value.references)


_AROUND = 200  # characters to either side of a place: more than a frame shows


def _findings(document: Document) -> Iterator[Finding]:
    """Yield the diagnostics of a document, with line, column and frame."""
    diagnostics = document.diagnostics
    text = document.text if diagnostics else ""
    for diagnostic in diagnostics:
        start, end = diagnostic.span
        line, column = document.location(start)
        # Not the whole line: it can be long, and have many diagnostics.
        left = max(start - column + 1, start - _AROUND)
        right = text.find("\n", start, start + _AROUND)
        if right < 0:
            right = start + _AROUND
        width = max(1, min(end, right) - start)
        yield Finding(
            code=diagnostic.code,
            severity=diagnostic.severity,
            message=diagnostic.message,
            start=start,
            end=end,
            line=line,
            column=column,
            frame=code_frame(text[left:right], line, start - left + 1, width=width),
        )
