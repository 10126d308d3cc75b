"""Makes true that a disabled person is out: their web sessions end, what they run stops.

So do the visits of an account whose identities changed.

The row says so first; this is repeated until the gateway has heard, whatever was away meanwhile.
"""

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.environments import ReasonCode
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import ProblemError
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ...composition.services import Services
from ...metrics import BUILD_REQUESTS
from ...orchestration.stop_requests import want_stopped
from . import queries

log = get_logger()
EVERY = 5.0
_BATCH = 100


class DisabledUsersLoop:
    """`delivery` is woken when an Environment is to stop."""

    def __init__(
        self, sessions: Sessions, gateway: LtiClient, delivery: Bell, clock: Clock
    ) -> None:
        self._sessions, self._gateway = sessions, gateway
        self._delivery, self._clock = delivery, clock

    @classmethod
    def of(cls, services: Services) -> "DisabledUsersLoop":
        """With the objects of this process."""
        gateway, delivery = services.clients.gateway, services.delivery.bell
        return cls(services.sessions, gateway, delivery, services.clock)

    async def step(self) -> None:
        """Stop what disabled people run; end the sessions of those who are to be out."""
        async with transaction(self._sessions) as db:
            running = await queries.running_of_disabled(db)
            for row in running:
                want_stopped(row, ReasonCode.USER_DISABLED)
            ended = await queries.not_shut_out(db, _BATCH)
            BUILD_REQUESTS.set(await queries.waiting(db))
        if running:
            self._delivery.ring()
        for id, why in ended:
            now = self._clock()  # before: whoever is disabled again meanwhile is told again
            try:
                await self._gateway.end_sessions_of(id, why)
            except ProblemError as error:
                log.warning("person.not_shut_out", person=id, why=str(error))
                return
            async with transaction(self._sessions) as db:
                await queries.note_shut_out(db, id, now)
            log.info("person.shut_out", person=id)
