"""Addresses that can be asked, and why others cannot."""

from __future__ import annotations

import re
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urljoin

from cnaps.frames import visible
from cnaps.identifiers import WebPage, identify
from cnaps.links._addresses import ip_of, why_refused
from cnaps.links._results import Verdict

if TYPE_CHECKING:
    from cnaps.links._policy import LinkPolicy

__all__ = ["HttpUrl", "Refusal", "joined", "read_url", "refusal", "shown"]

_PORTS = {"http": 80, "https": 443}
_LAST_PORT = 65_535
_LONGEST_HOST = 253  # RFC 1035, section 2.3.4
_LONGEST_URL = 8_000  # RFC 9110, section 4.1, asks for that much

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_URL = re.compile(r"(https?)://([^/\\?#]*)([^#]*)(?:#(.*))?", re.IGNORECASE | re.DOTALL)
_HOST = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_-]{1,63}\.?")
_AUTHORITY = re.compile(r"(\[[^\]]*\]|[^:]*)(?::(.*))?", re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_UNSAFE = re.compile(r"[^!#$%&'()*+,\-./0-9:;=?@A-Z\[\]_a-z~]+")
# Also where the link of a login stands in the query of another one, escaped.
_USER = re.compile(r"(?<=//)(?:[^/?#\\\s]*@|[^/?#\\\s:]*:[^/?#\\\s]*%40)")


class HttpUrl(NamedTuple):
    """An address that can be asked, in ASCII, and nothing secret in it.

    Attributes:
        scheme: "http" or "https".
        host: In lower case; an IPv6 address without brackets.
        port: The port.
        target: Path and query.
        fragment: What follows the number sign, as written.
    """

    scheme: str
    host: str
    port: int
    target: str
    fragment: str = ""

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def url(self) -> str:
        """The address without its fragment."""
        return self.origin + self.target


class Refusal(NamedTuple):
    """Why an address is not asked.

    Attributes:
        verdict: What that means for a link that says so: malformed or skipped.
        reason: Why, in words that go on from "the link".
    """

    verdict: Verdict
    reason: str


def _malformed(reason: str) -> Refusal:
    return Refusal(Verdict.MALFORMED, reason)


def read_url(text: str) -> HttpUrl | Refusal:
    """Read a link as an address, or say why it is none.

    What `cnaps.identify` knows without a scheme is taken for what it is.

    >>> read_url("HTTPS://Example.org/a b").url
    'https://example.org/a%20b'
    >>> read_url("arXiv:2111.09881").url
    'https://arxiv.org/abs/2111.09881'
    >>> read_url("http://host:99999/").reason
    "has the port '99999', and ports are 1 to 65535"
    """
    text = text.strip(" \t\n\r\x0b\x0c")
    if len(text) > _LONGEST_URL:
        return _malformed(f"has {len(text):,} characters, and {_LONGEST_URL:,} are the limit")
    parts = _URL.fullmatch(text)
    if parts is None:
        return _without_http(text)
    if _CONTROL.search(text):
        return _malformed("holds control characters")
    scheme, authority, target, fragment = parts.groups("")
    host = _site(scheme.lower(), authority)
    if isinstance(host, Refusal):
        return host
    return host._replace(target=_target(target), fragment=fragment)


def _without_http(text: str) -> HttpUrl | Refusal:
    identifier = identify(text)
    if not isinstance(identifier, WebPage):
        return read_url(identifier.url)
    scheme = _SCHEME.match(text)
    if scheme is None:
        return _malformed("has no scheme" if text else "is empty")
    name = scheme[1].lower()
    if name in _PORTS:
        return _malformed("has no // after its scheme")
    return Refusal(Verdict.SKIPPED, f"has the scheme {name!r}, and only http and https are asked")


def _site(scheme: str, authority: str) -> HttpUrl | Refusal:
    if "@" in authority:
        return Refusal(Verdict.SKIPPED, "holds a user name or a password")
    parts = _AUTHORITY.fullmatch(authority)
    if parts is None or not parts[1]:
        return _malformed("names no host" if not authority else "names no valid host")
    host = _host(parts[1])
    if host is None:
        return _malformed("names no valid host")
    port = parts[2] or str(_PORTS[scheme])
    number = float(port) if port.isascii() and port.isdigit() else 0
    if not 0 < number <= _LAST_PORT:
        return _malformed(f"has the port {port[:20]!r}, and ports are 1 to {_LAST_PORT}")
    return HttpUrl(scheme, host, int(port), "/")


def _host(text: str) -> str | None:
    """Return a host in lower case and ASCII, or None where it is none."""
    if text.startswith("["):
        address = ip_of(text)
        return str(address) if isinstance(address, IPv6Address) else None
    if len(text) > _LONGEST_HOST:
        return None
    if not text.isascii():
        try:
            text = text.encode("idna").decode()
        except UnicodeError:
            return None
    text = text.lower()
    if not _HOST.fullmatch(text):
        return None
    address = ip_of(text)
    return text if address is None else str(address)


def _target(text: str) -> str:
    """Escape what may not stand in a path or a query; what is escaped already stays."""
    text = text.replace("\\", "/") if "?" not in text else text
    text = _UNSAFE.sub(_escaped, text)
    return text if text.startswith("/") else f"/{text}"


def _escaped(match: re.Match[str]) -> str:
    # A Location that is not UTF-8 comes as surrogates, and leaves as the bytes that it was.
    try:
        data = match[0].encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = match[0].encode("utf-8", "replace")
    return f"%{data.hex('%').upper()}"


def joined(base: HttpUrl, location: str) -> HttpUrl | Refusal:
    """Return where a redirect leads: its `Location`, seen from the address that it stands at.

    A fragment goes on through redirects that have none of their own (RFC 9110, section 10.2.2).

    >>> joined(HttpUrl("https", "example.org", 443, "/a/b"), "../c?d").url
    'https://example.org/c?d'
    """
    location = location.strip(" \t")
    if _CONTROL.search(location):
        return _malformed("holds control characters")
    try:
        url = read_url(urljoin(base.url, location))
    except ValueError:
        return _malformed("names no valid host")
    if isinstance(url, HttpUrl) and not url.fragment:
        return url._replace(fragment=base.fragment)
    return url


def refusal(url: HttpUrl, policy: LinkPolicy) -> Refusal | None:
    """Say why a policy does not want an address asked; None where it has nothing against it."""
    address = ip_of(url.host)
    kind = address and why_refused(address, allow_private=policy.allow_private)
    if kind:
        return Refusal(Verdict.SKIPPED, f"names {kind}")
    if any(pattern.search(url.url) for pattern in policy.exclude):
        return Refusal(Verdict.SKIPPED, "is excluded")
    return None


def shown(text: str) -> str:
    r"""Return a link as reports may show it: no user, no password, nothing that does not print.

    >>> shown("https://me:secret@example.org/\x1b[31m")
    'https://***@example.org/\\x1b[31m'
    """
    return visible(_USER.sub("***@", text))
