"""What a person reads of their Environment: window, credentials, logs, the way in."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.environments import (
    ALIVE,
    WEB_KINDS,
    EnvironmentStatus,
    Phase,
    PortKind,
)
from mydocker_kit.errors import Forbidden, NotFound, ProblemError
from mydocker_kit.logging import get_logger
from mydocker_kit.tokens import AccessToken

from ...access import port_tokens as passes
from ...composition.services import Services
from ...domain.edge.labels import label
from ...domain.environments import lifecycle
from ...models.seen import SeenEnvironment
from ...orchestration.specs import wish_of
from . import views
from .admission import Look, look_in
from .schemas import EnvironmentLogs, OpenedPort, ShownCredentials, StudentWindow
from .service import NotRunning

log = get_logger()
Settled = Callable[[lifecycle.Wish, EnvironmentStatus | None], bool]
"""Whether a wish and the news of it are what somebody asks for."""
_SHOWN = WEB_KINDS | {PortKind.VNC}
"""Kinds of ports that a browser opens: a page of the environment's, or the desktop in ours."""


class CredentialsHidden(Forbidden):
    """The Course shows neither name nor password."""

    code = "credentials_hidden"
    title = "This course does not show credentials"


class NoSuchPort(NotFound):
    """The Environment has no such port, or it is none that a browser opens."""

    code = "port_unknown"
    title = "There is no port of this number that a browser opens"


async def window(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> StudentWindow:
    """Everything the student's page shows."""
    place, status = await _look(services, user_id, course_id, now)
    usual = services.statuses.usual_seconds(course_id)
    return views.window(place, status, services.settings, usual, now)


async def unchanged(
    services: Services, user_id: UUID, course_id: UUID, now: datetime, holds: Settled
) -> StudentWindow | None:
    """The window, when what is asked for `holds` already and the orchestrator has heard it.

    An impatient person clicks often; a look costs a fifth of the transaction that would find that
    nothing is to be done. None: the transaction decides, and it alone refuses.
    """
    try:
        place, status = await _look(services, user_id, course_id, now)
    except ProblemError:
        return None
    row = place.environment
    if row is None or row.confirmed < row.revision or not holds(wish_of(row), status):
        return None
    usual = services.statuses.usual_seconds(course_id)
    return views.window(place, status, services.settings, usual, now)


async def credentials(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> ShownCredentials:
    """Name and password, as far as the Course shows them; editors always see their own."""
    place, _ = await _look(services, user_id, course_id, now)
    row = place.environment
    if row is None:
        raise NotFound(f"environment of course {course_id}")
    shows_name = place.course.show_username or place.is_editor
    shows_password = place.course.show_password or place.is_editor
    if not shows_name and not shows_password:
        raise CredentialsHidden
    return ShownCredentials(
        username=row.username if shows_name else "",
        password=services.vault.open(row.sealed_password) if shows_password else "",
    )


async def logs(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> EnvironmentLogs:
    """What the container last wrote; of a failed start, what was kept of it."""
    place, status = await _look(services, user_id, course_id, now)
    row = place.environment
    if row is None or status is None:
        return EnvironmentLogs(text="")
    if status.phase not in ALIVE:
        return EnvironmentLogs(text=status.last_logs)
    with suppress(NotFound):
        return EnvironmentLogs(text=await services.clients.orchestrator.logs(row.id))
    return EnvironmentLogs(text="")


async def open_port(
    services: Services, token: AccessToken, course_id: UUID, number: int, now: datetime
) -> OpenedPort:
    """A ticket for a port with a page, and where to post it; what it opens ends with the web
    session."""
    place, status = await _look(services, token.user_id, course_id, now)
    row = place.environment
    if row is None or lifecycle.phase(wish_of(row), status) is not Phase.READY:
        raise NotRunning
    ports = row.plan.ports if row.plan else ()
    found = next((one for one in ports if one.number == number and one.kind in _SHOWN), None)
    if found is None:
        raise NoSuchPort(f"port {number}")
    key, settings = services.settings.cookie_key.get_secret_value(), services.settings
    host = f"{label(key.encode(), row.id, number)}.{settings.content_host}"
    log.info("environment.opened", id=row.id, port=number)
    ticket = passes.issue(
        key,
        passes.Kind.TICKET,
        token.user_id,
        row.id,
        number,
        token.web_session_id,
        now,
        is_desktop=found.kind is PortKind.VNC,
    )
    return OpenedPort(url=f"{settings.content_scheme}://{host}/_mydocker/enter", ticket=ticket)


async def _look(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> tuple[Look, EnvironmentStatus | None]:
    """The Course with the person's wish, and the news of that."""
    place = await look_in(services.sessions, user_id, course_id, now)
    return place, await _status(services, place.environment)


async def _status(services: Services, row: SeenEnvironment | None) -> EnvironmentStatus | None:
    """The newest status: from memory, and from the orchestrator when memory has none."""
    if row is None or not row.confirmed:
        return services.statuses.get(row.id) if row else None
    services.statuses.check_loaded()
    if services.statuses.get(row.id) is None:
        with suppress(NotFound):
            services.statuses.apply(await services.clients.orchestrator.get(row.id))
    return services.statuses.get(row.id)
