"""How results reach a terminal, a file or a pipe.

File names and the content of files are hostile. They come as `Text`, so that nothing in them is
taken for markup, and through `visible`, so that no control character reaches a terminal.

What goes to a terminal fits its width. Anything else gets lines as long as they are, without
colour.
"""

from __future__ import annotations

import io
import os
import sys
from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING, TextIO, TypeVar

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cnaps.cli.report import Status, fixable, overall, summary
from cnaps.frames import visible
from cnaps.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from cnaps.cli.outline import Row
    from cnaps.cli.report import Failure, FileReport

__all__ = [
    "Screen",
    "damage_in_words",
    "print_diff",
    "print_exactly",
    "print_failure",
    "print_outline",
    "print_report",
    "print_summary",
    "progress",
]

T = TypeVar("T")

UNLIMITED = 1_000_000  # columns, where lines are not broken
_MANY = 50  # files from which on a progress bar is worth its while

_ERROR = "bold red"
_SEVERITIES = {"error": _ERROR, "warning": "yellow", "info": "cyan"}
_STATUSES = {Status.CLEAN: "green", Status.FINDINGS: "yellow", Status.TROUBLE: _ERROR}
_DIFF = {"-": "red", "+": "green", "@": "cyan"}


def damage_in_words(damage: Iterable[str]) -> str:
    """Return the encodings that a text was misread as, those several times in a row once.

    >>> damage_in_words(["windows-1252", "windows-1252", "latin-1"])
    'windows-1252 x2 + latin-1'
    """
    runs = [(name, len(list(run))) for name, run in groupby(damage)]
    return " + ".join(name if times == 1 else f"{name} x{times}" for name, times in runs)


