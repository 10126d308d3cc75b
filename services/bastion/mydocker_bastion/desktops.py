"""Desktops in the browser: a WebSocket from the edge on one side, a VNC server on the other.

Only who holds a token that api signed for this visitor is let in, and where it leads is asked of
api, never of the visitor: nobody who merely reaches the port reaches an environment.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.desktops import DesktopPlace, DesktopVisit
from mydocker_kit.errors import Conflict, NotFound, ProblemError, Unauthenticated
from mydocker_kit.logging import get_logger
from mydocker_kit.tokens import ServiceTrust

from . import vnc
from .book import Book
from .domain import rfb
from .domain.sentences import Say
from .metrics import DESKTOP_BYTES, DESKTOP_ENDS, DESKTOP_VISITS
from .settings import Settings

log = get_logger()
TOKEN = "X-Desktop"  # noqa: S105
ENDED = 4000
"""Close code of every end of ours; its reason is a `Say`."""
LARGEST_MESSAGE = 262_144
HANDSHAKE_SECONDS = 20.0
WORD_SECONDS = 2.0
"""How long the reason of a lost environment may take."""


@dataclass(eq=False)
class Viewer:
    """One open desktop, as the book knows it."""

    attempt: int
    touched: float
    ended: "asyncio.Future[Say]"

    def touch(self) -> None:
        """Something passes."""
        self.touched = asyncio.get_running_loop().time()

    def end(self, say: Say) -> None:
        if not self.ended.done():
            self.ended.set_result(say)


class _Over(Exception):
    """The desktop cannot be shown, or no longer."""

    def __init__(self, say: Say) -> None:
        super().__init__(say)
        self.say = say


@dataclass
class Bridge:
    """What all desktops share."""

    settings: Settings
    api: ApiClient
    trust: ServiceTrust
    book: Book
    known: vnc.Known = field(default_factory=vnc.Known)

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[Server]:
        """Serve the bridge's port; whoever looks is told when it closes."""
        quiet = logging.getLogger("mydocker.websockets")
        quiet.setLevel(logging.CRITICAL)  # lost connections are everyday, and ours to log
        async with serve(
            self._look,
            self.settings.desktop_listen_host,
            self.settings.desktop_listen_port,
            process_request=self._checked,
            compression=None,  # pictures are packed already
            max_size=LARGEST_MESSAGE,
            max_queue=16,
            write_limit=vnc.AT_ONCE,
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
                self.book.end_all(Say.DOOR_RESTARTS)

    def _checked(self, connection: ServerConnection, request: Request) -> Response | None:
        try:
            self._visit(request)
        except Unauthenticated:
            DESKTOP_VISITS.labels("forged").inc()
            log.warning("desktop.refused")
            return connection.respond(HTTPStatus.FORBIDDEN, "")
        return None

    def _visit(self, request: Request | None) -> DesktopVisit:
        shown = request.headers.get_all(TOKEN) if request else []
        if len(shown) != 1:
            raise Unauthenticated("not one desktop token")
        return self.trust.desktop_visit(shown[0])

    async def _look(self, socket: ServerConnection) -> None:
        """One visit, from the first word to the last."""
        try:
            visit = self._visit(socket.request)
        except Unauthenticated:  # it ran out within this very request
            return
        try:
            say = await self._shown(socket, visit)
        except _Over as over:
            say = over.say
        except ConnectionClosed:
            DESKTOP_ENDS.labels("left").inc()
            return
        except Exception:
            log.exception("desktop.visit_failed", id=visit.environment_id)
            say = Say.SILENT
        DESKTOP_ENDS.labels(say).inc()
        log.info("desktop.ended", id=visit.environment_id, why=say)
        await socket.close(ENDED, say)

    async def _shown(self, socket: ServerConnection, visit: DesktopVisit) -> Say:
        """Show the desktop until it ends; why it did."""
        place = await self._place(visit)
        loop = asyncio.get_running_loop()
        viewer = Viewer(place.attempt, loop.time(), loop.create_future())
        id = visit.environment_id
        if not self.book.enter(id, viewer):
            raise _Over(Say.CROWDED)
        try:
            line = await self._line(visit, place)
            try:
                return await self._joined(socket, line, visit, viewer)
            finally:
                await vnc.hung_up(line)
        finally:
            self.book.leave(id, viewer)

    async def _place(self, visit: DesktopVisit) -> DesktopPlace:
        try:
            return await self.api.desktop(visit)
        except (NotFound, Conflict) as error:
            raise _Over(Say.ENDED) from error
        except ProblemError as error:
            raise _Over(Say.PLATFORM_AWAY) from error

    async def _line(self, visit: DesktopVisit, place: DesktopPlace) -> vnc.Line:
        try:
            line = await vnc.line(
                self.known, visit.environment_id, place.attempt, place.address, place.password
            )
        except vnc.Silent as error:
            log.warning("desktop.silent", id=visit.environment_id, error=error)
            raise _Over(Say.SILENT) from error
        outcome = "signed_in" if line.is_signed_in else "asks"
        DESKTOP_VISITS.labels(outcome).inc()
        log.info("desktop.entered", id=visit.environment_id, port=visit.port, how=outcome)
        return line

    async def _joined(
        self, socket: ServerConnection, line: vnc.Line, visit: DesktopVisit, viewer: Viewer
    ) -> Say:
        """Let through what both sides say until one of them, or we, end it."""
        if line.is_signed_in:
            line.writer.write(await _welcomed(socket))
        outward = asyncio.ensure_future(_to_browser(line, socket, viewer))
        inward = asyncio.ensure_future(_to_desktop(socket, line, viewer))
        try:
            ends: set[asyncio.Future[Any]] = {outward, inward, viewer.ended}
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
            if viewer.ended.done():
                return viewer.ended.result()
            if inward.done() and not isinstance(inward.exception(), OSError):
                inward.result()  # raises: the person has left
            return await self._reason(visit, viewer)
        finally:
            for one in (outward, inward):
                one.cancel()
            await asyncio.gather(outward, inward, return_exceptions=True)

    async def _reason(self, visit: DesktopVisit, viewer: Viewer) -> Say:
        """Why the desktop broke off: its environment is going, or only its VNC server."""
        try:
            async with asyncio.timeout(WORD_SECONDS):
                place = await self._place(visit)
        except _Over as over:
            return over.say
        except TimeoutError:
            return Say.SILENT
        return Say.RESTARTED if place.attempt > viewer.attempt else Say.SILENT


async def _welcomed(socket: ServerConnection) -> bytes:
    """The server's part of the opening, played to a browser; what it says beyond is returned."""
    said = b""
    try:
        async with asyncio.timeout(HANDSHAKE_SECONDS):
            await socket.send(rfb.NEWEST)
            while len(said) < rfb.GREETING_LENGTH:
                said += await _bytes(socket)
            await socket.send(rfb.OFFERED)
            while len(said) == rfb.GREETING_LENGTH:
                said += await _bytes(socket)
            await socket.send(rfb.GOOD)
    except TimeoutError as error:
        raise _Over(Say.IDLE) from error
    end = rfb.GREETING_LENGTH + 1
    if said[:end] != rfb.NEWEST + bytes([rfb.Security.NONE]):
        raise _Over(Say.UNKNOWN)
    return said[end:]


async def _bytes(socket: ServerConnection) -> bytes:
    message = await socket.recv()
    if isinstance(message, str):
        raise _Over(Say.UNKNOWN)
    return message


async def _to_browser(line: vnc.Line, socket: ServerConnection, viewer: Viewer) -> None:
    while data := await line.reader.read(vnc.AT_ONCE):
        viewer.touch()
        DESKTOP_BYTES.labels("out").inc(len(data))
        await socket.send(data)


async def _to_desktop(socket: ServerConnection, line: vnc.Line, viewer: Viewer) -> None:
    while True:
        data = await _bytes(socket)
        viewer.touch()
        DESKTOP_BYTES.labels("in").inc(len(data))
        line.writer.write(data)
        await line.writer.drain()
