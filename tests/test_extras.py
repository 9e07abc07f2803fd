"""What users are told where a library is not installed."""

from __future__ import annotations

import pickle
from importlib import import_module

import pytest

from cnaps._extras import needs


def test_a_missing_library_is_named_with_the_extra_that_brings_it() -> None:
    with pytest.raises(ModuleNotFoundError) as caught, needs("games", "cnaps.chess"):
        import_module("chess_of_the_future.openings")
    assert str(caught.value) == (
        "cnaps.chess needs chess_of_the_future: python -m pip install 'cnaps[games]'"
    )
    assert caught.value.name == "chess_of_the_future"
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'cnaps.chess'", name="cnaps.chess"),
        ModuleNotFoundError("something else"),
        ImportError("cannot import name 'mate' from 'chess'", name="chess"),
        ValueError("no move"),
    ],
    ids=repr,
)
def test_other_errors_stay_as_they_are(error: Exception) -> None:
    with pytest.raises(type(error)) as caught, needs("games", "cnaps.chess"):
        raise error
    assert caught.value is error


def test_nothing_happens_where_nothing_is_missing() -> None:
    with needs("games", "cnaps.chess"):
        assert import_module("json")
