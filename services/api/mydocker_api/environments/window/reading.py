"""Reads of a person's Environment: window, credentials, logs, tickets for its ports."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import (
    ALIVE,
    WEB_KINDS,
    EnvironmentStatus,
    Phase,
    Port,
    PortKind,
)
from mydocker_kit.errors import Forbidden, NotFound, ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import AccessToken

from ...access import port_tokens
from ...composition.services import Services
from ...domain.edge.labels import label
from ...domain.environments import lifecycle
from ...models.seen import SeenEnvironment
from ...orchestration.specs import request_of
from ...settings import Settings
from . import views
from .admission import WindowView, view_window
from .schemas import EnvironmentLogs, OpenedPort, ShownCredentials, StudentWindow
from .service import NotRunning

log = get_logger()
Settled = Callable[[lifecycle.EnvironmentRequest, EnvironmentStatus | None], bool]
"""Whether a request and its status already are what the caller asks for."""
_SHOWN = WEB_KINDS | {PortKind.VNC}
"""Kinds of ports that a browser opens: a page of the environment, or our desktop page."""


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
    view, status = await view_and_status(services, user_id, course_id, now)
    usual = services.statuses.usual_seconds(course_id)
    return views.window(view, status, services.settings, usual, now)


async def unchanged(
    services: Services, user_id: UUID, course_id: UUID, now: datetime, holds: Settled
) -> StudentWindow | None:
    """The window, when the requested state `holds` already and is confirmed; else None.

    Repeated clicks are answered from one read, at a fifth of the cost of the transaction that
    would change nothing. None: the transaction decides, and it alone refuses.
    """
    try:
        view, status = await view_and_status(services, user_id, course_id, now)
    except ProblemError:
        return None
    row = view.environment
    if row is None or row.confirmed < row.revision or not holds(request_of(row), status):
        return None
    usual = services.statuses.usual_seconds(course_id)
    return views.window(view, status, services.settings, usual, now)


async def credentials(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> ShownCredentials:
    """Name and password, as far as the Course shows them, to editors as to students."""
    view, _ = await view_and_status(services, user_id, course_id, now)
    row = view.environment
    if row is None:
        raise NotFound(f"environment of course {course_id}")
    shows_name = view.course.show_username
    shows_password = view.course.show_password
    if not shows_name and not shows_password:
        raise CredentialsHidden
    return ShownCredentials(
        username=row.username if shows_name else "",
        password=services.vault.open(row.sealed_password) if shows_password else "",
    )


async def logs(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> EnvironmentLogs:
    """The last output of the container; of a failed start, the stored part of it."""
    view, status = await view_and_status(services, user_id, course_id, now)
    row = view.environment
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
    """A ticket for a port with a page, and where to post it; valid as long as the web session."""
    view, status = await view_and_status(services, token.user_id, course_id, now)
    row = view.environment
    if row is None or lifecycle.phase(request_of(row), status) is not Phase.READY:
        raise NotRunning
    port = shown_port(row, number)
    if port is None:
        raise NoSuchPort(f"port {number}")
    log.info("environment.opened", id=row.id, port=number)
    return port_ticket(services.settings, token, token.user_id, row.id, port, now)


def shown_port(row: SeenEnvironment, number: int) -> Port | None:
    """The port of this number, if a browser opens it."""
    ports = row.plan.ports if row.plan else ()
    return next((port for port in ports if port.number == number and port.kind in _SHOWN), None)


def port_ticket(
    settings: Settings,
    token: AccessToken,
    owner_id: UUID,
    environment_id: UUID,
    port: Port,
    now: datetime,
) -> OpenedPort:
    """A ticket for a port of the owner's environment, bound to the web session of `token`."""
    key = settings.cookie_key.get_secret_value()
    host = f"{label(key.encode(), environment_id, port.number)}.{settings.content_host}"
    ticket = port_tokens.issue(
        key,
        port_tokens.Kind.TICKET,
        owner_id,
        environment_id,
        port.number,
        token.web_session_id,
        now,
        is_desktop=port.kind is PortKind.VNC,
    )
    return OpenedPort(url=f"{settings.content_scheme}://{host}/_mydocker/enter", ticket=ticket)


async def view_and_status(
    services: Services, user_id: UUID, course_id: UUID, now: datetime
) -> tuple[WindowView, EnvironmentStatus | None]:
    """What the tables say of the Course, and the status of the person's Environment."""
    view = await view_window(services.sessions, user_id, course_id, now)
    return view, await _status(services, view.environment)


async def _status(services: Services, row: SeenEnvironment | None) -> EnvironmentStatus | None:
    """The newest status: from the cache, and from the orchestrator when the cache has none."""
    if row is None or not row.confirmed:
        return services.statuses.get(row.id) if row else None
    services.statuses.check_loaded()
    if services.statuses.get(row.id) is None:
        with suppress(NotFound):
            services.statuses.apply(await services.clients.orchestrator.get(row.id))
    return services.statuses.get(row.id)
