"""Responses: the text of a model, what is read out of it, and the file it came in."""

from __future__ import annotations

import builtins
import copy
import pickle
from itertools import pairwise
from time import process_time
from typing import TYPE_CHECKING, Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps
from cnaps import (
    Edit,
    MarkKind,
    ParseError,
    Question,
    RenderError,
    Response,
    ResponseDocument,
    Span,
    parse_response,
)
from cnaps.marks import without_marks
from cnaps.mentions import Form
from tests.samples import PROMPT
from tests.strategies import damaged, texts

if TYPE_CHECKING:
    from pathlib import Path

MPRNET = "https://arxiv.org/abs/2102.02808"
RESTORMER = "https://github.com/swz30/Restormer"
SOURCE = f"""Sure! Here's the plan:

## Question

> “Which model removes rain?”

## Task

[cite_start]Remove rain[cite: 6] with [MPRNet]({MPRNET})【12†source】.

### *Tools*

- **GitHub:** {RESTORMER}[cite: 7]

Let me know if you need more.
"""

MARKED = st.lists(
    st.one_of(
        st.sampled_from(
            [
                *("[cite_start]", "[cite: 6]", "【1†source】", "\ue200cite\ue202\ue201", "\ue200"),
                *("[cite: ", "【", "[oaicite:0]", "citeturn0search1", "]", "\n", "## ", "```\n"),
                *("1. ", "A. ", "**", "---\n", "> ", "- ", f"[MPRNet]({MPRNET})", MPRNET),
            ]
        ),
        texts(),
    ),
    max_size=8,
).map("".join)
SAVED = MARKED.filter(lambda text: not any("\ud800" <= c <= "\udfff" for c in text))


class TestText:
    def test_is_the_source_without_marks(self) -> None:
        response = Response(SOURCE)
        assert f"\nRemove rain with [MPRNet]({MPRNET}).\n" in response.text
        assert [mark.span.of(SOURCE) for mark in response.marks] == [
            *("[cite_start]", "[cite: 6]", "【12†source】", "[cite: 7]")
        ]
        assert {mark.kind for mark in response.marks} == {MarkKind.CITE, MarkKind.SOURCE}

    @given(MARKED)
    def test_offsets_lead_to_the_same_character(self, source: str) -> None:
        response = Response(source)
        text = response.text
        assert text == without_marks(source)
        offsets = [response.offset(position) for position in range(min(len(text), 2_000))]
        assert [source[offset] for offset in offsets] == [*text[:2_000]]
        assert all(left < right for left, right in pairwise(offsets))
        assert response.offset(len(text)) == len(source)

    @given(MARKED)
    def test_text_and_marks_are_the_source(self, source: str) -> None:
        response = Response(source)
        kept = [response.offset(position) for position in range(len(response.text))]
        removed = [n for mark in response.marks for n in range(*mark.span)]
        assert sorted(kept + removed) == [*range(len(source))]

    @pytest.mark.parametrize(("position", "shown"), [(-1, "-1"), (5, "5"), (10_000, "10,000")])
    def test_offsets_outside(self, position: int, shown: str) -> None:
        with pytest.raises(IndexError) as caught:
            Response("rain[cite: 6]").offset(position)
        assert str(caught.value) == f"the text has 4 characters, and none at {shown}"


