"""Receives files in parts, resumably, and hands their bytes to the features that use them.

Data flow: a client creates an upload with its length, then sends parts from the offset at which the
last one ended. Whatever arrived is stored in pieces of 1 MiB, each in a transaction of its own, so
that a broken connection loses nothing that arrived and any replica can take the next part. Two
clients cannot both advance an offset. A feature reads a complete upload (`read`) and deletes it;
what nobody used is deleted after a day (`KEPT`).
"""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict, NotFound, ProblemError, TooMany
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain import policy
from ..domain.policy import Person
from ..models import Upload, UploadPiece
from ..settings import Settings
from . import queries

KEPT = timedelta(days=1)
"""An upload that nobody used is deleted after this time."""
_PIECE_BYTES = 1024 * 1024


class UploadTooLarge(ProblemError):
    """More bytes than an upload may have."""

    status, code, title = 413, "upload_too_large", "The file is larger than is accepted"


class UploadMoved(Conflict):
    """The part does not begin where the last one ended."""

    code, title = "upload_moved", "The upload continues elsewhere"


class UploadIncomplete(Conflict):
    """Parts of the upload are missing."""

    code, title = "upload_incomplete", "The upload has not arrived completely"


class TooManyUploads(TooMany):
    """More unfinished uploads than one person may have."""

    code, title = "too_many_uploads", "Too many uploads at once"


async def create(
    db: AsyncSession, settings: Settings, person: Person, length: int, now: datetime
) -> Upload:
    """Begin an upload of this many bytes, within the limits of images or of work folders."""
    most_mib, most_open = settings.folder_upload_mib, settings.folder_uploads_per_person
    if policy.may_prepare_images(person):
        most_mib = max(most_mib, settings.context_packed_mib)
        most_open = max(most_open, settings.uploads_per_person)
    if length > most_mib * 1024 * 1024:
        raise UploadTooLarge(most=most_mib)
    if await queries.open_uploads(db, person.id) >= most_open:
        raise TooManyUploads(limit=most_open)
    upload = Upload(id=uuid4(), owner_id=person.id, length=length, received=0, created_at=now)
    db.add(upload)
    await db.flush()
    return upload


async def find(db: AsyncSession, person: Person, id: UUID) -> Upload:
    """An upload of this person's; for others it does not exist."""
    upload = await queries.own_upload(db, person.id, id)
    if upload is None:
        raise NotFound(f"upload {id}")
    return upload


async def append(
    sessions: Sessions, person: Person, id: UUID, offset: int, body: AsyncIterator[bytes]
) -> int:
    """Store a part that begins at `offset`; returns the offset of the next one.

    What arrived before a connection broke stays.
    """
    async with transaction(sessions) as db:
        upload = await find(db, person, id)
    if offset != upload.received:
        raise UploadMoved(offset=upload.received)
    buffer = bytearray()
    try:
        async for data in body:
            buffer += data
            if offset + len(buffer) > upload.length:
                raise UploadTooLarge
            while len(buffer) >= _PIECE_BYTES:
                offset = await _store(sessions, id, offset, bytes(buffer[:_PIECE_BYTES]))
                del buffer[:_PIECE_BYTES]
    finally:
        if buffer and offset + len(buffer) <= upload.length:
            offset = await _store(sessions, id, offset, bytes(buffer))
    return offset


async def _store(sessions: Sessions, id: UUID, at: int, data: bytes) -> int:
    async with transaction(sessions) as db:
        if not await queries.advance(db, id, at, len(data)):
            raise UploadMoved
        db.add(UploadPiece(upload_id=id, at=at, data=data))
    return at + len(data)


async def complete(db: AsyncSession, person: Person, id: UUID) -> Upload:
    """An upload of this person's that has arrived."""
    upload = await find(db, person, id)
    if upload.received != upload.length:
        raise UploadIncomplete
    return upload


async def read(sessions: Sessions, id: UUID, at: int, length: int) -> bytes:
    """Exactly these bytes of a complete upload."""
    parts: list[bytes] = []
    while length:
        async with transaction(sessions) as db:
            data = await queries.bytes_at(db, id, at, length)
        if not data:
            raise UploadIncomplete
        parts.append(data)
        at, length = at + len(data), length - len(data)
    return b"".join(parts)


async def discard(db: AsyncSession, person: Person, id: UUID) -> None:
    """Delete an upload of this person's."""
    await db.delete(await find(db, person, id))
