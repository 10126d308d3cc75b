"""The bridge of desktops: a WebSocket from the edge on one side, a VNC server on the other.

Data flow: the edge forwards a browser's WebSocket with a token that api signed. The bridge verifies
it, asks api for the address and the password, authenticates at the VNC server, plays the server's
part of the handshake to the browser, and then copies bytes in both directions with backpressure.

Invariant: the environment comes from the token and the address from api, never from the browser, so
reaching the port gives access to nothing. It keeps no state: a restart closes all desktops with the
reason, and the page connects again.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from uuid import UUID

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.bastion.desktops import DesktopTarget, DesktopVisit
from mydocker_kit.errors import Conflict, NotFound, ProblemError, Unauthenticated
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import ServiceTrust

from ..connections import ConnectionRegistry
from ..domain import rfb
from ..domain.notices import Notice
from ..metrics import DESKTOP_BYTES, DESKTOP_CONNECTS, DESKTOP_DISCONNECTS
from ..settings import Settings
from . import vnc

log = get_logger()
TOKEN = "X-Desktop"  # noqa: S105
ENDED = 4000
"""WebSocket close code of the bridge; its reason is a `Notice`."""
LARGEST_MESSAGE = 262_144
HANDSHAKE_SECONDS = 20.0
REASON_TIMEOUT = 2.0
"""Time limit for the reason of a lost VNC connection."""


@dataclass(eq=False)
class OpenDesktop:
    """One open desktop, as the registry knows it."""

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


class _DesktopEnded(Exception):
    """The desktop cannot be shown, or no longer."""

    def __init__(self, notice: Notice) -> None:
        super().__init__(notice)
        self.notice = notice


@dataclass
class Bridge:
    """The WebSocket server, and what all desktops share."""

    settings: Settings
    api: ApiClient
    trust: ServiceTrust
    connections: ConnectionRegistry
    refusals: vnc.PasswordRefusals = field(default_factory=vnc.PasswordRefusals)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Server]:
        """Serve the bridge's port; close all desktops with the reason at the end."""
        quiet = logging.getLogger("mydocker.websockets")
        quiet.setLevel(logging.CRITICAL)  # lost connections are normal, and logged here
        async with serve(
            self._serve,
            self.settings.desktop_listen_host,
            self.settings.desktop_listen_port,
            process_request=self._check_token,
            compression=None,  # pictures are compressed already
            max_size=LARGEST_MESSAGE,
            max_queue=16,
            write_limit=vnc.CHUNK_BYTES,
            open_timeout=HANDSHAKE_SECONDS,
            ping_interval=30,
            ping_timeout=60,
            close_timeout=5,
            server_header=None,
            logger=quiet,
        ) as server:
            try:
                yield server
            finally:
                self.connections.close_all(Notice.SERVICE_RESTARTS)

    def _check_token(self, connection: ServerConnection, request: Request) -> Response | None:
        try:
            self._verified(request)
        except Unauthenticated:
            DESKTOP_CONNECTS.labels("forged").inc()
            log.warning("desktop.refused")
            return connection.respond(HTTPStatus.FORBIDDEN, "")
        return None

    def _verified(self, request: Request | None) -> DesktopVisit:
        tokens = request.headers.get_all(TOKEN) if request else []
        if len(tokens) != 1:
            raise Unauthenticated("not one desktop token")
        return self.trust.desktop_visit(tokens[0])

    async def _serve(self, socket: ServerConnection) -> None:
        """Serve one WebSocket until it ends."""
        try:
            token = self._verified(socket.request)
        except Unauthenticated:  # it expired during this request
            return
        try:
            notice = await self._show(socket, token)
        except _DesktopEnded as ended:
            notice = ended.notice
        except ConnectionClosed:
            DESKTOP_DISCONNECTS.labels("left").inc()
            return
        except Exception:
            log.exception("desktop.connection_failed", id=token.environment_id)
            notice = Notice.SILENT
        DESKTOP_DISCONNECTS.labels(notice).inc()
        log.info("desktop.ended", id=token.environment_id, why=notice)
        await socket.close(ENDED, notice)

    async def _show(self, socket: ServerConnection, token: DesktopVisit) -> Notice:
        """Show the desktop until it ends; return why it did."""
        target = await self._target(token)
        loop = asyncio.get_running_loop()
        desktop = OpenDesktop(
            target.attempt, token.web_session_id, loop.time(), loop.create_future()
        )
        id = token.environment_id
        if not self.connections.add(id, desktop):
            raise _DesktopEnded(Notice.CROWDED)
        try:
            connection = await self._connect(token, target)
            try:
                return await self._copy_both(socket, connection, token, desktop)
            finally:
                await vnc.abort(connection)
        finally:
            self.connections.remove(id, desktop)

    async def _target(self, token: DesktopVisit) -> DesktopTarget:
        try:
            return await self.api.desktop(token)
        except (NotFound, Conflict) as error:
            raise _DesktopEnded(Notice.ENDED) from error
        except ProblemError as error:
            raise _DesktopEnded(Notice.PLATFORM_AWAY) from error

    async def _connect(self, token: DesktopVisit, target: DesktopTarget) -> vnc.VncConnection:
        try:
            connection = await vnc.connect(
                self.refusals,
                token.environment_id,
                target.attempt,
                target.address,
                target.password,
            )
        except vnc.NoVncServer as error:
            log.warning("desktop.silent", id=token.environment_id, error=error)
            raise _DesktopEnded(Notice.SILENT) from error
        outcome = "signed_in" if connection.is_signed_in else "asks"
        DESKTOP_CONNECTS.labels(outcome).inc()
        log.info("desktop.entered", id=token.environment_id, port=token.port, how=outcome)
        return connection

    async def _copy_both(
        self,
        socket: ServerConnection,
        connection: vnc.VncConnection,
        token: DesktopVisit,
        desktop: OpenDesktop,
    ) -> Notice:
        """Copy data in both directions until a side ends, or the registry ends the desktop."""
        if connection.is_signed_in:
            connection.writer.write(await _browser_handshake(socket))
        outward = asyncio.ensure_future(_to_browser(connection, socket, desktop))
        inward = asyncio.ensure_future(_to_server(socket, connection, desktop))
        try:
            ends: set[asyncio.Future[Any]] = {outward, inward, desktop.ended}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if desktop.ended.done():
                return desktop.ended.result()
            if inward.done() and not isinstance(inward.exception(), OSError):
                inward.result()  # raises: the person has disconnected
            return await self._reason(token, desktop)
        finally:
            for task in (outward, inward):
                task.cancel()
            await asyncio.gather(outward, inward, return_exceptions=True)

    async def _reason(self, token: DesktopVisit, desktop: OpenDesktop) -> Notice:
        """Why the VNC connection was lost: the environment restarts, or only its VNC server."""
        try:
            async with asyncio.timeout(REASON_TIMEOUT):
                target = await self._target(token)
        except _DesktopEnded as ended:
            return ended.notice
        except TimeoutError:
            return Notice.SILENT
        return Notice.RESTARTED if target.attempt > desktop.attempt else Notice.SILENT


