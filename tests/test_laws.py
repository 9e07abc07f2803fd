"""The laws, for every input. Law 4 is in `tests/serializers`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import attrs
from hypothesis import Phase, assume, find, given, settings
from hypothesis import strategies as st

import cnaps
from cnaps.dialects import DIALECTS
from cnaps.tolerant import Layout
from tests import strategies as some

# Values, each with a dialect for it.
any_value = st.one_of(
    *[
        st.tuples(values.of_kind(kind), some.dialects(kind))
        for values in (some.HOSTILE, some.TAME)
        for kind in ("prompt", "answer")
    ]
)
# The same without fields that the dialect has no place for.
fitting_value = any_value.map(lambda drawn: (some.fitting(*drawn), drawn[1]))
single_lines = st.one_of(
    *[st.tuples(some.TAME.of_kind(kind), some.dialects(kind)) for kind in ("prompt", "answer")]
).map(lambda drawn: (some.fitting(*drawn), drawn[1]))
likely_files = st.one_of(some.edited_files(), some.files()).map(
    lambda text: text.encode("utf-8", "surrogatepass")
)
any_bytes = st.one_of(
    st.binary(),
    st.one_of(some.texts(), some.edited_files()).map(
        lambda text: text.encode("utf-8", "surrogatepass")
    ),
)


def parsed(data: bytes) -> cnaps.Document:
    """The document, or no example at all where the input is neither format."""
    try:
        return cnaps.parse(data)
    except cnaps.ParseError as error:
        assert str(error)
        assume(False)
        raise


def fields_with_text(doc: cnaps.Document) -> list[tuple[tuple[str | int, ...], str]]:
    """The path and the text of every field that is not None."""
    found: list[tuple[tuple[str | int, ...], str]] = []

    def walk(value: Any, path: tuple[str | int, ...]) -> None:
        if isinstance(value, str):
            found.append((path, value))
        elif isinstance(value, tuple):
            for number, item in enumerate(value):
                walk(item, (*path, number))
        elif value is not None:
            for field in attrs.fields(type(value)):
                walk(getattr(value, field.name), (*path, field.name))

    walk(doc.value, ())
    return found


class TestLaw1Bytes:
    """What parses gives its bytes back; what does not is a ParseError and nothing else."""

    @given(any_bytes)
    def test_bytes_come_back(self, data: bytes) -> None:
        try:
            doc = cnaps.parse(data)
        except cnaps.ParseError as error:
            assert str(error)
        else:
            assert doc.to_bytes() == data

    @given(st.one_of(some.texts(), some.edited_files()))
    def test_text_comes_back_as_its_utf_8(self, text: str) -> None:
        try:
            doc = cnaps.parse(text)
        except cnaps.ParseError as error:
            assert str(error)
        else:
            assert doc.to_bytes() == text.encode()

    @given(likely_files)
    def test_all_that_a_document_tells_is_within_its_text(self, data: bytes) -> None:
        doc = parsed(data)
        length = len(doc.text)
        for diagnostic in doc.diagnostics:
            start, end = diagnostic.span
            assert 0 <= start <= end <= length
            assert doc.location(start) >= (1, 1)
        for earlier, later in pairwise(doc.diagnostics):
            assert earlier.span <= later.span


class TestLaw2Values:
    """What is rendered reads back as the value; what would not is a RenderError."""

    @given(any_value | fitting_value)
    def test_rendered_values_read_back(
        self, drawn: tuple[cnaps.PromptSpec | cnaps.Answer, str]
    ) -> None:
        value, dialect = drawn
        try:
            text = cnaps.render(value, dialect)
        except cnaps.RenderError as error:
            assert error.field
            assert str(error).startswith(error.field)
        else:
            doc = cnaps.parse(text)
            assert doc.value == value
            assert doc.dialect == dialect

    @given(single_lines)
    def test_single_lines_are_always_accepted(
        self, drawn: tuple[cnaps.PromptSpec | cnaps.Answer, str]
    ) -> None:
        cnaps.render(*drawn)

    @given(fitting_value | any_value)
    def test_both_readers_agree_on_what_is_rendered(
        self, drawn: tuple[cnaps.PromptSpec | cnaps.Answer, str]
    ) -> None:
        value, dialect = drawn
        try:
            text = cnaps.render(value, dialect)
        except cnaps.RenderError:
            assume(False)
        doc = cnaps.parse(text)
        assert doc.dialect == dialect
        layout = Layout(DIALECTS[dialect], doc.text)
        assert layout.value() == value
        assert not list(layout.findings()) or not doc.exact
        if doc.exact:
            for part in layout.dialect.parts:
                assert doc.layout.nodes(part) == layout.nodes(part)


class TestCanonical:
    """A canonical file is the one that is rendered of its value, to the byte."""

    @given(st.one_of(some.files_with_other_words(), some.files(), some.edited_files()))
    def test_a_file_that_is_read(self, text: str) -> None:
        assert_canonical(parsed(text.encode("utf-8", "surrogatepass")))

    @given(
        st.one_of(some.files_with_other_words(), some.files()),
        some.newlines(),
        st.sampled_from([(), *some.DAMAGES]),
        st.booleans(),
    )
    def test_a_file_with_something_around_its_text(
        self, text: str, newline: str, codecs: tuple[str, ...], mark: bool
    ) -> None:
        assert_canonical(parsed(as_file(text, newline, codecs, mark=mark)))

    @given(any_value | fitting_value)
    def test_a_file_that_is_rendered(
        self, drawn: tuple[cnaps.PromptSpec | cnaps.Answer, str]
    ) -> None:
        try:
            text = cnaps.render(*drawn)
        except cnaps.RenderError:
            assume(False)
        assert cnaps.parse(text).canonical


def assert_canonical(doc: cnaps.Document) -> None:
    """Assert that a document knows whether it is canonical."""
    try:
        rendered = cnaps.render(doc.value, doc.dialect).encode()
    except cnaps.RenderError:
        assert not doc.canonical
    else:
        assert doc.canonical == (rendered == doc.to_bytes())


class TestSpans:
    """A span is where the text of its field stands."""

    @given(some.edited_files())
    def test_a_span_covers_the_text_of_its_field(self, text: str) -> None:
        doc = parsed(text.encode("utf-8", "surrogatepass"))
        for path, held in fields_with_text(doc):
            if held:
                assert doc.span(*path).of(doc.text) == held


class TestLaw3Edits:
    """An edit changes the fields that change, and no byte besides."""

    @given(likely_files)
    def test_the_same_value_changes_nothing(self, data: bytes) -> None:
        doc = parsed(data)
        assert doc.with_value(doc.value).to_bytes() == data

    @given(
        some.edited_files(),
        some.newlines(),
        st.sampled_from([(), *some.DAMAGES]),
        st.booleans(),
        st.data(),
    )
    def test_an_edited_document_says_the_value(
        self, text: str, newline: str, codecs: tuple[str, ...], mark: bool, data: st.DataObject
    ) -> None:
        doc = parsed(as_file(text, newline, codecs, mark=mark))
        value: Any = some.fitting(data.draw(some.TAME.of_kind(doc.kind)), doc.dialect)
        names = [field.name for field in attrs.fields(type(value))]
        kept = data.draw(st.sets(st.sampled_from(names)))
        value = attrs.evolve(value, **{name: getattr(doc.value, name) for name in kept})
        try:
            edited = doc.with_value(value)
        except cnaps.RenderError as error:
            # Only text that belongs to no field can be in the way.
            assert doc.diagnostics or value != doc.value, str(error)
            assert not doc.exact
        else:
            assert edited.value == value

    @given(
        some.files(),
        some.newlines(),
        st.sampled_from([(), *some.DAMAGES]),
        st.booleans(),
        some.lines(),
        st.data(),
    )
    def test_bytes_outside_the_changed_field_stay(
        self,
        text: str,
        newline: str,
        codecs: tuple[str, ...],
        mark: bool,
        new: str,
        data: st.DataObject,
    ) -> None:
        doc = cnaps.parse(as_file(text, newline, codecs, mark=mark))
        path, _ = data.draw(st.sampled_from(fields_with_text(doc)))
        start, end = doc.span(*path)
        edited = doc.with_value(replaced(doc.value, path, new))
        wanted = doc.text[:start] + new + with_echo(doc, path, doc.text[end:], new)
        assert edited.to_bytes() == as_file(wanted, newline, codecs, mark=mark)


class TestLaw5Damage:
    """Damage changes no value, comes back on writing, and is gone after repair."""

    @given(some.files(), some.newlines(), st.sampled_from(some.DAMAGES), st.booleans())
    def test_damage_is_read_through_kept_and_repaired(
        self, text: str, newline: str, codecs: tuple[str, ...], mark: bool
    ) -> None:
        clean = as_file(text, newline, (), mark=mark)
        data = as_file(text, newline, codecs, mark=mark)
        doc = cnaps.parse(data)
        assert doc.value == cnaps.parse(clean).value
        assert doc.damage == tuple(codec.removeprefix("sloppy-") for codec in codecs)
        assert doc.to_bytes() == data
        assert doc.repaired().to_bytes() == clean

    @given(likely_files)
    def test_repair_keeps_the_value_and_leaves_no_damage(self, data: bytes) -> None:
        doc = parsed(data)
        repaired = doc.repaired()
        assert repaired.value == doc.value
        assert repaired.damage == ()
        assert repaired.text == doc.text


class TestLaw6Derivation:
    """The answer that follows from a prompt is the rendered one, byte for byte."""

    @given(some.TAME.prompts, some.dialects("answer"))
    def test_a_derived_answer_is_exact_and_complete(
        self, prompt: cnaps.PromptSpec, dialect: str
    ) -> None:
        answer = cnaps.answer_for(prompt, dialect)
        doc = cnaps.parse(cnaps.render(answer, dialect))
        assert doc.exact
        assert doc.dialect == dialect
        assert doc.value == answer
        assert answer.question == prompt.question
        offered = [(m.name, m.paper, m.github) for m in prompt.models]
        offered += [(p.title, p.paper, p.github) for p in prompt.papers]
        assert [(r.name, r.paper, r.github) for r in answer.references] == offered


def with_echo(doc: cnaps.Document, path: tuple[str | int, ...], rest: str, new: str) -> str:
    """The text behind a field with the new text where it stands again."""
    if path[0] != "question" or not DIALECTS[doc.dialect].repeats:
        return rest
    before, heading, behind = rest.partition("# A user asks:\n")
    again = behind.replace(f'# "{doc.value.question.text}"\n', f'# "{new}"\n', 1)
    assert again != behind or doc.value.question.text == new
    return f"{before}{heading}{again}"


def as_file(text: str, newline: str, codecs: tuple[str, ...], *, mark: bool) -> bytes:
    """The bytes of a text in a file with these line ends, this damage, and perhaps a mark."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", newline)
    try:
        return some.damaged("\ufeff" * mark + text, codecs).encode()
    except UnicodeEncodeError:
        assume(False)
        raise


