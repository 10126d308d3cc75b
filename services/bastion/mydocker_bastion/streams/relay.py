"""Relays long-lived connections from the edge to environments, and ends them when they must end.

Data flow: the edge asks api about every request. For a WebSocket or an event stream api answers
with a token instead of an address, and the edge sends the request here. The relay verifies the
token, connects to the address in it, forwards the request without the token, and then copies bytes
in both directions with backpressure. It does not interpret what it copies.

Invariant: an open stream is in the registry with its web session and its environment's attempt; the
presence check of each second ends it once either is over. Without this a stream would live on for
as long as its connection: the edge asks only when it begins. Where the environment does not answer,
the connection closes without a response, so that the edge shows its own page.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

from mydocker_kit.contracts.bastion.streams import StreamGrant
from mydocker_kit.contracts.orchestrator.environments import Address
from mydocker_kit.errors import Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import ServiceTrust

from ..connections import ConnectionRegistry
from ..domain.notices import Notice
from ..domain.request_head import RequestHead, UnreadableHead
from ..metrics import STREAM_CONNECTS, STREAM_DISCONNECTS
from ..settings import Settings

log = get_logger()
TOKEN_HEADER = "x-stream"  # noqa: S105
HEAD_LIMIT = 256 * 1024
"""Bytes of a request's line and headers; the cookies of an environment may be large."""
HEAD_SECONDS = 10.0
CONNECT_SECONDS = 2.0
CHUNK_BYTES = 64 * 1024
_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_CROWDED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Reader = asyncio.StreamReader
Writer = asyncio.StreamWriter


@dataclass(eq=False)
class OpenStream:
    """One open stream, as the registry knows it."""

    attempt: int
    web_session_id: UUID | None
    last_active: float
    ended: "asyncio.Future[Notice]"

    def touch(self) -> None:
        """Record that data passes."""
        self.last_active = asyncio.get_running_loop().time()

    def end(self, notice: Notice) -> None:
        if not self.ended.done():
            self.ended.set_result(notice)


@dataclass
class StreamRelay:
    """The server, and what all streams share."""

    settings: Settings
    trust: ServiceTrust
    connections: ConnectionRegistry
    tls: ssl.SSLContext = field(default_factory=lambda: _any_certificate())

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[asyncio.Server]:
        """Serve the relay's port; end all streams at the end."""
        server = await asyncio.start_server(
            self._serve,
            self.settings.stream_listen_host,
            self.settings.stream_listen_port,
            limit=HEAD_LIMIT,
            backlog=512,
        )
        try:
            yield server
        finally:
            server.close()
            self.connections.close_all(Notice.SERVICE_RESTARTS)

    async def _serve(self, reader: Reader, writer: Writer) -> None:
        try:
            await self._relay(reader, writer)
        except (OSError, EOFError, TimeoutError, asyncio.LimitOverrunError) as error:
            log.debug("stream.lost", error=repr(error))
        except Exception:
            log.exception("stream.failed")
        finally:
            writer.close()

    async def _relay(self, reader: Reader, writer: Writer) -> None:
        """Relay one request, its response and all that follows."""
        async with asyncio.timeout(HEAD_SECONDS):
            received = await reader.readuntil(b"\r\n\r\n")
        try:
            head = RequestHead.parse(received)
            grant = self.trust.stream_grant(head.single(TOKEN_HEADER))
        except (UnreadableHead, Unauthenticated):
            STREAM_CONNECTS.labels("forged").inc()
            log.warning("stream.refused")
            writer.write(_FORBIDDEN)
            return
        loop = asyncio.get_running_loop()
        stream = OpenStream(grant.attempt, grant.web_session_id, loop.time(), loop.create_future())
        id = grant.environment_id
        if not self.connections.add(id, stream):
            STREAM_CONNECTS.labels("crowded").inc()
            log.warning("stream.too_many", id=id)
            writer.write(_CROWDED)
            return
        try:
            await self._copy_both(reader, writer, grant, head.without(TOKEN_HEADER), stream)
        finally:
            self.connections.remove(id, stream)

    async def _copy_both(
        self, reader: Reader, writer: Writer, grant: StreamGrant, head: bytes, stream: OpenStream
    ) -> None:
        try:
            inner_reader, inner_writer = await self._connect(grant.address)
        except (OSError, TimeoutError):
            STREAM_CONNECTS.labels("silent").inc()
            return
        STREAM_CONNECTS.labels("opened").inc()
        inner_writer.write(head)
        inward = asyncio.ensure_future(_copy(reader, inner_writer, stream))
        outward = asyncio.ensure_future(_copy(inner_reader, writer, stream))
        try:
            await asyncio.wait((inward, outward, stream.ended), return_when=asyncio.FIRST_COMPLETED)
            if stream.ended.done():
                notice = stream.ended.result()
                STREAM_DISCONNECTS.labels(notice).inc()
                log.info("stream.ended", id=grant.environment_id, why=notice)
                writer.transport.abort()
        finally:
            for task in (inward, outward):
                task.cancel()
            await asyncio.gather(inward, outward, return_exceptions=True)
            inner_writer.transport.abort()

    async def _connect(self, address: Address) -> tuple[Reader, Writer]:
        async with asyncio.timeout(CONNECT_SECONDS):
            return await asyncio.open_connection(
                address.host,
                address.host_port,
                limit=CHUNK_BYTES,
                ssl=self.tls if address.tls else None,
                server_hostname=address.host if address.tls else None,
            )


async def _copy(reader: Reader, writer: Writer, stream: OpenStream) -> None:
    """Copy until this side ends; a lost connection is an end."""
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            stream.touch()
            writer.write(data)
            await writer.drain()


def _any_certificate() -> ssl.SSLContext:
    """Accept any certificate: an environment signs its own, on our own network."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
