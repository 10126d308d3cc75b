"""Lists environments of all Courses: rows of the database joined with observed statuses.

The database knows who requested what; the status cache knows the phase, the machine and the
reason. A filter by phase therefore starts from ids of the cache, and the database pages and
searches among them. Requests that the orchestrator has not confirmed yet, or refused, have no
status of their own and are found by their row.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.environments import ALIVE, EnvironmentStatus, Phase
from mydocker_kit.errors import NotFound
from mydocker_kit.paging import Paging

from ...domain.environments import lifecycle
from ...orchestration.specs import request_of
from ...orchestration.status_cache import StatusCache
from . import queries
from .queries import EnvironmentRow, Observed
from .schemas import (
    CourseOfEnvironment,
    EnvironmentDetail,
    EnvironmentEntry,
    EnvironmentFilter,
    OwnerOfEnvironment,
)

_PHASES = {
    EnvironmentFilter.ALIVE: ALIVE | {Phase.STOPPING},
    EnvironmentFilter.WAITING: frozenset({Phase.QUEUED, Phase.STARTING}),
    EnvironmentFilter.READY: frozenset({Phase.READY}),
    EnvironmentFilter.FAILED: frozenset({Phase.FAILED}),
    EnvironmentFilter.STOPPED: frozenset({Phase.STOPPED}),
}


async def environments(
    db: AsyncSession,
    statuses: StatusCache,
    paging: Paging,
    chosen: EnvironmentFilter | None,
    sort: queries.EnvironmentSort,
) -> Page[EnvironmentEntry]:
    """A page of environments; raises `StatusUnknown` before the cache is loaded."""
    statuses.check_loaded()
    observed = _observed(statuses, paging.search, chosen or EnvironmentFilter.ALIVE)
    read = await queries.environment_rows(db, paging, chosen, sort, observed)
    rows = [EnvironmentRow(*row) for row in read.rows]
    items = [_entry(row, statuses.get(row.environment.id)) for row in rows]
    return paging.answer(items, read)


async def environment(db: AsyncSession, statuses: StatusCache, id: UUID) -> EnvironmentDetail:
    """One environment with its last output; raises `NotFound`."""
    statuses.check_loaded()
    row = await queries.environment_row(db, id)
    if row is None:
        raise NotFound(f"environment {id}")
    status = statuses.get(id)
    plan = row.environment.plan
    news = lifecycle.current(request_of(row.environment), status)
    return EnvironmentDetail(
        **_entry(row, status).model_dump(),
        attempt=row.environment.attempt,
        image=plan.image if plan else "",
        last_logs=news.last_logs if news else "",
    )


def _observed(statuses: StatusCache, search: str, chosen: EnvironmentFilter) -> Observed:
    phases = _PHASES[chosen]
    return Observed(
        shown=[status.id for status in statuses.all() if status.phase in phases],
        matching=[status.id for status in statuses.all() if search and _names(status, search)],
    )


def _names(status: EnvironmentStatus, search: str) -> bool:
    """Whether the search names the machine, or the reference of the failure."""
    reference = status.reason.reference if status.reason else None
    return any(search.casefold() in (text or "").casefold() for text in (status.node, reference))


def _entry(row: EnvironmentRow, status: EnvironmentStatus | None) -> EnvironmentEntry:
    environment, course, owner = row
    request = request_of(environment)
    news = lifecycle.current(request, status)
    phase = lifecycle.phase(request, status) or Phase.STOPPED
    return EnvironmentEntry(
        id=environment.id,
        course=CourseOfEnvironment(id=course.id, title=course.title),
        owner=OwnerOfEnvironment(id=owner.id, name=owner.shown_name),
        username=environment.username,
        phase=phase,
        step=news.step if news and phase is Phase.STARTING else None,
        since=news.since if news else environment.asked_at,
        asked_at=environment.asked_at,
        ready_at=news.ready_at if news else None,
        ends_at=news.ends_at if news and phase in ALIVE else None,
        node=news.node if news else None,
        pool=environment.plan.pool if environment.plan else "",
        resources=environment.plan.resources if environment.plan else None,
        reason=request.refusal or (news.reason if news else None),
        restarts=news.restarts if news else 0,
    )
