"""Which rules there are, which are selected, and what other packages bring."""

from __future__ import annotations

import json
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

import cnaps
from cnaps import Span
from cnaps.cli import main
from cnaps.rules import (
    DocumentFacts,
    Edit,
    Fix,
    Found,
    PairFacts,
    Safety,
    _registry,
    all_rules,
    document_rule,
    pair_rule,
    select_rules,
)
from tests.rules.scenes import prompt, sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Install = Callable[..., None]


def codes(select: Any = None, ignore: Any = ()) -> list[str]:
    return [rule.code for rule in select_rules(select, ignore)]


class TestSelection:
    def test_without_a_choice_it_is_all_of_them(self) -> None:
        assert codes() == list(all_rules())

    def test_a_prefix_stands_for_all_that_start_so(self) -> None:
        assert codes(["CN00", "CN107"]) == ["CN001", "CN002", "CN003", "CN107"]
        assert codes(["CN0"], ["CN002"]) == ["CN001", "CN003"]
        assert codes([]) == []

    def test_the_longer_prefix_counts(self) -> None:
        assert codes(["CN001"], ["CN0"]) == ["CN001"]
        assert codes(["CN"], ["CN"]) == []
        assert "CN002" not in codes(["CN", "CN001"], ["CN0"])

    @pytest.mark.parametrize(
        ("prefix", "suggestion"),
        [
            ("cn001", "; did you mean 'CN001'?"),
            ("CN9", "; did you mean 'CN'?"),
            ("CN21x", "; did you mean 'CN21'?"),
            ("rain", ""),
        ],
    )
    def test_a_prefix_that_no_rule_has(self, prefix: str, suggestion: str) -> None:
        for choice in ({"select": [prefix]}, {"ignore": [prefix]}):
            with pytest.raises(ValueError, match="no rule has") as caught:
                select_rules(**choice)
            message = f"no rule has a code that starts with {prefix!r}{suggestion}"
            assert str(caught.value) == message

    @pytest.mark.parametrize("choice", ["CN1", [1]])
    def test_what_is_no_list_of_codes(self, choice: Any) -> None:
        with pytest.raises(TypeError) as caught:
            select_rules(choice)
        assert str(caught.value) == f"select takes a list of codes, not {choice!r}"
        with pytest.raises(TypeError, match="ignore takes a list of codes"):
            cnaps.lint(prompt(), ignore=choice)


class TestKinds:
    def test_a_rule_looks_at_documents_of_its_kinds(self) -> None:
        rule = document_rule("ACME004", "a file", kinds=["answer", "response"])(found_anywhere)
        documents = (prompt(), cnaps.parse(sample("answer")), cnaps.parse_response("Rain."))
        assert [len(rule(DocumentFacts(document))) for document in documents] == [0, 1, 1]

    def test_of_a_pair_it_is_the_kind_of_the_answer_that_counts(self) -> None:
        rule = pair_rule("ACME005", "a pair", kinds=["response"])(found_anywhere)
        answers = (cnaps.parse(sample("answer")), cnaps.parse_response("Rain."))
        assert [len(rule(PairFacts(prompt(), answer))) for answer in answers] == [0, 1]

    @pytest.mark.parametrize("make", [document_rule, pair_rule])
    def test_there_are_no_others(self, make: Callable[..., object]) -> None:
        with pytest.raises(ValueError, match="kinds are") as caught:
            make("ACME006", "a letter", kinds=["answer", "letter"])
        assert str(caught.value) == "kinds are 'answer', 'prompt', 'response', not 'letter'"


@pytest.mark.parametrize("make", [document_rule, pair_rule])
def test_there_are_no_other_severities(make: Callable[..., Any]) -> None:
    assert make("ACME006", "a letter", "error")(found_anywhere).severity is cnaps.Severity.ERROR
    with pytest.raises(ValueError, match="'grave' is not a valid Severity"):
        make("ACME006", "a letter", "grave")(found_anywhere)


def found_anywhere(_: object) -> Iterator[Found]:
    yield Found("it is there", Span(0, 0))


# --- rules of other packages ----------------------------------------------------------------------


@document_rule("ACME001", "a question")
def asks(file: DocumentFacts) -> Iterator[Found]:
    """Finds questions."""
    yield Found("it asks", file.doc.span("question"))


@document_rule("ACME004", "a file")
def explained(_: DocumentFacts) -> Iterator[Found]:
    """Finds all files, and tells
    so.

    ## Why is this bad?
    """
    yield Found("it is there", Span(0, 0))


@document_rule("ACME002", "trouble")
def fails(file: DocumentFacts) -> Iterator[Found]:
    raise LookupError("no such luck")


@document_rule("ACME003", "a fix that does not hold")
def breaks(file: DocumentFacts) -> Iterator[Found]:
    """Would put a model in front of the others."""
    start, _ = span = file.doc.span("models", 0)
    fix = Fix("forge", Safety.SAFE, (Edit(start, start, "Model: another\n\n"),))
    yield Found("it is the first", span, fix=fix)


