"""`cnaps links`, against a server on loopback."""

from __future__ import annotations

import io
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

import cnaps
from cnaps.cli import main
from cnaps.damage import apply
from tests.cli.conftest import Result, Run

pytest.importorskip("cyclopts")
pytest.importorskip("httpx")

import httpx

import cnaps.cli.links
from cnaps.links import check_links
from tests.cli.samples import NEITHER
from tests.links.conftest import connections, names  # noqa: F401 - no test leaves the machine
from tests.links.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from cnaps.links import LinkReport, LinkResult


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as made:
        yield made


@pytest.fixture
def links(run: Run) -> Run:
    """Run `cnaps links` where it may ask this machine."""
    return partial(run, "links", "--allow-private")


def prompt(*links: str | None, summary: str | None = None) -> str:
    """Return a prompt with these links: from line 16 on, and every third line from 20 on."""
    first, *others = links
    papers = [cnaps.PaperRef(f"Paper {n} → all", link) for n, link in enumerate(others)]
    return cnaps.render(
        cnaps.PromptSpec(
            cnaps.Question("How many apples hang on a tree?"),
            (cnaps.ModelRef("OrchardEye", first),),
            (*papers, cnaps.PaperRef("Leaves", None, summary=summary)),
        )
    )


def write(text: str, name: str = "prompt.txt") -> Path:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text.encode())
    return path


def moved(server: Server, number: int = 0) -> str:
    return server.url(f"redirect/301?to=/new/{number}")


# --- what is told ---------------------------------------------------------------------------------


@pytest.fixture
def mixed(folder: Path, server: Server) -> Server:
    """A file with links of all kinds, some of which stand in another one as well."""
    dead, gone = server.url("status/404"), server.url("status/410")
    write(
        prompt(
            dead,
            server.url("page"),
            moved(server),
            server.url("status/403"),
            server.url("redirect/301"),
            "https://no such.host/",
            "mailto:gardener@example.org",
            summary=f"Apples, see {dead}, are no pears ({gone}).",
        )
    )
    write(prompt(dead), "more/z.txt")
    return server


def test_what_is_not_alive_is_listed_with_every_place(mixed: Server, links: Run) -> None:
    """The worst comes first."""
    url = mixed.url
    assert links(".") == Result(
        1,
        f"""\
dead        {url("status/404")}
            not found (404)
            more/z.txt:16:8 models[0].paper
            prompt.txt:16:8 models[0].paper
            prompt.txt:39:22 papers[6].summary
dead        {url("status/410")}
            gone for good (410)
            prompt.txt:39:{22 + len(url("status/404")) + 16} papers[6].summary
malformed   https://no such.host/
            the link names no valid host
            prompt.txt:32:8 papers[4].paper
unreachable {url("redirect/301")}
            redirects, but does not say where to
            prompt.txt:29:8 papers[3].paper
moved       {moved(mixed)}
            moved to {url("new/0")}
            prompt.txt:23:8 papers[1].paper
restricted  {url("status/403")}
            forbidden: it may be there for others (403)
            prompt.txt:26:8 papers[2].paper
skipped     mailto:gardener@example.org
            the link has the scheme 'mailto', and only http and https are asked
            prompt.txt:35:8 papers[5].paper
8 links: 1 alive, 1 moved, 2 dead, 1 unreachable, 1 restricted, 1 malformed, 1 skipped
""",
    )


def test_a_place_outside_of_the_fields_has_no_field(links: Run, server: Server) -> None:
    dead = server.url("status/404")
    write(prompt(None).replace("### Related", f"Beware of {dead}!\n\n### Related"))
    assert "\n            prompt.txt:18:11\n1 link: 1 dead\n" in links("prompt.txt").out


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("page", 0, "1 alive"),
        ("status/403", 0, "1 restricted"),
        ("status/429?retry-after=9999", 0, "1 restricted"),
        ("status/404", 1, "1 dead"),
        ("redirect/301?to=/page", 1, "1 moved"),
        ("redirect/302?to=/page", 0, "1 alive"),
        ("loop/301/2", 1, "1 unreachable"),
        ("page\x1b", 1, "1 malformed"),
    ],
)
def test_the_status_says_whether_anything_should_be_mended(
    links: Run, server: Server, path: str, status: int, words: str
) -> None:
    write(prompt(server.url(path)))
    result = links("prompt.txt")
    assert (result.status, result.out.splitlines()[-1]) == (status, f"1 link: {words}")