class TestCitations:
    def test_have_exact_spans(self) -> None:
        response = Response(SOURCE)
        first, second = response.citations
        assert (first.url, first.label, first.form) == (MPRNET, "MPRNet", Form.INLINE)
        assert (second.url, second.label, second.form) == (RESTORMER, None, Form.BARE)
        assert [citation.span.of(SOURCE) for citation in (first, second)] == [MPRNET, RESTORMER]
        assert first.label_span is not None
        assert first.label_span.of(SOURCE) == "MPRNet"

    @pytest.mark.parametrize(
        ("source", "label"),
        [
            (f"**Paper:** {MPRNET}", None),
            (f"**Paper:** {MPRNET}[cite: 6]", None),
            (f"**Paper:** {MPRNET}【446†source】.", None),
            (f"[cite_start]{MPRNET}:contentReference[oaicite:0]{{index=0}}", None),
            (f"{MPRNET}\ue200cite\ue202turn0search1\ue201", None),
            (f"([MPRNet]({MPRNET}))", "MPRNet"),
            (f"[{MPRNET}]({MPRNET})", MPRNET),
            (f"[oai_citation:0‡arxiv.org]({MPRNET})", "oai_citation:0‡arxiv.org"),
            (f"\\url{{{MPRNET}}}", None),
            (f"\\href{{{MPRNET}}}{{MPRNet}}", "MPRNet"),
            (f"Rain[^1]\n\n[^1]: {MPRNET}", None),
            (f"| MPRNet | {MPRNET} |", None),
            (f"```markdown\n- {MPRNET}\n```", None),
            (f'{{"answer": "## Task\\n\\nRain: {MPRNET}\\n"}}', None),
            (f"> {MPRNET}\r\n", None),
        ],
    )
    def test_of_every_style(self, source: str, label: str | None) -> None:
        (citation,) = Response(source).citations
        assert (citation.url, citation.label) == (MPRNET, label)
        assert citation.span.of(source) == MPRNET

    @pytest.mark.parametrize(
        ("source", "url"),
        [
            ("by arXiv:2102.02808[cite: 3]", "arXiv:2102.02808"),
            ("github.com/swz30/Restormer【3†source】", "github.com/swz30/Restormer"),
            ("[MPRNet](https://arxiv.org/abs/2102.0", "https://arxiv.org/abs/2102.0"),
        ],
    )
    def test_ids_hosts_and_links_that_break_off(self, source: str, url: str) -> None:
        (citation,) = Response(source).citations
        assert citation.url == citation.span.of(source) == url


def headings(source: str) -> list[tuple[int, str]]:
    pytest.importorskip("markdown_it")
    return [(section.level, section.heading) for section in Response(source).sections]


