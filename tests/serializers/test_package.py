"""The package `cnaps.serializers`: its names, and what it loads."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from cnaps import Question, serializers

# The library that a format is loaded with.
NEEDS = {"yaml": "yaml", "msgpack": "msgpack"}


def test_the_public_names_exist() -> None:
    assert dir(serializers) == sorted(serializers.__all__)
    for name in serializers.__all__:
        if name in NEEDS:
            pytest.importorskip(NEEDS[name])
        assert getattr(serializers, name) is not None


def test_a_name_that_does_not_exist() -> None:
    with pytest.raises(AttributeError, match=r"module 'cnaps\.serializers' has no attribute 'xml'"):
        serializers.xml  # type: ignore[attr-defined]  # noqa: B018


@pytest.mark.parametrize(
    ("statement", "loaded"),
    [
        ("import cnaps", ""),
        ("import cnaps.serializers", "cattrs"),
        ("import cnaps; cnaps.serializers.json", "cattrs"),
        ("from cnaps.serializers import toml; toml.dumps(cnaps.Question('?'))", "cattrs tomli_w"),
        ("from cnaps.serializers import yaml", "cattrs yaml"),
        ("from cnaps.serializers import msgpack", "cattrs msgpack"),
    ],
)
def test_libraries_wait_until_they_are_needed(statement: str, loaded: str) -> None:
    for library in loaded.split():
        pytest.importorskip(library)
    libraries = {"cattrs", "ftfy", "msgpack", "tomli_w", "yaml"}
    program = f"import sys, cnaps; {statement}; print(*({libraries} & sys.modules.keys()))"
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert set(result.stdout.split()) == set(loaded.split())


class TestMissingLibraries:
    """As if they were not installed."""

    @pytest.fixture(autouse=True)
    def afresh(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("json", "jsonl", "toml"):
            import_module(f"cnaps.serializers.{name}")  # which is what there will be again
        for name in ("json", "jsonl", "toml", "yaml", "msgpack", "_fast"):
            monkeypatch.delitem(sys.modules, f"cnaps.serializers.{name}", raising=False)
            monkeypatch.delitem(vars(serializers), name, raising=False)
        for library in ("msgpack", "msgspec", "orjson", "tomli_w", "yaml"):
            monkeypatch.setitem(sys.modules, library, None)

    @pytest.mark.parametrize("name", ["msgpack", "yaml"])
    def test_importing_the_format_says_what_to_install(self, name: str) -> None:
        message = f"cnaps.serializers.{name} needs {name}: python -m pip install 'cnaps[{name}]'"
        for way in (
            lambda: getattr(serializers, name),
            lambda: import_module(f"cnaps.serializers.{name}"),
        ):
            with pytest.raises(ModuleNotFoundError) as caught:
                way()
            assert str(caught.value) == message
            assert caught.value.name == name

    def test_toml_is_read_without_and_only_written_with_it(self) -> None:
        text = 'type = "Question"\nschema_version = "1.1"\ntext = "?"'
        assert serializers.toml.loads(text) == Question("?")
        with pytest.raises(ModuleNotFoundError) as caught:
            serializers.toml.dumps(Question("?"))
        assert str(caught.value) == (
            "cnaps.serializers.toml needs tomli_w: python -m pip install 'cnaps[toml]'"
        )

    def test_json_needs_none(self) -> None:
        assert serializers.json.loads(serializers.json.dumps(Question("?"))) == Question("?")
        text = serializers.jsonl.dumps([Question("a"), Question("b")])
        assert list(serializers.jsonl.loads(text)) == [Question("a"), Question("b")]
