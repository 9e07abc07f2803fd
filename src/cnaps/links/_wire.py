"""Connections, checked before they are made: bytes out, bytes in, and what they mean is for others.

What a name resolves to is judged, and what was judged is dialled: a second look-up might say
something else.
"""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from functools import partial
from ipaddress import ip_address
from typing import TYPE_CHECKING, cast

from cnaps.links._addresses import ip_of, why_refused
from cnaps.links._failures import ConnectTimeout, PrivateAddressError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator
    from concurrent.futures import Executor

__all__ = ["Wire", "dial"]

_CHUNK = 65_536  # bytes that may wait to be read, before the server has to


class Wire(asyncio.Protocol):
    """A connection. Less than asyncio's own streams, and so at half of their price."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._transport: asyncio.Transport | None = None
        self._got = bytearray()
        self._over = False
        self._error: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None

    # What asyncio calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take in that the connection is there."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Take in what came."""
        self._got += data
        if len(self._got) > _CHUNK:
            self._there.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Take in that nothing more comes; the transport closes itself."""
        self._over = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Take in that the connection is gone."""
        self._over = True
        self._error = exc
        self._wake()

    def _wake(self) -> None:
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    # What others call.

    @property
    def _there(self) -> asyncio.Transport:
        assert self._transport is not None  # noqa: S101 - before, nobody has it
        return self._transport

    @property
    def speaks_http2(self) -> bool:
        """Whether both sides agreed on that."""
        tls = self._there.get_extra_info("ssl_object")
        return tls is not None and tls.selected_alpn_protocol() == "h2"

    @property
    def is_quiet(self) -> bool:
        """Whether the other side has said nothing that was not read, and not hung up."""
        return not self._got and not self._over

    def write(self, data: bytes) -> None:
        """Send bytes; they are few, so that nobody waits for them to be gone."""
        self._there.write(data)

    async def read(self) -> bytes:
        """Return what came, waiting for it if need be; no bytes at the end."""
        while self.is_quiet:
            self._waiter = self._loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        if self._got:
            data = bytes(self._got)
            self._got.clear()
            self._there.resume_reading()
            return data
        if self._error is not None:
            raise self._error
        return b""

    def abort(self) -> None:
        """Hang up: an answer that is not read to its end is not worth a polite goodbye."""
        self._there.abort()


async def dial(
    host: str,
    port: int,
    tls: ssl.SSLContext | None,
    *,
    seconds: float,
    allow_private: bool,
    lookups: Executor,
) -> Wire:
    """Connect to a public address of a host.

    Args:
        host: A name, or an address without brackets.
        port: The port.
        tls: How to make the connection safe, or None to leave it as it is.
        seconds: How long each step may take: looking the host up, reaching one of its addresses,
            making the connection safe.
        allow_private: Whether private addresses may be connected to.
        lookups: Where hosts are looked up.

    Raises:
        PrivateAddressError: If the host has no address that may be asked.
        ConnectTimeout: If a step takes too long.
        OSError: If the host is unknown, or cannot be connected to.
    """
    async with _within(seconds):
        addresses = _public(await _look_up(host, port, lookups), allow_private=allow_private)
    errors: list[Exception] = []
    for address in addresses:
        try:
            async with _within(seconds / len(addresses)):
                plain = await _reach(address, port)
            break
        except OSError as error:
            errors.append(error)
    else:
        raise errors[0]
    name = host.rstrip(".") if tls else None  # certificates have no dot at the end
    loop = asyncio.get_running_loop()
    async with _within(seconds):
        _, wire = await loop.create_connection(Wire, sock=plain, ssl=tls, server_hostname=name)
    return wire


@asynccontextmanager
async def _within(seconds: float) -> AsyncGenerator[None]:
    """Limit the time for a step of connecting, and say so where it is over."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise ConnectTimeout from error


async def _reach(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(0)
        await asyncio.get_running_loop().sock_connect(plain, (address, port))
    except BaseException:
        plain.close()
        raise
    return plain


async def _look_up(host: str, port: int, lookups: Executor) -> list[str]:
    if ip_of(host) is not None:
        return [host]
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    infos = await asyncio.get_running_loop().run_in_executor(lookups, ask)
    return list(dict.fromkeys(str(info[4][0]) for info in infos))


def _public(addresses: list[str], *, allow_private: bool) -> list[str]:
    numbers = [ip_address(address.partition("%")[0]) for address in addresses]
    refused = [why_refused(number, allow_private=allow_private) for number in numbers]
    if all(refused):
        raise PrivateAddressError(refused[0] if refused else "no address")
    return [address for address, why in zip(addresses, refused, strict=True) if not why]
