"""Responses: what a language model really wrote, which is free Markdown.

A response has no wording that it could be told by, so it is never guessed: `cnaps.parse_response`
is how to ask for one. `Response` works out what there is to know about it when it is first asked
for: its citations, the question it echoes, marks of the provider, sections.

The citations come from `cnaps.scanning`, with exact places and in linear time. Sections come from
markdown-it-py, a parser of CommonMark (the extra `responses`).
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from functools import cached_property
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from attrs import field, frozen

from cnaps.aligning import common_start
from cnaps.dialects.parts import Dialect
from cnaps.document import Document
from cnaps.editing import Edit
from cnaps.errors import RenderError
from cnaps.marks import find_marks
from cnaps.reading import as_bytes
from cnaps.scanning import scan
from cnaps.spans import Span
from cnaps.text import decode
from cnaps.values import Question, is_a, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token

    from cnaps.marks import Mark
    from cnaps.mentions import Mention

__all__ = ["Response", "ResponseDocument", "Section", "parse_response"]


class Section(NamedTuple):
    """A stretch of a response under a heading.

    Attributes:
        heading: The text of the heading, without markup.
        level: 1 to 6, as in Markdown. Lines that only look like headings are of level 1.
        span: From the heading up to the next one, of whatever level.
        heading_span: The line or lines of the heading.
    """

    heading: str
    level: int
    span: Span
    heading_span: Span


@frozen(weakref_slot=False)
class Response:
    """What a language model wrote.

    All spans are offsets into `source`.

    Attributes:
        source: The text as the model wrote it.

    >>> from cnaps import Response
    >>> response = Response("[cite_start]See https://arxiv.org/abs/2108.10257[cite: 6].")
    >>> response.text
    'See https://arxiv.org/abs/2108.10257.'
    >>> response.citations[0].url
    'https://arxiv.org/abs/2108.10257'
    """

    source: str = field(validator=is_a(str), repr=shortened)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """The marks of the provider, such as `[cite: 6]` and `【12†source】`."""
        return tuple(find_marks(self.source))

    @cached_property
    def text(self) -> str:
        """The source without the characters of these marks."""
        edges = [0, *(edge for mark in self.marks for edge in mark.span), len(self.source)]
        kept = zip(edges[::2], edges[1::2], strict=True)
        return "".join([self.source[start:end] for start, end in kept])

    def offset(self, position: int) -> int:
        """Return where the character at a position of `text` stands in `source`.

        The end of the text is that of the source.

        Raises IndexError where `text` has no such position.
        """
        if not 0 <= position <= len(self.text):
            message = f"the text has {len(self.text):,} characters, and none at {position:,}"
            raise IndexError(message)
        if position == len(self.text):
            return len(self.source)
        starts, removed = self._removed
        number = bisect_right(starts, position)
        return position + (removed[number - 1] if number else 0)

    @cached_property
    def _removed(self) -> tuple[array[int], array[int]]:
        """Where marks stood in `text`, and how many characters are gone up to there."""
        starts, removed = array("q"), array("q")
        gone = 0
        for mark in self.marks:
            starts.append(mark.span.start - gone)
            gone += mark.span.end - mark.span.start
            removed.append(gone)
        return starts, removed

    @cached_property
    def body(self) -> Span:
        """The answer proper: without a chat preface, and without a code fence around all of it."""
        start = preface.end() if (preface := _PREFACE.match(self.source)) else 0
        return _inside_fence(self.source, start)

    @property
    def has_preface(self) -> bool:
        """Whether it starts like a chat: `Of course. Here is …`."""
        return _PREFACE.match(self.source) is not None

    @cached_property
    def is_fenced(self) -> bool:
        """Whether all of the answer stands in a code fence."""
        start = preface.end() if (preface := _PREFACE.match(self.source)) else 0
        return self.body.start > start

    @property
    def question(self) -> Question | None:
        """The question that the response repeats, or None."""
        span = self.question_span
        return None if span is None else Question(span.of(self.source))

    @cached_property
    def question_span(self) -> Span | None:
        """Where the question stands, without its quotation marks, or None."""
        return _question(self.source)

    @cached_property
    def citations(self) -> tuple[Mention, ...]:
        """The links, in order; see `cnaps.Mention`."""
        return tuple(scan(self.source))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The stretches under headings, in order; text before the first heading is in none.

        Headings are those of Markdown, `## Task` and underlined ones. Where there are none at all,
        lines that stand for headings are taken for them: numbered ones, `1. Task`, or bold ones,
        `**Task**`.

        Raises ModuleNotFoundError where markdown-it-py is not installed.
        """
        return _sections(self.source, self.body)

    @cached_property
    def is_truncated(self) -> bool:
        """Whether it ends in the middle: of a link, a mark, a code fence or a sentence."""
        return _is_truncated(self.source)


# --- around the answer ----------------------------------------------------------------------------

