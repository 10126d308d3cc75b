"""Opens a teacher's link for one student's environment."""

from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import AccessToken

from ...composition.services import Services
from ...domain.courses import links
from ...domain.environments import lifecycle
from ...orchestration.specs import request_of
from . import reading
from .connections import link_values
from .schemas import OpenedLink
from .service import NotRunning

log = get_logger()


class NoSuchLink(NotFound):
    """The Course has no such link, or the environment lacks a port that it names."""

    code = "window_link_unknown"
    title = "There is no such link"


async def open_link(
    services: Services,
    token: AccessToken,
    course_id: UUID,
    index: int,
    user_redirect: str,
    now: datetime,
) -> OpenedLink:
    """The address of a link. One of a port with a page comes with a ticket, as the port does."""
    view, status = await reading.view_and_status(services, token.user_id, course_id, now)
    row = view.environment
    if row is None or lifecycle.phase(request_of(row), status) is not Phase.READY:
        raise NotRunning
    options = view.course.window_options
    if index >= len(options.links):
        raise NoSuchLink(f"link {index}")
    link = links.parse(options.links[index].url)
    password = services.vault.open(row.sealed_password)
    values = link_values(
        row, status, services.settings, password=password, user_redirect=user_redirect
    )
    address = links.address(link, values)
    if address is None:
        raise NoSuchLink(f"link {index}")
    log.info("link.opened", id=row.id, index=index, scheme=link.scheme)
    port = reading.shown_port(row, link.page_port) if link.page_port else None
    if port is None:
        return OpenedLink(url=address)
    entry = reading.port_ticket(services.settings, token, token.user_id, row.id, port, now)
    path = links.path_of(link, values)
    return OpenedLink(url=entry.url, ticket=entry.ticket, next=path or None)
