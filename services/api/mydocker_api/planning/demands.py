"""Rows and observed statuses as the arguments of the capacity rules."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus
from mydocker_kit.contracts.orchestrator.machines import ScalingSummary
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL, Pool

from ..capacity.queries import assumed_pool, known_pool
from ..domain.capacity.demand import Demand, RunningEnvironment, with_running
from ..domain.capacity.pool import Growth, PoolCapacity
from ..domain.capacity.sizes import UNKNOWN_DISK, Amounts
from ..domain.environments.resources import RequestedResources, effective_resources
from ..domain.statuses import CapacityState
from ..models import Course, CourseSession, KnownMachine, KnownPool
from ..orchestration.status_cache import StatusCache
from . import queries


async def pool_and_capacity(db: AsyncSession, name: str) -> tuple[Pool, PoolCapacity | None]:
    """A pool and its machines; None until any were observed."""
    row = await known_pool(db, name)
    if row is None:
        return assumed_pool(name), None
    return row.pool, None if row.machines is None else capacity_of(row)


def capacity_of(known: KnownPool) -> PoolCapacity:
    """The usable machines of a pool that stay, and those that may be added.

    Machines that Terraform made, and may remove, count among the latter as present.
    """
    is_scaled = known.scaling is not None and known.scaling.enabled
    machines = known.machines or ()
    staying = [machine for machine in machines if not (is_scaled and machine.is_made)]
    return PoolCapacity(_sizes(staying), _growth(known.pool, known.scaling))


def present_capacity(known: KnownPool) -> PoolCapacity:
    """The usable machines of a pool as they are now, whoever made them."""
    return PoolCapacity(_sizes(known.machines or ()))


def _sizes(machines: Iterable[KnownMachine]) -> list[Amounts]:
    return [
        Amounts.of(machine.cpu, machine.memory_mib, machine.gpus, UNKNOWN_DISK)
        for machine in machines
    ]


def _growth(pool: Pool, scaling: ScalingSummary | None) -> Growth | None:
    growth = pool.growth
    if growth is None:
        return None
    scaled = scaling if scaling and scaling.enabled else None
    return Growth(
        flavour=Amounts.of(growth.cpu, growth.memory_mib, growth.gpus, UNKNOWN_DISK),
        most=growth.max_machines,
        lead=timedelta(minutes=growth.lead_minutes),
        idle=growth.idle_machines,
        hourly_price=growth.hourly_price or 0.0,
        monthly_budget=growth.monthly_budget,
        keep=timedelta(minutes=scaled.keep_minutes) if scaled else Growth.keep,
        present=scaled.present if scaled else 0,
        spent=scaling.spent if scaling else 0.0,
    )


def pool_name(course: Course) -> str:
    """The pool a Course runs on."""
    return course.pool or DEFAULT_POOL


def size_of(course: Course, pool: Pool) -> Amounts:
    """What one environment of the Course reserves."""
    return _size(course.requested_resources, pool)


def _size(requested: RequestedResources, pool: Pool) -> Amounts:
    effective = effective_resources(requested, pool)
    return Amounts.of(effective.cpu, effective.memory_mib, effective.gpu)


def demand_of(session: CourseSession, course: Course, pool: Pool) -> Demand:
    """The environments of a session."""
    return Demand(
        course.id,
        size_of(course, pool),
        session.students,
        session.starts_at,
        session.ends_at,
        session.id,
    )


async def demands_of(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    between: tuple[datetime, datetime],
    now: datetime,
) -> list[Demand]:
    """What sessions with room and running environments need in this time."""
    [demands] = await demands_in(db, statuses, pool, [between], now)
    return demands


async def demands_in(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    stretches: Sequence[tuple[datetime, datetime]],
    now: datetime,
) -> list[list[Demand]]:
    """The same of each stretch of time; sessions and running environments are read once."""
    sessions = [
        _reserved(session, pool)
        for session in await queries.reserved_sessions(db, pool.name, stretches)
    ]
    alive = [status for status in statuses.alive() if status.pool == pool.name]
    running = await running_of(db, pool, alive)
    return [
        with_running([demand for demand in sessions if demand.overlaps(*stretch)], running, now)
        for stretch in stretches
    ]


def size_asked(cpu: float | None, memory_mib: int | None, gpu: int | None, pool: Pool) -> Amounts:
    """What an environment reserves that asks for this much; None: the pool's default."""
    return _size(RequestedResources(cpu, memory_mib, gpu, None, None), pool)


def _reserved(session: queries.ReservedSession, pool: Pool) -> Demand:
    return Demand(
        session.course_id,
        size_asked(session.cpu, session.memory_mib, session.gpu, pool),
        session.students,
        session.starts_at,
        session.ends_at,
        session.id,
    )


def reserved(rows: Sequence[tuple[CourseSession, Course]], pool: Pool) -> list[Demand]:
    """The demands of those of these sessions whose room is counted on."""
    return [
        demand_of(session, course, pool)
        for session, course in rows
        if session.capacity is CapacityState.RESERVED
    ]


async def with_statuses(
    db: AsyncSession,
    statuses: StatusCache,
    pool: Pool,
    sessions: Sequence[Demand],
    now: datetime,
) -> list[Demand]:
    """The same with what runs or waits now."""
    alive = [status for status in statuses.alive() if status.pool == pool.name]
    return with_running(sessions, await running_of(db, pool, alive), now)


async def running_of(
    db: AsyncSession, pool: Pool, alive: Sequence[EnvironmentStatus]
) -> list[RunningEnvironment]:
    """These environments, each as large as its Course is now."""
    if not alive:
        return []
    courses = await queries.courses(db, {status.course_id for status in alive})
    sizes: dict[UUID, Amounts] = {id: size_of(course, pool) for id, course in courses.items()}
    return [
        RunningEnvironment(
            status.course_id, status.session_id, sizes[status.course_id], status.ends_at
        )
        for status in alive
        if status.course_id in sizes
    ]


def without(demands: list[Demand], session: Demand) -> list[Demand]:
    """What others need: neither the session itself, nor what runs of it."""
    if session.session_id is None:
        return demands
    return [demand for demand in demands if demand.session_id != session.session_id]
