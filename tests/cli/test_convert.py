"""`cnaps convert`."""

from __future__ import annotations

import json as plain_json
import os
import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import pytest

import cnaps
from cnaps import exports
from cnaps.serializers import json, jsonl
from tests.cli.conftest import Result, Run
from tests.cli.samples import (
    ANSWER,
    DAMAGED,
    EDITED,
    LATER_TEXT,
    NEITHER,
    OLD_ANSWER,
    PROMPT,
    TEXT,
)

pytest.importorskip("cyclopts")
pytest.importorskip("rich")

from cnaps.cli.commands import Source, Split, Target
from cnaps.cli.convert import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
ANSWER_VALUE = cnaps.answer_for(PROMPT)
LIBRARIES = {
    "yaml": "yaml",
    "toml": "tomli_w",
    "msgpack": "msgpack",
    "bibtex": "bibtexparser",
    "csl-json": "pylatexenc",
    "ris": "pylatexenc",
}
READ: tuple[str, ...] = get_args(Source)
WRITTEN: tuple[str, ...] = get_args(Target)
ONE_EACH = ("text", "json", "yaml", "toml", "msgpack")
DC = r"\udcff"
NO_SUCH_FILE = "error No such file or directory\n"
needs_posix_names = pytest.mark.skipif(
    sys.platform in {"win32", "darwin"}, reason="file names are not bytes there"
)


def need(*formats: str) -> None:
    """Skip the test where the library of a format is not installed."""
    for name in formats:
        if name in LIBRARIES:
            pytest.importorskip(LIBRARIES[name])


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())


def names(folder: str = ".") -> list[str]:
    """Return the files in a folder and below."""
    return sorted(
        path.relative_to(folder).as_posix() for path in Path(folder).rglob("*") if path.is_file()
    )


def usage(message: str) -> Result:
    return Result(2, err=f"cnaps: {message}\ncnaps: try 'cnaps --help'\n")


def rows(path: str) -> list[dict[str, list[dict[str, str]]]]:
    """Read JSON Lines as any program does."""
    with Path(path).open(encoding="utf-8") as file:
        return [plain_json.loads(line) for line in file]


# --- one file -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "options"),
    [
        pytest.param(TEXT, [], id="prompt"),
        pytest.param(TEXT, ["--dialect", "prompt-1"], id="prompt, by name"),
        pytest.param(LATER_TEXT, ["--dialect", "prompt-2"], id="later prompt"),
        pytest.param(ANSWER, [], id="answer"),
        pytest.param(OLD_ANSWER, ["--dialect", "answer-1"], id="old answer"),
    ],
)
@pytest.mark.parametrize("ending", [".txt", ".md", ".TXT"])
def test_there_and_back_is_the_same_file(
    run: Run, text: str, options: list[str], ending: str
) -> None:
    write({f"in{ending}": text})
    assert run("convert", "in" + ending, "x.json") == Result(0, "wrote x.json\n")
    assert run("convert", "x.json", "out" + ending, *options) == Result(0, f"wrote out{ending}\n")
    assert Path("out" + ending).read_bytes() == text.encode()


def test_json_is_that_of_the_serializer_laid_out_for_people(run: Run) -> None:
    write({"prompt.txt": TEXT})
    run("convert", "prompt.txt", "prompt.json")
    assert Path("prompt.json").read_text(encoding="utf-8") == f"{json.dumps(PROMPT, indent=2)}\n"


def test_damage_and_wording_stay_behind(run: Run) -> None:
    write({"answer.txt": DAMAGED, "prompt.txt": EDITED})
    run("convert", "answer.txt", "answer.json")
    assert json.load("answer.json") == cnaps.parse(ANSWER).value
    run("convert", "prompt.txt", "canonical.txt")
    assert Path("canonical.txt").read_bytes() == TEXT.encode()


def test_a_dialect_rewrites_a_text(run: Run) -> None:
    old = cnaps.parse(OLD_ANSWER).value
    write({"answer.txt": OLD_ANSWER})
    run("convert", "answer.txt", "document.json", "--lossless")
    for source in ("answer.txt", "document.json"):
        run("convert", source, "new.txt", "--to", "text", "--dialect", "answer-2")
        assert Path("new.txt").read_bytes() == cnaps.render(old, "answer-2").encode()
        run("convert", source, "same.txt", "--dialect", "answer-1")
        assert Path("same.txt").read_bytes() == OLD_ANSWER.encode()


def test_an_existing_file_is_overwritten(run: Run) -> None:
    write({"prompt.txt": TEXT, "prompt.json": "old"})
    assert run("convert", "prompt.txt", "prompt.json").status == 0
    assert json.load("prompt.json") == PROMPT


def test_a_file_can_be_converted_in_place(run: Run) -> None:
    write({"prompt.txt": EDITED})
    assert run("convert", "prompt.txt", "prompt.txt") == Result(0, "wrote prompt.txt\n")
    assert Path("prompt.txt").read_bytes() == TEXT.encode()


def test_without_an_ending_a_file_is_text_or_what_from_says(run: Run) -> None:
    write({"prompt": TEXT, "data": json.dumps(PROMPT), "v1.0": TEXT})
    assert run("convert", "prompt", "a.json").status == 0
    assert run("convert", "v1.0", "b.json").status == 0
    assert run("convert", "data", "c.json", "--from", "json").status == 0
    assert [json.load(f"{name}.json") for name in "abc"] == [PROMPT] * 3


def test_one_file_into_a_folder_keeps_its_name(run: Run) -> None:
    Path("out").mkdir()
    write({"a.b/Query 1.TXT": TEXT, ".txt": TEXT, "v1.0": TEXT})
    for source in ("a.b/Query 1.TXT", ".txt", "v1.0"):
        assert run("convert", source, "out", "--to", "json") == Result(0, "wrote 1 file to out\n")
    assert names("out") == [".txt.json", "Query 1.json", "v1.0.json"]


