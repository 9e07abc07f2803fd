"""Arguments that make no sense together."""

from __future__ import annotations

__all__ = ["UsageError"]


class UsageError(Exception):
    """The command was used wrongly; the message says how.

    Attributes:
        hint: What to do about it.
    """

    def __init__(self, message: str, hint: str = "try 'cnaps --help'") -> None:
        super().__init__(message)
        self.hint = hint
