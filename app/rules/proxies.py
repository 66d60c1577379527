"""Who asks where proxies stand in between: each tells whom it saw, and only some are believed."""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
MAPPED_BITS = 96
"""Of an IPv4 address written as one of IPv6, so much goes before it."""


class Proxies:
    """The addresses and networks of those that are believed."""

    def __init__(self, *texts: str) -> None:
        """Read them as they are set; raise `ValueError`."""
        self._networks = tuple(network_of(text) for text in texts)

    def asker(self, peer: str, forwarded: Iterable[str]) -> str:
        """Return who asks: the nearest that is none of these, or the farthest of these.

        `forwarded` names whom each proxy saw, the farthest first. Nothing is believed of what
        stands before a stranger, nor before what is no address: anybody may have written it.
        """
        found = address_of(peer)
        if found is None:
            return peer
        for said in reversed(list(forwarded)):
            if not any(found in network for network in self._networks):
                break
            seen = address_of(said)
            if seen is None:
                break
            found = seen
        return str(found)


NO_PROXIES = Proxies()


def address_of(text: str) -> Address | None:
    """Return an address as it was written, with a port or not; None where it is none."""
    bare = text.strip().strip('"')
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        found = ip_address(bare)
    except ValueError:
        return None
    return (found.ipv4_mapped if isinstance(found, IPv6Address) else None) or found


def network_of(text: str) -> Network:
    """Return an address or a network in CIDR notation; raise `ValueError`.

    The whole internet is no network of proxies.
    """
    found: Network = ip_network(text)
    mapped = found.network_address.ipv4_mapped if isinstance(found, IPv6Network) else None
    if mapped and found.prefixlen >= MAPPED_BITS:
        found = IPv4Network((mapped, found.prefixlen - MAPPED_BITS))
    if found.prefixlen == 0:
        raise ValueError(text)
    return found
