"""All rules by their codes: those of cnaps, and those that installed packages bring."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from cnaps.diagnostics import DocumentRule, PairRule
from cnaps.errors import PluginError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.metadata import EntryPoint

    from cnaps.diagnostics import AnyRule

__all__ = ["GROUP", "all_rules", "select_rules"]

#: The group of entry points that name rules.
GROUP = "cnaps.rules"

_CODE = re.compile(r"[A-Z]{2,10}[0-9]{3}")


@cache
def all_rules() -> Mapping[str, AnyRule]:
    """Return all rules by their codes, in order: those of cnaps, then those of other packages.

    Other packages bring rules by an entry point of the group `cnaps.rules`.

    Raises:
        PluginError: If an entry point cannot be loaded, is no rule, or has a code that is taken.

    >>> all_rules()["CN101"].title
    'text that belongs to no field'
    """
    from cnaps.rules import encoding, grounding, marks, pairing, references, structure

    families = (encoding, structure, references, grounding, pairing, marks)
    rules: dict[str, AnyRule] = {rule.code: rule for module in families for rule in module.RULES}
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        for rule in _loaded(point):
            _add(rules, rule, _name(point))
    return rules


def _name(point: EntryPoint) -> str:
    package = "" if point.dist is None else f" of {point.dist.name} {point.dist.version}"
    return f"the plug-in {point.name!r}{package}"


def _loaded(point: EntryPoint) -> Iterator[object]:
    try:
        found = point.load()
        yield from (found,) if isinstance(found, DocumentRule | PairRule) else found
    except Exception as error:
        reason = f"{point.value} cannot be loaded: {type(error).__name__}: {error}"
        raise PluginError(_name(point), reason) from error


def _add(rules: dict[str, AnyRule], rule: object, plugin: str) -> None:
    if not isinstance(rule, DocumentRule | PairRule):
        reason = f"it holds {rule!r}, which is no rule; make rules by document_rule or pair_rule"
        raise PluginError(plugin, reason)
    if not _CODE.fullmatch(rule.code):
        reason = f"{rule.code!r} is no code: it takes 2 to 10 capitals and 3 digits, as in ACME001"
        raise PluginError(plugin, reason)
    if rule.is_own:
        raise PluginError(plugin, f"{rule.code} starts with CN, as only rules of cnaps do")
    if rule.code in rules:
        raise PluginError(plugin, f"another rule has the code {rule.code}")
    rules[rule.code] = rule


def select_rules(
    select: Iterable[str] | None = None, ignore: Iterable[str] = ()
) -> tuple[AnyRule, ...]:
    """Return the rules that are selected and not ignored, in order.

    Both are codes or the start of some: `CN2` stands for all rules about references. Where a rule
    is meant by both, the longer one counts: `ignore=["CN2"], select=["CN201"]` leaves CN201 in.

    Args:
        select: What to select; None for all.
        ignore: What to leave out.

    Raises:
        ValueError: If no rule has a code that starts so.
        TypeError: If one of them is a str, or holds anything else.
        PluginError: As `all_rules`.

    >>> [rule.code for rule in select_rules(["CN0"], ignore=["CN002"])]
    ['CN001', 'CN003']
    """
    selected = ("",) if select is None else _prefixes(select, "select")
    return _selected(selected, _prefixes(ignore, "ignore"))


def _prefixes(prefixes: Iterable[str], name: str) -> tuple[str, ...]:
    found = () if isinstance(prefixes, str) else tuple(prefixes)
    if isinstance(prefixes, str) or not all(isinstance(prefix, str) for prefix in found):
        message = f"{name} takes a list of codes, not {prefixes!r}"
        raise TypeError(message)
    return found


@cache
def _selected(select: tuple[str, ...], ignore: tuple[str, ...]) -> tuple[AnyRule, ...]:
    rules = all_rules()
    for prefix in (*select, *ignore):
        if not any(code.startswith(prefix) for code in rules):
            message = f"no rule has a code that starts with {prefix!r}{_suggestion(prefix)}"
            raise ValueError(message)
    return tuple(
        rule for code, rule in rules.items() if _longest(code, select) > _longest(code, ignore)
    )


def _longest(code: str, prefixes: tuple[str, ...]) -> int:
    """Return the length of the longest prefix that the code has, or -1."""
    return max((len(prefix) for prefix in prefixes if code.startswith(prefix)), default=-1)


def _suggestion(prefix: str) -> str:
    codes = all_rules()
    starts = sorted({code[:length] for code in codes for length in range(2, len(code))})
    found = get_close_matches(prefix.upper(), [*codes, *starts], n=1)
    return f"; did you mean {found[0]!r}?" if found else ""
