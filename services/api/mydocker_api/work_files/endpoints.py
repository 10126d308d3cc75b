"""The caller's own work folder: look, read, put, delete, restore, download."""

from typing import Annotated
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import StreamingResponse

from mydocker_kit.contracts.orchestrator.work_files import FilePath, FolderListing, LargestFiles
from mydocker_kit.problems import responses
from mydocker_kit.web.streams import begun

from ..deps import Composed, CurrentPerson, Now, Token
from . import changing, service
from .schemas import (
    DownloadAddress,
    DownloadFiles,
    FolderSnapshots,
    PutFile,
    PutFileResult,
    RemovedFiles,
    RemoveFiles,
    RestoredFiles,
    RestoreFiles,
)

router = APIRouter(
    prefix="/api/courses/{course_id}/folder",
    tags=["environments"],
    responses=responses(401, 403, 404, 409, 422, 503),
)
downloads = APIRouter(
    prefix="/api/downloads", tags=["downloads"], responses=responses(401, 404, 409, 422, 503)
)
Below = Annotated[FilePath, Query(description="A path below the folder; empty: the folder.")]
OfSnapshot = Annotated[UUID | None, Query(description="A snapshot; none: as it is now.")]
NEVER_SHOWN = {
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
}
"""Headers of what students wrote: no browser shows it as a page of ours."""


@router.get("/files")
async def list_my_files(
    course_id: UUID,
    person: CurrentPerson,
    services: Composed,
    now: Now,
    path: Below = "",
    snapshot: OfSnapshot = None,
) -> FolderListing:
    """One folder of the work folder, now or in a snapshot."""
    return await service.files(services, person, course_id, path, snapshot, now)


@router.post("/files")
async def put_my_file(
    course_id: UUID, body: PutFile, person: CurrentPerson, services: Composed, now: Now
) -> PutFileResult:
    """Put an upload into the work folder as a file; what runs there sees it at once, whole."""
    return await changing.put_file(services, person, course_id, body, now)


@router.post("/removals")
async def remove_my_files(
    course_id: UUID, body: RemoveFiles, person: CurrentPerson, services: Composed, now: Now
) -> RemovedFiles:
    """Delete files and folders of the work folder. Copies that were taken keep them."""
    return await changing.remove_files(services, person, course_id, body.paths, now)


@router.get("/content", response_class=Response)
async def read_my_file(
    course_id: UUID,
    person: CurrentPerson,
    services: Composed,
    now: Now,
    path: Below,
    snapshot: OfSnapshot = None,
) -> Response:
    """The bytes of a file of 5 MiB at most, to be shown."""
    content = await service.content(services, person, course_id, path, snapshot, now)
    return shown(content)


@router.get("/largest")
async def list_my_largest_files(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> LargestFiles:
    """The files that take most of the work folder."""
    return await service.largest(services, person, course_id, now)


@router.get("/snapshots")
async def list_my_snapshots(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> FolderSnapshots:
    """The copies of the work folder that can be restored."""
    return await service.snapshots(services, person, course_id, now)


@router.post("/snapshots/{snapshot}/restore")
async def restore_my_files(
    course_id: UUID,
    snapshot: UUID,
    body: RestoreFiles,
    person: CurrentPerson,
    services: Composed,
    now: Now,
) -> RestoredFiles:
    """Put files of a snapshot back, or the whole folder; what is there now is kept as a snapshot.

    Asking again puts the same files back again.
    """
    return await service.restore(services, person, course_id, snapshot, body.paths, now)


@router.post("/downloads")
async def download_my_files(
    course_id: UUID,
    body: DownloadFiles,
    person: CurrentPerson,
    token: Token,
    services: Composed,
    now: Now,
) -> DownloadAddress:
    """An address that downloads files of the work folder, for a minute."""
    return await service.download(services, person, token, course_id, body, now)


@downloads.get("/{secret}", response_class=StreamingResponse)
async def download(
    secret: Annotated[str, Path(pattern=r"^[\w-]{43}$")], services: Composed, now: Now
) -> StreamingResponse:
    """The files of an address, as they are packed. Who has the address may, for a minute."""
    name, content = await service.downloaded(services, secret, now)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(
        await begun(content), media_type="application/octet-stream", headers=headers | NEVER_SHOWN
    )


def shown(content: bytes) -> Response:
    """A file for our own page to show."""
    headers = {"Content-Disposition": "attachment", **NEVER_SHOWN}
    return Response(content, media_type="application/octet-stream", headers=headers)
