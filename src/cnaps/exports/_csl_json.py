r"""CSL-JSON, the data of citeproc, Zotero and Pandoc.

Types and variables: https://docs.citationstyles.org/en/stable/specification.html, appendices III
and IV.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from cnaps._extras import needs
from cnaps.exports._works import works_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.exports._works import Source, Work

__all__ = ["csl_json"]

_TYPES = {
    "preprint": "article",
    "paper": "paper-conference",
    "software": "software",
    "dataset": "dataset",
    "page": "webpage",
    "other": "document",
}


def csl_json(*sources: Source) -> str:
    r"""Return CSL-JSON of the papers and models cited: a list with one item for each work.

    Titles and abstracts are plain text. Formulas are written in Unicode, and not with the few tags
    that some processors know and others print.

    Args:
        sources: Documents, prompts, answers, models and papers, or iterables of them.

    Raises:
        ModuleNotFoundError: The extra `exports` is not installed.
        RenderError: A text holds a lone surrogate.
        TypeError: A source is something else.

    >>> from cnaps import PaperRef
    >>> print(csl_json(PaperRef("Occ$^2$Net", "https://arxiv.org/abs/2308.16160")))
    [
      {
        "id": "arxiv:2308.16160",
        "type": "article",
        "title": "Occ²Net",
        "issued": {
          "date-parts": [
            [
              2023,
              8
            ]
          ]
        },
        "publisher": "arXiv",
        "number": "arXiv:2308.16160",
        "archive": "arXiv",
        "archive_location": "2308.16160",
        "DOI": "10.48550/arXiv.2308.16160",
        "URL": "https://arxiv.org/abs/2308.16160"
      }
    ]
    """
    with needs("exports", "cnaps.exports.csl_json"):
        from cnaps.exports._latex import to_plain
    items = [
        {name: value for name, value in _variables(work, to_plain) if value}
        for work in works_of(sources, "csl_json")
    ]
    return json.dumps(items, ensure_ascii=False, indent=2)


def _variables(work: Work, plain: Callable[[str], str]) -> Iterator[tuple[str, object]]:
    yield "id", work.key
    yield "type", _TYPES[work.kind]
    yield "title", plain(work.title)
    yield "container-title", work.venue
    date = [part for part in (work.year, work.month) if part]
    yield "issued", {"date-parts": [date]} if date else None
    # As Zotero has it for preprints, and then as the specification describes it.
    arxiv = "arXiv" if work.arxiv else ""
    yield "publisher", arxiv
    yield "number", work.arxiv and f"arXiv:{work.arxiv}"
    yield "archive", arxiv
    yield "archive_location", work.arxiv
    yield "version", str(work.version or "")
    yield "DOI", work.doi
    yield "URL", work.url
    yield "abstract", plain(work.summary)
    models = [f"Model: {plain(name)}" for name in work.names]
    yield "note", "\n".join(models + [f"Code: {url}" for url in work.code])
