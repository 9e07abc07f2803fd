"""Values to text.

A value is written out in the wording of a dialect, and only if reading that text gives the value
back. For most values that is plain to see: each text is one line without blanks at its ends, and
everything else is as in a generated file. Where it is not plain, the text is read.
"""

from __future__ import annotations

import re
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import evolve, fields

from cnaps.dialects import DIALECTS, dialect_for, dialect_named
from cnaps.dialects.parts import MISSING, Echo, Entries, Field, Paragraphs, Prose, Quoted, Record
from cnaps.errors import ParseError, RenderError
from cnaps.reading import Reading, as_bytes, read_as
from cnaps.values import Answer, ModelRef, PromptSpec, Question
from cnaps.wording import end_pattern
from cnaps.writing import field_line, part_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.dialects.parts import Dialect, Part, Value

    Path = tuple[str | int, ...]
    Write = Callable[[Any, list[str]], bool]

__all__ = ["answer_for", "first_difference", "path_text", "render"]


def render(value: Value, dialect: str | None = None) -> str:
    r"""Return the canonical text of a prompt or an answer.

    Args:
        value: What the file shall say.
        dialect: The name of the dialect to write; by default the newest one that holds all
            values of the class.

    Raises:
        RenderError: The dialect cannot hold the value: reading the text would give another.
        TypeError: `value` is neither a PromptSpec nor an Answer.
        ValueError: There is no such dialect, or it is one of the other kind.

    >>> from cnaps import Question, PromptSpec
    >>> text = render(PromptSpec(Question("Which model removes rain?")))
    >>> text.splitlines()[3]
    '"Which model removes rain?"'
    """
    chosen = dialect_for(value) if dialect is None else dialect_named(dialect)
    if not isinstance(value, chosen.type):
        dialect_for(value)  # raises TypeError for what is no value at all
        held, got = chosen.type.__name__, type(value).__name__
        message = f"{chosen.name} holds values of {held}, not {got}"
        raise ValueError(message)  # noqa: TRY004 - the dialect is at fault
    text, plain = _writer(chosen.name).write(value)
    if not plain:
        _verify(chosen, value, text)
    return text


def answer_for(prompt: PromptSpec, dialect: str = "answer-2") -> Answer:
    """Return the answer that follows from a prompt.

    It has the prompt's question, the recommended models and then the papers, in order and with
    their links, and for the rest what every generated answer of that dialect has.

    Raises TypeError where `prompt` is not a PromptSpec, and ValueError where `dialect` is not
    the name of a dialect for answers.

    >>> from cnaps import PaperRef, Question
    >>> prompt = PromptSpec(Question("Why?"), papers=(PaperRef("On reasons"),))
    >>> answer_for(prompt).references
    (ModelRef(name='On reasons', paper=None, github=None),)
    """
    if not isinstance(prompt, PromptSpec):
        message = f"an answer follows from a PromptSpec, not from {type(prompt).__name__}"
        raise TypeError(message)
    chosen = dialect_named(dialect)
    if chosen.kind != "answer":
        message = f"{dialect} is a dialect for prompts; an answer needs one for answers"
        raise ValueError(message)
    papers = tuple([ModelRef(paper.title, paper.paper, paper.github) for paper in prompt.papers])
    defaults: dict[str, Any] = {
        part.name: part.default
        for part in chosen.parts
        if isinstance(part, Prose | Record | Paragraphs)
    }
    return Answer(question=prompt.question, references=prompt.models + papers, **defaults)


# --- writing --------------------------------------------------------------------------------------

# A link shorter than this may be one of the words for a missing one, and is looked at closely.
_SHORT = max(map(len, MISSING)) + 1


class _PartWriter(NamedTuple):
    """How to write a part with the wording in front of it.

    Attributes:
        wording: That wording.
        default: What generated files have here; an object of its own where they have nothing.
        generated: The wording and that default, as text.
        write: Adds the text of a value to the pieces; False if it is not plain that it reads back.
    """

    wording: str
    default: object
    generated: str
    write: Write


class _Writer:
    """Writes values in one dialect; `_writer` makes it."""

    __slots__ = ("_get", "_parts", "_tail")

    def __init__(self, dialect: Dialect) -> None:
        *sections, last = dialect.sections
        absent = dialect.absent
        self._get = attrgetter(*[part.name for part in dialect.parts], *absent)
        self._parts = [
            _part_writer(section.wording, part, following.wording)
            for section, part, following in zip(
                sections, dialect.parts, dialect.sections[1:], strict=True
            )
        ]
        self._parts += [_PartWriter("", default, "", _refuse) for default in absent.values()]
        self._tail = last.wording

    def write(self, value: Value) -> tuple[str, bool]:
        """Return the text of a value, and whether it is plain to see that it reads back so.

        That is so where the exact reader is certain to take every part as it was: False says
        nothing about the value.
        """
        pieces: list[str] = []
        plain = True
        parts = zip(self._parts, self._get(value))  # noqa: B905 - equal, and strict costs
        for (wording, default, generated, write), held in parts:
            if held is default:
                pieces.append(generated)
            else:
                pieces.append(wording)
                plain &= write(held, pieces)
        pieces.append(self._tail)
        return "".join(pieces), plain


