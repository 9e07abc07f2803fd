"""Measures cnaps and compares the figures with their targets: `python -m tests.benchmarks`.

Every ratio is taken against a floor that is measured in the same run, in turns with its subject,
so the machine and what else it does hardly matter. Exit status 1 says that a target is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections import Counter
from typing import TYPE_CHECKING

import attrs

from tests.benchmarks import command, grounding, links, serializers, speed
from tests.benchmarks.hostile import CASES, SWEEP
from tests.benchmarks.scaling import MOST_MEMORY, STEEPEST, growths
from tests.benchmarks.speed import FORBIDDEN, unwanted_imports
from tests.benchmarks.streaming import streamed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from tests.benchmarks.hostile import Hostile
    from tests.benchmarks.measure import Row

_SMALLEST = 4_000  # bytes; smaller inputs are mostly what is around them
_HALVINGS = 10
_SHARE = 1 / 16  # of the largest input, on which every step is measured and not `parse` alone
_PARTS = ("speed", "serializers", "grounding", "command", "scaling", "links", "sweep")
_SWEEP_SIZES = (1 << 15, 1 << 18)
_SWEEP_STEEPEST = 1.5  # two small sizes tell a square from a line, not more


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    _print_context()
    amount = (100, 15) if options.quick else (300, 60)
    missed = 0
    if "speed" in options.parts:
        missed += _speed(*amount)
    if "serializers" in options.parts:
        missed += _serializers(*amount)
        missed += _streaming(100_000 if options.quick else 1_000_000)
    if "grounding" in options.parts:
        missed += _grounding(*amount)
    if "command" in options.parts:
        missed += _command(3_000, rounds=1 if options.quick else 3)
    chosen = [case for case in CASES if options.only in case.name]
    if "scaling" in options.parts:
        missed += _scaling(chosen, options.max_size * 1_000_000)
    if "links" in options.parts:
        missed += _links(quick=options.quick)
    if "sweep" in options.parts:
        chosen = [case for case in SWEEP if options.only in case.name]
        missed += _sweep(chosen)
    print(f"\n{missed} targets missed" if missed else "\nall targets met")
    return min(missed, 1)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join(_PARTS)} (every hostile text in every place); default: all but that",
    )
    parser.add_argument("--quick", action="store_true", help="fewer rounds, inputs up to 0.25 MB")
    parser.add_argument("--max-size", type=float, metavar="MB", help="largest input (default: 50)")
    parser.add_argument("--only", default="", metavar="TEXT", help="hostile inputs so named")
    options = parser.parse_args(arguments)
    if unknown := set(options.parts) - {*_PARTS}:
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    options.parts = options.parts or _PARTS[:-1]
    options.max_size = options.max_size or (0.25 if options.quick else 50)
    return options


def _print_context() -> None:
    print(
        f"{platform.python_implementation()} {platform.python_version()},"
        f" attrs {attrs.__version__}, {platform.system()} on {platform.machine()},"
        f" {os.cpu_count()} processors; garbage collector on"
    )


def _speed(files: int, rounds: int) -> int:
    print(f"\nSpeed: {files} files of each kind, {rounds} rounds; µs a file or import\n")
    missed = _print_rows(speed.rows(files, rounds))
    unwanted = unwanted_imports()
    print(f"import cnaps loads none of {', '.join(FORBIDDEN)}{_verdict(unwanted)}", *unwanted)
    return missed + bool(unwanted)


def _serializers(files: int, rounds: int) -> int:
    print(f"\nSerializers: {files} values of each kind, {rounds} rounds; µs a value or import")
    print(f"{serializers.versions()}\n")
    return _print_rows(serializers.rows(files, rounds))


def _grounding(files: int, rounds: int) -> int:
    print(f"\nGrounding: {files} prompts with a response of 4 kB, {rounds} rounds; µs a pair\n")
    return _print_rows(grounding.rows(files, rounds))


def _command(pairs: int, *, rounds: int) -> int:
    print(f"\nCommand: {pairs:,} prompts with an answer each; µs a pair, with the start\n")
    measured = list(command.speeds(pairs, rounds))
    _print_rows([speed.row for speed in measured])
    missed = 0
    for row, rate, least in measured:
        missed += rate < least
        verdict = "MISSED" if rate < least else "ok"
        name = row.name.partition(" /")[0]
        print(f"{name}: {rate:,.0f} pairs a second, at least {least:,}: {verdict}")
    return missed


def _streaming(rows: int) -> int:
    print(
        f"\nStreaming: {rows:,} rows of JSON Lines; µs a row; memory must not grow with the rows\n"
    )
    print(f"{'':58}{'floor':>9}{'subject':>9}{'ratio':>7}{'rows/s':>10}{'peak MB':>9}{'growth':>8}")
    missed = 0
    for stream in streamed(rows):
        floor, subject = (time / rows * 1e6 for time in (stream.floor, stream.seconds))
        print(
            f"{stream.name:58}{floor:9.2f}{subject:9.2f}{stream.ratio:7.2f}"
            f"{rows / stream.seconds:10,.0f}{stream.peak / 1e6:9.1f}{stream.growth / 1e6:8.1f}"
            f"{_verdict(stream.missed)} {stream.missed}",
            flush=True,
        )
        missed += bool(stream.missed)
    return missed


def _links(*, quick: bool) -> int:
    print(
        "\nLinks: 50 hosts on loopback, 50 ms away, 100 requests at a time; seconds of the clock\n"
    )
    missed = 0
    for row in links.rows(quick=quick):
        print(f"{row.name:30}{row.figures}{_verdict(row.missed)} {row.missed}", flush=True)
        missed += bool(row.missed)
    return missed


def _print_rows(rows: Iterable[Row]) -> int:
    print(f"{'':58}{'floor':>9}{'subject':>9}{'ratio':>7}{'of best':>8}{'target':>8}")
    missed = 0
    for row in rows:
        floor, subject, ratio = row.compared
        target = f"{row.target:.2f}" if row.target else ""
        print(
            f"{row.name:58}{floor / row.files * 1e6:9.2f}{subject / row.files * 1e6:9.2f}"
            f"{ratio:7.2f}{row.compared.best_ratio:8.2f}{target:>8}  {row.verdict}",
            flush=True,
        )
        missed += row.missed
    return missed


def _verdict(missed: object) -> str:
    return "  MISSED" if missed else ""


def _scaling(cases: Iterable[Hostile], largest: float) -> int:
    halved = [largest * 2**-power for power in range(_HALVINGS, -1, -1)]
    sizes = [int(size) for size in halved if _SMALLEST <= size <= largest * _SHARE]
    parse_sizes = [int(size) for size in halved if size > largest * _SHARE]
    print(
        f"\nScaling: parse up to {largest / 1e6:g} MB, the rest up to {largest * _SHARE / 1e6:.2g}"
        f" MB, or less where that takes long; power of the size at most {STEEPEST}, memory of parse"
        f" at most {MOST_MEMORY} ×\n"
    )
    print(f"{'':66}{'MB':>7}{'ns/byte':>9}{'power':>7}{'memory':>8}")
    missed = 0
    shown = ""
    for growth in growths(cases, sizes, parse_sizes):
        name = "" if growth.case == shown else growth.case
        shown = growth.case
        wrong = growth.missed()
        if name:
            print(name)
        print(
            f"    {growth.step:14}{growth.outcome[:47]:48}{growth.size / 1e6:7.1f}"
            f"{growth.nanoseconds:9.1f}{growth.power:7.2f}{growth.memory:7.1f}×"
            f"{_verdict(wrong)} {wrong}",
            flush=True,
        )
        missed += bool(wrong)
    return missed


def _sweep(cases: Sequence[Hostile]) -> int:
    small, large = _SWEEP_SIZES
    print(f"\nSweep: {len(cases)} hostile inputs of {small:,} and {large:,} bytes\n")
    tried: Counter[str] = Counter()
    missed = 0
    for growth in growths(cases, _SWEEP_SIZES, ()):
        tried[growth.step] += 1
        if wrong := growth.missed(_SWEEP_STEEPEST):
            missed += 1
            print(f"{growth.case}, {growth.step}: {growth.power:.2f}{_verdict(wrong)} {wrong}")
    print("measured:", ", ".join(f"{step} {count:,}" for step, count in tried.items()))
    return missed


if __name__ == "__main__":
    sys.exit(main())
