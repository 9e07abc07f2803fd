"""The names that `import cnaps` promises, and what it costs to ask for them."""

from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from inspect import getdoc, ismodule
from typing import TYPE_CHECKING

import pytest

import cnaps

if TYPE_CHECKING:
    from pathlib import Path

# What takes a while to import, or is optional.
SLOW = {
    *("asyncio", "bibtexparser", "cattrs", "ftfy", "httpx", "importlib.metadata", "msgspec"),
    *("orjson", "pylatexenc", "rich", "yaml"),
}


class TestNames:
    def test_they_are_sorted_and_there_once(self) -> None:
        assert cnaps.__all__ == sorted(set(cnaps.__all__))

    @pytest.mark.parametrize("name", cnaps.__all__)
    def test_each_exists_and_is_documented(self, name: str) -> None:
        assert getdoc(getattr(cnaps, name))

    def test_nothing_of_cnaps_is_public_by_accident(self) -> None:
        public = {
            name
            for name, found in vars(cnaps).items()
            if not name.startswith("_")
            and not ismodule(found)
            and getattr(found, "__module__", "").startswith("cnaps")
        }
        assert public <= set(cnaps.__all__)

    def test_completion_shows_what_is_promised(self) -> None:
        assert dir(cnaps) == sorted([*cnaps.__all__, "__version__"])

    def test_a_star_brings_them_all(self) -> None:
        namespace: dict[str, object] = {}
        exec("from cnaps import *", namespace)  # the statement is for modules only
        del namespace["__builtins__"]
        assert namespace == {name: getattr(cnaps, name) for name in cnaps.__all__}

    def test_the_version_is_that_of_the_installed_package(self) -> None:
        assert cnaps.__version__ == metadata.version("cnaps")

    def test_a_name_that_does_not_exist(self) -> None:
        name = "prase"
        with pytest.raises(AttributeError) as caught:
            getattr(cnaps, name)
        assert str(caught.value) == "module 'cnaps' has no attribute 'prase'"

    def test_importing_a_name_that_does_not_exist(self) -> None:
        with pytest.raises(ImportError, match=r"^cannot import name 'prase' from 'cnaps'"):
            exec("from cnaps import prase")


def loaded_by(statements: str, *arguments: str) -> set[str]:
    """Return the modules that a fresh interpreter loads for some statements."""
    program = (
        "import sys; before = {*sys.modules}\n"
        f"{statements}\n"
        "print(*{*sys.modules} - before, sep='\\n')"
    )
    command = [sys.executable, "-c", program, *arguments]
    result = subprocess.run(command, capture_output=True, text=True, check=True)
    return set(result.stdout.split())


class TestCost:
    def test_the_import_loads_nothing_slow(self) -> None:
        loaded = loaded_by("import cnaps")
        assert "cnaps" in loaded
        assert loaded & SLOW == set()

    def test_it_loads_no_reader_and_no_writer(self) -> None:
        loaded = loaded_by("import cnaps; cnaps.Question('Which model removes rain?')")
        assert {name for name in loaded if name.startswith("cnaps")} == {
            "cnaps",
            "cnaps.errors",
            "cnaps.frames",
            "cnaps.spans",
            "cnaps.values",
        }

    def test_neither_does_reading_an_exact_file(self, tmp_path: Path) -> None:
        path = tmp_path / "prompt.txt"
        prompt = cnaps.PromptSpec(cnaps.Question("“Rain” → dry?"), (cnaps.ModelRef("DripNet"),))
        path.write_text(cnaps.render(prompt), encoding="utf-8", newline="")
        loaded = loaded_by("import cnaps; cnaps.read(sys.argv[1]).value", str(path))
        assert "cnaps.exact" in loaded
        assert loaded & (SLOW | {"cnaps.tolerant", "cnaps.text", "cnaps.damage"}) == set()

    @pytest.mark.parametrize("name", ["read", "serializers", "exports", "identify", "__version__"])
    def test_a_name_is_loaded_when_it_is_first_asked_for(
        self, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delattr(cnaps, name)
        assert name not in vars(cnaps)
        found = getattr(cnaps, name)
        assert vars(cnaps)[name] is found
