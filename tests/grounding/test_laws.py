"""What holds of every prompt and every answer."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import assume, given, note
from hypothesis import strategies as st

import cnaps
from cnaps import (
    Difference,
    GroundingReport,
    ModelRef,
    PromptSpec,
    Question,
    Verdict,
    check,
    compare,
)
from tests import strategies as some
from tests.grounding import writing

FOREIGN = [
    "https://arxiv.org/abs/1706.03762",
    "http://arxiv.org/pdf/1512.03385v1.pdf",
    "arXiv:2005.14165",
    "https://github.com/openai/CLIP",
    "www.unoffered.example/snow",
    "https://unoffered.example/a_(b)?c=d&e=f#g",
    "https://unoffered.example",
    "git@github.com:openai/whisper.git",
]
FAULTLESS = {Verdict.GIVEN, Verdict.MENTIONED, Verdict.UNLINKED}


def linked(report: GroundingReport) -> list[tuple[str, Verdict]]:
    """The links of an answer and their verdicts."""
    return [(c.url, c.verdict) for c in report.citations if c.url is not None]


# --- answers that keep to their prompt ------------------------------------------------------------


@given(st.data())
def test_an_answer_made_only_of_the_entries_of_its_prompt_is_ok(data: st.DataObject) -> None:
    prompt = data.draw(st.one_of(writing.prompts(), some.TAME.prompts))
    report = check(prompt, data.draw(writing.grounded(prompt)))
    note(report.text)
    assert report.faults == ()
    assert report
    assert report.correction == ""
    assert {citation.verdict for citation in report.citations} <= FAULTLESS


@given(st.one_of(writing.prompts(), some.TAME.prompts), st.sampled_from(["answer-1", "answer-2"]))
def test_document_value_text_and_file_get_the_same_report(prompt: PromptSpec, dialect: str) -> None:
    answer = cnaps.answer_for(prompt, dialect)
    text = cnaps.render(answer, dialect)
    assume(dialect == "answer-2")  # a value is rendered in the newest dialect
    with TemporaryDirectory() as folder:
        path = Path(folder, "answer.txt")
        path.write_bytes(text.encode())
        prompt_path = Path(folder, "prompt.txt")
        prompt_path.write_bytes(cnaps.render(prompt).encode())
        reports = [
            check(prompt, answer),
            check(prompt, cnaps.parse(text)),
            check(cnaps.parse(cnaps.render(prompt)), text),
            check(prompt_path, path),
            check(cnaps.render(prompt), cnaps.parse_response(text)),
        ]
    for report in reports[1:]:
        assert report.to_dict() | {"misfiled": False} == reports[0].to_dict()


@given(st.data())
def test_every_span_has_the_link_or_the_name(data: st.DataObject) -> None:
    prompt = data.draw(writing.prompts(st.sampled_from(writing.WORKS)))
    report = check(prompt, data.draw(writing.markdown(prompt)))
    spans = [citation.span for citation in report.citations]
    assert spans == sorted(spans)
    for citation in report.citations:
        shown = citation.span.of(report.text)
        assert shown == (citation.label if citation.url is None else citation.url)


@given(st.data())
def test_no_verdict_changes_when_unrelated_prose_changes(data: st.DataObject) -> None:
    prompt = data.draw(writing.prompts())
    passages = data.draw(writing.passages(prompt))
    before = check(prompt, "\n\n".join(passages))
    for number in range(0, len(passages), 2):
        passages[number] = data.draw(writing.prose())
    assert linked(check(prompt, "\n\n".join(passages))) == linked(before)


# --- a foreign link -------------------------------------------------------------------------------


@given(st.data(), st.sampled_from(FOREIGN))
def test_exactly_a_foreign_link_is_outside(data: st.DataObject, foreign: str) -> None:
    prompt = data.draw(writing.prompts())
    passages = data.draw(writing.passages(prompt))
    before = check(prompt, "\n\n".join(passages))
    way = data.draw(writing.written(foreign))
    number = 2 * data.draw(st.integers(0, len(passages) // 2))
    words = passages[number].split(" ")
    place = data.draw(st.integers(0, len(words)))
    alone = "\n\n" if "[1]:" in way.text else " "  # a definition has its own lines
    passage = [" ".join(words[:place]), way.text, " ".join(words[place:])]
    text = "\n\n".join([*passages[:number], alone.join(passage), *passages[number + 1 :]])
    note(text)
    report = check(prompt, text)
    (outside,) = report.faults
    assert outside.verdict is Verdict.OUTSIDE
    assert (outside.url, outside.entry, outside.difference) == (foreign, None, None)
    assert outside.span.of(text) == foreign
    assert text[: outside.span.start].endswith(way.before)
    assert [cited for cited in linked(report) if cited[0] != foreign] == linked(before)


# --- a link that was changed ----------------------------------------------------------------------

OTHER = ModelRef("Another", "https://proceedings.mlr.press/v139/radford21a.html")
LONG = [link for link in writing.WORKS if link != "https://example.org/rain/"]


def changed(link: str, data: st.DataObject, change: str) -> tuple[str, set[Difference]]:
    """A link with one change, and what may be said of it."""
    kinds = {
        "digit": r"\d(?![^/]*//)",
        "case": r"(?<=[/.:])[a-zA-Z](?![a-z]*:)",
    }
    match change:
        case "digit" | "case":
            places = [found.start() for found in re.finditer(kinds[change], link)]
            assume(places)
            place = data.draw(st.sampled_from(places))
            old = link[place]
            new = old.swapcase()
            if change == "digit":
                new = data.draw(st.sampled_from("0123456789".replace(old, "")))
            made = link[:place] + new + link[place + 1 :]
            weights = {Difference.CASE} if change == "case" else set(Difference) - {Difference.SAME}
            return made, weights
        case "scheme":
            assume("://" in link)
            scheme, _, rest = link.partition("://")
            return f"{'http' if scheme == 'https' else 'https'}://{rest}", {Difference.SCHEME}
        case "version":
            assume("arxiv" in link.lower())
            base = re.sub(r"v\d+(?=\.pdf|$)", "", link)
            version = data.draw(st.sampled_from(["v7", "v12", ""]))
            assume(base != link or version)
            return re.sub(r"(\d{4}\.\d{5})", rf"\1{version}", base), {Difference.VERSION}
        case _:
            start = link.find("/", link.find("//") + 2 if "//" in link else 0)
            assume(start >= 0)
            end = data.draw(st.integers(start + 2, len(link) - 1))
            cut = {Difference.TRUNCATED, Difference.FORM, Difference.QUERY, Difference.VERSION}
            return link[:end], cut


@given(
    st.data(),
    st.sampled_from(LONG),
    st.sampled_from(["digit", "case", "scheme", "version", "cut"]),
)
def test_a_changed_link_is_altered_and_the_difference_named(
    data: st.DataObject, link: str, change: str
) -> None:
    prompt = PromptSpec(Question("Why?"), (ModelRef("The model", link), OTHER))
    url, differences = changed(link, data, change)
    # Where a link that ends so ends, nothing tells.
    assume(url[-1] not in "/?.,:;_" and url.count("(") == url.count(")"))
    way = data.draw(writing.enclosed(url))
    report = check(prompt, f"Before, {OTHER.paper}. Then {way.text} and so on.")
    note(way.text)
    (altered,) = report.faults
    assert altered.verdict is Verdict.ALTERED
    assert altered.entry is not None
    assert altered.entry.link == link
    assert altered.difference in differences
    assert altered.difference is compare(url, link) or change == "cut"
    assert link in altered.reason
    assert f"write {link} instead of {url}" in report.correction


@given(st.sampled_from(LONG), st.data())
def test_of_a_changed_digit_the_reason_says_which(link: str, data: st.DataObject) -> None:
    url, _ = changed(link, data, "digit")
    prompt = PromptSpec(Question("Why?"), (ModelRef("The model", link),))
    (altered,) = check(prompt, f"<{url}>").citations
    place = next(n for n, (a, b) in enumerate(zip(url, link, strict=True)) if a != b)
    if altered.difference is Difference.DIFFERENT:
        assert f"{link[place]}" in altered.reason
        assert re.search(r"one slip sets it apart from .*, …?.* for …?.*…?: ", altered.reason)
