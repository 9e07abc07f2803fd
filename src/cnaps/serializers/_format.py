"""A format: the four functions that its module offers, around the two that make it.

What a format adds is how plain data becomes text or bytes, and how these become plain data again;
labels, structure, errors and files are the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from attrs import frozen

from cnaps.errors import Problem, SchemaError
from cnaps.serializers._envelope import Item, OnNotice, T, unwrap, wrap
from cnaps.serializers._io import Source, Target, name_of, read_from, write_to
from cnaps.serializers._surrogates import unencodable

if TYPE_CHECKING:
    from os import PathLike

__all__ = ["Format", "MalformedError", "as_bytes", "as_text"]

D = TypeVar("D", str, bytes)


class MalformedError(ValueError):
    """Data that is not of the format at all; the message says why."""


def as_text(data: str | bytes) -> str:
    """Return data as text, without a byte order mark.

    Raises MalformedError if it is not UTF-8, and TypeError if it is neither str nor bytes.
    """
    # Asked one after the other, this takes a third of the time.
    if isinstance(data, str):
        text = data
    elif isinstance(data, bytes):
        text = _decoded(data)
    else:
        raise TypeError(f"expected str or bytes, not {type(data).__name__}")
    return text.removeprefix("\ufeff")


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        message = f"not UTF-8: byte 0x{error.object[error.start]:02x} at offset {error.start}"
        raise MalformedError(message) from None


@frozen
class Format(Generic[D]):
    """A format that holds one value or document.

    Attributes:
        name: What errors call it.
        encode: Turns plain data into text or bytes; raises RenderError where it cannot.
        decode: Turns text or bytes into plain data, objects as dicts or as pairs; raises
            MalformedError.
        encode_fast: Turns a value or a document into text or bytes, or into None where that takes
            the other way; None where there is no such way.
        decode_fast: Turns text or bytes into what they stand for, or into None where that takes a
            closer look; None where there is no such way.
    """

    name: str
    encode: Callable[[dict[str, Any]], D]
    decode: Callable[[str | bytes], object]
    encode_fast: Callable[[Item], D | None] | None = None
    decode_fast: Callable[[str | bytes], Item | None] | None = None

    def dumps(self, item: Item) -> D:
        """Return a value or a document in this format.

        Args:
            item: One of the value classes of cnaps, or a Document.

        Raises:
            RenderError: The format cannot hold a character of it; the error names the field.
            TypeError: The item is neither a value nor a document.
        """
        data = self.encode_fast(item) if self.encode_fast is not None else None
        return self.encode(wrap(item)) if data is None else data

    @overload
    def loads(
        self, data: str | bytes, type: None = None, *, on_notice: OnNotice | None = None
    ) -> Item: ...
    @overload
    def loads(
        self, data: str | bytes, type: type[T], *, on_notice: OnNotice | None = None
    ) -> T: ...
    def loads(
        self,
        data: str | bytes,
        type: type[T] | None = None,  # noqa: A002
        *,
        on_notice: OnNotice | None = None,
    ) -> T:
        """Return the value or the document that data in this format stands for.

        Args:
            data: The data. Bytes of a text format must be UTF-8; a byte order mark is skipped.
            type: The class that it must be of, or None for any.
            on_notice: Called with a `cnaps.errors.Notice` for each thing that changed because the
                data is of an older or a newer version of the schema. Without it, what is passed
                over is a `cnaps.SchemaWarning`.

        Raises:
            SchemaError: The data is not of this format, or is no value or document of this type.
            TypeError: The data is neither str nor bytes, or the type is no class of cnaps.
        """
        return self.read(data, type, on_notice)

    def dump(self, item: Item, file: Target) -> None:
        """Write a value or a document to a file in this format, and a line end behind text.

        Args:
            item: As for `dumps`.
            file: A path: the file then holds all of it or is as it was, and keeps its permissions.
                Or an open file.

        Raises:
            OSError: The file cannot be written.
            RenderError: As for `dumps`.
            TypeError: As for `dumps`.
        """
        write_to(file, [as_bytes(self.dumps(item), item, self.name)])

    @overload
    def load(
        self, file: Source, type: None = None, *, on_notice: OnNotice | None = None
    ) -> Item: ...
    @overload
    def load(self, file: Source, type: type[T], *, on_notice: OnNotice | None = None) -> T: ...
    def load(
        self,
        file: Source,
        type: type[T] | None = None,  # noqa: A002
        *,
        on_notice: OnNotice | None = None,
    ) -> T:
        """Return the value or the document in a file of this format.

        Args:
            file: A path or an open file.
            type: As for `loads`.
            on_notice: As for `loads`.

        Raises:
            OSError: The file cannot be read.
            SchemaError: As for `loads`; it names the file.
            TypeError: The type is no class of cnaps.
        """
        return self.read(read_from(file), type, on_notice, name_of(file))

    def read(
        self,
        data: str | bytes,
        kind: type[T] | None,
        on_notice: OnNotice | None = None,
        path: str | PathLike[str] | None = None,
    ) -> T:
        """Do what `loads` does; errors name the file at `path`."""
        if self.decode_fast is not None:
            item: Any = self.decode_fast(data)
            if item is not None and (kind is None or type(item) is kind):
                return item  # type: ignore[no-any-return]
        try:
            raw = self.decode(data)
            return unwrap(raw, kind, format=self.name, path=path, on_notice=on_notice)
        except MalformedError as error:
            reason = str(error)
        except RecursionError:
            reason = "nested too deeply"
        raise SchemaError((Problem("", reason),), format=self.name, path=path)


def as_bytes(data: str | bytes, item: Item, format: str) -> bytes:  # noqa: A002
    """Return what a file holds: text ends in a line end, and is UTF-8."""
    if isinstance(data, bytes):
        return data
    try:
        return (data if data.endswith("\n") else f"{data}\n").encode()
    except UnicodeEncodeError:
        raise unencodable(wrap(item), format) from None
