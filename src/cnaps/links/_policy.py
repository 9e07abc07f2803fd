"""How links are checked: one frozen class of settings."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from math import inf
from pathlib import Path
from typing import Any

from attrs import Attribute, field, frozen

__all__ = ["LinkPolicy"]

# A header name is a token (RFC 9110, section 5.6.2). A value holds no line break, or it could
# forge another header.
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
# They would go to every host that a link names.
_SECRET = frozenset({"authorization", "cookie", "proxy-authorization"})
# The checker sets these itself.
_OWN = frozenset({"host", "content-length", "transfer-encoding", "connection", "range"})

_Validator = Callable[["LinkPolicy", "Attribute[Any]", Any], None]


def _wrong(attribute: Attribute[Any], wanted: str, value: object) -> str:
    return f"LinkPolicy.{attribute.name} must be {wanted}, not {value!r}"


def _seconds(_: LinkPolicy, attribute: Attribute[Any], value: Any) -> None:
    wanted = "a number of seconds above 0"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(_wrong(attribute, wanted, value))
    if not 0 < value < inf:  # NaN is neither
        raise ValueError(_wrong(attribute, wanted, value))


def _at_least(least: int) -> _Validator:
    wanted = f"a whole number, at least {least}"

    def check(_: LinkPolicy, attribute: Attribute[Any], value: Any) -> None:
        if isinstance(value, bool) or not isinstance(value, int):
            raise TypeError(_wrong(attribute, wanted, value))
        if value < least:
            raise ValueError(_wrong(attribute, wanted, value))

    return check


def _flag(_: LinkPolicy, attribute: Attribute[Any], value: Any) -> None:
    if not isinstance(value, bool):
        raise TypeError(_wrong(attribute, "True or False", value))


def _patterns(value: object) -> tuple[re.Pattern[str], ...]:
    """Compile patterns; one that stands alone is meant as the only one."""
    if isinstance(value, str | re.Pattern):
        value = (value,)
    if not isinstance(value, Iterable):
        raise TypeError(f"LinkPolicy takes patterns as an iterable of str, not {value!r}")
    return tuple(map(_pattern, value))


def _pattern(value: object) -> re.Pattern[str]:
    try:
        return re.compile(value)  # type: ignore[call-overload, no-any-return] # re checks it
    except re.error as error:
        raise ValueError(f"LinkPolicy cannot use the pattern {value!r}: {error}") from error


def _copy(value: Mapping[str, str | Mapping[str, str]]) -> dict[str, str | Mapping[str, str]]:
    return dict(value)


def _lower(value: Mapping[str, Any]) -> dict[str, Any]:
    """Copy a mapping by host, with the names in lower case."""
    return {str(host).lower().rstrip("."): content for host, content in dict(value).items()}


def _rates(_: LinkPolicy, attribute: Attribute[Any], value: Mapping[str, Any]) -> None:
    for host, rate in value.items():
        wanted = f"requests per second above 0 for {host!r}"
        if isinstance(rate, bool) or not isinstance(rate, int | float):
            raise TypeError(_wrong(attribute, wanted, rate))
        if not 0 < rate < inf:
            raise ValueError(_wrong(attribute, wanted, rate))


def _headers(_: LinkPolicy, attribute: Attribute[Any], value: Mapping[str, Any]) -> None:
    for name, content in value.items():
        if isinstance(content, Mapping):
            if not isinstance(name, str):
                raise TypeError(_wrong(attribute, "names and hosts as str", name))
            for inner, text in content.items():
                _header(attribute, inner, text)
            continue
        _header(attribute, name, content)
        if name.lower() in _SECRET:
            raise ValueError(
                f"LinkPolicy.headers would send {name!r} to every host; name the host that may "
                f"have it: {{'example.org': {{{name!r}: …}}}}"
            )


def _header(attribute: Attribute[Any], name: object, value: object) -> None:
    if not isinstance(name, str) or not isinstance(value, str):
        raise TypeError(_wrong(attribute, "names with str values", {name: value}))
    if not _HEADER_NAME.fullmatch(name) or name.lower() in _OWN:
        raise ValueError(f"LinkPolicy.headers cannot set {name!r}")
    if not _HEADER_VALUE.fullmatch(value):  # not shown: it may be a secret
        raise ValueError(f"LinkPolicy.headers[{name!r}] must be printable ASCII in one line")


def _token(_: LinkPolicy, attribute: Attribute[Any], value: object) -> None:
    if value is not None and not isinstance(value, str):
        raise TypeError(f"LinkPolicy.{attribute.name} must be str or None")
    if value is not None and not re.fullmatch(r"[\x21-\x7e]+", value):
        raise ValueError(f"LinkPolicy.{attribute.name} must be printable ASCII without blanks")


def _soft_404(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {
        host: (texts,) if isinstance(texts, str) else tuple(texts)
        for host, texts in _lower(value).items()
    }


def _flag_or_texts(_: LinkPolicy, attribute: Attribute[Any], value: Any) -> None:
    if isinstance(value, bool):
        return
    wanted = "True, False or a mapping of hosts to texts"
    if not isinstance(value, Mapping):
        raise TypeError(_wrong(attribute, wanted, value))
    for texts in value.values():
        if not all(isinstance(text, str) and text for text in texts):
            raise TypeError(_wrong(attribute, wanted, dict(value)))


def _path(value: object) -> Path | None:
    return None if value is None else Path(value)  # type: ignore[arg-type] # Path checks it


def _from_environment() -> str | None:
    """Return the token that GitHub's own tools take, or None."""
    return os.environ.get("GH_TOKEN") or os.environ.get("GITHUB_TOKEN") or None


