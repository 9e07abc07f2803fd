"""What links lead to, one frozen class per kind.

Each class has a canonical `url`, and a `work` that is the same for all spellings of one work. A
field holds what the link says, in its letter case; `work` is in lower case where letter case does
not tell two works apart.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias
from urllib.parse import quote

from attrs import frozen

__all__ = [
    "AclPaper",
    "ArxivPaper",
    "CvfPaper",
    "Doi",
    "EcvaPaper",
    "GitHubGist",
    "GitHubRepo",
    "GitLabRepo",
    "HuggingFaceRepo",
    "Identifier",
    "NeurIPSPaper",
    "OpenReviewPaper",
    "PmlrPaper",
    "WebPage",
]


@frozen
class ArxivPaper:
    """A paper on arXiv.

    The form of ids: https://info.arxiv.org/help/arxiv_identifier.html

    Attributes:
        id: The id without version: "2111.09881", or "hep-th/9901001" before April 2007.
        version: The version, or None where the link leaves it open.

    >>> from cnaps import identify
    >>> paper = identify("http://arxiv.org/pdf/2111.09881v2.pdf")
    >>> paper
    ArxivPaper(id='2111.09881', version=2)
    >>> paper.url, paper.work, paper.year, paper.month
    ('https://arxiv.org/abs/2111.09881v2', 'arxiv:2111.09881', 2021, 11)
    """

    id: str
    version: int | None = None

    @property
    def url(self) -> str:
        """The abstract, of that version if there is one."""
        return f"https://arxiv.org/abs/{self.id}{_version(self.version)}"

    @property
    def work(self) -> str:
        """`arxiv:` and the id."""
        return f"arxiv:{self.id}"

    @property
    def year(self) -> int:
        """The year of the first version."""
        archive, _, number = self.id.rpartition("/")
        return _full_year(number[:2], first=1991 if archive else 2000)

    @property
    def month(self) -> int:
        """The month of the first version."""
        return int(self.id.rpartition("/")[2][2:4])


def _version(version: int | None) -> str:
    return "" if version is None else f"v{version}"


def _full_year(two_digits: str, *, first: int) -> int:
    """Return the year that ends with two digits, from `first` on."""
    return first + (int(two_digits) - first) % 100


@frozen
class GitHubRepo:
    """A repository on GitHub, or a page of one.

    Attributes:
        owner: The user or organisation.
        name: The name of the repository.
        revision: The branch, tag or commit, or None. Of a branch with slashes it is the part
            before the first: a link does not tell where the branch ends and the path begins.
        path: The file or folder, or what else follows the view, or None.
        view: The kind of page, such as "tree", "blob" or "issues"; None for the front page.
    """

    owner: str
    name: str
    revision: str | None = None
    path: str | None = None
    view: str | None = None

    @property
    def url(self) -> str:
        """The page on github.com."""
        base = f"https://github.com/{self.owner}/{self.name}"
        return _joined(base, self.view, self.revision, self.path)

    @property
    def work(self) -> str:
        """`github:` and the repository, in lower case: letter case does not tell two apart."""
        return f"github:{self.owner}/{self.name}".lower()


def _joined(*segments: str | None) -> str:
    return "/".join([segment for segment in segments if segment])


@frozen
class GitHubGist:
    """A gist on GitHub.

    Attributes:
        id: The id.
        owner: The user, or None where the link does not say.
        revision: The commit, or None.
    """

    id: str
    owner: str | None = None
    revision: str | None = None

    @property
    def url(self) -> str:
        """The page on gist.github.com."""
        return _joined("https://gist.github.com", self.owner, self.id, self.revision)

    @property
    def work(self) -> str:
        """`gist:` and the id, which is enough to find it."""
        return f"gist:{self.id}".lower()


@frozen
class GitLabRepo:
    """A repository on gitlab.com or another GitLab, or a page of one.

    Attributes:
        owner: The user or group, with all groups around it: "group/subgroup".
        name: The name of the repository.
        host: The host, with its port if it has its own.
        revision: The branch, tag or commit, or None; see `GitHubRepo`.
        path: The file or folder, or what else follows the view, or None.
        view: The kind of page, such as "tree", "blob" or "issues"; None for the front page.
    """

    owner: str
    name: str
    host: str = "gitlab.com"
    revision: str | None = None
    path: str | None = None
    view: str | None = None

    @property
    def url(self) -> str:
        """The page on its host."""
        base = f"https://{self.host}/{self.owner}/{self.name}"
        return _joined(base, self.view and "-", self.view, self.revision, self.path)

    @property
    def work(self) -> str:
        """`gitlab:`, the host and the repository, in lower case as for GitHub."""
        return f"gitlab:{self.host}/{self.owner}/{self.name}".lower()


_HUGGING_FACE_FOLDERS = {"model": "", "dataset": "datasets/", "space": "spaces/"}


@frozen
class HuggingFaceRepo:
    """A model, dataset or space on Hugging Face, or a page of one.

    Attributes:
        owner: The user or organisation, or None for those that have none, such as "gpt2".
        name: The name of the repository.
        kind: "model", "dataset" or "space".
        revision: The branch, tag or commit, or None.
        path: The file or folder, or what else follows the view, or None.
        view: The kind of page, such as "tree", "blob" or "discussions"; None for the front page.
    """

    owner: str | None
    name: str
    kind: Literal["model", "dataset", "space"] = "model"
    revision: str | None = None
    path: str | None = None
    view: str | None = None

    @property
    def url(self) -> str:
        """The page on huggingface.co."""
        base = f"https://huggingface.co/{self._key}"
        return _joined(base, self.view, self.revision, self.path)

    @property
    def work(self) -> str:
        """`huggingface:` and the repository, in lower case as for GitHub."""
        return f"huggingface:{self._key}".lower()

    @property
    def _key(self) -> str:
        return _HUGGING_FACE_FOLDERS[self.kind] + _joined(self.owner, self.name)


@frozen
class Doi:
    """A digital object identifier.

    Letter case does not matter (DOI Handbook, "Case sensitivity").

    Attributes:
        doi: The identifier, not escaped: "10.1109/CVPR.2016.90".
    """

    doi: str

    @property
    def url(self) -> str:
        """The link through the resolver at doi.org."""
        return f"https://doi.org/{quote(self.doi, safe=DOI_PLAIN)}"

    @property
    def work(self) -> str:
        """`doi:` and the identifier in lower case."""
        return f"doi:{self.doi}".lower()


DOI_PLAIN = "/!$&'()*+,;=:@"


@frozen
class OpenReviewPaper:
    """A paper on OpenReview.

    Attributes:
        id: The id of its forum; letter case matters.
    """

    id: str

    @property
    def url(self) -> str:
        """The forum."""
        return f"https://openreview.net/forum?id={self.id}"

    @property
    def work(self) -> str:
        """`openreview:` and the id."""
        return f"openreview:{self.id}"


@frozen
class CvfPaper:
    """A paper on CVF open access: CVPR, ICCV, WACV, ACCV and their workshops.

    Attributes:
        name: What the site calls it: authors, title, venue and year, with underscores.
        venue: The conference, such as "CVPR"; for its workshops, "CVPRW".
        year: The year of the conference.
        event: The folder of the conference: "content/ICCV2021W", earlier "content_cvpr_2018".
        workshop: The folder of the workshop, or None.
    """

    name: str
    venue: str
    year: int
    event: str
    workshop: str | None = None

    @property
    def url(self) -> str:
        """The page of the paper."""
        site, page = "https://openaccess.thecvf.com", f"{self.name}_paper.html"
        if self.event.startswith("content/") or self.event.endswith("_workshops"):
            return _joined(site, self.event, self.workshop, "html", page)
        return _joined(site, self.event, "html", self.workshop, page)

    @property
    def work(self) -> str:
        """`cvf:` and the name in lower case, wherever it lies."""
        return f"cvf:{self.name}".lower()


@frozen
class EcvaPaper:
    """A paper of ECCV, on ECVA.

    Attributes:
        year: The year of the conference.
        file: Its page or its PDF, as the site has it: "papers/123460001.pdf".
    """

    year: int
    file: str

    @property
    def url(self) -> str:
        """The page or the PDF. In some years nothing but the site can tell one by the other."""
        return f"https://www.ecva.net/papers/eccv_{self.year}/papers_ECCV/{self.file}"

    @property
    def work(self) -> str:
        """`ecva:`, the year and the name of the file."""
        name = self.file.partition("/")[2].rpartition(".")[0]
        name = name.removesuffix("_paper").removesuffix(f"_ECCV_{self.year}").lstrip("0")
        return f"ecva:{self.year}/{name}".lower()

    @property
    def venue(self) -> str:
        """ECCV."""
        return "ECCV"


@frozen
class NeurIPSPaper:
    """A paper in the proceedings of NeurIPS.

    Attributes:
        id: The hash in its link; in older links the number and the title.
        year: The year, or None where the link does not tell.
        track: What stands behind the kind of file, such as "Conference", or None.
    """

    id: str
    year: int | None = None
    track: str | None = None

    @property
    def url(self) -> str:
        """The abstract."""
        if self.year is None:
            return f"https://papers.nips.cc/paper/{self.id}"
        track = f"-{self.track}" if self.track else ""
        file = f"{self.year}/hash/{self.id}-Abstract{track}.html"
        if track.startswith("-round"):
            return f"https://datasets-benchmarks-proceedings.neurips.cc/paper/{file}"
        return f"https://proceedings.neurips.cc/paper_files/paper/{file}"

    @property
    def work(self) -> str:
        """`neurips:`, the year and the hash, or the number alone."""
        if self.year is None:
            return f"neurips:{self.id.partition('-')[0]}"
        return f"neurips:{self.year}/{self.id}"

    @property
    def venue(self) -> str:
        """NeurIPS, for all years."""
        return "NeurIPS"


_PMLR_YEAR = re.compile(r".*?([0-9]{2})[a-z]{0,2}", re.DOTALL)


@frozen
class PmlrPaper:
    """A paper in the Proceedings of Machine Learning Research.

    Attributes:
        volume: The volume, such as "v139".
        id: The first author, year and a letter: "radford21a".
    """

    volume: str
    id: str

    @property
    def url(self) -> str:
        """The abstract."""
        return f"https://proceedings.mlr.press/{self.volume}/{self.id}.html"

    @property
    def work(self) -> str:
        """`pmlr:`, the volume and the id."""
        return f"pmlr:{self.volume}/{self.id}"

    @property
    def venue(self) -> str:
        """PMLR: the path tells the volume, not the conference."""
        return "PMLR"

    @property
    def year(self) -> int | None:
        """The year that the id ends with, or None."""
        match = _PMLR_YEAR.fullmatch(self.id)
        return _full_year(match[1], first=1990) if match else None


# The letter at the start of older ids, and of newer ones what is not written in capitals.
# https://aclanthology.org/info/ids/
_ACL_VENUES = {
    "A": "ANLP",
    "C": "COLING",
    "D": "EMNLP",
    "E": "EACL",
    "F": "JEP/TALN/RECITAL",
    "H": "HLT",
    "I": "IJCNLP",
    "J": "CL",
    "K": "CoNLL",
    "L": "LREC",
    "M": "MUC",
    "N": "NAACL",
    "O": "ROCLING",
    "P": "ACL",
    "Q": "TACL",
    "R": "RANLP",
    "S": "*SEM",
    "T": "TINLAP",
    "U": "ALTA",
    "W": "WS",
    "X": "TIPSTER",
    "Y": "PACLIC",
    "conll": "CoNLL",
    "semeval": "SemEval",
    "starsem": "*SEM",
}


@frozen
class AclPaper:
    """A paper in the ACL Anthology.

    Attributes:
        id: The id: "2020.acl-main.1", or "P19-1001" before 2020.
        version: The version of a paper that was revised, or None.
    """

    id: str
    version: int | None = None

    @property
    def url(self) -> str:
        """The page of the paper; of a version, its PDF."""
        page = "/" if self.version is None else f"v{self.version}.pdf"
        return f"https://aclanthology.org/{self.id}{page}"

    @property
    def work(self) -> str:
        """`acl:` and the id."""
        return f"acl:{self.id}".lower()

    @property
    def venue(self) -> str:
        """The conference or journal, such as "ACL"; "WS" for workshops before 2020."""
        code, _, volume = self.id.partition("-")
        venue = code.rpartition(".")[2]
        if venue == code:
            return _ACL_VENUES[code[0]]
        if venue == "findings":
            return f"Findings of {volume.partition('.')[0].upper()}"
        return _ACL_VENUES.get(venue, venue.upper())

    @property
    def year(self) -> int:
        """The year of publication."""
        code, dot, _ = self.id.partition(".")
        return int(code) if dot else _full_year(code[1:3], first=1950)


@frozen
class WebPage:
    """Any other page, and any text that is no link at all.

    Attributes:
        url: Its URL in normal form; a text that is no link stays as it is.
    """

    url: str

    @property
    def work(self) -> str:
        """`web:` and the URL without scheme, `www.`, fragment and the slash at its end."""
        scheme, _, rest = self.url.partition("://")
        if scheme not in ("http", "https"):
            return f"web:{self.url}"
        page, mark, query = rest.partition("#")[0].partition("?")
        return f"web:{page.removeprefix('www.').rstrip('/')}{mark}{query}"


#: What `identify` returns: one of the classes above.
Identifier: TypeAlias = (
    ArxivPaper
    | GitHubRepo
    | GitHubGist
    | GitLabRepo
    | HuggingFaceRepo
    | Doi
    | OpenReviewPaper
    | CvfPaper
    | EcvaPaper
    | NeurIPSPaper
    | PmlrPaper
    | AclPaper
    | WebPage
)
