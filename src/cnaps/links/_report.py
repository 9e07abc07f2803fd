"""What was found out, all together: as a table, as data, and as edits."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeVar
from xml.etree import ElementTree as ET

import attrs
from attrs import frozen

from cnaps.document import Document
from cnaps.frames import visible
from cnaps.links._results import LinkResult, Place, Verdict
from cnaps.responses import Response
from cnaps.scanning import scan
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["LinkFix", "LinkReport", "apply_fixes"]

_VERSION = 1  # of the JSON
_FINE = frozenset({Verdict.ALIVE, Verdict.MOVED})
_FAILED = frozenset({Verdict.DEAD, Verdict.UNREACHABLE, Verdict.MALFORMED})


@frozen
class LinkFix:
    """A link and what should stand there instead.

    Attributes:
        old: The link as written.
        new: Its new address.
        reason: Why, in one line.
        places: Where the link stands.
    """

    old: str
    new: str
    reason: str
    places: tuple[Place, ...] = ()


@frozen(repr=False)
class LinkReport:
    """The results of a check.

    Attributes:
        results: One for each distinct link, in the order of the targets.

    >>> report = LinkReport((LinkResult("http://a.example/", Verdict.DEAD, 404, reason="gone"),))
    >>> report.counts[Verdict.DEAD], report.is_fine
    (1, False)
    >>> report
    <LinkReport of 1 links: 1 dead>
    """

    results: tuple[LinkResult, ...] = ()

    def __repr__(self) -> str:
        # Not all of it: asyncio has it said for nothing at the end of a run, and nobody reads it.
        return f"<LinkReport of {self._summary()}>"

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many links have each verdict."""
        found = Counter(result.verdict for result in self.results)
        return {verdict: found[verdict] for verdict in Verdict}

    @property
    def is_fine(self) -> bool:
        """Whether no link is known to be bad: none is dead, unreachable or malformed."""
        return not any(result.verdict in _FAILED for result in self.results)

    def having(self, *verdicts: Verdict | str) -> tuple[LinkResult, ...]:
        """Return the results with one of these verdicts."""
        wanted = set(map(Verdict, verdicts))
        return tuple(result for result in self.results if result.verdict in wanted)

    # Acting on it.

    def twins(self) -> tuple[str, ...]:
        """Return the `https:` forms of the links with `http:` that are alive, if not checked yet.

        Nothing is asked: `report.fixes(check_links(report.twins()))` does that.
        """
        known = {result.url for result in self.results}
        twins = [_twin(result.url) for result in self.having(Verdict.ALIVE) if _is_plain(result)]
        return tuple(twin for twin in twins if twin not in known)

    def fixes(self, twins: LinkReport | None = None) -> tuple[LinkFix, ...]:
        """Return the edits that follow: moved links, and `https:` where that is alive as well.

        Args:
            twins: What a check of `twins()` found.
        """
        both = (*self.results, *(twins.results if twins is not None else ()))
        alive = {result.url for result in both if result.verdict is Verdict.ALIVE}
        found = (_fix(result, alive) for result in self.results)
        return tuple(fix for fix in found if fix is not None and fix.new != fix.old)

    # As text.

    def _summary(self) -> str:
        counts = ", ".join(f"{count} {name}" for name, count in self.counts.items() if count)
        return f"{len(self.results):,} links" + (f": {counts}" if counts else "")

    def to_json(self) -> str:
        """Return the report as JSON: `version`, `counts` and `results`."""
        content = {
            "version": _VERSION,
            "counts": {str(verdict): count for verdict, count in self.counts.items()},
            "results": [_data(result) for result in self.results],
        }
        return json.dumps(content, indent=2, ensure_ascii=False) + "\n"

    def to_jsonl(self) -> str:
        """Return the report as JSON Lines, one for each result."""
        return "".join(
            json.dumps(_data(result), ensure_ascii=False) + "\n" for result in self.results
        )

    def to_junit(self) -> str:
        """Return the report as JUnit XML: a test case for each link in each file.

        Links that are dead, unreachable or malformed fail; those that could not be told or were
        not asked are skipped.
        """
        suite = ET.Element("testsuite", name="cnaps links", errors="0")
        for result in self.results:
            for file in dict.fromkeys(place.file for place in result.places) or (None,):
                _case(suite, result, file)
        for attribute, tag in (("failures", "failure"), ("skipped", "skipped")):
            suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
        suite.set("tests", str(len(suite)))
        ET.indent(suite)
        return ET.tostring(suite, encoding="unicode", xml_declaration=False) + "\n"

    def to_markdown(self) -> str:
        """Return the report as Markdown: the counts, and a table of what is not alive."""
        lines = [self._summary()]
        rows = [result for result in self.results if result.verdict is not Verdict.ALIVE]
        if rows:
            lines += ["", "| Verdict | Link | Reason | Places |", "| --- | --- | --- | --- |"]
            lines += map(_row, rows)
        return "\n".join(lines) + "\n"