def test_this_machine_is_asked_on_request_only(run: Run, server: Server) -> None:
    write(prompt(server.url("page")))
    status, out, _ = run("links", "prompt.txt")
    assert (status, out.splitlines()[-1]) == (0, "1 link: 1 skipped")
    assert not server.asked


def test_without_links_there_is_nothing_to_tell(links: Run, server: Server) -> None:
    Path("empty").mkdir()
    write(prompt(None))
    assert links("empty") == Result(0, "0 links\n")
    assert links("prompt.txt", "--fix") == Result(0, "0 links\n")
    assert json.loads(links("prompt.txt", "--format", "json").out)["results"] == []


def test_folders_are_read_to_the_bottom_and_each_link_is_asked_once(
    links: Run, server: Server
) -> None:
    for number in range(12):
        write(prompt(server.url("page"), server.url(f"page/{number % 3}")), f"{number % 4}/a.txt")
    write(prompt(server.url("page/hidden")), ".hidden/a.txt")
    assert links(".", "1/a.txt") == Result(0, "4 links: 4 alive\n")
    assert sorted(asked.target for asked in server.asked) == [
        "/page",
        "/page/0",
        "/page/1",
        "/page/2",
    ]


# --- files that do not do -------------------------------------------------------------------------


def test_files_that_cannot_be_read_do_not_end_the_run(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    scandir = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr("os.scandir", refuse)
    Path("locked").mkdir()
    write(prompt(server.url("page")))
    told = "gone.txt: error No such file or directory\nlocked: error Permission denied\n"
    assert links("gone.txt", "locked", "prompt.txt") == Result(2, "1 link: 1 alive\n", told)


def test_a_file_of_another_kind_is_a_finding(links: Run, server: Server) -> None:
    write(NEITHER, "a-letter.txt")
    write(prompt(server.url("page")))
    status, out, err = links(".")
    assert (status, out) == (1, "1 link: 1 alive\n")
    assert err.startswith("a-letter.txt:1:1: error neither a prompt nor an answer")


HOSTILE = [
    pytest.param("[red]x[bold].txt", "[red]x[bold].txt", id="markup"),
    pytest.param("a\x1b[2J\x07b.txt", r"a\x1b[2J\x07b.txt", id="escape sequence"),
    pytest.param("a\nb.txt", r"a\nb.txt", id="newline"),
    pytest.param("a\u202etxt.exe.txt", r"a\u202etxt.exe.txt", id="direction"),
    pytest.param("a:7:7 <&>.txt", "a:7:7 <&>.txt", id="punctuation"),
    pytest.param("a\udcff.txt", r"a\udcff.txt", id="not UTF-8"),
]


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="no file can have such a name")
@pytest.mark.parametrize(("name", "shown"), HOSTILE)
def test_a_name_is_shown_as_it_is_or_escaped(
    links: Run, server: Server, name: str, shown: str
) -> None:
    path = Path(name)
    path.write_bytes(prompt(server.url("status/404")).encode())
    assert f"\n            {shown}:16:8 models[0].paper\n" in links(".").out
    report = json.loads(links(".", "--format", "json").out)
    assert report["results"][0]["places"][0]["file"] == shown
    suite = ET.fromstring(links(".", "--format", "junit").out)
    assert [case.get("classname") for case in suite] == [shown]
    markdown = links(".", "--format", "markdown").out
    assert all(line.isprintable() for line in markdown.split("\n"))
    path.write_bytes(prompt(moved(server)).encode())
    assert links(".", "--fix").out.endswith(f"fixed {shown} (1 link)\n")


def test_a_link_is_shown_as_it_is_or_escaped(run_in_terminal: Run, server: Server) -> None:
    write(prompt("https://x\x1b[2J.example/\u202e[red]"))
    out = run_in_terminal("links", "prompt.txt").out
    assert r"https://x\x1b[2J.example/\u202e[red]" in out
    assert "\x1b[2J" not in out


# --- reports for programs -------------------------------------------------------------------------


