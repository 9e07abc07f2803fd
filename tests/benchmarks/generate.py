"""Synthetic files like the real ones, the same ones for the same seed.

Sizes and shares follow the public collection: one recommended model, one to three papers with
summaries of some 1,300 characters, a few characters beyond ASCII in every third file.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

import cnaps

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Sample", "in_own_words", "prompts", "responses", "samples"]

_SUBJECTS = (
    "a spiking encoder",
    "an underwater camera array",
    "a graph of street junctions",
    "the proposed matcher",
    "a low-rank adapter",
    "our hyperspectral pipeline",
    "a recurrent planner",
    "the distilled student",
    "a sonar mapping unit",
    "a contrastive retriever",
)
_VERBS = (
    "separates",
    "reconstructs",
    "re-weights",
    "localises",
    "compresses",
    "anticipates",
    "aligns",
    "re-samples",
    "ranks",
    "interpolates",
)
_OBJECTS = (
    "overlapping leaf silhouettes",
    "noisy tide measurements",
    "occluded cyclists",
    "handwritten field notes",
    "sparse radar echoes",
    "glacier outlines",
    "bird calls recorded at dusk",
    "long maintenance logs",
    "textile defects",
    "scanned parish registers",
)
_CLAUSES = (
    "without any labelled sequences",
    "under a budget of 12 milliwatts",
    "across 7 held-out regions",
    "while keeping 93.4% of the accuracy",
    "even when half of the frames are missing",
    "in less than 40 ms per sample",
    "with a loss that needs no negative pairs",
    "on two public and three private benchmarks",
)
_OPENINGS = ("In this work,", "Experiments show that", "As a consequence,", "To this end,", "Thus")
_FORMULAS = (
    r"The bound $O(n \log n)$ holds for every $\epsilon > 0$.",
    r"Gains of $2.1\times$ are reached at $\alpha = 0.5$.",
    r"Code is released at \url{https://example.org/code}.",
)
_NAMES = ("Deblur", "Depth", "Caption", "Relight", "Track", "Segment", "Translate", "Upscale")
_SUFFIXES = ("Base", "HighRes", "Outdoor-v2", "4x", "Lite", "Night", "Aerial-512")
_TITLES = (
    "Learning to See Through Fog",
    "A Second Look at Token Pruning",
    "Sketch-to-Terrain Synthesis in One Step",
    "Memory Without Replay",
    "Fast Registration of Incomplete Point Sets",
    "What Do Depth Estimators Know About Shadows?",
    "Calibrated Uncertainty for Wildlife Counting",
    "Beyond Pairs: Group-Wise Matching of Aerial Photographs",
)
_ODD_TITLES = ("$β$-Warp: ", "Grid$^3$: ", "Mētra∗: ", "Müller Fields: ")
_QUESTIONS = (
    "My drone lost sight of the herd behind a ridge and still counted it right afterwards.",
    "I photographed an old map and got a clean vector drawing back within seconds.",
    "Our archive turned a torn letter into readable text, folds and all.",
    "The app filled the gap in my recording and nobody could hear where it had been.",
    "I only drew the outline of a valley and received a walkable landscape.",
)
_FOLLOW_UPS = (
    "What happens inside, step by step, to make that possible?",
    "How can a model know what it was never shown?",
    "Which parts of the process decide what is kept and what is invented?",
)


class Sample(NamedTuple):
    """A file: its bytes, the value that it was made of, and the dialect it is written in."""

    data: bytes
    value: cnaps.PromptSpec | cnaps.Answer
    dialect: str


def prompts(count: int, seed: int = 1) -> list[cnaps.PromptSpec]:
    """Return the values of `count` prompts."""
    chance = random.Random(seed)
    return [_prompt(chance) for _ in range(count)]


def samples(count: int, seed: int = 1) -> dict[str, list[Sample]]:
    """Return `count` files of each kind: prompts, and the answers that follow from them."""
    made: dict[str, list[Sample]] = {"prompts": [], "answers": []}
    chance = random.Random(seed)
    for prompt in prompts(count, seed):
        made["prompts"].append(_sample(prompt, "prompt-1"))
        dialect = "answer-1" if chance.random() < 0.12 else "answer-2"
        made["answers"].append(_sample(cnaps.answer_for(prompt, dialect=dialect), dialect))
    return made


def in_own_words(answers: Iterable[cnaps.Answer], seed: int = 1) -> list[cnaps.Answer]:
    """Return answers with texts of their own, about as long, where generated ones are all alike."""
    chance = random.Random(seed)

    def text() -> str:
        return " ".join(_sentences(chance, 150))

    return [
        evolve(
            answer,
            task=text(),
            workflow=cnaps.Workflow(text(), text(), text()),
            notes=(text(), text()),
        )
        for answer in answers
    ]


def responses(prompts: list[cnaps.PromptSpec], seed: int = 1) -> list[str]:
    """Return what a model may write to each of some prompts: 4 kB of Markdown that cites it.

    Every fifth has a link that was changed and one that nobody offers.
    """
    chance = random.Random(seed)
    return [_response(prompt, chance, number) for number, prompt in enumerate(prompts)]


_RESPONSE_LENGTH = 4_000


def _response(prompt: cnaps.PromptSpec, chance: random.Random, number: int) -> str:
    cited = [(model.name, model.paper, model.github) for model in prompt.models]
    cited += [(paper.title, paper.paper, paper.github) for paper in prompt.papers]
    if number % 5 == 0:
        name, paper, _ = cited[-1]
        cited[-1] = name, str(paper)[:-2], None
        cited.append(("Something Else", _arxiv(chance), None))
    items = []
    for name, paper, github in cited:
        links = [link for link in (paper, github) if link]
        items += [f"- 🔗 [{name}]({links[0]})" if links else f"- {name}"]
        items += [f"  💻 [GitHub]({link})" for link in links[1:]]
    tail = "\n".join(["## 3. Papers and Tools", "", *items, ""])
    lines = ["## 1. Task", "", f'**User Question:** "{prompt.question.text}"', ""]
    while sum(map(len, lines)) + len(lines) + len(tail) < _RESPONSE_LENGTH:
        lines += [f"- **{chance.choice(_NAMES)}**: {chance.choice(_SUBJECTS)} {_claim(chance)}."]
    return "\n".join([*lines, "", tail])


def _sample(value: cnaps.PromptSpec | cnaps.Answer, dialect: str) -> Sample:
    return Sample(cnaps.render(value, dialect).encode(), value, dialect)


def _prompt(chance: random.Random) -> cnaps.PromptSpec:
    papers = chance.choices((1, 2, 3), (4, 8, 88))[0]
    return cnaps.PromptSpec(
        cnaps.Question(_question(chance)),
        (_model(chance),),
        tuple(_paper(chance) for _ in range(papers)),
    )


def _question(chance: random.Random) -> str:
    text = f"{chance.choice(_QUESTIONS)} {chance.choice(_FOLLOW_UPS)}"
    if chance.random() < 0.18:
        text = f"{text} Isn’t that “magic”?"
    elif chance.random() < 0.12:
        text = text.replace(". ", " — without any help. ", 1)
    if chance.random() < 0.01:
        text = text.replace(". ", ".\n\n", 1)
    return text


def _model(chance: random.Random) -> cnaps.ModelRef:
    return cnaps.ModelRef(
        f"{chance.choice(_NAMES)}-{chance.choice(_NAMES)}Net-{chance.choice(_SUFFIXES)}",
        None if chance.random() < 0.44 else _arxiv(chance),
        _repository(chance) if chance.random() < 0.92 else None,
    )


def _paper(chance: random.Random) -> cnaps.PaperRef:
    odd = chance.choice(_ODD_TITLES) if chance.random() < 0.06 else ""
    return cnaps.PaperRef(
        f"{odd}{chance.choice(_TITLES)} with {chance.choice(_SUBJECTS).title()}",
        _arxiv(chance),
        _repository(chance) if chance.random() < 0.39 else None,
        _summary(chance),
    )


def _arxiv(chance: random.Random) -> str:
    month = f"{chance.randint(15, 25)}{chance.randint(1, 12):02}"
    number = f"{month}.{chance.randint(0, 19999):05}"
    form = chance.choice(
        ("http://arxiv.org/pdf/{}v2.pdf", "https://arxiv.org/pdf/{}", "http://arxiv.org/pdf/{}v1")
    )
    return form.format(number)


def _repository(chance: random.Random) -> str:
    host = "huggingface.co" if chance.random() < 0.1 else "github.com"
    owner = f"{chance.choice(_NAMES)}-lab".lower()
    return f"https://{host}/{owner}/{chance.choice(_NAMES)}{chance.choice(_SUFFIXES)}"


def _sentences(chance: random.Random, length: float) -> list[str]:
    sentences = []
    total = 0
    while total < length:
        sentence = f"{chance.choice(_OPENINGS)} {chance.choice(_SUBJECTS)} {_claim(chance)}."
        sentences.append(sentence)
        total += len(sentence) + 1
    return sentences


def _summary(chance: random.Random) -> str:
    sentences = _sentences(chance, min(max(chance.gauss(1240, 320), 580), 1850))
    if chance.random() < 0.07:
        sentences.insert(-1, chance.choice(_FORMULAS))
    if chance.random() < 0.05:
        sentences.insert(1, "This settles the “naïve” case, 3–5 × faster.")
    return " ".join(sentences)


def _claim(chance: random.Random) -> str:
    return f"{chance.choice(_VERBS)} {chance.choice(_OBJECTS)} {chance.choice(_CLAUSES)}"
