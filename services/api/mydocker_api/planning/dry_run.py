"""Dry run of a session of one Course: when each student would be ready."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.errors import Conflict, Invalid
from mydocker_kit.observability.logging import get_logger

from ..domain.capacity import dry_run as rules
from ..domain.capacity.demand import Demand
from ..domain.capacity.dry_run import StartPace
from ..metrics import DRY_RUNS
from ..models import Course
from ..orchestration.status_cache import StatusCache
from ..settings import Settings
from .demands import demands_of, pool_and_capacity, pool_name, size_of, without
from .schemas import DryRun, DryRunGroup, DryRunQuestion

log = get_logger()


class DryRunOver(Invalid):
    """What is over cannot be simulated."""

    code, title = "dry_run_over", "A dry run is about a time to come"


class PoolUnobserved(Conflict):
    """Nothing is known of the machines yet: the orchestrator has not reported them."""

    code, title = "pool_unobserved", "The machines of this pool have not been seen yet"


async def dry_run(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    course: Course,
    question: DryRunQuestion,
    now: datetime,
) -> DryRun:
    """Simulate the session beside what others planned and run. Reserves nothing."""
    if question.ends_at <= now:
        raise DryRunOver
    pool, capacity = await pool_and_capacity(db, pool_name(course))
    if capacity is None:
        raise PoolUnobserved(pool=pool.name)
    session = Demand(
        course.id,
        size_of(course, pool),
        question.students,
        question.starts_at,
        question.ends_at,
        question.session_id,
    )
    period = (question.starts_at, question.ends_at)
    others = without(await demands_of(db, statuses, pool, period, now), session)
    measured = statuses.usual_seconds(course.id)
    seconds = settings.start_seconds if measured is None else measured
    pace = StartPace(seconds, settings.start_cpu_seconds)
    spread = timedelta(minutes=question.spread_minutes)
    answer = rules.dry_run(capacity, others, session, now, pace, spread)
    outcome = "short" if answer.never else "queue" if answer.queued else "at_once"
    DRY_RUNS.labels(outcome).inc()
    log.info(
        "capacity.dry_run",
        course=course.id,
        pool=pool.name,
        students=question.students,
        outcome=outcome,
    )
    return _shown(pool, session, answer, pace, statuses.measured_starts(course.id))


def _shown(
    pool: Pool, session: Demand, answer: rules.DryRun, pace: StartPace, measured: int
) -> DryRun:
    return DryRun(
        pool=pool.name,
        pool_title=pool.title,
        students=session.count,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        at_once=len(answer.starts) - answer.queued,
        queued=answer.queued,
        never=answer.never,
        half_ready_at=answer.ready_share(0.5),
        all_ready_at=answer.ready_share(1),
        machines_to_add=answer.to_make,
        shortage=answer.shortage,
        start_seconds=pace.seconds,
        measured_starts=measured,
        groups=[
            DryRunGroup(
                count=group.count,
                waits=group.waits,
                asked_at=group.asked_at,
                ready_at=group.ready_at,
            )
            for group in answer.groups()
        ],
    )
