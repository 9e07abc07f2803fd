"""What prompts and answers cite or say, for other programs.

    bibtex(*sources)    a bibliography for LaTeX
    csl_json(*sources)  one for Zotero, Pandoc and citeproc
    ris(*sources)       one for all other reference managers
    chat(pairs, split=…)  rows to train a chat model on

Each source of the first three is a Document, a value, or an iterable of them. There is one record
for each work, however many entries cite it in however many spellings.

>>> from cnaps import ModelRef, exports
>>> print(exports.bibtex(ModelRef("SwinIR", github="https://github.com/JingyunLiang/SwinIR.git")))
@software{github:jingyunliang/swinir,
  title = {{SwinIR}},
  url = {https://github.com/JingyunLiang/SwinIR}
}
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnaps.exports._bibtex import bibtex
    from cnaps.exports._chat import Chat, Refused, chat
    from cnaps.exports._csl_json import csl_json
    from cnaps.exports._ris import ris

__all__ = ["Chat", "Refused", "bibtex", "chat", "csl_json", "ris"]

# Each is loaded when it is first asked for, with the libraries that it needs and no others.
_LOADED_LATER = {
    "Chat": "cnaps.exports._chat",
    "Refused": "cnaps.exports._chat",
    "bibtex": "cnaps.exports._bibtex",
    "chat": "cnaps.exports._chat",
    "csl_json": "cnaps.exports._csl_json",
    "ris": "cnaps.exports._ris",
}


if not TYPE_CHECKING:  # a type checker would take it that there is every name

    def __getattr__(name: str) -> object:
        if name not in _LOADED_LATER:
            message = f"module 'cnaps.exports' has no attribute {name!r}"
            raise AttributeError(message)
        found = globals()[name] = getattr(import_module(_LOADED_LATER[name]), name)
        return found


def __dir__() -> list[str]:
    return __all__
