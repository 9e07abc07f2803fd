"""RIS, as rispy reads it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from cnaps import PaperRef, RenderError
from cnaps.exports import csl_json, ris
from cnaps.exports._works import works_of
from tests.exports.readers import by_rispy, items
from tests.exports.samples import PROMPT, SOURCES

pytest.importorskip("pylatexenc")

if TYPE_CHECKING:
    from cnaps.exports._works import Source

EXPECTED = """TY  - UNPB
ID  - arxiv:2308.16160
TI  - Occ²Net: Robust Image Matching
PY  - 2023
DA  - 2023/08//
PB  - arXiv
AN  - arXiv:2308.16160
ET  - 2
DO  - 10.48550/arXiv.2308.16160
UR  - https://arxiv.org/abs/2308.16160v2
AB  - Occlusion costs 90% of the matches. It is 3 & 4.
N1  - Model: Pose-Occ2Net-Base
N1  - Code: https://github.com/example/occ2net/tree/main/src
ER  -

TY  - COMP
ID  - github:example/pose_tools
TI  - Pose_Tools
UR  - https://github.com/Example/Pose_Tools
ER  -

TY  - GEN
ID  - title:pose-baseline
TI  - Pose-Baseline
ER  -

TY  - CPAPER
ID  - cvf:doe_shape_cvpr_2023
TI  - Shape & Pose
T2  - CVPR
PY  - 2023
UR  - https://openaccess.thecvf.com/content/CVPR2023/html/Doe_Shape_CVPR_2023_paper.html
ER  -

TY  - GEN
ID  - doi:10.1000/kaka.7
TI  - Poses of the Kākā
DO  - 10.1000/kaka.7
UR  - https://doi.org/10.1000/kaka.7
ER  -

TY  - ELEC
ID  - web-example-org-page-q-1-2-dd48fefef1
TI  - A page
UR  - http://example.org/page?q=1%3B2
ER  -
""".replace("ER  -\n", "ER  - \n")


def test_a_whole_file() -> None:
    assert ris(PROMPT) == EXPECTED


def test_nothing_cited_is_an_empty_file() -> None:
    assert ris() == ris([]) == ""


def test_it_reads_back() -> None:
    first, *others = by_rispy(EXPECTED)
    assert first == {
        "type_of_reference": "UNPB",
        "id": "arxiv:2308.16160",
        "title": "Occ²Net: Robust Image Matching",
        "year": "2023",
        "date": "2023/08//",
        "publisher": "arXiv",
        "accession_number": "arXiv:2308.16160",
        "edition": "2",
        "doi": "10.48550/arXiv.2308.16160",
        "urls": ["https://arxiv.org/abs/2308.16160v2"],
        "abstract": "Occlusion costs 90% of the matches. It is 3 & 4.",
        "notes": [
            "Model: Pose-Occ2Net-Base",
            "Code: https://github.com/example/occ2net/tree/main/src",
        ],
    }
    assert [record["type_of_reference"] for record in others] == [
        "COMP",
        "GEN",
        "CPAPER",
        "GEN",
        "ELEC",
    ]


def test_a_reader_does_not_mind_windows_line_ends() -> None:
    assert by_rispy(EXPECTED.replace("\n", "\r\n")) == by_rispy(EXPECTED)


def test_a_dataset() -> None:
    link = "https://huggingface.co/datasets/a/b"
    assert ris(PaperRef("A", link)).startswith("TY  - DATA\n")


def test_a_surrogate_is_refused() -> None:
    with pytest.raises(RenderError, match=r"^sources\[0\]\.title does not fit into ris"):
        ris(PaperRef("\ud800"))


def test_no_value_can_forge_a_record() -> None:
    forged = "x\nER  - \n\nTY  - GEN\nTI  - forged"
    (record,) = by_rispy(ris(PaperRef(forged, None, None, forged)))
    assert record["title"] == record["abstract"] == "x ER - TY - GEN TI - forged"


@given(SOURCES)
def test_each_work_is_one_record_which_says_what_csl_json_says(sources: list[Source]) -> None:
    records = by_rispy(ris(*sources))
    assert [record["id"] for record in records] == [work.key for work in works_of(sources, "ris")]
    for record, item in zip(records, items(csl_json(*sources)), strict=True):
        assert record.get("title") == item.get("title")
        assert record.get("abstract") == item.get("abstract")
        assert record.get("doi") == item.get("DOI")
        assert "\n".join(record.get("notes", [])) == item.get("note", "")
        assert len(record.get("urls", [])) == ("URL" in item)
