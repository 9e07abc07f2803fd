"""The verdict on each citation, and what else `check` tells of an answer."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from cnaps import (
    Answer,
    Collection,
    Difference,
    Entry,
    GroundingReport,
    ModelRef,
    PaperRef,
    PromptSpec,
    Question,
    Response,
    Verdict,
    Workflow,
    check,
)
from cnaps.grounding import _check, _labels, _names

if TYPE_CHECKING:
    from collections.abc import Callable

PROMPT = PromptSpec(
    Question("How does https://example.org/shop take the rain out?"),
    models=(
        ModelRef(
            "Derain-Restormer-Rain100H",
            "https://arxiv.org/pdf/2111.09881",
            "https://github.com/swz30/Restormer",
        ),
    ),
    papers=(
        PaperRef(
            "Rain Streaks: A Study",
            "http://arxiv.org/pdf/2101.00001v2.pdf",
            None,
            "We look at rain. Data: https://github.com/example/Rain-Data (and arXiv:1904.01538).",
        ),
        PaperRef("Snow", "https://example.org/snow?id=42", "https://gitlab.com/example/snow"),
        PaperRef("Fog"),
    ),
)


def only(answer: str, **options: Collection) -> tuple[Verdict, Difference | None, str]:
    """The verdict on the only citation of an answer, and what is said of it."""
    (citation,) = check(PROMPT, answer, **options).citations
    return citation.verdict, citation.difference, citation.reason


# --- verdicts -------------------------------------------------------------------------------------

VERDICTS: dict[str, tuple[str, Difference | None, str]] = {
    # As it stands in the prompt, and what means the same.
    "https://arxiv.org/pdf/2111.09881": ("given", None, "it is models[0].paper of the prompt"),
    "https://github.com/swz30/Restormer": ("given", None, "it is models[0].github of the prompt"),
    "https://arxiv.org:443/pdf/2111.09881": ("given", None, "it is models[0].paper of the prompt"),
    "https://gitlab.com/example/%73now": ("given", None, "it is papers[1].github of the prompt"),
    # The same work otherwise.
    "http://arxiv.org/pdf/2111.09881": (
        "altered",
        Difference.SCHEME,
        "it is models[0].paper of the prompt, with another scheme: https://arxiv.org/pdf/2111.09881",
    ),
    "https://github.com/swz30/Restormer#readme": (
        "altered",
        Difference.QUERY,
        (
            "it is models[0].github of the prompt, with another query or fragment:"
            " https://github.com/swz30/Restormer"
        ),
    ),
    "https://arxiv.org/abs/2111.09881": (
        "altered",
        Difference.FORM,
        "it is models[0].paper of the prompt, in another form: https://arxiv.org/pdf/2111.09881",
    ),
    "https://github.com/swz30/restormer": (
        "altered",
        Difference.CASE,
        (
            "it is models[0].github of the prompt, in other letter case:"
            " https://github.com/swz30/Restormer"
        ),
    ),
    "http://arxiv.org/pdf/2101.00001v1.pdf": (
        "altered",
        Difference.VERSION,
        (
            "it is papers[0].paper of the prompt, in another version or revision:"
            " http://arxiv.org/pdf/2101.00001v2.pdf"
        ),
    ),
    # Near misses.
    "https://github.com/swz30/Rest": (
        "altered",
        Difference.TRUNCATED,
        (
            "it is models[0].github of the prompt, cut off at its end:"
            " https://github.com/swz30/Restormer"
        ),
    ),
    "https://arxiv.org/pdf/2111.09884": (
        "altered",
        Difference.DIFFERENT,
        (
            "one slip sets it apart from models[0].paper of the prompt, …09884 for …09881:"
            " https://arxiv.org/pdf/2111.09881"
        ),
    ),
    "https://arxiv.org/pdf/2111.0981": (
        "altered",
        Difference.DIFFERENT,
        (
            "one slip sets it apart from models[0].paper of the prompt, ….0981 for ….09881:"
            " https://arxiv.org/pdf/2111.09881"
        ),
    ),
    "https://arxiv.org/pdf/2111.098811": (
        "altered",
        Difference.DIFFERENT,
        (
            "one slip sets it apart from models[0].paper of the prompt, …98811 for …9881:"
            " https://arxiv.org/pdf/2111.09881"
        ),
    ),
    "https://github.com/swz30/Resotrmer": (
        "altered",
        Difference.DIFFERENT,
        (
            "one slip sets it apart from models[0].github of the prompt,"
            " …/Resotrmer for …/Restormer:"
            " https://github.com/swz30/Restormer"
        ),
    ),
    "https://example.org/snow?id=43": (
        "altered",
        Difference.QUERY,
        (
            "it is papers[1].paper of the prompt, with another query or fragment:"
            " https://example.org/snow?id=42"
        ),
    ),
    "https://example.org/snow": (
        "altered",
        Difference.TRUNCATED,
        "it is papers[1].paper of the prompt, cut off at its end: https://example.org/snow?id=42",
    ),
    "https://EXAMPLE.org/Snow?id=42": (
        "altered",
        Difference.CASE,
        "it is papers[1].paper of the prompt, in other letter case: https://example.org/snow?id=42",
    ),
    # In prose of the prompt.
    "https://github.com/example/Rain-Data": (
        "mentioned",
        None,
        "it only stands in papers[0].summary of the prompt",
    ),
    "https://example.org/shop": (
        "mentioned",
        None,
        "it only stands in question.text of the prompt",
    ),
    "https://arxiv.org/abs/1904.01538": (
        "mentioned",
        Difference.FORM,
        "it only stands in papers[0].summary of the prompt, in another form: arXiv:1904.01538",
    ),
    "https://github.com/example/Rain-Date": (
        "altered",
        Difference.DIFFERENT,
        (
            "one slip sets it apart from papers[0].summary of the prompt, …-Date for …-Data:"
            " https://github.com/example/Rain-Data"
        ),
    ),
    # Of nobody.
    "https://arxiv.org/abs/1706.03762": ("outside", None, "nobody offers this link"),
    "https://arxiv.org/pdf/2111.09993": ("outside", None, "nobody offers this link"),
    "https://unheard.example": ("outside", None, "nobody offers this link"),
}


@pytest.mark.parametrize("link", VERDICTS)
def test_a_link_gets_its_verdict(link: str) -> None:
    verdict, difference, reason = only(f"See {link}, please.")
    assert (verdict, difference, reason) == VERDICTS[link]


def test_verdicts_are_strings() -> None:
    assert [str(verdict) for verdict in Verdict] == [
        "given",
        "altered",
        "mentioned",
        "borrowed",
        "outside",
        "unlinked",
    ]
    assert f"{Verdict.GIVEN}" == "given"


def test_a_citation_says_what_and_where() -> None:
    text = "It is [Snow](https://gitlab.com/example/snow)."
    (citation,) = check(PROMPT, text).citations
    assert citation.url == "https://gitlab.com/example/snow"
    assert citation.label == "Snow"
    assert citation.span.of(text) == citation.url
    assert citation.entry == Entry("papers[1]", "Snow", citation.url, "github", None)


def test_the_link_that_is_missed_by_the_least_counts() -> None:
    prompt = PromptSpec(
        Question("Why?"),
        (
            ModelRef("Large", "https://github.com/example/rainlarge"),
            ModelRef("Base", "https://github.com/example/rain"),
            ModelRef("Case", "https://example.org/RAI"),
            ModelRef("Slip", "https://example.org/rail"),
        ),
    )
    cited = check(prompt, "https://github.com/example/rai https://example.org/rai").citations
    assert [citation.entry and citation.entry.name for citation in cited] == ["Base", "Case"]


def test_a_link_of_a_field_counts_before_the_same_one_in_prose() -> None:
    paper = PaperRef("Rain", "https://arxiv.org/abs/2101.00001", None, "See arXiv:2101.00001.")
    prompt = PromptSpec(Question("Why?"), papers=(paper,))
    report = check(
        prompt, "https://arxiv.org/abs/2101.00001 arXiv:2101.00001 http://arxiv.org/abs/2101.00001"
    )
    assert [c.verdict for c in report.citations] == ["given", "mentioned", "altered"]


# --- where links end ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "answer", "cited"),
    [
        ("https://example.org/rain_", "See https://example.org/rain_.", None),
        ("https://example.org/rain*", "**https://example.org/rain***", None),
        ("https://example.org/rain_", "https://example.org/rain_[cite: 3]", None),
        ("https://example.org/a*", "https://example.org/a*:contentReference[oaicite:0]", None),
        ("https://example.org/rain)", "(https://example.org/rain))", None),
        ("https://example.org/rain_", '<a href="https://example.org/rain_">Rain</a>', None),
        ("https://example.org/rain.", "<a href='https://example.org/rain.'>Rain</a>", None),
        ("https://example.org/rain|a", "<a href=https://example.org/rain|a>Rain</a>", None),
        ("https://example.org/rain*", "|https://example.org/rain*|x|", None),
        ("https://example.org/rain_", "`https://example.org/rain_`的", None),
        ("https://example.org/rain_", '"https://example.org/rain_"’s', None),
        ("https://example.org/a b", "See https://example.org/a b.", "https://example.org/a"),
        ("https://example.org/", "见https://example.org/的论文", None),
        ("https://example.org/rain", "[x](https://example.org/rain.)", None),
        (
            "see https://example.org/a, b",
            "Paper: see https://example.org/a, b",
            "https://example.org/a",
        ),
        (
            "[x](https://example.org/a)",
            "- Paper: [x](https://example.org/a)",
            "https://example.org/a",
        ),
        (r"https://example.org/a\_b", r"https://example.org/a\_b", "https://example.org/a_b"),
    ],
)
def test_what_the_prompt_offers_tells_where_a_link_ends(
    offered: str, answer: str, cited: str | None
) -> None:
    prompt = PromptSpec(Question("Why?"), (ModelRef("Rain", offered),))
    (citation,) = check(prompt, answer).citations
    assert (citation.verdict, citation.url) == (Verdict.GIVEN, cited or offered)
    assert citation.span.of(answer) == cited or offered


@pytest.mark.parametrize(
    ("link", "verdict", "difference"),
    [
        ("https://example.org/rain", Verdict.ALTERED, Difference.TRUNCATED),
        ("https://example.org/rain_v2", Verdict.OUTSIDE, None),
        ("https://example.org/rain_/a", Verdict.OUTSIDE, None),
    ],
)
def test_but_a_longer_or_shorter_link_is_another_one(
    link: str, verdict: Verdict, difference: Difference | None
) -> None:
    prompt = PromptSpec(Question("Why?"), (ModelRef("Rain", "https://example.org/rain_"),))
    (citation,) = check(prompt, f"<{link}>").citations
    assert (citation.verdict, citation.difference) == (verdict, difference)


@pytest.mark.parametrize(
    "link", ["https://hi.wikipedia.org/wiki/वर्षा", "https://example.org/a/cafe\u0301"]
)
def test_a_link_does_not_end_in_front_of_a_vowel_sign_or_an_accent(link: str) -> None:
    prompt = PromptSpec(Question("Why?"), (ModelRef("Rain", link[:-1]),))
    (citation,) = check(prompt, f"See {link}.").citations
    assert (citation.url, citation.verdict) == (link, Verdict.ALTERED)


FIELDS = {
    # What stands in a field counts if the prompt has it, or if it is like an address.
    "Paper: on request": [("on request", Verdict.GIVEN)],
    "  - **Paper**: on request": [("on request", Verdict.GIVEN)],
    "- **Paper:** on request  \nMore.": [("on request", Verdict.GIVEN)],
    "> GitHub: example.net/rain": [("example.net/rain", Verdict.GIVEN)],
    "GitHub: example.net/snow": [("example.net/snow", Verdict.OUTSIDE)],
    "GitHub: example.net/rai": [("example.net/rai", Verdict.ALTERED)],
    "GitHub: https://example.net/other": [("https://example.net/other", Verdict.OUTSIDE)],
    "Paper: see https://example.net/other": [("https://example.net/other", Verdict.OUTSIDE)],
    "Paper: example.net/other, https://example.net/other": [
        ("https://example.net/other", Verdict.OUTSIDE)
    ],
    # And nothing else does.
    "Paper: None": [],
    "Paper: N/A": [],
    "GitHub: not provided.": [],
    "GitHub: example.net": [],
    "Paper: \n": [],
    "Paper:": [],
    "The Paper: example.net/snow": [],
    "It is available on request.": [],
}


@pytest.mark.parametrize("text", FIELDS)
def test_fields_hold_links_that_do_not_look_like_links(text: str) -> None:
    model = ModelRef("Rain", "on request", "example.net/rain")
    report = check(PromptSpec(Question("Why?"), (model,)), text)
    assert [(c.url, c.verdict) for c in report.citations] == FIELDS[text]
    for citation in report.citations:
        assert citation.span.of(text) == citation.url


def test_empty_links_are_none() -> None:
    prompt = PromptSpec(Question("Why?"), (ModelRef("Rain", "", " "),))
    report = check(prompt, "Rain, https://example.org/rain")
    assert report.counts == dict.fromkeys(Verdict, 0) | {Verdict.OUTSIDE: 1}


# --- names ----------------------------------------------------------------------------------------


def paths(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.path for entry in entries]


def test_an_entry_that_is_only_named_is_unlinked() -> None:
    text = "By derain restormer **Rain100H**."
    report = check(PROMPT, text)
    (citation,) = report.unlinked
    assert (citation.url, citation.label) == (None, "derain restormer **Rain100H")
    assert citation.span.of(text) == citation.label
    assert citation.reason == "it names models[0] of the prompt, and none of its links is cited"
    assert report.ok
    assert report.unnamed == ()
    assert paths(report.uncited) == ["papers[0]", "papers[1]", "papers[2]"]


def test_one_link_of_an_entry_is_enough() -> None:
    report = check(PROMPT, "Snow: https://gitlab.com/example/snow. Snow is cold.")
    assert [c.verdict for c in report.citations] == [Verdict.GIVEN]
    assert paths(report.uncited) == ["models[0]", "papers[0]", "papers[2]"]
    assert paths(report.unnamed) == ["models[0]"]


def test_a_model_that_is_linked_may_still_not_be_named() -> None:
    report = check(PROMPT, "By [Restormer](https://github.com/swz30/Restormer).")
    assert paths(report.unnamed) == ["models[0]"]
    assert "models[0]" not in paths(report.uncited)
    named = check(PROMPT, "[Code](https://github.com/swz30/Restormer) of Derain-Restormer-Rain100H")
    assert named.unnamed == ()


def test_an_entry_without_any_link_is_cited_by_its_name() -> None:
    report = check(PROMPT, "Fog is thick.")
    assert report.citations == ()
    assert paths(report.uncited) == ["models[0]", "papers[0]", "papers[1]"]


def test_a_name_inside_a_link_or_a_longer_name_does_not_count() -> None:
    prompt = PromptSpec(
        Question("Why?"),
        (
            ModelRef("SwinIR", "https://arxiv.org/abs/2108.10257"),
            ModelRef("Denoise-SwinIR-Noise15", "https://example.org/noise"),
            ModelRef("Snow", "https://example.org/snow"),
        ),
    )
    text = "`Denoise SwinIR Noise15`, https://example.org/SwinIR, Snowfall, Denoise-SwinIR-Noise15"
    report = check(prompt, text)
    assert [c.label for c in report.unlinked] == ["Denoise-SwinIR-Noise15"]
    assert paths(report.unnamed) == ["models[0]", "models[2]"]
    assert [c.label for c in check(prompt, f"{text}; SwinIR").unlinked][1] == "SwinIR"


def test_of_entries_with_one_name_the_linked_one_is_meant() -> None:
    prompt = PromptSpec(
        Question("Why?"),
        (ModelRef("VGGT", "https://arxiv.org/abs/2503.11651"),),
        (PaperRef("VGGT", None, "https://github.com/facebookresearch/vggt"),),
    )
    report = check(prompt, "VGGT (https://arxiv.org/abs/2503.11651)")
    assert [c.verdict for c in report.citations] == [Verdict.GIVEN]
    assert report.uncited == ()
    assert [c.entry and c.entry.path for c in check(prompt, "VGGT!").unlinked] == ["models[0]"]


ODD_NAMES = [
    '"Why Should It Rain?": Explaining Clouds',
    "[Re] Rain",
    "(Un)known Rain",
    "∞-Rain: Endless Clouds",
    "“Wet” Streets",
    "What Is “Rain”",
    "Clouds'",
    ".NET-Rain",
    "12) Clouds",
    "3. Clouds",
    "Rain:",
    "論文「雨」",
    "<mask> Rain",
    r"$\beta$-Rain",
    r"\beta-Rain",
    "*Rain*",
    "~Rain~",
    "C++",
    "None",
    "Paper",
    "-",
]
WAYS = [
    "[{}](https://example.org/shower)",
    "**{}**: https://example.org/shower",
    "- {}: https://example.org/shower",
    "- **Model**: {}\n- **Paper**: https://example.org/shower",
    "“{}” (https://example.org/shower)",
    "### {}\n\nhttps://example.org/shower",
    "| {} | https://example.org/shower |",
    "As [{}][1] says.\n\n[1]: https://example.org/shower",
]


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("way", WAYS)
def test_a_name_is_what_the_prompt_calls_the_entry_however_odd_it_is(name: str, way: str) -> None:
    model, other = ModelRef(name, "https://example.org/shower"), ModelRef("Sun", "https://sun.org")
    report = check(PromptSpec(Question("Why?"), (model, other)), way.format(name))
    assert [citation.verdict for citation in report.citations] == [Verdict.GIVEN]
    assert report.drifted == report.mislabelled == ()
    assert paths(report.uncited) == ["models[1]"]


def test_entries_without_a_name_cannot_be_named() -> None:
    prompt = PromptSpec(
        Question("Why?"), (ModelRef("", "https://example.org/a"), ModelRef("--", "https://b.org/"))
    )
    report = check(prompt, "-- [Rain](https://example.org/a)")
    assert report.unnamed == ()
    assert report.drifted == ()
    assert paths(report.uncited) == ["models[1]"]


# --- labels ---------------------------------------------------------------------------------------


def test_a_label_that_contradicts_its_link() -> None:
    report = check(PROMPT, "[Rain Streaks: a study](https://gitlab.com/example/snow)")
    (citation,) = report.mislabelled
    assert citation in report.citations
    assert citation.entry is not None
    assert citation.entry.path == "papers[1]"
    assert citation.reason == "it is papers[1].github of the prompt; its label names papers[0]"
    assert report.drifted == ()
    assert report.ok


@pytest.mark.parametrize("label", ["https://arxiv.org/abs/1706.03762", "github.com/example/sun"])
def test_a_label_that_is_another_link(label: str) -> None:
    report = check(PROMPT, f"**Snow**: [{label}](https://gitlab.com/example/snow)")
    (citation,) = report.mislabelled
    assert (citation.verdict, citation.label) == (Verdict.GIVEN, label)
    assert citation.reason == "it is papers[1].github of the prompt; its label is another link"


@pytest.mark.parametrize(
    "label", ["https://gitlab.com/example/snow", "gitlab.com/example/snow/", "gitlab.com/exam…"]
)
def test_a_label_that_is_the_same_link(label: str) -> None:
    report = check(PROMPT, f"**Snow**: [{label}](https://gitlab.com/example/snow)")
    assert report.given
    assert report.mislabelled == ()


def test_a_label_that_is_a_longer_name() -> None:
    prompt = PromptSpec(
        Question("Why?"),
        (ModelRef("SwinIR", "https://a.org/1"), ModelRef("Denoise-SwinIR-N15", "https://b.org/2")),
    )
    report = check(
        prompt,
        "[Denoise-SwinIR-N15](https://a.org/1) [SwinIR, Denoise-SwinIR-N15](https://a.org/1)",
    )
    assert [citation.span.start for citation in report.mislabelled] == [21]


def test_a_title_that_was_changed_beside_its_link() -> None:
    report = check(PROMPT, "**Rain Streaks: A Survey** (http://arxiv.org/pdf/2101.00001v2.pdf)")
    assert [c.label for c in report.drifted] == ["Rain Streaks: A Survey"]
    assert report.given == report.drifted
    assert report.mislabelled == ()


@pytest.mark.parametrize(
    "text",
    [
        "[RAIN  streaks: *a study* (2021)](http://arxiv.org/pdf/2101.00001v2.pdf)",
        "[Paper](http://arxiv.org/pdf/2101.00001v2.pdf)",
        "[2101.00001v2.pdf](http://arxiv.org/pdf/2101.00001v2.pdf)",
        "It rains, http://arxiv.org/pdf/2101.00001v2.pdf",
        "**The data** is at https://github.com/example/Rain-Data",  # of nobody's title
        "**A foreign one** (https://example.net)",
    ],
)
def test_no_title_was_changed(text: str) -> None:
    report = check(PROMPT, text)
    assert report.citations
    assert report.drifted == report.mislabelled == ()


def test_a_link_that_entries_share_belongs_to_the_one_that_is_named() -> None:
    shared = "https://github.com/example/zoo"
    prompt = PromptSpec(
        Question("Why?"), (ModelRef("Rain-Net", None, shared), ModelRef("Snow-Net", None, shared))
    )
    report = check(prompt, f"**Snow-Net** ({shared}) and **Fog-Net** ({shared}), and Rain-Net")
    assert [c.entry and c.entry.name for c in report.citations] == ["Snow-Net", "Rain-Net"]
    assert [c.label for c in report.drifted] == ["Fog-Net"]
    assert (report.unlinked, report.uncited, report.unnamed) == ((), (), ())


# --- one work under several links -----------------------------------------------------------------


def test_one_work_under_several_links() -> None:
    text = (
        "https://arxiv.org/pdf/2111.09881 https://arxiv.org/abs/2111.09881"
        " https://arxiv.org/pdf/2111.09881 https://gitlab.com/example/snow"
        " https://arxiv.org/abs/1706.03762v1 arXiv:1706.03762 Fog"
    )
    report = check(PROMPT, text)
    assert [[c.span.start for c in group] for group in report.duplicates] == [
        [text.index("https://arxiv.org/pdf/2111"), text.index("https://arxiv.org/abs/2111")],
        [text.index("https://arxiv.org/abs/1706"), text.index("arXiv:")],
    ]
    assert check(PROMPT, "https://arxiv.org/pdf/2111.09881 " * 2).duplicates == ()


# --- the question ---------------------------------------------------------------------------------


LONG = "Why does it rain on each day of our trip, and how does it go from the photos?"


@pytest.mark.parametrize(
    ("asked", "repeated", "misfiled"),
    [
        ("How does it “work”?", 'Question: "How does it "work"?"', False),
        ("It's raining. How so?", "**User Question:** “It’s raining.”", False),
        ("Why does it rain?", '**Question:** "Why does it snow?"', True),
        ("Why does it rain?", "It rains because of clouds.", False),
        (LONG, f'**Question:** "Why does it snow?"\n\nOr was it this: {LONG}', False),
        (LONG, f'**Question:** "Why does it snow?"\n\nOr was it this: {LONG[:-9]}', True),
    ],
)
def test_an_answer_to_another_question(asked: str, repeated: str, misfiled: bool) -> None:
    report = check(PromptSpec(Question(asked)), f"{repeated}\n\nSo it is.")
    assert report.misfiled is misfiled
    assert report.ok


def test_what_was_only_thought_of_is_no_question_that_is_repeated() -> None:
    text = f'<think>Is it this: {LONG}</think>\n\n**Question:** "Why does it snow?"\n\nSo it is.'
    assert check(PromptSpec(Question(LONG)), text).misfiled


def test_the_question_of_an_answer_is_known() -> None:
    answer = Answer(Question("Why snow?"), "t", Workflow("i", "m", "o"))
    assert check(PromptSpec(Question("Why rain?")), answer).misfiled
    assert not check(PromptSpec(Question("Why snow?")), answer).misfiled


# --- answers of all kinds -------------------------------------------------------------------------


def test_spans_are_those_of_the_text_that_was_given() -> None:
    link = "https://arxiv.org/pdf/2111.09881"
    text = f"```markdown\r\n[cite_start]{link}[cite: 6]\r\n```"
    report = check(PROMPT, Response(text))
    assert report.text == text
    assert [c.span.of(text) for c in report.citations] == [link]


def test_nothing_is_demanded_of_an_answer() -> None:
    report = check(PromptSpec(Question("")), "")
    assert report == GroundingReport("", ())
    assert report.ok
    assert str(report) == "ok: no citations"


# --- thoughts -------------------------------------------------------------------------------------

THOUGHTS = [
    "<think>\nSnow? See https://arxiv.org/abs/1706.03762.\n</think>\n\n",
    "Snow is at https://example.org/snow?id=42, so not that.\n</think>\n",
    '<thinking>Question: "Where does the snow go?"</thinking>',
    "<think>Derain-Restormer-Rain100H:\n\n</think>",
]


@pytest.mark.parametrize("thoughts", THOUGHTS)
@pytest.mark.parametrize(
    "answer", ["By https://arxiv.org/pdf/2111.09881", "Paper: example.org/rain", "Fog. ", ""]
)
def test_what_a_model_thought_is_not_judged(thoughts: str, answer: str) -> None:
    alone, report = check(PROMPT, answer), check(PROMPT, thoughts + answer)
    assert report.text == thoughts + answer
    for citation, same in zip(report.citations, alone.citations, strict=True):
        assert citation.span.of(report.text) == same.span.of(answer)
        assert (citation.verdict, citation.label) == (same.verdict, same.label)
    assert (report.uncited, report.unnamed) == (alone.uncited, alone.unnamed)
    assert not report.misfiled


def test_what_is_said_around_the_answer_proper_is_judged() -> None:
    reply = "```markdown\nRain.\n```\nSee https://arxiv.org/abs/1706.03762."
    assert not check(PROMPT, reply).ok


def test_of_thoughts_without_end_nothing_is_judged() -> None:
    report = check(PROMPT, "<think>Is it https://arxiv.org/abs/1706.03762?")
    assert report.citations == ()
    assert [entry.path for entry in report.unnamed] == ["models[0]"]


def test_one_link_of_many_models_is_judged_in_time() -> None:
    models = tuple(ModelRef(f"Rain-{n}", github="https://github.com/a/b") for n in range(600))
    answer = "\n".join(f"- [Snow {n}](https://github.com/a/b)" for n in range(600))
    started = time.perf_counter()
    assert len(check(PromptSpec(Question("Rain?"), models), answer).drifted) == 600
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("start", "cited"),
    [
        ("https://example.org/", "https://example.org/yyyy"),
        ("https://example.org/", "https://example.org/yyyy{}"),
        ("https://example.org/", "https://example.org/z{}"),
        ("https://example.org/?", "https://example.org/?{}"),
        ("https://github.com/a/b/tree/main/", "https://github.com/a/b/tree/x{}"),
        ("https://arxiv.org/abs/2101.01234?", "https://arxiv.org/abs/2101.01234v{}"),
    ],
)
def test_a_long_link_of_the_prompt_is_not_gone_through_for_every_citation(
    start: str, cited: str
) -> None:
    count = 10_000
    prompt = PromptSpec(Question("Why?"), (ModelRef("a", start + "y" * 300_000),))
    answer = "".join(f"- {cited.format(number)}\n" for number in range(count))
    started = time.process_time()
    report = check(prompt, answer)
    assert len(report.faults) == count
    assert sum(len(citation.reason) for citation in report.citations) < 1_000 * count
    assert len(report.correction) < 400_000 + 100 * count
    assert time.process_time() - started < 5


# --- long names -----------------------------------------------------------------------------------


def test_no_name_is_folded_for_every_citation(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it is: with many entries of one link, that would take quadratic time."""
    folded: list[str] = []

    def counting(function: Callable[[str], str]) -> Callable[[str], str]:
        def counted(text: str) -> str:
            folded.append(text)
            return function(text)

        return counted

    monkeypatch.setattr(_check, "fold", counting(_names.fold))
    monkeypatch.setattr(_check, "fold_name", counting(_labels.fold_name))
    link, count = "https://arxiv.org/pdf/2111.09881", 40
    models = [ModelRef(f"{number}" + " a long name" * 100, link) for number in range(count)]
    report = check(PromptSpec(Question("Why?"), tuple(models)), f"- **x**: {link}\n" * count)
    assert len(report.given) == count
    assert max(Counter(folded).values()) < 5
