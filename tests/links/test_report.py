"""Reports say everything, in forms that others read, and can be acted on."""

from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps

pytest.importorskip("httpx")

from cnaps.links import LinkFix, LinkReport, LinkResult, Place, Verdict, apply_fixes
from cnaps.spans import Span

ALIVE = LinkResult("https://a.example/", Verdict.ALIVE, 200, "https://a.example/", reason="there")
MOVED = LinkResult(
    "https://a.example/old",
    Verdict.MOVED,
    200,
    "https://a.example/new",
    1,
    2,
    0.25,
    "moved to https://a.example/new",
    (Place("a.txt", "models[0].paper", Span(3, 9)), Place("b.txt", "question.text")),
)
DEAD = LinkResult(
    "https://a.example/x|y", Verdict.DEAD, 404, reason="not found (404)", places=(Place("a.txt"),)
)
RESTRICTED = LinkResult("https://b.example/", Verdict.RESTRICTED, 403, reason="forbidden")
REPORT = LinkReport((ALIVE, MOVED, DEAD, RESTRICTED))


def test_results_have_exactly_these_fields() -> None:
    assert [field.name for field in attrs.fields(LinkResult)] == [
        "url",
        "verdict",
        "status",
        "final_url",
        "redirects",
        "attempts",
        "elapsed",
        "reason",
        "places",
        "from_cache",
    ]


def test_verdicts_are_words() -> None:
    assert [str(verdict) for verdict in Verdict] == [
        "alive",
        "moved",
        "dead",
        "unreachable",
        "restricted",
        "malformed",
        "skipped",
    ]


def test_counts() -> None:
    assert {verdict: count for verdict, count in REPORT.counts.items() if count} == {
        "alive": 1,
        "moved": 1,
        "dead": 1,
        "restricted": 1,
    }
    assert list(REPORT.counts) == list(Verdict)


def test_what_cannot_be_told_is_no_fault() -> None:
    assert LinkReport((ALIVE, MOVED, RESTRICTED)).is_fine
    assert not REPORT.is_fine


def test_results_by_verdict() -> None:
    assert REPORT.having("dead", Verdict.MOVED) == (MOVED, DEAD)
    with pytest.raises(ValueError, match="'broken' is not a valid Verdict"):
        REPORT.having("broken")


def test_json() -> None:
    content = json.loads(REPORT.to_json())
    assert content["version"] == 1
    assert content["counts"]["moved"] == 1
    assert content["results"][1] == {
        "url": "https://a.example/old",
        "verdict": "moved",
        "status": 200,
        "final_url": "https://a.example/new",
        "redirects": 1,
        "attempts": 2,
        "elapsed": 0.25,
        "reason": "moved to https://a.example/new",
        "places": [
            {"file": "a.txt", "path": "models[0].paper", "span": [3, 9]},
            {"file": "b.txt", "path": "question.text", "span": None},
        ],
        "from_cache": False,
    }
    lines = [json.loads(line) for line in REPORT.to_jsonl().splitlines()]
    assert lines == content["results"]


def test_junit() -> None:
    assert REPORT.to_junit() == (
        '<testsuite name="cnaps links" errors="0" failures="1" skipped="1" tests="5">\n'
        '  <testcase classname="links" name="https://a.example/" time="0.000" />\n'
        '  <testcase classname="a.txt" name="https://a.example/old" time="0.250" />\n'
        '  <testcase classname="b.txt" name="https://a.example/old" time="0.250" />\n'
        '  <testcase classname="a.txt" name="https://a.example/x|y" time="0.000">\n'
        '    <failure type="dead" message="not found (404)" />\n'
        "  </testcase>\n"
        '  <testcase classname="links" name="https://b.example/" time="0.000">\n'
        '    <skipped type="restricted" message="forbidden" />\n'
        "  </testcase>\n"
        "</testsuite>\n"
    )


def test_markdown() -> None:
    assert REPORT.to_markdown() == (
        "4 links: 1 alive, 1 moved, 1 dead, 1 restricted\n"
        "\n"
        "| Verdict | Link | Reason | Places |\n"
        "| --- | --- | --- | --- |\n"
        "| moved | https://a.example/old | moved to https://a.example/new | "
        "a.txt: models\\[0\\].paper<br>b.txt: question.text |\n"
        "| dead | https://a.example/x\\|y | not found (404) | a.txt |\n"
        "| restricted | https://b.example/ | forbidden |  |\n"
    )
    assert LinkReport((ALIVE,)).to_markdown() == "1 links: 1 alive\n"
    assert LinkReport().to_markdown() == "0 links\n"


@given(st.text(), st.text())
def test_reports_hold_any_file_name(file: str, path: str) -> None:
    report = LinkReport((attrs.evolve(DEAD, places=(Place(file, path),)),))
    ET.fromstring(report.to_junit())
    assert json.loads(report.to_json().encode())["results"][0]["verdict"] == "dead"
    assert len(report.to_markdown().splitlines()) == 5


# --- fixes ----------------------------------------------------------------------------------------


def plain(url: str, verdict: Verdict = Verdict.ALIVE, final: str | None = None) -> LinkResult:
    return LinkResult(url, verdict, 200, final or url)


