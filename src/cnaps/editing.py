"""From one value to another by the smallest change of the text.

An edit replaces a stretch of the text; edits are ordered and do not touch. A field that changes
is replaced where it stands. Entries and paragraphs are compared from both ends: what remains in
the middle is changed in pairs, and the rest is put in or taken out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnaps.aligning import common_start
from cnaps.dialects.parts import Echo, Entries, Paragraphs, Prose, Quoted, Record
from cnaps.nodes import past_foreign_lines
from cnaps.wording import wording_lines
from cnaps.writing import entry_text, field_line, part_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.dialects.parts import Field, Part, Value
    from cnaps.nodes import Line, Node
    from cnaps.tolerant import Layout

__all__ = ["Edit", "edits", "field_edits", "without_entry"]


class Edit(NamedTuple):
    """A stretch of a text and what it becomes."""

    start: int
    end: int
    text: str


def edits(layout: Layout, old: Value, new: Value) -> list[Edit]:
    """Return the edits that turn a text saying `old` into one saying `new`, in order."""
    found: list[Edit] = []
    for number, part in enumerate(layout.dialect.parts):
        before, after = getattr(old, part.name), getattr(new, part.name)
        if before == after:
            continue
        if not _is_empty(layout, part):
            found.extend(_changed(layout, part, before, after))
        elif isinstance(part, Echo) and not layout.announces(part):
            continue
        elif layout.has_wording(number):
            found.append(_filled(layout, number, after))
        else:
            found.append(_with_wording(layout, number, after))
    return sorted(found, key=lambda edit: edit.start)


def _is_empty(layout: Layout, part: Part) -> bool:
    # Quotation marks around nothing are something: the text goes between them.
    nodes = layout.nodes(part)
    return all(line.value.start == line.end for node in nodes for line in node.lines.values())


def _with_wording(layout: Layout, number: int, value: Any) -> Edit:
    """Put in a part together with its wording, of which nothing is there."""
    part = layout.dialect.parts[number]
    position = layout.regions[part].start
    text = layout.dialect.sections[number].wording + part_text(part, value)
    return _apart(layout.text, position, text)


def _filled(layout: Layout, number: int, value: Any) -> Edit:
    """Put a part in where its wording is there and it is not."""
    part = layout.dialect.parts[number]
    wording = layout.dialect.sections[number].wording
    lines = wording_lines(wording)
    distance = wording[wording.index(lines[-1]) + len(lines[-1]) + 1 :] if lines else wording
    position = layout.regions[part].start
    if layout.text.startswith(distance, position):
        return _apart(layout.text, position + len(distance), part_text(part, value))
    return _apart(layout.text, position, distance + part_text(part, value))


def _apart(text: str, position: int, piece: str) -> Edit:
    """Put in lines of their own: apart from what stands in front of them and behind."""
    before = "" if text[position - 1 : position] in ("", "\n") else "\n"
    after = "" if piece.endswith("\n") or text[position : position + 1] in ("", "\n") else "\n"
    return Edit(position, position, f"{before}{piece}{after}")


def _changed(layout: Layout, part: Part, before: Any, after: Any) -> Iterator[Edit]:
    nodes = layout.nodes(part)
    match part:
        case Quoted() | Echo():
            yield Edit(*nodes[0].lines[part.name].value, after.text)
        case Prose():
            yield Edit(*nodes[0].lines[part.name].value, after)
        case Record():
            yield from field_edits(layout, part, nodes[0], before, after)
        case _:
            yield from _items(layout, part, nodes, before, after)


def _items(
    layout: Layout,
    part: Entries | Paragraphs,
    nodes: list[Node],
    before: tuple[Any, ...],
    after: tuple[Any, ...],
) -> Iterator[Edit]:
    first = common_start(before, after)
    last = common_start(before[first:][::-1], after[first:][::-1])
    old = before[first : len(before) - last]
    new = after[first : len(after) - last]
    paired = min(len(old), len(new))
    for number in range(first, first + paired):
        node, was, shall = nodes[number], before[number], after[number]
        if isinstance(part, Entries):
            yield from field_edits(layout, part, node, was, shall)
        elif was != shall:
            yield Edit(*node.lines[part.name].value, shall)
    if new[paired:]:
        yield _put_in(layout, part, nodes, first + paired, new[paired:])
    surplus = range(first + paired, first + len(old))
    if surplus and isinstance(part, Paragraphs):
        yield _cut(nodes, surplus)
    elif isinstance(part, Entries):
        for number in surplus:
            yield without_entry(layout, part, nodes[number])


def _put_in(
    layout: Layout,
    part: Entries | Paragraphs,
    nodes: list[Node],
    number: int,
    items: tuple[Any, ...],
) -> Edit:
    """Put items in before the node of that number, or after the last one."""
    if isinstance(part, Paragraphs):
        pieces, between = list(items), part.separator
    else:
        pieces, between = [entry_text(part, item) for item in items], part.close
    if number == 0:
        start = nodes[0].span.start
        return Edit(start, start, "".join([piece + between for piece in pieces]))
    end = nodes[number - 1].span.end
    if isinstance(part, Entries):
        end = past_foreign_lines(layout.text, end, layout.regions[part].end)
    text = "".join([between + piece for piece in pieces])
    if isinstance(part, Entries):
        return _apart(layout.text, end, text)
    return Edit(end, end, text)


def _cut(nodes: list[Node], numbers: range) -> Edit:
    """Take paragraphs out, with what sets them apart from the next one or, at the end, the last."""
    first, last = numbers[0], numbers[-1]
    start, end = nodes[first].span.start, nodes[last].span.end
    if last + 1 < len(nodes):
        end = nodes[last + 1].span.start
    elif first > 0:
        start = nodes[first - 1].span.end
    return Edit(start, end, "")


def without_entry(layout: Layout, part: Entries, node: Node) -> Edit:
    """Return the edit that takes an entry out, with what closes it."""
    start, end = node.span
    close = len(part.close) * layout.text.startswith(part.close, end)
    return Edit(start, end + close, "")


def field_edits(
    layout: Layout, part: Entries | Record, node: Node, before: Any, after: Any
) -> Iterator[Edit]:
    """Yield the edits that turn an entry or a record into another one."""
    position = node.span.start if node.lines else layout.regions[part].start
    for field in part.fields:
        line = node.lines.get(field.name)
        shall = getattr(after, field.name)
        if getattr(before, field.name) != shall:
            yield _field(layout, field, line, position, shall)
        if line is not None:
            position = line.end


def _field(
    layout: Layout, field: Field, line: Line | None, position: int, text: str | None
) -> Edit:
    if line is None:
        return _apart(layout.text, position, field_line(field, text))
    if text is None and field.missing is None:
        return Edit(line.start, line.end, "")
    start, end = line.value
    written = field.missing if text is None else text
    blank = "" if field.suffix or layout.text[start - 1] in " \t\n" else " "
    return Edit(start, end, f"{blank}{written}")