@cache
def _writer(name: str) -> _Writer:
    return _Writer(DIALECTS[name])


def _refuse(held: object, _pieces: list[str]) -> bool:
    """Write nothing of a field that the dialect has no part for: not plain if there is any."""
    return not held


def _part_writer(wording: str, part: Part, following: str) -> _PartWriter:
    match part:
        case Quoted() | Echo():
            return _PartWriter(wording, object(), "", _quoted_writer(part, following))
        case Entries():
            return _PartWriter(wording, object(), "", _entries_writer(part, following))
        case _:
            text = wording + part_text(part, part.default)
            return _PartWriter(wording, part.default, text, _default_writer(part))


def _quoted_writer(part: Quoted | Echo, following: str) -> Write:
    stop = end_pattern(following)
    before = part_text(part, Question("")).removesuffix('"')

    def write(question: Question, pieces: list[str]) -> bool:
        text = question.text
        pieces.append(f'{before}{text}"')
        return (
            "\r" not in text
            and not ("\n" in text and stop.search(text))
            and (text.isascii() or _is_encodable(text))
        )

    return write


def _entries_writer(part: Entries, following: str) -> Write:
    stop = end_pattern(following) if part.is_bare else None
    get = attrgetter(*[field.name for field in part.fields])
    lines = [(field.prefix, f"{field.suffix}\n", field_line(field, None)) for field in part.fields]
    complete = "".join([field_line(field, "%s") for field in part.fields]) + part.close
    close = part.close

    def write(entries: tuple[object, ...], pieces: list[str]) -> bool:
        texts: list[str] = []
        first = len(pieces)
        for entry in entries:
            row = get(entry)
            if all(row):  # twice as fast as looking for None; an empty text goes the long way
                texts += row
                pieces.append(complete % row)
                continue
            for (prefix, end, missing), text in zip(lines, row):  # noqa: B905 - equal, and strict costs
                if text is None:
                    pieces.append(missing)
                else:
                    texts.append(text)
                    pieces += (prefix, text, end)
            pieces.append(close)
        if stop and stop.search("\n" + "".join(pieces[first:])):
            return False
        return _are_plain(texts)

    return write


def _default_writer(part: Prose | Record | Paragraphs) -> Write:
    default = part.default

    def write(held: object, pieces: list[str]) -> bool:
        pieces.append(part_text(part, held))
        return bool(held == default)

    return write


def _are_plain(texts: list[str]) -> bool:
    """Tell whether texts are single lines without blanks around them, and none is a short one."""
    if not texts:
        return True
    together = "".join(texts)
    return (
        "\n" not in together
        and "\r" not in together
        and not [text for text in texts if len(text) < _SHORT or text.strip() != text]
        and (together.isascii() or _is_encodable(together))
    )


