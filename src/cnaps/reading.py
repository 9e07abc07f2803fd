r"""Bytes to value: the fast reader first, then everything a file can be short of exact.

The way through::

    bytes ─▶ exact? ─────────────────────────────────────────────▶ value
      └────▶ text: marks, damage and line ends off ─▶ exact? ────▶ value
                                                       └─ tolerant ─▶ value, or ParseError
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cnaps.errors import ParseError
from cnaps.exact import matchers
from cnaps.spans import locate

if TYPE_CHECKING:
    from cnaps.dialects.parts import Dialect, Value
    from cnaps.text import Source
    from cnaps.tolerant import Layout

__all__ = ["Reading", "as_bytes", "read_as", "try_to_read_as"]


class Reading:
    """What was read out of the bytes of a file; `cnaps.Document` is built on it."""

    __slots__ = ("_canonical", "_data", "_dialect", "_exact", "_layout", "_source", "_value")

    def __init__(
        self,
        data: bytes,
        dialect: Dialect,
        value: Value,
        source: Source | None,
        *,
        exact: bool,
        canonical: bool | None,
        layout: Layout | None = None,
    ) -> None:
        self._data = data
        self._dialect = dialect
        self._value = value
        self._exact = exact
        # Whether the bytes are those of `render`; None where reading them has not told.
        self._canonical: bool | None = canonical
        # The text and its layers; None where the bytes are exact and were not decoded.
        self._source: Source | None = source
        # Which stretch of the text is which; None until that is asked for.
        self._layout: Layout | None = layout

    @property
    def dialect(self) -> str:
        """The name of the dialect the file is written in, such as "answer-2"."""
        return self._dialect.name

    @property
    def value(self) -> Value:
        """What the file says, as a PromptSpec or an Answer."""
        return self._value

    @property
    def exact(self) -> bool:
        """Whether its text is as generated: in the wording of the dialect to the character.

        That covers the task, the workflow and the closing lines of an answer. A missing link may
        be said in any of the words for it.
        """
        return self._exact


_R = TypeVar("_R", bound=Reading)


def read_as(kind: type[_R], data: bytes) -> _R:
    """Read a file; raise ParseError where it is neither a prompt nor an answer."""
    read = try_to_read_as(kind, data)
    if isinstance(read, Reading):
        return read
    from cnaps.tolerant import Choice

    raise Choice(read.text).error()


def try_to_read_as(kind: type[_R], data: bytes) -> _R | Source:
    """Read a file; what is neither a prompt nor an answer is only decoded.

    Raises ParseError where it is not UTF-8.
    """
    for matcher in matchers():
        value = matcher.match(data)
        if value is not None:
            return kind(data, matcher.dialect, value, None, exact=True, canonical=matcher.canonical)
    # Most files are exact: the rest of the house is opened for one that is not.
    from cnaps.text import CLEAN, decode
    from cnaps.tolerant import Choice

    source = decode(data)
    if source.layers != CLEAN:
        clean = source.text.encode()
        for matcher in matchers():
            value = matcher.match(clean)
            if value is not None:
                return kind(data, matcher.dialect, value, source, exact=True, canonical=False)
    layout = Choice(source.text).layout
    if layout is None:
        return source
    value = layout.value()
    return kind(data, layout.dialect, value, source, exact=False, canonical=None, layout=layout)


def as_bytes(text: str) -> bytes:
    """Encode a text as a file would have it; raise ParseError for a lone surrogate.

    Raises TypeError for what is no text.
    """
    if not isinstance(text, str):
        message = f"cnaps parses bytes or str, not {type(text).__name__}"
        raise TypeError(message)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        line, column = locate(text, error.start)
        start = error.start - column + 1
        raise ParseError(
            f"character U+{ord(text[error.start]):04X} at offset {error.start} is half a"
            " surrogate pair, which no UTF-8 file can hold",
            offset=error.start,
            line=line,
            column=column,
            source=text[start:].partition("\n")[0],
            hint="decode the text with errors='strict' where it comes from",
        ) from None
