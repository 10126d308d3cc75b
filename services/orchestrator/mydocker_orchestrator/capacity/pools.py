"""Stored pools: created, changed and removed, with optimistic locking by entity tags."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL, Pool
from mydocker_kit.errors import Conflict, Invalid, ProblemError
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger

from ..environments.queries import FINAL_PHASES
from ..models import SCHEMA, EnvironmentRow, MachineRow, PoolRow, PoolScalingRow

log = get_logger()
_MAX_POOLS = 100


class TooManyPools(Invalid):
    """The number of pools is limited."""

    code = "too_many_pools"


class PoolExists(ProblemError):
    """A new pool has the name of an existing one."""

    status, code, title = 412, "pool_exists", "There is a pool of this name"


class PoolIsDefault(Conflict):
    """The default pool cannot be removed: courses that choose no pool run there."""

    code, title = "pool_is_default", "Courses that choose none run there"


class PoolHasMachines(Conflict):
    """Machines carry its label: move them to another pool first."""

    code, title = "pool_has_machines", "Machines are in this pool"


class PoolInUse(Conflict):
    """Environments of this pool run or are queued."""

    code, title = "pool_in_use", "Environments run or wait in this pool"


async def rows_of_pools(db: AsyncSession) -> Sequence[PoolRow]:
    """All pool rows, by name."""
    return (await db.scalars(select(PoolRow).order_by(PoolRow.name))).all()


async def pools_of(db: AsyncSession) -> dict[str, Pool]:
    """All pools by name."""
    return {row.name: Pool.model_validate(row.settings) for row in await rows_of_pools(db)}


async def put_pool(
    db: AsyncSession,
    pool: Pool,
    now: datetime,
    *,
    new: bool = False,
    if_match: IfMatch | None = None,
) -> Pool:
    """Store this pool; running environments are not changed.

    `new`: refuse if the name exists. `if_match`: the versions that it may replace. Idempotent:
    storing equal settings again is no conflict, so a call whose answer was lost can be repeated.
    """
    await _lock_pools(db)
    known = {row.name: row for row in await rows_of_pools(db)}
    row = known.get(pool.name)
    if row is not None and Pool.model_validate(row.settings) == pool:
        return pool
    if new and row is not None:
        raise PoolExists(pool=pool.name)
    if if_match is not None:
        _check(if_match, row)
    if row is None and len(known) >= _MAX_POOLS:
        raise TooManyPools(most=_MAX_POOLS)
    await db.merge(PoolRow(name=pool.name, settings=pool.model_dump(mode="json"), changed_at=now))
    log.info("pool.changed" if row else "pool.created", pool=pool.name)
    return pool


async def remove_pool(
    db: AsyncSession, name: str, machines: int, if_match: IfMatch | None = None
) -> None:
    """Remove a pool in which `machines` are counted. Idempotent."""
    await _lock_pools(db)
    row = await db.get(PoolRow, name)
    if row is None:
        return
    if if_match is not None:
        _check(if_match, row)
    if name == DEFAULT_POOL:
        raise PoolIsDefault
    if machines:
        raise PoolHasMachines(count=machines)
    active = await _active_in(db, name)
    if active:
        raise PoolInUse(count=active)
    if made := await _made_for(db, name):
        raise PoolHasMachines(count=made)
    await db.execute(delete(PoolScalingRow).where(PoolScalingRow.pool == name))
    await db.delete(row)
    log.info("pool.removed", pool=name)


def _check(if_match: IfMatch, row: PoolRow | None) -> None:
    """Refuse an edit of another version, or of a pool that was removed."""
    current = etag_of(Pool.model_validate(row.settings)) if row else None
    if_match.check(current, changed_at=row.changed_at if row else None)


async def _active_in(db: AsyncSession, name: str) -> int:
    row = EnvironmentRow
    active = (row.phase.not_in(FINAL_PHASES), row.spec["pool"].astext == name)
    return await db.scalar(select(func.count()).select_from(row).where(*active)) or 0


async def _made_for(db: AsyncSession, name: str) -> int:
    """Machines that Terraform made for the pool and that are not removed, joined or not."""
    remain = (MachineRow.pool == name, MachineRow.removed_at.is_(None))
    return await db.scalar(select(func.count()).select_from(MachineRow).where(*remain)) or 0


async def _lock_pools(db: AsyncSession) -> None:
    """Exclude other writers of pools until the transaction ends; readers continue."""
    await db.execute(text(f"LOCK TABLE {SCHEMA}.pools IN SHARE ROW EXCLUSIVE MODE"))
