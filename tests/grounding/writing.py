"""Strategies of prompts with links of all kinds, and of answers that cite them in every syntax."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

import cnaps
from cnaps.mentions import Form
from tests import strategies as some

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from cnaps._inputs import Reply

WORKS = [
    "https://arxiv.org/abs/2108.10257",
    "http://arxiv.org/pdf/2108.10257v1.pdf",
    "https://arxiv.org/pdf/2108.10258",
    "arXiv:2111.09881",
    "https://github.com/JingyunLiang/SwinIR",
    "https://github.com/JingyunLiang/SwinIR/tree/main/models",
    "https://github.com/swz30/Restormer?tab=readme-ov-file",
    "github.com/swz30/MPRNet",
    "git@github.com:swz30/MPRNet.git",
    "https://huggingface.co/microsoft/resnet-50",
    "https://gitlab.com/example/rain_and_snow",
    "https://openaccess.thecvf.com/content/ICCV2021/papers/Cho_Rethinking_ICCV_2021_paper.pdf",
    "https://openreview.net/forum?id=rJxX8T4Kvr",
    "https://doi.org/10.1109/CVPR.2016.90",
    "https://en.wikipedia.org/wiki/Rain_(weather)",
    "https://example.org/rain/",
    "https://example.org/?q=rain&p=1#top",
    "https://example.org/雨/说明",
    "www.example.org/snow",
]

# What turns one link into another, and what the end of a link is mistaken about.
_TAILS = [
    "",
    "",
    "",
    "/",
    "_",
    "*",
    ".",
    ")",
    "(",
    "'",
    "~",
    "]",
    "}",
    "|",
    "的",
    "é",
    "\\_",
    "&amp;",
]

# Fields that hold more than a link, or none.
_LOOSE = [
    "see https://example.org/rain, and https://example.org/snow",
    "[SwinIR](https://arxiv.org/abs/2108.10257)",
    r"\url{https://example.org/rain\_and\_snow}",
    "<https://example.org/rain>",
    "example.net/rain",
    "on request",
    "N.A.",
]


def links() -> SearchStrategy[str]:
    """A link that a file can hold: any of the sites, with any end, and what is hardly a link."""
    tails = st.lists(st.sampled_from(_TAILS), max_size=2).map("".join)
    sites = st.tuples(st.sampled_from(WORKS), tails).map("".join)
    return st.one_of(sites, sites, st.sampled_from(WORKS), st.sampled_from(_LOOSE), some.lines())


def names() -> SearchStrategy[str]:
    """A name, which may be a part of another one."""
    usual = [
        "SwinIR",
        "Denoise-SwinIR-Noise15",
        "Rain, snow & fog: a study",
        "$α$-NeuS",
        "雨",
        "C++",
    ]
    return st.one_of(st.sampled_from(usual), some.lines())


def prompts(
    link: SearchStrategy[str] | None = None, name: SearchStrategy[str] | None = None
) -> SearchStrategy[cnaps.PromptSpec]:
    """A prompt that a file can hold, with one entry at least."""
    link = links() if link is None else link
    name = names() if name is None else name
    either = st.one_of(st.none(), link)
    models = st.builds(cnaps.ModelRef, name, either, either)
    summary = st.one_of(st.none(), some.lines(), link.map("Code: {}.".format))
    papers = st.builds(cnaps.PaperRef, name, either, either, summary)
    return st.builds(
        cnaps.PromptSpec,
        st.builds(cnaps.Question, some.lines()),
        st.lists(models, max_size=3).map(tuple),
        st.lists(papers, max_size=3).map(tuple),
    )


class Written(NamedTuple):
    """How a link can be written: what stands before, the characters of the link, what is behind."""

    before: str
    link: str
    after: str

    @property
    def text(self) -> str:
        return "".join(self)


_BARE = [
    ("", ""),
    ("(", ")"),
    ("(see ", ")."),
    ("**", "**"),
    ("`", "`"),
    ("“", "”"),
    ('"', '"'),
    ("见", "。"),
    ("见", "的"),
    ("[cite_start]", "[cite: 6, 7]"),
    ("[cite_start]", " [cite: 6]."),
    ("", "【446†source】"),
    ("", ":contentReference[oaicite:0]{index=0}"),
    ("", "\ue200cite\ue201"),
    ("| ", " | x |"),
    ("", ", and more"),
]
_ENCLOSED: dict[Form, list[tuple[str, str]]] = {
    Form.ANGLE: [("<", ">")],
    Form.INLINE: [("[{}](", ")"), ("[{}](<", '> "rain")'), ("[the **{}** page]( ", " 'rain')")],
    Form.IMAGE: [("![{}](", ")")],
    Form.REFERENCE: [("[{}][1] is good.\n\n[1]: ", "\n\n"), ("[1]: <", '> "rain"\n\n')],
    Form.URL: [(r"\url{", "}"), (r"\url{ ", " }")],
    Form.HREF: [(r"\href{", "}{a label}")],
}
_STARTS = {Form.ID: "arXiv:", Form.SSH: "git@", Form.HOST: "www."}


def form_of(link: str) -> Form:
    """How a link is written where nothing is around it."""
    found = next((form for form, start in _STARTS.items() if link.startswith(start)), None)
    return found or (Form.BARE if "://" in link else Form.HOST)


def written(link: str, label: str = "its page") -> SearchStrategy[Written]:
    """A link in any syntax."""
    ways = [*_BARE, *(way for ways in _ENCLOSED.values() for way in ways)]
    return st.sampled_from(ways).map(lambda way: Written(way[0].replace("{}", label), link, way[1]))


def enclosed(link: str) -> SearchStrategy[Written]:
    """A link in a syntax that says where it ends."""
    ways = [way for ways in _ENCLOSED.values() for way in ways]
    return st.sampled_from(ways).map(lambda way: Written(way[0].replace("{}", "it"), link, way[1]))


_AROUND = [
    ("", ""),
    ("```markdown\n", "\n```\n"),
    ("Sure! Here is the answer:\n\n## Task\n\n", "\n"),
]
_PROSE = [
    "The rain goes from the picture.",
    "- **Input**: a wet picture [cite: 3].",
    "## Task",
    "雨从图片里消失。",
    "---",
    "It is 12.5 × faster, arXiv or not.",
    "| a | b |\n| - | - |",
    "",
]


def prose() -> SearchStrategy[str]:
    """Text without links, such as stands between them."""
    return st.sampled_from(_PROSE)


def entries_of(prompt: cnaps.PromptSpec) -> list[tuple[str, list[str]]]:
    """The names of models and papers, each with its links."""
    models = [(model.name, (model.paper, model.github)) for model in prompt.models]
    papers = [(paper.title, (paper.paper, paper.github)) for paper in prompt.papers]
    return [(name, [link for link in links if link]) for name, links in (*models, *papers)]


@st.composite
def passages(draw: st.DrawFn, prompt: cnaps.PromptSpec) -> list[str]:
    """The paragraphs of an answer in free Markdown, made only of the entries of a prompt."""
    found = [draw(prose())]
    for name, links in entries_of(prompt):
        cited = [draw(written(link, name)).text for link in links]
        style = draw(
            st.sampled_from(["- **{}**: {}", "{} ({})", "1. *{}* – {}", "{1}", "“{}”\n{}"])
        )
        found += [style.format(name, draw(st.sampled_from([" ", ", ", "\n"])).join(cited))]
        found += [draw(prose())]
    return found


@st.composite
def markdown(draw: st.DrawFn, prompt: cnaps.PromptSpec) -> str:
    """An answer in free Markdown, made only of the entries of a prompt."""
    before, after = draw(st.sampled_from(_AROUND))
    return before + "\n\n".join(draw(passages(prompt))) + after


@st.composite
def grounded(draw: st.DrawFn, prompt: cnaps.PromptSpec) -> Reply:
    """An answer made only of the entries of a prompt, in any form that `check` takes."""
    if draw(st.booleans()):
        text = draw(markdown(prompt))
        kinds: list[Reply] = [text, cnaps.Response(text), cnaps.parse_response(text)]
        return draw(st.sampled_from(kinds))
    dialect = draw(st.sampled_from(["answer-1", "answer-2"]))
    answer = cnaps.answer_for(prompt, dialect)
    text = cnaps.render(answer, dialect)
    kinds = [answer, cnaps.parse(text), text]
    return draw(st.sampled_from(kinds))
