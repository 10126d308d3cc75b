"""The relay of streams: whom it believes, where it connects, and how a stream ends."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from mydocker_bastion.domain.request_head import RequestHead, UnreadableHead
from mydocker_kit.clients.api import BASTION
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.bastion.ssh import SshState
from mydocker_kit.contracts.bastion.streams import StreamGrant
from mydocker_kit.contracts.orchestrator.environments import Address
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity
from tests.bastion.conftest import BastionStack
from tests.conftest import ServiceKeys
from tests.support.certificate import self_signed

UPGRADE = b"GET /chat HTTP/1.1\r\nHost: lab\r\nX-Stream: %s\r\nUpgrade: websocket\r\n\r\n"
FORWARDED = b"GET /chat HTTP/1.1\r\nHost: lab\r\nUpgrade: websocket\r\n\r\n"
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Send = Callable[[bytes], Awaitable[Streams]]


@pytest.fixture
def identity(service_keys: ServiceKeys) -> ServiceIdentity:
    """Api's, whose tokens alone are accepted."""
    return ServiceIdentity.load(API_AUDIENCE, service_keys.private[API_AUDIENCE].get_secret_value())


@asynccontextmanager
async def echo_server(certificate: Path | None = None) -> AsyncIterator[Address]:
    """An environment that sends back every byte it receives."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()

    context = None
    if certificate:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    try:
        yield Address(port=8888, host="127.0.0.1", host_port=port, tls=certificate is not None)
    finally:
        server.close()


def grant_of(bastion: BastionStack, address: Address) -> StreamGrant:
    return StreamGrant(
        environment_id=bastion.api.id,
        attempt=bastion.api.attempt,
        web_session_id=bastion.api.web_session_id,
        address=address,
    )


@pytest.fixture
async def send(bastion: BastionStack) -> AsyncIterator[Send]:
    """Sends the head of a request to the relay, on a connection of its own."""
    writers: list[asyncio.StreamWriter] = []

    async def sent(head: bytes) -> Streams:
        reader, writer = await asyncio.open_connection("127.0.0.1", bastion.app.state.stream_port)
        writers.append(writer)
        writer.write(head)
        return reader, writer

    yield sent
    for writer in writers:
        writer.transport.abort()


async def opened(
    send: Send, bastion: BastionStack, identity: ServiceIdentity, address: Address
) -> Streams:
    """A stream through which the environment has sent back the request it received."""
    token = identity.stream_token(grant_of(bastion, address), utc_now()).encode()
    reader, writer = await send(UPGRADE % token)
    assert await received(reader, len(FORWARDED)) == FORWARDED
    return reader, writer


async def received(reader: asyncio.StreamReader, count: int) -> bytes:
    async with asyncio.timeout(30):
        return await reader.readexactly(count)


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(30):
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True


@pytest.mark.parametrize("is_encrypted", [False, True])
async def test_bytes_pass_in_both_directions_and_the_token_does_not(
    send: Send, bastion: BastionStack, identity: ServiceIdentity, tmp_path: Path, is_encrypted: bool
) -> None:
    certificate = self_signed(tmp_path) if is_encrypted else None
    async with echo_server(certificate) as address:
        reader, writer = await opened(send, bastion, identity, address)
        large = bytes(range(256)) * 8192
        writer.write(large)
        assert await received(reader, len(large)) == large


async def test_a_stream_ends_with_its_web_session(
    send: Send, bastion: BastionStack, identity: ServiceIdentity
) -> None:
    async with echo_server() as address:
        reader, _ = await opened(send, bastion, identity, address)
        bastion.api.is_away = True
        await asyncio.sleep(0.5)
        bastion.api.is_away = False
        bastion.api.is_signed_out = True
        assert await is_closed(reader)
    assert list(bastion.app.state.relay.connections.all()) == []


async def test_a_stream_ends_with_its_environment_and_with_the_next_attempt(
    send: Send, bastion: BastionStack, identity: ServiceIdentity
) -> None:
    async with echo_server() as address:
        reader, _ = await opened(send, bastion, identity, address)
        bastion.api.attempt = 2
        assert await is_closed(reader)
        reader, _ = await opened(send, bastion, identity, address)
        bastion.api.state = SshState.STOPPED
        assert await is_closed(reader)


async def test_only_a_fresh_token_that_api_signed_for_a_stream_is_accepted(
    send: Send, bastion: BastionStack, identity: ServiceIdentity, service_keys: ServiceKeys
) -> None:
    other = ServiceIdentity.load(BASTION, service_keys.private[BASTION].get_secret_value())
    posing, now = ServiceIdentity(API_AUDIENCE, other.key), utc_now()
    async with echo_server() as address:
        grant = grant_of(bastion, address)
        good = identity.stream_token(grant, now)
        heads = [
            UPGRADE.replace(b"X-Stream: %s\r\n", b""),
            UPGRADE % b"nonsense",
            (UPGRADE % good.encode()).replace(b"Host: lab", b"X-Stream: " + good.encode()),
            UPGRADE % other.stream_token(grant, now).encode(),
            UPGRADE % posing.stream_token(grant, now).encode(),
            UPGRADE % identity.stream_token(grant, now - timedelta(seconds=120)).encode(),
            UPGRADE % identity.desktop_token(bastion.api.visit, now).encode(),
            UPGRADE % identity.token_for(BASTION, now).encode(),
            (UPGRADE % good.encode()).replace(b"HTTP/1.1", b"HTTP/1.0"),
        ]
        for head in heads:
            reader, _ = await send(head)
            assert (await reader.read()).startswith(b"HTTP/1.1 403 "), head


async def test_an_environment_that_does_not_answer_closes_without_a_response(
    send: Send, bastion: BastionStack, identity: ServiceIdentity
) -> None:
    """The edge then shows its own page."""
    nobody = Address(port=8888, host="127.0.0.1", host_port=1)
    token = identity.stream_token(grant_of(bastion, nobody), utc_now()).encode()
    reader, _ = await send(UPGRADE % token)
    assert await is_closed(reader)


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\n", b"x" * 400_000, b""])
async def test_a_request_that_never_ends_is_closed(
    send: Send, bastion: BastionStack, head: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mydocker_bastion.streams.relay.HEAD_SECONDS", 0.5)
    reader, _ = await send(head)
    assert await is_closed(reader)


async def test_an_environment_has_a_limit_of_streams(
    send: Send, bastion: BastionStack, identity: ServiceIdentity
) -> None:
    async with echo_server() as address:
        for _ in range(2):
            await opened(send, bastion, identity, address)
        token = identity.stream_token(grant_of(bastion, address), utc_now()).encode()
        reader, _ = await send(UPGRADE % token)
        assert (await reader.read()).startswith(b"HTTP/1.1 503 ")


async def test_a_slow_reader_holds_the_environment_back(
    send: Send, bastion: BastionStack, identity: ServiceIdentity
) -> None:
    """Nothing accumulates in the relay."""
    stopped = asyncio.Event()

    async def flood(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.set_write_buffer_limits(65_536)
        for _number in range(2000):  # 128 MB; the kernel's buffers hold a few
            writer.write(b"x" * 65_536)
            try:
                async with asyncio.timeout(1):
                    await writer.drain()
            except TimeoutError:
                stopped.set()
                writer.transport.abort()
                return

    server: Any = await asyncio.start_server(flood, "127.0.0.1", 0)
    address = Address(port=8888, host="127.0.0.1", host_port=server.sockets[0].getsockname()[1])
    token = identity.stream_token(grant_of(bastion, address), utc_now()).encode()
    await send(UPGRADE % token)
    async with asyncio.timeout(30):
        await stopped.wait()
    server.close()


def test_the_head_of_a_request_is_read_as_far_as_needed() -> None:
    head = RequestHead.parse(b"GET / HTTP/1.1\r\nA: 1\r\nx-STREAM : t \r\n\r\n")
    assert head.single("x-stream") == "t"
    assert head.without("x-stream") == b"GET / HTTP/1.1\r\nA: 1\r\n\r\n"
    for text in (b"\r\n\r\n", b"GET /\r\n\r\n", b"SSH-2.0-x\r\n\r\n"):
        with pytest.raises(UnreadableHead):
            RequestHead.parse(text)
    with pytest.raises(UnreadableHead):
        head.single("absent")
