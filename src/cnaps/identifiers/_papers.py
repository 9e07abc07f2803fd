"""Where papers are: arXiv, DOIs, OpenReview and the proceedings of conferences.

A function here takes a link, or the match of a pattern with its path, and returns an identifier,
or None where it is not one. Every pattern is matched in time linear in the link.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from cnaps.identifiers._kinds import (
    DOI_PLAIN,
    AclPaper,
    ArxivPaper,
    CvfPaper,
    Doi,
    EcvaPaper,
    NeurIPSPaper,
    OpenReviewPaper,
    PmlrPaper,
)
from cnaps.identifiers._links import pattern, split

if TYPE_CHECKING:
    import re

    from cnaps.identifiers._kinds import Identifier
    from cnaps.identifiers._links import Link

__all__ = [
    "ACL",
    "ARXIV",
    "CVF",
    "ECVA",
    "HUGGING_FACE_PAPER",
    "JMLR",
    "NEURIPS",
    "NEURIPS_TITLE",
    "PMLR",
    "PMLR_RAW",
    "acl",
    "arxiv",
    "cvf",
    "doi",
    "ecva",
    "neurips",
    "neurips_title",
    "openreview",
    "pmlr",
    "written_out",
]


def _number(digits: str | None) -> int | None:
    return None if digits is None else int(digits)


_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    "|cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math|math-ph|mtrl-th|nlin"
    "|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con"
)
_MONTH = "(?:0[1-9]|1[0-2])"
# https://info.arxiv.org/help/arxiv_identifier.html: YYMM.NNNN from 0704 to 1412 and YYMM.NNNNN
# since; archive.XX/YYMMNNN from 9107 to 0703, where .XX is a subject and no part of the id.
_ARXIV_ID = (
    rf"(?:((?:07(?:0[4-9]|1[0-2])|(?:0[89]|1[0-4]){_MONTH})\.[0-9]{{4}}"
    rf"|(?:1[5-9]|[2-9][0-9]){_MONTH}\.[0-9]{{5}})"
    rf"|({_ARCHIVES})(?:\.[a-z]{{2}})?(?:/|%2F)"
    rf"((?:91(?:0[7-9]|1[0-2])|(?:9[2-9]|0[0-6]){_MONTH}|070[1-3])[0-9]{{3}}))"
    r"(?:v([1-9][0-9]{0,3}))?"
)
ARXIV = pattern(
    rf"/+(?:abs|pdf|html|format|ps|e-print|src)/+(?:arxiv:)?{_ARXIV_ID}(?:\.pdf|\.ps|\.html)?/*"
)
HUGGING_FACE_PAPER = pattern(rf"/+papers/+{_ARXIV_ID}/*")
# With the category behind it, as arXiv stamps it on the first page.
_ARXIV_TEXT = pattern(rf"arxiv(?::\s*|\s+){_ARXIV_ID}(?:\s*\[[a-z.-]{{2,20}}\])?")
_ARXIV_DOI = pattern(rf"10\.48550/arxiv\.{_ARXIV_ID}")


def arxiv(match: re.Match[str]) -> ArxivPaper:
    """Read a match with the form of arXiv's ids."""
    new, archive, number, version = match.groups()
    return ArxivPaper(new or f"{archive}/{number}".lower(), _number(version))


