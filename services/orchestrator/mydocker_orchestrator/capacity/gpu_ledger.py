"""The ledger of GPUs: a device of a node is one row, so nobody can hold it twice."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger

from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import Device, FoundNode
from ..domain.placement.gpus import Claim, Place, place_on
from ..domain.placement.node_fit import may_take, place_for, with_free_devices
from ..models import GpuClaimRow

log = get_logger()


class GpuLedger:
    """Claims before a service is made, releases when it is gone; safe to repeat after a crash."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def claims(self) -> list[Claim]:
        """All devices that are held."""
        async with transaction(self._sessions) as db:
            return await claims_of(db)

    async def claim(
        self, environment: Environment, nodes: Sequence[FoundNode], now: datetime
    ) -> Place | None:
        """As many devices of one node as it asks for; None when no node has them free.

        What this attempt holds already, from before a crash, is kept where its node still serves.
        """
        try:
            async with transaction(self._sessions) as db:
                return await _claim(db, environment, nodes, now)
        except IntegrityError:
            log.warning("gpu.claimed_meanwhile", id=str(environment.id))
            return None

    async def release(self, claims: Iterable[Claim]) -> None:
        """Give these back; one that was claimed anew meanwhile is left alone."""
        over = list(claims)
        if not over:
            return
        row = GpuClaimRow
        keys = tuple_(row.node_id, row.device, row.environment_id, row.attempt)
        values = [(one.node_id, one.device.name, one.environment_id, one.attempt) for one in over]
        async with transaction(self._sessions) as db:
            await db.execute(delete(row).where(keys.in_(values)))
        for one in over:
            log.info(
                "gpu.released",
                node=one.node_id,
                device=one.device.name,
                id=str(one.environment_id),
                attempt=one.attempt,
            )


async def claims_of(db: AsyncSession) -> list[Claim]:
    """All devices that are held."""
    return [_claim_of(row) for row in (await db.scalars(select(GpuClaimRow))).all()]


async def _claim(
    db: AsyncSession, environment: Environment, nodes: Sequence[FoundNode], now: datetime
) -> Place | None:
    claims = await claims_of(db)
    holder = (environment.id, environment.attempt)
    mine = [claim for claim in claims if claim.holder == holder]
    of_mine = (
        GpuClaimRow.environment_id == environment.id,
        GpuClaimRow.attempt == environment.attempt,
    )
    known = _kept(mine, environment, nodes)
    if known:
        # Another create follows, and may arrive as late as a first one.
        await db.execute(update(GpuClaimRow).where(*of_mine).values(claimed_at=now))
        return known
    if mine:
        await db.execute(delete(GpuClaimRow).where(*of_mine))
    held = {(claim.node_id, claim.device): claim for claim in claims if claim not in mine}
    free = with_free_devices(nodes, held)
    node = place_for(environment.resources, environment.pool, free, environment.profile)
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
    return place_on(node, devices, nodes)


def _kept(
    mine: Sequence[Claim], environment: Environment, nodes: Sequence[FoundNode]
) -> Place | None:
    """What it holds already, if that is all it asks for on one node that serves its pool."""
    pool, profile = environment.pool, environment.profile
    by_id = {node.id: node for node in nodes if node.usable and may_take(node, pool, profile)}
    if len(mine) != environment.resources.gpu or len({one.node_id for one in mine}) != 1:
        return None
    node = by_id.get(mine[0].node_id)
    return place_on(node, tuple(sorted(one.device for one in mine)), nodes) if node else None


def _row_of(node_id: str, device: Device, environment: Environment, now: datetime) -> GpuClaimRow:
    return GpuClaimRow(
        node_id=node_id,
        device=device.name,
        kind=device.kind,
        environment_id=environment.id,
        attempt=environment.attempt,
        claimed_at=now,
    )


def _claim_of(row: GpuClaimRow) -> Claim:
    device = Device(row.kind, row.device)
    return Claim(row.node_id, device, row.environment_id, row.attempt, row.claimed_at)
