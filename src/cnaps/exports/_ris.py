r"""RIS, the format that most reference managers import.

Tags and types: https://en.wikipedia.org/wiki/RIS_(file_format). Lines end with a line feed, as
readers take it; turn it into CR LF where a program insists on the letter of the specification.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps._extras import needs
from cnaps.exports._works import works_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.exports._works import Source, Work

__all__ = ["ris"]

_TYPES = {
    "preprint": "UNPB",
    "paper": "CPAPER",
    "software": "COMP",
    "dataset": "DATA",
    "page": "ELEC",
    "other": "GEN",
}


def ris(*sources: Source) -> str:
    r"""Return an RIS file of the papers and models cited: one record for each work.

    Titles and abstracts are plain text, formulas in Unicode. Every value is one line.

    Args:
        sources: Documents, prompts, answers, models and papers, or iterables of them.

    Raises:
        ModuleNotFoundError: The extra `exports` is not installed.
        RenderError: A text holds a lone surrogate.
        TypeError: A source is something else.

    >>> from cnaps import ModelRef
    >>> print(ris(ModelRef("SwinIR", github="https://github.com/JingyunLiang/SwinIR")))
    TY  - COMP
    ID  - github:jingyunliang/swinir
    TI  - SwinIR
    UR  - https://github.com/JingyunLiang/SwinIR
    ER  -
    """
    with needs("exports", "cnaps.exports.ris"):
        from cnaps.exports._latex import to_plain
    return "\n".join(_record(work, to_plain) for work in works_of(sources, "ris"))


def _record(work: Work, plain: Callable[[str], str]) -> str:
    lines = [f"{tag}  - {value}\n" for tag, value in _tags(work, plain) if value]
    return f"{''.join(lines)}ER  - \n"


def _tags(work: Work, plain: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    yield "TY", _TYPES[work.kind]
    yield "ID", work.key
    yield "TI", plain(work.title)
    yield "T2", work.venue
    yield "PY", str(work.year or "")
    yield "DA", f"{work.year}/{work.month:02}//" if work.month else ""
    yield "PB", "arXiv" if work.arxiv else ""
    yield "AN", work.arxiv and f"arXiv:{work.arxiv}"
    yield "ET", str(work.version or "")
    yield "DO", work.doi
    yield "UR", _url(work.url)
    yield "AB", plain(work.summary)
    for name in work.names:
        yield "N1", f"Model: {plain(name)}"
    for url in work.code:
        yield "N1", f"Code: {url}"


def _url(url: str) -> str:
    """Escape what some readers take for the end of a URL and the start of another."""
    return url.replace(";", "%3B")