# --- all formats ----------------------------------------------------------------------------------


def test_every_format_is_known_by_its_endings() -> None:
    assert ENDINGS.keys() == set(WRITTEN)
    assert set(READ) < set(WRITTEN)


def prepared(run: Run, name: str) -> list[str]:
    """Write a prompt and its answer in a format; return the files."""
    write({"q.txt": TEXT, "q_answer.txt": ANSWER})
    if name == "text":
        return ["q.txt", "q_answer.txt"]
    if name == "jsonl":
        assert run("convert", "q.txt", "q_answer.txt", "q.jsonl").status == 0
        return ["q.jsonl"]
    assert run("convert", "q.txt", "q_answer.txt", "data", "--to", name).status == 0
    return [f"data/{file}" for file in names("data")]


@pytest.mark.parametrize("to", ONE_EACH)
@pytest.mark.parametrize("from_", READ)
def test_each_to_each(run: Run, from_: str, to: str) -> None:
    need(from_, to)
    sources = prepared(run, from_)
    assert run("convert", *sources, "out", "--to", to) == Result(0, "wrote 2 files to out\n")
    stems = ("q-1", "q-2") if from_ == "jsonl" else ("q", "q_answer")
    ending = ENDINGS[to][0]
    assert names("out") == [f"{stem}{ending}" for stem in stems]
    run("convert", f"out/{stems[0]}{ending}", "prompt.txt")
    run("convert", f"out/{stems[1]}{ending}", "answer.txt")
    assert Path("prompt.txt").read_bytes() == TEXT.encode()
    assert Path("answer.txt").read_bytes() == ANSWER.encode()


@pytest.mark.parametrize("from_", READ)
def test_each_to_lines(run: Run, from_: str) -> None:
    need(from_)
    sources = prepared(run, from_)
    assert run("convert", *sources, "all.ndjson") == Result(0, "wrote 2 lines to all.ndjson\n")
    assert list(jsonl.load("all.ndjson")) == [PROMPT, ANSWER_VALUE]


@pytest.mark.parametrize("to", ["bibtex", "csl-json", "ris"])
@pytest.mark.parametrize("from_", READ)
def test_each_to_a_bibliography(run: Run, from_: str, to: str) -> None:
    need(from_, to)
    sources = prepared(run, from_)
    target = "works" + ENDINGS[to][0]
    assert run("convert", *sources, target) == Result(
        0, f"wrote the works of 2 items to {target}\n"
    )
    export = {"bibtex": exports.bibtex, "csl-json": exports.csl_json, "ris": exports.ris}[to]
    assert Path(target).read_text(encoding="utf-8") == export(PROMPT, ANSWER_VALUE)


@pytest.mark.parametrize("split", get_args(Split))
@pytest.mark.parametrize("to", ["chat", "sharegpt"])
@pytest.mark.parametrize("from_", [name for name in READ if name != "jsonl"])
def test_each_to_chat_rows(run: Run, from_: str, to: str, split: Split) -> None:
    need(from_)
    sources = prepared(run, from_)
    asked = run("convert", *sources, "rows.jsonl", "--to", to, "--split", split)
    assert asked == Result(0, "wrote 1 row to rows.jsonl\n")
    expected = exports.chat(
        [(PROMPT, ANSWER_VALUE)], split=split, style="messages" if to == "chat" else "sharegpt"
    )
    assert Path("rows.jsonl").read_text(encoding="utf-8") == expected.dumps()


@pytest.mark.parametrize(
    ("to", "target"),
    [("jsonl", "all.json"), ("csl-json", "all.json"), ("json", "all"), ("jsonl", "all.dat")],
)
def test_to_counts_more_than_an_ending_of_ones_own(run: Run, to: str, target: str) -> None:
    need(to)
    write({"q.txt": TEXT})
    assert run("convert", "q.txt", target, "--to", to).status == 0
    assert names() == [*sorted([target, "q.txt"])]


# --- documents ------------------------------------------------------------------------------------


@pytest.mark.parametrize("to", ["json", "jsonl", "yaml", "toml", "msgpack"])
def test_lossless_brings_every_example_back_to_the_byte(run: Run, to: str) -> None:
    need(to)
    expected = {path.relative_to(EXAMPLES): path.read_bytes() for path in EXAMPLES.rglob("*.txt")}
    shutil.copytree(EXAMPLES, "in")
    if to == "jsonl":
        assert run("convert", "in", "all.jsonl", "--lossless").status == 0
        assert run("convert", "all.jsonl", "out", "--to", "text").status == 0
        found = {
            place: Path(f"out/all-{number}.txt").read_bytes()
            for number, place in enumerate(sorted(expected), 1)
        }
        assert len(names("out")) == len(found)
    else:
        assert run("convert", "in", "data", "--to", to, "--lossless").status == 0
        assert run("convert", "data", "out", "--to", "text", "--from", to).status == 0
        found = {Path(name): Path("out", name).read_bytes() for name in names("out")}
    assert found == expected
    assert any(b"\r\n" in data for data in expected.values())


def test_documents_stay_documents_and_text_can_be_copied(run: Run) -> None:
    write({"a.txt": DAMAGED})
    run("convert", "a.txt", "a.json", "--lossless")
    run("convert", "a.json", "a.jsonl")
    assert list(jsonl.load("a.jsonl")) == [cnaps.parse(DAMAGED)]
    run("convert", "a.txt", "b.txt", "--lossless")
    assert Path("b.txt").read_bytes() == DAMAGED.encode()


# --- folders --------------------------------------------------------------------------------------


