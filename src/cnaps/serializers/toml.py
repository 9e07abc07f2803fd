r'''Values and documents as TOML.

>>> from cnaps import PaperRef
>>> from cnaps.serializers import toml
>>> text = toml.dumps(PaperRef("Kākā at dusk", summary="Birds.\nAt night."))
>>> print(text, end="")
type = "PaperRef"
schema_version = "1.1"
title = "Kākā at dusk"
summary = """
Birds.
At night."""
>>> toml.loads(text)
PaperRef(title='Kākā at dusk', paper=None, github=None, summary='Birds.\nAt night.')

TOML has no null: a field that is None is left out. Reading needs nothing but the standard library;
writing needs tomli-w (the extra `toml`). The format is described at https://toml.io/en/v1.0.0.
'''

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from cnaps._extras import needs
from cnaps.serializers._format import Format, MalformedError, as_text
from cnaps.serializers._shapes import Literal
from cnaps.serializers._surrogates import texts, unencodable

__all__ = ["dump", "dumps", "load", "loads"]

_NAME = "toml"


def _encode(raw: dict[str, Any]) -> str:
    with needs("toml", "cnaps.serializers.toml"):
        import tomli_w
    # Texts over several lines are for reading; in those tomli-w writes \r\n as \n.
    readable = not any("\r" in text for _, text in texts(raw, ""))
    text = tomli_w.dumps(_without_null(raw), multiline_strings=readable)
    try:
        text.encode()
    except UnicodeEncodeError:
        raise unencodable(raw, _NAME) from None
    return text


def _without_null(raw: Any) -> Any:
    if isinstance(raw, dict):
        return {key: _without_null(item) for key, item in raw.items() if item is not None}
    return [_without_null(item) for item in raw] if isinstance(raw, list) else raw


def _decode(data: str | bytes) -> object:
    text = as_text(data)
    if _has_long_key(text):
        raise MalformedError("nested too deeply")
    try:
        return tomllib.loads(text, parse_float=Literal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        raise MalformedError(f"not TOML: {message[0].lower()}{message[1:]}") from None
    except ValueError:
        raise MalformedError("not TOML: an integer has too many digits") from None


def _has_long_key(text: str) -> bool:
    """Tell whether a key such as `a.b.c` has very many parts.

    tomllib takes time and memory for it that grow with the square of their number.
    """
    keys = _NEXT_TO_KEYS.split(_NO_KEYS.sub("", text))
    return any(key.count(".") > _MOST_PARTS for key in keys)


_MOST_PARTS = 100
# Texts and comments, one that does not end being all that follows; what is read is never given up.
_NO_KEYS = re.compile(
    r"""\"{3}(?:[^"\\]++|\\.?+|"(?!""))*+"{0,5}|"(?:[^"\\\n]++|\\.?+)*+"?+"""
    r"""|'{3}(?:[^']++|'(?!''))*+'{0,5}|'[^'\n]*+'?+|\#[^\n]*+""",
    re.DOTALL,
)
_NEXT_TO_KEYS = re.compile(r"[\n=,\[\]{}]")


FORMAT = Format(_NAME, _encode, _decode)

dumps: Final = FORMAT.dumps
loads: Final = FORMAT.loads
dump: Final = FORMAT.dump
load: Final = FORMAT.load
