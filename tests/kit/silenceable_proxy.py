"""A proxy to PostgreSQL that a test silences: it passes no more data and closes nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from sqlalchemy.engine import make_url

_SOCKET = ".s.PGSQL.5432"


class SilenceableProxy:
    """Passes bytes between its own socket and the database's, until it is silenced."""

    def __init__(self, database_url: str, folder: Path) -> None:
        known = make_url(database_url)
        self._there = Path(str(known.query["host"])) / _SOCKET
        self.here = folder / _SOCKET
        self.url = known.set(query={"host": str(folder)}).render_as_string(hide_password=False)
        """The database, through this proxy."""
        self._carrying: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._speaks = asyncio.Event()
        self._speaks.set()

    def silence(self) -> None:
        """Stop passing bytes of open connections; new connections work."""
        self._speaks.clear()
        self._speaks = asyncio.Event()
        self._speaks.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        speaks = self._speaks
        far_reader, far_writer = await asyncio.open_unix_connection(self._there)
        ways = ((reader, far_writer), (far_reader, writer))
        self._writers += [far_writer, writer]
        self._carrying |= {asyncio.create_task(_pass(*way, speaks)) for way in ways}

    async def cut(self) -> None:
        for task in self._carrying:
            task.cancel()
        await asyncio.gather(*self._carrying, return_exceptions=True)
        for writer in self._writers:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()


async def _pass(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, speaks: asyncio.Event
) -> None:
    with suppress(OSError):
        while data := await reader.read(65_536):
            await speaks.wait()
            writer.write(data)
    writer.close()


@asynccontextmanager
async def silenceable_proxy(database_url: str, folder: Path) -> AsyncIterator[SilenceableProxy]:
    proxy = SilenceableProxy(database_url, folder)
    server = await asyncio.start_unix_server(proxy.carry, proxy.here)
    try:
        yield proxy
    finally:
        server.close()
        await proxy.cut()
