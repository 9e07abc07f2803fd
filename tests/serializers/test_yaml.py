"""YAML: text that people can read, nothing but texts, lists and objects, and no way to run code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import cnaps
from cnaps import ModelRef, PaperRef, PromptSpec, Question, SchemaError
from tests.samples import ANSWERS
from tests.serializers.formats import WAYS, module, name_of
from tests.serializers.samples import TYPES, VALUES, printed

if TYPE_CHECKING:
    from cnaps.serializers._shapes import Value


@pytest.fixture(scope="session", params=[way for way in WAYS if name_of(way) == "yaml"])
def yaml(request: pytest.FixtureRequest) -> Any:
    """The module, with the parser in C and with the one in Python."""
    return module(request.param)


def question(text: str) -> str:
    return f"type: Question\nschema_version: '1.1'\ntext: {text}\n"


WRITTEN = """\
type: PromptSpec
schema_version: '1.1'
question:
  text: |-
    Which “model” removes rain?
      And how?
models:
- name: Restormer
  paper: https://arxiv.org/abs/2111.09881
  github: null
- name: 'no'
  paper: '3'
  github: '1e3'
papers:
- title: Kākā 😀
  paper: null
  github: ''
  summary: |
    One.

    Two.
- title: "one\\Lline\\0"
  paper: 'null'
  github: '~'
  summary: '2020-01-01'
