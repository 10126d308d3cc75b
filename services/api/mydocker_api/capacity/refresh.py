"""Refreshes the stored pools from the orchestrator."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.pools import Node, NodeAvailability
from mydocker_kit.errors import Unavailable
from mydocker_kit.postgres.db import Sessions, transaction

from ..models import KnownMachine
from . import queries

EVERY = 30.0
_PATIENCE = 5.0
"""Seconds; changes of pools by operators wait meanwhile."""


_PAGE = 200

Machines = Mapping[str, tuple[KnownMachine, ...]]
"""Usable machines, by pool."""


async def refresh_pools(db: Sessions, orchestrator: OrchestratorClient) -> None:
    """Store every pool; without an answer the stored ones stay."""
    async with transaction(db) as session:
        await queries.lock_pools(session)
        try:
            async with asyncio.timeout(_PATIENCE):
                reported = await orchestrator.pools()
                scaling = {pool.pool: pool for pool in await orchestrator.scaling_summaries()}
                made = {name for pool in scaling.values() for name in pool.machines}
                machines = await usable_machines(orchestrator, made)
        except (Unavailable, TimeoutError):
            return
        await queries.store(session, [state.pool for state in reported], whole=True)
        needing = {state.pool.name for state in reported if state.root_needs_approval}
        await queries.record_root_needs(session, needing)
        await queries.record_machines(session, machines, scaling)


async def usable_machines(orchestrator: OrchestratorClient, made: Collection[str]) -> Machines:
    """What the machines have that environments may be put on now; `made`: names by Terraform."""
    by_pool: defaultdict[str, list[KnownMachine]] = defaultdict(list)
    number, seen, total = 1, 0, 1
    while seen < total:
        page = await orchestrator.nodes({"page": number, "page_size": _PAGE})
        for node in filter(_is_usable, page.items):
            room = node.room
            machine = KnownMachine(
                cpu=room.cpu,
                memory_mib=room.memory_mib,
                gpus=room.gpus,
                is_made=node.name in made,
            )
            by_pool[node.pool].append(machine)
        if not page.items:
            break
        number, seen, total = number + 1, seen + len(page.items), page.total
    return {pool: tuple(machines) for pool, machines in by_pool.items()}


def _is_usable(node: Node) -> bool:
    return node.reachable and node.admitted and node.availability is NodeAvailability.ACTIVE
