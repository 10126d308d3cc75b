"""A port is ready when what speaks there speaks its protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.orchestrator.environments import Address, PortKind
from mydocker_orchestrator.domain.checks.port_diagnosis import ProbeResult
from mydocker_orchestrator.probes.port_probe import probe
from mydocker_orchestrator.probes.prober import FIRST_TIMEOUT, Prober, Target


async def answers(kind: PortKind, address: Address) -> bool:
    return await probe(kind, address, FIRST_TIMEOUT) is ProbeResult.READY


@asynccontextmanager
async def listening(first: bytes, after: bytes = b"") -> AsyncIterator[Address]:
    """A server that says `first`, and `after` once it was spoken to; then hangs up."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        if after:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(after)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(speak, "127.0.0.1", 0)
    async with server:
        yield Address(port=1, host="127.0.0.1", host_port=server.sockets[0].getsockname()[1])


@asynccontextmanager
async def silent() -> AsyncIterator[Address]:
    """A server that accepts and waits."""

    async def wait(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(wait, "127.0.0.1", 0)
    async with server:
        yield Address(port=1, host="127.0.0.1", host_port=server.sockets[0].getsockname()[1])


def http(status: int) -> bytes:
    return f"HTTP/1.1 {status} Whatever\r\nContent-Length: 0\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("kind", "first", "after", "expected"),
    [
        (PortKind.SSH, b"SSH-2.0-x\r\n", b"", True),
        (PortKind.SSH, b"HTTP/1.0 200\r\n", b"", False),
        (PortKind.VNC, b"RFB 003.008\n", b"", True),
        (PortKind.VNC, b"", b"", False),
        (PortKind.TCP, b"anything", b"", True),
        (PortKind.TCP, b"", b"", False),
        (PortKind.WEB, b"", http(200), True),
        (PortKind.WEB, b"", http(302), True),
        (PortKind.WEB, b"", http(404), True),
        (PortKind.WEB, b"", http(500), True),
        (PortKind.WEB, b"", http(502), False),
        (PortKind.WEB, b"", http(503), False),
        (PortKind.WEB, b"", http(410), False),
        (PortKind.WEB, b"", b"SSH-2.0-x\r\n", False),
        (PortKind.WEB, b"", b"", False),
    ],
)
async def test_each_kind_is_known_by_its_words(
    kind: PortKind, first: bytes, after: bytes, expected: bool
) -> None:
    async with listening(first, after) as address:
        assert await answers(kind, address) is expected


async def test_silence_is_an_answer_only_for_plain_tcp() -> None:
    async with silent() as address:
        assert await answers(PortKind.TCP, address)
        for kind in (PortKind.SSH, PortKind.VNC, PortKind.WEB):
            assert not await answers(kind, address)


async def test_nobody_there_is_no_answer() -> None:
    assert not await answers(PortKind.TCP, Address(port=1, host="127.0.0.1", host_port=1))


async def test_the_prober_rings_when_a_port_answers_and_forgets_who_is_no_target() -> None:
    rung = asyncio.Event()
    prober = Prober(rung.set)
    async with listening(b"SSH-2.0-x\r\n") as address:
        target = Target(UUID(int=7), 1, a_port(), address)
        prober.set_targets({target})
        await asyncio.wait_for(rung.wait(), 2)
        assert prober.ready_ports == {target.key}
        prober.set_targets({target})
        assert prober.ready_ports == {target.key}
        prober.set_targets(set())
        assert prober.ready_ports == set()
    prober.stop()


async def test_a_desktop_that_is_slow_to_begin_is_asked_once() -> None:
    """It counts who leaves without a word, and shuts for everybody after a few."""
    rung, came = asyncio.Event(), []

    async def begin(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer)
        await asyncio.sleep(4 * FIRST_TIMEOUT)
        writer.write(b"RFB 003.008\n")
        writer.close()

    async with await asyncio.start_server(begin, "127.0.0.1", 0) as server:
        port = a_port(kind=PortKind.VNC)
        there = Address(port=1, host="127.0.0.1", host_port=server.sockets[0].getsockname()[1])
        prober = Prober(rung.set)
        prober.set_targets({Target(UUID(int=7), 1, port, there)})
        await asyncio.wait_for(rung.wait(), 20)
        prober.stop()
    assert len(came) == 1
