"""Lists and measures the volumes of all machines. Nothing here changes or deletes one."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from mydocker_kit.contracts.orchestrator.volumes import (
    NamedVolume,
    StoredVolume,
    VolumeInventory,
)
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.errors import FolderUnavailable, ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.observed_state import ObservedNode
from ..models import VolumeNodeRow
from ..swarm.interface import SwarmClient
from .agents import FolderAgents

log = get_logger()
_ANSWER_WITHIN = 10.0


class Inventory:
    """Reads engines and records, each at the time of the call."""

    def __init__(self, sessions: Sessions, swarm: SwarmClient, agents: FolderAgents) -> None:
        self._sessions, self._swarm, self._agents = sessions, swarm, agents

    async def volumes(self) -> VolumeInventory:
        """Every volume of an engine, and every record without one.

        Raises `FolderUnavailable` when the Swarm does not say which machines there are.
        """
        try:
            nodes = await self._swarm.nodes()
        except EngineError as error:
            raise FolderUnavailable(str(error)) from error
        listed = await asyncio.gather(*(self._listed(node) for node in nodes))
        async with transaction(self._sessions) as db:
            rows = {row.name: row for row in await db.scalars(select(VolumeNodeRow))}
        stored: list[StoredVolume] = []
        seen: set[str] = set()
        for node, volumes in zip(nodes, listed, strict=True):
            for volume in volumes or ():
                row = rows.get(volume.name)
                is_recorded = row is not None and (row.node_id or row.node) in (node.id, node.name)
                if is_recorded:
                    seen.add(volume.name)
                stored.append(
                    StoredVolume(
                        name=volume.name,
                        node_id=node.id,
                        node=node.name,
                        created_at=volume.created_at,
                        recorded=is_recorded,
                    )
                )
        missing = (row for name, row in rows.items() if name not in seen)
        stored += [
            StoredVolume(name=row.name, node_id=row.node_id, node=row.node, recorded=True)
            for row in missing
        ]
        unknown = [
            node.name for node, volumes in zip(nodes, listed, strict=True) if volumes is None
        ]
        stored.sort(key=lambda volume: (volume.name, volume.node))
        return VolumeInventory(volumes=tuple(stored), unknown_nodes=tuple(sorted(unknown)))

    async def sizes(self, names: Sequence[str]) -> dict[str, int]:
        """Bytes that recorded volumes take, as far as their machines answer in time."""
        row = VolumeNodeRow
        by_node: dict[str, list[str]] = defaultdict(list)
        async with transaction(self._sessions) as db:
            for volume in await db.scalars(select(row).where(row.name.in_(list(names)))):
                if volume.node_id is not None:
                    by_node[volume.node_id].append(volume.name)
        answers = await asyncio.gather(*(self._sizes(id, of) for id, of in by_node.items()))
        return {name: size for sizes in answers for name, size in sizes.items()}

    async def _listed(self, node: ObservedNode) -> Sequence[NamedVolume] | None:
        if not node.reachable:
            return None
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await self._swarm.volumes(node.id)
        except (EngineError, TimeoutError) as error:
            log.warning("volumes.unlisted", node=node.name, error=error)
            return None

    async def _sizes(self, node_id: str, names: list[str]) -> dict[str, int]:
        try:
            return await (await self._agents.of(node_id)).sizes(names)
        except ProblemError as error:
            log.warning("volumes.unmeasured", node=node_id, count=len(names), error=error)
            return {}
