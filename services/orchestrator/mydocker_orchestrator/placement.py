"""Where an Environment's service is put, and what is given back once it is gone."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.environments import Phase, Reason

from .domain.devices import ANYWHERE, Claim, Place, releasable
from .domain.found import Found, FoundNode
from .domain.lifecycle import Environment, Wanted
from .domain.room import why_no_place
from .gpus import GpuLedger
from .metrics import GPUS_HELD
from .pools import Capacity


class Placement:
    """The leading replica's view of places; only it claims and releases."""

    def __init__(self, capacity: Capacity, gpus: GpuLedger) -> None:
        self._capacity, self._gpus = capacity, gpus
        self._claims: list[Claim] | None = None

    def forget(self) -> None:
        """Another replica may have led meanwhile."""
        self._claims = None

    async def nodes(
        self, waiting: Iterable[Environment], seen: Sequence[FoundNode]
    ) -> Sequence[FoundNode]:
        """The nodes just `seen`; with our ledger of GPUs when somebody waits for one."""
        if not any(one.resources.gpu and one.phase is Phase.QUEUED for one in waiting):
            return seen
        return await self._capacity.nodes(seen)

    async def place(self, environment: Environment, now: datetime) -> Place | Reason:
        """Where it goes now, or why it must wait. The Swarm itself spreads what asks for no GPU."""
        if not environment.resources.gpu:
            return ANYWHERE
        nodes = await self._capacity.nodes()
        self._claims = None
        place = await self._gpus.claim(environment, nodes, now)
        return place or why_no_place(environment, nodes, before=0)

    async def give_back(
        self, environments: Iterable[Environment], found: Found, busy: set[UUID], now: datetime
    ) -> None:
        """Release the GPUs of attempts that are gone. `found` was seen after `environments`."""
        if self._claims is None:
            self._claims = await self._gpus.claims()
        if self._claims:
            wanted = {
                one.id: one.attempt
                for one in environments
                if one.wanted is Wanted.RUNNING and not one.at_rest
            }
            over = releasable(self._claims, wanted, found.holding, now)
            over = [claim for claim in over if claim.environment_id not in busy]
            if over:
                await self._gpus.release(over)
                self._claims = None
        GPUS_HELD.set(len(self._claims or ()))
