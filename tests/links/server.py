"""A web server on loopback that does what a path says, however rude, and measures who asks.

`/status/404` answers 404, `/slow/0.2/status/200` waits first, `/redirect/301?to=/status/200` leads
on. `BEHAVIOURS` has them all. A server counts what it was asked, how much at once and over how many
connections: whether a client keeps to its limits is for the other side to say.

It needs nothing but the standard library; HTTP/2 is served where the package h2 is installed.
"""

from __future__ import annotations

import asyncio
import gzip
import socket
import struct
import sys
import time
from collections import Counter
from contextlib import closing, contextmanager, suppress
from email.utils import formatdate
from http import HTTPStatus
from itertools import pairwise
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import parse_qsl, urlsplit
from weakref import WeakSet

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping

__all__ = ["BEHAVIOURS", "Asked", "Server", "host_of", "refused_port"]

# Linux answers on all of 127.0.0.0/8, other systems on the first address only.
_ADDRESSES = 250 if sys.platform == "linux" else 1
_HANDSHAKE = b"\x16"  # how TLS begins
_SEND_BUFFER = 1 << 14
_PAGE = b"<!doctype html><title>A page</title><h1 id=top>A page</h1><p>Nothing to see."


class Asked(NamedTuple):
    """A request, as the server saw it.

    Attributes:
        time: When its last header had arrived, in seconds of the monotonic clock.
        host: The host that the client named, without the port.
        method: The method.
        target: The path and the query.
        headers: The headers, their names in lower case.
        connection: The number of the connection.
    """

    time: float
    host: str
    method: str
    target: str
    headers: dict[str, str]
    connection: int


