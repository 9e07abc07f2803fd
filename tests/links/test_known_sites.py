"""What the checker knows of some sites, on copies of them that answer as the real ones do."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("httpx")

import httpx

from cnaps.links import LinkPolicy, LinkResult, check_links

if TYPE_CHECKING:
    from collections.abc import Mapping


class Internet:
    """A transport that answers for all sites, and notes what was asked.

    Args:
        pages: Answers by host and path: a status, a status with headers, or the content of a 200.
    """

    def __init__(self, pages: Mapping[str, Any]) -> None:
        self._pages = pages
        self.asked: list[str] = []
        self.told: list[str] = []  # the hosts that heard of a token
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        key = request.url.host + request.url.path
        self.asked.append(key)
        if "authorization" in request.headers:
            self.told.append(request.url.host)
        page = self._pages.get(key, 404)
        if isinstance(page, Exception):
            raise page
        if isinstance(page, int):
            return httpx.Response(page)
        if isinstance(page, tuple):
            return httpx.Response(page[0], headers=page[1])
        return (
            httpx.Response(200, json=page)
            if isinstance(page, dict)
            else httpx.Response(200, html=page)
        )

    def check(self, url: str, **settings: Any) -> LinkResult:
        quick = {"retries": 0, "total_timeout": 3, "github_token": None, "host_rates": RATES}
        policy = LinkPolicy(**quick | settings)
        (result,) = check_links(url, policy, client=self.transport).results
        return result


# The real ones would take seconds.
RATES = {"arxiv.org": 1000, "huggingface.co": 1000}
REPO = "https://github.com/JingyunLiang/SwinIR"
API = "api.github.com/repos/JingyunLiang/SwinIR"


# --- GitHub ---------------------------------------------------------------------------------------


def test_a_repository_that_was_renamed_has_moved() -> None:
    new = "https://github.com/someone/SwinIR-2"
    net = Internet({REPO[8:]: (301, {"Location": new}), new[8:]: "here"})
    result = net.check(REPO)
    assert (result.verdict, result.final_url) == ("moved", new)


def test_a_repository_that_was_renamed_has_moved_by_the_word_of_the_api() -> None:
    moved = (301, {"Location": "https://api.github.com/repositories/1"})
    net = Internet({API: moved, "api.github.com/repositories/1": {"full_name": "someone/SwinIR-2"}})
    result = net.check(REPO, github_token="hush")
    assert (result.verdict, result.final_url) == ("moved", "https://github.com/someone/SwinIR-2")
    assert set(net.told) == {"api.github.com"}


def test_a_token_goes_to_the_api_alone() -> None:
    net = Internet({API: 500, REPO[8:]: "here", "gist.github.com/a/1": "here"})
    assert net.check(REPO, github_token="hush").verdict == "alive"
    assert net.check("https://gist.github.com/a/1", github_token="hush").verdict == "alive"
    assert (
        net.check("https://api.github.com.evil.test/repos/a/b", github_token="hush").status == 404
    )
    assert set(net.told) <= {"api.github.com"}


def test_a_token_does_not_follow_a_redirect() -> None:
    net = Internet(
        {API: (302, {"Location": "https://evil.test/"}), "evil.test/": {"full_name": "a/b"}}
    )
    net.check(REPO, github_token="hush")
    assert set(net.told) == {"api.github.com"}


@pytest.mark.parametrize("token", [None, "hush"])
def test_a_repository_that_is_gone_is_dead(token: str | None) -> None:
    result = Internet({}).check(REPO, github_token=token)
    assert (result.verdict, result.status) == ("dead", 404)


@pytest.mark.parametrize(
    "limit",
    [
        (429, {"Retry-After": "3600"}),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}),
        (429, {}),
    ],
)
@pytest.mark.parametrize("token", [None, "hush"])
def test_a_limit_on_requests_says_nothing_of_a_repository(limit: Any, token: str | None) -> None:
    net = Internet({REPO[8:]: limit, API: limit})
    assert net.check(REPO, github_token=token).verdict == "restricted"


NOBODY = httpx.ConnectError("no such host")
NOBODY.__cause__ = socket.gaierror(socket.EAI_NONAME, "no such host")


@pytest.mark.parametrize(
    "trouble",
    [
        NOBODY,
        httpx.ReadTimeout("no answer"),
        500,
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "4102444800"}),
        (301, {}),
        (302, {"Location": "https://evil.test/"}),
        "no JSON",
        {"nothing": "that is known"},
    ],
    ids=str,
)
def test_trouble_with_the_api_says_nothing_of_a_repository(trouble: Any) -> None:
    net = Internet({API: trouble, REPO[8:]: "here"})
    result = net.check(REPO, github_token="hush")
    assert (result.verdict, result.attempts) == ("alive", 2)
    assert net.asked == [API, REPO[8:]]


def test_an_api_that_has_had_enough_is_left_alone_and_the_pages_are_asked() -> None:
    enough = (403, {"Retry-After": "3600"})
    repos = [f"someone/{n}" for n in range(6)]
    pages = {f"github.com/{repo}": "here" for repo in repos}
    apis = {f"api.github.com/repos/{repo}": enough for repo in repos}
    net = Internet(pages | apis)
    policy = LinkPolicy(github_token="hush", per_host=1)
    report = check_links([f"https://github.com/{r}" for r in repos], policy, client=net.transport)
    assert [str(result.verdict) for result in report.results] == ["alive"] * 6
    assert sum(asked in apis for asked in net.asked) == 2
    assert [result.attempts for result in report.results] == [2, 2, 1, 1, 1, 1]


# --- Hugging Face ---------------------------------------------------------------------------------

MODEL = "https://huggingface.co/org/model"
HUB = "huggingface.co/api/models/org/model"


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"id": "org/model", "gated": False}, "alive"),
        ({"id": "org/model", "gated": "manual"}, "restricted"),
        ({"id": "org/model", "gated": "auto"}, "restricted"),
        ({"id": "org/new-name"}, "moved"),
        (401, "restricted"),
        (404, "dead"),
    ],
)
def test_a_gated_repository_is_restricted(answer: Any, verdict: str) -> None:
    assert Internet({HUB: answer}).check(MODEL).verdict == verdict


def test_who_has_had_too_many_requests_does_not_get_one_more() -> None:
    net = Internet({HUB: (429, {"Retry-After": "3600"}), MODEL[8:]: "here"})
    assert net.check(MODEL).verdict == "restricted"
    assert net.asked == [HUB]


def test_a_place_in_a_page_is_looked_for_in_the_page() -> None:
    net = Internet({HUB: {"id": "org/model"}, MODEL[8:]: '<h2 id="usage">Usage</h2>'})
    assert net.check(f"{MODEL}#usage", fragments=True).verdict == "alive"
    assert net.check(f"{MODEL}#nothing", fragments=True).verdict == "dead"


# --- arXiv ----------------------------------------------------------------------------------------


def test_a_version_that_does_not_exist_is_dead_and_the_work_lives() -> None:
    net = Internet({"arxiv.org/abs/2111.09881": "here"})
    result = net.check("https://arxiv.org/abs/2111.09881v9")
    assert (result.verdict, result.status) == ("dead", 404)
    assert "version 9" in result.reason
    assert "https://arxiv.org/abs/2111.09881" in result.reason


def test_a_work_that_does_not_exist_is_dead_with_all_its_versions() -> None:
    result = Internet({}).check("https://arxiv.org/abs/2111.09881v9")
    assert (result.verdict, result.status) == ("dead", 404)
    assert "there is the work" not in result.reason


# --- DOI ------------------------------------------------------------------------------------------


def test_a_doi_lives_if_it_is_registered_whatever_its_publisher_says() -> None:
    there = (302, {"Location": "https://publisher.test/article"})
    net = Internet({"doi.org/10.1000/182": there, "publisher.test/article": 403})
    assert net.check("https://doi.org/10.1000/182").verdict == "alive"
    assert net.check("https://doi.org/10.1000/nothing").verdict == "dead"


# --- pages that say "not found" -------------------------------------------------------------------


def test_a_page_that_is_not_there_though_its_status_is_200_is_dead() -> None:
    gone = 'var ytInitialPlayerResponse = {"playabilityStatus":{"status":"ERROR"}}'
    net = Internet({"www.youtube.com/watch": gone})
    result = net.check("https://www.youtube.com/watch?v=0")
    assert (result.verdict, result.status) == ("dead", 200)
    assert "low certainty" in result.reason
    assert net.check("https://www.youtube.com/watch?v=0", soft_404=False).verdict == "alive"
