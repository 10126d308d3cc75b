"""The line between orchestrator and engine, to be cut or silenced by tests."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

_EVENTS = b"/events"


class Cable:
    """Carries bytes between a socket of its own and the engine's."""

    def __init__(self, path: Path, engine: str) -> None:
        self.path, self._engine = path, engine.removeprefix("unix://")
        self._lines: dict[asyncio.StreamWriter, bool] = {}
        """Each open line, and whether events come on it."""
        self._is_silent = self._is_down = False
        self._carrying: set[asyncio.Task[None]] = set()
        self._streams = 0
        self._asked = asyncio.Condition()

    @property
    def url(self) -> str:
        return f"unix://{self.path}"

    async def asked_for_events(self, times: int) -> None:
        """Return once the event stream has been asked for so often."""
        async with asyncio.timeout(30), self._asked:
            await self._asked.wait_for(lambda: self._streams >= times)

    def cut_events(self) -> None:
        """End the event stream in the middle."""
        for writer, has_events in list(self._lines.items()):
            if has_events:
                writer.transport.abort()

    def silence_events(self) -> None:
        """No event comes any more, and nothing says so."""
        self._is_silent = True

    def cut(self) -> None:
        """End every call, and take no new one."""
        self._is_down = True
        for writer in list(self._lines):
            writer.transport.abort()

    async def ended(self) -> None:
        """Return once nothing is carried any more."""
        await asyncio.gather(*self._carrying, return_exceptions=True)
        await asyncio.sleep(0)  # an aborted transport closes its socket a moment later

    def heal(self) -> None:
        self._is_down = self._is_silent = False

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line, for as long as both ends hold it."""
        if self._is_down:
            writer.transport.abort()
            return
        self._lines[writer] = False
        task = asyncio.current_task()
        assert task is not None
        self._carrying.add(task)
        task.add_done_callback(self._carrying.discard)
        with contextlib.suppress(OSError):
            there, back = await asyncio.open_unix_connection(self._engine)
            ways = (self._asks(reader, writer, back), self._answers(there, writer))
            await asyncio.gather(*ways, return_exceptions=True)
            back.transport.abort()
        writer.transport.abort()
        self._lines.pop(writer, None)

    async def _asks(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        engine: asyncio.StreamWriter,
    ) -> None:
        try:
            while chunk := await reader.read(65536):
                if chunk.startswith(b"GET") and _EVENTS in chunk.split(b"\r\n", 1)[0]:
                    self._lines[writer] = True
                    async with self._asked:
                        self._streams += 1
                        self._asked.notify_all()
                engine.write(chunk)
                await engine.drain()
        finally:
            engine.transport.abort()  # so that the other direction ends as well

    async def _answers(self, engine: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while chunk := await engine.read(65536):
                if not (self._is_silent and self._lines.get(writer)):
                    writer.write(chunk)
                    await writer.drain()
        finally:
            writer.transport.abort()


@asynccontextmanager
async def laid(path: Path, engine: str) -> AsyncIterator[Cable]:
    """A cable to this engine, at `path`."""
    cable = Cable(path, engine)
    server = await asyncio.start_unix_server(cable.carry, path)
    try:
        yield cable
    finally:
        server.close()
        cable.cut()
        await cable.ended()
