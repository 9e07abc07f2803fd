"""Links that are nearly another one: cut off, mistyped, in other letter case, by another scheme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.identifiers import Difference, WebPage, identify
from cnaps.identifiers._compare import bare, compare_targets

if TYPE_CHECKING:
    from cnaps.identifiers._compare import Target

__all__ = ["near_miss", "slip"]

_IN_COMMON = 4  # characters of a path; two short ones are alike by chance
_SHOWN = 4  # characters on each side of a slip


def near_miss(link: Target, offered: Target) -> Difference | None:
    """Return how a link of another work misses one that is offered, or None if it is far from it.

    It is a near miss if it is the offered one cut off at its end; if nothing but letter case, the
    scheme or a query sets them apart; or if one character is changed, left out, put in, or swapped
    with the one beside it. Then the difference is `DIFFERENT`, or `QUERY` if that is in the query:
    it leads to another work.
    """
    if _is_cut(link.bare, offered.bare) or _is_cut(link.bare, offered.canonical):
        return Difference.TRUNCATED
    if link.work.folded == offered.work.folded:
        return Difference.CASE
    if link.bare == offered.bare:
        # With a scheme such as ftp it is another work, too.
        is_case = link.address.differs_in_case(offered.address)
        return Difference.CASE if is_case else Difference.SCHEME
    if _differ_in_query(link, offered):
        return Difference.QUERY
    if _is_mistyped(link, offered):
        is_query = compare_targets(link, offered) is Difference.QUERY
        return Difference.QUERY if is_query else Difference.DIFFERENT
    return None


def _is_cut(short: str, long: str) -> bool:
    return 0 < len(short) < len(long) and long.startswith(short)


def _differ_in_query(link: Target, offered: Target) -> bool:
    """Tell whether one page is the other one with a query."""
    if not (isinstance(link.identifier, WebPage) and isinstance(offered.identifier, WebPage)):
        return False
    has_query, offers_query = (each.page != each.work for each in (link, offered))
    return link.page == offered.page and has_query != offers_query


def _is_mistyped(link: Target, offered: Target) -> bool:
    """Tell whether one slip of the keyboard lies between two links, and enough is alike."""
    works, bare_links = (link.work.text, offered.work.text), (link.bare, offered.bare)
    # The last pair is for a slip in `www.`, which only the whole links have.
    pairs = ((works, works), (bare_links, bare_links), ((link.text, offered.text), bare_links))
    return any(_slip(*texts) is not None and _alike(*named) for texts, named in pairs)


def _alike(a: str, b: str) -> bool:
    """Tell whether the paths of two texts have enough in common."""
    (host, _, path), (other_host, _, other_path) = a.partition("/"), b.partition("/")
    if ":" in host and not path:  # a work such as arxiv:2111.09881
        path, other_path = host.partition(":")[2], other_host.partition(":")[2]
    return min(len(path), len(other_path)) > _IN_COMMON


def _slip(a: str, b: str) -> tuple[int, int, int] | None:
    """Return where one slip of the keyboard lies between two texts, or None.

    That is where it starts, and where it ends in each of them. One character is changed, left out
    or put in, or two are swapped: a distance of one by Damerau (1964),
    https://doi.org/10.1145/363958.363994.
    """
    if abs(len(a) - len(b)) > 1 or a == b:
        return None
    half = max(min(len(a), len(b)) // 2, 1)
    if a[: half - 1] != b[: half - 1] and a[-half:] != b[-half:]:  # saves time
        return None
    differing = (n for n, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    start = next(differing, min(len(a), len(b)))
    left, right = a[start:], b[start:]
    for skipped, other in ((1, 1), (0, 1), (1, 0)):
        if left[skipped:] == right[other:]:
            return start, start + skipped, start + other
    if left[:2] == right[1::-1] and left[2:] == right[2:]:
        return start, start + 2, start + 2
    return None


def slip(link: str, offered: str) -> str:
    """Return what differs in a link that is mistyped, for people.

    >>> slip("https://arxiv.org/abs/2108.10275", "https://arxiv.org/abs/2108.10257")
    '….10275 for ….10257'
    """
    works = identify(link).work, identify(offered).work
    for a, b in ((link, offered), (bare(link), bare(offered)), works):
        found = _slip(a, b)
        if found is not None:
            start, end, other_end = found
            return f"{_around(a, start, end)} for {_around(b, start, other_end)}"
    return ""


def _around(text: str, start: int, end: int) -> str:
    first, last = max(start - _SHOWN, 0), end + _SHOWN
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"
