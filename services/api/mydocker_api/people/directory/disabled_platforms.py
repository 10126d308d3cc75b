"""Stops environments of people who can sign in by disabled platforms only.

Their web sessions end with the platform. An open page of an environment would continue, since a
WebSocket is authorized only when it begins; therefore the environment stops as well.
"""

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.gateway.platforms import PlatformState, PlatformStatus
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup

from ...composition.services import Services
from ...orchestration.stop_requests import request_stop
from . import queries

log = get_logger()
EVERY = 20.0
_PAGE = 200


class DisabledPlatformsLoop:
    """`delivery` is woken when an Environment is to stop."""

    def __init__(self, sessions: Sessions, gateway: LtiClient, delivery: Wakeup) -> None:
        self._sessions, self._gateway, self._delivery = sessions, gateway, delivery

    @classmethod
    def of(cls, services: Services) -> "DisabledPlatformsLoop":
        """With the objects of this process."""
        return cls(services.sessions, services.clients.gateway, services.delivery.wakeup)

    async def step(self) -> None:
        """Read which platforms are disabled now; missed events do not matter."""
        try:
            disabled = await issuers_in(self._gateway, PlatformState.DISABLED)
            if disabled:  # another client of the same platform may still let people in
                disabled -= await issuers_in(self._gateway, PlatformState.ACTIVE)
        except ProblemError as error:
            log.warning("platforms.read_failed", why=str(error))
            return
        if not disabled:
            return
        async with transaction(self._sessions) as db:
            running = await queries.running_by_issuers(db, disabled)
            for row in running:
                request_stop(row, ReasonCode.PLATFORM_DISABLED)
        if running:
            log.info("platforms.disabled", stopped=len(running))
            self._delivery.set()


async def issuers_in(
    gateway: LtiClient, state: PlatformState, *, but: PlatformStatus | None = None
) -> set[str]:
    """The issuers of all platforms in this state, but of one."""
    issuers: set[str] = set()
    page = 1
    while True:
        listed = await gateway.platforms({"page": page, "page_size": _PAGE}, state)
        issuers |= {row.issuer for row in listed.items if but is None or row.id != but.id}
        if page * _PAGE >= listed.total or not listed.items:
            return issuers
        page += 1
