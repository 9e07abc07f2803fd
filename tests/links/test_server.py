"""The test server does what it is asked for and counts right, and no test leaves the machine."""

from __future__ import annotations

import asyncio
import gzip
import socket
import ssl
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote
from zlib import decompressobj

import pytest

from tests.links.conftest import OutsideError
from tests.links.server import Server, refused_port

if TYPE_CHECKING:
    from tests.links.conftest import Certificates, Names


class Reply(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes


def ask(server: Server, path: str, method: str = "GET", **headers: str) -> Reply:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=2)) as connection:
        connection.request(method, f"/{path}", headers=headers)
        reply = connection.getresponse()
        return Reply(reply.status, dict(reply.getheaders()), reply.read())


def received(server: Server, path: str, method: str = "GET", until: bytes = b"\0\0") -> bytes:
    """Return what comes back until the connection ends, or these bytes have come."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.2) as plain:
        plain.sendall(f"{method} /{path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        got = b""
        while until not in got and (part := plain.recv(1 << 16)):
            got += part
        return got


# --- behaviours -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("", 200),
        ("anything/at/all", 200),
        ("status/404", 404),
        ("status/204", 204),
        ("status/999", 999),
        ("slow/0.01/status/410", 410),
        ("head/405/status/403", 403),
        ("wants/406?accept=text/html", 406),
        ("refuses/403?user-agent=python", 200),
    ],
)
def test_a_path_says_the_status(server: Server, path: str, status: int) -> None:
    assert ask(server, path).status == status


def test_a_status_comes_with_headers(server: Server) -> None:
    reply = ask(server, "status/403?Cf-Mitigated=challenge&X-RateLimit-Remaining=0")
    assert reply.headers["Cf-Mitigated"] == "challenge"
    assert reply.headers["X-RateLimit-Remaining"] == "0"


def test_a_status_without_a_body_has_none(server: Server) -> None:
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=2)) as connection:
        for method, path in [("HEAD", "/"), ("GET", "/status/304"), ("GET", "/status/204")]:
            connection.request(method, path)
            assert connection.getresponse().read() == b""
    assert server.opened == 1


def test_early_hints_come_first(server: Server) -> None:
    got = received(server, "early/2/status/404", until=b"Nothing to see.")
    assert [line.split()[1] for line in got.splitlines() if line.startswith(b"HTTP/")] == [
        b"103",
        b"103",
        b"404",
    ]


def test_a_flaky_page_comes_in_the_end(server: Server) -> None:
    path = "flaky/503/2?retry-after=7"
    replies = [ask(server, path, method) for method in ("HEAD", "GET", "GET")]
    assert [reply.status for reply in replies] == [503, 503, 200]
    assert [reply.headers.get("Retry-After") for reply in replies] == ["7", "7", None]
    assert ask(server, "flaky/503/2?retry-after=date").headers["Retry-After"].endswith("GMT")


@pytest.mark.parametrize("how", ["404", "500", "close", "reset", "hang", "body"])
def test_head_is_treated_otherwise(server: Server, how: str) -> None:
    path = f"head/{how}/status/200"
    if how in {"close", "reset"}:
        with pytest.raises(ConnectionError):
            ask(server, path, "HEAD")
    elif how == "hang":
        with pytest.raises(TimeoutError):
            received(server, path, "HEAD")
    elif how == "body":
        assert b"A page" in received(server, path, "HEAD", until=b"A page")
    else:
        assert ask(server, path, "HEAD").status == int(how)
    assert ask(server, path).status == 200


def test_a_cookie_is_wanted_back(server: Server) -> None:
    assert ask(server, "cookie").headers["Location"] == "/cookie"
    assert ask(server, "cookie", Cookie="seen=yes").status == 200


def test_a_redirect_leads_byte_for_byte(server: Server) -> None:
    assert "Location" not in ask(server, "redirect/301").headers
    target = b"/\xff\xc3\xa9"
    head = received(server, f"redirect/308?to={quote(target)}", until=b"\r\n\r\n")
    assert b"\r\nLocation: " + target + b"\r\n" in head


def test_redirects_go_on_or_round_in_circles(server: Server) -> None:
    assert ask(server, "chain/302/2/status/404").headers["Location"] == "/chain/302/1/status/404"
    assert ask(server, "chain/302/0/status/404").status == 404
    assert ask(server, "loop/301/2").headers["Location"] == "/loop/301/2/1"
    assert ask(server, "loop/301/2/1").headers["Location"] == "/loop/301/2/0"


def test_a_range_is_sent_alone(server: Server) -> None:
    reply = ask(server, "size/1000", Range="bytes=0-99")
    assert (reply.status, len(reply.body)) == (206, 100)
    assert reply.headers["Content-Range"] == "bytes 0-99/1000"
    assert len(ask(server, "size/1000", Range="bytes=990-").body) == 10
    assert len(ask(server, "size/1000?ranges=no", Range="bytes=0-99").body) == 1000
    assert len(ask(server, "size/1000").body) == 1000


def test_a_page_has_validators(server: Server) -> None:
    assert ask(server, "tagged").headers["ETag"] == '"v1"'
    assert ask(server, "tagged", **{"If-None-Match": '"v1"'}).status == 304


@pytest.mark.parametrize(
    ("path", "end"),
    [
        ("hang", TimeoutError),
        ("hang/body", TimeoutError),
        ("reset", ConnectionResetError),
        ("reset/10", ConnectionResetError),
    ],
)
def test_an_answer_is_not_finished(server: Server, path: str, end: type[OSError]) -> None:
    with pytest.raises(end):
        received(server, path)


def test_a_connection_ends_after_an_answer_or_at_the_next_request(server: Server) -> None:
    assert received(server, "last").endswith(b"Nothing to see.")
    with closing(HTTPConnection("127.0.0.1", server.port, timeout=2)) as connection:
        connection.request("GET", "/once")
        assert connection.getresponse().read()
        connection.request("GET", "/once")
        with pytest.raises(ConnectionError):
            connection.getresponse()


def test_an_answer_is_out_of_order(server: Server) -> None:
    assert received(server, "close") == b""
    assert received(server, "raw?data=%00HTTP") == b"\x00HTTP"
    assert len(received(server, "garbage")) == 1024
    assert received(server, "short").endswith(b"Nothing to see.")
    assert b"Content-Encoding: gzip\r\n" in received(server, "bad-gzip", until=b"<!doctype")
    assert b"\r\n\r\nmany\r\n" in received(server, "bad-chunks", until=b"many\r\n")


def test_an_answer_comes_in_drops(server: Server) -> None:
    assert b"\r\nX-Drip: ..." in received(server, "drip/0.01", until=b"...")
    assert b"\r\n\r\n..." in received(server, "drip/0.01/body", until=b"...")


@pytest.mark.parametrize("path", ["endless", "endless/headers"])
def test_an_answer_does_not_end(server: Server, path: str) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=0.2) as plain:
        plain.sendall(f"GET /{path} HTTP/1.1\r\n\r\n".encode())
        left = 10_000_000
        while left > 0:
            left -= len(plain.recv(1 << 16))


def test_a_bomb_goes_off(server: Server) -> None:
    body = ask(server, "bomb").body
    assert 400_000 < len(body) < 600_000
    assert decompressobj(31).decompress(body) == bytes(1 << 20)  # the first of 512
    assert gzip.decompress(ask(server, "compressed").body).startswith(b"<!doctype")


# --- what it measures -----------------------------------------------------------------------------


def test_requests_are_noted(server: Server) -> None:
    ask(server, "status/404?q=1", "HEAD", Accept="text/html")
    (asked,) = server.requests("status/404")
    assert asked[1:4] == ("127.0.0.1", "HEAD", "/status/404?q=1")
    assert asked.headers["accept"] == "text/html"
    assert time.monotonic() - asked.time < 1
    assert server.methods("status/404") == ["HEAD"]


def test_bytes_are_counted_when_they_are_taken(server: Server) -> None:
    received(server, "endless", until=b"More")
    assert server.sent["/endless"] < 1_000_000


def test_requests_at_once_are_counted_by_host(server: Server, names: Names) -> None:
    names["a.test"] = names["b.test"] = ["127.0.0.1"]

    def get(host: str) -> None:
        with closing(HTTPConnection(host, server.port, timeout=2)) as connection:
            connection.request("GET", "/slow/0.1")
            connection.getresponse().read()

    with ThreadPoolExecutor(5) as threads:
        list(threads.map(get, ["a.test"] * 3 + ["b.test"] * 2))
    assert server.most == {"": 5, "a.test": 3, "b.test": 2}
    assert server.opened == 5
    assert len(server.gaps("a.test")) == 2


def test_other_addresses_are_served_where_there_are_any() -> None:
    with Server(addresses=3) as server:
        for host in server.hosts:
            socket.create_connection((host, server.port)).close()


def test_an_answer_that_was_cut_off_counts_as_unfinished(server: Server) -> None:
    ask(server, "status/200")
    received(server, "close")
    assert [answered is not None for answered in server.answered] == [True, False]


# --- TLS, names and the outside -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "trusted"),
    [("trusted", True), ("untrusted", False), ("expired", False), ("other-name", False)],
)
def test_certificates_are_good_or_bad(
    secure_server: Server,
    certificates: Certificates,
    name: str,
    trusted: bool,
) -> None:
    context = ssl.create_default_context(cafile=certificates.authority)
    address = ("127.0.0.1", secure_server.ports[name])

    def shake_hands() -> None:
        with (
            socket.create_connection(address, timeout=2) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1"),
        ):
            pass

    if trusted:
        shake_hands()
    else:
        with pytest.raises(ssl.SSLCertVerificationError):
            shake_hands()


def test_nothing_listens_on_a_refused_port() -> None:
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", refused_port()))


def test_ipv6_is_served_where_there_is_any(server: Server) -> None:
    if not server.ipv6:
        pytest.skip("no IPv6 here")
    socket.create_connection(("::1", server.port)).close()
    assert server.url("x", "::1") == f"http://[::1]:{server.port}/x"


async def look_up(name: str) -> list[str]:
    infos = await asyncio.get_running_loop().getaddrinfo(name, 80, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in infos]


def test_names_are_made_up(names: Names) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"]])
    names["two.test"] = ["127.0.0.2", "::1"]
    names["broken.test"] = socket.EAI_AGAIN
    names["changing.test"] = lambda: next(answers)
    assert asyncio.run(look_up("two.test")) == ["127.0.0.2", "::1"]
    assert asyncio.run(look_up("changing.test")) == ["127.0.0.1"]
    assert asyncio.run(look_up("changing.test")) == ["10.0.0.1"]
    for name, error in [("broken.test", socket.EAI_AGAIN), ("arxiv.org", socket.EAI_NONAME)]:
        with pytest.raises(socket.gaierror) as caught:
            asyncio.run(look_up(name))
        assert caught.value.errno == error
    assert asyncio.run(look_up("127.0.0.1")) == ["127.0.0.1"]
    assert names.asked == ["two.test", "changing.test", "changing.test", "broken.test", "arxiv.org"]


def test_no_connection_leaves_the_machine(connections: list[str]) -> None:
    with pytest.raises(OutsideError):
        socket.create_connection(("192.0.2.1", 80))
    assert connections == ["192.0.2.1"]
    connections.clear()
