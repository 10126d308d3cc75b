"""Queries about course spaces and their activities."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchContext

from ..domain.courses.placements import PlacementOrigin
from ..models import Context, Enrolment, ResourceLink


async def role_in(db: AsyncSession, user_id: UUID, context_id: UUID) -> ContextRole:
    """The person's role in a course space, by their last launch."""
    role = await db.scalar(
        select(Enrolment.role).where(
            Enrolment.user_id == user_id, Enrolment.context_id == context_id
        )
    )
    return role or ContextRole.NONE


async def has_legacy_placement(
    db: AsyncSession, where: LaunchContext, former_registrations: Sequence[UUID], course_id: UUID
) -> bool:
    """Whether the Course was placed in this deployment before links were signed.

    Also in a registration whose people an operator moved to this one: the platform was the same.
    """
    here = and_(
        Context.registration_id == where.registration_id,
        Context.deployment_id == where.deployment_id,
    )
    query = exists().where(
        ResourceLink.course_id == course_id,
        ResourceLink.placement_origin == PlacementOrigin.LEGACY,
        ResourceLink.context_id == Context.id,
        or_(here, Context.registration_id.in_(former_registrations)),
    )
    return bool(await db.scalar(select(query)))
