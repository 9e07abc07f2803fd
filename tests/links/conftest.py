"""What tests of the link checker share: the server, its certificates, and names that do not exist.

No test leaves the machine: names that a test did not make up are unknown, and a connection to
anything but loopback is refused and fails the test.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import pytest

from tests.links.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# --- where connections go -------------------------------------------------------------------------


class OutsideError(OSError):
    """A test tried to leave the machine."""


class _Guard:
    """Listens in on every connection of this process while it is on."""

    def __init__(self) -> None:
        self.on = False
        self.attempts: list[str] = []
        sys.addaudithook(self._hear)  # they cannot be taken back, so there is one

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or event != "socket.connect" or not isinstance(arguments[1], tuple):
            return
        address = arguments[1][0]
        self.attempts.append(address)
        if not _is_loopback(address):
            raise OutsideError(f"a connection to {address}")


def _is_loopback(address: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


_GUARD = _Guard()


@pytest.fixture(autouse=True)
def connections() -> Iterator[list[str]]:
    """The addresses that were connected to, loopback all of them."""
    _GUARD.attempts.clear()
    _GUARD.on = True
    yield _GUARD.attempts
    _GUARD.on = False
    assert all(map(_is_loopback, _GUARD.attempts)), _GUARD.attempts


# --- names ----------------------------------------------------------------------------------------

Answer = list[str] | int
"""Addresses that a name resolves to, or the error of `socket.getaddrinfo` (`socket.EAI_…`)."""


class Names(dict[str, "Answer | Callable[[], Answer]"]):
    """Names and what they resolve to; a function is asked every time.

    Attributes:
        asked: The names that were looked up, addresses left out.
    """

    def __init__(self) -> None:
        super().__init__(localhost=["127.0.0.1"])
        self.asked: list[str] = []

    def resolve(self, name: str) -> list[str]:
        self.asked.append(name)
        answer = self.get(name.rstrip(".").lower(), socket.EAI_NONAME)
        answer = answer if isinstance(answer, list | int) else answer()
        if isinstance(answer, int):
            raise socket.gaierror(answer, "made up")
        return answer


@pytest.fixture(autouse=True)
def names(monkeypatch: pytest.MonkeyPatch) -> Names:
    """Make up names; all others are unknown, those of the real world too."""
    made_up = Names()
    real = socket.getaddrinfo

    def getaddrinfo(host: bytes | str | None, port: Any, *rest: Any, **named: Any) -> Any:
        name = host.decode("idna") if isinstance(host, bytes) else host
        found = [name] if name is None or _is_address(name) else made_up.resolve(name)
        return [info for address in found for info in real(address, port, *rest, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return made_up


def _is_address(name: str) -> bool:
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name.partition("%")[0]))
    return False


# --- the server -----------------------------------------------------------------------------------

_NAMES = ("127.0.0.1", "::1", "localhost", "secure.test")
_LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)


@attrs.frozen
class Certificates:
    """An authority, and servers that it vouches for or does not.

    Attributes:
        authority: The file to trust.
        servers: TLS contexts by what is to be said of them.
    """

    authority: Path
    servers: dict[str, ssl.SSLContext]


@pytest.fixture(scope="session")
def certificates(
    tmp_path_factory: pytest.TempPathFactory,
) -> Certificates:
    trustme = pytest.importorskip("trustme")
    authority = trustme.CA()
    path = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.cert_pem.write_to_path(path)
    leaves = {
        "trusted": authority.issue_cert(*_NAMES),
        "untrusted": trustme.CA().issue_cert(*_NAMES),
        "expired": authority.issue_cert(
            *_NAMES, not_before=_LONG_AGO, not_after=_LONG_AGO.replace(year=2002)
        ),
        "other-name": authority.issue_cert("somewhere-else.test"),
        "http2": authority.issue_cert(*_NAMES),
    }
    contexts = {name: ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) for name in leaves}
    for name, leaf in leaves.items():
        leaf.configure_cert(contexts[name])
    contexts["http2"].set_alpn_protocols(["h2", "http/1.1"])
    return Certificates(path, contexts)


@pytest.fixture
def server() -> Iterator[Server]:
    """A plain server on one address."""
    with Server() as made:
        yield made


@pytest.fixture
def secure_server(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A plain server and TLS servers; the authority is trusted."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    with Server(certificates.servers) as made:
        yield made
