"""HTTP endpoints of the builder, for other services only."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Query
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import (
    BuildRecipe,
    BuildRequest,
    BuildSort,
    BuildStatus,
    LogPage,
)
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileCheck, DockerfileProblem
from mydocker_kit.contracts.builder.references import (
    AllowedRegistries,
    ReferenceQuery,
    ResolvedReference,
)
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.values import Row, Serial
from mydocker_kit.postgres.db import transaction
from mydocker_kit.web.dependencies import AnsweringDatabase, Db, Now, Paged, calling_service

from . import queries, service
from .deps import Changes, OpenSessions, QueueLimit, References, Registries
from .domain.base_images import base_problems
from .domain.context_sources import source_problems

_BATCH = 100
_KEEP_ALIVE = 10.0
"""Seconds; a reader considers the connection lost after 30 s without data."""
_DEBOUNCE = 0.05
"""Seconds in which changes are collected: a reader gets only the newest state of a build."""

router = APIRouter(dependencies=[Depends(calling_service)], tags=["builds"])


@router.put("/builds/{id}")
async def put_build(
    id: UUID, body: BuildRequest, db: Db, queue_limit: QueueLimit, now: Now
) -> BuildStatus:
    """Queue a build, once."""
    return await service.submit(db, id, body, now, queue_limit)


@router.get("/builds/{id}")
async def get_build(id: UUID, db: Db) -> BuildStatus:
    """Show a build."""
    return await service.show(db, id)


@router.get("/builds/{id}/recipe")
async def get_recipe(id: UUID, db: Db) -> BuildRecipe:
    """Show what a build was made of."""
    return await service.recipe(db, id)


@router.get("/builds")
async def list_builds(
    image_id: UUID,
    db: Db,
    paging: Paged,
    sort: BuildSort = BuildSort.NEWEST,
) -> Page[BuildStatus]:
    """List the builds of an Image."""
    return await service.of_image(db, image_id, paging, sort)


@router.post("/builds/latest")
async def latest_builds(
    image_ids: Annotated[list[UUID], Body(max_length=200)], db: Db
) -> list[BuildStatus]:
    """Show the newest build of each Image that has one."""
    return await service.latest(db, image_ids)


@router.post("/builds/{id}/cancel")
async def cancel_build(id: UUID, db: Db, now: Now) -> BuildStatus:
    """End a build that has not ended."""
    return await service.cancel(db, id, now)


@router.get("/builds/{id}/log")
async def read_log(
    id: UUID, db: Db, after: Row = 0, limit: Annotated[int, Query(ge=1, le=5000)] = 1000
) -> LogPage:
    """Read log lines with a number above `after`."""
    return await service.log(db, id, after, limit)


@router.post("/dockerfiles/check")
async def check_dockerfile(
    body: DockerfileCheck, registries: Registries
) -> list[DockerfileProblem]:
    """What a build of this Dockerfile would not find among its files, or may not fetch."""
    bases = await asyncio.to_thread(base_problems, body.dockerfile, registries)
    return bases + await asyncio.to_thread(source_problems, body)


@router.get("/references/registries")
async def allowed_registries(references: References) -> AllowedRegistries:
    """Registries whose images may be run without a build."""
    return AllowedRegistries(items=references.allowed)


@router.post("/references/resolve")
async def resolve_reference(body: ReferenceQuery, references: References) -> ResolvedReference:
    """Ask a registry for the digest of a reference; a refusal is an answer too."""
    return await references.resolve(body.reference)


@router.get("/changes", response_class=EventSourceResponse, dependencies=[AnsweringDatabase])
async def follow_changes(
    sessions: OpenSessions, changes: Changes, after: Serial = 0
) -> AsyncIterator[ServerSentEvent]:
    """Stream every build whose phase, step or log changed after number `after`."""
    async with changes.subscribe() as notifications:
        while True:
            async with transaction(sessions) as db:
                builds = await queries.changed_after(db, after, _BATCH)
            for build in builds:
                after = build.change
                yield ServerSentEvent(
                    id=str(after), event=EventKind.BUILD_CHANGED.value, data=build.status()
                )
            if len(builds) == _BATCH:
                continue
            try:
                async with asyncio.timeout(_KEEP_ALIVE):
                    await notifications.get()
                await asyncio.sleep(_DEBOUNCE)
            except TimeoutError:
                yield ServerSentEvent(comment="still here")
