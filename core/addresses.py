"""Which addresses belong to the internet, and which to networks that nobody outside may reach."""

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from core.errors import MediaAway, MediaRefused

Place = tuple[socket.AddressFamily, tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]]

# https://www.iana.org/assignments/iana-ipv4-special-registry, multicast, and an address of Azure
# that leads into the host. The lists are our own because that of `ipaddress` differs by release.
_NOT_PUBLIC_4 = tuple(
    map(
        IPv4Network,
        (
            *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
            *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16"),
            *("198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4"),
            "168.63.129.16/32",
        ),
    )
)
# https://www.iana.org/assignments/iana-ipv6-special-registry: of all IPv6 only this is given to
# the internet, but for what follows. 6to4 and Teredo are tunnels to an IPv4 address inside.
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")),
)
# Their last 32 bits are the IPv4 address that is meant: mapped ones, and NAT64 (RFC 6052).
_CARRIERS = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the internet's; raises ValueError when it is none."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return not any(ip in network for network in _NOT_PUBLIC_4)
    if any(ip in network for network in _CARRIERS):
        return is_public(str(IPv4Address(int(ip) & 0xFFFFFFFF)))
    return _is_unicast(ip)


def _is_unicast(ip: IPv6Address) -> bool:
    return ip in _PUBLIC_6 and not any(ip in network for network in _NOT_PUBLIC_6)


def resolve(host: str, port: int) -> list[Place]:
    """Return all places of `host`, as the system's resolver knows them; raises MediaAway."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError):  # a name that cannot be written as one is a ValueError
        raise MediaAway("host not found") from None
    return [(family, place) for family, _, _, _, place in found]


def require_public(places: list[Place]) -> None:
    """Raise MediaRefused `address_refused` if any of `places` lies inside a private network."""
    if not all(is_public(str(place[0])) for _, place in places):
        raise MediaRefused("address_refused")
