"""The command as a whole: usage, streams, exit status, and what it needs."""

from __future__ import annotations

import gc
import io
import os
import re
import runpy
import subprocess
import sys
from contextlib import redirect_stdout
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest

import cnaps
from cnaps.cli import main
from cnaps.dialects import DIALECTS
from tests.cli.conftest import Result, Run, Terminal
from tests.cli.samples import ANSWER, EDITED, TEXT

needs_extra = pytest.mark.skipif(
    find_spec("cyclopts") is None or find_spec("rich") is None, reason="needs the extra cli"
)
needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")


def process(*arguments: str, stdout: int = subprocess.PIPE, encoding: str = "") -> Result:
    """Run the command in a process of its own."""
    ran = subprocess.run(
        [sys.executable, "-m", "cnaps.cli", *arguments],
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "PYTHONIOENCODING": encoding,
        },
        check=False,
    )
    return Result(ran.returncode, (ran.stdout or b"").decode(), ran.stderr.decode())


# --- without the extra ----------------------------------------------------------------------------


@pytest.mark.parametrize("missing", ["cyclopts", "rich"])
def test_without_the_extra_it_says_how_to_install_it(
    missing: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.startswith("cnaps.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name.partition(".")[0] == missing]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    assert main(["check", "."]) == 2
    assert capsys.readouterr() == (
        "",
        "cnaps: this command needs an extra: python -m pip install 'cnaps[cli]'\n",
    )


def test_another_missing_module_is_not_taken_for_the_extra(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "cnaps.cli.app", None)
    with pytest.raises(ModuleNotFoundError, match=r"cnaps\.cli\.app"):
        main([])


# --- usage ----------------------------------------------------------------------------------------


@needs_extra
def test_help_tells_the_commands_and_the_exit_status(run: Run) -> None:
    status, out, err = run("--help")
    assert (status, err) == (0, "")
    assert run() == (0, out, "")
    assert "Usage: cnaps COMMAND\n" in out
    assert "Exit status: 0 all is well, 1 there are findings, 2 " in out
    assert max(map(len, out.splitlines())) <= 100
    for command in ("check", "fix", "convert", "answer", "links", "show"):
        assert f"│ {command} " in out
        status, details, _ = run(command, "--help")
        assert status == 0
        assert f"Usage: cnaps {command} " in details


@needs_extra
@pytest.mark.parametrize("command", ["check", "fix", "convert", "answer", "links", "show"])
def test_help_fills_the_lines_of_a_terminal(run_in_terminal: Run, command: str) -> None:
    out = re.sub(r"\x1b\[[\d;]*m", "", run_in_terminal(command, "--help").out)
    lines = [line.rstrip() for line in out.partition("╭")[0].splitlines()]
    for line, following in pairwise(lines):
        if line and following:  # of one paragraph
            assert len(f"{line} {following.split()[0]}") > 80


@needs_extra
def test_version(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(vars(cnaps), "__version__", "1.2.3")
    assert run("--version") == Result(0, "cnaps 1.2.3\n")


@needs_extra
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["check"], 'Command "check" parameter PATH requires an argument.'),
        (["fix"], 'Command "fix" parameter PATH requires an argument.'),
        (["show"], 'Command "show" parameter FILE requires an argument.'),
        (["convert"], 'Command "convert" parameter IN… OUT requires an argument.'),
        (["answer"], 'Command "answer" parameter PROMPT requires an argument.'),
        (["show", "a", "b"], "Unused Tokens: ['b']."),
        (["check", "a", "--format", "xml"], 'Invalid value "xml" for --format.'),
        (["check", "a", "--no\x1b[2J"], r"Unknown option: --no\x1b[2J."),
        (["chekc", "a"], 'Unknown command "chekc". Did you mean "check"?'),
        (["fix", "--no-diff", "a"], "Unknown option: --no-diff."),
    ],
)
def test_wrong_usage_is_told_on_stderr(run: Run, arguments: list[str], message: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    first, second = err.splitlines()
    assert first.startswith(f"cnaps: {message}")
    assert second == "cnaps: try 'cnaps --help'"


@needs_extra
def test_a_path_may_look_like_an_option(run: Run) -> None:
    Path("--diff.txt").write_bytes(TEXT.encode())
    assert run("check", "--", "--diff.txt").status == 0


@needs_extra
@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "a.txt", "--select", "CN1", "b.txt"),
        ("check", "a.txt", "--fix", "b.txt"),
        ("fix", "a.txt", "--diff", "b.txt"),
        ("answer", "a.txt", "--output-dir", "out", "b.txt"),
        ("convert", "a.txt", "--to", "jsonl", "b.txt", "both.jsonl"),
    ],
)
def test_options_may_stand_between_paths(run: Run, arguments: tuple[str, ...]) -> None:
    for name in ("a.txt", "b.txt"):
        Path(name).write_bytes(TEXT.encode())
    status, _, err = run(*arguments)
    assert status == 0, err