async def _browser_handshake(socket: ServerConnection) -> bytes:
    """Play the server's part of the handshake to a browser; return its data after it."""
    received = b""
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            await socket.send(rfb.NEWEST)
            while len(received) < rfb.GREETING_LENGTH:
                received += await _bytes(socket)
            await socket.send(rfb.NO_AUTH_OFFER)
            while len(received) == rfb.GREETING_LENGTH:
                received += await _bytes(socket)
            await socket.send(rfb.SECURITY_OK)
    except TimeoutError as error:
        raise _DesktopEnded(Notice.IDLE) from error
    end = rfb.GREETING_LENGTH + 1
    if received[:end] != rfb.NEWEST + bytes([rfb.Security.NONE]):
        raise _DesktopEnded(Notice.UNKNOWN)
    return received[end:]


async def _bytes(socket: ServerConnection) -> bytes:
    message = await socket.recv()
    if isinstance(message, str):
        raise _DesktopEnded(Notice.UNKNOWN)
    return message


async def _to_browser(
    connection: vnc.VncConnection, socket: ServerConnection, desktop: OpenDesktop
) -> None:
    while data := await connection.reader.read(vnc.CHUNK_BYTES):
        desktop.touch()
        DESKTOP_BYTES.labels("out").inc(len(data))
        await socket.send(data)


async def _to_server(
    socket: ServerConnection, connection: vnc.VncConnection, desktop: OpenDesktop
) -> None:
    while True:
        data = await _bytes(socket)
        desktop.touch()
        DESKTOP_BYTES.labels("in").inc(len(data))
        connection.writer.write(data)
        await connection.writer.drain()
