"""Reports: as attributes, as data, and as people see them."""

from __future__ import annotations

import json
from io import StringIO

import pytest

from cnaps import GroundingReport, ModelRef, PaperRef, PromptSpec, Question, Verdict, check

PROMPT = PromptSpec(
    Question("Rain?"),
    (ModelRef("MPRNet", "https://arxiv.org/abs/2102.02808"),),
    (PaperRef("Wet", "https://example.org/wet", summary="Code: https://example.org/code"),),
)
OTHER = PromptSpec(Question("Snow?"), (ModelRef("Snow", "https://example.org/snow"),))
TEXT = """\
MPRNet: https://arxiv.org/abs/2102.02808, http://arxiv.org/abs/2102.02808,
https://example.org/code, https://example.org/snow, https://example.net/<b>, Wet
"""
REPORT = check(PROMPT, TEXT.replace("<b>", "b"), collection={"snow": OTHER})


def test_each_verdict_has_its_citations() -> None:
    by_verdict = {
        "given": REPORT.given,
        "altered": REPORT.altered,
        "mentioned": REPORT.mentioned,
        "borrowed": REPORT.borrowed,
        "outside": REPORT.outside,
        "unlinked": REPORT.unlinked,
    }
    assert list(by_verdict) == [str(verdict) for verdict in Verdict]
    for verdict, citations in by_verdict.items():
        assert [citation.verdict for citation in citations] == [verdict]
    assert REPORT.faults == (*REPORT.altered, *REPORT.borrowed, *REPORT.outside)
    assert REPORT.counts == dict.fromkeys(Verdict, 1)
    assert not REPORT


def test_what_it_says_of_itself() -> None:
    assert str(REPORT) == (
        "not ok: 1 given, 1 altered, 1 mentioned, 1 borrowed, 1 outside, 1 unlinked"
    )
    assert repr(check(PROMPT, "a" * 1000)).startswith("GroundingReport(text='aaaa")
    assert len(repr(check(PROMPT, "a" * 100_000))) < 1000


@pytest.mark.parametrize("link", ["https://example.org/wet", "Wet", "https://example.org/code"])
def test_only_faults_are_not_ok(link: str) -> None:
    report = check(PROMPT, link)
    assert report
    assert report.faults == ()
    assert report.correction == ""


def test_a_correction_is_one_paragraph() -> None:
    assert REPORT.correction == (
        "Your answer cites links that were not provided. Use only the provided models and papers:"
        " write https://arxiv.org/abs/2102.02808 instead of http://arxiv.org/abs/2102.02808;"
        " remove https://example.org/snow, or replace it by a provided link;"
        " remove https://example.net/b, or replace it by a provided link."
        " Keep everything else as it is."
    )
    twice = check(PROMPT, "https://example.net/b https://example.net/b")
    assert twice.correction.count("https://example.net/b") == 1


def test_a_correction_names_a_link_to_write_once() -> None:
    prompt = PromptSpec(Question("Rain?"), (ModelRef("Rain", "https://example.org/rain"),))
    report = check(prompt, "http://example.org/rain, https://example.org/rai")
    assert (
        " write https://example.org/rain instead of http://example.org/rain," in report.correction
    )
    assert report.correction.count("https://example.org/rain") == 1


def test_a_correction_is_one_paragraph_whatever_a_link_of_the_prompt_holds() -> None:
    prompt = PromptSpec(Question("Rain?"), (ModelRef("Rain", "https://example.org/rain\n\nand"),))
    report = check(prompt, "https://example.org/rai")
    assert "\n" not in report.correction


def test_as_plain_data() -> None:
    data = json.loads(json.dumps(REPORT.to_dict()))
    assert list(data) == [
        *("ok", "counts", "citations", "uncited", "unnamed"),
        *("mislabelled", "drifted", "duplicates", "misfiled"),
    ]
    assert data["ok"] is data["misfiled"] is False
    assert data["counts"] == {str(verdict): 1 for verdict in Verdict}
    assert data["citations"][1] == {
        "url": "http://arxiv.org/abs/2102.02808",
        "label": "MPRNet",
        "verdict": "altered",
        "start": 42,
        "end": 73,
        "entry": {
            "path": "models[0]",
            "name": "MPRNet",
            "link": "https://arxiv.org/abs/2102.02808",
            "field": "paper",
            "prompt": None,
        },
        "difference": "scheme",
        "reason": (
            "it is models[0].paper of the prompt, with another scheme:"
            " https://arxiv.org/abs/2102.02808"
        ),
    }
    assert data["citations"][4]["entry"] is data["citations"][4]["difference"] is None
    assert data["duplicates"] == [data["citations"][:2]]
    assert data["uncited"] == data["unnamed"] == data["mislabelled"] == data["drifted"] == []


