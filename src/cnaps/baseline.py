"""Findings that are known, so that only new ones count.

A baseline is a JSON file. For every file it has how often each finding is known: by its code, and
by a hash of the text at its place, or of its message where there is none. Neither lines nor what
stands around are in it, so that it goes on to hold when a file changes elsewhere, and when what
stands beside a finding is fixed.
"""

from __future__ import annotations

import json
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cnaps._files import write_atomically
from cnaps.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from os import PathLike

    from cnaps.diagnostics import Diagnostic

__all__ = ["Baseline", "read_baseline"]

_VERSION = 1
_LONGEST = 400  # characters of a place that count; a rule can point to a whole file


class _Known(NamedTuple):
    """What makes two findings one: the file, the code, and the hash."""

    file: str
    code: str
    hash: str


class Baseline:
    """The findings that are known, counted; a baseline never changes.

    >>> from cnaps import lint, read
    >>> doc = read("docs/examples/rain/prompt.txt")
    >>> found = lint(doc)
    >>> known = Baseline.of([("prompt.txt", doc.text, found)])
    >>> len(known), known.new("prompt.txt", doc.text, found)
    (3, ())
    """

    def __init__(self, counts: Mapping[_Known, int] | None = None) -> None:
        """Make a baseline of counts; users take `Baseline.of` or `read_baseline`."""
        self._counts: Counter[_Known] = Counter(counts)

    @classmethod
    def of(cls, findings: Iterable[tuple[str, str, Iterable[Diagnostic]]]) -> Baseline:
        """Make the baseline that knows all of these findings.

        Args:
            findings: Files, as a baseline shall name them, each with its text and what was found
                in it. Of a pair this is the text of the answer.
        """
        return cls(
            Counter(
                _known(file, text, diagnostic)
                for file, text, diagnostics in findings
                for diagnostic in diagnostics
            )
        )

    def __len__(self) -> int:
        """How many findings are known."""
        return self._counts.total()

    def __eq__(self, other: object) -> bool:
        return self._counts == other._counts if isinstance(other, Baseline) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(self._counts.items()))

    def __repr__(self) -> str:
        return f"<Baseline of {len(self):,} findings>"

    def new(
        self, file: str, text: str, diagnostics: Iterable[Diagnostic]
    ) -> tuple[Diagnostic, ...]:
        """Return the diagnostics of a file that are not known, in order.

        If a finding is known twice and there three times, the last one is new.
        """
        left: dict[_Known, int] = {}
        new: list[Diagnostic] = []
        for diagnostic in diagnostics:
            key = _known(file, text, diagnostic)
            count = left.setdefault(key, self._counts[key])
            if count:
                left[key] -= 1
            else:
                new.append(diagnostic)
        return tuple(new)

    def pruned(self, current: Baseline) -> Baseline:
        """Return this baseline without what does not occur any more.

        Args:
            current: The baseline of what is found now.
        """
        return Baseline(self._counts & current._counts)

    def dumps(self) -> str:
        """Return the baseline as JSON: sorted, so that equal ones are equal texts."""
        files: dict[str, dict[str, dict[str, int]]] = {}
        for (file, code, found), count in sorted(self._counts.items()):
            files.setdefault(file, {}).setdefault(code, {})[found] = count
        return f"{json.dumps({'version': _VERSION, 'files': files}, indent=2)}\n"

    def write(self, path: str | PathLike[str]) -> None:
        """Write the baseline to a file, atomically; raise OSError where that is not possible."""
        write_atomically(path, self.dumps().encode())


def _known(file: str, text: str, diagnostic: Diagnostic) -> _Known:
    # Of what is missing, and of a whole file, only the message says what it is about.
    content = diagnostic.span.of(text)[:_LONGEST] or diagnostic.message
    data = f"{diagnostic.code}\0{content}".encode("utf-8", "surrogatepass")
    return _Known(file, diagnostic.code, blake2b(data, digest_size=8).hexdigest())


def read_baseline(path: str | PathLike[str]) -> Baseline:
    """Read a baseline.

    Raises:
        OSError: If the file cannot be read.
        SettingsError: If it is no baseline, or one of a newer version.
    """
    try:
        data = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise SettingsError(f"it is no JSON: {error}", path=path) from None
    if not isinstance(data, dict) or data.keys() != {"version", "files"}:
        raise SettingsError(_SHAPE, path=path, hint=_HINT)
    if data["version"] != _VERSION:
        reason = f"version {data['version']!r} of baselines is not known, only {_VERSION}"
        raise SettingsError(reason, path=path, key="version", hint=_HINT)
    return Baseline(_counts(data["files"], path))


_SHAPE = "it is no baseline: it takes counts by file, code and hash"
_HINT = "write the baseline again"


def _counts(files: Any, path: str | PathLike[str]) -> dict[_Known, int]:
    counts: dict[_Known, int] = {}
    try:
        for file, codes in files.items():
            for code, hashes in codes.items():
                for found, count in hashes.items():
                    if type(count) is not int or count < 1:
                        raise SettingsError(_SHAPE, path=path, key=f"files.{file}.{code}")
                    counts[_Known(file, code, found)] = count
    except AttributeError:
        raise SettingsError(_SHAPE, path=path, key="files", hint=_HINT) from None
    return counts
