"""Results that are kept for later runs, in one SQLite file.

Each result is on the disk before anybody hears of it. The file may be shared by processes, and a
process that is killed leaves it in order: SQLite's write-ahead log sees to both
(https://www.sqlite.org/wal.html).
"""

from __future__ import annotations

import json
import sqlite3
import time
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import evolve

from cnaps.links._results import Verdict
from cnaps.links._verdict import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

__all__ = ["LIFETIMES", "Cache", "Kept", "is_fresh"]

_HOUR = 3600.0
_DAY = 24 * _HOUR

#: Seconds for which a result holds; what is not here is not kept at all.
LIFETIMES: Mapping[Verdict, float] = {
    Verdict.ALIVE: 7 * _DAY,
    Verdict.MOVED: 7 * _DAY,
    Verdict.DEAD: _DAY,
    Verdict.RESTRICTED: _DAY,
    Verdict.UNREACHABLE: _HOUR,
}

_APPLICATION = 0x636E6170  # "cnap": the file is ours
_SCHEMA = 1
_PATIENCE = 10.0  # seconds to wait for another process that writes
_A_MOMENT = 0.01  # seconds

_TABLE = """
CREATE TABLE IF NOT EXISTS links (
    url TEXT PRIMARY KEY,
    verdict TEXT NOT NULL,
    status INTEGER,
    final_url TEXT,
    redirects INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    elapsed REAL NOT NULL,
    reason TEXT NOT NULL,
    validators TEXT NOT NULL,
    checked REAL NOT NULL
) WITHOUT ROWID
"""
_COLUMNS = "verdict, status, final_url, redirects, attempts, elapsed, reason, validators, checked"
_GET = f"SELECT {_COLUMNS} FROM links WHERE url = ?"  # noqa: S608 - names of ours
_PUT = f"INSERT OR REPLACE INTO links (url, {_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?)"  # noqa: S608


class Kept(NamedTuple):
    """What the cache has on a link.

    Attributes:
        finding: What was found out.
        age: Seconds since then.
    """

    finding: Finding
    age: float


def is_fresh(kept: Kept | None) -> bool:
    """Tell whether there is a result, and it still holds.

    A clock that was set back since makes a result new, and never keeps it for ever.
    """
    return kept is not None and abs(kept.age) < LIFETIMES.get(kept.finding.verdict, 0.0)


def _finding(verdict: str, *fields: Any) -> Finding:
    return evolve(Finding(Verdict(verdict), *fields), from_cache=True)


class Cache:
    """Results by link, in a file that is made if it is not there.

    Args:
        path: The file.
        now: Seconds since 1970.

    Raises:
        ValueError: If the file is something else.
        OSError: If it cannot be opened.
    """

    def __init__(self, path: Path, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._now = now
        try:
            self._connection = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        except sqlite3.OperationalError as error:
            raise OSError(f"the cache of links {path} cannot be opened: {error}") from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def _prepare(self) -> None:
        try:
            self._take_over()
            self._write_ahead()
            self._connection.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.OperationalError as error:
            raise OSError(f"the cache of links {self._path} cannot be used: {error}") from error
        except sqlite3.DatabaseError as error:
            raise ValueError(f"{self._path} is no cache of links: {error}") from error

    def _take_over(self) -> None:
        """Make the table; a cache of another version starts anew."""
        with self._connection:
            self._connection.execute("BEGIN IMMEDIATE")
            owner, schema, tables = (
                self._connection.execute(question).fetchone()[0]
                for question in (
                    "PRAGMA application_id",
                    "PRAGMA user_version",
                    "SELECT count(*) FROM sqlite_master",
                )
            )
            if owner != _APPLICATION and tables:
                raise sqlite3.DatabaseError("another program's data are in it")
            if schema != _SCHEMA:
                self._connection.execute("DROP TABLE IF EXISTS links")
            self._connection.execute(_TABLE)
            self._connection.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._connection.execute(f"PRAGMA user_version = {_SCHEMA}")

    def _write_ahead(self) -> None:
        """Keep a log beside the file; SQLite waits for other processes everywhere but here."""
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(_A_MOMENT)
            else:
                return

    def get(self, url: str) -> Kept | None:
        """Return what is known of a link, however old; None where that is nothing.

        Warns where the file is damaged: then nothing is known.
        """
        try:
            row = self._connection.execute(_GET, (url,)).fetchone()
            return None if row is None else self._kept(*row)
        except (sqlite3.Error, ValueError, TypeError) as error:
            self._warn("cannot be read", error)
            return None

    def _kept(self, *row: Any) -> Kept:
        *fields, validators, checked = row
        finding = evolve(_finding(*fields), validators=json.loads(validators))
        return Kept(finding, self._now() - checked)

    def put(self, url: str, finding: Finding) -> None:
        """Keep what was found out; it is on the disk when this returns.

        Warns where that is not possible: the result counts all the same.
        """
        if finding.verdict not in LIFETIMES:
            return
        row = (
            url,
            str(finding.verdict),
            finding.status,
            finding.final_url,
            finding.redirects,
            finding.attempts,
            finding.elapsed,
            finding.reason,
            json.dumps(dict(finding.validators)),
            self._now(),
        )
        try:
            self._connection.execute(_PUT, row)
        except sqlite3.Error as error:
            self._warn("does not take results", error)

    def _warn(self, trouble: str, error: Exception) -> None:
        warnings.warn(f"the cache of links {self._path} {trouble}: {error}", stacklevel=3)

    def close(self) -> None:
        """Close the file."""
        self._connection.close()
