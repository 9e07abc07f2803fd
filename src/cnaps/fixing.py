"""Fixes, made in documents: what rules propose, as far as it holds.

A fix replaces stretches of the text, or writes the text through other layers. Fixes that touch one
another wait for the next pass, and so does one of layers while there are others. After every pass
the document is read again: each field that was edited must say the edited text, and all others
must say what they said. A fix with which that is not so is refused, and so are fixes that undo each
other.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from attrs import frozen

from cnaps.diagnostics import Diagnostic, Safety
from cnaps.document import Document
from cnaps.facts import DocumentFacts
from cnaps.linting import diagnose, facts_of
from cnaps.rules import PairFacts, select_rules
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from cnaps.diagnostics import Fix
    from cnaps.editing import Edit
    from cnaps.grounding import Collection
    from cnaps.linting import Facts, Subject
    from cnaps.nodes import Node
    from cnaps.tolerant import Layout

__all__ = ["Fixed", "fix"]

#: How many passes there are at most. One rule makes work for another, and then that is done; only
#: a file that gets longer with each pass would go on.
_PASSES = 20


@frozen
class Fixed:
    """A document after its fixes.

    Attributes:
        document: The document; the very same one if nothing was fixed. Of a pair, the answer.
        applied: The diagnostics whose fixes were made, pass by pass; spans are into the text that
            the pass started from.
        refused: The diagnostics whose fixes were not made because the document would not have read
            back as intended, or because others undo them. Somebody has to look at them.
        passes: How many passes changed something.
        is_stable: Whether another run would change nothing more. It is false only for rules that
            make work for each other without end.
    """

    document: Document
    applied: tuple[Diagnostic, ...] = ()
    refused: tuple[Diagnostic, ...] = ()
    passes: int = 0
    is_stable: bool = True


def fix(
    subject: Subject,
    *,
    unsafe: bool = False,
    select: Iterable[str] | None = None,
    ignore: Iterable[str] = (),
    collection: Collection | None = None,
) -> Fixed:
    """Make the fixes of what the rules find, until there is nothing left to fix.

    The result reads as intended: see `Fixed.refused`. To fix it again changes nothing.

    Args:
        subject: A document; or a prompt and its answer, of which the answer is fixed.
        unsafe: Make unsafe fixes as well.
        select: The codes to fix, as for `cnaps.lint`.
        ignore: The codes not to fix.
        collection: What the prompts of the collection offer.

    Raises:
        TypeError: As `cnaps.lint`.
        ValueError: As `cnaps.lint`.
        PluginError: As `cnaps.lint`.

    >>> from cnaps import fix, read
    >>> fixed = fix(read("docs/examples/rain/prompt.txt"))
    >>> fixed.document.value.papers[0].paper
    'https://arxiv.org/pdf/2102.02808v1.pdf'
    >>> [found.code for found in fixed.applied], fixed.passes
    (['CN201', 'CN201'], 1)
    """
    rules = select_rules(select, ignore)
    facts = facts_of(subject, collection=collection)
    applied: list[Diagnostic] = []
    #: What came of the passes before each one, had it been the end.
    ends: list[Fixed] = []
    while True:
        document = _answer_of(facts)
        wanted = [
            found
            for found in diagnose(facts, rules)
            if found.fix is not None and (unsafe or found.fix.safety is Safety.SAFE)
        ]
        passes = len(ends)
        ends.append(Fixed(document, tuple(applied), tuple(wanted), passes))
        better, made, refused = _pass(document, wanted)
        if not made or passes == _PASSES:
            return Fixed(document, tuple(applied), tuple(refused), passes, is_stable=not made)
        for end in ends:
            if end.document == better:  # from there on fixes undo each other
                return end
        applied += made
        subject = better if isinstance(subject, Document) else (subject[0], better)
        facts = facts_of(subject, collection=collection)


def _answer_of(facts: Facts) -> Document:
    return facts.answer.doc if isinstance(facts, PairFacts) else facts.doc


class _Pass(NamedTuple):
    """What came of a pass: the document, the fixes that were made, and those that do not hold."""

    document: Document
    made: list[Diagnostic]
    refused: list[Diagnostic]


def _pass(document: Document, wanted: list[Diagnostic]) -> _Pass:
    """Make the fixes that are apart; those in the way of one that does not hold get their turn."""
    refused: list[Diagnostic] = []
    while wanted:
        chosen, wanted = _apart(wanted)
        better, made, not_made = _kept(document, chosen)
        refused += not_made
        if made:
            return _Pass(better, made, refused)
    return _Pass(document, [], refused)


def _apart(wanted: list[Diagnostic]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Sort fixes into some that do not touch one another, and the others."""
    first, *others = wanted
    if _fix_of(first).layers is not None:
        return [first], others
    taken: list[Edit] = []
    chosen: list[Diagnostic] = []
    waiting: list[Diagnostic] = []
    for found in wanted:
        edits = _fix_of(found).edits
        if _fix_of(found).layers is None and not _touch(taken, edits):
            chosen.append(found)
            for edit in edits:
                insort(taken, edit)
        else:
            waiting.append(found)
    return chosen, waiting