def _data(result: LinkResult) -> dict[str, Any]:
    data = attrs.asdict(result, recurse=False)
    data["verdict"] = str(result.verdict)
    data["places"] = [
        {
            "file": None if place.file is None else visible(place.file),
            "path": place.path,
            "span": None if place.span is None else list(place.span),
        }
        for place in result.places
    ]
    return data


def _case(suite: ET.Element, result: LinkResult, file: str | None) -> None:
    case = ET.SubElement(
        suite,
        "testcase",
        classname=visible(file or "links"),
        name=result.url,
        time=f"{result.elapsed:.3f}",
    )
    if result.verdict not in _FINE:
        tag = "failure" if result.verdict in _FAILED else "skipped"
        ET.SubElement(case, tag, type=str(result.verdict), message=result.reason)


def _row(result: LinkResult) -> str:
    places = "<br>".join(_cell(visible(str(place))) for place in result.places)
    return f"| {result.verdict} | {_cell(result.url)} | {_cell(result.reason)} | {places} |"


_MARKUP = str.maketrans(
    {char: f"\\{char}" for char in "\\`*_[]|~"} | {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
)


def _cell(text: str) -> str:
    return text.translate(_MARKUP)


# Fixes.


def _is_plain(result: LinkResult) -> bool:
    return result.url.startswith("http://")


def _twin(url: str) -> str:
    return url.replace("http://", "https://", 1)


def _fix(result: LinkResult, alive: set[str]) -> LinkFix | None:
    if result.verdict is Verdict.MOVED and result.final_url is not None:
        return LinkFix(result.url, result.final_url, result.reason, result.places)
    if result.verdict is not Verdict.ALIVE or not _is_plain(result):
        return None
    twin = _twin(result.url)
    if twin in alive or result.final_url == twin:
        return LinkFix(result.url, twin, "alive over https as well", result.places)
    return None


Source = TypeVar(
    "Source",
    bound=Document | Answer | ModelRef | PaperRef | PromptSpec | Question | Response | Workflow,
)


def apply_fixes(source: Source, fixes: Iterable[LinkFix]) -> Source:
    """Return a document or a value with new links in place of old ones, in fields and in prose.

    Args:
        source: A Document, which stays as it is in every other byte, a value, or a Response.
        fixes: The edits, for these and for any other files.

    Raises:
        RenderError: If a new link does not fit into the document.

    >>> model = ModelRef("SwinIR", github="http://github.com/JingyunLiang/SwinIR")
    >>> fix = LinkFix(model.github, "https://github.com/JingyunLiang/SwinIR", "moved")
    >>> apply_fixes(model, [fix]).github
    'https://github.com/JingyunLiang/SwinIR'
    """
    new = {fix.old: fix.new for fix in fixes}
    if isinstance(source, Document):
        return source.with_value(_fixed(source.value, new))
    return _fixed(source, new)  # type: ignore[no-any-return] # of the type of `source`


def _fixed(value: Any, new: Mapping[str, str]) -> Any:
    """Return a value, or a part of one, with new links."""
    if isinstance(value, str):
        return new.get(value) or _in_prose(value, new)
    if isinstance(value, tuple):
        return tuple(_fixed(item, new) for item in value)
    if value is None:
        return None
    fields = attrs.fields_dict(type(value))
    return attrs.evolve(value, **{name: _fixed(getattr(value, name), new) for name in fields})


def _in_prose(text: str, new: Mapping[str, str]) -> str:
    """Replace the links that stand in a text."""
    pieces: list[str] = []
    done = 0
    for mention in scan(text):
        if mention.url in new:
            pieces += text[done : mention.span.start], new[mention.url]
            done = mention.span.end
    return "".join([*pieces, text[done:]])
