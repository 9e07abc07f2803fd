"""What a server does and what the link checker says to it, as data: the table of docs and tests.

A URL has places for what is only known when a server runs: `{here}` is a host of the row's own,
`{elsewhere}` another one, `{port}` the server's, `{trusted}` and the like are the ports of TLS
servers, and nothing listens on `{refused}`.
"""

from __future__ import annotations

from typing import Any, NamedTuple
from urllib.parse import quote

__all__ = ["NAMES", "ROWS", "SETTINGS", "Row", "markdown"]

# Names that do not lead to the server, with the error of the resolver.
NAMES = {"unknown.test": "EAI_NONAME", "broken.test": "EAI_AGAIN"}


class Row(NamedTuple):
    """A case.

    Attributes:
        what: What the server does or the link is, as documentation says it.
        url: The link.
        verdict: What the checker says.
        status: The status that it shows.
        words: Words of its reason.
        final: Where it ends, if that is to be checked.
    """

    what: str
    url: str
    verdict: str
    status: int | None
    words: str = ""
    final: str = ""


def _to(target: str | bytes, status: int = 301) -> str:
    return f"{{here}}/redirect/{status}?to={quote(target, safe='/:{}')}"


_OK = "{here}/status/200"


def _moved(what: str, url: str, final: str = _OK) -> Row:
    return Row(what, url, "moved", 200, "moved to", final)


def _lost(what: str, url: str, words: str, status: int | None = 301) -> Row:
    return Row(what, url, "unreachable", status, words)


def _fine(what: str, path: str, status: int = 200) -> Row:
    return Row(what, f"{{here}}/{path}", "alive", status)


def _plain(status: int, verdict: str) -> Row:
    return Row(f"{status}", f"{{here}}/status/{status}", verdict, status, f"({status})")


def _unsafe(what: str, port: str, words: str) -> Row:
    return _lost(what, f"https://secure.test:{{{port}}}/", f"no safe connection: {words}", None)