def test_a_folder_becomes_a_folder_of_the_same_shape(run: Run) -> None:
    write(
        {
            "in/a.txt": TEXT,
            "in/deep/er/b.TXT": ANSWER,
            "in/README.md": NEITHER,
            "in/.hidden.txt": NEITHER,
            "in/.git/c.txt": NEITHER,
            "in/notes.log": NEITHER,
        }
    )
    assert run("convert", "in", "out", "--to", "json") == Result(0, "wrote 2 files to out\n")
    assert names("out") == ["a.json", "deep/er/b.json"]
    assert run("convert", "out", "in", "all.jsonl").out == "wrote 2 lines to all.jsonl\n"
    assert run("convert", "out", "in", "all.jsonl", "--from", "json").out == (
        "wrote 2 lines to all.jsonl\n"
    )


def test_files_and_folders_can_be_mixed_and_count_once(run: Run) -> None:
    write({"in/a.txt": TEXT, "b.md": ANSWER})
    assert run("convert", "in", "in/a.txt", "b.md", "in", "out", "--to", "json") == Result(
        0, "wrote 2 files to out\n"
    )
    assert names("out") == ["a.json", "b.json"]


def test_a_folder_of_data_holds_no_bibliography(run: Run) -> None:
    write({"in/a.json": json.dumps(PROMPT), "in/works.csl.json": "[]"})
    assert run("convert", "in", "out", "--to", "text", "--from", "json") == Result(
        0, "wrote 1 file to out\n"
    )


def test_what_is_written_into_the_folder_that_is_read_is_not_read_next_time(run: Run) -> None:
    write({"in/a.txt": TEXT, "in/deep/b.txt": ANSWER})
    for _ in range(2):
        assert run("convert", "in", "in/out", "--to", "text").out == "wrote 2 files to in/out\n"
        assert run("convert", "in/out", "all.jsonl").out == "wrote 2 lines to all.jsonl\n"
        assert run("convert", "in", "in/all.jsonl").out == "wrote 4 lines to in/all.jsonl\n"
        shutil.rmtree("in/out")
    assert run("convert", "in", str(Path("in/out").resolve()), "--to", "text").status == 0
    assert run("convert", ".", "in/out", "--to", "text").out == "wrote 2 files to in/out\n"
    assert names("in/out") == ["a.txt", "deep/b.txt", "in/a.txt", "in/deep/b.txt"]
    run("convert", "in/a.txt", "x.jsonl")
    for _ in range(2):  # the file itself is no line of itself
        assert run("convert", ".", "new.jsonl", "--from", "jsonl").status == 0
        assert len(list(jsonl.load("new.jsonl"))) == 7


def test_a_folder_can_be_converted_in_place(run: Run) -> None:
    write({"in/a.txt": EDITED, "in/deep/b.txt": DAMAGED})
    assert run("convert", "in", "in", "--to", "text").out == "wrote 2 files to in\n"
    assert Path("in/a.txt").read_bytes() == TEXT.encode()
    assert Path("in/deep/b.txt").read_bytes() == ANSWER.encode()
    assert run("convert", "in", "in", "--to", "json").out == "wrote 2 files to in\n"
    assert names("in") == ["a.json", "a.txt", "deep/b.json", "deep/b.txt"]


def test_a_file_that_is_read_may_be_the_one_that_is_written(run: Run) -> None:
    write({"a.txt": TEXT, "b.txt": ANSWER})
    run("convert", "a.txt", "all.jsonl")
    assert run("convert", "all.jsonl", "b.txt", "all.jsonl").out == "wrote 2 lines to all.jsonl\n"
    assert list(jsonl.load("all.jsonl")) == [PROMPT, ANSWER_VALUE]


@pytest.mark.parametrize("many", [60, 10])
@pytest.mark.parametrize(
    "options",
    [["out", "--to", "json"], ["out.jsonl"], ["out.jsonl", "--to", "chat", "--split", "user"]],
)
def test_many_files_have_a_progress_bar_in_a_terminal(
    run: Run, run_in_terminal: Run, options: list[str], many: int
) -> None:
    for number in range(many):
        write({f"in/{number:03}.txt": TEXT, f"in/{number:03}_answer.txt": ANSWER})
    write({"in/005.txt": NEITHER})
    status, out, err = run_in_terminal("convert", "in", *options)
    assert (status, "1 refused" in out) == (1, True)
    assert ("Reading" in err) == (many >= 50)
    # What is refused is told on a line of its own, above the bar.
    (told,) = (line for line in err.split("\n") if "005.txt:1:1" in line)
    assert told.rpartition("\r\x1b[2K")[2].startswith("\x1b[1min/005.txt:1:1: \x1b[0m")
    assert "Reading" not in run("convert", "in", *options).err


# --- what cannot be converted ---------------------------------------------------------------------


def test_what_cannot_be_converted_is_told_and_nothing_written(run: Run) -> None:
    forged = cnaps.PromptSpec(cnaps.Question("Why?"), (cnaps.ModelRef("a\nb"),))
    write(
        {
            "letter.txt": NEITHER,
            "empty.txt": "",
            "empty.json": "",
            "empty.jsonl": "\n",
            "broken.json": '{"type": "PromptSpec", "question": 3}',
            "question.json": json.dumps(PROMPT.question),
            "forged.json": json.dumps(forged),
            "works.bib": "",
        }
    )
    neither = (
        "error neither a prompt nor an answer; answer-2 comes nearest\n"
        "  1 | Dear all,\n"
        "    | ^ expected '🧠 **User Question:**'\n"
        "  hint: answer-2 is recognised by its fixed wording; also missing: "
    )
    not_json = "error not JSON: expecting value (line 1, column 1)\n"
    broken = """error 2 problems in this json:
  - question: expected an object, got 3
  - missing key 'schema_version': expected '1.1'
"""
    unfit = """error models[0].name does not fit into prompt-1: \
it holds a line break at character 1, and this field is one line
hint: replace the line break by a space
"""
    part = "error it holds a Question, which is only part of a file\n"
    for source, target, message in [
        ("letter.txt", "out.json", f"letter.txt:1:1: {neither}"),
        ("empty.txt", "out.json", "empty.txt:1:1: error the input is empty\n"),
        ("empty.json", "out.txt", f"empty.json: {not_json}"),
        ("empty.jsonl", "all.jsonl", "empty.jsonl: error the input is empty\n"),
        ("broken.json", "out.txt", f"broken.json: {broken}"),
        ("question.json", "out.txt", f"question.json: {part}"),
        ("forged.json", "out.txt", f"forged.json: {unfit}"),
        ("works.bib", "out.json", "works.bib: error bibtex can be written, but not read\n"),
    ]:
        status, out, err = run("convert", source, target)
        assert (status, out) == (1, "")
        assert err.startswith(message)
    assert not list(Path.cwd().glob("out.*"))
    assert not Path("all.jsonl").exists()


