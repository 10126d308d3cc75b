"""Queries about Courses."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, ColumnElement, and_, func, literal_column, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.policy import ShareRight
from ..domain.statuses import CourseStatus
from ..models import Course, Image, Membership, ResourceLink, Share, User
from ..rights import queries as rights


class CourseOrigin(StrEnum):
    """Why a Course is in the list."""

    MINE = "mine"
    SHARED = "shared"
    SPACE = "space"
    """Placed in a course space where the person teaches."""


class CourseSort(StrEnum):
    """Order of the list of Courses."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"
    NEWEST = "-created_at"
    OLDEST = "created_at"


@dataclass(frozen=True)
class Entrance:
    """A Course, and what lets a person in beside owning it."""

    course: Course
    is_member: bool
    """A launch or a join link has brought them to it."""
    share: ShareRight | None


async def entrance(db: AsyncSession, user_id: UUID, course_id: UUID) -> Entrance | None:
    """What connects the person to the Course; None: no such Course."""
    joined = and_(Membership.course_id == Course.id, Membership.user_id == user_id)
    shared = and_(Share.course_id == Course.id, Share.user_id == user_id)
    query = (
        select(Course, Membership.user_id, Share.right)
        .outerjoin(Membership, joined)
        .outerjoin(Share, shared)
        .where(Course.id == course_id)
    )
    row = (await db.execute(query)).one_or_none()
    return Entrance(row[0], row[1] is not None, row[2]) if row else None


def _listed(user_id: UUID, origin: CourseOrigin | None) -> ColumnElement[bool]:
    match origin:
        case CourseOrigin.MINE:
            return rights.course_owned(user_id)
        case CourseOrigin.SHARED:
            return rights.course_shared(user_id)
        case CourseOrigin.SPACE:
            return and_(rights.course_taught(user_id), ~rights.course_owned(user_id))
        case None:
            return rights.course_visible(user_id)


WRITTEN_BY: ColumnElement[int] = literal_column("api.courses.xmin", BigInteger)
"""The transaction that wrote the row."""
_SHOWN = (
    *(Course.owner_id, Course.title, Course.description, Course.status, Course.image_reference),
    *(Course.created_at, Course.updated_at),
)


@dataclass(frozen=True)
class ListedCourse:
    """A Course of a list, with what it shows of other tables and the person's standing."""

    course: Course
    """Without the columns that no list shows."""
    written_by: int
    image_title: str | None
    owner: User
    share: ShareRight | None
    is_taught: bool


async def visible_courses(
    db: AsyncSession,
    user_id: UUID,
    *,
    origin: CourseOrigin | None,
    with_status: Sequence[CourseStatus],
    sort: CourseSort,
    paging: Paging,
) -> Slice:
    """A page of the Courses (`ListedCourse`) whose settings the person may read."""
    shared = and_(Share.course_id == Course.id, Share.user_id == user_id)
    query = (
        select(Course, WRITTEN_BY, Image.title, User, Share.right, rights.course_taught(user_id))
        .join(User, User.id == Course.owner_id)
        .outerjoin(Image, Image.id == Course.image_id)
        .outerjoin(Share, shared)
        .where(_listed(user_id, origin))
        .options(
            load_only(*_SHOWN, raiseload=True),
            load_only(User.name, User.pseudonym, raiseload=True),
        )
    )
    if paging.search:
        text = Course.title + " " + Course.description
        query = query.where(text.icontains(paging.search, autoescape=True))
    if with_status:
        query = query.where(Course.status.in_(with_status))
    return await read_slice(db, query, order_of(sort, Course, Key(Course.id)), paging)


async def written(db: AsyncSession, ids: Sequence[UUID]) -> list[tuple[Course, int]]:
    """These Courses, whole, each with the transaction that wrote it."""
    rows = await db.execute(select(Course, WRITTEN_BY).where(Course.id.in_(ids)))
    return [(course, writer) for course, writer in rows]


async def courses_of_image(
    db: AsyncSession, image_id: UUID, user_id: UUID
) -> tuple[list[Course], int]:
    """Courses that run a Build of the Image: those the person may change, and how many others."""
    uses = select(Course).where(Course.image_id == image_id, Course.is_trial.is_(False))
    total = await db.scalar(select(func.count()).select_from(uses.subquery())) or 0
    mine = uses.where(rights.course_editable(user_id)).order_by(Course.title, Course.id)
    courses = list(await db.scalars(mine))
    return courses, total - len(courses)


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


async def spared_people(
    db: AsyncSession, course: Course, with_rights: Collection[ShareRight]
) -> set[UUID]:
    """The owner, and those who have one of these rights by a share."""
    query = select(Share.user_id).where(Share.course_id == course.id, Share.right.in_(with_rights))
    people = await db.scalars(query.where(Share.user_id.is_not(None)))
    return {course.owner_id, *(person for person in people if person is not None)}


async def audience(db: AsyncSession, user_id: UUID) -> tuple[set[UUID], set[UUID]]:
    """Courses the person may read, and Courses they may enter only: whose changes they receive."""
    overseen = await db.scalars(select(Course.id).where(rights.course_visible(user_id)))
    joined = select(Membership.course_id).where(Membership.user_id == user_id)
    invited = select(Share.course_id).where(Share.user_id == user_id, Share.course_id.is_not(None))
    entered = await db.scalars(joined.union(invited))
    return set(overseen), {id for id in entered if id is not None}
