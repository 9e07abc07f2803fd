"""What `cnaps convert` does: from any format that can be read to any that can be written."""

# ruff: noqa: PTH100, PTH110, PTH112 - those of pathlib raise where a folder may not be entered

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache, partial
from importlib import import_module
from io import BytesIO
from itertools import chain, count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast, get_args

from attrs import frozen

from cnaps import exports
from cnaps._files import replacing, write_atomically
from cnaps.cli.paths import files_below
from cnaps.cli.report import Status, counted, failed
from cnaps.cli.terminal import Screen, print_failure, progress
from cnaps.cli.usage import UsageError
from cnaps.dialects import dialect_named
from cnaps.document import Document, read
from cnaps.errors import CnapsError, SchemaError
from cnaps.exports._chat import Split
from cnaps.frames import visible
from cnaps.pairing import pair_files
from cnaps.rendering import render
from cnaps.values import Answer, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from cnaps.errors import Notice
    from cnaps.exports._chat import Row, Style
    from cnaps.serializers._envelope import Item

__all__ = ["ENDINGS", "Input", "Wanted", "convert", "format_of", "plan"]

# The endings of each format; its files get the first one.
ENDINGS: Mapping[str, tuple[str, ...]] = {
    "text": (".txt", ".md"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson"),
    "yaml": (".yaml", ".yml"),
    "toml": (".toml",),
    "msgpack": (".msgpack", ".mpk"),
    "bibtex": (".bib",),
    "csl-json": (".csl.json",),
    "ris": (".ris",),
    # These two look like any JSON Lines, and have to be asked for.
    "chat": (),
    "sharegpt": (),
}
_SERIALIZED = frozenset({"json", "jsonl", "yaml", "toml", "msgpack"})


class _Stream(NamedTuple):
    """A format of which a file can hold any number of items.

    Attributes:
        dump: The function that writes them.
        load: The function that reads them.
        record: What one of them is called.
    """

    dump: str
    load: str
    record: str


_STREAMS: Mapping[str, _Stream] = {
    "jsonl": _Stream("dump", "load", "line"),
    "yaml": _Stream("dump_all", "load_all", "document"),
    "msgpack": _Stream("dump_all", "load_all", "value"),
}
_BIBLIOGRAPHIES: dict[str, Callable[..., str]] = {
    "bibtex": exports.bibtex,
    "csl-json": exports.csl_json,
    "ris": exports.ris,
}
_CHATS: dict[str, Style] = {"chat": "messages", "sharegpt": "sharegpt"}

# A folder may well hold a README.md.
_IN_FOLDERS = {**ENDINGS, "text": (".txt",)}
# What else a file may look like that is written: other programs want these endings.
_ALSO_LIKE = {
    "jsonl": ("json",),
    "csl-json": ("json",),
    **dict.fromkeys(_CHATS, ("jsonl", "json")),
}


def format_of(path: Path) -> str | None:
    """Return the format that the ending of a file stands for, or None.

    >>> format_of(Path("works.csl.json")), format_of(Path("q1.JSON")), format_of(Path("q1"))
    ('csl-json', 'json', None)
    """
    file = path.name.lower()
    fitting = [
        (len(ending), name)
        for name, endings in ENDINGS.items()
        for ending in endings
        if file.endswith(ending)
    ]
    return max(fitting)[1] if fitting else None


class Input(NamedTuple):
    """A file to convert.

    Attributes:
        path: The file.
        place: Its path below the folder that was named, or its name.
        written_in: Its format.
    """

    path: Path
    place: Path
    written_in: str


@frozen
class Wanted:
    """What to make of the files.

    Attributes:
        to: The format to write.
        target: The file or the folder to write to.
        into_folder: Whether it is a folder.
        as_stream: Whether it is a file that holds any number of items.
        dialect: The wording of text, or None for the newest.
        lossless: Whether to keep of text files what their values do not say.
        split: How to split prompts between system and user.
    """

    to: str
    target: Path
    into_folder: bool = False
    as_stream: bool = False
    dialect: str | None = None
    lossless: bool = False
    split: Split = "user"


# --- what is asked for ----------------------------------------------------------------------------


def plan(
    sources: list[Path],
    target: Path,
    *,
    to: str | None,
    from_: str,
    dialect: str | None,
    lossless: bool,
    split: Split | None,
) -> tuple[list[Input | OSError], Wanted]:
    """Return the files to read and what to make of them; raise UsageError if it makes no sense."""
    if not sources:
        raise UsageError("convert takes files or folders to read, and after them what to write")
    to = to or format_of(target)
    if to is None:
        known = ", ".join(ending for endings in ENDINGS.values() for ending in endings)
        raise UsageError(f"{target} has none of the endings {known}; --to says the format")
    _check_options(to, dialect, split, lossless=lossless)
    inputs = list(_inputs(sources, target, from_))
    if not inputs:
        where = ", ".join(map(str, sources))
        raise UsageError(f"there are no {from_} files in {where}; --from says what to read")
    several = (
        len(sources) > 1
        or any(map(os.path.isdir, [*sources, target]))
        or any(isinstance(found, Input) and _holds_several(found) for found in inputs)
    )
    as_stream = to == "jsonl" or (
        several and to in _STREAMS and format_of(target) == to and not os.path.isdir(target)
    )
    into_folder = several and not as_stream and to not in _WRITERS
    _check_target(target, to, into_folder=into_folder)
    if into_folder:
        _check_places(inputs)
    wanted = Wanted(to, target, into_folder, as_stream, dialect, lossless, split or "user")
    return inputs, wanted


def _holds_several(found: Input) -> bool:
    """Tell whether a file holds more than one item; JSON Lines are for any number, even one."""
    if found.written_in == "jsonl" or found.written_in not in _STREAMS:
        return found.written_in == "jsonl"
    wrong: list[SchemaError] = []
    try:
        items = list(islice(_items(found, on_error=wrong.append), 2))
    except OSError:  # to be told where it is read
        return False
    return len(items) + len(wrong) > 1


def _check_options(to: str, dialect: str | None, split: Split | None, *, lossless: bool) -> None:
    if dialect is not None and to != "text":
        raise UsageError(f"--dialect is the wording of text; {to} has none")
    if split is not None and to not in _CHATS:
        raise UsageError(f"--split is for --to {' and --to '.join(_CHATS)}, not for {to}")
    if split is None and to in _CHATS:
        raise UsageError(f"--to {to} needs a --split: {', '.join(get_args(Split))}")
    if lossless and to not in {"text", *_SERIALIZED}:
        raise UsageError(f"--lossless is for values and text; {to} takes from them what it needs")


def _check_target(target: Path, to: str, *, into_folder: bool) -> None:
    if os.path.isdir(target):
        return
    like = format_of(target)
    if into_folder and (like is not None or os.path.exists(target)):
        raise UsageError(
            f"{target} is no folder, and a file of {to} holds only one prompt or answer:"
            " name a folder, and the format with --to"
        )
    if like not in {None, to, *_ALSO_LIKE.get(to, ())}:
        # Somebody may have left it out, and then it is the last one of the files to read.
        raise UsageError(f"OUT is {target}, which looks like {like}, and --to says {to}")


def _check_places(inputs: Iterable[Input | OSError]) -> None:
    """See to it that no file is written twice."""
    places: dict[Path, Path] = {}
    for found in inputs:
        if isinstance(found, Input):
            other = places.setdefault(_stem(found), found.path)
            if other != found.path:
                raise UsageError(f"{other} and {found.path} would become the same file")


def _inputs(sources: Iterable[Path], target: Path, from_: str) -> Iterator[Input | OSError]:
    """Yield the files that paths stand for; those in a folder if they are of the format."""
    seen: set[Path] = set()
    for source in sources:
        for found in _below(source, target, from_) if os.path.isdir(source) else [source]:
            if isinstance(found, OSError):
                yield found
            elif found not in seen:
                seen.add(found)
                place = Path(found.name) if found is source else found.relative_to(source)
                yield Input(found, place, format_of(found) or from_)


def _below(folder: Path, target: Path, from_: str) -> Iterator[Path | OSError]:
    """Yield the files of a format in a folder, but none that an earlier run may have written."""
    written = Path(os.path.abspath(target))
    if written == Path(os.path.abspath(folder)):
        written = Path()
    for found in files_below(folder, _IN_FOLDERS[from_]):
        if isinstance(found, OSError):
            yield found
        elif format_of(found) == from_:
            path = Path(os.path.abspath(found))
            if written not in {path, *path.parents}:
                yield found


def _stem(found: Input) -> Path:
    """Return the place of a file without its ending."""
    name = found.place.name
    endings = ENDINGS[format_of(found.place) or "text"]
    ending = next((ending for ending in endings if name.lower().endswith(ending)), "")
    return found.place.with_name(name[: len(name) - len(ending)] or name)


# --- what comes of it -----------------------------------------------------------------------------


class UnsuitableError(CnapsError):
    """An item that the format that is wanted is not for, or a file that none is made of."""


class _Refusals:
    """Tells on stderr what could not be converted, and keeps count."""

    def __init__(self) -> None:
        self.screen = Screen(sys.stderr)
        self.count = 0
        self.status = Status.CLEAN

    def __call__(self, path: Path, reason: CnapsError | OSError) -> None:
        if isinstance(reason, SchemaError):  # it would name the file once more
            reason = SchemaError(reason.problems, format=reason.format)
        failure = failed(reason)
        print_failure(self.screen, path, failure)
        self.count += 1
        self.status = max(self.status, failure.status)

    def note(self, path: Path, notice: Notice) -> None:
        """Tell what of a file is passed over; that it is of an older version is of no interest."""
        if notice.path != "schema_version":
            self.screen.say((f"{visible(str(path))}: ", "bold"), "note ", visible(str(notice)))


def convert(inputs: list[Input | OSError], wanted: Wanted) -> Status:
    """Convert files; what cannot be converted is told on stderr, and the rest goes on.

    Where nothing can be, nothing is written. Raises ModuleNotFoundError where a library is missing.
    """
    formats = {found.written_in for found in inputs if isinstance(found, Input)}
    for name in _SERIALIZED & {wanted.to, *formats}:
        _serializer(name)  # before anything is written
    refuse = _Refusals()
    write = _write_stream if wanted.as_stream else _WRITERS.get(wanted.to, _write_files)
    try:
        written = write(inputs, wanted, refuse)
    except OSError as error:  # each input has been seen to, so this is about the target
        refuse(wanted.target, error)
        written = ""
    if written or refuse.count > 1:
        refused = f", {refuse.count:,} refused" if refuse.count else ""
        Screen(sys.stdout).say(f"wrote {written or 'nothing'}{refused}")
    return refuse.status


def _write_files(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a file for each item; return in words what was written."""
    written: set[Path] = set()
    for found in _read(inputs, wanted, refuse):
        target = wanted.target
        if wanted.into_folder:
            target /= found.stem.with_name(found.stem.name + ENDINGS[wanted.to][0])
        try:
            data = _encoded(found.item, wanted)
            if target in written:
                name = visible(str(target))
                raise UnsuitableError(f"it would become {name}, as another one has")
        except CnapsError as error:
            found.refused(refuse, error)
            continue
        try:
            if wanted.into_folder:
                target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, data)
            written.add(target)
        except OSError as error:
            refuse(target, error)
    if wanted.into_folder and written:
        return f"{counted(len(written), 'file')} to {visible(str(wanted.target))}"
    return "".join(visible(str(target)) for target in written)


def _write_stream(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a record for each item, holding no more than a few of them at a time."""
    records = _encoded_each(inputs, wanted, refuse)
    first = next(records, None)
    if first is None:
        return ""
    total = 0
    with replacing(wanted.target) as write:
        for record in chain([first], records):
            write(record)
            total += 1
    return f"{counted(total, _STREAMS[wanted.to].record)} to {visible(str(wanted.target))}"


def _encoded_each(
    inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals
) -> Iterator[bytes]:
    for found in _read(inputs, wanted, refuse):
        try:
            yield _encoded(found.item, wanted)
        except CnapsError as error:
            found.refused(refuse, error)


def _write_bibliography(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write the works that all items cite."""
    export = _BIBLIOGRAPHIES[wanted.to]
    items = []
    for found in _read(inputs, wanted, refuse):
        try:
            if isinstance(found.item, Question | Workflow):
                raise UnsuitableError(
                    f"it holds a {type(found.item).__name__}, which cites nothing"
                )
            export(found.item)  # so that one that cannot be exported does not cost the others
            items.append(found.item)
        except CnapsError as error:
            found.refused(refuse, error)
    if not items:
        return ""
    write_atomically(wanted.target, export(*items).encode())
    return f"the works of {counted(len(items), 'item')} to {visible(str(wanted.target))}"


def _write_chat(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a row for each prompt with each of its answers."""
    files = {found.path: found for found in _named(inputs, refuse)}
    found = pair_files(files)
    for path, reason in found.alone:
        refuse(path, UnsuitableError(reason))

    @lru_cache(maxsize=1)  # the pairs of a prompt with several answers follow one another
    def asked_in(prompt: Path) -> Document | PromptSpec | Answer | None:
        return _half(files[prompt], refuse)

    rows: list[Row] = []
    for prompt, answer in progress(found.pairs, refuse.screen):
        asked, given = asked_in(prompt), _half(files[answer], refuse)
        if asked is None or given is None:
            continue
        chat = exports.chat([(asked, given)], split=wanted.split, style=_CHATS[wanted.to])
        rows += chat.rows
        for refused in chat.refused:
            reason = f"{refused.reason}; the prompt is {visible(str(prompt))}"
            refuse(answer, UnsuitableError(reason))
    if not rows:
        return ""
    exports.Chat(tuple(rows), ()).dump(wanted.target)
    return f"{counted(len(rows), 'row')} to {visible(str(wanted.target))}"


def _named(inputs: list[Input | OSError], refuse: _Refusals) -> Iterator[Input]:
    """Yield the inputs of which the name says something about what they hold."""
    for found in _there(inputs, refuse):
        if found.written_in == "jsonl":
            reason = "its records have no names that would tell which of them are pairs"
            refuse(found.path, UnsuitableError(reason))
        else:
            yield found


def _half(found: Input, refuse: _Refusals) -> Document | PromptSpec | Answer | None:
    """Return what a file has to say to a pair, or None where it has nothing."""
    try:
        return _whole(_loaded(found, refuse, lossless=True))
    except (CnapsError, OSError) as error:
        refuse(found.path, error)
        return None


_Writer: TypeAlias = Callable[[list[Input | OSError], Wanted, _Refusals], str]
_WRITERS: dict[str, _Writer] = {
    **dict.fromkeys(_BIBLIOGRAPHIES, _write_bibliography),
    **dict.fromkeys(_CHATS, _write_chat),
}


# --- reading --------------------------------------------------------------------------------------


class _Found(NamedTuple):
    """What a file holds.

    Attributes:
        path: The file.
        stem: What a file with the item alone is called, without its ending.
        item: A value or a document.
        record: The number of the item in a file that holds several.
    """

    path: Path
    stem: Path
    item: Item
    record: int | None = None

    def refused(self, refuse: _Refusals, error: CnapsError) -> None:
        """Tell why the item cannot be converted."""
        place = "" if self.record is None else f"record {self.record:,}: "
        refuse(self.path, UnsuitableError(f"{place}{error}"))


def _there(inputs: Iterable[Input | OSError], refuse: _Refusals) -> Iterator[Input]:
    """Yield the inputs; a folder that cannot be listed is told."""
    for found in inputs:
        if isinstance(found, OSError):
            refuse(Path(found.filename), found)
        else:
            yield found


def _read(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> Iterator[_Found]:
    """Yield what the files hold, as they are read."""
    for found in _there(progress(inputs, refuse.screen), refuse):
        try:
            if found.written_in in _STREAMS:
                yield from _records(found, refuse)
            else:
                item = _loaded(found, refuse, lossless=wanted.lossless)
                yield _Found(found.path, _stem(found), item)
        except (CnapsError, OSError) as error:
            refuse(found.path, error)


def _records(found: Input, refuse: _Refusals) -> Iterator[_Found]:
    """Yield the records of a file; those that are wrong count as well."""
    path, stem = found.path, _stem(found)
    numbers = count(1)

    def tell(error: SchemaError) -> None:
        next(numbers)
        refuse(path, error)

    items = _items(found, on_error=tell, on_notice=partial(refuse.note, path))
    numbered = ((next(numbers), item) for item in items)
    first = list(islice(numbered, 2))
    total = len(first) if len(first) > 1 else next(numbers) - 1
    if not total:
        raise UnsuitableError("the input is empty")
    if total == 1 and found.written_in != "jsonl":  # a file like one of any other format
        yield from (_Found(path, stem, item) for _, item in first)
        return
    for number, item in chain(first, numbered):
        yield _Found(path, stem.with_name(f"{stem.name}-{number}"), item, number)


def _items(
    found: Input,
    on_error: Callable[[SchemaError], object],
    on_notice: Callable[[Notice], object] | None = None,
) -> Iterator[Item]:
    load = getattr(_serializer(found.written_in), _STREAMS[found.written_in].load)
    return cast("Iterator[Item]", load(found.path, on_error=on_error, on_notice=on_notice))


def _loaded(found: Input, refuse: _Refusals, *, lossless: bool) -> Item:
    if found.written_in in _SERIALIZED:
        load = _serializer(found.written_in).load
        return cast("Item", load(found.path, on_notice=partial(refuse.note, found.path)))
    if found.written_in != "text":
        raise UnsuitableError(f"{found.written_in} can be written, but not read")
    document = read(found.path)
    return document if lossless else document.value


# --- writing --------------------------------------------------------------------------------------


def _encoded(item: Item, wanted: Wanted) -> bytes:
    """Return what a file with this item alone holds, or the record of it in a stream."""
    if wanted.to == "text":
        return _as_text(item, wanted.dialect)
    file = BytesIO()
    dump = _STREAMS[wanted.to].dump if wanted.as_stream else "dump"
    indent = {"indent": 2} if wanted.to == "json" else {}
    getattr(_serializer(wanted.to), dump)(item, file, **indent)
    return file.getvalue()


def _as_text(item: Item, dialect: str | None) -> bytes:
    if isinstance(item, Document) and dialect in {None, item.dialect}:
        return item.to_bytes()
    whole = _whole(item)
    value = whole.value if isinstance(whole, Document) else whole
    if dialect is not None and not isinstance(value, dialect_named(dialect).type):
        kind = "a prompt" if isinstance(value, PromptSpec) else "an answer"
        raise UnsuitableError(f"it holds {kind}, which {dialect} cannot")
    return render(value, dialect).encode()


def _whole(item: Item) -> Document | PromptSpec | Answer:
    """Return an item; raise UnsuitableError where it is no whole prompt or answer."""
    if isinstance(item, Document | PromptSpec | Answer):
        return item
    raise UnsuitableError(f"it holds a {type(item).__name__}, which is only part of a file")


def _serializer(name: str) -> Any:
    return import_module(f"cnaps.serializers.{name}")