def test_a_dialect_of_the_other_kind_is_told(run: Run) -> None:
    write({"prompt.json": json.dumps(PROMPT), "answer.txt": ANSWER})
    for source, dialect, message in [
        ("prompt.json", "answer-1", "it holds a prompt, which answer-1 cannot"),
        ("answer.txt", "prompt-1", "it holds an answer, which prompt-1 cannot"),
    ]:
        assert run("convert", source, "x.txt", "--dialect", dialect) == Result(
            1, err=f"{source}: error {message}\n"
        )
    assert not Path("x.txt").exists()


def test_papers_in_a_dialect_without_any_are_told(run: Run) -> None:
    write({"prompt.json": json.dumps(PROMPT)})
    message = "papers does not fit into prompt-2: no file of this dialect has any"
    status, out, err = run("convert", "prompt.json", "x.txt", "--dialect", "prompt-2")
    assert (status, out) == (1, "")
    assert err.startswith(f"prompt.json: error {message}\n")
    assert not Path("x.txt").exists()


def test_parts_of_a_file_can_be_data_and_works(run: Run) -> None:
    need("ris")
    cited: list[cnaps.ModelRef | cnaps.PaperRef] = [PROMPT.models[0], PROMPT.papers[0]]
    jsonl.dump([PROMPT.question, *cited, ANSWER_VALUE.workflow], "parts.jsonl")
    assert run("convert", "parts.jsonl", "out", "--to", "json").out == "wrote 4 files to out\n"
    assert run("convert", "parts.jsonl", "parts.ris") == Result(
        1,
        "wrote the works of 2 items to parts.ris, 2 refused\n",
        "parts.jsonl: error record 1: it holds a Question, which cites nothing\n"
        "parts.jsonl: error record 4: it holds a Workflow, which cites nothing\n",
    )
    assert Path("parts.ris").read_text(encoding="utf-8") == exports.ris(*cited)


def test_a_bad_record_does_not_cost_the_others_and_keeps_its_number(run: Run) -> None:
    lines = [
        json.dumps(PROMPT),
        "bad",
        "",
        '{"type": "Question"}',
        json.dumps(PROMPT.models[0]),
        json.dumps(ANSWER_VALUE),
    ]
    write({"all.jsonl": "\n".join(lines)})
    assert run("convert", "all.jsonl", "out", "--to", "text") == Result(
        1,
        "wrote 2 files to out, 3 refused\n",
        "all.jsonl: error line 2: not JSON: expecting value (line 1, column 1)\n"
        "all.jsonl: error 2 problems in this jsonl:\n"
        "  - line 4: missing key 'schema_version': expected '1.1'\n"
        "  - line 4: missing key 'text'\n"
        "all.jsonl: error record 4: it holds a ModelRef, which is only part of a file\n",
    )
    assert names("out") == ["all-1.txt", "all-5.txt"]
    assert (
        run("convert", "all.jsonl", "good.jsonl").out == "wrote 3 lines to good.jsonl, 2 refused\n"
    )


@pytest.mark.parametrize(
    ("to", "message", "written"),
    [
        ("yaml", "question.text does not fit into yaml: U+DCFF at ", "1 file to out"),
        ("toml", "question.text does not fit into toml: U+DCFF at ", "1 file to out"),
        ("msgpack", "question.text does not fit into msgpack: U+DCFF at ", "1 file to out"),
        ("text", "question.text does not fit into prompt-1: ", "1 file to out"),
        ("ris", "sources[0].models[0].name does not fit into ris: ", "the works of 1 item to out"),
    ],
)
def test_a_value_that_a_format_cannot_hold_does_not_cost_the_others(
    run: Run, to: str, message: str, written: str
) -> None:
    need(to)
    lone = cnaps.PromptSpec(cnaps.Question("\udcff"), (cnaps.ModelRef("\udcff"),))
    write({"a.json": json.dumps(lone), "b.json": json.dumps(PROMPT)})
    status, out, err = run("convert", "a.json", "b.json", "out", "--to", to)
    assert (status, out) == (1, f"wrote {written}, 1 refused\n")
    assert err.startswith(f"a.json: error {message}")


def test_lines_hold_whatever_can_be_read(run: Run) -> None:
    half = '{"type": "Question", "schema_version": "1.1", "text": "\\ud800"}'
    write({"a.jsonl": f"{half}\n"})
    assert run("convert", "a.jsonl", "b.jsonl") == Result(0, "wrote 1 line to b.jsonl\n")
    assert list(jsonl.load("b.jsonl")) == [cnaps.Question("\ud800")]


def test_data_of_a_newer_schema_is_read_and_what_is_passed_over_is_told(run: Run) -> None:
    newer = '{"type": "Question", "schema_version": "1.9", "text": "Why?", "tone": "dry"}'
    older = '{"type": "Question", "schema_version": "1.0", "text": "Why?"}'
    write({"new.json": newer, "new.jsonl": f"{older}\n{newer}\n", "old.json": older})
    assert run("convert", "new.json", "a.json") == Result(
        0, "wrote a.json\n", "new.json: note unknown key 'tone' passed over\n"
    )
    assert run("convert", "new.jsonl", "b.jsonl") == Result(
        0, "wrote 2 lines to b.jsonl\n", "new.jsonl: note line 2: unknown key 'tone' passed over\n"
    )
    assert run("convert", "old.json", "c.json") == Result(0, "wrote c.json\n")


