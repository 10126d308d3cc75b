"""Removal of all placements of a platform."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Context, ResourceLink


async def undo_all(db: AsyncSession, registration_id: UUID) -> int:
    """Remove the Course from every activity of this registration; returns how many."""
    spaces = select(Context.id).where(Context.registration_id == registration_id)
    undone = await db.scalars(
        update(ResourceLink)
        .where(ResourceLink.context_id.in_(spaces), ResourceLink.course_id.is_not(None))
        .values(course_id=None, placement_origin=None, placed_at=None, placed_by=None)
        .returning(ResourceLink.id)
        .execution_options(synchronize_session=False)
    )
    return len(undone.all())
