"""The links of values, documents and texts, and where each of them stands."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, Span, Workflow
from cnaps.linking import Link, iter_links
from tests import strategies as some
from tests.samples import ANSWERS, PROMPT

if TYPE_CHECKING:
    from collections.abc import Iterable

E = "https://example.org/rain"
LINKED = PromptSpec(
    Question(f"Is {E} better than github.com/example/derain?"),
    models=(
        ModelRef(f"DerainNet (arXiv:2111.09881) [code]({E})", None, "github.com/example/derain"),
        ModelRef("DripNet", "to appear", f"{E}, mirror"),
    ),
    papers=(
        PaperRef("Rain: a study", "http://arxiv.org/pdf/2101.00001v1", None, f"At \\url{{{E}}}."),
        PaperRef("Snow", None, "https://gitlab.com/example/snow", None),
    ),
)
FOUND = [
    ("question.text", E, E),
    ("question.text", "github.com/example/derain", "github.com/example/derain"),
    ("models[0].name", "arXiv:2111.09881", "arXiv:2111.09881"),
    ("models[0].name", E, E),
    ("models[0].github", "github.com/example/derain", "github.com/example/derain"),
    ("models[1].paper", "to appear", "to appear"),
    ("models[1].github", f"{E}, mirror", f"{E}, mirror"),
    ("papers[0].paper", "http://arxiv.org/pdf/2101.00001v1", "http://arxiv.org/pdf/2101.00001v1"),
    ("papers[0].summary", E, E),
    ("papers[1].github", "https://gitlab.com/example/snow", "https://gitlab.com/example/snow"),
]


def shown(links: Iterable[Link], text: str) -> list[tuple[str, str]]:
    """The path of each link, and the text in its span."""
    return [(link.path, link.span.of(text)) for link in links]


class TestValues:
    def test_the_links_of_all_fields_come_in_their_order(self) -> None:
        assert [(link.path, link.url) for link in iter_links(LINKED)] == [x[:2] for x in FOUND]

    def test_spans_count_in_the_text_of_the_field(self) -> None:
        [link, *_] = iter_links(LINKED.papers[0].summary or "")
        assert link == Link(E, None, "", Span(8, 8 + len(E)))
        found = {link.path: link.span for link in iter_links(LINKED)}
        assert found["papers[0].summary"] == link.span
        assert found["models[1].github"] == Span(0, len(f"{E}, mirror"))

    @pytest.mark.parametrize(
        ("value", "found"),
        [
            (Question(f"Is it {E}?"), [("text", E)]),
            (ModelRef("www.example.org", E, ""), [("name", "www.example.org"), ("paper", E)]),
            (PaperRef("Rain", " ", "\t", E), [("summary", E)]),
            (ModelRef("Rain", "N/A", "?"), [("paper", "N/A"), ("github", "?")]),
            (Workflow(E, "rain", f"<{E}>"), [("input", E), ("output", E)]),
            (
                Answer(Question("?"), E, Workflow("", E, ""), (ModelRef("Rain", E),), ("", E)),
                [("task", E), ("workflow.model", E), ("references[0].paper", E), ("notes[1]", E)],
            ),
            (Question(""), []),
            (PROMPT.question, []),
        ],
    )
    def test_every_class_of_value_has_links(
        self, value: Question | ModelRef | PaperRef | Workflow | Answer, found: list[object]
    ) -> None:
        assert [(link.path, link.url) for link in iter_links(value)] == found

    @given(st.one_of(some.HOSTILE.prompts, some.HOSTILE.answers))
    def test_every_paper_and_github_is_a_link_as_written(self, value: PromptSpec | Answer) -> None:
        found = {link.path: link.url for link in iter_links(value)}
        entries = (
            [("references", value.references)]
            if isinstance(value, Answer)
            else [("models", value.models), ("papers", value.papers)]
        )
        for name, group in entries:
            for number, entry in enumerate(group):
                for field in ("paper", "github"):
                    held = getattr(entry, field)
                    path = f"{name}[{number}].{field}"
                    assert found.get(path) == (held if held and held.strip() else None)


class TestDocuments:
    def test_the_links_of_all_fields_come_in_the_order_of_the_text(self) -> None:
        doc = cnaps.parse(cnaps.render(LINKED))
        assert doc.exact
        assert shown(iter_links(doc), doc.text) == [(path, text) for path, _, text in FOUND]
        assert [link.url for link in iter_links(doc)] == [url for _, url, _ in FOUND]

    def test_text_of_no_field_has_links_too(self) -> None:
        text = cnaps.render(LINKED, "prompt-1")
        head, wording, tail = text.partition("### Related Papers:\n")
        text = f"{E}/0\n{head}Demo: {E}/1\n\n{wording}See [rain]({E}/2).\n{tail}{E}/3\n"
        doc = cnaps.parse(text)
        strays = [link for link in iter_links(doc) if not link.path]
        assert shown(strays, doc.text) == [("", f"{E}/{n}") for n in range(4)]
        fields = [link for link in iter_links(doc) if link.path]
        assert shown(fields, doc.text) == [(path, text) for path, _, text in FOUND]

    def test_a_question_that_stands_twice_is_a_field_where_it_stands_first(self) -> None:
        prompt = PromptSpec(Question(f"Why {E}/1?"), (ModelRef("Rain", f"{E}/2"),))
        doc = cnaps.parse(cnaps.render(prompt, "prompt-2"))
        found = [("question.text", f"{E}/1"), ("", f"{E}/1"), ("models[0].paper", f"{E}/2")]
        assert shown(iter_links(doc), doc.text) == found

    def test_fields_in_another_order_are_found_where_they_are(self) -> None:
        text = cnaps.render(PromptSpec(Question("?"), (ModelRef("Rain", f"{E}/1", f"{E}/2"),)))
        first, second = f"Paper: {E}/1\n", f"GitHub: {E}/2\n"
        doc = cnaps.parse(text.replace(first + second, second + first))
        assert [link.path for link in iter_links(doc)] == ["models[0].github", "models[0].paper"]

    @pytest.mark.parametrize("missing", ["None", "N/A", "n/a", ""])
    def test_a_link_that_the_file_says_is_missing_is_none(self, missing: str) -> None:
        text = cnaps.render(PromptSpec(Question("?"), (ModelRef("Rain"),)))
        doc = cnaps.parse(text.replace("Paper: None", f"Paper: {missing}"))
        assert list(iter_links(doc)) == []

    def test_spans_count_in_the_text_without_damage_or_marks(self) -> None:
        text = cnaps.render(PromptSpec(Question("“Rain” →?"), (ModelRef("Rain", E),)))
        data = b"\xef\xbb\xbf" + some.damaged(text, ("latin-1",)).replace("\n", "\r\n").encode()
        doc = cnaps.parse(data)
        assert doc.damage
        assert shown(iter_links(doc), doc.text) == [("models[0].paper", E)]

    @pytest.mark.parametrize("name", ANSWERS)
    def test_answers_have_those_of_their_prompt(self, name: str) -> None:
        doc = cnaps.parse(cnaps.render(ANSWERS[name], name))
        entries: list[ModelRef | PaperRef] = [*PROMPT.models, *PROMPT.papers]
        links = [link for entry in entries for link in (entry.paper, entry.github) if link]
        assert [link.url for link in iter_links(doc)] == links

    def test_ten_thousand_entries_take_no_longer_each_than_ten(self) -> None:
        models = (ModelRef("Rain", E, E),) * 10_000
        doc = cnaps.parse(cnaps.render(PromptSpec(Question("?"), models)))
        assert sum(1 for _ in iter_links(doc)) == 20_000


def steps(path: str) -> tuple[str | int, ...]:
    """The names and numbers of a path, as `Document.span` takes them."""
    words = path.replace("[", ".").replace("]", "").split(".")
    return tuple(int(word) if word.isdecimal() else word for word in words)


PIECES = [E, f"[a]({E})", f"\\url{{{E}\\_a}}", "github.com/example/derain", f"{E}?a&amp;b", "rain"]
lines = st.lists(st.sampled_from([*PIECES, "(", ")", "[", "](", ".", "arXiv:2111.09881"])).map(
    lambda pieces: f"x{' '.join(pieces)}y"
)
LINKS = some.Values(lines, st.one_of(st.none(), lines))


class TestLaws:
    @given(st.one_of(LINKS.prompts, LINKS.answers))
    def test_a_document_has_the_links_of_its_value(self, value: PromptSpec | Answer) -> None:
        doc = cnaps.parse(cnaps.render(value))
        expected = []
        for link in iter_links(value):
            start = doc.span(*steps(link.path)).start
            span = Span(start + link.span.start, start + link.span.end)
            expected.append(attrs.evolve(link, span=span))
        assert [link for link in iter_links(doc) if link.path] == expected

    @given(some.edited_files(), st.sampled_from(PIECES))
    def test_after_any_edit_too(self, text: str, piece: str) -> None:
        text = text.replace(" ", f" {piece} ", 3)
        try:
            doc = cnaps.parse(text)
        except cnaps.ParseError:
            return
        links = list(iter_links(doc))
        assert sorted(link.span for link in links) == [link.span for link in links]
        for link in links:
            written = link.span.of(doc.text)
            assert link.url == written or "\\" in written or "&" in written
        fields = sorted((link.path, link.url) for link in links if link.path)
        assert fields == sorted((link.path, link.url) for link in iter_links(doc.value))

    @given(some.texts())
    def test_the_links_of_a_text_have_no_path(self, text: str) -> None:
        assert all(link.path == "" for link in iter_links(text))


class TestLinks:
    @pytest.mark.parametrize("file", ["notes/rain.md", Path("notes/rain.md")])
    def test_they_name_the_file_that_they_are_said_to_be_in(self, file: str | Path) -> None:
        text = f"See {E}."
        doc = cnaps.parse(cnaps.render(PromptSpec(Question(text))))
        for source in (text, Question(text), doc):
            [link] = iter_links(source, file=file)
            assert link.file == str(Path("notes/rain.md"))

    def test_they_are_frozen_values(self) -> None:
        [link] = iter_links(E)
        assert link == Link(E, None, "", Span(0, len(E)))
        assert pickle.loads(pickle.dumps(link)) == link
        assert len({link, attrs.evolve(link)}) == 1
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            link.url = ""  # type: ignore[misc]

    @pytest.mark.parametrize("wrong", [None, b"https://example.org", 7, [E], (LINKED,), Path(E)])
    def test_nothing_else_has_links(self, wrong: object) -> None:
        with pytest.raises(TypeError) as caught:
            iter_links(wrong)  # type: ignore[arg-type]
        name = type(wrong).__name__
        assert str(caught.value) == f"links are in a value, a Document or a str, not in {name}"
