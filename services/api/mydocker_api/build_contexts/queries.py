"""Queries of build contexts and their chunks."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Build, BuildContext, ContextChunk, ContextChunkUse, Image

_DELETED_AT_ONCE = 500
"""A statement must end within its time; a chunk has at most 1 MiB."""


async def store_chunks(db: AsyncSession, chunks: Mapping[str, bytes], now: datetime) -> None:
    """Store chunks; those that are known are kept for longer. In one order: no deadlock."""
    rows = [
        {"digest": digest, "data": chunks[digest], "touched_at": now} for digest in sorted(chunks)
    ]
    statement = insert(ContextChunk)
    touched = {"touched_at": statement.excluded.touched_at}
    await db.execute(statement.on_conflict_do_update(index_elements=["digest"], set_=touched), rows)


async def store_context(db: AsyncSession, context: BuildContext, chunks: Iterable[str]) -> None:
    """Store a context and the chunks it uses, once."""
    values = {
        "digest": context.digest,
        "entries": context.entries,
        "files": context.files,
        "size": context.size,
        "created_at": context.created_at,
    }
    statement = insert(BuildContext).values(**values)
    touched = {"created_at": statement.excluded.created_at}
    new = statement.on_conflict_do_update(index_elements=["digest"], set_=touched)
    await db.execute(new)
    uses = [
        {"context_digest": context.digest, "chunk_digest": digest} for digest in sorted(set(chunks))
    ]
    if uses:
        await db.execute(insert(ContextChunkUse).on_conflict_do_nothing(), uses)


async def chunk(db: AsyncSession, digest: str) -> bytes | None:
    """The stored bytes of a chunk."""
    query = select(ContextChunk.data).where(ContextChunk.digest == digest)
    data: bytes | None = await db.scalar(query)
    return data


async def delete_unused_contexts(db: AsyncSession, before: datetime, builds_since: datetime) -> int:
    """Delete contexts that no Image has and no Build since then was asked with."""
    used = exists().where(Image.context_digest == BuildContext.digest)
    built = exists().where(
        Build.context_digest == BuildContext.digest, Build.asked_at > builds_since
    )
    unused = delete(BuildContext).where(BuildContext.created_at < before, ~used, ~built)
    gone = await db.execute(unused.returning(BuildContext.digest))
    return len(gone.all())


async def delete_unused_chunks(db: AsyncSession, before: datetime) -> int:
    """Delete some chunks that no context uses; returns how many."""
    used = exists().where(ContextChunkUse.chunk_digest == ContextChunk.digest)
    some = (
        select(ContextChunk.digest)
        .where(ContextChunk.touched_at < before, ~used)
        .limit(_DELETED_AT_ONCE)
    )
    unused = delete(ContextChunk).where(
        ContextChunk.digest.in_(some), ContextChunk.touched_at < before
    )
    gone = await db.execute(unused.returning(ContextChunk.digest))
    return len(gone.all())
