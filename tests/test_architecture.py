"""Imports only point down.

`LAYERS` is the map of the house, from the ground up: a module imports from the layers below its
own, never from its own layer or one above, at whatever time. Imports that serve type checkers
alone are free. `OUTSIDE` says who may use which other package.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import cnaps

LAYERS: list[set[str]] = [
    # Know nothing of one another, nor of files.
    {
        "spans",
        "frames",
        "values",
        "wording",
        "dialects.parts",
        "_files",
        "_extras",
        "aligning",
    },
    # What went wrong or was noticed, and where.
    {"errors", "diagnostics", "marks", "framing", "pairing"},
    # Bytes to text: damage is found and undone.
    {"damage"},
    {"text"},
    # The formats as data.
    {"dialects.prompt_1", "dialects.prompt_2", "dialects.answer_1", "dialects.answer_2"},
    {"dialects"},
    # What follows from that data: two readers, the wording of each part, edits.
    {"_unchecked", "writing", "nodes"},
    {"exact", "tolerant", "editing", "placing"},
    {"reading"},
    {"rendering"},
    # Links: from their text to what they lead to. They know nothing of files.
    {"identifiers._keeping", "identifiers._links", "identifiers._kinds"},
    {"identifiers._papers", "identifiers._repositories"},
    {"identifiers._sites"},
    {"identifiers._compare"},
    {"identifiers"},
    # Files as users see them, with what reading them noticed.
    {"facts"},
    {"rules.encoding", "rules.structure"},
    {"document"},
    # Values and files as data.
    {"serializers._shapes", "serializers._surrogates", "serializers._io"},
    {"serializers._versions", "serializers._pairs"},
    {"serializers._converter"},
    {"serializers._documents"},
    {"serializers._envelope", "serializers._schema"},
    {"serializers._fast", "serializers._format"},
    {"serializers._streams", "serializers.json", "serializers.toml"},
    {"serializers.jsonl", "serializers.msgpack", "serializers.yaml"},
    {"serializers"},
    # Values and files for programs that know nothing of them.
    {"exports._works", "exports._latex"},
    {"exports._bibtex", "exports._csl_json", "exports._ris", "exports._chat"},
    {"exports"},
    # Links in anything, and whether they are alive; one module talks HTTP.
    {"mentions"},
    {"scanning"},
    {"responses"},
    # Prompts and answers as callers have them; how far an answer is from the derived one.
    {"_inputs"},
    {"deriving"},
    # Whether an answer kept to what its prompt offers.
    {"grounding._verdicts", "grounding._near", "grounding._names"},
    {"grounding._labels"},
    {"grounding._offers", "grounding._reasons", "grounding._show"},
    {"grounding._report"},
    {"linking"},
    {"grounding._check"},
    {"grounding"},
    # Everything that rules notice, and what to do about it.
    {"rules._pairs", "rules.references", "rules.grounding", "rules.pairing", "rules.marks"},
    {"rules._registry"},
    {"rules"},
    {"linting", "settings", "baseline"},
    {"fixing"},
    # The check in programs that run tests.
    {"integrations._failures"},
    {"integrations.pytest", "integrations.promptfoo", "integrations.inspect_ai"},
    {"integrations"},
    {"links._policy", "links._results", "links._addresses"},
    {"links._urls"},
    {"links._messages"},
    {"links._failures", "links._sites", "links._targets"},
    {"links._wire", "links._papers"},
    {"links._http"},
    {"links._verdict", "links._schedule", "links._report"},
    {"links._cache"},
    {"links._checker"},
    {"links"},
    # The public names, most of them loaded when they are first asked for.
    {"cnaps"},
    # The command is a user of the library like any other; inside it imports are free.
    {"cli"},
]

# Packages from elsewhere, and the one part that imports each; attrs is for everybody. What is not
# here, and not in the standard library, is imported nowhere.
OUTSIDE: dict[str, str | tuple[str, ...]] = {
    "attr": "",
    "attrs": "",
    "bibtexparser": "exports",
    "cattrs": "serializers",
    "cyclopts": "cli",
    "ftfy": "damage",
    "h11": "links._http",
    "h2": "links._http",
    "httpcore": "links._http",
    "httpx": "links._http",
    "markdown_it": "responses",
    "msgpack": "serializers.msgpack",
    "msgspec": "serializers._fast",
    "orjson": "serializers._fast",
    "packaging": "serializers",
    "pylatexenc": "exports",
    "rich": ("cli", "grounding._show"),
    "tomli_w": "serializers.toml",
    "yaml": "serializers.yaml",
}

ROOT = Path(cnaps.__file__).parent
RANKS = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}


def name_of(path: Path) -> str:
    """Return the name of a module as `LAYERS` has it."""
    parts = path.relative_to(ROOT.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__").removeprefix("cnaps.")


MODULES = {name_of(path): path for path in sorted(ROOT.rglob("*.py"))}


class _Imports(ast.NodeVisitor):
    """Collects what a module imports when it runs, as absolute names."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) != "TYPE_CHECKING":
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.names |= {alias.name for alias in node.names}

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        assert not node.level, "imports are absolute"
        for alias in node.names:
            inner = f"{node.module}.{alias.name}"
            is_module = inner.removeprefix("cnaps.") in MODULES
            self.names.add(inner if is_module else str(node.module))


def imports(module: str) -> set[str]:
    collected = _Imports()
    collected.visit(ast.parse(MODULES[module].read_text(encoding="utf-8")))
    return collected.names


def layer_of(module: str) -> str:
    """Return the entry of `LAYERS` for a module: it, or the part that it is inside of."""
    return module if module in RANKS else module.partition(".")[0]


def test_the_map_is_complete_and_has_nothing_that_is_not_there() -> None:
    assert {layer_of(module) for module in MODULES} == RANKS.keys()


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_point_down(module: str) -> None:
    own = layer_of(module)
    imported = {
        layer_of(name.removeprefix("cnaps."))
        for name in imports(module)
        if name.partition(".")[0] == "cnaps"
    }
    inside = {own} if own == "cli" else set()
    assert {name for name in imported - inside if RANKS[name] >= RANKS[own]} == set()


@pytest.mark.parametrize("module", MODULES)
def test_other_packages_are_imported_where_they_belong(module: str) -> None:
    packages = {name.partition(".")[0] for name in imports(module)} - {"cnaps"}
    for package in packages - sys.stdlib_module_names:
        assert f"{module}.".startswith(OUTSIDE[package])


def test_imports_inside_functions_count_and_those_for_types_do_not() -> None:
    assert "cnaps.tolerant" in imports("reading")
    assert "cnaps.document" not in imports("cnaps")
