"""Which rules count for which files, as a project says it.

Settings stand in `cnaps.toml`, or in the table `[tool.cnaps]` of `pyproject.toml`:

    select = ["CN0", "CN1", "CN3"]
    ignore = ["CN202"]
    exclude = ["notes/"]
    baseline = "baseline.json"

    [per-path-ignores]
    "drafts/**" = ["CN4"]
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from fnmatch import translate
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from cnaps.errors import SettingsError
from cnaps.rules import select_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from os import PathLike

__all__ = ["Settings", "find_settings", "read_settings"]

_OWN_FILE = "cnaps.toml"
_PROJECT_FILE = "pyproject.toml"
_KEYS = ("baseline", "exclude", "ignore", "per-path-ignores", "select")


@frozen
class Settings:
    """What a project says about rules.

    Attributes:
        select: The codes to look for, or how they start; None for all.
        ignore: The codes not to look for, in the same way.
        per_path_ignores: Patterns of paths, each with the codes not to look for in files there,
            whatever is selected.
        exclude: Patterns of paths that are not looked at where a folder stands for its files.
        baseline: The file with the findings that are known, or None.
        path: The file that the settings come from, or None where there is none.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_path_ignores: Mapping[str, tuple[str, ...]] = field(factory=dict)
    exclude: tuple[str, ...] = ()
    baseline: Path | None = None
    path: Path | None = None

    def ignored_at(self, path: str | PathLike[str]) -> tuple[str, ...]:
        """Return the codes not to look for in a file: those of `ignore`, and those of its path.

        A pattern says where the file lies from the folder of the settings. In it `*` stands for
        any characters but slashes, `?` for one of them, and `**` for any number of folders. One
        that ends in a slash means all in that folder, and one without any slash means files of
        that name in every folder.

        The codes of its path are there in full: they hold whatever is selected.

        >>> settings = Settings(ignore=("CN202",), per_path_ignores={"drafts/": ("CN0", "CN403")})
        >>> settings.ignored_at("drafts/rain/prompt.txt")
        ('CN202', 'CN001', 'CN002', 'CN003', 'CN403')
        """
        if not self.per_path_ignores:
            return self.ignore
        names = self._names(path)
        more = [
            rule.code
            for pattern, codes in self.per_path_ignores.items()
            if _fits(names, _steps(pattern))
            for rule in select_rules(codes)
        ]
        return (*self.ignore, *more)

    def excludes(self, path: str | PathLike[str]) -> bool:
        """Tell whether a file is not to be looked at where a folder stands for its files.

        The patterns are written as those that `ignored_at` takes.

        >>> settings = Settings(exclude=("drafts/", "requirements.txt"))
        >>> settings.excludes("a/requirements.txt"), settings.excludes("prompt.txt")
        (True, False)
        """
        if not self.exclude:
            return False
        names = self._names(path)
        return any(_fits(names, _steps(pattern)) for pattern in self.exclude)

    def _names(self, path: str | PathLike[str]) -> list[str]:
        """Return the names of the folders that lead to a file from that of the settings."""
        return _place(Path(path), self.path).split("/")


def _place(path: Path, settings: Path | None) -> str:
    """Return where a file lies from the folder of the settings, with slashes."""
    if settings is None:
        return path.as_posix()
    path = _absolute(path)
    try:
        return path.relative_to(_absolute(settings).parent).as_posix()
    except ValueError:  # it lies elsewhere, so that only its name can be meant
        return path.as_posix()


