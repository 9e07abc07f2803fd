r"""Links one at a time: how each is written, and which characters of a text it is.

`CANDIDATE` looks for the few characters that a link cannot do without. `read_candidate` reads the
link around them, moving forward only: time is linear in the text, whatever the text.

Links of Markdown are those of CommonMark 0.31.2 (https://spec.commonmark.org/0.31.2/#links), and
bare links those of GitHub (https://github.github.com/gfm/#autolinks-extension-), except that:

- Code is text like any other: models put whole answers into fences, and links into backticks.
- Only links that lead out of the text count: no `#section`, no `figures/rain.png`, no `mailto:`.
- A bare link may follow anything, and it ends earlier: in front of a parenthesis without partner,
  brackets, braces, quotation marks, `|`, `**`, an escaped `&lt;` or `&quot;`, the mark of a
  provider, another `https://`, and what is no letter of any script. Chinese, Japanese and Korean
  belong to it only after a slash or in a query. At its end, `;`, `'` and `'s` are left out too.
- `<https://example.org|label>`, as chats have it, is no autolink but a bare link.
- A definition, `[1]: https://…`, need not be apart from the lines of text before it.
- Parentheses and braces pair up to three deep, and a label has up to 999 characters.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cnaps.identifiers._sites import HOSTS
from cnaps.marks import MARK_START
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "CANDIDATE",
    "COMBINING",
    "EAST_ASIAN",
    "LONGEST_LABEL",
    "Definition",
    "Form",
    "Mention",
    "find_definitions",
    "read_candidate",
]

LONGEST_LABEL = 999  # characters, as CommonMark has it for references


class Form(StrEnum):
    r"""How a link is written.

    Attributes:
        BARE: `https://example.org`, or with `http`.
        HOST: Without a scheme: `www.example.org`, or a page of a known site.
        ID: `arXiv:2111.09881`, `arXiv 2111.09881` or `doi:10.1109/CVPR.2016.90`.
        SSH: `git@github.com:owner/name.git`.
        ANGLE: `<https://example.org>`, with any scheme.
        INLINE: `[label](https://example.org "title")`.
        IMAGE: `![label](https://example.org/rain.png)`.
        REFERENCE: `[1]: https://example.org`, which `[label][1]` refers to.
        URL: `\url{https://example.org}`.
        HREF: `\href{https://example.org}{label}`.
    """

    BARE = "bare"
    HOST = "host"
    ID = "id"
    SSH = "ssh"
    ANGLE = "angle"
    INLINE = "inline"
    IMAGE = "image"
    REFERENCE = "reference"
    URL = "url"
    HREF = "href"


class Mention(NamedTuple):
    r"""A link as it stands in a text.

    Attributes:
        url: The link to follow: its characters in the text, but with `\_` and its like and
            `&amp;` undone.
        span: Its characters in the text, without anything around them. Replace these to change
            where a link leads.
        form: How it is written.
        label: The text that stands for the link, with the markup in it; None where the form has
            none. That of a definition is the label of the first link that refers to it.
        label_span: Where the label stands.
    """

    url: str
    span: Span
    form: Form
    label: str | None = None
    label_span: Span | None = None


# --- what links are made of -----------------------------------------------------------------------


_DEEPEST = 3  # brackets in brackets, in links and around them


def _in_pairs(inside: str, left: str, right: str) -> str:
    """Return the pattern of text with brackets in pairs, so many deep.

    That there is a limit makes it linear: a search that fails has passed no more brackets without
    partner than that, so few of those that start at a bracket go over the same text.
    """
    pattern = inside
    for _ in range(_DEEPEST):
        pattern = rf"{inside}|{left}(?:{pattern})*+{right}"
    return rf"(?:{pattern})*+"


#: The scripts that set no blank between a link and the word after it, for a class of characters.
EAST_ASIAN = (
    r"\u1100-\u11ff\u2e80-\ua4cf\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef"
    r"\U00020000-\U0003ffff"
)
#: Combining characters, for a class of them: accents, points and vowel signs are no letters for
#: `re`, but parts of words, in Hebrew and Arabic and from Hindi to Khmer. Letters between them are
#: in the ranges, too.
COMBINING = (
    r"\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7"
    r"\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed"
    r"\u0711-\u07f3\u0898-\u08e1\u08e3-\u0963\u0981-\u09e3\u09fe-\u0a75\u0a81-\u0ae3\u0afa-\u0b63"
    r"\u0b82-\u0bd7\u0c00-\u0c63\u0c81-\u0c83\u0cbc-\u0d4d\u0d57-\u0d63\u0d81-\u0df3"
    r"\u0e31-\u0e3a\u0e47-\u0e4e\u0eb1-\u0ecd\u0f71-\u0f84\u0f8d-\u0fbc\u102b-\u103e"
    r"\u1056-\u109d\u17b4-\u17d3"
)
# Superscripts, fractions and numbers in circles, which are notes and no letters.
_NOTES = r"\xaa\xb2\xb3\xb9\xba\xbc-\xbe\u2070-\u2e7f"
_LETTER = rf"[^\W_{_NOTES}]"
_OTHER_LETTER = rf"[^\W\x00-\x7f{_NOTES}{EAST_ASIAN}]"


# A link after its scheme or host, up to a parenthesis.
_TAIL = re.compile(
    r"(?:[A-GI-Za-gi-z0-9._~/?#@!$+,;=%'-]++"
    # Not the scheme of another link, unless that is part of this one, as in
    # http://web.archive.org/web/2024/https://example.org or https://example.org/?to=https://….
    r"|(?<=[/=?&#])[hH]|[hH](?!(?ai:ttps?)://)"
    r"|:(?!contentReference\[)"
    r"|&(?!(?:lt|gt|quot|apos|nbsp|\#(?:34|39|60|62|160|(?ai:x(?:22|27|3[CE]|A0))));)"
    r"|\*(?!\*)"
    r"|\[\w*+\](?==)"  # ?tags[]=rain
    r"|\\[_#%&~*$.+=-]"
    rf"|{_OTHER_LETTER}++|[{COMBINING}\u2010\u2011]++"  # and hyphens of models
    rf"|(?<=[/=?&#])(?:(?=[{EAST_ASIAN}])\w)++)*+"
)

# What ends a bare link and is no part of it, read backwards.
_TRAILING = "?!.,:;*_~'"
_TRAILING_REVERSED = re.compile(rf"(?:;[A-Za-z0-9]{{1,31}}+&|[{_TRAILING}]\\?+|s')*+")

# Where a link without a scheme can start: not inside a word, a path, an address or a query.
_APART = re.compile(rf"(?<![A-Za-z0-9@/.\\%&=?#+-])(?<!/~)(?<!{_OTHER_LETTER})")

_HOST_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"
_PAGES = ".github.io"  # of people and projects
_LONGEST_HOST = 253  # RFC 1035, section 2.3.4
_TOP_LEVELS = "|".join(sorted({host.rpartition(".")[2] for host in (*HOSTS, _PAGES)}))
_DOMAIN = r"(?:[A-Za-z0-9-]++\.(?=[A-Za-z0-9]))++[A-Za-z]{2,}+(?![A-Za-z0-9-]|://)"
_WWW = re.compile(rf"[wW]{{3}}\.{_DOMAIN}(?P<goes_on>(?=[/?#]|:[0-9]))?")

# These take what has the form of an id, even where `identify` knows that it cannot be one: that is
# for those to say who read the links.
_ARXIV_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[A-Za-z-]{2,8}(?:\.[A-Za-z]{2})?/[0-9]{7})(?:[vV][0-9]{1,4})?"
_DOI_START = r"10\.[0-9]{4,9}/"

# How an argument starts that leads somewhere.
_LEADS = (
    r"(?:[A-Z][A-Z0-9+.-]*+:)?//[\w\[]"
    rf"|arxiv:[ ]?{_ARXIV_ID}|doi:[ ]?{_DOI_START}"
    r"|git@[A-Z0-9.-]++:\w"
    rf"|www\.{_DOMAIN}|{_DOMAIN}(?::[0-9]++)?+/"
)
_LEADING = re.compile(_LEADS, re.IGNORECASE)
_LEADING_IN_LATEX = re.compile(rf"{_LEADS}|{_DOMAIN}\Z", re.IGNORECASE)

# What providers of models leave in a text, as in 【12†source】 and [cite: 3].
_MARK = re.compile(MARK_START)

# Those that can hold blanks, which else end a destination or an argument.
_MARKS_BEHIND = r"(?:[ \t]*+\[cite[^\[\]\n]*+\])*+"

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})|&(?:amp|\#38|\#[xX]26);")
_ESCAPED_IN_LATEX = re.compile(
    r"\\([#$%&_{}~^])(?:\{\})?|\{\\textasciitilde\}|\\textasciitilde(?:\{\})?"
)


def _unescaped(text: str) -> str:
    if "\\" not in text and "&" not in text:  # saves time
        return text
    return _ESCAPED.sub(lambda escape: escape[1] or "&", text)


def _unescaped_in_latex(text: str) -> str:
    return _ESCAPED_IN_LATEX.sub(lambda escape: escape[1] or "~", text)


# --- links, one at a time -------------------------------------------------------------------------

# What can be part of a link, by a character that prose has little of. The group tells who reads on.
CANDIDATE = re.compile(
    r":(?:(?<=(?ai:http):)|(?<=(?ai:https):))//(?!(?ai:https?)://)"
    rf"(?:(?={_LETTER})|\[[0-9A-Fa-f:.]{{2,45}}\])(?P<bare>)"
    rf"|:(?<=(?ai:arxiv):)[ ]?{_ARXIV_ID}(?:(?![A-Za-z0-9])|(?={MARK_START}))(?P<arxiv>)"
    r"|\.(?<=(?ai:arxiv)[ ][0-9]{4}\.)[0-9]{4,5}(?:[vV][0-9]{1,4})?"
    rf"(?:(?![A-Za-z0-9])|(?={MARK_START}))(?P<spaced>)"
    rf"|:(?<=(?ai:doi):)[ ]?{_DOI_START}(?={_LETTER})(?P<doi>)"
    r"|\.(?<=[wW]{3}\.)(?=[A-Za-z0-9])(?P<www>)"
    rf"|\.(?ai:{_TOP_LEVELS})(?P<host>/)(?={_LETTER})"
    r"|@(?<=(?ai:git)@)[A-Za-z0-9.-]++:(?=[~/]?[A-Za-z0-9])(?!(?ai:https?)://)(?P<ssh>)"
    r"|<(?P<angle>[A-Za-z][A-Za-z0-9+.-]{1,31}:[^\s\x00-\x1f\x7f<>|]*+)>"
    r"|\\(?:url|href)(?![A-Za-z])[ \t]*+\{\s*+"
    r"(?P<latex>(?:[^\s{}\\\[]++|\[(?!cite)|\\[^\sA-Za-z]|\\textasciitilde|\{[^\s{}]*+\})++)"
    rf"{_MARKS_BEHIND}\s*+\}}"
    r"|\](?P<inline>\()(?=\s*+<?[\w/])"
)

# A link, or None, and where to read on.
_Read: TypeAlias = "tuple[Mention | None, int]"


def _bare(text: str, match: re.Match[str]) -> _Read:
    colon = match.start()
    start = colon - (5 if text[colon - 1] in "sS" else 4)
    return _trimmed(text, start, _tail_end(text, start, match.end()), Form.BARE)


def _arxiv(text: str, match: re.Match[str]) -> _Read:
    return _if_apart(text, match.start() - len("arxiv"), match.end(), Form.ID)


def _spaced(text: str, match: re.Match[str]) -> _Read:
    return _if_apart(text, match.start() - len("arxiv 2111"), match.end(), Form.ID)


def _doi(text: str, match: re.Match[str]) -> _Read:
    start = match.start() - len("doi")
    return _if_apart(text, start, _tail_end(text, start, match.end()), Form.ID)


def _ssh(text: str, match: re.Match[str]) -> _Read:
    start = match.start() - len("git")
    return _if_apart(text, start, _tail_end(text, start, match.end()), Form.SSH)


def _www(text: str, match: re.Match[str]) -> _Read:
    start = match.start() - len("www")
    host = _WWW.match(text, start) if _APART.match(text, start) else None
    if host is None:
        return None, match.end()
    end = host.end() if host["goes_on"] is None else _tail_end(text, start, host.end())
    return _trimmed(text, start, end, Form.HOST)


def _known_host(text: str, match: re.Match[str]) -> _Read:
    dot, slash = match.start(), match.start("host")
    before = text[max(dot - _LONGEST_HOST, 0) : dot]
    start = dot - len(before) + len(before.rstrip(_HOST_CHARACTERS))
    host = text[start:slash].lower()
    is_page = host.endswith(_PAGES) and host[0].isalnum()
    if not is_page and host.removeprefix("www.") not in HOSTS:
        return None, match.end()
    return _if_apart(text, start, _tail_end(text, start, slash), Form.HOST)


def _tail_end(text: str, start: int, position: int) -> int:
    """Return where a link ends: it starts at `start`, and its tail at `position`."""
    quote = text.find("'", position) if text[start - 1 : start] == "'" else -1
    return _paired_end(text, position, len(text) if quote < 0 else quote, _DEEPEST)


def _paired_end(text: str, position: int, stop: int, depth: int) -> int:
    """Return where a tail ends that goes on over parentheses in pairs, so many deep."""
    end = _TAIL.match(text, position, stop).end()  # type: ignore[union-attr]  # matches anything
    while depth and text.startswith("(", end, stop):
        closing = _paired_end(text, end + 1, stop, depth - 1)
        if not text.startswith(")", closing, stop):
            break
        end = _TAIL.match(text, closing + 1, stop).end()  # type: ignore[union-attr]
    return end


def _if_apart(text: str, start: int, end: int, form: Form) -> _Read:
    return _trimmed(text, start, end, form) if _APART.match(text, start) else (None, end)


_SHORTEST = len("https://a")  # of a link; what is left of a mark does not start before


def _trimmed(text: str, start: int, end: int, form: Form) -> _Read:
    """Read a link that nothing closes: punctuation at its end belongs to the text."""
    raw = text[start:end]
    # What is left of a mark looks like more of the link.
    if "citeturn" in raw and (mark := _MARK.search(raw, _SHORTEST)):
        raw = raw[: mark.start()]
    if raw[-1] in _TRAILING or raw.endswith("'s"):
        trailing = _TRAILING_REVERSED.match(raw[::-1])
        raw = raw[: len(raw) - trailing.end()]  # type: ignore[union-attr]  # matches anything
    return Mention(_unescaped(raw), Span(start, start + len(raw)), form), end


def _angle(text: str, match: re.Match[str]) -> _Read:
    span = _leading(text, *match.span("angle"))
    if span is None:
        return None, match.start("angle")
    return Mention(_unescaped(span.of(text)), span, Form.ANGLE), match.end()


def _latex(text: str, match: re.Match[str]) -> _Read:
    span = _leading(text, *match.span("latex"), _LEADING_IN_LATEX)
    if span is None:
        return None, match.start("latex")
    url = _unescaped_in_latex(span.of(text))
    if text.startswith("url", match.start() + 1):
        return Mention(url, span, Form.URL), match.end()
    label = _HREF_LABEL.match(text, match.end())
    if label is None:
        return Mention(url, span, Form.HREF), match.end()
    return Mention(url, span, Form.HREF, label[1], Span(*label.span(1))), label.end()


_BRACES = _in_pairs(r"[^{}\\]++|\\[\s\S]", r"\{", r"\}")
_HREF_LABEL = re.compile(rf"\s*+\{{({_BRACES})\}}")


def _leading(text: str, start: int, end: int, leading: re.Pattern[str] = _LEADING) -> Span | None:
    """Return the link in an argument, without marks; None where it leads nowhere."""
    if not leading.match(text, start, end):
        return None
    mark = _MARK.search(text, start, end)
    return Span(start, mark.start() if mark else end)


# In front of a line feed, a carriage return is a blank like any other.
_LINE_END = r"\n(?![ \t\r]*+\n)"  # not in front of a blank line
_BLANKS = rf"[ \t\r]*+(?:{_LINE_END}[ \t]*+)?"
_TITLE = "|".join(
    rf"{left}(?:[^{ends}\\\n]++|\\[^\n]|\\?{_LINE_END})*+{right}"
    for left, ends, right in (('"', '"', '"'), ("'", "'", "'"), (r"\(", "()", r"\)"))
)
_IN_PARENTHESES = _in_pairs(
    rf"[^\s\x00-\x1f\x7f()\\\[]++|\[(?!cite)|\\{_PUNCTUATION}|\\", r"\(", r"\)"
)
_IN_ANGLES = r"<(?P<in_angles>(?:[^<>\\\n]++|\\[^\n])*+)>"
_DESTINATION = re.compile(
    rf"\]\({_BLANKS}(?:{_IN_ANGLES}|(?!<)(?P<raw>{_IN_PARENTHESES})){_MARKS_BEHIND}"
    rf"(?:(?=[ \t\r\n]){_BLANKS}(?:{_TITLE}))?+{_BLANKS}\)"
)


def _inline(text: str, match: re.Match[str]) -> _Read:
    destination = _DESTINATION.match(text, match.start())
    span = _destination(text, destination) if destination else None
    if destination is None or span is None:
        return None, match.end()
    return Mention(_unescaped(span.of(text)), span, Form.INLINE), destination.end()


def _destination(text: str, match: re.Match[str]) -> Span | None:
    return _leading(text, *match.span("raw" if match["in_angles"] is None else "in_angles"))


_READERS: dict[str | None, Callable[[str, re.Match[str]], _Read]] = {
    "bare": _bare,
    "arxiv": _arxiv,
    "spaced": _spaced,
    "doi": _doi,
    "www": _www,
    "host": _known_host,
    "ssh": _ssh,
    "angle": _angle,
    "latex": _latex,
    "inline": _inline,
}


def read_candidate(text: str, match: re.Match[str]) -> tuple[Mention | None, int]:
    """Read what `CANDIDATE` matched; return the link, if it is one, and where to read on.

    An inline link comes without its label, which stands before the bracket that was matched.
    """
    return _READERS[match.lastgroup](text, match)


# --- definitions of references --------------------------------------------------------------------


class Definition(NamedTuple):
    """The line that says where a reference leads, and the link in it."""

    start: int
    end: int
    mention: Mention


_DEFINITION = re.compile(
    r"^[ \t>]*+(?:[-*+][ \t]++)?"
    rf"\[(?!\^)(?P<label>(?:[^\[\]\\\n]|\\[^\n]){{1,{LONGEST_LABEL}}}+)\]:[ \t]*+"
    rf"(?:{_IN_ANGLES}|(?!<)(?P<raw>(?:[^\s\[]++|\[(?!cite))++)){_MARKS_BEHIND}"
    rf"(?:[ \t]++(?:{_TITLE}))?+[ \t\r]*+$",
    re.MULTILINE,
)


def find_definitions(text: str) -> Iterator[Definition]:
    """Yield the definitions of references, in order; each has its own label."""
    for match in _DEFINITION.finditer(text):
        span = _destination(text, match)
        if span is not None:
            url, label = _unescaped(span.of(text)), Span(*match.span("label"))
            mention = Mention(url, span, Form.REFERENCE, label.of(text), label)
            yield Definition(match.start(), match.end(), mention)