def test_files_that_cannot_be_read_or_written_are_named(run: Run) -> None:
    write({"prompt.txt": TEXT, "prompt.json": json.dumps(PROMPT)})
    for source, target, culprit in [
        ("gone.txt", "x.json", "gone.txt"),
        ("gone.json", "x.txt", "gone.json"),
        ("gone.jsonl", "x.jsonl", "gone.jsonl"),
        ("prompt.txt", "no/such.json", "no/such.json"),
        ("prompt.json", "no/such.txt", "no/such.txt"),
        ("prompt.json", "no/such.jsonl", "no/such.jsonl"),
    ]:
        assert run("convert", source, target) == Result(2, err=f"{culprit}: {NO_SUCH_FILE}")


def test_one_file_does_not_cost_the_others(run: Run) -> None:
    write({"a.txt": TEXT, "b.txt": NEITHER, "c.txt": ANSWER})
    status, out, err = run("convert", "a.txt", "b.txt", "gone.txt", "c.txt", "out", "--to", "json")
    assert (status, out) == (2, "wrote 2 files to out, 2 refused\n")
    assert err.startswith("b.txt:1:1: error neither")
    assert err.endswith(f"gone.txt: {NO_SUCH_FILE}")
    assert names("out") == ["a.json", "c.json"]
    status, out, _ = run("convert", "b.txt", "gone.txt", "all.jsonl")
    assert (status, out) == (2, "wrote nothing, 2 refused\n")
    assert not Path("all.jsonl").exists()


def everything_fails(run: Run) -> Iterable[tuple[list[str], str]]:
    """Yield commands of which nothing can come, and the file that each would have written."""
    write({"in/a.txt": NEITHER, "in/b_answer.txt": NEITHER})
    need("ris")
    yield ["in/a.txt", "old.json"], "old.json"
    yield ["in", "old.jsonl"], "old.jsonl"
    yield ["in", "old.ris"], "old.ris"
    yield ["in", "old.jsonl", "--to", "chat", "--split", "user"], "old.jsonl"
    yield ["in", "out", "--to", "json"], "out/a.json"


def test_where_nothing_can_be_converted_old_files_stay(run: Run) -> None:
    for arguments, target in everything_fails(run):
        write({target: "old"})
        before = names()
        assert run("convert", *arguments).status == 1
        assert Path(target).read_text(encoding="utf-8") == "old"
        assert names() == before


def test_a_folder_is_not_made_for_nothing(run: Run) -> None:
    write({"in/a.txt": NEITHER})
    assert run("convert", "in", "out", "--to", "json").status == 1
    assert not Path("out").exists()


# --- disks ----------------------------------------------------------------------------------------


def test_a_full_disk_leaves_old_files_as_they_were(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    need("ris")
    write({"in/a.txt": TEXT, "in/a_answer.txt": ANSWER})
    monkeypatch.setattr("os.fsync", fail)
    full = "error No space left on device\n"
    for arguments, target in [
        (["in", "old.jsonl"], "old.jsonl"),
        (["in", "old.ris"], "old.ris"),
        (["in", "old.jsonl", "--to", "sharegpt", "--split", "user"], "old.jsonl"),
        (["in/a.txt", "old.json"], "old.json"),
    ]:
        write({target: "old"})
        before = names()
        assert run("convert", *arguments) == Result(2, err=f"{target}: {full}")
        assert Path(target).read_text(encoding="utf-8") == "old"
        assert names() == before
    assert run("convert", "in", "out", "--to", "json") == Result(
        2, "wrote nothing, 2 refused\n", f"out/a.json: {full}out/a_answer.json: {full}"
    )
    assert names("out") == []


def test_a_folder_that_cannot_be_listed_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"in/a.txt": TEXT, "in/a_answer.txt": ANSWER, "in/closed/b.txt": TEXT})
    scandir = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    for options, written in [
        (["all.jsonl"], "2 lines to all.jsonl"),
        (["out", "--to", "json"], "2 files to out"),
        (["rows.jsonl", "--to", "chat", "--split", "persona"], "1 row to rows.jsonl"),
    ]:
        assert run("convert", "in", *options) == Result(
            2, f"wrote {written}, 1 refused\n", "in/closed: error Permission denied\n"
        )


def test_a_file_that_may_not_be_read_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    import builtins

    open_ = builtins.open

    def refuse(path: str, *arguments: object, **options: object) -> object:
        if str(path).endswith("closed.txt"):
            raise PermissionError(13, "Permission denied", path)
        return open_(path, *arguments, **options)  # type: ignore[call-overload]

    write({"in/a.txt": TEXT, "in/closed.txt": TEXT})
    monkeypatch.setattr("builtins.open", refuse)
    assert run("convert", "in", "all.jsonl") == Result(
        2, "wrote 1 line to all.jsonl, 1 refused\n", "in/closed.txt: error Permission denied\n"
    )


def test_a_target_that_is_no_file_is_told(run: Run) -> None:
    Path("folder").mkdir()
    write({"a.txt": TEXT, "a_answer.txt": ANSWER})
    for options in (["--to", "jsonl"], ["--to", "chat", "--split", "user"]):
        assert run("convert", "a.txt", "a_answer.txt", "folder", *options) == Result(
            2, err="folder: error Is a directory\n"
        )
    Path("folder/a.json").mkdir()
    assert run("convert", "a.txt", "folder", "--to", "json") == Result(
        2, err="folder/a.json: error Is a directory\n"
    )
    assert names("folder") == []


@pytest.mark.skipif(sys.platform == "win32", reason="names are limited in another way")
def test_a_name_that_is_too_long_is_told(run: Run) -> None:
    long = "x" * 300
    write({"a.txt": TEXT})
    assert run("convert", long, "x.json") == Result(2, err=f"{long}: error File name too long\n")
    assert run("convert", "a.txt", f"{long}.json") == Result(
        2, err=f"{long}.json: error File name too long\n"
    )


