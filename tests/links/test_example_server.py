"""The server that the documentation tries the link checker on does what it says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from runpy import run_path
from typing import Any

import pytest

pytest.importorskip("httpx")

from cnaps.links import LinkPolicy, check_links

FILE = Path(__file__).parents[2] / "docs" / "examples" / "link_server.py"


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    return run_path(str(FILE), run_name="link_server")


def test_every_page_has_the_verdict_that_it_is_there_for(example: dict[str, Any]) -> None:
    pages = example["PAGES"]
    with example["serve"]() as server:
        urls = [server.url(name) for name in pages]
        report = check_links(urls, policy=LinkPolicy(allow_private=True, retries=1, per_host=1))
    assert {
        name: str(result.verdict) for name, result in zip(pages, report.results, strict=True)
    } == {name: page.verdict for name, page in pages.items()}
    assert server.asked.count("HEAD /paper") == 3  # itself, and by two redirects


def test_it_serves_until_it_is_interrupted() -> None:
    command = [sys.executable, str(FILE), "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        report = check_links(url, policy=LinkPolicy(allow_private=True))
        assert [result.verdict for result in report.results] == ["alive"]
        process.terminate()
