"""Chooses where an environment's service runs; releases what it held once it is gone.

Data flow: before a create, `choose` claims direct ports and GPUs in the ledgers and answers with a
`Placement`, or with the reason to wait. After each observation, `release_unused` compares the
ledgers with the desired state and with what still runs, and deletes claims that nothing uses.

Invariant: a claim exists before the service that uses it, and is released only after service and
container are gone and no create request can still arrive. A crash between claim and create leaves a
claim that the same attempt takes up again, or that is released as unused.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Phase, Reason
from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Egress, Pool

from ..domain.lifecycle.transitions import DesiredState, EnvironmentState
from ..domain.observed_state import ObservedNode, ObservedState
from ..domain.placement.direct_ports import PortAvailability, PortClaim, direct_ports_of
from ..domain.placement.gpus import UNCONSTRAINED, Attempt, GpuClaim, Placement, releasable
from ..domain.placement.wait_reasons import no_capacity_reason, no_direct_port_reason
from ..metrics import GPUS_HELD
from .gpu_ledger import GpuLedger
from .port_ledger import PortLedger
from .service import Capacity
from .volume_nodes import VolumeNodes

_POOLS_MAX_AGE = 2.0


class Placer:
    """Used by the leading replica only: no other claims or releases."""

    def __init__(
        self, capacity: Capacity, gpus: GpuLedger, ports: PortLedger, volumes: VolumeNodes
    ) -> None:
        self._capacity, self._gpus, self._ports = capacity, gpus, ports
        self._volumes = volumes
        self._claims: list[GpuClaim] | None = None
        self._claims_version = 0
        """Counts the claims made here: a list read before the last of them is stale."""
        self._pools: Mapping[str, Pool] = {}
        self._pools_at = float("-inf")
        self._answered: set[Attempt] = set()
        """Attempts whose create requests were all answered by the engine: none can arrive late."""
        self._unanswered: set[Attempt] = set()

    def reset(self) -> None:
        """Drop all cached state: another replica may have led meanwhile."""
        self._claims = None
        self._ports.reset()
        self._pools_at = float("-inf")
        self._answered.clear()
        self._unanswered.clear()

    async def nodes(
        self, environments: Iterable[EnvironmentState], observed: Sequence[ObservedNode]
    ) -> Sequence[ObservedNode]:
        """The observed nodes; with free GPUs from the ledger when an environment needs one."""
        needs_gpu = any(
            environment.resources.gpu and environment.phase is Phase.QUEUED
            for environment in environments
        )
        return await self._capacity.nodes(observed) if needs_gpu else observed

    async def pools(self) -> Mapping[str, Pool]:
        """All pools, by name; a change is seen within seconds."""
        if time.monotonic() - self._pools_at > _POOLS_MAX_AGE:
            await self._read_pools()
        return self._pools

    async def _read_pools(self) -> None:
        self._pools = await self._capacity.pools()
        self._pools_at = time.monotonic()

    async def free_ports(
        self, environments: Iterable[EnvironmentState], now: datetime
    ) -> Mapping[str, PortAvailability]:
        """Free direct ports, of pools that have any and in which an environment is queued."""
        queued = {
            environment.pool for environment in environments if environment.phase is Phase.QUEUED
        }
        by_pool = {name: self._direct(pool) for name, pool in (await self.pools()).items()}
        direct = {name: ports for name, ports in by_pool.items() if ports and name in queued}
        return await self._ports.availability(direct, now) if direct else {}

    async def choose(self, environment: EnvironmentState, now: datetime) -> Placement | Reason:
        """Its placement, or why it waits.

        Without GPUs and without a work folder on some node's disk, the Swarm chooses the node.
        """
        await self._read_pools()  # a start lasts long: it uses the settings of now
        pool = self._pools.get(environment.pool)
        direct = self._direct(pool)
        environment = await self._volumes.located_one(environment, pool)
        if len(environment.folder_nodes) > 1:
            return no_capacity_reason(environment, await self._capacity.nodes(), before=0)
        placement = replace(
            UNCONSTRAINED,
            node_id=next(iter(environment.folder_nodes), None),
            egress=pool.egress if pool else Egress.OPEN,
            quota_volumes=await self._volumes.quota_volumes(environment, pool),
        )
        self._answered.discard((environment.id, environment.attempt))
        if direct is not None and direct_ports_of(environment, direct):
            numbers = await self._ports.claim(environment, direct, now)
            if numbers is None:
                return no_direct_port_reason(environment, direct)
            placement = replace(placement, numbers=tuple(sorted(numbers.items())))
        if not environment.resources.gpu:
            return placement
        on_devices = await self._claim_gpus(environment, now)
        if isinstance(on_devices, Reason):
            return on_devices  # its ports stay claimed: it is the first to get a device
        return replace(
            on_devices,
            egress=placement.egress,
            numbers=placement.numbers,
            quota_volumes=placement.quota_volumes,
        )

    async def _claim_gpus(self, environment: EnvironmentState, now: datetime) -> Placement | Reason:
        nodes = await self._capacity.nodes()
        try:
            placement = await self._gpus.claim(environment, nodes, now)
        finally:
            # Not before: a pass in between would read and cache the claims without this one.
            self._claims_version += 1
            self._claims = None
        return placement or no_capacity_reason(environment, nodes, before=0)

    def _direct(self, pool: Pool | None) -> DirectPorts | None:
        return self._capacity.direct_ports(pool) if pool else None

    def record_create(self, environment: EnvironmentState, *, answered: bool) -> None:
        """Record whether the engine answered a create; one without an answer may arrive late."""
        holder = (environment.id, environment.attempt)
        direct = self._direct(self._pools.get(environment.pool))
        if not environment.resources.gpu and not (direct and direct_ports_of(environment, direct)):
            return  # it holds no claims
        if not answered:
            self._unanswered.add(holder)
        elif holder not in self._unanswered:
            self._answered.add(holder)

    async def release_unused(
        self,
        environments: Iterable[EnvironmentState],
        observed: ObservedState,
        busy: set[UUID],
        now: datetime,
    ) -> bool:
        """Release GPUs and ports of attempts that are gone; whether there were any.

        `observed` is newer than `environments`.
        """
        while self._claims is None:
            version = self._claims_version
            claims = await self._gpus.claims()
            self._claims = claims if version == self._claims_version else None
        gpu_claims, port_claims = self._claims, await self._ports.claims()
        devices: list[GpuClaim] = []
        ports: list[PortClaim] = []
        if gpu_claims or port_claims:
            desired = {
                environment.id: environment.attempt
                for environment in environments
                if environment.desired is DesiredState.RUNNING and not environment.is_final
            }
            in_use = (desired, observed.holding, self._answered, now)
            devices = [
                claim
                for claim in releasable(gpu_claims, *in_use)
                if claim.environment_id not in busy
            ]
            ports = [
                claim
                for claim in releasable(port_claims, *in_use)
                if claim.environment_id not in busy
            ]
        if devices:
            await self._gpus.release(devices)
            self._claims = None
        if ports:
            await self._ports.release(ports)
        released = {claim.holder for claim in devices} | {claim.holder for claim in ports}
        self._answered -= released
        self._unanswered -= released
        GPUS_HELD.set(len(self._claims or ()))
        return bool(released)
