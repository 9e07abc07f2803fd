"""What cnaps noticed about a file, and what a rule is that notices something.

A rule is a small function with a stable code. It takes facts about a document, or about a prompt
with its answer, and yields what it found; `cnaps.rules` holds them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import StrEnum
from inspect import getdoc
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeAlias, TypeVar

from attrs import field, frozen

from cnaps.spans import Span

if TYPE_CHECKING:
    from cnaps.editing import Edit
    from cnaps.facts import DocumentFacts
    from cnaps.rules import PairFacts
    from cnaps.text import Layers

__all__ = [
    "AnyRule",
    "Diagnostic",
    "DocumentRule",
    "Fix",
    "Found",
    "PairRule",
    "Rule",
    "Safety",
    "Severity",
    "document_rule",
    "pair_rule",
]


class Severity(StrEnum):
    """How much a diagnostic matters.

    Attributes:
        ERROR: Something is wrong for certain, or missing in the value.
        WARNING: Something deserves a look.
        INFO: Something could be clearer, and may well stay as it is.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Safety(StrEnum):
    """Whether a fix can be made without asking.

    Attributes:
        SAFE: The file means afterwards what it meant before.
        UNSAFE: It may mean something else; somebody has to look at it.
    """

    SAFE = "safe"
    UNSAFE = "unsafe"


class Fix(NamedTuple):
    """What to do about a diagnostic.

    Attributes:
        title: What the fix does, as an order: "use https".
        safety: Whether it can be made without asking.
        edits: The stretches of `Document.text` that change, in order and apart.
        layers: The layers through which the text is written instead, where the damage or the line
            ends of the file are what changes.
    """

    title: str
    safety: Safety
    edits: tuple[Edit, ...] = ()
    layers: Layers | None = None


class Found(NamedTuple):
    """What a rule yields: a diagnostic that does not know yet by which rule it is.

    Attributes:
        message: What is wrong here.
        span: Where, as offsets into the text of the document; of a pair, into that of the answer.
        also: Other places that have to do with it.
        fix: What to do about it, if that can be said.
    """

    message: str
    span: Span
    also: tuple[Span, ...] = ()
    fix: Fix | None = None


@frozen
class Diagnostic:
    """One thing noticed about a file.

    Attributes:
        code: The code of the rule, such as "CN101"; `cnaps.rules` says what it stands for.
        severity: How much it matters.
        message: What is wrong here.
        span: Where, as offsets into `Document.text`; of a pair, into the text of its answer.
        also: Other places that have to do with it.
        fix: What to do about it, or None where that cannot be said.
    """

    code: str
    severity: Severity
    message: str
    span: Span
    also: tuple[Span, ...] = ()
    fix: Fix | None = None

    @classmethod
    def of(cls, rule: Rule[Any], found: Found) -> Diagnostic:
        """Make the diagnostic of what a rule found; raise TypeError for anything else."""
        if not isinstance(found, Found):
            message = f"a rule yields cnaps.rules.Found, not {type(found).__name__}"
            raise TypeError(message)
        return cls(rule.code, rule.severity, *found)


_IN_ORDER = ("prompt", "answer", "response")
#: The kinds of documents: all, those that have fixed wording, and those that answer a prompt.
KINDS = frozenset(_IN_ORDER)
FILES = KINDS - {"response"}
REPLIES = KINDS - {"prompt"}


class _Facts(Protocol):
    @property
    def kind(self) -> str: ...


F_contra = TypeVar("F_contra", bound=_Facts, contravariant=True)


@frozen(eq=False)
class Rule(Generic[F_contra]):
    """A thing to notice, under a stable code.

    Attributes:
        code: The code: letters that say whose rule it is, and three digits.
        severity: How much it matters.
        title: What is wrong, in general.
        check: The function that finds it.
        kinds: The kinds of documents that it looks at; of a pair, those of the answer.
    """

    code: str
    severity: Severity = field(converter=Severity)
    title: str
    check: Callable[[F_contra], Iterable[Found]]
    kinds: frozenset[str] = KINDS

    @property
    def explanation(self) -> str:
        """What the rule does, why, an example and whether its fix is safe, as Markdown."""
        return getdoc(self.check) or ""

    @property
    def scope(self) -> str:
        """How much it matters and what it looks at, in words: `error · answers, responses`."""
        kinds = ", ".join(f"{kind}s" for kind in _IN_ORDER if kind in self.kinds)
        return f"{self.severity} · {kinds}"

    @property
    def is_own(self) -> bool:
        """Whether it is a rule of cnaps, not of another package."""
        return self.code.startswith("CN")

    def __call__(self, facts: F_contra) -> list[Diagnostic]:
        """Return what the rule finds; in a document of another kind, that is nothing."""
        if facts.kind not in self.kinds:
            return []
        found = list(self.check(facts))
        return [Diagnostic.of(self, each) for each in found] if found else []  # mostly nothing


@frozen(eq=False)
class DocumentRule(Rule["DocumentFacts"]):
    """A rule over one document."""


@frozen(eq=False)
class PairRule(Rule["PairFacts"]):
    """A rule over a prompt and its answer."""


AnyRule: TypeAlias = DocumentRule | PairRule


def document_rule(
    code: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    kinds: Iterable[str] = KINDS,
) -> Callable[[Callable[[DocumentFacts], Iterable[Found]]], DocumentRule]:
    """Make a function over one document a rule; its docstring explains the rule.

    Args:
        code: The code, such as "ACME001".
        title: What is wrong, in general.
        severity: How much it matters.
        kinds: The kinds of documents that it looks at: "prompt", "answer" and "response".

    Raises ValueError where there is no such kind or severity.

    >>> from cnaps import Span
    >>> from cnaps.rules import DocumentFacts, Found, document_rule
    >>> @document_rule("ACME001", "a question that shouts", kinds=["prompt"])
    ... def shouting(file: DocumentFacts):
    ...     if file.doc.value.question.text.isupper():
    ...         yield Found("the question is in capitals", file.doc.span("question"))
    >>> shouting.code, shouting.severity
    ('ACME001', <Severity.WARNING: 'warning'>)
    """
    looked_at = _kinds(kinds)
    return lambda check: DocumentRule(code, severity, title, check, looked_at)


def pair_rule(
    code: str,
    title: str,
    severity: Severity = Severity.WARNING,
    *,
    kinds: Iterable[str] = REPLIES,
) -> Callable[[Callable[[PairFacts], Iterable[Found]]], PairRule]:
    """Make a function over a prompt and its answer a rule; its docstring explains the rule.

    Args:
        code: The code, such as "ACME002".
        title: What is wrong, in general.
        severity: How much it matters.
        kinds: The kinds of answers that it looks at: "answer" and "response".

    Raises ValueError where there is no such kind or severity.
    """
    looked_at = _kinds(kinds)
    return lambda check: PairRule(code, severity, title, check, looked_at)


def _kinds(kinds: Iterable[str]) -> frozenset[str]:
    found = frozenset(kinds)
    if not found <= KINDS:
        names = ", ".join(map(repr, sorted(KINDS)))
        message = f"kinds are {names}, not {min(found - KINDS)!r}"
        raise ValueError(message)
    return found