# --- hostile names --------------------------------------------------------------------------------


@needs_posix_names
def test_control_characters_and_bytes_in_names_do_not_reach_the_terminal(run: Run) -> None:
    bad, good = "a\x1b[2J\n\udcff", "b\x1b[2J\n\udcff"
    shown = r"\x1b[2J\n\udcff"
    write({f"{bad}.txt": NEITHER, f"{good}.txt": TEXT, f"{good}_answer.txt": ANSWER})
    status, out, err = run("convert", ".", f"{good}.jsonl")
    assert (status, out) == (1, f"wrote 2 lines to b{shown}.jsonl, 1 refused\n")
    assert err.startswith(f"a{shown}.txt:1:1: error ")
    status, out, err = run("convert", ".", f"{good}.jsonl", "--to", "chat", "--split", "user")
    assert (status, out) == (1, f"wrote 1 row to b{shown}.jsonl, 1 refused\n")
    assert err == f"a{shown}.txt: error there is no answer that belongs to it\n"
    write({f"{good}_answer.txt": TEXT})
    status, out, err = run("convert", ".", f"{good}.jsonl", "--to", "chat", "--split", "user")
    assert err.endswith(
        f"b{shown}_answer.txt: error the answer is a prompt; the prompt is b{shown}.txt\n"
    )
    assert run("convert", f"{good}.txt", f"{good}.json").out == f"wrote b{shown}.json\n"
    assert run("convert", f"{good}.txt", bad) == usage(
        f"a{shown} has none of the endings .txt, .md, .json, .jsonl, .ndjson, .yaml, .yml, .toml,"
        " .msgpack, .mpk, .bib, .csl.json, .ris; --to says the format"
    )


# --- files that hold several ----------------------------------------------------------------------

STREAMS = {"jsonl": "line", "yaml": "document", "msgpack": "value"}


def stream(name: str) -> tuple[Callable[..., bytes | str], Callable[..., Iterable[object]]]:
    """Return the functions that write and read any number of items."""
    need(name)
    module = import_module(f"cnaps.serializers.{name}")
    end = "" if name == "jsonl" else "_all"
    return getattr(module, f"dump{end}"), getattr(module, f"load{end}")


@pytest.mark.parametrize(("to", "record"), STREAMS.items())
@pytest.mark.parametrize("sources", [["in"], ["in/q.txt", "in/q_answer.txt"]])
def test_several_become_one_file(run: Run, sources: list[str], to: str, record: str) -> None:
    _, load = stream(to)
    write({"in/q.txt": TEXT, "in/q_answer.txt": ANSWER})
    for _ in range(2):  # the second time over the first
        assert run("convert", *sources, f"x.{to}") == Result(0, f"wrote 2 {record}s to x.{to}\n")
    assert list(load(f"x.{to}")) == [PROMPT, ANSWER_VALUE]
    assert run("convert", *sources, "x", "--to", to).status == 0
    assert Path("x").is_file() == (to == "jsonl")


@pytest.mark.parametrize("from_", STREAMS)
@pytest.mark.parametrize("to", [*STREAMS, "json"])
def test_one_that_holds_several_is_read(run: Run, from_: str, to: str) -> None:
    need(to)
    dump, _ = stream(from_)
    dump([PROMPT, ANSWER_VALUE], f"a.{from_}")
    if to == "json":
        assert run("convert", f"a.{from_}", "x.json") == usage(
            f"x.json is no folder, and a file of json {NO_FOLDER}"
        )
        assert run("convert", f"a.{from_}", "x", "--to", to).out == "wrote 2 files to x\n"
        assert [json.load(f"x/{name}") for name in names("x")] == [PROMPT, ANSWER_VALUE]
        assert names("x") == ["a-1.json", "a-2.json"]
    else:
        assert run("convert", f"a.{from_}", f"x.{to}").out == f"wrote 2 {STREAMS[to]}s to x.{to}\n"
        assert list(stream(to)[1](f"x.{to}")) == [PROMPT, ANSWER_VALUE]


@pytest.mark.parametrize("from_", ["yaml", "msgpack"])
def test_one_alone_is_like_a_file_of_any_other_format(run: Run, from_: str) -> None:
    need(from_)
    write({"q.txt": TEXT})
    run("convert", "q.txt", f"q.{from_}")
    assert run("convert", f"q.{from_}", "x.json").out == "wrote x.json\n"
    assert run("convert", f"q.{from_}", "out", "--to", "json").out == "wrote out\n"
    Path("folder").mkdir()
    run("convert", f"q.{from_}", "folder", "--to", "json")
    assert names("folder") == ["q.json"]
    assert run("convert", f"no.{from_}", "y.json") == Result(2, err=f"no.{from_}: {NO_SUCH_FILE}")


def test_a_bad_record_does_not_cost_the_others(run: Run) -> None:
    dump, load = stream("yaml")
    dump([PROMPT, PROMPT.models[0], ANSWER_VALUE], "a.yaml")
    good = Path("a.yaml").read_text("utf-8")
    write({"b.yaml": good.replace("type: ModelRef", "type: Model")})
    status, out, err = run("convert", "b.yaml", "x.yaml")
    assert (status, out) == (1, "wrote 2 documents to x.yaml, 1 refused\n")
    line = good[: good.index("type: ModelRef")].count("\n")
    assert err.startswith(f"b.yaml: error line {line}: type: expected one of ")
    assert list(load("x.yaml")) == [PROMPT, ANSWER_VALUE]