def fixed(*results: LinkResult, twins: LinkReport | None = None) -> dict[str, str]:
    return {fix.old: fix.new for fix in LinkReport(results).fixes(twins)}


def test_what_has_moved_is_fixed_with_its_places() -> None:
    assert REPORT.fixes() == (
        LinkFix(MOVED.url, MOVED.final_url or "", MOVED.reason, MOVED.places),
    )


def test_https_where_both_are_alive() -> None:
    http, https = plain("http://a.example/"), plain("https://a.example/")
    assert fixed(http) == {}
    assert fixed(http, https) == {"http://a.example/": "https://a.example/"}
    assert fixed(http, twins=LinkReport((https,))) == {"http://a.example/": "https://a.example/"}
    dead = LinkReport((plain("https://a.example/", Verdict.DEAD),))
    assert fixed(http, twins=dead) == {}
    assert fixed(plain("http://a.example/", Verdict.RESTRICTED), https) == {}


def test_https_where_the_server_leads_there_itself() -> None:
    assert fixed(plain("http://a.example/", final="https://a.example/")) == {
        "http://a.example/": "https://a.example/"
    }


def test_which_links_to_check_for_that() -> None:
    report = LinkReport(
        (
            plain("http://a.example/"),
            plain("http://b.example/"),
            plain("https://b.example/"),
            plain("http://c.example/", Verdict.DEAD),
            plain("http://d.example/", Verdict.MOVED),
        )
    )
    assert report.twins() == ("https://a.example/",)


FIXES = (
    LinkFix("http://a.example/x", "https://a.example/x", ""),
    LinkFix("http://a.example/x/y", "https://b.example/y", ""),
    LinkFix("github.com/old/name", "https://github.com/new/name", ""),
)

PROSE = {
    "http://a.example/x": "https://a.example/x",
    "See http://a.example/x.": "See https://a.example/x.",
    "(http://a.example/x), http://a.example/x?": "(https://a.example/x), https://a.example/x?",
    "[x](http://a.example/x/y)": "[x](https://b.example/y)",
    "http://a.example/x: yes": "https://a.example/x: yes",
    "at github.com/old/name": "at https://github.com/new/name",
    # Other links that start or end alike.
    "http://a.example/xy": "http://a.example/xy",
    "http://a.example/x/z": "http://a.example/x/z",
    "http://a.example/x.pdf": "http://a.example/x.pdf",
    "http://a.example/x?q=1": "http://a.example/x?q=1",
    "http://a.example/x#top": "http://a.example/x#top",
    "https://github.com/old/name": "https://github.com/old/name",
    "mygithub.com/old/name": "mygithub.com/old/name",
    "no link": "no link",
}


@pytest.mark.parametrize(("text", "new"), PROSE.items())
def test_links_in_prose(text: str, new: str) -> None:
    assert apply_fixes(cnaps.Question(text), FIXES).text == new


def test_links_in_fields_of_documents() -> None:
    models = (cnaps.ModelRef("A", paper="http://a.example/x", github="http://a.example/x/z"),)
    papers = (cnaps.PaperRef("T", paper=None, summary="As in http://a.example/x/y, but faster."),)
    prompt = cnaps.PromptSpec(cnaps.Question("Why?"), models, papers)
    doc = cnaps.parse(cnaps.render(prompt))
    fixed = apply_fixes(doc, FIXES)
    assert fixed.value == apply_fixes(prompt, FIXES)
    assert fixed.text == doc.text.replace("http://a.example/x\n", "https://a.example/x\n").replace(
        "http://a.example/x/y,", "https://b.example/y,"
    )
    assert apply_fixes(fixed, FIXES).to_bytes() == fixed.to_bytes()


RESPONSE = r"""## Papers

- [cite_start]**Paper:** http://a.example/x:contentReference[oaicite:0]{index=0}
- [x](http://a.example/x/y)【3†source】, \url{http://a.example/x}
- http://a.example/x/z
"""


def test_links_in_responses() -> None:
    doc = cnaps.parse_response(RESPONSE.replace("\n", "\r\n").encode())
    fixed = apply_fixes(doc, FIXES)
    wanted = RESPONSE.replace("http://a.example/x/y", "https://b.example/y")
    wanted = wanted.replace("http://a.example/x:", "https://a.example/x:")
    wanted = wanted.replace("{http://a.example/x}", "{https://a.example/x}")
    assert type(fixed) is cnaps.ResponseDocument
    assert fixed.to_bytes() == wanted.replace("\n", "\r\n").encode()
    assert apply_fixes(doc.value, FIXES) == cnaps.Response(wanted)


def test_links_written_with_escapes() -> None:
    fix = LinkFix("http://a.example/x_y", "https://a.example/z", "moved")
    text = r"http://a.example/x\_y and \url{http://a.example/x\_y}"
    wanted = r"https://a.example/z and \url{https://a.example/z}"
    assert apply_fixes(cnaps.Response(text), [fix]) == cnaps.Response(wanted)


def test_without_fixes_nothing_changes() -> None:
    value = cnaps.Question("See http://a.example/x.")
    assert apply_fixes(value, ()) == value
