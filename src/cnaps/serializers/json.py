r"""Values and documents as JSON.

>>> from cnaps import ModelRef
>>> from cnaps.serializers import json
>>> text = json.dumps(ModelRef("Café"))
>>> text
'{"type":"ModelRef","schema_version":"1.1","name":"Café","paper":null,"github":null}'
>>> json.loads(text)
ModelRef(name='Café', paper=None, github=None)

Whatever is wrong with the input is one `cnaps.SchemaError`, which lists all of it:

>>> json.loads('{"type": "ModelRef", "schema_version": "1.1", "nam": "Café", "paper": 3}')
Traceback (most recent call last):
    ...
cnaps.errors.SchemaError: 3 problems in this json:
  - unknown key 'nam' (did you mean 'name'?)
  - paper: expected str or null, got 3
  - missing key 'name'

The standard library is all that is needed. Where orjson and msgspec are installed (the extra
`fast`), prompts and answers go through them; results and errors are the same.
"""

from __future__ import annotations

import json
from json.scanner import make_scanner
from typing import TYPE_CHECKING, Any, Final

from cnaps.serializers._envelope import wrap
from cnaps.serializers._format import Format, MalformedError, as_bytes, as_text
from cnaps.serializers._io import write_to
from cnaps.serializers._shapes import Literal
from cnaps.serializers._surrogates import escaped

try:
    from cnaps.serializers import _fast
except ImportError:
    _fast = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from cnaps.serializers._envelope import Item
    from cnaps.serializers._io import Target

__all__ = ["dump", "dumps", "load", "loads"]


def dumps(item: Item, *, indent: int | None = None) -> str:
    r"""Return a value or a document as JSON.

    Non-ASCII characters stay as they are. Lone surrogates are escaped, so that the text can be
    encoded; only a high surrogate directly before a low one cannot be told from the character
    that the two stand for, and there the low one stays as it is.

    Args:
        item: One of the value classes of cnaps, or a Document.
        indent: How far to indent each level; None puts all on one line, without spaces.

    Raises:
        TypeError: The item is neither a value nor a document.

    >>> from cnaps import Question
    >>> print(dumps(Question("Which model removes rain?"), indent=2))
    {
      "type": "Question",
      "schema_version": "1.1",
      "text": "Which model removes rain?"
    }
    """
    text = _encode_fast(item, indent) if _encode_fast is not None else None
    return _encode(wrap(item), indent) if text is None else text


def dump(item: Item, file: Target, *, indent: int | None = None) -> None:
    r"""Write a value or a document to a file as JSON in UTF-8, with a line end.

    Args:
        item: One of the value classes of cnaps, or a Document.
        file: A path: the file then holds all of it or is as it was, and keeps its permissions.
            Or an open file.
        indent: As for `dumps`.

    Raises:
        OSError: The file cannot be written.
        RenderError: A text holds a high surrogate directly before a low one.
        TypeError: As for `dumps`.
    """
    write_to(file, [as_bytes(dumps(item, indent=indent), item, FORMAT.name)])


def _encode(raw: dict[str, Any], indent: int | None = None) -> str:
    text = json.dumps(
        raw,
        ensure_ascii=False,
        check_circular=False,
        indent=indent,
        separators=(",", ":") if indent is None else None,
    )
    # Encoding is many times faster than a search for surrogates.
    try:
        text.encode()
    except UnicodeEncodeError:
        return escaped(text)
    return text


def _decode(data: str | bytes) -> object:
    text = data if type(data) is str else as_text(data)
    try:
        # Nearly always nothing stands in front, and nothing behind but a line end.
        raw, end = _scan(text, 0)
        if end == len(text) or not text[end:].strip(_BLANKS):
            return raw
    except (StopIteration, json.JSONDecodeError):
        pass  # explained below, if a mark or blanks in front are not all of it
    try:
        return _DECODER.decode(as_text(data))
    except json.JSONDecodeError as error:
        message = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
        place = f"(line {error.lineno}, column {error.colno})"
        raise MalformedError(f"not JSON: {message} {place}") from None


_BLANKS = " \t\n\r"
_DECODER = json.JSONDecoder(
    object_pairs_hook=tuple,
    parse_int=Literal,
    parse_float=Literal,
    parse_constant=Literal,
)
_scan = make_scanner(_DECODER)  # type: ignore[arg-type] # of what is a decoder as well

_encode_fast = _fast.encode if _fast else None
FORMAT = Format("json", _encode, _decode, _encode_fast, _fast.decode if _fast else None)

loads: Final = FORMAT.loads
load: Final = FORMAT.load