def test_what_one_file_cannot_hold_does_not_cost_the_others(run: Run) -> None:
    _, load = stream("yaml")
    write(
        {"a.jsonl": f"{json.dumps(PROMPT)}\n{json.dumps(cnaps.Question('?')).replace('?', DC)}\n"}
    )
    assert run("convert", "a.jsonl", "x.yaml") == Result(
        1,
        "wrote 1 document to x.yaml, 1 refused\n",
        "a.jsonl: error record 2: text does not fit into yaml: U+DCFF at character 0 is half a"
        " surrogate pair, which no UTF-8 can hold\n"
        "hint: decode the text with errors='strict' where it comes from\n",
    )
    assert list(load("x.yaml")) == [PROMPT]


# --- wrong usage ----------------------------------------------------------------------------------


@pytest.fixture
def files(folder: Path) -> None:
    write(
        {
            "a.txt": TEXT,
            "a.md": ANSWER,
            "up/a.TXT": ANSWER,
            "in/a.txt": TEXT,
            "x/a.txt": TEXT,
            "all.jsonl": json.dumps(PROMPT),
            "works.bib": "",
        }
    )
    Path("nothing").mkdir()


KNOWN = (
    ".txt, .md, .json, .jsonl, .ndjson, .yaml, .yml, .toml, .msgpack, .mpk, .bib, .csl.json, .ris"
)
SAME = "would become the same file"
NO_FOLDER = "holds only one prompt or answer: name a folder, and the format with --to"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("a.txt", "convert takes files or folders to read, and after them what to write"),
        ("a.txt b", f"b has none of the endings {KNOWN}; --to says the format"),
        ("a.txt in", f"in has none of the endings {KNOWN}; --to says the format"),
        ("a.txt b.json --dialect prompt-1", "--dialect is the wording of text; json has none"),
        ("a.txt b.txt --split user", "--split is for --to chat and --to sharegpt, not for text"),
        ("in b.jsonl --to chat", "--to chat needs a --split: user, persona, question"),
        ("in b --to sharegpt", "--to sharegpt needs a --split: user, persona, question"),
        (
            "in b.ris --lossless",
            "--lossless is for values and text; ris takes from them what it needs",
        ),
        (
            "in b.jsonl --to chat --split user --lossless",
            "--lossless is for values and text; chat takes from them what it needs",
        ),
        ("a.txt a.md out --to json", f"a.txt and a.md {SAME}"),
        ("a.txt up/a.TXT out --to json", f"a.txt and up/a.TXT {SAME}"),
        ("a.txt up out --to json", f"a.txt and up/a.TXT {SAME}"),
        ("in x out --to yaml", f"in/a.txt and x/a.txt {SAME}"),
        ("in x/a.txt out --to yaml", f"in/a.txt and x/a.txt {SAME}"),
        ("in out.json", f"out.json is no folder, and a file of json {NO_FOLDER}"),
        ("a.txt in/a.txt x/a.txt", f"x/a.txt is no folder, and a file of text {NO_FOLDER}"),
        ("all.jsonl b.txt", f"b.txt is no folder, and a file of text {NO_FOLDER}"),
        ("in works.bib --to json", f"works.bib is no folder, and a file of json {NO_FOLDER}"),
        ("a.txt a.md --to ris", "OUT is a.md, which looks like text, and --to says ris"),
        (
            "in a.txt --to chat --split user",
            "OUT is a.txt, which looks like text, and --to says chat",
        ),
        ("a.txt b.yaml --to toml", "OUT is b.yaml, which looks like yaml, and --to says toml"),
        ("nothing b.jsonl", "there are no text files in nothing; --from says what to read"),
        (
            "nothing in out --to text --from json",
            "there are no json files in nothing, in; --from says what to read",
        ),
    ],
)
@pytest.mark.usefixtures("files")
def test_what_makes_no_sense_is_told_and_nothing_written(
    run: Run, arguments: str, message: str
) -> None:
    before = {name: Path(name).read_bytes() for name in names()}
    assert run("convert", *arguments.split()) == usage(message)
    assert {name: Path(name).read_bytes() for name in names()} == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--to", "docx"], 'Invalid value "docx" for --to.'),
        (["--from", "bibtex"], 'Invalid value "bibtex" for --from.'),
        (["--split", "system"], 'Invalid value "system" for --split.'),
        (["--dialect", "prompt-9"], 'Invalid value "prompt-9" for --dialect.'),
    ],
)
def test_choices_are_told(run: Run, arguments: list[str], message: str) -> None:
    status, out, err = run("convert", "a.txt", "b.json", *arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"cnaps: {message}")


def test_a_file_is_not_written_over_another_of_the_same_run(run: Run) -> None:
    jsonl.dump([PROMPT], "a.jsonl")
    write({"a-1.txt": TEXT})
    assert run("convert", "a-1.txt", "a.jsonl", "out", "--to", "json") == Result(
        1,
        "wrote 1 file to out, 1 refused\n",
        "a.jsonl: error record 1: it would become out/a-1.json, as another one has\n",
    )


@pytest.mark.parametrize(
    ("name", "library", "arguments"),
    [
        ("serializers.yaml", "yaml", ["a.txt", "b.jsonl", "c.yaml", "out", "--to", "json"]),
        ("serializers.yaml", "yaml", ["c.yaml", "out.json"]),
        ("serializers.yaml", "yaml", ["a.txt", "out.yaml"]),
        ("serializers.msgpack", "msgpack", ["a.txt", "out.msgpack"]),
        ("serializers.toml", "tomli_w", ["a.txt", "out.toml"]),
        ("exports.bibtex", "bibtexparser", ["a.txt", "out.bib"]),
        ("exports.csl_json", "pylatexenc", ["a.txt", "out.csl.json"]),
        ("exports.ris", "pylatexenc", ["a.txt", "out.ris"]),
    ],
)
def test_a_missing_library_is_told_before_anything_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, library: str, arguments: list[str]
) -> None:
    for module in list(sys.modules):
        if module.partition(".")[0] == library or module.startswith(
            (f"cnaps.{name}", "cnaps.exports._latex")
        ):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    write({"a.txt": TEXT, "b.jsonl": json.dumps(PROMPT)})
    extra = name.partition(".")[2] if name.startswith("serializers") else "exports"
    assert run("convert", *arguments) == usage(
        f"cnaps.{name} needs {library}: python -m pip install 'cnaps[{extra}]'"
    )
    assert names() == ["a.txt", "b.jsonl"]


