"""Arguments that make no sense together."""

from __future__ import annotations

__all__ = ["UsageError"]


class UsageError(Exception):
    """The command was used wrongly; the message says how."""
