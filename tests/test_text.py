"""Bytes to text and exactly back: marks, damage, line ends, and what is not UTF-8."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps import ParseError
from cnaps.text import CLEAN, Layers, Source, decode
from tests.strategies import DAMAGES, damaged, newlines, texts

if TYPE_CHECKING:
    from collections.abc import Sequence

MARK = b"\xef\xbb\xbf"

# The last byte of ” has no meaning in windows-1252; a strict reader would stop there.
PHRASE = "“Is this rain?” – the café’s α-filter → dry 🧠 中"


def misread(text: str, *codecs: str) -> bytes:
    return damaged(text, codecs).encode()


class TestLineEnds:
    @pytest.mark.parametrize(
        ("data", "newline", "mixed", "text"),
        [
            (b"", "\n", False, ""),
            (b"rain", "\n", False, "rain"),
            (b"rain\n", "\n", False, "rain\n"),
            (b"one\ntwo", "\n", False, "one\ntwo"),
            (b"one\r\ntwo", "\r\n", False, "one\ntwo"),
            (b"one\r\ntwo\r\n", "\r\n", False, "one\ntwo\n"),
            (b"one\rtwo\r", "\r", False, "one\ntwo\n"),
            (b"\r\n\r\n", "\r\n", False, "\n\n"),
            (b"\r\r", "\r", False, "\n\n"),
            # mixed: new text gets the one that is used most
            (b"one\r\ntwo\nthree\r\n", "\r\n", True, "one\ntwo\nthree\n"),
            (b"one\ntwo\nthree\r\n", "\n", True, "one\ntwo\nthree\n"),
            (b"one\rtwo\rthree\n", "\r", True, "one\ntwo\nthree\n"),
            (b"\n\r\n\r", "\r\n", True, "\n\n\n"),
            (b"\n\r", "\n", True, "\n\n"),
            (b"\r\r\n", "\r\n", True, "\n\n"),
        ],
    )
    def test_each_becomes_a_line_feed(
        self, data: bytes, newline: str, mixed: bool, text: str
    ) -> None:
        source = decode(data)
        assert source == Source(Layers((), newline, mixed), data.decode(), text)

    @pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\u2028", "\u2029"])
    def test_other_characters_end_no_line(self, char: str) -> None:
        text = f"one{char}two"
        assert decode(text.encode()) == Source(CLEAN, text, text)

    def test_neither_does_u0085(self) -> None:
        source = decode("one\x85two".encode())
        assert source.text == "one\x85two"
        assert source.layers.newline == "\n"


class TestMark:
    @pytest.mark.parametrize(
        ("data", "steps", "text"),
        [
            (MARK + b"rain\n", ("mark",), "rain\n"),
            (MARK, ("mark",), ""),
            (MARK + b"\r\n", ("mark",), "\n"),
            (b"rain" + MARK, (), "rain\ufeff"),  # elsewhere it is a character like any other
            (MARK + MARK + b"rain", ("mark",), "\ufeffrain"),  # and so is a second one
        ],
    )
    def test_a_byte_order_mark_is_no_part_of_the_text(
        self, data: bytes, steps: tuple[str, ...], text: str
    ) -> None:
        source = decode(data)
        assert source.layers.steps == steps
        assert source.text == text
        assert source.layers.encode(source.raw) == data

    def test_of_a_file_that_notepad_damaged_it_is_inside(self) -> None:
        data = "ï»¿rain â†’ dry".encode()
        source = decode(data)
        assert source.layers.steps == ("windows-1252", "mark")
        assert source.text == "rain → dry"
        assert source.layers.encode(source.raw) == data

    def test_it_can_be_outside_the_damage(self) -> None:
        data = MARK + misread("rain → dry", "windows-1252")
        source = decode(data)
        assert source.layers.steps == ("mark", "windows-1252")
        assert source.text == "rain → dry"
        assert source.layers.encode(source.raw) == data

    def test_it_can_be_on_every_layer(self) -> None:
        once = MARK + b"rain \xe2\x86\x92 dry"
        twice = MARK + once.decode("windows-1252", "strict").encode()
        source = decode(twice)
        assert source.layers.steps == ("mark", "windows-1252", "mark")
        assert source.text == "rain → dry"
        assert source.layers.encode(source.raw) == twice


class TestDamage:
    @pytest.mark.parametrize("codecs", DAMAGES, ids="+".join)
    @pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
    def test_once_and_twice_is_undone_and_done_again(
        self, codecs: tuple[str, ...], newline: str
    ) -> None:
        raw = f"{PHRASE}{newline}{PHRASE}{newline}"
        data = misread(raw, *codecs)
        source = decode(data)
        names = tuple(codec.removeprefix("sloppy-") for codec in codecs)
        assert source == Source(
            Layers(names[::-1], newline), raw, raw.replace("\r\n", "\n").replace("\r", "\n")
        )
        assert source.layers.damage == names
        assert source.layers.encode(source.raw) == data

    def test_windows_1252_is_read_the_tolerant_way(self) -> None:
        source = decode("She said â€œrainâ€\x9d.".encode())
        assert source.text == "She said “rain”."
        assert source.layers.damage == ("windows-1252",)

    def test_damage_is_in_the_order_in_which_it_happened(self) -> None:
        layers = Layers(("mark", "cp437", "mark", "latin-1"))
        assert layers.damage == ("latin-1", "cp437")

    @pytest.mark.parametrize(
        "text",
        [
            PHRASE,
            "rain → dry, not â†’",  # damaged in part
            "â†",  # cut off: no UTF-8
            "Ã",
            "Ãngel, Ågren and Ñandú",
        ],
    )
    def test_what_it_cannot_have_done_to_the_whole_text_is_left_alone(self, text: str) -> None:
        assert decode(text.encode()) == Source(CLEAN, text, text)

    @pytest.mark.parametrize(
        ("steps", "repaired"),
        [
            ((), ()),
            (("cp437",), ()),
            (("mark",), ("mark",)),
            (("windows-1252", "mark"), ("mark",)),
            (("mark", "windows-1252", "latin-1"), ("mark",)),
            (("mark", "windows-1252", "mark"), ("mark",)),
        ],
    )
    def test_repaired_layers_keep_one_mark_and_the_line_ends(
        self, steps: tuple[str, ...], repaired: tuple[str, ...]
    ) -> None:
        assert Layers(steps, "\r\n", mixed=True).repaired() == Layers(repaired, "\r\n", mixed=True)

    def test_a_lone_surrogate_cannot_be_encoded(self) -> None:
        with pytest.raises(UnicodeEncodeError):
            CLEAN.encode("\ud800")


@st.composite
def layered(draw: st.DrawFn) -> bytes:
    """Bytes of texts behind layers that cnaps knows, and of some that it does not."""
    text = draw(texts()).encode("utf-8", "ignore").decode()
    text = text.replace("\n", draw(newlines()))
    for codec in draw(st.sampled_from([(), *DAMAGES])):
        text = damaged(draw(st.sampled_from(["", "\ufeff"])) + text, (codec,))
    return draw(st.sampled_from([b"", MARK])) + text.encode()


class TestLaw:
    @given(st.one_of(layered(), st.binary(), st.text().map(str.encode)))
    def test_the_layers_of_a_file_give_its_bytes_back(self, data: bytes) -> None:
        try:
            source = decode(data)
        except ParseError:
            with pytest.raises(UnicodeDecodeError):
                data.decode()
        else:
            assert source.layers.encode(source.raw) == data
            assert source.text == re.sub("\r\n|\r", "\n", source.raw)

    @given(st.text().map(str.encode), st.binary(min_size=1, max_size=3))
    def test_an_error_has_the_offset_that_python_gives(self, before: bytes, more: bytes) -> None:
        data = before + more
        try:
            data.decode()
        except UnicodeDecodeError as expected:
            with pytest.raises(ParseError) as caught:
                decode(data)
            assert caught.value.offset == expected.start
            assert f"0x{data[expected.start]:02x}" in caught.value.reason


def spliced(pieces: Sequence[str], edits: Sequence[tuple[int, int, str]]) -> str:
    """Replace stretches of pieces."""
    result = list(pieces)
    for start, end, text in reversed(edits):
        result[start:end] = [text]
    return "".join(result)


@st.composite
def edited(
    draw: st.DrawFn, newline: st.SearchStrategy[str]
) -> tuple[Source, list[tuple[int, int, str]]]:
    """A file whose lines end in any of the ways given, and edits in order and apart."""
    lines = draw(st.lists(st.text("ab→", max_size=3), max_size=6))
    text = "".join(line + draw(newline) for line in lines) + draw(st.text("ab", max_size=2))
    source = decode(text.encode())
    length = len(source.text)
    cuts = sorted(draw(st.lists(st.integers(0, length), max_size=6, unique=True)))
    pairs = list(pairwise(cuts))[::2]
    return source, [(start, end, draw(st.text("xy\n", max_size=4))) for start, end in pairs]


class TestEdited:
    """Edits are given in offsets of the text and made in the file."""

    @pytest.mark.parametrize(
        ("raw", "edits", "result"),
        [
            ("one\r\ntwo\r\n", [], "one\r\ntwo\r\n"),
            ("one\r\ntwo\r\n", [(4, 7, "2")], "one\r\n2\r\n"),
            ("one\r\ntwo\r\n", [(4, 8, "")], "one\r\n"),
            ("one\r\ntwo\r\n", [(3, 4, " ")], "one two\r\n"),
            ("one\r\ntwo\r\n", [(0, 3, "1\n1"), (4, 7, "2")], "1\r\n1\r\n2\r\n"),
            ("one\r\ntwo\r\n", [(8, 8, "three\n")], "one\r\ntwo\r\nthree\r\n"),
            ("one\rtwo\r", [(4, 4, "1½\n")], "one\r1½\rtwo\r"),
            ("one\ntwo\n", [(4, 4, "1½\n")], "one\n1½\ntwo\n"),
            ("one\r\ntwo\nend\r\n", [(4, 7, "2\n2")], "one\r\n2\r\n2\nend\r\n"),
        ],
    )
    def test_a_table(self, raw: str, edits: list[tuple[int, int, str]], result: str) -> None:
        assert decode(raw.encode()).edited(edits) == result

    @given(edited(st.sampled_from(["\n", "\r\n", "\r"])))
    def test_the_file_then_has_the_edited_text_whatever_its_line_ends(
        self, case: tuple[Source, list[tuple[int, int, str]]]
    ) -> None:
        source, edits = case
        assert decode(source.edited(edits).encode()).text == spliced(source.text, edits)

    @given(edited(st.sampled_from(["\n", "\r\n", "\r"])))
    def test_only_the_edited_stretches_change(
        self, case: tuple[Source, list[tuple[int, int, str]]]
    ) -> None:
        source, edits = case
        units = re.findall("\r\n|(?s:.)", source.raw)  # one for each character of the text
        # Beside an edit, one more carriage return can keep two line ends apart.
        own = [
            (start, end, "\r?" + re.escape(text.replace("\n", source.layers.newline)) + "\r?")
            for start, end, text in edits
        ]
        assert re.fullmatch(spliced(list(map(re.escape, units)), own), source.edited(edits))

    @pytest.mark.parametrize(
        ("raw", "edit", "text"),
        [
            ("one\rtwo\n", (4, 7, ""), "one\n\n"),  # what stood between them is gone
            ("one\r\rtwo\nend", (5, 8, "2\n"), "one\n\n2\n\nend"),  # one of them is new
        ],
    )
    def test_a_carriage_return_and_a_line_feed_stay_two_line_ends(
        self, raw: str, edit: tuple[int, int, str], text: str
    ) -> None:
        assert decode(decode(raw.encode()).edited([edit]).encode()).text == text


class TestUndecodable:
    @pytest.mark.parametrize(
        ("data", "headline", "shown", "caret"),
        [
            pytest.param(
                b"\xff\xferain",
                "<input>:1:1: byte 0xff at offset 0 is not UTF-8: invalid start byte",
                r"  1 | \xff\xferain",
                r"    | ^",
                id="at the start",
            ),
            pytest.param(
                "Input → caf".encode() + b"\xe9 au lait\nrain\n",
                "<input>:1:12: byte 0xe9 at offset 13 is not UTF-8: invalid continuation byte",
                r"  1 | Input → caf\xe9 au lait",
                r"    |            ^",
                id="after characters of several bytes",
            ),
            pytest.param(
                "rain\n\n→ 🧠".encode()[:-1],
                "<input>:3:3: byte 0xf0 at offset 10 is not UTF-8: unexpected end of data",
                r"  3 | → \xf0\x9f\xa7",
                r"    |   ^",
                id="cut off",
            ),
            pytest.param(
                b"one\r\ntwo\r\ncaf\xe9\r\nfour\r\n",
                "<input>:3:4: byte 0xe9 at offset 13 is not UTF-8: invalid continuation byte",
                r"  3 | caf\xe9",
                r"    |    ^",
                id="crlf",
            ),
            pytest.param(
                b"one\rcaf\xe9\rthree",
                "<input>:2:4: byte 0xe9 at offset 7 is not UTF-8: invalid continuation byte",
                r"  2 | caf\xe9",
                r"    |    ^",
                id="cr",
            ),
            pytest.param(
                b"x" * 500_000 + b"\x92" + b"y" * 500_000,
                "<input>:1:500001: byte 0x92 at offset 500000 is not UTF-8: invalid start byte",
                rf"  1 | …{'x' * 48}\x92{'y' * 44}…",
                rf"    | {' ' * 49}^",
                id="in a line of a megabyte",
            ),
        ],
    )
    def test_the_error_shows_the_byte_and_its_offset(
        self, data: bytes, headline: str, shown: str, caret: str
    ) -> None:
        with pytest.raises(ParseError) as caught:
            decode(data)
        hint = "hint: save the file as UTF-8, or decode it yourself and pass a str"
        assert str(caught.value).split("\n") == [headline, shown, caret, hint]

    def test_surrogates_are_not_utf_8_either(self) -> None:
        with pytest.raises(ParseError) as caught:
            decode(b"rain\xed\xa0\x80")
        assert caught.value.reason == (
            "byte 0xed at offset 4 is not UTF-8: invalid continuation byte"
        )

    def test_a_byte_order_mark_is_not_a_column(self) -> None:
        with pytest.raises(ParseError) as caught:
            decode(MARK + b"caf\xe9\n")
        assert caught.value.column == 4
        assert caught.value.source == r"caf\xe9"

    def test_no_other_byte_looks_broken(self) -> None:
        with pytest.raises(ParseError) as caught:
            decode(b"\xff" + "中".encode() * 100)
        assert re.fullmatch(r"\\xff中+", caught.value.source)
