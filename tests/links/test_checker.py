"""Every row of the table of verdicts, over real sockets, all in one run."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING

import attrs
import pytest

from tests.links.server import refused_port
from tests.links.verdicts import NAMES, ROWS, SETTINGS, Row

pytest.importorskip("httpx")

from cnaps.links import LinkPolicy, LinkResult, Verdict, check_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.links.conftest import Names
    from tests.links.server import Server

ALL = [row for section in ROWS.values() for row in section]
POLICY = LinkPolicy(allow_private=True, timeout=0.8, total_timeout=5, retries=1, concurrency=200)


class Addresses:
    """Where the links of the table lead while a server runs; each row has a host of its own."""

    def __init__(self, server: Server, names: Names) -> None:
        self._server = server
        self._fixed = {**server.ports, "port": server.port, "refused": refused_port()}
        names["secure.test"] = names["elsewhere.test"] = ["127.0.0.1"]
        names["softly.test"] = names["xn--bcher-kva.test"] = ["127.0.0.1"]
        names["two.test"] = ["127.0.0.254", "127.0.0.1"]
        names.update({name: getattr(socket, error) for name, error in NAMES.items()})
        names.update({f"host-{n}.test": ["127.0.0.1"] for n in range(len(ALL))})

    def fill_in(self, row: Row, url: str) -> str:
        port = self._server.port
        elsewhere = f"elsewhere.test:{port}"
        return url.format(
            here=f"http://host-{ALL.index(row)}.test:{port}",
            elsewhere=f"http://{elsewhere}",
            elsewhere_host=elsewhere,
            **self._fixed,
        )


def test_every_verdict_is_as_the_table_says(
    secure_server: Server, names: Names, subtests: pytest.Subtests
) -> None:
    addresses = Addresses(secure_server, names)
    plain = [row for title, section in ROWS.items() if title not in SETTINGS for row in section]
    begun = time.monotonic()
    check_all(plain, addresses, POLICY, subtests)
    assert time.monotonic() - begun < 10
    for title, settings in SETTINGS.items():
        check_all(ROWS[title], addresses, attrs.evolve(POLICY, **settings), subtests)


def check_all(
    rows: Sequence[Row], addresses: Addresses, policy: LinkPolicy, subtests: pytest.Subtests
) -> None:
    urls = [addresses.fill_in(row, row.url) for row in rows]
    report = check_links(urls, policy=policy)
    for row, result in zip(rows, report.results, strict=True):
        with subtests.test(row.what):
            check(row, result)
            if row.final:
                assert result.final_url == addresses.fill_in(row, row.final)


def check(row: Row, result: LinkResult) -> None:
    assert (result.verdict, result.status) == (row.verdict, row.status), result.reason
    assert row.words.lower() in result.reason.lower()
    assert result.reason.isprintable()
    assert "secret" not in repr(result)
    asked = result.verdict not in {"malformed", "skipped"}
    assert (result.attempts > 0) == asked
    assert (result.final_url is not None) == asked
    assert 0 <= result.elapsed < POLICY.total_timeout + 1


def test_what_comes_between_two_answers_is_no_fault_of_the_second_link(server: Server) -> None:
    """A server sends a body with the answer to HEAD, just when the next request is under way."""
    policy = attrs.evolve(POLICY, per_host=1)
    late, page = check_links([server.url("head/late"), server.url("page")], policy=policy).results
    assert (late.verdict, page.verdict) == ("alive", "alive")
    assert server.methods("page") in (["HEAD", "GET"], ["HEAD"])  # if the body was not late enough


def test_rows_have_links_of_their_own() -> None:
    assert len({row.what for row in ALL}) == len(ALL)
    assert len({row.url for row in ALL}) == len(ALL)


def test_there_is_a_row_for_every_verdict() -> None:
    assert {row.verdict for row in ALL} == {str(verdict) for verdict in Verdict}
