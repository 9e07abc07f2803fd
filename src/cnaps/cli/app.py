"""The process around a command: its streams, its exit status, and what becomes of errors."""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from cyclopts import CycloptsError

from cnaps.cli.commands import app
from cnaps.cli.report import Status
from cnaps.cli.terminal import Screen
from cnaps.cli.usage import UsageError
from cnaps.frames import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["run"]

_HELP_WIDTH = 100  # of help that does not go to a terminal


def run(arguments: Sequence[str]) -> int:
    """Run the command that arguments name; return the exit status.

    Errors are told on stderr and are part of the status.
    """
    # Both are None in a process that was started without them.
    sys.stdout = sys.stdout or io.StringIO()
    sys.stderr = sys.stderr or io.StringIO()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # not every encoding has emoji
    try:
        status = app(arguments, console=Screen(sys.stdout, elsewhere=_HELP_WIDTH))
        sys.stdout.flush()
    except CycloptsError as error:
        return _refuse(UsageError(str(error)))
    except UsageError as error:
        return _refuse(error)
    except OSError as error:
        # The commands see to errors of files, so this is one of the output.
        if not isinstance(error, BrokenPipeError):
            _complain(f"cannot write the output: {error.strerror}")
        _drop_output()
        return Status.TROUBLE
    return status if isinstance(status, int) else Status.CLEAN


def _refuse(error: UsageError) -> Status:
    _complain(str(error))
    _complain(error.hint)
    return Status.TROUBLE


def _complain(message: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"cnaps: {visible(message)}\n")


def _drop_output() -> None:
    """Send what is left of the output nowhere, or Python would fail to write it when it ends."""
    with suppress(OSError):
        output = sys.stdout.fileno()
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
