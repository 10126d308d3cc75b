"""Image projects and their Builds."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import BuildRecipe, BuildSort, BuildStatus, LogPage
from mydocker_kit.contracts.values import Row
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

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
    SessionsOf,
    Statuses,
    StreamSlot,
    Token,
)
from ..idempotency.route import CreationRoute
from . import builds, service
from .build_logs import follow_log
from .queries import ImageOrigin, ImageSort
from .schemas import Image, ImageDraft, ImageSummary

router = APIRouter(route_class=CreationRoute, prefix="/api")


@router.get("/images", tags=["images"])
async def list_images(
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    paging: Paged,
    origin: ImageOrigin | None = None,
    sort: ImageSort = ImageSort.NEWEST_CHANGE,
) -> Page[ImageSummary]:
    """Images of my own, shared with me or for all, each with its last Build."""
    return await service.list_images(db, builder, person, paging, origin, sort)


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
    image_id: UUID, person: CurrentPerson, if_match: RequiredIfMatch, db: Db, statuses: Statuses
) -> None:
    """Remove an Image; refused while a Course uses one of its Builds or somebody tries one."""
    await service.delete(db, statuses, person, image_id, if_match)


@router.post("/images/{image_id}/builds", status_code=202, tags=["images"])
async def start_build(
    image_id: UUID,
    person: CurrentPerson,
    sessions: SessionsOf,
    builder: Builder,
    limits: Limited,
    now: Now,
    use_cache: Annotated[
        bool, Query(description="`false`: every step runs again, as if it were the first build.")
    ] = True,
) -> BuildStatus:
    """Build the Image as it stands."""
    limits.builds.check(person.id)
    return await builds.start_build(sessions, builder, person, image_id, use_cache, now)


@router.get("/images/{image_id}/builds", tags=["images"])
async def list_builds(
    image_id: UUID,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    paging: Paged,
    sort: BuildSort = BuildSort.NEWEST,
) -> Page[BuildStatus]:
    """Builds of an Image; `search` looks at their tags."""
    return await builds.list_builds(db, builder, person, image_id, paging, sort)


async def usable_build(build_id: UUID, person: CurrentPerson, db: Db) -> UUID:
    """A Build of an Image this person may see."""
    await builds.check_build_is_usable(db, person, build_id)
    return build_id


async def editable_build(build_id: UUID, person: CurrentPerson, db: Db) -> UUID:
    """A Build of an Image this person may change."""
    await builds.check_build_is_editable(db, person, build_id)
    return build_id


UsableBuild = Annotated[UUID, Depends(usable_build)]
EditableBuild = Annotated[UUID, Depends(editable_build)]


@router.get("/builds/{build_id}", tags=["images"])
async def get_build(build_id: UsableBuild, builder: Builder) -> BuildStatus:
    """How far a Build got."""
    return await builder.get(build_id)


@router.get("/builds/{build_id}/recipe", tags=["images"])
async def get_build_recipe(build_id: UsableBuild, builder: Builder) -> BuildRecipe:
    """What a Build was made of: its Dockerfile, its start script and the digest of its files."""
    return await builder.recipe(build_id)


@router.post("/builds/{build_id}/cancel", tags=["images"])
async def cancel_build(build_id: EditableBuild, builder: Builder) -> BuildStatus:
    """End a Build that is queued or runs."""
    return await builder.cancel(build_id)


@router.get("/builds/{build_id}/log", tags=["images"])
async def get_build_log(
    build_id: UsableBuild,
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
    build_id: UsableBuild,
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
