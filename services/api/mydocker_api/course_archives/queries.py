"""What the person has already: titles, and Images made from the same recipe."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..images.schemas import ImageDraft
from ..models import BuildContext, Course, CourseSession, Image


async def course_titles(db: AsyncSession, owner_id: UUID) -> set[str]:
    """Of the Courses that the person owns."""
    query = select(Course.title).where(Course.owner_id == owner_id, Course.is_trial.is_(False))
    return set(await db.scalars(query))


async def has_image_titled(db: AsyncSession, owner_id: UUID, title: str) -> bool:
    """Whether the person owns an Image of this title."""
    query = select(Image.id).where(Image.owner_id == owner_id, Image.title == title)
    return (await db.scalars(query.limit(1))).first() is not None


async def image_of_recipe(
    db: AsyncSession, owner_id: UUID, recipe: ImageDraft, digest: str | None
) -> Image | None:
    """The person's newest Image with this Dockerfile, start script and files."""
    query = select(Image).where(
        Image.owner_id == owner_id,
        Image.dockerfile == recipe.dockerfile,
        Image.wrapper == recipe.wrapper,
        Image.context_digest.is_not_distinct_from(digest),
    )
    return (await db.scalars(query.order_by(Image.updated_at.desc()).limit(1))).first()


async def build_context(db: AsyncSession, digest: str | None) -> BuildContext | None:
    """Stored files of a Build; None where it has none, or they were collected."""
    return await db.get(BuildContext, digest) if digest else None


async def sessions_of(db: AsyncSession, course_id: UUID, most: int) -> list[CourseSession]:
    """The first sessions of a Course, in their order."""
    query = select(CourseSession).where(CourseSession.course_id == course_id)
    return list(await db.scalars(query.order_by(CourseSession.starts_at).limit(most)))
