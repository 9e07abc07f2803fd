"""Encoding damage: UTF-8 that was read as another encoding and saved as UTF-8 again.

The characters of the result are the bytes of the original, read one by one: `→` became `â†’`.
Detection and codecs are ftfy's; what is added here is proof. A repair is made only if it undoes
the whole text and damaging the repaired text again gives the text back, character by character.

ftfy's detection reads text at some megabytes a second and takes a while to import. `suspicious`
decides in front of it, cheaply, whether it can find anything at all.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["apply", "damaged_stretches", "find", "is_encoding", "suspicious"]

_ASCII = bytes(range(128))

# The symbols in the wording of the formats that no encoding of one byte a character has.
_SYMBOLS = "→‑🧠"

# Typographic characters that no pair of which is a sign of damage to ftfy, and the symbols of the
# formats' fixed wording. A text that has no others beyond ASCII is clean.
_HARMLESS = frozenset(f"‘’“”–—…{_SYMBOLS}")

# A superset of what `ftfy.badness.BADNESS_RE` can match (ftfy 6.3): either one of the few
# characters that it takes on their own or next to a blank, or two neighbours out of the blocks in
# which all other characters of its categories lie.
_ALONE = "\u0080-\u009f\u0152\u0153ÂÃ"
_BLOCKS = "\u0080-\u04ff\u2000-\u26ff\uf8ff\ufb01\ufb02\ufffd"
_SUSPICIOUS = re.compile(f"[{_ALONE}]|[{_BLOCKS}][{_BLOCKS}]")
_IN_BLOCK = re.compile(f"[{_BLOCKS}]")
_FEW = 50  # places that are looked at one by one; a text in another language has more


def suspicious(text: str) -> bool:
    """Tell whether ftfy could see damage in `text`; False is certain, True is not.

    >>> suspicious("a plain “quoted” sentence → fine")
    False
    >>> suspicious("donâ€™t")
    True
    """
    if text.isascii():
        return False
    beyond_ascii = text.encode("utf-8", "surrogatepass").translate(None, _ASCII)
    unusual = "".join({*beyond_ascii.decode("utf-8", "surrogatepass")} - _HARMLESS)
    found = _IN_BLOCK.findall(unusual)
    if len(found) > _FEW or sum(map(text.count, found)) > _FEW:
        return _SUSPICIOUS.search(text) is not None
    return any(_stands_out(char, text) for char in found)


def _stands_out(char: str, text: str) -> bool:
    """Tell whether a character is a sign of damage, by itself or by what stands beside it.

    To search for one character takes a small part of the time of searching for a pattern.
    """
    place = text.find(char)
    while place >= 0:
        if _SUSPICIOUS.search(text, max(place - 1, 0), place + 2):
            return True
        place = text.find(char, place + 1)
    return False


def find(text: str) -> tuple[str, str] | None:
    """Find the encoding that the whole of `text` was once misread as.

    Returns the name of the encoding and the text before the mistake, or None where there was
    none or it cannot be proven.

    >>> find("Input â†’ Model")
    ('windows-1252', 'Input → Model')
    """
    if not suspicious(text):
        return None
    from ftfy.badness import is_bad
    from ftfy.chardata import CHARMAP_ENCODINGS

    if not (is_bad(text) or any(trace in text for trace in _traces())):
        return None
    for codec in CHARMAP_ENCODINGS:
        for name in (codec.removeprefix("sloppy-"), codec):
            try:
                undone = _as_bytes(text, name).decode("utf-8")
            except UnicodeError:
                continue
            if apply(undone, name) == text:
                return name, undone
    return None


@cache
def _traces() -> tuple[str, ...]:
    """Return what damage makes of the symbols in the wording of the formats.

    ftfy does not notice all of it: `ΓÇæ`, which is `‑` (U+2011) in cp437, looks fine to it.
    """
    from ftfy.chardata import CHARMAP_ENCODINGS

    return tuple(apply(symbol, codec) for symbol in _SYMBOLS for codec in CHARMAP_ENCODINGS)


def apply(text: str, name: str) -> str:
    """Damage `text` as misreading it in the encoding `name` does.

    Windows code pages are read the tolerant way that browsers do (WHATWG): a byte without a
    meaning becomes the control character of the same number. Under their "sloppy" names they are
    ftfy's codecs, which differ in one byte: they read 0x1A as U+FFFD.

    >>> apply("→", "windows-1252")
    'â†’'
    """
    codec = _codec(name)
    read = text.encode("utf-8").decode(codec)
    return read if codec == name else read.replace(_FTFY_SUBSTITUTE, _SUBSTITUTE)


_SUBSTITUTE, _FTFY_SUBSTITUTE = "\x1a", "\ufffd"


def _as_bytes(text: str, name: str) -> bytes:
    """Return the bytes that read as `text` in an encoding; raise UnicodeError if there are none."""
    codec = _codec(name)
    if codec != name:
        if _FTFY_SUBSTITUTE in text:
            message = "no byte reads as U+FFFD"
            raise UnicodeError(message)
        text = text.replace(_SUBSTITUTE, _FTFY_SUBSTITUTE)
    return text.encode(codec)


def is_encoding(name: str) -> bool:
    """Tell whether `name` is one that `find` returns and `apply` takes.

    >>> is_encoding("windows-1252"), is_encoding("utf-16")
    (True, False)
    """
    from ftfy.chardata import CHARMAP_ENCODINGS

    return name in CHARMAP_ENCODINGS or f"sloppy-{name}" in CHARMAP_ENCODINGS


def _codec(name: str) -> str:
    """Return the codec of an encoding: for Windows code pages, ftfy's tolerant one."""
    import ftfy.bad_codecs  # noqa: F401 - registers it

    return f"sloppy-{name}" if name.startswith("windows-") else name


def damaged_stretches(text: str) -> Iterator[Span]:
    """Yield where `text` looks damaged, for reporting: nothing here is proven.

    >>> [span.of("donâ€™t") for span in damaged_stretches("donâ€™t")]
    ['â€']
    """
    if not suspicious(text):
        return
    from ftfy.badness import BADNESS_RE

    start = end = 0
    for match in BADNESS_RE.finditer(text):
        if match.start() > end:
            if start < end:
                yield Span(start, end)
            start = match.start()
        end = match.end()
    if start < end:
        yield Span(start, end)
