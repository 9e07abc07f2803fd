"""CN0xx: how the characters of a file became bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.damage import damaged_stretches
from cnaps.diagnostics import Fix, Found, Safety, document_rule
from cnaps.facts import AT_START

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.facts import DocumentFacts

__all__ = ["RULES"]

_SHOWN = 40  # characters of a damaged stretch that a message shows


@document_rule("CN001", "the encoding of the whole file is damaged")
def damaged_file(file: DocumentFacts) -> Iterator[Found]:
    """Tells that the file is UTF-8 that was read as another encoding and saved as UTF-8 again.

    ## Why is this bad?

    cnaps sees through the damage. Other readers do not: language models, search and people see
    `â†’` for `→`.

    ## Example

    ```text prompt
    2. How the model(s) would work in a CNAPS AI-like workflow (input â†’ model â†’ output).
    ```

    Use instead:

    ```text prompt
    2. How the model(s) would work in a CNAPS AI-like workflow (input → model → output).
    ```

    ## Fix safety

    The fix is safe. Damage is reported only if undoing it and damaging the text again gives the
    bytes of the file; what it undoes is proven. `doc.repaired()` does the same for one file.
    """
    if damage := file.doc.damage:
        names = " and then as ".join(damage)
        fix = Fix("undo the damage", Safety.SAFE, layers=file.doc.layers.repaired())
        yield Found(f"this UTF-8 was read as {names} and saved again", AT_START, fix=fix)


@document_rule("CN002", "a stretch of text looks damaged")
def damaged_stretch(file: DocumentFacts) -> Iterator[Found]:
    """Finds stretches that look like encoding damage, where the whole file cannot be repaired.

    ## Why is this bad?

    Somebody pasted a damaged sentence into a clean file. Or such characters are meant: then nothing
    is wrong.

    ## Example

    ```text prompt
    "The trees behind our house vanish in the morningâ€™s haze. How does a model know what is behind it?"
    ```

    Use instead:

    ```text prompt
    "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"
    ```

    ## Fix safety

    There is no fix: nothing proves what the sentence was. Correct it by hand.
    """  # noqa: E501 - a line of a file
    for span in damaged_stretches(file.text):
        shown = repr(span.of(file.text)[:_SHOWN])
        yield Found(f"{shown} looks like encoding damage that cannot be undone", span)


@document_rule("CN003", "line ends of several kinds")
def mixed_line_ends(file: DocumentFacts) -> Iterator[Found]:
    r"""Tells that some lines end with `\n`, others with `\r\n` or `\r`.

    ## Why is this bad?

    The file went through several programs, and others may count its lines differently. Spans
    count each line end as one character.

    ## Example

    A `␍` stands for a carriage return here.

    ```text prompt
    You are an AI scientist.␍
    ␍
    A user has asked the following question:
    ```

    Use instead:

    ```text prompt
    You are an AI scientist.

    A user has asked the following question:
    ```

    ## Fix safety

    The fix is safe: it writes all line ends as the kind that the file uses most. In no value a
    line end is anything but a line end.
    """
    layers = file.doc.layers
    if layers.mixed:
        fix = Fix("use one kind", Safety.SAFE, layers=layers._replace(mixed=False))
        yield Found("the lines of this file end in different ways", AT_START, fix=fix)


RULES = (damaged_file, damaged_stretch, mixed_line_ends)
