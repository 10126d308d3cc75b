"""The forecast of one pool: demand against machines over time, and what was really used."""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import NotFound

from ..capacity.queries import known_pool
from ..domain.capacity.demand import Demand
from ..domain.capacity.plan import plan_pool
from ..domain.capacity.pool import Order, PoolCapacity, Stretch
from ..domain.statuses import CapacityState
from ..models import Course, CourseSession, PoolSample
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import capacity_of, reserved, with_statuses
from .samples import samples_between
from .schemas import (
    Forecast,
    ForecastCourse,
    ForecastOrder,
    ForecastPoint,
    ForecastSession,
    UsageSample,
)

LONGEST = timedelta(days=42)


async def forecast(
    db: AsyncSession,
    statuses: StatusCache,
    name: str,
    between: tuple[datetime, datetime],
    now: datetime,
) -> Forecast:
    """The plan of a pool for this time; the part of it that is over is what was planned."""
    row = await known_pool(db, name)
    if row is None:
        raise NotFound(f"pool {name}")
    starts_at, ends_at = between
    pool = row.pool
    capacity = capacity_of(pool, row.machines or ())
    rows = await queries.sessions_of_pool(db, name, starts_at, ends_at)
    demands = await with_statuses(db, statuses, pool, reserved(rows, pool), now)
    planned = plan_pool(capacity, demands, now, ends_at) if ends_at > now else None
    before = plan_pool(PoolCapacity(capacity.machines), demands, starts_at, min(now, ends_at))
    stretches = (
        [
            *(before.stretches if starts_at < now else ()),
            *(stretch for stretch in planned.stretches if stretch.ends_at > starts_at),
        ]
        if planned
        else list(before.stretches)
    )
    samples = await samples_between(db, name, starts_at, min(ends_at, now))
    titles = await _titles(db, rows, stretches)
    return Forecast(
        pool=pool.name,
        pool_title=pool.title,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        observed=row.machines is not None,
        machines=len(capacity.machines),
        most_machines=capacity.most,
        courses=[ForecastCourse(id=id, title=title) for id, title in titles.items()],
        points=[_point(stretch, capacity) for stretch in stretches],
        sessions=[_session(session, course) for session, course in rows],
        orders=[_order(order) for order in (planned.orders if planned else ())],
        samples=[_sample(sample) for sample in samples],
        cost=planned.cost if planned and _has_price(pool) else None,
    )


def _has_price(pool: Pool) -> bool:
    return pool.growth is not None and pool.growth.hourly_price is not None


async def _titles(
    db: AsyncSession, rows: list[tuple[CourseSession, Course]], stretches: list[Stretch]
) -> dict[UUID, str]:
    """The Courses of the picture by title; environments may run of Courses without a session."""
    known = {course.id: course for _, course in rows}
    due = {demand.course_id for stretch in stretches for demand in stretch.demands}
    known |= await queries.courses(db, due - known.keys())
    shown = [course for id, course in known.items() if id in due]
    return {course.id: course.title for course in sorted(shown, key=lambda c: (c.title, c.id))}


def _point(stretch: Stretch, capacity: PoolCapacity) -> ForecastPoint:
    return ForecastPoint(
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        environments=stretch.environments,
        waiting=stretch.waiting,
        needed=stretch.needed,
        machines=stretch.machines,
        reasons=list(stretch.reasons),
        bands=_bands(stretch, capacity),
    )


def _bands(stretch: Stretch, capacity: PoolCapacity) -> dict[UUID, float]:
    """The needed machines divided among Courses, by the largest share that each takes of one."""
    shares: defaultdict[UUID, float] = defaultdict(float)
    for demand in stretch.demands:
        shares[demand.course_id] += _share(demand, capacity)
    total = sum(shares.values())
    if not total:
        return {}
    return {id: round(stretch.needed * share / total, 3) for id, share in shares.items()}


def _share(demand: Demand, capacity: PoolCapacity) -> float:
    return demand.amounts.share_of(capacity.like) * demand.count if capacity.like else 0.0


def _session(session: CourseSession, course: Course) -> ForecastSession:
    return ForecastSession(
        id=session.id,
        course_id=course.id,
        course_title=course.title,
        title=session.title,
        students=session.students,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=CapacityState(session.capacity),
    )


def _order(order: Order) -> ForecastOrder:
    return ForecastOrder(order_at=order.order_at, needed_at=order.needed_at, count=order.count)


def _sample(sample: PoolSample) -> UsageSample:
    return UsageSample(
        at=sample.at,
        environments=sample.environments,
        waiting=sample.waiting,
        machines=sample.machines,
        used_machines=sample.used_machines,
        planned_environments=sample.planned_environments,
        planned_machines=sample.planned_machines,
    )
