"""Moves the ends of running Environments after the sessions of their Course changed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.logging import get_logger

from ..domain.courses.opening import end_of, slot_of_running
from . import queries
from .status_cache import LiveEnvironments
from .stop_requests import alive_of

log = get_logger()


async def retime(db: AsyncSession, live: LiveEnvironments, course_id: UUID, now: datetime) -> None:
    """Give every Environment of the Course that lives the end its sessions now say."""
    rows = await alive_of(db, live, course_id)
    held = {row.session_id for row in rows if row.session_id}
    sessions = await queries.sessions_that_bind(db, course_id, held, now)
    slots = [session.slot for session in sessions]
    for row in rows:
        slot = slot_of_running(slots, row.session_id, now)
        session_id, ends_at = (slot.id if slot else None), end_of(slot)
        if (row.session_id, row.ends_at) != (session_id, ends_at):
            row.session_id, row.ends_at = session_id, ends_at
            row.revision += 1
            log.info("environment.retimed", id=row.id, ends_at=ends_at)
