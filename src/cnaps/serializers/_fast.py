"""JSON by way of compiled libraries, where both of them are installed.

orjson writes plain data; it is the fastest there is. msgspec reads typed data: it checks the type
of every field as it goes, and fills classes that have the slots of the values, so that all that is
left to do is to name them so. The classes are `cnaps.values` without what their own constructors
check; see `cnaps._unchecked`.

Neither tells of a key that stands twice, and msgspec passes over unknown keys. So what was read is
written again: where that gives the same bytes, there was nothing else to read. Everything that is
written otherwise, or wrong, is left to the standard library, which reads it all and explains.
"""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

import attrs
import msgspec
import orjson

from cnaps import values
from cnaps._unchecked import unchecked
from cnaps.serializers._envelope import wrap
from cnaps.serializers._versions import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnaps.serializers._envelope import Item

__all__ = ["decode", "encode"]


def encode(raw: dict[str, Any], indent: int | None = None) -> str | None:
    """Return plain data as JSON, or None where orjson does not write it as we do."""
    try:
        if indent is None:
            return _dumps(raw).decode()
        return _dumps(raw, None, orjson.OPT_INDENT_2).decode() if indent == _INDENT else None
    except orjson.JSONEncodeError:  # a lone surrogate
        return None


_INDENT = 2  # the only one that orjson has
_dumps = orjson.dumps


def decode(data: str | bytes) -> Item | None:
    """Return the prompt or the answer of a JSON text, or None where that takes a closer look."""
    try:
        if isinstance(data, str):
            data = data.encode()
        elif not isinstance(data, bytes):  # the caller's mistake; msgspec would take a bytearray
            return None
        read = _DECODE(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    value: Item = _FINISH[type(read)](read)
    raw = wrap(value)
    again = _dumps(raw) if data[1:2] != b"\n" else _dumps(raw, None, orjson.OPT_INDENT_2)
    return value if again == data or again == data.removesuffix(b"\n") else None


_BARE: dict[type, type] = {}


def _bare(hint: Any) -> Any:
    """Return a type with, in place of each value class, one that checks nothing."""
    if not attrs.has(hint):
        items = get_args(hint)
        return GenericAlias(tuple, (_bare(items[0]), ...)) if items[-1:] == (...,) else hint
    if hint not in _BARE:
        types = {name: _bare(h) for name, h in get_type_hints(hint).items()}
        _BARE[hint] = attrs.make_class(
            hint.__name__, [*types], slots=True, weakref_slot=False, eq=False, repr=False
        )
        _BARE[hint].__annotations__ = types
    return _BARE[hint]


def _labelled(kind: type) -> type[msgspec.Struct]:
    """Return the type of a labelled value of this class."""
    fields = [(name, _bare(hint)) for name, hint in get_type_hints(kind).items()]
    version = ("schema_version", Literal[SCHEMA_VERSION])
    return msgspec.defstruct(kind.__name__, [version, *fields], tag_field="type", tag=kind.__name__)


_PROMPT, _ANSWER = _labelled(values.PromptSpec), _labelled(values.Answer)
_DECODE: Callable[[bytes], Any] = msgspec.json.Decoder(_PROMPT | _ANSWER).decode
_prompt = unchecked(values.PromptSpec)
_answer = unchecked(values.Answer)


def _finish_prompt(read: Any) -> values.PromptSpec:
    read.question.__class__ = values.Question
    for model in read.models:
        model.__class__ = values.ModelRef
    for paper in read.papers:
        paper.__class__ = values.PaperRef
    return _prompt(read.question, read.models, read.papers)


def _finish_answer(read: Any) -> values.Answer:
    read.question.__class__ = values.Question
    read.workflow.__class__ = values.Workflow
    for reference in read.references:
        reference.__class__ = values.ModelRef
    return _answer(read.question, read.task, read.workflow, read.references, read.notes)


_FINISH: dict[type, Callable[[Any], Item]] = {_PROMPT: _finish_prompt, _ANSWER: _finish_answer}
