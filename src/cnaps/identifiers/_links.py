"""Links taken apart, without ever refusing one.

A link is a URL (RFC 3986), with or without its scheme, or the way git writes an address for ssh
(`git@github.com:owner/name.git`). What is neither is kept as it stands: a `Link` of nothing but
a path.
"""

from __future__ import annotations

import re
from string import ascii_letters, digits
from typing import NamedTuple

__all__ = ["Link", "pattern", "split", "stripped"]

# Browsers take a backslash for a slash (https://url.spec.whatwg.org/#url-parsing); so does this,
# or a link could name one host here and lead to another one.
_URL = re.compile(
    r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?"  # scheme
    r"//([^/\\?#]*)"  # user, host and port
    r"([^?#]*)"  # path
    r"(?:\?([^#]*))?"
    r"(?:\#(.*))?",
    re.DOTALL,
)
# Where a host name ends with dots, they stand for the root and say nothing.
_SITE = re.compile(r"([\w.-]*[\w-]|\[[0-9a-f:.]+\])\.*(?::([0-9]{0,5}))?")
_SSH = re.compile(r"[A-Za-z0-9._-]+@([A-Za-z0-9.-]+):(?!//)(.+)", re.DOTALL)
_HOST_FIRST = re.compile(r"([\w.-]+)(?::[0-9]{0,5})?(?:[/\\?#].*)?", re.DOTALL)
_DEFAULT_PORTS = {"http": "80", "https": "443", "": "443", "ssh": "22", "git": "9418", "ftp": "21"}

# What means the same when it is escaped (RFC 3986, section 2.3; the last five of them by RFC 2396,
# section 2.3, and every server still takes them so), and all that stands in a path or a query as it
# is (sections 3.3 and 3.4).
_UNRESERVED = frozenset(f"{ascii_letters}{digits}-._~!*'()")
_ALLOWED = r"A-Za-z0-9._~!$&'()*+,;=:@/?-"
_PLAIN = re.compile(rf"[{_ALLOWED}]*")
_ESCAPED = re.compile(rf"%([0-9A-Fa-f]{{2}})|[^{_ALLOWED}]")


class Link(NamedTuple):
    """The parts of a link, each in its normal form (RFC 3986, section 6.2.2).

    Attributes:
        scheme: In lower case; "" where the link has none.
        host: In lower case, without the dot of the root; "" where the text is no link.
        port: As digits; "" where it is the scheme's own.
        path: From the first slash, dot segments resolved, escaped only where it has to be.
        query: What follows the question mark.
        fragment: What follows the number sign.
    """

    scheme: str
    host: str
    port: str
    path: str
    query: str = ""
    fragment: str = ""

    @property
    def site(self) -> str:
        """The host and its port."""
        return f"{self.host}:{self.port}" if self.port else self.host

    @property
    def segments(self) -> list[str]:
        """The segments of the path, without the empty ones."""
        return [segment for segment in self.path.split("/") if segment]

    @property
    def url(self) -> str:
        """The link as a URL; what is no link is itself."""
        if not self.host:
            return self.path
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme or 'https'}://{self.site}{self.path}{query}{fragment}"


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern for a part of a `Link`, whatever its letter case."""
    return re.compile(text, re.ASCII | re.IGNORECASE)


def stripped(text: str) -> str:
    """Take off the ASCII whitespace around a text."""
    return text.strip(" \t\n\r\x0b\x0c")


def split(text: str) -> Link:
    """Take a link apart; blanks around it do not count.

    >>> split("HTTP://user@Example.org:80/a/../%7Eb?q=1")
    Link(scheme='http', host='example.org', port='', path='/~b', query='q=1', fragment='')
    """
    text = stripped(text)
    return _url(text) or _ssh(text) or _without_scheme(text) or Link("", "", "", text)


def _url(text: str) -> Link | None:
    parts = _URL.fullmatch(text)
    if parts is None:
        return None
    scheme, authority, path, query, fragment = parts.groups("")
    site = _SITE.fullmatch(authority.rpartition("@")[2].lower())
    if site is None:
        return None
    scheme = scheme.lower().removeprefix("git+")
    host, port = site.groups("")
    if port == _DEFAULT_PORTS.get(scheme):
        port = ""
    return Link(scheme, host, port, _path(path), _plain(query), _plain(fragment))


def _ssh(text: str) -> Link | None:
    """Read `git@github.com:owner/name.git`."""
    parts = _SSH.fullmatch(text)
    return _url(f"ssh://{parts[1]}/{parts[2]}") if parts else None


def _without_scheme(text: str) -> Link | None:
    """Read `example.org/page`: what starts with a host name that has a top-level domain."""
    parts = _HOST_FIRST.fullmatch(text)
    if parts is None:
        return None
    _, dot, top_level = parts[1].rstrip(".").rpartition(".")
    return _url(f"//{text}") if dot and len(top_level) > 1 and top_level.isalpha() else None


def _path(text: str) -> str:
    path = _plain(text.replace("\\", "/")) or "/"
    return _resolved(path) if "/." in path else path


def _resolved(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    _, *segments, last = path.split("/")
    for segment in (*segments, last):
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    if last in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def _plain(text: str) -> str:
    """Escape what has to be escaped, and nothing else."""
    return text if _PLAIN.fullmatch(text) else _ESCAPED.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    if match[1] is None:
        escaped = match[0].encode("utf-8", "surrogatepass").hex("%").upper()
        return f"%{escaped}"
    character = chr(int(match[1], 16))
    return character if character in _UNRESERVED else match[0].upper()
