r"""What is LaTeX in a title or a summary, and what it says.

Titles and abstracts from arXiv are LaTeX to a small part: formulas between dollar signs, escaped
special characters and, now and then, a command such as `\emph{…}` or `\url{…}`. These are read as
LaTeX; everything else is text, and so is a dollar sign or a backslash that makes no sense:

>>> to_plain(r"Occ$^2$Net saves 90\% of the $5 that {it} costs")
'Occ²Net saves 90% of the $5 that {it} costs'
>>> to_bibtex(r"Occ$^2$Net saves 90\% of the $5 that {it} costs")
'Occ$^2$Net saves 90\\% of the \\$5 that \\ensuremath{\\lbrace}it\\ensuremath{\\rbrace} costs'

Which commands there are, which of them stand for a character and which character has a command is
what pylatexenc knows: https://pylatexenc.readthedocs.io.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from pylatexenc import latex2text, latexencode, latexwalker  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["NoCommandError", "to_bibtex", "to_plain"]


class NoCommandError(LookupError):
    """A character that no LaTeX command stands for.

    Attributes:
        character: That character.
    """

    def __init__(self, character: str) -> None:
        super().__init__(character)
        self.character = character


def to_plain(text: str) -> str:
    r"""Return what a text says, without markup.

    >>> to_plain(r"$α$-NeuS, $\alpha$-NeuS, \emph{Kākā} and 360$^\circ$")
    'α-NeuS, α-NeuS, Kākā and 360°'
    """
    return "".join(_said(piece.text) if piece.maths else piece.text for piece in _pieces(text))


def to_bibtex(text: str, *, ascii_only: bool = False) -> str:
    r"""Return a text as LaTeX that says the same, for use in a field of a BibTeX entry.

    Braces are balanced for BibTeX, which counts escaped ones as well. In a formula everything is
    ASCII where possible: pdfTeX has no Greek letters but `\alpha`.

    Args:
        text: The text, on one line.
        ascii_only: Write characters outside ASCII as commands everywhere.

    Raises NoCommandError where `ascii_only` is set and there is no such command.

    >>> to_bibtex("$α$-NeuS and Kākā at 100 %")
    '$\\alpha$-NeuS and Kākā at 100 \\%'
    >>> to_bibtex("$α$-NeuS and Kākā at 100 %", ascii_only=True)
    '$\\alpha$-NeuS and K\\={a}k\\={a} at 100 \\%'
    """
    if ascii_only:
        text = unicodedata.normalize("NFC", text)
    found = "".join(
        f"${_formula(piece.text)}$" if piece.maths else piece.text.translate(_ESCAPED)
        for piece in _pieces(text)
    )
    return _NON_ASCII.sub(_in_text, found) if ascii_only else found


# --- text -----------------------------------------------------------------------------------------

# The ten special characters of LaTeX, and three that its older fonts do not have. The names of
# the braces are such that there is no brace in them: BibTeX counts `\{` as one that is open.
_ESCAPED = str.maketrans(
    {
        **{char: rf"\{char}" for char in "$&%#_"},
        **{char: rf"\ensuremath{{{char}}}" for char in "<>|"},
        "{": r"\ensuremath{\lbrace}",
        "}": r"\ensuremath{\rbrace}",
        "\\": r"{\textbackslash}",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
    }
)

_TOKEN = re.compile(
    r"""
      \\ (?P<character> [%&\#_${}] )
    | \\ (?: emph | underline | url | text(?:bf|it|rm|sc|sf|sl|tt) )
      \{ (?P<argument> (?: [^{}\\$] | \\[%&\#_] )++ ) \}
    | \\\\                                    # the second one escapes nothing
    | \$ (?P<maths> (?: [^\\$] | \\. )++ ) \$
    """,
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\([%&#_])")


class _Piece(NamedTuple):
    """A part of a text: what it says or, if it is a formula, what stands between the dollars."""

    text: str
    maths: bool = False


def _pieces(text: str) -> Iterator[_Piece]:
    at = 0
    while token := _TOKEN.search(text, at):
        yield _Piece(text[at : token.start()])
        at = token.end()
        if (maths := token["maths"]) is None:
            said = token["character"] or token["argument"] or token[0]
            yield _Piece(_ESCAPE.sub(r"\1", said))
        elif _is_price(maths, text[at : at + 1]) or not _is_maths(maths):
            at = token.start() + 1
            yield _Piece("$")
        else:
            yield _Piece(maths, maths=True)
    yield _Piece(text[at:])


def _in_text(found: re.Match[str]) -> str:
    """Return the command for a character, so that it goes with any text around it."""
    command = _command(found[0])
    if command is None:
        raise NoCommandError(found[0])
    return f"{{{command}}}" if command[-1:].isalpha() and command.startswith("\\") else command


# --- formulas -------------------------------------------------------------------------------------

# What is longer or nested deeper is no formula in a sentence, but takes long to look at.
_LONGEST = 1_000
_MOST_GROUPS = 50
_DEEPEST = 12
_OPENING = re.compile(r"[({\[]")

# What makes TeX stop: a parameter, the end of a column, an index that is missing or double.
_WRONG = re.compile(r"(?<!\\)[#&]|[\^_]\s*(?:[\^_}]|$)")
_FENCE = re.compile(r"\\(left|right)(?![A-Za-z])")  # these come in pairs

# Commands that take arguments, with nothing to them but the looks of these.
_STYLES = (
    "acute bar breve check ddot dot grave hat tilde vec overline underline widehat widetilde "
    "frac sqrt mathbb mathbf mathcal mathfrak mathit mathrm mathscr mathsf mathtt "
    "bm boldsymbol operatorname text textbf textit textrm "
    "big bigg Big Bigg bigl bigr Bigl Bigr left right limits mathop mathrel %"
)


def _is_price(maths: str, following: str) -> bool:
    r"""Whether the dollar signs stand for money, as in "$5 and $6" or "$5-$6".

    Pandoc has much the same rule: https://pandoc.org/MANUAL.html#extension-tex_math_dollars. It
    lets no digit follow a formula, but "$\times$4" is common in titles.
    """
    blank_inside = maths[0].isspace() or maths[-1].isspace()
    return blank_inside or (maths[0].isdigit() and following.isdigit())


@lru_cache(maxsize=1024)
def _is_maths(tex: str) -> bool:
    if len(tex) > _LONGEST or len(_OPENING.findall(tex)) > _MOST_GROUPS or _WRONG.search(tex):
        return False
    walker = latexwalker.LatexWalker(
        f"${tex}$", latex_context=_walker_context(), tolerant_parsing=False
    )
    try:
        nodes, _, _ = walker.get_latex_nodes()
    except latexwalker.LatexWalkerParseError:
        return False
    fences = Counter(_FENCE.findall(tex))
    return fences["left"] == fences["right"] and all(map(_typesets, nodes[0].nodelist))


def _typesets(node: Any, room: int = _DEEPEST) -> bool:
    r"""Whether a part of a formula only puts signs on paper; `\input` would read a file.

    It is not nested deeper than there is room for, and no argument is a bare command: pylatexenc
    takes twice the time for each level, and cannot read such arguments.
    """
    if isinstance(node, latexwalker.LatexCharsNode | latexwalker.LatexSpecialsNode):
        return True
    if isinstance(node, latexwalker.LatexGroupNode):
        inside = node.nodelist
    elif isinstance(node, latexwalker.LatexMacroNode) and node.macroname in _commands():
        inside = [found for found in node.nodeargd.argnlist if found] if node.nodeargd else []
        if any(isinstance(argument, latexwalker.LatexMacroNode) for argument in inside):
            return False
    else:
        return False
    return room > 0 and all(_typesets(part, room - 1) for part in inside)


@cache
def _commands() -> frozenset[str]:
    """Return the names of the commands that a formula may hold."""
    context = latex2text.get_default_latex_context_db()
    symbols = (
        spec.macroname
        for spec in context.iter_macro_specs(["latex-base", "advanced-symbols"])
        if isinstance(spec.simplify_repl, str) and "%s" not in spec.simplify_repl
    )
    return frozenset(_STYLES.split()).union(symbols)


@cache
def _walker_context() -> Any:
    return latexwalker.get_default_latex_context_db()


_BRACE = {r"\{": r"\lbrace ", r"\}": r"\rbrace "}


def _formula(tex: str) -> str:
    """Return a formula without escaped braces and, where possible, in ASCII."""
    tex = re.sub(r"\\.", lambda found: _BRACE.get(found[0], found[0]), tex)
    return _NON_ASCII.sub(_in_maths, tex)


def _in_maths(found: re.Match[str]) -> str:
    command = _command(found[0])
    if command is None:
        return found[0]
    if command.startswith(_ENSURED):
        command = command.removeprefix(_ENSURED)[:-1]
    elif command.startswith("\\"):
        command = rf"\textrm{{{command}}}"
    return f"{command} " if command[-1:].isalpha() and found["letter"] else command


# --- characters -----------------------------------------------------------------------------------

_NON_ASCII = re.compile(r"[^\x00-\x7f](?=(?P<letter>[A-Za-z]?))")
_ENSURED = r"\ensuremath{"


def _command(char: str) -> str | None:
    command: str | None = _all_commands().get(ord(char))
    return command


@cache
def _all_commands() -> Mapping[int, str]:
    found: Mapping[int, str] = latexencode.get_builtin_uni2latex_dict()
    return found


# --- plain text -----------------------------------------------------------------------------------

_RAISED = dict(zip("0123456789+-=()in", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁱⁿ", strict=True))
_LOWERED = dict(
    zip("0123456789+-=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True)
)
_SCRIPT = re.compile(r"(?<!\\)([\^_])(?:\{([^{}\\]*)\}|([^{}\\\s]))")
_DEGREE = re.compile(r"\^(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\})\s*")


@lru_cache(maxsize=1024)
def _said(tex: str) -> str:
    """Return a formula as text."""
    raised = _SCRIPT.sub(_script, _DEGREE.sub("°", tex))
    said: str = _reader().latex_to_text(f"${raised}$")
    return " ".join(said.split())


@cache
def _reader() -> Any:
    return latex2text.LatexNodes2Text(math_mode="text")


def _script(found: re.Match[str]) -> str:
    """Return an index or exponent in characters of their own, or as it is if there are none."""
    signs = _RAISED if found[1] == "^" else _LOWERED
    text = found[2] if found[3] is None else found[3]
    return "".join(map(signs.__getitem__, text)) if signs.keys() >= set(text) else found[0]
