"""Pools and nodes for operators: stored settings joined with the observed nodes."""

import contextlib
import ipaddress
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from mydocker_kit.contracts.orchestrator.pools import (
    DirectPorts,
    Node,
    NodeAvailability,
    NodeChange,
    Pool,
    PoolState,
    Room,
)
from mydocker_kit.docker.errors import EngineError, EngineIncompatible, EngineRefused
from mydocker_kit.docker.versions import NEWEST
from mydocker_kit.errors import Conflict, NotFound, Unavailable
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.checks.root_access import root_needs_approval
from ..domain.observed_state import Availability, ObservedNode
from ..domain.placement.node_fit import with_device_kinds, with_free_devices
from ..environments.queries import running_by_node
from ..swarm.interface import SwarmClient
from .gpu_ledger import claims_of
from .pools import pools_of, remove_pool, rows_of_pools
from .port_ledger import held_by_pool

log = get_logger()


class SwarmUnavailable(Unavailable):
    """The Swarm does not answer at present."""

    code = "swarm_unavailable"


class EngineMismatch(Conflict):
    """The Swarm's engine is too old or too new; a retry does not help, so this is no 503."""

    def __init__(self, error: EngineIncompatible) -> None:
        super().__init__(str(error), engine=error.engine or "?", api=str(NEWEST))
        self.code = error.mismatch.value


class PoolUnknown(NotFound):
    """There is no pool of this name."""

    code, title = "pool_unknown", "There is no pool of this name"


class NodeUnchecked(Conflict):
    """Its checks have not passed: activated, it would first end all that runs on it."""

    code = "node_unchecked"


class NodeInUse(Conflict):
    """Environments of its pool run on it, and Swarm would end them."""

    code = "node_in_use"


class DirectPortsOnLoopback(Conflict):
    """Ports of environments are bound to this machine's loopback: none is reachable directly."""

    code = "direct_ports_on_loopback"


class Capacity:
    """Observed nodes and stored pools, with the GPUs and ports that the ledgers hold."""

    def __init__(self, sessions: Sessions, swarm: SwarmClient, node_address: str = "") -> None:
        self._sessions, self._swarm = sessions, swarm
        self._is_on_loopback = _is_loopback(node_address)

    def direct_ports(self, pool: Pool) -> DirectPorts | None:
        """Its direct ports, if they are reachable."""
        return None if self._is_on_loopback else pool.direct_ports

    def check(self, pool: Pool) -> None:
        """Refuse settings that cannot work."""
        if pool.direct_ports and self._is_on_loopback:
            raise DirectPortsOnLoopback

    async def nodes(
        self, observed: Sequence[ObservedNode] | None = None
    ) -> tuple[ObservedNode, ...]:
        """Every node, with the devices of its pool's kind. Raises `EngineError`.

        `observed` are recent nodes, if the caller has them.
        """
        nodes = await self._swarm.nodes() if observed is None else observed
        async with transaction(self._sessions) as db:
            pools, claims = await pools_of(db), await claims_of(db)
        kinds = {name: pool.gpu_kind for name, pool in pools.items()}
        held = {(claim.node_id, claim.device): claim for claim in claims}
        return with_free_devices(with_device_kinds(nodes, kinds), held)

    async def pools(self) -> dict[str, Pool]:
        """Every pool, by name."""
        async with transaction(self._sessions) as db:
            return await pools_of(db)

    async def pool_states(self) -> list[PoolState]:
        """Every pool, by name."""
        nodes = await self._observed_nodes()
        async with transaction(self._sessions) as db:
            rows, held = await rows_of_pools(db), await held_by_pool(db)
        return [
            pool_state(
                Pool.model_validate(row.settings), nodes, held.get(row.name, 0), row.changed_at
            )
            for row in rows
        ]

    async def pool_state(self, name: str) -> PoolState:
        """One pool; `PoolUnknown`."""
        for state in await self.pool_states():
            if state.pool.name == name:
                return state
        raise PoolUnknown(name)

    async def remove(self, name: str, if_match: IfMatch | None = None) -> None:
        """Remove a pool without nodes and environments. Idempotent."""
        machines = sum(node.pool == name for node in await self._observed_nodes())
        async with transaction(self._sessions) as db:
            await remove_pool(db, name, machines, if_match)

    async def node_list(self) -> list[Node]:
        """Every node, with the number of environments on it."""
        nodes = await self._observed_nodes()
        async with transaction(self._sessions) as db:
            running = Counter(await running_by_node(db))
        return sorted((_node(node, running) for node in nodes), key=lambda node: node.name)

    async def change(self, id: str, change: NodeChange) -> None:
        """Drain, pause or activate a node, or move it to another pool."""
        nodes = {node.id: node for node in await self._observed_nodes()}
        if id not in nodes:
            raise NotFound(f"node {id}")
        if change.pool is not None:
            await self._check_pool_change(nodes[id], change.pool)
        if change.availability is NodeAvailability.ACTIVE and not nodes[id].admitted:
            raise NodeUnchecked(node=nodes[id].name)
        availability = Availability(change.availability.value) if change.availability else None
        try:
            await self._swarm.change_node(id, availability, change.pool)
        except EngineRefused as error:
            raise NotFound(f"node {id}: {error}") from error
        except EngineError as error:
            raise SwarmUnavailable(str(error)) from error
        log.info("node.changed", node=id, availability=availability, pool=change.pool)

    async def _check_pool_change(self, node: ObservedNode, pool: str) -> None:
        async with transaction(self._sessions) as db:
            if pool not in await pools_of(db):
                raise NotFound(f"pool {pool}")
            running = (await running_by_node(db)).get(node.name, 0)
        if pool != node.pool and running:
            raise NodeInUse(node=node.name, environments=running)

    async def _observed_nodes(self) -> Sequence[ObservedNode]:
        try:
            return await self.nodes()
        except EngineIncompatible as error:
            raise EngineMismatch(error) from error
        except EngineError as error:
            raise SwarmUnavailable(str(error)) from error


