"""What is LaTeX in a text, what it says, and how BibTeX gets to know."""

from __future__ import annotations

import re
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exports.readers import decoded_by_bibtexparser, decoded_by_pybtex
from tests.exports.samples import TEXTS

pytest.importorskip("pylatexenc")

from cnaps.exports import _latex
from cnaps.exports._latex import NoCommandError, to_bibtex, to_plain


class Case(NamedTuple):
    """A text as written, what it says, and its LaTeX.

    `ascii` is its LaTeX without Unicode, and `bibtexparser` what bibtexparser reads, where these
    differ. `pybtex` is whether pybtex knows all the commands; those that it does not know, it
    leaves in the text.
    """

    text: str
    said: str
    latex: str
    ascii: str | None = None
    bibtexparser: str | None = None
    pybtex: bool = True


CASES = [
    # What the collection has.
    Case("From $α$-NeuS", "From α-NeuS", r"From $\alpha$-NeuS"),
    Case("Occ$^2$Net", "Occ²Net", "Occ$^2$Net", bibtexparser="Occ^2Net"),
    Case("Kākā", "Kākā", "Kākā", ascii=r"K\={a}k\={a}"),
    Case("3D Gaussians∗", "3D Gaussians∗", "3D Gaussians∗", ascii=r"3D Gaussians\ensuremath{*}"),
    Case("SAM: a model", "SAM: a model", "SAM: a model"),
    Case(r"beats it by 1.2\% on 7", "beats it by 1.2% on 7", r"beats it by 1.2\% on 7"),
    Case(r"at \url{https://a.org/b_c}.", "at https://a.org/b_c.", r"at https://a.org/b\_c."),
    Case("× “quoted” – é", "× “quoted” – é", "× “quoted” – é",
         ascii=r"{\texttimes} {\textquotedblleft}quoted{\textquotedblright} {\textendash} {\'e}"),
    # Special characters.
    Case("A & B", "A & B", r"A \& B"),
    Case("100% of #1_2", "100% of #1_2", r"100\% of \#1\_2"),
    Case("~x", "~x", r"{\textasciitilde}x"),
    Case(r"a\b", r"a\b", r"a{\textbackslash}b"),
    Case(r"a\\b", r"a\\b", r"a{\textbackslash}{\textbackslash}b"),
    Case('"x" @{}', '"x" @{}', r'"x" @\ensuremath{\lbrace}\ensuremath{\rbrace}',
         pybtex=False),
    Case("a } b", "a } b", r"a \ensuremath{\rbrace} b", pybtex=False),
    Case("<|>^", "<|>^",
         r"\ensuremath{<}\ensuremath{|}\ensuremath{>}{\textasciicircum}",
         bibtexparser="<|>ˆ",
         pybtex=False),
    Case(r"\& \% \# \_ \$", "& % # _ $", r"\& \% \# \_ \$", pybtex=False),
    Case(r"\{x\}", "{x}", r"\ensuremath{\lbrace}x\ensuremath{\rbrace}",
         pybtex=False),
    # Commands.
    Case(r"\emph{a} \textbf{b\_c}", "a b_c", r"a b\_c"),
    Case(r"\footnote{a}", r"\footnote{a}",
         r"{\textbackslash}footnote\ensuremath{\lbrace}a\ensuremath{\rbrace}",
         pybtex=False),
    # Formulas.
    Case(r"360$^\circ$ views", "360° views", r"360$^\circ$ views",
         bibtexparser="360^∘ views"),
    Case(r"$\times$4 in $\mathbb{R}^3$", "×4 in ℝ³", r"$\times$4 in $\mathbb{R}^3$",
         bibtexparser="×4 in ℝ^3", pybtex=False),
    Case(r"$x_{ij}^{k}$", "xᵢⱼ^k", r"$x_{ij}^{k}$", bibtexparser="x_ij^k", pybtex=False),
    Case(r"$\left\{x\right\}$", "{x}", r"$\left\lbrace x\right\rbrace $",
         bibtexparser="{ x}", pybtex=False),
    Case("$αx é ∞$", "αx é ∞", r"$\alpha x \textrm{\'e} \infty$",
         bibtexparser="α x é∞", pybtex=False),
    Case("$90\\%$", "90%", "$90\\%$", pybtex=False),
    # No formulas.
    Case("costs $5 and $6", "costs $5 and $6", r"costs \$5 and \$6", pybtex=False),
    Case("$5-$6", "$5-$6", r"\$5-\$6", pybtex=False),
    Case("a $ b", "a $ b", r"a \$ b", pybtex=False),
    Case("$$", "$$", r"\$\$", pybtex=False),
    Case("$x^$", "$x^$", r"\$x{\textasciicircum}\$",
         bibtexparser="$xˆ$", pybtex=False),
    Case(r"$\frac$", r"$\frac$", r"\${\textbackslash}frac\$", pybtex=False),
]  # fmt: skip
IDS = [case.text for case in CASES]


