"""Which addresses on the Internet Protocol are nobody's business.

A link in a file is the word of a stranger. It must not make this machine talk to itself, to its
neighbours, or to the service that gives a cloud machine its credentials (169.254.169.254, which
is link-local).
"""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from socket import inet_aton

__all__ = ["IPAddress", "ip_of", "why_refused"]

IPAddress = IPv4Address | IPv6Address

# What a name resolves to where IPv6 is all there is: an IPv4 address in the last 32 bits, and that
# is what counts (RFC 6052, NAT64).
_NAT64 = IPv6Network("64:ff9b::/96")
# Others with an IPv4 address there, and reserved themselves: RFC 8215 (NAT64 of a network's own),
# RFC 4291 section 2.5.5.1 (IPv4-compatible), RFC 2765 (IPv4-translated).
_CARRIERS = tuple(map(IPv6Network, ("64:ff9b:1::/96", "::/96", "::ffff:0:0:0/96")))

# Where machines in a cloud get their credentials, beside 169.254.169.254: AWS over IPv6, Alibaba,
# Azure and Oracle. No page is there.
_METADATA = frozenset(
    map(ip_address, ("fd00:ec2::254", "100.100.100.200", "168.63.129.16", "192.0.0.192"))
)

# What an address is, the most telling name first; and whether it may be that of a page in a
# private network.
_KINDS = (
    ("is_unspecified", "the unspecified address", False),
    ("is_loopback", "a loopback address", True),
    ("is_link_local", "a link-local address", False),
    ("is_multicast", "a multicast address", False),
    ("is_site_local", "a private address", True),
    ("is_private", "a private address", True),
    ("is_reserved", "a reserved address", False),
)


def ip_of(host: str) -> IPAddress | None:
    """Return the address that a host is, or None where it is a name.

    Resolvers and browsers also take an IPv4 address in other notations: octal, hexadecimal, or as
    fewer numbers (https://url.spec.whatwg.org/#concept-ipv4-parser).

    >>> ip_of("[::1]"), ip_of("0x7f.1"), ip_of("example.org")
    (IPv6Address('::1'), IPv4Address('127.0.0.1'), None)
    """
    if ":" in host:
        with suppress(ValueError):
            return ip_address(host.strip("[]").partition("%")[0])
    elif host[:1].isdigit():
        with suppress(OSError):
            return IPv4Address(inet_aton(host.removesuffix(".")))
    return None


def why_refused(address: IPAddress, *, allow_private: bool = False) -> str | None:
    """Say what an address is if it is not to be asked, else return None.

    The registries are those of IANA, as the standard library has them
    (https://www.iana.org/assignments/iana-ipv4-special-registry). An IPv4 address inside of an
    IPv6 address counts: mapped, 6to4, Teredo and NAT64.

    Args:
        address: The address.
        allow_private: Whether private networks and this machine may be asked; link-local
            addresses, the services that hand out credentials, and groups never are.

    >>> why_refused(ip_address("169.254.169.254"), allow_private=True)
    'a link-local address'
    >>> why_refused(ip_address("64:ff9b::7f00:1"))
    'a loopback address'
    >>> why_refused(ip_address("8.8.8.8"))
    """
    if isinstance(address, IPv6Address):
        # These two are ways to an IPv4 address; what else they are, versions of Python differ.
        address = _last_32_bits(address) if address in _NAT64 else address.sixtofour or address
    for inner in (*_carried(address), address):
        kind, is_page = _kind(inner)
        if kind is not None and not (allow_private and is_page):
            return kind
    return None


def _kind(address: IPAddress) -> tuple[str | None, bool]:
    if address in _METADATA:
        return "the address of a metadata service", False
    for attribute, name, is_page in _KINDS:
        if getattr(address, attribute, False):
            # From Python 3.13 on, carriers are private as well; no page is there all the same.
            is_private = attribute == "is_private" and _is_carrier(address)
            return ("a reserved address", False) if is_private else (name, is_page)
    return (None, True) if address.is_global else ("a special-purpose address", True)


def _carried(address: IPAddress) -> list[IPv4Address]:
    """Return the IPv4 addresses that packets to an IPv6 address end up at."""
    if isinstance(address, IPv4Address) or int(address) <= 1:
        return []
    found = [address.ipv4_mapped, *(address.teredo or ())]
    if _is_carrier(address):
        found.append(_last_32_bits(address))
    return [inner for inner in found if inner is not None]


def _is_carrier(address: IPAddress) -> bool:
    return any(address in network for network in _CARRIERS)


def _last_32_bits(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
