"""Submitted work: the student's button, the teacher's list, files and downloads."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.orchestrator.work_files import FilePath, FolderListing
from mydocker_kit.problems import responses

from ..deps import Composed, CurrentPerson, Db, Now, Paged, Token
from ..idempotency.route import CreationRoute
from ..rosters.queries import RosterSort
from ..work_files.endpoints import shown
from ..work_files.schemas import DownloadAddress
from . import service
from .schemas import (
    CourseSubmissions,
    DownloadSubmissions,
    MySubmissions,
    Submission,
    SubmissionDetail,
    SubmissionFilter,
)

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses/{course_id}/submissions",
    tags=["submissions"],
    responses=responses(401, 403, 404, 409, 422, 503),
)
Below = Annotated[FilePath, Query(description="A path below the folder; empty: the folder.")]


@router.post("", status_code=201)
async def submit_work(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> Submission:
    """Submit my work folder as it is. May be repeated until the end; each is kept."""
    return await service.submit(services, person, course_id, now)


@router.get("/mine")
async def list_my_submissions(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> MySubmissions:
    """Whether I may submit, until when, and what I submitted."""
    return await service.mine(services, person, course_id, now)


@router.get("")
async def list_submissions(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    paging: Paged,
    which: Annotated[SubmissionFilter | None, Query()] = None,
    sort: RosterSort = RosterSort.NAME,
) -> CourseSubmissions:
    """The students of the Course with their newest submission, and who has none."""
    return await service.of_course(db, person, course_id, paging, which, sort)


@router.post("/downloads")
async def download_submissions(
    course_id: UUID,
    body: DownloadSubmissions,
    person: CurrentPerson,
    token: Token,
    services: Composed,
    now: Now,
) -> DownloadAddress:
    """An address that downloads submissions, one folder each, for a minute."""
    return await service.download(services, person, token, course_id, body, now)


@router.get("/{id}")
async def get_submission(
    course_id: UUID, id: UUID, person: CurrentPerson, services: Composed
) -> SubmissionDetail:
    """One submission, and the others of the same person."""
    return await service.detail(services, person, course_id, id)


@router.get("/{id}/files")
async def list_submitted_files(
    course_id: UUID, id: UUID, person: CurrentPerson, services: Composed, path: Below = ""
) -> FolderListing:
    """One folder of a submission."""
    return await service.files(services, person, course_id, id, path)


@router.get("/{id}/content", response_class=Response)
async def read_submitted_file(
    course_id: UUID, id: UUID, person: CurrentPerson, services: Composed, path: Below
) -> Response:
    """The bytes of a file of 5 MiB at most, to be shown. The log records who read it."""
    return shown(await service.content(services, person, course_id, id, path))
