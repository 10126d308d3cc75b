"""The bridge to desktops: whom it lets in, what it says to both sides, and how it ends."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from mydocker_bastion.desktops.vnc_auth import challenge_response
from mydocker_bastion.domain import rfb
from mydocker_kit.clients.api import BASTION
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.desktops import DesktopVisit
from mydocker_kit.contracts.ssh import SshState
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity
from tests.bastion.conftest import Campus
from tests.conftest import ServiceKeys
from tests.support.desktops import HEIGHT, WIDTH, Desktop, desktop

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
GREETED = rfb.NEWEST + b"\1"


@pytest.fixture
def identity(service_keys: ServiceKeys) -> ServiceIdentity:
    """Api's, which alone may send visitors."""
    return ServiceIdentity.load(API_AUDIENCE, service_keys.private[API_AUDIENCE].get_secret_value())


@pytest.fixture
def real(campus: Campus, tmp_path: Path) -> Iterator[Desktop]:
    """A VNC server that knows the environment's generated password."""
    with desktop(tmp_path, campus.api.password) as made:
        campus.api.vnc_port = made.port
        yield made


def connected(campus: Campus, *tokens: str) -> websockets.connect:
    return websockets.connect(
        f"ws://127.0.0.1:{campus.app.state.desktop_port}/",
        additional_headers=[("X-Desktop", one) for one in tokens],
        proxy=None,
    )