"""
VALUE = PromptSpec(
    Question("Which “model” removes rain?\n  And how?"),
    (ModelRef("Restormer", "https://arxiv.org/abs/2111.09881"), ModelRef("no", "3", "1e3")),
    (
        PaperRef("Kākā 😀", github="", summary="One.\n\nTwo.\n"),
        PaperRef("one\u2028line\0", "null", "~", "2020-01-01"),
    ),
)


class TestDumps:
    def test_texts_over_several_lines_stay_readable(self, yaml: Any) -> None:
        assert yaml.dumps(VALUE) == WRITTEN
        assert yaml.loads(WRITTEN) == VALUE

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "a \nb",
                "a  \n  \n b",
                "a\t\nb",
                "a\tb\n\tc",
                "a\n\t",
                " \t\n a",
                "\n\ta",
                "\n \na\n",
            ),
            cnaps.render(ANSWERS["answer-2"]),
        ],
    )
    def test_tabs_and_blanks_at_line_ends_change_nothing(self, yaml: Any, text: str) -> None:
        written = yaml.dumps(Question(text))
        for line in text.split("\n"):
            assert f"\n  {line}".rstrip(" ") in written
        assert yaml.loads(written) == Question(text)

    @pytest.mark.parametrize("text", ["\ta\nb", "a\nb ", "a \n\x07", "a\r\nb", "a \n\u2028"])
    def test_what_no_block_holds_is_quoted(self, yaml: Any, text: str) -> None:
        written = yaml.dumps(Question(text))
        assert written.endswith('"\n')
        assert yaml.loads(written) == Question(text)

    def test_a_long_line_is_not_broken(self, yaml: Any) -> None:
        text = yaml.dumps(Question("word " * 10_000 + "end"))
        assert text.count("\n") == 3

    def test_what_is_the_same_is_written_again(self, yaml: Any) -> None:
        """There are no anchors and no aliases, which we would not read."""
        model = ModelRef("A")
        prompt = PromptSpec(Question("?"), (model, model))
        assert yaml.dumps(prompt).count("name: A") == 2
        assert yaml.loads(yaml.dumps(prompt)) == prompt


# What others write, and what it says.
READABLE: list[tuple[str, Value]] = [
    (f"---\n{question('a')}...\n", Question("a")),
    (f"\ufeff# by hand\n{question('a  # really')}", Question("a")),
    (f"%YAML 1.2\n---\n{question('a')}", Question("a")),
    (f"%TAG ! tag:example.org,2000:\n---\n{question('a')}", Question("a")),
    (question("a").replace("\n", "\r\n"), Question("a")),
    ('{"type": "Question", "schema_version": "1.1", "text": "\\u00e9\\/"}', Question("é/")),
    ("{text: a, schema_version: '1.0', type: Question}", Question("a")),
    ("? type\n: Question\n? 'schema_version'\n: '1.1'\n? |-\n  text\n: a\n", Question("a")),
    ("--- !!map\n!!str type: !!str Question\n'schema_version': '1.1'\ntext: a", Question("a")),
    (question("'it''s'"), Question("it's")),
    (question('"\\x41\\u00e9\\U0001f600\\t\\_\\L\\e"'), Question("Aé😀\t\xa0\u2028\x1b")),
    (question('"a\n\n  b\\\n  c"'), Question("a\nbc")),
    (question("a\n  b\n\n  c"), Question("a b\nc")),
    (question("|\n  a\n   b\n\n"), Question("a\n b\n")),
    (question("|2+\n    a\n\n"), Question("  a\n\n\n")),
    (question(">-\n  a\n  b\n\n  c\n"), Question("a b\nc")),
    (question("&a a"), Question("a")),
    (question("! 'a'"), Question("a")),
    (question("!!str 3"), Question("3")),
    (question("!!str"), Question("")),
    (question("!<tag:yaml.org,2002:str> no"), Question("no")),
    (question("1e3"), Question("1e3")),  # a text in YAML 1.1
    ("type: ModelRef\nschema_version: '1.1'\nname: a\npaper:\ngithub: ~\n", ModelRef("a")),
    (
        "{type: PromptSpec, schema_version: '1.1', question: {text: a}, models: [name: b]}",
        PromptSpec(Question("a"), (ModelRef("b"),)),
    ),
]


class TestLoads:
    @pytest.mark.parametrize(("text", "value"), READABLE, ids=range(len(READABLE)))
    def test_what_others_write_is_read(self, yaml: Any, text: str, value: Value) -> None:
        assert yaml.loads(text) == value
        assert yaml.loads(text.encode()) == value


_UNLABELLED = [
    f"missing key 'type': expected one of {TYPES}",
    "missing key 'schema_version': expected '1.1'",
]
_BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n"
    for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)

# A text that stands there for no text, and what it is.
NO_TEXT = {
    "3": "3",
    "0x1F": "0x1F",
    "012": "012",
    "1_000": "1_000",
    "12:30:45": "12:30:45",
    "1.5": "1.5",
    ".inf": ".inf",
    ".NaN": ".NaN",
    "9" * 100_000: "9999999999999...99999999999999",
    "2020-01-01": "2020-01-01",
    "2020-01-01T10:00:00Z": "2020-01-01T10:00:00Z",
    "true": "true",
    "No": "No",
    "off": "off",
    "null": "null",
    "~": "null",
    "": "null",
    "=": "=",
    "<<": "<<",
    "[a]": "[...]",
    "[]": "[]",
    "{a: b}": "{...}",
    "{}": "{}",
    "\n- a": "[...]",
    "*a": "the alias *a",
    "! 3": "3",
    "!!seq [a]": "[...]",
    "!!map {a: b}": "{...}",
    "!!int '3'": "something tagged !!int",
    "!!null ''": "something tagged !!null",
    "!!binary aGk=": "something tagged !!binary",
    "!!timestamp 2020-01-01": "something tagged !!timestamp",
    "!!set {a, b}": "something tagged !!set",
    "!!omap [a: b]": "something tagged !!omap",
    "!!str [a]": "something tagged !!str",
    "!!str {a: b}": "something tagged !!str",
    "!!seq {a: b}": "something tagged !!seq",
    "!ours a": "something tagged !ours",
    "!!python/none": "something tagged !!python/none",
    "!!python/object/apply:os.system [touch x]": "something tag...pply:os.system",
    "!!python/name:os.system": "something tag...name:os.system",
}

# What only YAML can have, and what is wrong with it; see `samples.BAD` for the rest.
BAD: list[tuple[str | bytes, list[str]]] = [
    # not UTF-8, not one document
    (b"a: \xff", ["not UTF-8: byte 0xff at offset 3"]),
    ("a".encode("utf-16"), ["not UTF-8: byte 0xff at offset 0"]),
    ("", ["not one document but none; loads_all reads any number"]),
    ("# nothing\n", ["not one document but none; loads_all reads any number"]),
    ("a\n---\nb\n--- c", ["not one document but 3; loads_all reads any number"]),
    # too much of something
    ("[" * 100_000, ["nested too deeply"]),
    ("{" * 100_000, ["nested too deeply"]),
    ("[" * 100_000 + "]" * 100_000, ["nested too deeply"]),
    ("{a: " * 100_000, ["nested too deeply"]),
    ("a: " + "[" * 1_001 + "]" * 1_001, ["nested too deeply"]),
    ("- " * 100_000, ["nested too deeply"]),
    ("? " * 100_000, ["nested too deeply"]),
    ("- ? " * 50_000, ["nested too deeply"]),
    ("".join(f"{' ' * n}a:\n" for n in range(300)), ["nested too deeply"]),
    ("9" * 100_000, ["expected an object, got 9999999999999...99999999999999"]),
    ("[" * 99 + "]" * 99, ["expected an object, got [...]"]),
    # aliases, merge keys, keys that are no texts
    (_BOMB, _UNLABELLED),
    ("&a [*a]", ["expected an object, got [...]"]),
    ("*a", ["expected an object, got the alias *a"]),
    (question("a") + "*a : b\n", ["unknown key the alias *a"]),
    ("a: &a {text: a}\n<<: *a\n<<: {}\n", ["duplicate key <<", *_UNLABELLED]),
    (
        "<<: {type: Question, schema_version: '1.1'}\ntext: a\n",
        _UNLABELLED,
    ),
    (
        question("a") + "? [b]\n: c\n? {d: e}\n: f\n3: g\n~: h\nyes: i\n? !!str\n: j\n",
        [
            "unknown key [...]",
            "unknown key {...}",
            "unknown key 3",
            "unknown key null",
            "unknown key yes",
            "unknown key ''",
        ],
    ),
    (question("a") + "text: a\n", ["duplicate key 'text'"]),
    (
        question("a") + "'text': a\n!!str text: 3",
        ["duplicate key 'text'", "text: expected str, got 3"],
    ),
    (
        "!!python/object/apply:os.system [touch x]",
        ["expected an object, got something tag...pply:os.system"],
    ),
    (
        "!!python/object:cnaps.Question {text: a}",
        ["expected an object, got something tag...cnaps.Question"],
    ),
    (
        "type: Question\nschema_version: 1.1\ntext: 2020-01-01\n",
        [
            "schema_version: expected a schema version such as '1.1', got 1.1",
            "text: expected str, got 2020-01-01",
        ],
    ),
]

# What is no YAML; the two parsers have words of their own for it, and may see it elsewhere.
NOT_YAML = [
    *(
        "a: b: c",
        "[a",
        "{a",
        "]",
        "a: ]",
        '"a',
        "'a",
        "a: 'b' c",
        "- a\nb",
        "a: b\n c: d",
        "\tb: c",
    ),
    *("a: \0", "a: \x1b", "a: \ud800", "%YAML 2.0\n---\na", "!x!y a", "!<%ff> a", "&a &b c", "@a"),
    *(question(r'"\x4"'), question(r'"\q"'), question(r'"\U00110000"'), question(r'"\UFFFFFFFF"')),
    *("%FOO\n", "%YAML 1.1\n", "&", "*", "`", "a: |3x\n b", "? a\n- b"),
]


class TestBadInput:
    @pytest.mark.parametrize(("text", "shown"), NO_TEXT.items(), ids=range(len(NO_TEXT)))
    def test_nothing_is_converted(self, yaml: Any, text: str, shown: str) -> None:
        with pytest.raises(SchemaError) as caught:
            yaml.loads(question(text))
        assert str(caught.value) == f"text: expected str, got {shown}"

    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(
        self, yaml: Any, data: str | bytes, problems: list[str]
    ) -> None:
        with pytest.raises(SchemaError) as caught:
            yaml.loads(data)
        assert str(caught.value) == printed("yaml", *problems)

    @pytest.mark.parametrize("text", NOT_YAML, ids=range(len(NOT_YAML)))
    def test_what_is_no_yaml(self, yaml: Any, text: str) -> None:
        with pytest.raises(SchemaError) as caught:
            yaml.loads(text)
        (problem,) = caught.value.problems
        assert problem.message.startswith("not YAML: ")

    @pytest.mark.parametrize("escape", [r"\ud800", r"\udc00", r"\ud83d\ude00"])
    def test_an_escape_of_half_a_character_is_refused(self, yaml: Any, escape: str) -> None:
        with pytest.raises(SchemaError) as caught:
            yaml.loads(question(f'"{escape}"'))
        assert str(caught.value) in {
            "not YAML: found invalid Unicode character escape code (line 3, column 10)",
            "text: expected str, got half a surrogate pair",
        }

    def test_the_place_is_named(self, yaml: Any) -> None:
        with pytest.raises(SchemaError) as caught:
            yaml.loads("type: Question\ntext: a: b\n")
        assert str(caught.value).startswith("not YAML: mapping values are not allowed ")
        assert str(caught.value).endswith(" (line 2, column 8)")


# Streams, and in which line each document starts.
STREAMS: list[tuple[str, list[int]]] = [
    ("", []),
    ("\n# nothing\n\n", []),
    ("\ufeff# nothing\n", []),
    ("...\n", []),
    ("a\n", [1]),
    ("# b\n\na\n", [3]),
    ("---\na\n---\nb\n", [1, 3]),
    ("--- a\n--- b\n---\tc\n", [1, 2, 3]),
    ("# a\n---\na\n# b\n---\n# b\nb\n", [2, 5]),
    ("a\n...\n", [1]),
    ("a\n...\n# b\n\nb\n", [1, 5]),
    ("a\n...\n...\n---\nb\n", [1, 4]),
    ("%YAML 1.1\n---\na\n...\n%YAML 1.1\n# b\n--- b\n", [2, 7]),
    ("\ufeff%YAML 1.1\n---\na\n", [2]),
    ("---\n---\n--- # nothing\n", [1, 2, 3]),
    ("--- |\n ---\n ...\n a--- b\n---\n", [1, 5]),
    ("--- '\n ---'\n---x\n", [1]),
    ("---\r\na\r\n---\r\nb\r\n", [1, 3]),
    ("---\na\n%YAML 1.1\n", [1]),
    ("a\n...\n%YAML 1.1\n", [1, 3]),
    ("%YAML 1.1\n", [1]),
]


class TestStreams:
    def test_a_line_goes_before_each(self, yaml: Any) -> None:
        assert yaml.dumps_all([Question("a"), Question("---\n...\n")]) == (
            f"---\n{question('a')}---\n{question('|')}  ---\n  ...\n"
        )
        assert list(yaml.loads_all(yaml.dumps_all(VALUES))) == VALUES

    @pytest.mark.parametrize(("text", "starts"), STREAMS, ids=range(len(STREAMS)))
    def test_where_documents_start(self, yaml: Any, text: str, starts: list[int]) -> None:
        for data in (text, text.encode()):
            errors: list[SchemaError] = []
            assert list(yaml.loads_all(data, on_error=errors.append)) == []
            assert [error.problems[0].place for error in errors] == [f"line {n}" for n in starts]

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("[a", "not YAML: "),
            ("{" * 100_000, "nested too deeply"),
            ("a: \x1b", "not YAML: "),
            ("*a", "expected an object, got the alias *a"),
        ],
    )
    def test_a_bad_document_costs_no_other(self, yaml: Any, text: str, problem: str) -> None:
        data = f"---\n{question('a')}---\n{text}\n---\n{question('b')}"
        errors: list[SchemaError] = []
        found = list(yaml.loads_all(data, on_error=errors.append))
        assert found == [Question("a"), Question("b")]
        (error,) = errors
        assert str(error).startswith(f"line 5: {problem}")

    def test_bytes_that_are_not_utf_8_cost_one_document(self, yaml: Any) -> None:
        data = f"---\n{question('?')}---\n{question('b')}".encode().replace(b"?", b"\xff")
        errors: list[SchemaError] = []
        assert list(yaml.loads_all(data, on_error=errors.append)) == [Question("b")]
        (error,) = errors
        assert str(error) == "line 1: not UTF-8: byte 0xff at offset 47"

    def test_directives_are_for_the_next_document(self, yaml: Any) -> None:
        data = (
            f"%YAML 1.2\n---\n{question('a')}...\n# then\n%TAG ! tag:x,2000:\n---\n{question('b')}"
        )
        assert list(yaml.loads_all(data)) == [Question("a"), Question("b")]
