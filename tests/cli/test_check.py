"""`cnaps check`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from textwrap import dedent

import pytest

import cnaps
from cnaps.cli.report import report_of, summary
from tests.cli.conftest import Result, Run
from tests.cli.samples import ANSWER, DAMAGED, EDITED, NEITHER, OLD_ANSWER, TEXT

pytest.importorskip("cyclopts")


ITS_PROMPT = "if a model wrote it in words of its own, --prompt names its prompt"


def printed(text: str) -> str:
    return dedent(text).lstrip("\n")


def write(**files: str) -> None:
    for name, text in files.items():
        Path(f"{name}.txt").write_bytes(text.encode())


def parse_error(name: str) -> cnaps.ParseError:
    with pytest.raises(cnaps.ParseError) as caught:
        cnaps.read(name)
    return caught.value


def test_clean_files_are_a_table_and_a_summary(run: Run) -> None:
    write(prompt=TEXT, answer=ANSWER, old=OLD_ANSWER)
    assert run("check", ".", "--ignore", "CN405") == Result(
        0,
        printed("""
            File        Kind    Dialect   Wording  Damage  Entries  Diagnostics
            ───────────────────────────────────────────────────────────────────
            answer.txt  answer  answer-2  exact    -             3            0
            old.txt     answer  answer-1  exact    -             3            0
            prompt.txt  prompt  prompt-1  exact    -             3            0

            3 files: 3 clean
        """),
    )


def test_large_numbers_are_written_alike() -> None:
    path, doc = Path("answer.txt"), cnaps.parse(DAMAGED)
    reports = [report_of(path, doc, found) for found in ((), doc.diagnostics)]
    assert summary(reports * 1_234) == ("2,468 files: 1,234 clean, 1,234 with 1,234 diagnostics")


def test_damage_is_a_finding(run: Run) -> None:
    write(answer=DAMAGED)
    assert run("check", "answer.txt") == Result(
        1,
        printed("""
            File        Kind    Dialect   Wording  Damage        Entries  Diagnostics
            ─────────────────────────────────────────────────────────────────────────
            answer.txt  answer  answer-2  exact    windows-1252        3            1

            answer.txt:1:1: warning CN001 this UTF-8 was read as windows-1252 and saved again
              1 | 🧠 **User Question:**
                | ^^
              fix: undo the damage

            1 file: 0 clean, 1 with 1 diagnostic
            1 fixable with --fix
        """),
    )


def test_each_diagnostic_has_its_place_and_the_line_it_is_about(run: Run) -> None:
    write(prompt=EDITED)
    assert run("check", "prompt.txt") == Result(
        1,
        printed("""
            File        Kind    Dialect   Wording   Damage  Entries  Diagnostics
            ────────────────────────────────────────────────────────────────────
            prompt.txt  prompt  prompt-1  deviates  -             3            2

            prompt.txt:4:1: warning CN106 the question does not stand in quotation marks
              4 | How many apples hang on a tree in one photo?
                | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
            prompt.txt:26:1: warning CN103 no field of this format has this name
              26 | Stars: 12
                 | ^^^^^^^^^

            1 file: 0 clean, 1 with 2 diagnostics
        """),
    )


def test_a_file_of_another_kind_is_an_error_in_the_report(run: Run) -> None:
    write(letter=NEITHER, prompt=TEXT)
    error = parse_error("letter.txt")
    assert run("check", "letter.txt", "prompt.txt") == Result(
        1,
        printed(f"""
            File        Kind    Dialect   Wording  Damage  Entries  Diagnostics
            ───────────────────────────────────────────────────────────────────
            letter.txt  error   -         -        -             -            -
            prompt.txt  prompt  prompt-1  exact    -             3            0

            letter.txt:1:1: error {error.reason}
              1 | Dear all,
                | ^ expected {error.expected!r}
              hint: {error.hint}; {ITS_PROMPT}

            2 files: 1 clean, 1 error
        """),
    )


def test_a_missing_file_does_not_end_the_run(run: Run) -> None:
    write(prompt=TEXT)
    assert run("check", "no/such.txt", "prompt.txt") == Result(
        2,
        printed("""
            File         Kind    Dialect   Wording  Damage  Entries  Diagnostics
            ────────────────────────────────────────────────────────────────────
            no/such.txt  error   -         -        -             -            -
            prompt.txt   prompt  prompt-1  exact    -             3            0

            no/such.txt: error No such file or directory

            2 files: 1 clean, 1 error
        """),
    )


def test_bytes_that_are_no_text_are_shown_where_they_are(run: Run) -> None:
    Path("raw.txt").write_bytes(b"You\xff are\n")
    status, out, _ = run("check", "raw.txt")
    assert status == 1
    assert "raw.txt:1:4: error byte 0xff at offset 3 is not UTF-8" in out
    assert "  1 | You\\xff are\n    |    ^\n" in out


def test_an_empty_folder_is_clean(run: Run) -> None:
    assert run("check", ".") == Result(
        0, "no files: a folder stands for the *.txt files in it and in the folders below\n"
    )


def test_folders_are_read_to_the_bottom_in_order(run: Run) -> None:
    names = ["b.txt", "a/z.TXT", "a/b/c.txt", "c.md", ".hidden/x.txt", "a/.x.txt", "d.txt.bak"]
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(TEXT.encode())
    status, out, _ = run("check", "c.md", ".", "./b.txt", "a", "--format", "json")
    assert status == 0
    assert [file["path"] for file in json.loads(out)] == ["c.md", "a/b/c.txt", "a/z.TXT", "b.txt"]


@pytest.mark.skipif(sys.platform != "linux", reason="paths are shorter elsewhere")
def test_folders_may_be_as_deep_as_a_path_is_long(run: Run, folder: Path) -> None:
    write(prompt=TEXT)
    deep = folder
    for _ in range(1_200):
        deep /= "d"
        deep.mkdir()
    (deep / "q.txt").write_text(TEXT, "utf-8")
    out = run("check", ".", "--format", "summary").out
    (deep / "q.txt").unlink()
    os.removedirs(deep)  # what tidies up after tests would not get there
    assert out.endswith("2 files: 2 clean\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes")
def test_what_is_no_file_in_a_folder_is_passed_over(run: Run) -> None:
    os.mkfifo("pipe.txt")
    Path("broken.txt").symlink_to("nowhere")
    status, out, _ = run("check", ".")
    assert status == 2
    assert "broken.txt: error No such file" in out
    assert "pipe" not in out


def test_a_folder_that_cannot_be_listed_is_an_error(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    Path("locked").mkdir()
    write(prompt=TEXT)
    monkeypatch.setattr("os.scandir", refuse)
    status, out, _ = run("check", ".")
    assert status == 2
    assert "locked: error Permission denied\n" in out
    assert "2 files: 1 clean, 1 error\n" in out
    status, out, err = run("fix", "locked")
    assert (status, out) == (2, "1 file: 0 repaired\n")
    assert err == "locked: error Permission denied\n"


@pytest.mark.parametrize("output", ["text", "json"])
def test_findings_need_not_be_a_failure(run: Run, output: str) -> None:
    """`--exit-zero` is for looking; what cannot be read is a failure all the same."""
    write(damaged=DAMAGED, neither=NEITHER)
    report = run("check", ".", "--format", output)
    assert report.status == 1
    assert run("check", ".", "--format", output, "--exit-zero") == Result(0, report.out, "")
    assert run("check", "none.txt", "--format", output, "--exit-zero").status == 2


def test_json_has_the_whole_report(run: Run) -> None:
    write(answer=DAMAGED, letter=NEITHER, prompt=TEXT)
    error = parse_error("letter.txt")
    hint = f"{error.hint}; {ITS_PROMPT}"
    status, out, err = run("check", ".", "gone.txt", "--format", "json")
    assert (status, err) == (2, "")
    assert json.loads(out) == [
        {
            "path": "answer.txt",
            "kind": "answer",
            "dialect": "answer-2",
            "exact": True,
            "damage": ["windows-1252"],
            "entries": 3,
            "prompt": "prompt.txt",
            "diagnostics": [
                {
                    "code": "CN001",
                    "severity": "warning",
                    "message": "this UTF-8 was read as windows-1252 and saved again",
                    "start": 0,
                    "end": 0,
                    "line": 1,
                    "column": 1,
                    "end_line": 1,
                    "end_column": 1,
                    "fix": "undo the damage",
                    "safety": "safe",
                }
            ],
            "error": None,
        },
        {
            "path": "letter.txt",
            "kind": None,
            "dialect": None,
            "exact": None,
            "damage": [],
            "entries": None,
            "prompt": None,
            "diagnostics": [],
            "error": {"message": error.reason, "line": 1, "column": 1, "hint": hint},
        },
        {
            "path": "prompt.txt",
            "kind": "prompt",
            "dialect": "prompt-1",
            "exact": True,
            "damage": [],
            "entries": 3,
            "prompt": None,
            "diagnostics": [],
            "error": None,
        },
        {
            "path": "gone.txt",
            "kind": None,
            "dialect": None,
            "exact": None,
            "damage": [],
            "entries": None,
            "prompt": None,
            "diagnostics": [],
            "error": {
                "message": "No such file or directory",
                "line": None,
                "column": None,
                "hint": None,
            },
        },
    ]


def test_names_of_files_are_complete_however_long(run: Run) -> None:
    name = f"{'long ' * 40}.txt"
    Path(name).write_bytes(TEXT.encode())
    assert f"\n{name}  prompt " in run("check", ".").out


HOSTILE = [
    pytest.param("[red]x[bold].txt", "[red]x[bold].txt", id="markup"),
    pytest.param(":smile: {0} %s.txt", ":smile: {0} %s.txt", id="emoji"),
    pytest.param("a\x1b[2J\x07b.txt", r"a\x1b[2J\x07b.txt", id="escape sequence"),
    pytest.param("a\nb\rc.txt", r"a\nb\rc.txt", id="newline"),
    pytest.param("a\u202etxt.exe.txt", r"a\u202etxt.exe.txt", id="direction"),
    pytest.param("果物 🍎.txt", "果物 🍎.txt", id="wide"),
    pytest.param("a\udcff.txt", r"a\udcff.txt", id="not UTF-8"),
]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="no file can have such a name")
@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_is_shown_as_it_is_or_escaped(
    run: Run, run_in_terminal: Run, name: str, shown: str
) -> None:
    Path(name).write_bytes(EDITED.encode())
    for out in (run("check", ".").out, run_in_terminal("check", ".").out):
        assert shown in out
        assert "\x1b[2J" not in out
        assert "\x07" not in out
    status, out, _ = run("check", ".", "--format", "json")
    assert status == 1
    assert json.loads(out)[0]["path"] == name
    assert run("show", name).out.startswith(shown)


def test_the_content_of_a_file_is_shown_as_it_is_or_escaped(run: Run, run_in_terminal: Run) -> None:
    write(prompt=TEXT.replace("\nAnswer:", "\n[red]no\x1b[2J[/] :smile:\nAnswer:"))
    for out in (run("check", ".").out, run_in_terminal("check", ".").out):
        assert r"[red]no\x1b[2J[/] :smile:" in out
        assert "\x1b[2J" not in out


def test_many_diagnostics_in_one_line_are_found_in_one_walk(run: Run) -> None:
    write(prompt=TEXT.replace("half of the fruit", "half â€™ of " * 3000 + "fruit"))
    status, out, _ = run("check", ".")
    assert status == 1
    columns = [int(line.split(":")[2]) for line in out.splitlines() if "CN002" in line]
    assert len(columns) >= 3000
    assert columns == sorted(columns)
    assert max(map(len, out.splitlines())) < 300
