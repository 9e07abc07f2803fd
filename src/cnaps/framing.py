"""Around an answer: what a language model writes before and after it, and where it breaks off.

Nothing here can be known for sure. Each rule is narrow, so that what it finds is what it says;
what it does not find stays a part of the answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Frame", "find_question", "find_thoughts", "frame", "is_truncated"]


class Frame(NamedTuple):
    """What stands around an answer.

    Attributes:
        has_preface: Whether it starts like a chat.
        is_fenced: Whether all of it stands in a code fence.
        body: The answer proper.
    """

    has_preface: bool
    is_fenced: bool
    body: Span


def frame(source: str, start: int) -> Frame:
    """Find the answer proper in what a model wrote behind its thoughts, from `start` on."""
    end = len(source)
    preface = _PREFACE.match(source, start)
    if preface is not None:
        start = preface.end()
    last_line = source.rfind("\n", 0, len(source.rstrip())) + 1
    if last_line >= start and _OFFER.match(source, last_line):
        end = start + len(_RULE_AT_END.sub("", source[start:last_line].rstrip()))
    inside = _inside_fence(source, start, end)
    return Frame(preface is not None, inside is not None, inside or Span(start, end))


_THOUGHTS = re.compile(r"\s*+<think(?:ing)?>")
_THOUGHTS_END = re.compile(r"</think(?:ing)?>")


def find_thoughts(source: str) -> Span:
    """Find what a model thought in front of its answer; an empty span where it did not say.

    Some templates of chats leave out the opening tag.
    """
    if "</think" in source and (end := _THOUGHTS_END.search(source)):  # mostly it is not there
        return Span(0, end.end())
    return Span(0, len(source) if _THOUGHTS.match(source) else 0)


_APOSTROPHE = "['’]"
_RULE = r"(?:-{3,}|\*{3,}|_{3,})"

_HERE = rf"here(?:{_APOSTROPHE}s| is| are| you go)"
# How a line starts that talks to the user.
_TALKS = (
    r"(?=(?:Of course|Sure|Certainly|Absolutely|Great|Perfect|Okay|OK|Alright|Understood|Got it"
    r"|Thanks?|Hello|Hi there|No problem|Happy to|Please find"
    rf"|{_HERE}|Below|Based on|As an?|I|Let)\b)"
)
# What announces an answer, wherever it stands in a line; whoever says anything else of himself may
# well be answering, unless a colon comes at the end.
_ANNOUNCES = (
    rf"{_HERE}|below|let me|let us|let{_APOSTROPHE}s"
    rf"|I(?:{_APOSTROPHE}(?:ll|ve|m)| will| shall| have| am| would (?:like|be))"
)
_IS_SHORT = r"(?=[^\n]{1,20}\n)"
# A first line that talks to the user and announces something or is short, if a heading, a rule, a
# fence or the like comes next. A short one may stand in front of another.
_PREFACE = re.compile(
    rf"\s*+(?:{_TALKS}{_IS_SHORT}[^\n]++\n\s*+)?{_TALKS}(?:{_IS_SHORT}|(?![^\n]*://)"
    rf"(?:(?=[^\n]*\b(?:{_ANNOUNCES})\b)|(?=[^\n]*:[ \t\r]*\n)(?=[^\n]*\bI\b)))[^\n]{{0,600}}+\n"
    rf"\s*+(?:{_RULE}[ \t]*+\n\s*+)?"
    rf"(?=#|```|~~~|\*\*|[>|]|🧠|1[.)][ \t]|{_RULE}|[^\n]++\n(?:=++|-{{2,}}+)\s)",
    re.IGNORECASE,
)

# A last line that offers more.
_OFFER = re.compile(
    r"(?:(?:(?:Please )?(?:let me know|feel free)|(?:I )?hope this|Would you like|Do you want"
    r"|Shall I|Want me|Happy to)\b"
    rf"|If you(?:{_APOSTROPHE}d| would| want| need| have)\b(?=[^\n]*\b(?:I|me)\b))"
    r"(?![^\n]*://)[^\n]{0,600}+\s*+\Z",
    re.IGNORECASE,
)
_RULE_AT_END = re.compile(rf"(?<=\n){_RULE}\Z")

_FENCE = re.compile(
    r"^[ \t]*+(?:(?:[-*+]|[0-9]{1,9}[.)])[ \t]++|>[ \t]*+)*+"
    r"(?P<fence>`{3,}|~{3,})[ \t]*+(?P<info>[^\n`]*+)(?:\n|\Z)",
    re.MULTILINE,
)
_BLANK_LINES = re.compile(r"(?:[ \t\r]*+\n)*+")
_TEXT = re.compile(r"[ \t]*+\S")
_MARKDOWN = frozenset({"markdown", "md", "text", "txt", "plaintext"})
_REMARK = 300  # characters that may follow a fence around a whole answer, if it says so


def _fences(source: str, start: int, end: int) -> Iterator[tuple[re.Match[str], int]]:
    """Yield the lines that open or close a code block, and how many blocks are open behind each.

    Unlike in CommonMark, a block can hold another one that has a name: models who put an answer
    with code into a fence do not make that fence a longer one.
    """
    if max(source.find(sign, start, end) for sign in ("```", "~~~")) < 0:  # quick to tell
        return
    opened: list[str] = []
    for fence in _FENCE.finditer(source, start, end):
        if opened and not fence["fence"].startswith(opened[-1]):
            continue
        if opened and not fence["info"].strip():
            opened.pop()
        else:
            opened.append(fence["fence"])
        yield fence, len(opened)


def _inside_fence(source: str, start: int, end: int) -> Span | None:
    """Return what is inside a fence around all of a stretch; None where there is none."""
    start = _BLANK_LINES.match(source, start, end).end()  # type: ignore[union-attr]  # or nothing
    if not _FENCE.match(source, start, end):
        return None
    fences = [*_fences(source, start, end)]
    opening, (last, still_open) = fences[0][0], fences[-1]
    is_answer = opening["info"].strip().lower() in _MARKDOWN
    closing = next((fence for fence, depth in fences if not depth), None)
    if closing is not None and closing is not last:
        # With text right below, it opens a block that has no name; else other blocks follow.
        opens_block = is_answer and _TEXT.match(source, closing.end(), end)
        if not opens_block or not last["fence"].startswith(opening["fence"]):
            return None
        closing = None if still_open else last
    if closing is None:  # the end is cut off
        return Span(opening.end(), end)
    remark = source[closing.end() : end].strip()
    if len(remark) > (_REMARK if is_answer else 0):
        return None
    return Span(opening.end(), closing.start())


# --- the question ---------------------------------------------------------------------------------

_QUESTION_WITHIN = 8_000  # characters: nobody repeats a question at the end

_LINE_ENDS = r"[*_.]*+[ \t\r]*+(?=\n|\Z)"
_PARAGRAPH_ENDS = r"\n(?=[ \t\r]*+(?:\n|\Z))"
# Behind a label: a colon, or nothing more on its line.
_BEHIND = r"(?:_|[^\w\n:.?!\"“”])*+[:\n](?:_|[^\w\"“”¿]){0,40}+"
# The words that can say that a question follows, each looked for as such: a search for the patterns
# would take twenty times as long.
_LABELS = (b"question", b"query", b"user ask", b"user has ask", b"you asked")
_OPENING = re.compile(
    rf"(?<![^\W_])(?:question|query|user[ ](?:has[ ])?ask(?:s|ed)|you[ ]asked){_BEHIND}([\"“])",
    re.IGNORECASE,
)
# Where a question in quotation marks ends, or cannot go on.
_CLOSING = {
    mark: re.compile(rf"({closing}){_LINE_ENDS}|{_PARAGRAPH_ENDS}")
    for mark, closing in (('"', '"'), ("“", "”"))
}
_BARE = re.compile(
    rf"(?:_|[^\w\n])*+(?:[0-9]{{1,2}}[.)](?:_|[^\w\n])++)?+"
    rf"(?:(?:an?|the|user(?:{_APOSTROPHE}s)?|you|your|original|has|asked|following)[ ])*+"
    rf"(?:question|query|ask(?:s|ed)){_BEHIND}"
    rf"(?P<bare>(?![\"“”])[^\n]+\?){_LINE_ENDS}",
    re.IGNORECASE,
)


def find_question(source: str, start: int) -> Span | None:
    """Find the question that a model repeats from `start` on, without its quotation marks."""
    end = min(start + _QUESTION_WITHIN, len(source))
    unclosed = dict.fromkeys(_CLOSING, 0)
    tried = -1
    for place in _label_places(source[start:end]):
        label = start + place
        if (quoted := _in_quotes(source, label, end, unclosed)) is not None:
            return quoted
        line = source.rfind("\n", start, label) + 1 or start
        if line != tried and (bare := _BARE.match(source, line, end)):
            return Span(*bare.span("bare"))
        tried = line
    return None


def _in_quotes(source: str, label: int, end: int, unclosed: dict[str, int]) -> Span | None:
    """Return what stands in quotation marks behind a label.

    `unclosed` has, for each quotation mark, up to where it is known that nothing closes it: labels
    come in order, and each would be followed to there again.
    """
    opening = _OPENING.match(source, label, end)
    if opening is None or opening.end() < unclosed[opening[1]]:
        return None
    start, closing = opening.end(), _CLOSING[opening[1]]
    found = closing.search(source, start, end)
    if found and found[1] and found.start() == start:  # nothing is in between
        found = closing.search(source, start + 1, end)
    if found and found[1]:
        return Span(start, found.start())
    unclosed[opening[1]] = found.start() if found else end
    return None


_TOP = 500  # characters, in which most models repeat it


def _label_places(text: str) -> Iterator[int]:
    """Yield where words stand that can say that a question follows, in order."""
    seen = 0
    for part in (text[:_TOP], text):
        data = part.encode("utf-8", "surrogatepass").lower()  # which leaves other letters alone
        places = sorted(place for label in _LABELS for place in _places(label, data))
        bytes_before = before = 0
        for place in places[seen:]:
            before += len(data[bytes_before:place].decode("utf-8", "surrogatepass"))
            bytes_before = place
            yield before
        seen = len(places)


def _places(label: bytes, data: bytes) -> Iterator[int]:
    place = data.find(label)
    while place >= 0:
        yield place
        place = data.find(label, place + 1)


# --- the end --------------------------------------------------------------------------------------

# A last line surely does not end in a link, a mark or an emphasis. Each alternative starts with a
# character of its own, which is what makes the search fast.
_UNCLOSED = re.compile(
    r"(?:\](?:\([^()\s]*+|\{[^{}\s]*+)|\[[^\[\]]*+|【[^【】]*+|\ue200[^\ue200\ue201]*+"
    r"|<https?:[^\s<>]*+|\\(?:url|href)\{(?:[^{}]*+\}\{)?+[^{}]*+"
    r"|h(?<!\wh)ttps?:(?:/{0,2}+|//[\w-]*+)"
    r"|\*(?<![\w*]\*)\*(?=\w)[^*]*+)\Z"
)
# What code in a line stands between, twice the same. More of them are a fence.
_CODE_MARK = re.compile(r"(?<!`)`{1,2}(?!`)")
# Nor in the middle of a phrase, or in a list before there is an item.
_UNFINISHED = re.compile(r"(?:[,:;(—–]|\w-|[ ](?:an?|the|and|or|of|with|for|from|by|that|which))\Z")
_REACH = len(" which")  # how far from the end it can start
_MARKER = re.compile(r"\s*+(?:[-*+]|[0-9]{1,9}[.)])")
_SENTENCE = 8  # words, from which on a line is taken for one
_SENTENCE_END = re.compile(r"[.!?][ \t]")
_LIST_ITEM = re.compile(r"\s*+(?:[-*+]|[0-9]{1,9}[.)])[ \t]")


def is_truncated(source: str, start: int) -> bool:
    """Tell whether an answer, from `start` on, surely breaks off in the middle."""
    source = source.rstrip()
    answer = source[start:]
    if source and not answer:
        return True
    opened = [depth for _, depth in _fences(answer, 0, len(answer))]
    before, _, last = answer.rpartition("\n")
    if any(opened[-1:]) or _is_in_code(last):
        return True
    if _UNCLOSED.search(last) or _UNFINISHED.search(last[-_REACH:]) or _MARKER.fullmatch(last):
        return True
    return (
        _is_sentence(last)
        and last[-1].isalnum()
        and not _is_link(last.split()[-1])
        and (_SENTENCE_END.search(last) is not None or _end_in_full_stops(before.split("\n"), last))
    )


def _is_in_code(line: str) -> bool:
    """Tell whether a line ends in code: one of its marks of code has no second one behind it."""
    marks = iter(_CODE_MARK.findall(line))
    return any(mark not in marks for mark in marks)  # `in` takes all up to the one that is found


def _is_sentence(line: str) -> bool:
    return len(line.split()) >= _SENTENCE and not line.lstrip().startswith(("#", "|"))


def _is_link(word: str) -> bool:
    return any(sign in word for sign in ":/@")


def _end_in_full_stops(lines: list[str], last: str) -> bool:
    """Tell whether sentences like the last one do: in an answer, those in lists may not."""
    is_item = _LIST_ITEM.match(last) is not None
    alike = (
        line.rstrip('*_`"”’) \t\r')
        for line in reversed(lines)
        if (_LIST_ITEM.match(line) is not None) == is_item and _is_sentence(line)
    )
    return next(alike, "").endswith((".", "!", "?"))
