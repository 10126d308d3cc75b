"""What a browser says and hears at the bridge, and VNC servers that talk as scripted."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import websockets
from tests.bastion.conftest import BastionStack
from websockets.asyncio.client import ClientConnection

from mydocker_bastion.domain import rfb
from mydocker_kit.clock import utc_now
from mydocker_kit.tokens import ServiceIdentity

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


GREETED = rfb.NEWEST + b"\1"


def connected(bastion: BastionStack, *tokens: str) -> websockets.connect:
    return websockets.connect(
        f"ws://127.0.0.1:{bastion.app.state.desktop_port}/",
        additional_headers=[("X-Desktop", token) for token in tokens],
        proxy=None,
    )


def look(bastion: BastionStack, identity: ServiceIdentity) -> websockets.connect:
    """A visit as the edge brings it."""
    return connected(bastion, identity.desktop_token(bastion.api.visit, utc_now()))


async def said(socket: ClientConnection, count: int) -> bytes:
    """So many bytes of the desktop."""
    got = b""
    async with asyncio.timeout(100):
        while len(got) < count:
            part = await socket.recv()
            assert isinstance(part, bytes)
            got += part
    return got


async def why(socket: ClientConnection) -> tuple[int | None, str | None]:
    """Code and reason of the end."""
    async with asyncio.timeout(100):
        await socket.wait_closed()
    return socket.close_code, socket.close_reason


async def opened(socket: ClientConnection) -> bytes:
    """Go through the opening that a signed-in line shows; the server's first words are given."""
    assert await said(socket, 12) == rfb.NEWEST
    await socket.send(rfb.NEWEST)
    assert await said(socket, 2) == rfb.NO_AUTH_OFFER
    await socket.send(b"\1")
    assert await said(socket, 4) == rfb.SECURITY_OK
    await socket.send(b"\1")
    return await said(socket, 27)


@asynccontextmanager
async def played(bastion: BastionStack, talk: Talk) -> AsyncIterator[list[bytes]]:
    """A VNC server that talks as scripted; the list collects what it receives."""
    received: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            while data := await reader.read(4096):
                received.append(data)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    bastion.api.vnc_port = server.sockets[0].getsockname()[1]
    try:
        yield received
    finally:
        server.close()
