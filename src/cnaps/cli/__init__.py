"""The command `cnaps`, for people and scripts; it needs the extra `cli`.

`app` runs what is in `commands`. `report`, `outline` and `diff` work out what they say, `paths`
which files they are about, and `terminal` is how it reaches people.
"""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]


# Objects that are new when the collector looks for cycles among them. What a command reads has none
# and is kept for long: to look at all of it again and again takes up to a twelfth of a large check.
_NEW_OBJECTS = 100_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        arguments: What follows the name of the command; that of this process by default.

    Returns the exit status: 0 where all is well, 1 where there are findings, 2 where the command
    was used wrongly, a file could not be read or written, or the extra is not installed.
    """
    try:
        from cnaps.cli.app import run
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in {"cyclopts", "rich"}:
            raise
        sys.stderr.write("cnaps: this command needs an extra: python -m pip install 'cnaps[cli]'\n")
        return 2
    if arguments is None:  # the process is that of the command
        gc.set_threshold(_NEW_OBJECTS)
        arguments = sys.argv[1:]
    return run(arguments)
