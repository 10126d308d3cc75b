"""HTTP endpoints of work folders' files and snapshots."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import StreamingResponse

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
    Snapshot,
    SnapshotList,
    SnapshotLookup,
    SnapshotRequest,
)
from mydocker_kit.web.dependencies import Db, Now, calling_service
from mydocker_kit.web.streams import begun

from ..deps import Folders
from ..folders import records

router = APIRouter(prefix="/volumes", tags=["volumes"], dependencies=[Depends(calling_service)])
VolumeName = Annotated[str, Path(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")]
Below = Annotated[FilePath, Query()]
OfSnapshot = Annotated[UUID | None, Query()]
OnNode = Annotated[str | None, Query(pattern=r"^[\w.-]{1,120}$")]


@router.post("/snapshots/lookup")
async def look_up_snapshots(body: SnapshotLookup, folders: Folders) -> SnapshotList:
    """Show the snapshots of these ids; unknown ones are left out."""
    return SnapshotList(items=await folders.lookup(body.ids))


@router.get("/{name}/snapshots")
async def list_snapshots(name: VolumeName, db: Db) -> SnapshotList:
    """List the snapshots of a volume, the newest first."""
    rows = await records.of_volume(db, name)
    return SnapshotList(items=tuple(records.shown(row) for row in rows))


@router.put("/{name}/snapshots/{id}")
async def put_snapshot(
    name: VolumeName, id: UUID, body: SnapshotRequest, db: Db, now: Now
) -> Snapshot:
    """Ask for a snapshot; its state says when it is taken. Idempotent."""
    return records.shown(await records.ask(db, name, id, body.kind, now))


@router.get("/{name}/files")
async def list_files(
    name: VolumeName, folders: Folders, path: Below = "", snapshot: OfSnapshot = None
) -> FolderListing:
    """List one folder of a volume, or of a snapshot of it."""
    return await folders.listing(name, path, snapshot)


@router.get("/{name}/largest")
async def list_largest(name: VolumeName, folders: Folders) -> LargestFiles:
    """List the files of a volume that take most."""
    return await folders.largest(name)


@router.get("/{name}/content", response_class=StreamingResponse)
async def read_file(
    name: VolumeName, folders: Folders, path: Below, snapshot: OfSnapshot = None
) -> StreamingResponse:
    """Read one file of a volume, or of a snapshot of it."""
    content = await begun(folders.content(name, path, snapshot))
    return StreamingResponse(content, media_type="application/octet-stream")


@router.put("/{name}/content")
async def write_file(
    name: VolumeName, request: Request, folders: Folders, path: Below, replace: bool = False
) -> FileWritten:
    """Put the bytes of the body into a file of a volume; all of them, or nothing changes."""
    return await folders.write(name, path, request.stream(), replace=replace)


@router.post("/{name}/removals")
async def remove_files(name: VolumeName, body: RemovalRequest, folders: Folders) -> FilesRemoved:
    """Delete files and folders of a volume. Idempotent."""
    return await folders.remove_files(name, body.paths)


@router.post("/{name}/archive", response_class=StreamingResponse)
async def pack_files(name: VolumeName, body: ArchiveRequest, folders: Folders) -> StreamingResponse:
    """Stream files of a volume, or of a snapshot of it, as tar."""
    content = await begun(folders.archive(name, body))
    return StreamingResponse(content, media_type="application/x-tar")


@router.post("/{name}/restore")
async def restore_files(
    name: VolumeName, body: RestoreRequest, folders: Folders, now: Now
) -> Restored:
    """Put files of a snapshot back; the volume as it is becomes a snapshot first."""
    return await folders.restore(name, body.snapshot, body.paths, now)


@router.delete("/{name}", status_code=204)
async def erase_volume(name: VolumeName, folders: Folders, node_id: OnNode = None) -> None:
    """Delete a volume and its snapshots; refused while it is mounted. Idempotent.

    `node_id`: the copy on this node, whatever the record says.
    """
    await folders.erase(name, node_id)
