"""From targets to addresses: what is asked, what is not, and where each link stands."""

from __future__ import annotations

import string
import time
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import cnaps

pytest.importorskip("httpx")

from cnaps.linking import iter_links
from cnaps.links import LinkPolicy, Place, Verdict
from cnaps.links._targets import collect, plan
from cnaps.links._urls import HttpUrl, Refusal, joined, read_url, refusal, shown
from cnaps.spans import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

# --- addresses ------------------------------------------------------------------------------------

ASKED = {
    "https://example.org": "https://example.org/",
    " HTTPS://Example.ORG:443/A?b#c \n": "https://example.org/A?b",
    "http://example.org:8080?q": "http://example.org:8080/?q",
    "http://example.org:/": "http://example.org/",
    "http://example.org./": "http://example.org./",
    "http://[2001:DB8::1]:80/x": "http://[2001:db8::1]/x",
    "https://bücher.example/ä?ö": "https://xn--bcher-kva.example/%C3%A4?%C3%B6",
    "https://example.org/a b<c>|%zz%20": "https://example.org/a%20b%3Cc%3E%7C%zz%20",
    "https://example.org\\a\\b": "https://example.org/a/b",
    "https://example.org/\udce9": "https://example.org/%E9",
    f"https://example.org/{chr(0xD800)}": "https://example.org/%3F",
    "arXiv:2111.09881v2": "https://arxiv.org/abs/2111.09881v2",
    "github.com/JingyunLiang/SwinIR": "https://github.com/JingyunLiang/SwinIR",
    "git@github.com:JingyunLiang/SwinIR.git": "https://github.com/JingyunLiang/SwinIR",
    "doi:10.1109/CVPR.2016.90": "https://doi.org/10.1109/CVPR.2016.90",
}

REFUSED = {
    "": ("malformed", "is empty"),
    "see the appendix": ("malformed", "has no scheme"),
    "https:example.org": ("malformed", "has no // after its scheme"),
    "https:///path": ("malformed", "names no host"),
    "http://:80/": ("malformed", "names no valid host"),
    "http://[::1/": ("malformed", "names no valid host"),
    "http://[::1]x/": ("malformed", "names no valid host"),
    "http://[127.0.0.1]/": ("malformed", "names no valid host"),
    "http://exa mple.org/": ("malformed", "names no valid host"),
    "http://-.-/": ("malformed", "names no valid host"),
    f"http://{'a' * 64}.org/": ("malformed", "names no valid host"),
    f"http://{'a.' * 200}org/": ("malformed", "names no valid host"),
    f"http://{'ä' * 100}.org/": ("malformed", "names no valid host"),
    "http://example.org:0/": ("malformed", "has the port '0', and ports are 1 to 65535"),
    "http://example.org:99999/": ("malformed", "has the port '99999', and ports are 1 to 65535"),
    "http://example.org:８０/": ("malformed", "has the port '８０', and ports are 1 to 65535"),
    "http://example.org/\x00": ("malformed", "holds control characters"),
    "http://example.org/a\nb": ("malformed", "holds control characters"),
    "http://user@example.org/": ("skipped", "holds a user name or a password"),
    "http://a:b@example.org/": ("skipped", "holds a user name or a password"),
    "mailto:me@example.org": (
        "skipped",
        "has the scheme 'mailto', and only http and https are asked",
    ),
    "FTP://example.org/": ("skipped", "has the scheme 'ftp', and only http and https are asked"),
    "https://example.org/" + "a" * 8000: (
        "malformed",
        "has 8,020 characters, and 8,000 are the limit",
    ),
}


@pytest.mark.parametrize(("text", "url"), ASKED.items())
def test_addresses(text: str, url: str) -> None:
    read = read_url(text)
    assert isinstance(read, HttpUrl)
    assert read.url == url


