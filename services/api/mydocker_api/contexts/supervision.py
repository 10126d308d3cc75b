"""Whose people of a Course the caller sees, asked of the database at each request.

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
from ..orchestration.status_cache import LiveEnvironments


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
    """What the person may do with this Course's people now."""
    return Supervision(
        owns=course.owner_id == person.id,
        contexts=await taught_contexts(db, person.id, course.id),
        operates=person.operates,
    )


async def supervised_course(
    db: AsyncSession, person: Person, course_id: UUID
) -> tuple[Course, Supervision]:
    """The Course, for those who may open the page of its people; for others there is none."""
    course = await db.get(Course, course_id)
    if course is not None:
        found = await supervision(db, person, course)
        if found.sees_page:
            return course, found
    raise NotFound(f"course {course_id}")


def entered_from(course_id: UUID, contexts: Collection[UUID], user: object) -> Exists:
    """Whether that user came to the Course by an activity of these course spaces."""
    return exists().where(
        ActivityEntry.course_id == course_id,
        ActivityEntry.user_id == user,
        ActivityEntry.resource_link_id == ResourceLink.id,
        ResourceLink.context_id.in_(contexts),
    )


async def came_from(
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


async def running_by_place(
    db: AsyncSession, live: LiveEnvironments, course_id: UUID, person: Person, seen: Supervision
) -> tuple[int, int]:
    """How many environments run of people the caller sees, and of others."""
    owners = [one for one in live.owners_of(course_id) if one != person.id]
    near = await came_from(db, course_id, seen.contexts, owners)
    return sum(one in near for one in owners), sum(one not in near for one in owners)
