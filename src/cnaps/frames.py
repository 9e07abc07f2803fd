"""The lines that show a place in a file: the source, and a caret below it."""

from __future__ import annotations

__all__ = ["code_frame", "visible"]

_WIDTH = 96  # characters of a source line that a frame shows


def visible(text: str) -> str:
    r"""Return `text` with every character escaped that would not print as itself.

    >>> print(visible("a\x1b[31mb"))
    a\x1b[31mb
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char == "\t" else repr(char)[1:-1] for char in text
    )


def _columns(text: str) -> int:
    """Return how many columns a text takes in a terminal: two for wide characters."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    beyond_ascii = [char for char in text if char > "\x7f"]
    return len(text) + sum(
        -1 if combining(char) else east_asian_width(char) in "WF" for char in beyond_ascii
    )


def code_frame(source: str, line: int, column: int, *, width: int = 1, label: str = "") -> str:
    r"""Return the source line with carets under `width` characters from `column` on.

    A long line is cut to what stands around the column; characters that would break the
    picture (control characters, lone surrogates) are escaped.

    >>> print(code_frame("Modell: Rain", 12, 1, width=6, label="expected 'Model'"))
      12 | Modell: Rain
         | ^^^^^^ expected 'Model'
    """
    first = max(0, column - 1 - _WIDTH // 2) if len(source) > _WIDTH else 0
    shown = source[first : first + _WIDTH]
    marked = column - 1 - first
    before, under, after = shown[:marked], shown[marked : marked + width], shown[marked + width :]
    if not shown.isprintable():
        before, under, after = map(visible, (before, under, after))
    if first:
        before = f"…{before}"
    if first + _WIDTH < len(source):
        after += "…"
    gutter = f"  {line} | "
    carets = "^" * max(1, _columns(under))
    empty = " " * (len(gutter) - 3)
    text = f"{gutter}{before}{under}{after}".rstrip()
    return f"{text}\n{empty} | {' ' * _columns(before)}{carets} {label}".rstrip()
