"""What cnaps noticed about a file, and the codes it says it with."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from attrs import frozen

from cnaps.spans import Span

__all__ = ["RULES", "Diagnostic", "Rule", "Severity"]


class Severity(StrEnum):
    """How much a diagnostic matters."""

    ERROR = "error"
    WARNING = "warning"


class Rule(NamedTuple):
    """What a code stands for.

    Attributes:
        code: The stable code: CN0xx for encoding, CN1xx for structure.
        severity: How much it matters.
        title: What is wrong, in general.
    """

    code: str
    severity: Severity
    title: str


RULES: dict[str, Rule] = {
    rule.code: rule
    for rule in (
        Rule("CN001", Severity.WARNING, "the encoding of the whole file is damaged"),
        Rule("CN002", Severity.WARNING, "a stretch of text looks damaged"),
        Rule("CN003", Severity.WARNING, "line ends of several kinds"),
        Rule("CN101", Severity.WARNING, "text that belongs to no field"),
        Rule("CN102", Severity.WARNING, "fixed wording is missing"),
        Rule("CN103", Severity.WARNING, "a field of an unknown name"),
        Rule("CN104", Severity.WARNING, "a field that was given before"),
        Rule("CN105", Severity.ERROR, "an entry without a name"),
        Rule("CN106", Severity.WARNING, "a question without quotation marks"),
        Rule("CN107", Severity.ERROR, "a part that is missing"),
        Rule("CN108", Severity.WARNING, "a repetition that is missing or says something else"),
    )
}


@frozen
class Diagnostic:
    """One thing noticed about a file.

    Attributes:
        code: The code of the rule, such as "CN101"; `RULES` says what it stands for.
        severity: How much it matters.
        message: What is wrong here.
        span: Where, as offsets into `Document.text`.
    """

    code: str
    severity: Severity
    message: str
    span: Span

    @classmethod
    def of(cls, code: str, message: str, span: Span) -> Diagnostic:
        """Make the diagnostic of a code, with the severity of its rule."""
        return cls(code, RULES[code].severity, message, span)
