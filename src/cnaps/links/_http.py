"""The one module that talks HTTP: a `Request` in, a `Reply` or a `Failure` out.

`Connections` has connections of its own, which h11 makes sense of, and httpcore where a server
speaks HTTP/2. The pools of httpx and httpcore take half of the time for a request, and one for all
hosts takes time that is quadratic. `OwnClient` goes through a client of the user's, of httpx or of
what has the same interface.

Neither follows redirects, and neither decides anything.
"""

from __future__ import annotations

import asyncio
import sys
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from importlib.metadata import version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Protocol

from cnaps._extras import needs
from cnaps.links._addresses import ip_of, why_refused
from cnaps.links._failures import PrivateAddressError, failure_of
from cnaps.links._messages import Failure, Kind, Reply, Request
from cnaps.links._wire import Wire, dial

with needs("links", "cnaps.links"):
    import h11
    import httpcore
    import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import (
        AsyncGenerator,
        AsyncIterable,
        Awaitable,
        Callable,
        Iterable,
        Mapping,
    )

    from cnaps.links._urls import HttpUrl

__all__ = ["Asker", "Connections", "OwnClient", "is_client"]

USER_AGENT = f"cnaps/{version('cnaps')} (+https://github.com/cnaps/cnaps)"

# Sent with every request; what the policy has goes before.
_DEFAULTS = [
    ("User-Agent", USER_AGENT),
    ("Accept", "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8"),
    ("Accept-Encoding", "gzip"),
]

_SUCCESS = 2  # the hundreds of a status with content that tells something
_LONGEST_HEAD = 102_400  # bytes
_MOST_EARLY = 10  # answers before the answer, such as 103
# Content that nobody wants is read all the same where that is cheaper than a new connection.
_WORTH_READING = 16_384
_WORTH_WAITING = 0.2  # seconds
_PIECE = 64  # bytes of content that cost as much as it costs to take in a piece of it
_CONNECTING = 0.5  # of the time for a request; a server that cannot be reached is no case for GET
_IDLE = 15.0  # seconds for which a connection is kept for the next request
_MOST_LOOKUPS = 64  # of names, at once
_MOST_ORIGINS = 256  # that have connections open, those with a request under way aside


class Asker(Protocol):
    """What turns a request into a reply or a failure."""

    async def ask(self, request: Request) -> Reply | Failure:
        """Make one request. Raises nothing that is the fault of a server or a network."""
        ...

    def forget(self, origin: str) -> None:
        """Close the connections to an origin, which will not be asked again soon."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


# Own connections.


class _Connection(Protocol):
    """What requests go over."""

    is_shared: bool  # whether several can at once

    @property
    def is_ready(self) -> bool:
        """Whether another request can go over it."""
        ...

    async def exchange(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        """Make one request."""
        ...

    def close(self) -> None:
        """Close the connection, or have it closed with its last request."""
        ...


class _Http1:
    """A connection over which one request goes after the other (RFC 9112)."""

    is_shared = False

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._h11 = h11.Connection(h11.CLIENT, max_incomplete_event_size=_LONGEST_HEAD)
        self._loop = asyncio.get_running_loop()
        self._good_until = self._loop.time() + _IDLE
        self._usual: Any = None  # what most requests send, as h11 has checked it

    @property
    def is_ready(self) -> bool:
        return (
            self._h11.our_state is h11.IDLE
            and self._wire.is_quiet
            and self._loop.time() < self._good_until
        )

    async def exchange(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        self._send(request)
        response = await self._response()
        if request.method == "HEAD":
            self._h11.next_event()  # its end
        content = self if self._h11.their_state is h11.SEND_BODY else None
        reply = await _reply(request, response.status_code, response.headers, content, deadline)
        self._end()
        return reply

    def _send(self, request: Request) -> None:
        fields = self._usual if self._usual and not request.headers else _fields_of(request)
        head = h11.Request(method=request.method, target=request.url.target, headers=fields)
        if not request.headers:
            self._usual = head.headers
        self._wire.write(self._h11.send(head) or b"")
        self._h11.send(h11.EndOfMessage())

    async def _response(self) -> h11.Response:
        for _ in range(_MOST_EARLY):
            event = await self._event()
            if isinstance(event, h11.Response):
                return event
        raise h11.RemoteProtocolError("one early response after another")

    async def _event(self) -> object:
        while (event := self._h11.next_event()) is h11.NEED_DATA:
            data = await self._wire.read()
            if not data and self._h11.their_state is h11.SEND_RESPONSE:
                raise ConnectionResetError
            self._h11.receive_data(data)
        return event

    def __aiter__(self) -> _Http1:
        """Give the content of the answer in pieces."""
        return self

    async def __anext__(self) -> bytes:
        event = await self._event()
        if isinstance(event, h11.Data):
            return bytes(event.data)
        raise StopAsyncIteration

    def _end(self) -> None:
        """Make ready for the next request, where nothing is left of the last one."""
        if self._h11.states == _DONE and not self._h11.trailing_data[0]:
            self._h11.start_next_cycle()
            self._good_until = self._loop.time() + _IDLE

    def close(self) -> None:
        self._wire.abort()


_DONE = {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}


class _Stream(httpcore.AsyncNetworkStream):
    """A connection as httpcore wants it; there is a deadline around each request."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        return await self._wire.read()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        self._wire.write(buffer)

    async def aclose(self) -> None:
        self._wire.abort()


