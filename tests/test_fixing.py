"""Fixes are made as far as they hold, and change nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import Edit, Fix, Fixed, Safety, Span
from cnaps.diagnostics import document_rule
from cnaps.marks import without_marks
from cnaps.rules import Found, _registry
from tests.rules.scenes import collection, prompt, sample
from tests.strategies import DAMAGES, damaged, edited_files, files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from cnaps.rules import DocumentFacts

    Use = Callable[..., None]


def codes(diagnostics: Iterable[cnaps.Diagnostic]) -> list[str]:
    return [found.code for found in diagnostics]


def broken() -> str:
    """The prompt of the sample with four things to fix in it, one of them twice."""
    return (
        sample("prompt")
        .replace("https://arxiv.org/pdf/1911", "http://x@arxiv.org/pdf/1911")
        .replace("https://github.com/IDKiro/gUNet", "http://github.com/IDKiro/gUNet?tab=readme")
    )


class TestPasses:
    def test_a_document_without_fixes_is_returned_as_it_is(self) -> None:
        doc = prompt()
        assert cnaps.fix(doc) == Fixed(doc)
        assert cnaps.fix(doc).document is doc

    def test_fixes_that_are_apart_are_made_in_one_pass(self) -> None:
        fixed = cnaps.fix(cnaps.parse(broken()))
        assert fixed.document.text == sample("prompt")
        assert codes(fixed.applied) == ["CN204", "CN201", "CN203", "CN201"]
        assert (fixed.passes, fixed.refused, fixed.is_stable) == (2, (), True)

    def test_only_what_is_selected_is_fixed(self) -> None:
        fixed = cnaps.fix(cnaps.parse(broken()), select=["CN2"], ignore=["CN201", "CN204"])
        assert codes(fixed.applied) == ["CN203"]

    def test_fixes_that_touch_wait_for_the_next_pass(self) -> None:
        text = sample("response").replace("distance.", "distance[cite: 1]【2†source】.")
        fixed = cnaps.fix(cnaps.parse_response(text))
        assert fixed.document.text == sample("response")
        assert codes(fixed.applied) == ["CN501", "CN502"]
        assert fixed.passes == 2

    def test_damage_and_line_ends_are_undone_before_anything_else(self) -> None:
        lines = broken().replace("→", "➔→").split("\n")
        text = "\r\n".join(lines[:9]) + "\n" + "\n".join(lines[9:])
        fixed = cnaps.fix(cnaps.parse(damaged(text, ("cp437",)).encode()))
        assert fixed.document.to_bytes().decode() == "\n".join(lines).replace(
            broken(), sample("prompt")
        ).replace("http://x@", "https://").replace("http://", "https://").replace("?tab=readme", "")
        assert codes(fixed.applied)[:2] == ["CN001", "CN003"]

    def test_undoing_damage_leaves_line_ends_as_they_are(self) -> None:
        text = sample("prompt").replace("\n", "\r\n", 3)
        doc = cnaps.parse(damaged(text, ("latin-1",)).encode())
        fixed = cnaps.fix(doc, select=["CN001"])
        assert fixed.document.to_bytes() == text.encode()

    def test_line_ends_become_the_kind_that_is_used_most(self) -> None:
        text = sample("prompt").replace("\n", "\r\n")
        doc = cnaps.parse(text.replace("\r\n", "\r", 2).encode())
        assert cnaps.fix(doc).document.to_bytes() == text.encode()


class TestPairs:
    def test_the_answer_is_what_is_fixed(self) -> None:
        text = sample("response").replace("pdf/1911.07559v2", "abs/1911.07559")
        answer = cnaps.parse_response(text)
        fixed = cnaps.fix((prompt(), answer))
        assert isinstance(fixed.document, cnaps.ResponseDocument)
        assert fixed.document.text == sample("response")
        assert codes(fixed.applied) == ["CN303"]

    @pytest.mark.parametrize("link", ["http://github.com/a/b", "https://github.com/a/b?tab=c&d"])
    @pytest.mark.parametrize("rest", [".", "\\", " (code)", ", http://github.com/a/b", "\u3000b"])
    @pytest.mark.parametrize("unsafe", [False, True])
    def test_fixes_of_a_field_with_more_than_the_link_of_the_prompt_come_to_an_end(
        self, link: str, rest: str, unsafe: bool
    ) -> None:
        model = cnaps.ModelRef("Derain", None, link)
        value = cnaps.PromptSpec(cnaps.Question("Why?"), (model,))
        asked = cnaps.parse(cnaps.render(value))
        derived = cnaps.render(cnaps.answer_for(value))
        fixed = cnaps.fix((asked, cnaps.parse(derived.replace(link, link + rest))), unsafe=unsafe)
        assert fixed.is_stable
        assert cnaps.fix((asked, fixed.document), unsafe=unsafe).passes == 0

    @pytest.mark.parametrize("rest", [".", '"', " (code)", " or https://x.org/b", "【1†source】"])
    def test_what_the_prompt_has_beside_a_link_is_not_written_for_it(self, rest: str) -> None:
        model = cnaps.ModelRef("Derain", None, f"https://github.com/a/b{rest}")
        asked = cnaps.parse(cnaps.render(cnaps.PromptSpec(cnaps.Question("Why?"), (model,))))
        reply = cnaps.parse_response("See https://github.com/a/b#usage, or http://github.com/a/b.")
        fixes = [found.fix for found in cnaps.lint((asked, reply), select=["CN303"])]
        assert fixes
        assert {edit.text for fix in fixes if fix for edit in fix.edits} <= {
            "https://github.com/a/b"
        }

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("1911.07559v2", "1911.07599v2"),
            ("1911.07559v2", "1911.07559v1"),
            ("zhilin007/FFA-Net", "zhilin007/FFA-Net/issues/3"),
        ],
    )
    def test_what_may_be_meant_is_fixed_only_if_asked_for(self, old: str, new: str) -> None:
        answer = cnaps.parse_response(sample("response").replace(old, new))
        assert cnaps.fix((prompt(), answer)).document is answer
        assert cnaps.fix((prompt(), answer), unsafe=True).document.text == sample("response")

    def test_version_1_is_not_the_start_of_version_12(self) -> None:
        old = "1911.07559v2"
        asked = cnaps.parse(sample("prompt").replace(old, "1911.07559v12"))
        answer = cnaps.parse_response(sample("response").replace(old, "1911.07559v1"))
        assert cnaps.fix((asked, answer)).document is answer

    def test_an_answer_follows_its_prompt_after_both_are_fixed(self) -> None:
        old, new = "https://arxiv.org/pdf/1911", "http://arxiv.org/pdf/1911"
        asked = cnaps.parse(sample("prompt").replace(old, new))
        answer = cnaps.parse(sample("answer").replace(old, new))
        asked = cnaps.fix(asked).document
        fixed = cnaps.fix((asked, answer), collection=collection())
        assert fixed.document.text == sample("answer")


# --- fixes that do not hold -----------------------------------------------------------------------


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch) -> Iterator[Use]:
    """Have no rules but one that yields these findings, or those that a function returns."""

    def only(*found: Found, of: Callable[[DocumentFacts], Iterable[Found]] | None = None) -> None:
        rule = document_rule("ACME001", "trouble")(of or (lambda _: found))
        monkeypatch.setattr(_registry, "all_rules", lambda: {"ACME001": rule})
        _registry._selected.cache_clear()

    yield only
    monkeypatch.undo()
    _registry._selected.cache_clear()


def edit(*edits: tuple[int, int, str]) -> Found:
    made = tuple(Edit(*one) for one in edits)
    return Found(f"{edits[0]}", Span(0, 0), fix=Fix("edit", Safety.SAFE, made))


def place(*path: str | int) -> Span:
    return prompt().span(*path)


def replace(path: tuple[str | int, ...], text: str) -> Found:
    return edit((*place(*path), text))


NAME = ("models", 0, "name")
GITHUB = ("models", 0, "github")
WORDING = "Based on the following recommended models, explain:"
WHOLE = Span(0, len(sample("prompt")))


class TestRefusals:
    @pytest.mark.parametrize(
        "found",
        [
            replace(NAME, "one\nGitHub: https://example.org"),
            replace(NAME, "one\n\nModel: two"),
            replace(NAME, ""),
            replace(NAME, "one\r\ntwo"),
            replace(NAME, "\ud800"),
            replace(NAME, place(*NAME).of(sample("prompt"))),
            replace(("question",), f'why?"\n\n{WORDING}\n\n"'),
            edit((*WHOLE, "")),
            edit((*WHOLE, sample("answer"))),
            edit((*WHOLE, sample("other"))),
            edit((WHOLE.end, WHOLE.end + 1, "x")),
            edit((5, 3, "x")),
            edit((place(*NAME).start - 3, place(*NAME).start + 3, "x")),
            edit((place(*NAME).start - 7, place(*NAME).end + 1, "Model: other\n")),
            edit((place("models", 0).start,) * 2 + ("Model: another\n\n",)),
        ],
        ids=lambda found: found.message,
    )
    def test_a_fix_with_which_the_file_would_not_read_as_intended_is_refused(
        self, use: Use, found: Found
    ) -> None:
        use(found)
        fixed = cnaps.fix(prompt())
        assert fixed.document is prompt()
        assert [refused.message for refused in fixed.refused] == [found.message]
        assert (fixed.applied, fixed.passes, fixed.is_stable) == ((), 0, True)

    def test_the_others_are_made_all_the_same(self, use: Use) -> None:
        bad = [replace(("papers", n, "title"), "one\n\nModel: two") for n in range(2)]

        def of(file: DocumentFacts) -> Iterable[Found]:
            if file.doc == prompt():
                return [replace(NAME, "Another"), *bad, replace(("question",), "Why?")]
            return ()

        use(of=of)
        fixed = cnaps.fix(prompt())
        wanted = sample("prompt").replace(prompt().value.question.text, "Why?")
        assert fixed.document.text == wanted.replace("Dehaze-FFA-OTS", "Another")
        assert len(fixed.applied) == 2

    def test_blanks_in_front_of_a_field_are_no_part_of_it(self, use: Use) -> None:
        start, _ = place(*NAME)

        def of(file: DocumentFacts) -> Iterable[Found]:
            return [edit((start - 1, start, "  "))] if file.doc == prompt() else ()

        use(of=of)
        fixed = cnaps.fix(prompt()).document
        assert fixed.text == sample("prompt").replace("Model: Dehaze", "Model:  Dehaze")
        assert fixed.value == prompt().value

    def test_what_waited_for_a_fix_that_is_refused_gets_its_turn(self, use: Use) -> None:
        def of(file: DocumentFacts) -> Iterable[Found]:
            if file.doc == prompt():
                return [replace(NAME, "one\n\nModel: two"), replace(NAME, "Another")]
            return ()

        use(of=of)
        fixed = cnaps.fix(prompt())
        assert fixed.document.text == sample("prompt").replace("Dehaze-FFA-OTS", "Another")

    @pytest.fixture
    def line(self) -> str:
        """A line of the sample that can be left out."""
        return f"GitHub: {place(*GITHUB).of(sample('prompt'))}\n"

    def test_a_line_can_be_put_in_and_taken_out(self, use: Use, line: str) -> None:
        start = place(*GITHUB).start - len("GitHub: ")
        without = cnaps.parse(sample("prompt").replace(line, ""))

        def take(file: DocumentFacts) -> Iterable[Found]:
            return [edit((start, start + len(line), ""))] if file.doc == prompt() else ()

        def put(file: DocumentFacts) -> Iterable[Found]:
            return [edit((start, start, line))] if file.doc == without else ()

        use(of=take)
        assert cnaps.fix(prompt()).document == without
        use(of=put)
        assert cnaps.fix(without).document == prompt()

    def test_fixes_that_undo_each_other_are_refused(self, use: Use) -> None:
        def of(file: DocumentFacts) -> Iterable[Found]:
            question, name = file.doc.span("question"), file.doc.span(*NAME)
            if question.of(file.text) != "Why?":
                yield edit((*question, "Why?"))
            yield edit((*name, "B" if name.of(file.text) == "A" else "A"))

        use(of=of)
        fixed = cnaps.fix(prompt())
        value = prompt().value
        assert isinstance(value, cnaps.PromptSpec)
        (model,) = value.models
        assert fixed.document.value == evolve(
            value, question=cnaps.Question("Why?"), models=(evolve(model, name="A"),)
        )
        assert (len(fixed.applied), len(fixed.refused), fixed.passes) == (2, 1, 1)
        assert cnaps.fix(fixed.document) == Fixed(fixed.document, refused=fixed.refused)

    def test_a_file_that_gets_longer_and_longer_is_left_at_some_point(self, use: Use) -> None:
        use(of=lambda file: [edit((*[file.doc.span(*NAME).end] * 2, "x"))])
        fixed = cnaps.fix(prompt())
        assert (len(fixed.applied), fixed.passes, fixed.is_stable) == (20, 20, False)
        assert fixed.document.text == sample("prompt").replace("FFA-OTS", f"FFA-OTS{'x' * 20}", 1)


# --- laws -----------------------------------------------------------------------------------------


def some_files() -> st.SearchStrategy[bytes]:
    """Files as generated, edited and damaged, often with links that have something to fix."""
    texts = st.one_of(files(), edited_files(), st.builds(worse, files()), st.just(broken()))
    codecs = st.sampled_from([(), (), *DAMAGES])
    newline = st.sampled_from(["\n", "\n", "\r\n", "\r"])
    return st.builds(_as_file, texts, codecs, newline, st.booleans())


def worse(text: str) -> str:
    return text.replace("https://arxiv.org/pdf/2101", "http://me@arxiv.org/pdf/2101")


def _as_file(text: str, codecs: tuple[str, ...], newline: str, mixed: bool) -> bytes:
    first, _, rest = text.partition("\n")
    text = f"{first}{newline if mixed else chr(10)}{rest}"
    return damaged(text, codecs).encode("utf-8", "replace")


class TestLaws:
    @given(some_files(), st.booleans())
    def test_to_fix_twice_changes_nothing_more(self, data: bytes, unsafe: bool) -> None:
        try:
            doc = cnaps.parse(data)
        except cnaps.ParseError:
            return
        subject = (prompt(), doc) if doc.kind == "answer" else doc
        fixed = cnaps.fix(subject, unsafe=unsafe, collection=collection())
        assert fixed.is_stable
        again = (prompt(), fixed.document) if doc.kind == "answer" else fixed.document
        assert cnaps.fix(again, unsafe=unsafe, collection=collection()).document is fixed.document

    @given(some_files())
    def test_safe_fixes_change_links_alone(self, data: bytes) -> None:
        try:
            doc = cnaps.parse(data)
        except cnaps.ParseError:
            return
        fixed = cnaps.fix(doc)
        before, after = doc.value, fixed.document.value
        assert fixed.document.dialect == doc.dialect
        assert shape(before) == shape(after)
        for link, other in zip(links(before), links(after), strict=True):
            assert cnaps.identify(link).work == cnaps.identify(other).work
        left = [d for d in cnaps.lint(fixed.document) if d.fix and d.fix.safety is Safety.SAFE]
        assert left == list(fixed.refused)

    @given(st.text("abc [cite:1]【†】\ue200\ue201\n\r.", max_size=60))
    def test_of_a_response_only_marks_go(self, text: str) -> None:
        doc = cnaps.parse_response(text.encode())
        fixed = cnaps.fix(doc, select=["CN5"]).document
        wanted, before = doc.text, ""
        while wanted != before:  # what stood around a mark may be one now
            wanted, before = without_marks(wanted), wanted
        assert "".join(fixed.text.split()) == "".join(wanted.split())


def shape(value: object) -> object:
    """A value without its links."""
    match value:
        case cnaps.PromptSpec(question, models, papers):
            return question, [m.name for m in models], [(p.title, p.summary) for p in papers]
        case cnaps.Answer(question, task, workflow, references, notes):
            return question, task, workflow, [r.name for r in references], notes
        case _:
            return value


def links(value: object) -> list[str]:
    entries: list[Any] = []
    match value:
        case cnaps.PromptSpec(_, models, papers):
            entries = [*models, *papers]
        case cnaps.Answer(references=references):
            entries = [*references]
        case _:
            pass
    return [link for entry in entries for link in (entry.paper, entry.github) if link is not None]