class TestSections:
    def test_reach_from_heading_to_heading(self) -> None:
        pytest.importorskip("markdown_it")
        response = Response(SOURCE)
        question, task, tools = response.sections
        assert [question.heading, task.heading, tools.heading] == ["Question", "Task", "Tools"]
        assert [question.level, task.level, tools.level] == [2, 2, 3]
        assert tools.heading_span.of(SOURCE) == "### *Tools*"
        assert task.span.of(SOURCE).startswith("## Task\n\n[cite_start]Remove")
        assert question.span.end == task.span.start
        assert tools.span.end == response.body.end == SOURCE.index("\n\nLet me know")

    @pytest.mark.parametrize(
        ("source", "found"),
        [
            ("", []),
            ("Rain.\n", []),
            ("# Task\nRain.\n\n###### Tools ##\n", [(1, "Task"), (6, "Tools")]),
            ("Task\n====\n\nTools\n-----\n", [(1, "Task"), (2, "Tools")]),
            ("### ✅ Summary:\n", [(3, "✅ Summary:")]),
            ("### **1. Task** `x` [cite: 6]\n", [(3, "1. Task x")]),
            (f"## [MPRNet]({MPRNET}) &amp; \\*more\\*<br>\n", [(2, "MPRNet & *more*")]),
            ("## snake_case_name and 2 * 3\n", [(2, "snake_case_name and 2 * 3")]),
            ("##\n", [(2, "")]),
            ("#Task\n#2 rain\n", []),
            (
                "```markdown\n# Task\n\n```sh\n# rain\n```\n\n# Tools\n```",
                [(1, "Task"), (1, "Tools")],
            ),
            ("# Task\n\n```sh\n# rain\n```\n\n# Tools\n", [(1, "Task"), (1, "Tools")]),
            ("# Task\n\n- # Rain\n\n> # Snow\n", [(1, "Task")]),
            ("# Task\n\nRain\nand snow.\n---\n\nMore.", [(1, "Task")]),
            ("# Task\r\n\r\nRain\r\n\r\n## Tools\r\n", [(1, "Task"), (2, "Tools")]),
            ("# Task\n\n1. Rain\n\ngoes\n\n2. Snow\n\nstays", [(1, "Task")]),
            ("# Task\n\n**Tools**\n\nRain", [(1, "Task")]),
            ("<think>\n# Rain?\n</think>\n# Task\n", [(1, "Task")]),
            ("1. Task\n\nRain.\n\n2. **Tools**\n\nMore.", [(1, "1. Task"), (1, "2. Tools")]),
            ("1) Task\n\nRain.\n\n2) Tools\n\n- a\n- b", [(1, "1) Task"), (1, "2) Tools")]),
            ("(1) Task\n\nRain.\n\n(2) Tools\n", [(1, "(1) Task"), (1, "(2) Tools")]),
            ("I. Task\n\nA. Why\n\nII. Tools\n", [(1, "I. Task"), (2, "A. Why"), (1, "II. Tools")]),
            ("1\\. Task\n\nRain.\n\n2\\. Tools\n", [(1, "1. Task"), (1, "2. Tools")]),
            ("[cite_start]## Task\n\nRain.\n\n## Tools[cite: 6]\n", [(2, "Task"), (2, "Tools")]),
            ("【1†a】Task\n====\n\nTools\n----[cite: 6]\n", [(1, "Task"), (2, "Tools")]),
            (
                "[cite_start]1. Task [cite: 6]\n\nRain.\n\n2. Tools\n",
                [(1, "1. Task"), (1, "2. Tools")],
            ),
            ("[cite_start]**Task**[cite: 6]\n\nRain.\n", [(1, "Task")]),
            (
                "1. Task\n\nA. Overview\n\nRain.\n\n2. Tools\n\n**Rain**\n\nMore.",
                [(1, "1. Task"), (2, "A. Overview"), (1, "2. Tools")],
            ),
            ("1️⃣ Task\n\nRain.\n\n2️⃣ Tools\n", [(1, "1️⃣ Task"), (1, "2️⃣ Tools")]),
            ("🧠 1. Task\n\nRain.\n\n🔧 2. Tools\n", [(1, "🧠 1. Task"), (1, "🔧 2. Tools")]),
            ("1. Rain\n2. Snow\n\nMore.\n\n1. Hail\n2. Fog\n", []),
            ("1. Rain goes.\n\nThat is all.\n", []),
            ("1. Rain\n   falls\n\nx\n\n2. Snow\n   too\n", []),
            ("1. - Rain\n\nx\n\n2. - Snow\n", []),
            ("A. Rain\n\nB. Snow\n", []),
            ("**Task**\n\nRain.\n\n__Tools__:\n- a\n", [(1, "Task"), (1, "Tools:")]),
            ("***Task***\n\nRain.\n\n**Tools**\n", [(1, "Task"), (1, "Tools")]),
            ("✅ **Summary:**\n\nRain **goes**.\n", [(1, "✅ Summary:")]),
            ("**Rain** goes **away**\n\n**Rain**\nfalls\n\n- **Snow**\n", []),
            ("**Task:** remove rain\n", []),
        ],
    )
    def test_of_every_style(self, source: str, found: list[tuple[int, str]]) -> None:
        assert headings(source) == found

    @given(MARKED)
    def test_spans_tile_the_end_of_the_body(self, source: str) -> None:
        pytest.importorskip("markdown_it")
        response = Response(source)
        sections = response.sections
        assert all(left.span.end == right.span.start for left, right in pairwise(sections))
        for section in sections:
            assert section.span.start == section.heading_span.start
            assert section.heading_span.end <= section.span.end
        if sections:
            assert sections[0].span.start >= response.body.start
            assert sections[-1].span.end == response.body.end

    def test_without_the_parser_an_error_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_parser(name: str, *arguments: Any) -> Any:
            if name.partition(".")[0] == "markdown_it":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)
            return importing(name, *arguments)

        importing = builtins.__import__
        monkeypatch.setattr(builtins, "__import__", without_parser)
        with pytest.raises(ModuleNotFoundError) as caught:
            _ = Response(SOURCE).sections
        assert str(caught.value) == (
            "Response.sections needs markdown_it: python -m pip install 'cnaps[responses]'"
        )

    @pytest.mark.parametrize(
        "piece",
        [
            *(
                "# a\n",
                "a\n=\n",
                "[a]: /u\n",
                "[a\n",
                "> ",
                "> a\n",
                "- ",
                "- a\n",
                "1. a\n\nb\n\n",
            ),
            *("*", "`", "[", "![", "](", "<", "<!--\n", "a_", "```\n", "\n", "\t", "**a**\n\n"),
            *("A. a\n\n", "🧠", "1", "__", "__a"),
        ],
    )
    @pytest.mark.parametrize("start", ["", "# "])
    def test_hostile_text_takes_linear_time(self, start: str, piece: str) -> None:
        pytest.importorskip("markdown_it")
        response = Response(start + piece * (30_000 // len(piece)))
        before = process_time()
        assert len(response.sections) <= 15_000
        assert process_time() - before < 10

    def test_deep_nesting_is_no_trouble(self) -> None:
        assert headings("> " * 50_000 + "# Rain\n\n# Task\n") == [(1, "Task")]
        assert headings("# Task\n\n" + "- " * 50_000 + "# Rain\n") == [(1, "Task")]
        nested = "\n".join("  " * depth + "- # rain" for depth in range(400))
        assert headings(f"# Task\n\n{nested}\n") == [(1, "Task")]


class TestValue:
    def test_equality_hash_and_repr(self) -> None:
        assert Response("rain") == Response("rain") != Response("snow")
        assert hash(Response("rain")) == hash(Response("rain"))
        assert repr(Response("rain")) == "Response(source='rain')"
        assert len(repr(Response("rain" * 1_000))) < 200

    def test_is_frozen_and_holds_text(self) -> None:
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            Response("rain").source = "snow"  # type: ignore[misc]
        with pytest.raises(TypeError):
            Response(b"rain")  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "again", [copy.copy, copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))]
    )
    def test_copies_are_equal(self, again: Any) -> None:
        response = Response(SOURCE)
        assert len(response.marks) == 4
        assert again(response) == response
        assert again(response).citations == response.citations
        assert attrs.evolve(response, source="rain").text == "rain"


