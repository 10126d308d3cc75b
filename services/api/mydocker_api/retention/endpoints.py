"""HTTP endpoints of retention: of a Course, of my folders, and for operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.problems import responses

from ..deps import Composed, CurrentPerson, Db, Now, Operator, Paged
from . import orphans, service
from .queries import ErasureSort
from .schemas import (
    CourseFolders,
    EndingCourses,
    EraseOrphan,
    Erasure,
    KeepFolders,
    MyFolders,
    OrphanFolders,
)

of_courses = APIRouter(
    prefix="/api/courses/{course_id}",
    tags=["courses"],
    responses=responses(401, 403, 404, 409, 422, 503),
)
of_me = APIRouter(prefix="/api/my-folders", tags=["account"], responses=responses(401, 503))
router = APIRouter(
    prefix="/api/folders",
    tags=["capacity"],
    responses=responses(401, 403, 404, 409, 422, 503),
)


@of_courses.get("/folders")
async def get_course_folders(
    course_id: UUID,
    person: CurrentPerson,
    services: Composed,
    now: Now,
    measure: Annotated[
        bool, Query(description="Ask machines for sizes that are not known; takes seconds.")
    ] = False,
) -> CourseFolders:
    """How many work folders of how many people the Course has, and when they are erased."""
    return await service.of_course(services, person, course_id, now, measure=measure)


@of_courses.put("/folders/keep")
async def keep_course_folders(
    course_id: UUID, body: KeepFolders, person: CurrentPerson, services: Composed, now: Now
) -> CourseFolders:
    """Postpone the erasure of the Course's folders; for its teachers and for operators."""
    return await service.keep(services, person, course_id, body, now)


@of_courses.delete("/deletion")
async def undo_course_deletion(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> CourseFolders:
    """Take the deletion of the Course back, until its folders are erased."""
    return await service.undo_deletion(services, person, course_id, now)


@of_me.get("")
async def list_my_folders(person: CurrentPerson, services: Composed, now: Now) -> MyFolders:
    """My work folders of all Courses, and when they are erased."""
    return await service.of_person(services, person.id, now)


@router.get("/ending")
async def list_ending_courses(operator: Operator, services: Composed, now: Now) -> EndingCourses:
    """Courses whose folders will be erased within the notice period."""
    return await service.ending(services, operator, now)


@router.get("/erasures")
async def list_erasures(
    _operator: Operator,
    db: Db,
    paging: Paged,
    pending: bool | None = None,
    sort: ErasureSort = ErasureSort.NEWEST,
) -> Page[Erasure]:
    """Folders that are to be erased, or were. `search` looks in Courses and volumes."""
    return await orphans.erasures(db, paging, sort, is_pending=pending)


@router.post("/erasures/{erasure_id}/abandon")
async def abandon_erasure(
    erasure_id: UUID, operator: Operator, services: Composed, now: Now
) -> Erasure:
    """Give up an erasure whose machine does not come back. What is on its disk stays there."""
    return await orphans.abandon(services, operator, erasure_id, now)


@router.get("/orphans")
async def list_orphan_folders(_operator: Operator, services: Composed, now: Now) -> OrphanFolders:
    """Volumes on machines that belong to no Course and no person. Nothing erases them by itself."""
    return await orphans.orphans(services, now)


@router.post("/orphans/erase")
async def erase_orphan_folder(
    body: EraseOrphan, operator: Operator, services: Composed, now: Now
) -> Erasure:
    """Erase a volume that belongs to nobody; tried again while its machine is away."""
    return await orphans.erase(services, operator, body, now)
