"""Which Builds contain a package, with the titles and owners of their Images."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.packages import PackageHit, PackageSort
from mydocker_kit.paging import Paging

from ..models import Course, Image, User
from .schemas import PackageUse


async def builds_with(
    db: AsyncSession,
    builder: BuilderClient,
    name: str,
    version: str,
    paging: Paging,
    sort: PackageSort,
) -> Page[PackageUse]:
    """A page of the packages of this name, each with its Build."""
    page = paging.of_remote(await builder.builds_with(name, version, paging.remote(), sort))
    images = await _images(db, {hit.image_id for hit in page.items})
    courses = await _courses(db, {hit.build_id for hit in page.items})
    return Page(
        items=[_use(hit, images, courses) for hit in page.items],
        total=page.total,
        page=page.page,
        page_size=page.page_size,
        next_cursor=page.next_cursor,
    )


async def _images(db: AsyncSession, ids: Collection[UUID]) -> dict[UUID, tuple[Image, User]]:
    query = select(Image, User).join(User, User.id == Image.owner_id).where(Image.id.in_(ids))
    return {image.id: (image, owner) for image, owner in await db.execute(query)}


async def _courses(db: AsyncSession, build_ids: Collection[UUID]) -> dict[UUID, int]:
    query = (
        select(Course.build_id, func.count())
        .where(Course.build_id.in_(build_ids), Course.is_trial.is_(False))
        .group_by(Course.build_id)
    )
    return {build_id: count for build_id, count in await db.execute(query) if build_id}


def _use(
    hit: PackageHit, images: dict[UUID, tuple[Image, User]], courses: dict[UUID, int]
) -> PackageUse:
    image, owner = images.get(hit.image_id, (None, None))
    return PackageUse(
        package=hit.package,
        build_id=hit.build_id,
        build_number=hit.number,
        image_id=hit.image_id,
        image_title=image.title if image else None,
        owner_name=owner.shown_name if owner else None,
        courses=courses.get(hit.build_id, 0),
    )