def test_json_and_json_lines_have_every_result(mixed: Server, links: Run) -> None:
    status, out, err = links(".", "--format", "json")
    report = json.loads(out)
    assert (status, err) == (1, "")
    assert report["counts"]["dead"] == 2
    verdicts = {result["url"]: result["verdict"] for result in report["results"]}
    assert verdicts[mixed.url("page")] == "alive"
    assert verdicts[moved(mixed)] == "moved"
    first = report["results"][0]
    assert [place["file"] for place in first["places"]] == ["more/z.txt", *["prompt.txt"] * 2]
    status, out, _ = links(".", "--format", "jsonl")
    assert status == 1
    lines = [json.loads(line) for line in out.splitlines()]
    assert {line["url"]: line["verdict"] for line in lines} == verdicts


def test_junit_has_a_case_for_each_link_of_each_file(mixed: Server, links: Run) -> None:
    status, out, _ = links(".", "--format", "junit")
    suite = ET.fromstring(out)
    assert status == 1
    assert (suite.get("tests"), suite.get("failures"), suite.get("skipped")) == ("9", "5", "2")
    dead = [case.get("classname") for case in suite if case.get("name") == mixed.url("status/404")]
    assert dead == ["more/z.txt", "prompt.txt"]


def test_markdown_is_a_table_of_what_is_not_alive(mixed: Server, links: Run) -> None:
    status, out, _ = links(".", "--format", "markdown")
    first, _, head, _, *rows = out.splitlines()
    assert (status, first.partition(":")[0]) == (1, "8 links")
    assert head == "| Verdict | Link | Reason | Places |"
    assert len(rows) == 7
    assert mixed.url("page") not in out


@pytest.mark.parametrize("to", ["json", "jsonl", "junit", "markdown"])
def test_a_report_is_utf_8_wherever_it_goes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, to: str
) -> None:
    write(prompt("https:///ä"))  # malformed: nobody is asked
    data = io.BytesIO()
    monkeypatch.setattr("sys.stdout", io.TextIOWrapper(data, "ascii"))
    assert main(["links", ".", "--format", to]) == 1
    assert "https:///ä" in data.getvalue().decode()


# --- --fix ----------------------------------------------------------------------------------------

SHAPES: list[tuple[str, Callable[[str], str]]] = [
    ("as written", lambda text: text),
    ("CRLF", lambda text: text.replace("\n", "\r\n")),
    ("mixed line ends", lambda text: text.replace("\n", "\r\n", 9)),
    ("byte order mark", lambda text: "\ufeff" + text),
    ("damaged", lambda text: apply(text, "windows-1252")),
    ("damaged twice, CRLF", lambda text: apply(apply(text, "cp1252"), "cp1252")),
    ("edited", lambda text: text.replace("tree?", "tree?   ").rstrip("\n")),
]


@pytest.mark.parametrize("shape", [shape for _, shape in SHAPES], ids=[name for name, _ in SHAPES])
def test_new_addresses_are_written_and_every_other_byte_stays(
    links: Run, server: Server, shape: Callable[[str], str]
) -> None:
    def text(first: str, second: str) -> str:
        alive, dead = server.url("page"), server.url("status/404")
        return shape(prompt(first, alive, dead, first, summary=f"See [it]({second}), {first}."))

    path = write(text(moved(server), moved(server, 1)))
    path.chmod(0o640)
    untouched = write(shape(prompt(server.url("page"))), "untouched.txt")
    before = untouched.stat().st_mtime_ns
    status, out, err = links(".", "--fix")
    assert (status, err) == (1, "")  # for the dead one
    assert out.endswith("4 links: 1 alive, 2 moved, 1 dead\nfixed prompt.txt (2 links)\n")
    assert path.read_bytes().decode() == text(server.url("new/0"), server.url("new/1"))
    assert untouched.stat().st_mtime_ns == before
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o777 == 0o640
    status, out, _ = links(".", "--fix")
    assert status == 1
    assert out.endswith("4 links: 3 alive, 1 dead\n")


def test_what_is_fixed_is_no_finding_any_more(links: Run, server: Server) -> None:
    path = write(prompt(moved(server)))
    assert links("prompt.txt").status == 1
    assert path.read_bytes().decode() == prompt(moved(server))
    assert links("prompt.txt", "--fix").status == 0
    assert links("prompt.txt", "--fix") == Result(0, "1 link: 1 alive\n")


