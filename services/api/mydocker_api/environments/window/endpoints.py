"""The student's window of a Course, and what its buttons do."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path

from ...auth import service as users
from ...deps import Composed, CurrentPerson, Now, Token
from ...domain.environments import lifecycle
from ...idempotency.route import CreationRoute
from . import links, reading, service
from .schemas import (
    EnvironmentLogs,
    LinkRequest,
    OpenedLink,
    OpenedPort,
    ShownCredentials,
    StudentWindow,
)

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses/{course_id}",
    tags=["environments"],
)


@router.get("/window")
async def get_window(course_id: UUID, token: Token, services: Composed, now: Now) -> StudentWindow:
    """Everything the student's page shows."""
    return await reading.window(services, token.user_id, course_id, now)


@router.post("/environment/start", status_code=202)
async def start_environment(
    course_id: UUID, token: Token, services: Composed, now: Now
) -> StudentWindow:
    """Start my Environment; asking again while it lives changes nothing."""
    unchanged = await reading.unchanged(services, token.user_id, course_id, now, lifecycle.is_alive)
    if unchanged is not None:
        return unchanged
    person = await users.caller(services.sessions, token.user_id)
    await service.start(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.post("/environment/stop", status_code=202)
async def stop_environment(
    course_id: UUID, token: Token, services: Composed, now: Now
) -> StudentWindow:
    """Stop my Environment; the work folder stays."""
    unchanged = await reading.unchanged(services, token.user_id, course_id, now, lifecycle.is_over)
    if unchanged is not None:
        return unchanged
    person = await users.caller(services.sessions, token.user_id)
    await service.stop(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.post("/environment/cancel", status_code=202)
async def cancel_environment(
    course_id: UUID, token: Token, services: Composed, now: Now
) -> StudentWindow:
    """Give up a start on its way."""
    unchanged = await reading.unchanged(services, token.user_id, course_id, now, lifecycle.is_over)
    if unchanged is not None:
        return unchanged
    person = await users.caller(services.sessions, token.user_id)
    await service.cancel(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.post("/environment/restart", status_code=202)
async def restart_environment(
    course_id: UUID, token: Token, services: Composed, now: Now
) -> StudentWindow:
    """Replace my Environment by a fresh one; credentials and the work folder stay."""
    unchanged = await reading.unchanged(
        services, token.user_id, course_id, now, lifecycle.is_on_its_way
    )
    if unchanged is not None:
        return unchanged
    person = await users.caller(services.sessions, token.user_id)
    await service.restart(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.post("/environment/renew", status_code=202)
async def renew_environment(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> StudentWindow:
    """Extend my Environment by a whole lease from now; nothing in it is disturbed."""
    await service.renew(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.post("/environment/keep", status_code=202)
async def keep_environment(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> StudentWindow:
    """Keep my Environment running that nobody seemed to use."""
    await service.keep(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.get("/environment/credentials")
async def get_credentials(
    course_id: UUID, token: Token, services: Composed, now: Now
) -> ShownCredentials:
    """My name and password, as far as the Course shows them."""
    return await reading.credentials(services, token.user_id, course_id, now)


@router.post("/environment/credentials/renew", status_code=202)
async def renew_credentials(
    course_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> StudentWindow:
    """A new password; a running Environment is replaced by a fresh one that has it."""
    await service.renew_password(services, person, course_id, now)
    return await reading.window(services, person.id, course_id, now)


@router.get("/environment/logs")
async def get_logs(course_id: UUID, token: Token, services: Composed, now: Now) -> EnvironmentLogs:
    """The last lines my Environment wrote."""
    return await reading.logs(services, token.user_id, course_id, now)


@router.post("/environment/links/{index}/open")
async def open_link(
    course_id: UUID,
    index: Annotated[int, Path(ge=0, le=19)],
    request: LinkRequest,
    token: Token,
    services: Composed,
    now: Now,
) -> OpenedLink:
    """The address of one of the teacher's links, for my Environment."""
    return await links.open_link(services, token, course_id, index, request.user_redirect, now)


@router.post("/environment/ports/{number}/open")
async def open_port(
    course_id: UUID,
    number: Annotated[int, Path(ge=1, le=65535)],
    token: Token,
    services: Composed,
    now: Now,
) -> OpenedPort:
    """A ticket for a port with a page: the browser posts it to `url` in a new tab."""
    return await reading.open_port(services, token, course_id, number, now)
