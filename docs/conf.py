"""How Sphinx builds the documentation."""

from importlib import metadata

project = "cnaps"
author = "The cnaps authors"
project_copyright = f"2026 {author}"
release = metadata.version("cnaps")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "examples"]

html_theme = "furo"
html_title = f"cnaps {release}"

myst_heading_anchors = 3

# Docstrings put names and code between single backticks, as Markdown does.
default_role = "literal"
autodoc_member_order = "bysource"
napoleon_use_ivar = True

# Every reference to something of ours must lead somewhere. Those to other projects are left
# alone: to resolve them takes the network.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!cnaps\b).*")]