ROWS: dict[str, tuple[Row, ...]] = {
    "Answers": (
        _fine("200", "status/200"),
        _fine("204", "status/204", 204),
        _fine("200 after a short while", "slow/0.1/status/200"),
        _fine("103, then 200", "early/1/status/200"),
        Row("103 three times, then 404", "{here}/early/3/status/404", "dead", 404, "not found"),
        _fine("200 in HTTP/1.0, without a phrase", "raw?data=HTTP/1.0%20200%20%0D%0A%0D%0A"),
        _plain(404, "dead"),
        _plain(410, "dead"),
        _fine("416 to the start of it", "head/405/status/416", 416),
        _plain(500, "unreachable"),
        _plain(502, "unreachable"),
        _plain(503, "unreachable"),
        Row("a host in other letters", "http://bücher.test:{port}/page", "alive", 200),
        _fine("a path in other letters, and a blank", "page/Bücher und Karten"),
        _fine("500 once, then 200", "flaky/500/1"),
        _fine("503 once, then 200", "flaky/503/1"),
        _fine("503 with `Retry-After: 1`, then 200", "flaky/503/1?retry-after=1"),
        _fine("406 to who does not accept HTML", "wants/406?accept=text/html"),
        _fine("403 to who is a library", "refuses/403?user-agent=python"),
        _fine(
            "“not found” with a status of 200, on a site that is not known for it",
            "page?body=Not+found",
        ),
    ),
    "It cannot be told": (
        *(_plain(status, "restricted") for status in (401, 403, 407, 451, 999, 202, 400, 418)),
        _fine("429 with `Retry-After: 1`, then 200", "flaky/429/1?retry-after=1"),
        _fine("429 with a date, then 200", "flaky/429/1?retry-after=date"),
        Row(
            "429, come back in an hour",
            "{here}/flaky/429/99?retry-after=3600",
            "restricted",
            429,
            "wait 3,600 s",
        ),
        Row(
            "429, come back at the end of time",
            f"{{here}}/flaky/429/99?retry-after={'9' * 20}",
            "restricted",
            429,
            "too many requests",
        ),
        Row(
            "429, come back soon",
            "{here}/flaky/429/99?retry-after=soon",
            "restricted",
            429,
            "too many requests",
        ),
        Row(
            "403 with no requests left",
            "{here}/status/403?X-RateLimit-Remaining=0&X-RateLimit-Reset=4102444800",
            "restricted",
            403,
            "too many requests",
        ),
        Row(
            "403, a challenge of Cloudflare",
            "{here}/status/403?Cf-Mitigated=challenge",
            "restricted",
            403,
            "a wall against programs",
        ),
        Row(
            "503, a challenge of Cloudflare",
            "{here}/status/503?Cf-Mitigated=challenge",
            "restricted",
            503,
            "a wall against programs",
        ),
        Row(
            "202, a challenge of AWS",
            "{here}/status/202?X-Amzn-Waf-Action=challenge",
            "restricted",
            202,
            "a wall against programs",
        ),
    ),
    "HEAD and GET": (
        *(
            _fine(f"{status} to HEAD, 200 to GET", f"head/{status}/status/200")
            for status in (400, 403, 404, 405, 500, 501)
        ),
        _fine("connection closed at HEAD", "head/close/status/200"),
        _fine("connection reset at HEAD", "head/reset/status/200"),
        _fine("no answer to HEAD", "head/hang/status/200"),
        _fine("a body with the answer to HEAD", "head/body/status/200"),
        Row("405 to HEAD, 404 to GET", "{here}/head/405/status/404", "dead", 404, "not found"),
        _fine("200 to HEAD, 404 to GET", "head/200/status/404"),
    ),
    "Redirects": (
        _moved("301 to a page", _to("/status/200")),
        _moved("308 to a page", _to("/status/200", 308)),
        *(
            Row(f"{status} to a page", _to("/status/200", status), "alive", 200, "", _OK)
            for status in (302, 303, 307)
        ),
        _moved("301 five times", "{here}/chain/301/5/status/200", "{here}/chain/301/0/status/200"),
        Row("301 to 302 to a page", _to(_to("/status/200", 302)), "alive", 200, "", _OK),
        Row("302 to 301 to a page", _to(_to("/status/200"), 302), "alive", 200, "", _OK),
        _moved(
            "301 to a page of another host", _to("{elsewhere}/status/200"), "{elsewhere}/status/200"
        ),
        _moved(
            "301 to `//host/page`", _to("//{elsewhere_host}/status/200"), "{elsewhere}/status/200"
        ),
        _moved("301 to a relative path", _to("../status/200")),
        _moved("301 to UTF-8", _to("/page/é"), "{here}/page/%C3%A9"),
        _moved("301 to bytes that are not UTF-8", _to(b"/page/\xe9"), "{here}/page/%E9"),
        _moved("301 to a path with a blank", _to("/page/a b"), "{here}/page/a%20b"),
        _fine("302 to itself until its cookie comes back", "cookie"),
        Row("301 to 404", _to("/status/404"), "dead", 404, "not found", "{here}/status/404"),
        Row(
            "302 to 403",
            _to("/status/403", 302),
            "restricted",
            403,
            "forbidden",
            "{here}/status/403",
        ),
        Row("302 to a login", _to("/login?next=/page", 302), "restricted", 302, "login"),
        Row(
            "301 from a page to the home page",
            "{here}/redirect/301/a/page?to=/",
            "alive",
            200,
            "home page",
            "{here}/",
        ),
        Row(
            "301 to a host that does not exist",
            _to("http://unknown.test/"),
            "dead",
            None,
            "no such host",
        ),
        _lost("301 to a port that refuses", _to("http://127.0.0.1:{refused}/"), "refused", None),
        _lost("301 without `Location`", "{here}/redirect/301", "where to"),
        _lost("301 with an empty `Location`", _to(""), "where to"),
        _lost("301 to itself", "{here}/loop/301/1", "circle"),
        _lost("302 round in a circle of three", "{here}/loop/302/3", "circle", 302),
        _lost("301 twenty times", "{here}/chain/301/20/status/200", "more than 10 times"),
        _lost("301 to `ftp:`", _to("ftp://elsewhere.test/file"), "'ftp'"),
        _lost("301 to `file:`", _to("file:///etc/passwd"), "'file'"),
        _lost("301 to `javascript:`", _to("javascript:alert(1)"), "'javascript'"),
        _lost("301 to a bad port", _to("http://elsewhere.test:99999/"), "99999"),
        _lost("301 to a control character", _to(b"/page/\x07"), "control character"),
        _lost("301 to a name and a password", _to("http://me:secret@elsewhere.test/"), "password"),
        _fine("300, a choice", "status/300", 300),
        _fine("304 though nobody asked for changes", "status/304", 304),
    ),
    "No answer": (
        _lost("silence", "{here}/hang", "no answer in time", None),
        _lost("headers that come byte by byte", "{here}/drip/0.05", "no answer in time", None),
        _lost("headers without end", "{here}/endless/headers", "not HTTP", None),
        _lost("a connection that is closed", "{here}/close", "closed", None),
        _lost("a connection that is reset", "{here}/reset", "closed", None),
        _lost("bytes that are not HTTP", "{here}/garbage", "not HTTP", None),
        _lost("a port that refuses", "http://127.0.0.1:{refused}/", "refused", None),
        Row("a host that does not exist", "http://unknown.test/", "dead", None, "no such host"),
        _lost("a name server that fails", "http://broken.test/", "not looked up", None),
        Row(
            "a host with two addresses, one of them refuses",
            "http://two.test:{port}/status/200",
            "alive",
            200,
        ),
        Row("an IPv6 address", "http://[::1]:{port}/status/200", "alive", 200),
    ),
    "Answers that break off": (
        _fine("no body after the headers", "head/405/hang/body"),
        _fine("a body that comes byte by byte", "head/405/drip/0.05/body"),
        _fine("a body without end", "head/405/endless"),
        _fine("a body that is too short", "head/405/short"),
        _fine("a reset in the body", "head/405/reset/100"),
        _fine("a body that says it is gzip, and is not", "head/405/bad-gzip"),
        _fine("500 MB in 500 kB of gzip", "head/405/bomb"),
        _fine("chunks without sizes", "head/405/bad-chunks"),
    ),
    "TLS": (
        Row("a good certificate", "https://secure.test:{trusted}/status/200", "alive", 200),
        _unsafe("a certificate that nobody vouches for", "untrusted", "unable to get local issuer"),
        _unsafe("an expired certificate", "expired", "certificate has expired"),
        _unsafe("a certificate for another host", "other-name", "hostname mismatch"),
        _unsafe("https: where http: is served", "port", ""),
        _lost("http: where https: is served", "http://secure.test:{trusted}/", "closed", None),
    ),
    "Fragments": (
        _fine("a place that the page has", "page?body=<p id=here>#here"),
        _fine("a place that the page names as it was done once", "page?body=<a name='here'>#here"),
        _fine("the top", "page?body=Words#top"),
        _fine("a text to look for", "page?body=Words#:~:text=nothing"),
        _fine("a place that a script makes", "page?body=Words#/there"),
        _fine("a place in a page that is compressed", "compressed#top"),
        Row(
            "a place that the page has not",
            "{here}/page?body=<p id=here>#there",
            "dead",
            200,
            "low certainty",
        ),
        _fine("a place in a page without end", "endless#there"),
    ),
    "Pages that say “not found”": (
        Row(
            "a text that is known for that site",
            "http://softly.test:{port}/page?body=Gone+Fishing",
            "dead",
            200,
            "low certainty",
        ),
        Row(
            "another text of the same site",
            "http://softly.test:{port}/page?body=Here",
            "alive",
            200,
        ),
    ),
    "Links that are not asked": (
        Row("no host", "http:///path", "malformed", None, "no host"),
        Row("a bad host", "http://exa mple.test/", "malformed", None, "no valid host"),
        Row("a bad IPv6 address", "http://[::zz]/", "malformed", None, "no valid host"),
        Row("a bad port", "http://example.test:99999/", "malformed", None, "'99999'"),
        Row("a control character", "http://example.test/\x07", "malformed", None, "control"),
        Row("no link at all", "see the appendix", "malformed", None, "no scheme"),
        Row("nothing", "", "malformed", None, "empty"),
        Row("another scheme", "ftp://example.test/file", "skipped", None, "'ftp'"),
        Row("an address of mail", "mailto:me@example.test", "skipped", None, "'mailto'"),
        Row("a name and a password", "http://me:secret@example.test/", "skipped", None, "password"),
    ),
}


# Sections that are about a setting.
SETTINGS: dict[str, dict[str, Any]] = {
    "Fragments": {"fragments": True},
    "Pages that say “not found”": {"soft_404": {"softly.test": ["gone fishing"]}},
}


def markdown() -> str:
    """Return the tables as documentation shows them."""
    lines: list[str] = []
    for title, section in ROWS.items():
        lines += [f"## {title}", "", "| What happens | Verdict | Status |", "| --- | --- | --- |"]
        lines += [f"| {row.what} | {row.verdict} | {row.status or '–'} |" for row in section]
        lines.append("")
    return "\n".join(lines)
