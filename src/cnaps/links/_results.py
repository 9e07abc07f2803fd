"""What a check says: verdicts, and the places where a link stands."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

if TYPE_CHECKING:
    from cnaps.spans import Span

__all__ = ["LinkResult", "Place", "Verdict"]


class Verdict(StrEnum):
    """What can be said of a link.

    Attributes:
        ALIVE: It leads somewhere.
        MOVED: It does, and every redirect on the way is permanent: `final_url` is its new address.
        DEAD: What it leads to is gone: 404, 410, or a host name that does not exist.
        UNREACHABLE: No answer that counts: a time-out, a refused or broken connection, TLS that
            cannot be verified, an error of the server, redirects that lead nowhere.
        RESTRICTED: It cannot be told: the server wants a login, blocks programs, or has had
            enough requests.
        MALFORMED: It is no address that can be asked.
        SKIPPED: It was not asked, because the policy says so.
    """

    ALIVE = "alive"
    MOVED = "moved"
    DEAD = "dead"
    UNREACHABLE = "unreachable"
    RESTRICTED = "restricted"
    MALFORMED = "malformed"
    SKIPPED = "skipped"


class Place(NamedTuple):
    """Where a link stands.

    Attributes:
        file: The file, or None for a value that did not come from one.
        path: The field, such as "models[0].github", or "" for none.
        span: Its characters, in the text of a document or of that field of a value.
    """

    file: str | None = None
    path: str = ""
    span: Span | None = None

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.path)))


@frozen
class LinkResult:
    """What was found out about one link.

    Attributes:
        url: The link as written; a user name or password in it is hidden, and control characters
            are escaped.
        verdict: What can be said of it.
        status: The HTTP status that it ended with, or None where it ended without an answer.
        final_url: The address where the redirects ended, or None where nothing was asked.
        redirects: How many redirects were followed.
        attempts: How many requests were made.
        elapsed: Seconds that the requests and the waits between them took; not the time spent in
            a queue behind other links.
        reason: Why this verdict, in one line.
        places: Where the link stands, in the order in which the targets were given.
        from_cache: Whether this comes from the cache, and no request was made.
    """

    url: str
    verdict: Verdict
    status: int | None = None
    final_url: str | None = None
    redirects: int = 0
    attempts: int = 0
    elapsed: float = 0.0
    reason: str = ""
    places: tuple[Place, ...] = ()
    from_cache: bool = False
