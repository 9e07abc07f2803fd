"""Which links are alive, moved or dead, and which cannot be told.

    check_links(targets)    a report on all of them, for scripts and notebooks
    LinkChecker(policy)     the same, result by result, for services

Targets are URLs, values, Documents, or iterables of them. Each distinct link is asked once, however
many places it has. `LinkPolicy` says how; by default only public addresses are asked, and no host
more than it likes.

Needs the extra `links`: `python -m pip install 'cnaps[links]'`.
"""

from __future__ import annotations

from cnaps.links._cache import LIFETIMES
from cnaps.links._checker import LinkChecker, check_links
from cnaps.links._policy import LinkPolicy
from cnaps.links._report import LinkFix, LinkReport, apply_fixes
from cnaps.links._results import LinkResult, Place, Verdict
from cnaps.links._sites import HOST_RATES, SOFT_404

__all__ = [
    "HOST_RATES",
    "LIFETIMES",
    "SOFT_404",
    "LinkChecker",
    "LinkFix",
    "LinkPolicy",
    "LinkReport",
    "LinkResult",
    "Place",
    "Verdict",
    "apply_fixes",
    "check_links",
]
