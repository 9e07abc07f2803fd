"""Which addresses are refused, whatever form they come in."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("httpx")

from cnaps.links._addresses import ip_of, why_refused

LOOPBACK, LOCAL, PRIVATE = "a loopback address", "a link-local address", "a private address"
METADATA = "the address of a metadata service"

REFUSED = {
    "127.0.0.1": LOOPBACK,
    "127.255.255.254": LOOPBACK,
    "::1": LOOPBACK,
    "10.0.0.1": PRIVATE,
    "172.16.0.1": PRIVATE,
    "192.168.1.1": PRIVATE,
    "fc00::1": PRIVATE,
    "fd12:3456::1": PRIVATE,
    "fec0::1": PRIVATE,
    "100.64.0.1": "a special-purpose address",
    "169.254.169.254": LOCAL,
    "fe80::1": LOCAL,
    "fd00:ec2::254": METADATA,
    "100.100.100.200": METADATA,
    "168.63.129.16": METADATA,
    "0.0.0.0": "the unspecified address",
    "::": "the unspecified address",
    "224.0.0.1": "a multicast address",
    "ff02::1": "a multicast address",
    "255.255.255.255": PRIVATE,
    "240.0.0.1": PRIVATE,
    "192.0.2.1": PRIVATE,
    "2001:db8::1": PRIVATE,
    # An IPv4 address inside.
    "::ffff:127.0.0.1": LOOPBACK,
    "::ffff:169.254.169.254": LOCAL,
    "::127.0.0.1": LOOPBACK,
    "::ffff:0:10.0.0.1": PRIVATE,
    "64:ff9b::7f00:1": LOOPBACK,
    "64:ff9b:1::a00:1": PRIVATE,
    "2002:7f00:1::": LOOPBACK,
    "2002:a9fe:a9fe::1": LOCAL,
    "2001:0:7f00:1::": LOOPBACK,
}


@pytest.mark.parametrize(("address", "kind"), REFUSED.items())
def test_refused(address: str, kind: str) -> None:
    assert why_refused(ip_address(address)) == kind


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "151.101.1.6",
        "2606:4700::1111",
        "2a00:1450::5",
        "64:ff9b::808:808",
        "2002:808:808::",
    ],
)
def test_public(address: str) -> None:
    assert why_refused(ip_address(address)) is None


@pytest.mark.parametrize(("address", "kind"), REFUSED.items())
def test_what_a_policy_can_allow(address: str, kind: str) -> None:
    reserved = {"::127.0.0.1", "::ffff:0:10.0.0.1", "64:ff9b:1::a00:1"}
    private = kind in {LOOPBACK, PRIVATE, "a special-purpose address"}
    allowed = private and address not in reserved
    assert (why_refused(ip_address(address), allow_private=True) is None) == allowed


@given(st.ip_addresses(v=4))
def test_an_address_inside_of_another_is_treated_alike(address: IPv4Address) -> None:
    """What is refused itself is refused in every wrapping."""
    number = int(address)
    for wrapped in (
        IPv6Address((0xFFFF << 32) | number),
        IPv6Address((0x64FF9B << 96) | number),
        IPv6Address((0x2002 << 112) | (number << 80)),
    ):
        if why_refused(address) is not None:
            assert why_refused(wrapped) is not None


@given(st.ip_addresses())
def test_to_allow_private_addresses_refuses_no_more(address: IPv4Address | IPv6Address) -> None:
    if why_refused(address) is None:
        assert why_refused(address, allow_private=True) is None


def test_hosts_that_are_addresses() -> None:
    assert ip_of("[::1]") == ip_of("::1") == ip_address("::1")
    assert ip_of("fe80::1%eth0") == ip_address("fe80::1")
    assert ip_of("8.8.8.8") == ip_address("8.8.8.8")
    assert ip_of("example.org") is ip_of("1.2.3.4.5") is ip_of("3d.example") is ip_of("") is None


@pytest.mark.parametrize(
    "host",
    ["127.1", "127.0.1", "2130706433", "0x7f000001", "0X7F.1", "0177.0.0.1", "127.0.0.1."],
)
def test_other_notations_of_an_address(host: str) -> None:
    assert ip_of(host) == ip_address("127.0.0.1")
