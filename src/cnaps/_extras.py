"""Libraries that only some users install, and what to say when one of them is missing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["needs"]


@contextmanager
def needs(extra: str | None, feature: str) -> Generator[None, None, None]:
    """Import what a feature needs; if it is not installed, say how to install it.

    Args:
        extra: The extra of this package that brings the library; None if there is none.
        feature: What the user asked for, such as "cnaps.exports.bibtex".

    Raises ModuleNotFoundError, an ImportError, where an import inside fails for want of a library.

    >>> with needs("games", "cnaps.chess"):
    ...     import chess_of_the_future
    Traceback (most recent call last):
        ...
    ModuleNotFoundError: cnaps.chess needs chess_of_the_future: python -m pip install 'cnaps[games]'
    """
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] == "cnaps":
            raise  # a mistake of ours, which no installation repairs
        library = error.name.partition(".")[0]
        wanted = library.replace("_", "-") if extra is None else f"'cnaps[{extra}]'"
        raise ModuleNotFoundError(
            f"{feature} needs {library}: python -m pip install {wanted}", name=error.name
        ) from error
