"""Supervision: which people of a Course the caller may see, decided anew at each request.

A person belongs to the pair (Course, Context) when a launch brought them to the Course by an
activity of that course space. Every list, number, score and stop for people goes through here.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Exists, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import NotFound

from ..domain.policy import MAY_TEACH, Person, Supervision
from ..models import ActivityEntry, Course, Enrolment, ResourceLink
from ..orchestration.status_cache import StatusCache


async def taught_contexts(db: AsyncSession, user_id: UUID, course_id: UUID) -> frozenset[UUID]:
    """Course spaces where this Course is placed and the person teaches now."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    query = select(Enrolment.context_id).where(
        Enrolment.user_id == user_id,
        Enrolment.role.in_(MAY_TEACH),
        Enrolment.context_id.in_(placed),
    )
    return frozenset(await db.scalars(query))


async def supervision(db: AsyncSession, person: Person, course: Course) -> Supervision:
    """The person's present supervision of this Course."""
    return Supervision(
        owns=course.owner_id == person.id,
        contexts=await taught_contexts(db, person.id, course.id),
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


async def count_running(
    db: AsyncSession, statuses: StatusCache, course_id: UUID, person: Person, seen: Supervision
) -> tuple[int, int]:
    """How many environments run for people the caller supervises, and for others."""
    owners = [owner for owner in statuses.owners_of(course_id) if owner != person.id]
    supervised = await entered_among(db, course_id, seen.contexts, owners)
    count = sum(owner in supervised for owner in owners)
    return count, len(owners) - count