def _is_loopback(address: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(address).is_loopback
    return address == "localhost"


def pool_state(
    pool: Pool,
    nodes: Iterable[ObservedNode],
    numbers_held: int = 0,
    changed_at: datetime | None = None,
) -> PoolState:
    """A pool with the resources of its nodes."""
    in_pool = [node for node in nodes if node.pool == pool.name]
    usable = [node for node in in_pool if node.usable]
    return PoolState(
        pool=pool,
        nodes=len(in_pool),
        usable_nodes=len(usable),
        room=_sum(usable),
        largest=_largest(usable),
        direct_nodes=sum(_is_reachable(node, pool) for node in usable),
        direct_held=numbers_held,
        root_needs_approval=root_needs_approval(pool.name, in_pool),
        etag=etag_of(pool),
        changed_at=changed_at,
    )


def _is_reachable(node: ObservedNode, pool: Pool) -> bool:
    """Whether the node's firewall opens every direct port of the pool."""
    required, opened = pool.direct_ports, node.direct_ports
    if required is None or opened is None:
        return False
    return opened.first <= required.first and required.last <= opened.last


def _sum(nodes: Sequence[ObservedNode]) -> Room:
    rooms = [_room(node) for node in nodes]
    return Room(**{name: sum(getattr(room, name) for room in rooms) for name in Room.model_fields})


def _largest(nodes: Sequence[ObservedNode]) -> Room:
    rooms = [_room(node) for node in nodes]
    fields = Room.model_fields
    return Room(**{name: max((getattr(r, name) for r in rooms), default=0) for name in fields})


def _room(node: ObservedNode) -> Room:
    return Room(
        cpu=node.cpu,
        free_cpu=max(node.free_cpu, 0),
        memory_mib=node.memory_mib,
        free_memory_mib=max(node.free_memory_mib, 0),
        gpus=len(node.devices),
        free_gpus=len(node.free_devices),
    )


def _node(node: ObservedNode, running: Mapping[str, int]) -> Node:
    return Node(
        id=node.id,
        name=node.name,
        address=node.address,
        pool=node.pool,
        reachable=node.reachable,
        availability=NodeAvailability(node.availability.value),
        admitted=node.admitted,
        cordon=node.cordon,
        manages=node.manages,
        engine_version=node.engine_version,
        api_version=node.api_version or None,
        remaps_users=node.remaps_users,
        room=_room(node),
        environments=running.get(node.name, 0),
    )
