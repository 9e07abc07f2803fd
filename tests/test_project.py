"""The files around the package agree with one another and with the package."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.version import Version

ROOT = Path(__file__).parent.parent


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_only_four_packages_are_needed_at_run_time() -> None:
    requirements = map(Requirement, metadata.requires("cnaps") or [])
    needed = {requirement.name for requirement in requirements if requirement.marker is None}
    assert needed == {"attrs", "cattrs", "ftfy", "packaging"}


def test_the_extra_all_holds_every_other_extra() -> None:
    extras = tomllib.loads(read("pyproject.toml"))["project"]["optional-dependencies"]
    (everything,) = map(Requirement, extras.pop("all"))
    assert everything.name == "cnaps"
    assert everything.extras == extras.keys()


def test_the_changelog_is_open_and_its_newest_release_is_this_one() -> None:
    newest, *released = re.findall(r"^## (.*)$", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert newest == "Unreleased"
    versions = [Version(heading.partition(" ")[0]) for heading in released]
    assert versions == sorted(versions, reverse=True)
    assert versions[:1] in ([], [Version(metadata.version("cnaps"))])


def test_continuous_integration_runs_the_line_that_the_readme_gives() -> None:
    command = read(".ci/run").splitlines()[-1]
    assert command.endswith("pytest")
    assert f"```sh\n{command}\n```" in read("README.md")


def test_ruff_has_the_same_version_in_both_places() -> None:
    pin = re.compile(r"ruff==([\d.]+)")
    versions = pin.findall(read("pyproject.toml")) + pin.findall(read(".pre-commit-config.yaml"))
    assert len(versions) > 1
    assert len(set(versions)) == 1
