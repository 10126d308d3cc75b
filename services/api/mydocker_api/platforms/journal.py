"""The journal of a platform, with the names of those who acted."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.platforms import PlatformEvent
from mydocker_kit.errors import EditedMeanwhile
from mydocker_kit.postgres.db import Sessions, transaction

from ..models import User
from .schemas import JournalEntry


async def named(db: AsyncSession, page: Page[PlatformEvent]) -> Page[JournalEntry]:
    """The same entries, with the names of actors who are people."""
    names = await _names(db, {event.actor for event in page.items})
    items = [
        JournalEntry(
            number=event.number,
            kind=event.kind,
            actor=event.actor,
            actor_name=names.get(event.actor),
            facts=event.facts,
            happened_at=event.happened_at,
        )
        for event in page.items
    ]
    return Page[JournalEntry](**page.model_dump(exclude={"items"}), items=items)


@asynccontextmanager
async def naming_editors(sessions: Sessions) -> AsyncIterator[None]:
    """Within it, a refused edit says by name who made the current version."""
    try:
        yield
    except EditedMeanwhile as refusal:
        actor = str(refusal.parameters.get("changed_by"))
        async with transaction(sessions) as db:
            refusal.parameters["changed_by"] = (await _names(db, [actor])).get(actor)
        raise


async def _names(db: AsyncSession, actors: Iterable[str]) -> Mapping[str, str]:
    ids = [id for actor in actors if (id := _person(actor))]
    if not ids:
        return {}
    rows = await db.scalars(select(User).where(User.id.in_(ids)))
    return {str(row.id): row.shown_name for row in rows}


def _person(actor: str) -> UUID | None:
    try:
        return UUID(actor)
    except ValueError:
        return None
