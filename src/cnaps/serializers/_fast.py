"""JSON by way of compiled libraries, where both of them are installed.

orjson writes plain data; it is the fastest there is. But Python makes a text of its bytes, and that
slowly from the first character beyond ASCII on. So what often has such a character, the question,
is written by itself, and so is what differs where most of the JSON is known: generated answers have
most of their text in common, and a text in which nothing must be escaped is JSON as it stands.

msgspec reads typed data: it checks the type of every field as it goes, and fills classes that have
the slots of the values, so that all that is left to do is to name them so. The classes are
`cnaps.values` without what their own constructors check; see `cnaps._unchecked`.

msgspec tells neither of a key that stands twice nor of one that is unknown. But it wants every key
to be there, and so no JSON for what it read is shorter than that of orjson: no blanks, and nothing
escaped that need not be. Data of that length has room for nothing else. All other data, and all
that is wrong, is left to the standard library, which reads it all and explains.
"""

from __future__ import annotations

from functools import cache
from types import GenericAlias
from typing import TYPE_CHECKING, Any, NamedTuple, get_args, get_type_hints

import attrs
import msgspec
import orjson

from cnaps.dialects import DIALECTS
from cnaps.rendering import answer_for
from cnaps.serializers._converter import LABELLED
from cnaps.serializers._envelope import is_document, wrap
from cnaps.serializers._versions import SCHEMA_VERSION
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from cnaps.serializers._envelope import Item
    from cnaps.serializers._shapes import Value

__all__ = ["decode", "encode"]


def encode(item: Item, indent: int | None = None) -> str | None:
    """Return a value or a document as JSON, or None where orjson does not write it as we do."""
    try:
        if indent is None:
            if type(item) is Answer:
                return _answer(item)
            return _prompt(item) if type(item) is PromptSpec else _other(item)
        return _dumps(wrap(item), None, orjson.OPT_INDENT_2).decode() if indent == _INDENT else None
    except TypeError:  # a lone surrogate, or no item at all: the other way tells
        return None


_INDENT = 2  # the only one that orjson has
_BACKSLASH = ord("\\")
_dumps = orjson.dumps
_prompt_fields = LABELLED[PromptSpec]


def _start(kind: type) -> str:
    """Return the JSON of a value up to its first field."""
    return f'{{"type":"{kind.__name__}","schema_version":"{SCHEMA_VERSION}",'


_ANSWER_START, _PROMPT_START = _start(Answer), _start(PromptSpec)


def _prompt(prompt: PromptSpec) -> str:
    fields = _prompt_fields(prompt)
    if prompt.question.text.isascii():
        return _dumps(fields).decode()
    return (
        f'{_PROMPT_START}"question":{_dumps(fields["question"]).decode()},'
        f'"models":{_dumps(fields["models"]).decode()},'
        f'"papers":{_dumps(fields["papers"]).decode()}}}'
    )


def _answer(answer: Answer) -> str:
    # A loop, as a comprehension is a call in Python 3.11.
    references = []
    for r in answer.references:
        references.append({"name": r.name, "paper": r.paper, "github": r.github})  # noqa: PERF401
    listed = _dumps(references).decode()
    question, task = answer.question.text, answer.task
    flow, notes = answer.workflow, answer.notes
    if (known := _GENERATED.get(task)) is not None:
        workflow, closing, start, middle, end = known
        if (flow is workflow or flow == workflow) and notes == closing:
            return f"{start}{_dumps(question).decode()}{middle}{listed}{end}"
    given, model, output = flow.input, flow.model, flow.output
    texts = question, task, given, model, output, notes
    # A subclass of str, which is refused here, may have its own way to stand in another text.
    if not notes or _BACKSLASH in _dumps(texts, None, orjson.OPT_PASSTHROUGH_SUBCLASS):
        return _dumps(wrap(answer)).decode()
    return (
        f'{_ANSWER_START}"question":{{"text":"{question}"}},"task":"{task}",'
        f'"workflow":{{"input":"{given}","model":"{model}","output":"{output}"}},'
        f'"references":{listed},"notes":["{_between(notes)}"]}}'
    )


_between = '","'.join


class _Generated(NamedTuple):
    """What all generated answers of a dialect have, and the JSON around what they have not.

    Attributes:
        workflow: What stands in each of them.
        notes: What stands in each of them.
        start: The JSON up to the question.
        middle: The JSON from there to the references.
        end: The JSON behind them.
    """

    workflow: Workflow
    notes: tuple[str, ...]
    start: str
    middle: str
    end: str


