"""Streams: one value after the other, written and read without holding more than one of them."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import IO, TYPE_CHECKING, Any, Generic, cast, overload

from attrs import field, frozen, mutable

from cnaps.errors import Problem, SchemaError
from cnaps.serializers._envelope import is_item
from cnaps.serializers._format import D, Format, as_bytes
from cnaps.serializers._io import name_of, opened, write_to

if TYPE_CHECKING:
    from collections.abc import Iterable
    from contextlib import AbstractContextManager
    from os import PathLike

    from cnaps.errors import Notice
    from cnaps.serializers._envelope import Item, OnNotice, T
    from cnaps.serializers._io import Source, Target

__all__ = ["Stream"]

_MOST = 1_000  # problems that are kept until the end


@frozen
class Stream(Generic[D]):
    """A format that holds any number of values or documents.

    Attributes:
        record: The format of each.
        frame: Makes of its data what stands in the stream.
        split: Yields the place and the data of each in an open file, as it reads.
        empty: A stream of none.
    """

    record: Format[D]
    frame: Callable[[D], D]
    split: Callable[[IO[Any]], Iterator[tuple[str, Any]]]
    empty: D

    def dumps(self, items: Item | Iterable[Item]) -> D:
        """Return values and documents, one after the other.

        Args:
            items: Any number of them, or a single one.

        Raises:
            RenderError: The format cannot hold a character of one of them.
            TypeError: One of them is neither a value nor a document.
        """
        pieces = [self.frame(self.record.dumps(item)) for item in _several(items)]
        return cast("Any", self.empty).join(pieces)  # type: ignore[no-any-return]

    @overload
    def loads(
        self,
        data: str | bytes,
        type: None = None,
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[Item]: ...
    @overload
    def loads(
        self,
        data: str | bytes,
        type: type[T],
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[T]: ...
    def loads(
        self,
        data: str | bytes,
        type: type[T] | None = None,  # noqa: A002
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[Any]:
        """Yield what the records of a stream stand for; one that is wrong does not end it.

        Args:
            data: The stream. Bytes of a text format must be UTF-8.
            type: The class that each must be of, or None for any.
            on_error: Called with the error of each record that is wrong, which names its place.
                Without it, one error with all their problems is raised behind the last record.
            on_notice: Called with a `cnaps.errors.Notice` for each thing that changed because a
                record is of another version of the schema.

        Raises:
            SchemaError: Records are wrong, and there is no `on_error`. Beyond a thousand
                problems it only counts them.
            TypeError: The data is neither str nor bytes, or the type is no class of cnaps.
        """
        if not isinstance(data, str | bytes):
            raise TypeError(f"expected str or bytes, not {data.__class__.__name__}")
        # No character but \n ends a line: a value can hold any other one.
        file = io.StringIO(data, newline="\n") if isinstance(data, str) else io.BytesIO(data)
        return self._read(nullcontext(file), type, None, on_error, on_notice)

    def dump(self, items: Item | Iterable[Item], file: Target) -> None:
        """Write values and documents to a file, one after the other.

        Args:
            items: Any number of them, or a single one; an iterator is not read ahead.
            file: A path: the file then holds all of them or is as it was, and keeps its
                permissions. Or an open file.

        Raises:
            OSError: The file cannot be written.
            RenderError: As for `dumps`.
            TypeError: As for `dumps`.
        """
        name = self.record.name
        write_to(
            file,
            (as_bytes(self.frame(self.record.dumps(item)), item, name) for item in _several(items)),
        )

    @overload
    def load(
        self,
        file: Source,
        type: None = None,
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[Item]: ...
    @overload
    def load(
        self,
        file: Source,
        type: type[T],
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[T]: ...
    def load(
        self,
        file: Source,
        type: type[T] | None = None,  # noqa: A002
        *,
        on_error: Callable[[SchemaError], object] | None = None,
        on_notice: OnNotice | None = None,
    ) -> Iterator[Any]:
        """Yield what the records of a file stand for, as it is read.

        Args:
            file: A path, opened when the first is asked for, or an open file.
            type: As for `loads`.
            on_error: As for `loads`.
            on_notice: As for `loads`.

        Raises:
            OSError: The file cannot be read.
            SchemaError: As for `loads`; it names the file.
            TypeError: The type is no class of cnaps.
        """
        return self._read(opened(file), type, name_of(file), on_error, on_notice)

    def _read(
        self,
        source: AbstractContextManager[IO[Any]],
        kind: type[T] | None,
        path: str | PathLike[str] | None,
        on_error: Callable[[SchemaError], object] | None,
        on_notice: OnNotice | None,
    ) -> Iterator[Any]:
        bad = _Bad()
        tell = on_error or bad.keep
        with source as file:
            for place, data in self.split(file):
                notice = _placed(on_notice, place) if on_notice else None
                try:
                    item = self.record.read(data, kind, notice, path)
                except SchemaError as error:
                    problems = tuple(problem._replace(place=place) for problem in error.problems)
                    tell(SchemaError(problems, format=error.format, path=path))
                else:
                    yield item
        if bad.problems:
            raise SchemaError(bad.listed(), format=self.record.name, path=path)


@mutable
class _Bad:
    """The records that are wrong, until all have been read."""

    problems: list[Problem] = field(factory=list)
    more: int = 0

    def keep(self, error: SchemaError) -> None:
        room = max(0, _MOST - len(self.problems))
        self.problems += error.problems[:room]
        self.more += max(0, len(error.problems) - room)

    def listed(self) -> tuple[Problem, ...]:
        more = [Problem("", f"and {self.more:,} more problems")] if self.more else []
        return (*self.problems, *more)


def _placed(on_notice: OnNotice, place: str) -> OnNotice:
    def tell(notice: Notice) -> None:
        on_notice(notice._replace(place=place))

    return tell


def _several(items: Item | Iterable[Item]) -> Iterable[Item]:
    return (items,) if is_item(items) else cast("Iterable[Item]", items)
