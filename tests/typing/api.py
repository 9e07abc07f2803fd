"""The public API as a user writes it: type-checked by mypy and pyright, never run."""

from __future__ import annotations

import sys
from contextlib import aclosing
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, assert_type

import attrs

import cnaps
from cnaps import (
    Answer,
    Change,
    Diagnostic,
    Document,
    Edit,
    Location,
    Mark,
    MarkKind,
    Mention,
    ModelRef,
    PaperRef,
    ParseError,
    PromptSpec,
    Question,
    RenderError,
    Response,
    ResponseDocument,
    SchemaError,
    Section,
    Severity,
    Span,
    Workflow,
    answer_for,
    compare,
    diff_answer,
    exports,
    identify,
    links,
    pair_files,
    parse,
    read,
    render,
    rules,
    serializers,
)
from cnaps.baseline import Baseline
from cnaps.integrations.promptfoo import get_assert
from cnaps.integrations.pytest import assert_grounded
from cnaps.serializers import (
    configure_converter,
    json,
    jsonl,
    make_converter,
    msgpack,
    toml,
    yaml,
)
from cnaps.settings import find_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- values ---------------------------------------------------------------------------------------

question = Question("Which model removes rain?")
model = ModelRef("DripNet", paper="https://arxiv.org/abs/2101.00001", github=None)
paper = PaperRef("On rain", summary="It falls.")
prompt = PromptSpec(question, models=(model,), papers=(paper,))
answer = Answer(question, "Deraining", Workflow("wet", "DripNet", "dry"), (model,), ("A note.",))

assert_type(prompt.question.text, str)
assert_type(prompt.models, tuple[ModelRef, ...])
assert_type(prompt.papers[0].summary, str | None)
assert_type(answer.workflow.output, str)
assert_type(answer.references, tuple[ModelRef, ...])
assert_type(answer.notes, tuple[str, ...])
assert_type(attrs.evolve(model, github="https://example.org"), ModelRef)
assert_type({question: model}[question], ModelRef)

model.name = "other"  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
Question(3)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
PromptSpec(question, [model])  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


# --- grounding ------------------------------------------------------------------------------------


def ground(doc: Document, path: Path) -> str:
    collection = cnaps.Collection({"rain": prompt, "snow": path, "fog": doc})
    assert_type(cnaps.Collection([prompt, path, "text"]), cnaps.Collection)
    report = cnaps.check(prompt, answer, collection=collection)
    assert_type(report, cnaps.GroundingReport)
    cnaps.check(doc, doc, collection=[prompt])
    cnaps.check(path, path)
    cnaps.check("text", cnaps.Response("text"))
    cnaps.check(prompt, cnaps.parse_response(b"text"))
    cnaps.check(answer, prompt)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    assert_type(report.ok, bool)
    assert_type(report.counts, dict[cnaps.Verdict, int])
    assert_type(report.duplicates, tuple[tuple[cnaps.Citation, ...], ...])
    assert_type(report.uncited, tuple[cnaps.Entry, ...])
    assert_type(report.misfiled, bool)
    assert_type(report.to_dict(), dict[str, Any])
    for citation in report.outside:
        assert_type(citation, cnaps.Citation)
        assert_type(citation.url, str | None)
        assert_type(citation.span, Span)
        assert_type(citation.entry, cnaps.Entry | None)
        assert_type(citation.difference, cnaps.Difference | None)
        if citation.verdict == "outside":
            return citation.reason
    return report.correction


# --- files ----------------------------------------------------------------------------------------


def read_files(path: Path) -> None:
    assert_type(read(path), Document)
    assert_type(cnaps.read("prompt.txt"), Document)
    assert_type(parse(b"..."), Document)
    assert_type(parse("..."), Document)


def look_at(doc: Document) -> None:
    assert_type(doc.kind, Literal["prompt", "answer", "response"])
    assert_type(doc.dialect, str)
    assert_type(doc.value, PromptSpec | Answer)
    assert_type(doc.text, str)
    assert_type(doc.exact, bool)
    assert_type(doc.canonical, bool)
    assert_type(doc.damage, tuple[str, ...])
    assert_type(doc.to_bytes(), bytes)


def narrow_with_match(doc: Document) -> str:
    match doc.value:
        case PromptSpec(Question(text), models, papers):
            assert_type(text, str)
            assert_type(models, tuple[ModelRef, ...])
            assert_type(papers, tuple[PaperRef, ...])
            return text
        case Answer(task=task):
            return task  # and there is no third


