"""Queries about Images and Builds."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.policy import ShareRight
from ..models import Build, Course, Image, Share, User
from ..rights import queries as rights


class ImageOrigin(StrEnum):
    """Why an Image is in the list."""

    MINE = "mine"
    SHARED = "shared"
    PUBLIC = "public"
    """Opened to all teachers."""
    CATALOGUE = "catalogue"
    """Of the platform; only listed when asked for."""


class ImageSort(StrEnum):
    """Order of the list of Images."""

    NEWEST_CHANGE = "-updated_at"
    OLDEST_CHANGE = "updated_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"
    NEWEST = "-created_at"
    OLDEST = "created_at"


@dataclass(frozen=True)
class ListedImage:
    """An Image of a list, with what it shows of other tables."""

    image: Image
    owner: User
    share: ShareRight | None
    used_by: int


def _listed(user_id: UUID, origin: ImageOrigin | None) -> ColumnElement[bool]:
    match origin:
        case ImageOrigin.MINE:
            return rights.image_owned(user_id)
        case ImageOrigin.SHARED:
            return rights.image_shared(user_id)
        case ImageOrigin.PUBLIC:
            return rights.image_public()
        case ImageOrigin.CATALOGUE:
            return rights.image_of_catalogue()
        case None:
            return or_(
                rights.image_owned(user_id), rights.image_shared(user_id), rights.image_public()
            )


async def usable_images(
    db: AsyncSession,
    user_id: UUID,
    *,
    origin: ImageOrigin | None,
    sort: ImageSort,
    paging: Paging,
) -> Slice:
    """A page of the Images (`ListedImage`) this person may use."""
    uses = (
        select(func.count())
        .where(Course.image_id == Image.id, Course.is_trial.is_(False))
        .correlate(Image)
        .scalar_subquery()
    )
    shared = and_(Share.image_id == Image.id, Share.user_id == user_id)
    query = (
        select(Image, User, Share.right, uses)
        .join(User, User.id == Image.owner_id)
        .outerjoin(Share, shared)
        .where(_listed(user_id, origin))
    )
    if paging.search:
        text = Image.title + " " + Image.description
        query = query.where(text.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, Image, Key(Image.id)), paging)


async def owner_name(db: AsyncSession, owner_id: UUID) -> str:
    """What the owner is called."""
    owner = await db.get(User, owner_id)
    return owner.shown_name if owner else ""


async def used_by(db: AsyncSession, image_id: UUID) -> int:
    """How many Courses run a Build of this Image."""
    query = select(func.count()).select_from(Course)
    query = query.where(Course.image_id == image_id, Course.is_trial.is_(False))
    return await db.scalar(query) or 0


async def image_of_build(db: AsyncSession, build_id: UUID) -> Image | None:
    """The Image a Build was made of."""
    query = select(Image).join(Build, Build.image_id == Image.id).where(Build.id == build_id)
    return await db.scalar(query)