def test_each_file_gets_its_own_fixes(links: Run, server: Server) -> None:
    write(prompt(moved(server), moved(server, 1)), "b.txt")
    write(prompt(moved(server, 1)), "a.txt")
    out = links(".", "--fix").out
    assert out.endswith("\n2 links: 2 moved\nfixed a.txt (1 link)\nfixed b.txt (2 links)\n")
    assert Path("a.txt").read_bytes().decode() == prompt(server.url("new/1"))
    assert Path("b.txt").read_bytes().decode() == prompt(server.url("new/0"), server.url("new/1"))


@pytest.mark.parametrize("cache", [[], ["--cache", "links.db"]], ids=["", "with a cache"])
def test_https_takes_the_place_of_http_where_it_is_alive(
    links: Run, monkeypatch: pytest.MonkeyPatch, cache: list[str]
) -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(404 if "https://b" in asked[-1] else 200)

    with_client = partial(check_links, client=httpx.MockTransport(answer))
    monkeypatch.setattr(cnaps.cli.links, "check_links", with_client)
    path = write(prompt("http://a.test/x", "http://b.test/", "https://c.test/"))
    arguments = ["prompt.txt", "--fix", *cache]
    assert links(*arguments) == Result(0, "3 links: 3 alive\nfixed prompt.txt (1 link)\n")
    fixed = prompt("https://a.test/x", "http://b.test/", "https://c.test/")
    assert path.read_bytes().decode() == fixed
    assert links(*arguments) == Result(0, "3 links: 3 alive\n")
    assert path.read_bytes().decode() == fixed


def test_what_no_field_has_as_written_is_told_and_stays(links: Run, server: Server) -> None:
    """Links in text that belongs to no field, and links with characters that do not print."""

    def text(link: str) -> str:
        outside = f"Beware of {moved(server)}!\n\n### Related"
        return prompt(f"{moved(server, 1)}\u200b", link).replace("### Related", outside)

    path = write(text(moved(server)))
    status, out, err = links("prompt.txt", "--fix")
    assert (status, err) == (1, "")
    assert out.splitlines()[-3:] == [
        "fixed prompt.txt (1 link)",
        f"not fixed in prompt.txt: {moved(server, 1)}\\u200b is not written like this in a field",
        f"not fixed in prompt.txt: {moved(server)} is not written like this in a field",
    ]
    assert path.read_bytes().decode() == text(server.url("new/0"))
    assert "\nfixed" not in links("prompt.txt", "--fix").out


def test_a_report_stays_one_when_files_are_fixed(links: Run, server: Server) -> None:
    write(prompt(moved(server)))
    status, out, err = links("prompt.txt", "--fix", "--format", "json")
    assert (status, err) == (0, "fixed prompt.txt (1 link)\n")
    assert json.loads(out)["counts"]["moved"] == 1


