"""JSON by way of compiled libraries, where both of them are installed.

orjson writes plain data; it is the fastest there is. msgspec reads typed data: it checks the type
of every field as it goes, and fills classes that have the slots of the values, so that all that is
left to do is to name them so. The classes are `cnaps.values` without what their own constructors
check; see `cnaps._unchecked`.

msgspec tells neither of a key that stands twice nor of one that is unknown. But it wants every key
to be there, and so no JSON for what it read is shorter than that of orjson: no blanks, and nothing
escaped that need not be. Data of that length has room for nothing else. All other data, and all
that is wrong, is left to the standard library, which reads it all and explains.
"""

from __future__ import annotations

from types import GenericAlias
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import attrs
import msgspec
import orjson

from cnaps.serializers._versions import SCHEMA_VERSION
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

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
        elif not isinstance(data, bytes):
            return None  # the caller's mistake
        reader = _READERS.get(data[:_START])
        if reader is None:
            return None
        read, labels, finish = reader
        item: Item = read(data)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    more = len(data) - labels - finish(item)
    return item if more == 0 or (more == 1 and data.endswith(b"\n")) else None


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


def _keys(*kinds: type) -> int:
    """Return how long the keys of objects are, with quotes and colons."""
    return sum(len(f'"{field.name}":') for kind in kinds for field in attrs.fields(kind))


_MODEL, _PAPER = _keys(ModelRef), _keys(PaperRef)
_PROMPT, _ANSWER = _keys(PromptSpec, Question), _keys(Answer, Question, Workflow)

# These make a value of what was read, and return how long its JSON is without the labels. Lists
# stand in for objects: they have the same brackets and commas, and no keys.


def _finish_prompt(read: Any) -> int:
    read.__class__ = PromptSpec
    question = read.question
    question.__class__ = Question
    models, papers = [], []
    for model in read.models:
        model.__class__ = ModelRef
        models.append((model.name, model.paper, model.github))
    for paper in read.papers:
        paper.__class__ = PaperRef
        papers.append((paper.title, paper.paper, paper.github, paper.summary))
    written = _dumps(((question.text,), models, papers))
    return len(written) + _PROMPT + len(models) * _MODEL + len(papers) * _PAPER


def _finish_answer(read: Any) -> int:
    read.__class__ = Answer
    question, workflow = read.question, read.workflow
    question.__class__ = Question
    workflow.__class__ = Workflow
    flow = workflow.input, workflow.model, workflow.output
    references = []
    for reference in read.references:
        reference.__class__ = ModelRef
        references.append((reference.name, reference.paper, reference.github))
    written = _dumps(((question.text,), read.task, flow, references, read.notes))
    return len(written) + _ANSWER + len(references) * _MODEL


def _start(kind: type) -> str:
    return f'{{"type":"{kind.__name__}","schema_version":"{SCHEMA_VERSION}",'


_FINISH: dict[type, Callable[[Any], int]] = {PromptSpec: _finish_prompt, Answer: _finish_answer}
_START = max(len(_start(kind)) for kind in _FINISH)
# By how the JSON starts, which is with the labels, and with the first key where these are shorter:
# what makes an object with the slots of the value, passing over the labels; how long they are; and
# what makes that object the value.
_READERS: dict[bytes, tuple[Callable[[bytes], Any], int, Callable[[Any], int]]] = {
    f'{_start(kind)}"{attrs.fields(kind)[0].name}":'.encode()[:_START]: (
        msgspec.json.Decoder(_bare(kind)).decode,
        len(_start(kind)) - 1,
        finish,
    )
    for kind, finish in _FINISH.items()
}
