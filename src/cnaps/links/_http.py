"""The one module that talks HTTP: a `Request` in, a `Reply` or a `Failure` out.

`Connections` keeps one small pool of connections for each origin: a pool looks through all of its
connections for every request, so that one pool for all hosts takes time that is quadratic.
`OwnClient` goes through a client of the user's, of httpx or of what has the same interface.

Neither follows redirects, and neither decides anything.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
import time
import zlib
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Mapping
from contextlib import asynccontextmanager
from contextvars import ContextVar
from importlib.metadata import version
from importlib.util import find_spec
from ipaddress import ip_address
from typing import Any, Protocol

from cnaps._extras import needs
from cnaps.links._addresses import ip_of, why_refused
from cnaps.links._messages import Failure, Kind, Reply, Request

with needs("links", "cnaps.links"):
    import httpx
with needs("links", "cnaps.links"):
    import httpcore

__all__ = ["Asker", "Connections", "OwnClient", "failure_of", "is_client"]

USER_AGENT = f"cnaps/{version('cnaps')} (+https://github.com/cnaps/cnaps)"

# Sent with every request; what the policy has goes before.
_HEADERS = {
    "User-Agent": USER_AGENT,
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip",
}

_CHUNK = 65_536
# Content that nobody wants is read all the same where that is cheaper than a new connection.
_WORTH_READING = 16_384
_WORTH_WAITING = 0.2  # seconds
_CONNECTING = 0.5  # of the time for a request; a server that cannot be reached is no case for GET
_IDLE = 15.0  # seconds for which a connection is kept for the next request
_MOST_ORIGINS = 256  # that have connections open, those with a request under way aside


class Asker(Protocol):
    """What turns a request into a reply or a failure."""

    async def ask(self, request: Request) -> Reply | Failure:
        """Make one request. Raises nothing that is the fault of a server or a network."""
        ...

    async def forget(self, origin: str) -> None:
        """Close the connections to an origin, which will not be asked again soon."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


class PrivateAddressError(OSError):
    """A host name has no address that may be asked."""


# Connections, checked before they are made.


@asynccontextmanager
async def _connecting(timeout: float | None) -> AsyncGenerator[None]:  # noqa: ASYNC109
    """Limit the time for a step of connecting, and say so where it is over."""
    try:
        async with asyncio.timeout(timeout):
            yield
    except TimeoutError as error:
        raise httpcore.ConnectTimeout from error


class _Stream(httpcore.AsyncNetworkStream):
    """A connection by way of asyncio's own streams, which cost less than those of anyio."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    # There is a deadline around each request, which these need not know.

    async def read(
        self,
        max_bytes: int,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> bytes:
        return await self._reader.read(max_bytes)

    async def write(
        self,
        buffer: bytes,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> None:
        try:
            self._writer.write(buffer)
            await self._writer.drain()
        except OSError as error:  # the answer may have come before
            raise httpcore.WriteError(str(error)) from error

    async def aclose(self) -> None:
        # An answer that is not read to its end is not worth a polite goodbye.
        self._writer.transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> _Stream:
        try:
            async with _connecting(timeout):
                await self._writer.start_tls(ssl_context, server_hostname=server_hostname)
        except BaseException:
            self._writer.transport.abort()
            raise
        return self

    def get_extra_info(self, info: str) -> Any:
        if info == "is_readable":  # which an idle connection is if it was closed
            return self._reader.at_eof() or self._reader.exception() is not None
        return self._writer.get_extra_info(info)


class _Backend(httpcore.AsyncNetworkBackend):
    """Connects to public addresses: what a name resolves to is checked, and that is dialled."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[Any] | None = None,  # noqa: ARG002
    ) -> _Stream:
        async with _connecting(timeout):
            addresses = await self._addresses(host, port)
        errors: list[Exception] = []
        for address in addresses:
            try:
                async with _connecting(timeout and timeout / len(addresses)):
                    _MADE.get([]).append(None)
                    return _Stream(*await asyncio.open_connection(address, port, limit=_CHUNK))
            except (OSError, httpcore.ConnectTimeout) as error:
                errors.append(error)
        raise errors[0]

    async def _addresses(self, host: str, port: int) -> list[str]:
        if ip_of(host) is not None:
            found = [host.strip("[]")]
        else:
            loop = asyncio.get_running_loop()
            infos = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found = list(dict.fromkeys(str(info[4][0]) for info in infos))
        refused = [self._why_refused(address) for address in found]
        if all(refused):
            raise PrivateAddressError(refused[0] if refused else "no address")
        return [address for address, why in zip(found, refused, strict=True) if not why]

    def _why_refused(self, address: str) -> str | None:
        number = ip_address(address.partition("%")[0])
        return why_refused(number, allow_private=self._allow_private)


# The connections that the request under way had made for it: none where it took an idle one.
_MADE: ContextVar[list[None]] = ContextVar("_MADE")


