"""Why a required port is not ready: the probe result and the sockets that listen inside. Pure.

From outside, most causes look the same: the engine's proxy accepts a connection and closes it.
The sockets that the kernel lists inside the container (`/proc/net/tcp`, `/proc/net/tcp6`) tell a
program that never listened from one that listens where nobody outside reaches it.
"""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

_ENGINE_DNS = "127.0.0.11"
"""Docker's name server, inside each container on a network of ours."""
_LISTEN = "0A"  # TCP_LISTEN in the kernel's include/net/tcp_states.h
_MAX_NAMED = 5


class ProbeResult(StrEnum):
    """What one probe of a port found."""

    READY = "ready"
    CLOSED = "closed"
    """Refused, or accepted by the engine's proxy and closed at once."""
    SILENT = "silent"
    """The connection stays open and nothing is sent within the timeout."""
    UNAVAILABLE = "unavailable"
    """HTTP 502, 503 or 410: a server that is not ready yet."""
    TLS_ONLY = "tls_only"
    """A port of the kind `web` that speaks HTTPS."""
    NO_TLS = "no_tls"
    """A port of the kind `https` that speaks no TLS."""
    OTHER_PROTOCOL = "other_protocol"
    """It answers, in another protocol than that of its kind."""


class PortProblem(StrEnum):
    """What is wrong with an unready port; the browser has a text for each."""

    NOTHING_LISTENS = "nothing_listens"
    LOOPBACK_ONLY = "loopback_only"
    IPV6_ONLY = "ipv6_only"
    UNAVAILABLE = "unavailable"
    TLS_ONLY = "tls_only"
    NO_TLS = "no_tls"
    OTHER_PROTOCOL = "other_protocol"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class Listener:
    """A TCP socket that listens inside a container."""

    address: str
    port: int

    @property
    def is_loopback(self) -> bool:
        return ipaddress.ip_address(self.address).is_loopback

    @property
    def is_ipv6(self) -> bool:
        return ":" in self.address


def parse_listeners(text: str) -> tuple[Listener, ...]:
    """The listening sockets in the text of `/proc/net/tcp` and `/proc/net/tcp6`.

    Lines that have another shape are skipped: the text comes from a container.
    """
    unique = dict.fromkeys(_listeners(text.splitlines()))
    return tuple(listener for listener in unique if listener.address != _ENGINE_DNS)


def _listeners(lines: Iterable[str]) -> Iterator[Listener]:
    for line in lines:
        fields = line.split()
        if len(fields) < 4 or fields[3] != _LISTEN or not fields[0].endswith(":"):
            continue
        address, _, port = fields[1].partition(":")
        try:
            yield Listener(_address(address), int(port, 16))
        except ValueError:
            continue


def _address(text: str) -> str:
    """Four bytes at a time, each group in the byte order of the machine (little-endian)."""
    raw = bytes.fromhex(text)
    if len(raw) not in (4, 16):
        raise ValueError(text)
    groups = (raw[at : at + 4][::-1] for at in range(0, len(raw), 4))
    return str(ipaddress.ip_address(b"".join(groups)))


def diagnose(
    port: int, answer: ProbeResult | None, listeners: tuple[Listener, ...] | None
) -> PortProblem:
    """What is wrong with this port. `listeners` is None where they cannot be read."""
    by_answer = {
        ProbeResult.UNAVAILABLE: PortProblem.UNAVAILABLE,
        ProbeResult.TLS_ONLY: PortProblem.TLS_ONLY,
        ProbeResult.NO_TLS: PortProblem.NO_TLS,
        ProbeResult.OTHER_PROTOCOL: PortProblem.OTHER_PROTOCOL,
    }
    if answer in by_answer:
        return by_answer[answer]
    on_port = [listener for listener in listeners or () if listener.port == port]
    if listeners is not None and not on_port:
        return PortProblem.NOTHING_LISTENS
    if on_port and all(listener.is_loopback for listener in on_port):
        return PortProblem.LOOPBACK_ONLY
    if on_port and all(listener.is_ipv6 for listener in on_port) and answer is ProbeResult.CLOSED:
        return PortProblem.IPV6_ONLY
    if listeners is None and answer is ProbeResult.CLOSED:
        return PortProblem.NOTHING_LISTENS
    return PortProblem.NO_ANSWER


def other_ports(port: int, listeners: tuple[Listener, ...] | None) -> str:
    """Other ports that listen, as a list for a sentence: `3000, 5000`; empty for none."""
    numbers = sorted({listener.port for listener in listeners or ()} - {port})
    return ", ".join(str(number) for number in numbers[:_MAX_NAMED])
