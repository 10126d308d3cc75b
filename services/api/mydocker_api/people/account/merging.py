"""Makes two accounts one: rights, courses and work of the other become mine.

The other account stays as a row that nobody enters by: what could not move is still there, under
the name its volumes bear (docs/decisions/0009).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, exists, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.contracts.environments import ReasonCode

from ...domain.statuses import Wanted
from ...models import (
    ActivityEntry,
    Course,
    Enrolment,
    Environment,
    Identity,
    Image,
    LaunchRecord,
    Membership,
    SentScore,
    SshKey,
    User,
)
from ...orchestration.stop_requests import want_stopped

JOINED_ISSUER = "urn:mydocker:joined"
"""In the row of an account that was taken in: its own pair belongs to the other one now."""


async def join(db: AsyncSession, mine: User, other: User, now: datetime) -> None:
    """Both rows are locked. Whatever both have, mine stays as it is."""
    await _move_environments(db, mine.id, other.id)
    await _move_owned(db, mine.id, other.id)
    await _move_once_each(db, mine.id, other.id)
    await db.execute(delete(LaunchRecord).where(LaunchRecord.user_id == other.id))
    await db.execute(
        update(Identity).where(Identity.user_id == other.id).values(user_id=mine.id, linked_at=now)
    )
    _move_rights(mine, other)
    other.issuer, other.subject = JOINED_ISSUER, str(other.id)
    other.joined_to_id, other.signed_out_at, other.email = mine.id, now, None
    await db.flush()


def _move_rights(mine: User, other: User) -> None:
    """What operators decided about either person holds for the one there is."""
    for name in ("operator_since", "may_build_since", "build_asked_at"):
        setattr(mine, name, getattr(mine, name) or getattr(other, name))
        setattr(other, name, None)


async def _move_owned(db: AsyncSession, mine: UUID, other: UUID) -> None:
    for table in (Course, Image):
        await db.execute(update(table).where(table.owner_id == other).values(owner_id=mine))
    await db.execute(update(SentScore).where(SentScore.user_id == other).values(user_id=mine))
    await db.execute(update(SentScore).where(SentScore.sent_by == other).values(sent_by=mine))


async def _move_once_each(db: AsyncSession, mine: UUID, other: UUID) -> None:
    """Rows of which a person has one per course, course space or key; my own come first."""
    held, role, key = aliased(Membership), aliased(Enrolment), aliased(SshKey)
    entry = aliased(ActivityEntry)
    same_activity = entry.resource_link_id == ActivityEntry.resource_link_id
    doubles = (
        (ActivityEntry, exists().where(same_activity, entry.user_id == mine)),
        (Membership, exists().where(held.course_id == Membership.course_id, held.user_id == mine)),
        (Enrolment, exists().where(role.context_id == Enrolment.context_id, role.user_id == mine)),
        (SshKey, exists().where(key.fingerprint == SshKey.fingerprint, key.user_id == mine)),
    )
    for table, double in doubles:
        theirs = table.user_id == other
        await db.execute(delete(table).where(theirs, double))
        await db.execute(update(table).where(theirs).values(user_id=mine))


async def _move_environments(db: AsyncSession, mine: UUID, other: UUID) -> None:
    """What runs is stopped first: its doors know it as the other's until its next start."""
    query = select(Environment).where(Environment.user_id.in_([mine, other]))
    rows = (await db.scalars(query.order_by(Environment.id).with_for_update())).all()
    kept = {row.course_id for row in rows if row.user_id == mine}
    for row in rows:
        if row.user_id != other:
            continue
        if row.wanted is Wanted.RUNNING:
            want_stopped(row, ReasonCode.STOPPED_BY_OWNER)
        if row.course_id not in kept:
            row.user_id, row.work_of_id = mine, row.work_of_id or other
    await db.flush()
