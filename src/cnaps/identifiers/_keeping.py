"""What functions of short texts returned, kept for the next time.

It is here because this package needs no other module of cnaps.
"""

from __future__ import annotations

from functools import lru_cache, wraps
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keeping"]

T = TypeVar("T")

_LONGEST = 256  # characters; longer texts can be of any length, and none is kept
_MOST = 16_384  # texts, of which those used last are kept


def keeping(function: Callable[[str], T]) -> Callable[[str], T]:
    """Let a function keep what it returned for short texts.

    An answer has the links and the names of its prompt, and a prompt has many answers.

    >>> from cnaps.identifiers._keeping import keeping
    >>> keeping(str.lower)("SwinIR")
    'swinir'
    """
    kept = lru_cache(maxsize=_MOST)(function)

    @wraps(function)
    def told(text: str) -> T:
        return kept(text) if len(text) <= _LONGEST else function(text)

    return told