def _is_encodable(text: str) -> bool:
    """Tell whether UTF-8 can hold a text: whether it is free of lone surrogates."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


# --- others ---------------------------------------------------------------------------------------


def _verify(dialect: Dialect, value: Value, text: str) -> None:
    """Raise RenderError unless reading `text` gives `value`, in the same dialect."""
    if _reads_back(dialect, value, text):
        return
    for name in dialect.absent:
        if getattr(value, name):
            raise RenderError(
                "no file of this dialect has any",
                field=name,
                dialect=dialect.name,
                hint=f"write {dialect_for(value).name}, which has a place for them, or"
                " leave them out",
            )
    for path, held, field in _texts(dialect, value):
        if problem := _problem(held, field):
            reason, hint = problem
            raise RenderError(reason, field=path_text(path), dialect=dialect.name, hint=hint)
    raise RenderError(
        "part of it reads as wording of the format, so it would be read back otherwise",
        field=path_text(next(_culprits(dialect, value), ("the value",))),
        dialect=dialect.name,
        hint="take out blank lines, rules, and lines that start like a field or a heading",
    )


def _reads_back(dialect: Dialect, value: Value, text: str) -> bool:
    try:
        reading = read_as(Reading, as_bytes(text))
    except ParseError:
        return False
    if reading.value != value or reading.dialect != dialect.name:
        return False
    # Where something stands twice, only an exact file is certain to say the same both times.
    return reading.exact or not dialect.repeats


def _culprits(dialect: Dialect, value: Value) -> Iterator[Path]:
    """Yield the paths of the texts that do not read back even on their own.

    Each is tried in a file with nothing else, so that all of them together take linear time. No
    value is known whose texts all read back alone and do not together.
    """
    for part in dialect.parts:  # pragma: no branch
        held = getattr(value, part.name)
        if not isinstance(held, tuple):
            if not _reads_back_alone(dialect, part, held):
                yield (part.name, *_field_at_fault(dialect, part, held))
            continue
        for number, item in enumerate(held):
            if isinstance(part, Entries) and not (part.is_bare or _spans_lines(part, item)):
                continue
            if not _reads_back_alone(dialect, part, (item,)):
                yield (part.name, number, *_field_at_fault(dialect, part, item))


def _spans_lines(part: Entries, entry: Any) -> bool:
    texts = (getattr(entry, field.name) for field in part.fields)
    return any("\n" in text for text in texts if text is not None)


def _field_at_fault(dialect: Dialect, part: Part, item: Any) -> Path:
    """Return the path within an item to the field without which it would read back."""
    if isinstance(part, Quoted):
        return ("text",)
    for field in part.fields if isinstance(part, Entries | Record) else ():
        harmless = evolve(item, **{field.name: "x"})
        alone = (harmless,) if isinstance(part, Entries) else harmless
        if _reads_back_alone(dialect, part, alone):
            return (field.name,)
    return ()


def _reads_back_alone(dialect: Dialect, part: Part, held: Any) -> bool:
    prompt = PromptSpec(Question("x"))
    least = prompt if dialect.kind == "prompt" else answer_for(prompt, dialect.name)
    value = evolve(least, **{part.name: held})
    return _reads_back(dialect, value, _writer(dialect.name).write(value)[0])


def path_text(path: Path) -> str:
    """Return a path as people write it: `papers[1].summary`."""
    steps = [f"[{step}]" if isinstance(step, int) else f".{step}" for step in path]
    return "".join(steps).removeprefix(".")


def _texts(dialect: Dialect, value: Value) -> Iterator[tuple[Path, str, Field | None]]:
    """Yield every text of a value: its path, itself, and how it is written if not in quotes."""
    for part in dialect.parts:
        held = getattr(value, part.name)
        match part:
            case Quoted() | Echo():
                yield (part.name, "text"), held.text, None
            case Prose():
                yield (part.name,), held, Field(part.name, "", multiline=True)
            case Record():
                for field in part.fields:
                    line = field._replace(multiline=True)
                    yield (part.name, field.name), getattr(held, field.name), line
            case _:
                for number, item in enumerate(held):
                    yield from _item_texts(part, (part.name, number), item)


def _item_texts(
    part: Paragraphs | Entries, path: Path, item: Any
) -> Iterator[tuple[Path, str, Field]]:
    if isinstance(part, Paragraphs):
        yield path, item, Field(part.name, "")
        return
    for field in part.fields:
        text = getattr(item, field.name)
        if text is not None:
            yield (*path, field.name), text, field


def _problem(text: str, field: Field | None) -> tuple[str, str] | None:
    """Return what is wrong with a text as such, and what to do about it."""
    if surrogate := re.search("[\ud800-\udfff]", text):
        reason = (
            f"character {surrogate.start()} is half of a surrogate pair"
            f" (U+{ord(surrogate.group()):04X}), which UTF-8 cannot hold"
        )
        return reason, "decode the text again where it comes from"
    if "\r" in text:
        reason = (
            f"it holds a carriage return at character {text.index(chr(13))}, which is read back"
            " as a line break"
        )
        return reason, r"replace '\r\n' and '\r' by '\n'"
    return None if field is None else _line_problem(text, field)


def _line_problem(text: str, field: Field) -> tuple[str, str] | None:
    if "\n" in text and not field.multiline:
        where = text.index("\n")
        reason = f"it holds a line break at character {where}, and this field is one line"
        return reason, "replace the line break by a space"
    if field.optional and text.strip(" \t\n").lower() in MISSING:
        return f"{text!r} is read back as a missing value", "use None where there is none"
    if not text.strip(" \t") and not field.multiline:
        return "it is empty, and would not be read back", "give it a text, or leave it out"
    if text.strip(" \t\n") != text:
        return "white space at its ends is not read back", "use .strip()"
    return None


def first_difference(value: Any, other: Any, path: Path = ()) -> Path:
    """Return the path of the first field in which two values differ."""
    if type(value) is not type(other) or isinstance(value, str):
        return path
    if isinstance(value, tuple):
        if len(value) != len(other):
            return path
        steps: list[tuple[str | int, Any, Any]] = [
            (number, *pair) for number, pair in enumerate(zip(value, other, strict=True))
        ]
    else:
        names = [field.name for field in fields(type(value))]
        steps = [(name, getattr(value, name), getattr(other, name)) for name in names]
    return next(first_difference(a, b, (*path, step)) for step, a, b in steps if a != b)