def _absolute(path: str | PathLike[str]) -> Path:
    """Return a path from the root; `..` in it would hide which folders are above it."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - `Path.absolute` leaves them in


@lru_cache(maxsize=256)
def _steps(glob: str) -> tuple[re.Pattern[str] | None, ...]:
    """Return the patterns of the folders and the file that a glob names; None is `**`."""
    if glob.endswith("/"):
        glob += "**"
    if glob.endswith("/**"):
        glob += "/*"  # what is in a folder, not the folder
    if "/" not in glob:
        glob = f"**/{glob}"
    return tuple(
        None if step == "**" else re.compile(translate(step.replace("[", "[[]")))
        for step in glob.split("/")
    )


def _fits(names: Sequence[str], steps: Sequence[re.Pattern[str] | None]) -> bool:
    """Tell whether a path fits a glob.

    What does not fit is tried again with the last `**` standing for one folder more; an earlier
    one need not be looked at again.
    """
    name = step = 0
    after_stars, covered = -1, 0
    while name < len(names):
        pattern = steps[step] if step < len(steps) else None
        if step < len(steps) and pattern is None:
            after_stars, covered = step + 1, name
            step += 1
        elif pattern is not None and pattern.match(names[name]):
            name += 1
            step += 1
        elif after_stars >= 0:
            covered += 1
            name, step = covered, after_stars
        else:
            return False
    return all(pattern is None for pattern in steps[step:])


def find_settings(path: str | PathLike[str]) -> Settings:
    """Return the settings for a file or a folder: those of the nearest file above it.

    In one folder `cnaps.toml` comes before `pyproject.toml`, and a `pyproject.toml` without
    `[tool.cnaps]` is passed over. Where there is no such file, nothing is said.

    Raises:
        OSError: If a file is there and cannot be read.
        SettingsError: As `read_settings`.
    """
    start = _absolute(path)
    for folder in (start, *start.parents):
        for name in (_OWN_FILE, _PROJECT_FILE):
            file = folder / name
            if file.is_file() and (table := _table(file)) is not None:
                return _settings(file, table)
    return Settings()


def read_settings(path: str | PathLike[str]) -> Settings:
    """Return the settings of a file.

    Args:
        path: A `pyproject.toml`, or a file of any other name with the keys at its top.

    Raises:
        OSError: If it cannot be read.
        SettingsError: If it is no TOML, has a key that there is not, a value of the wrong type, a
            code that no rule has, or a pattern that no file can fit.
    """
    file = Path(path)
    return _settings(file, _table(file) or {})


def _table(file: Path) -> Mapping[str, Any] | None:
    """Return the table with the settings; None for a project that has none."""
    try:
        data = tomllib.loads(file.read_bytes().decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"it is no TOML: {error}", path=file) from None
    if file.name != _PROJECT_FILE:
        return data
    tool = data.get("tool")
    table = tool.get("cnaps") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise SettingsError("it is no table", path=file, key="tool.cnaps")
    return table


def _settings(file: Path, table: Mapping[str, Any]) -> Settings:
    for key in table:
        if key not in _KEYS:
            near = get_close_matches(key.replace("_", "-"), _KEYS, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"the keys are {', '.join(_KEYS)}"
            raise SettingsError("there is no such key", path=file, key=key, hint=hint)
    paths = table.get("per-path-ignores", {})
    if not isinstance(paths, dict):
        raise _wrong_type(file, "per-path-ignores", "a table of patterns and lists of codes", paths)
    exclude = _strings(file, "exclude", "a list of patterns", table.get("exclude", []))
    _try_patterns(file, "exclude", exclude)
    _try_patterns(file, "per-path-ignores", paths)
    baseline = table.get("baseline")
    if not isinstance(baseline, str | None):
        raise _wrong_type(file, "baseline", "the path of a file", baseline)
    return Settings(
        select=_codes(file, "select", table["select"]) if "select" in table else None,
        ignore=_codes(file, "ignore", table.get("ignore", [])),
        per_path_ignores={
            pattern: _codes(file, f"per-path-ignores.{pattern!r}", codes)
            for pattern, codes in paths.items()
        },
        exclude=exclude,
        baseline=None if baseline is None else file.parent / baseline,
        path=file,
    )


def _codes(file: Path, key: str, value: object) -> tuple[str, ...]:
    codes = _strings(file, key, "a list of codes", value)
    try:
        select_rules(codes)
    except ValueError as error:
        raise SettingsError(str(error), path=file, key=key) from None
    return codes


def _strings(file: Path, key: str, wanted: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong_type(file, key, wanted, value)
    return tuple(value)


def _try_patterns(file: Path, key: str, patterns: Iterable[str]) -> None:
    """Raise SettingsError for a pattern that no path from the folder of the settings fits."""
    for pattern in patterns:
        if not {"", ".", ".."}.isdisjoint(pattern.removesuffix("/").split("/")):
            hint = "patterns start at the folder of the settings: 'drafts/', 'a/*.txt', '**/b/'"
            raise SettingsError(f"{pattern!r} fits no file", path=file, key=key, hint=hint)


def _wrong_type(file: Path, key: str, wanted: str, got: object) -> SettingsError:
    return SettingsError(f"it takes {wanted}, not {got!r}", path=file, key=key)
