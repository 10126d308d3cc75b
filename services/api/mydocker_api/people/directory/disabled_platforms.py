"""Stops what people run who could come by disabled platforms only: nobody can come back to it.

Their visits end with the platform. A page of an environment that stands open would go on without
asking anybody again (a WebSocket is let through when it begins), so what is behind it ends as well.
"""

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.environments import ReasonCode
from mydocker_kit.contracts.platforms import PlatformState, PlatformStatus
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import ProblemError
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ...composition.services import Services
from ...orchestration.stop_requests import want_stopped
from . import queries

log = get_logger()
EVERY = 20.0
_PAGE = 200


class DisabledPlatformsLoop:
    """`delivery` is woken when an Environment is to stop."""

    def __init__(self, sessions: Sessions, gateway: LtiClient, delivery: Bell) -> None:
        self._sessions, self._gateway, self._delivery = sessions, gateway, delivery

    @classmethod
    def of(cls, services: Services) -> "DisabledPlatformsLoop":
        """With the objects of this process."""
        return cls(services.sessions, services.clients.gateway, services.delivery.bell)

    async def step(self) -> None:
        """Look which platforms are closed now, whatever was heard or missed of it."""
        try:
            closed = await issuers(self._gateway, PlatformState.DISABLED)
            if closed:  # another client of the same platform may still let people in
                closed -= await issuers(self._gateway, PlatformState.ACTIVE)
        except ProblemError as error:
            log.warning("platforms.not_looked_at", why=str(error))
            return
        if not closed:
            return
        async with transaction(self._sessions) as db:
            running = await queries.running_by_issuers(db, closed)
            for row in running:
                want_stopped(row, ReasonCode.PLATFORM_DISABLED)
        if running:
            log.info("platforms.closed", stopped=len(running))
            self._delivery.ring()


async def issuers(
    gateway: LtiClient, state: PlatformState, *, but: PlatformStatus | None = None
) -> set[str]:
    """The issuers of all platforms in this state, but of one."""
    found: set[str] = set()
    page = 1
    while True:
        said = await gateway.platforms(state=state, page=page, page_size=_PAGE)
        found |= {row.issuer for row in said.items if but is None or row.id != but.id}
        if page * _PAGE >= said.total or not said.items:
            return found
        page += 1