# The first paragraph, if it talks to the user and a heading, a rule or a fence comes next.
_PREFACE = re.compile(
    r"\s*+(?:(?:Of course|Sure|Certainly|Absolutely|Great|Okay|OK|Thank|Here|Below|Based on|As an"
    r"|I will|I'll|I’ll|Let me|Let's|Let’s)\b)[^\n]{0,600}+\n\s*+"
    r"(?:(?:-{3,}|\*{3,}|_{3,})[ \t]*+\n\s*+)?(?=#|```|~~~|\*\*|🧠|1[.)][ \t]|---|\*\*\*|___)",
    re.IGNORECASE,
)

_FENCE = re.compile(r"(?:^|(?<=\n))[ \t]*+(?P<fence>`{3,}|~{3,})[ \t]*+(?P<info>[^\n`]*+)(?:\n|\Z)")
_WHOLE_ANSWERS = frozenset({"", "markdown", "md", "text", "txt", "plaintext"})
_EPILOGUE = 300  # characters that may follow a fence around the whole answer


def _inside_fence(source: str, start: int) -> Span:
    """Return the inside of a fence around all that follows `start`, or all of it."""
    whole = Span(start, len(source))
    blanks = len(source) - len(source[start:].lstrip()) - start
    opening = _FENCE.match(source, start + blanks)
    if opening is None or opening["info"].strip().lower() not in _WHOLE_ANSWERS:
        return whole
    others = [
        fence
        for fence in _FENCE.finditer(source, opening.end())
        if fence["fence"].startswith(opening["fence"])
    ]
    if not others:  # the end is cut off
        return Span(opening.end(), len(source))
    closing = others[-1]
    # Without a name, `one` block and then another look just like a block inside of one.
    is_whole = len(others) == 1 or opening["info"].strip() != ""
    if closing["info"].strip() or not is_whole or len(source[closing.end() :].strip()) > _EPILOGUE:
        return whole
    return Span(opening.end(), closing.start())


# What stands in front of a question, without the letter that may be a capital, and the question.
_LEADS = ("uestion", "ser ask")
_QUOTED = re.compile(
    r"(?:uestion|ser asks|ser asked)[^\w\n\"“”]*+(?:\n[^\w\n\"“”]*+){0,2}"
    r"(?:\"(?=[^\"\n])|“(?P<curly>[^“”]++)”)"
)
_QUESTION_END = re.compile(r"\"[*_]*[ \t]*(?=\n|\Z)")
_TRIED = 32  # places at most, so that time is linear in the text


def _question(source: str) -> Span | None:
    for start in sorted(start for lead in _LEADS for start in islice(_all(source, lead), _TRIED)):
        quoted = _QUOTED.match(source, start)
        if quoted is None:
            continue
        if quoted["curly"] is not None:
            return Span(*quoted.span("curly"))
        end = _QUESTION_END.search(source, quoted.end())
        if end is not None:
            return Span(quoted.end(), end.start())
    return None


def _all(text: str, wanted: str) -> Iterator[int]:
    """Yield where a text has another one."""
    start = text.find(wanted)
    while start >= 0:
        yield start
        start = text.find(wanted, start + 1)


_SENTENCE_WORDS = 8  # from which on a last line without a full stop is one that was cut off
_OPEN_LINK = re.compile(r"\]\([^()\s]*\Z|(?:https?:/{0,2}|https?://[\w-]*)\Z|\[[^\[\]\n]*\Z")


def _is_truncated(source: str) -> bool:
    source = source.rstrip()
    fences = 0
    for fence in _FENCE.finditer(source):
        fences += 1 if fences % 2 == 0 or not fence["info"].strip() else 0
    last = source[source.rfind("\n") + 1 :]
    if fences % 2 or _OPEN_LINK.search(last):
        return True
    mark = next(iter([*find_marks(last)][-1:]), None)
    if mark is not None and mark.span.end == len(last) and last[-1] not in "]】}\ue201":
        return True
    is_prose = len(last.split()) >= _SENTENCE_WORDS and not last.lstrip().startswith(("#", "|"))
    return (
        is_prose and (last[-1].isalnum() or last[-1] in ",;(—–-") and "://" not in last.split()[-1]
    )


# --- sections -------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|\r|\n")
_BOLD_LINE = re.compile(r"(?:\*\*(?P<stars>[^*\n]+)\*\*|__(?P<lines>[^_\n]+)__):?")
_MARKUP = re.compile(r"\\([!-/:-@\[-`{-~])|[*_`]{1,3}")


class _Heading(NamedTuple):
    text: str
    level: int
    span: Span


def _sections(source: str, body: Span) -> tuple[Section, ...]:
    headings = _headings(source, body)
    ends = [heading.span.start for heading in headings[1:]] + [body.end]
    return tuple(
        Section(heading.text, heading.level, Span(heading.span.start, end), heading.span)
        for heading, end in zip(headings, ends, strict=True)
    )


