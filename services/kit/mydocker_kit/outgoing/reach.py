"""SSRF guard: addresses that others make us connect to are public, or named by an operator.

A platform's registration and launches contain the addresses of its keys, tokens and grades, and a
person writes the address of a webhook. They must not make us call our own machine, our own
network, or the cloud's metadata service.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

Address = IPv4Address | IPv6Address
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*"
)
_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_NEVER_PUBLIC = frozenset({ip_address("168.63.129.16")})
"""A public address that is link-local in fact: the metadata service of Azure."""


@dataclass(frozen=True)
class AllowedDestination:
    """A host or a network that an operator allows, on `port` or on all ports."""

    host: str | None
    network: IPv4Network | IPv6Network | None
    port: int | None

    def covers(self, host: str, port: int, address: Address) -> bool:
        if self.port not in (None, port):
            return False
        if self.network is not None:
            return address in self.network
        # A name may resolve to private machines, never to link-local (metadata) addresses.
        return host == self.host and not (
            address.is_link_local or address.is_multicast or address.is_unspecified
        )


@dataclass(frozen=True)
class Reach:
    """The allowed destinations: public addresses and `named`."""

    named: tuple[AllowedDestination, ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Reach":
        """From `moodle.intra, 10.20.0.0/16, 127.0.0.1:8600`; `ValueError` for anything else."""
        return cls(tuple(_parse_destination(part) for part in text.split(",") if part.strip()))

    @classmethod
    def anywhere(cls) -> "Reach":
        """No restriction: for addresses from an operator's file, which are trusted."""
        return cls.parse("0.0.0.0/0, ::/0")

    def allows(self, host: str, port: int, address: Address) -> bool:
        """Whether to connect to this address, which `host` resolved to."""
        host = host.lower().rstrip(".")
        effective = list(_effective_addresses(address))
        if all(_is_public(candidate) for candidate in effective):
            return True
        return any(
            destination.covers(host, port, candidate)
            for destination in self.named
            for candidate in effective[-1:]
        )

    def names(self, host: str, port: int) -> bool:
        """Whether an operator named this host itself."""
        host = host.lower().rstrip(".")
        try:
            address: Address = ip_address(host)
        except ValueError:
            return any(
                destination.host == host and destination.port in (None, port)
                for destination in self.named
            )
        return any(destination.covers(host, port, address) for destination in self.named)


def _parse_destination(part: str) -> AllowedDestination:
    text, port = part.strip().lower(), None
    network = _network(text)
    if network is None and (split := re.fullmatch(r"(.+):(\d{1,5})", text)):
        text, port = split[1].removeprefix("[").removesuffix("]"), int(split[2])
        network = _network(text)
    if (network is None and not _HOST.fullmatch(text)) or port == 0 or (port or 0) > 65535:
        raise ValueError(f"{part.strip()!r} is no host, address or network, with or without a port")
    return AllowedDestination(None if network else text, network, port)


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text)
    except ValueError:
        return None


def _effective_addresses(address: Address) -> Iterator[Address]:
    """The address, then the IPv4 address it embeds, if any, where packets are delivered."""
    yield address
    if not isinstance(address, IPv6Address):
        return
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address.teredo is not None:
        inner = address.teredo[1]
    if inner is None and any(address in network for network in _NAT64):
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        yield inner


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return True  # the embedded IPv4 address is checked as well
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and address not in _NEVER_PUBLIC
    )
