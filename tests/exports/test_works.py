"""Which works values cite: one record for each, with the best that is known of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given

import cnaps
from cnaps import ModelRef, PaperRef, RenderError
from cnaps.exports._works import works_of
from tests.exports.samples import ANSWER, PROMPT, SOURCES

if TYPE_CHECKING:
    from cnaps.exports._works import Source, Work


def works(*sources: Source) -> list[Work]:
    return works_of(sources, "bibtex")


def only(*sources: Source) -> Work:
    (work,) = works(*sources)
    return work


class TestOneRecordPerWork:
    @pytest.mark.parametrize(
        ("spellings", "key"),
        [
            (
                [
                    "https://arxiv.org/pdf/2111.09881",
                    "http://arxiv.org/pdf/2111.09881v1.pdf",
                    "arXiv:2111.09881",
                    "https://doi.org/10.48550/arXiv.2111.09881",
                ],
                "arxiv:2111.09881",
            ),
            (
                [
                    "https://github.com/JingyunLiang/SwinIR",
                    "http://www.github.com/jingyunliang/swinir.git",
                    "https://github.com/JingyunLiang/SwinIR/tree/main/models?tab=readme-ov-file",
                ],
                "github:jingyunliang/swinir",
            ),
        ],
    )
    def test_spellings_of_a_link_are_one_work(self, spellings: list[str], key: str) -> None:
        assert only(*(ModelRef("A", link) for link in spellings)).key == key
        assert only(*(PaperRef("A", None, link) for link in spellings)).key == key

    def test_an_entry_is_about_its_paper_and_else_about_its_repository(self) -> None:
        paper, code = "https://arxiv.org/abs/2111.09881", "https://github.com/swz30/Restormer"
        found = works(ModelRef("A", paper, code), ModelRef("B", None, code), ModelRef("C", code))
        assert [(work.key, work.title, work.code) for work in found] == [
            ("arxiv:2111.09881", "A", (code,)),
            ("github:swz30/restormer", "B", ()),
        ]

    def test_entries_without_links_are_one_work_if_they_have_the_same_title(self) -> None:
        work = only(PaperRef("Ｏn  Rain"), ModelRef("on rain "), ModelRef("ON\nRAIN"))
        assert (work.title, work.names) == ("Ｏn Rain", ())

    def test_an_entry_without_links_is_the_linked_work_of_the_same_title(self) -> None:
        link = "https://arxiv.org/abs/2111.09881"
        work = only(PaperRef("On Rain", summary="It rains."), ModelRef("on rain", link))
        assert (work.title, work.arxiv, work.summary) == ("On Rain", "2111.09881", "It rains.")

    def test_works_of_the_same_title_with_different_links_are_two(self) -> None:
        links = ("https://arxiv.org/abs/2111.09881", "https://arxiv.org/abs/2111.09882")
        assert len(works(*(PaperRef("On Rain", link) for link in links), ModelRef("On Rain"))) == 2

    @pytest.mark.parametrize("nothing", ["", " ", "see the appendix", "n/a"])
    def test_what_is_no_link_is_as_good_as_none(self, nothing: str) -> None:
        assert only(ModelRef("A", nothing, nothing)) == only(ModelRef("A"))

    def test_an_entry_that_says_nothing_is_no_work(self) -> None:
        assert works(ModelRef(""), PaperRef(" \n", "", "")) == []

    def test_the_order_is_that_of_the_first_mention(self) -> None:
        keys = [work.key for work in works(PROMPT, ANSWER)]
        assert keys == [
            "arxiv:2308.16160",
            "github:example/pose_tools",
            "title:pose-baseline",
            "cvf:doe_shape_cvpr_2023",
            "doi:10.1000/kaka.7",
            "web-example-org-page-q-1-2-dd48fefef1",
        ]

    @given(SOURCES)
    def test_keys_are_unique_valid_and_the_same_in_every_export(
        self, sources: list[Source]
    ) -> None:
        found = works(*sources)
        keys = [work.key for work in found]
        assert len({key.lower() for key in keys}) == len(keys)
        assert all(re.fullmatch(r"[A-Za-z0-9.:/_+-]+", key) for key in keys)
        assert {work.key for source in sources for work in works(source)} >= {
            work.key for work in found
        }

    @given(SOURCES)
    def test_citing_everything_twice_changes_nothing(self, sources: list[Source]) -> None:
        assert works(*sources, *sources) == works(*sources)


class TestRecords:
    def test_the_title_is_that_of_the_paper_and_other_names_are_kept(self) -> None:
        link = "https://arxiv.org/abs/2111.09881"
        work = only(
            ModelRef("Derain-Restormer", link),
            ModelRef("derain-restormer", link),
            ModelRef("RESTORMER", link),
            PaperRef("Restormer", link),
            PaperRef("Another title", link),
        )
        assert (work.title, work.names) == ("Restormer", ("Derain-Restormer",))

    def test_without_a_paper_the_title_is_the_first_name(self) -> None:
        link = "https://arxiv.org/abs/2111.09881"
        work = only(ModelRef("", link), ModelRef("A", link), ModelRef("B", link))
        assert (work.title, work.names) == ("A", ("B",))

    def test_the_newest_version_that_is_cited_is_recorded(self) -> None:
        versions = ("", "v2", "v10", "v9")
        work = only(*(PaperRef("A", f"arxiv.org/abs/2111.09881{v}") for v in versions))
        assert (work.version, work.url) == (10, "https://arxiv.org/abs/2111.09881v10")

    def test_without_versions_there_is_none(self) -> None:
        assert only(PaperRef("A", "arxiv.org/abs/2111.09881")).version is None

    def test_all_repositories_of_a_paper_are_its_code(self) -> None:
        link = "https://arxiv.org/abs/2111.09881"
        repositories = ("github.com/A/b", "https://gitlab.com/c/d", "https://github.com/a/B")
        work = only(*(PaperRef("A", link, code) for code in repositories))
        assert work.code == ("https://github.com/A/b", "https://gitlab.com/c/d")

    @pytest.mark.parametrize(
        ("link", "kind", "year", "venue"),
        [
            ("https://arxiv.org/abs/2111.09881", "preprint", 2021, ""),
            ("https://openreview.net/forum?id=Sm5TqAZvQK", "preprint", None, ""),
            ("https://proceedings.mlr.press/v139/radford21a.html", "paper", 2021, "PMLR"),
            ("https://github.com/swz30/Restormer", "software", None, ""),
            ("https://gitlab.com/a/b", "software", None, ""),
            ("https://huggingface.co/a/b", "software", None, ""),
            ("https://huggingface.co/datasets/a/b", "dataset", None, ""),
            ("https://doi.org/10.1000/182", "other", None, ""),
            ("https://example.org/paper.pdf", "page", None, ""),
            (None, "other", None, ""),
        ],
    )
    def test_what_a_link_tells(
        self, link: str | None, kind: str, year: int | None, venue: str
    ) -> None:
        work = only(PaperRef("A", link))
        assert (work.kind, work.year, work.venue) == (kind, year, venue)

    def test_an_old_id_of_arxiv(self) -> None:
        work = only(PaperRef("A", "http://arxiv.org/abs/hep-th/9901001v3"))
        assert (work.key, work.arxiv, work.version) == ("arxiv:hep-th/9901001", "hep-th/9901001", 3)
        assert (work.year, work.month, work.doi) == (1999, 1, "10.48550/arXiv.hep-th/9901001")

    def test_texts_are_one_line_without_control_characters(self) -> None:
        assert only(PaperRef(" On\r\n\tthe\x00\u2028rain\x85\xa0")).title == "On the rain"

    def test_links_are_ascii_and_hold_no_braces(self) -> None:
        work = only(PaperRef("A", "https://example.org/ä{b}\\c"))
        assert work.url.isascii()
        assert not set(work.url) & set("{}\\")


class TestSources:
    def test_documents_values_and_iterables_of_them(self) -> None:
        document = cnaps.parse(cnaps.render(PROMPT))
        found = works(PROMPT, ANSWER, *PROMPT.models, *PROMPT.papers)
        assert found == works([document, ANSWER], iter(PROMPT.models), [*PROMPT.papers])
        assert found == works(document, ANSWER)

    @pytest.mark.parametrize(
        ("source", "path", "got"),
        [
            ("arXiv:2111.09881", "sources[1]", "str"),
            (b"", "sources[1]", "bytes"),
            (None, "sources[1]", "NoneType"),
            ({"a": PROMPT}, "sources[1]", "dict"),
            (PROMPT.question, "sources[1]", "Question"),
            ([PROMPT, [PROMPT]], "sources[1][1]", "list"),
            (["arXiv:2111.09881"], "sources[1][0]", "str"),
        ],
    )
    def test_anything_else_is_a_type_error(self, source: Source, path: str, got: str) -> None:
        with pytest.raises(TypeError) as caught:
            works(PROMPT, source)
        assert str(caught.value) == (
            f"{path}: expected a Document, PromptSpec, Answer, ModelRef or PaperRef,"
            f" or an iterable of them, not {got}"
        )

    @pytest.mark.parametrize(
        ("source", "field"),
        [
            (ModelRef("a\udc80"), "sources[0].name"),
            (ModelRef("A", paper="a\udc80"), "sources[0].paper"),
            ([ModelRef("A", github="a\udc80")], "sources[0][0].github"),
            (evolve(PROMPT, papers=(PaperRef("a\udc80"),)), "sources[0].papers[0].title"),
            (PaperRef("A", summary="a\udc80"), "sources[0].summary"),
        ],
    )
    def test_a_lone_surrogate_is_refused_and_named(self, source: Source, field: str) -> None:
        with pytest.raises(RenderError) as caught:
            works(source)
        assert str(caught.value) == (
            f"{field} does not fit into bibtex: it holds the lone surrogate U+DC80 at character 1,"
            " which no file can\nhint: remove it; text in a wrong encoding may have left it there"
        )
