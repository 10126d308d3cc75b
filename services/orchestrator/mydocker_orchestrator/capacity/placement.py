"""Where an Environment's service is put, and what is given back once it is gone."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.environments import Phase, Reason
from mydocker_kit.contracts.pools import DirectPorts, Egress, Pool

from ..domain.lifecycle.transitions import Environment, Wanted
from ..domain.observed_state import Found, FoundNode
from ..domain.placement.direct_ports import Numbers, PortClaim, needed
from ..domain.placement.gpus import ANYWHERE, Attempt, Claim, Place, releasable
from ..domain.placement.wait_reasons import why_no_number, why_no_place
from ..metrics import GPUS_HELD
from .gpu_ledger import GpuLedger
from .port_ledger import PortLedger
from .service import Capacity

_POOLS_FRESH = 2.0


class Placement:
    """The leading replica's view of places; only it claims and releases."""

    def __init__(self, capacity: Capacity, gpus: GpuLedger, ports: PortLedger) -> None:
        self._capacity, self._gpus, self._ports = capacity, gpus, ports
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
        self._ports.forget()
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
            await self._read_pools()
        return self._pools

    async def _read_pools(self) -> None:
        self._pools = await self._capacity.pools()
        self._pools_at = time.monotonic()

    async def numbers(self, waiting: Iterable[Environment], now: datetime) -> Mapping[str, Numbers]:
        """How many direct ports are free, in pools where somebody waits who may need one."""
        queued = {one.pool for one in waiting if one.phase is Phase.QUEUED}
        found = {name: self._direct(pool) for name, pool in (await self.pools()).items()}
        direct = {name: one for name, one in found.items() if one and name in queued}
        return await self._ports.left(direct, now) if direct else {}

    async def place(self, environment: Environment, now: datetime) -> Place | Reason:
        """Where it goes now, or why it must wait. The Swarm itself spreads what asks for no GPU."""
        await self._read_pools()  # a start is for long: it goes by what is kept now
        pool = self._pools.get(environment.pool)
        direct = self._direct(pool)
        anywhere = replace(ANYWHERE, egress=pool.egress if pool else Egress.OPEN)
        self._answered.discard((environment.id, environment.attempt))
        if direct is not None and needed(environment, direct):
            numbers = await self._ports.claim(environment, direct, now)
            if numbers is None:
                return why_no_number(environment, direct)
            anywhere = replace(anywhere, numbers=tuple(sorted(numbers.items())))
        if not environment.resources.gpu:
            return anywhere
        place = await self._place_on_devices(environment, now)
        if isinstance(place, Reason):
            return place  # its numbers stay with it: it is the first to get a device
        return replace(place, egress=anywhere.egress, numbers=anywhere.numbers)

    async def _place_on_devices(self, environment: Environment, now: datetime) -> Place | Reason:
        nodes = await self._capacity.nodes()
        try:
            place = await self._gpus.claim(environment, nodes, now)
        finally:
            # Not before: a pass meanwhile would read the claims without this one, and keep them.
            self._claims_at += 1
            self._claims = None
        return place or why_no_place(environment, nodes, before=0)

    def _direct(self, pool: Pool | None) -> DirectPorts | None:
        return self._capacity.direct_ports(pool) if pool else None

    def note_create(self, environment: Environment, *, answered: bool) -> None:
        """Whether the engine answered the create; one without an answer may arrive late."""
        holder = (environment.id, environment.attempt)
        direct = self._direct(self._pools.get(environment.pool))
        if not environment.resources.gpu and not (direct and needed(environment, direct)):
            return  # it holds nothing that could be given back
        if not answered:
            self._unanswered.add(holder)
        elif holder not in self._unanswered:
            self._answered.add(holder)

    async def give_back(
        self, environments: Iterable[Environment], found: Found, busy: set[UUID], now: datetime
    ) -> bool:
        """Release GPUs and ports of attempts that are gone; whether there were any.

        `found` was seen after `environments`.
        """
        while self._claims is None:
            asked_at = self._claims_at
            claims = await self._gpus.claims()
            self._claims = claims if asked_at == self._claims_at else None
        all_devices, all_numbers = self._claims, await self._ports.claims()
        devices: list[Claim] = []
        numbers: list[PortClaim] = []
        if all_devices or all_numbers:
            wanted = {
                one.id: one.attempt
                for one in environments
                if one.wanted is Wanted.RUNNING and not one.at_rest
            }
            gone = (wanted, found.holding, self._answered, now)
            devices = [
                one for one in releasable(all_devices, *gone) if one.environment_id not in busy
            ]
            numbers = [
                one for one in releasable(all_numbers, *gone) if one.environment_id not in busy
            ]
        if devices:
            await self._gpus.release(devices)
            self._claims = None
        if numbers:
            await self._ports.release(numbers)
        over = {one.holder for one in devices} | {one.holder for one in numbers}
        self._answered -= over
        self._unanswered -= over
        GPUS_HELD.set(len(self._claims or ()))
        return bool(over)