def replaced(value: Any, path: tuple[str | int, ...], new: str) -> Any:
    """The value with the field at a path replaced."""
    if not path:
        return new
    step, *rest = path
    if isinstance(step, int):
        assert isinstance(value, tuple)
        return (*value[:step], replaced(value[step], tuple(rest), new), *value[step + 1 :])
    return attrs.evolve(value, **{step: replaced(getattr(value, step), tuple(rest), new)})


HARD = settings(max_examples=2_000, phases=[Phase.generate])


class TestStrategies:
    """What the strategies above must be able to reach, or the laws would be held idly."""

    def test_hostile_values_with_line_breaks_are_rendered(self) -> None:
        find(
            some.HOSTILE.questions.map(cnaps.PromptSpec),
            lambda value: is_rendered(value) and "\n" in value.question.text,
            settings=HARD,
        )

    def test_hostile_values_are_refused(self) -> None:
        find(some.HOSTILE.answers, lambda value: not is_rendered(value), settings=HARD)

    def test_huge_texts(self) -> None:
        find(some.texts(), lambda text: len(text) > 50_000, settings=HARD)

    def test_edited_files_are_read_and_deviate(self) -> None:
        find(some.edited_files(), deviates, settings=HARD)


def is_rendered(value: cnaps.PromptSpec | cnaps.Answer) -> bool:
    try:
        cnaps.render(value)
    except cnaps.RenderError:
        return False
    return True


def deviates(text: str) -> bool:
    try:
        doc = cnaps.parse(text)
    except cnaps.ParseError:
        return False
    return not doc.exact and bool(doc.diagnostics)
