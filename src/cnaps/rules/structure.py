"""CN1xx: what of a file is not as its dialect has it.

The reader notices these things while it reads; the rules here give them a name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps.diagnostics import FILES, Severity, document_rule

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cnaps.diagnostics import Found
    from cnaps.facts import DocumentFacts

__all__ = ["RULES"]


@document_rule("CN101", "text that belongs to no field", kinds=FILES)
def stray_text(file: DocumentFacts) -> Iterable[Found]:
    """Finds text that is neither fixed wording nor part of a field.

    ## Why is this bad?

    Often it is a note, or the preface of a chat reply. Or it is part of a field that was cut off:
    what follows a blank line inside a summary is no longer part of it.

    ## Example

    ```text prompt
    A better prompt, version 2:
    You are an AI scientist.
    ```

    Use instead:

    ```text prompt
    You are an AI scientist.
    ```

    ## Fix safety

    There is no fix. Delete the text, or put it where it belongs. Left alone it stays, and edits
    keep it.
    """
    return file.noticed("CN101")


@document_rule("CN102", "fixed wording is missing", kinds=FILES)
def missing_wording(file: DocumentFacts) -> Iterable[Found]:
    """Finds lines that all files of this dialect have, and this one has not.

    ## Why is this bad?

    A prompt without “Use **only the provided models and papers**” is another prompt. And where a
    heading is missing, what it heads is not found. The span is empty, after the wording in front.

    ## Example

    ```text prompt
    Based on the following recommended models, explain:

    1. What task the user is trying to perform.
    3. List relevant papers and tools (with GitHub or ArXiv links) that support your answer.
    ```

    Use instead:

    ```text prompt
    Based on the following recommended models, explain:

    1. What task the user is trying to perform.
    2. How the model(s) would work in a CNAPS AI-like workflow (input → model → output).
    3. List relevant papers and tools (with GitHub or ArXiv links) that support your answer.
    ```

    ## Fix safety

    There is no fix. Put the line back, or render the value anew:
    `cnaps.render(doc.value, doc.dialect)`.
    """
    return file.noticed("CN102")


@document_rule("CN103", "a field of an unknown name", kinds=FILES)
def unknown_field(file: DocumentFacts) -> Iterable[Found]:
    """Finds lines that look like a field, among fields, and whose name this format does not have.

    ## Why is this bad?

    Somebody added a field, or misspelt the name of one. A misspelt field is missing in the value.
    Only a single word counts as a name: `Git Hub:` is text that belongs to no field, CN101.

    ## Example

    ```text prompt
    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    Code: https://github.com/zhilin007/FFA-Net
    ```

    Use instead:

    ```text prompt
    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    There is no fix. Correct the name, or leave the line: edits keep it.
    """
    return file.noticed("CN103")


@document_rule("CN104", "a field that was given before", kinds=FILES)
def repeated_field(file: DocumentFacts) -> Iterable[Found]:
    """Finds entries that have a field twice; the first one counts.

    ## Why is this bad?

    Two links to one paper contradict each other. Or the name of the entry in between is missing.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net
    GitHub: https://github.com/zhilin007/FFA
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    There is no fix: decide which one is right and delete the other.
    """
    return file.noticed("CN104")


@document_rule("CN105", "an entry without a name", Severity.ERROR, kinds=FILES)
def nameless_entry(file: DocumentFacts) -> Iterable[Found]:
    """Finds fields of an entry with no name, and no entry above that they could belong to.

    ## Why is this bad?

    They are in no value. A link that nobody can attribute is worth nothing, and guessing would be
    worse.

    ## Example

    ```text prompt
    ### Recommended AI Models:
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    Use instead:

    ```text prompt
    ### Recommended AI Models:
    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    ## Fix safety

    There is no fix. Put the name back.
    """
    return file.noticed("CN105")


@document_rule("CN106", "a question without quotation marks", kinds=FILES)
def unquoted_question(file: DocumentFacts) -> Iterable[Found]:
    """Finds a question that does not start with an ASCII double quote, or has no second one.

    ## Why is this bad?

    Without quotes nothing tells where the question ends and a note begins. All of the text in its
    place is taken for the question, curly quotes included.

    ## Example

    ```text prompt
    A user has asked the following question:
    The trees behind our house vanish in the morning haze. How does a model know what is behind it?
    ```

    Use instead:

    ```text prompt
    A user has asked the following question:
    "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"
    ```

    ## Fix safety

    There is no fix. Put the question in double quotes.
    """  # noqa: E501 - a line of a file
    return file.noticed("CN106")


@document_rule("CN107", "a part that is missing", Severity.ERROR, kinds=FILES)
def missing_part(file: DocumentFacts) -> Iterable[Found]:
    """Finds that the question, or the input, the model or the output of a workflow, is not there.

    ## Why is this bad?

    A prompt without a question asks nothing. The value of the part is the empty text; the span is
    empty, where the part would be.

    ## Example

    ```text prompt
    A user has asked the following question:

    Based on the following recommended models, explain:
    ```

    Use instead:

    ```text prompt
    A user has asked the following question:
    "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"

    Based on the following recommended models, explain:
    ```

    ## Fix safety

    There is no fix. Add the part, in the file or with `doc.with_value`.
    """  # noqa: E501 - a line of a file
    return file.noticed("CN107")


@document_rule("CN108", "a repetition that is missing or says something else", kinds=("prompt",))
def broken_echo(file: DocumentFacts) -> Iterable[Found]:
    """Finds a question that stands twice, as in `prompt-2`, and does not say the same both times.

    ## Why is this bad?

    Whoever reads the file may answer either. Often somebody changed one and not the other. The first
    one counts. The span is the second one; it is empty where there is none below the line that
    announces it.

    ## Example

    ```text later
    # A user asks:
    # "The trees behind my house vanish in the morning haze. How does a model know what is behind it?"
    ```

    Use instead:

    ```text later
    # A user asks:
    # "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"
    ```

    ## Fix safety

    There is no fix: nothing tells which one was meant. `doc.with_value` makes them the same when it
    changes the question; other edits leave both alone.
    """  # noqa: E501 - a line of a file
    return file.noticed("CN108")


RULES = (
    stray_text,
    missing_wording,
    unknown_field,
    repeated_field,
    nameless_entry,
    unquoted_question,
    missing_part,
    broken_echo,
)
