"""Queries about the platform's own Images."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import CATALOGUE_ISSUER, Build, Course, Image, RootApproval, User

_SUBJECT = "catalogue"
OWNER_NAME = "MyDocker"


async def catalogue_owner(db: AsyncSession, now: datetime) -> UUID:
    """The account that owns the catalogue's Images, made on the first call; nobody signs in as it.

    Without an identity and an enrolment it has no rights of its own.
    """
    row = insert(User).values(
        id=uuid4(),
        issuer=CATALOGUE_ISSUER,
        subject=_SUBJECT,
        name=OWNER_NAME,
        pseudonym=OWNER_NAME,
        created_at=now,
        seen_at=now,
    )
    await db.execute(row.on_conflict_do_nothing())
    query = select(User.id).where(User.issuer == CATALOGUE_ISSUER, User.subject == _SUBJECT)
    return (await db.scalars(query)).one()


async def catalogue_images(db: AsyncSession, *, lock: bool = False) -> dict[str, Image]:
    """The platform's own Images by their entry."""
    query = select(Image).where(Image.catalogue_entry.is_not(None)).order_by(Image.id)
    rows = await db.scalars(query.with_for_update() if lock else query)
    return {row.catalogue_entry: row for row in rows if row.catalogue_entry is not None}


async def newest_builds(db: AsyncSession) -> dict[UUID, Build]:
    """The Build that was asked for last, by Image of the catalogue."""
    query = (
        select(Build)
        .join(Image, Image.id == Build.image_id)
        .where(Image.catalogue_entry.is_not(None), Build.number == Image.last_number)
    )
    return {build.image_id: build for build in await db.scalars(query)}


async def uses(db: AsyncSession) -> dict[UUID, int]:
    """Courses by the Image of the catalogue that they run."""
    query = (
        select(Course.image_id, func.count())
        .join(Image, Image.id == Course.image_id)
        .where(Image.catalogue_entry.is_not(None), Course.is_trial.is_(False))
        .group_by(Course.image_id)
    )
    return {image_id: count for image_id, count in await db.execute(query) if image_id}


async def is_judged(db: AsyncSession, build_id: UUID) -> bool:
    """Whether somebody decided about running this Build as root."""
    return await db.get(RootApproval, build_id) is not None
