"""SSRF guard: resolve once, check the address, connect to that address (prevents DNS rebinding).

Checking a name and connecting to it afterwards resolves it twice, and the owner of the name can
answer differently the second time. The check is therefore in the network backend that opens the
socket; TLS and the Host header use the name. Existing libraries for httpx cache names or share
connections between names with the same address; this backend of httpcore does neither.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from ..observability.logging import get_logger
from ..observability.metrics import OUTGOING_REFUSED
from .certificates import trusted_certificates
from .reach import Address, Reach

log = get_logger()
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
_SECONDS_PER_ADDRESS = 2.0
"""Connect timeout per address, so that an address that drops packets leaves time for others."""


class AddressNotAllowed(Exception):
    """The name resolves to addresses that are not allowed."""


async def system_resolve(host: str, port: int) -> Sequence[Address]:
    """Addresses from the system's resolver, in its order."""
    entries = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in entries))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets to allowed addresses only."""

    def __init__(
        self,
        reach: Reach,
        resolve: Resolve = system_resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
    ) -> None:
        self._reach, self._resolve = reach, resolve
        self._backend = backend or httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own name
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to the first allowed address that accepts it."""
        wait = min(timeout or _SECONDS_PER_ADDRESS, _SECONDS_PER_ADDRESS)
        failure: Exception = httpcore.ConnectError("no address")
        for address in await self._addresses(host, port):
            try:
                return await self._backend.connect_tcp(
                    str(address), port, wait, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressNotAllowed("no server of others is on a local socket")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[Address]:
        try:
            resolved = await self._resolve(host, port)
        except (OSError, ValueError, UnicodeError) as error:
            raise httpcore.ConnectError("the name is not known") from error
        allowed = [address for address in resolved if self._reach.allows(host, port, address)]
        if resolved and not allowed:
            OUTGOING_REFUSED.inc()
            log.warning("outgoing.refused", host=host, port=port, address=str(resolved[0]))
            raise AddressNotAllowed(f"{host} is not on the open internet")
        return allowed


class PinnedTransport(httpx.AsyncHTTPTransport):
    """httpx transport over `PinnedBackend`."""

    def __init__(
        self,
        reach: Reach,
        *,
        resolve: Resolve = system_resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
        certificates: ssl.SSLContext | None = None,
        connections: int | None = 100,
    ) -> None:
        """`connections` at most at the same time; None where the caller bounds them itself."""
        # The system's certificate store: institutions add their own authorities there.
        trusted = certificates or trusted_certificates()
        super().__init__(verify=trusted, trust_env=False)
        # httpx has no argument for a network backend: this replaces its pool, with its own limits.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=connections,
            max_keepalive_connections=20,
            keepalive_expiry=5,
            network_backend=PinnedBackend(reach, resolve, backend),
        )
