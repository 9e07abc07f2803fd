"""CN4xx: whether an answer belongs to its prompt, and a file to another."""

from __future__ import annotations

from operator import eq
from typing import TYPE_CHECKING, cast

from attrs import astuple

from cnaps.deriving import diff_answer
from cnaps.diagnostics import Fix, Found, Safety, Severity, document_rule, pair_rule
from cnaps.dialects.parts import MISSING
from cnaps.editing import Edit
from cnaps.facts import AT_START
from cnaps.frames import visible
from cnaps.rendering import answer_for
from cnaps.values import PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.document import Document
    from cnaps.facts import DocumentFacts
    from cnaps.rules import PairFacts
    from cnaps.spans import Span
    from cnaps.values import Answer

__all__ = ["RULES"]


@pair_rule("CN401", "an answer to another question", Severity.ERROR)
def other_question(pair: PairFacts) -> Iterator[Found]:
    """Finds answers that repeat another question than their prompt asks.

    ## Why is this bad?

    The answer lies beside the wrong prompt, and every other finding about it follows from that.
    Letter case, blanks and kinds of quotation marks make no difference.

    ## Example

    ```text answer
    "How does a model make a photo sharper than the lens that took it?"
    ```

    Use instead:

    ```text answer
    "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"
    ```

    ## Fix safety

    There is no fix: find the prompt that asks this. Given a collection, CN402 does.
    """  # noqa: E501 - a line of a file
    question = _other_question(pair)
    if question is not None and not _homes(pair, question):
        yield Found("the prompt asks another question", question)


@pair_rule("CN402", "an answer to another prompt of the collection", Severity.ERROR)
def other_prompt(pair: PairFacts) -> Iterator[Found]:
    """Finds answers that repeat the question of another prompt of the collection, and says which.

    ## Why is this bad?

    Two answers were swapped, or one was saved in the wrong folder. Every other finding about it
    follows from that.

    ## Example

    ```text answer
    "It rains on every photo of our trip. Can a model take the streaks out and leave the faces alone?"
    ```

    Use instead:

    ```text answer
    "The trees behind our house vanish in the morning haze. How does a model know what is behind it?"
    ```

    ## Fix safety

    There is no fix: move the file to the prompt that it belongs to.
    """  # noqa: E501 - a line of a file
    question = _other_question(pair)
    if question is not None and (homes := _homes(pair, question)):
        yield Found(f"this is the question of {' and '.join(homes)}", question)


def _other_question(pair: PairFacts) -> Span | None:
    """Return where an answer repeats another question than that of its prompt."""
    return pair.answer.doc.span("question") if pair.report.misfiled else None


def _homes(pair: PairFacts, question: Span) -> tuple[str, ...]:
    """Return the prompts of the collection that ask a question of the answer."""
    if pair.collection is None:
        return ()
    return pair.collection.asking(question.of(pair.answer.text))


@pair_rule("CN403", "an answer that does not follow from its prompt", kinds=("answer",))
def not_derived(pair: PairFacts) -> Iterator[Found]:
    """Finds what of a rendered answer does not follow from its prompt, field by field.

    ## Why is this bad?

    Such an answer is made of its prompt byte for byte. A difference is an edit: of the answer, or
    of the prompt after the answer was made. An answer that says the task and all of the workflow in
    words of its own was not made that way, and is not compared.

    ## Example

    ```text answer
    - **Model**: Dehaze-FFA-OTS
      - Paper: https://arxiv.org/pdf/1911.07559v2
      - GitHub: None
    ```

    Use instead:

    ```text answer
    - **Model**: Dehaze-FFA-OTS
      - Paper: https://arxiv.org/pdf/1911.07559v2
      - GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    Where one text stands for another, the fix writes what follows from the prompt. It is unsafe:
    the edit may be what was wanted. `cnaps.answer_for(prompt)` makes the whole answer.
    """
    if pair.report.misfiled or not _is_rendered(pair.answer.doc):
        return
    for change in diff_answer(pair.prompt.doc, pair.answer.doc):
        span = change.span or AT_START
        fix = None
        there = span.of(pair.answer.text)
        is_field = there == change.found or there.lower() in MISSING
        if isinstance(change.expected, str) and there and is_field:
            edit = Edit(*span, change.expected)
            fix = Fix("write what follows from the prompt", Safety.UNSAFE, (edit,))
        yield Found(str(change), span, fix=fix)


def _is_rendered(answer: Document) -> bool:
    """Tell whether an answer has any of the sentences that are rendered into all of them."""
    value = cast("Answer", answer.value)
    rendered = answer_for(PromptSpec(value.question), answer.dialect)
    return value.task == rendered.task or any(
        map(eq, astuple(value.workflow), astuple(rendered.workflow))
    )


@document_rule("CN404", "a file whose name is misspelt", Severity.INFO)
def misspelt_name(file: DocumentFacts) -> Iterator[Found]:
    """Tells that the role of a file was guessed, because its name is not as it should be.

    Where a program that unpacked an archive misread the name of a folder, one file in it tells so.

    ## Why is this bad?

    The next program may not be as patient, and take it for a file without a partner.

    ## Example

    ```text files
    Query2.txt
    Query2_Answertxt.txt
    ```

    Use instead:

    ```text files
    Query2.txt
    Query2_answer.txt
    ```

    ## Fix safety

    There is no fix: rename the file. The message says what its name would be.
    """
    if file.oddity is not None:
        yield Found(f"{file.oddity.reason}; it would be {visible(file.oddity.name)}", AT_START)


@document_rule("CN405", "a file without a partner")
def no_partner(file: DocumentFacts) -> Iterator[Found]:
    """Tells that no answer belongs to a prompt, or no prompt to an answer, as their names say.

    ## Why is this bad?

    A prompt without an answer teaches nothing, and of an answer without its prompt nobody knows
    whether it kept to what it was given.

    ## Example

    ```text files
    Query2.txt
    Query3_answer.txt
    ```

    Use instead:

    ```text files
    Query2.txt
    Query2_answer.txt
    ```

    ## Fix safety

    There is no fix: find the other file, or name one after the other.
    """
    if file.alone is not None:
        yield Found(file.alone, AT_START)


RULES = (other_question, other_prompt, not_derived, misspelt_name, no_partner)
