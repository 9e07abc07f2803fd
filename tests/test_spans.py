"""Positions, and the lines that show them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps.frames import code_frame
from cnaps.spans import Lines, Location, Span, locate


class TestSpan:
    def test_it_is_half_open(self) -> None:
        assert Span(4, 9).of("You: Hello") == " Hell"

    def test_an_empty_one_is_a_place_between_two_characters(self) -> None:
        assert Span(3, 3).of("rain") == ""

    def test_it_unpacks_into_what_slices_take(self) -> None:
        start, end = Span(0, 4)
        assert "rainy"[start:end] == "rain"


class TestLocate:
    @pytest.mark.parametrize(
        ("text", "offset", "location"),
        [
            ("", 0, (1, 1)),
            ("rain", 0, (1, 1)),
            ("rain", 4, (1, 5)),  # the end of the text
            ("one\ntwo", 3, (1, 4)),  # a line end belongs to the line that it ends
            ("one\ntwo", 4, (2, 1)),
            ("one\ntwo\n", 8, (3, 1)),
            ("\n\n\n", 2, (3, 1)),
            ("🧠→x", 2, (1, 3)),  # characters, not bytes and not UTF-16 units
        ],
    )
    def test_lines_and_columns_count_from_one(
        self, text: str, offset: int, location: tuple[int, int]
    ) -> None:
        assert locate(text, offset) == Location(*location)

    @pytest.mark.parametrize("char", ["\r", "\x0b", "\x0c", "\x1c", "\x85", "\u2028", "\u2029"])
    def test_only_a_line_feed_ends_a_line(self, char: str) -> None:
        assert locate(f"one{char}two", 4) == Location(1, 5)

    @given(st.text("ab\n\r\u2028"), st.data())
    def test_counting_lines_and_columns_leads_back_to_the_offset(
        self, text: str, data: st.DataObject
    ) -> None:
        offset = data.draw(st.integers(0, len(text)))
        line, column = locate(text, offset)
        *before, here = text.split("\n")[:line]
        assert sum(len(each) + 1 for each in before) + column - 1 == offset
        assert column - 1 <= len(here)

    @given(st.text("ab\n\r\u2028"))
    def test_lines_that_are_looked_up_often_give_the_same(self, text: str) -> None:
        lines = Lines(text)
        offsets = range(len(text) + 1)
        assert [lines.locate(offset) for offset in offsets] == [locate(text, o) for o in offsets]


def frame(source: str, column: int, *, line: int = 7, width: int = 1, label: str = "") -> list[str]:
    return code_frame(source, line, column, width=width, label=label).split("\n")


class TestCodeFrame:
    @pytest.mark.parametrize(
        ("source", "column", "expected"),
        [
            ("Modell: Rain", 1, ["  7 | Modell: Rain", "    | ^"]),
            ("Modell: Rain", 9, ["  7 | Modell: Rain", "    |         ^"]),
            ("Model:", 7, ["  7 | Model:", "    |       ^"]),  # behind the last character
            ("", 1, ["  7 |", "    | ^"]),
            ("  Model: ", 3, ["  7 |   Model:", "    |   ^"]),  # blanks at the end do not matter
            ("Input → x", 9, ["  7 | Input → x", "    |         ^"]),
        ],
    )
    def test_the_caret_stands_under_the_column(
        self, source: str, column: int, expected: list[str]
    ) -> None:
        assert frame(source, column) == expected

    def test_a_label_follows_as_many_carets_as_asked_for(self) -> None:
        assert frame("Modell: Rain", 1, width=6, label="expected 'Model'") == [
            "  7 | Modell: Rain",
            "    | ^^^^^^ expected 'Model'",
        ]

    def test_the_gutter_is_as_wide_as_the_number_of_the_line(self) -> None:
        assert frame("Rain", 2, line=1_000_000) == [
            "  1000000 | Rain",
            "          |  ^",
        ]

    @pytest.mark.parametrize(
        ("source", "column", "expected"),
        [
            ("a\tb", 3, ["  7 | a b", "    |   ^"]),
            ("a\x00b", 3, [r"  7 | a\x00b", "    |      ^"]),
            ("a\x1b[31mb", 2, [r"  7 | a\x1b[31mb", "    |  ^^^^"]),  # as wide as what it escapes
            ("a\ud800b", 2, [r"  7 | a\ud800b", "    |  ^^^^^^"]),
            ("a\u2028b", 4, [r"  7 | a\u2028b", "    |         ^"]),
            ("a\u202eb", 3, [r"  7 | a\u202eb", "    |        ^"]),  # would print backwards
            ("a\nb\rc", 5, [r"  7 | a\nb\rc", "    |       ^"]),
        ],
    )
    def test_what_would_break_the_picture_is_escaped(
        self, source: str, column: int, expected: list[str]
    ) -> None:
        assert frame(source, column) == expected

    @pytest.mark.parametrize(
        ("column", "before", "after"),
        [
            (1, "", "…"),
            (49, "", "…"),
            (50, "…", "…"),
            (150, "…", "…"),
            (152, "…", "…"),
            (153, "…", ""),
            (200, "…", ""),
        ],
    )
    def test_a_long_line_is_cut_to_what_stands_around_the_column(
        self, column: int, before: str, after: str
    ) -> None:
        source = "".join(chr(0x0410 + number % 64) for number in range(200))
        shown, caret = (each.removeprefix("  7 | ") for each in frame(source, column))
        start = max(0, column - 49)
        assert shown == before + source[start : start + 96] + after
        assert shown[caret.removeprefix("    | ").index("^")] == source[column - 1]

    def test_wide_characters_take_two_columns(self) -> None:
        assert frame("中文 x", 4) == ["  7 | 中文 x", "    |      ^"]
        assert frame("a中", 2) == ["  7 | a中", "    |  ^^"]
        assert frame("e\u0301x", 3) == ["  7 | e\u0301x", "    |  ^"]

    def test_a_line_that_just_fits_is_not_cut(self) -> None:
        assert frame("x" * 96, 96)[0] == "  7 | " + "x" * 96

    @given(st.text(st.characters(codec=None, exclude_categories=())), st.integers(1, 300))
    def test_any_line_prints_as_two_short_lines(self, source: str, column: int) -> None:
        lines = frame(source * 10, column, label="expected 'x'")
        assert len(lines) == 2
        assert all(line.isprintable() for line in lines)
        assert max(map(len, lines)) < 96 * len(r"\U0010ffff") + 30

    @given(st.text("abcé→", min_size=1), st.integers(1, 20), st.data())
    def test_the_caret_finds_its_character_in_any_line(
        self, text: str, repeated: int, data: st.DataObject
    ) -> None:
        source = text * repeated
        column = data.draw(st.integers(1, len(source)))
        shown, caret = frame(source, column)
        assert shown[caret.index("^")] == source[column - 1]
