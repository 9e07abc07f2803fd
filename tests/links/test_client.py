"""The checker works through what the user hands in: clients and transports of httpx and httpx2."""

from __future__ import annotations

import asyncio
import ssl
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("httpx")

from cnaps.links import LinkChecker, LinkPolicy, LinkResult, check_links
from tests.links.server import refused_port

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.links.conftest import Certificates, Names
    from tests.links.server import Server

POLICY = LinkPolicy(allow_private=True, timeout=0.4, total_timeout=3, retries=0, github_token=None)


@pytest.fixture(params=["httpx", "httpx2"])
def library(request: pytest.FixtureRequest) -> Any:
    """A library with the interface of httpx."""
    pytest.importorskip(request.param)
    return import_module(request.param)


def checked(
    urls: list[str], make: Callable[[], Any], policy: LinkPolicy = POLICY
) -> list[LinkResult]:
    """Check links with what a function makes, and close it."""

    async def check() -> list[LinkResult]:
        async with make() as client, LinkChecker(policy, client=client) as checker:
            return [result async for result in checker.check(urls)]

    results = {result.url: result for result in asyncio.run(check())}
    return [results[url] for url in urls]


def cases(server: Server) -> dict[str, tuple[str, int | None]]:
    """Links, with verdict and status, that must not depend on what they are asked with."""
    refused = refused_port()
    return {
        server.url("status/200"): ("alive", 200),
        server.url("status/404"): ("dead", 404),
        server.url("status/403"): ("restricted", 403),
        server.url("status/500"): ("unreachable", 500),
        server.url("redirect/301?to=/status/200"): ("moved", 200),
        server.url("redirect/302?to=/status/404"): ("dead", 404),
        server.url("redirect/301?to=/page/%25E9"): ("moved", 200),
        server.url("redirect/301?to=/page/%E9"): ("moved", 200),
        server.url("redirect/301"): ("unreachable", 301),
        server.url("loop/301/2"): ("unreachable", 301),
        server.url("head/405/status/200"): ("alive", 200),
        server.url("head/405/endless"): ("alive", 200),
        server.url("head/405/bomb"): ("alive", 200),
        server.url("head/405/bad-gzip"): ("alive", 200),
        server.url("head/405/short"): ("alive", 200),
        server.url("early/1/status/200"): ("alive", 200),
        server.url("cookie"): ("alive", 200),
        server.url("hang"): ("unreachable", None),
        server.url("drip/0.05"): ("unreachable", None),
        server.url("close"): ("unreachable", None),
        server.url("reset"): ("unreachable", None),
        server.url("garbage"): ("unreachable", None),
        f"http://127.0.0.1:{refused}/": ("unreachable", None),
        "http://unknown.test/": ("dead", None),
        "http://broken.test/": ("unreachable", None),
        "http://127.0.0.1:99999/": ("malformed", None),
    }


@pytest.mark.parametrize("kind", ["client", "client that follows redirects", "transport"])
def test_verdicts_do_not_depend_on_the_client(
    server: Server, names: Names, library: Any, kind: str
) -> None:
    import socket

    names["broken.test"] = socket.EAI_AGAIN
    makers: dict[str, Callable[[], Any]] = {
        "client": library.AsyncClient,
        "client that follows redirects": lambda: library.AsyncClient(follow_redirects=True),
        "transport": library.AsyncHTTPTransport,
    }
    expected = cases(server)
    results = checked(list(expected), makers[kind])
    found = {result.url: (str(result.verdict), result.status) for result in results}
    assert found == expected


def test_a_client_is_used_as_it_is_and_left_open(server: Server, library: Any) -> None:
    async def check() -> None:
        headers = {"User-Agent": "Curator/1.0", "X-Own": "yes"}
        async with library.AsyncClient(headers=headers) as client:
            for _ in range(2):
                async with LinkChecker(POLICY, client=client) as checker:
                    results = [result async for result in checker.check(server.url("page"))]
                assert [result.verdict for result in results] == ["alive"]
            assert not client.is_closed
            assert (await client.get(server.url("after"))).status_code == 200

    asyncio.run(check())
    assert {asked.headers["x-own"] for asked in server.asked} == {"yes"}


def test_a_client_says_whom_it_trusts(
    secure_server: Server, certificates: Certificates, library: Any
) -> None:
    context = ssl.create_default_context(cafile=certificates.authority)
    urls = [secure_server.url("page", secure=name) for name in ("trusted", "untrusted")]
    results = checked(urls, lambda: library.AsyncClient(verify=context))
    assert [result.verdict for result in results] == ["alive", "unreachable"]


def test_a_client_keeps_its_secrets_from_other_hosts(
    server: Server, names: Names, library: Any
) -> None:
    names["other.test"] = ["127.0.0.1"]
    url = server.url(f"redirect/302?to={server.url('page', 'other.test')}")
    (result,) = checked([url], lambda: library.AsyncClient(auth=("me", "hush")))
    assert result.verdict == "alive"
    first, second = server.asked
    assert "authorization" in first.headers
    assert "authorization" not in second.headers


def test_a_mock_answers_without_any_network(connections: list[str], library: Any) -> None:
    def answer(request: Any) -> Any:
        if request.url.path == "/broken":
            raise library.ConnectError("no route")
        if request.url.path == "/odd":
            raise RuntimeError("a mistake in the transport")
        return library.Response(200 if request.url.path == "/here" else 404)

    paths = ["/here", "/gone", "/broken", "/odd"]
    urls = [f"https://example.test{path}" for path in paths]
    results = checked(urls, lambda: library.MockTransport(answer))
    assert [str(result.verdict) for result in results] == [
        "alive", "dead", "unreachable", "unreachable"
    ]  # fmt: skip
    assert connections == []


@pytest.mark.parametrize("host", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1", "[::1]"])
def test_addresses_are_checked_for_any_client(library: Any, host: str) -> None:
    """In links and in redirects, in any notation: behind a proxy nobody else would."""
    asked: list[str] = []

    def answer(request: Any) -> Any:
        asked.append(request.url.host)
        return library.Response(302, headers={"Location": f"http://{host}/"})

    urls = [f"http://{host}/", "https://example.test/"]
    policy = LinkPolicy(retries=0)
    results = checked(urls, lambda: library.MockTransport(answer), policy)
    assert [str(result.verdict) for result in results] == ["skipped", "unreachable"]
    assert set(asked) == {"example.test"}


def test_check_links_takes_a_client_too(library: Any) -> None:
    transport = library.MockTransport(lambda _: library.Response(410))
    report = check_links("https://example.test/", policy=POLICY, client=transport)
    assert [result.verdict for result in report.results] == ["dead"]


@pytest.mark.parametrize("nonsense", [3, "http://proxy.test", object()])
def test_what_is_no_client_is_refused(nonsense: object) -> None:
    with pytest.raises(TypeError, match="AsyncClient"):
        LinkChecker(client=nonsense)


def test_a_client_for_threads_is_refused_in_clear_words(library: Any) -> None:
    with library.Client() as client, pytest.raises(TypeError, match="AsyncClient"):
        LinkChecker(client=client)


def test_limits_hold_for_any_client(server: Server, library: Any) -> None:
    urls = [server.url(f"slow/0.05/{n}") for n in range(12)]
    results = checked(urls, library.AsyncClient, LinkPolicy(allow_private=True, per_host=3))
    assert {str(result.verdict) for result in results} == {"alive"}
    assert server.most["127.0.0.1"] == 3
