"""Reading the use of a Course."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.errors import Conflict
from mydocker_kit.paging import Paging

from ..domain.policy import Person
from ..rights.courses import editable_course
from . import queries
from .schemas import CourseUse, CourseUseRun, UsedDay

LONGEST = timedelta(days=400)


class UseRangeInvalid(Conflict):
    """The end does not come after the start, or the range is longer than 400 days."""

    code, title = "use_range_invalid", "Ask for at most 400 days, the end after the start"


async def use(
    db: AsyncSession,
    person: Person,
    course_id: UUID,
    start: datetime,
    end: datetime,
    now: datetime,
) -> CourseUse:
    """Use of a Course that the person may edit, over time."""
    await editable_course(db, person, course_id)
    _check(start, end)
    days = [
        UsedDay(at=at, people=people, hours=round(hours, 2))
        for at, people, hours in await queries.use_by_day(db, course_id, start, end, now)
    ]
    return CourseUse(
        people=await queries.people_between(db, course_id, start, end),
        hours=round(sum(day.hours for day in days), 2),
        days=days,
    )


async def runs(
    db: AsyncSession,
    person: Person,
    course_id: UUID,
    start: datetime,
    end: datetime,
    paging: Paging,
    sort: queries.RunSort,
    now: datetime,
) -> Page[CourseUseRun]:
    """Who used it, when, and for how long."""
    await editable_course(db, person, course_id)
    _check(start, end)
    read = await queries.runs_of(db, course_id, (start, end), paging, sort)
    items = [
        CourseUseRun(
            key=f"{run.environment_id}.{run.began_at.timestamp()}",
            name=user.name or user.pseudonym,
            email=user.email,
            began_at=run.began_at,
            ended_at=run.ended_at,
            minutes=max(0, round(((run.ended_at or now) - run.began_at).total_seconds() / 60)),
        )
        for run, user in read.rows
    ]
    return paging.answer(items, read)


def _check(start: datetime, end: datetime) -> None:
    if not timedelta(0) < end - start <= LONGEST:
        raise UseRangeInvalid