class TestDocument:
    def test_what_it_is(self) -> None:
        doc = parse_response(SOURCE)
        assert (doc.kind, doc.dialect, doc.exact) == ("response", "response", True)
        assert doc.value == Response(SOURCE)
        assert doc.text == SOURCE
        assert doc.diagnostics == ()
        assert doc.location(SOURCE.index("Remove")) == (9, 13)
        assert repr(doc) == f"<ResponseDocument, {len(SOURCE.encode()):,} bytes>"

    @given(st.one_of(st.binary(), SAVED.map(lambda text: text.encode())))
    def test_any_bytes_are_a_response_or_not_utf_8(self, data: bytes) -> None:
        try:
            doc = parse_response(data)
        except ParseError as error:
            with pytest.raises(UnicodeDecodeError):
                data.decode()
            assert "is not UTF-8" in error.reason
            return
        assert doc.to_bytes() == data
        assert doc.value.source == doc.text
        again = pickle.loads(pickle.dumps(doc))
        assert (again, hash(again), type(again)) == (doc, hash(doc), ResponseDocument)

    def test_text_that_no_file_can_hold(self) -> None:
        with pytest.raises(ParseError, match="half a surrogate pair"):
            parse_response("\ud800")
        with pytest.raises(TypeError, match=r"^cnaps parses bytes or str, not list$"):
            parse_response([SOURCE])  # type: ignore[arg-type]

    def test_is_never_guessed(self, tmp_path: Path) -> None:
        path = tmp_path / "answer.txt"
        path.write_text(SOURCE, encoding="utf-8")
        with pytest.raises(ParseError):
            cnaps.parse(SOURCE)
        with pytest.raises(ParseError):
            cnaps.read(path)

    def test_equals_responses_of_the_same_bytes_alone(self) -> None:
        text = cnaps.render(PROMPT)
        assert parse_response(text) == parse_response(text.encode())
        assert parse_response(text) != cnaps.parse(text)
        assert cnaps.parse(text) != parse_response(text)

    def test_damage_line_ends_and_mark(self) -> None:
        raw = "\ufeff" + damaged(SOURCE.replace("\n", "\r\n"), ("sloppy-windows-1252",))
        doc = parse_response(raw)
        assert doc.text == SOURCE
        assert doc.value == Response(SOURCE)
        assert doc.damage == ("windows-1252",)
        assert doc.repaired().to_bytes() == ("\ufeff" + SOURCE.replace("\n", "\r\n")).encode()
        assert [found.code for found in doc.diagnostics] == ["CN001"]
        assert repr(doc).endswith("bytes, damaged as windows-1252>")

    def test_writes_its_bytes(self, tmp_path: Path) -> None:
        path = tmp_path / "response.md"
        parse_response(SOURCE).write(path)
        assert path.read_bytes() == SOURCE.encode()

    @pytest.mark.parametrize(
        ("path", "text"),
        [
            (("question",), "Which model removes rain?"),
            (("citations", 0), MPRNET),
            (("citations", -1), RESTORMER),
        ],
    )
    def test_spans(self, path: tuple[str | int, ...], text: str) -> None:
        doc = parse_response(SOURCE)
        assert doc.span(*path).of(doc.text) == text

    def test_span_of_a_section(self) -> None:
        pytest.importorskip("markdown_it")
        doc = parse_response(SOURCE)
        assert doc.span("sections", 1) == doc.value.sections[1].span

    @pytest.mark.parametrize(
        ("path", "shown"),
        [
            ((), ""),
            (("question", 0), "question.0"),
            (("citations",), "citations"),
            (("citations", 2), "citations.2"),
            (("citations", -3), "citations.-3"),
            (("citations", "url"), "citations.url"),
            (("models", 0), "models.0"),
        ],
    )
    def test_what_has_no_span(self, path: tuple[str | int, ...], shown: str) -> None:
        with pytest.raises(KeyError) as caught:
            parse_response(SOURCE).span(*path)
        assert caught.value.args == (f"this response has no text for {shown}",)

    def test_a_question_that_is_not_there_has_no_span(self) -> None:
        with pytest.raises(KeyError, match="no text for question"):
            parse_response("rain").span("question")


