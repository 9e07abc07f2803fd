"""The test server over HTTP/2: `BEHAVIOURS` by the first part of a path, else a plain 200.

Every request is answered after the same short while, to count connections and requests at once.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events
import h2.exceptions

from tests.links.server import Asked, host_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from tests.links.server import Server

__all__ = ["LATENCY", "converse"]

LATENCY = 0.05
_PIECE = b"x" * 10_000


async def converse(
    server: Server,
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    connection: int,
) -> None:
    """Answer the requests of a connection until it ends."""
    link = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    link.initiate_connection()
    async with asyncio.TaskGroup() as answers:
        while True:
            writer.write(link.data_to_send())
            data = await reader.read(1 << 16)
            if not data:
                raise asyncio.IncompleteReadError(b"", None)
            for event in link.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    asked = _asked(event.headers, connection)
                    stream = event.stream_id
                    answers.create_task(_answer(server, link, writer, asked, stream))


def _asked(fields: Iterable[tuple[bytes, bytes]], connection: int) -> Asked:
    headers = {name.decode(): value.decode() for name, value in fields}
    method, target = headers[":method"], headers[":path"]
    host = host_of(headers[":authority"])
    return Asked(time.monotonic(), host, method, target, headers, connection)


async def _answer(
    server: Server,
    link: h2.connection.H2Connection,
    writer: asyncio.StreamWriter,
    asked: Asked,
    stream: int,
) -> None:
    with server.answering(asked):
        await asyncio.sleep(LATENCY)
        name = asked.target.split("/")[1]
        await BEHAVIOURS.get(name, _page)(link, writer, stream)
        writer.write(link.data_to_send())


async def _page(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    link.send_headers(stream, [(":status", "200")], end_stream=True)


async def _body(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    link.send_headers(stream, [(":status", "200"), ("content-type", "text/html")])
    link.send_data(stream, b"<p id=here>", end_stream=True)


async def _large(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    """Answer a HEAD: how long the content would be, and none."""
    link.send_headers(stream, [(":status", "200"), ("content-length", "9" * 9)], end_stream=True)


async def _long(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    """Answer with a little less than what may be sent at once."""
    link.send_headers(stream, [(":status", "200")])
    for left in reversed(range(6)):
        link.send_data(stream, _PIECE, end_stream=not left)


async def _open(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    link.send_headers(stream, [(":status", "200")])


async def _endless(
    link: h2.connection.H2Connection, writer: asyncio.StreamWriter, stream: int
) -> None:
    link.send_headers(stream, [(":status", "200")])
    with suppress(h2.exceptions.StreamClosedError):  # nobody reads on
        while not writer.is_closing():
            if link.local_flow_control_window(stream) >= len(_PIECE):
                link.send_data(stream, _PIECE)
                writer.write(link.data_to_send())
            await asyncio.sleep(0)


async def _reset(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    link.reset_stream(stream)


async def _goaway(link: h2.connection.H2Connection, _: asyncio.StreamWriter, stream: int) -> None:
    del stream
    link.close_connection()


async def _garbage(
    link: h2.connection.H2Connection, writer: asyncio.StreamWriter, stream: int
) -> None:
    del link, stream
    writer.write(bytes(9))  # content of no stream


async def _last(
    link: h2.connection.H2Connection, writer: asyncio.StreamWriter, stream: int
) -> None:
    await _page(link, writer, stream)
    writer.write(link.data_to_send())
    await asyncio.sleep(0.02)
    link.close_connection(last_stream_id=stream)


BEHAVIOURS: dict[
    str, Callable[[h2.connection.H2Connection, asyncio.StreamWriter, int], Awaitable[None]]
] = {
    "body": _body,
    "endless": _endless,
    "garbage": _garbage,
    "goaway": _goaway,
    "large": _large,
    "last": _last,
    "long": _long,
    "open": _open,
    "reset": _reset,
}
