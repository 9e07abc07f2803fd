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
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import field, frozen

from cnaps.aligning import common_start
from cnaps.dialects.parts import Dialect
from cnaps.document import Document
from cnaps.editing import Edit
from cnaps.errors import RenderError
from cnaps.framing import find_question, find_thoughts, frame, is_truncated
from cnaps.marks import find_marks, without_marks
from cnaps.reading import as_bytes, try_to_read_as
from cnaps.scanning import scan
from cnaps.spans import Span
from cnaps.text import decode
from cnaps.values import Question, is_a, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from cnaps.framing import Frame
    from cnaps.marks import Mark
    from cnaps.mentions import Mention
    from cnaps.text import Source

__all__ = ["Response", "ResponseDocument", "Section", "parse_reply", "parse_response"]

_QUOTE_MARKER = re.compile(r"\n[ \t]*+>[ \t]?")


class Section(NamedTuple):
    """A stretch of a response under a heading.

    Attributes:
        heading: The text of the heading, without markup.
        level: 1 to 6, as in Markdown; see `Response.sections` for lines that only look like
            headings.
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
        return without_marks(self.source)

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
    def thoughts(self) -> Span:
        """What the model thought before it answered, up to `</think>`; empty where there is none.

        Without an end to it, that is everything.
        """
        return find_thoughts(self.source)

    @property
    def body(self) -> Span:
        """The answer proper, without what stands around it.

        What stands around it is `thoughts`; a chat preface, `Sure! Here is …`, and an offer at the
        end, `Let me know if …`; and a code fence around all of it.
        """
        return self._frame.body

    @property
    def has_preface(self) -> bool:
        """Whether it starts like a chat: `Of course. Here is …`."""
        return self._frame.has_preface

    @property
    def is_fenced(self) -> bool:
        """Whether all of the answer stands in a code fence."""
        return self._frame.is_fenced

    @cached_property
    def _frame(self) -> Frame:
        return frame(self.source, self.thoughts.end)

    @property
    def question(self) -> Question | None:
        """The question that the response repeats, or None.

        It stands near the start, behind a label such as `**User Question:**` or `## Question`, in
        quotation marks or with a question mark at its end.
        """
        span = self.question_span
        return None if span is None else Question(_QUOTE_MARKER.sub("\n", span.of(self.source)))

    @cached_property
    def question_span(self) -> Span | None:
        """Where the question stands, without its quotation marks, or None."""
        return find_question(self.source, self.thoughts.end)

    @cached_property
    def citations(self) -> tuple[Mention, ...]:
        """The links, in order, also those of `thoughts`; see `cnaps.Mention`."""
        return tuple(scan(self.source))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """The stretches under headings, in order; text before the first heading is in none.

        Headings are those of Markdown, `## Task` and underlined lines, outside of lists and quotes.
        Where there are none at all, lines that stand for headings are taken for them: numbered
        ones, `1. Task`, of which there are two or more, with lettered ones, `A. Overview`, a level
        below; or else bold ones, `**Task**`.

        Raises ModuleNotFoundError where markdown-it-py is not installed.
        """
        return _sections(self.source, self.body)

    @cached_property
    def is_truncated(self) -> bool:
        """Whether it surely ends in the middle: of a link, a mark, a code fence or a sentence."""
        return is_truncated(self.source, self.thoughts.end)


# --- sections -------------------------------------------------------------------------------------

_LINE_END = re.compile(r"\r\n|\r|\n")
_NUMBER = r"(?:\(?[0-9]{1,3}\\?[.)]|[IVX]{1,5}[.)]|[0-9]\ufe0f?\u20e3)[ \t]++"
_EMOJI = r"(?:[^\w\s*_\[\](){}#<>-]{1,8}[ ]{1,2})?+"
# What stands for a heading.
_LOOK_ALIKE = re.compile(
    rf"{_EMOJI}(?:{_NUMBER}(?![#>]|[-*+][ ]).++(?P<numbered>)"
    r"|[A-Z][.)][ \t].++(?P<lettered>)"
    r"|(?:\*{2,3}[^*\n]++\*{2,3}|__[^\n]+?__):?(?P<bold>))"
)
_LEVELS = {"numbered": 1, "lettered": 2, "bold": 1}


class _Heading(NamedTuple):
    """A heading, or a line that may be one; `look` is "proper" or a group of `_LOOK_ALIKE`."""

    look: str
    level: int
    markdown: str
    span: Span


def _sections(source: str, body: Span) -> tuple[Section, ...]:
    from cnaps._extras import needs

    with needs("responses", "Response.sections"):
        from markdown_it import MarkdownIt

    # Definitions of references make no headings, and took quadratic time up to version 3.
    # Marks hide headings, and go over no line: without them, the lines are the same.
    text = without_marks(body.of(source))
    blocks = MarkdownIt("commonmark").disable(["inline", "reference"]).parse(text)
    headings = _of_one_look([*_candidates(source, body, blocks)])
    ends = [*(heading.span.start for heading in headings[1:]), body.end]
    parser = MarkdownIt("commonmark")
    return tuple(
        Section(_shown(parser, markdown), level, Span(span.start, end), span)
        for (_, level, markdown, span), end in zip(headings, ends, strict=False)
    )


def _candidates(source: str, body: Span, blocks: list[Token]) -> Iterator[_Heading]:
    """Yield the headings and all lines that look like some, outside of lists and quotes."""
    ends = (body.start + end.end() for end in _LINE_END.finditer(body.of(source)))
    lines = [body.start, *ends, body.end]
    for block, content in pairwise(blocks):
        if block.map is None or block.level > 0:
            continue
        start, end = lines[block.map[0]], lines[block.map[1]]
        span = Span(start, start + len(source[start:end].rstrip()))
        if block.type == "heading_open":
            # A rule below a paragraph underlines it for CommonMark. No model means that.
            if "\n" not in content.content:
                yield _Heading("proper", int(block.tag[1:]), content.content, span)
        elif block.type in {"paragraph_open", "ordered_list_open"}:
            line = without_marks(span.of(source)).strip()
            if alike := _LOOK_ALIKE.fullmatch(line):
                look = alike.lastgroup or ""
                yield _Heading(look, _LEVELS[look], line, span)


def _of_one_look(candidates: list[_Heading]) -> list[_Heading]:
    """Return those candidates that are headings, given that all of them are there."""
    looks = [candidate.look for candidate in candidates]
    if "proper" in looks:
        wanted = {"proper"}
    elif looks.count("numbered") > 1:
        wanted = {"numbered", "lettered"}
    else:
        wanted = {"bold"}
    return [candidate for candidate in candidates if candidate.look in wanted]


def _shown(parser: MarkdownIt, text: str) -> str:
    """Return inline Markdown as a reader sees it."""
    (inline,) = parser.parseInline(text)
    pieces = inline.children or []
    return "".join([piece.content for piece in pieces if piece.type != "html_inline"]).strip()


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
        damaged = f", damaged as {'+'.join(self.damage)}" if self.damage else ""
        return f"<ResponseDocument, {len(self._data):,} bytes{damaged}>"

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
            case ("question",):
                found = self.value.question_span
            case ("citations" | "sections" as name, int(number)):
                stretches = getattr(self.value, name)
                if -len(stretches) <= number < len(stretches):
                    found = stretches[number].span
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
            hint = "it has carriage returns, lone surrogates, or looks like encoding damage"
            if self.damage:
                hint += ", or that of this file would not show in it: change `repaired()`"
            raise RenderError(
                "the text would be read back otherwise",
                field="source",
                dialect=self.dialect,
                hint=hint,
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
        data = as_bytes(data)
    return _document(data, decode(data))


def parse_reply(data: bytes) -> Document:
    """Read what answers a prompt: an answer if it is one, else a response.

    Raises ParseError where it is not UTF-8.
    """
    read = try_to_read_as(Document, data)
    if not isinstance(read, Document):
        return _document(data, read)
    return read if read.kind == "answer" else _document(data, decode(data))


def _document(data: bytes, source: Source) -> ResponseDocument:
    response: Any = Response(source.text)  # the dialects have no such value
    return ResponseDocument(data, _FREE, response, source, exact=True, canonical=False)
