"""Forecast of pools for teachers and operators; requests for room, for operators."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL, PoolName
from mydocker_kit.contracts.values import Instant
from mydocker_kit.errors import Invalid

from ..deps import CurrentPerson, Db, Now, Operator, Paged, Statuses
from . import service
from .forecast import LONGEST, forecast
from .queries import RequestSort
from .schemas import CapacityAnswer, CapacityRequest, Forecast

router = APIRouter(prefix="/api", tags=["capacity"])


class ForecastTooLong(Invalid):
    """A forecast covers a limited time, which begins before it ends."""

    code, title = "forecast_too_long", "A forecast covers at most six weeks"


@router.get("/forecast")
async def get_forecast(
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    now: Now,
    from_: Annotated[Instant, Query(alias="from")],
    to: Annotated[Instant, Query()],
    pool: Annotated[PoolName, Query()] = DEFAULT_POOL,
) -> Forecast:
    """Demand of a pool against its machines, at most six weeks; the past beside what was used.

    Teachers see the names of their own Courses; what others need is a sum, without prices.
    """
    if not timedelta(0) < to - from_ <= LONGEST:
        raise ForecastTooLong
    return await forecast(db, statuses, person, pool, (from_, to), now)


@router.get("/capacity-requests")
async def list_capacity_requests(
    operator: Operator,
    db: Db,
    statuses: Statuses,
    now: Now,
    paging: Paged,
    sort: RequestSort = RequestSort.EARLIEST,
) -> Page[CapacityRequest]:
    """Sessions to come that found no room when they were saved."""
    return await service.requests(db, statuses, paging, sort, now)


@router.put("/capacity-requests/{session_id}", status_code=204)
async def decide_capacity_request(
    session_id: UUID, body: CapacityAnswer, operator: Operator, db: Db, now: Now
) -> None:
    """Grant a session its room, or refuse it with a reason for the teacher."""
    await service.decide(db, operator, session_id, body, now)
