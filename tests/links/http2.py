"""The test server over HTTP/2: every request is answered after the same short while.

For counting connections and requests at once, nothing more: behaviours are for HTTP/1.1.
"""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import h2.config
import h2.connection
import h2.events

from tests.links.server import Asked, host_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.links.server import Server

__all__ = ["LATENCY", "converse"]

LATENCY = 0.05


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
        link.send_headers(stream, [(":status", "200")], end_stream=True)
        writer.write(link.data_to_send())
