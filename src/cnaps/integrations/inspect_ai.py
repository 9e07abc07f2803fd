"""A scorer for Inspect, the evaluation framework of the UK AI Security Institute.

See https://inspect.aisi.org.uk/scorers.html for the interface. Importing this module needs
inspect-ai.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar

from cnaps._extras import needs
from cnaps._inputs import prompt_of
from cnaps.grounding import check
from cnaps.grounding._offers import as_collection
from cnaps.integrations._failures import failure, headline

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from cnaps._inputs import Prompt
    from cnaps.grounding import Collection

__all__ = ["grounded"]

# Imported by name: type checkers need not have it.
with needs(None, "cnaps.integrations.inspect_ai"):
    _inspect: Any = import_module("inspect_ai.scorer")


_Factory = TypeVar("_Factory", bound="Callable[..., Any]")


def _scorer(factory: _Factory) -> _Factory:
    """Make a function that returns a scorer known to Inspect, by its name."""
    known: _Factory = _inspect.scorer(metrics=[_inspect.accuracy(), _inspect.stderr()])(factory)
    return known


@_scorer
def grounded(
    *,
    prompt: str | None = None,
    collection: Collection | Mapping[str, Prompt] | Iterable[Prompt] | None = None,
) -> Callable[[Any, Any], Awaitable[Any]]:
    """Score answers by whether they cite only what their prompt offers.

    A score is correct or incorrect, with the reason as its explanation and the report as metadata.
    The target of a sample is not looked at.

    Args:
        prompt: The key in the metadata of a sample under which its prompt stands, as text; by
            default the prompt is the input of the sample.
        collection: As for `cnaps.check`; read once, when the scorer is made.
    """
    others = as_collection(collection)

    async def score(state: Any, target: Any) -> Any:  # noqa: ARG001 - as Inspect calls it
        asked = prompt_of(state.input_text if prompt is None else state.metadata[prompt])
        answer = state.output.completion
        report = check(asked, answer, collection=others)
        return _inspect.Score(
            value=_inspect.CORRECT if report.ok else _inspect.INCORRECT,
            answer=answer,
            explanation=headline(report) if report.ok else failure(asked, report),
            metadata=report.to_dict(),
        )

    return score