def _touch(taken: list[Edit], edits: Iterable[Edit]) -> bool:
    """Tell whether an edit meets one of those that are taken, which are in order and apart."""
    for edit in edits:
        number = bisect_left(taken, edit)
        neighbours = taken[max(0, number - 1) : number + 1]
        if any(other.start <= edit.end and edit.start <= other.end for other in neighbours):
            return True
    return False


def _fix_of(found: Diagnostic) -> Fix:
    return cast("Fix", found.fix)  # only those with a fix are wanted


def _kept(document: Document, chosen: Sequence[Diagnostic]) -> _Pass:
    """Make as many fixes as hold together; those that do not are found by halving."""
    better = document
    made: list[Diagnostic] = []
    refused: list[Diagnostic] = []
    halves = [chosen]
    while halves:
        half = halves.pop()
        tried = _fixed(document, [*made, *half])
        if tried is not None:
            better = tried
            made += half
        elif len(half) == 1:
            refused += half
        else:
            middle = len(half) // 2
            halves += (half[middle:], half[:middle])
    return _Pass(better, made, refused)


def _fixed(document: Document, diagnostics: Sequence[Diagnostic]) -> Document | None:
    """Return the document after some fixes; None where it would not read as intended."""
    fixes = [_fix_of(found) for found in diagnostics]
    edits = sorted(edit for fix in fixes for edit in fix.edits)
    layers = fixes[0].layers
    try:
        if layers is None or edits:
            fixed = document.with_edits(edits, layers=layers)
        elif layers == document.layers.repaired():
            fixed = document.repaired()  # which leaves line ends as they are
        else:
            fixed = document.with_edits((), layers=layers)
    except ValueError:  # it is no prompt or answer any more, cannot be encoded, or edits overlap
        return None
    if fixed == document or fixed.dialect != document.dialect:
        return None
    return fixed if _reads_as_intended(document, edits, fixed) else None


# --- what a document must say after edits ---------------------------------------------------------


def _reads_as_intended(document: Document, edits: list[Edit], fixed: Document) -> bool:
    """Tell whether fields say what the edits make of them, and no others are there.

    Edits outside of all fields may add fields to entries, and take whole fields and entries out.
    """
    if fixed.text != _edited(document.text, Span(0, len(document.text)), edits):
        return False
    before, after = DocumentFacts(document).layout, DocumentFacts(fixed).layout
    if before is None or after is None:  # a response says its text and nothing else
        return True
    fields = sorted(line.value for node in _nodes(before) for line in node.lines.values())
    may_add = not all(_is_inside(edit, fields) for edit in edits)
    for part in before.dialect.parts:
        wanted = [*filter(None, (_texts(before, node, edits) for node in before.nodes(part)))]
        found = [*filter(None, (_texts(after, node, ()) for node in after.nodes(part)))]
        if len(wanted) != len(found):
            return False
        for texts, others in zip(wanted, found, strict=True):
            if not (texts.items() <= others.items() if may_add else texts == others):
                return False
    return True


def _nodes(layout: Layout) -> Iterator[Node]:
    for part in layout.dialect.parts:
        yield from layout.nodes(part)


def _is_inside(edit: Edit, fields: list[Span]) -> bool:
    number = bisect_right(fields, edit.start, key=attrgetter("start")) - 1
    return number >= 0 and edit.end <= fields[number].end


def _texts(layout: Layout, node: Node, edits: Sequence[Edit]) -> dict[str, str]:
    """Return what the fields of a node say after edits, without those that are taken out."""
    texts = {name: _edited(layout.text, line.value, edits) for name, line in node.lines.items()}
    return {name: text.strip(" \t\n") for name, text in texts.items() if text is not None}


_TORN = "\r"  # no text of a document has one


def _edited(text: str, span: Span, edits: Sequence[Edit]) -> str | None:
    """Return a stretch after those edits that lie in it; None if one takes all of it out."""
    pieces: list[str] = []
    position = span.start
    number = bisect_left(edits, span.start, key=attrgetter("end"))
    while number < len(edits) and edits[number].start <= span.end:
        start, end, replacement = edits[number]
        number += 1
        if span.start <= start and end <= span.end:
            pieces += (text[position:start], replacement)
            position = end
        elif start <= span.start and span.end <= end and not replacement:
            return None
        elif start < span.end and span.start < end:
            return _TORN
    pieces.append(text[position : span.end])
    return "".join(pieces)
