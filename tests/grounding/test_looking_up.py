"""What a collection of prompts tells about them, beside what an answer may have borrowed."""

from __future__ import annotations

import pytest

from cnaps import Collection, ModelRef, PromptSpec, Question

CODE = "https://github.com/example/derain"
RAIN = PromptSpec(Question("Where does the *rain* go?"), (ModelRef("Derain", None, CODE),))
SNOW = PromptSpec(
    Question("And the snow?"),
    (
        ModelRef("Desnow", None, "http://GitHub.com/Example/Derain/"),
        ModelRef("Derain", None, CODE),
        ModelRef("Defog", None, f"{CODE}/tree/main/fog"),
        ModelRef("Dehaze"),
    ),
)
COLLECTION = Collection({"rain": RAIN, "snow": SNOW, "rain again": RAIN})


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("where does  the rain go?", ("rain", "rain again")),
        ("And the snow?", ("snow",)),
        ("“And the snow?”", ("snow",)),
        ("And the hail?", ()),
    ],
)
def test_the_prompts_that_ask_a_question(question: str, names: tuple[str, ...]) -> None:
    assert COLLECTION.asking(question) == names


@pytest.mark.parametrize(
    ("link", "names"),
    [
        (CODE, ("Derain", "Desnow")),
        ("github.com/EXAMPLE/derain", ("Derain", "Desnow")),
        (f"{CODE}/tree/main/fog", ("Defog",)),
        (f"{CODE}/tree/main", ()),
    ],
)
def test_the_models_at_a_repository(link: str, names: tuple[str, ...]) -> None:
    assert COLLECTION.models_at(link) == names
