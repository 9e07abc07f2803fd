"""The exact wording of each part of a dialect, for a given value; nothing is checked here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cnaps.dialects.parts import Echo, Entries, Prose, Quoted, Record

if TYPE_CHECKING:
    from cnaps.dialects.parts import Field, Part
    from cnaps.values import ModelRef, PaperRef

__all__ = ["entry_text", "field_line", "part_text"]


def field_line(field: Field, text: str | None) -> str:
    """Return the line of a field; the empty string where None is said by leaving it out."""
    if text is None:
        return "" if field.missing is None else f"{field.prefix}{field.missing}\n"
    return f"{field.prefix}{text}{field.suffix}\n"


def entry_text(part: Entries, entry: ModelRef | PaperRef) -> str:
    """Return the lines of an entry, without what closes it."""
    return "".join([field_line(field, getattr(entry, field.name)) for field in part.fields])


def part_text(part: Part, value: Any) -> str:
    """Return the wording of a part that holds `value`, the attribute of that name."""
    match part:
        case Quoted():
            return f'"{value.text}"'
        case Echo():
            return f'{part.prefix}"{value.text}"'
        case Prose():
            return str(value)
        case Record():
            return "".join([field_line(field, getattr(value, field.name)) for field in part.fields])
        case Entries():
            return "".join([entry_text(part, entry) + part.close for entry in value])
        case _:
            return part.separator.join(value)
