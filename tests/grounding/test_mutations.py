"""2,000 answers, each with a fault that is known: what `check` finds of them, class by class.

`pytest -s` prints the table.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from cnaps import Collection, ModelRef, PromptSpec, Verdict, answer_for, check, render
from tests.benchmarks import generate

if TYPE_CHECKING:
    from collections.abc import Callable

    from cnaps import Citation, GroundingReport

COUNT = 2_000
LEAST = 0.99


class Cited(NamedTuple):
    """What an answer says of an entry, and the class that its links have for it."""

    name: str
    links: tuple[str, ...]
    kind: str = "given"


# --- styles ---------------------------------------------------------------------------------------


def rendered(dialect: str) -> Callable[[list[Cited]], str]:
    def style(cited: list[Cited]) -> str:
        entries = tuple(ModelRef(entry.name, *entry.links[:2]) for entry in cited)
        prompt = PromptSpec(generate.prompts(1)[0].question, entries)
        return render(answer_for(prompt, dialect), dialect)

    return style


def fields(cited: list[Cited]) -> str:
    lines = ["## 1. Task", "Remove the fog.", "## 2. Papers and Tools", "### Primary Model:"]
    for name, links, _ in cited:
        labels = ["Paper", "Code"]
        lines += ["", f"- **Model:** {name}"]
        lines += [f"- **{label}:** {link}" for label, link in zip(labels, links, strict=False)]
    return "\n".join([*lines, "", "Together they explain how the fog goes."])


def inline(cited: list[Cited]) -> str:
    lines = ["🧠 **Task**: the **fog** goes.", "", "---", "", "### 3. Supporting Papers", ""]
    for name, links, _ in cited:
        first, *more = [*links]
        lines += [f"- 🔗 [{name}]({first})  ", *[f"  💻 [GitHub]({link})" for link in more]]
        lines += ["  It helps with the **edges**.", ""]
    return "\n".join(lines)


def marked(cited: list[Cited]) -> str:
    lines = ["3. List the papers.", ""]
    for name, links, _ in cited:
        lines += [f"* Model: {name}"]
        lines += [f"    * [cite_start]Paper: {link} [cite: 5{n}]" for n, link in enumerate(links)]
    return "\n".join([*lines, "", "[cite_start]They fit the task[cite: 50]."])


def bold(cited: list[Cited]) -> str:
    return "\n".join(
        f"{number}. **{name}** ({', '.join(links)}) – one of the parts【{number}†source】."
        for number, (name, links, _) in enumerate(cited, 1)
    )


def fenced(cited: list[Cited]) -> str:
    return f"Sure, here it is:\n\n```markdown\n# Answer\n\n{inline(cited)}\n```\n"


STYLES = [rendered("answer-1"), rendered("answer-2"), fields, inline, marked, bold, fenced]

# --- faults ---------------------------------------------------------------------------------------

_ID = re.compile(r"\d{4}\.\d{5}")


def _papers(cited: list[Cited]) -> list[int]:
    return [number for number, entry in enumerate(cited) if _ID.search(entry.links[0])]


def _change_paper(
    cited: list[Cited], chance: random.Random, change: Callable[[str], str], kind: str
) -> list[Cited]:
    number = chance.choice(_papers(cited))
    entry = cited[number]
    links = (change(entry.links[0]),)
    return [*cited[:number], Cited(entry.name, links, kind), *cited[number + 1 :]]


def swapped(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    first, second = chance.sample(range(len(cited)), 2)
    made = [*cited]
    made[first] = Cited(cited[first].name, cited[second].links, "mislabelled")
    made[second] = Cited(cited[second].name, cited[first].links, "mislabelled")
    return made


def borrowed(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    paper = chance.choice(neighbour.papers)
    return [*cited, Cited(paper.title, (paper.paper or "",), "borrowed")]


def version(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    def change(link: str) -> str:
        return _ID.sub(rf"\g<0>v{chance.randint(3, 9)}", re.sub(r"v\d", "", link))

    return _change_paper(cited, chance, change, "altered, version")


def digit(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    def change(link: str) -> str:
        found = _ID.search(link)
        assert found
        place = chance.choice([n for n in range(*found.span()) if link[n] != "."])
        return (
            link[:place] + str((int(link[place]) + chance.randint(1, 9)) % 10) + link[place + 1 :]
        )

    return _change_paper(cited, chance, change, "altered, different")


def truncated(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    def change(link: str) -> str:
        found = _ID.search(link)
        assert found
        return link[: found.end() - chance.randint(1, 4)]

    return _change_paper(cited, chance, change, "altered, truncated")


def scheme(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    def change(link: str) -> str:
        old, rest = link.split("://")
        return f"{'http' if old == 'https' else 'https'}://{rest}"

    return _change_paper(cited, chance, change, "altered, scheme")


def case(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    number = chance.choice(
        [n for n, entry in enumerate(cited) if "/arxiv.org" not in entry.links[-1]] or [0]
    )
    entry = cited[number]
    repository = entry.links[-1]
    start = repository.rindex("/") + 1
    place = start + chance.randrange(4)
    link = repository[:place] + repository[place].swapcase() + repository[place + 1 :]
    if "/arxiv.org" in repository:
        link = repository.replace("/arxiv.org", "/arXiv.org")
    return [
        *cited[:number],
        Cited(entry.name, (link,), "altered, letter case"),
        *cited[number + 1 :],
    ]


def rewritten(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    number = chance.randrange(len(cited))
    entry = cited[number]
    words = entry.name.replace("-", " ").split()
    name = " ".join([*words[: chance.randint(1, len(words) - 1)], "for", "Glaciers"])
    return [*cited[:number], entry._replace(name=name, kind="drifted"), *cited[number + 1 :]]


def foreign(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    link = chance.choice(
        [
            "https://arxiv.org/abs/1706.03762",
            "https://arxiv.org/pdf/1512.03385v1.pdf",
            "https://github.com/openai/CLIP",
            "https://huggingface.co/openai/whisper-large-v3",
            "https://pytorch.org/vision/stable/models.html",
        ]
    )
    entry = Cited("Attention Is All You Need", (link,), "outside")
    number = chance.randint(0, len(cited))
    return [*cited[:number], entry, *cited[number:]]


def named(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    number = chance.randrange(len(cited))
    entry = Cited(cited[number].name, (), "unlinked")
    return [*cited[:number], *cited[number + 1 :], entry]


def untouched(cited: list[Cited], chance: random.Random, neighbour: PromptSpec) -> list[Cited]:
    return cited


FAULTS = [
    *(swapped, borrowed, version, digit, truncated, scheme),
    *(case, rewritten, foreign, named, untouched),
]

# --- the table ------------------------------------------------------------------------------------


def kind_of(citation: Citation, report: GroundingReport) -> str:
    if citation in report.mislabelled:
        return "mislabelled"
    if citation in report.drifted:
        return "drifted"
    if citation.verdict is Verdict.ALTERED:
        return f"altered, {citation.difference}"
    return str(citation.verdict)


def entries_of(prompt: PromptSpec) -> list[Cited]:
    models = [(model.name, (model.paper, model.github)) for model in prompt.models]
    papers = [(paper.title, (paper.paper, paper.github)) for paper in prompt.papers]
    return [Cited(name, tuple(filter(None, links))) for name, links in (*models, *papers)]


def usable(prompt: PromptSpec) -> bool:
    """Whether a fault in it can be told: two entries, with different names and links."""
    entries = entries_of(prompt)
    links = [link for entry in entries for link in entry.links]
    names = {entry.name for entry in entries}
    return (
        len(entries) > 1
        and all(entry.links for entry in entries)
        and len({link.lower() for link in links}) == len(links)
        and len(names) == len(entries)
    )


def test_faults_are_found_and_nothing_else_is() -> None:
    chance = random.Random(20)
    prompts = [prompt for prompt in generate.prompts(300) if usable(prompt)]
    collection = Collection(prompts)
    expected: Counter[str] = Counter()
    reported: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for number in range(COUNT):
        prompt = prompts[number % len(prompts)]
        neighbour = prompts[(number + 1) % len(prompts)]
        style = STYLES[number % len(STYLES)]
        cited = FAULTS[number % len(FAULTS)](entries_of(prompt), chance, neighbour)
        if style is inline or style is fenced:
            cited = [entry for entry in cited if entry.links]
        text = style(cited)
        report = check(prompt, text, collection=collection)
        wanted = Counter(
            (entry.kind, link) for entry in cited for link in entry.links or (entry.name,)
        )
        found = Counter(
            (kind_of(citation, report), citation.url or citation.label or "")
            for citation in report.citations
        )
        for counter, pairs in ((expected, wanted), (reported, found), (right, wanted & found)):
            for (kind, _), count in pairs.items():
                counter[kind] += count
    print(f"\n{'class':22}{'expected':>10}{'reported':>10}{'precision':>11}{'recall':>9}")  # noqa: T201
    for kind in sorted(expected | reported):
        precision, recall = right[kind] / reported[kind], right[kind] / expected[kind]
        counts = f"{expected[kind]:10,}{reported[kind]:10,}"
        print(f"{kind:22}{counts}{precision:11.4f}{recall:9.4f}")  # noqa: T201
        assert min(precision, recall) > LEAST
