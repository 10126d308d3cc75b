"""Fetches the files of an Image from api, which stores them, into a folder of one build."""

import asyncio
import tarfile
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.errors import ProblemError


class ContextUnavailable(Exception):
    """The files could not be fetched."""


@dataclass(frozen=True)
class ContextStore:
    """The build contexts at api."""

    api: ApiClient

    @asynccontextmanager
    async def fetched(self, digest: str | None) -> AsyncIterator[Path | None]:
        """A folder with the files of this context, removed at the end; None without a digest.

        The archive and its files lie on disk at once, at most twice the size of a context.
        """
        if digest is None:
            yield None
            return
        with tempfile.TemporaryDirectory(prefix="context-") as scratch:
            archive, files = Path(scratch) / "context.tar", Path(scratch) / "files"
            try:
                await self._download(digest, archive)
                await asyncio.to_thread(_unpack, archive, files)
            except (ProblemError, tarfile.TarError, OSError) as error:
                message = f"The files of this image could not be fetched: {error}"
                raise ContextUnavailable(message) from error
            yield files

    async def _download(self, digest: str, archive: Path) -> None:
        with archive.open("wb") as file:
            async for data in self.api.build_context(digest):
                await asyncio.to_thread(file.write, data)


def _unpack(archive: Path, files: Path) -> None:
    """Unpack an archive of api's, whose names it has checked; the filter checks them again."""
    files.mkdir()
    with tarfile.open(archive, "r:") as opened:
        opened.extractall(files, filter="data")
    archive.unlink()
