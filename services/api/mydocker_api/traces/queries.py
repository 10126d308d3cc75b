"""Queries about the use of a Course."""

from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, Interval, and_, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, read_slice

from ..models import CourseRun, User

_DAY = timedelta(days=1)


class RunSort(StrEnum):
    """Order of the runs of a Course."""

    NEWEST = "-began_at"
    OLDEST = "began_at"


async def runs_of(
    db: AsyncSession,
    course_id: UUID,
    between: tuple[datetime, datetime],
    paging: Paging,
    sort: RunSort,
) -> Slice:
    """A page of runs and their people; `search` in names."""
    query = (
        select(CourseRun, User)
        .join(User, User.id == CourseRun.user_id)
        .where(CourseRun.course_id == course_id, *_touching(*between))
    )
    if paging.search:
        query = query.where(User.name.icontains(paging.search, autoescape=True))
    keys = [
        Key(CourseRun.began_at, descending=sort is RunSort.NEWEST),
        Key(CourseRun.environment_id),
    ]
    return await read_slice(db, query, keys, paging)


async def use_by_day(
    db: AsyncSession, course_id: UUID, start: datetime, end: datetime, now: datetime
) -> list[tuple[datetime, int, float]]:
    """Begin, people and hours of each 24 hours from `start` on."""
    zone = DateTime(timezone=True)
    last = literal(end, zone) - literal(timedelta(microseconds=1), Interval)
    series = func.generate_series(literal(start, zone), last, literal(_DAY, Interval))
    days = series.table_valued("at").render_derived(name="days")
    until = days.c.at + literal(_DAY, Interval)
    ended = func.coalesce(CourseRun.ended_at, literal(now, zone))
    length = func.least(ended, until) - func.greatest(CourseRun.began_at, days.c.at)
    hours = func.coalesce(func.sum(func.extract("epoch", length)), 0) / 3600.0
    inside = and_(CourseRun.course_id == course_id, CourseRun.began_at < until, ended > days.c.at)
    query = (
        select(days.c.at, func.count(CourseRun.user_id.distinct()), hours)
        .select_from(days.outerjoin(CourseRun, inside))
        .group_by(days.c.at)
        .order_by(days.c.at)
    )
    return [(at, people, float(spent)) for at, people, spent in await db.execute(query)]


async def people_between(db: AsyncSession, course_id: UUID, start: datetime, end: datetime) -> int:
    """How many different people used it."""
    query = select(func.count(CourseRun.user_id.distinct()))
    query = query.where(CourseRun.course_id == course_id, *_touching(start, end))
    return await db.scalar(query) or 0


def _touching(start: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        CourseRun.began_at < end,
        or_(CourseRun.ended_at.is_(None), CourseRun.ended_at > start),
    )
