"""Submits, shows and cancels builds; reads their logs."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import (
    BuildFailure,
    BuildPhase,
    BuildRecipe,
    BuildRequest,
    BuildSort,
    BuildStatus,
    LogPage,
)
from mydocker_kit.errors import Conflict, NotFound, TooMany
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.notify import notify

from . import queries
from .domain.dockerfile import DockerfileRefused, read_dockerfile
from .models import Build


class UnknownBuild(NotFound):
    """No such build."""

    code, title = "build_unknown", "There is no such build"


class BuildExists(Conflict):
    """The id, or the Image's build number, belongs to another request."""

    code, title = "build_exists", "Another build has this id or this number"


class TooManyBuilds(TooMany):
    """This author has too many queued builds."""

    code, title = "too_many_builds", "Wait until some of your builds have ended"


async def submit(
    db: AsyncSession, id: UUID, request: BuildRequest, now: datetime, queue_limit: int
) -> BuildStatus:
    """Queue this build. Idempotent. A refused Dockerfile creates a build that has failed."""
    known = await db.get(Build, id)
    if known is None:
        if await queries.waiting_of_author(db, request.author_id) >= queue_limit:
            raise TooManyBuilds(limit=queue_limit)
        known = await _insert(db, id, request, now)
    if known is None or known.request() != request:
        raise BuildExists
    return known.status()


async def _insert(db: AsyncSession, id: UUID, request: BuildRequest, now: datetime) -> Build | None:
    """The row, new or inserted by a concurrent call; None when the number is taken."""
    row = insert(Build).values(
        id=id, change=0, **request.model_dump(), **_initial_values(request, now)
    )
    inserted = await db.execute(row.on_conflict_do_nothing().returning(Build.id))
    build = await db.get(Build, id)
    if build is not None and inserted.first():
        await notify(db, queries.CHANNEL, "queue")
        build.change = await queries.next_change(db)
    return build


def _initial_values(request: BuildRequest, now: datetime) -> dict[str, object]:
    """The first values of a row: queued, or failed at once."""
    values: dict[str, object] = {
        "queued_at": now,
        "log_lines": 0,
        "attempt": 0,
        "cancel_asked": False,
        "message": "",
    }
    try:
        read_dockerfile(request.dockerfile)
    except DockerfileRefused as refused:
        return values | {
            "phase": BuildPhase.FAILED,
            "failure": BuildFailure.DOCKERFILE_REFUSED,
            "message": refused.message,
            "line": refused.line,
            "ended_at": now,
        }
    return values | {"phase": BuildPhase.QUEUED}


async def show(db: AsyncSession, id: UUID) -> BuildStatus:
    return (await _known(db, id)).status()


async def recipe(db: AsyncSession, id: UUID) -> BuildRecipe:
    """What a build was made of."""
    return (await _known(db, id)).recipe()


async def of_image(
    db: AsyncSession, image_id: UUID, paging: Paging, sort: BuildSort
) -> Page[BuildStatus]:
    """Builds of one Image."""
    read = await queries.builds_of_image(db, image_id, paging, sort)
    return paging.answer([build.status() for (build,) in read.rows], read)


async def latest(db: AsyncSession, image_ids: Sequence[UUID]) -> list[BuildStatus]:
    """The newest build of each Image that has one."""
    return [build.status() for build in await queries.latest_builds(db, image_ids)]


async def cancel(db: AsyncSession, id: UUID, now: datetime) -> BuildStatus:
    """Cancel a build: at once while it is queued, else when its builder is notified."""
    build = await db.get(Build, id, with_for_update=True)
    if build is None:
        raise UnknownBuild
    if build.has_ended or build.cancel_asked:
        return build.status()
    build.cancel_asked = True
    if build.phase == BuildPhase.QUEUED:
        build.phase, build.ended_at = BuildPhase.CANCELLED, now
    await notify(db, queries.CHANNEL, f"cancel:{id}")
    build.change = await queries.next_change(db)
    return build.status()


async def log(db: AsyncSession, id: UUID, after: int, limit: int) -> LogPage:
    """Log lines with a number above `after`."""
    build = await _known(db, id)
    lines = await queries.log_lines(db, id, after, limit)
    last = lines[-1].number if lines else after
    return LogPage(lines=tuple(lines), ended=build.has_ended and last >= build.log_lines)


async def _known(db: AsyncSession, id: UUID) -> Build:
    build = await db.get(Build, id)
    if build is None:
        raise UnknownBuild
    return build
