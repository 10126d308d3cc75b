"""Withdraws memberships that a lost role gave, and stops environments that depended on them.

Work, credentials and the Environment's row stay, in case the person returns.
"""

from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.observability.logging import get_logger

from ..domain.policy import MAY_ENTER
from ..domain.statuses import RequestedState
from ..feed import announce
from ..metrics import WITHDRAWN
from ..models import Course, Enrolment, Environment, Membership, ResourceLink
from ..orchestration.stop_requests import request_stop
from ..rights.queries import share_of_course, taught_contexts

log = get_logger()


async def leave_courses_of(db: AsyncSession, context_id: UUID, user_id: UUID) -> None:
    """Leave every Course placed in this course space, unless another one leads to it as well."""
    placed = select(ResourceLink.course_id).where(
        ResourceLink.context_id == context_id, ResourceLink.course_id.is_not(None)
    )
    elsewhere = (
        exists()
        .where(
            ResourceLink.course_id == Membership.course_id,
            ResourceLink.context_id == Enrolment.context_id,
            Enrolment.user_id == Membership.user_id,
            Enrolment.role.in_(MAY_ENTER),
        )
        .correlate(Membership)
    )
    left = await db.scalars(
        delete(Membership)
        .where(Membership.user_id == user_id, Membership.course_id.in_(placed), ~elsewhere)
        .returning(Membership.course_id)
    )
    for course_id in left.all():
        await stop_for_lost_access(db, course_id, user_id)


async def leave_if_uninvited(db: AsyncSession, course_id: UUID, user_id: UUID) -> None:
    """Stop what somebody runs whose share ended, unless they joined the Course or teach there."""
    joined = exists().where(Membership.course_id == course_id, Membership.user_id == user_id)
    if await db.scalar(select(joined)) or await taught_contexts(db, user_id, course_id):
        return
    await stop_for_lost_access(db, course_id, user_id)


async def stop_for_lost_access(db: AsyncSession, course_id: UUID, user_id: UUID) -> None:
    """Stop the person's Environment of this Course, unless they own or share it."""
    WITHDRAWN.inc()
    log.info("course.access_lost", course=course_id, user=user_id)
    owner = await db.scalar(select(Course.owner_id).where(Course.id == course_id))
    row = await db.scalar(
        select(Environment)
        .where(
            Environment.course_id == course_id,
            Environment.user_id == user_id,
            Environment.wanted == RequestedState.RUNNING,
        )
        .with_for_update()
    )
    if owner is None or owner == user_id or await share_of_course(db, user_id, course_id):
        return
    if row is not None:
        request_stop(row, ReasonCode.ACCESS_LOST)
        await db.flush()
    await announce(db, EventKind.COURSE_CHANGED, course_id, course_id, owner)
