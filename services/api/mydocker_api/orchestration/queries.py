"""Queries about requested states, and the small writes of the delivery loop."""

from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..domain.courses.extra_time import LONGEST, ExtraTime
from ..domain.statuses import RequestedState
from ..models import Course, CourseSession, Environment, ExtraTimeGrant, User


async def environment_of(
    db: AsyncSession, user_id: UUID, course_id: UUID, *, lock: bool = False
) -> Environment | None:
    """The person's Environment for a Course; `lock` holds it until the transaction ends."""
    query = select(Environment).where(
        Environment.user_id == user_id, Environment.course_id == course_id
    )
    return await db.scalar(query.with_for_update() if lock else query)


async def running_requests(db: AsyncSession, course_id: UUID) -> list[Environment]:
    """Environments of the Course that are requested to run, locked."""
    query = (
        select(Environment)
        .where(Environment.course_id == course_id, Environment.wanted == RequestedState.RUNNING)
        .order_by(Environment.id)
        .with_for_update()
    )
    return list(await db.scalars(query))


async def requests_of(db: AsyncSession, user_id: UUID) -> list[tuple[Environment, str]]:
    """Environments that this person requested to run, each with the title of its Course."""
    query = (
        select(Environment, Course.title)
        .join(Course, Course.id == Environment.course_id)
        .where(Environment.user_id == user_id, Environment.wanted == RequestedState.RUNNING)
        .order_by(Environment.asked_at)
    )
    return [(row, title) for row, title in await db.execute(query)]


async def lock_person_count(db: AsyncSession, user_id: UUID) -> None:
    """Serialize the count of this person's environments until the transaction ends."""
    person = select(User.id).where(User.id == user_id)
    await db.execute(person.with_for_update(key_share=True))


async def lock_course_count(db: AsyncSession, course_id: UUID) -> None:
    """Serialize the count of this Course's environments until the transaction ends."""
    course = select(Course.id).where(Course.id == course_id)
    await db.execute(course.with_for_update(key_share=True))


async def deciding_sessions(
    db: AsyncSession, course_id: UUID, now: datetime
) -> list[CourseSession]:
    """The sessions of a Course that decide whether it may be started now, earliest first."""
    query = select(CourseSession).where(
        CourseSession.course_id == course_id, decides(CourseSession.course_id, now)
    )
    return list(await db.scalars(query.order_by(CourseSession.starts_at, CourseSession.id)))


def decides(course_id: ColumnElement[UUID] | InstrumentedAttribute[UUID], now: Any) -> Any:
    """The sessions that `domain.courses.opening` needs; a Course may have hundreds.

    The running ones, the next one, the next that does not block starts, the last that is over,
    and those that somebody's extra time may still keep running.
    """
    session: Any = CourseSession.__table__.c

    granted = ExtraTimeGrant.course_id == course_id

    def first(which: Callable[[Any], Any], order: Callable[[Any], Any]) -> ColumnElement[bool]:
        other = CourseSession.__table__.alias()
        query = select(other.c.id).where(other.c.course_id == course_id, which(other.c))
        ordered = query.order_by(order(other.c), other.c.id).limit(1).correlate_except(other)
        is_first: ColumnElement[bool] = session.id == ordered.scalar_subquery()
        return is_first

    return or_(
        and_(session.starts_at <= now, session.ends_at > now),
        first(lambda own: own.starts_at > now, lambda own: own.starts_at),
        first(
            lambda own: and_(own.starts_at > now, ~own.block_before_start),
            lambda own: own.starts_at,
        ),
        first(lambda own: own.ends_at <= now, lambda own: own.ends_at.desc()),
        and_(
            session.ends_at <= now,
            session.ends_at + literal(LONGEST) > now,
            exists().where(granted).correlate_except(ExtraTimeGrant),
        ),
    )


async def sessions_to_assign(
    db: AsyncSession, course_id: UUID, ids: Collection[UUID], now: datetime
) -> list[CourseSession]:
    """The Course's sessions of these ids, and those that run now, with extra time or without."""
    runs = and_(CourseSession.starts_at <= now, CourseSession.ends_at > now - LONGEST)
    query = select(CourseSession).where(
        CourseSession.course_id == course_id, or_(CourseSession.id.in_(ids), runs)
    )
    return list(await db.scalars(query))


async def extra_time_of(
    db: AsyncSession, course_ids: Collection[UUID], user_id: UUID | None = None
) -> defaultdict[UUID, list[ExtraTime]]:
    """Grants by Course: of everybody, or those that concern one person."""
    query = select(ExtraTimeGrant).where(ExtraTimeGrant.course_id.in_(course_ids))
    if user_id is not None:
        of_them = or_(ExtraTimeGrant.user_id == user_id, ExtraTimeGrant.user_id.is_(None))
        query = query.where(of_them)
    grants: defaultdict[UUID, list[ExtraTime]] = defaultdict(list)
    for grant in await db.scalars(query):
        grants[grant.course_id].append(grant.value)
    return grants


async def pending_sync(db: AsyncSession, limit: int) -> list[UUID]:
    """Environments whose newest revision is not confirmed, longest waiting first."""
    query = (
        select(Environment.id)
        .where(Environment.confirmed < Environment.revision)
        .order_by(Environment.asked_at)
        .limit(limit)
    )
    return list(await db.scalars(query))


async def note_confirmed(db: AsyncSession, id: UUID, revision: int) -> None:
    """The orchestrator has confirmed this revision; a newer one stays pending."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.confirmed < revision)
        .values(confirmed=revision)
    )


async def note_refusal(db: AsyncSession, id: UUID, revision: int, why: str, reference: str) -> None:
    """The orchestrator will never accept this revision."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.revision == revision)
        .values(confirmed=revision, refusal=why, reference=reference)
    )


async def repeat_stops(db: AsyncSession, alive: Sequence[UUID]) -> None:
    """Mark confirmed stops of living Environments as pending again.

    So a start that another replica sent late, after the stop, does not win.
    """
    if alive:
        await db.execute(
            update(Environment)
            .where(
                Environment.id.in_(alive),
                Environment.wanted == RequestedState.STOPPED,
                Environment.confirmed == Environment.revision,
            )
            .values(confirmed=func.greatest(Environment.revision - 1, 0))
        )
