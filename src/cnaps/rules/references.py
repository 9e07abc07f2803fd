"""CN2xx: the entries of a prompt or an answer, and where their links lead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from cnaps.diagnostics import FILES, Fix, Found, Safety, Severity, document_rule
from cnaps.editing import Edit
from cnaps.identifiers import (
    AclPaper,
    ArxivPaper,
    CvfPaper,
    Doi,
    EcvaPaper,
    GitHubGist,
    GitHubRepo,
    GitLabRepo,
    HuggingFaceRepo,
    NeurIPSPaper,
    OpenReviewPaper,
    PmlrPaper,
    WebPage,
    compare,
    identify,
)
from cnaps.identifiers._links import split
from cnaps.scanning import is_link, scan
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cnaps.facts import DocumentFacts, EntryFacts, LinkFacts
    from cnaps.identifiers import Identifier

__all__ = ["RULES"]

_PAPERS = (
    *(AclPaper, ArxivPaper, CvfPaper, Doi, EcvaPaper),
    *(NeurIPSPaper, OpenReviewPaper, PmlrPaper),
)
_REPOSITORIES = (GitHubRepo, GitHubGist, GitLabRepo, HuggingFaceRepo)
_SITES: dict[type, str] = {GitLabRepo: "GitLab", HuggingFaceRepo: "Hugging Face"}
_GITHUB = frozenset({"github.com", "gist.github.com"})


def _safety(identifier: Identifier) -> Safety:
    """Of sites that are known, it is known what may be left out of a link."""
    is_own_host = isinstance(identifier, GitLabRepo) and identifier.host != "gitlab.com"
    return Safety.UNSAFE if is_own_host or isinstance(identifier, WebPage) else Safety.SAFE


_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_BLANK = re.compile(r"\s+")


def _has_blanks(link: LinkFacts) -> bool:
    """Tell whether a link has blanks in it: then it is not known what it leads to."""
    url = link.url
    return bool(_BLANK.search(url) and (_SCHEME.match(url) or split(url).host))


def _is_no_link(link: LinkFacts) -> bool:
    """Tell whether a field holds no link: it has no host, or a scheme in place of one."""
    return isinstance(link.identifier, WebPage) and split(link.url).host in ("", "http", "https")


# --- how a link is written ------------------------------------------------------------------------

_HTTP = re.compile(r"http://[^/?#:@]+(?P<ends>[/?#]|\Z)?", re.IGNORECASE)


@document_rule("CN201", "a link over http", Severity.INFO, kinds=FILES)
def plain_http(file: DocumentFacts) -> Iterator[Found]:
    """Finds links that start with `http://`.

    ## Why is this bad?

    What comes over http can be read and changed on its way. Every known site answers over https,
    and sends those there who ask otherwise. And one link written in two ways is two links to
    programs that compare texts.

    ## Example

    ```text prompt
    Paper: http://arxiv.org/pdf/1911.07559v2
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    ## Fix safety

    The fix is safe for sites that are known to have the same page over https: arXiv, GitHub and the
    others that `cnaps.identify` tells apart. For any other site, such as a GitLab on a host of its
    own, it is unsafe. In a field that holds more than a link there is no fix, nor for a link with a
    port or a user. Fix a prompt and its answers together, or the answers have links that differ
    from those they were given.
    """
    for link in file.links:
        match = _HTTP.match(link.url)
        if match is None:
            continue
        span, fix = file.span(link), None
        if match["ends"] is not None and is_link(link.url):
            edit = Edit(span.start, span.start + len("http"), "https")
            fix = Fix("use https", _safety(link.identifier), (edit,))
        yield Found("this link goes over http", span, fix=fix)


@document_rule("CN202", "an arXiv link without a version", Severity.INFO, kinds=FILES)
def no_version(file: DocumentFacts) -> Iterator[Found]:
    """Finds links to arXiv that leave open which version of the paper is meant.

    ## Why is this bad?

    Such a link leads to the newest version, whichever that is on the day. What was said of one
    version need not be true of the next.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    ## Fix safety

    There is no fix: the link does not tell which version was meant.
    """
    for link in file.links:
        paper = link.identifier
        if isinstance(paper, ArxivPaper) and paper.version is None and "arxiv" in link.url.lower():
            message = f"this link leads to whichever version of arXiv:{paper.id} is the newest"
            yield Found(message, file.span(link))


_QUERY = re.compile(r"[^?#]*(\?([^#]*))")
_TAB = re.compile(r"tab=[\w.%+-]*", re.ASCII)


@document_rule("CN203", "a link to a tab of a page", kinds=FILES)
def tab_of_page(file: DocumentFacts) -> Iterator[Found]:
    """Finds links to repositories that say which tab to show, as in `?tab=readme-ov-file`.

    ## Why is this bad?

    The query was copied from the address bar of somebody who was reading a tab of that page. It
    leads nowhere else, and makes one link two.

    ## Example

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net?tab=readme-ov-file
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    The fix is safe: it takes `tab` out of the query, and leaves anything else there. In a field
    that holds more than a link there is no fix.
    """
    for link in file.links:
        if not isinstance(link.identifier, _REPOSITORIES):
            continue
        query = _QUERY.match(link.url)
        if query is None:
            continue
        kept = [item for item in query[2].split("&") if not _TAB.fullmatch(item)]
        shorter = "?" * bool(kept) + "&".join(kept)
        if shorter == query[1]:
            continue
        span, fix = file.span(link), None
        if is_link(link.url):
            edit = Edit(span.start + query.start(1), span.start + query.end(1), shorter)
            fix = Fix("take the tab out", Safety.SAFE, (edit,))
        yield Found("this link names a tab of the page", span, fix=fix)


_HAS_USER = re.compile(r"(?:https?|ftp)://(?P<user>[^/\\?#]*@)", re.IGNORECASE)


@document_rule("CN204", "a link with the name of a user", kinds=FILES)
def user_in_link(file: DocumentFacts) -> Iterator[Found]:
    """Finds links with a user, a password or a token in front of the host.

    ## Why is this bad?

    It can be a secret, and then whoever reads the file has it. It can also hide where a link leads:
    `https://github.com@example.org` leads to example.org.

    ## Example

    ```text prompt
    GitHub: https://x-access-token:ghp_secret@github.com/zhilin007/FFA-Net
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    The fix takes the user out. It is safe for sites that `cnaps.identify` tells apart, where a link
    leads to the same page without it, and unsafe for any other, such as a GitLab on a host of its
    own. In a field that holds more than a link there is no fix.
    """
    for link in file.links:
        if match := _HAS_USER.match(link.url):
            span, fix = file.span(link), None
            if is_link(link.url):
                start, end = match.span("user")
                edit = Edit(span.start + start, span.start + end, "")
                fix = Fix("take the user out", _safety(link.identifier), (edit,))
            yield Found("this link has a user in front of its host", span, fix=fix)


@document_rule("CN205", "a link with blanks in it", Severity.ERROR, kinds=FILES)
def blank_in_link(file: DocumentFacts) -> Iterator[Found]:
    """Finds fields for one link that hold a link with blanks, or a link and something else.

    ## Why is this bad?

    A link has no blanks. Programs take all of the field for the link, or all up to the blank;
    either way it leads nowhere.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559 v2
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    ## Fix safety

    Where the link leads to a known site without its blanks, the fix takes them out. It is unsafe:
    somebody may have meant two things. Otherwise there is no fix.
    """
    for link in file.links:
        if not _has_blanks(link):
            continue
        span = file.span(link)
        joined = _BLANK.sub("", link.url)
        fix = None
        if not isinstance(identify(joined), WebPage):
            fix = Fix("take the blanks out", Safety.UNSAFE, (Edit(*span, joined),))
        yield Found("this link has blanks in it", span, fix=fix)


@document_rule("CN206", "a field for a link that holds none", Severity.ERROR, kinds=FILES)
def no_link(file: DocumentFacts) -> Iterator[Found]:
    """Finds fields for a link that hold text which is no link.

    ## Why is this bad?

    Nobody can follow it. A link that is missing is written as `None`, or by leaving its line out.

    ## Example

    ```text prompt
    GitHub: see https://github.com/zhilin007/FFA-Net
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    Where exactly one link stands in the text, the fix leaves only that. It is unsafe, because it
    takes away what somebody wrote. Otherwise there is no fix.
    """
    for link in file.links:
        if not _is_no_link(link) or _has_blanks(link):
            continue
        span = file.span(link)
        mentions = [mention.url for mention in scan(link.url)]
        fix = None
        if len(mentions) == 1 and mentions != [link.url]:
            fix = Fix("leave only the link", Safety.UNSAFE, (Edit(*span, mentions[0]),))
        yield Found("this is no link", span, fix=fix)


# Where the id of a work must stand, and what is there to be said if it does not.
_IDS = {
    "arXiv": re.compile(
        r"(?:(?:https?|ftp)://)?(?:www\.|export\.|browse\.)?arxiv\.org/+"
        r"(?:abs|pdf|html|format|ps|e-print|src)(?:/|\Z)"
        r"|arxiv:\s*\S+\Z",
        re.IGNORECASE,
    ),
    "DOI": re.compile(
        r"(?:(?:https?|ftp)://)?(?:www\.|dx\.)?doi\.org/+[^?#]|doi:\s*\S+\Z", re.IGNORECASE
    ),
}


@document_rule("CN207", "an id that cannot be", Severity.ERROR, kinds=FILES)
def impossible_id(file: DocumentFacts) -> Iterator[Found]:
    """Finds links to arXiv or to a DOI whose id has a form that no id has, or is missing.

    ## Why is this bad?

    Such a link leads nowhere, and was most likely made up or cut off: arXiv counts months from 01
    to 12, and digits behind the dot up to five.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/pdf/1913.07559v2
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    ```

    ## Fix safety

    There is no fix: the id does not tell what it was meant to be.
    """
    for link in file.links:
        if not isinstance(link.identifier, WebPage) or _has_blanks(link):
            continue
        for kind, pattern in _IDS.items():
            if pattern.match(link.url):
                yield Found(f"no {kind} id has this form", file.span(link))


# --- where a link leads ---------------------------------------------------------------------------


@document_rule("CN208", "a link to a repository that is not on GitHub", kinds=FILES)
def not_on_github(file: DocumentFacts) -> Iterator[Found]:
    """Finds links in the field `GitHub` that lead to Hugging Face, GitLab or any other site.

    A page of GitHub that is none of a repository, such as that of its owner, is another site too.

    ## Why is this bad?

    Readers are told that there is a repository on GitHub, and programs ask GitHub for it. On
    Hugging Face there may be weights and no code.

    ## Example

    ```text prompt
    GitHub: https://huggingface.co/zhilin007/FFA-Net
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    There is no fix. Nothing tells whether there is a repository on GitHub as well.
    """
    for link in file.links:
        identifier = link.identifier
        if link.field != "github" or isinstance(identifier, (GitHubRepo, GitHubGist, *_PAPERS)):
            continue
        if not (_is_no_link(link) or _has_blanks(link)):
            site = _SITES.get(type(identifier)) or split(identifier.url).site
            only = ", and to no repository there" * (site.removeprefix("www.") in _GITHUB)
            yield Found(f"the GitHub link leads to {site}{only}", file.span(link))


@document_rule("CN209", "a paper and a repository in each other's place", kinds=FILES)
def swapped_links(file: DocumentFacts) -> Iterator[Found]:
    """Finds links in the field `Paper` that lead to a repository, and those in `GitHub` to a paper.

    ## Why is this bad?

    Who asks for the paper gets code, and bibliographies list a repository as a paper.

    ## Example

    ```text prompt
    Paper: https://github.com/zhilin007/FFA-Net
    GitHub: https://arxiv.org/pdf/1911.07559v2
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    If both links are in the wrong place, or the right place is free, the fix moves them. It is
    unsafe: some papers are published as a repository, and one link may be missing because of that.
    """
    wrong: dict[EntryFacts, list[LinkFacts]] = {}
    for link in file.links:
        if isinstance(link.identifier, _REPOSITORIES if link.field == "paper" else _PAPERS):
            wrong.setdefault(link.entry, []).append(link)
    for entry, (first, *others) in wrong.items():
        values = entry.value
        fix = None
        if others or None in (values.paper, values.github):
            edits = file.edits(entry, paper=values.github, github=values.paper)
            fix = Fix("move it to its field", Safety.UNSAFE, edits)
        leads = "paper link leads to a repository"
        if first.field == "github":
            leads = "GitHub link leads to a paper"
        also = tuple(map(file.span, others))
        yield Found(f"the {leads}", file.span(first), also, fix)


@document_rule(
    "CN210", "a repository that only the abstract names", Severity.INFO, kinds=("prompt",)
)
def only_in_abstract(file: DocumentFacts) -> Iterator[Found]:
    """Finds papers without a `GitHub` line whose summary names a repository.

    ## Why is this bad?

    The paper has code, and who looks for it in its field finds none.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/pdf/2204.03883v1
    Summary: Windows of a transformer look at haze of several depths. Code: https://github.com/IDKiro/DehazeFormer
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/2204.03883v1
    GitHub: https://github.com/IDKiro/DehazeFormer
    Summary: Windows of a transformer look at haze of several depths. Code: https://github.com/IDKiro/DehazeFormer
    ```

    ## Fix safety

    If the summary names one repository, and that is on GitHub, the fix writes it into the field. It
    is unsafe: a summary can also name what others made.
    """
    for entry in file.entries:
        if entry.value.github is not None:
            continue
        found = _repositories_in_summary(file, entry)
        works = {repository.work for _, repository, _ in found}
        for url, repository, span in found[:1]:
            fix = None
            if len(works) == 1 and isinstance(repository, (GitHubRepo, GitHubGist)):
                edits = file.edits(entry, github=url)
                fix = Fix("write it into the field", Safety.UNSAFE, edits)
            yield Found(f"only the summary of {entry} names this", span, fix=fix)


def _repositories_in_summary(file: DocumentFacts, entry: EntryFacts) -> list[tuple[str, Any, Span]]:
    """Return the repositories that a summary names: the link, what it leads to, and where it is."""
    summary = entry.summary
    if summary is None or not _may_name_repository(summary):
        return []
    start = file.span(entry, "summary").start
    found = []
    for mention in scan(summary):
        identifier = identify(mention.url)
        if isinstance(identifier, _REPOSITORIES):
            span = Span(start + mention.span.start, start + mention.span.end)
            found.append((mention.url, identifier, span))
    return found


def _may_name_repository(summary: str) -> bool:
    """Tell whether it is worth while to look for links to repositories; in most it is not."""
    lower = summary.lower()
    return "git" in lower or "hugging" in lower or "hf." in lower


@document_rule(
    "CN211",
    "a repository in another letter case than in the abstract",
    Severity.INFO,
    kinds=("prompt",),
)
def other_case(file: DocumentFacts) -> Iterator[Found]:
    """Finds repositories whose name has other capitals in the field than anywhere in the summary.

    ## Why is this bad?

    GitHub takes both for one. Programs that compare texts do not, and a language model that was
    given both may cite either.

    ## Example

    ```text prompt
    GitHub: https://github.com/idkiro/dehazeformer
    Summary: Windows of a transformer look at haze of several depths. Code: https://github.com/IDKiro/DehazeFormer
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/IDKiro/DehazeFormer
    Summary: Windows of a transformer look at haze of several depths. Code: https://github.com/IDKiro/DehazeFormer
    ```

    ## Fix safety

    The fix writes the name as the summary has it first, which the authors wrote. It is unsafe,
    because nothing proves that they wrote it as GitHub does.
    """
    for link in file.links:
        if link.field != "github" or not isinstance(link.identifier, _REPOSITORIES):
            continue
        ours = _full_name(link.identifier)
        theirs = [
            (_full_name(repository), span)
            for _, repository, span in _repositories_in_summary(file, link.entry)
            if repository.work == link.identifier.work
        ]
        if ours not in link.url or ours in [name for name, _ in theirs]:
            continue
        for name, span in theirs[:1]:
            place = file.span(link)
            start = place.start + link.url.index(ours)
            edit = Edit(start, start + len(ours), name)
            fix = Fix(f"write {name}", Safety.UNSAFE, (edit,))
            yield Found(f"the summary writes {name}", place, (span,), fix)


def _full_name(repository: Any) -> str:
    owner = getattr(repository, "owner", None)
    name = getattr(repository, "name", None) or repository.id
    return f"{owner}/{name}" if owner else str(name)


# --- entries side by side -------------------------------------------------------------------------


@document_rule("CN212", "one work under two links", Severity.INFO, kinds=FILES)
def two_links(file: DocumentFacts) -> Iterator[Found]:
    """Finds links that lead to one paper or repository and are written in different ways.

    ## Why is this bad?

    A language model that is given both may cite either, and a reader takes them for two works. If
    they name two versions, at least one entry says something that it does not mean.

    ## Example

    ```text prompt
    Paper: https://arxiv.org/abs/1911.07559v1
    GitHub: https://github.com/IDKiro/DehazeFormer
    ```

    Use instead:

    ```text prompt
    Paper: https://arxiv.org/pdf/2204.03883v1
    GitHub: https://github.com/IDKiro/DehazeFormer
    ```

    ## Fix safety

    There is no fix: nothing tells which of the two is meant. Pages of one repository, such as two
    folders, are no finding.
    """
    first: dict[str, LinkFacts] = {}
    for link in file.links:
        if getattr(link.identifier, "view", None) is not None:
            continue
        other = first.setdefault(link.identifier.work, link)
        if other.url != link.url:
            difference = compare(other.url, link.url)
            message = f"{other} leads to the same work and differs in {difference}"
            yield Found(message, file.span(link), (file.span(other),))


@document_rule("CN213", "an entry that is given twice", kinds=("prompt",))
def entry_twice(file: DocumentFacts) -> Iterator[Found]:
    """Finds models, or papers, of one name in one prompt.

    ## Why is this bad?

    The second one says nothing new, or contradicts the first one.

    ## Example

    ```text prompt
    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net

    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net

    ### Related Papers:
    ```

    Use instead:

    ```text prompt
    Model: Dehaze-FFA-OTS
    Paper: https://arxiv.org/pdf/1911.07559v2
    GitHub: https://github.com/zhilin007/FFA-Net

    ### Related Papers:
    ```

    ## Fix safety

    If the two entries are equal, the fix takes the second one out. It is unsafe, because answers
    that were made of the prompt list both. Otherwise there is no fix.
    """
    first: dict[tuple[str, str], EntryFacts] = {}
    for entry in file.entries:
        other = first.setdefault((entry.part, " ".join(entry.name.casefold().split())), entry)
        if other is not entry:
            fix = None
            if other.value == entry.value:
                fix = Fix("take it out", Safety.UNSAFE, file.edits(entry))
            message = f"this entry has the name of {other}"
            yield Found(message, file.span(entry), (file.span(other),), fix)


_MANY = 3  # models at one address, from which on it is hardly the address of each


@document_rule("CN214", "a repository that stands for many models", kinds=("prompt",))
def placeholder(file: DocumentFacts) -> Iterator[Found]:
    """Finds repositories that the collection recommends for three or more different models.

    ## Why is this bad?

    Most likely the link was put in where nobody knew the right one: the same one for all of them.
    It leads to none of the models, or to a collection of them in which the reader has to search.
    This rule needs a collection.

    ## Example

    ```text prompt
    GitHub: https://github.com/example/models
    ```

    Use instead:

    ```text prompt
    GitHub: https://github.com/zhilin007/FFA-Net
    ```

    ## Fix safety

    There is no fix: find the repository of each model, or the folder in the common one. Links to
    different folders are different links here.
    """
    if file.collection is None:
        return
    for link in file.links:
        if link.entry.part == "models" and link.field == "github":
            models = file.collection.models_at(link.url)
            if len(models) >= _MANY:
                shown = ", ".join(models[:_MANY])
                message = f"the collection has this repository for {len(models):,} models: {shown}"
                yield Found(message + " …" * (len(models) > _MANY), file.span(link))


RULES = (
    plain_http,
    no_version,
    tab_of_page,
    user_in_link,
    blank_in_link,
    no_link,
    impossible_id,
    not_on_github,
    swapped_links,
    only_in_abstract,
    other_case,
    two_links,
    entry_twice,
    placeholder,
)
