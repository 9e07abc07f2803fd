"""Speed of the command: whole processes, from their start to their end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import cnaps
from tests.benchmarks import generate
from tests.benchmarks.measure import Comparison, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["LEAST_PAIRS", "checked"]

LEAST_PAIRS = 1_000  # a second, with the start of the process
_CHECK = ("-m", "cnaps.cli", "check")
# What no program that looks at the files can do without.
_READ = """
import sys
from pathlib import Path

for path in Path(sys.argv[1]).rglob("*.txt"):
    path.read_bytes().decode().splitlines()
"""
_FLOOR = ("-c", _READ)


def checked(pairs: int, rounds: int) -> Iterator[tuple[Row, float]]:
    """Yield `cnaps check` of a folder of pairs, against reading it, and the pairs a second.

    Half of the answers are rendered ones, the others are what a language model might write.
    """
    with TemporaryDirectory() as folder:
        _write(Path(folder), pairs)
        times = [(_measured(_FLOOR, folder), _measured(_CHECK, folder)) for _ in range(rounds)]
    floor, subject = (min(column) for column in zip(*times, strict=True))
    ratios = sorted(check / read for read, check in times)
    compared = Comparison(floor, subject, ratios[len(ratios) // 2])
    yield Row("cnaps check FOLDER / read its files", compared, pairs), pairs / subject


def _write(folder: Path, pairs: int) -> None:
    prompts = generate.prompts(pairs)
    responses = generate.responses(prompts)
    for number, (prompt, response) in enumerate(zip(prompts, responses, strict=True)):
        place = folder / f"{number // 100}"
        place.mkdir(exist_ok=True)
        rendered = cnaps.render(cnaps.answer_for(prompt))
        answer = response if number % 2 else rendered
        (place / f"Query{number}.txt").write_bytes(cnaps.render(prompt).encode())
        (place / f"Query{number}_answer.txt").write_bytes(answer.encode())


def _measured(program: Sequence[str], folder: str) -> float:
    """Return the processor time of a process: what else the machine does does not count."""
    before = os.times()
    command = [sys.executable, *program, folder]
    done = subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    after = os.times()
    assert done.returncode < 2, done.stderr
    user = after.children_user - before.children_user
    return user + after.children_system - before.children_system
