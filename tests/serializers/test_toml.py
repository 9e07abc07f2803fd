"""TOML: tables without null, and what it has that is no text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Answer, ModelRef, PaperRef, PromptSpec, Question, SchemaError, Workflow
from cnaps.serializers import toml
from tests.serializers.samples import TYPES, printed

if TYPE_CHECKING:
    from cnaps.serializers._shapes import Value


def question(text: str) -> str:
    return f'type = "Question"\nschema_version = "1.1"\ntext = {text}\n'


WRITTEN = '''\
type = "PromptSpec"
schema_version = "1.1"
models = [
    { name = "Restormer", paper = "https://arxiv.org/abs/2111.09881" },
    { name = "A" },
]

[question]
text = """
Which “model” removes rain?
  And \\"how\\"? \\\\"""

[[papers]]
title = "Kākā 😀"
github = ""
summary = """
One.

Two.
"""
'''
VALUE = PromptSpec(
    Question('Which “model” removes rain?\n  And "how"? \\'),
    (ModelRef("Restormer", "https://arxiv.org/abs/2111.09881"), ModelRef("A")),
    (PaperRef("Kākā 😀", github="", summary="One.\n\nTwo.\n"),),
)


class TestDumps:
    def test_null_is_left_out_and_texts_over_several_lines_stay_readable(self) -> None:
        pytest.importorskip("tomli_w")
        assert toml.dumps(VALUE) == WRITTEN
        assert toml.loads(WRITTEN) == VALUE

    @pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\n\r", "\r"])
    def test_a_carriage_return_anywhere_puts_texts_on_one_line(self, text: str) -> None:
        """In texts over several lines TOML lets readers take one line end for another."""
        pytest.importorskip("tomli_w")
        value = PaperRef("a\nb", summary=text)
        assert '"""' not in toml.dumps(value)
        assert toml.loads(toml.dumps(value)) == value


ANSWER = """
type = 'Answer'
schema_version = '1.1'
task = ''
question.text = 'a'
workflow = {input = 'a', model = 'b', output = 'c'}
notes = ['d',
    'e',  # the last
]
[[references]]
name = 'f'
[[references]]
name = 'g'
"""
READABLE: list[tuple[str, Value]] = [
    (question('"a"'), Question("a")),
    (question("'''\na\\'''"), Question("a\\")),
    (question('"""a \\\n\n   b"""'), Question("a b")),
    (question(r'"\u00e9\U0001f600\t"'), Question("é😀\t")),
    (question('"a" # really').replace("\n", "\r\n"), Question("a")),
    (f"\ufeff# by hand\n\n{question('''  'a' ''')}", Question("a")),
    ("'text' = 'a'\n\"type\" = 'Question'\nschema_version='1.0'", Question("a")),
    (
        ANSWER,
        Answer(
            Question("a"),
            "",
            Workflow("a", "b", "c"),
            (ModelRef("f"), ModelRef("g")),
            ("d", "e"),
        ),
    ),
]


class TestLoads:
    @pytest.mark.parametrize(("text", "value"), READABLE, ids=range(len(READABLE)))
    def test_what_others_write_is_read(self, text: str, value: Value) -> None:
        assert toml.loads(text) == value
        assert toml.loads(text.encode()) == value


# What stands there for a text, and how errors show it.
NO_TEXT = {
    "3": "3",
    "0x1f": "31",
    "1_000": "1000",
    "0x" + "f" * 100_000: "a huge number",
    "1.50": "1.50",
    "9" * 100_000 + ".5": "9999999999999...999999999999.5",
    "1e999": "1e999",
    "inf": "inf",
    "-nan": "-nan",
    "true": "true",
    "2020-01-01": "2020-01-01",
    "10:00:00.5": "10:00:00.500000",
    "2020-01-01 10:00:00": "2020-01-01T10:00:00",
    "2020-01-01T10:00:00Z": "2020-01-01T10:00:00+00:00",
    "['a']": "[...]",
    "[]": "[]",
    "{a = 'b'}": "{...}",
    "{}": "{}",
}

_UNLABELLED = [
    f"missing key 'type': expected one of {TYPES}",
    "missing key 'schema_version': expected '1.1'",
]
_KEY = ".".join("a" * 102)