def _generated_in(answer: Answer) -> _Generated:
    """Return what there is to know of the generated answers that this one, of nothing, is of."""
    start, _, rest = _dumps(wrap(answer)).decode().partition('""')
    middle, _, end = rest.partition("[]")
    return _Generated(answer.workflow, answer.notes, start, middle, end)


# By their task.
_GENERATED = {
    answer.task: _generated_in(answer)
    for answer in (
        answer_for(PromptSpec(Question("")), name)
        for name, dialect in DIALECTS.items()
        if dialect.kind == "answer"
    )
}


def _other(item: Any) -> str:
    """Return a document as JSON: that of a canonical one is its value with another label."""
    if not (is_document(type(item)) and item.canonical):
        return _dumps(wrap(item)).decode()
    before, labels = _before_value(item.dialect)
    value: Any = encode(item.value)  # UTF-8 holds it, as it holds the file
    return f"{before}{value[labels:]}}}"


@cache
def _before_value(dialect: str) -> tuple[str, int]:
    """Return the JSON of a canonical file up to the fields of its value.

    And how much of the JSON of that value has to go, as a document has no label in there.
    """
    from cnaps.serializers._documents import CANONICAL

    labels = {"type": "Document", "schema_version": SCHEMA_VERSION}
    written = _dumps({**labels, "dialect": dialect, **CANONICAL, "value": {}}).decode()
    return written[: -len("}}")], len(_start(DIALECTS[dialect].type))


def decode(data: str | bytes) -> Item | None:
    """Return the prompt or the answer of a JSON text, or None where that takes a closer look."""
    if type(data) is str:
        answer, prompt = _STARTS
    elif type(data) is bytes:
        answer, prompt = _BYTES_STARTS
    else:
        return None  # perhaps the caller's mistake
    item: Any
    try:
        if data.startswith(answer):
            item = _read_answer(data)
            length = _finish_answer(item)
        elif data.startswith(prompt):
            item = _read_prompt(data)
            length = _finish_prompt(item)
        else:
            return None
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return None
    if type(data) is str and not data.isascii():
        data = data.encode()
    more = len(data) - length
    return item if more == 0 or (more == 1 and data[-1] in _LINE_END) else None


_LINE_END = ("\n", ord("\n"))  # of a text, and of bytes
_STARTS: tuple[Any, Any] = (_ANSWER_START, _PROMPT_START)
_BYTES_STARTS: tuple[Any, Any] = (_ANSWER_START.encode(), _PROMPT_START.encode())

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


_read_answer = msgspec.json.Decoder(_bare(Answer)).decode
_read_prompt = msgspec.json.Decoder(_bare(PromptSpec)).decode

# These make a value of what was read, and return how long its JSON is. Lists stand in for objects:
# they have the same brackets and commas, and no keys.


def _finish_prompt(read: Any) -> int:
    models, papers = [], []
    for model in read.models:
        model.__class__ = ModelRef
        models.append((model.name, model.paper, model.github))
    for paper in read.papers:
        paper.__class__ = PaperRef
        papers.append((paper.title, paper.paper, paper.github, paper.summary))
    question = read.question
    question.__class__ = Question
    read.__class__ = PromptSpec
    written = _dumps((question.text, models, papers))
    return len(written) + _PROMPT + len(models) * _MODEL + len(papers) * _PAPER


def _finish_answer(read: Any) -> int:
    references = []
    for reference in read.references:
        reference.__class__ = ModelRef
        references.append((reference.name, reference.paper, reference.github))
    question, flow = read.question, read.workflow
    question.__class__ = Question
    flow.__class__ = Workflow
    read.__class__ = Answer
    texts = question.text, read.task, flow.input, flow.model, flow.output, references, read.notes
    return len(_dumps(texts)) + _ANSWER + len(references) * _MODEL


def _more(value: Value, *listed: object) -> int:
    """Return how much longer the JSON of a value of nothing is than that of such a list."""
    return len(_dumps(wrap(value))) - len(_dumps(listed))


def _keys(kind: type) -> int:
    """Return how long the keys of an object are, with quotes and colons."""
    return sum(len(f'"{field.name}":') for field in attrs.fields(kind))


_PROMPT = _more(PromptSpec(Question("")), "", (), ())
_ANSWER = _more(Answer(Question(""), "", Workflow("", "", "")), "", "", "", "", "", (), ())
_MODEL, _PAPER = _keys(ModelRef), _keys(PaperRef)
