"""What `cnaps convert` does: from any format that can be read to any that can be written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from importlib import import_module
from io import BytesIO
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, cast

from attrs import frozen

from cnaps import exports
from cnaps._files import replacing, write_atomically
from cnaps.cli.paths import files_below
from cnaps.cli.report import Failure, Status, counted, failed
from cnaps.cli.terminal import Screen, print_failure, progress
from cnaps.cli.usage import UsageError
from cnaps.dialects import dialect_named
from cnaps.document import Document, read
from cnaps.errors import CnapsError
from cnaps.exports._chat import Split
from cnaps.frames import visible
from cnaps.pairing import pair_files
from cnaps.rendering import render
from cnaps.values import Answer, PromptSpec

if TYPE_CHECKING:
    from cnaps.exports._chat import Style
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


# A folder may well hold a README.md.
_IN_FOLDERS = {**ENDINGS, "text": (".txt",)}


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
    """

    path: Path
    place: Path


@frozen
class Wanted:
    """What to make of the files.

    Attributes:
        to: The format to write.
        target: The file or the folder to write to.
        into_folder: Whether it is a folder.
        dialect: The wording of text, or None for the newest.
        lossless: Whether to keep of text files what their values do not say.
        split: How to split prompts between system and user.
    """

    to: str
    target: Path
    into_folder: bool = False
    dialect: str | None = None
    lossless: bool = False
    split: Split = "user"


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
        raise UsageError(f"{target.name} has none of the endings {known}; --to says the format")
    if dialect is not None and to != "text":
        raise UsageError(f"--dialect is the wording of text; {to} has none")
    if (split is None) == (to in _CHATS):
        raise UsageError(f"--split goes with --to {' and --to '.join(_CHATS)}, and they with it")
    if lossless and to in _WRITERS.keys() - {"jsonl"}:
        raise UsageError(f"--lossless is for serialised values; {to} takes what it needs")
    inputs = list(_inputs(sources, from_))
    into_folder = to not in _WRITERS and (
        target.is_dir()
        or len(sources) > 1
        or any(source.is_dir() or format_of(source) == "jsonl" for source in sources)
    )
    places: dict[Path, Path] = {}
    for found in inputs if into_folder else ():
        if isinstance(found, Input):
            other = places.setdefault(_without_ending(found.place), found.path)
            if other != found.path:
                raise UsageError(f"{other} and {found.path} would become the same file")
    return inputs, Wanted(to, target, into_folder, dialect, lossless, split or "user")


def _inputs(sources: Iterable[Path], from_: str) -> Iterator[Input | OSError]:
    """Yield the files that paths stand for; those in a folder if they are of the format."""
    seen: set[Path] = set()
    for source in sources:
        is_folder = source.is_dir()
        for found in files_below(source, _IN_FOLDERS[from_]) if is_folder else [source]:
            if isinstance(found, OSError):
                yield found
            elif found not in seen:
                seen.add(found)
                yield Input(found, found.relative_to(source) if is_folder else Path(found.name))


class _Found(NamedTuple):
    """What a file holds, and what a file with it alone is called, without its ending."""

    path: Path
    stem: Path
    item: Item


class _Refusals:
    """Tells on stderr what could not be converted, and keeps count."""

    def __init__(self) -> None:
        self.count = 0
        self.status = Status.CLEAN

    def __call__(self, path: Path, reason: CnapsError | OSError | Failure) -> None:
        failure = reason if isinstance(reason, Failure) else failed(reason)
        print_failure(Screen(sys.stderr), path, failure)
        self.count += 1
        self.status = max(self.status, failure.status)


def convert(inputs: list[Input | OSError], wanted: Wanted) -> Status:
    """Convert files; what cannot be converted is told on stderr, and the rest goes on.

    Where nothing can be, nothing is written.
    """
    refuse = _Refusals()
    write = _WRITERS.get(wanted.to, _write_files)
    try:
        written = write(inputs, wanted, refuse)
    except OSError as error:  # each input has been seen to, so this is about the target
        refuse(wanted.target, error)
        written = ""
    if written:
        refused = f", {refuse.count:,} refused" if refuse.count else ""
        Screen(sys.stdout).say(f"wrote {written}{refused}")
    return refuse.status


