"""How Sphinx builds the documentation."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx

project = "cnaps"
author = "The cnaps authors"
project_copyright = f"2026 {author}"
release = metadata.version("cnaps")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples"]

html_theme = "furo"
html_title = f"cnaps {release}"

myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_mock_imports = ["inspect_ai"]
napoleon_use_ivar = True

# Every reference to something of ours must lead somewhere. Those to other projects are left
# alone: to resolve them takes the network.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!cnaps\b).*"), ("py:class", r"cnaps\..*\.V")]  # V: a TypeVar


def setup(app: Sphinx) -> None:
    """Let docstrings put code between single backticks, as Markdown does, backslashes and all."""
    app.connect("autodoc-process-docstring", _with_double_backticks, priority=400)


def _with_double_backticks(*arguments: list[str]) -> None:
    lines = arguments[-1]
    text = re.sub(r"(?<!`)`([^`]+)`(?!`)", r"``\1``", "\n".join(lines))
    lines[:] = text.split("\n")
