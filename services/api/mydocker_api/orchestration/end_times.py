"""Moves the end times of running Environments after the sessions of their Course changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger

from ..domain.courses.opening import end_of, slot_of_running
from . import queries
from .status_cache import StatusCache
from .stop_requests import alive_environments

log = get_logger()


async def move_end_times(
    db: AsyncSession, statuses: StatusCache, course_id: UUID, now: datetime
) -> None:
    """Give every living Environment of the Course the end time of its present session."""
    rows = await alive_environments(db, statuses, course_id)
    assigned = {row.session_id for row in rows if row.session_id}
    sessions = await queries.sessions_to_assign(db, course_id, assigned, now)
    slots = [session.slot for session in sessions]
    for row in rows:
        slot = slot_of_running(slots, row.session_id, now)
        session_id, ends_at = (slot.id if slot else None), end_of(slot)
        if (row.session_id, row.ends_at) != (session_id, ends_at):
            row.session_id, row.ends_at = session_id, ends_at
            row.revision += 1
            log.info("environment.end_moved", id=row.id, ends_at=ends_at)
