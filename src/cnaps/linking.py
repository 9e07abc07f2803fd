"""The links of values, documents and texts, with where each of them stands."""

from __future__ import annotations

from os import fspath
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import attrs

from cnaps.dialects.parts import MISSING, Echo, Entries, Prose, Quoted, Record
from cnaps.rendering import path_text
from cnaps.scanning import scan
from cnaps.spans import Span
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from os import PathLike

    from cnaps.dialects.parts import Part
    from cnaps.document import Document
    from cnaps.responses import Response

    Value: TypeAlias = PromptSpec | Answer | Question | ModelRef | PaperRef | Workflow
    Path: TypeAlias = tuple[str | int, ...]

__all__ = ["Link", "iter_links"]


@attrs.frozen
class Link:
    r"""A link, and where it stands.

    Attributes:
        url: The link. That of a `paper` or `github` is all of the field, as written; in prose it is
            the link to follow, where `\_` is `_` and `&amp;` is `&`.
        file: The file, if one was named.
        path: The field, such as "papers[1].summary"; "" in a text, and for what stands in a
            document outside of its fields.
        span: Its characters: in the `text` of a document, in the text of that field of a value, or
            in the text that was given.
    """

    url: str
    file: str | None
    path: str
    span: Span


def iter_links(
    source: Value | Response | Document | str, *, file: str | PathLike[str] | None = None
) -> Iterator[Link]:
    """Yield the links of a value, a document or a text, in its order.

    The fields `paper` and `github` are links, whatever they hold. In everything else links are
    looked for: bare ones, those of Markdown and LaTeX, `arXiv:` ids, and hosts of known sites
    without a scheme; see `cnaps.mentions`. Takes time linear in the source, whatever it holds.

    Args:
        source: One of the six values, a Response, a Document, or any text.
        file: The file that it came from, for `Link.file`; it is not opened.

    Raises:
        TypeError: If `source` is none of these.

    >>> from cnaps import ModelRef, iter_links
    >>> for link in iter_links(ModelRef("SwinIR (see arXiv:2108.10257)", github="github.com/x")):
    ...     print(link.path, link.url, link.span)
    name arXiv:2108.10257 Span(start=12, end=28)
    github github.com/x Span(start=0, end=12)
    """
    name = None if file is None else fspath(file)
    if isinstance(source, str):
        return _links([_Stretch("", source)], name)
    if isinstance(source, _VALUES):
        return _links(_of_value(source), name)
    from cnaps.document import Document
    from cnaps.responses import Response

    if isinstance(source, Document):
        return _links(_of_document(source), name)
    if isinstance(source, Response):
        return _links([_Stretch("", source.source)], name)
    message = f"links are in a value, a Document or a str, not in {type(source).__name__}"
    raise TypeError(message)


_VALUES = (PromptSpec, Answer, Question, ModelRef, PaperRef, Workflow)
_LINK_FIELDS = frozenset({"paper", "github"})


class _Stretch(NamedTuple):
    """A piece of text that belongs to one field, or to none.

    Attributes:
        path: The field.
        text: The piece.
        start: Where it starts in the text that spans refer to.
        is_link: Whether all of it is a link.
    """

    path: str
    text: str
    start: int = 0
    is_link: bool = False


def _links(stretches: Iterable[_Stretch], file: str | None) -> Iterator[Link]:
    for path, text, start, is_link in stretches:
        if is_link:
            yield Link(text, file, path, Span(start, start + len(text)))
            continue
        for mention in scan(text):
            span = Span(start + mention.span.start, start + mention.span.end)
            yield Link(mention.url, file, path, span)


def _of_value(value: Any, path: Path = ()) -> Iterator[_Stretch]:
    match value:
        case str():
            is_link = path[-1] in _LINK_FIELDS and not value.isspace() and value != ""
            yield _Stretch(path_text(path), value, is_link=is_link)
        case tuple():
            for number, item in enumerate(value):
                yield from _of_value(item, (*path, number))
        case None:
            pass
        case _:
            for field in attrs.fields(type(value)):
                yield from _of_value(getattr(value, field.name), (*path, field.name))


def _of_document(doc: Document) -> Iterator[_Stretch]:
    text = doc.text
    position = 0
    for path, (start, end) in sorted(_fields(doc), key=lambda field: field[1]):
        yield _Stretch("", text[position:start], position)
        held = text[start:end]
        is_link = path[-1] in _LINK_FIELDS and held.lower() not in MISSING
        yield _Stretch(path_text(path), held, start, is_link)
        position = end
    yield _Stretch("", text[position:], position)


def _fields(doc: Document) -> Iterator[tuple[Path, Span]]:
    """Yield all fields of a document; to ask it for one after the other would take too long."""
    if doc.kind == "response":  # it has no fields
        return
    layout = doc.layout
    for part in layout.dialect.parts:
        if isinstance(part, Echo):  # outside of the fields
            continue
        for number, node in enumerate(layout.nodes(part)):
            for name, line in node.lines.items():
                yield _path(part, number, name), line.value


def _path(part: Part, number: int, name: str) -> Path:
    """Return the path that a field has in the value."""
    match part:
        case Quoted():
            return part.name, "text"
        case Prose():
            return (part.name,)
        case Record():
            return part.name, name
        case Entries():
            return part.name, number, name
        case _:  # a paragraph
            return part.name, number
