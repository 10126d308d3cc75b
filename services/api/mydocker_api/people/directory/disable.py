"""Revokes web sessions and stops environments of disabled people.

Web sessions of an account whose identities changed end as well. The user's row holds the decision;
the loop repeats the calls until the gateway has confirmed them.
"""

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup

from ...composition.services import Services
from ...metrics import BUILD_REQUESTS
from ...orchestration.stop_requests import request_stop
from . import queries

log = get_logger()
EVERY = 5.0
_BATCH = 100


class DisabledUsersLoop:
    """`delivery` is woken when an Environment is to stop."""

    def __init__(
        self, sessions: Sessions, gateway: LtiClient, delivery: Wakeup, clock: Clock
    ) -> None:
        self._sessions, self._gateway = sessions, gateway
        self._delivery, self._clock = delivery, clock

    @classmethod
    def of(cls, services: Services) -> "DisabledUsersLoop":
        """With the objects of this process."""
        gateway, delivery = services.clients.gateway, services.delivery.wakeup
        return cls(services.sessions, gateway, delivery, services.clock)

    async def step(self) -> None:
        """Stop environments of disabled people, then end pending web sessions at the gateway."""
        async with transaction(self._sessions) as db:
            running = await queries.running_of_disabled(db)
            for row in running:
                request_stop(row, ReasonCode.USER_DISABLED)
            ended = await queries.pending_sign_outs(db, _BATCH)
            BUILD_REQUESTS.set(await queries.waiting(db))
        if running:
            self._delivery.set()
        for id, why in ended:
            now = self._clock()  # taken before the call: a later decision is sent again
            try:
                await self._gateway.end_sessions_of(id, why)
            except ProblemError as error:
                log.warning("person.sign_out_failed", person=id, why=str(error))
                return
            async with transaction(self._sessions) as db:
                await queries.note_signed_out(db, id, now)
            log.info("person.signed_out", person=id)
