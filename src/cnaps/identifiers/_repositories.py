"""Where code and models are: GitHub, GitLab and Hugging Face.

Each function takes a link and returns an identifier, or None where it is of another kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from cnaps.identifiers._kinds import GitHubGist, GitHubRepo, GitLabRepo, HuggingFaceRepo
from cnaps.identifiers._links import pattern

if TYPE_CHECKING:
    from cnaps.identifiers._links import Link

__all__ = ["gist", "github", "github_raw", "gitlab", "hugging_face", "own_gitlab"]


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class _Page(NamedTuple):
    """A page of a repository, in the order of the fields that `GitHubRepo` and its like have."""

    revision: str | None = None
    path: str | None = None
    view: str | None = None


# The views whose next segment is a revision, and what canonical URLs call them.
_REVISIONED = {
    "blame": "blame",
    "blob": "blob",
    "commit": "commit",
    "commits": "commits",
    "raw": "blob",
    "releases/download": "releases/download",
    "releases/tag": "releases/tag",
    "resolve": "blob",
    "tree": "tree",
}


def _page(segments: list[str]) -> _Page:
    """Read what follows the name of a repository."""
    if not segments:
        return _Page()
    view, *rest = segments
    if view == "releases" and rest[:1] in (["tag"], ["download"]):
        view = f"releases/{rest.pop(0)}"
    if view not in _REVISIONED:
        return _Page(path="/".join(rest) or None, view=view)
    if rest[:2] in (["refs", "heads"], ["refs", "tags"]):
        del rest[:2]
    revision = rest[0] if rest else None
    return _Page(revision, "/".join(rest[1:]) or None, _REVISIONED[view])


def _without_git(name: str) -> str:
    """Take `.git` off; no repository is called so, and "" is what cannot be one."""
    bare = name[:-4] if name[-4:].lower() == ".git" else name
    return "" if bare[-4:].lower() == ".git" else bare


_GITHUB_REPO = pattern(r"[a-z0-9][a-z0-9_-]{0,38}/[a-z0-9._-]{1,100}")
_GITHUB_PAGES = _words("""
    about account advisories apps blog business codespaces collections contact copilot
    customer-stories dashboard discussions edu education enterprise events explore features
    git-guides home images integrations issues join login logout maintenance marketplace mobile
    models new nonprofit notifications open-source organizations orgs partners premium-support
    pricing pulls readme resources search security sessions settings showcases signup site
    solutions sponsors stars stories support team topics trending user-attachments users watching
    why-github
""")  # what stands where an owner would


def github(link: Link) -> GitHubRepo | None:
    """Read the path of github.com."""
    segments = link.segments
    return _github(segments[:2], segments[2:])


def github_raw(link: Link) -> GitHubRepo | None:
    """Read the path of raw.githubusercontent.com, which goes without the view."""
    segments = link.segments
    return _github(segments[:2], ["blob", *segments[2:]])


def _github(names: list[str], page: list[str]) -> GitHubRepo | None:
    owner, name = names if names[1:] else ("", "")
    name, _, revision = name.partition("@")  # as in pip install git+https://….git@v1.0
    name = _without_git(name)
    if revision:
        page = ["tree", revision, *page]
    if owner.lower() in _GITHUB_PAGES or not _GITHUB_REPO.fullmatch(f"{owner}/{name}"):
        return None
    return GitHubRepo(owner, name, *_page(page))


_GIST = pattern(
    r"/+(?:([a-z0-9][a-z0-9_-]{0,38})/+)?([0-9a-f]{20}|[0-9a-f]{32}|[0-9]{1,8})(?:\.git|\.js)?"
    r"(?:/+raw)?(?:/+([0-9a-f]{40}))?(?:/.*)?"
)


def gist(link: Link) -> GitHubGist | None:
    """Read the path of gist.github.com; a number without an owner is the name of a user."""
    match = _GIST.fullmatch(link.path)
    if match is None or (match[1] is None and match[2].isdecimal()):
        return None
    return GitHubGist(match[2], match[1], match[3])


# https://docs.gitlab.com/user/reserved_names/
_GITLAB_PAGES = _words("""
    - .well-known admin api assets dashboard explore files groups health_check help import jwt
    login oauth profile projects public s search snippets unsubscribe uploads users v2
