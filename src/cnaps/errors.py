r"""What can go wrong, by whose fault it is.

    CnapsError
    ├── ParseError     a file is at fault: neither a prompt nor an answer, or not UTF-8
    ├── SchemaError    a serialised value is at fault: wrong fields, types or version
    ├── RenderError    a value is at fault: no file of that dialect can hold it
    ├── SettingsError  a file of settings, or a baseline, is at fault
    └── PluginError    a package that brings rules is at fault

The first four are `ValueError`s as well. A wrong argument (an unknown dialect, a list where a tuple
belongs) is the caller's fault and raises the built-in `TypeError`, `ValueError` or `KeyError`.

Every error keeps what it knows as attributes, prints all of it, and survives pickling.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from cnaps.frames import code_frame, visible

if TYPE_CHECKING:
    from os import PathLike

__all__ = [
    "CnapsError",
    "Notice",
    "ParseError",
    "PluginError",
    "Problem",
    "RenderError",
    "SchemaError",
    "SchemaWarning",
    "SettingsError",
]


def _rebuild(
    kind: type[CnapsError], fields: dict[str, Any], notes: dict[str, list[str]]
) -> CnapsError:
    error = kind(**fields)
    error.__dict__.update(notes)
    return error


class CnapsError(Exception):
    """The root of all errors that cnaps raises on its own account."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle by keyword, so that every attribute comes back, and notes as well."""
        fields = dict(self.__dict__)
        if not fields:
            return type(self), self.args
        notes = {"__notes__": fields.pop("__notes__")} if "__notes__" in fields else {}
        return _rebuild, (type(self), fields, notes)


class ParseError(CnapsError, ValueError):
    r"""The input is neither a prompt nor an answer, or it is not UTF-8.

    Attributes:
        reason: What is wrong, in one line.
        offset: Where, as an offset in characters; in bytes where the input is not UTF-8.
        line: The line of that place, from 1.
        column: Its column, from 1, in characters.
        source: The text of that line, without its line end.
        dialect: The dialect that came nearest, or None.
        expected: What that dialect has at this place, or None.
        hint: What to do about it, or None.
        path: The file, or None where the input did not come from one.

    >>> import cnaps
    >>> cnaps.parse("Dear all,\n")
    Traceback (most recent call last):
        ...
    cnaps.errors.ParseError: <input>:1:1: neither a prompt nor an answer; answer-2 comes nearest
      1 | Dear all,
        | ^ expected '🧠 **User Question:**'
    hint: answer-2 is recognised by its fixed wording; also missing: ...
    """

    def __init__(
        self,
        reason: str,
        *,
        offset: int = 0,
        line: int = 1,
        column: int = 1,
        source: str = "",
        dialect: str | None = None,
        expected: str | None = None,
        hint: str | None = None,
        path: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.line = line
        self.column = column
        self.source = source
        self.dialect = dialect
        self.expected = expected
        self.hint = hint
        self.path = path

    def __str__(self) -> str:
        place = "<input>" if self.path is None else visible(str(self.path))
        label = "" if self.expected is None else f"expected {self.expected!r}"
        frame = code_frame(self.source, self.line, self.column, label=label)
        hint = "" if self.hint is None else f"\nhint: {self.hint}"
        return f"{place}:{self.line}:{self.column}: {self.reason}\n{frame}{hint}"


class RenderError(CnapsError, ValueError):
    r"""A value that no file of the dialect can hold: reading it back would give another value.

    Attributes:
        field: The field at fault, as a path: `papers[1].summary`.
        reason: Why the dialect cannot hold it.
        dialect: The dialect that was asked for.
        hint: What to change.

    >>> import cnaps
    >>> question = cnaps.Question("Which model removes rain?")
    >>> cnaps.render(cnaps.PromptSpec(question, (cnaps.ModelRef("De\nrain"),)))
    Traceback (most recent call last):
        ...
    cnaps.errors.RenderError: models[0].name does not fit into prompt-1: it holds a line break at
    character 2, and this field is one line
    hint: replace the line break by a space
    """

    def __init__(self, reason: str, *, field: str, dialect: str, hint: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.field = field
        self.dialect = dialect
        self.hint = hint

    def __str__(self) -> str:
        hint = "" if self.hint is None else f"\nhint: {self.hint}"
        return f"{self.field} does not fit into {self.dialect}: {self.reason}{hint}"


class Problem(NamedTuple):
    """One thing that is wrong with a serialised value.

    Attributes:
        path: Where in the value: `papers[2].title`, or "" for the whole.
        message: What: `expected str, got 3`.
        place: Where in a stream of values the value stands: `line 3`; "" outside of streams.
    """

    path: str
    message: str
    place: str = ""

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.place, self.path, self.message)))


class Notice(NamedTuple):
    """One thing that reading a serialised value of another schema version changed.

    Attributes:
        path: Where in the value: `papers[2]`, or "" for the whole.
        message: What: `unknown key 'venue' passed over`.
        place: Where in a stream of values the value stands: `line 3`; "" outside of streams.
    """

    path: str
    message: str
    place: str = ""

    def __str__(self) -> str:
        return str(Problem(*self))


class SchemaWarning(UserWarning):
    """Something in a serialised value of a newer schema version was passed over."""


class SchemaError(CnapsError, ValueError):
    """A serialised value does not have the shape it must have.

    Attributes:
        problems: Everything that is wrong, in the order of the input; never empty.
        format: The format that was read, such as "json".
        path: The file, or None where the input did not come from one.
    """

    def __init__(
        self,
        problems: tuple[Problem, ...],
        *,
        format: str,  # noqa: A002 - the word that users know it by
        path: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__(problems)
        self.problems = problems
        self.format = format
        self.path = path

    def __str__(self) -> str:
        place = "" if self.path is None else f"{visible(str(self.path))}: "
        count = len(self.problems)
        if count == 1:
            return f"{place}{self.problems[0]}"
        listing = "".join(f"\n  - {problem}" for problem in self.problems)
        return f"{place}{count} problems in this {self.format}:{listing}"


class SettingsError(CnapsError, ValueError):
    """A file of settings, or a baseline, does not say what it should.

    Attributes:
        reason: What is wrong.
        path: The file.
        key: The key at fault, such as "per-path-ignores", or None where all of it is.
        hint: What to do about it, or None.
    """

    def __init__(
        self,
        reason: str,
        *,
        path: str | PathLike[str],
        key: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.path = path
        self.key = key
        self.hint = hint

    def __str__(self) -> str:
        key = "" if self.key is None else f"{self.key}: "
        hint = "" if self.hint is None else f"\nhint: {self.hint}"
        return f"{visible(str(self.path))}: {key}{self.reason}{hint}"


class PluginError(CnapsError):
    """Rules of another package cannot be used.

    Attributes:
        plugin: The plug-in and its package, or the rule that failed.
        reason: What is wrong.
    """

    def __init__(self, plugin: str, reason: str) -> None:
        super().__init__(reason)
        self.plugin = plugin
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.plugin}: {self.reason}"
