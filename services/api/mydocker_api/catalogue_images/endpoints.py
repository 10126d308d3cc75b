"""The catalogue: entries, copies of them, and an operator's wish to build one again."""

from typing import Annotated

from fastapi import APIRouter, Response

from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.web.preconditions import tagged, with_etag

from ..deps import Builder, Config, CurrentPerson, Db, Now, Operator, Recipes, SessionsOf
from ..idempotency.route import CreationRoute
from ..images import service as images
from ..images.schemas import Image
from . import service
from .schemas import CatalogueEntry

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/catalogue",
    tags=["catalogue"],
)
EntryName = Annotated[str, Opaque(max_length=80)]


@router.get("")
async def list_catalogue(
    person: CurrentPerson, db: Db, builder: Builder, catalogue: Recipes, settings: Config
) -> list[CatalogueEntry]:
    """Images of the platform: a Course may run them as they are, and anybody may copy them."""
    return await service.entries(db, builder, catalogue, settings)


@router.post("/{name}/copy", status_code=201, responses=with_etag(201))
async def copy_catalogue_entry(
    name: EntryName,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    catalogue: Recipes,
    settings: Config,
    now: Now,
    response: Response,
) -> Image:
    """An Image of my own, made from the catalogue."""
    draft = service.draft_from(catalogue.recipe(name), person.locale)
    return tagged(response, await images.create(db, builder, settings, person, draft, now))


@router.post("/{name}/builds", status_code=202)
async def build_catalogue_entry(
    name: EntryName, operator: Operator, sessions: SessionsOf, builder: Builder, now: Now
) -> BuildStatus:
    """Build an entry again, without the cache. New Courses run it once it succeeded."""
    return await service.rebuild(sessions, builder, name, now)
