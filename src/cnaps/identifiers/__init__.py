"""What a link leads to, told from its text alone.

`identify` names the paper, repository or page, `compare` the difference between two links.
Nothing is requested, and no link is refused.

>>> from cnaps import compare, identify
>>> identify("https://ar5iv.org/html/2111.09881").work
'arxiv:2111.09881'
>>> print(compare("https://ar5iv.org/html/2111.09881", "arXiv:2111.09881"))
form
"""

from __future__ import annotations

from cnaps.identifiers._compare import Difference, compare
from cnaps.identifiers._kinds import (
    AclPaper,
    ArxivPaper,
    CvfPaper,
    Doi,
    EcvaPaper,
    GitHubGist,
    GitHubRepo,
    GitLabRepo,
    HuggingFaceRepo,
    Identifier,
    NeurIPSPaper,
    OpenReviewPaper,
    PmlrPaper,
    WebPage,
)
from cnaps.identifiers._sites import identify

__all__ = [
    "AclPaper",
    "ArxivPaper",
    "CvfPaper",
    "Difference",
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
    "compare",
    "identify",
]
