"""Lists the volumes of each machine once, to record those that were there before.

An installation that upgrades has work folders and no records; a machine that left the Swarm and
joined again has a new id and its old disk. So the leading replica asks the engine or the agent of
every node that was never listed, and writes what it finds where no record says otherwise. Once for
each node, since a released volume stays on its disk and must not be recorded again. A node that
cannot be asked is tried again later; until then the name of the machine where an environment ran
last, which the migration wrote, binds it.
"""

import asyncio
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.volumes import NamedVolume
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.observed_state import ObservedNode
from ..models import VolumeNodeRow, VolumeScanRow
from ..swarm.interface import SwarmClient

log = get_logger()
_RETRY_AFTER = 300.0
_ANSWER_WITHIN = 5.0


class VolumeScan:
    """Used by the leading replica."""

    def __init__(self, sessions: Sessions, swarm: SwarmClient) -> None:
        self._sessions, self._swarm = sessions, swarm
        self._scanned: set[str] | None = None
        self._tried_at: dict[str, float] = {}

    def reset(self) -> None:
        """Drop all cached state: another replica may have led meanwhile."""
        self._scanned = None
        self._tried_at.clear()

    async def scan(self, nodes: Sequence[ObservedNode], now: datetime) -> None:
        """Record the volumes of nodes that were never listed. Idempotent."""
        if self._scanned is None:
            async with transaction(self._sessions) as db:
                self._scanned = set(await db.scalars(select(VolumeScanRow.node_id)))
        due = [node for node in nodes if node.reachable and self._is_due(node.id, self._scanned)]
        if not due:
            return
        self._tried_at |= {node.id: time.monotonic() for node in due}
        answers = await asyncio.gather(*(self._volumes(node) for node in due))
        listed = {node.id: volumes for node, volumes in zip(due, answers, strict=True)}
        known = {id: volumes for id, volumes in listed.items() if volumes is not None}
        async with transaction(self._sessions) as db:
            await record_listed(db, known, nodes, now)
        self._scanned |= known.keys()

    def _is_due(self, id: str, scanned: set[str]) -> bool:
        tried_at = self._tried_at.get(id, float("-inf"))
        return id not in scanned and time.monotonic() - tried_at > _RETRY_AFTER

    async def _volumes(self, node: ObservedNode) -> Sequence[NamedVolume] | None:
        """The volumes on this node; None where it cannot be asked."""
        try:
            async with asyncio.timeout(_ANSWER_WITHIN):
                return await self._swarm.volumes(node.id)
        except (EngineError, TimeoutError) as error:
            log.warning("volume.scan_failed", node=node.name, error=error)
            return None


async def record_listed(
    db: AsyncSession,
    listed: Mapping[str, Sequence[NamedVolume]],
    nodes: Iterable[ObservedNode],
    now: datetime,
) -> None:
    """Record these volumes by node id, the first made first, and that the nodes were listed."""
    by_id = {node.id: node for node in nodes}
    pairs = [(volume, by_id[id]) for id, volumes in listed.items() for volume in volumes]
    names = [volume.name for volume, _ in pairs]
    rows = {
        row.name: row
        for row in await db.scalars(select(VolumeNodeRow).where(VolumeNodeRow.name.in_(names)))
    }
    for volume, node in sorted(pairs, key=lambda pair: pair[0].created_at):
        row = rows.get(volume.name)
        if row is None:
            row = VolumeNodeRow(name=volume.name, recorded_at=now)
            db.add(row)
            rows[volume.name] = row
        elif not _is_here_or_gone(row, node, by_id):
            log.warning("volume.on_two_nodes", volume=row.name, node=row.node, also=node.name)
            continue
        row.node_id, row.node, row.driver = node.id, node.name, volume.driver
        log.info("volume.recorded", volume=row.name, node=node.name)
    for id in listed:
        await db.execute(
            insert(VolumeScanRow).values(node_id=id, scanned_at=now).on_conflict_do_nothing()
        )


def _is_here_or_gone(
    row: VolumeNodeRow, node: ObservedNode, by_id: Mapping[str, ObservedNode]
) -> bool:
    """Whether the record names this node, or one that is in the Swarm no more."""
    if row.node_id is not None:
        return row.node_id == node.id or row.node_id not in by_id
    return row.node == node.name or all(row.node != other.name for other in by_id.values())
