"""What one probe says of servers that speak something else than their port's kind promises."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from tests.support.certificate import self_signed

from mydocker_kit.contracts.orchestrator.environments import Address, PortKind
from mydocker_orchestrator.domain.checks.port_diagnosis import ProbeResult
from mydocker_orchestrator.probes.port_probe import examine, probe

PATIENCE = 2.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
WANTS_TLS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"


@pytest.fixture(scope="module")
def tls(tmp_path_factory: pytest.TempPathFactory) -> ssl.SSLContext:
    """A server's context with a certificate that only it believes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path_factory.mktemp("tls")))
    return context


@asynccontextmanager
async def serving(
    after_request: bytes, at_once: bytes = b"", tls: ssl.SSLContext | None = None
) -> AsyncIterator[Address]:
    """A server that says `at_once`, and answers one request with `after_request`."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            writer.write(at_once)
            if after_request:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(after_request)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(speak, "127.0.0.1", 0, ssl=tls) as server:
        yield Address(port=1, host="127.0.0.1", host_port=server.sockets[0].getsockname()[1])


async def test_a_page_over_tls_is_ready_for_https_and_diagnosed_for_web(
    tls: ssl.SSLContext,
) -> None:
    async with serving(OK, tls=tls) as address:
        assert await probe(PortKind.HTTPS, address, PATIENCE) is ProbeResult.READY
        assert await probe(PortKind.WEB, address, PATIENCE) is not ProbeResult.READY
        assert await examine(PortKind.WEB, address) is ProbeResult.TLS_ONLY


async def test_an_https_server_that_cannot_serve_yet_is_not_ready(tls: ssl.SSLContext) -> None:
    busy = OK.replace(b"200 OK", b"503 Busy")
    async with serving(busy, tls=tls) as address:
        assert await probe(PortKind.HTTPS, address, PATIENCE) is ProbeResult.UNAVAILABLE


async def test_a_bad_request_over_tls_is_an_answer(tls: ssl.SSLContext) -> None:
    async with serving(WANTS_TLS, tls=tls) as address:
        assert await probe(PortKind.HTTPS, address, PATIENCE) is ProbeResult.READY


async def test_a_plain_page_is_diagnosed_for_https() -> None:
    async with serving(OK) as address:  # hangs up on a handshake, or waits for the rest of it
        assert await probe(PortKind.HTTPS, address, PATIENCE) is not ProbeResult.READY
        assert await examine(PortKind.HTTPS, address) is ProbeResult.NO_TLS
    async with serving(b"", at_once=OK) as address:
        assert await probe(PortKind.HTTPS, address, PATIENCE) is ProbeResult.NO_TLS


async def test_a_bad_request_without_tls_behind_it_is_an_answer() -> None:
    async with serving(WANTS_TLS) as address:
        assert await probe(PortKind.WEB, address, PATIENCE) is ProbeResult.READY


@pytest.mark.parametrize("kind", [PortKind.WEB, PortKind.HTTPS, PortKind.VNC])
async def test_another_protocol_is_diagnosed(kind: PortKind) -> None:
    async with serving(b"", at_once=b"SSH-2.0-x\r\n") as address:
        expected = ProbeResult.NO_TLS if kind is PortKind.HTTPS else ProbeResult.OTHER_PROTOCOL
        assert await probe(kind, address, PATIENCE) is expected


@pytest.mark.parametrize("kind", list(PortKind))
async def test_nobody_there_is_closed(kind: PortKind) -> None:
    nobody = Address(port=1, host="127.0.0.1", host_port=1)
    assert await probe(kind, nobody, PATIENCE) is ProbeResult.CLOSED
    assert await examine(kind, nobody) is ProbeResult.CLOSED


async def test_endless_lines_are_another_protocol() -> None:
    async with serving(b"", at_once=b"x" * 200_000) as address:
        assert await probe(PortKind.WEB, address, PATIENCE) is ProbeResult.OTHER_PROTOCOL