def look(campus: Campus, identity: ServiceIdentity) -> websockets.connect:
    """A visit as the edge brings it."""
    return connected(campus, identity.desktop_token(campus.api.visit, utc_now()))


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
async def played(campus: Campus, talk: Talk) -> AsyncIterator[list[bytes]]:
    """A server that answers as it likes; what it is told collects itself in the list."""
    told: list[bytes] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            while data := await reader.read(4096):
                told.append(data)
        except (OSError, EOFError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    campus.api.vnc_port = server.sockets[0].getsockname()[1]
    try:
        yield told
    finally:
        server.close()


async def test_a_real_desktop_opens_without_a_password_and_ends_with_its_environment(
    campus: Campus, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(campus, identity) as socket:
        hello = await opened(socket)
        assert (int.from_bytes(hello[:2], "big"), int.from_bytes(hello[2:4], "big")) == (
            *(WIDTH, HEIGHT),
        )
        campus.api.state = SshState.STOPPED
        assert await why(socket) == (4000, "ended")
    campus.api.state = SshState.OPEN
    async with look(campus, identity) as socket:
        await opened(socket)
        campus.api.attempt = 2
        assert await why(socket) == (4000, "restarted")
    async with look(campus, identity) as socket:
        await opened(socket)
        real.kill()
        assert await why(socket) == (4000, "silent")
    assert list(campus.app.state.bridge.connections.all()) == []


async def test_a_desktop_ends_with_its_web_session(
    campus: Campus, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(campus, identity) as socket:
        await opened(socket)
        campus.api.is_signed_out = True
        assert await why(socket) == (4000, "signed_out")


async def test_a_password_of_the_students_own_is_asked_by_the_page(
    campus: Campus, identity: ServiceIdentity, real: Desktop
) -> None:
    campus.api.password = "no longer that one"
    for _ in range(2):
        async with look(campus, identity) as socket:
            # The server's own words from the first byte: what follows is between it and the page.
            assert await said(socket, 12) == rfb.NEWEST
            await socket.send(rfb.NEWEST)
            assert await said(socket, 2) == b"\1\2"
            await socket.send(b"\2")
            await socket.send(challenge_response(await said(socket, 16), real.password))
            assert await said(socket, 4) == rfb.SECURITY_OK


async def test_only_what_api_signed_for_this_visitor_is_believed(
    campus: Campus, identity: ServiceIdentity, service_keys: ServiceKeys
) -> None:
    visit, now = campus.api.visit, utc_now()
    other = ServiceIdentity.load(BASTION, service_keys.private[BASTION].get_secret_value())
    posing = ServiceIdentity(API_AUDIENCE, other.key)
    good = identity.desktop_token(visit, now)
    for tokens in (
        (),
        ("",),
        ("nonsense",),
        ("page",),
        (good[:-4] + "AAAA",),
        (good, good),
        (other.desktop_token(visit, now),),
        (posing.desktop_token(visit, now),),
        (identity.desktop_token(visit, now - timedelta(seconds=120)),),
        (identity.token_for("mydocker-desktop", now),),  # signed by api, for something else
        (identity.token_for("mydocker-bastion", now),),
    ):
        with pytest.raises(websockets.InvalidStatus) as refused:
            async with connected(campus, *tokens):
                pass
        assert refused.value.response.status_code == 403


async def test_api_decides_where_it_leads_whatever_was_signed(
    campus: Campus, identity: ServiceIdentity
) -> None:
    """A web port, another's environment, one that stopped: no connection is tried."""
    visit = campus.api.visit

    async def tried(changed: DesktopVisit) -> tuple[int | None, str | None]:
        async with connected(campus, identity.desktop_token(changed, utc_now())) as socket:
            return await why(socket)

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tries.append(1)

    tries: list[int] = []
    async with played(campus, hear):
        for change in (
            {"port": 8888},
            {"user_id": uuid4()},
            {"environment_id": uuid4()},
        ):
            assert await tried(visit.model_copy(update=change)) == (4000, "ended")
        campus.api.state = SshState.STOPPED
        assert await tried(visit) == (4000, "ended")
        campus.api.is_away = True
        assert await tried(visit) == (4000, "platform_away")
    assert tries == []


@pytest.mark.parametrize(
    "words",
    [b"", b"RFB 00", b"SSH-2.0-OpenSSH_9.2\r\n", b"RFB 003.008\n", b"RFB 003.008\n\2\1"],
    ids=["nothing", "cut", "ssh", "no types", "cut types"],
)
async def test_what_is_no_vnc_server_is_said_to_be_silent(
    campus: Campus, identity: ServiceIdentity, words: bytes
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(words)
        writer.write_eof()

    async with played(campus, talk), look(campus, identity) as socket:
        assert await why(socket) == (4000, "silent")


async def test_a_port_where_nobody_listens_is_said_to_be_silent(
    campus: Campus, identity: ServiceIdentity
) -> None:
    campus.api.vnc_port = 1
    async with look(campus, identity) as socket:
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
    campus: Campus, identity: ServiceIdentity, greeting: bytes, rest: bytes, reply: bytes
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting + rest + b"x" * 27)
        assert await reader.readexactly(12 + len(reply) + 1) == greeting + reply + b"\1"

    async with played(campus, talk), look(campus, identity) as socket:
        assert await opened(socket) == b"x" * 27


async def test_a_server_that_turns_us_away_tells_the_person_why(
    campus: Campus, identity: ServiceIdentity
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n\0\0\0\0\4full")

    async with played(campus, talk), look(campus, identity) as socket:
        assert (await said(socket, 21)).endswith(b"full")


@pytest.mark.parametrize(
    "words", ["RFB 003.008\n", b"GET / HTTP/1.1\r\n\r\n", b"RFB 003.008\n\2"], ids=str
)
async def test_a_browser_that_says_something_else_is_sent_away(
    campus: Campus, identity: ServiceIdentity, words: Any
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"RFB 003.008\n\1\1" + rfb.SECURITY_OK)
        await reader.readexactly(13)

    async with played(campus, talk) as told, look(campus, identity) as socket:
        await socket.send(words)
        assert await why(socket) == (4000, "unknown")
    assert told == []


async def test_a_message_beyond_the_bound_ends_the_visit(
    campus: Campus, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(campus, identity) as socket:
        await opened(socket)
        await socket.send(b"x" * 300_000)
        assert (await why(socket))[0] == 1009


async def test_a_desktop_is_open_only_so_often(
    campus: Campus, identity: ServiceIdentity, real: Desktop
) -> None:
    async with look(campus, identity) as one, look(campus, identity) as two:
        await opened(one)
        await opened(two)
        async with look(campus, identity) as three:
            assert await why(three) == (4000, "crowded")


async def test_who_does_not_take_the_picture_holds_the_server_back(
    campus: Campus, identity: ServiceIdentity
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

    token = identity.desktop_token(campus.api.visit, utc_now())
    async with played(campus, talk):
        _, writer = await asyncio.open_connection("127.0.0.1", campus.app.state.desktop_port)
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
