"""A person's own work folder: what is in it, its snapshots, downloads.

No transaction stays open while the orchestrator is asked.
"""

from collections.abc import AsyncIterator
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.work_files import (
    FolderListing,
    LargestFiles,
    SnapshotState,
)
from mydocker_kit.errors import Conflict, FolderMissing, Invalid
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.tokens import AccessToken

from ..composition.services import Services
from ..domain.courses.submitting import file_name, moment_name
from ..domain.policy import Person
from ..environments.window.admission import admit
from ..models import Environment
from ..models.work_files import DownloadPart
from ..orchestration.queries import environment_of
from . import packing, tickets
from .schemas import (
    ArchiveFormat,
    DownloadAddress,
    DownloadFiles,
    FolderSnapshot,
    FolderSnapshots,
    RestoredFiles,
)

log = get_logger()
MOST_SHOWN = 5 * 1024 * 1024
"""Bytes of a file that is shown in the browser."""


class FileTooLargeToShow(Conflict):
    """Larger files are downloaded."""

    code, title = "file_too_large_to_show", "This file is too large to be shown; download it"


class OneFileNeeded(Invalid):
    """`file` downloads exactly one path."""

    code, title = "one_file_needed", "Choose one file, or an archive"


def volume_of(row: Environment | None) -> str:
    """The volume of this environment's work folder; `FolderMissing` before its first start."""
    if row is None or row.plan is None or not row.plan.volumes:
        raise FolderMissing
    return row.plan.volumes[0].name


async def own_volume(sessions: Sessions, person: Person, course_id: UUID, now: datetime) -> str:
    """The volume of the caller's work folder, for those who may enter the Course."""
    async with transaction(sessions) as db:
        await admit(db, person, course_id, now)
        return volume_of(await environment_of(db, person.id, course_id))


async def files(
    services: Services,
    person: Person,
    course_id: UUID,
    path: str,
    snapshot: UUID | None,
    now: datetime,
) -> FolderListing:
    """One folder of the caller's work folder."""
    volume = await own_volume(services.sessions, person, course_id, now)
    return await services.clients.orchestrator.files(volume, path, snapshot)


async def largest(
    services: Services, person: Person, course_id: UUID, now: datetime
) -> LargestFiles:
    """The files that take most of it."""
    volume = await own_volume(services.sessions, person, course_id, now)
    return await services.clients.orchestrator.largest_files(volume)


async def content(
    services: Services,
    person: Person,
    course_id: UUID,
    path: str,
    snapshot: UUID | None,
    now: datetime,
) -> bytes:
    """A file of it, to be shown."""
    volume = await own_volume(services.sessions, person, course_id, now)
    return await shown_content(services, volume, path, snapshot)


async def shown_content(services: Services, volume: str, path: str, snapshot: UUID | None) -> bytes:
    """The bytes of a file that is small enough; `FileTooLargeToShow`."""
    read = bytearray()
    async for data in services.clients.orchestrator.file(volume, path, snapshot):
        read += data
        if len(read) > MOST_SHOWN:
            raise FileTooLargeToShow
    return bytes(read)


async def snapshots(
    services: Services, person: Person, course_id: UUID, now: datetime
) -> FolderSnapshots:
    """The finished snapshots of the caller's work folder."""
    volume = await own_volume(services.sessions, person, course_id, now)
    snapshots = await services.clients.orchestrator.snapshots(volume)
    items = [
        FolderSnapshot(
            id=snapshot.id,
            kind=snapshot.kind,
            taken_at=snapshot.content.taken_at,
            files=snapshot.content.files,
            bytes=snapshot.content.bytes,
        )
        for snapshot in snapshots
        if snapshot.state is SnapshotState.READY and snapshot.content is not None
    ]
    return FolderSnapshots(items=items)


async def restore(
    services: Services,
    person: Person,
    course_id: UUID,
    snapshot: UUID,
    paths: list[str],
    now: datetime,
) -> RestoredFiles:
    """Put files back; what is there now becomes a snapshot first."""
    volume = await own_volume(services.sessions, person, course_id, now)
    done = await services.clients.orchestrator.restore(volume, snapshot, paths)
    log.info("folder.restored", course=course_id, by=person.id, snapshot=snapshot, files=done.files)
    return RestoredFiles(files=done.files, removed=done.removed)


async def download(
    services: Services,
    person: Person,
    token: AccessToken,
    course_id: UUID,
    asked: DownloadFiles,
    now: datetime,
) -> DownloadAddress:
    """An address of files of the caller's work folder."""
    async with transaction(services.sessions) as db:
        admission = await admit(db, person, course_id, now)
        volume = volume_of(await environment_of(db, person.id, course_id))
        title = file_name(admission.course.title) or "work"
        name = archive_name(f"{title}_{moment_name(now)}", asked.format, asked.paths)
        part = DownloadPart(volume=volume, snapshot=asked.snapshot, paths=tuple(asked.paths))
        return await tickets.issue(db, token, name, asked.format, [part], now)


def archive_name(base: str, kind: ArchiveFormat, paths: list[str]) -> str:
    """The name of a downloaded file; `OneFileNeeded`."""
    if kind is not ArchiveFormat.FILE:
        return f"{base}.{kind.value}"
    if len(paths) != 1 or not paths[0].strip("/"):
        raise OneFileNeeded
    return paths[0].rstrip("/").rpartition("/")[2]


async def downloaded(
    services: Services, secret: str, now: datetime
) -> tuple[str, AsyncIterator[bytes]]:
    """The name and the bytes of a download; `DownloadOver`."""
    async with transaction(services.sessions) as db:
        ticket = await tickets.read(db, secret, now)
        services.ended.check(ticket.web_session_id)
        name, parts = ticket.name, ticket.parts
        log.info("download.begun", by=ticket.user_id, parts=len(parts), kind=ticket.format)
    orchestrator = services.clients.orchestrator
    return name, packing.packed(orchestrator, parts, ArchiveFormat(ticket.format))
