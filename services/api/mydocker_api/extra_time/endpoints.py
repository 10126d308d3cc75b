"""Extra time of students in sessions."""

from uuid import UUID

from fastapi import APIRouter

from ..deps import CurrentPerson, Db, Now, Statuses
from ..idempotency.route import CreationRoute
from . import service
from .schemas import ExtraTime, ExtraTimeDraft, ExtraTimeOfCourse

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses/{course_id}/extra-time",
    tags=["sessions"],
)


@router.get("")
async def list_extra_time(course_id: UUID, person: CurrentPerson, db: Db) -> ExtraTimeOfCourse:
    """What was granted: to everybody, and to people whom the caller teaches."""
    return await service.of_course(db, person, course_id)


@router.post("", status_code=201)
async def grant_extra_time(
    course_id: UUID,
    body: ExtraTimeDraft,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    now: Now,
) -> ExtraTime:
    """Grant extra time, in place of what the same people had in the same sessions."""
    return await service.grant(db, statuses, person, course_id, body, now)


@router.delete("/{grant_id}", status_code=204)
async def withdraw_extra_time(
    course_id: UUID,
    grant_id: UUID,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    now: Now,
) -> None:
    """Take extra time back; environments that run end with their session."""
    await service.withdraw(db, statuses, person, course_id, grant_id, now)