# --- chat rows ------------------------------------------------------------------------------------


def test_each_prompt_finds_its_answer(run: Run) -> None:
    write(
        {
            "prompts/kiwi/q1.txt": TEXT,
            "answers/kiwi/Q1-Answer.TXT": ANSWER,
            "prompts/GenerationΓêù/q.txt": EDITED,
            "answers/Generation∗/q_answer.txt": DAMAGED,
            "more/prompt.txt": TEXT,
            "more/answer.txt": OLD_ANSWER,
        }
    )
    asked = run("convert", "prompts", "answers", "more", "x", "--to", "chat", "--split", "user")
    assert asked == Result(0, "wrote 3 rows to x\n")
    expected = exports.chat(
        [
            (cnaps.parse(EDITED), cnaps.parse(DAMAGED)),
            (cnaps.parse(TEXT), cnaps.parse(ANSWER)),
            (cnaps.parse(TEXT), cnaps.parse(OLD_ANSWER)),
        ],
        split="user",
    )
    assert rows("x") == list(expected.rows)


def test_a_prompt_with_several_answers_makes_several_rows(run: Run) -> None:
    write({"q.txt": TEXT, "q_answer.txt": ANSWER, "old_answers/Q_Answer.txt": OLD_ANSWER})
    options = ["--to", "chat", "--split", "user"]
    assert run("convert", ".", "x", *options) == Result(0, "wrote 2 rows to x\n")
    expected = exports.chat([(PROMPT, cnaps.parse(a)) for a in (OLD_ANSWER, ANSWER)], split="user")
    assert rows("x") == list(expected.rows)


def test_and_one_that_cannot_be_read_is_told_once(run: Run) -> None:
    write({"q.txt": NEITHER, "a/q_answer.txt": ANSWER, "b/q_answer.txt": ANSWER})
    status, out, err = run("convert", ".", "x", "--to", "chat", "--split", "user")
    assert (status, out) == (1, "")
    assert err.count("q.txt:1:1: error neither a prompt nor an answer") == 1


def test_every_file_that_is_in_no_row_is_told_with_the_reason(run: Run) -> None:
    other = cnaps.PromptSpec(cnaps.Question("How many pears?"), PROMPT.models)
    invented = ANSWER.replace("OrchardEye", "Pear-Net")
    write(
        {
            "01.txt": TEXT,
            "01_answer.txt": ANSWER,
            "02.txt": TEXT,
            "03_answer.txt": ANSWER,
            "04.txt": TEXT,
            "04_answer.txt": ANSWER,
            "04-answer.txt": ANSWER,
            "05.txt": NEITHER,
            "05_answer.txt": ANSWER,
            "06.txt": TEXT,
            "06_answer.txt": cnaps.render(cnaps.answer_for(other)),
            "07.txt": TEXT,
            "07_answer.txt": invented,
            "08.txt": TEXT,
            "08_answer.txt": ANSWER.replace("subtle", "donâ€™t"),
            "09.txt": TEXT.replace("You are an AI", "You are a"),
            "09_answer.txt": ANSWER,
            "10.txt": TEXT,
            "10_answer.txt": TEXT,
        }
    )
    status, out, err = run("convert", ".", "x.jsonl", "--to", "chat", "--split", "question")
    assert (status, out) == (1, "wrote 1 row to x.jsonl, 11 refused\n")
    several = "error prompts of its name: 1, answers: 2"
    told = [line for line in err.split("\n") if ".txt" in line]
    wording = "error the wording around the question of the prompt is not as generated"
    damage = "error the answer holds encoding damage that cannot be undone"
    unknown = "error the answer refers to 'Pear-Net' as the prompt does not"
    assert told == [
        "02.txt: error there is no answer that belongs to it",
        "03_answer.txt: error there is no prompt that it belongs to",
        f"04-answer.txt: {several}",
        f"04.txt: {several}",
        f"04_answer.txt: {several}",
        "05.txt:1:1: error neither a prompt nor an answer; answer-2 comes nearest",
        "06_answer.txt: error the answer is to another question; the prompt is 06.txt",
        f"07_answer.txt: {unknown}; the prompt is 07.txt",
        f"08_answer.txt: {damage}; the prompt is 08.txt",
        f"09_answer.txt: {wording}; the prompt is 09.txt",
        "10_answer.txt: error the answer is a prompt; the prompt is 10.txt",
    ]
    assert len(rows("x.jsonl")) == 1


def test_a_half_that_cannot_be_read_makes_the_exit_status(run: Run) -> None:
    write({"a.txt": TEXT, "b_answer.txt": ANSWER})
    options = ["--to", "chat", "--split", "user"]
    assert run(
        "convert", "a.txt", "a_answer.txt", "b.txt", "b_answer.txt", "x", *options
    ) == Result(
        2, "wrote nothing, 2 refused\n", f"a_answer.txt: {NO_SUCH_FILE}b.txt: {NO_SUCH_FILE}"
    )


def test_records_without_names_and_parts_are_no_halves(run: Run) -> None:
    jsonl.dump([PROMPT, ANSWER_VALUE], "all.jsonl")
    write({"q.json": json.dumps(PROMPT.question), "q_answer.json": json.dumps(ANSWER_VALUE)})
    options = ["--to", "chat", "--split", "user"]
    assert run("convert", "all.jsonl", "q.json", "q_answer.json", "x", *options) == Result(
        1,
        "wrote nothing, 2 refused\n",
        "all.jsonl: error its records have no names that would tell which of them are pairs\n"
        "q.json: error it holds a Question, which is only part of a file\n",
    )