# What only TOML can have, and what is wrong with it; see `samples.BAD` for the rest.
BAD: list[tuple[str | bytes, list[str]]] = [
    # not TOML
    (b"a = '\xff'", ["not UTF-8: byte 0xff at offset 5"]),
    ("a", ["not TOML: expected '=' after a key in a key/value pair (at end of document)"]),
    ("a = \n", ["not TOML: invalid value (at line 1, column 5)"]),
    ("a = b", ["not TOML: invalid value (at line 1, column 5)"]),
    ("a = 'b\n'", ["not TOML: found invalid character '\\n' (at line 1, column 7)"]),
    ('a = "\0"', ["not TOML: illegal character '\\x00' (at line 1, column 6)"]),
    ('a = "', ["not TOML: unterminated string (at end of document)"]),
    (
        "a = 'b' 'c'",
        ["not TOML: expected newline or end of document after a statement (at line 1, column 9)"],
    ),
    (
        'a = "\\ud800"',
        ["not TOML: escaped character is not a Unicode scalar value (at line 1, column 12)"],
    ),
    ("a = 2020-02-30T00:00:00", ["not TOML: invalid date or datetime (at line 1, column 5)"]),
    # keys that stand twice
    (question("'a'") + "text = 'b'", ["not TOML: cannot overwrite a value (at end of document)"]),
    ("a = {b = 1, b = 2}", ["not TOML: duplicate inline table key 'b' (at line 1, column 18)"]),
    ("[a]\n[a]", ["not TOML: cannot declare ('a',) twice (at line 2, column 3)"]),
    # nothing
    ("", _UNLABELLED),
    ("# nothing", _UNLABELLED),
    # too much of something
    ("a = " + "[" * 100_000, ["nested too deeply"]),
    ("a = " + "{a = " * 100_000, ["nested too deeply"]),
    (f"{'a.' * 20_000}a = 1", ["nested too deeply"]),
    (f"{'a . ' * 20_000}a = 1", ["nested too deeply"]),
    (f"[{'a.' * 20_000}a]", ["nested too deeply"]),
    (f"[[{'a.' * 20_000}a]]", ["nested too deeply"]),
    (f"a = {{{_KEY} = 1}}", ["nested too deeply"]),
    (f"a = [1, {{b = '', {_KEY} = 1}}]", ["nested too deeply"]),
    (f"""a = {{b = {"'" * 3}'{"'" * 4}, {_KEY} = 1}}""", ["nested too deeply"]),
    (f'''a = {{b = """"\\\\"""", {_KEY} = 1}}''', ["nested too deeply"]),
    (f"'a'{'.a' * 101} = 1", ["nested too deeply"]),
    (".".join(["'a.b'"] * 102) + " = 1", ["nested too deeply"]),
    (question("9" * 100_000), ["not TOML: an integer has too many digits"]),
]

# Dots that part no keys.
DOTS = "a." * 1_000
TEXTS_WITH_DOTS = [
    question(f"'{DOTS}'"),
    question(f'"{DOTS}"'),
    question(f'"\\"{DOTS}\\\\"'),
    question(f"'''\n{DOTS}\n{DOTS}'{DOTS}'''"),
    question(f'"""\n{DOTS}\\"""{DOTS}""\n{DOTS}""""'),
    question("'a'") + f"# {DOTS}\n",
]


class TestBadInput:
    @pytest.mark.parametrize(("text", "shown"), NO_TEXT.items(), ids=range(len(NO_TEXT)))
    def test_nothing_is_converted(self, text: str, shown: str) -> None:
        with pytest.raises(SchemaError) as caught:
            toml.loads(question(text))
        assert str(caught.value) == f"text: expected str, got {shown}"

    @pytest.mark.parametrize(("data", "problems"), BAD, ids=range(len(BAD)))
    def test_one_error_lists_every_problem(self, data: str | bytes, problems: list[str]) -> None:
        with pytest.raises(SchemaError) as caught:
            toml.loads(data)
        assert str(caught.value) == printed("toml", *problems)

    @pytest.mark.parametrize("text", TEXTS_WITH_DOTS, ids=range(len(TEXTS_WITH_DOTS)))
    def test_only_keys_are_nested(self, text: str) -> None:
        assert "a" in toml.loads(text, Question).text

    def test_many_keys_are_not_one_long_key(self) -> None:
        with pytest.raises(SchemaError) as caught:
            toml.loads(question("'a'") + "".join(f"[k{n}.a.b]\nc.d.e = 1\n" for n in range(1_000)))
        assert len(caught.value.problems) == 1_000

    @given(text=st.text("ab.\"'\\\n#= "), number=st.integers(0, 20_000))
    def test_no_text_is_taken_for_keys(self, text: str, number: int) -> None:
        pytest.importorskip("tomli_w")
        value = PaperRef(text * (number // (len(text) or 1)), summary=text)
        assert toml.loads(toml.dumps(value)) == value
