"""Names in texts."""

from __future__ import annotations

import pytest

from cnaps.grounding._names import Names, calls, contains, fold
from cnaps.scanning import scan


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Denoise-SwinIR_Noise15", "denoise swinir noise15"),
        ("  **Rain**  and\n`snow` ", "rain and snow"),
        (r"a\_b – c—d", "a b c d"),
        ("İstanbul", "istanbul"),  # each character stays one
        ("--", ""),
    ],
)
def test_texts_that_are_folded(text: str, folded: str) -> None:
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("by swinir", "swinir", True),
        ("swinir2, swinir", "swinir", True),
        ("swinir2", "swinir", False),
        ("aswinir", "swinir", False),
        ("使用swinir去噪", "swinir", True),
        ("下雨了", "雨", True),
        ("c++11", "c++", False),
        ("c++, c", "c++", True),
        ("anything", "", False),
    ],
)
def test_names_are_whole_words(text: str, name: str, found: bool) -> None:
    assert contains(text, name) is found


def test_a_label_calls_the_longest_name_in_it() -> None:
    names = ["rain", "rain and snow", "snow"]
    assert [name for name in names if calls("rain and snow: a study", name, names)] == [
        "rain and snow"
    ]
    assert [name for name in names if calls("rain, rain and snow", name, names)] == names[:2]


PLACES = {
    # The place that is found is in ⟦ ⟧, which are not in the text.
    "SwinIR": [
        "Use ⟦SwinIR⟧, not SwinIR2.",
        "SwinIR2, then ⟦SwinIR⟧",
        "**⟦SWINIR⟧**",
        "用⟦swinir⟧去",
        "SwinIRs",
        "ẞ ĳ İ ⟦swinir⟧",
        "",
    ],
    "Denoise-SwinIR": [
        "⟦denoise **SwinIR⟧**",
        "x\n\n--\n⟦Denoise‑\n  SwinIR⟧ y",
        "denoise/SwinIR",
    ],
    "C++": ["in ⟦C++⟧.", "in ⟦c++⟧.", "C++11"],
    "_x_": ["⟦_x_⟧", "ax", "**⟦x⟧**"],
    "$α$-NeuS": ["the ⟦$α$ neus⟧ of", "α-NeuS"],
    "-": ["a - b"],
    "": ["a"],
}


@pytest.mark.parametrize(
    ("name", "marked"), [(n, text) for n, texts in PLACES.items() for text in texts]
)
def test_where_a_name_stands(name: str, marked: str) -> None:
    text = marked.replace("⟦", "").replace("⟧", "")
    found = Names(text, []).find(name)
    if "⟦" in marked:
        assert found is not None
        start, end = found
        assert f"{text[:start]}⟦{text[start:end]}⟧{text[end:]}" == marked
    else:
        assert found is None


def test_a_name_in_a_link_does_not_count() -> None:
    text = "https://example.org/rain rain-like RAIN"
    links = [link.span for link in scan(text)]
    assert Names(text, links).find("rain") == (25, 29)
    assert Names(text[:25], links).find("rain") is None
    assert Names(text[:25], links).find("Rain") is None


def test_a_name_in_a_longer_one_does_not_count() -> None:
    names = ["Rain", "Rain-Snow", "Rain-Snow-Fog", "Snow", "Rain", ""]
    text = "rain snow, Rain-Snow-Fog, Snow; "
    finder = Names(text, [], names)
    assert finder.find("Rain") is None
    assert finder.find("Rain-Snow") == (0, 9)
    assert finder.find("Snow") == (26, 30)
    assert Names(f"{text}Rain", [], names).find("Rain") == (32, 36)
