"""A link is the word of a stranger: what it must not bring the checker to do.

Where a test needs an address that counts as public, the fixture `public` says that one on
loopback is; every connection is heard of by the fixture `connections`.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

pytest.importorskip("httpx")

from cnaps.links import LinkPolicy, LinkResult, _addresses, check_links

if TYPE_CHECKING:
    from collections.abc import Callable
    from ipaddress import IPv4Address, IPv6Address
    from pathlib import Path

    from tests.links.conftest import Names
    from tests.links.server import Server

# Addresses of nobody's business, in every spelling that some resolver or library understands.
PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "127.1",
    "2130706433",
    "0x7f000001",
    "0177.0.0.1",
    "0",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.1",
    "198.18.0.1",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[::1]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:a9fe:a9fe]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "localhost",
    "localhost.",
    "LOCALHOST",
    "１２７.0.0.1",
]


def safely(url: str | list[str], **settings: object) -> LinkResult:
    """Check one link as anybody would, only faster."""
    quick = {"timeout": 1, "total_timeout": 2, "retries": 0} | settings
    (result,) = check_links(url, policy=LinkPolicy(**quick)).results  # type: ignore[arg-type]
    return result


@pytest.fixture
def public(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Have an address count as a public one."""
    known = _addresses.why_refused
    addresses: set[str] = set()

    def why_refused(address: IPv4Address | IPv6Address, *, allow_private: bool) -> str | None:
        return None if str(address) in addresses else known(address, allow_private=allow_private)

    for name, module in list(sys.modules.items()):
        if name.startswith("cnaps.links") and vars(module).get("why_refused") is known:
            monkeypatch.setattr(module, "why_refused", why_refused)
    return addresses.add


# --- addresses ------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", PRIVATE)
def test_private_addresses_are_not_asked(server: Server, connections: list[str], host: str) -> None:
    result = safely(f"http://{host}:{server.port}/status/200")
    assert result.verdict in {"skipped", "malformed", "dead"}
    assert (result.status, result.attempts > 1) == (None, False)
    assert connections == []
    assert server.asked == []


@pytest.mark.parametrize("address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"])
def test_names_of_private_addresses_are_not_asked(
    server: Server, names: Names, connections: list[str], address: str
) -> None:
    names["intranet.test"] = [address]
    result = safely(server.url("status/200", "intranet.test"))
    assert result.verdict == "skipped"
    assert "address" in result.reason
    assert connections == []


def test_of_several_addresses_only_public_ones_are_asked(
    server: Server, names: Names, connections: list[str], public: Callable[[str], None]
) -> None:
    public("127.0.0.1")
    names["mixed.test"] = ["10.0.0.1", "127.0.0.66", "127.0.0.1", "::1"]
    assert safely(server.url("status/200", "mixed.test")).verdict in {"alive", "skipped"}
    assert set(connections) <= {"127.0.0.1"}


def test_a_name_that_changes_its_mind_is_checked_again(
    server: Server, names: Names, connections: list[str], public: Callable[[str], None]
) -> None:
    """DNS rebinding: public when it is looked at, private when it is connected to."""
    public("127.0.0.1")
    lives = iter([["127.0.0.1"]])
    names["rebinding.test"] = lambda: next(lives, ["127.0.0.66"])
    urls = [server.url(path, "rebinding.test") for path in ("close", "redirect/302?to=/close")]
    for url in urls:
        check_links([url, server.url("status/200", "rebinding.test")], LinkPolicy(retries=2))
    assert connections == ["127.0.0.1"]


def test_what_is_connected_to_is_what_was_checked(
    server: Server, names: Names, connections: list[str], public: Callable[[str], None]
) -> None:
    """A second look-up between the check and the connection would be a hole."""
    public("127.0.0.1")
    answers = iter([["127.0.0.1"], ["127.0.0.66"]])
    names["rebinding.test"] = lambda: next(answers)
    assert safely(server.url("status/200", "rebinding.test")).verdict == "alive"
    assert connections == ["127.0.0.1"]
    assert len(names.asked) == 1


