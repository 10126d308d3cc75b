"""Queries of builds and their logs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.builds import BuildPhase, BuildSort, LogLine
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import order_of, read_slice
from mydocker_kit.postgres.notify import notify

from .models import CHANGES, Build, LogChunk

CHANNEL = "builder"
"""Payloads of notifications: `queue`, `changes`, `cancel:<id>`."""
_NUMBERING = 0x6275696C64
"""Advisory lock: change numbers become visible in their order, so that no reader skips one."""
RUNNING = (BuildPhase.BUILDING.value, BuildPhase.PUSHING.value)


async def next_change(db: AsyncSession) -> int:
    """The number of a change in this transaction; notifies its readers at commit.

    Call it last, with every row already written: all other changes wait from here to the commit,
    so waiting for one of them would be a deadlock.
    """
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _NUMBERING})
    await notify(db, CHANNEL, "changes")
    numbered = await db.execute(select(CHANGES.next_value()))
    return numbered.scalar_one()


async def changed_after(db: AsyncSession, after: int, limit: int) -> list[Build]:
    """Builds that changed after number `after`, oldest change first, each once."""
    query = select(Build).where(Build.change > after).order_by(Build.change).limit(limit)
    return list(await db.scalars(query))


async def builds_of_image(
    db: AsyncSession, image_id: UUID, paging: Paging, sort: BuildSort
) -> Slice:
    """One page of an Image's builds; `search` looks at their tags."""
    query = select(Build).where(Build.image_id == image_id)
    if paging.search:
        query = query.where(Build.tag.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, Build), paging)


async def latest_builds(db: AsyncSession, image_ids: Sequence[UUID]) -> list[Build]:
    """The newest build of each Image that has one."""
    query = (
        select(Build)
        .where(Build.image_id.in_(image_ids))
        .ext(distinct_on(Build.image_id))
        .order_by(Build.image_id, Build.number.desc())
    )
    return list(await db.scalars(query))


async def waiting_of_author(db: AsyncSession, author_id: UUID) -> int:
    """How many builds of this author are queued."""
    query = select(func.count()).where(
        Build.author_id == author_id, Build.phase == BuildPhase.QUEUED
    )
    return await db.scalar(query) or 0


async def queue_length(db: AsyncSession) -> int:
    """How many builds are queued."""
    query = select(func.count()).where(Build.ended_at.is_(None), Build.phase == BuildPhase.QUEUED)
    return await db.scalar(query) or 0


async def next_in_queue(db: AsyncSession) -> Build | None:
    """The next build of the queue, locked, or None.

    Fair by author: the author with the fewest running builds comes first, then the one served
    longest ago, then the oldest build. Twenty builds of one author do not delay one of another.
    """
    other = Build.__table__.alias("other")
    running = (
        select(func.count())
        .where(other.c.author_id == Build.author_id, other.c.phase.in_(RUNNING))
        .scalar_subquery()
    )
    served = (
        select(func.max(other.c.started_at))
        .where(other.c.author_id == Build.author_id)
        .scalar_subquery()
    )
    query = (
        select(Build)
        .where(Build.phase == BuildPhase.QUEUED)
        .order_by(running, served.asc().nulls_first(), Build.queued_at, Build.id)
        .limit(1)
        .with_for_update(of=Build, skip_locked=True)
    )
    build: Build | None = await db.scalar(query)
    return build


async def lost_builds(db: AsyncSession, now: datetime) -> list[Build]:
    """Builds with an expired lease, locked."""
    query = (
        select(Build)
        .where(Build.ended_at.is_(None), Build.phase.in_(RUNNING), Build.lease_ends_at < now)
        .order_by(Build.id)
        .with_for_update(skip_locked=True)
    )
    return list(await db.scalars(query))


async def leased_build(db: AsyncSession, id: UUID, worker: UUID) -> Build | None:
    """The build, locked, if `worker` still holds it."""
    query = (
        select(Build)
        .where(Build.id == id, Build.worker == worker, Build.phase.in_(RUNNING))
        .with_for_update()
    )
    build: Build | None = await db.scalar(query)
    return build


async def write_lines(db: AsyncSession, id: UUID, first: int, lines: Sequence[str]) -> None:
    """Store consecutive log lines. Idempotent, also with more lines than before."""
    chunk = insert(LogChunk).values(
        build_id=id, first=first, last=first + len(lines) - 1, lines=list(lines)
    )
    updated = {"last": chunk.excluded.last, "lines": chunk.excluded.lines}
    await db.execute(
        chunk.on_conflict_do_update(index_elements=["build_id", "first"], set_=updated)
    )


async def log_lines(db: AsyncSession, id: UUID, after: int, limit: int) -> list[LogLine]:
    """At most `limit` log lines with a number above `after`."""
    query = (
        select(LogChunk)
        .where(LogChunk.build_id == id, LogChunk.last > after, LogChunk.first <= after + limit)
        .order_by(LogChunk.first)
    )
    lines = [
        LogLine(number=number, text=line)
        for chunk in await db.scalars(query)
        for number, line in enumerate(chunk.lines, chunk.first)
        if number > after
    ]
    return lines[:limit]
