"""An assertion for tests, with pytest or any other runner.

>>> from cnaps import ModelRef, PromptSpec, Question
>>> from cnaps.integrations.pytest import assert_grounded
>>> prompt = PromptSpec(Question("Why?"), (ModelRef("SwinIR", "https://arxiv.org/abs/2108.10257"),))
>>> assert_grounded(prompt, "By [SwinIR](https://arxiv.org/abs/2108.10257).").counts["given"]
1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cnaps._inputs import prompt_of
from cnaps.grounding import check
from cnaps.integrations._failures import failure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cnaps._inputs import Prompt, Reply
    from cnaps.grounding import Collection, GroundingReport

__all__ = ["assert_grounded"]


def assert_grounded(
    prompt: Prompt,
    answer: Reply,
    *,
    collection: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None = None,
) -> GroundingReport:
    """Fail unless an answer cites only what its prompt offers.

    The message shows each citation that is altered, borrowed or outside in its line, and what the
    prompt offers. pytest reports the failure in the test that called.

    Args:
        prompt: As for `cnaps.check`.
        answer: As for `cnaps.check`.
        collection: As for `cnaps.check`.

    Returns:
        The report, for further assertions.

    Raises:
        AssertionError: The answer is not grounded.
    """
    __tracebackhide__ = True
    asked = prompt_of(prompt)
    report = check(asked, answer, collection=collection)
    if not report.ok:
        raise AssertionError(failure(asked, report))
    return report