class Screen(Console):
    """A rich console that has no styles but those it is told.

    Where NO_COLOR is set, nothing is styled at all.
    """

    def __init__(self, stream: TextIO, *, elsewhere: int = UNLIMITED) -> None:
        """Make a console for a stream, of a given width `elsewhere` than on a terminal."""
        super().__init__(
            file=stream,
            width=None if stream.isatty() else elsewhere,
            color_system=None if os.environ.get("NO_COLOR") else "auto",
            markup=False,
            emoji=False,
            highlight=False,
        )
        # Where lines are just written, all that rich would add to that is time.
        self.is_plain: bool = self.color_system is None and not self.is_terminal

    def say(self, *parts: str | tuple[str, str] | Text) -> None:
        """Print texts, each with or without a style, as one line that is not broken."""
        if self.is_plain:
            texts = [part[0] if isinstance(part, tuple) else str(part) for part in parts]
            self.file.write(f"{''.join(texts)}\n")
            return
        self.print(Text.assemble(*parts), soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Leave a closed pipe to the caller; rich would end the process."""
        raise BrokenPipeError


def progress(items: Sequence[T], screen: Screen | None = None) -> Iterable[T]:
    """Return the items, behind a progress bar if they are many and stderr is a terminal.

    What is printed on `screen` in the meantime appears above the bar; by way of another one it
    would end up inside.
    """
    if len(items) < _MANY or not sys.stderr.isatty():
        return items
    from rich.progress import track

    return track(items, "Reading", console=screen or Screen(sys.stderr), transient=True)


def print_exactly(text: str) -> None:
    """Write a text to stdout as UTF-8, byte for byte; to a terminal, as `visible` lines."""
    stream = sys.stdout
    if stream.isatty():
        text = "\n".join(map(visible, text.split("\n")))
    elif isinstance(stream, io.TextIOWrapper):
        stream.flush()
        stream.buffer.write(text.encode())
        return
    stream.write(text)


def print_report(screen: Screen, reports: Sequence[FileReport]) -> None:
    """Print a table of files, what is wrong with each of them, and a summary."""
    if reports:
        _print_table(screen, _COLUMNS, [_cells(report) for report in reports])
        screen.say()
    for report in reports:
        path = visible(str(report.path))
        for finding in report.diagnostics:
            style = _SEVERITIES[finding.severity]
            place = f"{path}:{finding.line}:{finding.column}: "
            label = f"{finding.severity} {finding.code}"
            lines = [f" {visible(finding.message)}\n", *_framed(screen, finding.frame, style)]
            if finding.advice is not None:
                lines += [("\n  fix: ", "bold"), visible(finding.advice)]
            screen.say((place, "bold"), (label, style), *lines)
        if report.error is not None:
            print_failure(screen, report.path, report.error)
    if any(report.diagnostics or report.error for report in reports):
        screen.say()
    _print_end(screen, reports)


def print_summary(screen: Screen, reports: Sequence[FileReport]) -> None:
    """Print how often each rule found something, the most frequent first, and a summary."""
    codes = Counter(finding.code for report in reports for finding in report.diagnostics)
    files = Counter(
        code for report in reports for code in {finding.code for finding in report.diagnostics}
    )
    rows = [
        [
            (rule.code, ""),
            (rule.severity, _SEVERITIES[rule.severity]),
            (visible(rule.title), ""),
            (f"{files[rule.code]:,}", ""),
            (f"{codes[rule.code]:,}", ""),
        ]
        for rule in sorted(all_rules().values(), key=lambda rule: (-codes[rule.code], rule.code))
        if codes[rule.code]
    ]
    if rows:
        _print_table(screen, _SUMMARY, rows)
        screen.say()
    _print_end(screen, reports)


def _print_end(screen: Screen, reports: Sequence[FileReport]) -> None:
    screen.say((summary(reports), _STATUSES[overall(reports)]))
    if hint := fixable(reports):
        screen.say(hint)


def print_failure(screen: Screen, path: Path, failure: Failure) -> None:
    """Print why a file could not be read, written or understood."""
    place = visible(str(path))
    if failure.line is not None:
        place += f":{failure.line}:{failure.column}"
    first, *more = map(visible, failure.message.split("\n"))
    screen.say((f"{place}: ", "bold"), ("error", _ERROR), f" {first}")
    for line in more:
        screen.say(line)
    if failure.frame is not None:
        screen.say(*_framed(screen, failure.frame, _ERROR))
    if failure.hint is not None:
        screen.say(("  hint: ", "bold"), visible(failure.hint))


def print_diff(screen: Screen, lines: Iterable[str]) -> None:
    """Print the lines of a unified diff."""
    for line in lines:
        screen.say((visible(line), _DIFF.get(line[:1], "")))


_ROLES = {"heading": ("", "bold cyan"), "title": ("  ", "bold"), "text": ("  ", "")}


def print_outline(screen: Screen, rows: Iterable[Row]) -> None:
    """Print the rows of an outline; on a terminal, long texts are wrapped in their column."""
    for row in rows:
        margin, style = _ROLES.get(row.role, (f"    {row.role:8} ", ""))
        if row.text is None:
            screen.say((f"{margin}-", "dim"))
            continue
        if row.role == "heading":
            screen.say()
        for line in row.text.split("\n"):
            for piece in _wrapped(screen, visible(line), len(margin)):
                screen.say((margin, "dim"), (piece, style))
                margin = " " * len(margin)


def _wrapped(screen: Screen, text: str, margin: int) -> list[str]:
    if screen.width == UNLIMITED:
        return [text]
    lines = Text(text).wrap(screen, max(20, screen.width - margin))
    return [line.plain.rstrip() for line in lines]


# A cell of a table: a text, and its style.
_Cell = tuple[str, str]


def _print_table(
    screen: Screen, columns: Mapping[str, bool], rows: Sequence[Sequence[_Cell]]
) -> None:
    """Print rows below the names of columns; where one does not fit, rich folds its cells."""
    lines = [[(name, "bold") for name in columns], *rows]
    widths = [max(cell_len(text) for text, _ in column) for column in zip(*lines, strict=True)]
    width = sum(widths) + _GAP * (len(widths) - 1)
    if width > screen.width:
        screen.print(_folded(columns, rows))
        return
    for line in lines:
        screen.say(*_padded(line, widths, columns.values()))
        if line is lines[0]:
            screen.say(("-" if screen.options.ascii_only else "─") * width)


# The columns of the tables, and whether they hold numbers.
_SUMMARY = {"Code": False, "Severity": False, "What": False, "Files": True, "Diagnostics": True}
_COLUMNS = {
    "File": False,
    "Kind": False,
    "Dialect": False,
    "Wording": False,
    "Damage": False,
    "Entries": True,
    "Diagnostics": True,
}
_GAP = 2  # blanks between two of them


def _padded(
    cells: Sequence[_Cell], widths: Sequence[int], numbers: Iterable[bool]
) -> Iterator[_Cell]:
    """Yield the cells of a row with the blanks that line them up."""
    gap = ""
    for (text, style), width, is_number in zip(cells, widths, numbers, strict=True):
        blanks = " " * (width - cell_len(text))
        yield (f"{gap}{blanks}{text}" if is_number else f"{gap}{text}{blanks}", style)
        gap = " " * _GAP


def _folded(columns: Mapping[str, bool], rows: Iterable[Sequence[_Cell]]) -> Table:
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for name, is_number in columns.items():
        table.add_column(name, overflow="fold", justify="right" if is_number else "left")
    for row in rows:
        table.add_row(*[Text(*cell) for cell in row])
    return table


_NOTHING = ("-", "")
_WORDING = {True: ("exact", ""), False: ("deviates", "yellow"), None: _NOTHING}


def _cells(report: FileReport) -> list[_Cell]:
    name = (visible(str(report.path)), "")
    if report.error is not None:
        return [name, ("error", _ERROR), *[_NOTHING] * 5]
    count = len(report.diagnostics)
    return [
        name,
        (report.kind or "", ""),
        (report.dialect or "", ""),
        _WORDING[report.exact],
        (damage_in_words(report.damage), "yellow") if report.damage else _NOTHING,
        _NOTHING if report.entries is None else (f"{report.entries:,}", ""),
        (f"{count:,}", "yellow" if count else ""),
    ]


def _framed(screen: Screen, frame: str, style: str) -> list[str | tuple[str, str]]:
    """Return a code frame in parts: the source line plain, the carets below it in a style."""
    if screen.is_plain:
        return [frame]
    source, carets = frame.split("\n")
    gutter = source.index("|") + 1
    return [
        (source[:gutter], "dim"),
        f"{source[gutter:]}\n",
        (carets[:gutter], "dim"),
        (carets[gutter:], style),
    ]
