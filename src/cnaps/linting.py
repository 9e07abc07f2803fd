"""Documents, and prompts with their answers, looked at by all rules at once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from cnaps.diagnostics import DocumentRule, Fix, PairRule, Safety
from cnaps.document import Document
from cnaps.editing import Edit
from cnaps.errors import PluginError
from cnaps.facts import DocumentFacts
from cnaps.rules import PairFacts, select_rules
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import UnionType

    from cnaps.diagnostics import AnyRule, Diagnostic, Rule
    from cnaps.grounding import Collection
    from cnaps.pairing import Oddity

    Subject: TypeAlias = Document | tuple[Document, Document]
    Facts: TypeAlias = DocumentFacts | PairFacts

__all__ = ["diagnose", "facts_of", "lint"]

F = TypeVar("F", bound="Facts")


def lint(
    subject: Subject,
    *,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    collection: Collection | None = None,
    oddity: Oddity | None = None,
    alone: str | None = None,
) -> tuple[Diagnostic, ...]:
    """Return what the rules find in a document, or in an answer and how it goes with its prompt.

    Args:
        subject: A document; or a prompt and its answer, and then spans are into the text of the
            answer, and what is wrong with the prompt alone is not told.
        select: The codes to look for, or how they start: `["CN2", "CN101"]`; None for all.
        ignore: The codes not to look for, in the same way. The longer one counts.
        collection: What the prompts of the collection offer, for the rules that compare with it.
        oddity: What is odd about the name of the file, as `cnaps.pair_files` tells.
        alone: Why no other file belongs to this one, as `cnaps.pair_files` tells.

    Returns:
        The diagnostics, in the order of the text.

    Raises:
        TypeError: If `subject` is neither, or does not have a prompt in front of an answer, or if
            `collection` is none.
        ValueError: If no rule has a code that starts so.
        PluginError: If a rule of another package cannot be loaded, or fails.

    >>> from cnaps import lint, read
    >>> doc = read("docs/examples/rain/prompt.txt")
    >>> for found in lint(doc, select=["CN2"], ignore=["CN201"]):
    ...     print(doc.location(found.span.start).line, found.code, found.message)
    16 CN202 this link leads to whichever version of arXiv:2111.09881 is the newest
    """
    rules = select_rules(select, ignore)
    return diagnose(facts_of(subject, collection=collection, oddity=oddity, alone=alone), rules)


def facts_of(
    subject: Subject,
    *,
    collection: Collection | None = None,
    oddity: Oddity | None = None,
    alone: str | None = None,
) -> Facts:
    """Return the facts that rules ask about, of what `lint` takes; raise TypeError for others."""
    if collection is not None:
        from cnaps.grounding import Collection

        if not isinstance(collection, Collection):
            message = f"the collection is a cnaps.Collection, not {type(collection).__name__}"
            raise TypeError(message)
    match subject:
        case Document():
            return DocumentFacts(subject, oddity=oddity, alone=alone, collection=collection)
        case Document() as prompt, Document() as answer if (prompt.kind, answer.kind) in _PAIRS:
            return PairFacts(prompt, answer, oddity=oddity, collection=collection)
        case _:
            message = (
                "cnaps takes a Document, which cnaps.read makes of a file, or a tuple of two, the"
                f" prompt and its answer, not {_called(subject)}"
            )
            raise TypeError(message)


def _called(subject: object) -> str:
    if isinstance(subject, tuple):
        return f"({', '.join(map(_called, cast('tuple[object, ...]', subject)))})"
    return subject.kind if isinstance(subject, Document) else type(subject).__name__


_PAIRS = {("prompt", "answer"), ("prompt", "response")}


def diagnose(facts: Facts, rules: tuple[AnyRule, ...]) -> tuple[Diagnostic, ...]:
    """Return what rules find, in the order of the text."""
    file, pair = (facts.answer, facts) if isinstance(facts, PairFacts) else (facts, None)
    of_document, of_pair = _that_apply(rules, file.kind)
    found = _found_by(of_document, file, file)
    if pair is not None:
        found += _found_by(of_pair, pair, file)
    return tuple(sorted(found, key=lambda diagnostic: (diagnostic.span, diagnostic.code)))


@lru_cache(maxsize=256)
def _that_apply(
    rules: tuple[AnyRule, ...], kind: str
) -> tuple[tuple[DocumentRule, ...], tuple[PairRule, ...]]:
    """Return the rules over a document, and those over a pair, that look at a kind of document."""
    apply = [rule for rule in rules if kind in rule.kinds]
    return (
        tuple(rule for rule in apply if isinstance(rule, DocumentRule)),
        tuple(rule for rule in apply if isinstance(rule, PairRule)),
    )


def _found_by(rules: Iterable[Rule[F]], facts: F, file: DocumentFacts) -> list[Diagnostic]:
    """Return what rules find in a file; raise PluginError if one fails that is not ours."""
    found: list[Diagnostic] = []
    for rule in rules:
        try:
            new = rule(facts)
            if new and not rule.is_own:
                _look_at(new, len(file.text))
        except Exception as error:
            if rule.is_own:
                raise
            reason = f"it failed: {type(error).__name__}: {error}"
            raise PluginError(f"the rule {rule.code}", reason) from error
        found += new
    return found


def _look_at(diagnostics: Iterable[Diagnostic], length: int) -> None:
    """Raise TypeError for parts of another type, ValueError for a place that a text does not have.

    Whoever takes a diagnostic takes its parts to be what they should.
    """
    for diagnostic in diagnostics:
        for kind, name, part in _parts(diagnostic):
            if not isinstance(part, kind):
                message = f"the {name} of what it found cannot be {part!r}"
                raise TypeError(message)
        for start, end in (diagnostic.span, *diagnostic.also):
            if not 0 <= start <= end <= length:
                message = f"a text of {length:,} characters has no place from {start:,} to {end:,}"
                raise ValueError(message)


def _parts(diagnostic: Diagnostic) -> Iterator[tuple[type | UnionType, str, object]]:
    """Yield the parts of a diagnostic, each behind its type and its name."""
    yield str, "message", diagnostic.message
    yield Span, "span", diagnostic.span
    yield tuple, "other places", diagnostic.also
    for place in diagnostic.also:
        yield Span, "other places", place
    fix = diagnostic.fix
    yield Fix | None, "fix", fix
    if fix is not None:
        yield str, "title of the fix", fix.title
        yield Safety, "safety of the fix", fix.safety
        yield tuple, "edits of the fix", fix.edits
        for edit in fix.edits:
            yield Edit, "edits of the fix", edit
