"""How much memory this process has had in use at most."""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path

__all__ = ["forget_peak", "peak"]

_STATUS = Path("/proc/self/status")
_RESET = Path("/proc/self/clear_refs")


def peak() -> int:
    """Return the most memory that this process has had in use, in bytes."""
    # getrusage would do, but on Linux a process starts with the peak of the one it came from.
    with suppress(OSError):
        for line in _STATUS.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most if sys.platform == "darwin" else most * 1024


def forget_peak() -> None:
    """Have the peak start again from what is in use; where that cannot be done, it grows on."""
    with suppress(OSError):
        _RESET.write_text("5", encoding="ascii")
