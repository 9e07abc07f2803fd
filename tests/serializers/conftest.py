from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.serializers.formats import TABLE, WAYS, functions, name_of

if TYPE_CHECKING:
    from tests.serializers.formats import Functions

ONE = [way for way in WAYS if TABLE[name_of(way)][0]]
MANY = [way for way in WAYS if TABLE[name_of(way)][1]]


@pytest.fixture(scope="session", params=ONE)
def one(request: pytest.FixtureRequest) -> Functions:
    """The functions of a format for one value."""
    return functions(request.param)


@pytest.fixture(scope="session", params=[way for way in ONE if way != "msgpack"])
def one_of_text(request: pytest.FixtureRequest) -> Functions:
    """Those of a format that is text."""
    return functions(request.param)


@pytest.fixture(scope="session", params=[way for way in ONE if way != "toml"])
def one_with_null(request: pytest.FixtureRequest) -> Functions:
    """Those of a format that has null, and more than objects at the top."""
    return functions(request.param)


@pytest.fixture(scope="session", params=MANY)
def many(request: pytest.FixtureRequest) -> Functions:
    """The functions of a format for a stream."""
    return functions(request.param, stream=True)
