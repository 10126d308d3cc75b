"""Questions about people and their roles."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import ContextRole

from ..models import Context, Enrolment, User


async def user_with_roles(
    db: AsyncSession, user_id: UUID
) -> tuple[User, frozenset[ContextRole]] | None:
    """The person and every role they have anywhere."""
    query = (
        select(User, Enrolment.role)
        .outerjoin(Enrolment, Enrolment.user_id == User.id)
        .where(User.id == user_id)
    )
    rows = (await db.execute(query)).all()
    if not rows:
        return None
    return rows[0][0], frozenset(role for _, role in rows if role is not None)


async def contexts_of(db: AsyncSession, user_id: UUID) -> list[tuple[Context, ContextRole]]:
    """Course spaces the person came from, with their role there."""
    query = (
        select(Context, Enrolment.role)
        .join(Enrolment, Enrolment.context_id == Context.id)
        .where(Enrolment.user_id == user_id)
        .order_by(Enrolment.refreshed_at.desc())
        .limit(200)
    )
    return [(one, other) for one, other in await db.execute(query)]
