"""Queries about an account, and about two that may be merged."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ...domain.statuses import RequestedState
from ...models import Course, Environment, Image, Membership, SshKey, User
from ...models.base import Base
from .schemas import Moving


async def lock_people(db: AsyncSession, *ids: UUID | None) -> dict[UUID, User]:
    """These people, locked in one order whoever asks."""
    query = select(User).where(User.id.in_([id for id in ids if id])).order_by(User.id)
    rows = await db.scalars(query.with_for_update().execution_options(populate_existing=True))
    return {row.id: row for row in rows}


async def moving(db: AsyncSession, mine: UUID, other: User) -> Moving:
    """What would move from the other account to mine."""
    running = Environment.user_id == other.id, Environment.wanted == RequestedState.RUNNING
    return Moving(
        courses=await _count(db, Course, Course.owner_id == other.id, Course.is_trial.is_(False)),
        images=await _count(db, Image, Image.owner_id == other.id),
        memberships=await _count(db, Membership, Membership.user_id == other.id),
        environments=await _count(db, Environment, Environment.user_id == other.id),
        ssh_keys=await _count(db, SshKey, SshKey.user_id == other.id),
        running=await _count(db, Environment, *running),
        set_aside=await _titles_of_both(db, mine, other.id),
        operates=other.operator_since is not None,
        may_build=other.may_build_since is not None,
    )


async def _count(db: AsyncSession, table: type[Base], *which: ColumnElement[bool]) -> int:
    return await db.scalar(select(func.count()).select_from(table).where(*which)) or 0


async def _titles_of_both(db: AsyncSession, mine: UUID, other: UUID) -> list[str]:
    """Courses in which both have an Environment."""
    own = aliased(Environment)
    query = (
        select(Course.title)
        .join(Environment, Environment.course_id == Course.id)
        .where(
            Environment.user_id == other,
            exists().where(own.course_id == Course.id, own.user_id == mine),
        )
    )
    return list(await db.scalars(query.order_by(Course.title).limit(50)))
