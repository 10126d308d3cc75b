"""Tunnels that the bastion itself opens, into environments that have no SSH server."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncssh

from mydocker_kit.contracts.environments import Address

from .domain.forwarding import stays_inside
from .pipes import End, join

CONNECT_SECONDS = 5.0


class _Plug:
    """A TCP transport with the few words that a channel of asyncssh has."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.has_heard_all = self.has_said_all = False
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.close = transport.close

    def write(self, data: bytes, datatype: int | None = None) -> None:
        self._transport.write(data)

    def write_eof(self) -> None:
        self.has_said_all = True
        if self.has_heard_all:
            self.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()


class Wire(End, asyncio.Protocol):
    """The end inside the environment: plain TCP. Over once both sides have said all."""

    def connection_made(self, chan: Any) -> None:
        """`chan` is what asyncio calls a transport."""
        super().connection_made(_Plug(chan))

    def eof_received(self) -> bool:
        self.channel.has_heard_all = True
        super().eof_received()
        return not self.channel.has_said_all


def leads_to(tunnels: Sequence[Address], host: str, port: int) -> Address | None:
    """The declared port that is meant; None for anything else."""
    if not stays_inside(host):
        return None
    return next((one for one in tunnels if one.port == port), None)


async def opened(outer: End, inner: Wire, address: Address) -> None:
    """Connect the two ends of a tunnel to this port."""
    join(outer, inner)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await loop.create_connection(lambda: inner, address.host, address.host_port)
    except (OSError, TimeoutError) as error:
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, str(error)) from error
