"""Links that are nearly another one."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import Difference
from cnaps.grounding._near import _slip, near_miss, slip
from cnaps.identifiers._compare import Target

OFFERED = "https://github.com/swz30/Restormer"


def miss(link: str, offered: str = OFFERED) -> Difference | None:
    return near_miss(Target(link), Target(offered))


@pytest.mark.parametrize(
    ("link", "difference"),
    [
        ("https://github.com/swz30/Restorme", Difference.TRUNCATED),
        ("http://www.github.com/swz30", Difference.TRUNCATED),
        ("github.com/swz30/REST", Difference.TRUNCATED),
        ("https://github.com/swz30/Restormex", Difference.DIFFERENT),
        ("https://github.com/swz30/Restormers", Difference.DIFFERENT),
        ("https://github.com/swz30/Restomrer", Difference.DIFFERENT),
        ("https://github.com/sw30/Restormer", Difference.DIFFERENT),
        ("https://githab.com/swz30/Restormer", Difference.DIFFERENT),
        ("https://github.com/sw/Restormer", None),
        ("https://github.com/swz30/Restormer-v2", None),
        ("https://github.com/swz30/MPRNet", None),
    ],
)
def test_how_a_link_misses_another_one(link: str, difference: Difference | None) -> None:
    assert miss(link) is difference


@pytest.mark.parametrize(
    ("link", "offered", "difference"),
    [
        (
            "https://openreview.net/Forum?id=aBcDe",
            "https://openreview.net/forum?id=aBcDe",
            "letter case",
        ),
        (
            "https://openreview.net/forum?id=aBcDE",
            "https://openreview.net/forum?id=aBcDe",
            "letter case",
        ),
        ("https://example.org/Rain", "https://example.org/rain", "letter case"),
        (
            "https://huggingface.co/Datasets/a/rain",
            "https://huggingface.co/datasets/a/rain",
            "letter case",
        ),
        ("ftp://example.org/rain", "https://example.org/rain", "scheme"),
        ("htps://github.com/swz30/MPRNet", "https://github.com/swz30/MPRNet", "scheme"),
        ("http://example.org:443/rain", "https://example.org:443/rain", "scheme"),
        ("ftp://example.org/Rain", "https://example.org/rain", "letter case"),
        ("https://ww.example.org/fog/1", "https://www.example.org/fog/1", "different"),
        ("https://www.example.org/a1", "https://wwv.example.org/a1", None),
        ("https://example.org/rain?q=1", "https://example.org/rain", "query"),
        ("https://example.org/rain?q=1", "https://example.org/rain?q=2", "query"),
        ("https://example.org/rain?q=1", "https://example.org/rain?q=21345", None),
        ("https://arxiv.org/abs/2111.0988", "https://arxiv.org/pdf/2111.09881v1.pdf", "truncated"),
        ("https://arxiv.org/abs/2111.09882", "https://arxiv.org/pdf/2111.09881v1.pdf", "different"),
        ("https://arxiv.org/abs/2111.19882", "https://arxiv.org/pdf/2111.09881v1.pdf", None),
        # Two short paths are alike by chance.
        ("https://example.org/a1", "https://example.org/a2", None),
        ("https://huggingface.co/gpt3", "https://huggingface.co/gpt2", None),
        ("https://huggingface.co/bert-base", "https://huggingface.co/bert_base", "different"),
        ("", "https://example.org/a2", None),
    ],
)
def test_near_misses_by_site(link: str, offered: str, difference: str | None) -> None:
    assert miss(link, offered) == difference


def edits(text: str) -> set[str]:
    """Everything that one slip makes of a text of a, b and c."""
    cuts = [(text[:n], text[n:]) for n in range(len(text) + 1)]
    return {
        *(f"{a}{char}{b}" for a, b in cuts for char in "abc"),
        *(f"{a}{b[1:]}" for a, b in cuts if b),
        *(f"{a}{char}{b[1:]}" for a, b in cuts if b for char in "abc"),
        *(f"{a}{b[1]}{b[0]}{b[2:]}" for a, b in cuts if len(b) > 1),
    } - {text}


@given(st.text("abc", max_size=9), st.integers(), st.booleans())
def test_a_slip_is_one_edit(text: str, seed: int, is_edit: bool) -> None:
    chance = random.Random(seed)
    other = chance.choice(sorted(edits(text)))
    if not is_edit:
        other = chance.choice(sorted({*edits(other), text}))
    found = _slip(text, other)
    assert (found is not None) == (other in edits(text))
    if found is not None:
        start, end, other_end = found
        assert text[:start] == other[:start]
        assert text[end:] == other[other_end:]
        assert end - start <= 2
        assert other_end - start <= 2


@pytest.mark.parametrize(
    ("link", "offered", "shown"),
    [
        ("2111.09884", "2111.09881", "…09884 for …09881"),
        (
            "https://example.org/abcdXefgh/i",
            "https://example.org/abcdYefgh/i",
            "…abcdXefgh… for …abcdYefgh…",
        ),
        (
            "https://example.org/abcdefgh",
            "https://example.org/abcXdefgh",
            "…/abcdefg… for …/abcXdefg…",
        ),
        ("HTTPS://example.org/rain", "https://www.example.org/brain", "…org/rain for …org/brain"),
        # Links to one paper can be alike in nothing but its id.
        (
            "https://arxiv.org/abs/2111.09882",
            "https://arxiv.org/pdf/2111.09881v1.pdf",
            "…09882 for …09881",
        ),
        ("arXiv:2111.09882", "https://arxiv.org/abs/2111.09881", "…09882 for …09881"),
        ("https://a.org/x", "https://b.org/yy", ""),
    ],
)
def test_a_slip_is_shown_with_what_is_around_it(link: str, offered: str, shown: str) -> None:
    assert slip(link, offered) == shown
