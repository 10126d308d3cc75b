"""The ledger of GPUs: one row per claimed device, whose primary key excludes a second claim."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import Device, ObservedNode
from ..domain.placement.gpus import GpuClaim, Placement, placement_on
from ..domain.placement.node_fit import best_node, is_eligible, with_free_devices
from ..models import GpuClaimRow

log = get_logger()


class GpuLedger:
    """Claims before a service is created, releases when it is gone. Idempotent."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def claims(self) -> list[GpuClaim]:
        """All claimed devices."""
        async with transaction(self._sessions) as db:
            return await claims_of(db)

    async def claim(
        self, environment: EnvironmentState, nodes: Sequence[ObservedNode], now: datetime
    ) -> Placement | None:
        """As many devices of one node as it requests; None when no node has them free.

        Claims that this attempt holds from before a crash stay, if their node is still usable.
        """
        try:
            async with transaction(self._sessions) as db:
                return await _claim(db, environment, nodes, now)
        except IntegrityError:
            log.warning("gpu.claimed_meanwhile", id=str(environment.id))
            return None

    async def release(self, claims: Iterable[GpuClaim]) -> None:
        """Delete these claims; a device claimed anew meanwhile is left alone."""
        released = list(claims)
        if not released:
            return
        row = GpuClaimRow
        keys = tuple_(row.node_id, row.device, row.environment_id, row.attempt)
        values = [
            (claim.node_id, claim.device.name, claim.environment_id, claim.attempt)
            for claim in released
        ]
        async with transaction(self._sessions) as db:
            await db.execute(delete(row).where(keys.in_(values)))
        for claim in released:
            log.info(
                "gpu.released",
                node=claim.node_id,
                device=claim.device.name,
                id=str(claim.environment_id),
                attempt=claim.attempt,
            )


async def claims_of(db: AsyncSession) -> list[GpuClaim]:
    """All claimed devices."""
    return [_claim_of(row) for row in (await db.scalars(select(GpuClaimRow))).all()]


async def _claim(
    db: AsyncSession, environment: EnvironmentState, nodes: Sequence[ObservedNode], now: datetime
) -> Placement | None:
    claims = await claims_of(db)
    holder = (environment.id, environment.attempt)
    own = [claim for claim in claims if claim.holder == holder]
    is_own = (
        GpuClaimRow.environment_id == environment.id,
        GpuClaimRow.attempt == environment.attempt,
    )
    known = _still_valid_placement(own, environment, nodes)
    if known:
        # Another create request follows, and may arrive as late as a first one.
        await db.execute(update(GpuClaimRow).where(*is_own).values(claimed_at=now))
        return known
    if own:
        await db.execute(delete(GpuClaimRow).where(*is_own))
    held = {(claim.node_id, claim.device): claim for claim in claims if claim not in own}
    free = with_free_devices(nodes, held)
    node = best_node(
        environment.resources,
        environment.pool,
        free,
        environment.root_access,
        environment.folder_nodes,
    )
    if node is None:
        return None
    devices = node.free_devices[: environment.resources.gpu]
    for device in devices:
        db.add(_row_of(node.id, device, environment, now))
    await db.flush()
    log.info(
        "gpu.claimed",
        node=node.name,
        devices=[device.name for device in devices],
        id=str(environment.id),
        attempt=environment.attempt,
    )
    return placement_on(node, devices, nodes)


def _still_valid_placement(
    own: Sequence[GpuClaim], environment: EnvironmentState, nodes: Sequence[ObservedNode]
) -> Placement | None:
    """The placement of its claims, if they are complete and on one node that is eligible."""
    pool, access = environment.pool, environment.root_access
    by_id = {
        node.id: node
        for node in nodes
        if node.usable and is_eligible(node, pool, access, environment.folder_nodes)
    }
    if len(own) != environment.resources.gpu or len({claim.node_id for claim in own}) != 1:
        return None
    node = by_id.get(own[0].node_id)
    if node is None:
        return None
    return placement_on(node, tuple(sorted(claim.device for claim in own)), nodes)


def _row_of(
    node_id: str, device: Device, environment: EnvironmentState, now: datetime
) -> GpuClaimRow:
    return GpuClaimRow(
        node_id=node_id,
        device=device.name,
        kind=device.kind,
        environment_id=environment.id,
        attempt=environment.attempt,
        claimed_at=now,
    )


def _claim_of(row: GpuClaimRow) -> GpuClaim:
    device = Device(row.kind, row.device)
    return GpuClaim(row.node_id, device, row.environment_id, row.attempt, row.claimed_at)
