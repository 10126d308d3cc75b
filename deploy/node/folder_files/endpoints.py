"""HTTP endpoints of work folders' files. Only for who signs with the orchestrator's key.

Served by the agent of a machine, and beside the services by `python -m deploy.node.folder_files`.
"""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Path as ApiPath
from fastapi.responses import StreamingResponse

from mydocker_kit.contracts.orchestrator.volumes import VolumeSizes, VolumeSizesRequest
from mydocker_kit.contracts.orchestrator.work_files import (
    ArchiveRequest,
    FilePath,
    FilesRemoved,
    FileWritten,
    FolderListing,
    LargestFiles,
    RemovalRequest,
    Restored,
    RestoreRequest,
    SnapshotContent,
)
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.web.dependencies import calling_service

from . import tree
from .access import VolumeAccess
from .archives import tar_stream
from .restoring import restore
from .snapshots import SnapshotStore
from .writing import IncomingFile, remove

log = get_logger()
_AT_ONCE = 2
"""Snapshots and restores of one machine: its disk serves the environments first."""
_CHUNK = 256 * 1024
VolumeName = Annotated[str, ApiPath(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]
SnapshotId = Annotated[UUID | None, Query()]
Below = Annotated[FilePath, Query()]
router = APIRouter(prefix="/folders", tags=["folders"], dependencies=[Depends(calling_service)])


class FolderFiles:
    """The volumes and the snapshots of one machine."""

    def __init__(self, access: Callable[[], VolumeAccess], store: SnapshotStore) -> None:
        self._access, self.store = access, store
        self.slots = asyncio.Semaphore(_AT_ONCE)

    @property
    def access(self) -> VolumeAccess:
        return self._access()

    @contextmanager
    def opened(self, volume: str, snapshot: UUID | None) -> Iterator[Path]:
        """The folder as it is now, or as the snapshot is."""
        if snapshot is not None:
            yield self.store.data(volume, str(snapshot))
            return
        with self.access.opened(volume) as folder:
            yield folder


async def _files(request: Request) -> FolderFiles:
    files: FolderFiles = request.app.state.folder_files
    return files


Files = Annotated[FolderFiles, Depends(_files)]


@router.get("/{volume}/files")
async def list_folder(
    volume: VolumeName, files: Files, path: Below = "", snapshot: SnapshotId = None
) -> FolderListing:
    """The entries of one folder, now or in a snapshot."""

    def look() -> FolderListing:
        with files.opened(volume, snapshot) as root:
            return tree.listing(root, path)

    return await asyncio.to_thread(look)


@router.get("/{volume}/largest")
async def list_largest(volume: VolumeName, files: Files) -> LargestFiles:
    """The files that take most of the folder."""

    def look() -> LargestFiles:
        with files.opened(volume, None) as root:
            return LargestFiles(files=tree.largest(root))

    return await asyncio.to_thread(look)


@router.get("/{volume}/content", response_class=StreamingResponse)
async def read_content(
    volume: VolumeName, files: Files, path: Below, snapshot: SnapshotId = None
) -> StreamingResponse:
    """The bytes of one file."""
    opened = ExitStack()

    def begin() -> tuple[int, int]:
        root = opened.enter_context(files.opened(volume, snapshot))
        file = opened.enter_context(tree.file_at(root, path))
        return file, os.fstat(file).st_size

    try:
        file, size = await asyncio.to_thread(begin)
    except BaseException:
        await asyncio.to_thread(opened.close)
        raise

    def content() -> Iterator[bytes]:
        with opened:
            while data := os.read(file, _CHUNK):
                yield data

    headers = {"X-File-Size": str(size)}
    return StreamingResponse(content(), media_type="application/octet-stream", headers=headers)


@router.put("/{volume}/content")
async def write_content(
    volume: VolumeName, request: Request, files: Files, path: Below, replace: bool = False
) -> FileWritten:
    """Put the bytes of the body into a file; nothing is changed before all have arrived."""
    opened = ExitStack()

    def begin() -> IncomingFile:
        root = opened.enter_context(files.opened(volume, None))
        file = IncomingFile(root, path, replace=replace)
        opened.callback(file.discard)
        return file

    try:
        file = await asyncio.to_thread(begin)
        async for data in request.stream():
            await asyncio.to_thread(file.write, data)
        written = await asyncio.to_thread(file.finish)
    finally:
        await asyncio.to_thread(opened.close)
    log.info("file.written", volume=volume, size=written.bytes, replaced=written.replaced)
    return written


@router.post("/{volume}/removals")
async def remove_files(volume: VolumeName, body: RemovalRequest, files: Files) -> FilesRemoved:
    """Delete files and folders. Idempotent."""

    def take_away() -> FilesRemoved:
        with files.opened(volume, None) as root:
            return FilesRemoved(removed=remove(root, body.paths))

    removed = await asyncio.to_thread(take_away)
    log.info("file.removed", volume=volume, count=removed.removed)
    return removed


@router.post("/{volume}/archive", response_class=StreamingResponse)
async def pack_folder(volume: VolumeName, body: ArchiveRequest, files: Files) -> StreamingResponse:
    """A tar stream of the folder, a snapshot, or some of its files."""

    def packed() -> Iterator[bytes]:
        with files.opened(volume, body.snapshot) as root:
            yield from tar_stream(root, body.paths, body.prefix, end=body.end)

    blocks = packed()
    # The first block before the answer: what is refused, is refused with its code.
    first = await asyncio.to_thread(next, blocks, b"")

    def stream() -> Iterator[bytes]:
        yield first
        yield from blocks

    return StreamingResponse(stream(), media_type="application/x-tar")


@router.post("/sizes")
async def measure_folders(body: VolumeSizesRequest, files: Files) -> VolumeSizes:
    """Bytes that these volumes take; without those that could not be measured in time."""
    return VolumeSizes(sizes=await asyncio.to_thread(files.access.sizes, body.names))


@router.put("/{volume}/snapshots/{id}")
async def take_snapshot(volume: VolumeName, id: UUID, files: Files) -> SnapshotContent:
    """Copy the folder as it is now; a snapshot that is there stays. Idempotent."""

    def take() -> SnapshotContent:
        with files.opened(volume, None) as root:
            return files.store.take(volume, str(id), root)

    async with files.slots:
        content = await asyncio.to_thread(take)
    log.info("snapshot.taken", volume=volume, snapshot=id, files=content.files, size=content.bytes)
    return content


@router.delete("/{volume}/snapshots/{id}", status_code=204)
async def remove_snapshot(volume: VolumeName, id: UUID, files: Files) -> None:
    """Delete a snapshot. Idempotent."""
    await asyncio.to_thread(files.store.remove, volume, str(id))


@router.post("/{volume}/restore")
async def restore_folder(volume: VolumeName, body: RestoreRequest, files: Files) -> Restored:
    """Put files of a snapshot back into the folder, or all of them. Idempotent."""

    def put_back() -> Restored:
        data = files.store.data(volume, str(body.snapshot))
        with files.opened(volume, None) as root, files.store.locked(volume):
            return restore(data, root, body.paths)

    async with files.slots:
        restored = await asyncio.to_thread(put_back)
    log.info("snapshot.restored", volume=volume, snapshot=body.snapshot, files=restored.files)
    return restored


@router.delete("/{volume}", status_code=204)
async def erase_folder(volume: VolumeName, files: Files) -> None:
    """Delete the volume and all its snapshots; refused while a container has it. Idempotent."""

    def erase() -> None:
        files.access.erase(volume)
        files.store.remove_all(volume)

    await asyncio.to_thread(erase)
    log.info("folder.erased", volume=volume)
