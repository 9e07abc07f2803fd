"""Writes the pages about rules: one for each rule, from its docstring, and the index of them all.

Run it from the root of the repository after a change: `python -m docs.rules.make`. A test checks
that nobody has to.
"""  # noqa: INP001 - a script, not part of a package

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from cnaps.rules import all_rules
from tests.rules.scenes import Example

if TYPE_CHECKING:
    from cnaps.diagnostics import AnyRule

FOLDER = Path(__file__).parent
INDEX = "index.md"

_FAMILIES = {
    "CN0": "Encoding: how the characters of a file became bytes",
    "CN1": "Structure: what of a file is not as its dialect has it",
    "CN2": "References: the entries of a prompt or an answer, and where their links lead",
    "CN3": "Grounding: whether an answer kept to what its prompt offers",
    "CN4": "Pairing: whether an answer belongs to its prompt, and a file to another",
    "CN5": "Marks: what providers of language models, and chats, leave in an answer",
}
_INTRODUCTION = """# Rules

What `cnaps.lint` looks for. [Diagnostics](../diagnostics.md) tells how to choose among them, what
severities and fixes are, and how to add your own. The examples are pieces of the files in
`docs/rules/sample`, in which no rule finds anything.
"""
_HEAD = "| Code | What is wrong | Severity | Fix |\n| --- | --- | --- | --- |\n"


def _ours() -> list[AnyRule]:
    return [rule for rule in all_rules().values() if rule.is_own]


def _fix(rule: AnyRule) -> str:
    fix = Example.of(rule).fix()
    return "–" if fix is None else str(fix.safety)


def _page(rule: AnyRule) -> str:
    explanation = re.sub(r"^(```text) \w+$", r"\1", rule.explanation, flags=re.MULTILINE)
    return f"# {rule.code}: {rule.title}\n\n*{rule.scope}*\n\n{explanation.strip()}\n"


def _index(rules: list[AnyRule]) -> str:
    parts = [_INTRODUCTION]
    for start, title in _FAMILIES.items():
        rows = "".join(
            f"| [{rule.code}]({rule.code}.md) | {rule.title} | {rule.severity} | {_fix(rule)} |\n"
            for rule in rules
            if rule.code.startswith(start)
        )
        parts.append(f"## {title}\n\n{_HEAD}{rows}")
    codes = "\n".join(rule.code for rule in rules)
    parts.append(f"```{{toctree}}\n:hidden:\n\n{codes}\n```\n")
    return "\n".join(parts)


def pages() -> dict[str, str]:
    """Return all pages by the names of their files."""
    rules = _ours()
    return {INDEX: _index(rules), **{f"{rule.code}.md": _page(rule) for rule in rules}}


if __name__ == "__main__":
    for old in FOLDER.glob("*.md"):
        old.unlink()
    for name, page in pages().items():
        (FOLDER / name).write_text(page, "utf-8")