def pointing(code: str, *places: tuple[int, int]) -> object:
    first, *others = (Span(*place) for place in places)
    return document_rule(code, "astray")(lambda _: [Found("there", first, tuple(others))])


YIELDED: list[Any] = []


@document_rule("ACME010", "anything")
def yields(_: DocumentFacts) -> Iterator[Found]:
    yield from YIELDED


SPAN = Span(0, 1)
RULES = [asks, fails]
ASTRAY = [
    pointing("ACME007", (0, 99_999)),
    pointing("ACME008", (0, 9), (-9, 0)),
    pointing("ACME009", (9, 0)),
]


def with_code(code: str) -> object:
    return document_rule(code, "a title")(lambda _: ())


ONE_OF_OURS = with_code("CN999")
NO_CODE = with_code("acme1")
TWICE = (asks, asks)
NOTHING = 3
NO_RULE = ["rule"]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Pretend that entry points of these names are installed, each with a thing in this module."""

    def pretend(**points: str) -> None:
        found = [EntryPoint(name, value, _registry.GROUP) for name, value in points.items()]
        monkeypatch.setattr(_registry, "entry_points", lambda **_: found)
        forget()

    def forget() -> None:
        all_rules.cache_clear()
        _registry._selected.cache_clear()

    yield pretend
    monkeypatch.undo()
    forget()


HERE = "tests.rules.test_registry"
PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "rules-of-your-own.md"


class TestPlugins:
    def test_they_come_after_ours_and_are_rules_like_any_other(self, install: Install) -> None:
        install(acme=f"{HERE}:asks")
        assert list(all_rules())[-2:] == ["CN506", "ACME001"]
        (found,) = cnaps.lint(prompt())
        assert found == cnaps.Diagnostic(
            "ACME001", cnaps.Severity.WARNING, "it asks", prompt().span("question")
        )
        assert cnaps.lint(prompt(), ignore=["ACME"]) == ()
        assert codes(["ACME"]) == ["ACME001"]

    def test_an_entry_point_can_name_several(self, install: Install) -> None:
        install(acme=f"{HERE}:RULES")
        assert codes(["ACME"]) == ["ACME001", "ACME002"]

    @pytest.mark.parametrize(
        ("value", "reason"),
        [
            (f"{HERE}:rules", "cannot be loaded: AttributeError: module"),
            ("acme_of_the_future:RULES", "cannot be loaded: ModuleNotFoundError: No module"),
            (f"{HERE}:NOTHING", "cannot be loaded: TypeError: 'int' object is not iterable"),
            (
                f"{HERE}:NO_RULE",
                "'rule', which is no rule; make rules by document_rule",
            ),
            (f"{HERE}:ONE_OF_OURS", "CN999 starts with CN, as only rules of cnaps do"),
            (
                f"{HERE}:NO_CODE",
                "'acme1' is no code: it takes 2 to 10 capitals and 3 digits, as in ACME001",
            ),
            (f"{HERE}:TWICE", "another rule has the code ACME001"),
        ],
    )
    def test_one_that_is_broken_is_named(self, install: Install, value: str, reason: str) -> None:
        install(good=f"{HERE}:fails", weird=value)
        with pytest.raises(cnaps.PluginError) as caught:
            cnaps.lint(prompt())
        assert str(caught.value).startswith("the plug-in 'weird': ")
        assert reason in str(caught.value)

    def test_its_package_is_named_too(
        self, install: Install, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Distribution:
            name = "acme-rules"
            version = "1.2"

        point = EntryPoint("acme", f"{HERE}:NOTHING", _registry.GROUP)
        point = point._for(Distribution())  # type: ignore[attr-defined]
        install()
        monkeypatch.setattr(_registry, "entry_points", lambda **_: [point])
        with pytest.raises(cnaps.PluginError) as caught:
            all_rules()
        assert caught.value.plugin == "the plug-in 'acme' of acme-rules 1.2"

    def test_a_rule_that_fails_is_named(self, install: Install) -> None:
        install(acme=f"{HERE}:fails")
        with pytest.raises(cnaps.PluginError) as caught:
            cnaps.lint(prompt())
        assert str(caught.value) == "the rule ACME002: it failed: LookupError: no such luck"

    @pytest.mark.parametrize("code", ["ACME007", "ACME008", "ACME009"])
    def test_a_rule_that_points_outside_of_the_text_is_named(
        self, install: Install, code: str
    ) -> None:
        install(acme=f"{HERE}:ASTRAY")
        length = f"{len(prompt().text):,}"
        with pytest.raises(cnaps.PluginError) as caught:
            cnaps.lint(prompt(), select=[code])
        assert str(caught.value).startswith(
            f"the rule {code}: it failed: ValueError: a text of {length} characters has no place"
        )

    @pytest.mark.parametrize("found", ["it rains", ("it rains", (0, 1)), None])
    def test_a_rule_that_yields_anything_else_is_named(
        self, install: Install, monkeypatch: pytest.MonkeyPatch, found: object
    ) -> None:
        install(acme=f"{HERE}:yields")
        monkeypatch.setitem(globals(), "YIELDED", [found])
        with pytest.raises(cnaps.PluginError) as caught:
            cnaps.lint(prompt())
        assert str(caught.value) == (
            "the rule ACME010: it failed: TypeError: a rule yields cnaps.rules.Found,"
            f" not {type(found).__name__}"
        )

    @pytest.mark.parametrize(
        ("found", "wrong"),
        [
            (Found(cast("str", 1), SPAN), "the message of what it found cannot be 1"),
            (Found("", cast("Span", (0, 1))), "the span of what it found cannot be (0, 1)"),
            (Found("", SPAN, cast("Any", [])), "the other places of what it found cannot be []"),
            (Found("", SPAN, cast("Any", (1,))), "the other places of what it found cannot be 1"),
            (Found("", SPAN, (), cast("Fix", "x")), "the fix of what it found cannot be 'x'"),
            (
                Found("", SPAN, (), Fix(cast("str", None), Safety.SAFE)),
                "the title of the fix of what it found cannot be None",
            ),
            (
                Found("", SPAN, (), Fix("", cast("Safety", "safe"))),
                "the safety of the fix of what it found cannot be 'safe'",
            ),
            (
                Found("", SPAN, (), Fix("", Safety.SAFE, cast("Any", []))),
                "the edits of the fix of what it found cannot be []",
            ),
            (
                Found("", SPAN, (), Fix("", Safety.SAFE, cast("Any", ((0, 1, ""),)))),
                "the edits of the fix of what it found cannot be (0, 1, '')",
            ),
        ],
    )
    def test_a_rule_that_yields_something_of_another_type_is_named(
        self, install: Install, monkeypatch: pytest.MonkeyPatch, found: Found, wrong: str
    ) -> None:
        install(acme=f"{HERE}:yields")
        monkeypatch.setitem(globals(), "YIELDED", [found])
        with pytest.raises(cnaps.PluginError) as caught:
            cnaps.lint(prompt())
        assert str(caught.value) == f"the rule ACME010: it failed: TypeError: {wrong}"

    @pytest.mark.parametrize("options", [(), ("--fix",)])
    def test_the_command_names_the_file_that_a_rule_fails_at(
        self, install: Install, capsys: pytest.CaptureFixture[str], options: tuple[str, ...]
    ) -> None:
        pytest.importorskip("cyclopts")
        install(acme=f"{HERE}:fails")
        file = "docs/rules/sample/prompt.txt"
        assert main(["check", file, *options]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err == (
            f"cnaps: {file}: the rule ACME002: it failed: LookupError: no such luck\n"
            "cnaps: --ignore takes the codes of rules to go on without\n"
        )
        assert main(["check", file, "--ignore", "ACME", *options]) == 0

    def test_sarif_has_the_first_paragraph_of_what_explains_a_rule(
        self, install: Install, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("cyclopts")
        install(acme=f"{HERE}:explained")
        file = "docs/rules/sample/prompt.txt"
        assert main(["check", file, "--format", "sarif"]) == 1
        (run,) = json.loads(capsys.readouterr().out)["runs"]
        (rule,) = run["tool"]["driver"]["rules"]
        assert rule["fullDescription"] == {"text": "Finds all files, and tells\nso."}

    def test_the_command_names_rules_that_cannot_be_loaded(
        self, install: Install, capsys: pytest.CaptureFixture[str]
    ) -> None:
        pytest.importorskip("cyclopts")
        install(acme=f"{HERE}:rules")
        assert main(["check", "docs/rules/sample/prompt.txt"]) == 2
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith(f"cnaps: the plug-in 'acme': {HERE}:rules cannot be loaded: ")

    def test_the_command_names_fixes_that_do_not_hold(
        self, install: Install, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        pytest.importorskip("cyclopts")
        install(acme=f"{HERE}:breaks")
        file = tmp_path / "prompt.txt"
        prompt().write(file)
        assert main(["check", str(file), "--fix"]) == 1
        assert capsys.readouterr().out.startswith(
            f"not fixed in {file}: ACME003, the file would read otherwise than intended,"
            " or another fix undoes it\n"
        )
        assert cnaps.read(file) == prompt()

    def test_the_rules_of_the_page_take_files_without_what_they_look_for(self) -> None:
        code = PAGE.read_text("utf-8").partition("```python\n")[2].partition("```")[0]
        names: dict[str, Any] = {}
        exec(compile(code, str(PAGE), "exec"), names)
        shouting, long_answer = names["RULES"]
        whole = prompt().text
        start, end = prompt().span("question")
        without = cnaps.parse(whole[: start - 1] + whole[end + 1 :])  # nor its quotation marks
        assert [found.code for found in without.diagnostics] == ["CN107"]
        assert [*shouting(DocumentFacts(without))] == []
        answer = cnaps.parse_response("Rain. " * len(whole))
        (found,) = long_answer(PairFacts(prompt(), answer))
        assert found.span == Span(len(whole), len(answer.text))

    def test_a_rule_of_ours_fails_as_it_does(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(DocumentFacts, "noticed", property(fails.check))
        with pytest.raises(LookupError):
            cnaps.lint(prompt(), select=["CN101"])