@pytest.mark.parametrize(("text", "why"), REFUSED.items())
def test_no_addresses(text: str, why: tuple[str, str]) -> None:
    assert read_url(text) == why


@given(st.text())
def test_any_text_is_an_address_or_is_not(text: str) -> None:
    for url in (read_url(text), read_url(f"http://{text}"), read_url(f"https://a.example/{text}")):
        if isinstance(url, HttpUrl):
            assert url.url.isascii()
            assert url.url.isprintable()
            assert " " not in url.url
            assert 0 < url.port < 65_536
            assert "@" not in url.origin
        else:
            assert isinstance(url, Refusal)
            assert url.verdict in {Verdict.MALFORMED, Verdict.SKIPPED}


@given(st.text(alphabet=string.printable), st.text(alphabet=string.printable))
def test_to_read_an_address_again_changes_nothing(host: str, path: str) -> None:
    url = read_url(f"http://{host}/{path}")
    if isinstance(url, HttpUrl):
        assert read_url(url.url) == url._replace(fragment="")


@pytest.mark.parametrize(
    "text",
    [
        "http://" + "a." * 100_000,
        "http://" + "-" * 100_000,
        "http://" + "@" * 100_000,
        "//" * 100_000,
        "a:" * 100_000,
        "//:" * 50_000,
    ],
)
def test_hostile_addresses_take_no_time(text: str) -> None:
    begun = time.perf_counter()
    read_url(text)
    shown(text)
    assert time.perf_counter() - begun < 1


BASE = HttpUrl("https", "example.org", 443, "/a/b?c", "top")

REDIRECTS = {
    "/x": "https://example.org/x",
    "x": "https://example.org/a/x",
    "../x": "https://example.org/x",
    "?x": "https://example.org/a/b?x",
    "//b.example/x": "https://b.example/x",
    " http://b.example ": "http://b.example/",
    "/é": "https://example.org/%C3%A9",
    "/\udce9": "https://example.org/%E9",
    "/%e9": "https://example.org/%e9",
    "/a b": "https://example.org/a%20b",
}


@pytest.mark.parametrize(("location", "url"), REDIRECTS.items())
def test_redirects(location: str, url: str) -> None:
    to = joined(BASE, location)
    assert isinstance(to, HttpUrl)
    assert to.url == url
    assert to.fragment == "top"


def test_a_redirect_may_have_a_fragment_of_its_own() -> None:
    assert joined(BASE, "/x#y") == HttpUrl("https", "example.org", 443, "/x", "y")


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("/\x07", "holds control characters"),
        ("http://[::zz]/", "names no valid host"),
        ("file:///etc/passwd", "has the scheme 'file', and only http and https are asked"),
        ("http://a:b@example.org/", "holds a user name or a password"),
    ],
)
def test_redirects_to_no_address(location: str, reason: str) -> None:
    to = joined(BASE, location)
    assert isinstance(to, Refusal)
    assert to.reason == reason


@given(st.text())
def test_any_location_leads_somewhere_or_does_not(location: str) -> None:
    assert isinstance(joined(BASE, location), HttpUrl | Refusal)


SHOWN = {
    "https://me:hush@example.org/": "https://***@example.org/",
    "//hush@example.org": "//***@example.org",
    "http://me:hu@sh@example.org/": "http://***@example.org/",
    "see /x?to=http://me:hush%40a.example/": "see /x?to=http://***@a.example/",
    "https://example.org/@user": "https://example.org/@user",
    "https://example.org/\x1b[31m": "https://example.org/\\x1b[31m",
}


@pytest.mark.parametrize(("text", "safe"), SHOWN.items())
def test_secrets_are_hidden(text: str, safe: str) -> None:
    assert shown(text) == safe


@given(st.text(alphabet=string.ascii_letters + ":@!$&'()*+,;=", min_size=1))
def test_nothing_before_an_at_sign_is_shown(user: str) -> None:
    assert "SECRET" not in shown(f"https://SECRET{user}@example.org/")


