"""Puts files into a person's own work folder and deletes them there.

A file arrives as an upload (`..uploads`), so that a broken connection loses nothing; then its bytes
go to the machine that has the folder, piece by piece, and the upload is deleted.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..composition.services import Services
from ..domain.policy import Person
from ..uploads import service as uploads
from .schemas import PutFile, PutFileResult, RemovedFiles
from .service import own_volume

log = get_logger()
_PIECE_BYTES = 1024 * 1024


async def put_file(
    services: Services, person: Person, course_id: UUID, wanted: PutFile, now: datetime
) -> PutFileResult:
    """Make a complete upload a file of the caller's work folder.

    `UploadIncomplete`; `file_exists` where a file may not be replaced, and the upload stays.
    """
    sessions = services.sessions
    volume = await own_volume(sessions, person, course_id, now)
    async with transaction(sessions) as db:
        upload = await uploads.complete(db, person, wanted.upload_id)
        length = upload.length
    written = await services.clients.orchestrator.write_file(
        volume,
        wanted.path,
        _bytes_of(sessions, wanted.upload_id, length),
        replace=wanted.replace,
    )
    async with transaction(sessions) as db:
        await uploads.discard(db, person, wanted.upload_id)
    log.info("folder.file_put", course=course_id, by=person.id, size=written.bytes)
    return PutFileResult(path=wanted.path, bytes=written.bytes, replaced=written.replaced)


async def _bytes_of(sessions: Sessions, id: UUID, length: int) -> AsyncIterator[bytes]:
    for at in range(0, length, _PIECE_BYTES):
        yield await uploads.read(sessions, id, at, min(_PIECE_BYTES, length - at))


async def remove_files(
    services: Services, person: Person, course_id: UUID, paths: list[str], now: datetime
) -> RemovedFiles:
    """Delete files of the caller's work folder; copies of the folder keep them."""
    volume = await own_volume(services.sessions, person, course_id, now)
    done = await services.clients.orchestrator.remove_files(volume, paths)
    log.info("folder.files_removed", course=course_id, by=person.id, count=done.removed)
    return RemovedFiles(removed=done.removed)
