"""HTTP endpoints of the use of a Course."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.values import Instant
from mydocker_kit.problems import responses

from ..deps import CurrentPerson, Db, Now, Paged
from . import service
from .queries import RunSort
from .schemas import CourseUse, CourseUseRun

router = APIRouter(
    prefix="/api/courses/{course_id}/use",
    tags=["courses"],
    responses=responses(401, 403, 404, 409, 422, 503),
)
Start = Annotated[Instant, Query(alias="from")]
End = Annotated[Instant, Query(alias="to")]


@router.get("")
async def get_course_use(
    course_id: UUID, person: CurrentPerson, db: Db, now: Now, start: Start, end: End
) -> CourseUse:
    """Use by days of 24 hours from `from` on: people, and their hours. At most 400 days."""
    return await service.use(db, person, course_id, start, end, now)


@router.get("/runs")
async def list_course_runs(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    now: Now,
    paging: Paged,
    start: Start,
    end: End,
    sort: RunSort = RunSort.NEWEST,
) -> Page[CourseUseRun]:
    """Who used the Course, when and for how long; `search` in names."""
    return await service.runs(db, person, course_id, start, end, paging, sort, now)
