r"""How results reach a terminal, a file or a pipe.

File names and the content of files are hostile. They come as `Text`, so that nothing in them is
taken for markup, and through `visible`, so that no control character reaches a terminal.

What goes to a terminal fits its width. Anything else gets lines as long as they are, no colour
and no progress bar.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import track
from rich.table import Table
from rich.text import Text

from cnaps.cli.report import counted, summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from cnaps.cli.outline import Row
    from cnaps.cli.report import Failure, FileReport

__all__ = [
    "Screen",
    "print_diff",
    "print_exactly",
    "print_failure",
    "print_outline",
    "print_report",
    "progress",
    "visible",
]

_UNLIMITED = 1_000_000  # columns, where lines are not broken
_MANY = 50  # files from which on a progress bar is worth its while

_STYLES = {"error": "bold red", "warning": "yellow"}


def visible(text: object) -> str:
    r"""Return a text with every character that is no visible one escaped.

    >>> visible("a\x1b[2Jb\n")
    'a\\x1b[2Jb\\n'
    """
    text = str(text)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)


class Screen(Console):
    """A rich console for output or messages.

    Nothing but `Text` and the styles given to `print` has any effect. Where NO_COLOR is set, the
    output has no escape sequences at all.
    """

    def __init__(self, stream: TextIO, *, width: int | None = None) -> None:
        if not stream.isatty():
            width = width or _UNLIMITED
        super().__init__(
            file=stream,
            width=width,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            markup=False,
            emoji=False,
            highlight=False,
        )

    def line(self, *parts: str | tuple[str, str] | Text) -> None:
        """Print a line made of texts, each with or without a style; it is not broken."""
        self.print(Text.assemble(*parts), soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Leave it to the caller: by default rich ends the process."""
        raise BrokenPipeError


def progress(items: Sequence[T]) -> Iterable[T]:
    """Return the items, behind a progress bar where they are many and stderr is a terminal."""
    if len(items) < _MANY or not sys.stderr.isatty():
        return items
    return track(items, "Reading", console=Screen(sys.stderr), transient=True)


def print_exactly(text: str) -> None:
    """Write a text to stdout as UTF-8, byte for byte; to a terminal, with `visible` lines."""
    stream = sys.stdout
    if stream.isatty():
        stream.write("\n".join(map(visible, text.split("\n"))))
    else:
        stream.flush()
        stream.buffer.write(text.encode())


def print_report(screen: Screen, reports: Sequence[FileReport]) -> None:
    """Print a table of files, what is wrong with each of them, and a summary."""
    if reports:
        screen.print(_table(reports))
    for report in reports:
        for finding in report.diagnostics:
            style = _STYLES[finding.severity]
            place = f"{visible(report.path)}:{finding.line}:{finding.column}"
            screen.line((f"{place}: ", "bold"), (finding.code, style), f" {visible(finding.message)}")
            _print_frame(screen, finding.frame, style)
        if report.error is not None:
            print_failure(screen, report.path, report.error)
    screen.line((summary(reports), _STATUS_STYLES[overall(reports)]))


def print_failure(screen: Screen, path: Path, failure: Failure) -> None:
    """Print why a file could not be read, written or understood."""
    place = visible(path)
    if failure.line is not None:
        place += f":{failure.line}:{failure.column}"
    first, *more = map(visible, failure.message.split("\n"))
    screen.line((f"{place}: ", "bold"), ("error", _STYLES["error"]), f" {first}")
    for line in more:
        screen.line(line)
    if failure.frame is not None:
        _print_frame(screen, failure.frame, _STYLES["error"])
    if failure.hint is not None:
        screen.line(f"hint: {visible(failure.hint)}")


def print_diff(screen: Screen, lines: Iterable[str]) -> None:
    """Print the lines of a unified diff."""
    for line in lines:
        screen.line((visible(line), _DIFF_STYLES.get(line[:1], "")))


def print_outline(screen: Screen, rows: Iterable[Row]) -> None:
    """Print the rows of an outline; on a terminal, long texts are wrapped below one another."""
    for row in rows:
        indent, style = _ROW_STYLES[row.role]
        margin = " " * indent
        head = f"{margin}{row.label:8}" if row.label else margin
        body = [("-", "dim")] if row.text is None else [(line, style) for line in _wrapped(screen, row.text, len(head))]
