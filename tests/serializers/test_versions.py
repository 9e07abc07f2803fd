"""Schema versions: which ones are read, and what is said about the others."""

from __future__ import annotations

import pytest
from packaging.version import Version

from cnaps.serializers import SCHEMA_VERSION
from cnaps.serializers._envelope import version_problem


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_the_same_major_and_not_newer_is_read(version: str) -> None:
    assert version_problem(version, current=Version("1.2")) is None


def test_what_is_written_is_read() -> None:
    assert version_problem(SCHEMA_VERSION) is None


@pytest.mark.parametrize("version", ["1.3", "1.10", "2.0"])
def test_a_newer_one_asks_for_a_newer_cnaps(version: str) -> None:
    assert version_problem(version, current=Version("1.2")) == (
        f"expected '1.0' to '1.2', which this cnaps reads, got '{version}': install a newer cnaps"
    )


def test_a_newer_major_than_any_before() -> None:
    assert version_problem("0.9") == "expected '1.0', which this cnaps reads, got '0.9'"


@pytest.mark.parametrize(
    "version",
    [
        *("", "1", "one", "1.0.0", "v1.0", " 1.0", "1.0\n", "01.0", "1.0rc1", "1.0+x", "1!1.0"),
        *("1.٠", "9" * 5_000 + ".0", "1.0" * 100_000, None, 1.0, 1, True, [], ["1.0"], {}),
    ],
    ids=lambda version: ascii(version)[:20],
)
def test_anything_else_is_no_version(version: object) -> None:
    problem = version_problem(version)
    assert problem is not None
    assert problem.startswith("expected '1.0', which this cnaps reads, got ")
    assert len(problem) < 100
