"""Image projects, their Builds, and the catalogue."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builds import BuildStatus, LogPage
from mydocker_kit.contracts.values import Opaque, Row
from mydocker_kit.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag
from mydocker_kit.problems import responses

from ..deps import (
    Builder,
    Config,
    CurrentPerson,
    Db,
    Ended,
    Events,
    Limited,
    Now,
    Paged,
    Recipes,
    SessionsOf,
    StreamSlot,
    Token,
)
from . import service
from .build_logs import follow_log
from .copying import catalogue_entries, draft_from
from .queries import ImageSort
from .schemas import CatalogueEntry, Image, ImageDraft, ImageSummary

router = APIRouter(prefix="/api", responses=responses(401, 403, 404, 409, 422, 503))


@router.get("/images", tags=["images"])
async def list_images(
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    paging: Paged,
    sort: ImageSort = ImageSort.NEWEST_CHANGE,
) -> Page[ImageSummary]:
    """My Images, each with its last Build."""
    return await service.list_images(db, builder, person, paging, sort)


@router.post("/images", status_code=201, tags=["images"], responses=with_etag(201))
async def create_image(
    body: ImageDraft,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    settings: Config,
    now: Now,
    response: Response,
) -> Image:
    """Begin an Image."""
    return tagged(response, await service.create(db, builder, settings, person, body, now))


@router.get("/images/{image_id}", tags=["images"], responses=with_etag())
async def get_image(
    image_id: UUID, person: CurrentPerson, db: Db, builder: Builder, response: Response
) -> Image:
    """One Image, whole."""
    return tagged(response, await service.get(db, builder, person, image_id))


@router.put("/images/{image_id}", tags=["images"], responses=edit_responses())
async def update_image(
    image_id: UUID,
    body: ImageDraft,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    builder: Builder,
    now: Now,
    response: Response,
) -> Image:
    """Change an Image. Builds that exist stay as they are."""
    changed = await service.update(db, builder, person, image_id, body, if_match, now)
    return tagged(response, changed)


@router.delete(
    "/images/{image_id}", status_code=204, tags=["images"], responses=edit_responses(204)
)
async def delete_image(
    image_id: UUID, person: CurrentPerson, if_match: RequiredIfMatch, db: Db
) -> None:
    """Remove an Image; refused while a Course runs one of its Builds."""
    await service.delete(db, person, image_id, if_match)


@router.post("/images/{image_id}/builds", status_code=202, tags=["images"])
async def start_build(
    image_id: UUID,
    person: CurrentPerson,
    sessions: SessionsOf,
    builder: Builder,
    limits: Limited,
    now: Now,
) -> BuildStatus:
    """Build the Image as it stands."""
    limits.builds.check(person.id)
    return await service.start_build(sessions, builder, person, image_id, now)


@router.get("/images/{image_id}/builds", tags=["images"])
async def list_builds(
    image_id: UUID,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    paging: Paged,
) -> Page[BuildStatus]:
    """Builds of an Image, newest first."""
    return await service.list_builds(db, builder, person, image_id, paging)


async def my_build(build_id: UUID, person: CurrentPerson, db: Db) -> UUID:
    """A Build of an Image this person may see."""
    await service.check_build_is_mine(db, person, build_id)
    return build_id


MyBuild = Annotated[UUID, Depends(my_build)]
EntryName = Annotated[str, Opaque(max_length=80)]


@router.get("/builds/{build_id}", tags=["images"])
async def get_build(build_id: MyBuild, builder: Builder) -> BuildStatus:
    """How far a Build got."""
    return await builder.get(build_id)


@router.post("/builds/{build_id}/cancel", tags=["images"])
async def cancel_build(build_id: MyBuild, builder: Builder) -> BuildStatus:
    """End a Build that is queued or runs."""
    return await builder.cancel(build_id)


@router.get("/builds/{build_id}/log", tags=["images"])
async def get_build_log(
    build_id: MyBuild,
    builder: Builder,
    after: Row = 0,
    limit: Annotated[int, Query(ge=1, le=5000)] = 1000,
) -> LogPage:
    """Lines of a Build's log with a number above `after`: for scripts, which open no stream."""
    return await builder.log(build_id, after, limit)


@router.get(
    "/builds/{build_id}/log/stream",
    response_class=EventSourceResponse,
    dependencies=[StreamSlot],
    tags=["images"],
)
async def stream_build_log(
    build_id: MyBuild,
    token: Token,
    builder: Builder,
    feed: Events,
    ended: Ended,
    now: Now,
    after: Row = 0,
) -> AsyncIterator[ServerSentEvent]:
    """Follow a Build's log: events `line` (a LogLine) and, once, `end` (the BuildStatus).

    Ends with my access token and with my web session; readers continue after their last line.
    """
    time = asyncio.get_running_loop().time
    until = time() + (token.expires_at - now).total_seconds()

    def is_over() -> bool:
        return ended.is_over(token.web_session_id) or time() >= until

    async for event in follow_log(builder, feed, build_id, after, is_over):
        yield ServerSentEvent(event=event.kind, id=event.id, data=event.data, comment=event.comment)


@router.get("/catalogue", tags=["catalogue"])
async def list_catalogue(person: CurrentPerson, catalogue: Recipes) -> list[CatalogueEntry]:
    """Images ready to copy."""
    return catalogue_entries(catalogue)


@router.post(
    "/catalogue/{name}/copy", status_code=201, tags=["catalogue"], responses=with_etag(201)
)
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
    draft = draft_from(catalogue.recipe(name), person.locale)
    return tagged(response, await service.create(db, builder, settings, person, draft, now))
