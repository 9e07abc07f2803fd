"""Settings are checked when they are made, and say in clear words what is wrong with them."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

pytest.importorskip("httpx")

from cnaps.links import LinkPolicy

NOT_A_NUMBER = float("nan")

WRONG: list[tuple[dict[str, Any], type[Exception], str]] = [
    (
        {"timeout": "20"},
        TypeError,
        "LinkPolicy.timeout must be a number of seconds above 0, not '20'",
    ),
    (
        {"timeout": True},
        TypeError,
        "LinkPolicy.timeout must be a number of seconds above 0, not True",
    ),
    (
        {"total_timeout": -1},
        ValueError,
        "LinkPolicy.total_timeout must be a number of seconds above 0, not -1",
    ),
    (
        {"total_timeout": NOT_A_NUMBER},
        ValueError,
        "LinkPolicy.total_timeout must be a number of seconds above 0, not nan",
    ),
    (
        {"retries": -1},
        ValueError,
        "LinkPolicy.retries must be a whole number, at least 0, not -1",
    ),
    (
        {"concurrency": 0},
        ValueError,
        "LinkPolicy.concurrency must be a whole number, at least 1, not 0",
    ),
    (
        {"per_host": 1.5},
        TypeError,
        "LinkPolicy.per_host must be a whole number, at least 1, not 1.5",
    ),
    (
        {"max_redirects": False},
        TypeError,
        "LinkPolicy.max_redirects must be a whole number, at least 0, not False",
    ),
    (
        {"host_rates": {"a.example": 0}},
        ValueError,
        "LinkPolicy.host_rates must be requests per second above 0 for 'a.example', not 0",
    ),
    (
        {"host_rates": {"a.example": "1/s"}},
        TypeError,
        "LinkPolicy.host_rates must be requests per second above 0 for 'a.example', not '1/s'",
    ),
    (
        {"allow_private": 1},
        TypeError,
        "LinkPolicy.allow_private must be True or False, not 1",
    ),
    (
        {"include": 3},
        TypeError,
        "LinkPolicy takes patterns as an iterable of str, not 3",
    ),
    (
        {"exclude": ["("]},
        ValueError,
        "LinkPolicy cannot use the pattern '(': missing ), unterminated subpattern at position 0",
    ),
    (
        {"headers": {"Authorization": "Bearer hush"}},
        ValueError,
        (
            "LinkPolicy.headers would send 'Authorization' to every host; name the host that may "
            "have it: {'example.org': {'Authorization': …}}"
        ),
    ),
    (
        {"headers": {"X": "1\r\nY: 2"}},
        ValueError,
        "LinkPolicy.headers['X'] must be printable ASCII in one line",
    ),
    (
        {"headers": {"a.example": {"X": 1}}},
        TypeError,
        "LinkPolicy.headers must be names with str values, not {'X': 1}",
    ),
    (
        {"headers": {1: {"X": "hush"}}},
        TypeError,
        "LinkPolicy.headers must be names and hosts as str, not 1",
    ),
    ({"headers": {"A B": "1"}}, ValueError, "LinkPolicy.headers cannot set 'A B'"),
    ({"headers": {"Host": "b.example"}}, ValueError, "LinkPolicy.headers cannot set 'Host'"),
    ({"github_token": 5}, TypeError, "LinkPolicy.github_token must be str or None"),
    (
        {"github_token": "a b"},
        ValueError,
        "LinkPolicy.github_token must be printable ASCII without blanks",
    ),
    (
        {"soft_404": "yes"},
        TypeError,
        "LinkPolicy.soft_404 must be True, False or a mapping of hosts to texts, not 'yes'",
    ),
    (
        {"soft_404": {"a.example": [""]}},
        TypeError,
        (
            "LinkPolicy.soft_404 must be True, False or a mapping of hosts to texts, "
            "not {'a.example': ('',)}"
        ),
    ),
    (
        {"offline": True},
        ValueError,
        "LinkPolicy.offline answers from the cache: name its file as `cache`",
    ),
]


@pytest.mark.parametrize(("settings", "kind", "message"), WRONG)
def test_wrong_settings(settings: dict[str, Any], kind: type[Exception], message: str) -> None:
    with pytest.raises(kind) as caught:
        LinkPolicy(**settings)
    assert str(caught.value) == message


def test_the_message_about_a_secret_does_not_show_it() -> None:
    with pytest.raises(ValueError, match="printable") as caught:
        LinkPolicy(headers={"a.example": {"Authorization": "hush\n"}})
    assert "hush" not in str(caught.value)


def test_secrets_are_not_shown() -> None:
    policy = LinkPolicy(github_token="hush", headers={"a.example": {"Cookie": "hush"}})
    assert "hush" not in repr(policy)


def test_settings_are_named_and_do_not_change() -> None:
    with pytest.raises(TypeError):
        LinkPolicy(5)  # type: ignore[call-arg]
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        LinkPolicy().timeout = 5  # type: ignore[misc]


def test_what_is_handed_in_is_copied() -> None:
    rates = {"A.Example.": 2.0}
    policy = LinkPolicy(host_rates=rates)
    rates.clear()
    assert policy.host_rates == {"a.example": 2.0}


def test_patterns_may_be_compiled_and_one_may_stand_alone() -> None:
    policy = LinkPolicy(include=r"\.pdf$", exclude=[re.compile("draft")])
    assert [pattern.pattern for pattern in (*policy.include, *policy.exclude)] == [
        r"\.pdf$",
        "draft",
    ]


def test_texts_of_soft_404_pages() -> None:
    policy = LinkPolicy(soft_404={"A.Example": "gone", "b.example": ["x", "y"]})
    assert policy.soft_404 == {"a.example": ("gone",), "b.example": ("x", "y")}


def test_the_cache_is_a_path() -> None:
    assert LinkPolicy(cache="links.db", offline=True).cache == Path("links.db")


@pytest.mark.parametrize("names", [("GITHUB_TOKEN",), ("GH_TOKEN",), ("GH_TOKEN", "GITHUB_TOKEN")])
def test_a_token_comes_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    for name in ("GH_TOKEN", "GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    assert LinkPolicy().github_token is None
    for name in names:
        monkeypatch.setenv(name, f"of-{name}")
    assert LinkPolicy().github_token == f"of-{names[0]}"
    assert LinkPolicy(github_token=None).github_token is None


def test_every_setting_has_a_line_of_documentation() -> None:
    documented = set(re.findall(r"^    (\w+): ", inspect.getdoc(LinkPolicy) or "", re.MULTILINE))
    assert documented == {field.name for field in attrs.fields(LinkPolicy)}


def test_a_policy_keeps_its_headers_to_itself() -> None:
    headers = {"X-Own": "1"}
    policy = LinkPolicy(headers=headers)
    headers["Authorization"] = "hush"
    assert dict(policy.headers) == {"X-Own": "1"}
