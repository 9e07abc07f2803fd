"""Speed of `check`, against parsing what it reads and against a parser of CommonMark."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

import cnaps
from tests.benchmarks import generate
from tests.benchmarks.measure import Row, summed_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["rows"]

_BATCH = 20  # pairs measured at a time
_MOST = 8.0  # times parsing
_LEAST_GAIN = 5.0  # times faster than finding the links with markdown-it-py

_Pair = tuple[bytes, bytes]


def rows(files: int, rounds: int) -> Iterator[Row]:
    """Measure `check` on pairs of a prompt and a response of 4 kB."""
    prompts = generate.prompts(files)
    responses = generate.responses(prompts)
    pairs = [
        (cnaps.render(prompt).encode(), response.encode())
        for prompt, response in zip(prompts, responses, strict=True)
    ]
    for prompt, response in zip(prompts, responses, strict=True):
        cited = [c.url for c in cnaps.check(prompt, response).citations if c.url]
        assert cited == _links(MarkdownIt("commonmark"), response)
    times = [[_measured(batch) for _ in range(rounds + 1)][1:] for batch in _batches(pairs)]
    parsed = summed_up([[(parse, check) for parse, check, _ in batch] for batch in times])
    yield Row("check / parse prompt and response", parsed, files, _MOST)
    found = summed_up([[(links, check) for _, check, links in batch] for batch in times])
    name = "check / the links of the response with markdown-it-py"
    yield Row(name, found, files, 1 / _LEAST_GAIN)


def _batches(pairs: Sequence[_Pair]) -> Iterator[Sequence[_Pair]]:
    return (pairs[start : start + _BATCH] for start in range(0, len(pairs), _BATCH))


def _measured(pairs: Sequence[_Pair]) -> tuple[float, float, float]:
    """Return the time of parsing pairs, of checking what was parsed, and of markdown-it-py.

    All documents are new, so that nothing in them was worked out before.
    """
    start = process_time()
    documents = [(cnaps.parse(prompt), cnaps.parse_response(text)) for prompt, text in pairs]
    parsed = process_time()
    for prompt, response in documents:
        cnaps.check(prompt, response)
    checked = process_time()
    texts = [text.decode() for _, text in pairs]
    reader = MarkdownIt("commonmark")
    found = process_time()
    for text in texts:
        _links(reader, text)
    return parsed - start, checked - parsed, process_time() - found


def _links(reader: MarkdownIt, text: str) -> list[str]:
    tokens = [child for token in reader.parse(text) for child in token.children or ()]
    return [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
