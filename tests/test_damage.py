"""Encoding damage: the cheap check in front of ftfy misses nothing, and repairs are proven."""

from __future__ import annotations

import random
import re
from itertools import chain, product

import ftfy
import pytest
from ftfy.badness import BADNESS_RE, MOJIBAKE_CATEGORIES, is_bad
from ftfy.chardata import CHARMAP_ENCODINGS
from hypothesis import given
from hypothesis import strategies as st

from cnaps.damage import apply, damaged_stretches, find, suspicious
from tests.strategies import texts

BMP = "".join(map(chr, [*range(0x80, 0xD800), *range(0xE000, 0x10000)]))
# What each category of ftfy holds; it abbreviates some as ranges.
CATEGORIES = [re.findall(f"[{category}]", BMP) for category in MOJIBAKE_CATEGORIES.values()]
# All that ftfy can take for a sign of damage.
SIGNS = sorted({*chain(*CATEGORIES), *BADNESS_RE.pattern} - {*map(chr, range(128))})
AROUND = ["a{}b", "A{}B", " {} ", "“{}”", "\n{}\n", "{}", "1{}.", "a {}", "→{}\u00a0"]

# Text as people write it. None of it is damaged.
CLEAN = [
    "",
    'plain ASCII: it\'s "quoted" -- twice...',
    "“Curly” ‘quotes’ – dashes — and so on…",
    "Input → Model → Output",
    "🧠 **User Question:**",
    "café, naïve, Ångström, façade, Ærø, smörgåsbord",
    "« Où est passé l’été ? » demanda-t-elle à l’élève du lycée, qui avait déjà mangé.",
    "Le cœur et l’œuvre : 25 € l’entrée, −10 °C dehors.",
    "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι. ΑΒΓ «Δ» – Ελλάδα…",
    "Все люди рождаются свободными и равными: «Ёлка», „Вий“ — № 5, 20 °C…",
    "Příliš žluťoučký kůň úpěl ďábelské ódy. „Zażółć gęślą jaźń”",
    "İstanbul’da ğüşıöç; Ağaç “şey” dedi.",
    "人人生而自由，在尊严和权利上一律平等。「雨」——『雪』……",
    "すべての人間は、生まれながらにして自由である。",
    "모든 인간은 태어날 때부터 자유로우며",
    "जन्म से सभी मनुष्य स्वतंत्र हैं। সব মানুষ স্বাধীন",
    "يولد جميع الناس أحرارًا ومتساوين. כל בני האדם נולדו בני חורין",
    "$α$-NeuS, Occ$^2$Net, x² + y² ≤ z², 3 × 4, ∑∗ ā",
    "a\u2028b\u0009c\ufeffd",
]


class TestSuspicious:
    """False is certain: ftfy would find nothing either."""

    @pytest.mark.parametrize("around", AROUND)
    def test_it_misses_no_pair_of_signs(self, around: str) -> None:
        before, after = around.split("{}")
        missed = [
            text
            for one, other in product(SIGNS, repeat=2)
            if is_bad(text := f"{before}{one}{other}{after}") and not suspicious(text)
        ]
        assert missed == []

    def test_it_misses_no_single_sign(self) -> None:
        candidates = [*AROUND, "a{} b", ". {} ", "? {}“", "{} b", "x\u00a0{}\u00a0y"]
        texts = [around.format(sign) for around in candidates for sign in SIGNS]
        bad = [text for text in texts if is_bad(text)]
        assert len(bad) > len(candidates)
        assert all(map(suspicious, bad))

    def test_it_misses_no_longer_run_of_signs(self) -> None:
        chosen = random.Random(7)
        for length in (3, 4, 5):
            for _ in range(20_000):
                text = "".join(chosen.choices(SIGNS, k=length))
                assert suspicious(text) or not is_bad(text), text

    @given(st.lists(st.sampled_from([*CATEGORIES, [*"ab Z."], [*"→“”’–"]]), min_size=1), st.data())
    def test_it_misses_nothing_that_ftfy_would_repair(
        self, alphabets: list[list[str]], data: st.DataObject
    ) -> None:
        text = "".join(data.draw(st.sampled_from(alphabet)) for alphabet in alphabets)
        if is_bad(text) or ftfy.fix_encoding(text) != text:
            assert suspicious(text)

    @given(texts())
    def test_it_misses_nothing_in_any_text(self, text: str) -> None:
        if is_bad(text) or ftfy.fix_encoding(text) != text:
            assert suspicious(text)

    @given(st.text(st.characters(codec="utf-8")), st.sampled_from(CHARMAP_ENCODINGS))
    def test_it_misses_no_damaged_text(self, text: str, codec: str) -> None:
        name = codec.removeprefix("sloppy-")
        assert suspicious(apply(text, name)) or not is_bad(apply(text, name))

    @pytest.mark.parametrize(
        "text",
        [
            "a plain “quoted” sentence → fine",
            "‘single’ – it’s — fine…",
            "🧠 **User Question:**  \n“Why?”",
            "“”‘’–—…→‑🧠" * 2,  # next to one another as well
            "人人生而自由，在尊严和权利上一律平等。",
            "Ünë lone âccènted letter",
        ],
    )
    def test_clean_typography_never_costs_the_long_check(self, text: str) -> None:
        assert not suspicious(text)

    @pytest.mark.parametrize("times", [1, 50, 51, 1_000])
    def test_letters_that_stand_alone_are_no_damage_however_many(self, times: int) -> None:
        for text in ("é a " * times, "".join(f"{chr(0x180 + n % 300)} " for n in range(times))):
            assert not suspicious(text)
            assert suspicious(f"{text}éé")

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\ud83d\ude00é"])
    def test_lone_surrogates_are_no_damage(self, text: str) -> None:
        assert not suspicious(text)


