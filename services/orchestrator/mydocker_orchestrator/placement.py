"""Where an Environment's service is put, and what is given back once it is gone."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.environments import Phase, Reason
from mydocker_kit.contracts.pools import Egress, Pool

from .domain.devices import ANYWHERE, Attempt, Claim, Place, releasable
from .domain.found import Found, FoundNode
from .domain.lifecycle import Environment, Wanted
from .domain.room import why_no_place
from .gpus import GpuLedger
from .metrics import GPUS_HELD
from .pools import Capacity

_POOLS_FRESH = 2.0


class Placement:
    """The leading replica's view of places; only it claims and releases."""

    def __init__(self, capacity: Capacity, gpus: GpuLedger) -> None:
        self._capacity, self._gpus = capacity, gpus
        self._claims: list[Claim] | None = None
        self._claims_at = 0
        """Counts the claims made here: what was read before the last of them is too old."""
        self._pools: Mapping[str, Pool] = {}
        self._pools_at = float("-inf")
        self._answered: set[Attempt] = set()
        """Every create of theirs was answered by the engine: none is on its way."""
        self._unanswered: set[Attempt] = set()

    def forget(self) -> None:
        """Another replica may have led meanwhile."""
        self._claims = None
        self._pools_at = float("-inf")
        self._answered.clear()
        self._unanswered.clear()

    async def nodes(
        self, waiting: Iterable[Environment], seen: Sequence[FoundNode]
    ) -> Sequence[FoundNode]:
        """The nodes just `seen`; with our ledger of GPUs when somebody waits for one."""
        if not any(one.resources.gpu and one.phase is Phase.QUEUED for one in waiting):
            return seen
        return await self._capacity.nodes(seen)

    async def pools(self) -> Mapping[str, Pool]:
        """What operators keep of the pools; a change is heard of within seconds."""
        if time.monotonic() - self._pools_at > _POOLS_FRESH:
            self._pools = await self._capacity.pools()
            self._pools_at = time.monotonic()
        return self._pools

    async def place(self, environment: Environment, now: datetime) -> Place | Reason:
        """Where it goes now, or why it must wait. The Swarm itself spreads what asks for no GPU."""
        pool = (await self.pools()).get(environment.pool)
        egress = pool.egress if pool else Egress.OPEN
        if not environment.resources.gpu:
            return replace(ANYWHERE, egress=egress)
        nodes = await self._capacity.nodes()
        self._answered.discard((environment.id, environment.attempt))
        try:
            place = await self._gpus.claim(environment, nodes, now)
        finally:
            # Not before: a pass meanwhile would read the claims without this one, and keep them.
            self._claims_at += 1
            self._claims = None
        if place is None:
            return why_no_place(environment, nodes, before=0)
        return replace(place, egress=egress)

    def note_create(self, environment: Environment, *, answered: bool) -> None:
        """Whether the engine answered the create; one without an answer may arrive late."""
        holder = (environment.id, environment.attempt)
        if not environment.resources.gpu:
            return
        if not answered:
            self._unanswered.add(holder)
        elif holder not in self._unanswered:
            self._answered.add(holder)

    async def give_back(
        self, environments: Iterable[Environment], found: Found, busy: set[UUID], now: datetime
    ) -> bool:
        """Release the GPUs of attempts that are gone; whether there were any.

        `found` was seen after `environments`.
        """
        over: list[Claim] = []
        while self._claims is None:
            asked_at = self._claims_at
            claims = await self._gpus.claims()
            self._claims = claims if asked_at == self._claims_at else None
        if self._claims:
            wanted = {
                one.id: one.attempt
                for one in environments
                if one.wanted is Wanted.RUNNING and not one.at_rest
            }
            over = releasable(self._claims, wanted, found.holding, self._answered, now)
            over = [claim for claim in over if claim.environment_id not in busy]
            if over:
                await self._gpus.release(over)
                self._claims = None
                self._answered -= {claim.holder for claim in over}
                self._unanswered -= {claim.holder for claim in over}
        GPUS_HELD.set(len(self._claims or ()))
        return bool(over)
