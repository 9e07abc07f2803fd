"""CSL-JSON, as citeproc-py processes it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given

from cnaps import PaperRef, RenderError
from cnaps.exports import csl_json
from cnaps.exports._works import works_of
from tests.exports.readers import by_citeproc, items
from tests.exports.samples import PROMPT, SOURCES

pytest.importorskip("pylatexenc")

if TYPE_CHECKING:
    from cnaps.exports._works import Source

EXPECTED = [
    {
        "id": "arxiv:2308.16160",
        "type": "article",
        "title": "Occ²Net: Robust Image Matching",
        "issued": {"date-parts": [[2023, 8]]},
        "publisher": "arXiv",
        "number": "arXiv:2308.16160",
        "archive": "arXiv",
        "archive_location": "2308.16160",
        "version": "2",
        "DOI": "10.48550/arXiv.2308.16160",
        "URL": "https://arxiv.org/abs/2308.16160v2",
        "abstract": "Occlusion costs 90% of the matches. It is 3 & 4.",
        "note": "Model: Pose-Occ2Net-Base\nCode: https://github.com/example/occ2net/tree/main/src",
    },
    {
        "id": "github:example/pose_tools",
        "type": "software",
        "title": "Pose_Tools",
        "URL": "https://github.com/Example/Pose_Tools",
    },
    {"id": "title:pose-baseline", "type": "document", "title": "Pose-Baseline"},
    {
        "id": "cvf:doe_shape_cvpr_2023",
        "type": "paper-conference",
        "title": "Shape & Pose",
        "container-title": "CVPR",
        "issued": {"date-parts": [[2023]]},
        "URL": "https://openaccess.thecvf.com/content/CVPR2023/html/Doe_Shape_CVPR_2023_paper.html",
    },
    {
        "id": "doi:10.1000/kaka.7",
        "type": "document",
        "title": "Poses of the Kākā",
        "DOI": "10.1000/kaka.7",
        "URL": "https://doi.org/10.1000/kaka.7",
    },
    {
        "id": "web-example-org-page-q-1-2-dd48fefef1",
        "type": "webpage",
        "title": "A page",
        "URL": "http://example.org/page?q=1;2",
    },
]


def test_a_whole_file() -> None:
    assert csl_json(PROMPT) == json.dumps(EXPECTED, ensure_ascii=False, indent=2)


def test_nothing_cited_is_an_empty_list() -> None:
    assert csl_json() == csl_json([]) == "[]"


def test_a_processor_makes_a_bibliography_of_it() -> None:
    assert by_citeproc(csl_json(PROMPT)) == {
        "arxiv:2308.16160": "“Occ²Net: Robust Image Matching” (2023)"
        " “Occ²Net: Robust Image Matching”. arXiv. Available at: https://doi.org/10.48550/arXiv.2308.16160.",
        "github:example/pose_tools": "“Pose_Tools” (no date) “Pose_Tools”."
        " Available at: https://github.com/Example/Pose_Tools.",
        "title:pose-baseline": "“Pose-Baseline” (no date) “Pose-Baseline”.",
        "cvf:doe_shape_cvpr_2023": "“Shape & Pose” (2023) “Shape & Pose”, CVPR. Available at:"
        " https://openaccess.thecvf.com/content/CVPR2023/html/Doe_Shape_CVPR_2023_paper.html.",
        "doi:10.1000/kaka.7": "“Poses of the Kākā” (no date) “Poses of the Kākā”."
        " Available at: https://doi.org/10.1000/kaka.7.",
        "web-example-org-page-q-1-2-dd48fefef1": "A page (no date) A page."
        " Available at: http://example.org/page?q=1;2.",
    }


def test_all_types_and_variables_are_those_of_the_specification() -> None:
    citeproc = pytest.importorskip("citeproc")
    schemas = Path(citeproc.SCHEMA_PATH).parent
    types, variables = (
        set(re.findall(r'"([^"]+)"', (schemas / f"csl-{name}.rnc").read_text(encoding="utf-8")))
        for name in ("types", "variables")
    )
    dataset = PaperRef("A", "https://huggingface.co/datasets/a/b")
    for item in items(csl_json(PROMPT, dataset)):
        assert item["type"] in types
        assert item.keys() - {"id", "type"} <= variables


def test_a_surrogate_is_refused() -> None:
    with pytest.raises(RenderError, match=r"^sources\[0\]\.title does not fit into csl_json"):
        csl_json(PaperRef("\ud800"))


@given(SOURCES)
def test_each_work_is_one_item(sources: list[Source]) -> None:
    found = items(csl_json(*sources))
    works = works_of(sources, "csl_json")
    assert [item["id"] for item in found] == [work.key for work in works]
    for item, work in zip(found, works, strict=True):
        assert item.get("URL", "") == work.url
        if "$" not in work.title and "\\" not in work.title:
            assert item.get("title", "") == work.title


@given(SOURCES)
def test_a_processor_takes_whatever_we_write(sources: list[Source]) -> None:
    text = csl_json(*sources)
    assert by_citeproc(text).keys() == {item["id"].lower() for item in items(text)}
