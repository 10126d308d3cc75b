"""The forecast of one pool: demand against machines over time, and what was really used.

Operators see all of it. Teachers see which of the machines their Courses need; the Courses that
they may not see are one sum without names, and prices and orders are left out.
"""

from collections import defaultdict
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import NotFound

from ..capacity.queries import known_pool
from ..domain.capacity.demand import Demand
from ..domain.capacity.plan import plan_pool
from ..domain.capacity.pool import Order, PoolCapacity, PoolPlan, Stretch
from ..domain.policy import MayDo, Person, may_do, must_see_forecasts
from ..domain.statuses import CapacityState
from ..models import Course, CourseSession, PoolSample
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import capacity_of, present_capacity, reserved, with_statuses
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
    person: Person,
    name: str,
    between: tuple[datetime, datetime],
    now: datetime,
) -> Forecast:
    """The plan of a pool for this time; the part of it that is over is what was planned."""
    must_see_forecasts(person)
    row = await known_pool(db, name)
    if row is None:
        raise NotFound(f"pool {name}")
    starts_at, ends_at = between
    pool = row.pool
    capacity = capacity_of(row)
    rows = await queries.sessions_of_pool(db, name, starts_at, ends_at)
    demands = await with_statuses(db, statuses, pool, reserved(rows, pool), now)
    planned = plan_pool(capacity, demands, now, ends_at) if ends_at > now else None
    before = plan_pool(present_capacity(row), demands, starts_at, min(now, ends_at))
    stretches = (
        [
            *(before.stretches if starts_at < now else ()),
            *(stretch for stretch in planned.stretches if stretch.ends_at > starts_at),
        ]
        if planned
        else list(before.stretches)
    )
    samples = await samples_between(db, name, starts_at, min(ends_at, now))
    courses = await _courses(db, rows, stretches)
    opened = await queries.visible(db, person.id, courses)
    operates = MayDo.OPERATE in may_do(person)
    named = set(courses) if operates else opened
    due = {demand.course_id for stretch in stretches for demand in stretch.demands}
    return Forecast(
        pool=pool.name,
        pool_title=pool.title,
        starts_at=starts_at,
        ends_at=ends_at,
        now=now,
        observed=row.machines is not None,
        machines=len(capacity.machines) + capacity.present,
        most_machines=capacity.most,
        courses=[
            ForecastCourse(id=id, title=course.title)
            for id, course in courses.items()
            if id in due & named
        ],
        points=[_point(stretch, capacity, named) for stretch in stretches],
        sessions=[
            _session(session, course, may_open=course.id in opened)
            for session, course in rows
            if course.id in named
        ],
        orders=[_order(order) for order in (planned.orders if planned and operates else ())],
        samples=[_sample(sample) for sample in samples],
        cost=_cost(pool, planned) if operates else None,
    )


def _cost(pool: Pool, planned: PoolPlan | None) -> float | None:
    has_price = pool.growth is not None and pool.growth.hourly_price is not None
    return planned.cost if planned and has_price else None


async def _courses(
    db: AsyncSession, rows: list[tuple[CourseSession, Course]], stretches: list[Stretch]
) -> dict[UUID, Course]:
    """The Courses of this time, by title; environments may run of Courses without a session."""
    known = {course.id: course for _, course in rows}
    due = {demand.course_id for stretch in stretches for demand in stretch.demands}
    known |= await queries.courses(db, due - known.keys())
    in_order = sorted(known.values(), key=lambda course: (course.title, course.id))
    return {course.id: course for course in in_order}


def _point(stretch: Stretch, capacity: PoolCapacity, named: set[UUID]) -> ForecastPoint:
    bands = _bands(stretch, capacity)
    return ForecastPoint(
        starts_at=stretch.starts_at,
        ends_at=stretch.ends_at,
        environments=stretch.environments,
        waiting=stretch.waiting,
        needed=stretch.needed,
        machines=stretch.machines,
        reasons=list(stretch.reasons),
        bands={id: machines for id, machines in bands.items() if id in named},
        hidden=round(sum(bands.values()) - sum(bands[id] for id in bands.keys() & named), 3),
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


def _session(session: CourseSession, course: Course, *, may_open: bool) -> ForecastSession:
    return ForecastSession(
        id=session.id,
        course_id=course.id,
        course_title=course.title,
        title=session.title,
        students=session.students,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        capacity=CapacityState(session.capacity),
        may_open=may_open,
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
