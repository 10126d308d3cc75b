"""Shows the catalogue, and copies its entries."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.builds import ENDED, BuildPhase, BuildStatus
from mydocker_kit.errors import NotFound, Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..catalogue import Catalogue, Recipe
from ..images.builds import next_build
from ..images.schemas import ImageDraft
from ..models import Image
from ..settings import Settings
from . import queries
from .schemas import CatalogueEntry, EntryState

log = get_logger()


async def entries(
    db: AsyncSession, builder: BuilderClient, catalogue: Catalogue, settings: Settings
) -> list[CatalogueEntry]:
    """Every entry in its order, with what can be run of it."""
    images, uses = await queries.catalogue_images(db), await queries.uses(db)
    ids = [image.id for image in images.values() if image.last_number]
    try:
        builds = {build.image_id: build for build in await builder.latest(ids)} if ids else {}
    except Unavailable:
        builds = {}
    return [
        _entry(name, recipe, images.get(name), builds, uses, settings.builds_ahead(name))
        for name, recipe in catalogue.recipes.items()
    ]


def _entry(
    name: str,
    recipe: Recipe,
    image: Image | None,
    builds: dict[UUID, BuildStatus],
    uses: dict[UUID, int],
    is_built: bool,
) -> CatalogueEntry:
    last = builds.get(image.id) if image else None
    info = recipe.info
    return CatalogueEntry(
        name=name,
        title=info.title,
        description=info.description,
        icon=info.icon,
        resources=info.resources,
        ports=info.ports,
        profile=info.profile,
        work_path=info.work_path,
        state=_state(image, last, is_built=is_built),
        image_id=image.id if image else None,
        build_id=image.ready_build_id if image else None,
        last_build=last,
        used_by=uses.get(image.id, 0) if image else 0,
    )


def _state(image: Image | None, last: BuildStatus | None, *, is_built: bool) -> EntryState:
    if image is not None and image.ready_build_id is not None:
        return EntryState.READY
    if not is_built:
        return EntryState.COPY_ONLY
    has_failed = last is not None and last.phase in ENDED - {BuildPhase.SUCCEEDED}
    return EntryState.FAILED if has_failed else EntryState.PREPARING


async def rebuild(
    sessions: Sessions, builder: BuilderClient, name: str, now: datetime
) -> BuildStatus:
    """The next Build of the platform's Image of this entry."""
    async with transaction(sessions) as db:
        image = (await queries.catalogue_images(db, lock=True)).get(name)
        if image is None:
            raise NotFound(f"image of catalogue entry {name}")
        build, request = next_build(db, image, image.owner_id, False, now)
    log.info("catalogue.build_asked", id=build.id, image=build.image_id)
    return await builder.put(build.id, request)


def draft_from(recipe: Recipe, locale: str | None) -> ImageDraft:
    """A new Image with the recipe's content, its texts in the person's language."""
    return ImageDraft(
        title=recipe.info.title.for_locale(locale),
        description=recipe.info.description.for_locale(locale),
        dockerfile=recipe.dockerfile,
        wrapper=recipe.wrapper,
        ports=recipe.info.ports,
        profile=recipe.info.profile,
        work_path=recipe.info.work_path,
    )
