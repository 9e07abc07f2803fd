"""The picture in the README."""

from __future__ import annotations

import html
import re
import runpy
from pathlib import Path

import pytest

pytest.importorskip("cyclopts")

IMAGES = Path(__file__).parents[2] / "docs" / "images"


def words_in(svg: str) -> list[str]:
    """The words of a picture, from top to bottom."""
    texts = re.findall(r'<text class="[^"]*-r\d+" .*? y="([\d.]+)".*?>(.*?)</text>', svg)
    texts.sort(key=lambda text: float(text[0]))  # stable: each line is in order already
    return html.unescape(" ".join(text for _, text in texts)).split()


def test_it_shows_what_the_command_prints() -> None:
    made = runpy.run_path(str(IMAGES / "make.py"))
    shown = words_in((IMAGES / "check.svg").read_text(encoding="utf-8"))
    assert shown == made["recorded"]().export_text().split(), "run python docs/images/make.py"
    assert shown[:3] == ["$", "cnaps", "check"]
