"""A small web server on this machine, to try the link checker without the internet.

`with serve() as server:` serves as long as the block lasts, and `server.url("gone")` is a link to
one of `PAGES`; `python docs/examples/link_server.py` serves on port 8700 until it is interrupted.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGES", "Page", "serve"]


class Page(NamedTuple):
    """A page of the server.

    Attributes:
        status: The HTTP status.
        verdict: What the link checker says to that.
        headers: Further headers.
        first: The status of the first answer, if the later ones differ.
    """

    status: int
    verdict: str
    headers: dict[str, str] = {}
    first: int | None = None


PAGES = {
    "paper": Page(200, "alive"),
    "code": Page(200, "alive"),
    "old-paper": Page(301, "moved", {"Location": "/paper"}),
    "old-code": Page(308, "moved", {"Location": "/code"}),
    "today": Page(302, "alive", {"Location": "/paper"}),
    "missing": Page(404, "dead"),
    "gone": Page(410, "dead"),
    "members": Page(401, "restricted", {"WWW-Authenticate": 'Basic realm="members"'}),
    "wall": Page(403, "restricted", {"Cf-Mitigated": "challenge"}),
    "busy": Page(200, "alive", first=503),
    "broken": Page(500, "unreachable"),
    "round": Page(302, "unreachable", {"Location": "/round"}),
    "nowhere": Page(301, "unreachable", {"Location": "http://127.0.0.1:1/"}),
}

_BODY = b"<!doctype html><title>A page</title><h1 id=top>A page</h1><p id=results>Nothing to see."


class _Handler(BaseHTTPRequestHandler):
    """Answers GET and HEAD with what `PAGES` says, and 404 to everything else."""

    protocol_version = "HTTP/1.1"
    server: Server

    def do_GET(self) -> None:
        name = self.path.partition("?")[0].strip("/")
        page = PAGES.get(name, Page(404, "dead"))
        self.server.asked.append(f"{self.command} /{name}")
        is_first = name not in self.server.known
        self.server.known.add(name)
        self.send_response(page.first if is_first and page.first else page.status)
        for header, value in page.headers.items():
            self.send_header(header, value)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(_BODY)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(_BODY)

    do_HEAD = do_GET

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The server.

    Attributes:
        asked: Every request, such as "HEAD /paper", in the order of arrival.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.asked: list[str] = []
        self.known: set[str] = set()

    def url(self, name: str) -> str:
        """Return the link to a page."""
        return f"http://127.0.0.1:{self.server_port}/{name}"


@contextmanager
def serve(port: int = 0) -> Iterator[Server]:
    """Serve from a thread, by default on any port that is free."""
    server = Server(port)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8700
    with serve(port) as running, suppress(KeyboardInterrupt):
        print(*map(running.url, PAGES), sep="\n", flush=True)
        Event().wait()
