"""Where the values of a canonical file stand.

Such a file is to the character what is written for its value. So the places follow from the value
and the wording: nothing has to be searched, and no text is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnaps.dialects.parts import Echo, Entries, Prose, Quoted, Record
from cnaps.nodes import Line, Node
from cnaps.spans import Span
from cnaps.writing import field_line, part_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.dialects.parts import Dialect, Field, Part, Value

__all__ = ["canonical_nodes"]


def canonical_nodes(dialect: Dialect, value: Value) -> dict[Part, list[Node]]:
    """Return the nodes of each part of the canonical file that says `value`."""
    nodes: dict[Part, list[Node]] = {}
    position = 0
    for section in dialect.sections:
        position += len(section.wording)
        part = section.part
        if part is not None:
            held = getattr(value, part.name)
            nodes[part] = found = list(_nodes(part, held, position))
            # Entries stand one behind the other, and there can be many.
            if isinstance(part, Entries):
                position = _end_of(found[-1]) + len(part.close) if found else position
            else:
                position += len(part_text(part, held))
    return nodes


def _nodes(part: Part, held: Any, start: int) -> Iterator[Node]:
    match part:
        case Quoted() | Echo():
            quote = start + (len(part.prefix) if isinstance(part, Echo) else 0)
            text = Span(quote + 1, quote + 1 + len(held.text))
            yield Node({part.name: Line(quote, text, text.end + 1)})
        case Prose():
            yield _whole(part.name, held, start)
        case Record():
            # A field goes on up to the next one, and so its last line end is no part of it.
            lines = _lines(part.fields, held, start)
            yield Node({name: line._replace(end=line.value.end) for name, line in lines.items()})
        case Entries():
            for entry in held:
                node = Node(_lines(part.fields, entry, start))
                yield node
                start = _end_of(node) + len(part.close)
        case _:
            for paragraph in held:
                yield _whole(part.name, paragraph, start)
                start += len(paragraph) + len(part.separator)


def _end_of(node: Node) -> int:
    return next(reversed(node.lines.values())).end


def _whole(name: str, text: str, start: int) -> Node:
    """Return a value that has all of its lines to itself."""
    end = start + len(text)
    return Node({name: Line(start, Span(start, end), end)})


def _lines(fields: tuple[Field, ...], held: Any, start: int) -> dict[str, Line]:
    lines: dict[str, Line] = {}
    for field in fields:
        text = getattr(held, field.name)
        end = start + len(field_line(field, text))
        if start < end:
            suffix = 0 if text is None else len(field.suffix)
            value = Span(start + len(field.prefix), end - suffix - len("\n"))
            lines[field.name] = Line(start, value, end)
            start = end
    return lines
