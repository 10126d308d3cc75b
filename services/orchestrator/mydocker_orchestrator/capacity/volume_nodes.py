"""Records on which node each work folder is, and binds environments to that node.

Work folders of pools with storage `node` or `node_quota` are volumes on one machine's disk. Data
flow: each pass, `record` writes the node of every container that has mounted a volume, before the
plan may call its environment ready; `located` adds the recorded nodes to environments that look for
a node, which the queue, the ledgers and the constraints of services then use.

Invariant: a record is written once and changed by nothing but an operator's release, or a scan that
finds the volume on a machine after the recorded one has left the Swarm (`volume_scan`). No record
lives in memory only, so a new leader binds environments to the same nodes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage
from mydocker_kit.contracts.orchestrator.volumes import LOCAL_DRIVER, VolumeNode
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.lifecycle.transitions import DesiredState, EnvironmentState
from ..domain.observed_state import ObservedState
from ..domain.placement.folder_nodes import keeps_folders_on_node
from ..folders.volume_use import check_unused
from ..models import VolumeNodeRow

log = get_logger()


@dataclass(frozen=True)
class Mounted:
    """A volume that a container of a node has mounted."""

    name: str
    container: str
    node_id: str
    node: str
    driver: str = LOCAL_DRIVER


class VolumeNodes:
    """Used by the leading replica."""

    def __init__(self, sessions: Sessions, quota_driver: str = "mydocker") -> None:
        self._sessions, self._quota_driver = sessions, quota_driver
        self._recorded: set[Mounted] = set()

    def reset(self) -> None:
        """Drop all cached state: another replica may have led meanwhile."""
        self._recorded.clear()

    async def record(
        self,
        environments: Mapping[UUID, EnvironmentState],
        observed: ObservedState,
        pools: Mapping[str, Pool],
        now: datetime,
    ) -> None:
        """Record the node of each volume that is mounted and has no record. Idempotent."""
        mounted = set(_mounted(environments, observed, pools, self._quota_driver))
        new = mounted - self._recorded
        if new:
            async with transaction(self._sessions) as db:
                for volume in sorted(new, key=lambda volume: volume.name):
                    await _record(db, volume, now)
        self._recorded = mounted

    async def located(
        self, environments: Mapping[UUID, EnvironmentState], pools: Mapping[str, Pool]
    ) -> dict[UUID, EnvironmentState]:
        """The environments, with the nodes of their work folders where they look for a node."""
        looking = [
            environment
            for environment in environments.values()
            if environment.desired is DesiredState.RUNNING
            and environment.phase in (Phase.QUEUED, Phase.STARTING)
            and environment.volumes
            and keeps_folders_on_node(pools.get(environment.pool))
        ]
        names = {mount.name for environment in looking for mount in environment.volumes}
        nodes = await self.nodes_of(names) if names else {}
        return {**environments, **{env.id: with_folder_nodes(env, nodes) for env in looking}}

    async def located_one(
        self, environment: EnvironmentState, pool: Pool | None
    ) -> EnvironmentState:
        """The same for one environment, as recorded now."""
        if not environment.volumes or not keeps_folders_on_node(pool):
            return environment
        nodes = await self.nodes_of({mount.name for mount in environment.volumes})
        return with_folder_nodes(environment, nodes)

    async def quota_volumes(
        self, environment: EnvironmentState, pool: Pool | None
    ) -> frozenset[str]:
        """The volumes that the node's plugin makes, or made: a volume keeps its driver."""
        names = [mount.name for mount in environment.volumes]
        if not names or not keeps_folders_on_node(pool):
            return frozenset()
        row = VolumeNodeRow
        async with transaction(self._sessions) as db:
            rows = await db.scalars(select(row).where(row.name.in_(names)))
            drivers = {volume.name: volume.driver for volume in rows}
        wants_quota = pool is not None and pool.storage is Storage.NODE_QUOTA
        new = self._quota_driver if wants_quota else LOCAL_DRIVER
        return frozenset(
            mount.name
            for mount in environment.volumes
            if drivers.get(mount.name, new) == self._quota_driver
        )

    async def nodes_of(self, names: Iterable[str]) -> dict[str, str]:
        """The recorded node of each of these volumes that has one: its id, else its name."""
        row = VolumeNodeRow
        async with transaction(self._sessions) as db:
            rows = await db.scalars(select(row).where(row.name.in_(list(names))))
            return {volume.name: volume.node_id or volume.node for volume in rows}


def with_folder_nodes(environment: EnvironmentState, nodes: Mapping[str, str]) -> EnvironmentState:
    """The environment, bound to the nodes of those of its volumes that are in `nodes`."""
    bound = {nodes[mount.name] for mount in environment.volumes if mount.name in nodes}
    return replace(environment, folder_nodes=frozenset(bound))


def _mounted(
    environments: Mapping[UUID, EnvironmentState],
    observed: ObservedState,
    pools: Mapping[str, Pool],
    quota_driver: str,
) -> Iterator[Mounted]:
    """Volumes of containers that were created, running or ended: the engine made them before."""
    for id, service in observed.services.items():
        environment, task = environments.get(id), service.task
        if environment is None or not environment.volumes or task is None:
            continue
        if service.attempt != environment.attempt or not task.node_id or not task.container_id:
            continue
        if keeps_folders_on_node(pools.get(environment.pool)):
            node = task.node or task.node_id
            for mount in environment.volumes:
                driver = quota_driver if mount.name in service.quota_volumes else LOCAL_DRIVER
                yield Mounted(mount.name, task.container_id, task.node_id, node, driver)


async def _record(db: AsyncSession, volume: Mounted, now: datetime) -> None:
    values = {
        "name": volume.name,
        "node_id": volume.node_id,
        "node": volume.node,
        "driver": volume.driver,
        "recorded_at": now,
    }
    written = await db.scalar(
        insert(VolumeNodeRow)
        .values(**values)
        .on_conflict_do_nothing()
        .returning(VolumeNodeRow.name)
    )
    if written:
        log.info("volume.recorded", volume=volume.name, node=volume.node)
        return
    row = await db.get_one(VolumeNodeRow, volume.name)
    if row.node_id is None and row.node == volume.node:
        row.node_id = volume.node_id
    elif row.node_id != volume.node_id:
        log.error("volume.on_two_nodes", volume=volume.name, node=row.node, also=volume.node)


async def show(db: AsyncSession, name: str) -> VolumeNode:
    """The record of this volume; `NotFound`."""
    row = await db.get(VolumeNodeRow, name)
    if row is None:
        raise NotFound(f"volume {name}")
    return VolumeNode(
        name=row.name, node_id=row.node_id, node=row.node, recorded_at=row.recorded_at
    )


async def release(db: AsyncSession, name: str) -> None:
    """Forget on which node a volume is: its next start makes an empty one, on any node.

    The volume itself stays where it is. Idempotent. `VolumeInUse` while a container has it.
    """
    await check_unused(db, name)
    removed = delete(VolumeNodeRow).where(VolumeNodeRow.name == name)
    node = await db.scalar(removed.returning(VolumeNodeRow.node))
    if node is not None:
        log.warning("volume.released", volume=name, node=node)
