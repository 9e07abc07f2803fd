"""What a process of its own measures: time and memory of each step on one file.

`python -m tests.benchmarks.probe` reads one request a line, `[FILE, true]` for every step or
`[FILE, false]` for `parse` alone. It prints one JSON object a step, when the step is done, so that
a step which never ends is known by its absence; then a list of a text, which is empty or says what
went wrong, and of the seconds that all of it took. Each request has a process of its own, a copy of
this one: nothing is imported twice.

The garbage collector is off here: it goes through old objects in leaps, and would blur how time
grows. What it costs is a part of all other figures.
"""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from time import process_time
from typing import TYPE_CHECKING, NamedTuple, TypedDict, TypeVar

import attrs

import cnaps
from cnaps import CnapsError, damage
from tests.benchmarks.memory import forget_peak, peak

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

__all__ = ["Measured", "measure"]

_T = TypeVar("_T")
_R = TypeVar("_R")

_PATIENCE = 120  # seconds that a request may take
_LONG = 0.5  # seconds; a step that is faster is repeated
_REPEATED = 3  # times at most


class Measured(TypedDict):
    """The figures of a step on a file.

    Attributes:
        step: The name of the step.
        outcome: What came of it: the name of a dialect, or of an error.
        size: The size of the file in bytes.
        seconds: The time of the processor.
        peak: How many bytes the process grew by at most.
    """

    step: str
    outcome: str
    size: int
    seconds: float
    peak: int


class _Step(NamedTuple):
    """A piece of work on a document that nothing was asked of before, and what came of it."""

    name: str
    work: Callable[[cnaps.Document], str]


def _parsed(data: bytes) -> tuple[cnaps.Document | None, str]:
    try:
        document = cnaps.parse(data)
    except cnaps.ParseError as error:
        str(error)
        return None, "ParseError"
    return document, _described(document)


def _steps(document: cnaps.Document) -> Iterator[_Step]:
    value, dialect = document.value, document.dialect
    yield _Step("diagnostics", lambda fresh: f"{len(fresh.diagnostics):,}")
    question = attrs.evolve(value, question=cnaps.Question("Which of these is it?"))
    yield _Step("edit", lambda fresh: _edited(fresh, question))
    entries = _with_entries(value)
    yield _Step("edit entries", lambda fresh: _edited(fresh, entries))
    if isinstance(entries, cnaps.Answer):
        prompt = cnaps.PromptSpec(value.question, entries.references)
        yield _Step("diff", lambda fresh: f"{len(cnaps.diff_answer(prompt, fresh)):,}")
    yield _Step("render", lambda _: _rendered(value, dialect))
    if document.damage:
        yield _Step("repaired", lambda fresh: _described(fresh.repaired()))
    forged = _with_forgery(value)
    yield _Step("refusal", lambda _: _rendered(forged, dialect))
    yield _Step("check", _asked)


def _described(document: cnaps.Document) -> str:
    return document.dialect + ("" if document.exact else ", deviates")


def _with_entries(value: cnaps.PromptSpec | cnaps.Answer) -> cnaps.PromptSpec | cnaps.Answer:
    """Return a value with every other entry changed and a new one at the end."""
    held = value.models if isinstance(value, cnaps.PromptSpec) else value.references
    changed = [
        attrs.evolve(entry, name=f"{entry.name}2") if number % 2 == 0 else entry
        for number, entry in enumerate(held)
    ]
    entries = (*changed, cnaps.ModelRef("Another"))
    if isinstance(value, cnaps.PromptSpec):
        return attrs.evolve(value, models=entries)
    return attrs.evolve(value, references=entries)


def _with_forgery(value: cnaps.PromptSpec | cnaps.Answer) -> cnaps.PromptSpec | cnaps.Answer:
    """Return a value that cannot be rendered, for what its very last text says."""
    if isinstance(value, cnaps.PromptSpec):
        forged = cnaps.PaperRef("Forged", summary="A summary.\n\nModel: and an entry")
        return attrs.evolve(value, papers=(*value.papers, forged))
    return attrs.evolve(value, notes=(*value.notes, "- **Model**: and an entry"))


def _edited(document: cnaps.Document, value: cnaps.PromptSpec | cnaps.Answer) -> str:
    try:
        return _described(document.with_value(value))
    except CnapsError as error:
        return f"{type(error).__name__}: {str(error)[:60]}"


