"""VNC servers of every kind behind the bridge, and browsers that send too much or too little."""

import asyncio
from typing import Any

import pytest
from tests.bastion.conftest import BastionStack
from tests.bastion.desktops.viewers import GREETED, look, opened, played, said, why
from tests.support.desktops import Desktop

from mydocker_bastion.domain import rfb
from mydocker_kit.clock import utc_now
from mydocker_kit.tokens import ServiceIdentity


@pytest.mark.parametrize(
    "words",
    [b"", b"RFB 00", b"SSH-2.0-OpenSSH_9.2\r\n", b"RFB 003.008\n", b"RFB 003.008\n\2\1"],
    ids=["nothing", "cut", "ssh", "no types", "cut types"],
)
async def test_what_is_no_vnc_server_is_said_to_be_silent(
    bastion: BastionStack, identity: ServiceIdentity, words: bytes
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.write_eof()

    async with played(bastion, talk), look(bastion, identity) as socket:
        assert await why(socket) == (4000, "silent")


async def test_a_port_where_nobody_listens_is_said_to_be_silent(
    bastion: BastionStack, identity: ServiceIdentity
) -> None:
    bastion.api.vnc_port = 1
    async with look(bastion, identity) as socket:
        assert await why(socket) == (4000, "silent")


@pytest.mark.parametrize(
    ("greeting", "rest", "reply"),
    [
        (b"RFB 003.003\n", b"\0\0\0\1", b""),
        (b"RFB 003.007\n", b"\1\1", b"\1"),
        (b"RFB 003.008\n", b"\1\1" + rfb.SECURITY_OK, b"\1"),
    ],
)
async def test_servers_of_every_version_without_a_password_open(
    bastion: BastionStack, identity: ServiceIdentity, greeting: bytes, rest: bytes, reply: bytes
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting + rest + b"x" * 27)
        assert await reader.readexactly(12 + len(reply) + 1) == greeting + reply + b"\1"

    async with played(bastion, talk), look(bastion, identity) as socket:
        assert await opened(socket) == b"x" * 27


async def test_a_server_that_turns_us_away_tells_the_person_why(
    bastion: BastionStack, identity: ServiceIdentity
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n\0\0\0\0\4full")

    async with played(bastion, talk), look(bastion, identity) as socket:
        assert (await said(socket, 21)).endswith(b"full")


@pytest.mark.parametrize(
    "words", ["RFB 003.008\n", b"GET / HTTP/1.1\r\n\r\n", b"RFB 003.008\n\2"], ids=str
)
async def test_a_browser_that_says_something_else_is_sent_away(
    bastion: BastionStack, identity: ServiceIdentity, words: Any
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n\1\1" + rfb.SECURITY_OK)
        await reader.readexactly(13)

    async with played(bastion, talk) as received, look(bastion, identity) as socket:
        await socket.send(words)
        assert await why(socket) == (4000, "unknown")
    assert received == []


async def test_a_message_beyond_the_bound_ends_the_visit(
    bastion: BastionStack, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(bastion, identity) as socket:
        await opened(socket)
        await socket.send(b"x" * 300_000)
        assert (await why(socket))[0] == 1009


async def test_a_desktop_is_open_only_so_often(
    bastion: BastionStack, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(bastion, identity) as first, look(bastion, identity) as second:
        await opened(first)
        await opened(second)
        async with look(bastion, identity) as third:
            assert await why(third) == (4000, "crowded")


async def test_who_does_not_take_the_picture_holds_the_server_back(
    bastion: BastionStack, identity: ServiceIdentity
) -> None:
    """Nothing collects itself in between: the server cannot go on writing."""
    stopped = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n\1\1" + rfb.SECURITY_OK)
        await reader.readexactly(13)
        writer.transport.set_write_buffer_limits(65_536)
        for _ in range(2000):  # 128 MB; the system's own buffers hold a few
            writer.write(b"x" * 65_536)
            try:
                async with asyncio.timeout(1):
                    await writer.drain()
            except TimeoutError:
                stopped.set()
                return

    token = identity.desktop_token(bastion.api.visit, utc_now())
    async with played(bastion, talk):
        _, writer = await asyncio.open_connection("127.0.0.1", bastion.app.state.desktop_port)
        writer.write(
            b"GET / HTTP/1.1\r\nHost: e\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
            b"X-Desktop: " + token.encode() + b"\r\n\r\n"
        )
        masked = bytes([0x82, 0x80 | len(GREETED), 0, 0, 0, 0]) + GREETED
        writer.write(masked)
        async with asyncio.timeout(30):
            await stopped.wait()
        writer.transport.abort()
