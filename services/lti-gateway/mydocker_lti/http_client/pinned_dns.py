"""Connections to other people's servers: the name is looked up once, judged, and that address used.

Checking a name first and connecting to it afterwards looks it up twice, and whoever owns the name
answers differently the second time. So the check sits where the socket is opened; the certificate
and the Host header stay those of the name. The libraries that do this for httpx keep a cache of
their own or share connections between names of one address; sixty lines over httpcore do neither.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterable, Sequence
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from mydocker_kit.logging import get_logger

from ..domain.reach import Address, Reach
from ..metrics import OUTGOING_REFUSED

log = get_logger()
Resolve = Callable[[str, int], Awaitable[Sequence[Address]]]
_SECONDS_EACH = 2.0
"""One address that swallows packets must not use up the time of the others."""


class AddressClosed(Exception):
    """The name leads where we do not go."""


async def system_resolve(host: str, port: int) -> Sequence[Address]:
    """What the machine's resolver says, in its order."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(entry[4][0]).partition("%")[0]) for entry in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Opens sockets to addresses within reach only."""

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
        """A connection to the first address that answers, of those we may use."""
        wait = min(timeout or _SECONDS_EACH, _SECONDS_EACH)
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
        raise AddressClosed("no platform is on a local socket")

    async def sleep(self, seconds: float) -> None:
        await self._backend.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> Sequence[Address]:
        try:
            found = await self._resolve(host, port)
        except (OSError, ValueError, UnicodeError) as error:
            raise httpcore.ConnectError("the name is not known") from error
        kept = [one for one in found if self._reach.allows(host, port, one)]
        if found and not kept:
            OUTGOING_REFUSED.inc()
            log.warning("outgoing.refused", host=host, port=port, address=str(found[0]))
            raise AddressClosed(f"{host} is not on the open internet")
        return kept


class PinnedTransport(httpx.AsyncHTTPTransport):
    """httpx over such connections."""

    def __init__(
        self,
        reach: Reach,
        *,
        resolve: Resolve = system_resolve,
        backend: httpcore.AsyncNetworkBackend | None = None,
        certificates: ssl.SSLContext | None = None,
    ) -> None:
        # The system's certificate store: institutions add their own authorities there.
        trusted = certificates or ssl.create_default_context()
        super().__init__(verify=trusted, trust_env=False)
        # httpx has no argument for it; the pool is httpcore's own, with httpx's usual limits.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=trusted,
            max_connections=100,
            max_keepalive_connections=20,
            keepalive_expiry=5,
            network_backend=PinnedBackend(reach, resolve, backend),
        )
