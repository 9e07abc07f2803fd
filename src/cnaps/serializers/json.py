r"""Values as JSON.

>>> from cnaps import ModelRef
>>> from cnaps.serializers import json
>>> text = json.dumps(ModelRef("Café"), indent=None)
>>> text
'{"type":"ModelRef","schema_version":"1.0","name":"Café","paper":null,"github":null}'
>>> json.loads(text)
ModelRef(name='Café', paper=None, github=None)

Whatever is wrong with the input is one `cnaps.SchemaError`, which lists all of it:

>>> json.loads('{"type": "ModelRef", "schema_version": "1.0", "nam": "Café", "paper": 3}')
Traceback (most recent call last):
    ...
cnaps.errors.SchemaError: 3 problems in this json:
  - unknown key 'nam' (did you mean 'name'?)
  - paper: expected str or null, got 3
  - missing key 'name'
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, overload

from attrs import frozen

from cnaps._files import write_atomically
from cnaps.errors import Problem, RenderError, SchemaError
from cnaps.serializers._envelope import unwrap, wrap
from cnaps.serializers._shapes import Repeated, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

__all__ = ["dump", "dumps", "load", "loads"]

V = TypeVar("V", bound=Value)

_FORMAT = "json"


def dumps(value: Value, *, indent: int | None = 2) -> str:
    r"""Return a value as a JSON document.

    Non-ASCII characters stay as they are. Lone surrogates are escaped, so that the text can be
    encoded; only a high surrogate directly before a low one cannot be told from the character
    that the two stand for, and there the low one stays as it is.

    Args:
        value: One of the value classes of cnaps.
        indent: How far to indent each level; None puts all on one line, without spaces.

    Raises:
        TypeError: The value is not one of the value classes, or holds a subclass of them.

    >>> from cnaps import Question
    >>> print(dumps(Question("Which model removes rain?")))
    {
      "type": "Question",
      "schema_version": "1.0",
      "text": "Which model removes rain?"
    }
    """
    text = json.dumps(
        wrap(value),
        ensure_ascii=False,
        check_circular=False,
        indent=indent,
        separators=(",", ":") if indent is None else None,
    )
    # Encoding is many times faster than a search for surrogates.
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE.sub(_escape, text)
    return text


@overload
def loads(data: str | bytes, type: None = None) -> Value: ...


@overload
def loads(data: str | bytes, type: type[V]) -> V: ...


def loads(data: str | bytes, type: type[V] | None = None) -> V:  # noqa: A002
    r"""Return the value of a JSON document.

    Args:
        data: The document; bytes must be UTF-8. A byte order mark is skipped.
        type: The class that the value must have, or None for any.

    Raises:
        SchemaError: The data is not JSON, or not a document of this type and schema.
        TypeError: The data is neither str nor bytes, or the type is not a value class.

    >>> from cnaps import ModelRef, Question
    >>> loads('{"type": "Question", "schema_version": "1.0", "text": "Which model removes rain?"}')
    Question(text='Which model removes rain?')
    >>> loads(dumps(ModelRef("Restormer")), Question)
    Traceback (most recent call last):
        ...
    cnaps.errors.SchemaError: type: expected 'Question', got 'ModelRef'
    """
    return _read(data, type)


def dump(value: Value, path: str | PathLike[str], *, indent: int | None = 2) -> None:
    r"""Write a value to a file as a JSON document in UTF-8, all of it or nothing.

    Args:
        value: One of the value classes of cnaps.
        path: The file; if it exists, it keeps its permissions.
        indent: As for `dumps`.

    Raises:
        OSError: The file cannot be written.
        RenderError: A text holds a high surrogate directly before a low one.
        TypeError: As for `dumps`.
    """
    text = dumps(value, indent=indent) + "\n"
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise _unwritable(value) from None
    write_atomically(path, data)


@overload
def load(path: str | PathLike[str], type: None = None) -> Value: ...


@overload
def load(path: str | PathLike[str], type: type[V]) -> V: ...


def load(path: str | PathLike[str], type: type[V] | None = None) -> V:  # noqa: A002
    """Return the value of the JSON document in a file.

    Args:
        path: The file.
        type: The class that the value must have, or None for any.

    Raises:
        OSError: The file cannot be read.
        SchemaError: As for `loads`; it names the file.
        TypeError: The type is not a value class.
    """
    return _read(Path(path).read_bytes(), type, path)


def _read(
    data: str | bytes,
    kind: type[V] | None,
    path: str | PathLike[str] | None = None,
) -> V:
    if not isinstance(data, str | bytes):
        raise TypeError(f"expected str or bytes, not {type(data).__name__}")
    try:
        text = data if isinstance(data, str) else data.decode()
        raw = _DECODER.decode(text.removeprefix("\ufeff"))
    except UnicodeDecodeError as error:
        reason = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}"
    except json.JSONDecodeError as error:
        reason = f"not JSON: {_told(error)}"
    except RecursionError:
        reason = "nested too deeply"
    else:
        return unwrap(raw, kind, format=_FORMAT, path=path)
    raise SchemaError((Problem("", reason),), format=_FORMAT, path=path)


def _told(error: json.JSONDecodeError) -> str:
    """Return what Python says about invalid JSON in the style of cnaps."""
    message = error.msg[0].lower() + error.msg[1:].removesuffix(" at")
    return f"{message} (line {error.lineno}, column {error.colno})"


@frozen(repr=False)
class _Number:
    """A number, or NaN, Infinity or -Infinity: no field takes one, so none is worked out.

    Python would refuse an integer of some thousand digits, with an error of its own.
    """

    literal: str

    def __repr__(self) -> str:
        return self.literal


def _object(pairs: list[tuple[str, object]]) -> dict[str, object] | Repeated:
    fields = dict(pairs)
    if len(fields) == len(pairs):
        return fields
    counts = Counter(key for key, _ in pairs)
    return Repeated(fields, tuple(key for key, count in counts.items() if count > 1))


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_Number,
    parse_float=_Number,
    parse_constant=_Number,
)

# A low surrogate that follows a high one is left out: escaped, the two would be read as one
# character. Where it stands unescaped, a reader keeps them apart.
_LONE = re.compile(r"[\ud800-\udbff]|(?<![\ud800-\udbff])[\udc00-\udfff]")
_PAIR = re.compile(r"[\ud800-\udbff][\udc00-\udfff]")


def _escape(surrogate: re.Match[str]) -> str:
    return f"\\u{ord(surrogate[0]):04x}"


def _unwritable(value: Value) -> RenderError:
    """Return the error for a value that holds a pair of surrogates, which no file can."""
    pairs = ((field, _PAIR.search(text)) for field, text in _texts(wrap(value), ""))
    field, pair = next((field, pair) for field, pair in pairs if pair)
    high, low = map(ord, pair[0])
    char = pair[0].encode("utf-16", "surrogatepass").decode("utf-16")
    return RenderError(
        f"U+{high:04X} U+{low:04X} at character {pair.start()} would be read as one character",
        field=field,
        dialect=_FORMAT,
        hint=f"write {char!r} (U+{ord(char):04X}) instead of the two",
    )


def _texts(raw: object, path: str) -> Iterator[tuple[str, str]]:
    """Yield every text in plain data with the path to it."""
    if isinstance(raw, str):
        yield path, raw
    elif isinstance(raw, dict):
        for key, item in raw.items():
            yield from _texts(item, f"{path}.{key}" if path else key)
    elif isinstance(raw, list):
        for number, item in enumerate(raw):
            yield from _texts(item, f"{path}[{number}]")