_DOI = pattern(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/[!-~]+")
_DOI_TEXT = pattern(r"(?:doi:\s*|info:doi/|urn:doi:)?(10\.[!-~]+)")
_ACL_DOI = pattern(r"10\.18653/v1/(.+)")


def doi(link: Link) -> Identifier | None:
    """Read the path of doi.org. The DOIs of arXiv and of the ACL Anthology hold their ids."""
    name = unquote(link.path).strip("/")
    name = name[4:] if name[:4].lower() == "doi:" else name
    if not _DOI.fullmatch(name):
        return None
    if match := _ARXIV_DOI.fullmatch(name):
        return arxiv(match)
    if (match := _ACL_DOI.fullmatch(name)) and (match := _ACL_ID.fullmatch(match[1])):
        return acl(match)
    return Doi(name)


def written_out(text: str) -> Identifier | None:
    """Read what names a work and is no link."""
    if match := _ARXIV_TEXT.fullmatch(text):
        return arxiv(match)
    if match := _DOI_TEXT.fullmatch(text):
        return doi(split(f"https://doi.org/{quote(match[1], safe=DOI_PLAIN)}"))
    return None


_OPENREVIEW_ID = pattern(r"(?:.*?&)?id=([\w-]+)(?:&.*)?")
_OPENREVIEW_PAGES = frozenset(["/attachment", "/forum", "/notes", "/pdf", "/revisions"])


def openreview(link: Link) -> OpenReviewPaper | None:
    """Read the query of OpenReview."""
    if link.path.rstrip("/") not in _OPENREVIEW_PAGES:
        return None
    match = _OPENREVIEW_ID.fullmatch(link.query)
    return OpenReviewPaper(match[1]) if match else None


CVF = pattern(
    r"(?:/openaccess)?/(content[/_]([a-z]+?)(w?)_?([0-9]{4})(w|_workshops)?)(?:/([^/]+))?"
    r"/(?:html|papers|supplemental)(?:/([^/]+))?/([^/]+)_(?:paper|supplemental)\.[a-z]{2,4}"
)


def cvf(match: re.Match[str]) -> CvfPaper | EcvaPaper:
    """Read a match with the form of CVF's paths; the papers of ECCV 2018 are on ECVA too."""
    event, venue, w, year, workshops, before, after, name = match.groups()
    venue = venue.upper()
    if w or workshops:
        return CvfPaper(name, f"{venue}W", int(year), event, before or after)
    if venue == "ECCV":
        return EcvaPaper(int(year), f"html/{name}_paper.php")
    return CvfPaper(name, venue, int(year), event)


ECVA = pattern(r"/papers/eccv_([0-9]{4})/papers_ECCV/(html|papers)/([^/]+?)(?:-supp)?\.(php|pdf)")


def ecva(match: re.Match[str]) -> EcvaPaper:
    """Read a match with the form of ECVA's paths."""
    year, folder, name, kind = match.groups()
    return EcvaPaper(int(year), f"{folder.lower()}/{name}.{kind.lower()}")


NEURIPS = pattern(
    r"/(?:paper_files/)?paper/([0-9]{4})/(?:hash|file)/([0-9a-f]{32})-[a-z]+(?:-(\w+))?\.[a-z]+"
)
NEURIPS_TITLE = pattern(r"/paper/([0-9]{1,5}-[\w-]+)(?:\.pdf)?/*")  # until 2019


def neurips(match: re.Match[str]) -> NeurIPSPaper:
    """Read a match with the form of NeurIPS' paths."""
    year, name, track = match.groups()
    return NeurIPSPaper(name.lower(), int(year), track)


def neurips_title(match: re.Match[str]) -> NeurIPSPaper:
    """Read a match with the form of NeurIPS' older paths."""
    return NeurIPSPaper(match[1].lower())


PMLR = pattern(r"/([vr][0-9]{1,4})/([a-z0-9_-]+?)(?:-supp)?(?:\.html|\.pdf|/[^/]+\.pdf)")
JMLR = pattern(f"/proceedings/papers{PMLR.pattern}")  # until 2016
# Since 2024 the PDFs lie in repositories, one for each volume.
PMLR_RAW = pattern(r"/mlresearch/(v[0-9]{1,4})/main/assets/([a-z0-9_-]+)/[^/]+\.pdf")


def pmlr(match: re.Match[str]) -> PmlrPaper:
    """Read a match with the form of PMLR's paths."""
    return PmlrPaper(match[1].lower(), match[2].lower())


# https://aclanthology.org/info/ids/: a letter for the venue and two digits for the year, or since
# 2020 year.venue-volume.number; v2 and so on are corrected versions.
_ACL_ID = pattern(
    r"([ac-fh-uwxy][0-9]{2}-[0-9]{4}|[0-9]{4}\.[a-z0-9]+-[a-z0-9_]+\.[0-9]+)(?:v([1-9][0-9]?))?"
)
ACL = pattern(
    r"(?:/anthology(?:-new)?)?(?:/papers)?(?:/[a-z]/[a-z][0-9]{2})?"
    rf"/{_ACL_ID.pattern}(?:\.pdf|\.bib|\.xml|\.endf)?/*"
)


def acl(match: re.Match[str]) -> AclPaper:
    """Read a match with the form of the Anthology's ids."""
    name, version = match.groups()
    return AclPaper(name.lower() if "." in name else name.upper(), _number(version))
