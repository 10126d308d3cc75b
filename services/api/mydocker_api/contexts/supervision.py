"""Supervision: which people of a Course the caller may see, decided anew at each request.

A person belongs to the pair (Course, Context) when a launch brought them to the Course by an
activity of that course space. Every list, number, score and stop for people goes through here.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Exists, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import NotFound

from ..domain.policy import Person, Supervision, is_editor
from ..models import ActivityEntry, Course, CourseJoin, ResourceLink
from ..orchestration.status_cache import StatusCache
from ..rights.courses import standing


async def supervision(db: AsyncSession, person: Person, course: Course) -> Supervision:
    """The person's present supervision of this Course."""
    known = await standing(db, person, course)
    return Supervision(
        owns=is_editor(known.relation),
        contexts=known.contexts,
        operates=person.operates,
    )


async def supervised_course(
    db: AsyncSession, person: Person, course_id: UUID
) -> tuple[Course, Supervision]:
    """The Course, for those who may open the page of its people; `NotFound` for others."""
    course = await db.get(Course, course_id)
    if course is not None:
        seen = await supervision(db, person, course)
        if seen.sees_page:
            return course, seen
    raise NotFound(f"course {course_id}")


def entered_from(course_id: UUID, contexts: Collection[UUID], user: object) -> Exists:
    """Whether that user came to the Course by an activity of these course spaces."""
    return exists().where(
        ActivityEntry.course_id == course_id,
        ActivityEntry.user_id == user,
        ActivityEntry.resource_link_id == ResourceLink.id,
        ResourceLink.context_id.in_(contexts),
    )


async def entered_among(
    db: AsyncSession, course_id: UUID, contexts: Collection[UUID], among: Collection[UUID]
) -> set[UUID]:
    """Those of these people who came to the Course from these course spaces."""
    if not contexts or not among:
        return set()
    query = (
        select(ActivityEntry.user_id)
        .join(ResourceLink, ResourceLink.id == ActivityEntry.resource_link_id)
        .where(
            ActivityEntry.course_id == course_id,
            ActivityEntry.user_id.in_(among),
            ResourceLink.context_id.in_(contexts),
        )
    )
    return set(await db.scalars(query))


async def supervised_among(
    db: AsyncSession, course_id: UUID, seen: Supervision, among: Collection[UUID]
) -> set[UUID]:
    """Those of these people whom the caller supervises.

    Teachers supervise who came from their course spaces; editors of the Course also who joined it
    by a link, because no course space does.
    """
    supervised = await entered_among(db, course_id, seen.contexts, among)
    if seen.owns and among:
        joined = select(CourseJoin.user_id).where(
            CourseJoin.course_id == course_id, CourseJoin.user_id.in_(among)
        )
        supervised |= set(await db.scalars(joined))
    return supervised


async def count_running(
    db: AsyncSession, statuses: StatusCache, course_id: UUID, person: Person, seen: Supervision
) -> tuple[int, int]:
    """How many environments run for people the caller supervises, and for others."""
    owners = [owner for owner in statuses.owners_of(course_id) if owner != person.id]
    supervised = await supervised_among(db, course_id, seen, owners)
    count = sum(owner in supervised for owner in owners)
    return count, len(owners) - count
