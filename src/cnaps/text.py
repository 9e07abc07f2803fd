r"""Bytes to text and exactly back.

A file is read in layers, from the outside in: UTF-8, a byte order mark, encoding damage once or
several times, line ends. `Layers` remembers them, so that any text can be written again the way
the file was: with its mark, its damage and its line ends.

Two texts come out. `raw` has everything as the file has it except marks and damage; `text` has
`\n` for every line end and is what parsers read and spans refer to.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, NamedTuple

from cnaps import damage
from cnaps.errors import ParseError
from cnaps.spans import locate

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Layers", "Source", "decode"]

_MARK = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")
_LAST_LINE = 200  # bytes before an undecodable byte that an error shows


class Layers(NamedTuple):
    r"""What lies between the bytes of a file and its text.

    Attributes:
        steps: From the bytes inwards: "mark" for a byte order mark, else the name of the encoding
            that the text was misread as.
        newline: The line end that the file uses most: `\n`, `\r\n` or `\r`.
        mixed: Whether it uses another one as well.
    """

    steps: tuple[str, ...] = ()
    newline: str = "\n"
    mixed: bool = False

    @property
    def damage(self) -> tuple[str, ...]:
        """The encodings the text was misread as, in the order in which that happened."""
        return tuple(
            step.removeprefix("sloppy-") for step in reversed(self.steps) if step != "mark"
        )

    def repaired(self) -> Layers:
        """Return these layers without damage; a byte order mark stays."""
        return self._replace(steps=("mark",) if "mark" in self.steps else ())

    def encode(self, raw: str) -> bytes:
        """Return the bytes that read as `raw` through these layers.

        Raises UnicodeEncodeError where `raw` holds a lone surrogate.
        """
        for step in reversed(self.steps):
            raw = _MARK + raw if step == "mark" else damage.apply(raw, step)
        return raw.encode("utf-8")


CLEAN = Layers()


class Source(NamedTuple):
    r"""A file as read: its layers and its text.

    Attributes:
        layers: What was taken off.
        raw: The text with the line ends of the file.
        text: The text with `\n` line ends.
    """

    layers: Layers
    raw: str
    text: str

    def edited(self, edits: Sequence[tuple[int, int, str]]) -> str:
        """Return `raw` after edits given in offsets of `text`, ordered and apart."""
        pairs = self._crlf_ends()
        pieces = []
        done = 0
        for start, end, replacement in edits:
            pieces.append(self.raw[done : start + bisect_right(pairs, start)])
            pieces.append(_LINE_END.sub(self.layers.newline, replacement))
            done = end + bisect_right(pairs, end)
        pieces.append(self.raw[done:])
        return _joined(pieces) if self.layers.mixed else "".join(pieces)

    def _crlf_ends(self) -> array[int]:
        r"""The offsets in `text` that follow a line end which is two characters long in `raw`."""
        ends = (match.end() for match in re.finditer("\r\n", self.raw))
        return array("q", (end - number for number, end in enumerate(ends, 1)))


def decode(data: bytes) -> Source:
    """Read bytes as text.

    Raises ParseError where they are not UTF-8, with the offset of the byte and the byte itself.
    """
    try:
        raw = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error) from None
    raw, steps = _uncovered(raw)
    newline, mixed, text = _line_ends(raw)
    return Source(Layers(steps, newline, mixed), raw, text)


def _uncovered(raw: str) -> tuple[str, tuple[str, ...]]:
    """Take marks and damage off, from the outside in; each is undone only once proven."""
    steps: list[str] = []
    while True:
        if raw.startswith(_MARK) and steps[-1:] != ["mark"]:
            raw = raw[1:]
            steps.append("mark")
        elif found := damage.find(raw):
            name, raw = found
            steps.append(name)
        else:
            return raw, tuple(steps)


def _joined(pieces: list[str]) -> str:
    r"""Join pieces; a `\r` and a `\n` that come to meet stay two line ends."""
    joined: list[str] = []
    last = ""
    for piece in filter(None, pieces):
        if last == "\r" and piece.startswith("\n"):
            joined.append("\r")
        joined.append(piece)
        last = piece[-1]
    return "".join(joined)


def _line_ends(raw: str) -> tuple[str, bool, str]:
    r"""Return the line end used most, whether there are others, and the text with `\n` alone."""
    if "\r" not in raw:
        return "\n", False, raw
    pairs = raw.count("\r\n")
    counts = {"\r\n": pairs, "\n": raw.count("\n") - pairs, "\r": raw.count("\r") - pairs}
    newline = max(counts, key=lambda kind: counts[kind])
    mixed = sum(map(bool, counts.values())) > 1
    return newline, mixed, raw.replace("\r\n", "\n").replace("\r", "\n")


def _undecodable(data: bytes, error: UnicodeDecodeError) -> ParseError:
    before = data[: error.start].decode("utf-8").removeprefix(_MARK)
    text = _LINE_END.sub("\n", before)
    line, column = locate(text, len(text))
    start = text.rfind("\n") + 1
    rest = re.split(rb"[\r\n]", data[error.start : error.start + _LAST_LINE], maxsplit=1)[0]
    # An incremental decoder leaves out a character that the cut goes through.
    decoder = getincrementaldecoder("utf-8")("backslashreplace")
    shown = decoder.decode(rest, final=error.start + _LAST_LINE >= len(data))
    return ParseError(
        f"byte 0x{data[error.start]:02x} at offset {error.start} is not UTF-8: {error.reason}",
        offset=error.start,
        line=line,
        column=column,
        source=text[start:] + shown,
        hint="save the file as UTF-8, or decode it yourself and pass a str",
    )
