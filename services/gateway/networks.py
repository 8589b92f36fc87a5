"""Network addresses: which of them count as one, and how much of something each has at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import IPv4Address, ip_address, ip_network


class NoPlace(Exception):
    """This network address (or whoever is counted) has as many as it may."""


class Places:
    """At most `most` at once for each network address, or whoever is counted by name."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._taken: Counter[str] = Counter()

    def take(self, network: str) -> None:
        """Raises NoPlace where all are taken."""
        if self._taken[network] >= self._most:
            raise NoPlace
        self._taken[network] += 1

    def leave(self, network: str) -> None:
        """Give one back; who has none left is forgotten."""
        self._taken[network] -= 1
        if not self._taken[network]:
            del self._taken[network]

    @contextmanager
    def within(self, network: str) -> Iterator[None]:
        """One place for as long as this lasts; raises NoPlace."""
        self.take(network)
        try:
            yield
        finally:
            self.leave(network)


def network_of(host: str) -> str:
    """The address itself, or the /64 of an IPv6 one; a mapped IPv4 address is what it maps.

    One household has a whole network of IPv6 addresses (RFC 6177: /64 or more): it counts as one.
    """
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found, 64), strict=False))