class Server:
    """The server: a context manager that serves from a thread of its own.

    Args:
        secure: TLS contexts, each for a port of its own, by name.
        addresses: How many addresses to serve from 127.0.0.1 upwards, where the system has them.

    Attributes:
        port: The port of the plain server, the same on every address.
        hosts: The addresses that it serves.
        ipv6: Whether it serves `::1` too.
        ports: The ports of the TLS servers by the names in `secure`.
        asked: Every request, in the order of arrival.
        answered: When the last byte of each answer was handed to the system, in the same order;
            None for one that was not finished.
        times: How often each target was asked for.
        sent: How many bytes were sent in answer to each target.
        opened: How many connections were opened.
        most: The highest number of requests at once, by host, and for all under `""`.
    """

    def __init__(
        self, secure: Mapping[str, ssl.SSLContext] | None = None, *, addresses: int = 1
    ) -> None:
        self.port = 0
        self.hosts = [f"127.0.0.{n}" for n in range(1, min(addresses, _ADDRESSES) + 1)]
        self.ipv6 = False
        self.ports: dict[str, int] = {}
        self.asked: list[Asked] = []
        self.answered: list[float | None] = []
        self.times: Counter[str] = Counter()
        self.sent: Counter[str] = Counter()
        self.opened = 0
        self.most: Counter[str] = Counter()
        self._secure = dict(secure or {})
        self._now: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: WeakSet[asyncio.StreamWriter] = WeakSet()
        self._failure: BaseException | None = None
        self._ready = Event()
        self._thread = Thread(target=self._run, name="server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        if self._failure:
            raise self._failure
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    # --- what to ask ------------------------------------------------------------------------------

    def url(self, path: str, host: str = "127.0.0.1", *, secure: str = "") -> str:
        """Return the URL of a path, on a host or on the TLS server of a name."""
        host = f"[{host}]" if ":" in host else host
        if secure:
            return f"https://{host}:{self.ports[secure]}/{path}"
        return f"http://{host}:{self.port}/{path}"

    # --- what was asked ---------------------------------------------------------------------------

    def requests(self, path: str) -> list[Asked]:
        """Return the requests for a path, whatever the query and the host."""
        return [asked for asked in self.asked if asked.target.partition("?")[0] == f"/{path}"]

    def methods(self, path: str) -> list[str]:
        """Return the methods of the requests for a path."""
        return [asked.method for asked in self.requests(path)]

    def gaps(self, host: str) -> list[float]:
        """Return the seconds between one request to a host and the next."""
        times = [asked.time for asked in self.asked if asked.host == host]
        return [later - earlier for earlier, later in pairwise(times)]

    # --- serving ----------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - for the thread that waits for the server
            self._failure = failure
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        # A client that hangs up in the middle of a handshake is no news here.
        self._loop.set_exception_handler(lambda _loop, _context: None)
        self._stop = asyncio.Event()
        servers = await self._listen()
        self._ready.set()
        await self._stop.wait()
        await _a_few_rounds()  # for who knocked last
        for server in servers:
            server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
        await _a_few_rounds()

    async def _listen(self) -> list[asyncio.Server]:
        servers = [await self._listen_on(self.hosts[0])]
        self.port = servers[0].sockets[0].getsockname()[1]
        servers.extend([await self._listen_on(host, self.port) for host in self.hosts[1:]])
        with suppress(OSError):
            servers.append(await self._listen_on("::1", self.port))
            self.ipv6 = True
        for name, context in self._secure.items():
            servers.append(await self._listen_on(self.hosts[0], context=context))
            self.ports[name] = servers[-1].sockets[0].getsockname()[1]
        return servers

    def _listen_on(
        self, host: str, port: int = 0, context: ssl.SSLContext | None = None
    ) -> Awaitable[asyncio.Server]:
        return asyncio.start_server(
            self._connected, host, port, ssl=context, backlog=1024, family=socket.AF_UNSPEC
        )

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        task = self._loop.create_task(self._converse(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        connection = self.opened
        # What counts as sent has left this process and hardly waits in the system.
        writer.transport.set_write_buffer_limits(0)
        plain = writer.get_extra_info("socket")
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER)
        secure = writer.get_extra_info("ssl_object")
        with closing(writer), suppress(*_ENDS):
            if secure and secure.selected_alpn_protocol() == "h2":
                from tests.links.http2 import converse

                await converse(self, reader, writer, connection)
            while True:
                await self._answer(reader, writer, connection)

    async def _answer(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int
    ) -> None:
        first = await reader.readexactly(1)
        if first == _HANDSHAKE:
            writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")  # as others do
            raise _Hangup
        asked = _asked(first + await reader.readuntil(b"\r\n\r\n"), connection)
        with self.answering(asked):
            exchange = Exchange(self, asked, reader, writer)
            await exchange.behave()

    @contextmanager
    def answering(self, asked: Asked) -> Iterator[None]:
        """Count a request while it is answered."""
        number = len(self.asked)
        self.asked.append(asked)
        self.answered.append(None)
        self.times[asked.target] += 1
        for name in ("", asked.host):
            self._now[name] += 1
            self.most[name] = max(self.most[name], self._now[name])
        try:
            yield
            self.answered[number] = time.monotonic()
        finally:
            for name in ("", asked.host):
                self._now[name] -= 1


async def _a_few_rounds() -> None:
    """Let the loop do what is due."""
    for _ in range(5):
        await asyncio.sleep(0)


class _Hangup(Exception):  # noqa: N818 - nothing went wrong
    """The connection ends with this answer."""


_ENDS = (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, _Hangup)


def _asked(head: bytes, connection: int) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, target, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    return Asked(
        time.monotonic(), host_of(headers.get("host", "")), method, target, headers, connection
    )


def host_of(authority: str) -> str:
    """Return what stands before the port."""
    return urlsplit(f"//{authority}").hostname or ""


def refused_port() -> int:
    """Return a port of 127.0.0.1 that nothing listens on."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        assert isinstance(port, int)
        return port


# --- one request ----------------------------------------------------------------------------------

BEHAVIOURS: dict[str, Callable[[Exchange], Awaitable[None]]] = {}


def behaviour(function: Callable[[Exchange], Awaitable[None]]) -> None:
    """Serve the paths that start with the name of a function."""
    BEHAVIOURS[function.__name__.strip("_").replace("_", "-")] = function


class Exchange:
    """A request and the means to answer it.

    Attributes:
        server: Who was asked.
        asked: What was asked.
        words: The parts of the path that are not used up yet.
        query: The query, its values as the bytes that they stand for.
        nth: Which request for this target it is, from 1.
    """

    def __init__(
        self,
        server: Server,
        asked: Asked,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.server = server
        self.asked = asked
        self.words = urlsplit(asked.target).path.strip("/").split("/")
        self.query = _query(asked.target)
        self.nth = server.times[asked.target]
        self._reader = reader
        self._writer = writer

    @property
    def bodiless(self) -> bool:
        return self.asked.method == "HEAD"

    def word(self, default: str) -> str:
        """Use up a part of the path."""
        return self.words.pop(0) if self.words else default

    async def behave(self) -> None:
        """Do what the rest of the path says."""
        name = self.word("")
        await BEHAVIOURS[name if name in BEHAVIOURS else "page"](self)

    async def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._writer.write(data)
        await self._writer.drain()
        self.server.sent[self.asked.target] += len(data)

    async def head(self, status: int, headers: Iterable[tuple[str, str | bytes]] = ()) -> None:
        """Send a status line and headers."""
        phrase = HTTPStatus(status).phrase if status in {*HTTPStatus} else "Whatever"
        lines = [f"HTTP/1.1 {status} {phrase}".encode()]
        for name, value in headers:
            lines.append(name.encode() + b": " + (_bytes(value)))
        await self.send(b"\r\n".join([*lines, b"", b""]))

    async def reply(
        self,
        status: int = 200,
        body: bytes = _PAGE,
        headers: Iterable[tuple[str, str | bytes]] = (),
    ) -> None:
        """Send a whole and honest answer."""
        kind = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        has_none = status < 200 or status in {204, 304}
        await self.head(status, [*headers, *([] if has_none else kind)])
        if not (has_none or self.bodiless):
            await self.send(body)

    async def gone(self) -> None:
        """Wait until the client has had enough."""
        while await self._reader.read(1 << 16):
            pass
        raise _Hangup

    def hang_up(self, *, rudely: bool = False) -> None:
        """End the connection: in order, or with a reset."""
        if rudely:
            plain = self._writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._writer.transport.abort()
        raise _Hangup


def _query(target: str) -> dict[str, bytes]:
    pairs = parse_qsl(urlsplit(target).query, keep_blank_values=True, encoding="latin-1")
    return {name: value.encode("latin-1") for name, value in pairs}


def _bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


# --- answers that are in order ----------------------------------------------------------------


@behaviour
async def _page(exchange: Exchange) -> None:
    """`/page?body=…`: a page, or this one; any path that is not listed."""
    await exchange.reply(body=exchange.query.get("body", _PAGE))


@behaviour
async def _status(exchange: Exchange) -> None:
    """`/status/404?name=value&…`: a status, with these headers."""
    headers = list(exchange.query.items())
    await exchange.reply(int(exchange.word("200")), headers=headers)


@behaviour
async def _slow(exchange: Exchange) -> None:
    """`/slow/0.2/…`: wait, then go on with the rest."""
    await asyncio.sleep(float(exchange.word("0.2")))
    await exchange.behave()


@behaviour
async def _size(exchange: Exchange) -> None:
    """`/size/1000000`: so many bytes, or the range of them that was asked for; `?ranges=no`."""
    size = int(exchange.word("1000000"))
    unit, _, wanted = exchange.asked.headers.get("range", "").partition("=")
    first, last, status = 0, size - 1, 200
    if unit == "bytes" and "ranges" not in exchange.query:
        start, _, end = wanted.partition("-")
        first, last, status = int(start), min(int(end or last), last), 206
    left = last + 1 - first
    fields = [("Content-Type", "text/html"), ("Content-Length", str(left))]
    span = [("Content-Range", f"bytes {first}-{last}/{size}")] if status == 206 else []
    await exchange.head(status, [*fields, *span])
    while left and not exchange.bodiless:
        part = b"." * min(left, 1 << 16)
        await exchange.send(part)
        left -= len(part)


@behaviour
async def _tagged(exchange: Exchange) -> None:
    """`/tagged`: 200 with validators, and 304 to who has it."""
    tag = '"v1"'
    same = exchange.asked.headers.get("if-none-match") == tag
    headers = [("ETag", tag), ("Last-Modified", formatdate(0, usegmt=True))]
    await exchange.reply(304 if same else 200, headers=headers)


@behaviour
async def _compressed(exchange: Exchange) -> None:
    """`/compressed`: a page in gzip."""
    await exchange.reply(body=gzip.compress(_PAGE), headers=[("Content-Encoding", "gzip")])


@behaviour
async def _early(exchange: Exchange) -> None:
    """`/early/3/…`: 103 so often before the rest."""
    for _ in range(int(exchange.word("1"))):
        await exchange.head(103, [("Link", "</style.css>; rel=preload")])
    await exchange.behave()


# --- answers that depend on who asks, how and how often -------------------------------------------


@behaviour
async def _flaky(exchange: Exchange) -> None:
    """`/flaky/503/2`: a status so often, then 200; `?retry-after=1` or `=date` (in a second)."""
    status, times = int(exchange.word("503")), int(exchange.word("1"))
    if exchange.nth > times:
        await exchange.reply()
        return
    wait = exchange.query.get("retry-after", b"")
    if wait == b"date":
        # Dates have whole seconds: a second from now, rounded up.
        wait = formatdate(int(time.time()) + 2, usegmt=True).encode()
    await exchange.reply(status, headers=[("Retry-After", wait)] if wait else [])


@behaviour
async def _head(exchange: Exchange) -> None:
    """`/head/405/…`: this status, `hang`, `close`, `reset` or the like to HEAD; to GET the rest.

    `body` sends a body with the head, all at once, and `late` a while after it.
    """
    answer = exchange.word("405")
    if not exchange.bodiless:
        await exchange.behave()
    elif answer == "body":
        await exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(_PAGE) + _PAGE)
    elif answer == "late":
        await exchange.head(200, [("Content-Length", str(len(_PAGE)))])
        await asyncio.sleep(0.03)
        await exchange.send(_PAGE)
    elif answer.isdigit():
        await exchange.reply(int(answer))
    else:
        await BEHAVIOURS[answer](exchange)


@behaviour
async def _wants(exchange: Exchange) -> None:
    """`/wants/406?accept=text/html`: this status unless each header has these words."""
    status = int(exchange.word("406"))
    has = exchange.asked.headers
    served = all(
        value.decode("latin-1") in has.get(name.lower(), "")
        for name, value in exchange.query.items()
    )
    await exchange.reply(200 if served else status)


@behaviour
async def _refuses(exchange: Exchange) -> None:
    """`/refuses/403?user-agent=python`: this status if a header has these words."""
    status = int(exchange.word("403"))
    has = exchange.asked.headers
    refused = any(
        value.decode("latin-1").lower() in has.get(name.lower(), "").lower()
        for name, value in exchange.query.items()
    )
    await exchange.reply(status if refused else 200)


@behaviour
async def _cookie(exchange: Exchange) -> None:
    """`/cookie`: leads to itself with a cookie until the cookie comes back."""
    if "seen=yes" in exchange.asked.headers.get("cookie", ""):
        await exchange.reply()
    else:
        headers = [("Set-Cookie", "seen=yes; Path=/"), ("Location", exchange.asked.target)]
        await exchange.reply(302, headers=headers)


# --- redirects ------------------------------------------------------------------------------------


@behaviour
async def _redirect(exchange: Exchange) -> None:
    """`/redirect/301?to=…`: leads there, byte for byte; without `to` it leads nowhere."""
    status = int(exchange.word("301"))
    target = exchange.query.get("to")
    await exchange.reply(status, headers=[] if target is None else [("Location", target)])


@behaviour
async def _chain(exchange: Exchange) -> None:
    """`/chain/301/5/…`: so many redirects, then the rest."""
    status, left = int(exchange.word("301")), int(exchange.word("1"))
    rest = "/".join(exchange.words)
    if left:
        location = f"/chain/{status}/{left - 1}/{rest}"
        await exchange.reply(status, headers=[("Location", location)])
    else:
        await exchange.behave()


@behaviour
async def _loop(exchange: Exchange) -> None:
    """`/loop/301/3`: redirects in a circle of so many."""
    status, size, here = (int(exchange.word(word)) for word in ("301", "1", "0"))
    location = f"/loop/{status}/{size}/{(here + 1) % size}"
    await exchange.reply(status, headers=[("Location", location)])


# --- answers that are out of order ------------------------------------------------------------


@behaviour
async def _hang(exchange: Exchange) -> None:
    """`/hang`: no answer; `/hang/body`: no body."""
    if exchange.word("") == "body":
        await exchange.head(200, [("Content-Length", "1000")])
    await exchange.gone()


@behaviour
async def _drip(exchange: Exchange) -> None:
    """`/drip/0.05`: a byte of the headers from time to time; `/drip/0.05/body`: of the body."""
    pause = float(exchange.word("0.05"))
    if exchange.word("") == "body":
        await exchange.head(200, [("Content-Length", "1000000")])
    else:
        await exchange.send(b"HTTP/1.1 200 OK\r\nX-Drip: ")
    while True:
        await exchange.send(b".")
        await asyncio.sleep(pause)


@behaviour
async def _reset(exchange: Exchange) -> None:
    """`/reset`: the connection is reset; `/reset/200/…`: after so many bytes of a body."""
    if size := int(exchange.word("0")):
        await exchange.head(200, [("Content-Length", str(size + 1))])
        await exchange.send(b"." * size)
    exchange.hang_up(rudely=True)


@behaviour
async def _close(exchange: Exchange) -> None:
    """`/close`: the connection ends without an answer."""
    exchange.hang_up()


@behaviour
async def _last(exchange: Exchange) -> None:
    """`/last`: a whole answer that says nothing of the end of the connection, which follows."""
    await exchange.reply()
    exchange.hang_up()


@behaviour
async def _once(exchange: Exchange) -> None:
    """`/once`: an answer to the first request of a connection, and the end at the next one."""
    connection = exchange.asked.connection
    if sum(asked.connection == connection for asked in exchange.server.asked) > 1:
        exchange.hang_up()
    await exchange.reply()


@behaviour
async def _raw(exchange: Exchange) -> None:
    """`/raw?data=…`: these bytes, then the connection ends."""
    await exchange.send(exchange.query["data"])
    exchange.hang_up()


@behaviour
async def _garbage(exchange: Exchange) -> None:
    """`/garbage`: bytes that are not HTTP."""
    await exchange.send(bytes(range(256)) * 4)
    exchange.hang_up()


@behaviour
async def _endless(exchange: Exchange) -> None:
    """`/endless`: a body that does not end; `/endless/headers`: headers that do not."""
    if exchange.word("") == "headers":
        await exchange.send(b"HTTP/1.1 200 OK\r\n")
        chunk = b"X-More: of the same\r\n" * 1_000
    else:
        await exchange.head(200, [("Content-Type", "text/html")])
        chunk = b"<p>More of the same.\n" * 1_000
    while not exchange.bodiless:
        await exchange.send(chunk)


@behaviour
async def _bomb(exchange: Exchange) -> None:
    """`/bomb`: half a megabyte that inflates to half a gigabyte."""
    member = gzip.compress(bytes(1 << 20))
    kind = [("Content-Type", "text/html"), ("Content-Encoding", "gzip")]
    await exchange.head(200, [*kind, ("Content-Length", str(len(member) * 512))])
    if not exchange.bodiless:
        await exchange.send(member * 512)


@behaviour
async def _crumbs(exchange: Exchange) -> None:
    """`/crumbs`: a body without end, a byte at a time."""
    await exchange.head(200, [("Transfer-Encoding", "chunked")])
    while not exchange.bodiless:
        await exchange.send(b"1\r\nx\r\n" * 2_000)


@behaviour
async def _short(exchange: Exchange) -> None:
    """`/short`: less than was promised, then the connection ends."""
    await exchange.head(200, [("Content-Length", "1000000")])
    if not exchange.bodiless:
        await exchange.send(_PAGE)
        exchange.hang_up()


@behaviour
async def _bad_gzip(exchange: Exchange) -> None:
    """`/bad-gzip`: says that it is compressed, and is not."""
    await exchange.reply(headers=[("Content-Encoding", "gzip")])


@behaviour
async def _bad_chunks(exchange: Exchange) -> None:
    """`/bad-chunks`: chunks whose sizes are no numbers."""
    await exchange.head(200, [("Transfer-Encoding", "chunked")])
    if not exchange.bodiless:
        await exchange.send(b"many\r\n" + _PAGE + b"\r\n0\r\n\r\n")
