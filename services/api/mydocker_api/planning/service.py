"""Checks and reserves room for sessions; operators decide about those that find none."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..domain.capacity.demand import Demand
from ..domain.capacity.pool import PoolCapacity
from ..domain.capacity.room import Room, Verdict, room_for, suggested_slots
from ..domain.policy import Person
from ..domain.statuses import CapacityState
from ..feed import announce
from ..metrics import CAPACITY_CHECKS, CAPACITY_DECISIONS
from ..models import Course, CourseSession
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import (
    demand_of,
    demands_in,
    demands_of,
    pool_and_capacity,
    pool_name,
    size_of,
    without,
)
from .schemas import (
    CapacityAnswer,
    CapacityCheck,
    CapacityDecision,
    CapacityQuestion,
    CapacityRequest,
    Slot,
)

log = get_logger()
_AROUND = timedelta(days=8)
"""How far from a session slots are suggested."""


class NoCapacityRequest(Conflict):
    """Room was found, granted or refused meanwhile, or the session is over."""

    code, title = "no_capacity_request", "This session asks for no room"


async def check(
    db: AsyncSession,
    statuses: StatusCache,
    course: Course,
    question: CapacityQuestion,
    now: datetime,
) -> CapacityCheck:
    """Whether a session of the Course would find room. Reserves nothing."""
    pool, capacity = await pool_and_capacity(db, pool_name(course))
    zone = ZoneInfo(question.zone)
    session = Demand(
        course.id,
        size_of(course, pool),
        question.students,
        question.starts_at.astimezone(zone),
        question.ends_at.astimezone(zone),
        question.session_id,
    )
    return await _check(db, statuses, pool, capacity, session, now)


async def reserve(
    db: AsyncSession, statuses: StatusCache, course: Course, session: CourseSession, now: datetime
) -> None:
    """Reserve room for a session that is being saved, or request it from operators.

    The caller holds the pool's lock (`lock_room`): no other save looks for room meanwhile.
    """
    pool, capacity = await pool_and_capacity(db, pool_name(course))
    demand = demand_of(session, course, pool)
    room = await _room(db, statuses, pool, capacity, demand, now)
    is_short = room.verdict is Verdict.IMPOSSIBLE
    session.capacity = CapacityState.REQUESTED if is_short else CapacityState.RESERVED
    session.capacity_reason = ""
    CAPACITY_CHECKS.labels(room.verdict).inc()
    log.info(
        "capacity.reserved",
        session=session.id,
        course=course.id,
        pool=pool.name,
        verdict=room.verdict,
        fitting=room.fitting,
        students=session.students,
    )


async def lock_room(db: AsyncSession, course: Course) -> None:
    """Until the transaction ends, no other session of the Course's pool is given room.

    The Course is read again under the lock: a change of its pool or size may just have ended.
    """
    locked: set[str] = set()
    while (name := pool_name(course)) not in locked:
        await queries.lock_reservations(db, name)
        locked.add(name)
        try:
            await db.refresh(course, ["pool", "cpu", "memory_mib", "gpu", "status"])
        except InvalidRequestError as error:  # deleted meanwhile
            raise NotFound(f"course {course.id}") from error


async def requests(
    db: AsyncSession,
    statuses: StatusCache,
    paging: Paging,
    sort: queries.RequestSort,
    now: datetime,
) -> Page[CapacityRequest]:
    """Sessions that ask for room, with what there is now.

    Without suggestions: they look through two weeks of sessions for each entry, and who decides
    has no use for them.
    """
    read = await queries.requests(db, now, paging, sort)
    checks: dict[UUID, CapacityCheck] = {}
    for name in {pool_name(course) for _, course, _ in read.rows}:
        saved = [(session, course) for session, course, _ in read.rows if pool_name(course) == name]
        checks |= await _check_saved(db, statuses, name, saved, now)
    items = [
        _request(session, course, owner.shown_name, checks[session.id])
        for session, course, owner in read.rows
    ]
    return paging.answer(items, read)


async def decide(
    db: AsyncSession, operator: Person, session_id: UUID, answer: CapacityAnswer, now: datetime
) -> None:
    """Grant or refuse room. Granted beyond what there is, students wait in the queue."""
    pair = await queries.session_and_course(db, session_id)
    if pair is None:
        raise NotFound(f"session {session_id}")
    session, course = pair
    await lock_room(db, course)
    if session.capacity is not CapacityState.REQUESTED or session.ends_at <= now:
        raise NoCapacityRequest
    granted = answer.decision is CapacityDecision.GRANTED
    session.capacity = CapacityState.RESERVED if granted else CapacityState.REFUSED
    session.capacity_reason = answer.reason
    await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    CAPACITY_DECISIONS.labels(answer.decision).inc()
    log.info("capacity.decided", session=session_id, decision=answer.decision, operator=operator.id)


async def _check_saved(
    db: AsyncSession,
    statuses: StatusCache,
    name: str,
    saved: Sequence[tuple[CourseSession, Course]],
    now: datetime,
) -> dict[UUID, CapacityCheck]:
    """Whether these sessions of one pool find room now, by id."""
    pool, capacity = await pool_and_capacity(db, name)
    asked = [demand_of(session, course, pool) for session, course in saved]
    rooms = await _rooms(db, statuses, pool, capacity, asked, now)
    return {
        session.id: _capacity_check(pool, demand, room, [])
        for (session, _), demand, room in zip(saved, asked, rooms, strict=True)
    }


async def _rooms(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    capacity: PoolCapacity | None,
    sessions: Sequence[Demand],
    now: datetime,
) -> list[Room]:
    if capacity is None:
        return [Room(Verdict.UNKNOWN, session.count, session.count) for session in sessions]
    stretches = [(session.starts_at, session.ends_at) for session in sessions]
    demands = await demands_in(db, statuses, pool, stretches, now)
    return [
        room_for(capacity, without(others, session), session, now)
        for session, others in zip(sessions, demands, strict=True)
    ]


async def _room(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    capacity: PoolCapacity | None,
    session: Demand,
    now: datetime,
) -> Room:
    [room] = await _rooms(db, statuses, pool, capacity, [session], now)
    return room


async def _check(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    capacity: PoolCapacity | None,
    session: Demand,
    now: datetime,
) -> CapacityCheck:
    room = await _room(db, statuses, pool, capacity, session, now)
    slots: list[Slot] = []
    if capacity and room.verdict in (Verdict.TIGHT, Verdict.IMPOSSIBLE):
        period = (session.starts_at - _AROUND, session.ends_at + _AROUND)
        others = without(await demands_of(db, statuses, pool, period, now), session)
        slots = [
            Slot(starts_at=begin, ends_at=end)
            for begin, end in suggested_slots(capacity, others, session, now)
        ]
    return _capacity_check(pool, session, room, slots)


def _capacity_check(pool: Pool, session: Demand, room: Room, slots: list[Slot]) -> CapacityCheck:
    return CapacityCheck(
        verdict=room.verdict,
        pool=pool.name,
        pool_title=pool.title,
        students=session.count,
        fitting=room.fitting,
        fitting_now=room.fitting_now,
        machines_to_add=room.to_make,
        ready_at=room.ready_at,
        shortage=room.shortage,
        suggestions=slots,
    )


def _request(
    session: CourseSession, course: Course, owner_name: str, room: CapacityCheck
) -> CapacityRequest:
    return CapacityRequest(
        session_id=session.id,
        title=session.title,
        course_id=course.id,
        course_title=course.title,
        owner_name=owner_name,
        students=session.students,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        check=room,
    )
