"""Moves the end times of running Environments after the sessions of their Course changed."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger

from ..domain.courses.extra_time import own_slots
from ..domain.courses.opening import end_of, slot_of_running
from . import queries
from .status_cache import StatusCache
from .stop_requests import alive_environments

log = get_logger()


async def move_end_times(
    db: AsyncSession,
    statuses: StatusCache,
    course_id: UUID,
    now: datetime,
    people: Collection[UUID] | None = None,
) -> None:
    """Give every living Environment of the Course, or of these people, the end of its session."""
    rows = await alive_environments(db, statuses, course_id)
    if people is not None:
        rows = [row for row in rows if row.user_id in people]
    if not rows:
        return
    assigned = {row.session_id for row in rows if row.session_id}
    sessions = await queries.sessions_to_assign(db, course_id, assigned, now)
    grants = (await queries.extra_time_of(db, [course_id]))[course_id]
    for row in rows:
        slots = own_slots([session.slot for session in sessions], grants, row.user_id)
        slot = slot_of_running(slots, row.session_id, now)
        session_id, ends_at = (slot.id if slot else None), end_of(slot)
        extra, plan = (slot.extra_minutes if slot else 0), row.plan
        if plan is not None and plan.extra_minutes != extra:
            row.plan = plan.model_copy(update={"extra_minutes": extra})
        if (row.session_id, row.ends_at, row.plan) != (session_id, ends_at, plan):
            row.session_id, row.ends_at = session_id, ends_at
            row.revision += 1
            log.info("environment.end_moved", id=row.id, ends_at=ends_at)
