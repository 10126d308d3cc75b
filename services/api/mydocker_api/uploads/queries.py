"""Queries of uploads: each piece in a transaction of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Upload, UploadPiece


async def own_upload(db: AsyncSession, owner_id: UUID, id: UUID) -> Upload | None:
    """An upload of this person's."""
    query = select(Upload).where(Upload.id == id, Upload.owner_id == owner_id)
    upload: Upload | None = await db.scalar(query)
    return upload


async def advance(db: AsyncSession, id: UUID, at: int, length: int) -> bool:
    """Move the offset from `at`; False when it is elsewhere or the upload is gone."""
    moved = await db.execute(
        update(Upload)
        .where(Upload.id == id, Upload.received == at)
        .values(received=at + length)
        .returning(Upload.id)
    )
    return moved.first() is not None


async def open_uploads(db: AsyncSession, owner_id: UUID) -> int:
    """How many uploads this person has."""
    query = select(func.count()).select_from(Upload).where(Upload.owner_id == owner_id)
    return await db.scalar(query) or 0


async def bytes_at(db: AsyncSession, id: UUID, at: int, length: int) -> bytes:
    """At most `length` bytes from the offset `at`; fewer only at a piece's end."""
    query = (
        select(UploadPiece.at, UploadPiece.data)
        .where(UploadPiece.upload_id == id, UploadPiece.at <= at)
        .order_by(UploadPiece.at.desc())
        .limit(1)
    )
    row = (await db.execute(query)).first()
    return b"" if row is None else row.data[at - row.at : at - row.at + length]


async def delete_abandoned(db: AsyncSession, before: datetime) -> int:
    """Delete uploads begun before this instant; returns how many."""
    gone = await db.execute(delete(Upload).where(Upload.created_at < before).returning(Upload.id))
    return len(gone.all())