def _rendered(value: cnaps.PromptSpec | cnaps.Answer, dialect: str) -> str:
    try:
        return f"{len(cnaps.render(value, dialect)):,}"
    except CnapsError as error:
        return f"{type(error).__name__}: {str(error)[:60]}"


# --- responses ------------------------------------------------------------------------------------

_ASKED = cnaps.PromptSpec(
    cnaps.Question("Which of these is it?"),
    (
        cnaps.ModelRef(
            "Lens", "https://arxiv.org/abs/2101.00001", "https://github.com/example/lens"
        ),
    ),
    (
        cnaps.PaperRef("a a a b", "https://example.org/rain?id=1", None, "See https://x.org/y."),
        cnaps.PaperRef("word word: a study of words", "https://example.org/a/a/a/a/a/a/b"),
    ),
)
_SAID = (
    "Lens (https://arxiv.org/abs/2101.00001), x, Lens 2, **Lens**: https://example.org/other,"
    " [Lens](https://arxiv.org/abs/2101.00002) and a a a b"
)


def _answered(data: bytes) -> str:
    try:
        return str(cnaps.check(_ASKED, cnaps.parse_response(data)))
    except cnaps.ParseError:
        return "ParseError"


def _asked(document: cnaps.Document) -> str:
    if isinstance(document.value, cnaps.PromptSpec):
        return str(cnaps.check(document, _SAID))
    return str(cnaps.check(_ASKED, document))


def measure(path: str, *, every_step: bool) -> Iterator[Measured]:
    """Measure parsing a file, and every other step if that succeeds."""
    data = Path(path).read_bytes()
    (document, outcome), seconds, grown = _measured(_parsed, lambda: data)
    yield Measured(step="parse", outcome=outcome, size=len(data), seconds=seconds, peak=grown)
    if not every_step:
        return
    outcome, seconds, grown = _measured(_answered, lambda: data)
    name = "as a response"
    yield Measured(step=name, outcome=outcome, size=len(data), seconds=seconds, peak=grown)
    if document is None:
        return
    for name, work in _steps(document):
        outcome, seconds, grown = _measured(work, partial(cnaps.parse, data))
        yield Measured(step=name, outcome=outcome, size=len(data), seconds=seconds, peak=grown)


def _measured(work: Callable[[_T], _R], prepare: Callable[[], _T]) -> tuple[_R, float, int]:
    """Return what comes of some work, its best time, and by how much memory grew at first."""
    prepared = prepare()
    forget_peak()
    before = peak()
    result, best = _timed(work, prepared)
    grown = peak() - before
    total = best
    for _ in range(_REPEATED):
        if total > _LONG:
            break
        _, seconds = _timed(work, prepare())
        best, total = min(best, seconds), total + seconds
    return result, best, grown


def _timed(work: Callable[[_T], _R], prepared: _T) -> tuple[_R, float]:
    start = process_time()
    result = work(prepared)
    return result, process_time() - start


def _warm_up() -> None:
    """Load everything that is loaded when first needed: it is not the input's doing."""
    prompt = cnaps.PromptSpec(cnaps.Question("Is it “warm”?"), (cnaps.ModelRef("Lens"),))
    text = damage.apply(cnaps.render(prompt).replace("\n\n", "\n"), "windows-1252")
    for step in _steps(cnaps.parse(text)):
        step.work(cnaps.parse(text))


def _serve(requests: Iterable[str]) -> None:
    for request in requests:
        path, every_step = json.loads(request)
        sys.stdout.flush()
        child = os.fork()
        if child:
            _, status, used = os.wait4(child, 0)
            outcome = _outcome(os.waitstatus_to_exitcode(status))
            print(json.dumps([outcome, used.ru_utime + used.ru_stime]), flush=True)
        else:
            # Not a timer of the processor's time: while one runs, that is told in leaps.
            signal.alarm(_PATIENCE)
            os._exit(_answer(path, every_step=every_step))


def _outcome(code: int) -> str:
    if code == -signal.SIGALRM:
        return f"not done in {_PATIENCE} s"
    return f"killed by signal {-code}" if code < 0 else "failed" if code else ""


def _answer(path: str, *, every_step: bool) -> int:
    """Print what is measured on a file; return the exit status."""
    try:
        for measured in measure(path, every_step=every_step):
            print(json.dumps(measured), flush=True)
    except BaseException:  # noqa: BLE001 - the process that was copied must not go on in here
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    _warm_up()
    gc.disable()
    _serve(sys.stdin)
