"""The live room of a Course."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from ...deps import Composed, CurrentPerson, Db, Now, Token
from ...idempotency.route import CreationRoute
from ..window.schemas import OpenedPort
from . import reading, service
from .schemas import (
    DoneForOthers,
    ExtendOthers,
    LiveRoom,
    LogsOfPerson,
    MessageToOthers,
    RestartOthers,
    StartOthers,
)

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses/{course_id}/room",
    tags=["room"],
)


@router.get("")
async def get_room(
    course_id: UUID, person: CurrentPerson, db: Db, services: Composed, now: Now
) -> LiveRoom:
    """The class at work: each student, what runs for them, and who needs help."""
    return await reading.room(services, db, person, course_id, now)


@router.post("/start", status_code=202)
async def start_environments(
    course_id: UUID, body: StartOthers, person: CurrentPerson, services: Composed, now: Now
) -> DoneForOthers:
    """Start environments of one, some or all students, also before the session begins."""
    return await service.start_others(services, person, course_id, body.people, now)


@router.post("/restart", status_code=202)
async def restart_environments(
    course_id: UUID, body: RestartOthers, person: CurrentPerson, services: Composed, now: Now
) -> DoneForOthers:
    """Replace environments of students by fresh ones; credentials and work folders stay."""
    return await service.restart_others(services, person, course_id, body.people, now)


@router.post("/extend", status_code=202)
async def extend_environments(
    course_id: UUID, body: ExtendOthers, person: CurrentPerson, services: Composed
) -> DoneForOthers:
    """Let environments of students run longer, within their hard limits."""
    return await service.extend_others(services, person, course_id, body.people, body.minutes)


@router.post("/messages", status_code=202)
async def send_message(
    course_id: UUID, body: MessageToOthers, person: CurrentPerson, services: Composed, now: Now
) -> DoneForOthers:
    """Show a message in the windows of one, some or all students."""
    return await service.message_others(services, person, course_id, body.people, body.text, now)


@router.get("/people/{user_id}/logs")
async def get_logs_of_person(
    course_id: UUID, user_id: UUID, person: CurrentPerson, services: Composed
) -> LogsOfPerson:
    """What a student's container printed last; the log of the platform records who read it."""
    return await reading.logs(services, person, course_id, user_id)


@router.post("/people/{user_id}/ports/{port}/open")
async def open_port_of_person(
    course_id: UUID,
    user_id: UUID,
    port: Annotated[int, Path(ge=1, le=65535)],
    person: CurrentPerson,
    token: Token,
    services: Composed,
    now: Now,
) -> OpenedPort:
    """A ticket for a page of a student's environment; recorded, and shown to the student."""
    return await service.open_port(services, person, token, course_id, user_id, port, now)
