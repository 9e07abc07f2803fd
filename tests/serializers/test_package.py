"""The package `cnaps.serializers`: its names, and what importing it costs."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cnaps import serializers


def test_the_public_names_exist() -> None:
    assert dir(serializers) == sorted(serializers.__all__)
    for name in serializers.__all__:
        assert getattr(serializers, name) is not None


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match=r"module 'cnaps\.serializers' has no attribute 'xml'"):
        serializers.xml  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import cnaps", False),
        ("import cnaps.serializers.json", True),
        ("import cnaps; cnaps.serializers.json", True),
    ],
)
def test_cattrs_waits_until_it_is_needed(statement: str, loaded: bool) -> None:
    program = f"import sys; {statement}; print('cattrs' in sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == str(loaded)
