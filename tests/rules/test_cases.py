"""What each rule takes for a fault and what not, where its example does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

import cnaps
from cnaps import ModelRef, PaperRef, PromptSpec, Question, Safety, Workflow
from tests.rules.scenes import collection, prompt, sample

if TYPE_CHECKING:
    from collections.abc import Iterable

SAFE, UNSAFE = Safety.SAFE, Safety.UNSAFE
PAPER = "https://arxiv.org/pdf/2101.00001v1"
CODE = "https://github.com/example/derain"


def file(*models: ModelRef, papers: Iterable[PaperRef] = ()) -> cnaps.Document:
    return cnaps.parse(cnaps.render(PromptSpec(Question("Why?"), models, tuple(papers))))


def fixed(doc: cnaps.Document, code: str) -> list[tuple[Safety | None, str | None]]:
    """Return for each finding of a rule how safe its fix is, and what becomes of the first link."""
    found = cnaps.lint(doc, select=[code])
    after = cnaps.fix(doc, select=[code], unsafe=True).document.value
    assert isinstance(after, PromptSpec)
    (model,) = after.models
    return [(f.fix and f.fix.safety, model.github) for f in found]


# A link in the field GitHub, the code of a rule, and the links that fixes make of it; none where
# nothing is found.
LINKS = [
    ("CN201", "HTTP://github.com/example/derain", SAFE, "https://github.com/example/derain"),
    ("CN201", "http://example.org/derain", UNSAFE, "https://example.org/derain"),
    ("CN201", "http://example.org", UNSAFE, "https://example.org"),
    ("CN201", "http://example.org:8080/derain", None, "http://example.org:8080/derain"),
    ("CN201", "http://me@example.org/derain", None, "http://me@example.org/derain"),
    ("CN201", "http://github.com/example/derain.", None, "http://github.com/example/derain."),
    ("CN201", "http://gitlab.com/example/derain", SAFE, "https://gitlab.com/example/derain"),
    ("CN201", "http://gitlab.example.org/a/derain", UNSAFE, "https://gitlab.example.org/a/derain"),
    ("CN203", f"{CODE}?tab=readme-ov-file", SAFE, CODE),
    ("CN203", f"{CODE}?tab=readme-ov-file#usage", SAFE, f"{CODE}#usage"),
    ("CN203", f"{CODE}?a=1&tab=x&b=2", SAFE, f"{CODE}?a=1&b=2"),
    ("CN203", f"{CODE}?tab=x&a=1 (code)", None, f"{CODE}?tab=x&a=1 (code)"),
    ("CN204", "https://me:secret@github.com/example/derain", SAFE, CODE),
    ("CN204", "https://github.com@example.org/derain", UNSAFE, "https://example.org/derain"),
    ("CN204", "https://me@gitlab.example.org/a/b", UNSAFE, "https://gitlab.example.org/a/b"),
    ("CN204", "https://me@github.com/rain (code)", None, "https://me@github.com/rain (code)"),
    ("CN205", "https://github.com/example /derain", UNSAFE, CODE),
    ("CN205", "https://example.org/the derain code", None, "https://example.org/the derain code"),
    ("CN205", "github.com/example /derain", UNSAFE, "github.com/example/derain"),
    ("CN206", f"code: {CODE}.", UNSAFE, CODE),
    ("CN206", "soon", None, "soon"),
    ("CN206", "https://", None, "https://"),
    ("CN206", f"https://{CODE}", UNSAFE, CODE),
    ("CN206", "http://https//github.com/a/b", None, "http://https//github.com/a/b"),
    ("CN206", f"see {CODE} or {CODE}2", None, f"see {CODE} or {CODE}2"),
    ("CN207", "https://arxiv.org/abs/2101.1", None, "https://arxiv.org/abs/2101.1"),
    ("CN207", "arXiv:2113.00001", None, "arXiv:2113.00001"),
    ("CN207", "arxiv.org/src/2113.00001", None, "arxiv.org/src/2113.00001"),
    ("CN207", "https://arxiv.org/pdf/", None, "https://arxiv.org/pdf/"),
    ("CN207", "https://doi.org/11.1000/182", None, "https://doi.org/11.1000/182"),
    ("CN208", "https://gitlab.com/example/derain", None, "https://gitlab.com/example/derain"),
    ("CN208", "https://example.org/derain", None, "https://example.org/derain"),
]


@pytest.mark.parametrize(("code", "link", "safety", "after"), LINKS)
def test_a_link_that_a_rule_finds(code: str, link: str, safety: Safety | None, after: str) -> None:
    assert fixed(file(ModelRef("Derain", None, link)), code) == [(safety, after)]


@pytest.mark.parametrize(
    ("code", "link"),
    [
        ("CN201", "https://github.com/example/http://derain"),
        ("CN202", "https://huggingface.co/papers/2101.00001"),
        ("CN203", f"{CODE}?table=1"),
        ("CN203", f"{CODE}?tab=readme;{CODE}2"),
        ("CN203", f"{CODE}?tab=readme, {CODE}2"),
        ("CN203", "https://example.org/?tab=readme-ov-file"),
        ("CN203", f"{CODE}#usage?tab=readme-ov-file"),
        ("CN204", "git@github.com:example/derain.git"),
        ("CN204", "ssh://git@github.com/example/derain.git"),
        ("CN204", "https://example.org/me@home"),
        ("CN205", "arXiv: 2101.00001"),
        ("CN205", "see github.com/example/derain"),
        ("CN206", "https://exam ple.org/derain"),
        ("CN206", "example.org/derain"),
        ("CN207", "https://arxiv.org/list/cs.CV/recent"),
        ("CN207", "https://doi.org/10.1000/182"),
        # These ids can be: what stands around them is what is wrong.
        ("CN207", f"{PAPER} (accepted)"),
        ("CN207", "arXiv:2101.00001 (accepted)"),
        ("CN207", "hxxp://arxiv.org/abs/2101.00001"),
        ("CN208", "https://gist.github.com/example/0123456789abcdef0123"),
        ("CN208", PAPER),
        ("CN208", "soon"),
        ("CN208", f"{CODE} (code)"),
        ("CN208", "https://"),
        ("CN208", f"https://{CODE}"),
        ("CN211", CODE),
    ],
)
def test_a_link_that_a_rule_passes_over(code: str, link: str) -> None:
    assert fixed(file(ModelRef("Derain", None, link)), code) == []


def findings(doc: cnaps.Document, code: str) -> list[tuple[str, Safety | None]]:
    found = cnaps.lint(doc, select=[code], collection=collection())
    return [(f.message, f.fix and f.fix.safety) for f in found]


@pytest.mark.parametrize(
    ("link", "site"),
    [
        ("https://gitlab.com/example/derain", "GitLab"),
        ("hf.co/example/derain", "Hugging Face"),
        ("http://me@example.org:8080/derain", "example.org:8080"),
        ("https://github.com/example", "github.com, and to no repository there"),
        ("www.github.com/orgs/example", "www.github.com, and to no repository there"),
        ("https://mygithub.com/example", "mygithub.com"),
    ],
)
def test_where_a_link_leads_instead_of_to_a_repository_on_github(link: str, site: str) -> None:
    doc = file(ModelRef("Derain", None, link))
    assert findings(doc, "CN208") == [(f"the GitHub link leads to {site}", None)]


class TestSwappedLinks:
    @pytest.mark.parametrize(
        ("paper", "github", "message"),
        [
            (CODE, None, "the paper link leads to a repository"),
            (None, PAPER, "the GitHub link leads to a paper"),
            (CODE, PAPER, "the paper link leads to a repository"),
        ],
    )
    def test_they_are_moved_where_there_is_room(
        self, paper: str | None, github: str | None, message: str
    ) -> None:
        doc = file(ModelRef("Derain", paper, github))
        assert findings(doc, "CN209") == [(message, UNSAFE)]
        after = cnaps.fix(doc, select=["CN209"], unsafe=True).document.value
        assert after == PromptSpec(Question("Why?"), (ModelRef("Derain", github, paper),))

    def test_there_is_none_beside_a_link_in_its_place(self) -> None:
        doc = file(ModelRef("Derain", CODE, CODE))
        assert findings(doc, "CN209") == [("the paper link leads to a repository", None)]


class TestSummaries:
    def test_one_that_names_several_repositories_does_not_tell_which_is_its_own(self) -> None:
        summary = f"Code: {CODE}, built on {CODE}2 (see https://gitlab.com/ and {PAPER})."
        doc = file(papers=[PaperRef("Rain", PAPER, None, summary)])
        assert findings(doc, "CN210") == [("only the summary of papers[0] names this", None)]

    def test_one_repository_named_twice_is_one(self) -> None:
        summary = f"Code: {CODE}, weights: {CODE.upper()}/releases"
        doc = file(papers=[PaperRef("Rain", PAPER, None, summary)])
        assert findings(doc, "CN210") == [("only the summary of papers[0] names this", UNSAFE)]
        after = cnaps.fix(doc, select=["CN210"], unsafe=True).document.value
        assert isinstance(after, PromptSpec)
        assert after.papers[0].github == CODE

    def test_one_that_is_not_on_github_does_not_belong_into_the_field(self) -> None:
        doc = file(papers=[PaperRef("Rain", PAPER, None, "Code: https://gitlab.com/example/rain")])
        assert findings(doc, "CN210") == [("only the summary of papers[0] names this", None)]

    @pytest.mark.parametrize("summary", [None, "We look at rain.", "A digital git of it."])
    def test_one_without_a_repository(self, summary: str | None) -> None:
        doc = file(papers=[PaperRef("Rain", PAPER, None, summary)])
        assert findings(doc, "CN210") == []

    def test_names_are_compared_for_gists_too(self) -> None:
        gist = "https://gist.github.com/0123456789abcdef0123"
        summary = f"Code: {gist.replace('abcdef', 'ABCDEF')}"
        doc = file(papers=[PaperRef("Rain", PAPER, gist, summary)])
        message = "the summary writes 0123456789ABCDEF0123"
        assert findings(doc, "CN211") == [(message, UNSAFE)]

    @pytest.mark.parametrize(
        "named", [CODE, f"{CODE}2", f"{CODE}/tree/main", f"{CODE.upper()} and {CODE}"]
    )
    def test_the_same_name_and_another_repository_are_no_other_case(self, named: str) -> None:
        doc = file(papers=[PaperRef("Rain", PAPER, CODE, f"Code: {named}")])
        assert findings(doc, "CN211") == []


class TestEntries:
    def test_pages_of_one_repository_are_different_links(self) -> None:
        links = (CODE, f"{CODE}/tree/main/rain", f"{CODE}/tree/main/snow")
        doc = file(*[ModelRef(f"Derain {link}", None, link) for link in links])
        assert findings(doc, "CN212") == []

    def test_links_that_differ_in_more_than_one_way(self) -> None:
        links = (PAPER, PAPER, PAPER.replace("https", "http"), "arXiv:2101.00001")
        doc = file(*[ModelRef(f"Derain {n}", link) for n, link in enumerate(links)])
        same = "models[0].paper leads to the same work and differs in"
        assert findings(doc, "CN212") == [(f"{same} scheme", None), (f"{same} version", None)]

    def test_entries_of_one_name_that_contradict_each_other(self) -> None:
        doc = file(ModelRef("Derain", PAPER), ModelRef("derain", None, CODE))
        assert findings(doc, "CN213") == [("this entry has the name of models[0]", None)]

    def test_a_model_and_a_paper_may_have_one_name(self) -> None:
        both = file(ModelRef("Derain", PAPER), papers=[PaperRef("Derain", PAPER)])
        assert isinstance(both.value, PromptSpec)
        assert findings(both, "CN213") == []
        answer = cnaps.parse(cnaps.render(cnaps.answer_for(both.value)))
        assert findings(answer, "CN213") == []

    def test_one_repository_for_two_models_may_be_right(self) -> None:
        value = prompt().value
        assert isinstance(value, PromptSpec)
        models = (evolve(value.models[0], name="other"), value.models[0])
        known = cnaps.Collection([evolve(value, models=models)])
        assert cnaps.lint(prompt(), select=["CN214"], collection=known) == ()
        many = (*models, evolve(value.models[0], name="third"), evolve(models[0], name="fourth"))
        known = cnaps.Collection([evolve(value, models=many)])
        (found,) = cnaps.lint(prompt(), select=["CN214"], collection=known)
        assert found.message == (
            "the collection has this repository for 4 models: other, Dehaze-FFA-OTS, third …"
        )


def pair(text: str) -> tuple[cnaps.Document, cnaps.Document]:
    return prompt(), cnaps.parse_response(text)


def codes(text: str, *select: str) -> list[str]:
    found = cnaps.lint(pair(text), select=select, collection=collection())
    return [f.code for f in found]


OTHER = 'The user asked: "Where does the rain go?"\n\n'


class TestGrounding:
    def test_an_answer_to_another_question_is_not_asked_for_entries_too(self) -> None:
        assert codes("Nothing.", "CN3", "CN4") == ["CN306", "CN306", "CN307"]
        assert codes(OTHER, "CN3", "CN4") == ["CN401"]

    def test_an_answer_without_a_question_is_none_to_another(self) -> None:
        text = sample("answer").replace(f'"{prompt().span("question").of(prompt().text)}"', "")
        found = cnaps.lint((prompt(), cnaps.parse(text)), select=["CN1", "CN401", "CN402"])
        assert [f.code for f in found] == ["CN107"]

    def test_entries_that_have_no_link_are_not_unlinked(self) -> None:
        asked = file(ModelRef("Derain"), ModelRef("Desnow", PAPER))
        answer = cnaps.parse_response("Derain, or Desnow.")
        found = cnaps.lint((asked, answer), select=["CN305"])
        assert [f.span.of(answer.text) for f in found] == ["Desnow"]

    def test_an_answer_may_cite_a_work_by_all_links_that_it_was_given(self) -> None:
        twice = file(ModelRef("Derain", PAPER), ModelRef("Derain-L", PAPER.replace("pdf", "abs")))
        given = cnaps.parse_response(f"{PAPER} and {PAPER.replace('pdf', 'abs')}")
        assert cnaps.lint((twice, given), select=["CN310"]) == ()
        other = cnaps.parse_response(f"{PAPER} and {PAPER.replace('v1', 'v2')}")
        (found,) = cnaps.lint((twice, other), select=["CN310"])
        assert found.span.of(other.text) == PAPER.replace("v1", "v2")

    def test_a_changed_title_in_free_text_has_no_fix(self) -> None:
        old, new = "Rethinking Performance Gains in Image Dehazing Networks", "**Rethinking Gains**"
        answer = cnaps.parse_response(sample("response").replace(old, new))
        (found,) = cnaps.lint((prompt(), answer), select=["CN309"])
        assert found.message == f"'Rethinking Gains' stands by the link of {old!r}"
        assert found.fix is None
        assert [span.of(answer.text) for span in (found.span, *found.also)] == [
            "https://arxiv.org/pdf/2209.11448v1",
            "https://github.com/IDKiro/gUNet",
        ]


class TestDerivation:
    @pytest.mark.parametrize(
        ("old", "new", "safety"),
        [
            ("GitHub: https://github.com/IDKiro/gUNet", "GitHub: None", UNSAFE),
            ("  - GitHub: https://github.com/IDKiro/gUNet\n", "", None),
            ("The response is entirely", "The answer is entirely", UNSAFE),
            ("- **Model**: Dehaze-FFA-OTS", "- **Model**: Dehaze", UNSAFE),
        ],
    )
    def test_a_text_in_place_of_another_can_be_replaced(
        self, old: str, new: str, safety: Safety | None
    ) -> None:
        answer = cnaps.parse(sample("answer").replace(old, new))
        subject = (prompt(), answer)
        found = cnaps.lint(subject, select=["CN403"])
        assert [f.fix and f.fix.safety for f in found][-1:] == [safety]
        if safety:
            after = cnaps.fix(subject, select=["CN403"], unsafe=True).document
            assert after.text == sample("answer")

    def test_a_link_that_the_prompt_does_not_have_is_left_to_people(self) -> None:
        asked = cnaps.parse(
            sample("prompt").replace("GitHub: https://github.com/IDKiro/gUNet\n", "")
        )
        (found,) = cnaps.lint((asked, cnaps.parse(sample("answer"))), select=["CN403"])
        assert found.fix is None

    def test_an_answer_in_words_of_its_own_is_not_compared(self) -> None:
        rendered = cnaps.parse(sample("answer")).value
        assert isinstance(rendered, cnaps.Answer)
        own = evolve(rendered, task="Take the haze out.", workflow=Workflow("A photo.", "A", "B"))
        partly = evolve(own, workflow=evolve(own.workflow, output=rendered.workflow.output))
        found = [
            cnaps.lint((prompt(), cnaps.parse(cnaps.render(value))), select=["CN403"])
            for value in (own, partly)
        ]
        assert [len(each) for each in found] == [0, 3]

    def test_a_response_is_free(self) -> None:
        assert codes("Nothing.", "CN403") == []


class TestMarks:
    @pytest.mark.parametrize(
        ("text", "after"),
        [
            ("Rain [cite: 1], snow.", "Rain, snow."),
            ("Rain [cite: 1] falls.", "Rain falls."),
            ("Rain[cite: 1][cite: 2] falls.", "Rain falls."),
            ("Rain [cite_start][cite: 2].", "Rain."),
            ("[cite_start] Rain.\n[cite_start] Snow.", "Rain.\nSnow."),
            ("- [cite_start]Rain.[cite: 2]\n", "- Rain.\n"),
            ("Rain [cite: 1]", "Rain"),
            ("[cite: 1] [cite: 2] Rain", "Rain"),
            ("Rain.\n[cite: 1] [cite: 2] [cite: 3] Snow", "Rain.\nSnow"),
            ("Rain[cite: 1] [cite: 2]snow", "Rain snow"),
            ("[cite: 1] [cite: 2]", ""),
            ("Rain [cite: 12", "Rain"),
            ("**Rain [cite: 1]** falls.", "**Rain** falls."),
            ("It is “rain [cite: 1]”.", "It is “rain”."),
            ('It is "rain [cite: 1]".', 'It is "rain".'),
            ("Rain [cite: 1]**falls**.", "Rain **falls**."),
            ('Rain [cite: 1]"falls".', 'Rain "falls".'),
        ],
    )
    def test_they_go_with_the_blank_that_would_be_left_over(self, text: str, after: str) -> None:
        doc = cnaps.parse_response(text)
        found = cnaps.lint(doc, select=["CN501"])
        assert len(found) == 1
        assert cnaps.fix(doc, select=["CN501"]).document.text == after

    def test_all_of_one_kind_are_one_finding(self) -> None:
        doc = cnaps.parse_response("Rain[cite: 1] and \ue200cite\ue202turn0\ue201snow[cite: 2].")
        first, second = cnaps.lint(doc, select=["CN50"])
        assert first.message == "2 marks of a provider: '[cite: 1]'"
        assert [span.of(doc.text) for span in first.also] == ["[cite: 2]"]
        assert second.message == r"a mark of a provider: '\ue200cite\ue202turn0\ue201'"

    def test_they_are_found_in_rendered_answers_and_prompts_too(self) -> None:
        doc = cnaps.parse(sample("prompt").replace("morning haze", "morning haze[cite: 3]"))
        assert [f.code for f in cnaps.lint(doc)] == ["CN501"]
        assert cnaps.fix(doc).document.text == sample("prompt")


class TestChats:
    def test_a_fence_that_is_never_closed_goes_too(self) -> None:
        doc = cnaps.parse_response("```md\n## Task\n\nRain.\n")
        fixed = cnaps.fix(doc, select=["CN504"], unsafe=True)
        assert fixed.document.text == "## Task\n\nRain.\n"

    def test_words_in_front_of_a_fence(self) -> None:
        doc = cnaps.parse_response("Sure, here it is:\n\n```md\n## Task\n\nRain.\n```\nEnjoy!\n")
        found = cnaps.lint(doc, select=["CN504", "CN505"])
        assert [f.span.of(doc.text) for f in found] == ["Sure, here it is:", "```md\n"]
        fixed = cnaps.fix(doc, select=["CN504", "CN505"], unsafe=True)
        assert fixed.document.text == "## Task\n\nRain.\nEnjoy!\n"
        assert cnaps.fix(doc, select=["CN505"], unsafe=True).document.text.startswith(
            "```md\n## Task"
        )

    def test_what_the_model_thought_is_not_said_in_the_chat(self) -> None:
        doc = cnaps.parse_response("<think>Rain?</think>\n\nSure, here it is:\n\n## Task\n")
        (found,) = cnaps.lint(doc, select=["CN505"])
        assert found.span.of(doc.text) == "Sure, here it is:"
        fixed = cnaps.fix(doc, select=["CN505"], unsafe=True)
        assert fixed.document.text == "<think>Rain?</think>\n\n## Task\n"

    def test_a_fence_that_ends_with_the_file(self) -> None:
        doc = cnaps.parse_response("```\n## Task\n\nRain.\n```")
        fixed = cnaps.fix(doc, select=["CN504"], unsafe=True)
        assert fixed.document.text == "## Task\n\nRain.\n"
