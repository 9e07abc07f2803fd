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
        alone: The files without a partner, and those with several, in the order they came in.
    """

    pairs: tuple[tuple[Path, Path], ...]
    alone: tuple[Path, ...]


def pair_files(paths: Iterable[str | PathLike[str]]) -> Pairing:
    """Find the answer that belongs to each prompt; the files are not read.

    `NAME.txt` and `NAME_answer.txt` belong together, and so do `prompt.txt` and `answer.txt`.
    Letter case does not matter, nor what separates the words, nor an ending that lost its dot.
    They stand in the same folder or, where there is no such partner, in two folders of the same
    name: `prompts/rain/q1.txt` and `answers/rain/q1_answer.txt`.

    Args:
        paths: Files, of which a name that ends in `answer` says that it is one.

    >>> pair_files(["Query1.txt", "Query1_answer.txt", "Query2.txt", "notes.txt"])
    Pairing(pairs=((PosixPath('Query1.txt'), PosixPath('Query1_answer.txt')),), alone=(...))
    """
    files = [_File.of(path) for path in dict.fromkeys(map(Path, paths))]
    partner: dict[Path, Path] = {}
    for where in _NEAR_TO_FAR:
        left = [file for file in files if file.path not in partner]
        partner |= _matches(left, where)
    prompts = [file.path for file in files if not file.is_answer and file.path in partner]
    answers = set(map(partner.__getitem__, prompts))
    return Pairing(
        tuple((prompt, partner[prompt]) for prompt in prompts),
        tuple(file.path for file in files if file.path not in {*prompts, *answers}),
    )


# Behind `answer` nothing but the ending, or what is left of it.
_ANSWER = re.compile(r"(.*?)[\W_]*answers?[\W_]*(?:txt|md)?", re.IGNORECASE | re.DOTALL)
_PROMPT = re.compile(r"(.*?)[\W_]*prompt", re.IGNORECASE | re.DOTALL)


class _File(NamedTuple):
    path: Path
    is_answer: bool
    name: str  # what a prompt and its answer have in common

    @classmethod
    def of(cls, path: Path) -> _File:
        stem = path.stem
        if match := _ANSWER.fullmatch(stem):
            return cls(path, is_answer=True, name=match[1].casefold())
        match = _PROMPT.fullmatch(stem)
        return cls(path, is_answer=False, name=(match[1] if match else stem).casefold())


def _folder_name(path: Path) -> str:
    """Return the name of the folder of a file, as it was before an unzip program misread it.

    Programs that do not know of UTF-8 in archives take names for cp437, as PKZIP did (appendix D
    of its APPNOTE): `∗` becomes `Γêù`.
    """
    name = path.parent.name
    try:
        return name.encode("cp437").decode("utf-8")
    except UnicodeError:
        return name


_NEAR_TO_FAR: tuple[Callable[[Path], Hashable], ...] = (lambda path: path.parent, _folder_name)


def _matches(files: Iterable[_File], where: Callable[[Path], Hashable]) -> dict[Path, Path]:
    """Return prompts and answers that are the only ones of their name there, both ways."""
    groups: dict[Hashable, tuple[list[Path], list[Path]]] = defaultdict(lambda: ([], []))
    for file in files:
        groups[where(file.path), file.name][file.is_answer].append(file.path)
    found: dict[Path, Path] = {}
    for prompts, answers in groups.values():
        if len(prompts) == len(answers) == 1:
            found |= {prompts[0]: answers[0], answers[0]: prompts[0]}
    return found
