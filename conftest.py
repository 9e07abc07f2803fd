"""Runs the examples in README.md, in docs/ and in docstrings as tests.

In Markdown these are the blocks marked `python`, one namespace per page; one that starts with
`>>>` is compared with its output. `<!-- skip: next -->` leaves the following one out.
"""

from __future__ import annotations

import shutil
from contextlib import chdir
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser
from sybil.parsers.rest import DocTestParser

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent
# Examples hold files as they come, some of them Markdown; the build holds copies of pages.
collect_ignore = ["docs/_build", "docs/examples"]

FLAGS = ELLIPSIS | NORMALIZE_WHITESPACE


@pytest.fixture(scope="module")
def beside_examples(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Work in a folder with a copy of docs/examples, so that a page may write to it."""
    folder = tmp_path_factory.mktemp("page")
    shutil.copytree(ROOT / "docs" / "examples", folder / "docs" / "examples")
    with chdir(folder):
        yield


pytest_collect_file = (
    Sybil(
        parsers=[PythonCodeBlockParser(doctest_optionflags=FLAGS), SkipParser()],
        patterns=["*.md"],
        fixtures=["beside_examples"],
    )
    + Sybil(
        path="src",
        parsers=[DocTestParser(FLAGS)],
        patterns=["*.py"],
        fixtures=["beside_examples"],
    )
).pytest()
