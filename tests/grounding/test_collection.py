"""What a collection of prompts tells: from which one an answer borrowed."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import cnaps
from cnaps import (
    Collection,
    Difference,
    ModelRef,
    PaperRef,
    ParseError,
    PromptSpec,
    Question,
    check,
)

RAIN = PromptSpec(
    Question("Rain?"),
    (ModelRef("MPRNet", "https://arxiv.org/abs/2102.02808"),),
    (PaperRef("Wet", summary="See https://example.org/wet for more."),),
)
TEXT = cnaps.render(RAIN)
SNOW = PromptSpec(Question("Snow?"), (ModelRef("Snow", "https://arxiv.org/abs/2101.00001"),))


def test_a_link_of_another_prompt_is_borrowed() -> None:
    report = check(SNOW, "See https://arxiv.org/abs/2102.02808.", collection={"rain": RAIN})
    (citation,) = report.borrowed
    assert citation.entry == cnaps.Entry(
        "models[0]", "MPRNet", "https://arxiv.org/abs/2102.02808", "paper", "rain"
    )
    assert citation.difference is None
    assert citation.reason == "it is models[0].paper of rain; the prompt does not offer it"
    assert not report.ok
    assert report.uncited[0].path == "models[0]"


@pytest.mark.parametrize(
    ("link", "difference", "reason"),
    [
        (
            "http://arxiv.org/pdf/2102.02808v2",
            Difference.VERSION,
            (
                "it is models[0].paper of prompts[0], in another version or revision:"
                " https://arxiv.org/abs/2102.02808; the prompt does not offer it"
            ),
        ),
        (
            "https://example.org/wet",
            None,
            "it only stands in papers[0].summary of prompts[0]; the prompt does not offer it",
        ),
    ],
)
def test_also_in_another_form_and_in_prose(
    link: str, difference: Difference | None, reason: str
) -> None:
    (citation,) = check(SNOW, link, collection=[RAIN]).borrowed
    assert (citation.difference, citation.reason) == (difference, reason)


@pytest.mark.parametrize(
    ("link", "verdict"),
    [
        ("https://arxiv.org/abs/2101.00001", "given"),
        ("https://arxiv.org/abs/2101.00001v1", "altered"),
        ("https://arxiv.org/abs/2101.00002", "borrowed"),  # and not a slip of the keyboard
        ("https://arxiv.org/abs/2101.00003", "altered"),
        ("https://arxiv.org/abs/2102.02809", "outside"),  # of what is not offered, nothing is near
    ],
)
def test_what_the_prompt_itself_offers_comes_first(link: str, verdict: str) -> None:
    other = PromptSpec(Question("Hail?"), (ModelRef("Hail", "https://arxiv.org/abs/2101.00002"),))
    (citation,) = check(SNOW, link, collection=[SNOW, RAIN, other]).citations
    assert citation.verdict == verdict


def test_it_does_not_matter_that_the_prompt_is_among_them() -> None:
    answer = cnaps.answer_for(SNOW)
    assert check(SNOW, answer, collection=[SNOW, RAIN]) == check(SNOW, answer)


def test_prompts_come_in_all_forms(tmp_path: Path) -> None:
    path = tmp_path / "rain.txt"
    path.write_bytes(TEXT.encode())
    collection = Collection([SNOW, cnaps.parse(TEXT), TEXT, path])
    assert len(collection) == 4
    assert repr(collection) == "<Collection of 4 prompts>"
    names = {entry.prompt for entry in collection.offers.entries}
    assert names == {"prompts[0]", "prompts[1]", "prompts[2]", str(path)}
    assert repr(Collection(iter([RAIN]))) == "<Collection of 1 prompt>"
    assert len(Collection([])) == 0


@pytest.mark.parametrize(
    ("prompts", "error", "message"),
    [
        ("text", TypeError, "a collection is several prompts, not one str"),
        (
            Path("rain"),
            TypeError,
            f"a collection is several prompts, not one {type(Path()).__name__}",
        ),
        (RAIN, TypeError, "a collection is several prompts, not one PromptSpec"),
        (cnaps.parse(TEXT), TypeError, "a collection is several prompts, not one Document"),
        (3, TypeError, "a collection is several prompts, not one int"),
        (
            [RAIN, 3],
            TypeError,
            "a prompt is a Document, a PromptSpec, its text or the path of its file, not int",
        ),
        (
            {"a": cnaps.render(cnaps.answer_for(RAIN))},
            ValueError,
            "the text holds an answer, and a prompt is needed",
        ),
    ],
)
def test_what_is_no_collection(prompts: Any, error: type[Exception], message: str) -> None:
    for make in (Collection, lambda prompts: check(RAIN, "", collection=prompts)):
        with pytest.raises(error, match=f"^{re.escape(message)}"):
            make(prompts)


def test_an_error_says_which_prompt_it_is_about() -> None:
    with pytest.raises(ParseError) as raised:
        Collection([RAIN, "nothing"])
    assert raised.value.__notes__ == ["while reading prompts[1] of a collection"]