class TestEdits:
    def test_another_value_changes_what_differs(self) -> None:
        raw = b"\xef\xbb\xbf" + SOURCE.replace("\n", "\r\n").encode()
        doc = parse_response(raw)
        wanted = SOURCE.replace("MPRNet]", "MPRNet\nand more]")
        changed = doc.with_value(Response(wanted))
        assert type(changed) is ResponseDocument
        assert changed.value == Response(wanted)
        assert changed.to_bytes() == raw.replace(b"MPRNet]", b"MPRNet\r\nand more]")
        assert doc.with_value(doc.value) == doc

    @given(SAVED, SAVED, st.sampled_from(["\n", "\r\n", "\r"]))
    def test_holds_the_value_or_says_why_not(self, old: str, new: str, newline: str) -> None:
        doc = parse_response(old.replace("\n", newline))
        assert doc.with_value(doc.value).to_bytes() == doc.to_bytes()
        try:
            changed = doc.with_value(Response(new))
        except RenderError as error:
            assert error.reason == "the text would be read back otherwise"
            assert (error.field, error.dialect) == ("source", "response")
            return
        assert changed.value == Response(new)

    @pytest.mark.parametrize("source", ["rain\r\n", "\ud800", "\ufeffrain", "donâ€™t"])
    def test_texts_that_files_hold_otherwise(self, source: str) -> None:
        with pytest.raises(RenderError, match="the text would be read back otherwise"):
            parse_response("rain").with_value(Response(source))

    def test_a_text_in_which_the_damage_of_the_file_would_not_show(self) -> None:
        doc = parse_response("\ufeff" + damaged("“Rain” goes → away, né.", ("cp437",)))
        assert doc.damage == ("cp437",)
        wanted = Response("don’t")
        with pytest.raises(RenderError) as caught:
            doc.with_value(wanted)
        assert caught.value.hint == (
            "it has carriage returns, lone surrogates, or looks like encoding damage,"
            " or that of this file would not show in it: change `repaired()`"
        )
        assert doc.repaired().with_value(wanted).value == wanted

    def test_other_values_are_a_mistake(self) -> None:
        with pytest.raises(TypeError) as caught:
            parse_response("rain").with_value(Question("rain"))  # type: ignore[arg-type]
        assert str(caught.value) == "this response holds a Response, not Question"

    def test_citations_can_be_edited_in_place(self) -> None:
        doc = parse_response(damaged(SOURCE, ("sloppy-windows-1252",)))
        edits = [Edit(*citation.span, "https://example.org") for citation in doc.value.citations]
        changed = doc.with_edits(edits)
        assert [citation.url for citation in changed.value.citations] == ["https://example.org"] * 2
        assert changed.damage == doc.damage
        assert without_links(changed.text) == without_links(doc.text)


