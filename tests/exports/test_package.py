"""The package `cnaps.exports`: its names, what they load, and what they say without a library."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cnaps import exports


def test_the_public_names_exist() -> None:
    assert dir(exports) == sorted(exports.__all__)
    for name in exports.__all__:
        assert getattr(exports, name).__name__ == name


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match=r"module 'cnaps\.exports' has no attribute 'marc'"):
        exports.marc  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import cnaps", ""),
        ("from cnaps.exports import bibtex, csl_json, ris", ""),
        ("from cnaps.exports import csl_json; csl_json()", "pylatexenc"),
        ("from cnaps.exports import ris; ris()", "pylatexenc"),
        ("from cnaps.exports import bibtex; bibtex()", "bibtexparser pylatexenc"),
    ],
)
def test_libraries_wait_until_they_are_needed(statement: str, loaded: str) -> None:
    for library in loaded.split():
        pytest.importorskip(library)
    libraries = {"bibtexparser", "pylatexenc"}
    program = f"import sys; {statement}; print(*({libraries} & sys.modules.keys()))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(result.stdout.split()) == set(loaded.split())


@pytest.mark.parametrize(
    ("name", "library"),
    [("bibtex", "bibtexparser"), ("csl_json", "pylatexenc"), ("ris", "pylatexenc")],
)
def test_without_the_library_an_error_says_what_to_install(
    name: str, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in list(sys.modules):
        if module.startswith((f"{library}.", "cnaps.exports._latex")):
            monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, library, None)  # as if it were not installed
    with pytest.raises(ImportError) as caught:
        getattr(exports, name)()
    assert str(caught.value) == (
        f"cnaps.exports.{name} needs {library}: python -m pip install 'cnaps[exports]'"
    )