@frozen(kw_only=True)
class LinkPolicy:
    r"""How links are checked. Everything has a default that suits most runs.

    Attributes:
        timeout: Seconds for one request, from connecting to the end of the answer. 20.
        total_timeout: Seconds for one link: its requests, redirects, retries and the waits
            between them, but not the time in a queue behind other links. 60. A server that asks
            for a longer wait (`Retry-After`) is not asked again.
        retries: How often a link is asked again after a failure that may pass, such as a time-out
            or a status of 500. 2. Waiting as long as a server asked for is not a retry.
        concurrency: How many requests are under way at most. 64.
        per_host: How many of them go to one host. 4.
        host_rates: Requests per second for a host and all hosts below it, together:
            `{"example.org": 0.5}` is one request in two seconds at most, one at a time. They add to
            the limits that some hosts publish (`cnaps.links.HOST_RATES`), or replace them.
        max_redirects: How many redirects are followed for one link. 10.
        allow_private: Whether hosts in private networks, and this machine, may be asked. False.
        include: Patterns (`re.search`); a link that none of them finds is skipped. By default all
            links are checked.
        exclude: Patterns; a link that one of them finds is skipped, and a redirect is not
            followed there. None.
        headers: Headers to send. `{"Accept-Language": "en"}` goes to every host,
            `{"example.org": {"Authorization": "…"}}` to that host alone, for links that name it
            and never after a redirect from https to http.
        github_token: A token for GitHub's API host, which nobody else gets to see. By default
            that of the environment, `GH_TOKEN` or `GITHUB_TOKEN`; None for none.
        cache: The file that keeps results for later runs, or None. None.
        offline: Whether to answer from the cache alone, however old it is. False.
        fragments: Whether to check that a page has the place that `#…` names. False.
        soft_404: Whether to look for pages that say "not found" with a status of 200, on the
            sites that are known for it (`cnaps.links.SOFT_404`). True. A mapping of hosts to the
            texts of such pages adds to the known sites.

    Raises TypeError or ValueError where a setting is wrong.

    >>> LinkPolicy(timeout=0)
    Traceback (most recent call last):
        ...
    ValueError: LinkPolicy.timeout must be a number of seconds above 0, not 0
    """

    timeout: float = field(default=20.0, validator=_seconds)
    total_timeout: float = field(default=60.0, validator=_seconds)
    retries: int = field(default=2, validator=_at_least(0))
    concurrency: int = field(default=64, validator=_at_least(1))
    per_host: int = field(default=4, validator=_at_least(1))
    host_rates: Mapping[str, float] = field(factory=dict, converter=_lower, validator=_rates)
    max_redirects: int = field(default=10, validator=_at_least(0))
    allow_private: bool = field(default=False, validator=_flag)
    include: tuple[re.Pattern[str], ...] = field(default=(), converter=_patterns)
    exclude: tuple[re.Pattern[str], ...] = field(default=(), converter=_patterns)
    headers: Mapping[str, str | Mapping[str, str]] = field(
        factory=dict, converter=_copy, validator=_headers, repr=False
    )
    github_token: str | None = field(factory=_from_environment, validator=_token, repr=False)
    cache: Path | None = field(default=None, converter=_path)
    offline: bool = field(default=False, validator=_flag)
    fragments: bool = field(default=False, validator=_flag)
    soft_404: bool | Mapping[str, tuple[str, ...]] = field(
        default=True, converter=_soft_404, validator=_flag_or_texts
    )

    def __attrs_post_init__(self) -> None:
        if self.offline and self.cache is None:
            raise ValueError("LinkPolicy.offline answers from the cache: name its file as `cache`")