def without_links(text: str) -> str:
    for url in (MPRNET, RESTORMER, "https://example.org"):
        text = text.replace(url, "")
    return text


class TestElsewhere:
    def test_links_are_listed(self) -> None:
        doc = parse_response(SOURCE)
        places = [(citation.url, citation.span) for citation in doc.value.citations]
        for source in (doc, doc.value, doc.text):
            links = [*cnaps.iter_links(source, file="rain.md")]
            assert [(link.url, link.span) for link in links] == places
            assert {(link.file, link.path) for link in links} == {("rain.md", "")}

    @pytest.mark.parametrize("item", [Response(SOURCE), parse_response(SOURCE)])
    def test_has_no_serialised_form(self, item: Any) -> None:
        with pytest.raises(TypeError) as caught:
            cnaps.serializers.json.dumps(item)
        assert str(caught.value) == (
            "a response has no serialised form; its text is all there is: write that of"
            " `Response.source`, or the bytes of `ResponseDocument.to_bytes()`"
        )

    @pytest.mark.parametrize("item", [Response(SOURCE), parse_response(SOURCE)])
    def test_has_no_works_to_export(self, item: Any) -> None:
        pytest.importorskip("pylatexenc")
        with pytest.raises(TypeError) as caught:
            cnaps.exports.csl_json(item)
        assert str(caught.value) == (
            "sources[0]: a response lists no works; `cnaps.iter_links` finds its links"
        )

    def test_is_no_part_of_a_chat_row(self) -> None:
        doc, prompt = parse_response(SOURCE), cnaps.parse(cnaps.render(PROMPT))
        found = cnaps.exports.chat([(prompt, doc), (doc, doc)], split="user")
        assert found.rows == ()
        assert [refused.reason for refused in found.refused] == [
            "the answer is a response",
            "the prompt is a response",
        ]


@given(SAVED)
def test_everything_of_any_text_is_found_in_it(source: str) -> None:
    response = Response(source)
    spans: list[Span] = [response.body, *(mark.span for mark in response.marks)]
    spans += [citation.span for citation in response.citations]
    assert all(0 <= span.start <= span.end <= len(source) for span in spans)