class TestFind:
    @pytest.mark.parametrize(
        ("damaged", "found"),
        [
            ("Input â†’ Model", ("windows-1252", "Input → Model")),
            ("cafÃ©", ("latin-1", "café")),  # the same in windows-1252
            ("multiΓÇæmodule", ("cp437", "multi‑module")),  # ftfy sees nothing wrong with it
            ("ðŸ§\u00a0 â€œyesâ€\u009d", ("windows-1252", "🧠 “yes”")),
            ("â\u0086\u0092", ("latin-1", "→")),
            ("ΓåÆ", ("cp437", "→")),
            ("Generation∩╝èΓêù", ("cp437", "Generation＊∗")),
            ("вЂњxвЂќ", ("windows-1251", "“x”")),
            ("β€™", ("windows-1253", "’")),
            ("‚Äô", ("macroman", "’")),
        ],
    )
    def test_the_mistake_and_the_text_before_it(self, damaged: str, found: tuple[str, str]) -> None:
        assert find(damaged) == found

    @pytest.mark.parametrize("text", CLEAN)
    def test_clean_text_stays_as_it_is(self, text: str) -> None:
        assert find(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "clean → and damaged â†’",  # → is in none of the encodings
            "clean é and damaged â†’",  # é alone would be half a character
            "cut off â†",
            "cut off â† in the middle",
            "Â without its second half Ã",
        ],
    )
    def test_damage_of_a_part_is_not_undone(self, text: str) -> None:
        assert is_bad(text)
        assert find(text) is None

    @given(st.one_of(texts(), st.text(st.sampled_from(SIGNS)), st.text()))
    def test_what_it_finds_is_proven(self, text: str) -> None:
        found = find(text)
        if found is not None:
            name, undone = found
            assert apply(undone, name) == text

    def test_a_repair_that_cannot_be_proven_is_not_made(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """All encodings of ftfy 6.3 lead back; this holds should one of them not."""
        monkeypatch.setattr("cnaps.damage.apply", lambda text, _: f"not {text}")
        assert find("Input â†’ Model") is None

    @pytest.mark.parametrize("codec", CHARMAP_ENCODINGS)
    def test_it_restores_every_text_whose_damage_can_be_seen(self, codec: str) -> None:
        for text in CLEAN:
            damaged = apply(text, codec.removeprefix("sloppy-"))
            if is_bad(damaged):
                found = find(damaged)
                assert found is not None
                assert found[1] == text

    @pytest.mark.parametrize(
        ("damaged", "undone"),
        [
            ("â†’ \x1a", ("windows-1252", "→ \x1a")),  # ends as old DOS files do
            ("â†’ \ufffd", ("sloppy-windows-1252", "→ \x1a")),  # as ftfy's codecs damage that
        ],
    )
    def test_the_substitute_character_is_read_in_both_ways(
        self, damaged: str, undone: tuple[str, str]
    ) -> None:
        """Browsers read the byte 0x1A as U+001A, ftfy's tolerant codecs as U+FFFD."""
        assert find(damaged) == undone


class TestApply:
    @pytest.mark.parametrize(
        ("name", "damaged"),
        [
            ("windows-1252", "â€\x9d"),  # 0x9D has no meaning there
            ("latin-1", "â\x80\x9d"),
            ("cp437", "ΓÇ¥"),
            ("windows-1251", "вЂќ"),
            ("macroman", "‚Äù"),
        ],
    )
    def test_it_damages_as_the_mistake_does(self, name: str, damaged: str) -> None:
        assert apply("”", name) == damaged

    def test_ascii_is_the_same_in_every_encoding(self) -> None:
        for codec in CHARMAP_ENCODINGS:
            assert apply("Input\r\n\t~", codec.removeprefix("sloppy-")) == "Input\r\n\t~"


class TestDamagedStretches:
    @pytest.mark.parametrize(
        ("text", "stretches"),
        [
            ("clean → and damaged â†’ and é", ["â†"]),
            ("rainÃ©, snowâ€™ → ok", ["nÃ©", "â€"]),
            ("â†’ first → last â†", ["â†", "â†"]),
            ("â€œâ€œ → x", ["â€œâ€œ"]),  # what touches is one stretch
            ("don\x80\x81t", ["\x80\x81"]),
            ("“clean” → é", []),
            ("plain", []),
        ],
    )
    def test_it_yields_where_a_text_looks_damaged(self, text: str, stretches: list[str]) -> None:
        assert [span.of(text) for span in damaged_stretches(text)] == stretches

    @pytest.mark.parametrize("text", CLEAN)
    def test_clean_text_has_none(self, text: str) -> None:
        assert list(damaged_stretches(text)) == []
