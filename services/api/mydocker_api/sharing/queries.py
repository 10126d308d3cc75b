"""Queries about shares and the people they name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..domain.policy import MAY_TEACH, ShareKind
from ..models import Context, Course, Enrolment, Image, ResourceLink, Share, User

Resource = Course | Image
MOST_SHOWN = 200


def kind_of(resource: Resource) -> ShareKind:
    return ShareKind.COURSE if isinstance(resource, Course) else ShareKind.IMAGE


def shares_of(resource: Resource) -> ColumnElement[bool]:
    """The condition on shares of this Course or Image."""
    of_course = isinstance(resource, Course)
    return Share.course_id == resource.id if of_course else Share.image_id == resource.id


async def shares(db: AsyncSession, resource: Resource) -> Sequence[tuple[Share, User | None]]:
    """Shares of a resource with their people, those who never came last."""
    query = (
        select(Share, User)
        .outerjoin(User, User.id == Share.user_id)
        .where(shares_of(resource))
        .order_by(Share.user_id.is_(None), Share.created_at, Share.id)
        .limit(MOST_SHOWN)
    )
    return [(share, user) for share, user in await db.execute(query)]


async def teachers_where_placed(
    db: AsyncSession, course_id: UUID
) -> Sequence[tuple[User, str | None, datetime]]:
    """Teachers of the course spaces where the Course is placed, with a space of each."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    query = (
        select(User, Context.title, Enrolment.refreshed_at)
        .join(Enrolment, Enrolment.user_id == User.id)
        .join(Context, Context.id == Enrolment.context_id)
        .where(Enrolment.context_id.in_(placed), Enrolment.role.in_(MAY_TEACH))
        .order_by(User.name, User.id, Context.title)
        .limit(MOST_SHOWN)
    )
    return [(user, title, since) for user, title, since in await db.execute(query)]


async def platforms_of(db: AsyncSession, user_id: UUID) -> list[str]:
    """Issuers of the platforms that launched this person, the last one first."""
    query = (
        select(Enrolment.issuer)
        .where(Enrolment.user_id == user_id, Enrolment.issuer.is_not(None))
        .group_by(Enrolment.issuer)
        .order_by(func.max(Enrolment.refreshed_at).desc())
    )
    return [issuer for issuer in await db.scalars(query) if issuer is not None]


async def people_with_address(db: AsyncSession, issuer: str, email: str) -> set[UUID]:
    """Who has this address by the word of this platform."""
    query = select(User.id).where(
        User.issuer == issuer, func.lower(User.email) == email, User.joined_to_id.is_(None)
    )
    return set(await db.scalars(query.limit(2)))


async def share_of_address(
    db: AsyncSession, resource: Resource, issuer: str, email: str, user_id: UUID | None
) -> Share | None:
    """The share that this person or address has already, locked."""
    same = (Share.issuer == issuer) & (Share.email == email)
    query = select(Share).where(
        shares_of(resource), same if user_id is None else same | (Share.user_id == user_id)
    )
    return await db.scalar(query.order_by(Share.user_id.is_(None)).limit(1).with_for_update())


async def share(db: AsyncSession, resource: Resource, share_id: UUID) -> Share | None:
    """A share of this resource, locked."""
    query = select(Share).where(shares_of(resource), Share.id == share_id)
    return await db.scalar(query.with_for_update())


async def count(db: AsyncSession, resource: Resource) -> int:
    """How many shares the resource has."""
    query = select(func.count()).select_from(Share).where(shares_of(resource))
    return await db.scalar(query) or 0


async def teaches(db: AsyncSession, user_id: UUID) -> bool:
    """Whether this person teaches anywhere now and is not disabled."""
    query = (
        select(User.id)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(User.id == user_id, User.disabled_at.is_(None), Enrolment.role.in_(MAY_TEACH))
        .limit(1)
    )
    return await db.scalar(query) is not None
