"""Room of a Course's sessions when the Course changes its pool or size, or leaves the archive.

Larger environments need more room, and an archived Course needs none. So the sessions to come are
looked at anew under the locks of both pools; who finds no room any more requests it from operators.
Locks are taken in one order everywhere: rows of sessions, pools, the row of the Course.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL
from mydocker_kit.observability.logging import get_logger

from ..domain.statuses import CapacityState, CourseStatus
from ..models import Course
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import pool_and_capacity, pool_name, size_asked
from .service import reserve

log = get_logger()


@dataclass(frozen=True)
class RoomNeed:
    """What decides how much room each student of a Course takes, and where."""

    pool: str
    cpu: float | None
    memory_mib: int | None
    gpu: int | None
    is_archived: bool

    @classmethod
    def of(cls, course: Course) -> "RoomNeed":
        status = CourseStatus(course.status)
        is_archived = status is CourseStatus.ARCHIVED
        return cls(pool_name(course), course.cpu, course.memory_mib, course.gpu, is_archived)

    @classmethod
    def asked(
        cls,
        pool: str | None,
        cpu: float | None,
        memory_mib: int | None,
        gpu: int | None,
        status: CourseStatus,
    ) -> "RoomNeed":
        """Of a draft."""
        return cls(pool or DEFAULT_POOL, cpu, memory_mib, gpu, status is CourseStatus.ARCHIVED)


async def lock_room_of(
    db: AsyncSession, course: Course, after: RoomNeed, now: datetime
) -> RoomNeed:
    """Lock the room that a change of the Course touches; returns what it needs before.

    The caller locks the Course afterwards: it is read anew then, as it may have waited here.
    """
    course_id, before = course.id, RoomNeed.of(course)
    if before != after:
        await queries.lock_sessions_to_come(db, course_id, now)
        for name in sorted({before.pool, after.pool}):
            await queries.lock_reservations(db, name)
    db.expire(course)
    return before


async def reserve_again(
    db: AsyncSession, statuses: StatusCache, course: Course, before: RoomNeed, now: datetime
) -> None:
    """Look for room for the sessions to come of a changed Course, whose row is flushed.

    A Course that needs no more than before keeps what is reserved. What operators refused stays.
    """
    after = RoomNeed.of(course)
    if after == before or after.is_archived:
        return
    again = {CapacityState.REQUESTED}
    if await _grows(db, before, after):
        again.add(CapacityState.RESERVED)
    for session in await queries.sessions_to_come(db, course.id, now):
        known = CapacityState(session.capacity)
        if known not in again:
            continue
        await reserve(db, statuses, course, session, now)
        await db.flush()  # the next one finds this one counted
        if session.capacity is not known:
            log.info("capacity.changed", session=session.id, before=known, after=session.capacity)


async def _grows(db: AsyncSession, before: RoomNeed, after: RoomNeed) -> bool:
    if before.is_archived or before.pool != after.pool:
        return True
    pool, _ = await pool_and_capacity(db, after.pool)
    needed, needs = (
        size_asked(need.cpu, need.memory_mib, need.gpu, pool) for need in (before, after)
    )
    return bool(needs.shortages(needed))