@pytest.mark.parametrize(
    "target",
    [
        "http://10.0.0.1/",
        "http://127.0.0.66:{port}/",
        "//169.254.169.254/latest/meta-data/",
        "http://[::ffff:127.0.0.66]:{port}/",
        "http://2130706498:{port}/",
        "http://intranet.test:{port}/",
        "http://localhost:{port}/",
        "https://intranet.test:{port}/",
    ],
)
@pytest.mark.parametrize("path", ["redirect/302", "head/405/redirect/301"])
def test_redirects_do_not_lead_to_private_addresses(
    server: Server,
    names: Names,
    connections: list[str],
    public: Callable[[str], None],
    path: str,
    target: str,
) -> None:
    public("127.0.0.1")
    names["intranet.test"] = names["localhost"] = ["127.0.0.66"]
    to = quote(target.format(port=server.port))
    result = safely(server.url(f"{path}?to={to}"))
    assert result.verdict in {"unreachable", "dead"}
    assert set(connections) == {"127.0.0.1"}
    assert {asked.target.partition("?")[0] for asked in server.asked} == {f"/{path}"}


def test_private_addresses_are_asked_if_the_policy_allows_it(server: Server, names: Names) -> None:
    names["intranet.test"] = ["127.0.0.1"]
    urls = [server.url("status/200"), server.url("status/200", "intranet.test")]
    report = check_links(urls, policy=LinkPolicy(allow_private=True))
    assert [result.verdict for result in report.results] == ["alive", "alive"]


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "[fd00:ec2::254]", "[::ffff:169.254.169.254]", "metadata.test"]
)
def test_the_services_that_hand_out_credentials_are_never_asked(
    server: Server, names: Names, connections: list[str], host: str
) -> None:
    names["metadata.test"] = ["169.254.169.254"]
    url = f"http://{host}/latest/meta-data/"
    assert safely(url, allow_private=True).verdict == "skipped"
    result = safely(server.url(f"redirect/302?to={url}"), allow_private=True)
    assert result.verdict == "unreachable"
    assert connections == ["127.0.0.1"]


def test_what_is_excluded_is_not_asked_by_way_of_a_redirect(server: Server, names: Names) -> None:
    names["tracker.test"] = ["127.0.0.1"]
    url = server.url(f"redirect/302?to={server.url('page', 'tracker.test')}")
    result = safely(url, allow_private=True, exclude="tracker[.]test:")
    # The link itself holds the pattern, so it is excluded; one that does not is the point.
    assert result.verdict == "skipped"
    hidden = server.url(f"redirect/302?to=%2F%2F%74racker.test%3A{server.port}/page")
    result = safely(hidden, allow_private=True, exclude="tracker[.]test:")
    assert result.verdict == "unreachable"
    assert "excluded" in result.reason
    assert {asked.host for asked in server.asked} == {"127.0.0.1"}


# --- secrets --------------------------------------------------------------------------------------


def secret_policy(host: str) -> LinkPolicy:
    headers = {host: {"Authorization": "Bearer hush", "Cookie": "hush=1"}}
    return LinkPolicy(allow_private=True, headers=headers, github_token="hush")


def heard(server: Server) -> list[tuple[str, bool]]:
    """Which hosts were asked, and whether they heard the secret."""
    return [(asked.host, "hush" in repr(asked.headers)) for asked in server.asked]


def test_a_secret_goes_to_its_host_alone(secure_server: Server, names: Names) -> None:
    names["secure.test"] = ["127.0.0.1"]
    port = secure_server.ports["trusted"]
    own, other = f"https://secure.test:{port}", f"https://localhost:{port}"
    urls = [f"{own}/page", f"{other}/page"]
    urls += [f"{own}/redirect/302?to={other}/elsewhere", f"{other}/redirect/302?to={own}/back"]
    report = check_links(urls, policy=secret_policy("secure.test"))
    assert {result.verdict for result in report.results} == {"alive"}
    assert {known for host, known in heard(secure_server) if host == "localhost"} == {False}
    straight = [asked for asked in secure_server.requests("page") if asked.host == "secure.test"]
    assert straight[0].headers["authorization"] == "Bearer hush"
    # Who is led to a host by another one does not bring the secret along.
    (back,) = secure_server.requests("back")
    assert "authorization" not in back.headers
    assert "hush" not in repr(report)


def test_a_secret_is_not_sent_in_the_clear(secure_server: Server, names: Names) -> None:
    names["secure.test"] = ["127.0.0.1"]
    secure = f"https://secure.test:{secure_server.ports['trusted']}"
    clear = f"http://secure.test:{secure_server.port}"
    check_links(f"{secure}/redirect/302?to={clear}/page", policy=secret_policy("secure.test"))
    (asked,) = secure_server.requests("page")
    assert "hush" not in repr(asked.headers)


