"""Courses of their editors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.problems import responses

from ..deps import Builder, Config, CurrentPerson, Db, Live, Now, Paged
from ..domain.statuses import CourseStatus
from . import service
from .queries import CourseSort
from .schemas import Course, CourseDraft, CourseSummary, StatusChange

router = APIRouter(
    prefix="/api/courses",
    tags=["courses"],
    responses=responses(401, 403, 404, 409, 422, 503),
)


@router.get("")
async def list_courses(
    person: CurrentPerson,
    db: Db,
    live: Live,
    now: Now,
    paging: Paged,
    status: Annotated[list[CourseStatus] | None, Query()] = None,
    sort: CourseSort = CourseSort.NEWEST_CHANGE,
) -> Page[CourseSummary]:
    """My Courses."""
    return await service.list_courses(db, live, person, paging, status or [], sort, now)


@router.post("", status_code=201)
async def create_course(
    body: CourseDraft,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    live: Live,
    settings: Config,
    now: Now,
) -> Course:
    """Prepare a new Course."""
    return await service.create(db, builder, live, settings, person, body, now)


@router.get("/{course_id}")
async def get_course(
    course_id: UUID, person: CurrentPerson, db: Db, live: Live, settings: Config, now: Now
) -> Course:
    """One Course, whole, for its editors."""
    return await service.get(db, live, settings, person, course_id, now)


@router.put("/{course_id}")
async def update_course(
    course_id: UUID,
    body: CourseDraft,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    live: Live,
    settings: Config,
    now: Now,
) -> Course:
    """Change a Course. Running environments keep what they were started with."""
    return await service.update(db, builder, live, settings, person, course_id, body, now)


@router.delete("/{course_id}", status_code=204)
async def delete_course(course_id: UUID, person: CurrentPerson, db: Db, live: Live) -> None:
    """Remove a Course for good; refused while environments run."""
    await service.delete(db, live, person, course_id)


@router.post("/{course_id}/status")
async def change_course_status(
    course_id: UUID,
    body: StatusChange,
    person: CurrentPerson,
    db: Db,
    live: Live,
    settings: Config,
    now: Now,
) -> Course:
    """Open a Course to students, take it back, or archive it; archiving stops what runs."""
    return await service.change_status(db, live, settings, person, course_id, body.status, now)


@router.post("/{course_id}/duplicate", status_code=201)
async def duplicate_course(
    course_id: UUID, person: CurrentPerson, db: Db, live: Live, settings: Config, now: Now
) -> Course:
    """A draft with the same settings and no sessions."""
    return await service.duplicate(db, live, settings, person, course_id, now)
