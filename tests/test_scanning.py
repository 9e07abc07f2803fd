"""Links in any text: which characters they are, how they are written, and what labels them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnaps.mentions import Form
from cnaps.scanning import scan
from cnaps.spans import Span
from tests import strategies as some

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

# --- which characters -----------------------------------------------------------------------------

# Texts as they come, with every link in ⟦ ⟧: these are not in the text that is scanned.
MARKED = {
    "punctuation behind a link": r"""
        See ⟦https://example.org⟧.
        See ⟦https://example.org/rain⟧, ⟦https://example.org/snow⟧; and ⟦http://example.org/fog⟧:
        Is it ⟦https://example.org/rain⟧? Yes, ⟦https://example.org/rain⟧! Or ⟦https://example.org/⟧?!
        It is at ⟦https://example.org/rain.html⟧... and ⟦https://example.org/snow⟧…
        The code (⟦https://example.org/rain⟧) and (see ⟦https://example.org/snow⟧.)
        [⟦https://example.org/rain⟧] {⟦https://example.org/snow⟧} ((⟦https://example.org⟧)),
        “⟦https://example.org/rain⟧” ‘⟦https://example.org/snow⟧’ «⟦https://example.org/fog⟧»
        "⟦https://example.org/rain⟧" '⟦https://example.org/snow⟧' `⟦https://example.org/fog⟧`
        '⟦https://example.org/rain⟧','⟦https://example.org/snow⟧' and '⟦https://example.org⟧
        **⟦https://example.org/rain⟧** *⟦https://example.org/snow⟧* __⟦https://example.org/fog⟧__
        _⟦https://example.org/rain⟧_ ~~⟦https://example.org/snow⟧~~ ***⟦https://example.org/fog⟧***.
        **⟦https://example.org/rain⟧**: derained **(⟦https://example.org/snow⟧)**
        ⟦https://example.org/rain⟧**text glued to it** ⟦https://example.org/snow⟧?? and __
        ⟦https://example.org/rain⟧—with a dash, ⟦https://example.org/snow⟧→ an arrow
        ⟦https://example.org/rain⟧'s README, ⟦https://example.org/snow⟧’s README
        ⟦https://example.org/rain_(weather)⟧'s README
        ⟦https://example.org/rain⟧🌧 ⟦https://example.org/snow⟧¹ ⟦https://example.org/fog⟧①
    """,
    "punctuation in a link": r"""
        ⟦https://example.org/a.b,c;d:e!f~g'h*i_j+k=l@m$n⟧ ⟦https://example.org/?q=rain+snow&p=1#top⟧
        ⟦https://example.org/compare/v1...v2⟧ ⟦https://example.org/a_b_c/__init__.py⟧
        ⟦https://example.org/rain/⟧ ⟦https://example.org/?q=⟧ ⟦https://example.org/rain-⟧
        ⟦https://example.org/?tags[]=rain&tags[]=snow⟧ but ⟦https://example.org/rain⟧[1]
        ⟦https://user:secret@example.org:8443/a%20b⟧ ⟦http://localhost:8000/rain⟧
        ⟦http://127.0.0.1⟧ ⟦http://[::1]:8000/rain⟧ ⟦http://[2001:db8::1]⟧ http://[1]
        ⟦HTTPS://EXAMPLE.ORG/Rain⟧ ⟦hTTp://example.org⟧ ⟦https://hh.example.org/hhttp/h/http⟧
    """,
    "parentheses": r"""
        ⟦https://en.wikipedia.org/wiki/Rain_(weather)⟧
        (⟦https://en.wikipedia.org/wiki/Rain_(weather)⟧)
        (see ⟦https://en.wikipedia.org/wiki/Rain_(weather)⟧).
        ⟦https://doi.org/10.1016/S0140-6736(20)30183-5⟧. ⟦https://example.org/a(b(c(d)))e⟧)
        (⟦https://example.org/rain⟧),text glued to it
        ⟦https://example.org/rain⟧(the code of the authors)
        ⟦https://example.org/rain⟧(which is cut
        (⟦https://example.org/rain⟧);(⟦https://example.org/snow⟧)
    """,
    "Chinese, Japanese, Korean and other scripts": r"""
        代码在⟦https://example.org/rain⟧。论文：⟦https://arxiv.org/abs/2111.09881⟧，
        项目（⟦https://example.org⟧）「⟦https://example.org/rain⟧」『⟦https://example.org/snow⟧』
        【⟦https://example.org/fog⟧】《⟦https://example.org/ice⟧》
        见⟦https://example.org/rain⟧的主页、⟦https://example.org/snow⟧！⟦https://example.org/fog⟧？
        ⟦https://example.org/rain⟧をご覧ください ⟦https://example.org/snow⟧에서
        ⟦https://zh.wikipedia.org/wiki/神经网络⟧ ⟦https://example.org/?q=去雨&n=1⟧
        见⟦github.com/JingyunLiang/SwinIR⟧的代码 ⟦https://github.com/example/derain⟧(代码)
        ⟦https://example.org/Überschwemmung/дождь⟧ ⟦https://bücher.example/regen⟧
    """,
    "marks of providers": r"""
        [cite_start]⟦https://example.org/rain⟧[cite: 6], ⟦https://example.org⟧ [cite: 7, 8]
        ⟦https://example.org/rain⟧【446†source】 ⟦https://example.org/snow⟧【12:3†rain.pdf】.
        ⟦https://example.org/rain⟧[oai_citation:0‡example.org](⟦https://example.org/snow⟧)
        ⟦https://example.org/rain⟧:contentReference[oaicite:0]{index=0}
        [Rain](⟦https://example.org/rain⟧【3†source】) \url{⟦https://example.org/snow⟧[cite:4]}
        <⟦https://example.org/⟧【1†x】>
        ⟦https://example.org/rain⟧citeturn0search1 ⟦arXiv:2111.09881⟧citeturn0search1turn2view0
        ⟦github.com/example/rain⟧.citeturn0search3 [Rain](⟦https://example.org⟧fileciteturn0file3)
        ⟦https://example.org/citeturner⟧ ⟦https://citeturn0search1⟧
        ⟦https://github.com/swz30/MPRNet?tab=readme-ov-file⟧citeturn0search1
        [Rain](⟦https://example.org/rain⟧</cite>) \href{⟦https://example.org/snow⟧</cite>}{snow}
    """,
    "links side by side": r"""
        ⟦https://example.org/rain⟧|⟦https://example.org/snow⟧|
        ⟦https://example.org/rain⟧,⟦https://example.org/snow⟧
        ⟦https://example.org/rain⟧⟦https://example.org/snow⟧ ⟦http://example.org⟧⟦HTTP://example.org⟧
        ⟦https://example.org/https://example.org/rain⟧ http://⟦https://example.org/rain⟧
        ⟦https://example.org/?to=https://example.org/rain⟧
        ⟦http://web.archive.org/web/2024*/https://example.org/rain⟧.
    """,
    "markup around a link": r"""
        | Rain | ⟦https://example.org/rain⟧ |⟦https://example.org/snow⟧|
        > ⟦https://example.org/rain⟧
        - **Paper:** ⟦https://example.org/rain⟧  **Paper:**⟦https://example.org/snow⟧
        ```git clone ⟦https://github.com/JingyunLiang/SwinIR.git⟧```
        <a href="⟦https://example.org/rain⟧">rain</a> <a href='⟦https://example.org/snow⟧'>
        <⟦https://example.org/rain⟧|rain> <⟦https://example.org/rain⟧|the rain> in a chat
        <b>⟦https://example.org/fog⟧</b> ⟦https://example.org/rain⟧&nbsp;(code)
        &lt;⟦https://example.org/rain⟧&gt; &quot;⟦https://example.org/snow⟧&quot;
        &#x27;⟦https://example.org/fog⟧&#x27; ⟦https://example.org/fog⟧&#X3E; ⟦https://example.org/a⟧&#xa0;b
        &#39;⟦https://example.org/fog⟧&#39; ⟦https://example.org/snow⟧&amp; ⟦https://example.org/fog⟧&hl;.
        {"rain": "⟦https://example.org/rain⟧\nCode: ⟦https://example.org/snow⟧\"}
        url={⟦https://example.org/rain⟧}, \footnote{Code at ⟦https://example.org/snow⟧}
        ⟦https://example.org/rain⟧\footnotemark ⟦https://example.org/fog⟧\\
        pip install git+⟦https://github.com/JingyunLiang/SwinIR⟧ see⟦https://example.org⟧
    """,
    "cut off": r"""
        [SwinIR](⟦https://arxiv.org/pdf/2108.1⟧
        [SwinIR](⟦https://arxiv.org/pdf/2108.10257⟧ with blanks)
        \url{⟦https://github.com/JingyunLiang/Swi⟧
        \href{⟦https://github.com/JingyunLiang/SwinIR⟧}{the cod
        **Paper:** ⟦https://arx⟧
        <⟦https://arxiv.org/abs/2108⟧
    """,
    "hosts without a scheme": r"""
        ⟦arxiv.org/abs/2108.10257⟧, ⟦GitHub.com/JingyunLiang/SwinIR⟧. (⟦huggingface.co/gpt2⟧)
        Code:⟦github.com/JingyunLiang/SwinIR⟧ _⟦openreview.net/forum?id=YicbFdNTTy⟧_ `⟦hf.co/gpt2⟧`
        **⟦doi.org/10.1109/CVPR.2016.90⟧** ⟦www.arxiv.org/abs/2108.10257v1⟧;
        ~~⟦github.com/JingyunLiang/SwinIR⟧~~ ~~⟦www.example.org⟧~~
        ⟦export.arxiv.org/pdf/2108.10257⟧ ⟦gist.github.com/karpathy/d4dee566867f8291f086⟧
        ⟦datasets-benchmarks-proceedings.neurips.cc/paper/2021⟧ ⟦jingyunliang.github.io/SwinIR/⟧;
        ⟦www.example.org⟧. ⟦WWW.example.org/rain_(weather)⟧) ⟦www.example.co.uk⟧:
        ⟦www.example.org:8080/rain⟧: ⟦www.example.org?q=rain⟧ '⟦www.example.org/rain⟧','
    """,
    "ids": r"""
        ⟦arXiv:2111.09881⟧, ⟦arxiv:2111.09881v2⟧. (⟦ARXIV: 2111.09881⟧) ⟦arXiv:2113.09881⟧
        ⟦arXiv:math.GT/0309136v1⟧; ⟦arXiv:hep-th/9901001⟧ [⟦arXiv:2111.09881⟧]
        ⟦arXiv:2111.09881⟧ [cs.CV] arXiv preprint ⟦arXiv:2111.09881⟧ 见⟦arXiv:2111.09881⟧的
        ⟦arXiv 2111.09881⟧, (⟦arxiv 2111.09881v2⟧) **⟦ARXIV 0704.0001⟧**
        ⟦arXiv 2111.09881⟧【4†source】
        ⟦aRxIv 2111.09881⟧
        _⟦arXiv:0704.0001⟧_ ⟦doi:10.1109/CVPR.2016.90⟧. (⟦DOI: 10.1109/CVPR.2016.90⟧)
        ⟦doi:10.1016/S0140-6736(20)30183-5⟧)
    """,
    "addresses for ssh": r"""
        git clone ⟦git@github.com:JingyunLiang/SwinIR.git⟧. `⟦git@hf.co:gpt2⟧`
        (⟦git@gitlab.com:vision/rain/derain⟧)
    """,
    "explicit links": r"""
        <⟦https://example.org/rain⟧> <⟦ftp://example.org/rain.zip⟧> <⟦HTTPS://example.org/a(b⟧>
        <⟦arXiv:2111.09881⟧> [SwinIR](⟦https://arxiv.org/abs/2108.10257⟧)
        **[SwinIR](⟦https://arxiv.org/abs/2108.10257⟧)**: [a]( ⟦https://example.org/a⟧ )
        [a](⟦https://example.org/a⟧ "a \"title\"") [a](⟦https://example.org/a⟧ 'title')
        [a](⟦https://example.org/a⟧ (title)) [a](<⟦https://example.org/a b⟧>)
        [a](<⟦https://example.org/a)⟧> "title") [a](⟦https://example.org/a_(b)_(c(d))⟧)
        [a](⟦https://example.org/a.⟧) [a](⟦ftp://example.org/a⟧) [a](⟦example.org/rain⟧)
        [a](⟦github.com/JingyunLiang/SwinIR⟧) [a](⟦www.example.org⟧) [a](⟦//example.org/a⟧)
        [a](⟦arXiv:2111.09881⟧) [a](⟦doi:10.1109/CVPR.2016.90⟧) [a](⟦git@github.com:a/b.git⟧)
        [a](⟦http://[::1]/⟧) [a](⟦https://example.org/a"b"⟧) ![rain](⟦https://example.org/rain.png⟧)
        ([Paper](⟦https://example.org/a⟧)), ([a](⟦https://example.org/a⟧); [b](⟦https://example.org/b⟧))
        \url{⟦https://example.org/rain⟧}. \url{ ⟦https://example.org⟧ } \url {⟦www.example.org⟧}
        \url{⟦example.org⟧} \href{⟦https://example.org/rain⟧}{here} \footnote{\url{⟦example.org/a⟧}}
        \href{⟦https://example.org/rain⟧} {\textbf{here}}
    """,
    "links in labels": r"""
        [https://example.org/rain](⟦https://example.org/rain⟧)
        [see github.com/a/b and arXiv:2111.09881](⟦https://example.org/⟧)
        [![badge](⟦https://example.org/a.png⟧)](⟦https://example.org/a⟧)
        [![a](⟦https://example.org/a⟧) https://example.org](⟦https://example.org/c⟧)
        [![a](⟦https://example.org/a⟧) ![b](⟦https://example.org/b⟧)](⟦https://example.org/c⟧)
        [a [b](⟦https://example.org/b⟧) c](⟦https://example.org/c⟧) [a [b] c](⟦https://example.org/c⟧)
        ![a [b](⟦https://example.org/b⟧) https://example.org](⟦https://example.org/c⟧)
        \href{⟦https://example.org/rain⟧}{https://example.org/snow}
        [\url{https://example.org/a}](⟦https://example.org/b⟧)
        [⟦https://example.org/rain⟧](snow) [⟦https://example.org/rain⟧] (⟦https://example.org/snow⟧)
        \[⟦https://example.org/rain⟧](⟦https://example.org/snow⟧)
        [⟦https://example.org/rain⟧\](⟦https://example.org/snow⟧)
        [⟦https://example.org/rain⟧ and ⟦https://example.org/snow⟧
    """,
    "no links": r"""
        arxiv.org and github.com are sites, and so are huggingface.co/ and github.com/...
        me@github.com/rain me@www.example.org src/github.com/rain/snow notgithub.com/rain
        x.github.com/rain ftp://github.com/rain ssh://git@github.com/rain/snow.git
        //arxiv.org/abs/1 C:\github.com\rain \github.com/rain ?q=github.com/rain
        example.org/~github.com/rain
        écologithub.com/rain .github.io/rain -.github.io/rain example.org/rain rain.py/snow
        www. www.rain www.rain. www.example.o www.-. awww.example.org www.example.org2 www.exa mple
        https:// http://. https://... https://… https://<host>/ https:example.org http:/example.org
        xhttp: <rain> <rain:snow> <a:b> <mailto:rain@example.org> <br/> <https:// a>
        [rain](#snow) [rain](figures/rain.png) [rain](rain.py) [rain](mailto:rain@example.org)
        [rain]() [rain](/a/b) [rain](<>) \url{} \url{#1} \url{rain}
        \href{mailto:rain@example.org}{me} \urls{rain} \href{rain.pdf rain}{snow} [1]: rain [1]:
        arXiv:2111.098 arXiv:2111.098811 arXiv: arXiv.2111.09881 xarXiv:2111.09881 arXiv:rain
        arXiv 2111.098 arXiv 2111.098811 arXiv 2111 arXiv  2111.09881 xarXiv 2111.09881 2111.09881
        arXiv:2111.09881a arXiv 2111.09881a
        doi:10.1 doi:10.1109 doi:rain 10.1109/CVPR.2016.90 mydoi:10.1109/CVPR
        git@github.com git@github.com: rain legit@github.com:rain/snow.git git@:rain me@a.org:rain
        .org/rain [^1]: rain httpſ://example.org arXıv:2111.09881 gıt@github.com:a/b
        git@github.com:_ git@github.com:— doi:10.1109/_ http://² www.www.https://
    """,
}
MARKED["characters that cannot be seen"] = f"""
    ⟦https://example.org/rain⟧{chr(0xE200)}cite{chr(0xE202)}turn0search0{chr(0xE201)}
    ⟦https://example.org/rain⟧\u200b ⟦https://example.org/rain⟧\u00a0 ⟦https://example.org/rain⟧\x00
    ⟦https://example.org/rain⟧\ud800 ⟦https://example.org/rain⟧\u2028⟦https://example.org/snow⟧
    ⟦https://example.org/cafe\u0301⟧ ⟦https://example.org/derain\u2011net⟧
"""


MARKED["scripts with vowel signs"] = """
    देखें ⟦https://hi.wikipedia.org/wiki/वर्षा⟧। ⟦https://bn.wikipedia.org/wiki/বৃষ্টি⟧, ⟦https://ta.wikipedia.org/wiki/மழை⟧।
    ⟦https://th.wikipedia.org/wiki/ฝนที่ตก⟧ ⟦https://km.wikipedia.org/wiki/ភ្លៀង⟧។ ⟦https://my.wikipedia.org/wiki/မိုး⟧၊
    ⟦https://ar.wikipedia.org/wiki/مَطَر⟧، ⟦https://he.wikipedia.org/wiki/גֶּשֶׁם⟧׃ ⟦https://ne.wikipedia.org/wiki/पानी?q=की⟧॥
"""


def unmarked(marked: str) -> tuple[str, list[Span]]:
    """Take the marks out of a text; return it and where they stood."""
    text, spans = "", []
    for piece in marked.split("⟧"):
        before, mark, link = piece.partition("⟦")
        text += before + link
        if mark:
            spans.append(Span(len(text) - len(link), len(text)))
    return text, spans


def lines(block: str) -> list[str]:
    return [line.strip(" ") for line in block.strip().split("\n")]


LINES = [
    pytest.param(line, id=f"{topic}-{number}")
    for topic, block in MARKED.items()
    for number, line in enumerate(lines(block))
]


class TestSpans:
    @pytest.mark.parametrize("marked", LINES)
    def test_they_are_exactly_the_characters_of_the_links(self, marked: str) -> None:
        text, spans = unmarked(marked)
        found = list(scan(text))
        assert [link.span.of(text) for link in found] == [span.of(text) for span in spans]
        assert [link.span for link in found] == spans
        assert [link.url for link in found] == [span.of(text) for span in spans]

    @pytest.mark.parametrize("topic", MARKED)
    def test_lines_together_hold_the_links_of_each(self, topic: str) -> None:
        text, spans = unmarked("\n\n".join(lines(MARKED[topic])))
        assert [link.span for link in scan(text)] == spans

    def test_a_replaced_span_changes_the_destination_alone(self) -> None:
        text = "![a [b](<https://example.org/b> 't') c](https://example.org/c)"
        for link in reversed(list(scan(text))):
            text = f"{text[: link.span.start]}X{text[link.span.end :]}"
        assert text == "![a [b](<X> 't') c](X)"


# --- how they are written -------------------------------------------------------------------------

E = "https://example.org/rain"
FORMS: list[tuple[str, Form, str | None]] = [
    (f"see {E}.", Form.BARE, None),
    ("see github.com/JingyunLiang/SwinIR", Form.HOST, None),
    ("see www.example.org", Form.HOST, None),
    ("see arXiv:2111.09881", Form.ID, None),
    ("see doi:10.1109/CVPR.2016.90", Form.ID, None),
    ("git clone git@github.com:JingyunLiang/SwinIR.git", Form.SSH, None),
    (f"<{E}>", Form.ANGLE, None),
    (f"[rain]({E})", Form.INLINE, "rain"),
    (f"[]({E})", Form.INLINE, ""),
    (f"[**rain** `and` [snow]\\]]({E})", Form.INLINE, "**rain** `and` [snow]\\]"),
    (f"[rain\nand snow]({E})", Form.INLINE, "rain\nand snow"),
    (f"[rain](\n  {E}\n  'title\non two lines'\n)", Form.INLINE, "rain"),
    (f"[{E}]({E})", Form.INLINE, E),
    (f"[a [rain]({E})", Form.INLINE, "rain"),
    (f"a] [rain]({E})", Form.INLINE, "rain"),
    (f"![rain]({E})", Form.IMAGE, "rain"),
    (f"\\![rain]({E})", Form.INLINE, "rain"),
    (f"!\\[rain]({E})", Form.BARE, None),
    (f"[oai_citation:0‡example.org]({E})", Form.INLINE, "oai_citation:0‡example.org"),
    # Marks of providers, which label nothing, can have blanks.
    (f"[rain]({E}[cite: 6, 7])", Form.INLINE, "rain"),
    (f'[rain]({E} [cite_start][cite: 6] "title")', Form.INLINE, "rain"),
    (f"[{E}]({E}[cite: 6])", Form.INLINE, E),
    (f"\\url{{{E}[cite: 6]}}", Form.URL, None),
    (f"\\href{{{E} [cite: 6]}}{{rain}}", Form.HREF, "rain"),
    (f"see [rain][1]\n\n[1]: {E} [cite: 6]", Form.REFERENCE, "rain"),
    (f"[cite_start]({E})", Form.BARE, None),
    (f"[cite: 1, 2]({E})", Form.BARE, None),
    # This is not the destination of a link.
    (f"[rain] ({E})", Form.BARE, None),
    (f"[rain\n\nand snow]({E})", Form.BARE, None),
    (f"[rain]({E}\n\n)", Form.BARE, None),
    (f'[rain]({E} "title\n\nand more")', Form.BARE, None),
    (f"[rain]({E} title)", Form.BARE, None),
    (f"[rain](<{E})", Form.BARE, None),
    (f"rain]({E})", Form.BARE, None),
    (f"]({E})", Form.BARE, None),
    (f"[{'rain ' * 200}]({E})", Form.BARE, None),
    (f"\\url{{{E}}}", Form.URL, None),
    (f"\\href{{{E}}}{{rain}}", Form.HREF, "rain"),
    (rf"\href{{{E}}}{{\textbf{{rain}} \_ {{a{{b}}}}}}", Form.HREF, r"\textbf{rain} \_ {a{b}}"),
    (f"\\href{{{E}}} and {{rain}}", Form.HREF, None),
    (f"\\href{{{E}}}{{rain", Form.HREF, None),
    (f"[1]: {E}", Form.REFERENCE, "1"),
    (f"[rain and snow]: <{E}> 'title'", Form.REFERENCE, "rain and snow"),
    (f'text\n  > - [1]: {E} "title"  \ntext', Form.REFERENCE, "1"),
    (f"[1]: {E}\n'title\nin lines'", Form.REFERENCE, "1"),
    (f"[^1]: {E}", Form.BARE, None),
    (f"[1]: {E} (2024) rain", Form.BARE, None),
    (f"[1]: see {E}", Form.BARE, None),
    (f"see [1]: {E}", Form.BARE, None),
    (f"[1] {E}", Form.BARE, None),
    (f"[{'r' * 1000}]: {E}", Form.BARE, None),
    # The first link that refers to a definition gives it its label.
    (f"see [the *rain*][1] and [more][1]\n\n[1]: {E}", Form.REFERENCE, "the *rain*"),
    (f"[1]: {E}\n\nsee [rain][1]", Form.REFERENCE, "rain"),
    (f"see [Rain  Model][]\n\n[rain model]: {E}", Form.REFERENCE, "Rain  Model"),
    (f"see [RAIN]\n\n[rain]: {E}", Form.REFERENCE, "RAIN"),
    (f"see ![rain][1]\n\n[1]: {E}", Form.REFERENCE, "rain"),
    (f"see [a [rain][1] b][1]\n\n[1]: {E}", Form.REFERENCE, "rain"),
    (f"see [{E}][1]\n\n[1]: {E}", Form.REFERENCE, E),
    (f"see [rain](snow) [1] ([1])\n\n[1]: {E}", Form.REFERENCE, "1"),
    (f"see [1](snow) [rain][2], [[1]][3] \\[a][1]\n\n[1]: {E}", Form.REFERENCE, "1"),
    (f"see [rain]\n\n[1]: {E}", Form.REFERENCE, "1"),
    (f"see [ ] and []\n\n[ ]: {E}", Form.REFERENCE, " "),
]


def read(text: str) -> list[tuple[str, Form, str | None]]:
    """The links of a text, with line feeds for line ends."""
    return [
        (link.url, link.form, link.label and link.label.replace("\r\n", "\n"))
        for link in scan(text)
    ]


class TestForms:
    @pytest.mark.parametrize(("text", "form", "label"), FORMS)
    def test_each_has_its_name_and_its_label(
        self, text: str, form: Form, label: str | None
    ) -> None:
        [link] = scan(text)
        assert (link.form, link.label) == (form, label)
        assert (link.label_span and link.label_span.of(text)) == label
        assert link.span.of(text) == link.url

    @pytest.mark.parametrize("text", [text for text, _, _ in FORMS])
    def test_it_does_not_matter_how_lines_end(self, text: str) -> None:
        assert read(text.replace("\n", "\r\n")) == read(text)

    def test_there_is_a_case_of_every_form(self) -> None:
        assert {form for _, form, _ in FORMS} == set(Form)

    def test_every_definition_is_a_link_and_the_links_to_it_are_none(self) -> None:
        text = f"[a][1] [b][2] [c][1]\n[1]: {E}\n[2]: {E}/2\n[1]: {E}/3\n[3]: {E}/4"
        found = [(link.url, link.label) for link in scan(text)]
        assert found == [(E, "a"), (f"{E}/2", "b"), (f"{E}/3", "a"), (f"{E}/4", "3")]

    def test_a_definition_in_the_middle_of_other_links(self) -> None:
        text = f"{E}\n[1]: ftp://example.org\n[2]: {E}/2\n{E}/3 [4][2]"
        assert [link.form for link in scan(text)] == ["bare", "reference", "reference", "bare"]

    def test_what_looks_like_a_definition_inside_another_link_is_none(self) -> None:
        text = f"\\href{{{E}}}{{rain\n[1]: {E}/2\n}} [1]"
        assert [link.form for link in scan(text)] == ["href"]


ESCAPED = [
    (r"https://example.org/de\_rain\_net.", "https://example.org/de_rain_net"),
    (r"https://example.org/rain\_", "https://example.org/rain"),
    (r"https://example.org/\~me\#top", "https://example.org/~me#top"),
    (r"https://example.org/?a=1&amp;b=2&#38;c=3", "https://example.org/?a=1&b=2&c=3"),
    (r"https://example.org/?a=1&ampere=2", "https://example.org/?a=1&ampere=2"),
    (r"github.com/example/de\_rain", "github.com/example/de_rain"),
    (r"<https://example.org/?a&amp;b>", "https://example.org/?a&b"),
    (r"[a](https://example.org/a\(b\_c\))", "https://example.org/a(b_c)"),
    (r"[a](<https://example.org/a\>b>)", "https://example.org/a>b"),
    (r"[a](https://example.org/a\b)", r"https://example.org/a\b"),
    (r"[1]: https://example.org/de\_rain", "https://example.org/de_rain"),
    (r"\url{https://example.org/de\_rain\%20\&\#a}", "https://example.org/de_rain%20&#a"),
    (r"\url{https://example.org/\~{}me}", "https://example.org/~me"),
    (r"\href{https://example.org/\textasciitilde{}me}{a}", "https://example.org/~me"),
    (r"\href{https://example.org/{\textasciitilde}me}{a}", "https://example.org/~me"),
    (r"\url{https://example.org/&amp;}", "https://example.org/&amp;"),
]


@pytest.mark.parametrize(("text", "url"), ESCAPED)
def test_what_is_escaped_is_undone_in_the_link_to_follow(text: str, url: str) -> None:
    [link] = scan(text)
    assert link.url == url


# --- laws -----------------------------------------------------------------------------------------

LINKS = [
    E,
    "http://arxiv.org/pdf/2111.09881v1",
    "https://en.wikipedia.org/wiki/Rain_(weather)",
    "https://example.org/?to=https://example.org/a&b=c#d",
    "https://zh.wikipedia.org/wiki/神经网络",
    "github.com/JingyunLiang/SwinIR",
    "www.example.org/rain",
    "arXiv:2111.09881v2",
    "arXiv 2111.09881",
    "git@github.com:JingyunLiang/SwinIR.git",
]

# What can stand around a link; ⟦⟧ stands for it.
SYNTAXES = [
    *("⟦⟧", "(⟦⟧)", '"⟦⟧"', "'⟦⟧'", "**⟦⟧**", "*⟦⟧*.", "`⟦⟧`", "⟦⟧.", "⟦⟧,", "⟦⟧;", "⟦⟧:", "⟦⟧?!"),
    *(
        "⟦⟧…",
        "（⟦⟧）",
        "「⟦⟧」。",
        "⟦⟧[cite: 6]",
        "⟦⟧【446†source】",
        "| ⟦⟧ |",
        "Paper: ⟦⟧",
        "<⟦⟧>",
    ),
    *("[rain](⟦⟧)", "[rain]( <⟦⟧> 'title' )", "![rain](⟦⟧ (title))", "[**⟦⟧**]", "(⟦⟧ (x)"),
    *(r"\url{⟦⟧}", r"\href{⟦⟧}{rain}", r"\href{ ⟦⟧ }", "\n[1]: ⟦⟧\n", "\n[rain]: <⟦⟧>\n"),
]

PIECES = [
    *("[", "]", "(", ")", "](", "![", "][", "<", ">", "{", "}", "\\", "\\url{", "\\href{", "}{"),
    *(
        "http://",
        "https://",
        "citeturn0",
        "www.",
        "arXiv:",
        "doi:10.1000/",
        "git@github.com:",
        "[1]: ",
        "[1]",
    ),
    *(
        "a",
        "x.org",
        "github.com/a/b",
        ".github.io/",
        "/",
        "?",
        "#",
        "=",
        "&amp;",
        "&",
        ";",
        "h",
        "H",
    ),
    *(".", ",", "'", '"', "'s", "*", "**", "_", "~", "`", "|", ":", "@", "%20", "-", "0"),
    *(
        " ",
        "\n",
        "\n\n",
        "\t",
        "\u00a0",
        "中",
        "é",
        "。",
        "【",
        "】",
        "\ud800",
        "\x00",
        "¹",
        "\ue200",
    ),
    *LINKS,
]


def texts() -> SearchStrategy[str]:
    """Any text, most of it made of what links are made of."""
    return st.one_of(st.lists(st.sampled_from(PIECES), max_size=30).map("".join), some.texts())


def prose() -> SearchStrategy[str]:
    """Text without links, and without what could make more of a link beside it."""
    return texts().filter(lambda text: not {"]", "{"} & {*text} and not [*scan(f" {text} ")])


class TestLaws:
    @given(texts())
    def test_any_text_has_links_that_are_ordered_apart_and_exact(self, text: str) -> None:
        end = 0
        for link in scan(text):
            assert end <= link.span.start < link.span.end <= len(text)
            end = link.span.end
            written = link.span.of(text)
            assert link.url == written or "\\" in written or "&" in written
            assert (link.label_span and link.label_span.of(text)) == link.label

    @given(texts().filter(lambda text: "\r" not in text and "\\\n" not in text))
    def test_any_text_has_the_same_ones_however_its_lines_end(self, text: str) -> None:
        assert read(text.replace("\n", "\r\n")) == read(text)

    @given(st.lists(st.tuples(prose(), st.sampled_from(SYNTAXES), st.sampled_from(LINKS))), prose())
    def test_links_in_prose_are_found_and_nothing_else(
        self, pieces: list[tuple[str, str, str]], rest: str
    ) -> None:
        marked = "".join(
            f"{before} {syntax.replace('⟦⟧', f'⟦{link}⟧')} " for before, syntax, link in pieces
        )
        text, spans = unmarked(marked)
        found = list(scan(text + rest))
        assert [link.span for link in found] == spans
        assert [link.url for link in found] == [link for _, _, link in pieces]

    @given(texts(), st.sampled_from(LINKS[:3]))
    def test_other_links_in_their_places_are_found_again(self, text: str, other: str) -> None:
        kept = {Form.HOST, Form.ID, Form.SSH}  # these end otherwise than a URL would
        before = list(scan(text))
        for link in reversed(before):
            if link.form not in kept:
                text = text[: link.span.start] + other + text[link.span.end :]
        expected = [(link.url if link.form in kept else other, link.form) for link in before]
        assert [(link.url, link.form) for link in scan(text)] == expected


# --- hostile texts --------------------------------------------------------------------------------

# What a text starts with, what it repeats, and what it ends with. Were one of them not linear, it
# would take hours.
HOSTILE = [
    *(("", unit, "") for unit in ("[", "![", "]", "](", "][", "[]", "[]()", "<", "<a:", "\\", "`")),
    *(
        ("", unit, "")
        for unit in ("\\url{", "\\href{", "\\href{https://a}{", "【", "*", ".", ":", "@")
    ),
    *(
        ("", unit, "")
        for unit in ("http://", "https://", "http://a", "http://a(", "http://a)", "\n ")
    ),
    *(
        ("", unit, "")
        for unit in ("www.", "www.a.bc/(", "(www.a.bc", "'www.a.bc", "www.a.bc/[", "&")
    ),
    *(("", unit, "") for unit in ("arXiv:", "doi:10.1000/(", "git@", "git@a:b(", "/github.com/a(")),
    *(("", unit, "") for unit in (".org/", ".org/a", "github.com/a ", "a.github.io/a", "-", "a.")),
    *(
        ("", unit, "")
        for unit in ("](https://a", "](https://a)", "[](https://a)", "![[](https://a)")
    ),
    *(("", f"](https://a {quote}", "") for quote in ("'", '"', "(", " ", "\n", "\\")),
    *(("", f"[1]: https://a{end}\n", "") for end in ("", ' "', " (", " 'b")),
    *(("", unit, "") for unit in ("[1]:", "[1]: ftp://a\n", "[1]: <https://a\n", ">", "- [")),
    *(
        ("http://a/", unit, "")
        for unit in ("a", "h", "(", ")", "()", "[", "[]=", "&amp;", "\\_", "中")
    ),
    *(("http://a/", unit, "") for unit in (".", "'", ";", "&a", "é", ":", "**", "http://", "_*")),
    ("http://a", "(" * 5 + ")" * 5, ""),
    ("https://a(", "www.b.cd(c)", ""),
    ("www.", "a.", "/"),
    ("https://a.b/", "a@", ".org/"),
    ("\\url{", "a{b}", "}"),
    ("\\href{https://a}{", "{a}", ""),
    ("[", "https://a ", "](https://b)"),
    ("![", "[a](https://b)", "](https://b)"),
    ("[a](https://b '", "\n", "')"),
    ("[a](https://b ", "\\", ")"),
    ("[a](<", "https://b", ">)"),
    ("[1]: https://a\n", "[", ""),
    ("[1]: https://a\n", "[1]", ""),
    ("[1]: https://a\n", "![a][1]", ""),
    ("[1]: https://a\n", "][", ""),
    ("[1]: https://a\n", "[" + "a" * 998, ""),
    ("[1]: ftp://a\n" * 20_000, "a ", ""),
]


class TestHostileTexts:
    @pytest.mark.parametrize(("start", "unit", "end"), HOSTILE)
    def test_a_megabyte_is_read_in_linear_time(self, start: str, unit: str, end: str) -> None:
        text = start + unit * (1_000_000 // len(unit)) + end
        assert all(link.url for link in scan(text))

    @pytest.mark.parametrize(
        ("opening", "closing"),
        [("[", "](https://a)"), ("![", "](https://a)"), ("(https://a(", ")"), ("[", "][1]")],
    )
    def test_neither_does_nesting_matter(self, opening: str, closing: str) -> None:
        depth = 60_000
        text = f"{opening * depth}{closing * depth}\n[1]: https://a"
        assert list(scan(text))[-1].url == "https://a"