""")
_GITLAB_OLD_VIEWS = _words("blame blob commit commits issues merge_requests raw tree wikis")
_GITLAB_VIEWS = _GITLAB_OLD_VIEWS | _words("""
    archive boards branches compare environments forks graphs jobs labels milestones network
    packages pipelines releases snippets tags
""")
_GITLAB_SEGMENT = pattern(r"[a-z0-9_][a-z0-9_.-]*")


def gitlab(link: Link) -> GitLabRepo | None:
    """Read the path of a GitLab: groups, name, and `-` in front of the view."""
    segments = link.segments
    end = _gitlab_end(segments)
    *owner, name = segments[:end] or [""]
    name = _without_git(name)
    if not owner or owner[0].lower() in _GITLAB_PAGES:
        return None
    if not all(map(_GITLAB_SEGMENT.fullmatch, [*owner, name])):
        return None
    rest = segments[end:]
    page = _page(rest[1:] if rest[:1] == ["-"] else rest)
    host = link.host if link.scheme == "ssh" else link.site
    return GitLabRepo("/".join(owner), name, host.removeprefix("www."), *page)


def _gitlab_end(segments: list[str]) -> int:
    """Return how many segments name the repository; in older links there is no `-`."""
    if "-" in segments:
        return segments.index("-")
    views = (n for n, segment in enumerate(segments) if n > 1 and segment in _GITLAB_OLD_VIEWS)
    return next(views, len(segments))


def own_gitlab(link: Link) -> GitLabRepo | None:
    """Read a GitLab on a host of its own, known by its name or by the way it builds links."""
    if link.host.removeprefix("www.").startswith("gitlab."):
        return gitlab(link)
    _, dash, page = link.path.partition("/-/")
    return gitlab(link) if dash and page.partition("/")[0] in _GITLAB_VIEWS else None


_HUGGING_FACE_PAGES = _words("""
    api blog brand chat collections docs enterprise front hardware inference inference-endpoints
    jobs join learn login logout models new organizations papers posts pricing privacy search
    settings storage support tasks terms-of-service
""")
_HUGGING_FACE_KINDS: dict[str, Literal["dataset", "space"]] = {
    "datasets": "dataset",
    "spaces": "space",
}
_HUGGING_FACE_VIEWS = _words("blame blob commit commits discussions raw resolve tree viewer")
_HUGGING_FACE_NAME = pattern(r"[a-z0-9_][a-z0-9_.-]{0,95}")
# The first models have no owner. Any other path of one segment is a user or an organisation.
_OWNERLESS_MODEL = pattern(
    r"(?:albert|bert|camembert|distilbert|distilroberta|gpt2|roberta|t5|transfo-xl|xlm|xlnet)-.+"
    r"|ctrl|distilgpt2|gpt2|openai-gpt"
)


def hugging_face(link: Link) -> HuggingFaceRepo | None:
    """Read the path of huggingface.co."""
    segments = link.segments
    kind = _HUGGING_FACE_KINDS.get(segments[0]) if segments else None
    if kind is not None:
        del segments[0]
    owner, name = _hugging_face_name(segments, kind or "model")
    rest = segments[1 if owner is None else 2 :]
    name = _without_git(name)
    if not all(map(_HUGGING_FACE_NAME.fullmatch, [owner or name, name])):
        return None
    return HuggingFaceRepo(owner, name, kind or "model", *_page(rest))


def _hugging_face_name(segments: list[str], kind: str) -> tuple[str | None, str]:
    """Return owner and name; the name is empty where there is none."""
    match segments:
        case [first, *_] if first.lower() in _HUGGING_FACE_PAGES:
            return None, ""
        case [owner, name, *_] if name not in _HUGGING_FACE_VIEWS:
            return owner, name
        case [name, _, *_]:
            return None, name
        case [name] if kind == "dataset" or (kind == "model" and _OWNERLESS_MODEL.fullmatch(name)):
            return None, name
        case _:
            return None, ""
