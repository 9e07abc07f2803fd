"""What errors mean: from those of sockets, TLS and HTTP libraries to a `Failure`.

The errors of HTTP libraries are told by their names, which httpx, httpcore and httpx2 share: none
of them is needed here.
"""

from __future__ import annotations

import socket
import ssl

from cnaps.links._messages import Failure, Kind

__all__ = ["ConnectTimeout", "PrivateAddressError", "failure_of"]


class ConnectTimeout(TimeoutError):  # noqa: N818 - as all libraries call it
    """A connection was not there in time."""


class PrivateAddressError(OSError):
    """A host name has no address that may be asked."""


_UNKNOWN = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})

# By class, the first that fits; the names are those of httpx, which httpcore and httpx2 share.
_BY_CLASS: tuple[tuple[type[BaseException], Kind], ...] = (
    (PrivateAddressError, Kind.PRIVATE),
    (ssl.SSLError, Kind.TLS),
    (ssl.CertificateError, Kind.TLS),
    (ConnectionRefusedError, Kind.REFUSED),
    (ConnectionError, Kind.CLOSED),
    (TimeoutError, Kind.TIMEOUT),
    (UnicodeError, Kind.GARBAGE),
    (OSError, Kind.NETWORK),
)
_BY_NAME = {
    "TimeoutException": Kind.TIMEOUT,
    "ConnectError": Kind.NETWORK,
    "RemoteProtocolError": Kind.GARBAGE,
    "LocalProtocolError": Kind.GARBAGE,
    "NetworkError": Kind.CLOSED,
    "ReadError": Kind.CLOSED,
    "WriteError": Kind.CLOSED,
}
_DISCONNECTED = "disconnected"  # in the message of httpcore


def failure_of(error: BaseException) -> Failure:
    """Say what an error means, by the causes that it has.

    >>> failure_of(ConnectionRefusedError("no"))
    Failure(kind=<Kind.REFUSED: 'refused'>, detail='')
    """
    causes = _causes(error)
    if any(type(cause).__name__ == "ConnectTimeout" for cause in causes):
        return Failure(Kind.CONNECTING)
    for cause in causes:
        if isinstance(cause, socket.gaierror):
            unknown = cause.errno in _UNKNOWN
            return Failure(Kind.UNKNOWN_HOST if unknown else Kind.NAME_SERVICE)
    for kinds in _BY_CLASS:
        for cause in causes:
            if isinstance(cause, kinds[0]):
                return Failure(kinds[1], _detail(cause, kinds[1]))
    return _by_name(error)


def _by_name(error: BaseException) -> Failure:
    names = {kind.__name__ for kind in type(error).__mro__}
    kind = next((kind for name, kind in _BY_NAME.items() if name in names), Kind.GARBAGE)
    if kind is Kind.GARBAGE and _DISCONNECTED in str(error):
        kind = Kind.CLOSED
    return Failure(kind, _detail(error, kind))


def _detail(error: BaseException, kind: Kind) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (getattr(error, "reason", None) or "").replace("_", " ").lower()
    if isinstance(error, PrivateAddressError):
        return str(error)
    if isinstance(error, OSError) and kind is Kind.NETWORK:
        return (error.strerror or str(error)).lower()
    return str(error)[:200] if kind is Kind.GARBAGE else ""


_DEEPEST = 32  # errors, one from another


def _causes(error: BaseException) -> list[BaseException]:
    """Return an error, what it was raised from and what it groups, the outermost first."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < _DEEPEST:
        current = waiting.pop(0)
        if current is None or current in found:
            continue
        found.append(current)
        waiting += [current.__cause__, current.__context__]
        if isinstance(current, BaseExceptionGroup):
            waiting += current.exceptions
    return found
