"""Pools as operators write them: made, changed, removed, and nobody's change undone unseen."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.pools import DEFAULT_POOL, Pool
from mydocker_kit.errors import Conflict, Invalid
from mydocker_kit.logging import get_logger

from ..environments.queries import AT_REST
from ..models import SCHEMA, EnvironmentRow, PoolRow

log = get_logger()
_MOST_POOLS = 100


class TooManyPools(Invalid):
    """More pools than anybody could look through."""

    code = "too_many_pools"


class PoolExists(Conflict):
    """A new pool is asked for under the name of another."""

    code, title = "pool_exists", "There is a pool of this name"


class PoolChanged(Conflict):
    """Somebody else has changed it since it was read, or removed it."""

    code, title = "pool_changed", "The pool was changed meanwhile"


class PoolIsDefault(Conflict):
    """Courses that choose no pool run there."""

    code, title = "pool_is_default", "Courses that choose none run there"


class PoolHasMachines(Conflict):
    """Machines carry its label: they belong into another one first."""

    code, title = "pool_has_machines", "Machines are in this pool"


class PoolInUse(Conflict):
    """Environments run or wait in it."""

    code, title = "pool_in_use", "Environments run or wait in this pool"


async def rows_of_pools(db: AsyncSession) -> Sequence[PoolRow]:
    """All, by name."""
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
    seen: datetime | None = None,
) -> Pool:
    """Keep this pool; Environments that run are left as they are.

    `new`: there is none of this name. `seen`: its `changed_at` when the caller read it. What is
    there already is no conflict: a call whose answer was lost may be repeated.
    """
    await _one_at_a_time(db)
    known = {row.name: row for row in await rows_of_pools(db)}
    row = known.get(pool.name)
    if row is not None and Pool.model_validate(row.settings) == pool:
        return pool
    if new and row is not None:
        raise PoolExists(pool=pool.name)
    if seen is not None and (row is None or row.changed_at != seen):
        raise PoolChanged(pool=pool.name)
    if row is None and len(known) >= _MOST_POOLS:
        raise TooManyPools(most=_MOST_POOLS)
    await db.merge(PoolRow(name=pool.name, settings=pool.model_dump(mode="json"), changed_at=now))
    log.info("pool.changed" if row else "pool.made", pool=pool.name)
    return pool


async def remove_pool(db: AsyncSession, name: str, machines: int) -> None:
    """Forget a pool in which `machines` are; one that is not there is gone already."""
    await _one_at_a_time(db)
    row = await db.get(PoolRow, name)
    if row is None:
        return
    if name == DEFAULT_POOL:
        raise PoolIsDefault
    if machines:
        raise PoolHasMachines(count=machines)
    alive = await _alive_in(db, name)
    if alive:
        raise PoolInUse(count=alive)
    await db.delete(row)
    log.info("pool.removed", pool=name)


async def _alive_in(db: AsyncSession, name: str) -> int:
    row = EnvironmentRow
    there = (row.phase.not_in(AT_REST), row.spec["pool"].astext == name)
    return await db.scalar(select(func.count()).select_from(row).where(*there)) or 0


async def _one_at_a_time(db: AsyncSession) -> None:
    """Until the transaction ends nobody else writes pools; readers go on."""
    await db.execute(text(f"LOCK TABLE {SCHEMA}.pools IN SHARE ROW EXCLUSIVE MODE"))
