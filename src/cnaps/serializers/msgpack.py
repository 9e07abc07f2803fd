r"""Values and documents as MessagePack: small and fast, for programs.

>>> from cnaps import ModelRef
>>> from cnaps.serializers import msgpack
>>> data = msgpack.dumps(ModelRef("Restormer"))
>>> data[:15]
b'\x85\xa4type\xa8ModelRef'
>>> msgpack.loads(data)
ModelRef(name='Restormer', paper=None, github=None)

`dumps_all`, `loads_all`, `dump_all` and `load_all` are for any number of them, one after the other:

>>> [model.name for model in msgpack.loads_all(data + data)]
['Restormer', 'Restormer']

Needs msgpack (the extra `msgpack`). The format is described at https://msgpack.org/.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final, cast

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
_TEXT = "not MessagePack: it is text"
_LARGEST = 2**31 - 1  # bytes of a value in a stream
_AHEAD = 1 << 16  # bytes that are read at a time
# Items of a list or an object in a stream, for which older versions of msgpack make room at once.
# Elsewhere there cannot be more than there are bytes.
_MOST = 1 << 24


def _extension(code: int, _data: bytes) -> Literal:
    return Literal(f"extension type {code}")


_OPTIONS: dict[str, Any] = {
    "object_pairs_hook": tuple,
    "ext_hook": _extension,
    # A number as a key is one more unknown key.
    "strict_map_key": False,
    # Bytes that are not UTF-8 become lone surrogates, which no UTF-8 stands for.
    "unicode_errors": "surrogateescape",
}


_LIMITS = {"max_array_len": _MOST, "max_map_len": _MOST}


_STRICT = _OPTIONS | {"unicode_errors": "strict"}


def _encode(raw: dict[str, Any]) -> bytes:
    try:
        return cast("bytes", msgpack.packb(raw))
    except UnicodeEncodeError:
        raise unencodable(raw, _NAME) from None


def _decode(data: str | bytes) -> object:
    if isinstance(data, str):
        raise MalformedError(_TEXT)
    if not isinstance(data, bytes):
        raise TypeError(f"expected str or bytes, not {type(data).__name__}")
    try:
        return _unpacked(data)
    except _ERRORS as error:
        raise _malformed(error) from None


def _unpacked(data: bytes) -> object:
    try:
        return cast("object", msgpack.unpackb(data, **_STRICT))
    except UnicodeDecodeError:
        return _checked(msgpack.unpackb(data, **_OPTIONS))


_ERRORS = (ValueError, MemoryError, msgpack.UnpackException)


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


class _Counted:
    """A file that counts the bytes which are read of it."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        self.count = 0

    def read(self, size: int) -> bytes:
        data = self.file.read(size)
        self.count += len(data)
        return data


def _split(file: IO[bytes]) -> Iterator[tuple[str, object]]:
    if isinstance(file.read(0), str):
        yield "value 1", MalformedError(_TEXT)
        return
    source = _Counted(file)
    unpacker = msgpack.Unpacker(
        source, read_size=_AHEAD, max_buffer_size=_LARGEST, **_LIMITS, **_OPTIONS
    )
    number = 0
    while True:
        number += 1
        start = unpacker.tell()
        try:
            raw = unpacker.unpack()
        except _ERRORS as error:
            # At the end of the stream there is nothing more, or the beginning of a value.
            if not isinstance(error, msgpack.OutOfData) or source.count > start:
                yield f"value {number}", _malformed(error)
            return
        yield f"value {number}", raw


def _given(data: object) -> object:
    if isinstance(data, MalformedError):
        raise data
    return _checked(data)


FORMAT = Format(_NAME, _encode, _decode)
_STREAM = Stream(evolve(FORMAT, decode=_given), bytes, _split, b"")

dumps: Final = FORMAT.dumps
loads: Final = FORMAT.loads
dump: Final = FORMAT.dump
load: Final = FORMAT.load
dumps_all: Final = _STREAM.dumps
loads_all: Final = _STREAM.loads
dump_all: Final = _STREAM.dump
load_all: Final = _STREAM.load
