"""Rows of the live room: visits and messages."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import EnvironmentVisit, RoomMessage


async def add_visit(
    db: AsyncSession, environment_id: UUID, opened_by: UUID, port: int, now: datetime
) -> None:
    visit = EnvironmentVisit(
        id=uuid4(),
        environment_id=environment_id,
        opened_by=opened_by,
        port=port,
        visited_at=now,
    )
    db.add(visit)
    await db.flush()


async def add_messages(
    db: AsyncSession,
    course_id: UUID,
    people: Collection[UUID],
    sender_id: UUID,
    text: str,
    now: datetime,
) -> None:
    """One row for each of these people."""
    shared = {"course_id": course_id, "sender_id": sender_id, "text": text, "sent_at": now}
    rows = [{"id": uuid4(), "user_id": user_id, **shared} for user_id in people]
    await db.execute(insert(RoomMessage), rows)
