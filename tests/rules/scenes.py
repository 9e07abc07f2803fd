r"""The examples in the explanations of rules, as files to look at.

`docs/rules/sample` has a prompt, also in the later dialect, the answer that follows from it, a
response to it, and another prompt of the same collection. No rule finds anything in them. An
example is a piece of one of them, as it is and as it should not be: the word behind `text` in its
block says of which. An example from a `reply` is a whole response, and one of `files` has the names
of two files.

In an example `␍` stands for a carriage return.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

import cnaps
from cnaps.diagnostics import PairRule

if TYPE_CHECKING:
    from cnaps.diagnostics import AnyRule

SAMPLE = Path(__file__).parents[2] / "docs" / "rules" / "sample"
_BLOCK = re.compile(r"^```text (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# It is about an answer whose own prompt is not at hand.
_WITHOUT_COLLECTION = "CN401"


def sample(name: str) -> str:
    return (SAMPLE / f"{name}.txt").read_bytes().decode()


@cache
def prompt() -> cnaps.Document:
    return cnaps.parse(sample("prompt"))


@cache
def collection() -> cnaps.Collection:
    """The two prompts of the sample, and three that have one repository for three models."""
    other = cnaps.parse(sample("other")).value
    assert isinstance(other, cnaps.PromptSpec)
    link = "https://github.com/example/models"
    alike: dict[str, cnaps.Document | cnaps.PromptSpec] = {
        name: evolve(
            other, question=cnaps.Question(name), models=(cnaps.ModelRef(name, github=link),)
        )
        for name in ("Dehaze-A", "Dehaze-B", "Dehaze-C")
    }
    return cnaps.Collection(alike | {"prompt.txt": prompt(), "other.txt": other})


class Example(NamedTuple):
    """An example: of which file it is, and that file as it should not be, and as it should."""

    rule: AnyRule
    kind: str
    before: str
    after: str

    @classmethod
    def of(cls, rule: AnyRule) -> Example:
        (kind, before), (other_kind, after) = _BLOCK.findall(rule.explanation)
        assert kind == other_kind, rule.code
        before = before.replace("␍", "\r")
        if kind in ("files", "reply"):
            return cls(rule, kind, before, after)
        text = sample(kind)
        assert text.count(after) == 1, f"{rule.code}: its example is not in {kind}.txt once"
        return cls(rule, kind, text.replace(after, before), text)

    def lint(self, text: str, *codes: str) -> tuple[cnaps.Diagnostic, ...]:
        """Look at a file, or for the names of two files at the second one."""
        select = codes or None
        if self.kind == "files":
            names = cnaps.pair_files(text.split())
            return cnaps.lint(
                prompt(),
                select=select,
                oddity=next(iter(names.oddities), None),
                alone=next((reason for _, reason in names.alone), None),
            )
        return cnaps.lint(self.subject(text), select=select, collection=self.collection)

    @property
    def collection(self) -> cnaps.Collection | None:
        return None if self.rule.code == _WITHOUT_COLLECTION else collection()

    def subject(self, text: str) -> cnaps.Document | tuple[cnaps.Document, cnaps.Document]:
        is_response = self.kind in ("response", "reply")
        doc = (cnaps.parse_response if is_response else cnaps.parse)(text.encode())
        return (prompt(), doc) if isinstance(self.rule, PairRule) else doc

    def fix(self) -> cnaps.Fix | None:
        """Return the fix of what is wrong in the example."""
        return next(found.fix for found in self.lint(self.before, self.rule.code))
