"""Planned slots of Courses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.values import Instant
from mydocker_kit.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag
from mydocker_kit.problems import responses

from ..deps import Config, CurrentPerson, Db, Now, Paged, Statuses
from . import service
from .schemas import SessionDraft, VersionedSession

router = APIRouter(
    prefix="/api", tags=["sessions"], responses=responses(401, 403, 404, 409, 422, 503)
)


@router.get("/sessions")
async def list_sessions(
    person: CurrentPerson,
    db: Db,
    now: Now,
    paging: Paged,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Annotated[Instant | None, Query()] = None,
) -> Page[VersionedSession]:
    """Sessions of my Courses that touch this range of time, earliest first."""
    return await service.list_sessions(db, person, paging, from_, to, now)


@router.get("/courses/{course_id}/sessions")
async def list_sessions_of_course(
    course_id: UUID, person: CurrentPerson, db: Db, now: Now, paging: Paged
) -> Page[VersionedSession]:
    """The sessions of a Course: the running and the next ones first, past ones last."""
    return await service.list_of_course(db, person, course_id, paging, now)


@router.post("/courses/{course_id}/sessions", status_code=201, responses=with_etag(201))
async def create_session(
    course_id: UUID,
    body: SessionDraft,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    settings: Config,
    now: Now,
    response: Response,
) -> VersionedSession:
    """Plan a session."""
    made = await service.create(db, statuses, settings, person, course_id, body, now)
    return tagged(response, made)


@router.get("/sessions/{session_id}", responses=with_etag())
async def get_session(
    session_id: UUID, person: CurrentPerson, db: Db, now: Now, response: Response
) -> VersionedSession:
    """One session of a Course of mine."""
    return tagged(response, await service.get(db, person, session_id, now))


@router.put("/sessions/{session_id}", responses=edit_responses())
async def update_session(
    session_id: UUID,
    body: SessionDraft,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    statuses: Statuses,
    now: Now,
    response: Response,
) -> VersionedSession:
    """Move or change a session; environments that run end with its new end."""
    changed = await service.update(db, statuses, person, session_id, body, if_match, now)
    return tagged(response, changed)


@router.delete("/sessions/{session_id}", status_code=204, responses=edit_responses(204))
async def delete_session(
    session_id: UUID,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    statuses: Statuses,
    now: Now,
) -> None:
    """Remove a session; environments that run go on without its end."""
    await service.delete(db, statuses, person, session_id, if_match, now)
