"""Speed and memory of the link checker: 50 hosts on loopback, 50 ms away, 100 requests at a time.

The floor is a client of bare sockets that makes the same requests, in turns with the checker.
Everything runs in a process of its own: the server, the floor, the checker, and other checkers
where they are installed. Times are those of the clock, so that what else the machine does counts:
it slows the checker down, and hardly the floor. `python -m tests.benchmarks.links WORK COUNT PORT`
is one of these processes.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import TYPE_CHECKING, NamedTuple, TypedDict
from urllib.parse import urlsplit

from tests.benchmarks.memory import peak

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

__all__ = ["LinkRow", "rows"]

HOSTS = [f"127.0.0.{n}" for n in range(1, 51)]
LATENCY = 0.05  # seconds
AT_ONCE = 100
MENTIONS = 3

MOST_TIME = 2.0  # times the floor
MOST_MEMORY = 120_000_000  # bytes, of the whole process
MOST_PER_LINK = 2_000  # bytes that the process grows by for a link more, its result kept
_LEAST_GAIN = {"linkinator": 1.0, "linkchecker": 20.0}  # how many times faster than these

_REPLY = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"


class Measured(TypedDict):
    """What a process says of its work.

    Attributes:
        seconds: How long it took, imports left out.
        processor: How much of that the processor worked for it.
        peak: The most memory that the process had in use, in bytes.
        alive: How many links were found alive.
    """

    seconds: float
    processor: float
    peak: int
    alive: int


class LinkRow(NamedTuple):
    """A line of the table.

    Attributes:
        name: What was measured.
        figures: The figures, for people.
        missed: Which target is missed, or the empty string.
    """

    name: str
    figures: str
    missed: str = ""


def rows(*, quick: bool = False) -> Iterator[LinkRow]:
    """Measure everything; what takes minutes is left out if it is to be quick."""
    if sys.platform != "linux" or find_spec("httpx") is None:
        yield LinkRow("links", "not measured: needs Linux, for its 127.0.0.2 and so on, and httpx")
        return
    yield LinkRow("load of the machine", f"{os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    rounds = 1 if quick else 3
    for count in (2_000, 5_000):
        with _server() as port:
            seconds = yield from _compared(count, port, rounds)
            if not quick and count == 2_000:
                yield from _peers(count, port, seconds)
    if not quick:
        yield _growth(10_000, 100_000)


def _compared(count: int, port: int, rounds: int) -> Generator[LinkRow, None, float]:
    """Yield how the checker compares with bare sockets, and return its seconds."""
    pairs = [(_run("bare", count, port), _run("check", count, port)) for _ in range(rounds)]
    floor = median(bare["seconds"] for bare, _ in pairs)
    seconds = median(checked["seconds"] for _, checked in pairs)
    ratio = median(checked["seconds"] / bare["seconds"] for bare, checked in pairs)
    work = median(checked["processor"] for _, checked in pairs)
    most = max(checked["peak"] for _, checked in pairs)
    wrong = [
        *(["too slow"] if ratio > MOST_TIME else []),
        *(["too much memory"] if most > MOST_MEMORY else []),
        *(["wrong verdicts"] if any(pair[1]["alive"] != count for pair in pairs) else []),
    ]
    yield LinkRow(
        f"{count:,} links / bare sockets",
        f"{floor:6.2f} s {seconds:6.2f} s  ratio {ratio:.2f}, at most {MOST_TIME}"
        f"; {work / count * 1e6:.0f} µs of the processor a link"
        f"; {most / 1e6:.0f} MB, at most {MOST_MEMORY / 1e6:.0f}",
        ", ".join(wrong),
    )
    return seconds


def _growth(few: int, many: int) -> LinkRow:
    """Return by how much memory grows with links, without any wait at the server."""
    with _server(0.0) as port:
        small, large = (_run("check", count, port) for count in (few, many))
    grown = (large["peak"] - small["peak"]) / (many - few)
    return LinkRow(
        f"{many:,} links",
        f"{large['seconds']:.0f} s, {large['peak'] / 1e6:.0f} MB;"
        f" {grown:,.0f} bytes a link more, at most {MOST_PER_LINK:,}",
        "too much memory" if grown > MOST_PER_LINK else "",
    )


# --- processes ------------------------------------------------------------------------------------


def _command(*words: object) -> list[str]:
    return [sys.executable, "-m", "tests.benchmarks.links", *map(str, words)]


def _run(work: str, count: int, port: int) -> Measured:
    done = subprocess.run(_command(work, count, port), check=True, capture_output=True, text=True)
    measured: Measured = json.loads(done.stdout)
    return measured


@contextmanager
def _server(latency: float = LATENCY) -> Iterator[int]:
    """Serve from another process, and say on which port."""
    command = _command("serve", latency, 0)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        process.terminate()


def _urls(count: int, port: int) -> list[str]:
    """Return links to all hosts, as many to each, in no order, as in files.

    The order matters to who waits for one host before it comes to the next, as LinkChecker does:
    from host to host in turns it is four times as fast.
    """
    urls = [f"http://{HOSTS[n % len(HOSTS)]}:{port}/page/{n}" for n in range(count)]
    Random(count).shuffle(urls)
    return urls


class _Distant(asyncio.Protocol):
    """Says yes to everything, after a while."""

    def __init__(self, latency: float) -> None:
        self._latency = latency

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        later = asyncio.get_running_loop().call_later
        for _ in range(data.count(b"\r\n\r\n")):
            later(self._latency, self._reply)

    def _reply(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(_REPLY)


async def _serve(latency: float) -> None:
    loop = asyncio.get_running_loop()
    port = 0
    for host in HOSTS:
        server = await loop.create_server(lambda: _Distant(latency), host, port, backlog=1024)
        port = server.sockets[0].getsockname()[1]
    print(port, flush=True)
    await loop.create_future()


# --- the floor ------------------------------------------------------------------------------------


async def _ask_all(count: int, port: int) -> int:
    """Make the requests, so many at a time, each on a connection to its host that is idle."""
    work = iter([urlsplit(url) for url in _urls(count, port)])
    idle: defaultdict[str, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
    idle = defaultdict(list)

    async def ask_on() -> int:
        found = 0
        for url in work:
            host, held = url.hostname, idle[url.netloc]
            reader, writer = held.pop() if held else await asyncio.open_connection(host, port)
            writer.write(f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\n\r\n".encode())
            found += (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
            held.append((reader, writer))
        return found

    return sum(await asyncio.gather(*(ask_on() for _ in range(AT_ONCE))))


def _bare(count: int, port: int) -> int:
    return asyncio.run(_ask_all(count, port))


# --- the checker ----------------------------------------------------------------------------------


def _check(count: int, port: int) -> int:
    from cnaps.links import LinkPolicy, check_links

    policy = LinkPolicy(concurrency=AT_ONCE, allow_private=True)
    mentions = (url for _ in range(MENTIONS) for url in _urls(count, port))
    results = check_links(mentions, policy=policy).results
    return sum(result.verdict == "alive" for result in results)


# --- other checkers -------------------------------------------------------------------------------

# Given the folder and the page that leads to all others.
_PEERS = {
    "linkinator": ["linkinator", "{folder}", "--recurse", "--format", "json"],
    "linkchecker": ["linkchecker", "--check-extern", "--output", "csv", "{folder}/index.html"],
}


def _peers(count: int, port: int, seconds: float) -> Iterator[LinkRow]:
    """Yield how the checkers that are installed compare, at their defaults."""
    with TemporaryDirectory() as folder:
        _write_pages(Path(folder), _urls(count, port))
        for name, words in _PEERS.items():
            if not shutil.which(name):
                yield LinkRow(f"{count:,} links / {name}", "not installed")
                continue
            start = perf_counter()
            command = [word.format(folder=folder) for word in words]
            subprocess.run(command, check=False, capture_output=True)
            taken = perf_counter() - start
            gain = taken / seconds
            yield LinkRow(
                f"{count:,} links / {name}",
                f"{taken:6.2f} s {seconds:6.2f} s  {gain:.1f} times faster,"
                f" at least {_LEAST_GAIN[name]:g}",
                "too slow" if gain < _LEAST_GAIN[name] else "",
            )


def _write_pages(folder: Path, urls: Sequence[str]) -> None:
    """Write as many pages as there are mentions, and one that leads to them."""
    folder.chmod(0o755)  # LinkChecker gives up the rights of root
    names = [f"page-{n}.html" for n in range(MENTIONS)]
    for name, links in [("index.html", names), *((name, urls) for name in names)]:
        text = "".join(f'<a href="{link}">{link}</a>\n' for link in links)
        folder.joinpath(name).write_text(text, "utf-8")


# --- one process ----------------------------------------------------------------------------------


def _main(arguments: Sequence[str]) -> None:
    work, first, second = arguments
    if work == "serve":
        asyncio.run(_serve(float(first)))
        return
    function = {"bare": _bare, "check": _check}[work]
    gc.collect()
    if work == "check":
        import cnaps.links  # noqa: F401 - loading it is not what is measured
    start, worked = perf_counter(), process_time()
    alive = function(int(first), int(second))
    measured = Measured(
        seconds=perf_counter() - start,
        processor=process_time() - worked,
        peak=peak(),
        alive=alive,
    )
    print(json.dumps(measured))


if __name__ == "__main__":
    _main(sys.argv[1:])
