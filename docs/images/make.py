"""Make check.svg anew, the picture of what `cnaps check` prints of docs/examples.

Run `python docs/images/make.py` when the output or the examples have changed.
"""  # noqa: INP001 - a script, not part of a package

from __future__ import annotations

import io
from contextlib import chdir
from pathlib import Path

from rich.text import Text

from cnaps.cli.check import Wanted, checked
from cnaps.cli.terminal import Screen, print_report

ROOT = Path(__file__).parents[2]
PICTURE = ROOT / "docs" / "images" / "check.svg"
WIDTH = 102


class Recorder(Screen):
    """A screen that remembers what it shows; a picture has no terminal to break long lines."""

    def __init__(self) -> None:
        super().__init__(io.StringIO(), elsewhere=WIDTH)
        self.record = True

    def say(self, *parts: str | tuple[str, str] | Text) -> None:
        """Print texts as one line, broken where the picture ends."""
        self.print(Text.assemble(*parts))


def recorded() -> Recorder:
    """Return a screen that shows the command and its output."""
    screen = Recorder()
    screen.say(("$ ", "green"), "cnaps check --select CN0,CN1 docs/examples")
    with chdir(ROOT):
        wanted = Wanted(select=("CN0", "CN1"))
        print_report(screen, checked([Path("docs", "examples")], wanted))
    return screen


if __name__ == "__main__":
    svg = recorded().export_svg(title="cnaps")
    lines = [f"{line.rstrip()}\n" for line in svg.splitlines()]
    PICTURE.write_text("".join(lines), encoding="utf-8")
