"""Questions about what people want to run, and the small writes of the loops."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..domain.statuses import Wanted
from ..models import Course, CourseSession, Environment, User


async def environment_of(
    db: AsyncSession, user_id: UUID, course_id: UUID, *, lock: bool = False
) -> Environment | None:
    """The person's Environment for a Course; locked, whoever else asks has to wait."""
    query = select(Environment).where(
        Environment.user_id == user_id, Environment.course_id == course_id
    )
    return await db.scalar(query.with_for_update() if lock else query)


async def running_wishes(db: AsyncSession, course_id: UUID) -> list[Environment]:
    """Environments of the Course that their owners want to run, locked."""
    query = (
        select(Environment)
        .where(Environment.course_id == course_id, Environment.wanted == Wanted.RUNNING)
        .order_by(Environment.id)
        .with_for_update()
    )
    return list(await db.scalars(query))


async def wishes_of(db: AsyncSession, user_id: UUID) -> list[tuple[Environment, str]]:
    """What this person wants to run, each with the title of its Course."""
    query = (
        select(Environment, Course.title)
        .join(Course, Course.id == Environment.course_id)
        .where(Environment.user_id == user_id, Environment.wanted == Wanted.RUNNING)
        .order_by(Environment.asked_at)
    )
    return [(row, title) for row, title in await db.execute(query)]


async def one_at_a_time(db: AsyncSession, user_id: UUID) -> None:
    """Until this transaction ends, no other counts what this person runs."""
    person = select(User.id).where(User.id == user_id)
    await db.execute(person.with_for_update(key_share=True))


async def one_at_a_time_in(db: AsyncSession, course_id: UUID) -> None:
    """Until this transaction ends, no other counts what runs of this Course."""
    course = select(Course.id).where(Course.id == course_id)
    await db.execute(course.with_for_update(key_share=True))


async def deciding_sessions(
    db: AsyncSession, course_id: UUID, now: datetime
) -> list[CourseSession]:
    """The sessions of a Course that decide about a start now, earliest first."""
    query = select(CourseSession).where(
        CourseSession.course_id == course_id, decides(CourseSession.course_id, now)
    )
    return list(await db.scalars(query.order_by(CourseSession.starts_at, CourseSession.id)))


def decides(course_id: ColumnElement[UUID] | InstrumentedAttribute[UUID], now: Any) -> Any:
    """Which sessions `domain.opening` needs to see; a Course may have hundreds.

    The running ones, the next one, the next that does not block starts, and the last that is over.
    """
    session: Any = CourseSession.__table__.c

    def first(which: Callable[[Any], Any], order: Callable[[Any], Any]) -> ColumnElement[bool]:
        other = CourseSession.__table__.alias()
        query = select(other.c.id).where(other.c.course_id == course_id, which(other.c))
        ordered = query.order_by(order(other.c), other.c.id).limit(1).correlate_except(other)
        found: ColumnElement[bool] = session.id == ordered.scalar_subquery()
        return found

    return or_(
        and_(session.starts_at <= now, session.ends_at > now),
        first(lambda own: own.starts_at > now, lambda own: own.starts_at),
        first(
            lambda own: and_(own.starts_at > now, ~own.block_before_start),
            lambda own: own.starts_at,
        ),
        first(lambda own: own.ends_at <= now, lambda own: own.ends_at.desc()),
    )


async def sessions_that_bind(
    db: AsyncSession, course_id: UUID, ids: Collection[UUID], now: datetime
) -> list[CourseSession]:
    """Those of these ids that are the Course's, and those that run now."""
    runs = and_(CourseSession.starts_at <= now, CourseSession.ends_at > now)
    query = select(CourseSession).where(
        CourseSession.course_id == course_id, or_(CourseSession.id.in_(ids), runs)
    )
    return list(await db.scalars(query))


async def unheard(db: AsyncSession, limit: int) -> list[UUID]:
    """Environments whose newest wish the orchestrator has not answered, longest waiting first."""
    query = (
        select(Environment.id)
        .where(Environment.confirmed < Environment.revision)
        .order_by(Environment.asked_at)
        .limit(limit)
    )
    return list(await db.scalars(query))


async def note_heard(db: AsyncSession, id: UUID, revision: int) -> None:
    """The orchestrator has answered this wish; a newer one stays unheard."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.confirmed < revision)
        .values(confirmed=revision)
    )


async def note_refusal(db: AsyncSession, id: UUID, revision: int, why: str, reference: str) -> None:
    """The orchestrator will never accept this wish."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.revision == revision)
        .values(confirmed=revision, refusal=why, reference=reference)
    )


async def repeat_stops(db: AsyncSession, alive: Sequence[UUID]) -> None:
    """Ask again for stops that were heard although the Environment lives.

    So a start that another replica sent late, after the stop, does not win.
    """
    if alive:
        await db.execute(
            update(Environment)
            .where(
                Environment.id.in_(alive),
                Environment.wanted == Wanted.STOPPED,
                Environment.confirmed == Environment.revision,
            )
            .values(confirmed=func.greatest(Environment.revision - 1, 0))
        )
