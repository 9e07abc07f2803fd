"""Settings are found, read strictly, and apply to the paths that they name."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import cnaps
from cnaps.rules import select_rules
from cnaps.settings import Settings, find_settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    Write = Callable[[str, str], Path]

PAGES = Path(__file__).parent.parent / "docs" / "how-to"
COMPLETE = """\
select = ["CN"]
ignore = ["CN202"]
exclude = ["notes/"]
baseline = "known.json"

[per-path-ignores]
"drafts/" = ["CN3", "CN4"]
"Query?.txt" = []
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, text: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return path

    return write


class TestFind:
    def test_the_nearest_file_counts(self, write: Write, tmp_path: Path) -> None:
        far = write("cnaps.toml", 'select = ["CN1"]')
        near = write("a/b/cnaps.toml", 'select = ["CN2"]')
        assert find_settings(near.parent / "c" / "prompt.txt").path == near
        assert find_settings(near.parent).select == ("CN2",)
        assert find_settings(tmp_path / "a" / "prompt.txt").path == far

    def test_in_one_folder_the_own_file_comes_first(self, write: Write, tmp_path: Path) -> None:
        project = write("pyproject.toml", '[tool.cnaps]\nselect = ["CN1"]')
        assert find_settings(tmp_path).path == project
        own = write("cnaps.toml", "")
        assert find_settings(tmp_path).path == own

    @pytest.mark.parametrize("text", ["", "[tool.ruff]", "[project]\nname = 'x'", "tool = 3"])
    def test_a_project_that_says_nothing_is_passed_over(
        self, write: Write, tmp_path: Path, text: str
    ) -> None:
        above = write("cnaps.toml", 'select = ["CN1"]')
        write("a/pyproject.toml", text)
        assert find_settings(tmp_path / "a").path == above

    def test_a_folder_of_that_name_is_no_file(self, write: Write, tmp_path: Path) -> None:
        above = write("cnaps.toml", "")
        (tmp_path / "a" / "cnaps.toml").mkdir(parents=True)
        assert find_settings(tmp_path / "a").path == above

    def test_nothing_is_said_where_there_is_no_file(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Path, "is_file", lambda _: False)
        assert find_settings(tmp_path) == Settings()

    def test_a_path_may_be_relative(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path = write("cnaps.toml", 'per-path-ignores = {"a/*.txt" = ["CN101"]}')
        monkeypatch.chdir(tmp_path)
        settings = find_settings("a/b.txt")
        assert settings.path == path
        assert settings.ignored_at("a/b.txt") == ("CN101",)

    def test_the_folder_that_a_path_leaves_is_not_above_it(
        self, write: Write, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        above = write("cnaps.toml", 'per-path-ignores = {"b/" = ["CN101"]}')
        monkeypatch.chdir(write("a/cnaps.toml", "").parent)
        settings = find_settings("../b/c.txt")
        assert settings.path == above
        assert settings.ignored_at("../b/c.txt") == ("CN101",)


class TestRead:
    @pytest.mark.parametrize("name", ["cnaps.toml", "other.toml", "pyproject.toml"])
    def test_all_keys(self, write: Write, tmp_path: Path, name: str) -> None:
        text = COMPLETE
        if name == "pyproject.toml":
            text = f"[tool.cnaps]\n{text}".replace("[per", "[tool.cnaps.per")
        path = write(name, text)
        assert read_settings(str(path)) == Settings(
            select=("CN",),
            ignore=("CN202",),
            per_path_ignores={"drafts/": ("CN3", "CN4"), "Query?.txt": ()},
            exclude=("notes/",),
            baseline=tmp_path / "known.json",
            path=path,
        )

    def test_no_key_is_needed(self, write: Write) -> None:
        path = write("pyproject.toml", "")
        assert read_settings(path) == Settings(path=path)

    def test_what_the_page_says(self, write: Write, tmp_path: Path) -> None:
        page = (PAGES / "settings-for-a-project.md").read_text("utf-8")
        (block,) = re.findall(r"^```toml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
        settings = read_settings(write("pyproject.toml", block))
        path = tmp_path / "drafts" / "a" / "Query1_answer.txt"
        codes = {rule.code for rule in select_rules(["CN202", "CN3", "CN4"])}
        assert {*settings.ignored_at(path)} == codes
        assert settings.excludes(tmp_path / "docs" / "requirements.txt")
        assert settings.excludes(tmp_path / "notes" / "a" / "q.txt")
        assert not settings.excludes(path)

    @pytest.mark.parametrize(
        ("text", "problem"),
        [
            ("selct = []", "selct: there is no such key\nhint: did you mean 'select'?"),
            (
                "per_path_ignores = {}",
                "per_path_ignores: there is no such key\nhint: did you mean 'per-path-ignores'?",
            ),
            (
                "rain = 1",
                (
                    "rain: there is no such key\n"
                    "hint: the keys are baseline, exclude, ignore, per-path-ignores, select"
                ),
            ),
            ('select = "CN1"', "select: it takes a list of codes, not 'CN1'"),
            ("ignore = [1]", "ignore: it takes a list of codes, not [1]"),
            ('exclude = "a/"', "exclude: it takes a list of patterns, not 'a/'"),
            (
                'ignore = ["CN91"]',
                "ignore: no rule has a code that starts with 'CN91'; did you mean 'CN1'?",
            ),
            (
                "per-path-ignores = []",
                "per-path-ignores: it takes a table of patterns and lists of codes, not []",
            ),
            (
                "per-path-ignores = {'a/' = 'CN1'}",
                "per-path-ignores.'a/': it takes a list of codes, not 'CN1'",
            ),
            ("baseline = true", "baseline: it takes the path of a file, not True"),
            ("=", "it is no TOML: Invalid statement (at line 1, column 1)"),
        ],
    )
    def test_whatever_is_wrong_is_named(self, write: Write, text: str, problem: str) -> None:
        path = write("cnaps.toml", text)
        with pytest.raises(cnaps.SettingsError) as caught:
            read_settings(path)
        assert str(caught.value) == f"{path}: {problem}"

    @pytest.mark.parametrize("key", ["exclude = [{}]", "per-path-ignores = {{{} = []}}"])
    @pytest.mark.parametrize("pattern", ["", "/", ".", "./a/", "/a/b.txt", "../a/", "a/../", "a//"])
    def test_a_pattern_that_no_file_fits_is_a_slip(
        self, write: Write, key: str, pattern: str
    ) -> None:
        path = write("cnaps.toml", key.format(f"'{pattern}'"))
        with pytest.raises(cnaps.SettingsError) as caught:
            read_settings(path)
        assert str(caught.value) == (
            f"{path}: {key.split(maxsplit=1)[0]}: {pattern!r} fits no file\n"
            "hint: patterns start at the folder of the settings: 'drafts/', 'a/*.txt', '**/b/'"
        )

    def test_a_table_that_is_none(self, write: Write) -> None:
        path = write("pyproject.toml", "tool.cnaps = 3")
        with pytest.raises(cnaps.SettingsError) as caught:
            find_settings(path.parent)
        assert str(caught.value) == f"{path}: tool.cnaps: it is no table"

    def test_a_file_that_is_not_utf_8(self, tmp_path: Path) -> None:
        path = tmp_path / "cnaps.toml"
        path.write_bytes(b"\xff")
        with pytest.raises(cnaps.SettingsError, match="it is no TOML: 'utf-8' codec"):
            read_settings(path)

    def test_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            read_settings(tmp_path / "cnaps.toml")


class TestPaths:
    @pytest.mark.parametrize(
        ("pattern", "inside", "outside"),
        [
            ("a.txt", ["a.txt", "b/a.txt", "b/c/a.txt"], ["ba.txt", "a.txt/b", "aXtxt"]),
            ("*.txt", ["a.txt", "b/a.txt", ".txt"], ["a.md"]),
            ("a/*.txt", ["a/b.txt"], ["a/b/c.txt", "b/a/c.txt"]),
            ("a/**", ["a/b.txt", "a/b/c.txt"], ["a", "b/a/c.txt"]),
            ("a/", ["a/b.txt", "a/b/c.txt"], ["a", "aa/b.txt"]),
            ("a/**/b.txt", ["a/b.txt", "a/c/b.txt", "a/c/d/b.txt"], ["a/cb.txt"]),
            ("**/a/**", ["a/b", "c/a/b", "c/d/a/e/f"], ["ca/b"]),
            ("Query?.txt", ["Query1.txt", "a/QueryX.txt"], ["Query.txt", "Query10.txt"]),
            ("a[1]/", ["a[1]/b"], ["a1/b"]),
            ("a\n*.txt", ["a\n\n.txt"], ["a.txt"]),
        ],
    )
    def test_patterns(self, pattern: str, inside: list[str], outside: list[str]) -> None:
        settings = Settings(per_path_ignores={pattern: ("CN101",)})
        assert all(settings.ignored_at(path) == ("CN101",) for path in inside)
        assert not any(settings.ignored_at(path) for path in outside)

    def test_without_patterns_all_paths_are_alike(self) -> None:
        assert Settings(ignore=("CN101",)).ignored_at("a/b.txt") == ("CN101",)

    def test_all_patterns_that_fit_count(self) -> None:
        settings = Settings(
            ignore=("CN001",), per_path_ignores={"a/": ("CN101",), "b.txt": ("CN201", "CN301")}
        )
        assert settings.ignored_at("a/b.txt") == ("CN001", "CN101", "CN201", "CN301")
        assert settings.ignored_at(Path("c.txt")) == ("CN001",)

    def test_they_hold_whatever_is_selected(self) -> None:
        settings = Settings(select=("CN301", "CN5"), per_path_ignores={"a/": ("CN3",)})
        rules = select_rules(settings.select, settings.ignored_at("a/b.txt"))
        assert {rule.code[:3] for rule in rules} == {"CN5"}

    def test_they_start_from_the_folder_of_the_settings(self, write: Write, tmp_path: Path) -> None:
        path = write("a/cnaps.toml", 'per-path-ignores = {"b/" = ["CN101"], "x.txt" = ["CN201"]}')
        settings = read_settings(path)
        assert settings.ignored_at(tmp_path / "a" / "b" / "c.txt") == ("CN101",)
        assert settings.ignored_at(tmp_path / "b" / "c.txt") == ()
        assert settings.ignored_at(tmp_path / "x.txt") == ("CN201",)

    def test_hostile_patterns_take_linear_time(self) -> None:
        settings = Settings(per_path_ignores={"**/a" * 20 + "/": ("CN101",)})
        assert settings.ignored_at("a/" * 5_000 + "b") == ("CN101",)
        assert settings.ignored_at("b/" * 50_000) == ()
