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

import tomllib
from typing import Any

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
    try:
        return tomllib.loads(as_text(data), parse_float=Literal)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        raise MalformedError(f"not TOML: {message[0].lower()}{message[1:]}") from None
    except ValueError as error:
        # An integer of more digits than Python wants to read, or half a character.
        raise MalformedError(f"not TOML: {error}") from None


FORMAT = Format(_NAME, _encode, _decode)

dumps = FORMAT.dumps
loads = FORMAT.loads
dump = FORMAT.dump
load = FORMAT.load
