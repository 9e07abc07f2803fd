"""Speed of the command: whole processes, from their start to their end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import cnaps
from tests.benchmarks import generate
from tests.benchmarks.measure import Comparison, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["Speed", "speeds"]

LEAST_PAIRS = 1_000  # judged in a second, with the start of the process
_CHECK = ("-m", "cnaps.cli", "check")
# What the answers cite alone; all rules take as long as there is to say.
_GROUNDING = (*_CHECK, "--select", "CN3")
# What no program that looks at the files can do without.
_READ = """
import sys
from pathlib import Path

for path in Path(sys.argv[1]).rglob("*.txt"):
    path.read_bytes().decode().splitlines()
"""
_FLOOR = ("-c", _READ)


class Speed(NamedTuple):
    """How fast the command is.

    Attributes:
        row: The time for a pair, against reading the files.
        pairs: How many pairs it looks at in a second.
        least: How many there must be.
    """

    row: Row
    pairs: float
    least: int


def speeds(pairs: int, rounds: int) -> Iterator[Speed]:
    """Measure `cnaps check` of folders of pairs."""
    prompts = generate.prompts(pairs)
    kinds = {
        "answers": [cnaps.render(cnaps.answer_for(prompt)) for prompt in prompts],
        "responses of 4 kB": generate.responses(prompts),
    }
    for kind, answers in kinds.items():
        with TemporaryDirectory() as folder:
            _write(Path(folder), prompts, answers)
            for name, program, least in (
                ("check --select CN3", _GROUNDING, LEAST_PAIRS),
                ("check", _CHECK, LEAST_PAIRS),
            ):
                compared = _compared(program, folder, rounds)
                row = Row(f"cnaps {name}, {kind} / read the files", compared, pairs)
                yield Speed(row, pairs / compared.subject, least)


def _compared(program: Sequence[str], folder: str, rounds: int) -> Comparison:
    times = [(_measured(_FLOOR, folder), _measured(program, folder)) for _ in range(rounds)]
    floor, subject = (min(column) for column in zip(*times, strict=True))
    return Comparison(floor, subject, median(check / read for read, check in times))


def _write(folder: Path, prompts: Sequence[cnaps.PromptSpec], answers: Sequence[str]) -> None:
    for number, (prompt, answer) in enumerate(zip(prompts, answers, strict=True)):
        place = folder / f"{number // 100}"
        place.mkdir(exist_ok=True)
        (place / f"Query{number}.txt").write_bytes(cnaps.render(prompt).encode())
        (place / f"Query{number}_answer.txt").write_bytes(answer.encode())


def _measured(program: Sequence[str], folder: str) -> float:
    """Return the processor time of a process: what else the machine does does not count."""
    before = os.times()
    command = [sys.executable, *program, folder]
    done = subprocess.run(
        command, check=False, env=_compiled(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    after = os.times()
    assert done.returncode < 2, done.stderr
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system


def _compiled() -> dict[str, str]:
    """Return an environment in which modules are compiled once, as those of an installation are."""
    return {name: value for name, value in os.environ.items() if name != _NEVER_COMPILED}


_NEVER_COMPILED = "PYTHONDONTWRITEBYTECODE"
