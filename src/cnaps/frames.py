"""The lines that show a place in a file: the source, and a caret below it."""

from __future__ import annotations

__all__ = ["code_frame"]

_WIDTH = 96  # characters of a source line that a frame shows


def _visible(text: str) -> str:
    """Return `text` with every character that would not print as one column escaped."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else " " if char == "\t" else repr(char)[1:-1] for char in text
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
    before = ("…" if first else "") + _visible(shown[:marked])
    under = _visible(shown[marked : marked + width])
    after = _visible(shown[marked + width :]) + ("…" if first + _WIDTH < len(source) else "")
    gutter = f"  {line} | "
    carets = "^" * max(1, len(under))
    empty = " " * (len(gutter) - 3)
    text = f"{gutter}{before}{under}{after}".rstrip()
    return f"{text}\n{empty} | {' ' * len(before)}{carets} {label}".rstrip()
