"""Writes the tables of verdicts.md, which are those of the code and of its tests.

Run it from the root of the repository after a change to either: `python -m docs.links.make`. The
page checks that nobody has to.
"""  # noqa: INP001 - a script, not part of a package

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cnaps.links import Verdict
from cnaps.links._messages import Kind
from cnaps.links._verdict import FAILURES, HUNDREDS, STATUSES
from tests.links.verdicts import markdown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnaps.links._verdict import Rule

PAGE = Path(__file__).with_name("verdicts.md")

_HAPPENED = {
    Kind.TIMEOUT: "the time for the request is over",
    Kind.CONNECTING: "half of it is over before there is a connection",
    Kind.REFUSED: "nothing listens there",
    Kind.CLOSED: "the connection is closed or reset before an answer",
    Kind.NETWORK: "no route, or another error of the network",
    Kind.TLS: "a certificate that cannot be verified, or no TLS",
    Kind.GARBAGE: "bytes that are not HTTP",
    Kind.UNKNOWN_HOST: "the name does not exist",
    Kind.NAME_SERVICE: "the name cannot be looked up, because a name server fails",
    Kind.PRIVATE: "the name leads to no public address",
    Kind.ENOUGH: "the host asked for a long wait before",
}


def _table(first: str, rules: Iterable[tuple[object, Rule]]) -> str:
    lines = [f"| {first} | Verdict | Reason | Asked again |", "| --- | --- | --- | --- |"]
    for what, rule in rules:
        ways = {"GET at once": rule.get, "later": rule.retry}
        again = ", ".join(way for way, taken in ways.items() if taken) or "–"
        more = " …" if rule.verdict is Verdict.SKIPPED else ""  # what kind of address it is
        lines.append(f"| {what} | {rule.verdict} | {rule.reason}{more} | {again} |")
    return "\n".join(lines)


def tables() -> dict[str, str]:
    """Return the tables by name."""
    hundreds = ((f"any other {number}xx", rule) for number, rule in HUNDREDS.items())
    return {
        "statuses": _table("Status", (*STATUSES.items(), *hundreds)),
        "failures": _table(
            "What happens",
            ((_HAPPENED.get(kind, str(kind)), rule) for kind, rule in FAILURES.items()),
        ),
        "cases": re.sub(r"^## ", "### ", markdown(), flags=re.MULTILINE).strip(),
    }


def updated(page: str) -> str:
    """Return the page with the tables as they are now."""
    for name, table in tables().items():
        begin, end = f"<!-- {name} -->\n\n", f"\n\n<!-- end of {name} -->"
        before, _, rest = page.partition(begin)
        after = rest.partition(end)[2]
        page = before + begin + table + end + after
    return page


if __name__ == "__main__":
    PAGE.write_text(updated(PAGE.read_text("utf-8")), "utf-8")
