"""Which answer files belong to which prompt file, as their names tell."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from cnaps.aligning import common_start
from cnaps.frames import visible

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

__all__ = ["Oddity", "Pairing", "pair_files"]


class Oddity(NamedTuple):
    """A file or folder that was understood although its name is not as it should be.

    Attributes:
        path: The file or the folder.
        reason: What is odd about its name.
        name: What its name would be.

    >>> odd = pair_files(["Query1.txt", "query1_Anwser.txt"]).oddities
    >>> print(*odd)
    query1_Anwser.txt: a typo in 'Anwser', letter case; it would be Query1_answer.txt
    """

    path: Path
    reason: str
    name: str

    def __str__(self) -> str:
        return f"{visible(str(self.path))}: {self.reason}; it would be {visible(self.name)}"


class Pairing(NamedTuple):
    """Files, sorted into pairs.

    Attributes:
        pairs: A prompt and an answer each, in the order of the prompts. A prompt with several
            answers is in as many pairs.
        alone: The files in no pair, each with the reason: it has no partner, or cannot be told
            apart from others. They are in the order they came in.
        oddities: The names that should be different, of files in pairs and their folders.
    """

    pairs: tuple[tuple[Path, Path], ...]
    alone: tuple[tuple[Path, str], ...]
    oddities: tuple[Oddity, ...] = ()


def pair_files(paths: Iterable[str | PathLike[str]]) -> Pairing:
    """Find the answers that belong to each prompt; the files are not read.

    `NAME.txt` and `NAME_answer.txt` belong together, and so do `prompt.txt` and `answer.txt`.
    Letter case does not matter, nor what separates the words, nor an ending that lost its dot.
    A typo in the word that says what a file is, such as `anwser`, is looked through where no
    better name is there.

    They stand in the same folder, or the answer in one below it, as in `rain/q1.txt` and
    `rain/gpt_answers/q1_answer.txt`; a prompt has as many answers as there are such folders. The
    words prompts and answers in the names of folders do not count, so `prompts/rain/q1.txt` and
    `answers/rain/q1_answer.txt` are in the same place. Where there is no such prompt, it is the
    one in a folder of the same name, wherever.

    Of several that it could be, none is chosen.

    Args:
        paths: Files, of which a name that ends in `answer` says that it is one.

    Raises TypeError for one path: it takes many, such as `Path("folder").rglob("*.txt")`.

    >>> found = pair_files(["Query1.txt", "Query1_answer.txt", "Query2.txt"])
    >>> [(prompt.name, answer.name) for prompt, answer in found.pairs]
    [('Query1.txt', 'Query1_answer.txt')]
    >>> [(path.name, reason) for path, reason in found.alone]
    [('Query2.txt', 'there is no answer that belongs to it')]
    """
    if isinstance(paths, (str, PathLike)):
        message = (
            f"pair_files takes the paths of many files, not one {type(paths).__name__};"
            " Path(…).rglob('*.txt') has those of a folder"
        )
        raise TypeError(message)
    # To make a path of one again takes a third of the time.
    given = (path if isinstance(path, Path) else Path(path) for path in paths)
    files = [_File.of(path) for path in dict.fromkeys(given)]
    found = _Found()
    found.take(files)
    # What has no partner by its name may have one by what the name was meant to be.
    files = [file if found.has(file) else _File.of(file.path, typos=True) for file in files]
    found.take(files)
    return found.in_order(files)


# --- names ----------------------------------------------------------------------------------------

_BETWEEN = r"[\s_.()\[\]–—-]*+"  # what separates words
# Behind these words nothing but the ending, or what is left of it.
_ROLE = re.compile(rf"(?ai:((answer|prompt)s?)({_BETWEEN})(txt|md)?)\Z")
_SEPARATORS = re.compile(_BETWEEN)
# The last word as seen from the end, if it is about as long as those.
_LAST_WORD = re.compile(rf"(?ai:(txt|dm)?)({_BETWEEN})([^\W\d_]{{5,8}}+)(?![^\W\d_])")


class _Name(NamedTuple):
    """The stem of a name, taken apart.

    Attributes:
        common: What a prompt and its answers have in common, as written.
        between: What stands between that and the word for the role.
        word: The word that says what a file is or a folder holds, as written; "" if none does.
        right: How it is spelled, in lower case.
        rest: What separates it from the ending.
        ending: The ending if it lost its dot or stands there twice.
    """

    common: str
    between: str = ""
    word: str = ""
    right: str = ""
    rest: str = ""
    ending: str = ""

    @classmethod
    def of(cls, stem: str, *, typos: bool = False) -> _Name:
        word, right, rest, ending = _role(stem, typos=typos)
        head = stem[: len(stem) - len(word + rest + ending)]
        common = _without_separators(head)
        if right.startswith("answer") and (inner := _ROLE.search(common)):  # `q1_prompt_answer`
            common = _without_separators(common[: inner.start()])
        return cls(common, head[len(common) :], word, right, rest, ending)


def _without_separators(name: str) -> str:
    # Seen from its end: to search for the separators there would take quadratic time.
    return _SEPARATORS.sub("", name[::-1], count=1)[::-1]


def _role(stem: str, *, typos: bool) -> tuple[str, str, str, str]:
    """Return the last word if it says what a file is, how it is spelled, and what follows it."""
    if match := _ROLE.search(stem):
        word, _, rest, ending = match.groups(default="")
        return word, word.lower(), rest, ending
    if typos and (match := _LAST_WORD.match(stem[::-1])):
        ending, rest, word = (group[::-1] for group in match.groups(default=""))
        for right in ("answer", "prompt", "answers", "prompts"):
            if _is_slip(word.lower(), right):
                return word, right, rest, ending
    return "", "", "", ""


def _is_slip(word: str, right: str) -> bool:
    """Tell whether a word has one letter too many, too few or wrong, or all in another order."""
    first = common_start(word, right)
    word, right = word[first:], right[first:]
    return (
        word[1:] == right
        or word == right[1:]
        or word[1:] == right[1:]
        or sorted(word) == sorted(right)
    )


class _File(NamedTuple):
    """A file, and what its name says.

    Attributes:
        path: The file.
        folder: Where it is.
        name: Its name, taken apart.
        key: What a prompt and its answers have in common.
        is_answer: Whether it is one.
    """

    path: Path
    folder: Path
    name: _Name
    key: str
    is_answer: bool

    @classmethod
    def of(cls, path: Path, *, typos: bool = False) -> _File:
        name = _Name.of(path.stem, typos=typos)
        is_answer = name.right.startswith("answer")
        return cls(path, path.parent, name, name.common.casefold(), is_answer)


# --- places ---------------------------------------------------------------------------------------


def _undamaged(name: str) -> str:
    """Return the name of a folder as it was before an unzip program misread it.

    Programs that do not know of UTF-8 in archives take names for cp437, as PKZIP did (appendix D
    of its APPNOTE): `∗` becomes `Γêù`.
    """
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _itself(folder: Path) -> list[Hashable]:
    return [folder]


def _name(folder: Path) -> list[Hashable]:
    return [_undamaged(folder.name).casefold()]


class _Above:
    """Gives a folder and those above it, as numbers.

    The words prompts and answers in the names of folders do not count.
    """

    def __init__(self) -> None:
        self._numbers: dict[tuple[int, str], int] = {}

    def __call__(self, folder: Path) -> list[Hashable]:
        places = [0]
        for part in folder.parts:
            if name := _Name.of(_undamaged(part)).common.casefold():
                step = places[-1], name
                places.append(self._numbers.setdefault(step, len(self._numbers) + 1))
        return [*reversed(places)]


class _Step(NamedTuple):
    """Where the prompt of an answer may be.

    Attributes:
        places: Gives the place of a folder and, for that of an answer, others that its prompt may
            be in, the nearest first.
        several: Whether answers in several folders may belong to one prompt.
    """

    places: Callable[[Path], list[Hashable]]
    several: bool = False


# --- pairs ----------------------------------------------------------------------------------------


class _Found:
    """What was found so far.

    Attributes:
        pairs: By the path of each answer: its prompt and it.
        prompts: The paths of their prompts, each with the folders of its answers.
        reasons: Why a file could not be told apart from others.
    """

    def __init__(self) -> None:
        self.pairs: dict[Path, tuple[_File, _File]] = {}
        self.prompts: dict[Path, set[Path]] = {}
        self.reasons: dict[Path, str] = {}

    def has(self, file: _File) -> bool:
        """Tell whether a file is in a pair."""
        return file.path in (self.pairs if file.is_answer else self.prompts)

    def take(self, files: list[_File]) -> None:
        """Find the prompts of the answers that have none so far."""
        for step in (_Step(_itself), _Step(_Above(), several=True), _Step(_name)):
            waiting = [file for file in files if file.is_answer and file.path not in self.pairs]
            if waiting:
                prompts = [file for file in files if not file.is_answer]
                self._step(prompts, waiting, step)

    def _step(self, prompts: list[_File], answers: list[_File], step: _Step) -> None:
        places = cache(step.places)
        named: dict[Hashable, list[_File]] = defaultdict(list)
        for prompt in prompts:
            named[places(prompt.folder)[0], prompt.key].append(prompt)
        groups: dict[Hashable, list[_File]] = defaultdict(list)
        for answer in answers:
            place = answer.folder if step.several else places(answer.folder)[0]
            groups[place, answer.key].append(answer)
        found: list[tuple[_File, _File]] = []
        for group in groups.values():
            first = group[0]
            keys = ((place, first.key) for place in places(first.folder))
            nearest = next((named[key] for key in keys if key in named), [])
            free = [prompt for prompt in nearest if prompt.path not in self.prompts]
            if step.several and not free:
                free = [
                    prompt for prompt in nearest if first.folder not in self.prompts[prompt.path]
                ]
            if len(free) == len(group) == 1:
                found.append((free[0], first))
            elif free:
                reason = f"prompts of its name: {len(free):,}, answers: {len(group):,}"
                self.reasons |= {file.path: reason for file in (*free, *group)}
        for prompt, answer in found:
            self.pairs[answer.path] = prompt, answer
            self.prompts.setdefault(prompt.path, set()).add(answer.folder)

    def in_order(self, files: list[_File]) -> Pairing:
        """Return it in the order of the files."""
        answers: dict[Path, list[Path]] = defaultdict(list)
        for file in files:
            if file.path in self.pairs:
                answers[self.pairs[file.path][0].path].append(file.path)
        pairs = [(file.path, answer) for file in files for answer in answers.get(file.path, ())]
        odd = (oddity for _, answer in pairs for oddity in _oddities(*self.pairs[answer]))
        return Pairing(
            tuple(pairs),
            tuple((file.path, self._reason(file)) for file in files if not self.has(file)),
            tuple({oddity.path: oddity for oddity in odd}.values()),
        )

    def _reason(self, file: _File) -> str:
        """Return why a file is alone."""
        lonely = "prompt that it belongs to" if file.is_answer else "answer that belongs to it"
        return self.reasons.get(file.path, f"there is no {lonely}")


# --- oddities -------------------------------------------------------------------------------------


def _oddities(prompt: _File, answer: _File) -> Iterator[Oddity]:
    if prompt.folder != answer.folder:
        yield from _misread(prompt.folder)
        yield from _misread(answer.folder)
    for file in (prompt, answer):
        right = _right_name(file, prompt)
        if right != file.path.name:
            yield Oddity(file.path, ", ".join(_odd(file, prompt)), right)


def _misread(folder: Path) -> Iterator[Oddity]:
    for number, part in enumerate(folder.parts, 1):
        if (right := _undamaged(part)) != part:
            yield Oddity(Path(*folder.parts[:number]), "UTF-8 that was read as cp437", right)


def _right_name(file: _File, prompt: _File) -> str:
    """Return the name of a file as it goes with that of its prompt."""
    _, between, _, right, rest, ending = file.name
    word = _cased_like(prompt.name.word, right)
    if ending:
        rest = rest.rstrip(" \t_.–—-")
    return f"{prompt.name.common}{between}{word}{rest}{_right_ending(file, prompt)}"


def _right_ending(file: _File, prompt: _File) -> str:
    ending = file.path.suffix or f".{file.name.ending}".rstrip(".").lower()
    of_prompt = prompt.path.suffix
    return of_prompt if ending.casefold() == of_prompt.casefold() else ending


def _cased_like(model: str, word: str) -> str:
    if model.isupper():
        return word.upper()
    return word.capitalize() if model[:1].isupper() else word.lower()


def _odd(file: _File, prompt: _File) -> Iterator[str]:
    """Yield what is odd about the name of a file."""
    common, _, word, right, _, ending = file.name
    if word.lower() != right:
        yield f"a typo in {word!r}"
    if ending:
        yield "the ending twice" if file.path.suffix else "the ending without its dot"
    written = common, word, file.path.suffix
    usual = prompt.name.common, _cased_like(prompt.name.word, word), _right_ending(file, prompt)
    if any(a != b and a.casefold() == b.casefold() for a, b in zip(written, usual, strict=True)):
        yield "letter case"
