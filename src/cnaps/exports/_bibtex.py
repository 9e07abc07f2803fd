r"""BibTeX, as biblatex and the classic styles read it.

Entry types and fields: https://ctan.org/pkg/biblatex, sections 2.1 and 2.2; those for preprints:
https://info.arxiv.org/help/hypertex/bibstyles/. The file is written by bibtexparser.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cnaps._extras import needs
from cnaps.errors import RenderError
from cnaps.exports._works import works_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnaps.exports._works import Source, Work

    Encode = Callable[[str, str], str]

__all__ = ["bibtex"]

# The classic styles do not know `software`, which GitHub writes as well; they warn, and take it
# for a `misc`.
_TYPES = {"preprint": "misc", "paper": "inproceedings", "software": "software"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_ENCLOSING = {"month": "no-enclosing"}  # these names are macros


def bibtex(*sources: Source, ascii: bool = False) -> str:  # noqa: A002 - what it is called elsewhere
    r"""Return a BibTeX file of the papers and models cited: one entry for each work.

    LaTeX in titles and abstracts stays LaTeX, and what only looks like it is escaped. The case of
    titles is protected.

    Args:
        sources: Documents, prompts, answers, models and papers, or iterables of them.
        ascii: Write characters outside ASCII as LaTeX commands, for tools that know no Unicode.

    Raises:
        ModuleNotFoundError: The extra `exports` is not installed.
        RenderError: A text holds a lone surrogate, or there is no command for a character.
        TypeError: A source is something else.

    >>> from cnaps import PaperRef
    >>> print(bibtex(PaperRef("From $α$-NeuS to Kākā", "http://arxiv.org/pdf/2411.05362v2")))
    @misc{arxiv:2411.05362,
      title = {{From $\alpha$-NeuS to Kākā}},
      year = {2024},
      month = nov,
      eprint = {2411.05362},
      archivePrefix = {arXiv},
      version = {2},
      doi = {10.48550/arXiv.2411.05362},
      url = {https://arxiv.org/abs/2411.05362v2}
    }
    """
    with needs("exports", "cnaps.exports.bibtex"):
        from bibtexparser.entrypoint import write_string
        from bibtexparser.library import Library
        from bibtexparser.model import Entry, Field
        from bibtexparser.writer import BibtexFormat
    library = Library()
    for work in works_of(sources, "bibtex"):
        found = _fields(work, partial(_encoded, work, ascii))
        fields = [Field(name, value, enclosing=_ENCLOSING.get(name)) for name, value in found]
        library.add(Entry(_TYPES.get(work.kind, "misc"), work.key, fields))
    layout = BibtexFormat()  # type: ignore[no-untyped-call]
    layout.indent = "  "
    layout.block_separator = "\n"
    return write_string(library, bibtex_format=layout)


def _fields(work: Work, encode: Encode) -> list[tuple[str, str]]:
    title = encode("title", work.title)
    models = encode("note", ", ".join(work.names))
    code = ", ".join(f"\\url{{{url}}}" for url in work.code)
    notes = [f"Model: {models}"] * bool(models) + [f"Code: {code}"] * bool(code)
    fields = [
        ("title", f"{{{title}}}" if title else ""),
        ("booktitle", encode("booktitle", work.venue)),
        ("year", str(work.year or "")),
        ("month", _MONTHS[work.month - 1] if work.month else ""),
        ("eprint", work.arxiv),
        ("archivePrefix", "arXiv" if work.arxiv else ""),
        ("version", str(work.version or "")),
        ("doi", work.doi),
        ("url", work.url),
        ("abstract", encode("abstract", work.summary)),
        ("note", ". ".join(notes)),
    ]
    return [(name, value) for name, value in fields if value]


def _encoded(work: Work, ascii_only: bool, field: str, text: str) -> str:  # noqa: FBT001 - private
    from cnaps.exports._latex import NoCommandError, to_bibtex

    try:
        return to_bibtex(text, ascii_only=ascii_only)
    except NoCommandError as error:
        char = error.character
        raise RenderError(
            f"there is no LaTeX command for {char!r} (U+{ord(char):04X})",
            field=f"{field} of {work.key}",
            dialect="ASCII",
            hint="leave out `ascii`: biber and current LaTeX read Unicode",
        ) from None
