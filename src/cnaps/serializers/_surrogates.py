"""Lone surrogates: characters that a str can hold and UTF-8 cannot.

JSON has escapes for them, the other formats have not. Two halves side by side are beyond all of
them: a reader joins them to the one character that they stand for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from cnaps.errors import RenderError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["escaped", "refuse_halves", "texts", "unencodable"]

# A low surrogate that follows a high one is left out: escaped, the two would be read as one
# character. Where it stands unescaped, a reader keeps them apart.
_LONE = re.compile(r"[\ud800-\udbff]|(?<![\ud800-\udbff])[\udc00-\udfff]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")
_HALF = re.compile(r"[\ud800-\udfff]")


def escaped(text: str) -> str:
    """Return JSON with lone surrogates as escapes; the low one of a pair stays as it is."""
    return _LONE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def refuse_halves(raw: object, format: str) -> None:  # noqa: A002 - as in SchemaError
    """Raise RenderError where a text in plain data holds a surrogate."""
    try:
        for _, text in texts(raw, ""):
            text.encode()
    except UnicodeEncodeError:
        raise unencodable(raw, format) from None


def unencodable(raw: object, format: str) -> RenderError:  # noqa: A002 - as in SchemaError
    """Return the error for plain data with surrogates that a format cannot hold."""
    pattern = _PAIR if format.startswith("json") else _HALF
    found = ((field, pattern.search(text)) for field, text in texts(raw, ""))
    field, match = next((field, match) for field, match in found if match)
    codes = " ".join(f"U+{ord(half):04X}" for half in match[0])
    place = f"{codes} at character {match.start()}"
    if pattern is _HALF:
        reason = f"{place} is half a surrogate pair, which no UTF-8 can hold"
        hint = "decode the text with errors='strict' where it comes from"
    else:
        char = match[0].encode("utf-16", "surrogatepass").decode("utf-16")
        reason = f"{place} would be read as one character"
        hint = f"write {char!r} (U+{ord(char):04X}) instead of the two"
    return RenderError(reason, field=field, dialect=format, hint=hint)


def texts(raw: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in plain data with the path to it."""
    if isinstance(raw, str):
        yield path, raw
    elif isinstance(raw, dict):
        for key, item in raw.items():
            yield from texts(item, f"{path}.{key}" if path else key)
    elif isinstance(raw, list):
        for number, item in enumerate(raw):
            yield from texts(item, f"{path}[{number}]")
