"""Merges two accounts: rights, courses and work of the other become mine.

The other account stays as a row that nobody can sign in to: what could not move stays there, under
the name of its volumes (docs/decisions/0009).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.contracts.orchestrator.environments import ReasonCode

from ...domain.statuses import RequestedState
from ...models import (
    ActivityEntry,
    Course,
    CourseJoin,
    Enrolment,
    Environment,
    ExtraTimeGrant,
    Identity,
    Image,
    LaunchRecord,
    Membership,
    SentScore,
    Share,
    SshKey,
    User,
)
from ...orchestration.stop_requests import request_stop

JOINED_ISSUER = "urn:mydocker:joined"
"""Issuer of the row of a merged account: its own identity now belongs to the other account."""


async def merge(db: AsyncSession, mine: User, other: User, now: datetime) -> None:
    """Merge `other` into `mine`; both rows are locked. Of what both have, mine stays."""
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
    """Decisions of operators about either account hold for the merged one."""
    for name in ("operator_since", "may_build_since", "build_asked_at"):
        setattr(mine, name, getattr(mine, name) or getattr(other, name))
        setattr(other, name, None)


async def _move_owned(db: AsyncSession, mine: UUID, other: UUID) -> None:
    for table in (Course, Image):
        await db.execute(update(table).where(table.owner_id == other).values(owner_id=mine))
    await db.execute(update(Share).where(Share.shared_by == other).values(shared_by=mine))
    await db.execute(update(SentScore).where(SentScore.user_id == other).values(user_id=mine))
    await db.execute(update(SentScore).where(SentScore.sent_by == other).values(sent_by=mine))


async def _move_once_each(db: AsyncSession, mine: UUID, other: UUID) -> None:
    """Rows of which a person has one per course, course space or key; my own come first."""
    membership, role, key = aliased(Membership), aliased(Enrolment), aliased(SshKey)
    join, extra = aliased(CourseJoin), aliased(ExtraTimeGrant)
    entry, share = aliased(ActivityEntry), aliased(Share)
    same_thing = or_(share.course_id == Share.course_id, share.image_id == Share.image_id)
    same_session = extra.session_id.is_not_distinct_from(ExtraTimeGrant.session_id)
    same_time = and_(extra.course_id == ExtraTimeGrant.course_id, same_session)
    same_activity = entry.resource_link_id == ActivityEntry.resource_link_id
    doubles = (
        (ActivityEntry, exists().where(same_activity, entry.user_id == mine)),
        (
            Membership,
            exists().where(
                membership.course_id == Membership.course_id, membership.user_id == mine
            ),
        ),
        (
            CourseJoin,
            exists().where(join.course_id == CourseJoin.course_id, join.user_id == mine),
        ),
        (Enrolment, exists().where(role.context_id == Enrolment.context_id, role.user_id == mine)),
        (Share, exists().where(same_thing, share.user_id == mine)),
        (ExtraTimeGrant, exists().where(same_time, extra.user_id == mine)),
        (SshKey, exists().where(key.fingerprint == SshKey.fingerprint, key.user_id == mine)),
    )
    for table, double in doubles:
        theirs = table.user_id == other
        await db.execute(delete(table).where(theirs, double))
        await db.execute(update(table).where(theirs).values(user_id=mine))


async def _move_environments(db: AsyncSession, mine: UUID, other: UUID) -> None:
    """Stop what runs: its host labels and tokens belong to the other account until a restart."""
    query = select(Environment).where(Environment.user_id.in_([mine, other]))
    rows = (await db.scalars(query.order_by(Environment.id).with_for_update())).all()
    mine_in = {row.course_id for row in rows if row.user_id == mine}
    for row in rows:
        if row.user_id != other:
            continue
        if row.wanted is RequestedState.RUNNING:
            request_stop(row, ReasonCode.STOPPED_BY_OWNER)
        if row.course_id not in mine_in:
            row.user_id, row.work_of_id = mine, row.work_of_id or other
    await db.flush()
