"""The sites that are known, by host, and how their links are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.identifiers import _papers as papers
from cnaps.identifiers import _repositories as repositories
from cnaps.identifiers._keeping import keeping
from cnaps.identifiers._kinds import WebPage
from cnaps.identifiers._links import Link, split

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

    from cnaps.identifiers._kinds import Identifier

    Reader = Callable[[Link], Identifier | None]

__all__ = ["HOSTS", "identify"]


def identify(url: str) -> Identifier:
    """Return what a link leads to, told from its text alone.

    Args:
        url: The link, with or without `https://`; also `arXiv:2111.09881`, a DOI, or the address
            of a repository for ssh. ASCII whitespace around it does not count.

    Returns:
        An identifier of its kind. What is of no known kind is a `WebPage`, even if it is no link.

    Raises:
        TypeError: If `url` is not a str.

    >>> from cnaps import identify
    >>> identify("https://arxiv.org/pdf/2111.09881v2")
    ArxivPaper(id='2111.09881', version=2)
    >>> identify("https://github.com/JingyunLiang/SwinIR").work
    'github:jingyunliang/swinir'
    >>> identify("https://arxiv.org/pdf/2113.09881")  # there is no month 13
    WebPage(url='https://arxiv.org/pdf/2113.09881')
    """
    if not isinstance(url, str):
        message = f"url must be str, not {type(url).__name__}"
        raise TypeError(message)
    return _identified(url)


@keeping
def _identified(url: str) -> Identifier:
    link = split(url)
    return _known(link) or WebPage(link.url)


def _known(link: Link) -> Identifier | None:
    if not link.host:
        return papers.written_out(link.path)
    if link.scheme not in _SCHEMES:
        return None
    for read in _READERS.get(link.host.removeprefix("www."), _OTHER_HOSTS):
        found = read(link)
        if found is not None:
            return found
    return None


def _by(pattern: re.Pattern[str], make: Callable[[re.Match[str]], Identifier]) -> Reader:
    """Make a reader that matches the path."""

    def read(link: Link) -> Identifier | None:
        match = pattern.fullmatch(link.path)
        return make(match) if match else None

    return read


_SCHEMES = frozenset(["", "ftp", "git", "http", "https", "ssh"])

_ARXIV = (_by(papers.ARXIV, papers.arxiv),)
_CVF = (_by(papers.CVF, papers.cvf),)
_GIST = (repositories.gist,)
_GITHUB = (repositories.github,)
_HUGGING_FACE = (_by(papers.HUGGING_FACE_PAPER, papers.arxiv), repositories.hugging_face)
_NEURIPS = (
    _by(papers.NEURIPS, papers.neurips),
    _by(papers.NEURIPS_TITLE, papers.neurips_title),
)
_ACL = (_by(papers.ACL, papers.acl),)

_READERS: dict[str, tuple[Reader, ...]] = {
    "aclanthology.org": _ACL,
    "aclweb.org": _ACL,
    "anthology.aclweb.org": _ACL,
    "api.openreview.net": (papers.openreview,),
    "api2.openreview.net": (papers.openreview,),
    "ar5iv.labs.arxiv.org": _ARXIV,
    "ar5iv.org": _ARXIV,
    "arxiv.org": _ARXIV,
    "browse.arxiv.org": _ARXIV,
    "cv-foundation.org": _CVF,
    "datasets-benchmarks-proceedings.neurips.cc": _NEURIPS,
    "doi.org": (papers.doi,),
    "dx.doi.org": (papers.doi,),
    "ecva.net": (_by(papers.ECVA, papers.ecva),),
    "export.arxiv.org": _ARXIV,
    "gist.github.com": _GIST,
    "gist.githubusercontent.com": _GIST,
    "github.com": _GITHUB,
    "gitlab.com": (repositories.gitlab,),
    "hf.co": _HUGGING_FACE,
    "huggingface.co": _HUGGING_FACE,
    "jmlr.org": (_by(papers.JMLR, papers.pmlr),),
    "openaccess.thecvf.com": _CVF,
    "openreview.net": (papers.openreview,),
    "papers.neurips.cc": _NEURIPS,
    "papers.nips.cc": _NEURIPS,
    "proceedings.mlr.press": (_by(papers.PMLR, papers.pmlr),),
    "proceedings.neurips.cc": _NEURIPS,
    "raw.githubusercontent.com": (
        _by(papers.PMLR_RAW, papers.pmlr),
        repositories.github_raw,
    ),
    "ssh.github.com": _GITHUB,
    "xxx.lanl.gov": _ARXIV,
}
# The hosts of sites that are known, without `www.`.
HOSTS = frozenset(_READERS)
_OTHER_HOSTS: tuple[Reader, ...] = (repositories.own_gitlab,)
