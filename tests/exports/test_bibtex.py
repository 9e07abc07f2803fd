"""BibTeX, as bibtexparser and pybtex read it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from cnaps import ModelRef, PaperRef, RenderError
from cnaps.exports import bibtex
from cnaps.exports._works import works_of
from tests.exports.readers import (
    by_bibtexparser,
    by_pybtex,
    decoded_by_bibtexparser,
    decoded_by_pybtex,
)
from tests.exports.samples import PROMPT, SOURCES

pytest.importorskip("bibtexparser")

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnaps.exports._works import Source
    from tests.exports.readers import Fields

EXPECTED = r"""@misc{arxiv:2308.16160,
  title = {{Occ$^2$Net: Robust Image Matching}},
  year = {2023},
  month = aug,
  eprint = {2308.16160},
  archivePrefix = {arXiv},
  version = {2},
  doi = {10.48550/arXiv.2308.16160},
  url = {https://arxiv.org/abs/2308.16160v2},
  abstract = {Occlusion costs 90\% of the matches. It is 3 \& 4.},
  note = {Model: Pose-Occ2Net-Base. Code: \url{https://github.com/example/occ2net/tree/main/src}}
}

@software{github:example/pose_tools,
  title = {{Pose\_Tools}},
  url = {https://github.com/Example/Pose_Tools}
}

@misc{title:pose-baseline,
  title = {{Pose-Baseline}}
}

@inproceedings{cvf:doe_shape_cvpr_2023,
  title = {{Shape \& Pose}},
  booktitle = {CVPR},
  year = {2023},
  url = {https://openaccess.thecvf.com/content/CVPR2023/html/Doe_Shape_CVPR_2023_paper.html}
}

@misc{doi:10.1000/kaka.7,
  title = {{Poses of the Kākā}},
  doi = {10.1000/kaka.7},
  url = {https://doi.org/10.1000/kaka.7}
}

@misc{web-example-org-page-q-1-2-dd48fefef1,
  title = {{A page}},
  url = {http://example.org/page?q=1;2}
}
"""

READERS = pytest.mark.parametrize("read", [by_bibtexparser, by_pybtex])


def title_of(*sources: Source, ascii: bool = False) -> str:  # noqa: A002 - as `bibtex` has it
    (entry,) = by_bibtexparser(bibtex(*sources, ascii=ascii)).values()
    return entry["title"]


def test_a_whole_file() -> None:
    assert bibtex(PROMPT) == EXPECTED


def test_nothing_cited_is_an_empty_file() -> None:
    assert bibtex() == bibtex([]) == bibtex(ModelRef("")) == ""


@READERS
def test_it_reads_back(read: Callable[[str], dict[str, Fields]]) -> None:
    entries = read(EXPECTED)
    assert list(entries) == [work.key for work in works_of([PROMPT], "bibtex")]
    assert entries["arxiv:2308.16160"]["eprint"] == "2308.16160"
    assert entries["arxiv:2308.16160"]["archivePrefix"] == "arXiv"
    assert entries["github:example/pose_tools"]["type"] == "software"


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("From $α$-NeuS to rooms", "From α-NeuS to rooms"),
        ("Occ$^2$Net", "Occ²Net"),
        ("Kākā, 50% off: a #1 & only", "Kākā, 50% off: a #1 & only"),
    ],
)
@pytest.mark.parametrize("ascii_only", [False, True])
class TestTitles:
    def test_pybtex_reads_what_is_meant(self, title: str, said: str, ascii_only: bool) -> None:
        assert decoded_by_pybtex(title_of(PaperRef(title), ascii=ascii_only)) == said

    def test_bibtexparser_reads_what_is_meant(
        self, title: str, said: str, ascii_only: bool
    ) -> None:
        found = decoded_by_bibtexparser(title_of(PaperRef(title), ascii=ascii_only))
        assert found.replace("^2", "²") == said


def test_the_case_of_titles_is_protected() -> None:
    assert title_of(PaperRef("SAM for all")) == "{SAM for all}"


def test_in_ascii_there_is_nothing_else() -> None:
    text = bibtex(ModelRef("Kākā", "https://arxiv.org/abs/2111.09881"), PROMPT, ascii=True)
    assert text.isascii()
    assert r"{{Poses of the K\={a}k\={a}}}" in text


def test_ascii_names_the_character_that_it_cannot_write() -> None:
    with pytest.raises(RenderError) as caught:
        bibtex(PaperRef("雨", "https://arxiv.org/abs/2111.09881"), ascii=True)
    assert str(caught.value) == (
        "title of arxiv:2111.09881 does not fit into ASCII:"
        " there is no LaTeX command for '雨' (U+96E8)\n"
        "hint: leave out `ascii`: biber and current LaTeX read Unicode"
    )


def test_a_surrogate_is_refused() -> None:
    with pytest.raises(RenderError, match=r"^sources\[0\]\.title does not fit into bibtex"):
        bibtex(PaperRef("\ud800"))


def test_no_value_can_forge_an_entry() -> None:
    forged = "x}},\n}\n@misc{forged,\n  title = {{y}}\n}\n@comment{"
    text = bibtex(PaperRef(forged, "https://arxiv.org/abs/2111.09881", forged, forged))
    assert list(by_bibtexparser(text)) == list(by_pybtex(text)) == ["arxiv:2111.09881"]


@given(SOURCES)
def test_two_readers_find_each_work_once_and_agree_on_what_it_says(sources: list[Source]) -> None:
    text = bibtex(*sources)
    found, again = by_bibtexparser(text), by_pybtex(text)
    works = works_of(sources, "bibtex")
    assert list(found) == list(again) == [work.key for work in works]
    for work in works:
        ours, theirs = found[work.key], again[work.key]
        assert ours.pop("month", "")[:3] == theirs.pop("month", "").lower()[:3]
        # pybtex reads runs of blanks as one.
        assert {name: " ".join(value.split()) for name, value in ours.items()} == theirs
        assert ours.get("url", "") == work.url
        assert ours.get("doi", "") == work.doi


@given(SOURCES)
def test_the_file_can_be_written_as_utf_8_and_read_in_any_line_mode(sources: list[Source]) -> None:
    text = bibtex(*sources)
    assert text.encode().decode() == text
    assert text.splitlines() == text.removesuffix("\n").split("\n") * bool(text)
