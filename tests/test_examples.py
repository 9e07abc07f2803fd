"""The examples are what docs/examples/README.md says, and the documentation shows what is so.

The Python blocks of the documentation are run by the `conftest.py` at the root; here are the
example files, the fixed wording in docs/formats.md, and the blocks that show the command.
"""

from __future__ import annotations

import re
import shlex
import shutil
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import attrs
import pytest

import cnaps
from cnaps import Difference
from cnaps.dialects import DIALECTS
from tests.test_architecture import RANKS

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "docs" / "examples"
FILES = sorted(str(path.relative_to(EXAMPLES)) for path in EXAMPLES.rglob("*.txt"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]

# What each file is there to show: dialect, exactness, damage, codes of diagnostics.
TWICE = ("windows-1252", "windows-1252")
SHOWN: dict[str, tuple[str, bool, tuple[str, ...], tuple[str, ...]]] = {
    "cutout/answer.txt": ("answer-2", True, ("windows-1252",), ("CN001",)),
    "cutout/prompt.txt": ("prompt-1", True, (), ()),
    "depth/answer.txt": ("answer-1", True, (), ()),
    "depth/prompt.txt": ("prompt-1", True, (), ()),
    "night/answer.txt": ("answer-2", True, TWICE, ("CN001",)),
    "night/prompt.txt": ("prompt-1", True, (), ()),
    "panorama/prompt.txt": ("prompt-1", False, (), ("CN101", "CN102", "CN103")),
    "rain/answer.txt": ("answer-2", True, (), ()),
    "rain/prompt.txt": ("prompt-1", True, (), ()),
    "relief/prompt.txt": ("prompt-2", True, (), ()),
}


def example(name: str) -> cnaps.Document:
    return cnaps.read(EXAMPLES / name)


def prompt_of(name: str) -> cnaps.PromptSpec:
    value = example(name).value
    assert isinstance(value, cnaps.PromptSpec)
    return value


def answer_file(prompt: cnaps.PromptSpec, dialect: str) -> bytes:
    return cnaps.render(cnaps.answer_for(prompt, dialect), dialect).encode()


# --- the files ------------------------------------------------------------------------------------


def test_every_example_is_described() -> None:
    listed = re.findall(
        r"^\| `(.+?)` \|", (EXAMPLES / "README.md").read_text("utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(SHOWN) == FILES


@pytest.mark.parametrize("name", FILES)
def test_an_example_is_what_it_is_there_to_show(name: str) -> None:
    doc = example(name)
    codes = tuple(diagnostic.code for diagnostic in doc.diagnostics)
    assert (doc.dialect, doc.exact, doc.damage, codes) == SHOWN[name]


@pytest.mark.parametrize("name", FILES)
def test_an_example_is_small_and_comes_back_byte_for_byte(name: str) -> None:
    data = (EXAMPLES / name).read_bytes()
    assert len(data) < 4_000
    assert cnaps.parse(data).to_bytes() == data


@pytest.mark.parametrize("name", ["cutout", "depth", "rain", "relief"])
def test_a_generated_prompt_is_canonical(name: str) -> None:
    doc = example(f"{name}/prompt.txt")
    assert cnaps.render(doc.value, doc.dialect).encode() == doc.to_bytes()


@pytest.mark.parametrize("name", ["cutout", "depth", "night", "rain"])
def test_an_answer_follows_from_its_prompt(name: str) -> None:
    answer = example(f"{name}/answer.txt")
    expected = answer_file(prompt_of(f"{name}/prompt.txt"), answer.dialect)
    assert answer.repaired().to_bytes() == expected
    assert (answer.to_bytes() == expected) == (not answer.damage)


def test_a_damaged_answer_has_a_byte_without_meaning_in_windows_1252() -> None:
    doc = example("cutout/answer.txt")
    assert "”" in doc.text
    assert "\x9d" in doc.to_bytes().decode()


def test_a_prompt_has_what_is_hard_to_keep() -> None:
    prompt = prompt_of("cutout/prompt.txt")
    assert {"“", "”", "×", "\n"} <= set(prompt.question.text)
    assert prompt.models[0].paper is None
    assert len(prompt.papers) == 1
    assert "$^2$" in prompt.papers[0].title
    assert b"\nPaper: None\n" in example("cutout/prompt.txt").to_bytes()


def test_a_prompt_has_a_byte_order_mark_and_windows_line_ends() -> None:
    data = example("night/prompt.txt").to_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert data.count(b"\r\n") == data.count(b"\n")


def test_a_later_prompt_asks_twice_over_two_lines_and_has_models_only() -> None:
    doc = example("relief/prompt.txt")
    prompt = prompt_of("relief/prompt.txt")
    assert "\n" in prompt.question.text
    assert doc.text.count(prompt.question.text) == 2
    assert len(prompt.models) == 3
    assert prompt.papers == ()
    assert cnaps.answer_for(prompt).references == prompt.models


def test_a_prompt_changed_by_hand_keeps_its_meaning() -> None:
    doc = example("panorama/prompt.txt")
    prompt = prompt_of("panorama/prompt.txt")
    # Text before, other wording, reordered fields, a field of another name.
    assert not doc.text.startswith("You are")
    assert "input -> model -> output" in doc.text
    assert doc.span("models", 0, "github") < doc.span("models", 0, "name")
    assert prompt.models == (
        cnaps.ModelRef(
            "Matching-LoFTR-Outdoor",
            "https://arxiv.org/pdf/2104.00680",
            "https://github.com/zju3dv/LoFTR",
        ),
    )
    assert prompt.papers[0].github is None
    assert prompt.papers[0].summary is not None
    assert "\n" in prompt.papers[0].summary
    # An edit of one field leaves the rest of the file as somebody laid it out.
    edited = doc.with_value(cnaps.PromptSpec(prompt.question, (), prompt.papers))
    assert "\nLicence: Apache-2.0\n" in edited.text


# --- the pages ------------------------------------------------------------------------------------


def fenced(page: Path, language: str) -> list[str]:
    """The content of the code blocks of a page that are marked with a language."""
    text = page.read_text("utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def test_the_page_on_formats_shows_the_wording_of_each_dialect() -> None:
    question = cnaps.Question("{question.text}")
    links = ("paper", "github")
    models: dict[str, tuple[cnaps.ModelRef, ...]] = {
        part: (cnaps.ModelRef(*[f"{{{part}[0].{name}}}" for name in ("name", *links)]),)
        for part in ("models", "references")
    }
    paper = cnaps.PaperRef(*[f"{{papers[0].{name}}}" for name in ("title", *links, "summary")])
    prompt = cnaps.PromptSpec(question, models["models"], (paper,))
    cited = cnaps.PromptSpec(question, models["references"])
    page = (ROOT / "docs" / "formats.md").read_text("utf-8")
    for dialect in DIALECTS.values():
        if dialect.kind == "prompt":
            text = cnaps.render(attrs.evolve(prompt, **dialect.absent), dialect.name)
        else:
            text = answer_file(cited, dialect.name).decode()
        block = text if text.endswith("\n") else f"{text}\n"  # a fence has a line of its own
        assert f"## {dialect.name}\n\n```text\n{block}```\n" in page


def test_the_page_on_architecture_has_every_module_in_the_order_of_the_layers() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = page.partition("| --- | --- |")[2].partition("\n\n")[0]
    cells = re.findall(r"^\| ([^|]*) \|", table, re.MULTILINE)
    modules = [name for cell in cells for name in re.findall(r"`(\w+)`", cell)]
    assert sorted(modules) == sorted({name.partition(".")[0] for name in RANKS} - {"cnaps"})
    ranks = [RANKS[name] for name in modules]
    assert ranks == sorted(ranks)


def test_the_page_on_grounding_names_every_difference_as_a_citation_does() -> None:
    page = (ROOT / "docs" / "grounding.md").read_text("utf-8")
    rows = re.findall(r"^\| `(.+?)` \| `(http.+?)` \| `(http.+?)` \|$", page, re.MULTILINE)
    assert sorted(name for name, *_ in rows) == sorted(set(Difference) - {Difference.SAME})
    for name, offered, cited in rows:
        prompt = cnaps.PromptSpec(cnaps.Question("Why?"), (cnaps.ModelRef("Rain", offered),))
        (citation,) = cnaps.check(prompt, cited).altered
        assert citation.difference == name


def test_every_block_of_code_is_one_that_runs() -> None:
    for page in PAGES:
        marks = set(re.findall(r"^```([^\s`]+)", page.read_text("utf-8"), re.MULTILINE))
        # `sh` sets up or runs what is not ours, `text` is drawn or checked above, `yaml` is checked
        # in tests/integrations, and `toml` is read in tests/test_settings.py or packages rules.
        assert {mark for mark in marks if mark.isidentifier()} <= {
            "python",
            "console",
            "sh",
            "text",
            "yaml",
            "toml",
        }


# --- the command ----------------------------------------------------------------------------------


def sessions(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the commands that a page shows, each with the output below it."""
    for block in fenced(page, "console"):
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = step.partition("\n")
            yield command, output


def without_trailing_blanks(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


@pytest.mark.skipif(find_spec("cyclopts") is None, reason="needs the extra `cli`")
@pytest.mark.parametrize(
    "page",
    [pytest.param(page, id=page.name) for page in PAGES if fenced(page, "console")],
)
def test_the_command_prints_what_a_page_shows(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from cnaps.cli import main

    shutil.copytree(EXAMPLES, tmp_path / "docs" / "examples")
    monkeypatch.chdir(tmp_path)
    status = 0
    for command, expected in sessions(page):
        if command == "echo $?":
            output = f"{status}\n"
        else:
            program, *arguments = shlex.split(command)
            assert program == "cnaps"
            status = main(arguments)
            captured = capsys.readouterr()
            output = captured.out + captured.err
        assert without_trailing_blanks(output) == without_trailing_blanks(expected), command
