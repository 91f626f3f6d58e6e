"""What an address counts as, namely itself, its network, the block that one holder may have, but IPv6 never by single
address.

A household has a /64 or /56 of IPv6, a customer of a hoster a /48, a provider a /32. Of IPv4 a network is a /24, which
a guesser may rent whole, and in which a mobile carrier has thousands of people, so it is allowed more.
Knows: addresses. Must not know: requests, limits.
"""

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """Where a request comes from, by three sizes, each as a text such as `198.51.100.0/24`."""

    address: str
    network: str
    block: str


def origin_of(written: str) -> Origin:
    """Return the origin of an address as the server gives it, where whatever is none counts as one."""
    try:
        address = _plain(ip_address(written.partition("%")[0]))
    except ValueError:
        return Origin(address=UNKNOWN, network=UNKNOWN, block=UNKNOWN)
    sizes = (64, 48, 32) if isinstance(address, IPv6Address) else (32, 24, 16)
    whole, network, block = (str(ip_network((address, size), strict=False)) for size in sizes)
    return Origin(address=whole, network=network, block=block)


def _plain(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """Return an IPv4 address for one that is written as IPv6."""
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address
