"""Queries about the course spaces of a person."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import ContextRole

from ...models import Context, Enrolment


async def contexts_of(db: AsyncSession, user_id: UUID) -> list[tuple[Context, ContextRole]]:
    """Course spaces the person came from, with their role there."""
    query = (
        select(Context, Enrolment.role)
        .join(Enrolment, Enrolment.context_id == Context.id)
        .where(Enrolment.user_id == user_id)
        .order_by(Enrolment.refreshed_at.desc())
        .limit(200)
    )
    return [(context, role) for context, role in await db.execute(query)]
