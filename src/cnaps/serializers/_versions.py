"""Versions of the schema: which ones are read, and how one becomes another.

A document of an older version is upgraded, one step after the other. One of a newer minor version
is read as far as it is known; minor versions only ever add. A newer major version is refused.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from cnaps.errors import Notice
from cnaps.serializers._shapes import shown

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

__all__ = ["SCHEMA_VERSION", "STEPS", "Step", "is_newer", "parsed", "upgrade", "version_problem"]

# The version that is written.
SCHEMA_VERSION = "1.1"

_FIRST = "1.0"
_LONGEST = 20  # characters of a version; Python refuses to read numbers of some thousand digits
_CURRENT = Version(SCHEMA_VERSION)


class Step(NamedTuple):
    """What a version changed.

    Attributes:
        version: The version.
        what: What it changed, in a few words.
        apply: Turns the fields of a document of the version before into those of this one; gets
            the type and the fields, which can be anything, and leaves alone what is not as it
            should be. None where documents stay as they are.
    """

    version: str
    what: str
    apply: Callable[[str, dict[str, object]], None] | None = None


# Every version since the first, in order.
STEPS: tuple[Step, ...] = (Step("1.1", "files can be documents as well, as type 'Document'"),)


def version_problem(raw: object, current: Version = _CURRENT) -> str | None:
    """Return why a document of this schema version cannot be read, or None if it can.

    >>> version_problem("1.0")
    >>> version_problem("2.0")
    'schema 2.0 is read by cnaps 2 and newer; this cnaps reads 1.0 to 1.1 and newer 1.x'
    >>> version_problem("one")
    "expected a schema version such as '1.1', got 'one'"
    """
    version = parsed(raw)
    if version is None:
        return f"expected a schema version such as '{current}', got {shown(raw)}"
    # The promise of docs/serializers/schema-versions.md: what was ever written is read, and each
    # major version of the schema comes with that of cnaps.
    if version in SpecifierSet(f">={_FIRST},<{current.major + 1}"):
        return None
    reads = f"this cnaps reads {_FIRST} to {current} and newer {current.major}.x"
    if version < current:
        return f"no cnaps ever wrote schema {version}; {reads}"
    return f"schema {version} is read by cnaps {version.major} and newer; {reads}"


def is_newer(raw: object, current: Version = _CURRENT) -> bool:
    """Tell whether a version that can be read is newer than the one that is written."""
    version = parsed(raw)
    return version is not None and version > current


def upgrade(
    kind: str,
    fields: dict[str, object],
    version: str,
    steps: Sequence[Step] = STEPS,
) -> tuple[dict[str, object], list[Notice]]:
    """Return the fields of an older document as the current version has them, and what changed."""
    fields = {**fields}
    older = Version(version)
    notices = []
    for step in steps:
        if older < Version(step.version):
            if step.apply is not None:
                step.apply(kind, fields)
            notices.append(Notice("schema_version", f"upgraded to {step.version}: {step.what}"))
    return fields, notices


def parsed(raw: object) -> Version | None:
    """Return the version that a text such as `1.0` stands for, or None for anything else."""
    if not isinstance(raw, str) or len(raw) > _LONGEST:
        return None
    try:
        version = Version(raw)
    except InvalidVersion:
        return None
    # Version takes much more: v1.0, 1.0rc1, 1!1.0, spaces around it.
    return version if raw == f"{version.major}.{version.minor}" else None