def narrow_with_isinstance(doc: Document) -> tuple[PaperRef, ...]:
    value = doc.value
    if isinstance(value, PromptSpec):
        return value.papers
    assert_type(value, Answer)
    return ()


def edit(doc: Document, path: Path) -> None:
    if isinstance(doc.value, PromptSpec):
        changed = attrs.evolve(doc.value, question=Question("And snow?"))
        assert_type(changed, PromptSpec)
        assert_type(doc.with_value(changed), Document)
    assert_type(doc.repaired(), Document)
    doc.write(path)
    doc.write("prompt.txt")


def edit_text(doc: Document) -> None:
    assert_type(doc.with_edits([Edit(0, 1, "A")]), Document)
    clean = doc.layers.repaired()
    assert_type(doc.with_edits(iter([Edit(0, 1, "A")]), layers=clean), Document)


def read_response(path: Path) -> None:
    doc = cnaps.parse_response(path.read_bytes())
    assert_type(doc, ResponseDocument)
    assert_type(cnaps.parse_response("..."), ResponseDocument)
    assert_type(doc.value, Response)
    assert_type(doc.repaired(), ResponseDocument)
    assert_type(doc.with_edits([]), ResponseDocument)
    assert_type(doc.with_value(Response("...")), ResponseDocument)
    response = doc.value
    assert_type(response.text, str)
    assert_type(response.offset(0), int)
    assert_type(response.thoughts, Span)
    assert_type(response.body, Span)
    assert_type(response.has_preface, bool)
    assert_type(response.is_fenced, bool)
    assert_type(response.is_truncated, bool)
    assert_type(response.question, Question | None)
    assert_type(response.question_span, Span | None)
    for mark in response.marks:
        assert_type(mark, Mark)
        assert_type(mark.kind, MarkKind)
        assert_type(mark.span, Span)
    for citation in response.citations:
        assert_type(citation, Mention)
        assert_type(citation.label, str | None)
    for section in response.sections:
        assert_type(section, Section)
        assert_type(section.heading_span, Span)
    assert_type([*cnaps.iter_links(response)], list[cnaps.Link])
    assert_type(links.apply_fixes(doc, []), ResponseDocument)
    assert_type(links.apply_fixes(response, []), Response)
    links.check_links([doc, response])


def locate(doc: Document) -> str:
    span = doc.span("models", 0, "github")
    assert_type(span, Span)
    start, end = span
    assert_type(start, int)
    assert_type(doc.location(end), Location)
    line, column = doc.location(span.start)
    return f"{line}:{column}: {span.of(doc.text)}"


def report(doc: Document) -> list[str]:
    assert_type(doc.diagnostics, tuple[Diagnostic, ...])
    return [
        f"{found.code} {found.message} at {found.span.start}"
        for found in doc.diagnostics
        if found.severity is Severity.ERROR
    ]


def lint(prompt: Document, answer: Document) -> None:
    assert_type(cnaps.lint(prompt), tuple[Diagnostic, ...])
    found, *_ = cnaps.lint((prompt, answer), select=["CN3"], ignore=("CN304",))
    assert_type(found.also, tuple[Span, ...])
    assert_type(found.fix, cnaps.Fix | None)
    fixed = cnaps.fix((prompt, answer), unsafe=True)
    assert_type(fixed.document, Document)
    assert_type(fixed.refused, tuple[Diagnostic, ...])
    known = Baseline.of([("a.txt", prompt.text, [found])])
    assert_type(known.new("a.txt", prompt.text, [found]), tuple[Diagnostic, ...])
    settings = find_settings("a.txt")
    cnaps.lint(prompt, select=settings.select, ignore=settings.ignored_at(Path("a.txt")))
    assert_type(settings.excludes("a.txt"), bool)
    cnaps.lint(answer, select="CN1")  # a str is an iterable of str; it is refused when it runs
    cnaps.lint("a.txt")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


@rules.document_rule("ACME001", "a question that shouts", Severity.INFO, kinds=["prompt"])
def shouting(file: rules.DocumentFacts) -> Iterator[rules.Found]:
    yield rules.Found("loud", file.doc.span("question"))


@rules.pair_rule("ACME002", "nothing at all")
def nothing(pair: rules.PairFacts) -> list[rules.Found]:
    assert_type(pair.report, cnaps.GroundingReport)
    return []


assert_type(shouting, rules.DocumentRule)
assert_type(nothing.severity, Severity)


# --- values to text -------------------------------------------------------------------------------

assert_type(render(prompt), str)
assert_type(render(answer, dialect="answer-1"), str)
assert_type(answer_for(prompt), Answer)
assert_type(answer_for(prompt, "answer-2"), Answer)

