"""Prompts and answers of a research question-answering collection, read, checked and edited.

Values are plain frozen classes; a `Document` is a file that holds one.

>>> import cnaps
>>> text = cnaps.render(cnaps.PromptSpec(cnaps.Question("Which model removes rain?")))
>>> doc = cnaps.parse(text)
>>> doc.dialect, doc.value.question.text
('prompt-1', 'Which model removes rain?')
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from cnaps.errors import (
    CnapsError,
    ParseError,
    PluginError,
    RenderError,
    SchemaError,
    SchemaWarning,
    SettingsError,
)
from cnaps.spans import Location, Span
from cnaps.values import Answer, ModelRef, PaperRef, PromptSpec, Question, Workflow

if TYPE_CHECKING:
    from cnaps import exports, rules, serializers
    from cnaps.deriving import Change, diff_answer
    from cnaps.diagnostics import Diagnostic, Fix, Safety, Severity
    from cnaps.document import Document, parse, read
    from cnaps.editing import Edit
    from cnaps.fixing import Fixed, fix
    from cnaps.grounding import (
        Citation,
        Collection,
        Entry,
        GroundingReport,
        Verdict,
        check,
    )
    from cnaps.identifiers import (
        AclPaper,
        ArxivPaper,
        CvfPaper,
        Difference,
        Doi,
        EcvaPaper,
        GitHubGist,
        GitHubRepo,
        GitLabRepo,
        HuggingFaceRepo,
        Identifier,
        NeurIPSPaper,
        OpenReviewPaper,
        PmlrPaper,
        WebPage,
        compare,
        identify,
    )
    from cnaps.linking import Link, iter_links
    from cnaps.linting import lint
    from cnaps.marks import Mark, MarkKind
    from cnaps.mentions import Mention
    from cnaps.pairing import Oddity, Pairing, pair_files
    from cnaps.rendering import answer_for, render
    from cnaps.responses import Response, ResponseDocument, Section, parse_response

    __version__: str

__all__ = [
    "AclPaper",
    "Answer",
    "ArxivPaper",
    "Change",
    "Citation",
    "CnapsError",
    "Collection",
    "CvfPaper",
    "Diagnostic",
    "Difference",
    "Document",
    "Doi",
    "EcvaPaper",
    "Edit",
    "Entry",
    "Fix",
    "Fixed",
    "GitHubGist",
    "GitHubRepo",
    "GitLabRepo",
    "GroundingReport",
    "HuggingFaceRepo",
    "Identifier",
    "Link",
    "Location",
    "Mark",
    "MarkKind",
    "Mention",
    "ModelRef",
    "NeurIPSPaper",
    "Oddity",
    "OpenReviewPaper",
    "Pairing",
    "PaperRef",
    "ParseError",
    "PluginError",
    "PmlrPaper",
    "PromptSpec",
    "Question",
    "RenderError",
    "Response",
    "ResponseDocument",
    "Safety",
    "SchemaError",
    "SchemaWarning",
    "Section",
    "SettingsError",
    "Severity",
    "Span",
    "Verdict",
    "WebPage",
    "Workflow",
    "answer_for",
    "check",
    "compare",
    "diff_answer",
    "exports",
    "fix",
    "identify",
    "iter_links",
    "lint",
    "pair_files",
    "parse",
    "parse_response",
    "read",
    "render",
    "rules",
    "serializers",
]


# The values above are all that many programs need; what reads and writes files is loaded when it
# is first asked for.
_LOADED_LATER = {
    "AclPaper": "cnaps.identifiers",
    "ArxivPaper": "cnaps.identifiers",
    "Change": "cnaps.deriving",
    "Citation": "cnaps.grounding",
    "Collection": "cnaps.grounding",
    "CvfPaper": "cnaps.identifiers",
    "Diagnostic": "cnaps.diagnostics",
    "Difference": "cnaps.identifiers",
    "Document": "cnaps.document",
    "Doi": "cnaps.identifiers",
    "EcvaPaper": "cnaps.identifiers",
    "Edit": "cnaps.editing",
    "Entry": "cnaps.grounding",
    "Fix": "cnaps.diagnostics",
    "Fixed": "cnaps.fixing",
    "GitHubGist": "cnaps.identifiers",
    "GitHubRepo": "cnaps.identifiers",
    "GitLabRepo": "cnaps.identifiers",
    "GroundingReport": "cnaps.grounding",
    "HuggingFaceRepo": "cnaps.identifiers",
    "Identifier": "cnaps.identifiers",
    "Link": "cnaps.linking",
    "Mark": "cnaps.marks",
    "MarkKind": "cnaps.marks",
    "Mention": "cnaps.mentions",
    "NeurIPSPaper": "cnaps.identifiers",
    "Oddity": "cnaps.pairing",
    "OpenReviewPaper": "cnaps.identifiers",
    "Pairing": "cnaps.pairing",
    "PmlrPaper": "cnaps.identifiers",
    "Response": "cnaps.responses",
    "ResponseDocument": "cnaps.responses",
    "Safety": "cnaps.diagnostics",
    "Section": "cnaps.responses",
    "Severity": "cnaps.diagnostics",
    "Verdict": "cnaps.grounding",
    "WebPage": "cnaps.identifiers",
    "answer_for": "cnaps.rendering",
    "check": "cnaps.grounding",
    "compare": "cnaps.identifiers",
    "diff_answer": "cnaps.deriving",
    "fix": "cnaps.fixing",
    "identify": "cnaps.identifiers",
    "iter_links": "cnaps.linking",
    "lint": "cnaps.linting",
    "pair_files": "cnaps.pairing",
    "parse": "cnaps.document",
    "parse_response": "cnaps.responses",
    "read": "cnaps.document",
    "render": "cnaps.rendering",
}

_PACKAGES = frozenset({"exports", "rules", "serializers"})


def _load(name: str) -> object:
    if name in _LOADED_LATER:
        return getattr(import_module(_LOADED_LATER[name]), name)
    if name in _PACKAGES:
        return import_module(f"cnaps.{name}")
    if name == "__version__":
        return import_module("importlib.metadata").version("cnaps")
    message = f"module 'cnaps' has no attribute {name!r}"
    raise AttributeError(message)


if not TYPE_CHECKING:  # a type checker would take it that there is every name

    def __getattr__(name: str) -> object:
        found = globals()[name] = _load(name)
        return found


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
