"""The people of a Course, for its editors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mydocker_kit.postgres.db import transaction

from ..contexts.supervision import supervised_course
from ..deps import Composed, CurrentPerson, Db, Paged, SessionsOf, Statuses
from . import service
from .queries import RosterSort
from .schedule import RosterSchedule
from .schemas import CoursePeople, PeopleFilter

router = APIRouter(
    prefix="/api/courses/{course_id}/people",
    tags=["courses"],
)


async def _schedule(services: Composed) -> RosterSchedule:
    return RosterSchedule.of(services)


@router.get("")
async def list_people_of_course(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    paging: Paged,
    which: Annotated[PeopleFilter | None, Query()] = None,
    sort: RosterSort = RosterSort.NAME,
) -> CoursePeople:
    """Who came, who the course space lists and has not started, and what runs for whom."""
    return await service.people(db, statuses, person, course_id, paging, which, sort)


@router.post("/sync")
async def sync_people_of_course(
    course_id: UUID,
    person: CurrentPerson,
    sessions: SessionsOf,
    statuses: Statuses,
    paging: Paged,
    schedule: Annotated[RosterSchedule, Depends(_schedule)],
    which: Annotated[PeopleFilter | None, Query()] = None,
    sort: RosterSort = RosterSort.NAME,
) -> CoursePeople:
    """Look at the platform's list now; asking again within half a minute changes nothing."""
    async with transaction(sessions) as db:
        _, seen = await supervised_course(db, person, course_id)
        seen.check_teaches()
    await schedule.sync_now(sorted(seen.contexts))
    async with transaction(sessions) as db:
        shown = await service.people(db, statuses, person, course_id, paging, which, sort)
    return shown.model_copy(update={"next_cursor": None})  # one reads on in the list itself
