"""What the checker knows of some sites, on copies of them that answer as the real ones do."""

from __future__ import annotations

import asyncio
import socket
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("httpx")

import httpx

from cnaps.links import LinkChecker, LinkPolicy, LinkResult, check_links

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
        if callable(page):
            page = page(request)
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


class Arxiv:
    """The API for lists of papers, and the pages of arXiv.

    Args:
        papers: The versions that there are, by identifier.
        comments: What the authors say, by identifier.
    """

    def __init__(
        self, papers: Mapping[str, int], comments: Mapping[str, str] | None = None
    ) -> None:
        self._papers = papers
        self._comments = comments or {}
        self.lists: list[list[str]] = []
        self.pages: dict[str, Any] = {LIST: self._list}
        self.net = Internet(self.pages)

    def _list(self, request: httpx.Request) -> str:
        names = request.url.params["id_list"].split(",")
        assert request.url.params["max_results"] == str(len(names))
        self.lists.append(names)
        return "<feed><id>http://arxiv.org/api/x</id>" + "".join(map(self._entry, names))

    def _entry(self, name: str) -> str:
        key, _, version = name.partition("v")
        last = self._papers.get(key, 0)
        if not last or int(version or 1) > last:
            return ""
        comment = self._comments.get(key, "12 pages")
        return (
            f"<entry><id>http://arxiv.org/abs/{key}v{version or last}</id>"
            "<title>Of &lt;id&gt;s</title>"
            f"<arxiv:comment xmlns:arxiv='x'>{comment}</arxiv:comment></entry>"
        )

    def check(self, urls: list[str], **settings: Any) -> dict[str, LinkResult]:
        """Check links; the pages that are asked are the rest of `net.asked`."""
        quick = {"retries": 0, "github_token": None, "host_rates": RATES}
        report = check_links(urls, LinkPolicy(**quick | settings), client=self.net.transport)
        return {result.url: result for result in report.results}

    @property
    def asked_singly(self) -> list[str]:
        return [asked for asked in self.net.asked if asked != LIST]


LIST = "export.arxiv.org/api/query"


def test_papers_are_asked_for_by_the_hundred() -> None:
    names = [f"2104.{n:05}" for n in range(1, 251)]
    arxiv = Arxiv(dict.fromkeys(names, 2))
    results = arxiv.check([f"https://arxiv.org/abs/{name}" for name in names])
    assert {str(result.verdict) for result in results.values()} == {"alive"}
    assert list(map(len, arxiv.lists)) == [100, 100, 50]
    assert arxiv.asked_singly == []


def test_forms_and_versions_of_papers() -> None:
    arxiv = Arxiv({"2104.00680": 2, "cs/9901002": 1})
    urls = [
        "https://arxiv.org/abs/2104.00680",
        "https://arxiv.org/pdf/2104.00680",
        "https://www.arxiv.org/pdf/2104.00680v1.pdf",
        "http://arxiv.org/abs/cs/9901002v1",
        "arXiv:2104.00680v2",
    ]
    results = arxiv.check(urls)
    assert [str(result.verdict) for result in results.values()] == ["alive"] * 5
    assert [result.reason for result in results.values()] == [
        "arXiv has this paper",
        "arXiv has this paper",
        "arXiv has this version",
        "arXiv has this version",
        "arXiv has this version",
    ]
    assert results[urls[3]].final_url == "https://arxiv.org/abs/cs/9901002v1"
    assert {(result.status, result.attempts) for result in results.values()} == {(200, 1)}
    assert arxiv.lists == [["2104.00680", "2104.00680v1", "cs/9901002v1", "2104.00680v2"]]


def test_what_a_list_does_not_have_is_asked_for_by_itself() -> None:
    arxiv = Arxiv({"2104.00680": 2})
    arxiv.pages |= {"arxiv.org/abs/2104.00681": "here", "arxiv.org/abs/2104.00680": "here"}
    urls = [
        "https://arxiv.org/abs/2104.00680",
        "https://arxiv.org/abs/2104.00681",
        "https://arxiv.org/abs/2104.00680v9",
        "https://arxiv.org/abs/2104.00682",
    ]
    results = arxiv.check(urls)
    assert [str(results[url].verdict) for url in urls] == ["alive", "alive", "dead", "dead"]
    assert "there is no version 9" in results[urls[2]].reason
    assert "arxiv.org/abs/2104.00681" in arxiv.asked_singly


