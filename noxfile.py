"""What a change must pass: `nox` runs all of it, `nox -l` lists the parts.

Sessions for a Python that is not installed are skipped. What follows `--` is handed to the tool.
"""

from __future__ import annotations

import shutil
import tarfile
from itertools import chain
from pathlib import Path

import nox

PYPROJECT = nox.project.load_toml("pyproject.toml")
PYTHONS = nox.project.python_versions(PYPROJECT)
DIST = Path("dist")

nox.needs_version = ">=2025.2"
nox.options.error_on_missing_interpreters = False
nox.options.sessions = [
    "lint",
    "typing",
    "tests",
    "coverage",
    "lowest",
    "doctests",
    "docs",
    "build",
]


def groups(*names: str) -> tuple[str, ...]:
    """Return what the named dependency groups ask for."""
    return nox.project.dependency_groups(PYPROJECT, *names)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style and formatting."""
    session.install(*groups("lint"))
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")


@nox.session
def typing(session: nox.Session) -> None:
    """Check types with mypy and pyright, and that everything public has one."""
    session.install("-e", ".[all]", *groups("tests", "typing"))
    session.run("mypy")
    session.run("pyright")
    session.run("pyright", "--verifytypes", "cnaps", "--ignoreexternal")


@nox.session(python=PYTHONS)
@nox.parametrize("extras", [nox.param("", id="bare"), nox.param("[all]", id="all")])
def tests(session: nox.Session, extras: str) -> None:
    """Run the tests with and without the extras, and record what they cover."""
    session.install("-e", f".{extras}", *groups("tests"))
    # Reproducible examples: coverage must not depend on luck.
    env = {"HYPOTHESIS_PROFILE": "ci"}
    session.run("coverage", "run", "-m", "pytest", *(session.posargs or ["tests"]), env=env)


@nox.session
def coverage(session: nox.Session) -> None:
    """Demand that the test sessions together cover every line and branch."""
    session.install(*groups("tests"))
    session.run("coverage", "combine")
    session.run("coverage", "report")


@nox.session(python=PYTHONS[0])
def lowest(session: nox.Session) -> None:
    """Run the tests with the oldest dependencies that are allowed, on the oldest Python."""
    project = PYPROJECT["project"]
    extras = [bounds for name, bounds in project["optional-dependencies"].items() if name != "all"]
    pins = [bound.replace(">=", "==") for bound in chain(project["dependencies"], *extras)]
    # In two steps: all at once is too much for pip's resolver.
    session.install("-e", ".[all]", *pins)
    session.install(*pins, *groups("tests"))
    session.run("pytest", "tests", *session.posargs)


@nox.session
def doctests(session: nox.Session) -> None:
    """Run the examples in README.md, in docs/ and in docstrings."""
    session.install("-e", ".[all]", *groups("tests"))
    session.run("pytest", "README.md", "docs", "src", *session.posargs)


@nox.session
def properties(session: nox.Session) -> None:
    """Try the laws on very many examples; takes long."""
    session.install("-e", ".[all]", *groups("tests"))
    env = {"HYPOTHESIS_PROFILE": "thorough"}
    session.run("pytest", "tests", "-m", "hypothesis", *session.posargs, env=env)


@nox.session
def integrations(session: nox.Session) -> None:
    """Run the tests of integrations with the programs themselves."""
    session.install("-e", ".", *groups("integrations", "tests"))
    session.run("pytest", "tests/integrations", *session.posargs)


@nox.session
def benchmarks(session: nox.Session) -> None:
    """Measure speed and memory against their limits."""
    session.install(".[all]", *groups("benchmarks", "tests"))
    session.run("python", "-m", "tests.benchmarks", *session.posargs)


@nox.session
def docs(session: nox.Session) -> None:
    """Build the documentation as HTML in docs/_build."""
    session.install("-e", ".[all]", *groups("docs"))
    session.run("sphinx-build", "-W", "--keep-going", "-b", "html", "docs", "docs/_build")


@nox.session
def build(session: nox.Session) -> None:
    """Build the distributions, check them, and have the `wheel` session test them."""
    session.install(*groups("build"))
    shutil.rmtree(DIST, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(DIST))
    session.run("twine", "check", "--strict", *map(str, DIST.iterdir()))
    session.notify("wheel")


@nox.session
def wheel(session: nox.Session) -> None:
    """Test the built wheel in a clean environment, from the built archive without its src/."""
    (built,) = DIST.glob("*.whl")
    (archive,) = DIST.glob("*.tar.gz")
    session.install(f"{built}[all]", *groups("tests"))
    folder = Path(session.create_tmp(), archive.name.removesuffix(".tar.gz"))
    shutil.rmtree(folder, ignore_errors=True)
    with tarfile.open(archive) as files:
        files.extractall(folder.parent, filter="data")
    shutil.rmtree(folder / "src")
    session.chdir(folder)
    session.run("pytest", *session.posargs)