def test_what_people_wrote_during_the_check_is_not_lost(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def edit_and_check(*arguments: Any, **named: Any) -> LinkReport:
        write(prompt(moved(server)).replace("apples", "pears"), "a.txt")
        write(prompt(None), "b.txt")
        Path("c.txt").unlink(missing_ok=True)
        return check_links(*arguments, **named)

    for name in ("a.txt", "b.txt", "c.txt"):
        write(prompt(moved(server)), name)
    monkeypatch.setattr(cnaps.cli.links, "check_links", edit_and_check)
    status, out, err = links(".", "--fix")
    assert (status, err) == (2, "c.txt: error No such file or directory\n")
    assert out.endswith("\n1 link: 1 moved\nfixed a.txt (1 link)\n")
    assert Path("a.txt").read_bytes().decode() == prompt(server.url("new/0")).replace(
        "apples", "pears"
    )


def test_a_file_that_cannot_be_written_stays_and_is_told(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("os.fsync", refuse)
    path = write(prompt(moved(server)))
    status, out, err = links("prompt.txt", "--fix")
    assert (status, err) == (2, "prompt.txt: error Permission denied\n")
    assert "fixed" not in out
    assert path.read_bytes().decode() == prompt(moved(server))


# --- --cache and --offline ------------------------------------------------------------------------


def test_with_a_cache_the_second_run_asks_nothing(mixed: Server, links: Run) -> None:
    first = links(".", "--cache", "links.db")
    asked = len(mixed.asked)
    assert links(".", "--cache", "links.db") == first
    report = json.loads(links(".", "--cache", "links.db", "--format", "json").out)
    verdicts = {result["verdict"]: result["from_cache"] for result in report["results"]}
    assert verdicts["dead"]
    assert verdicts["alive"]
    assert len(mixed.asked) == asked


def test_offline_answers_from_the_cache_and_asks_nothing(links: Run, server: Server) -> None:
    write(prompt(server.url("status/404")), "known.txt")
    told = links("known.txt", "--cache", "links.db")
    asked = len(server.asked)
    assert links("known.txt", "--cache", "links.db", "--offline") == told
    write(prompt(server.url("page")), "new.txt")
    status, out, _ = links("new.txt", "--cache", "links.db", "--offline")
    assert (status, out.splitlines()[1].strip()) == (
        0,
        "the link is not in the cache, and nothing is asked offline",
    )
    assert len(server.asked) == asked


def test_fixes_may_come_from_the_cache(links: Run, server: Server) -> None:
    path = write(prompt(moved(server)))
    links("prompt.txt", "--cache", "links.db")
    asked = len(server.asked)
    assert links("prompt.txt", "--cache", "links.db", "--offline", "--fix").status == 0
    assert path.read_bytes().decode() == prompt(server.url("new/0"))
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--offline"], "offline answers from the cache"),
        (
            ["--offline", "--cache", "none.db"],
            "cnaps: --offline answers from the cache, and there is no none.db\n",
        ),
        (["--cache", "prompt.txt"], "cnaps: prompt.txt is no cache of links: "),
        (["--cache", "no/such/links.db"], "cnaps: the cache of links no/such/links.db cannot be "),
        (["--cache", "."], "cnaps: the cache of links . cannot be "),
        (["--include", "("], "cannot use the pattern '(': "),
        (["--exclude", "["], "cannot use the pattern '[': "),
        (["--host-rate", "9"], "cnaps: --host-rate takes HOST=REQUESTS a second, not '9'\n"),
        (["--host-rate", "=9"], "not '=9'\n"),
        (["--host-rate", "a.test=many"], "not 'a.test=many'\n"),
        (["--host-rate", "a.test=0"], "requests per second above 0 for 'a.test', not 0.0\n"),
        (["--host-rate", "a.test=nan"], "requests per second above 0 for 'a.test', not nan\n"),
        (["--format", "xml"], 'Invalid value "xml" for --format.'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_usage_is_told_and_nothing_is_asked(
    links: Run, server: Server, arguments: list[str], message: str
) -> None:
    path = write(prompt(server.url("page")))
    status, out, err = links("prompt.txt", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.startswith("cnaps: ")
    assert err.endswith("cnaps: try 'cnaps --help'\n")
    assert path.read_bytes().decode() == prompt(server.url("page"))
    assert [*Path().iterdir()] == [path]
    assert not server.asked


# --- whom to ask, and how often -------------------------------------------------------------------


def test_links_are_chosen_by_patterns(links: Run, server: Server) -> None:
    write(prompt(*(server.url(f"page/{word}") for word in ("apple", "pear", "plum", "apple-pie"))))

    def asked(*arguments: str) -> list[str]:
        server.asked.clear()
        assert links(*arguments, "prompt.txt").status == 0
        return sorted(asked.target.removeprefix("/page/") for asked in server.asked)

    assert asked("--include", "apple") == ["apple", "apple-pie"]
    assert asked("--include", "apple$", "--include", "plum") == ["apple", "plum"]
    assert asked("--exclude", "p[ep]") == ["plum"]
    assert asked("--include", "apple", "--exclude", "pie") == ["apple"]


def test_a_host_is_asked_no_more_often_than_it_may(links: Run, server: Server) -> None:
    write(prompt(*(server.url(f"page/{number}") for number in range(5))))
    assert links("prompt.txt", "--host-rate", "127.0.0.1=20", "--host-rate", "a.test=9").status == 0
    assert len(server.asked) == 5
    assert sum(server.gaps("127.0.0.1")) > 0.15  # four times 0.05, if nothing comes late


# --- the terminal ---------------------------------------------------------------------------------


def test_a_terminal_has_a_progress_bar_with_counts_and_colours(
    run: Run, run_in_terminal: Run, mixed: Server
) -> None:
    _, out, err = run_in_terminal("links", ".", "--allow-private")
    assert "Checking" in err
    assert "8/8" in err
    assert "1 alive, 1 moved, 2 dead" in " ".join(err.split())
    assert "\x1b[1;31mdead        \x1b[0m" in out
    assert run("links", ".", "--allow-private").err == ""


# --- interrupted ----------------------------------------------------------------------------------


def interrupting(number: int) -> Callable[..., LinkReport]:
    """Return `check_links` for which somebody presses Ctrl-C after so many results."""
    left = iter(range(1, number))

    def check(
        *arguments: Any, on_result: Callable[[LinkResult], object], **named: Any
    ) -> LinkReport:
        def take(result: LinkResult) -> None:
            on_result(result)
            if next(left, None) is None:
                raise KeyboardInterrupt

        return check_links(*arguments, on_result=take, **named)

    return check


def test_an_interrupted_run_tells_what_it_learnt(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = prompt(*(moved(server, number) for number in range(5)))
    path = write(text)
    monkeypatch.setattr(cnaps.cli.links, "check_links", interrupting(2))
    told = "interrupted: 2 of 5 links checked; with --cache the next run would go on there\n"
    status, out, err = links("prompt.txt", "--fix")
    assert (status, err) == (2, told)
    assert out.endswith("\n2 links: 2 moved\n")
    assert path.read_bytes().decode() == text


def test_an_interrupted_run_is_still_a_report(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(prompt(*(server.url(f"page/{number}") for number in range(5))))
    monkeypatch.setattr(cnaps.cli.links, "check_links", interrupting(3))
    status, out, _ = links("prompt.txt", "--format", "json")
    assert (status, json.loads(out)["counts"]["alive"]) == (2, 3)


def test_an_interrupt_while_https_is_tried_fixes_nothing(
    links: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = prompt(server.url("page"), moved(server))
    path = write(text)
    monkeypatch.setattr(cnaps.cli.links, "check_links", interrupting(3))
    status, out, err = links("prompt.txt", "--fix")
    assert status == 2
    assert err.startswith("interrupted: 2 of 2 links checked; ")
    assert out.endswith("\n2 links: 1 alive, 1 moved\n")
    assert path.read_bytes().decode() == text


# A process in the background of a shell is born deaf to it.
INTERRUPTIBLE = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)
from cnaps.cli import main
sys.exit(main(sys.argv[1:]))
"""


@pytest.mark.skipif(os.name != "posix", reason="needs the signals of POSIX")
def test_ctrl_c_keeps_what_a_run_learnt_and_the_next_one_goes_on(
    links: Run, server: Server
) -> None:
    pages = [server.url(f"page/{number}") for number in range(3)]
    write(prompt(*pages, server.url("slow/20/page")))
    command = ["links", "prompt.txt", "--allow-private", "--cache", "links.db"]
    with subprocess.Popen(
        [sys.executable, "-c", INTERRUPTIBLE, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as child:
        until(lambda: kept(Path("links.db")) == 3)
        child.send_signal(signal.SIGINT)
        out, err = child.communicate(timeout=10)
    assert Result(child.returncode, out, err) == Result(
        2, "3 links: 3 alive\n", "interrupted: 3 of 4 links checked; the cache has them\n"
    )
    asked = len(server.asked)
    write(prompt(*pages, server.url("page/3")))
    assert links("prompt.txt", "--cache", "links.db") == Result(0, "4 links: 4 alive\n")
    assert [asked.target for asked in server.asked[asked:]] == ["/page/3"]


def until(is_true: Callable[[], bool]) -> None:
    end = time.monotonic() + 10
    while not is_true():
        assert time.monotonic() < end
        time.sleep(0.02)


def kept(cache: Path) -> int:
    """Return how many results a cache has."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{cache}?mode=ro", uri=True)) as db:
        return int(db.execute("SELECT count(*) FROM links").fetchone()[0])
    return 0


# --- without the extra ----------------------------------------------------------------------------


def test_without_the_extra_it_says_how_to_install_it(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("cnaps.links", "cnaps.cli.links"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(cnaps.cli, "links")
    monkeypatch.setitem(sys.modules, "httpx", None)
    write(prompt(None))
    assert run("links", "prompt.txt") == Result(
        2,
        "",
        "cnaps: cnaps.links needs httpx: python -m pip install 'cnaps[links]'\n"
        "cnaps: try 'cnaps --help'\n",
    )
    assert run("check", "prompt.txt").status == 0
