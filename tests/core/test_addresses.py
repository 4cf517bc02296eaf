"""What is the internet, and what is a network that no stranger may make us call."""

import socket
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.addresses import is_public, require_public, resolve
from core.errors import MediaAway, MediaRefused

PUBLIC = [
    *("1.1.1.1", "8.8.8.8", "93.184.216.34", "149.154.167.220", "100.63.255.255", "100.128.0.0"),
    *("172.15.255.255", "172.32.0.0", "192.167.255.255", "192.169.0.0", "198.17.255.255"),
    *("198.20.0.0", "223.255.255.255", "11.0.0.0", "168.63.129.15", "192.0.1.0"),
    *("2606:4700:4700::1111", "2001:4860:4860::8888", "2a03:2880::1", "2001:200::1"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2003::"),
]
PRIVATE = [
    *("0.0.0.0", "0.1.2.3", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.127.255.255"),
    *("127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "172.16.0.0"),
    *("172.31.255.255", "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.0"),
    *("192.168.255.255", "198.18.0.0", "198.19.255.255", "198.51.100.7", "203.0.113.7"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.0", "255.255.255.255", "100.100.100.200"),
    *("168.63.129.16", "::", "::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254"),
    *("ff02::1", "ff0e::1", "fec0::1", "2001::1", "2001:db8::1", "2001:1ff::1", "2002:808:808::1"),
    *("3fff::1", "100::1", "5f00::1", "4000::", "1fff::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1"),
    *("64:ff9b::10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::8.8.8.8"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_the_internet(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", PRIVATE)
def test_what_is_not_the_internet(address: str) -> None:
    assert not is_public(address)


@given(st.ip_addresses())
def test_nothing_passes_that_the_standard_library_calls_private(address: object) -> None:
    ip = ip_address(str(address))
    if is_public(str(ip)):
        assert ip.is_global or ip.is_reserved or "ffff:" in str(ip) or "64:ff9b" in str(ip)
        assert not any((ip.is_multicast, ip.is_loopback, ip.is_link_local, ip.is_unspecified))


@pytest.mark.parametrize("spelling", ["127.1", "0x7f000001", "2130706433", "0177.0.0.1"])
def test_other_spellings_of_an_address_are_seen_through(spelling: str) -> None:
    with pytest.raises(MediaRefused, match="address_refused"):
        require_public(resolve(spelling, 80))


def test_one_private_address_among_public_ones_is_enough() -> None:
    tcp = socket.AF_INET
    require_public([(tcp, ("8.8.8.8", 443)), (tcp, ("1.1.1.1", 443))])
    with pytest.raises(MediaRefused, match="address_refused"):
        require_public([(tcp, ("8.8.8.8", 443)), (tcp, ("10.0.0.1", 443))])


@pytest.mark.parametrize("host", ["a" * 70 + ".example", "x\x00y"])
def test_a_name_that_is_none_is_not_found(host: str) -> None:
    with pytest.raises(MediaAway):
        resolve(host, 80)
