"""Which answer file belongs to which prompt file, as their names tell."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from os import PathLike

__all__ = ["Pairing", "pair_files"]


class Pairing(NamedTuple):
    """Files, sorted into pairs.

    Attributes:
        pairs: A prompt and its answer each, in the order of the prompts.
        alone: The files in no pair, each with the reason: it has no partner, or several. They are
            in the order they came in.
    """

    pairs: tuple[tuple[Path, Path], ...]
    alone: tuple[tuple[Path, str], ...]


def pair_files(paths: Iterable[str | PathLike[str]]) -> Pairing:
    """Find the answer that belongs to each prompt; the files are not read.

    `NAME.txt` and `NAME_answer.txt` belong together, and so do `prompt.txt` and `answer.txt`.
    Letter case does not matter, nor what separates the words, nor an ending that lost its dot.
    They stand in the same folder. Where there is no such partner, it is the one in the folder of
    the same path but for the words prompts and answers, as in `prompts/rain/q1.txt` and
    `answers/rain/q1_answer.txt`; and then the one in a folder of the same name, wherever.

    Args:
        paths: Files, of which a name that ends in `answer` says that it is one.

    >>> found = pair_files(["Query1.txt", "Query1_answer.txt", "Query2.txt"])
    >>> [(prompt.name, answer.name) for prompt, answer in found.pairs]
    [('Query1.txt', 'Query1_answer.txt')]
    >>> [(path.name, reason) for path, reason in found.alone]
    [('Query2.txt', 'there is no answer that belongs to it')]
    """
    files = [_File.of(path) for path in dict.fromkeys(map(Path, paths))]
    partner: dict[Path, Path] = {}
    alone: dict[Path, str] = {}
    for where in _NEAR_TO_FAR:
        alone.clear()
        for group in _groups((file for file in files if file.path not in partner), where):
            prompts, answers = group
            if len(prompts) == len(answers) == 1:
                partner |= {prompts[0]: answers[0], answers[0]: prompts[0]}
            else:
                alone |= _reasons(group)
    return Pairing(
        tuple(
            (file.path, partner[file.path])
            for file in files
            if file.path in partner and not file.is_answer
        ),
        tuple((file.path, alone[file.path]) for file in files if file.path in alone),
    )


_BETWEEN = r"[\s_.()\[\]–—-]*+"  # what separates words
# Behind these nothing but the ending, or what is left of it.
_ANSWER, _PROMPT = (
    re.compile(rf"{word}s?{_BETWEEN}(?:txt|md)?\Z", re.IGNORECASE) for word in ("answer", "prompt")
)
_SEPARATORS = re.compile(_BETWEEN)


class _File(NamedTuple):
    path: Path
    is_answer: bool
    name: str  # what a prompt and its answer have in common

    @classmethod
    def of(cls, path: Path) -> _File:
        is_answer = _ANSWER.search(path.stem) is not None
        return cls(path, is_answer, _without_role(path.stem))


def _without_role(name: str) -> str:
    """Return the name of a file or a folder without the words that say what it is or holds."""
    for word in (_ANSWER, _PROMPT):
        if match := word.search(name):
            name = name[: match.start()]
    # Seen from its end: to search for the separators there would take quadratic time.
    return _SEPARATORS.sub("", name[::-1], count=1)[::-1].casefold()


def _undamaged(name: str) -> str:
    """Return the name of a folder as it was before an unzip program misread it.

    Programs that do not know of UTF-8 in archives take names for cp437, as PKZIP did (appendix D
    of its APPNOTE): `∗` becomes `Γêù`.
    """
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


def _path_without_roles(path: Path) -> Hashable:
    names = [_without_role(_undamaged(name)) for name in path.parent.parts]
    return tuple(filter(None, names))


def _folder_name(path: Path) -> Hashable:
    return _undamaged(path.parent.name).casefold()


_NEAR_TO_FAR: tuple[Callable[[Path], Hashable], ...] = (
    lambda path: path.parent,
    _path_without_roles,
    _folder_name,
)

# The prompts and the answers of one name in one place.
_Group = tuple[list[Path], list[Path]]


def _groups(files: Iterable[_File], where: Callable[[Path], Hashable]) -> list[_Group]:
    groups: dict[Hashable, _Group] = defaultdict(lambda: ([], []))
    for file in files:
        groups[where(file.path), file.name][file.is_answer].append(file.path)
    return [*groups.values()]


def _reasons(group: _Group) -> dict[Path, str]:
    """Return why each file of a group is alone."""
    prompts, answers = group
    if not answers:
        reason = "there is no answer that belongs to it"
    elif not prompts:
        reason = "there is no prompt that it belongs to"
    else:
        reason = f"prompts of its name: {len(prompts):,}, answers: {len(answers):,}"
    return dict.fromkeys([*prompts, *answers], reason)