def test_the_token_for_github_goes_nowhere_else(
    server: Server, names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "hush")
    hosts = [
        "raw.githubusercontent.com",
        "api.github.com.evil.test",
        "github.com",
        "gist.github.com",
    ]
    names.update({host: ["127.0.0.1"] for host in hosts})
    urls = [server.url("some/path", host) for host in hosts]
    urls += [
        f"http://127.0.0.1:{server.port}/redirect/302?to=http://{host}:{server.port}/"
        for host in hosts
    ]
    check_links(urls, policy=LinkPolicy(allow_private=True, retries=0, timeout=1))
    assert len(server.asked) >= len(hosts)
    assert {known for _, known in heard(server)} == {False}


def test_names_and_passwords_of_the_machine_stay_there(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password hush\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    safely(server.url("page"), allow_private=True)
    assert "authorization" not in server.asked[0].headers


@pytest.mark.parametrize("user", ["me:hush@", "hush@", ":hush@", "me%40x:hush@"])
def test_a_password_in_a_link_is_neither_sent_nor_shown(server: Server, user: str) -> None:
    for url in [
        f"http://{user}127.0.0.1:{server.port}/page",
        server.url(f"redirect/302?to={quote(f'http://{user}127.0.0.1:{server.port}/page')}"),
        server.url(f"redirect/302?to={quote(f'//{user}127.0.0.1:{server.port}/page')}"),
    ]:
        result = safely(url, allow_private=True)
        assert "hush" not in result.reason
        assert "hush" not in (result.final_url or "").partition("?")[0]
        assert "hush" not in result.url.partition("?")[0]
    assert all("authorization" not in asked.headers for asked in server.asked)


def test_cookies_stay_with_their_host_and_link(server: Server, names: Names) -> None:
    names["other.test"] = ["127.0.0.1"]
    jar = "Set-Cookie=hush%3D1%3B+Domain%3Dtest%3B+Path%3D/"
    urls = [server.url(f"status/302?{jar}&Location={server.url('away', 'other.test')}")]
    urls += [server.url(f"page/{n}") for n in range(5)]
    check_links(urls, policy=LinkPolicy(allow_private=True, per_host=1))
    assert len(server.asked) == 7
    assert all("cookie" not in asked.headers for asked in server.asked)


# --- words that are commands elsewhere ------------------------------------------------------------


@pytest.mark.parametrize("char", ["\r\n", "\n", "\r", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\t"])
def test_a_link_does_not_smuggle_anything_in(server: Server, char: str) -> None:
    for url in [
        f"http://127.0.0.1:{server.port}/a{char}X-Smuggled: yes{char}{char}GET /b",
        f"http://127.0.0.1:{server.port}{char}@evil.test/",
        server.url(f"redirect/302?to={quote(f'/a{char}X-Smuggled: yes')}"),
    ]:
        result = safely(url, allow_private=True)
        assert result.reason.isprintable()
        assert result.url.isprintable()
        assert (result.final_url or "").isprintable()
    assert all("x-smuggled" not in asked.headers for asked in server.asked)
    assert server.requests("b") == []


# --- appetite -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["endless", "bomb", "size/50000000?ranges=no", "endless/headers"])
def test_a_body_is_not_taken_in_whole_even_if_it_is_read(server: Server, path: str) -> None:
    policy = LinkPolicy(allow_private=True, fragments=True, timeout=3, retries=0)
    begun = time.monotonic()
    tracemalloc.start()
    try:
        check_links(server.url(f"{path}#there"), policy=policy)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000
    assert time.monotonic() - begun < 4


def test_a_body_that_drips_is_not_waited_for(server: Server) -> None:
    begun = time.monotonic()
    safely(server.url("drip/0.01/body#there"), allow_private=True, fragments=True, timeout=0.5)
    assert time.monotonic() - begun < 1.5


def test_hostile_pages_are_searched_in_linear_time(server: Server) -> None:
    for unit in ['id="', "id=", "<a name=", "id = ", "<!--", "id='\"", "&#x41;"]:
        body = quote(unit * 400)  # a line of a request has its limits
        begun = time.monotonic()
        result = safely(server.url(f"page?body={body}#there"), allow_private=True, fragments=True)
        assert result.status == 200
        assert time.monotonic() - begun < 0.5
