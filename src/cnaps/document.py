"""Files as documents: the bytes, the value they hold, and the way from one to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cnaps.errors import ParseError, RenderError
from cnaps.reading import Reading, as_bytes, read_as
from cnaps.rendering import first_difference, path_text, render
from cnaps.spans import Lines, Location, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from os import PathLike
    from typing import Self

    from cnaps.diagnostics import Diagnostic
    from cnaps.dialects.parts import Kind, Value
    from cnaps.editing import Edit
    from cnaps.text import Layers, Source
    from cnaps.tolerant import Layout

__all__ = ["Document", "parse", "read", "read_with"]

_D = TypeVar("_D", bound="Document")


def read(path: str | PathLike[str]) -> Document:
    """Read a prompt or an answer file.

    Raises OSError where the file cannot be read, and ParseError, naming the file, where it is
    neither a prompt nor an answer or is not UTF-8.

    >>> doc = read("docs/examples/rain/prompt.txt")
    >>> doc.kind, len(doc.value.papers)
    ('prompt', 2)
    """
    return read_with(parse, path)


def read_with(parser: Callable[[bytes], _D], path: str | PathLike[str]) -> _D:
    """Read a file by a parser; its errors name the file."""
    with open(path, "rb", buffering=0) as file:  # noqa: PTH123 - half the time, and no import
        data = file.read()
    try:
        return parser(data)
    except ParseError as error:
        error.path = path
        raise


def parse(data: bytes | str) -> Document:
    """Read the content of a prompt or an answer file.

    A `str` is read as the UTF-8 file that has this text.

    Raises ParseError where it is neither a prompt nor an answer or is not UTF-8, and TypeError
    where `data` is neither bytes nor str. Takes time linear in the length of `data`.
    """
    if not isinstance(data, bytes):
        data = as_bytes(data)
    return read_as(Document, data)


class Document(Reading):
    """A prompt or an answer as a file has it.

    Made by `read` and `parse`. A document never changes: `with_value` and `repaired` return new
    ones. Two documents are equal if their bytes are, and were read by the same function.
    """

    __slots__ = ("_lines",)
    _lines: Lines

    def __repr__(self) -> str:
        state = "exact" if self.exact else "deviates"
        damaged = f", damaged as {'+'.join(self.damage)}" if self.damage else ""
        return f"<Document {self.dialect}, {len(self._data):,} bytes, {state}{damaged}>"

    def __eq__(self, other: object) -> bool:
        return self._data == other._data if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._data)

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle as bytes; reading them again gives the same document."""
        return parse, (self._data,)

    # What it is.

    @property
    def kind(self) -> Kind:
        """What kind of file it is: "prompt", "answer" or "response"."""
        return self._dialect.kind

    @property
    def canonical(self) -> bool:
        """Whether its bytes are those of `cnaps.render` for its value, in its dialect.

        Such a file is all in its value and the name of its dialect.

        >>> parse(render(read("docs/examples/night/prompt.txt").value)).canonical
        True
        """
        if self._canonical is None:
            self._canonical = self._is_rendered()
        return self._canonical

    @property
    def text(self) -> str:
        r"""The decoded text, without mark or damage and with `\n` line ends."""
        return self._decoded().text

    @property
    def damage(self) -> tuple[str, ...]:
        """The encodings that its UTF-8 was misread as, in the order in which that happened."""
        return self.layers.damage

    @property
    def layers(self) -> Layers:
        """What lies between its bytes and its text, such as damage and line ends."""
        return self._decoded().layers

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What reading the file noticed, in the order of the text; worked out when asked for.

        These are the findings of the rules CN0xx and CN1xx; `cnaps.lint` has all.
        """
        from cnaps.facts import DocumentFacts
        from cnaps.rules import encoding, structure

        facts = DocumentFacts(self)
        found = [d for rule in (*encoding.RULES, *structure.RULES) for d in rule(facts)]
        return tuple(sorted(found, key=lambda diagnostic: diagnostic.span))

    # Where it says what.

    def span(self, *path: str | int) -> Span:
        """Return where a field stands in `text`.

        Args:
            path: The names and numbers that lead to it: `span("models", 0, "github")`,
                `span("question")`, `span("workflow", "input")`, `span("notes", 1)`. An entry
                without a field name, `span("models", 0)`, is all of its lines.

        Raises KeyError where the value has no such field, or the file has no text for it. The
        span of a link that the file says is missing is that of the word that says so.
        """
        found = self.layout.find(path)
        if found is None:
            message = f"this {self.kind} has no text for {'.'.join(map(str, path))}"
            raise KeyError(message)
        return found

    def location(self, offset: int) -> Location:
        """Return the line and column of an offset in `text`, as people count them, from 1.

        Raises ValueError where the offset is outside of the text.
        """
        if not 0 <= offset <= len(self.text):
            message = f"{offset} is outside of the text, which has {len(self.text):,} characters"
            raise ValueError(message)
        try:
            return self._lines.locate(offset)
        except AttributeError:
            self._lines = Lines(self.text)
            return self._lines.locate(offset)

    # What can be made of it.

    def to_bytes(self) -> bytes:
        """Return the bytes as they were read, damage and all."""
        return self._data

    def repaired(self) -> Self:
        """Return the same document as clean UTF-8; this one where nothing is damaged.

        Line ends and a byte order mark stay.
        """
        source = self._decoded()
        if not source.layers.damage:
            return self
        return self._read(source.layers.repaired().encode(source.raw))

    def with_edits(self, edits: Iterable[Edit], *, layers: Layers | None = None) -> Self:
        """Return the document after edits of its text.

        Every byte outside of them stays; new text takes the line ends and the damage of the file.

        Args:
            edits: Stretches of `text` and what they become, in order, none over another.
            layers: What to write the text through instead of the layers of this file. The line
                ends of the file are then replaced by those of the layers.

        Raises ParseError where the result is neither a prompt nor an answer, UnicodeEncodeError
        where it has a lone surrogate, and ValueError where edits are out of order, over one
        another or outside of the text.

        >>> from cnaps import Edit, read
        >>> doc = read("docs/examples/rain/prompt.txt")
        >>> start, end = doc.span("models", 0, "name")
        >>> doc.with_edits([Edit(end, end, "-v2")]).value.models[0].name
        'Derain-Restormer-Rain100H-v2'
        """
        edits = list(edits)
        position = 0
        for start, end, _ in edits:
            if not position <= start <= end <= len(self.text):
                message = (
                    f"the edit of {start}:{end} is out of order, over another one, or outside of"
                    f" the text, which has {len(self.text):,} characters"
                )
                raise ValueError(message)
            position = end
        source = self._decoded()
        raw = source.edited(edits)
        if layers is None:
            return self._read(source.layers.encode(raw))
        text = raw.replace("\r\n", "\n").replace("\r", "\n")
        return self._read(layers.encode(text.replace("\n", layers.newline)))

    def with_value(self, value: Value) -> Self:
        """Return a document that says `value`, by the smallest change of this one.

        Every byte outside the fields that change stays; new text takes the line ends and the
        damage of the file. The result is read again before it is returned.

        Raises RenderError where no text in this place reads as `value`, and TypeError where
        `value` is not of the class that the document holds.
        """
        if value == self._value:
            return self
        if not isinstance(value, self._dialect.type):
            wanted, got = self._dialect.type.__name__, type(value).__name__
            message = f"this {self.kind} holds a {wanted}, not {got}"
            raise TypeError(message)
        from cnaps.editing import edits

        source = self._decoded()
        raw = source.edited(edits(self.layout, self._value, value))
        try:
            document = self._read(source.layers.encode(raw))
        except (ParseError, UnicodeEncodeError):
            document = self
        # Where something stands twice, an exact file shall go on saying the same both times.
        if document.value == value and document.exact >= (self.exact and self._dialect.repeats):
            return document
        render(value, self.dialect)  # says what is wrong where no file at all can hold the value
        raise RenderError(
            "other text in this file would be read as part of it",
            field=path_text(first_difference(value, document.value)),
            dialect=self.dialect,
            hint="see `diagnostics` for text that belongs to no field, or write a new file",
        )

    def write(self, path: str | PathLike[str]) -> None:
        """Write the document to a file, atomically; an existing file keeps its permissions.

        Raises OSError where that is not possible, and RenderError where the bytes do not read
        as the value; the file is as it was in both cases.
        """
        from cnaps._files import write_atomically

        again = self._read(self._data).value
        if again != self._value:
            raise RenderError(
                "the bytes would be read back otherwise",
                field=path_text(first_difference(self._value, again)),
                dialect=self.dialect,
            )
        write_atomically(path, self._data)

    @classmethod
    def _read(cls, data: bytes) -> Self:
        return read_as(cls, data)

    # Worked out when first needed.

    def _is_rendered(self) -> bool:
        try:
            return render(self._value, self.dialect).encode() == self._data
        except RenderError:
            return False

    def _decoded(self) -> Source:
        source = self._source
        if source is None:  # the exact reader took the bytes, in which nothing is damaged
            from cnaps.text import CLEAN, Source

            text = self._data.decode()
            source = self._source = Source(CLEAN, text, text)
        return source

    @property
    def layout(self) -> Layout:
        """Where the parts and their fields stand in `text`, for what edits or looks at them."""
        layout = self._layout
        if layout is None:
            from cnaps.placing import canonical_nodes
            from cnaps.tolerant import Layout

            # Of a canonical file the places follow from the value, in a fraction of the time.
            is_canonical = self._exact and self.canonical
            nodes = canonical_nodes(self._dialect, self._value) if is_canonical else None
            layout = self._layout = Layout(self._dialect, self.text, nodes=nodes)
        return layout
