"""Planned slots of Courses."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.values import Instant
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..deps import Config, CurrentPerson, Db, Now, Paged, Statuses
from ..idempotency.route import CreationRoute
from ..planning.schemas import CapacityCheck, CapacityQuestion, DryRun, DryRunQuestion
from . import service
from .queries import SessionSort
from .schemas import CreatedSessions, SessionDraft, SessionDrafts, VersionedSession

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api",
    tags=["sessions"],
)


@router.get("/sessions")
async def list_sessions(
    person: CurrentPerson,
    db: Db,
    now: Now,
    paging: Paged,
    from_: Annotated[Instant | None, Query(alias="from")] = None,
    to: Annotated[Instant | None, Query()] = None,
    sort: SessionSort = SessionSort.EARLIEST,
) -> Page[VersionedSession]:
    """Sessions of my Courses that touch this range of time."""
    return await service.list_sessions(db, person, paging, from_, to, sort, now)


@router.get("/courses/{course_id}/sessions")
async def list_sessions_of_course(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    now: Now,
    paging: Paged,
    sort: SessionSort = SessionSort.NEXT,
) -> Page[VersionedSession]:
    """The sessions of a Course; `search` looks at their titles."""
    return await service.list_of_course(db, person, course_id, paging, sort, now)


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
    [made] = await service.create(db, statuses, settings, person, course_id, [body], now)
    return tagged(response, made)


@router.get("/courses/{course_id}/capacity-check")
async def check_capacity(
    course_id: UUID,
    question: Annotated[CapacityQuestion, Query()],
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    now: Now,
) -> CapacityCheck:
    """Whether a session would find room: free, tight or impossible, with free slots nearby."""
    return await service.check_capacity(db, statuses, person, course_id, question, now)


@router.get("/courses/{course_id}/dry-run")
async def get_dry_run(
    course_id: UUID,
    question: Annotated[DryRunQuestion, Query()],
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    settings: Config,
    now: Now,
) -> DryRun:
    """When each student of a session would be ready, beside what others planned there."""
    return await service.dry_run(db, statuses, settings, person, course_id, question, now)


@router.post("/courses/{course_id}/sessions/bulk", status_code=201)
async def create_sessions(
    course_id: UUID,
    body: SessionDrafts,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    settings: Config,
    now: Now,
) -> CreatedSessions:
    """Plan up to 200 sessions, or none. Wrong fields are named `items.INDEX.FIELD`."""
    made = await service.create(db, statuses, settings, person, course_id, body.items, now)
    return CreatedSessions(items=made)


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
