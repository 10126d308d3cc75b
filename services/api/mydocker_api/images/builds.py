"""Builds of Images: started, listed, and who may see or follow them."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import BuildRequest, BuildSort, BuildStatus
from mydocker_kit.errors import NotFound
from mydocker_kit.etags import ANY_VERSION
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain import policy
from ..domain.policy import ImageCan, Person
from ..models import Build
from ..models import Image as Row
from ..rights.images import editable_image, usable_image
from . import queries
from .service import to_change

log = get_logger()


async def start_build(
    sessions: Sessions,
    builder: BuilderClient,
    person: Person,
    image_id: UUID,
    use_cache: bool,
    now: datetime,
) -> BuildStatus:
    """Ask the builder for the next Build.

    The number is taken for good before the builder hears of it: when the call fails, a number is
    skipped, and no two different Builds ever share one.
    """
    async with transaction(sessions) as db:
        row, relation = await to_change(db, person, image_id, ANY_VERSION)
        if ImageCan.BUILD not in policy.image_can(person, relation, used_by=0):
            raise policy.BuildNotApproved
        build, request = next_build(db, row, person.id, use_cache, now)
    status = await builder.put(build.id, request)
    log.info("build.asked", id=build.id, image=image_id, number=build.number)
    return status


def next_build(
    db: AsyncSession, row: Row, author_id: UUID, use_cache: bool, now: datetime
) -> tuple[Build, BuildRequest]:
    """The next Build of this locked Image, and what the builder is asked once it is committed."""
    row.last_number += 1
    build = Build(
        id=uuid4(),
        image_id=row.id,
        number=row.last_number,
        asked_at=now,
        context_digest=row.context_digest,
    )
    db.add(build)
    request = BuildRequest(
        image_id=row.id,
        author_id=author_id,
        number=build.number,
        repository=row.repository,
        dockerfile=row.dockerfile,
        wrapper=row.wrapper,
        context_digest=row.context_digest,
        use_cache=use_cache,
    )
    return build, request


async def list_builds(
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    image_id: UUID,
    paging: Paging,
    sort: BuildSort,
) -> Page[BuildStatus]:
    """Builds of an Image that the person may use."""
    await usable_image(db, person, image_id)
    return paging.of_remote(await builder.of_image(image_id, paging.remote(), sort))


async def check_build_is_usable(db: AsyncSession, person: Person, build_id: UUID) -> None:
    """For those who may not use its Image the Build does not exist."""
    await usable_image(db, person, await _image_of(db, build_id))


async def check_build_is_editable(db: AsyncSession, person: Person, build_id: UUID) -> None:
    """The same, and `Forbidden` for those who may not change its Image."""
    await editable_image(db, person, await _image_of(db, build_id))


async def _image_of(db: AsyncSession, build_id: UUID) -> UUID:
    image = await queries.image_of_build(db, build_id)
    if image is None:
        raise NotFound(f"build {build_id}")
    return image.id
