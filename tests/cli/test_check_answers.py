"""`cnaps check` of answers: pairs, fixes, known findings, and reports for other programs."""

from __future__ import annotations

import json
from pathlib import Path
from textwrap import dedent
from typing import Any
from xml.etree import ElementTree as ET

import pytest

import cnaps
from tests.cli.conftest import Result, Run
from tests.cli.samples import ANSWER, DAMAGED, PROMPT, TEXT

pytest.importorskip("cyclopts")

REPLY = """\
Here is what the models do.

## Task

Count the apples with OrchardEye[cite: 1].

## Papers

- [OrchardEye](https://github.com/example/orchard-eye)
- [Counting fruit → from afar](https://example.org/fruits.pdf)
- [Attention](https://arxiv.org/abs/1706.03762)
"""
OTHER = cnaps.render(
    cnaps.PromptSpec(
        cnaps.Question("Which attention?"),
        (cnaps.ModelRef("Transformer", "https://arxiv.org/abs/1706.03762"),),
    )
)


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(text.encode())


def codes(run: Run, *arguments: str) -> dict[str, list[str]]:
    """The codes of what was found, by file."""
    reports = json.loads(run("check", *arguments, "--format", "json").out)
    return {
        report["path"]: [found["code"] for found in report["diagnostics"]] for report in reports
    }