def test_a_paper_that_was_withdrawn_is_there_but_perhaps_not_its_file() -> None:
    comment = "This paper has been Withdrawn &amp; replaced"
    arxiv = Arxiv({"2104.00680": 2, "2104.00681": 1}, {"2104.00680": comment})
    page, file = "https://arxiv.org/abs/2104.00680", "https://arxiv.org/pdf/2104.00680"
    results = arxiv.check([page, file, "https://arxiv.org/abs/2104.00681"])
    assert results[page].verdict == "alive"
    assert results[page].reason == (
        "arXiv has this paper, but it is withdrawn: This paper has been Withdrawn & replaced"
    )
    assert results[file].verdict == "dead"


@pytest.mark.parametrize(
    "url",
    [
        "https://arxiv.org/html/2104.00680",
        "https://arxiv.org/abs/2104.00680?context=cs",
        "https://arxiv.org/abs/2104.00680#references",
        "https://arxiv.org/list/cs/new",
        "https://arxiv.org/abs/2104.99999.9",
        "https://arxiv.org.example.test/abs/2104.00680",
    ],
)
def test_what_no_list_can_settle(url: str) -> None:
    arxiv = Arxiv({"2104.00680": 1})
    arxiv.check([url, f"{url}/"], fragments=True)
    assert arxiv.lists == []


def test_a_single_paper_is_asked_for_by_itself() -> None:
    arxiv = Arxiv({"2104.00680": 1})
    arxiv.check(["https://arxiv.org/abs/2104.00680"])
    assert arxiv.lists == []


def test_a_list_that_is_excluded_is_not_asked_for() -> None:
    arxiv = Arxiv({"2104.00680": 1, "2104.00681": 1})
    urls = [f"https://arxiv.org/abs/2104.0068{n}" for n in range(2)]
    arxiv.check(urls, exclude="export[.]arxiv")
    assert (arxiv.lists, len(arxiv.asked_singly)) == ([], 2)


@pytest.mark.parametrize(
    "trouble",
    [500, 404, (429, {"Retry-After": "1"}), NOBODY, httpx.ReadTimeout("no answer"), "<entry>?"],
    ids=str,
)
def test_where_lists_do_not_come_papers_are_asked_for_by_themselves(trouble: Any) -> None:
    names = [f"2104.{n:05}" for n in range(1, 251)]
    arxiv = Arxiv({})
    arxiv.pages |= {LIST: trouble} | {f"arxiv.org/abs/{name}": "here" for name in names}
    results = arxiv.check([f"https://arxiv.org/abs/{name}" for name in names])
    assert {str(result.verdict) for result in results.values()} == {"alive"}
    assert len(results) == len(arxiv.asked_singly) == 250
    assert arxiv.net.asked.count(LIST) == 1


def test_lists_are_not_asked_for_where_arxiv_has_had_enough() -> None:
    names = [f"2104.{n:05}" for n in range(1, 251)]
    arxiv = Arxiv(dict.fromkeys(names, 1))
    pages = [f"https://arxiv.org/list/cs/{n}" for n in range(2)]
    arxiv.pages |= {page[8:]: (429, {"Retry-After": "3600"}) for page in pages}
    results = arxiv.check([*pages, *(f"https://arxiv.org/abs/{name}" for name in names)])
    assert {str(result.verdict) for result in results.values()} == {"restricted"}
    assert (arxiv.lists, len(arxiv.net.asked)) == ([], 2)


def test_a_stream_may_be_closed_while_a_list_is_on_its_way() -> None:
    asked: list[str] = []

    async def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        await asyncio.sleep(60 if request.url.host == "export.arxiv.org" else 0.05)
        return httpx.Response(200)

    async def check() -> None:
        urls = ["https://a.example/", *(f"https://arxiv.org/abs/2104.0068{n}" for n in range(3))]
        async with (
            asyncio.timeout(5),
            LinkChecker(client=httpx.MockTransport(answer)) as checker,
            aclosing(checker.check(urls)) as results,
        ):
            assert (await anext(results)).url == urls[0]
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(check())
    assert sorted(asked) == ["a.example", "export.arxiv.org"]


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
