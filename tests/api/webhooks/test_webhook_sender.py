"""The sender's SSRF guard and limits, against real sockets."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.lti_gateway.http_client.test_ssrf_guard import PUBLIC, Names, Network

from mydocker_api.domain.webhooks.signing import new_secret
from mydocker_api.webhooks import sender
from mydocker_api.webhooks.sender import Message, Outcome, Sender
from mydocker_kit.outgoing.pinned_dns import PinnedTransport
from mydocker_kit.outgoing.reach import Reach


@asynccontextmanager
async def answering(answer: bytes, *, then_wait: bool = False) -> AsyncIterator[int]:
    """A server that reads a request and writes these bytes; gives its port."""
    release = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        await writer.drain()
        if then_wait:
            await release.wait()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        release.set()
        server.close()


async def sent(url: str, reach: Reach, transport: PinnedTransport | None = None) -> Outcome:
    sending = Sender(reach, transport)
    try:
        return await sending.send(Message("m", url, [new_secret()], b"{}"), 1)
    finally:
        await sending.aclose()


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.7", "169.254.169.254", "::1"])
async def test_a_name_that_leads_inside_is_not_called(address: str) -> None:
    network = Network()
    transport = PinnedTransport(Reach(), resolve=Names([[address]]), backend=network)
    outcome = await sent("https://hook.example/", Reach(), transport)
    assert (outcome.status, outcome.error) == (None, "address_private")
    assert network.reached == []


async def test_a_name_that_changes_its_mind_is_called_at_the_address_that_was_judged() -> None:
    """DNS rebinding: public when it is checked, private a moment later."""
    network, names = Network(), Names([[PUBLIC], ["127.0.0.1"]])
    transport = PinnedTransport(Reach(), resolve=names, backend=network)
    await sent("https://hook.example/", Reach(), transport)
    assert network.reached == [(PUBLIC, 443)]
    assert names.requests == 1
    again = await sent(
        "https://hook.example/",
        Reach(),
        PinnedTransport(Reach(), resolve=names, backend=network),
    )
    assert again.error == "address_private"
    assert network.reached == [(PUBLIC, 443)]


async def test_a_redirect_to_a_private_address_is_an_answer_like_any_other() -> None:
    reply = b"HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\nContent-Length: 0\r\n\r\n"
    async with answering(reply) as port:
        outcome = await sent(f"http://127.0.0.1:{port}/", Reach.parse(f"127.0.0.1:{port}"))
    assert (outcome.status, outcome.is_accepted) == (302, False)


async def test_an_answer_that_never_ends_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "SECONDS", 0.3)
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"
    async with answering(head + b"slow", then_wait=True) as port:
        outcome = await sent(f"http://127.0.0.1:{port}/", Reach.parse("127.0.0.1"))
    assert (outcome.status, outcome.error) == (None, "timeout")


async def test_only_the_start_of_an_answer_is_read() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\nRetry-After: 7\r\n\r\n"
    async with answering(head + b"x" * 5000, then_wait=True) as port:
        outcome = await sent(f"http://127.0.0.1:{port}/", Reach.parse("127.0.0.1"))
    assert (outcome.status, outcome.is_accepted, outcome.retry_after) == (200, True, 7)
    assert outcome.excerpt == "x" * 500


async def test_what_is_no_http_is_unreachable() -> None:
    async with answering(b"220 mail.example ESMTP\r\n") as port:
        outcome = await sent(f"http://127.0.0.1:{port}/", Reach.parse("127.0.0.1"))
    assert outcome.error == "unreachable"
