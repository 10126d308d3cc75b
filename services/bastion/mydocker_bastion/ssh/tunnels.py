"""Tunnels that the bastion opens itself, into environments without an SSH server."""

import asyncio
from collections.abc import Sequence
from typing import Any

import asyncssh

from mydocker_kit.contracts.orchestrator.environments import Address

from ..domain.forwarding import is_own_environment
from .pipes import PipeEnd, join

CONNECT_SECONDS = 5.0


class _TcpChannel:
    """Adapts a TCP transport to the methods of an asyncssh channel that pipes use."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.has_received_eof = self.has_sent_eof = False
        self.pause_reading = transport.pause_reading
        self.resume_reading = transport.resume_reading
        self.close = transport.close

    def write(self, data: bytes, datatype: int | None = None) -> None:
        self._transport.write(data)

    def write_eof(self) -> None:
        self.has_sent_eof = True
        if self.has_received_eof:
            self.close()
        elif not self._transport.is_closing():
            self._transport.write_eof()


class TcpEnd(PipeEnd, asyncio.Protocol):
    """The end in the environment: plain TCP. Closes after EOF in both directions."""

    def connection_made(self, chan: Any) -> None:
        """`chan` is what asyncio calls a transport."""
        super().connection_made(_TcpChannel(chan))

    def eof_received(self) -> bool:
        self.channel.has_received_eof = True
        super().eof_received()
        return not self.channel.has_sent_eof


def declared_address(tunnels: Sequence[Address], host: str, port: int) -> Address | None:
    """The address of a declared port; None for any other destination."""
    if not is_own_environment(host):
        return None
    return next((address for address in tunnels if address.port == port), None)


async def open_tunnel(outer: PipeEnd, inner: TcpEnd, address: Address) -> None:
    """Connect the two ends of a tunnel to this port."""
    join(outer, inner)
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            await loop.create_connection(lambda: inner, address.host, address.host_port)
    except (OSError, TimeoutError) as error:
        raise asyncssh.ChannelOpenError(asyncssh.OPEN_CONNECT_FAILED, str(error)) from error
