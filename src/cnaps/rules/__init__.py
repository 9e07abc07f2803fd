"""The rules by which cnaps notices things, each under a stable code.

CN0xx is about encoding, CN1xx about structure, CN2xx about references, CN3xx about grounding, CN4xx
about pairing and CN5xx about marks of providers. Here is all that it takes to write a rule.
"""

from __future__ import annotations

from cnaps.diagnostics import (
    DocumentRule,
    Fix,
    Found,
    PairRule,
    Safety,
    Severity,
    document_rule,
    pair_rule,
)
from cnaps.editing import Edit
from cnaps.facts import DocumentFacts
from cnaps.rules._pairs import PairFacts
from cnaps.rules._registry import all_rules, select_rules

__all__ = [
    "DocumentFacts",
    "DocumentRule",
    "Edit",
    "Fix",
    "Found",
    "PairFacts",
    "PairRule",
    "Safety",
    "Severity",
    "all_rules",
    "document_rule",
    "pair_rule",
    "select_rules",
]
