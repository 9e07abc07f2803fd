"""What goes between deciding and doing: requests, replies and failures."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Literal

from attrs import Factory, frozen

from cnaps.links._urls import HttpUrl

__all__ = ["Failure", "Kind", "Method", "Reply", "Request"]

Method = Literal["HEAD", "GET"]


@frozen
class Request:
    """One request.

    Attributes:
        method: HEAD or GET.
        url: The address; its fragment is not sent.
        headers: What to send beside what every request has.
        timeout: Seconds until the answer must be there, connecting included.
        body: How many bytes of content are wanted, after decompression; 0 for none.
        first_host: Whether this is the host that the link names: only there may the credentials
            of a user's own client go along.
    """

    method: Method
    url: HttpUrl
    headers: Mapping[str, str]
    timeout: float
    body: int = 0
    first_host: bool = True


@frozen
class Reply:
    """An answer.

    Attributes:
        status: The HTTP status.
        headers: Names in lower case; bytes that are not UTF-8 are surrogates.
        body: The start of the content, decompressed, if it was wanted.
        cut: Whether there is more of it than that.
        at: When it came, in seconds since 1970.
    """

    status: int
    headers: Mapping[str, str] = Factory(dict)
    body: bytes = b""
    cut: bool = False
    at: float = 0.0


class Kind(StrEnum):
    """What can go wrong before there is an answer."""

    TIMEOUT = "timeout"
    CONNECTING = "connecting"
    REFUSED = "refused"
    CLOSED = "closed"
    NETWORK = "network"
    TLS = "tls"
    GARBAGE = "garbage"
    UNKNOWN_HOST = "unknown host"
    NAME_SERVICE = "name service"
    # Not asked at all.
    PRIVATE = "private"
    ENOUGH = "enough"


@frozen
class Failure:
    """No answer.

    Attributes:
        kind: What went wrong.
        detail: The same in the words of whoever noticed, or "".
    """

    kind: Kind
    detail: str = ""
