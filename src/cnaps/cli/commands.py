"""The commands: each takes paths, prints what comes of them, and returns the exit status."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter

import cnaps
from cnaps._files import write_atomically
from cnaps.cli.diff import unified, whole_text
from cnaps.cli.outline import outline
from cnaps.cli.paths import text_files
from cnaps.cli.report import Failure, Status, counted, failed
from cnaps.cli.terminal import (
    Screen,
    damage_in_words,
    print_diff,
    print_exactly,
    print_failure,
    print_outline,
)
from cnaps.cli.usage import UsageError
from cnaps.document import read
from cnaps.errors import CnapsError, PluginError
from cnaps.frames import visible
from cnaps.rendering import answer_for, render
from cnaps.rules import select_rules
from cnaps.values import PromptSpec

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


__all__ = ["app"]

_HELP = """Read, check, repair and convert prompt and answer files.

Where files are taken, a folder stands for the *.txt files in it and in the folders below; hidden
ones are passed over. `show` takes one file, and `answer` the files of prompts."""

_EXIT_STATUS = (
    "Exit status: 0 all is well, 1 there are findings, 2 wrong usage, or a file that cannot be"
    " read or written."
)

app: App = App(
    name="cnaps",
    help=_HELP,
    help_format="markdown",
    help_epilogue=_EXIT_STATUS,
    version=lambda: f"cnaps {cnaps.__version__}",
    version_format="plaintext",
    # A name that starts with a bracket is a name.
    default_parameter=Parameter(negative=(), json_list=False),
    result_action="return_value",
    exit_on_error=False,
    print_error=False,
)

# One of many; unlike those of a list, options may stand between them.
Each = Annotated[Path, Parameter(name="PATH", required=True)]
Flag = Annotated[bool, Parameter(show_default=False)]
Codes = Annotated[tuple[str, ...], Parameter(negative=(), show_default=False)]
CheckFormat = Literal["text", "summary", "json", "sarif", "github", "junit"]
AnswerDialect = Literal["answer-1", "answer-2"]
AnyDialect = Literal["prompt-1", "prompt-2", "answer-1", "answer-2"]
Source = Literal["text", "json", "jsonl", "yaml", "toml", "msgpack"]
Target = Literal[
    "text",
    "json",
    "jsonl",
    "yaml",
    "toml",
    "msgpack",
    "bibtex",
    "csl-json",
    "ris",
    "chat",
    "sharegpt",
]
Split = Literal["user", "persona", "question"]
ReportFormat = Literal["text", "json", "jsonl", "junit", "markdown"]


@app.command
def check(
    *paths: Each,
    prompt: Path | None = None,
    collection: Annotated[tuple[Path, ...], Parameter(negative=(), show_default=False)] = (),
    select: Codes = (),
    ignore: Codes = (),
    fix: Flag = False,
    unsafe_fixes: Flag = False,
    diff: Flag = False,
    baseline: Path | None = None,
    write_baseline: Flag = False,
    format_: Annotated[CheckFormat, Parameter(name="--format")] = "text",
    exit_zero: Flag = False,
) -> int:
    """Report what kind of file each one is, and what is wrong with it.

    Answers are checked against their prompts, which their names tell: Query1_answer.txt belongs to
    Query1.txt. With --prompt all files are answers to that one. An answer can be anything that a
    language model wrote. Any other file that is neither a prompt nor an answer, and one that cannot
    be read, is an error in the report; the others are checked all the same.

    What is looked for, cnaps.toml or [tool.cnaps] in pyproject.toml can say; `cnaps rule CODE`
    explains what was found. Errors and warnings make the exit status 1; what is only for
    information does not.

    Args:
        paths: Files and folders.
        prompt: The prompt that the files answer.
        collection: A folder or a file with other prompts; what those offer is told as borrowed.
        select: Codes to look for, or how they start, with commas between them: CN3,CN101.
        ignore: Codes to leave out.
        fix: Make the fixes that are safe.
        unsafe_fixes: Make the others as well; somebody should look at what they do.
        diff: Show what fixes would change and write nothing; status 1 says that there are some.
        baseline: A file with findings that are known; only others count.
        write_baseline: Write all findings to the baseline instead of telling them.
        format_: What to print: text for people, a summary by rule, or a report for other programs.
        exit_zero: Exit with status 0 in place of 1.
    """
    from cnaps.cli import check as checker

    wanted = checker.Wanted(
        prompt=prompt,
        collection=collection,
        select=_selected(select),
        ignore=_codes(ignore),
        fix=fix or unsafe_fixes,
        unsafe=unsafe_fixes,
        diff=diff,
        baseline=baseline,
        write_baseline=write_baseline,
        to=format_,
    )
    status = checker.check(paths, wanted)
    return Status.CLEAN if exit_zero and status == Status.FINDINGS else status


def _selected(given: Sequence[str]) -> tuple[str, ...] | None:
    """Return the codes to look for; none at all would be a slip, and every file be clean."""
    if not given:
        return None
    if codes := _codes(given):
        return codes
    raise UsageError("--select names no code")


def _codes(given: Iterable[str]) -> tuple[str, ...]:
    return tuple(code for codes in given for code in codes.replace(",", " ").split())


@app.command
def rule(code: Annotated[str, Parameter(name="CODE")] = "", /) -> int:
    """Explain a rule: what it finds, why that is bad, an example, and what its fix does.

    Args:
        code: The code of a rule, such as CN301; or how some start, to list those. All by default.
    """
    try:
        rules = select_rules([code.upper()])
    except (PluginError, ValueError) as error:
        raise UsageError(str(error)) from None
    screen = Screen(sys.stdout)
    if len(rules) == 1:
        (found,) = rules
        screen.say((f"{found.code}: {found.title}", "bold"))
        screen.say((found.scope, "dim"))
        screen.say()
        print_exactly(f"{found.explanation}\n")
    else:
        for found in rules:
            screen.say((f"{found.code}  ", "bold"), (f"{found.severity:8}", "dim"), found.title)
    return Status.CLEAN


@app.command
def fix(*paths: Each, diff: Flag = False) -> int:
    """Undo encoding damage: UTF-8 that was read as another encoding and saved again.

    Only damage that can be proven is undone; files without any are not touched. `cnaps check --fix`
    makes the fixes of all rules.

    Args:
        paths: Files and folders.
        diff: Show what would change and write nothing. Exit status 1 says that there is something.
    """
    output = Screen(sys.stdout)
    outcomes = [_fix(item, output, diff=diff) for item in text_files(paths)]
    total = f"{counted(len(outcomes), 'file')}: {sum(damaged for damaged, _ in outcomes):,}"
    if diff:
        Screen(sys.stderr).say(f"{total} to repair")
    else:
        output.say(f"{total} repaired")
    return max((status for _, status in outcomes), default=Status.CLEAN)


def _fix(item: Path | OSError, output: Screen, *, diff: bool) -> tuple[bool, Status]:
    """Repair a file, or show how; return whether there was anything to repair."""
    if isinstance(item, OSError):
        return False, _fail(Path(item.filename), failed(item))
    try:
        document = read(item)
        repaired = document.repaired()
        if document.damage and not diff:
            repaired.write(item)
    except (CnapsError, OSError) as error:
        return False, _fail(item, failed(error))
    if not document.damage:
        return False, Status.CLEAN
    if diff:
        print_diff(output, unified(str(item), whole_text(document), whole_text(repaired)))
        return True, Status.FINDINGS
    output.say(f"repaired {visible(str(item))} ({damage_in_words(document.damage)})")
    return True, Status.CLEAN


@app.command(usage="Usage: cnaps convert [OPTIONS] IN… OUT")
def convert(
    *paths: Annotated[Path, Parameter(name="IN… OUT", required=True)],
    to: Target | None = None,
    from_: Annotated[Source, Parameter(name="--from")] = "text",
    lossless: Flag = False,
    dialect: AnyDialect | None = None,
    split: Split | None = None,
) -> int:
    """Convert files from one format to another.

    What a file is converted from, its ending says; to what, that of OUT or --to. Text files end
    in .txt or .md; serialised values in .json, .jsonl, .yaml, .toml or .msgpack; bibliographies of
    what they cite in .bib, .csl.json or .ris. Rows to train chat models on are asked for by --to.

    Several files become one line each of JSON Lines, one bibliography, or the chat rows of one
    file: a row for each NAME.txt with its NAME_answer.txt. In the other formats each becomes a file
    of its own in the folder OUT, unless OUT ends in .yaml or .msgpack: such a file holds any
    number. What cannot be converted is told, and the rest is converted all the same.

    Args:
        paths: The files and folders to read, then the file or the folder to write.
        to: The format to write.
        from_: The format of the files that are taken from folders, and of those without an ending.
        lossless: Keep of text files what their values do not say: wording, damage, line ends.
        dialect: The wording of text; by default the newest one of its kind.
        split: What the user says in chat rows: all, all but the first line, or the question alone.
    """
    from cnaps.cli import convert as converter

    *sources, target = paths
    try:
        inputs, wanted = converter.plan(
            sources, target, to=to, from_=from_, dialect=dialect, lossless=lossless, split=split
        )
        return converter.convert(inputs, wanted)
    except ModuleNotFoundError as error:  # the message says how to install the library
        raise UsageError(str(error)) from None


@app.command
def answer(
    *prompts: Annotated[Path, Parameter(name="PROMPT", required=True)],
    output: Annotated[Path | None, Parameter(name=["--output", "-o"])] = None,
    output_dir: Path | None = None,
    dialect: AnswerDialect = "answer-2",
    force: Flag = False,
) -> int:
    """Derive the answer that belongs to a prompt, and print or write it.

    Args:
        prompts: Prompt files.
        output: The file to write the answer to a single prompt to; by default it is printed.
        output_dir: The folder to write the answers to, as NAME_answer.txt for NAME.txt.
        dialect: The wording of the answers.
        force: Overwrite files that exist.
    """
    distinct = list(dict.fromkeys(prompts))
    targets = _targets(distinct, output, output_dir)
    if output_dir is not None:
        try:
            output_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            return _fail(output_dir, failed(error))
    return max(
        _answer(prompt, target, dialect, force=force)
        for prompt, target in zip(distinct, targets, strict=True)
    )


def _targets(
    prompts: Sequence[Path], output: Path | None, folder: Path | None
) -> Sequence[Path | None]:
    """Return the file that each answer goes to; None stands for stdout."""
    if folder is None:
        if len(prompts) > 1:
            raise UsageError("the answers to several prompts need --output-dir")
        return [output]
    if output is not None:
        raise UsageError("--output and --output-dir are two places for one answer")
    targets: dict[Path, Path] = {}
    for prompt in prompts:
        target = folder / f"{prompt.stem}_answer.txt"
        other = targets.setdefault(target, prompt)
        if other is not prompt:
            raise UsageError(f"the answers to {other} and {prompt} would both be {target}")
    return list(targets)


def _answer(prompt: Path, target: Path | None, dialect: str, *, force: bool) -> Status:
    try:
        value = read(prompt).value
        if not isinstance(value, PromptSpec):
            return _fail(prompt, Failure(Status.FINDINGS, "it is an answer, not a prompt"))
        text = render(answer_for(value, dialect), dialect)
    except (CnapsError, OSError) as error:
        return _fail(prompt, failed(error))
    if target is None:
        print_exactly(text)
        return Status.CLEAN
    return _write(target, text, only_new=not force)


@app.command
def links(
    *paths: Each,
    fix: Flag = False,
    offline: Flag = False,
    cache: Path | None = None,
    include: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    exclude: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    host_rate: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    allow_private: Flag = False,
    format_: Annotated[ReportFormat, Parameter(name="--format")] = "text",
) -> int:
    """Check whether the links of prompts and answers lead anywhere.

    Each distinct link is asked once, however many files have it. What is not alive is listed with
    every place; links that cannot be told, because a server wants a login or blocks programs, are
    no findings. With a cache, an interrupted run goes on where it was.

    Args:
        paths: Files and folders.
        fix: Write the new addresses of moved links into the files, and https where that is alive.
        offline: Answer from the cache alone.
        cache: The file that keeps results for later runs.
        include: A pattern; links that none of them finds are skipped.
        exclude: A pattern; links that one of them finds are skipped.
        host_rate: HOST=REQUESTS, how many requests a second a host gets at most.
        allow_private: Ask hosts in private networks, and this machine, as well.
        format_: What to print: a list for people, or a report in one of these formats.
    """
    try:
        from cnaps.cli import links as checker
        from cnaps.links import LinkPolicy
    except ModuleNotFoundError as error:  # the message says how to install the library
        raise UsageError(str(error)) from None
    if offline and cache is None:
        raise UsageError("--offline answers from the cache: name its file with --cache")
    try:
        policy = LinkPolicy(
            allow_private=allow_private,
            offline=offline,
            cache=cache,
            include=include,
            exclude=exclude,
            host_rates=checker.rates(host_rate),
        )
    except ValueError as error:
        raise UsageError(str(error)) from None
    return checker.check(paths, policy, to=format_, fix=fix)


@app.command
def show(file: Annotated[Path, Parameter(name="FILE")], /) -> int:
    """Show what a prompt or an answer says, field by field.

    Args:
        file: A prompt or an answer.
    """
    try:
        document = read(file)
    except (CnapsError, OSError) as error:
        return _fail(file, failed(error))
    screen = Screen(sys.stdout)
    screen.say((visible(str(file)), "bold"), (f" {document.dialect}", "dim"))
    print_outline(screen, outline(document.value))
    return Status.CLEAN


def _fail(path: Path, failure: Failure) -> Status:
    print_failure(Screen(sys.stderr), path, failure)
    return failure.status


def _write(path: Path, text: str, *, only_new: bool = False) -> Status:
    """Write a file and say so."""
    try:
        if only_new and path.exists():
            problem = "it exists; --force overwrites it"
            return _fail(path, Failure(Status.TROUBLE, problem))
        write_atomically(path, text.encode())
    except OSError as error:
        return _fail(path, failed(error))
    Screen(sys.stdout).say(f"wrote {visible(str(path))}")
    return Status.CLEAN