@needs_extra
def test_every_dialect_can_be_chosen() -> None:
    from cnaps.cli.commands import AnswerDialect, AnyDialect

    assert {*get_args(AnyDialect)} == DIALECTS.keys()
    answers = {name for name, dialect in DIALECTS.items() if dialect.kind == "answer"}
    assert {*get_args(AnswerDialect)} == answers


# --- streams --------------------------------------------------------------------------------------


@needs_extra
def test_a_terminal_gets_colour_unless_it_is_not_wanted(
    run_in_terminal: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("prompt.txt").write_bytes(EDITED.encode())
    assert re.search(r"\x1b\[33m *deviates *\x1b\[0m", run_in_terminal("check", ".").out)
    monkeypatch.setenv("NO_COLOR", "1")
    for command in (["check", "."], ["show", "prompt.txt"], ["check", "gone.txt"]):
        result = run_in_terminal(*command)
        assert "\x1b" not in result.out + result.err


@needs_extra
def test_a_table_fits_the_terminal_and_names_are_folded(run_in_terminal: Run) -> None:
    name = f"{'apple-' * 10}tree.txt"
    Path(name).write_bytes(TEXT.encode())
    out = run_in_terminal("check", ".").out
    table = out.partition("\n\n")[0].splitlines()[2:]
    assert max(map(len, table)) <= 80
    assert "".join(line.split(" ")[0] for line in table) == name


@needs_extra
def test_many_files_have_a_progress_bar_in_a_terminal_only(run: Run, run_in_terminal: Run) -> None:
    Path("few").mkdir()
    Path("many").mkdir()
    for number in range(50):
        Path(f"many/{number}.txt").write_bytes(TEXT.encode())
    Path("few/1.txt").write_bytes(TEXT.encode())
    assert "Reading" in run_in_terminal("check", "many").err
    assert run_in_terminal("check", "few").err == ""
    assert run("check", "many").err == ""


@needs_extra
def test_output_that_cannot_be_written_is_an_error(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(Terminal):
        error: OSError = OSError(28, "No space left on device")

        def write(self, _: str) -> int:
            raise self.error

    Path("prompt.txt").write_bytes(TEXT.encode())
    monkeypatch.setattr("sys.stdout", Full())
    for command in (["check", "."], ["check", ".", "--format", "json"], ["answer", "prompt.txt"]):
        assert main(command) == 2
        assert capsys.readouterr().err == (
            "cnaps: cannot write the output: No space left on device\n"
        )
    monkeypatch.setattr(Full, "error", BrokenPipeError(32, "Broken pipe"))
    assert main(["check", "."]) == 2
    monkeypatch.setattr("sys.stderr", Full())
    assert main(["check", "--bogus"]) == 2
    assert capsys.readouterr().err == ""


@needs_extra
def test_it_runs_without_streams(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    assert main(["check", "prompt.txt"]) == 0
    assert main(["check", "gone.txt"]) == 2


@needs_extra
def test_only_a_process_of_its_own_is_tuned(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = gc.get_threshold()
    try:
        assert main(["--version"]) == 0
        assert gc.get_threshold() == before
        monkeypatch.setattr("sys.argv", ["cnaps", "--version"])
        assert main() == 0
        assert gc.get_threshold()[0] > before[0]
    finally:
        gc.set_threshold(*before)
    assert capsys.readouterr().out == f"cnaps {cnaps.__version__}\n" * 2


@needs_extra
def test_stdout_may_be_replaced_by_text_in_memory(folder: Path) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    with redirect_stdout(io.StringIO()) as out:
        assert main(["answer", "prompt.txt"]) == 0
    assert out.getvalue() == ANSWER


@needs_extra
@needs_posix
def test_what_a_closed_pipe_did_not_take_is_dropped(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        monkeypatch.setattr("sys.stdout", stream)
        assert main(["check", "."]) == 2


@needs_extra
def test_it_runs_as_a_module(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "cnaps.cli.__main__", raising=False)
    monkeypatch.setattr("sys.argv", ["cnaps", "check", "gone.txt"])
    with pytest.raises(SystemExit) as exit_:
        runpy.run_module("cnaps.cli", run_name="__main__")
    assert exit_.value.code == 2
    import_module("cnaps.cli.__main__")  # does nothing


# --- processes ------------------------------------------------------------------------------------


@needs_extra
def test_an_answer_is_written_to_a_pipe_to_the_byte(folder: Path) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    for encoding in ("ascii", "utf-16"):
        assert process("answer", "prompt.txt", encoding=encoding) == Result(0, ANSWER)


@needs_extra
@pytest.mark.parametrize("to", ["json", "sarif", "github", "junit"])
def test_a_report_for_programs_is_utf_8_wherever_it_goes(folder: Path, to: str) -> None:
    Path("ö.txt").write_bytes(EDITED.replace("apples", "äpples").encode())
    reports = [
        process("check", ".", "--format", to, encoding=encoding)
        for encoding in ("utf-8", "ascii", "latin-1", "utf-16")
    ]
    assert reports[0].status == 1
    assert reports == reports[:1] * 4


@needs_extra
def test_output_in_another_encoding_is_escaped(folder: Path) -> None:
    Path("ö.txt").write_bytes(TEXT.encode())
    Path("prompt.txt").write_bytes(EDITED.replace("apples", "äpples").encode())
    status, out, err = process("check", ".", encoding="ascii")
    assert (status, err) == (1, "")
    assert "\n-------------" in out
    assert "\n\\xf6.txt " in out
    assert "4 | How many \\xe4pples hang" in out


@needs_extra
@needs_posix
def test_a_closed_pipe_ends_it_quietly(folder: Path) -> None:
    for number in range(500):
        Path(f"{number}.txt").write_bytes(EDITED.encode())
    for arguments in (["check", "."], ["check", ".", "--format", "json"], ["answer", "1.txt"]):
        reading, writing = os.pipe()
        os.close(reading)
        result = process(*arguments, stdout=writing)
        os.close(writing)
        assert result == Result(2)


@needs_extra
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device")
def test_a_full_disk_is_told(folder: Path) -> None:
    Path("prompt.txt").write_bytes(TEXT.encode())
    for arguments in (["check", "."], ["answer", "prompt.txt"], ["--help"]):
        full = os.open("/dev/full", os.O_WRONLY)
        result = process(*arguments, stdout=full)
        os.close(full)
        assert result == Result(2, err="cnaps: cannot write the output: No space left on device\n")


@needs_extra
def test_a_name_that_starts_with_a_bracket_is_a_name(run: Run) -> None:
    for name in ("[red]x.txt", '["a"]'):
        assert run("show", name) == Result(2, err=f"{name}: error No such file or directory\n")
        assert run("check", name).status == 2