def _headings(source: str, body: Span) -> list[_Heading]:
    from cnaps._extras import needs

    with needs("responses", "Response.sections"):
        from markdown_it import MarkdownIt

    text = body.of(source)
    lines = [body.start, *(body.start + end.end() for end in _LINE_END.finditer(text)), body.end]
    tokens = MarkdownIt("commonmark").disable("inline").parse(text)
    proper: list[_Heading] = []
    bold: list[_Heading] = []
    numbered: list[_Heading] = []
    for number, (token, content) in enumerate(pairwise(tokens)):
        if token.map is None or token.level > 0:
            continue
        start, end = lines[token.map[0]], lines[token.map[1]]
        span = Span(start, start + len(source[start:end].rstrip()))
        if token.type == "heading_open":
            proper.append(_Heading(_plain(content.content), int(token.tag[1:]), span))
        elif token.type == "paragraph_open" and (line := _BOLD_LINE.fullmatch(content.content)):
            bold.append(_Heading(_plain(line["stars"] or line["lines"]), 1, span))
        elif token.type == "ordered_list_open" and (item := _only_line(tokens, number)):
            numbered.append(_Heading(f"{token.attrGet('start') or 1}. {_plain(item)}", 1, span))
    return proper or (numbered if len(numbered) > 1 else bold)


def _only_line(tokens: list[Token], number: int) -> str | None:
    """Return the line of a list that has one item of one line."""
    kinds = ["list_item_open", "paragraph_open", "inline", "paragraph_close", "list_item_close"]
    inner = tokens[number + 1 : number + 7]
    if [token.type for token in inner] != [*kinds, "ordered_list_close"]:
        return None
    content = inner[2].content
    return None if "\n" in content else content


def _plain(text: str) -> str:
    """Return inline Markdown without marks of providers, emphasis and escapes."""
    return _MARKUP.sub(lambda markup: markup[1] or "", Response(text).text).strip()


# --- files ----------------------------------------------------------------------------------------

# What a model writes has no wording: a dialect of nothing but text.
_FREE = Dialect("response", "response", Response, ())  # type: ignore[arg-type]


class ResponseDocument(Document):
    """A response as a file has it; `parse_response` makes it.

    It is a `Document` in all but this: it holds a `Response`, and it is never what `cnaps.read` or
    `cnaps.parse` return.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<ResponseDocument, {len(self._data):,} bytes>"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as bytes; reading them again gives the same document."""
        return parse_response, (self._data,)

    @property
    def value(self) -> Response:  # type: ignore[override]
        """What the model wrote."""
        return self._value  # type: ignore[return-value]

    def span(self, *path: str | int) -> Span:
        """Return where something stands in `text`.

        Args:
            path: `span("question")`, `span("citations", 0)` or `span("sections", 2)`.

        Raises KeyError where the response has no such thing.
        """
        found: Span | None = None
        match path:
            case ("question",) | ("question", "text"):
                found = self.value.question_span
            case ("citations", int(number)) if -len(self.value.citations) <= number:
                found = next((c.span for c in self.value.citations[number:][:1]), None)
            case ("sections", int(number)) if -len(self.value.sections) <= number:
                found = next((s.span for s in self.value.sections[number:][:1]), None)
            case _:
                pass
        if found is None:
            message = f"this response has no text for {'.'.join(map(str, path))}"
            raise KeyError(message)
        return found

    def with_value(self, value: Response) -> ResponseDocument:  # type: ignore[override]
        """Return a document that holds another response, by the smallest change of this one.

        Raises RenderError where the text would be read back otherwise, such as one with carriage
        returns, and TypeError where `value` is not a Response.
        """
        if type(value) is not Response:
            message = f"this response holds a Response, not {type(value).__name__}"
            raise TypeError(message)
        old, new = self.text, value.source
        start = common_start(old, new)
        end = common_start(old[start:][::-1], new[start:][::-1])
        edit = Edit(start, len(old) - end, new[start : len(new) - end])
        try:
            document = self.with_edits([edit] if old != new else [])
        except UnicodeEncodeError:
            document = self
        if document.value != value:
            raise RenderError(
                "the text would be read back otherwise",
                field="source",
                dialect=self.dialect,
                hint="it has carriage returns, lone surrogates, or looks like encoding damage",
            )
        return document

    @classmethod
    def _read(cls, data: bytes) -> ResponseDocument:
        return parse_response(data)


def parse_response(data: bytes | str) -> ResponseDocument:
    r"""Read what a language model wrote, in bytes or as text.

    A `str` is read as the UTF-8 file that has this text. Nothing is demanded of the text: even an
    empty one is a response.

    Raises ParseError where the bytes are not UTF-8, and TypeError where `data` is neither bytes
    nor str. Takes time linear in the length of `data`.

    >>> from cnaps import parse_response
    >>> doc = parse_response("## Task\n\nRemove rain: [MPRNet](https://arxiv.org/abs/2102.02808)")
    >>> doc.kind, doc.value.citations[0].label, doc.value.citations[0].url
    ('response', 'MPRNet', 'https://arxiv.org/abs/2102.02808')
    """
    if not isinstance(data, bytes):
        if not isinstance(data, str):
            message = f"cnaps parses bytes or str, not {type(data).__name__}"
            raise TypeError(message)
        data = as_bytes(data)
    source = decode(data)
    return ResponseDocument(data, _FREE, Response(source.text), source, exact=True)  # type: ignore[arg-type]
