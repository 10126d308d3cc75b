"""Pools, as the orchestrator last reported them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.machines import ScalingSummary
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL, Pool

from ..models import Course, KnownMachine, KnownPool, User


async def pool_to_choose(db: AsyncSession, name: str | None) -> Pool | None:
    """The same as `pool_of`, locked against removal until the transaction ends."""
    shared = {"read": True, "key_share": True}
    await db.get(KnownPool, name or DEFAULT_POOL, with_for_update=shared)
    return await pool_of(db, name)


async def pool_of(db: AsyncSession, name: str | None) -> Pool | None:
    """The pool a Course chose, or the default one; None for an unknown name."""
    row = await db.get(KnownPool, name or DEFAULT_POOL)
    if row is not None:
        return row.pool
    return None if name else assumed_pool()


async def course_pool(db: AsyncSession, name: str | None) -> Pool:
    """The pool of a saved Course; one with the usual limits when its own was removed since."""
    return await pool_of(db, name) or assumed_pool(name)


async def pools(db: AsyncSession) -> list[Pool]:
    """All, by title."""
    rows = await db.scalars(select(KnownPool))
    return sorted((row.pool for row in rows), key=lambda pool: (pool.title, pool.name))


async def known_pools(db: AsyncSession) -> list[KnownPool]:
    """All, by name, with what was last observed of them."""
    return list(await db.scalars(select(KnownPool).order_by(KnownPool.name)))


async def root_needs_approval(db: AsyncSession, name: str | None) -> bool:
    """Whether a build that runs as root last needed an approval on this pool.

    False for a pool of which nothing was observed: the orchestrator decides at the start.
    """
    row = await db.get(KnownPool, name or DEFAULT_POOL)
    return row is not None and row.root_needs_approval


async def record_root_needs(db: AsyncSession, needing: set[str]) -> None:
    """Store on which pools root needs an approval."""
    needs = KnownPool.name.in_(needing)
    changed = update(KnownPool).where(KnownPool.root_needs_approval.is_distinct_from(needs))
    await db.execute(changed.values(root_needs_approval=needs))


async def record_machines(
    db: AsyncSession,
    machines: Mapping[str, tuple[KnownMachine, ...]],
    scaling: Mapping[str, ScalingSummary],
) -> None:
    """Store what the usable machines of every known pool have, and how it is scaled."""
    for row in await db.scalars(select(KnownPool)):
        row.machines, row.scaling = machines.get(row.name, ()), scaling.get(row.name)


async def known_pool(db: AsyncSession, name: str) -> KnownPool | None:
    """A pool with what was last observed of it."""
    return await db.get(KnownPool, name)


async def courses_of_pool(
    db: AsyncSession, name: str, most: int
) -> tuple[list[tuple[UUID, str]], int]:
    """Courses that chose this pool, with their owners: the first `most`, and the total."""
    chosen = Course.pool == name
    total = await db.scalar(select(func.count()).select_from(Course).where(chosen)) or 0
    query = select(Course, User).join(User, User.id == Course.owner_id).where(chosen)
    rows = await db.execute(query.order_by(Course.title, Course.id).limit(most))
    return [(course.id, f"{course.title} · {owner.shown_name}") for course, owner in rows], total


async def lock_pools(db: AsyncSession) -> None:
    """Serialize writes of the pools until the transaction ends; readers are not blocked.

    So an answer of the orchestrator never overwrites a newer one.
    """
    await db.execute(text("LOCK TABLE api.pools IN SHARE ROW EXCLUSIVE MODE"))


async def lock(db: AsyncSession, name: str) -> None:
    """Lock a pool against being chosen until the transaction ends."""
    await db.get(KnownPool, name, with_for_update=True)


async def delete_pool(db: AsyncSession, name: str) -> None:
    """Delete a removed pool."""
    await db.execute(delete(KnownPool).where(KnownPool.name == name))


async def store(db: AsyncSession, reported: Sequence[Pool], *, whole: bool) -> None:
    """Store the reported pools; `whole`: delete all others."""
    for pool in reported:
        values = {"name": pool.name, "pool": pool}
        new = insert(KnownPool).values(values)
        await db.execute(
            new.on_conflict_do_update(
                index_elements=[KnownPool.name],
                set_={"pool": new.excluded.pool},
                where=KnownPool.pool.is_distinct_from(new.excluded.pool),
            )
        )
    if whole:
        names = [pool.name for pool in reported]
        await db.execute(delete(KnownPool).where(KnownPool.name.not_in(names)))


def assumed_pool(name: str | None = None) -> Pool:
    """A pool with the contract's own limits, until the orchestrator has reported any."""
    return Pool(name=name or DEFAULT_POOL, title=name or DEFAULT_POOL)
