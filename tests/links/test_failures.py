"""What errors of sockets, TLS and HTTP libraries mean, by their causes."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from typing import Any

import pytest

pytest.importorskip("httpx")

import httpcore
import httpx

from cnaps.links._failures import PrivateAddressError, failure_of
from cnaps.links._http import OwnClient
from cnaps.links._messages import Failure, Kind, Reply, Request
from cnaps.links._urls import HttpUrl, read_url


def caused(outer: Exception, inner: BaseException) -> Exception:
    outer.__cause__ = inner
    return outer


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


ERRORS: list[tuple[BaseException, Failure]] = [
    (TimeoutError(), Failure(Kind.TIMEOUT)),
    (httpx.ReadTimeout(""), Failure(Kind.TIMEOUT)),
    (httpx.PoolTimeout(""), Failure(Kind.TIMEOUT)),
    (httpx.ConnectTimeout(""), Failure(Kind.CONNECTING)),
    (caused(httpcore.ConnectTimeout(), TimeoutError()), Failure(Kind.CONNECTING)),
    (ConnectionRefusedError(), Failure(Kind.REFUSED)),
    (caused(httpx.ConnectError("x"), ConnectionRefusedError()), Failure(Kind.REFUSED)),
    (
        caused(httpx.ConnectError("x"), ExceptionGroup("x", [ConnectionRefusedError()])),
        Failure(Kind.REFUSED),
    ),
    (ConnectionResetError(), Failure(Kind.CLOSED)),
    (BrokenPipeError(), Failure(Kind.CLOSED)),
    (httpcore.ReadError(""), Failure(Kind.CLOSED)),
    (httpx.WriteError(""), Failure(Kind.CLOSED)),
    (
        httpcore.RemoteProtocolError("Server disconnected without sending a response."),
        Failure(Kind.CLOSED),
    ),
    (httpcore.RemoteProtocolError("no"), Failure(Kind.GARBAGE, "no")),
    (httpx.LocalProtocolError("no"), Failure(Kind.GARBAGE, "no")),
    (ValueError("a surprise"), Failure(Kind.GARBAGE, "a surprise")),
    (
        OSError(errno.ENETUNREACH, "Network is unreachable"),
        Failure(Kind.NETWORK, "network is unreachable"),
    ),
    (httpx.ConnectError("no"), Failure(Kind.NETWORK)),
    (socket.gaierror(socket.EAI_NONAME, "no"), Failure(Kind.UNKNOWN_HOST)),
    (socket.gaierror(socket.EAI_AGAIN, "no"), Failure(Kind.NAME_SERVICE)),
    (
        caused(httpx.ConnectError("x"), socket.gaierror(socket.EAI_NONAME, "no")),
        Failure(Kind.UNKNOWN_HOST),
    ),
    (untrusted(), Failure(Kind.TLS, "self-signed certificate")),
    (caused(httpx.ConnectError("x"), untrusted()), Failure(Kind.TLS, "self-signed certificate")),
    (ssl.SSLError(1, "[SSL] x"), Failure(Kind.TLS)),
    (PrivateAddressError("a private address"), Failure(Kind.PRIVATE, "a private address")),
]


@pytest.mark.parametrize(("error", "failure"), ERRORS)
def test_errors(error: BaseException, failure: Failure) -> None:
    assert failure_of(error) == failure


def test_errors_that_cause_each_other_end() -> None:
    error = httpx.ConnectError("x")
    error.__cause__ = caused(httpx.ConnectError("y"), error)
    assert failure_of(error).kind is Kind.NETWORK


# --- a client of one's own ------------------------------------------------------------------------


def address(text: str) -> HttpUrl:
    url = read_url(text)
    assert isinstance(url, HttpUrl)
    return url


REQUEST = Request("GET", address("https://a.example/"), {}, 1.0, 100)


class Response:
    """The least that an answer of a client has."""

    is_stream_consumed = True
    status_code = 200
    content = b"a page"

    def __init__(self, peer: Any = None, headers: list[tuple[bytes, bytes]] | None = None) -> None:
        self.extensions = {} if peer is None else {"network_stream": self}
        self.headers = self
        self.raw = headers or []
        self._peer = peer
        self.closed = False

    def get_extra_info(self, name: str) -> Any:
        assert name == "server_addr"
        return self._peer

    async def aclose(self) -> None:
        self.closed = True


class Client:
    """The least that a client has."""

    def __init__(self, response: Response) -> None:
        self.response = response

    def build_request(self, *_: object, **__: object) -> Client:
        return self

    async def send(self, *_: object, **__: object) -> Response:
        return self.response

    async def aclose(self) -> None:
        raise AssertionError("it is the user's")


def answer(response: Response, *, allow_private: bool = False) -> Reply | Failure:
    async def ask() -> Reply | Failure:
        own = OwnClient(Client(response), allow_private=allow_private)
        try:
            return await own.ask(REQUEST)
        finally:
            await own.aclose()

    outcome = asyncio.run(ask())
    assert response.closed
    return outcome


def test_the_least_that_a_client_has() -> None:
    outcome = answer(Response(("8.8.8.8", 443), [(b"X", b"1"), (b"x", b"\xff")]))
    assert isinstance(outcome, Reply)
    assert (outcome.status, outcome.body) == (200, b"a page")
    assert outcome.headers == {"x": "1, \udcff"}


@pytest.mark.parametrize(
    ("peer", "allow_private", "refused"),
    [
        (("10.0.0.1", 443), False, True),
        (("10.0.0.1", 443), True, False),
        (("::1", 443, 0, 0), False, True),
        (("169.254.169.254", 80), True, True),
        ("/run/socket", False, False),
        ((), False, False),
        (("proxy.example", 443), False, False),
    ],
)
def test_an_answer_from_a_private_address_does_not_count(
    peer: Any, allow_private: bool, refused: bool
) -> None:
    outcome = answer(Response(peer), allow_private=allow_private)
    assert isinstance(outcome, Failure) == refused


def test_a_transport_of_no_known_library() -> None:
    class Transport:
        async def handle_async_request(self, _: httpx.Request) -> httpx.Response:
            return httpx.Response(204)

        async def aclose(self) -> None:
            pass

    async def ask() -> Reply | Failure:
        own = OwnClient(Transport(), allow_private=False)
        outcome = await own.ask(REQUEST)
        own.forget("https://a.example")
        await own.aclose()
        return outcome

    outcome = asyncio.run(ask())
    assert isinstance(outcome, Reply)
    assert outcome.status == 204


def test_what_a_client_sends_everywhere_does_not_go_along_to_another_host() -> None:
    told: dict[str, list[str | None]] = {}

    def answer(request: httpx.Request) -> httpx.Response:
        told.setdefault(request.url.host, []).append(request.headers.get("authorization"))
        return httpx.Response(200)

    async def ask() -> None:
        headers = {"Authorization": "hush"}
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(headers=headers, transport=transport) as client:
            own = OwnClient(client, allow_private=False)
            for host, is_first in (("a.example", True), ("b.example", False)):
                await own.ask(Request("HEAD", address(f"https://{host}/"), {}, 5.0, 0, is_first))

    asyncio.run(ask())
    assert told == {"a.example": ["hush"], "b.example": [None]}