assert_type(diff_answer(prompt, answer), tuple[Change, ...])
for change in diff_answer(Path("prompt.txt"), read("answer.txt"), dialect="answer-1"):
    assert_type(change.path, str)
    assert_type(change.expected, str | ModelRef | None)
    assert_type(change.span, Span | None)

diff_answer(answer, answer)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
answer_for(answer)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
render(question)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

# --- values as data -------------------------------------------------------------------------------

assert_type(serializers.json.dumps(prompt), str)
assert_type(json.dumps(model, indent=None), str)
assert_type(
    json.loads("{}"),
    Answer | ModelRef | PaperRef | PromptSpec | Question | Workflow | Document,
)
assert_type(json.loads(b"{}", PromptSpec), PromptSpec)
assert_type(serializers.json.loads("{}", type=Answer), Answer)
assert_type(json.load("model.json", ModelRef), ModelRef)
json.dump(prompt, Path("prompt.json"), indent=2)
json.dump(read("prompt.txt"), sys.stdout)
assert_type(json.loads("{}", Document), Document)
assert_type(yaml.dumps(prompt), str)
assert_type(toml.load(Path("prompt.toml"), PromptSpec), PromptSpec)
assert_type(msgpack.dumps(prompt), bytes)
assert_type(msgpack.dumps_all([prompt, answer]), bytes)
assert_type(jsonl.dumps(iter([prompt])), str)
for line in jsonl.load("prompts.jsonl", PromptSpec, on_error=print, on_notice=print):
    assert_type(line, PromptSpec)
assert_type(serializers.json_schema()["$id"], Any)
configure_converter(make_converter())
assert_type(make_converter().structure({"text": "?"}, Question), Question)

json.loads("{}", str)  # type: ignore[type-var]  # pyright: ignore[reportArgumentType, reportCallIssue]


# --- links and exports ----------------------------------------------------------------------------

match identify("https://arxiv.org/abs/2111.09881v2"):
    case cnaps.ArxivPaper(id, version):
        assert_type(id, str)
        assert_type(version, int | None)
    case found:
        assert_type(found.work, str)
assert_type(compare("http://a.org", "https://a.org"), cnaps.Difference)
assert_type(exports.bibtex(prompt, [answer], ascii=True), str)
assert_type(exports.csl_json(read("prompt.txt")), str)
rows = exports.chat(pair_files(["q.txt", "q_answer.txt"]).pairs, split="persona", style="sharegpt")
assert_type(rows, exports.Chat)
assert_type(pair_files([]).alone, tuple[tuple[Path, str], ...])
assert_type(pair_files([]).oddities, tuple[cnaps.Oddity, ...])
assert_type(rows.refused, tuple[exports.Refused, ...])
exports.chat([(prompt, answer)])  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]

# --- integrations ---------------------------------------------------------------------------------

assert_type(assert_grounded(prompt, "See arXiv:2101.00001.").ok, bool)
assert_grounded(Path("prompt.txt"), answer, collection={"rain": prompt})
assert_type(get_assert("See arXiv:2101.00001.", {"prompt": render(prompt)}), dict[str, Any])

# --- errors ---------------------------------------------------------------------------------------


def handle(path: Path) -> str | None:
    try:
        doc = read(path)
        render(doc.value)
    except ParseError as error:
        assert_type(error.line, int)
        assert_type(error.expected, str | None)
        return error.hint
    except RenderError as error:
        assert_type(error.field, str)
        return error.reason
    except SchemaError as error:
        first, *_ = error.problems
        assert_type(first.path, str)
        return first.message
    except cnaps.CnapsError as error:
        return str(error)
    return None


def misspelt() -> None:
    cnaps.prase  # type: ignore[attr-defined]  # noqa: B018  # pyright: ignore[reportAttributeAccessIssue, reportUnusedExpression]
    assert_type(cnaps.__version__, str)


async def check_some(prompt: PromptSpec) -> None:
    policy = links.LinkPolicy(concurrency=8, host_rates={"example.org": 0.5})
    async with links.LinkChecker(policy) as checker, aclosing(checker.check([prompt])) as results:
        async for result in results:
            assert_type(result, links.LinkResult)
            assert_type(result.verdict, links.Verdict)
            assert_type(result.places, tuple[links.Place, ...])
    report = links.check_links(cnaps.iter_links(prompt), policy, on_result=print)
    assert_type(report.fixes(), tuple[links.LinkFix, ...])
    assert_type(links.apply_fixes(prompt, report.fixes()), PromptSpec)