class Connections:
    """A pool of connections for each origin, and one TLS context for all.

    Args:
        per_host: How many connections one origin may have.
        allow_private: Whether private addresses may be connected to.
    """

    def __init__(self, *, per_host: int, allow_private: bool) -> None:
        self._per_host = per_host
        self._backend = _Backend(allow_private=allow_private)
        self._tls: ssl.SSLContext | None = None
        self._http2 = find_spec("h2") is not None
        self._pools: dict[str, tuple[httpcore.AsyncConnectionPool, list[None]]] = {}

    async def ask(self, request: Request) -> Reply | Failure:
        """Make one request."""
        try:
            async with asyncio.timeout(request.timeout) as deadline:
                return await self._ask(request, deadline)
        except Exception as error:  # noqa: BLE001 - nothing that a server does may end the run
            return failure_of(error)

    async def _ask(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        url = httpcore.URL(request.url)
        origin = request.url[: len(request.url) - len(url.target)]
        pool, active = self._pool(origin, tls=url.scheme == b"https")
        active.append(None)
        try:
            await self._trim()
            # A server may end an idle connection just when it is used again (RFC 9112, section
            # 9.6); there are no more of them than this.
            for _ in range(self._per_host):
                made = _MADE.set([])
                try:
                    return await _exchange(pool, url, request, deadline)
                except Exception as error:
                    if _MADE.get() or failure_of(error).kind is not Kind.CLOSED:
                        raise
                finally:
                    _MADE.reset(made)
            return await _exchange(pool, url, request, deadline)
        finally:
            active.pop()

    def _pool(self, origin: str, *, tls: bool) -> tuple[httpcore.AsyncConnectionPool, list[None]]:
        """Return the pool of an origin, and a list as long as it has requests under way."""
        found = self._pools.pop(origin, None)
        if found is None:
            if tls and self._tls is None:
                self._tls = httpx.create_ssl_context()
            pool = httpcore.AsyncConnectionPool(
                ssl_context=self._tls,
                max_connections=self._per_host,
                keepalive_expiry=_IDLE,
                http2=self._http2 and tls,
                network_backend=self._backend,
            )
            found = pool, []
        self._pools[origin] = found  # the last one asked stands last
        return found

    async def _trim(self) -> None:
        """Close the connections that were of no use for the longest time, if there are many."""
        if len(self._pools) > _MOST_ORIGINS:
            idle = (origin for origin, (_, active) in self._pools.items() if not active)
            oldest = next(idle, None)
            if oldest is not None:
                await self.forget(oldest)

    async def forget(self, origin: str) -> None:
        """Close the connections to an origin."""
        found = self._pools.get(origin)
        if found is not None and not found[1]:
            del self._pools[origin]
            await found[0].aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        while self._pools:
            _, (pool, _) = self._pools.popitem()
            await pool.aclose()


async def _exchange(
    pool: httpcore.AsyncConnectionPool,
    url: httpcore.URL,
    request: Request,
    deadline: asyncio.Timeout,
) -> Reply:
    """Make one request over one connection."""
    fields = _with_defaults(request.headers)
    headers = [(b"Host", _host_header(url))]
    headers += [(name.encode(), value.encode()) for name, value in fields.items()]
    timeouts = {"connect": request.timeout * _CONNECTING}
    response = await pool.handle_async_request(
        httpcore.Request(request.method, url, headers=headers, extensions={"timeout": timeouts})
    )
    try:
        names = [(name.lower(), value) for name, value in response.headers]
        stream = response.stream
        assert isinstance(stream, AsyncIterable)  # noqa: S101 - for the type checker
        return await _reply(request, response.status, names, stream, deadline)
    finally:
        await response.aclose()


def _host_header(url: httpcore.URL) -> bytes:
    if url.port is None:
        return url.host
    return b"%b:%d" % (url.host, url.port)


def _with_defaults(headers: Mapping[str, str]) -> dict[str, str]:
    names = {name.lower() for name in headers}
    own = {name: value for name, value in _HEADERS.items() if name.lower() not in names}
    return {**own, **headers}


# Replies.


async def _reply(
    request: Request,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    stream: AsyncIterable[bytes],
    deadline: asyncio.Timeout,
) -> Reply:
    """Make a reply of what came: the status counts, whatever happens to the content after it."""
    fields = _fields(headers)
    body, cut = b"", False
    length = fields.get("content-length", "")
    short = request.method == "HEAD" or (
        length.isascii() and length.isdigit() and float(length) <= _WORTH_READING
    )
    limit = request.body or (_WORTH_READING if short else 0)
    if limit:
        until = _a_bit_before(deadline, None if request.body else _WORTH_WAITING)
        body, cut = await _content(stream, fields, limit, until)
    return Reply(status, fields, body if request.body else b"", cut, time.time())


def _fields(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for raw, content in headers:
        name = raw.decode("ascii", "replace")
        value = content.decode("utf-8", "surrogateescape")
        if name in fields:
            value = fields[name] + ("\n" if name == "set-cookie" else ", ") + value
        fields[name] = value
    return fields


async def _content(
    stream: AsyncIterable[bytes], fields: dict[str, str], limit: int, until: float | None
) -> tuple[bytes, bool]:
    """Read the start of the content, decompressed, and tell whether there is more.

    Content that is broken, or does not end in time, is what there is of it.
    """
    inflate = _inflater(fields.get("content-encoding", "").strip().lower())
    body = bytearray()
    read = 0
    try:
        async with asyncio.timeout_at(until):
            async for chunk in stream:
                read += len(chunk)
                body += inflate(chunk, limit - len(body) + 1)
                if len(body) > limit or read > limit:
                    return bytes(body[:limit]), True
    except Exception:  # noqa: BLE001 - see above
        return bytes(body), True
    return bytes(body), False


def _a_bit_before(deadline: asyncio.Timeout, seconds: float | None) -> float | None:
    """Return when to stop reading, so that what was read counts."""
    when = deadline.when()
    end = None if when is None else when - 0.01
    if seconds is None:
        return end
    soon = asyncio.get_running_loop().time() + seconds
    return soon if end is None else min(soon, end)


def _inflater(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what undoes a content coding, a few bytes at a time: a bomb never goes off."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return lambda chunk, _: chunk
    # 47 is: gzip or zlib, whichever its head says.
    inflater = zlib.decompressobj(47)
    return inflater.decompress


# Failures.

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


# A client of the user's.


_CLIENT = ("build_request", "send", "aclose")  # the last tells it from a client for threads


def is_client(client: object) -> bool:
    """Tell whether an object is an asynchronous client: it builds requests and sends them."""
    return all(callable(getattr(client, name, None)) for name in _CLIENT)


class OwnClient:
    """Asks through a client or a transport of the user's.

    Args:
        client: An `httpx.AsyncClient`, or what has its `build_request` and `send`; or a
            transport, which has `handle_async_request`.
        allow_private: Whether an answer from a private address counts.

    Raises TypeError where the object is neither.
    """

    def __init__(self, client: Any, *, allow_private: bool) -> None:
        self._client = client if is_client(client) else _client_of(client)
        self._is_ours = self._client is not client
        self._allow_private = allow_private

    async def ask(self, request: Request) -> Reply | Failure:
        """Make one request."""
        try:
            async with asyncio.timeout(request.timeout) as deadline:
                return await self._ask(request, deadline)
        except Exception as error:  # noqa: BLE001 - nothing that a server does may end the run
            return failure_of(error)

    async def _ask(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        message = self._client.build_request(
            request.method,
            request.url,
            headers=_with_defaults(request.headers),
            timeout=request.timeout,
        )
        options: dict[str, Any] = {"stream": True, "follow_redirects": False}
        if not request.first_host:
            options["auth"] = None
            _drop_secrets(message.headers, request.headers)
        response = await self._client.send(message, **options)
        try:
            self._check(response)
            names = [(name.lower(), value) for name, value in response.headers.raw]
            return await _reply(request, response.status_code, names, _raw(response), deadline)
        finally:
            await response.aclose()

    def _check(self, response: Any) -> None:
        """Refuse an answer that comes from a private address, where the transport tells."""
        stream = response.extensions.get("network_stream")
        peer = None if stream is None else stream.get_extra_info("server_addr")
        address = ip_of(str(peer[0])) if isinstance(peer, tuple) and peer else None
        kind = address and why_refused(address, allow_private=self._allow_private)
        if kind:
            raise PrivateAddressError(kind)

    async def forget(self, origin: str) -> None:
        """Do nothing: the connections are the user's."""

    async def aclose(self) -> None:
        """Close the client, unless it is the user's."""
        if self._is_ours:
            await self._client.aclose()


async def _raw(response: Any) -> AsyncGenerator[bytes]:
    """Yield the content as it comes; an answer that somebody made up has all of it already."""
    if response.is_stream_consumed:
        yield response.content
        return
    async for chunk in response.aiter_raw():
        yield chunk


def _drop_secrets(headers: Any, ours: Mapping[str, str]) -> None:
    for name in ("authorization", "cookie", "proxy-authorization"):
        if name in headers and name not in {own.lower() for own in ours}:
            del headers[name]


def _client_of(transport: Any) -> Any:
    """Return a client for a transport, of the library that the transport comes from."""
    if not callable(getattr(transport, "handle_async_request", None)):
        raise TypeError(
            "client must be an httpx.AsyncClient or an asynchronous transport, or what has the "
            f"same interface, not {type(transport).__name__}"
        )
    for kind in type(transport).__mro__:
        library = sys.modules.get(kind.__module__.partition(".")[0])
        if hasattr(library, "AsyncClient"):
            return library.AsyncClient(transport=transport)  # type: ignore[union-attr]
    return httpx.AsyncClient(transport=transport)
