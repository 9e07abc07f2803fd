"""CN5xx: what providers of language models, and chats, leave in an answer."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, cast

from cnaps.diagnostics import Fix, Found, Safety, document_rule
from cnaps.editing import Edit
from cnaps.marks import MarkKind
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.facts import DocumentFacts
    from cnaps.responses import Response

__all__ = ["RULES"]


def _marks(file: DocumentFacts, *kinds: MarkKind) -> Iterator[Found]:
    """Yield one finding for all marks of some kinds; there are often many, and one way out."""
    text = file.text
    spans = [mark.span for mark in file.marks if mark.kind in kinds]
    if not spans:
        return
    first, *others = spans
    count = "a mark" if not others else f"{len(spans):,} marks"
    edits = tuple(_edits(text, spans))
    fix = Fix("take them out" if others else "take it out", Safety.SAFE, edits)
    yield Found(f"{count} of a provider: {first.of(text)!r}", first, tuple(others), fix)


def _runs(spans: list[Span]) -> Iterator[Span]:
    """Yield stretches of marks that follow one another."""
    start = spans[0].start
    for before, after in pairwise(spans):
        if before.end < after.start:
            yield Span(start, before.end)
            start = after.start
    yield Span(start, spans[-1].end)


def _edits(text: str, spans: list[Span]) -> Iterator[Edit]:
    """Yield the edits that take marks out, each with the blank that would be left over."""
    done = 0
    starts_line = False
    for start, end in _runs(spans):
        # Where only marks are in front of it on its line, they will be gone.
        starts_line = (starts_line and done == start) or text[start - 1 : start] in ("", "\n")
        before = text[max(done, start - 1) : start]
        if before == " " and _NO_BLANK_BEFORE.match(text, end):
            done = end
            yield Edit(start - 1, end, "")
        else:
            done = end + (starts_line and text.startswith(" ", end))
            yield Edit(start, done, "")


# The end of a word, or of what is set apart: emphasis and straight quotes can start one as well.
_NO_BLANK_BEFORE = re.compile(r"[*_`\"']*+(?:[ \n.,;:!?)\]”’»]|\Z)")


@document_rule("CN501", "citation marks of a provider")
def citation_marks(file: DocumentFacts) -> Iterator[Found]:
    """Finds marks such as `[cite_start]` and `[cite: 6, 7]`.

    ## Why is this bad?

    The numbers count pieces of what the model had in front of it. To a reader they mean nothing,
    and they stick to links and break them.

    ## Example

    ```text response
    Haze takes contrast away with distance[cite: 2]. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    The fix takes all of them out, with the blank that would be left over. It is safe: no word of
    the answer goes.
    """
    return _marks(file, MarkKind.CITE)


@document_rule("CN502", "source marks of a provider")
def source_marks(file: DocumentFacts) -> Iterator[Found]:
    """Finds marks such as `【446†source】`.

    ## Why is this bad?

    They refer to pages that only the chat had open. To a reader they mean nothing, and they stick
    to links and break them.

    ## Example

    ```text response
    Haze takes contrast away with distance 【4†source】. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    The fix takes all of them out, with the blank that would be left over. It is safe: no word of
    the answer goes.
    """
    return _marks(file, MarkKind.SOURCE)


@document_rule("CN503", "content references of a provider")
def reference_marks(file: DocumentFacts) -> Iterator[Found]:
    r"""Finds `:contentReference[oaicite:0]{index=0}`, and runs of private characters.

    ## Why is this bad?

    Chats show something in their place. In a file they are noise, some of it invisible: the private
    characters U+E200 to U+E20F look like nothing, or like a box.

    ## Example

    ```text response
    Haze takes contrast away with distance:contentReference[oaicite:0]{index=0}. The model learns how much.
    ```

    Use instead:

    ```text response
    Haze takes contrast away with distance. The model learns how much.
    ```

    ## Fix safety

    The fix takes all of them out, with the blank that would be left over. It is safe: no word of
    the answer goes.
    """  # noqa: E501 - a line of a file
    return _marks(file, MarkKind.REFERENCE, MarkKind.PRIVATE)


def _response(file: DocumentFacts) -> Response:
    return cast("Response", file.doc.value)


@document_rule("CN504", "the whole answer in a code fence", kinds=("response",))
def fenced_answer(file: DocumentFacts) -> Iterator[Found]:
    """Tells that all of a response stands between two lines of backticks or tildes.

    ## Why is this bad?

    Markdown shows it as code: without headings, and without links to follow.

    ## Example

    ```text reply
    ~~~markdown
    ## Task

    The user wants to see through haze.
    ~~~
    ```

    Use instead:

    ```text reply
    ## Task

    The user wants to see through haze.
    ```

    ## Fix safety

    The fix takes the lines of the fence out. It is unsafe: somebody may have wanted code.
    """
    response = _response(file)
    if not response.is_fenced:
        return
    text, body = response.source, response.body
    opening = Span(text.rfind("\n", 0, body.start - 1) + 1, body.start)
    edits = [Edit(*opening, "")]
    if body.end < len(text):
        edits.append(Edit(body.end, text.find("\n", body.end) + 1 or len(text), ""))
    fix = Fix("take the fence away", Safety.UNSAFE, tuple(edits))
    yield Found("the whole answer stands in a code fence", opening, fix=fix)


@document_rule("CN505", "words of a chat in front of an answer", kinds=("response",))
def chat_preface(file: DocumentFacts) -> Iterator[Found]:
    """Finds a first paragraph that talks to the user: “Of course. Here is …”.

    ## Why is this bad?

    It is no part of the answer, and shows up wherever that is shown.

    ## Example

    ```text response
    Of course. Here is how the recommended model would do it.

    ## Task

    The user wants to see through haze.
    ```

    Use instead:

    ```text response
    ## Task

    The user wants to see through haze.
    ```

    ## Fix safety

    The fix takes the paragraph out. It is unsafe: it might say something after all.
    """
    response = _response(file)
    if not response.has_preface:
        return
    text = response.source
    start, end = response.thoughts.end, response.body.start
    if response.is_fenced:
        end = text.rfind("\n", 0, end - 1) + 1
    words = text[start:end]
    start += len(words) - len(words.lstrip())
    fix = Fix("take it out", Safety.UNSAFE, (Edit(start, end, ""),))
    span = Span(start, start + len(words.strip()))
    yield Found("this is said in a chat, and no part of the answer", span, fix=fix)


@document_rule("CN506", "an answer that is cut off", kinds=("response",))
def cut_off(file: DocumentFacts) -> Iterator[Found]:
    """Tells that a response ends in the middle of a link, a mark, a code fence or a sentence.

    ## Why is this bad?

    The model ran into its limit. What would have come next, such as the list of papers, is missing,
    and the last link may lead elsewhere.

    ## Example

    ```text response
    2. Rethinking Performance Gains in Image Dehazing Networks: [paper](https://arxiv.org/pdf/2209.
    ```

    Use instead:

    ```text response
    2. Rethinking Performance Gains in Image Dehazing Networks: [paper](https://arxiv.org/pdf/2209.11448v1), [code](https://github.com/IDKiro/gUNet)
    ```

    ## Fix safety

    There is no fix. Ask the model again, with room for a longer answer.
    """  # noqa: E501 - a line of a file
    response = _response(file)
    if response.is_truncated:
        end = len(response.source.rstrip())
        yield Found("the answer ends in the middle", Span(end, end))


RULES = (citation_marks, source_marks, reference_marks, fenced_answer, chat_preface, cut_off)
