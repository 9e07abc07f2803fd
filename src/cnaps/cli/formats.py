"""The reports of `cnaps check` for other programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree as ET

import cnaps
from cnaps.diagnostics import Severity
from cnaps.frames import visible
from cnaps.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from cnaps.cli.report import Failure, FileReport, Finding

__all__ = ["FORMATS", "as_github", "as_json", "as_junit", "as_sarif"]


def as_json(reports: Iterable[FileReport]) -> str:
    """Return reports as a JSON list of objects, one for each file.

    Their keys are the attributes of `FileReport`; those of a diagnostic are the attributes of
    `Finding`, and those of an error message, line, column and hint. Frames are left out. The text
    is ASCII: a byte of a path that is not UTF-8 is written as the surrogate Python has for it.
    """
    return json.dumps([_plain(report) for report in reports], indent=2)


def _plain(report: FileReport) -> dict[str, object]:
    error = report.error
    return {
        "path": str(report.path),
        "kind": report.kind,
        "dialect": report.dialect,
        "exact": report.exact,
        "damage": list(report.damage),
        "entries": report.entries,
        "prompt": None if report.prompt is None else str(report.prompt),
        "diagnostics": [
            {
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "start": finding.start,
                "end": finding.end,
                "line": finding.line,
                "column": finding.column,
                "end_line": finding.end_line,
                "end_column": finding.end_column,
                "fix": finding.fix,
                "safety": finding.safety,
            }
            for finding in report.diagnostics
        ],
        "error": error
        and {
            "message": error.message,
            "line": error.line,
            "column": error.column,
            "hint": error.hint,
        },
    }


# --- SARIF ----------------------------------------------------------------------------------------

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_UNREADABLE = "unreadable"  # stands for the code of a file that nothing else can be said about


def as_sarif(reports: Iterable[FileReport]) -> str:
    """Return reports as SARIF 2.1.0, which code scanning of GitHub and others take.

    https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
    """
    results = [result for report in reports for result in _sarif_results(report)]
    cited = {result["ruleId"] for result in results}
    run = {
        "tool": {
            "driver": {
                "name": "cnaps",
                "version": cnaps.__version__,
                "rules": [*_sarif_rules(cited)],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    content = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(content, indent=2)


def _sarif_rules(cited: set[str]) -> Iterator[dict[str, Any]]:
    for code, rule in all_rules().items():
        if code in cited:
            yield {
                "id": code,
                "shortDescription": {"text": rule.title},
                "fullDescription": {"text": rule.explanation.partition("\n\n")[0]},
                "help": {"text": rule.explanation, "markdown": rule.explanation},
                "defaultConfiguration": {"level": _LEVELS[rule.severity]},
            }
    if _UNREADABLE in cited:
        yield {"id": _UNREADABLE, "shortDescription": {"text": "a file that cannot be read"}}


def _sarif_results(report: FileReport) -> Iterator[dict[str, Any]]:
    for finding in report.diagnostics:
        # No offsets: ours count a line end of two characters as one, those of SARIF do not.
        region = {
            "startLine": finding.line,
            "startColumn": finding.column,
            "endLine": finding.end_line,
            "endColumn": finding.end_column,
        }
        message = _with_fix(finding)
        yield _sarif_result(finding.code, _LEVELS[finding.severity], message, report.path, region)
    if report.error is not None:
        error = report.error
        region = {"startLine": error.line or 1, "startColumn": error.column or 1}
        yield _sarif_result(_UNREADABLE, "error", _with_hint(error), report.path, region)


def _sarif_result(
    code: str, level: str, message: str, path: Path, region: dict[str, int]
) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": _uri(path)}, "region": region}
    return {
        "ruleId": code,
        "level": level,
        "message": {"text": message},
        "locations": [{"physicalLocation": place}],
    }


def _uri(path: Path) -> str:
    """Return a path as a URI: relative to where the command runs if it is so."""
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix().encode("utf-8", "surrogateescape"))


def _with_fix(finding: Finding) -> str:
    advice = finding.advice
    return finding.message if advice is None else f"{finding.message}; fix: {advice}"


def _with_hint(error: Failure) -> str:
    return error.message if error.hint is None else f"{error.message}; {error.hint}"


# --- annotations of GitHub ------------------------------------------------------------------------

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def as_github(reports: Iterable[FileReport]) -> str:
    """Return reports as commands of a GitHub workflow, which show as annotations of the files.

    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    return "\n".join(line for report in reports for line in _annotations(report))


def _annotations(report: FileReport) -> Iterator[str]:
    name = str(report.path)
    for finding in report.diagnostics:
        properties: dict[str, str | int] = {
            "title": finding.code,
            "file": name,
            "line": finding.line,
            "endLine": finding.end_line,
        }
        if finding.line == finding.end_line:  # columns are for places in one line
            properties |= {"col": finding.column, "endColumn": finding.end_column}
        yield _command(_COMMANDS[finding.severity], properties, _with_fix(finding))
    if report.error is not None:
        error = report.error
        places = {"line": error.line or 1, "col": error.column or 1}
        yield _command("error", {"title": "cnaps", "file": name, **places}, _with_hint(error))


def _command(name: str, properties: dict[str, str | int], message: str) -> str:
    values = [f"{key}={_property(str(value))}" for key, value in properties.items()]
    return f"::{name} {','.join(values)}::{_data(message)}"


def _data(text: str) -> str:
    return visible(text.replace("%", "%25"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


# --- JUnit ----------------------------------------------------------------------------------------


def as_junit(reports: Sequence[FileReport]) -> str:
    """Return reports as JUnit XML: a suite for each file, a failed case for each diagnostic.

    A file with nothing wrong is one case that passes; what is only for information is none that
    fails.
    """
    suites = ET.Element("testsuites", name="cnaps check")
    for report in reports:
        suite = ET.SubElement(suites, "testsuite", name=visible(str(report.path)))
        for finding in report.diagnostics:
            _failed_case(suite, report.path, finding)
        if report.error is not None:
            case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name="read")
            ET.SubElement(case, "error", message=visible(_with_hint(report.error)))
        if not len(suite):
            ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name="check")
        for attribute, tag in (("failures", "failure"), ("errors", "error")):
            suite.set(attribute, str(len(suite.findall(f"testcase/{tag}"))))
        suite.set("tests", str(len(suite)))
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode")


def _failed_case(suite: ET.Element, path: Path, finding: Finding) -> None:
    place = f"{visible(str(path))}:{finding.line}:{finding.column}"
    case = ET.SubElement(suite, "testcase", classname=suite.get("name", ""), name=finding.code)
    case.set("line", str(finding.line))
    if finding.severity is Severity.INFO:
        ET.SubElement(case, "system-out").text = f"{place}: {visible(finding.message)}"
        return
    failure = ET.SubElement(case, "failure", message=visible(_with_fix(finding)))
    failure.set("type", str(finding.severity))
    failure.text = f"{place}\n{finding.frame}"


#: The reports by the names that `--format` takes.
FORMATS: dict[str, Callable[[Sequence[FileReport]], str]] = {
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "junit": as_junit,
}
