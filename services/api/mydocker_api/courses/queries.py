"""Queries about Courses."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..domain.policy import MAY_TEACH
from ..domain.statuses import CourseStatus
from ..models import Course, Enrolment, Image, Membership, ResourceLink, User


class CourseSort(StrEnum):
    """Order of the list of Courses."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"


async def course_and_membership(
    db: AsyncSession, user_id: UUID, course_id: UUID
) -> tuple[Course, bool] | None:
    """The Course, and whether a launch has brought this person to it."""
    joined = and_(Membership.course_id == Course.id, Membership.user_id == user_id)
    query = (
        select(Course, Membership.user_id)
        .outerjoin(Membership, joined)
        .where(Course.id == course_id)
    )
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1] is not None) if row else None


async def owned_courses(
    db: AsyncSession,
    user_id: UUID,
    *,
    search: str,
    with_status: Sequence[CourseStatus],
    sort: CourseSort,
    offset: int,
    limit: int,
) -> tuple[list[tuple[Course, str | None]], int]:
    """A page of this person's Courses with the titles of their Images, and how many in all."""
    query = (
        select(Course, Image.title)
        .outerjoin(Image, Image.id == Course.image_id)
        .where(Course.owner_id == user_id)
    )
    if search:
        text = Course.title + " " + Course.description
        query = query.where(text.icontains(search, autoescape=True))
    if with_status:
        query = query.where(Course.status.in_(with_status))
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    column: InstrumentedAttribute[object] = getattr(Course, sort.removeprefix("-"))
    order = column.desc() if sort.startswith("-") else column.asc()
    page = query.order_by(order, Course.id).offset(offset).limit(limit)
    rows = await db.execute(page)
    return [(course, image_title) for course, image_title in rows], total or 0


async def placed_links(
    db: AsyncSession, course_ids: Sequence[UUID], contexts: Collection[UUID] | None = None
) -> dict[UUID, int]:
    """How many LMS activities, of these course spaces, open each of these Courses."""
    query = (
        select(ResourceLink.course_id, func.count())
        .where(ResourceLink.course_id.in_(course_ids))
        .group_by(ResourceLink.course_id)
    )
    if contexts is not None:
        query = query.where(ResourceLink.context_id.in_(contexts))
    rows = await db.execute(query)
    return {course_id: count for course_id, count in rows if course_id is not None}


async def image_title(db: AsyncSession, image_id: UUID | None) -> str:
    """The title of a Course's Image."""
    title = await db.scalar(select(Image.title).where(Image.id == image_id))
    return title or ""


async def owner_name(db: AsyncSession, owner_id: UUID) -> str:
    """What the owner is called."""
    owner = await db.get(User, owner_id)
    return owner.shown_name if owner else ""


async def audience(db: AsyncSession, user_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """Courses the person owns or teaches, and Courses they joined: whose changes they receive."""
    teaches = select(Enrolment.context_id).where(
        Enrolment.user_id == user_id, Enrolment.role.in_(MAY_TEACH)
    )
    taught = select(ResourceLink.course_id).where(ResourceLink.context_id.in_(teaches))
    mine = select(Course.id).where(or_(Course.owner_id == user_id, Course.id.in_(taught)))
    overseen = await db.scalars(mine)
    joined = await db.scalars(select(Membership.course_id).where(Membership.user_id == user_id))
    return set(overseen), set(joined)
