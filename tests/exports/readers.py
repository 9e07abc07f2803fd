"""What other libraries read in the files that we write; a test is skipped where one is missing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

Fields = dict[str, str]


def by_bibtexparser(text: str) -> dict[str, Fields]:
    """Return the entries of a BibTeX file by key, the values as they are written."""
    library = pytest.importorskip("bibtexparser").parse_string(text)
    assert library.blocks == library.entries
    return {
        entry.key: {"type": entry.entry_type, **{field.key: field.value for field in entry.fields}}
        for entry in library.entries
    }


def by_pybtex(text: str) -> dict[str, Fields]:
    """Return the entries of a BibTeX file by key, the values as they are written."""
    data = pytest.importorskip("pybtex.database").parse_string(text, "bibtex")
    return {key: {"type": entry.type, **entry.fields} for key, entry in data.entries.items()}


def decoded_by_bibtexparser(latex: str, *, keep_math: bool = False) -> str:
    """Return what LaTeX says, as bibtexparser has it."""
    middlewares = pytest.importorskip("bibtexparser.middlewares")
    decoding = middlewares.LatexDecodingMiddleware(keep_math_mode=keep_math)
    model = pytest.importorskip("bibtexparser.model")
    entry = model.Entry("misc", "key", [model.Field("title", latex)])
    said: str = decoding.transform_entry(entry, None).fields_dict["title"].value
    return said


def decoded_by_pybtex(latex: str) -> str:
    """Return what LaTeX says, as pybtex has it."""
    return str(pytest.importorskip("pybtex.richtext").Text.from_latex(latex))


def items(text: str) -> list[dict[str, Any]]:
    """Return the items of CSL-JSON."""
    found: list[dict[str, Any]] = json.loads(text)
    return found


def by_citeproc(text: str) -> dict[str, str]:
    """Return the line of each item in a bibliography, in the style that citeproc-py comes with."""
    citeproc = pytest.importorskip("citeproc")
    source = pytest.importorskip("citeproc.source.json").CiteProcJSON(items(text))
    (style,) = Path(citeproc.STYLES_PATH).glob("*.csl")
    bibliography = citeproc.CitationStylesBibliography(
        citeproc.CitationStylesStyle(style.stem, validate=False), source, citeproc.formatter.plain
    )
    for item in items(text):
        bibliography.register(citeproc.Citation([citeproc.CitationItem(item["id"])]))
    # It sorts them as the style says.
    return dict(zip(bibliography.keys, map(str, bibliography.bibliography()), strict=True))


def by_rispy(text: str) -> list[dict[str, Any]]:
    """Return the records of an RIS file."""
    found: list[dict[str, Any]] = pytest.importorskip("rispy").loads(text)
    return found
