r"""Values and documents as JSON Lines: one JSON object a line, any number of them.

>>> from cnaps import ModelRef
>>> from cnaps.serializers import jsonl
>>> text = jsonl.dumps([ModelRef("Restormer"), ModelRef("MPRNet")])
>>> print(text, end="")
{"type":"ModelRef","schema_version":"1.1","name":"Restormer","paper":null,"github":null}
{"type":"ModelRef","schema_version":"1.1","name":"MPRNet","paper":null,"github":null}
>>> [model.name for model in jsonl.loads(text)]
['Restormer', 'MPRNet']

A line that is wrong is reported by its number and does not cost the others:

>>> bad = text.replace('"MPRNet"', "3") + text
>>> for model in jsonl.loads(bad, on_error=print):
...     print(model.name)
Restormer
line 2: name: expected str, got 3
Restormer
MPRNet

Blank lines are passed over. The format is described at https://jsonlines.org/.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from attrs import evolve

from cnaps.serializers._streams import Stream
from cnaps.serializers.json import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["dump", "dumps", "load", "loads"]


def _line(data: str) -> str:
    return f"{data}\n"


def _lines(file: IO[Any]) -> Iterator[tuple[str, str | bytes]]:
    for number, line in enumerate(file, 1):
        if line.strip() not in _BLANK:
            yield f"line {number}", line


# Also where a file of nothing starts with a byte order mark.
_BLANK = frozenset({"", "\ufeff", b"", b"\xef\xbb\xbf"})

_STREAM = Stream(evolve(FORMAT, name="jsonl"), _line, _lines, "")

dumps: Final = _STREAM.dumps
loads: Final = _STREAM.loads
dump: Final = _STREAM.dump
load: Final = _STREAM.load
