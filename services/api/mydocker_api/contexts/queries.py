"""Questions about course spaces and their activities."""

from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import ContextRole

from ..domain.policy import MAY_TEACH
from ..models import Enrolment, ResourceLink


async def role_in(db: AsyncSession, user_id: UUID, context_id: UUID) -> ContextRole:
    """The person's role in a course space, as its last launch said."""
    role = await db.scalar(
        select(Enrolment.role).where(
            Enrolment.user_id == user_id, Enrolment.context_id == context_id
        )
    )
    return role or ContextRole.NONE


async def is_colleague(db: AsyncSession, user_id: UUID, course_id: UUID) -> bool:
    """Whether the person teaches in a course space where this Course is placed."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    query = exists().where(
        Enrolment.user_id == user_id,
        Enrolment.role.in_(MAY_TEACH),
        Enrolment.context_id.in_(placed),
    )
    return bool(await db.scalar(select(query)))