@pytest.mark.parametrize(
    ("host", "private", "reason"),
    [
        ("127.0.0.1", False, "names a loopback address"),
        ("127.0.0.1", True, None),
        ("169.254.169.254", True, "names a link-local address"),
        ("draft.example", False, "is excluded"),
        ("example.org", False, None),
    ],
)
def test_what_a_policy_refuses(host: str, private: bool, reason: str | None) -> None:
    policy = LinkPolicy(allow_private=private, exclude=["draft"])
    refused = refusal(HttpUrl("http", host, 80, "/"), policy)
    assert refused == (None if reason is None else Refusal(Verdict.SKIPPED, reason))


# --- targets --------------------------------------------------------------------------------------

MODEL = cnaps.ModelRef("SwinIR", paper="https://a.example/p", github="https://a.example/g")


def test_urls_stand_nowhere() -> None:
    assert collect("http://a.example/") == {"http://a.example/": []}


def test_the_links_of_a_value_with_their_places() -> None:
    assert collect(MODEL) == {
        "https://a.example/p": [Place(None, "paper", Span(0, 19))],
        "https://a.example/g": [Place(None, "github", Span(0, 19))],
    }


def test_the_links_of_a_response() -> None:
    doc = cnaps.parse_response("See [x](https://a.example/p)[cite: 6].")
    for target in (doc, doc.value, [doc.value]):
        assert collect(target) == {"https://a.example/p": [Place(None, "", Span(8, 27))]}


def test_places_are_collected_over_all_targets_in_order() -> None:
    text = cnaps.render(cnaps.PromptSpec(cnaps.Question("Why?"), (MODEL,)))
    doc = cnaps.parse(text)

    def targets() -> Iterator[Any]:
        yield "https://a.example/z"
        yield iter_links(doc, file="a.txt")
        yield [(doc, MODEL)]

    found = collect(targets())
    assert list(found) == ["https://a.example/z", "https://a.example/p", "https://a.example/g"]
    span = doc.span("models", 0, "paper")
    assert found["https://a.example/p"] == [
        Place("a.txt", "models[0].paper", span),
        Place(None, "models[0].paper", span),
        Place(None, "paper", Span(0, 19)),
    ]


@pytest.mark.parametrize(("target", "name"), [(3, "int"), (b"http://a", "bytes"), ({}, "dict")])
def test_what_is_no_target(target: Any, name: str) -> None:
    with pytest.raises(TypeError) as caught:
        collect(["http://a.example/", target])
    assert str(caught.value) == (
        f"links are checked of URLs, values, Documents and iterables of them, not of {name}"
    )


def test_places_print_as_people_write_them() -> None:
    assert str(Place("a.txt", "models[0].paper")) == "a.txt: models[0].paper"
    assert str(Place(None, "paper")) == "paper"
    assert str(Place()) == ""


def test_one_page_for_all_spellings_and_fragments_of_it() -> None:
    urls = ["HTTP://a.example", "http://a.example/#x", "http://a.example:80/#y", "mailto:x@y.z"]
    (page,), refused = plan(urls, LinkPolicy())
    assert page.url.url == "http://a.example/"
    assert [written for written, _ in page.links] == urls[:3]
    assert [url.fragment for _, url in page.links] == ["", "x", "y"]
    assert [written for written, _ in refused] == ["mailto:x@y.z"]


def test_only_what_is_included_is_asked() -> None:
    policy = LinkPolicy(include=["/papers/"], exclude=[r"\.ps$"])
    urls = ["http://a.example/papers/1.pdf", "http://a.example/papers/1.ps", "http://a.example/"]
    (page,), refused = plan(urls, policy)
    assert page.url.url == urls[0]
    assert refused == [
        (urls[1], Refusal(Verdict.SKIPPED, "is excluded")),
        (urls[2], Refusal(Verdict.SKIPPED, "is not included")),
    ]