class _Streams(httpcore.AsyncHTTP2Connection):
    """The connection of httpcore, which also tells the server that nobody reads on.

    Otherwise what the server goes on to send takes all the room that a connection has for what was
    not read, and holds up the other answers (RFC 9113, section 5.2). httpcore 1 has no public way.
    """

    async def give_up(self, request: httpcore.Request, stream: int) -> None:
        """End an answer of which nothing more is read."""
        from h2.errors import ErrorCodes
        from h2.events import DataReceived
        from h2.exceptions import ProtocolError

        with suppress(ProtocolError):  # the server has ended it in the meantime
            for event in self._events.get(stream, ()):  # none where reading was broken off
                if isinstance(event, DataReceived):
                    length = event.flow_controlled_length or 0
                    self._h2_state.acknowledge_received_data(length, stream)
            self._h2_state.reset_stream(stream, ErrorCodes.CANCEL)
        await self._write_outgoing_data(request)


class _Http2:
    """A connection that requests share (RFC 9113).

    Where an answer was not read to its end, it takes no more requests: some servers do not stop.
    """

    is_shared = True

    def __init__(self, wire: Wire, url: HttpUrl) -> None:
        self._wire = wire
        self._inner = _Streams(
            httpcore.URL(url.origin).origin, _Stream(wire), keepalive_expiry=_IDLE
        )
        self._under_way = 0
        self._is_spoilt = False

    @property
    def is_ready(self) -> bool:
        return not self._is_spoilt and self._inner.is_available() and not self._inner.has_expired()

    async def exchange(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        self._under_way += 1
        is_whole = False
        try:
            reply, is_whole = await self._exchange(request, deadline)
        except httpcore.ConnectionNotAvailable as error:
            raise ConnectionResetError from error
        except httpcore.RemoteProtocolError as error:
            raise (ConnectionResetError if _is_reset(error) else error) from error.__cause__
        finally:
            self._under_way -= 1
            self._is_spoilt |= not is_whole
        return reply

    async def _exchange(self, request: Request, deadline: asyncio.Timeout) -> tuple[Reply, bool]:
        asked = httpcore.Request(request.method, request.url.url, headers=_fields_of(request))
        response = await self._inner.handle_async_request(asked)
        content = _Watched(response.stream)
        try:
            headers = [(name.lower(), value) for name, value in response.headers]
            reply = await _reply(request, response.status, headers, content, deadline)
        finally:
            if not content.is_over:
                await self._inner.give_up(asked, response.extensions["stream_id"])
            await response.aclose()
        return reply, content.is_over

    def close(self) -> None:
        self._is_spoilt = True
        if not self._under_way:
            self._wire.abort()


def _is_reset(error: httpcore.RemoteProtocolError) -> bool:
    """Tell whether a server ended a request or the connection, as HTTP/2 has it."""
    from h2.events import ConnectionTerminated, StreamReset

    return isinstance(error.args[0], ConnectionTerminated | StreamReset)


class _Watched:
    """Content, and whether all of it was read."""

    def __init__(self, content: Any) -> None:
        self._content = content
        self.is_over = False

    async def __aiter__(self) -> AsyncGenerator[bytes]:
        async for chunk in self._content:
            yield chunk
        self.is_over = True


class _Site:
    """The connections to one origin: as many as it gets requests at once.

    Args:
        dial: Makes a connection.
        may_share: Whether requests may turn out to share one (HTTP/2).
    """

    def __init__(self, dial: Callable[[float], Awaitable[_Connection]], *, may_share: bool) -> None:
        self._dial = dial
        self._may_share = may_share
        self._first = asyncio.Lock()
        self._kept: list[_Connection] = []
        self.under_way = 0

    async def ask(self, request: Request, deadline: asyncio.Timeout) -> Reply:
        """Make one request."""
        self.under_way += 1
        try:
            # A server may end an idle connection just when it is used again (RFC 9112, section
            # 9.6): that is no answer, and no request has been made.
            while (kept := self._take()) is not None:
                try:
                    return await self._over(kept, request, deadline)
                except Exception as error:
                    if failure_of(error).kind is not Kind.CLOSED:
                        raise
            return await self._over(await self._new(request.timeout), request, deadline)
        finally:
            self.under_way -= 1

    def _take(self) -> _Connection | None:
        """Return a connection that can be used again, the one that was used last."""
        while self._kept:
            connection = self._kept[-1]
            if connection.is_ready and connection.is_shared:
                return connection
            self._kept.pop()
            if connection.is_ready:
                return connection
            connection.close()
        return None

    async def _new(self, timeout: float) -> _Connection:  # noqa: ASYNC109
        """Make a connection. All wait for the first one, as there may be no need for more."""
        if self._may_share:
            async with self._first:
                kept = self._take()
                if kept is not None:
                    return kept
                if self._may_share:
                    return await self._made_first(timeout)
        return await self._dial(timeout)

    async def _made_first(self, timeout: float) -> _Connection:  # noqa: ASYNC109
        shares = False
        try:
            made = await self._dial(timeout)
            shares = made.is_shared
        finally:
            self._may_share = shares
        return made

    async def _over(
        self, connection: _Connection, request: Request, deadline: asyncio.Timeout
    ) -> Reply:
        if connection.is_shared and connection not in self._kept:
            self._kept.append(connection)
        try:
            return await connection.exchange(request, deadline)
        finally:
            if not connection.is_ready:
                connection.close()
            elif not connection.is_shared:
                self._kept.append(connection)

    def close(self) -> None:
        """Close the connections."""
        while self._kept:
            self._kept.pop().close()


class Connections:
    """Connections to each origin, and one TLS context for all.

    Args:
        allow_private: Whether private addresses may be connected to.
    """

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._tls: ssl.SSLContext | None = None
        self._http2 = find_spec("h2") is not None
        # asyncio's own has few threads, and a name server that is silent holds one for long.
        self._lookups = ThreadPoolExecutor(_MOST_LOOKUPS, thread_name_prefix="cnaps.links")
        self._sites: dict[str, _Site] = {}

    async def ask(self, request: Request) -> Reply | Failure:
        """Make one request."""
        try:
            async with asyncio.timeout(request.timeout) as deadline:
                return await self._site(request.url).ask(request, deadline)
        except Exception as error:  # noqa: BLE001 - nothing that a server does may end the run
            return failure_of(error)

    def _site(self, url: HttpUrl) -> _Site:
        """Return the connections to an origin; those of no use for long are closed for them."""
        origin = url.origin
        site = self._sites.pop(origin, None)
        if site is None:
            may_share = self._http2 and url.scheme == "https"
            site = _Site(lambda timeout: self._dial(url, timeout), may_share=may_share)
            self._trim()
        self._sites[origin] = site  # the last one asked stands last
        return site

    async def _dial(self, url: HttpUrl, timeout: float) -> _Connection:  # noqa: ASYNC109
        wire = await dial(
            url.host,
            url.port,
            self._context() if url.scheme == "https" else None,
            seconds=timeout * _CONNECTING,
            allow_private=self._allow_private,
            lookups=self._lookups,
        )
        return _Http2(wire, url) if wire.speaks_http2 else _Http1(wire)

    def _context(self) -> ssl.SSLContext:
        if self._tls is None:
            self._tls = httpx.create_ssl_context()
            self._tls.set_alpn_protocols(["h2", "http/1.1"] if self._http2 else ["http/1.1"])
        return self._tls

    def _trim(self) -> None:
        """Close the connections that were of no use for the longest time, if there are many."""
        if len(self._sites) >= _MOST_ORIGINS:
            idle = (origin for origin, site in self._sites.items() if not site.under_way)
            oldest = next(idle, None)
            if oldest is not None:
                self.forget(oldest)

    def forget(self, origin: str) -> None:
        """Close the connections to an origin."""
        site = self._sites.get(origin)
        if site is not None and not site.under_way:
            del self._sites[origin]
            site.close()

    async def aclose(self) -> None:
        """Close all connections."""
        while self._sites:
            self._sites.popitem()[1].close()
        self._lookups.shutdown(wait=False, cancel_futures=True)


def _fields_of(request: Request) -> list[tuple[str, str]]:
    host = request.url.origin.partition("//")[2]
    return [("Host", host), *_with_defaults(request.headers)]


def _with_defaults(headers: Mapping[str, str]) -> list[tuple[str, str]]:
    if not headers:
        return _DEFAULTS
    names = {name.lower() for name in headers}
    return [*(field for field in _DEFAULTS if field[0].lower() not in names), *headers.items()]


# Replies.


async def _reply(
    request: Request,
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    content: AsyncIterable[bytes] | None,
    deadline: asyncio.Timeout,
) -> Reply:
    """Make a reply of what came: the status counts, whatever happens to the content after it."""
    fields = _fields(headers)
    body, cut = b"", False
    wanted = request.body if status // 100 == _SUCCESS else 0
    length = "" if request.method == "HEAD" else fields.get("content-length", "")
    limit = wanted or _unwanted(length)
    if content is not None and limit:
        async with _held(deadline) as until:
            soon = asyncio.get_running_loop().time() + _WORTH_WAITING
            end = until if wanted else min(until, soon)
            body, cut = await _content(content, fields, limit, end)
    return Reply(status, fields, body if wanted else b"", cut, time.time())


@asynccontextmanager
async def _held(deadline: asyncio.Timeout) -> AsyncGenerator[float]:
    """Hold a deadline that would take away what has come, and say when it was."""
    until = deadline.when() or 0.0
    deadline.reschedule(None)
    yield until
    soon = asyncio.get_running_loop().time() + _WORTH_WAITING
    deadline.reschedule(max(until, soon))


def _unwanted(length: str) -> int:
    """Return how much to read of content that nobody wants."""
    is_long = length.isascii() and length.isdigit() and float(length) > _WORTH_READING
    return 0 if is_long else _WORTH_READING


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
    stream: AsyncIterable[bytes], fields: dict[str, str], limit: int, until: float
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
                read += len(chunk) + _PIECE
                body += inflate(chunk, limit - len(body) + 1)
                if len(body) > limit or read > limit:
                    return bytes(body[:limit]), True
                if len(chunk) < _PIECE:  # there may be thousands of them: others want their turn
                    await asyncio.sleep(0)
    except Exception:  # noqa: BLE001 - see above
        return bytes(body), True
    return bytes(body), False


def _inflater(encoding: str) -> Callable[[bytes, int], bytes]:
    """Return what undoes a content coding, a few bytes at a time: a bomb never goes off."""
    if encoding not in ("gzip", "x-gzip", "deflate"):
        return lambda chunk, _: chunk
    # 47 is: gzip or zlib, whichever its head says.
    inflater = zlib.decompressobj(47)
    return inflater.decompress


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
            request.url.url,
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

    def forget(self, origin: str) -> None:
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
