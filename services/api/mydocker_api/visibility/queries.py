"""Queries about Images for all teachers, and about Courses that use an Image."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, read_slice

from ..domain.policy.visibility import Visibility
from ..models import Course, Image, User

MOST_USES = 50
_Decider = aliased(User)


@dataclass(frozen=True)
class Request:
    """An Image with the people who asked and decided."""

    image: Image
    owner: User
    decided_by: User | None
    courses: int


def _requests() -> Select[Image, User, User, int]:
    courses = select(func.count()).where(Course.image_id == Image.id, Course.is_trial.is_(False))
    uses = courses.correlate(Image)
    return (
        select(Image, User, _Decider, uses.scalar_subquery())
        .join(User, User.id == Image.owner_id)
        .outerjoin(_Decider, _Decider.id == Image.visibility_decided_by)
        .where(Image.visibility != Visibility.PRIVATE)
    )


class RequestSort(StrEnum):
    """Order of the requests."""

    LONGEST_WAITING = "visibility_asked_at"
    NEWEST = "-visibility_asked_at"


async def requests(
    db: AsyncSession, state: Visibility | None, paging: Paging, sort: RequestSort
) -> Slice:
    """A page of requests (`Request`)."""
    query = _requests()
    if state is not None:
        query = query.where(Image.visibility == state)
    if paging.search:
        text = Image.title + " " + func.coalesce(User.name, "")
        query = query.where(text.icontains(paging.search, autoescape=True))
    asked = Key(Image.visibility_asked_at, sort is RequestSort.NEWEST, nullable=True)
    return await read_slice(db, query, [asked, Key(Image.id)], paging)


async def request_of(db: AsyncSession, image_id: UUID) -> Request | None:
    """The request about this Image."""
    row = (await db.execute(_requests().where(Image.id == image_id))).one_or_none()
    return Request(*row) if row else None


async def uses(db: AsyncSession, image_id: UUID) -> tuple[list[tuple[Course, User]], int]:
    """Courses that run a Build of the Image with their owners, newest change first."""
    query = (
        select(Course, User)
        .join(User, User.id == Course.owner_id)
        .where(Course.image_id == image_id, Course.is_trial.is_(False))
    )
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    page = query.order_by(Course.updated_at.desc(), Course.id).limit(MOST_USES)
    return [(course, owner) for course, owner in await db.execute(page)], total or 0