@pytest.mark.parametrize("case", CASES, ids=IDS)
class TestCases:
    def test_what_it_says(self, case: Case) -> None:
        assert to_plain(case.text) == case.said

    def test_its_latex(self, case: Case) -> None:
        assert to_bibtex(case.text) == case.latex

    def test_its_latex_in_ascii(self, case: Case) -> None:
        assert to_bibtex(case.text, ascii_only=True) == (case.ascii or case.latex)

    def test_what_bibtexparser_reads(self, case: Case) -> None:
        assert decoded_by_bibtexparser(case.latex) == (case.bibtexparser or case.said)

    def test_what_pybtex_reads(self, case: Case) -> None:
        assert (decoded_by_pybtex(case.latex) == case.said) is case.pybtex


@pytest.mark.parametrize(
    "text",
    [
        r"$\input{/etc/passwd}$",
        r"$\write18{rm}$",
        r"$\def\x{y}\x$",
        r"$\begin{x}\end{x}$",
        r"$a & b$",
        "$a # b$",
        "$a % b$",
        "${a$",
        "$a}$",
        r"$\left(a$",
        r"$\hat\frac$",
        r"$\sqrt\sqrt{2}$",
        f"${'{' * 13}x{'}' * 13}$",
        f"${'{x}' * 51}$",
        f"${'x' * 1001}$",
    ],
    ids=lambda text: text[:20],
)
def test_no_formula_is_what_does_more_than_typeset_or_is_not_complete(text: str) -> None:
    assert to_bibtex(text).startswith(r"\$")
    assert to_plain(text) == text


@pytest.mark.parametrize(
    ("accented", "latex"),
    [
        ("a\u0304", r"\={a}"),
        ("ā", r"\={a}"),
        ("ø", r"{\o}"),
        ("ß", r"{\ss}"),
        ("𝔸", r"\ensuremath{\mathbb{A}}"),
        ("$a‐b$", "$a-b$"),
    ],
)
def test_ascii_has_one_command_for_a_letter_however_it_is_composed(
    accented: str, latex: str
) -> None:
    assert to_bibtex(accented, ascii_only=True) == latex


@pytest.mark.parametrize("text", ["中", "a 中", "$中$"])
def test_without_a_command_there_is_no_ascii(text: str) -> None:
    with pytest.raises(NoCommandError) as caught:
        to_bibtex(text, ascii_only=True)
    assert caught.value.character == "中"
    assert "中" in to_bibtex(text)


# --- laws -----------------------------------------------------------------------------------------

_PIECES = [
    *("$", "\\", "{", "}", "^", "_", "%", "#", "&", "~", '"', "@", "a", "5", " ", "α", "é", "中"),
    *(r"\{", r"\}", r"\$", r"\\", r"\alpha", r"\frac", r"\hat", r"\left(", r"\right)", r"\text"),
    *(r"\emph{", r"\url{", r"\begin{a}", "--", "``", "@a{b,", "\\'", "[", "]", "(", ")"),
]
MARKUP = st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | TEXTS

# What TeX, and hence every reader, makes of these; the last one is a slip of pylatexenc.
_TYPED = {"---": "—", "--": "–", "``": "“", "''": "”", "!`": "¡", "?`": "¿", "ˆ": "^"}


def typeset(text: str) -> str:
    """Return a text with the signs that TeX makes of what was typed, and single blanks."""
    for typed, sign in _TYPED.items():
        text = text.replace(typed, sign)
    return " ".join(text.split())


@given(MARKUP)
def test_braces_are_balanced_for_all_who_count_them(text: str) -> None:
    latex = to_bibtex(text)
    depth = 0
    for brace in re.findall(r"[{}]", latex):
        depth += 1 if brace == "{" else -1
        assert depth >= 0
    assert depth == 0
    # For BibTeX, escaped braces count; for bibtexparser, they do not.
    assert not re.search(r"\\[{}]", latex)


@given(MARKUP)
def test_a_text_without_formulas_reads_back_as_what_it_says(text: str) -> None:
    text = text.replace("$", r"\$")
    assert typeset(decoded_by_bibtexparser(to_bibtex(text))) == typeset(to_plain(text))


@given(MARKUP)
def test_without_markup_a_text_says_what_is_written(text: str) -> None:
    text = text.replace("\\", "/").replace("$", "€")
    assert to_plain(text) == text


@given(MARKUP)
def test_in_ascii_there_is_nothing_else(text: str) -> None:
    try:
        latex = to_bibtex(text, ascii_only=True)
    except NoCommandError as error:
        assert not error.character.isascii()
    else:
        assert latex.isascii()


def test_it_does_not_matter_whether_a_formula_was_seen_before() -> None:
    _latex._is_maths.cache_clear()
    assert to_plain("$α^2$ and $α^2$") == "α² and α²"