# --- for people -----------------------------------------------------------------------------------

HOSTILE = PromptSpec(
    Question("Rain?"), (ModelRef("<script>x</script>", 'https://example.org/?a="><b>'),)
)
HOSTILE_TEXT = (
    "[bold red]<script>alert(1)</script>\x1b[31m\u202e\x00\ud800 & [/] <script>x</script>\n"
    '[a](https://example.org/?a="><b) [<img src=x onerror=alert(1)>](https://evil.example/\'"<i>)\n'
)


def test_html_is_escaped_and_shows_what_would_not_print() -> None:
    html = check(HOSTILE, HOSTILE_TEXT)._repr_html_()
    for tag in ("<script", "<img", "<i>", "<b>", "<b)"):
        assert tag not in html
    for character in "\x1b\x00\u202e\ud800":
        assert character not in html
    html.encode()
    assert r"\x1b[31m\u202e\x00\ud800 &amp; [/]" in html
    assert '"' not in html.partition('title="')[2].partition('">')[0]


def test_html_has_the_text_with_its_citations_in_colour() -> None:
    html = check(PROMPT, "See https://example.net/b & MPRNet.")._repr_html_()
    assert html == (
        "<div><p>not ok: 1 outside, 1 unlinked</p>"
        '<pre style="white-space:pre-wrap">See <mark style="background:#f9cfcf;color:black"'
        ' title="outside: nobody offers this link">https://example.net/b</mark> &amp; '
        '<mark style="background:#dbe3fb;color:black" title="unlinked: it names models[0] of the'
        ' prompt, and none of its links is cited">MPRNet</mark>.</pre>'
        "<table><tr><th>Verdict</th><th>Citation</th><th>Why</th></tr>"
        '<tr><td style="background:#f9cfcf;color:black">outside</td><td>https://example.net/b</td>'
        "<td>nobody offers this link</td></tr>"
        '<tr><td style="background:#dbe3fb;color:black">unlinked</td><td>MPRNet</td>'
        "<td>it names models[0] of the prompt, and none of its links is cited</td></tr>"
        "</table></div>"
    )


def test_a_citation_inside_of_another_one_is_shown_once() -> None:
    name = "Rain https://example.org/rain"
    report = check(PromptSpec(Question("Rain?"), (ModelRef(name, "https://a.org/x"),)), f"{name}!")
    assert [citation.verdict for citation in report.citations] == ["unlinked", "mentioned"]
    assert f">{name}</mark>!</pre>" in report._repr_html_()
    assert report._repr_html_().count("<mark") == 1


def printed(report: GroundingReport, *, colour: bool, width: int = 120) -> str:
    console = pytest.importorskip("rich.console")
    file = StringIO()
    console.Console(
        file=file, width=width, force_terminal=colour, color_system="standard" if colour else None
    ).print(report)
    return file.getvalue()


def test_a_terminal_shows_the_text_and_the_verdicts() -> None:
    lines = [line.rstrip() for line in printed(REPORT, colour=False).splitlines()]
    assert lines[0] == TEXT.splitlines()[0]
    assert any("outside" in line and "nobody offers this link" in line for line in lines)
    assert "\x1b[1;31mhttps://example.net/b" in printed(REPORT, colour=True)


def test_a_narrow_terminal_shows_links_in_full() -> None:
    prompt = PromptSpec(
        Question("Rain?"), (ModelRef("MPRNet", "https://arxiv.org/pdf/2102.02808v1"),)
    )
    report = check(prompt, "See https://arxiv.org/pdf/2102.02808v2.")
    shown = printed(report, colour=False, width=70)
    cells = [line.split("│") for line in shown.splitlines() if line.startswith("│")]
    cited, why = ("".join(cell[column].strip() for cell in cells) for column in (2, 3))
    assert cited == "https://arxiv.org/pdf/2102.02808v2"
    assert why.endswith("https://arxiv.org/pdf/2102.02808v1")


def test_a_terminal_is_not_told_what_to_do() -> None:
    shown = printed(check(HOSTILE, HOSTILE_TEXT), colour=False)
    assert r"[bold red]<script>alert(1)</script>\x1b[31m\u202e\x00\ud800 & [/]" in shown
    assert "\x1b" not in shown
