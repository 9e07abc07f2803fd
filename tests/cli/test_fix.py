"""`cnaps fix`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from cnaps.damage import apply
from tests.cli.conftest import Result, Run
from tests.cli.samples import ANSWER, DAMAGED, NEITHER, TEXT

pytest.importorskip("cyclopts")

TWICE = apply(DAMAGED, "windows-1252")


@pytest.fixture
def files(folder: Path) -> Path:
    for name, text in {"clean": ANSWER, "damaged": DAMAGED, "twice": TWICE}.items():
        Path(f"{name}.txt").write_bytes(text.encode())
    return folder


def test_damaged_files_are_repaired_and_others_left_alone(files: Path, run: Run) -> None:
    before = Path("clean.txt").stat().st_mtime_ns
    assert run("fix", ".") == Result(
        0,
        "repaired damaged.txt (windows-1252)\n"
        "repaired twice.txt (windows-1252 x2)\n"
        "3 files: 2 repaired\n",
    )
    assert {path.read_text(encoding="utf-8") for path in files.iterdir()} == {ANSWER}
    assert Path("clean.txt").stat().st_mtime_ns == before
    assert run("check", ".").status == 0


def test_diff_shows_the_repair_and_writes_nothing(files: Path, run: Run) -> None:
    sentences = [f" {line}" for line in ANSWER.split("\n")[14:17]]
    diff = [
        "--- damaged.txt",
        "+++ damaged.txt",
        "@@ -1,4 +1,4 @@",
        "-ðŸ§\\xa0 **User Question:**  ",
        "+🧠 **User Question:**  ",
        ' "How many apples hang on a tree in one photo?"',
        " ",
        " ---",
        "@@ -11,7 +11,7 @@",
        " ",
        " ### 2. How does the model work in a CNAPS AI-like workflow?",
        " ",
        "-**Input â†’ Model â†’ Output**  ",
        "+**Input → Model → Output**  ",
        *sentences,
        "@@ -23,10 +23,10 @@",
        " - **Model**: OrchardEye",
        "   - Paper: None",
        "   - GitHub: https://github.com/example/orchard-eye",
        "-- **Model**: Counting fruit â†’ from afar",
        "+- **Model**: Counting fruit → from afar",
        "   - Paper: https://example.org/fruit.pdf",
        "   - GitHub: None",
        "-- **Model**: Light â€™nâ€™ leaves",
        "+- **Model**: Light ’n’ leaves",
        "   - Paper: https://example.org/leaves.pdf",
        "   - GitHub: None",
        " ",
        "",
    ]
    assert run("fix", "--diff", "damaged.txt", "clean.txt") == Result(
        1, "\n".join(diff), "2 files: 1 to repair\n"
    )
    assert Path("damaged.txt").read_text(encoding="utf-8") == DAMAGED


def test_a_diff_is_coloured_in_a_terminal(files: Path, run_in_terminal: Run) -> None:
    out = run_in_terminal("fix", "--diff", "damaged.txt").out
    assert "\x1b[31m-ðŸ§\\xa0 **User Question:**" in out
    assert "\x1b[32m+🧠 **User Question:**" in out


def test_a_mark_and_line_ends_stay(run: Run) -> None:
    path = Path("marked.txt")
    path.write_bytes(("\ufeff" + DAMAGED.replace("\n", "\r\n")).encode())
    first = run("fix", "--diff", "marked.txt").out.splitlines()[3]
    assert first == "-\\ufeffðŸ§\\xa0 **User Question:**  "
    assert run("fix", "marked.txt").status == 0
    assert path.read_bytes() == ("\ufeff" + ANSWER.replace("\n", "\r\n")).encode()


def test_nothing_to_repair_is_clean(run: Run) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    assert run("fix", ".") == Result(0, "1 file: 0 repaired\n")
    assert run("fix", "--diff", ".") == Result(0, err="1 file: 0 to repair\n")


def test_other_files_are_told_and_do_not_end_the_run(files: Path, run: Run) -> None:
    Path("a-letter.txt").write_text(NEITHER, encoding="utf-8")
    status, out, err = run("fix", "a-letter.txt", "damaged.txt")
    assert (status, out) == (1, "repaired damaged.txt (windows-1252)\n2 files: 1 repaired\n")
    assert err.startswith("a-letter.txt:1:1: error neither a prompt nor an answer")
    status, out, err = run("fix", "gone.txt", "a-letter.txt", "twice.txt")
    assert (status, out) == (2, "repaired twice.txt (windows-1252 x2)\n3 files: 1 repaired\n")
    assert err.startswith("gone.txt: error No such file or directory\na-letter.txt:1:1: error ")


def test_a_file_that_cannot_be_written_stays_and_is_told(
    files: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.fsync", refuse)
    assert run("fix", "damaged.txt", "clean.txt") == Result(
        2, "2 files: 0 repaired\n", "damaged.txt: error Permission denied\n"
    )
    assert Path("damaged.txt").read_text(encoding="utf-8") == DAMAGED


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are of another kind")
def test_permissions_stay(files: Path, run: Run) -> None:
    os.chmod("damaged.txt", 0o640)  # noqa: PTH101
    assert run("fix", "damaged.txt").status == 0
    assert Path("damaged.txt").stat().st_mode & 0o777 == 0o640
