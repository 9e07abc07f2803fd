r"""Values and documents as MessagePack: small and fast, for programs.

>>> from cnaps import ModelRef
>>> from cnaps.serializers import msgpack
>>> data = msgpack.dumps(ModelRef("Restormer"))
>>> data[:14]
b'\x85\xa4type\xa8ModelRef'
>>> msgpack.loads(data)
ModelRef(name='Restormer', paper=None, github=None)

`dumps_all`, `loads_all`, `dump_all` and `load_all` are for any number of them, one after the other:

>>> [model.name for model in msgpack.loads_all(data + data)]
['Restormer', 'Restormer']

Needs msgpack (the extra `msgpack`). The format is described at https://msgpack.org/.
"""

from __future__ import annotations

from itertools import count
from typing import IO, TYPE_CHECKING, Any, cast

from attrs import evolve

from cnaps._extras import needs
from cnaps.serializers._format import Format, MalformedError
from cnaps.serializers._shapes import Literal
from cnaps.serializers._streams import Stream
from cnaps.serializers._surrogates import unencodable

with needs("msgpack", "cnaps.serializers.msgpack"):
    import msgpack  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["dump", "dump_all", "dumps", "dumps_all", "load", "load_all", "loads", "loads_all"]

_NAME = "msgpack"
_LARGEST = 2**31 - 1  # bytes of a value in a stream
_OPTIONS: dict[str, Any] = {
    "object_pairs_hook": tuple,
    # A number as a key is one more unknown key.
    "strict_map_key": False,
    # Bytes that are not UTF-8 become lone surrogates, which no UTF-8 stands for.
    "unicode_errors": "surrogateescape",
}


def _encode(raw: dict[str, Any]) -> bytes:
    try:
        return cast("bytes", msgpack.packb(raw))
    except UnicodeEncodeError:
        raise unencodable(raw, _NAME) from None


def _decode(data: str | bytes) -> object:
    if isinstance(data, str):
        message = "not MessagePack: it is text"
        raise MalformedError(message)
    try:
        return _checked(msgpack.unpackb(data, **_OPTIONS))
    except (ValueError, msgpack.UnpackException) as error:
        raise _malformed(error) from None


def _malformed(error: Exception) -> MalformedError:
    reasons: dict[type[Exception], str] = {
        msgpack.ExtraData: "there is more behind the first value; loads_all reads several",
        msgpack.FormatError: "there is a byte that starts nothing",
        msgpack.StackError: "it is nested too deeply",
    }
    reason = reasons.get(type(error), "it ends in the middle")
    return MalformedError(f"not MessagePack: {reason}")


def _checked(raw: Any) -> Any:
    """Return data with, in place of every text that is not UTF-8, something that is no text."""
    if isinstance(raw, tuple):
        return tuple((_checked(key), _checked(item)) for key, item in raw)
    if isinstance(raw, list):
        return [_checked(item) for item in raw]
    if isinstance(raw, str):
        try:
            raw.encode()
        except UnicodeEncodeError:
            return Literal("text that is not UTF-8")
    return raw


def _split(file: IO[bytes]) -> Iterator[tuple[str, object]]:
    unpacker = msgpack.Unpacker(file, max_buffer_size=_LARGEST, **_OPTIONS)
    for number in count(1):
        try:
            yield f"value {number}", _checked(unpacker.unpack())
        except msgpack.OutOfData:
            if unpacker.read_bytes(1):
                yield f"value {number}", _malformed(ValueError())
            return
        except (ValueError, msgpack.UnpackException) as error:
            yield f"value {number}", _malformed(error)
            return


def _given(data: object) -> object:
    if isinstance(data, MalformedError):
        raise data
    return data


FORMAT = Format(_NAME, _encode, _decode)
_STREAM = Stream(evolve(FORMAT, decode=_given), bytes, _split, b"")

dumps = FORMAT.dumps
loads = FORMAT.loads
dump = FORMAT.dump
load = FORMAT.load
dumps_all = _STREAM.dumps
loads_all = _STREAM.loads
dump_all = _STREAM.dump
load_all = _STREAM.load
