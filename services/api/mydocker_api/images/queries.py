"""Queries about Images and Builds."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ..models import Build, Course, Image


class ImageSort(StrEnum):
    """Order of the list of Images."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"


async def owned_images(
    db: AsyncSession, user_id: UUID, *, search: str, sort: ImageSort, offset: int, limit: int
) -> tuple[list[tuple[Image, int]], int]:
    """A page of this person's Images with the number of Courses that use each, and the total."""
    uses = (
        select(func.count()).where(Course.image_id == Image.id).correlate(Image).scalar_subquery()
    )
    query = select(Image, uses).where(Image.owner_id == user_id)
    if search:
        text = Image.title + " " + Image.description
        query = query.where(text.icontains(search, autoescape=True))
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    column: InstrumentedAttribute[object] = getattr(Image, sort.removeprefix("-"))
    order = column.desc() if sort.startswith("-") else column.asc()
    page = query.order_by(order, Image.id).offset(offset).limit(limit)
    rows = await db.execute(page)
    return [(image, uses) for image, uses in rows], total or 0


async def used_by(db: AsyncSession, image_id: UUID) -> int:
    """How many Courses run a Build of this Image."""
    query = select(func.count()).select_from(Course).where(Course.image_id == image_id)
    return await db.scalar(query) or 0


async def image_of_build(db: AsyncSession, build_id: UUID) -> Image | None:
    """The Image a Build was made of."""
    query = select(Image).join(Build, Build.image_id == Image.id).where(Build.id == build_id)
    return await db.scalar(query)