def _write_files(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a file for each item; return in words what was written."""
    written = []
    for found in _read(inputs, wanted, refuse):
        target = wanted.target
        if wanted.into_folder:
            target /= found.stem.with_name(found.stem.name + ENDINGS[wanted.to][0])
        try:
            data = _encoded(found.item, wanted)
        except CnapsError as error:
            refuse(found.path, error)
            continue
        try:
            if wanted.into_folder:
                target.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(target, data)
            written.append(target)
        except OSError as error:
            refuse(target, error)
    if wanted.into_folder and written:
        return f"{counted(len(written), 'file')} to {visible(str(wanted.target))}"
    return "".join(visible(str(target)) for target in written)


def _write_lines(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a line for each item, holding one of them at a time."""

    def lines() -> Iterator[bytes]:
        for found in _read(inputs, wanted, refuse):
            try:
                yield _encoded(found.item, wanted)
            except CnapsError as error:
                refuse(found.path, error)

    found = lines()
    first = next(found, None)
    if first is None:
        return ""
    count = 0
    with replacing(wanted.target) as write:
        for line in chain([first], found):
            write(line)
            count += 1
    return f"{counted(count, 'line')} to {visible(str(wanted.target))}"


def _write_bibliography(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write the works that all items cite."""
    export = _BIBLIOGRAPHIES[wanted.to]
    items = []
    for found in _read(inputs, wanted, refuse):
        try:
            export(found.item)  # so that one that cannot be exported does not cost the others
            items.append(found.item)
        except CnapsError as error:
            refuse(found.path, error)
    if not items:
        return ""
    write_atomically(wanted.target, export(*items).encode())
    return f"the works of {counted(len(items), 'item')} to {visible(str(wanted.target))}"


def _write_chat(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> str:
    """Write a row for each prompt with its answer."""
    pairs, alone = pair_files([path for path, _ in _there(inputs, refuse)])
    for path in alone:
        refuse(path, Failure(Status.FINDINGS, "it is no half of a pair of prompt and answer"))
    chat = exports.chat(progress(pairs), split=wanted.split, style=_CHATS[wanted.to])
    for refused in chat.refused:
        refuse(Path(str(refused.answer)), Failure(Status.FINDINGS, refused.reason))
    if not chat.rows:
        return ""
    chat.dump(wanted.target)
    return f"{counted(len(chat.rows), 'row')} to {visible(str(wanted.target))}"


_Writer: TypeAlias = Callable[[list[Input | OSError], Wanted, _Refusals], str]
_BIBLIOGRAPHIES: dict[str, Callable[..., str]] = {
    "bibtex": exports.bibtex,
    "csl-json": exports.csl_json,
    "ris": exports.ris,
}
_CHATS: dict[str, Style] = {"chat": "messages", "sharegpt": "sharegpt"}
_WRITERS: dict[str, _Writer] = {
    "jsonl": _write_lines,
    **dict.fromkeys(_BIBLIOGRAPHIES, _write_bibliography),
    **dict.fromkeys(_CHATS, _write_chat),
}


def _there(inputs: Iterable[Input | OSError], refuse: _Refusals) -> Iterator[Input]:
    """Yield the inputs; a folder that cannot be listed is told."""
    for found in inputs:
        if isinstance(found, OSError):
            refuse(Path(found.filename), found)
        else:
            yield found


def _read(inputs: list[Input | OSError], wanted: Wanted, refuse: _Refusals) -> Iterator[_Found]:
    """Yield what the files hold, as they are read."""
    for path, place in _there(progress(inputs), refuse):
        stem = _without_ending(place)
        try:
            written_in = format_of(path) or "text"
            if written_in == "jsonl":
                lines = _serializer(written_in).load(path, on_error=partial(refuse, path))
                for number, item in enumerate(lines, 1):
                    yield _Found(path, stem.with_name(f"{stem.name}-{number}"), item)
            else:
                yield _Found(path, stem, _loaded(path, written_in, wanted))
        except (CnapsError, OSError) as error:
            refuse(path, error)


def _loaded(path: Path, written_in: str, wanted: Wanted) -> Item:
    if written_in != "text":
        return cast("Item", _serializer(written_in).load(path))
    document = read(path)
    return document if wanted.lossless else document.value


def _without_ending(place: Path) -> Path:
    endings = ENDINGS[format_of(place) or "text"]
    lower = place.name.lower()
    ending = next((ending for ending in endings if lower.endswith(ending)), "")
    return place.with_name(place.name[: len(place.name) - len(ending)])


def _encoded(item: Item, wanted: Wanted) -> bytes:
    """Return what a file with this item alone holds, or the line of it."""
    if wanted.to == "text":
        return _as_text(item, wanted.dialect)
    file = BytesIO()
    indent = {"indent": 2} if wanted.to == "json" else {}
    _serializer(wanted.to).dump(item, file, **indent)
    return file.getvalue()


def _as_text(item: Item, dialect: str | None) -> bytes:
    if isinstance(item, Document):
        if dialect in {None, item.dialect}:
            return item.to_bytes()
        item = item.value
    if not isinstance(item, PromptSpec | Answer):
        raise UnsuitableError(f"it holds a {type(item).__name__}, which is only part of a file")
    if dialect is not None and not isinstance(item, dialect_named(dialect).type):
        kind = "a prompt" if isinstance(item, PromptSpec) else "an answer"
        raise UnsuitableError(f"it holds {kind}, which {dialect} cannot")
    return render(item, dialect).encode()


class UnsuitableError(CnapsError):
    """An item that the format that is wanted is not for."""


def _serializer(name: str) -> Any:
    return import_module(f"cnaps.serializers.{name}")