class TestPairs:
    def test_an_answer_is_checked_against_the_prompt_of_its_name(self, run: Run) -> None:
        write({"q1.txt": TEXT, "q1_answer.txt": REPLY, "q2.txt": OTHER, "q2_answer.txt": REPLY})
        found = codes(run, ".", "--select", "CN301,CN302,CN303,CN307")
        assert found["q1_answer.txt"] == ["CN303", "CN302"]
        assert found["q2_answer.txt"] == ["CN302", "CN301", "CN307"]

    def test_everything_is_told_where_it_is(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        assert run("check", ".", "--select", "CN301,CN501") == Result(
            1,
            dedent("""
                File          Kind      Dialect   Wording  Damage  Entries  Diagnostics
                ───────────────────────────────────────────────────────────────────────
                q.txt         prompt    prompt-1  exact    -             3            0
                q_answer.txt  response  response  -        -             -            2

                q_answer.txt:5:33: warning CN501 a mark of a provider: '[cite: 1]'
                  5 | Count the apples with OrchardEye[cite: 1].
                    |                                 ^^^^^^^^^
                  fix: take it out
                q_answer.txt:11:15: error CN301 nobody offers this link
                  11 | - [Attention](https://arxiv.org/abs/1706.03762)
                     |               ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

                2 files: 1 clean, 1 with 2 diagnostics
                1 fixable with --fix
            """).lstrip(),
        )

    def test_unsafe_fixes_are_told_apart(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        out = run("check", ".", "--select", "CN303,CN501").out
        assert "\n  fix: write the link that was given (unsafe)\n" in out
        assert out.endswith("\n1 fixable with --fix, 1 more with --unsafe-fixes\n")
        out = run("check", ".", "--select", "CN303").out
        assert out.endswith("\n1 fixable with --unsafe-fixes\n")

    def test_a_prompt_can_be_named(self, run: Run) -> None:
        write({"prompts/a.txt": TEXT, "reply.md": REPLY, "exact.txt": ANSWER})
        found = codes(run, "--prompt", "prompts/a.txt", "reply.md", "exact.txt", "--select", "CN3")
        assert "CN301" in found["reply.md"]
        assert found["exact.txt"] == []

    @pytest.mark.parametrize("prompt", ["a.txt", "{folder}/a.txt", "../{folder.name}/a.txt"])
    def test_the_prompt_that_is_named_can_be_among_the_files(
        self, run: Run, folder: Path, prompt: str
    ) -> None:
        write({"a.txt": TEXT, "b.txt": ANSWER})
        found = codes(run, ".", "--prompt", prompt.format(folder=folder))
        assert found == {"a.txt": [], "b.txt": []}

    @pytest.mark.parametrize("prompt", ["gone.txt", "q_answer.txt"])
    def test_what_is_no_prompt_is_wrong_usage(self, run: Run, prompt: str) -> None:
        write({"q_answer.txt": ANSWER})
        status, out, err = run("check", "--prompt", prompt, "q_answer.txt")
        assert (status, out) == (2, "")
        assert err.startswith(f"cnaps: {prompt}: ")

    def test_odd_names_and_files_alone_are_told(self, run: Run) -> None:
        write({"Query1.txt": TEXT, "query1_Answertxt.txt": ANSWER, "Query2.txt": TEXT})
        assert codes(run, ".") == {
            "Query1.txt": [],
            "Query2.txt": ["CN405"],
            "query1_Answertxt.txt": ["CN404"],
        }

    def test_the_odd_name_of_a_folder_is_told_by_one_file_in_it(self, run: Run) -> None:
        write(
            {
                "prompts/Rain∗/q1.txt": TEXT,
                "prompts/Rain∗/q2.txt": TEXT,
                "answers/RainΓêù/q1_anwser.txt": ANSWER,
                "answers/RainΓêù/q2_answer.txt": ANSWER,
            }
        )
        status, out, _ = run("check", ".", "--select", "CN404", "--format", "github")
        assert status == 0
        found = [(line.split(",")[1], line.rpartition("::")[2]) for line in out.splitlines()]
        reason = "the name of its folder, RainΓêù, is UTF-8 that was read as cp437"
        assert found == [
            (
                "file=answers/RainΓêù/q1_anwser.txt",
                "a typo in 'anwser'; it would be q1_answer.txt",
            ),
            ("file=answers/RainΓêù/q2_answer.txt", f"{reason}; it would be Rain∗"),
        ]

    def test_a_response_without_a_prompt_is_an_error(self, run: Run) -> None:
        write({"reply.txt": REPLY})
        status, out, _ = run("check", "reply.txt")
        assert status == 1
        assert "reply.txt:1:1: error neither a prompt nor an answer" in out
        hint = "; if a model wrote it in words of its own, --prompt names its prompt\n"
        assert hint in out

    @pytest.mark.parametrize(
        ("collection", "code"),
        [
            ([], "CN301"),
            (["--collection", "others"], "CN302"),
            (["--collection", "others/sub/b.txt", "--collection", "a.txt"], "CN302"),
            (["--collection", "a.txt", "--collection", "reply.md"], "CN301"),
        ],
    )
    def test_what_other_prompts_offer_is_borrowed(
        self, run: Run, collection: list[str], code: str
    ) -> None:
        write({"a.txt": TEXT, "reply.md": REPLY, "others/sub/b.txt": OTHER, "others/c.txt": "Hi."})
        arguments = ["--prompt", "a.txt", *collection, "reply.md", "--select", "CN301,CN302"]
        assert codes(run, *arguments) == {"reply.md": [code]}

    def test_a_prompt_that_is_taken_for_an_answer_is_of_the_collection_too(self, run: Run) -> None:
        write({"a.txt": TEXT, "b.txt": OTHER, "reply.txt": REPLY})
        arguments = [".", "--prompt", "a.txt", "--select", "CN301,CN302"]
        assert codes(run, *arguments)["reply.txt"] == ["CN301"]
        assert codes(run, *arguments, "--collection", ".")["reply.txt"] == ["CN302"]

    @pytest.mark.parametrize("collection", [".", "{folder}", "../{folder.name}"])
    def test_the_folder_that_is_checked_can_be_the_collection_by_any_path(
        self, run: Run, folder: Path, collection: str
    ) -> None:
        write({"q1.txt": TEXT, "q2.txt": OTHER, "q2_answer.txt": ANSWER})
        arguments = [".", "--collection", collection.format(folder=folder), "--select", "CN402"]
        _, out, _ = run("check", *arguments)
        assert "error CN402 this is the question of q1.txt\n" in out
        assert out.endswith("\n3 files: 2 clean, 1 with 1 diagnostic\n")

    def test_a_collection_counts_beside_the_prompts_that_are_checked(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY, "others/b.txt": OTHER})
        arguments = ["q.txt", "q_answer.txt", "--select", "CN301,CN302"]
        assert codes(run, *arguments)["q_answer.txt"] == ["CN301"]
        assert codes(run, *arguments, "--collection", ".")["q_answer.txt"] == ["CN302"]

    @pytest.mark.parametrize("paths", [["."], [".", "gone"], [".", "--collection", "gone"]])
    def test_what_of_a_collection_cannot_be_read_is_told_once(
        self, run: Run, paths: list[str]
    ) -> None:
        write({"q.txt": TEXT, "q_answer.txt": ANSWER})
        status, out, _ = run("check", *paths, "--collection", "gone")
        assert status == 2
        assert out.count("\ngone: error No such file or directory\n") == 1
        assert "\n3 files: 2 clean, 1 error\n" in out

    @pytest.mark.parametrize("name", ["gone.txt", "q_answer.txt"])
    def test_what_is_checked_as_well_is_told_once(self, run: Run, name: str) -> None:
        write({"q.txt": TEXT})
        out = run("check", "q.txt", name, "--collection", name).out
        assert out.endswith("\n2 files: 1 clean, 1 error\n")

    def test_a_prompt_that_cannot_be_read_leaves_its_answer_alone(self, run: Run) -> None:
        write({"q.txt": "Dear all,\n", "q_answer.txt": ANSWER})
        status, out, _ = run("check", ".")
        assert status == 1
        assert "2 files: 1 clean, 1 error\n" in out

    def test_information_is_no_failure(self, run: Run) -> None:
        write(
            {
                "q.txt": TEXT.replace(
                    "https://example.org/leaves.pdf", "http://arxiv.org/pdf/2102.02808v1"
                )
            }
        )
        status, out, _ = run("check", "q.txt")
        assert status == 0
        assert "info CN201" in out
        assert out.endswith(
            "  fix: use https\n\n1 file: 0 clean, 1 with 1 diagnostic\n1 fixable with --fix\n"
        )


class TestFixes:
    def test_safe_fixes_are_made(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY, "d.txt": DAMAGED})
        status, out, _ = run("check", ".", "--fix")
        assert status == 1
        assert out.startswith("fixed d.txt (1 diagnostic)\nfixed q_answer.txt (1 diagnostic)\n")
        assert Path("d.txt").read_bytes() == ANSWER.encode()
        assert Path("q_answer.txt").read_bytes() == REPLY.replace("[cite: 1]", "").encode()
        before = Path("q_answer.txt").stat().st_mtime_ns
        assert "fixed" not in run("check", ".", "--fix").out
        assert Path("q_answer.txt").stat().st_mtime_ns == before

    def test_unsafe_ones_are_asked_for(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        run("check", ".", "--unsafe-fixes", "--select", "CN303")
        assert (
            Path("q_answer.txt").read_bytes() == REPLY.replace("fruits.pdf", "fruit.pdf").encode()
        )

    def test_prompts_are_fixed_first_and_answers_follow(self, run: Run) -> None:
        old, new = "http://arxiv.org/pdf/2102.02808v1", "https://arxiv.org/pdf/2102.02808v1"
        prompt = TEXT.replace("https://example.org/leaves.pdf", old)
        answer = ANSWER.replace("https://example.org/leaves.pdf", old)
        write({"q.txt": prompt, "q_answer.txt": answer})
        status, out, _ = run("check", ".", "--fix")
        assert status == 0
        assert out.endswith("2 files: 2 clean\n")
        assert Path("q.txt").read_bytes() == prompt.replace(old, new).encode()
        assert Path("q_answer.txt").read_bytes() == answer.replace(old, new).encode()

    def test_a_diff_writes_nothing(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        assert run("check", ".", "--diff") == Result(
            1,
            dedent("""
                --- q_answer.txt
                +++ q_answer.txt
                @@ -2,7 +2,7 @@

                 ## Task

                -Count the apples with OrchardEye[cite: 1].
                +Count the apples with OrchardEye.

                 ## Papers

            """)
            .lstrip()
            .replace("\n\n", "\n \n"),
            "2 files: 1 to fix\n",
        )
        assert Path("q_answer.txt").read_bytes() == REPLY.encode()
        write({"q_answer.txt": ANSWER})
        assert run("check", ".", "--diff") == Result(0, "", "2 files: 0 to fix\n")

    def test_a_diff_can_have_other_lines(self, run: Run) -> None:
        fenced = f"```markdown\n{REPLY}```\n"
        write({"q.txt": TEXT, "q_answer.txt": fenced})
        _, out, _ = run("check", ".", "--diff", "--unsafe-fixes", "--select", "CN504")
        assert "-```markdown\n" in out

    def test_a_diff_of_line_ends_alone_is_said_in_words(self, run: Run) -> None:
        write({"q.txt": TEXT.replace("\n", "\r\n", 3)})
        said = "q.txt: only line ends would change\n"
        assert run("check", "q.txt", "--diff") == Result(1, said, "1 file: 1 to fix\n")

    def test_a_diff_tells_which_files_cannot_be_read(self, run: Run) -> None:
        failure = "no.txt: error No such file or directory\n"
        assert run("check", "no.txt", "--diff") == Result(2, "", f"1 file: 0 to fix\n{failure}")

    def test_a_report_stays_one(self, run: Run) -> None:
        write({"d.txt": DAMAGED})
        status, out, err = run("check", "d.txt", "--fix", "--format", "json")
        assert (status, err) == (0, "fixed d.txt (1 diagnostic)\n")
        assert json.loads(out)[0]["diagnostics"] == []

    def test_what_cannot_be_written_is_told(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied", "d.txt")

        write({"d.txt": DAMAGED})
        monkeypatch.setattr("cnaps._files.os.open", refuse)
        status, out, _ = run("check", "d.txt", "--fix")
        assert status == 2
        assert "d.txt: error not fixed: Permission denied\n" in out

    def test_what_somebody_else_wrote_meanwhile_stays(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def edit_and_fix(*arguments: Any, **options: Any) -> cnaps.Fixed:
            write({"d.txt": OTHER})
            return cnaps.fix(*arguments, **options)

        write({"d.txt": DAMAGED})
        monkeypatch.setattr("cnaps.cli.check.fix", edit_and_fix)
        status, out, _ = run("check", "d.txt", "--fix")
        assert status == 2
        assert "d.txt: error not fixed: it was changed while it was checked\n" in out
        assert Path("d.txt").read_text("utf-8") == OTHER

    def test_a_file_by_two_names_is_fixed_once(self, run: Run) -> None:
        write({"a.txt": TEXT.replace("https://github", "http://github")})
        Path("b.txt").symlink_to("a.txt")
        status, out, _ = run("check", ".", "--fix", "--select", "CN201")
        assert status == 0
        assert out.endswith("\n2 files: 2 clean\n")
        assert Path("a.txt").read_text("utf-8") == TEXT


class TestSettings:
    def test_they_say_which_rules_count(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY, "cnaps.toml": 'select = ["CN5"]\n'})
        assert codes(run, ".")["q_answer.txt"] == ["CN505", "CN501"]
        assert "CN301" in codes(run, ".", "--select", "CN3")["q_answer.txt"]
        assert codes(run, ".", "--ignore", "CN505")["q_answer.txt"] == ["CN501"]

    def test_they_say_which_files_of_folders_are_passed_over(self, run: Run) -> None:
        write(
            {
                "cnaps.toml": 'exclude = ["requirements.txt", "old/"]\n',
                "q.txt": TEXT,
                "requirements.txt": "attrs\n",
                "old/q.txt": OTHER,
                "old/q_answer.txt": REPLY,
            }
        )
        assert codes(run, ".") == {"q.txt": []}
        assert codes(run, "old") == {}
        assert [*codes(run, ".", "old/q.txt")] == ["old/q.txt", "q.txt"]
        reply = ["old/q_answer.txt", "--prompt", "q.txt", "--select", "CN301,CN302"]
        assert codes(run, *reply, "--collection", "old") == {"old/q_answer.txt": ["CN301"]}

    def test_a_folder_that_they_exclude_need_not_be_listed(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(path: Path) -> object:
            raise PermissionError(13, "Permission denied", path)

        write({"old/q.txt": TEXT})
        monkeypatch.setattr("os.scandir", refuse)
        (report,) = json.loads(run("check", "old", "--collection", "old", "--format", "json").out)
        assert (report["path"], report["error"]["message"]) == ("old", "Permission denied")
        write({"cnaps.toml": 'exclude = ["old/"]\n'})
        assert codes(run, "old", "--collection", "old") == {}

    @pytest.mark.parametrize(
        ("settings", "message"),
        [
            ('selekt = ["CN5"]\n', "there is no such key"),
            ('select = ["CN9"]\n', "no rule has a code that starts with 'CN9'"),
            ("select = \n", "it is no TOML"),
        ],
    )
    def test_wrong_ones_are_wrong_usage(self, run: Run, settings: str, message: str) -> None:
        write({"q.txt": TEXT, "cnaps.toml": settings})
        status, out, err = run("check", ".")
        assert (status, out) == (2, "")
        assert message in err

    def test_what_to_do_about_a_slip_has_a_line_of_its_own(self, run: Run, folder: Path) -> None:
        write({"q.txt": TEXT, "cnaps.toml": 'ignroe = ["CN5"]\n'})
        assert run("check", ".").err == (
            f"cnaps: {folder / 'cnaps.toml'}: ignroe: there is no such key\n"
            "cnaps: did you mean 'ignore'?\n"
        )

    @pytest.mark.parametrize("nothing", ["", " ", ","])
    def test_to_select_nothing_is_wrong_usage(self, run: Run, nothing: str) -> None:
        write({"q.txt": TEXT})
        status, out, err = run("check", ".", "--select", nothing)
        assert (status, out) == (2, "")
        assert "--select names no code" in err
        assert run("check", ".", "--ignore", nothing).status == 0

    def test_codes_that_there_are_not_are_wrong_usage(self, run: Run) -> None:
        status, out, err = run("check", ".", "--select", "CN3O1")
        assert (status, out) == (2, "")
        assert "no rule has a code that starts with 'CN3O1'" in err


class TestBaseline:
    def test_only_new_findings_count(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        status, out, _ = run("check", ".", "--baseline", "known.json", "--write-baseline")
        assert status == 0
        assert out.startswith("wrote known.json (")
        status, out, _ = run("check", ".", "--baseline", "known.json")
        assert (status, out.splitlines()[-1]) == (0, "2 files: 2 clean")
        worse = f"Moved down.\n\n{REPLY}\nAlso https://example.com/new.\n"
        write({"q_answer.txt": worse})
        found = codes(run, ".", "--baseline", "known.json", "--ignore", "CN505")
        assert found["q_answer.txt"] == ["CN301"]

    def test_settings_can_name_one(self, run: Run) -> None:
        write({"a/q.txt": TEXT, "a/q_answer.txt": REPLY, "a/cnaps.toml": 'baseline = "b.json"\n'})
        assert run("check", "a", "--write-baseline").status == 0
        assert run("check", "a").status == 0
        assert Path("a/b.json").exists()

    def test_there_must_be_one_to_write(self, run: Run) -> None:
        write({"q.txt": TEXT, "a/q.txt": TEXT, "a/cnaps.toml": 'baseline = "b.json"\n'})
        status, out, err = run("check", ".", "--write-baseline")
        assert (status, out) == (2, "")
        assert "q.txt: --write-baseline needs --baseline FILE, or one in the settings" in err
        assert not Path("a/b.json").exists()

    def test_of_no_files_none_is_written(self, run: Run) -> None:
        arguments = ("--baseline", "b.json", "--write-baseline")
        assert run("check", ".", *arguments) == run("check", ".")
        assert not Path("b.json").exists()

    def test_one_that_is_not_there_is_wrong_usage(self, run: Run) -> None:
        write({"q.txt": TEXT})
        status, _, err = run("check", "q.txt", "--baseline", "no.json")
        assert status == 2
        assert err == "cnaps: there is no baseline no.json\ncnaps: --write-baseline makes it\n"

    def test_one_that_is_no_file_is_wrong_usage(self, run: Run) -> None:
        write({"q.txt": TEXT, "folder/q.txt": TEXT})
        for options in ((), ("--write-baseline",)):
            status, out, err = run("check", "q.txt", "--baseline", "folder", *options)
            assert (status, out) == (2, "")
            assert err.startswith("cnaps: folder: ")

    def test_a_file_that_cannot_be_read_is_told_all_the_same(self, run: Run) -> None:
        arguments = ("--baseline", "b.json", "--write-baseline")
        failure = "no.txt: error No such file or directory\n"
        assert run("check", "no.txt", *arguments) == Result(2, "", failure)
        write({"q.txt": TEXT})
        assert run("check", "no.txt", "q.txt", *arguments).err == failure

    def test_what_is_fixed_meanwhile_is_told(self, run: Run) -> None:
        write({"q.txt": TEXT, "q_answer.txt": REPLY})
        status, out, err = run("check", ".", "--fix", "--baseline", "b.json", "--write-baseline")
        assert (status, err) == (0, "")
        assert "fixed q_answer.txt (1 diagnostic)\n" in out

    def test_to_show_fixes_writes_none(self, run: Run) -> None:
        write({"q.txt": TEXT})
        status, out, err = run("check", ".", "--diff", "--baseline", "b.json", "--write-baseline")
        assert (status, out) == (2, "")
        assert "--diff writes nothing, and --write-baseline is for writing" in err
        assert not Path("b.json").exists()


class TestReports:
    """The same findings in the formats of others."""

    @pytest.fixture(autouse=True)
    def files(self, folder: Path) -> None:
        files = {"q, 1%.txt": TEXT, "q, 1%_answer.txt": REPLY, "letter.txt": "Dear all,\n"}
        write({str(folder / name): text for name, text in files.items()})

    def test_summary(self, run: Run) -> None:
        status, out, err = run("check", ".", "--format", "summary", "--select", "CN301,CN5")
        assert (status, err) == (1, "")
        assert out == dedent("""\
            Code   Severity  What                                   Files  Diagnostics
            ──────────────────────────────────────────────────────────────────────────
            CN301  error     a link that nobody offers                  1            1
            CN501  warning   citation marks of a provider               1            1
            CN505  warning   words of a chat in front of an answer      1            1

            3 files: 1 clean, 1 with 3 diagnostics, 1 error
            1 fixable with --fix, 1 more with --unsafe-fixes
            """)

    def test_summary_of_nothing(self, run: Run) -> None:
        status, out, _ = run("check", "q, 1%.txt", "--format", "summary", "--select", "CN1")
        assert (status, out) == (0, "1 file: 1 clean\n")

    def test_sarif(self, run: Run) -> None:
        status, out, err = run(
            "check", ".", "--format", "sarif", "--select", "CN301,CN303", "--ignore", "CN405"
        )
        assert (status, err) == (1, "")
        log: dict[str, Any] = json.loads(out)
        assert log["version"] == "2.1.0"
        (sarif,) = log["runs"]
        assert [rule["id"] for rule in sarif["tool"]["driver"]["rules"]] == [
            "CN301",
            "CN303",
            "unreadable",
        ]
        by_rule = {result["ruleId"]: result for result in sarif["results"]}
        assert by_rule["CN303"]["level"] == "warning"
        (place,) = by_rule["CN303"]["locations"]
        assert place["physicalLocation"] == {
            "artifactLocation": {"uri": "q%2C%201%25_answer.txt"},
            "region": {
                "startLine": 10,
                "startColumn": 32,
                "endLine": 10,
                "endColumn": 62,
            },
        }
        assert by_rule["unreadable"]["message"]["text"].startswith("neither a prompt nor an answer")

    def test_sarif_of_absolute_paths(self, run: Run, folder: Path) -> None:
        path = folder / "q, 1%_answer.txt"
        out = run("check", str(path.with_name("q, 1%.txt")), str(path), "--format", "sarif").out
        (sarif,) = json.loads(out)["runs"]
        places = [result["locations"][0]["physicalLocation"] for result in sarif["results"]]
        assert path.as_uri() in {place["artifactLocation"]["uri"] for place in places}
        assert "unreadable" not in {rule["id"] for rule in sarif["tool"]["driver"]["rules"]}

    def test_github(self, run: Run) -> None:
        status, out, _ = run("check", ".", "--format", "github", "--select", "CN301,CN501")
        assert status == 1
        lines = out.splitlines()
        assert lines[0].startswith("::error title=cnaps,file=letter.txt,line=1,col=1::neither a")
        assert lines[1].startswith(
            "::warning title=CN501,file=q%2C 1%25_answer.txt,line=5,endLine=5,col=33,endColumn=42::"
        )
        assert lines[2].startswith("::error title=CN301,")

    def test_github_has_columns_for_places_in_one_line_alone(self, run: Run) -> None:
        write({"long.txt": f"First note.\nSecond note.\n{TEXT}"})
        _, out, _ = run("check", "long.txt", "--format", "github")
        assert "::warning title=CN101,file=long.txt,line=1,endLine=2::" in out

    def test_github_prints_nothing_where_nothing_is_found(self, run: Run) -> None:
        write({"fine.txt": TEXT})
        status, out, _ = run("check", "fine.txt", "--format", "github", "--select", "CN1")
        assert (status, out) == (0, "")

    def test_junit(self, run: Run) -> None:
        status, out, _ = run("check", ".", "--format", "junit", "--select", "CN301,CN305,CN501")
        assert status == 1
        suites = {suite.get("name"): suite for suite in ET.fromstring(out)}
        assert {
            name: (suite.get("tests"), suite.get("failures"), suite.get("errors"))
            for name, suite in suites.items()
        } == {
            "letter.txt": ("1", "0", "1"),
            "q, 1%.txt": ("1", "0", "0"),
            "q, 1%_answer.txt": ("2", "2", "0"),
        }

    @pytest.mark.parametrize("name", ["text", "github", "junit", "sarif"])
    def test_they_say_which_fixes_are_unsafe(self, run: Run, name: str) -> None:
        out = run("check", ".", "--format", name, "--select", "CN501,CN505").out
        assert "fix: take it out (unsafe)" in out
        assert out.count("fix: take it out") == 2

    def test_hostile_names_and_texts_stay_what_they_are(self, run: Run) -> None:
        write({"a\nb.txt": TEXT.replace("\nAnswer:", "\n::error::x\x1b[2J\nAnswer:")})
        for name in ("github", "junit", "sarif", "json"):
            out = run("check", ".", "--format", name).out
            assert "\x1b" not in out
            assert "\n::error::" not in out
        ET.fromstring(run("check", ".", "--format", "junit").out)


class TestRule:
    def test_it_explains_a_code(self, run: Run) -> None:
        status, out, _ = run("rule", "cn301")
        assert status == 0
        assert out.startswith(
            "CN301: a link that nobody offers\nerror · answers, responses\n\nFinds links"
        )
        assert "Why is this bad?" in out

    def test_it_lists_codes(self, run: Run) -> None:
        status, out, _ = run("rule", "CN0")
        assert status == 0
        assert [line.split()[0] for line in out.splitlines()] == ["CN001", "CN002", "CN003"]
        assert len(run("rule").out.splitlines()) > 40

    def test_one_that_there_is_not_is_wrong_usage(self, run: Run) -> None:
        status, out, err = run("rule", "CN999")
        assert (status, out) == (2, "")
        assert "no rule has a code that starts with 'CN999'" in err


def test_pairs_do_not_touch_the_value(run: Run) -> None:
    """What is written back is what was meant: the value of a prompt stays."""
    write({"q.txt": TEXT})
    run("check", ".", "--fix")
    assert cnaps.read("q.txt").value == PROMPT
