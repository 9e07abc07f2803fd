"""The dialects that cnaps reads and writes: revisions of the two file formats, as data.

Adding one is adding a file here and a line to `DIALECTS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.dialects.answer_1 import ANSWER_1
from cnaps.dialects.answer_2 import ANSWER_2
from cnaps.dialects.prompt_1 import PROMPT_1
from cnaps.dialects.prompt_2 import PROMPT_2

if TYPE_CHECKING:
    from cnaps.dialects.parts import Dialect

__all__ = ["DIALECTS", "dialect_for", "dialect_named"]

# The first of each kind is the one that values are rendered in, and that a file which fits several
# equally well is taken for: the newest that holds every field of its values.
DIALECTS: dict[str, Dialect] = {
    dialect.name: dialect for dialect in (PROMPT_1, ANSWER_2, ANSWER_1, PROMPT_2)
}


def dialect_named(name: str) -> Dialect:
    """Return the dialect of that name; raise ValueError where there is none."""
    try:
        return DIALECTS[name]
    except (KeyError, TypeError):
        known = ", ".join(sorted(DIALECTS))
        message = f"there is no dialect {name!r}; cnaps knows {known}"
        raise ValueError(message) from None


def dialect_for(value: object) -> Dialect:
    """Return the dialect that values of this class are rendered in; raise TypeError for others."""
    for dialect in DIALECTS.values():
        if isinstance(value, dialect.type):
            return dialect
    message = f"only a PromptSpec or an Answer is a whole file, not {type(value).__name__}"
    raise TypeError(message)
