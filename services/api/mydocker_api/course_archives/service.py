"""Exports a Course, looks at a file of one, and imports it.

A file has the recipe of the Image, texts, ports, the student's window and the sessions without
their dates; no people, rights, builds or work. An import makes a draft of the importer's own: what
this platform does not give falls back to its default and is named. The Image is that of the
catalogue where this platform has the same entry, one of the importer's with the same recipe, or a
new one. Course, Image and sessions are made in one transaction, so an import that fails leaves
nothing.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.build_contexts import ContextEntry, EntryKind
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.builder.dockerfile_checks import DockerfileCheck, DockerfileProblem
from mydocker_kit.errors import Conflict, Forbidden
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ..build_contexts.service import context_from, give_files, ignore_rules
from ..catalogue_images.queries import catalogue_images
from ..composition.services import Services
from ..courses import service as courses
from ..courses.checking import check_draft
from ..domain import policy
from ..domain.policy import MayDo, Person
from ..images import service as images
from ..images.schemas import Image, ImageDraft
from ..models import Image as ImageRow
from ..rights.courses import visible_course
from ..sessions import service as sessions
from ..uploads import service as uploads
from . import packing, queries, sources
from .checking import fitted, free_title
from .content import Unpacked, unpack
from .schemas import (
    CourseFile,
    ImportCheck,
    ImportedCourse,
    ImportedRecipe,
    ImportOrder,
    RecipeOrigin,
)

log = get_logger()
_MOST_SESSIONS = 1000


class ImageOriginUnusable(Conflict):
    """The Image cannot come from there: the catalogue lacks it, or it was changed meanwhile."""

    code, title = "image_origin_unusable", "The image cannot come from there"


@dataclass(frozen=True)
class _Origins:
    """Where the Image of an import can come from, the best first, and what is there."""

    possible: list[RecipeOrigin]
    existing: ImageRow | None
    build_of_catalogue: UUID | None


async def export(
    services: Services, person: Person, course_id: UUID, zone: str, now: datetime
) -> tuple[str, AsyncIterator[bytes]]:
    """The title of the Course, and its archive, for everybody who may read it."""
    async with transaction(services.sessions) as db:
        course, _ = await visible_course(db, person, course_id)
        image = await sources.image_of(db, services, person, course)
        rows = await queries.sessions_of(db, course_id, _MOST_SESSIONS)
        file = CourseFile(
            format="mydocker-course",
            version=1,
            course=sources.draft_of(course),
            image=image.filed if image else None,
            sessions=sources.sessions_without_dates(rows, ZoneInfo(zone)),
        )
        title = course.title
    log.info("course.exported", id=course_id, sessions=len(rows), has_image=image is not None)
    recipe = (image.dockerfile, image.wrapper) if image else None
    files = image.files if image else ()
    return title, packing.archive(services.sessions, file, recipe, files, now)


async def check(services: Services, person: Person, upload_id: UUID, now: datetime) -> ImportCheck:
    """What an import would make; nothing is made."""
    _check_may_import(person)
    unpacked = await unpack(services.sessions, services.unpacker, person, upload_id, now)
    file = unpacked.file
    problems = await _problems(services, unpacked, now)
    async with transaction(services.sessions) as db:
        draft, left_out = await fitted(db, services.clients.builder, file.course)
        await check_draft(db, services.clients.builder, person, draft, None)
        taken = await queries.course_titles(db, person.id)
        origins = await _origins(db, person, unpacked, now)
        recipe = await _recipe(db, person, unpacked, origins, problems)
    days = max((session.day for session in file.sessions), default=-1) + 1
    return ImportCheck(
        title=draft.title,
        description=draft.description,
        external_image=draft.external_image,
        is_title_taken=draft.title in taken,
        suggested_title=free_title(draft.title, taken),
        image=recipe,
        sessions=len(file.sessions),
        days=days,
        left_out=left_out,
    )


async def import_course(
    services: Services, person: Person, order: ImportOrder, now: datetime
) -> ImportedCourse:
    """Make the draft, and the Image and sessions that are wanted with it."""
    _check_may_import(person)
    builder, statuses, settings = services.clients.builder, services.statuses, services.settings
    unpacked = await unpack(services.sessions, services.unpacker, person, order.upload_id, now)
    planned = unpacked.file.sessions if order.first_day else []
    async with transaction(services.sessions) as db:
        draft, left_out = await fitted(db, builder, unpacked.file.course)
        image, build_id = await _take_image(db, services, person, unpacked, order.image, now)
        changes = {"title": order.title or draft.title, "build_id": build_id}
        if build_id is not None:
            changes["external_image"] = None
        draft = draft.model_copy(update=changes)
        course = await courses.create(db, builder, statuses, settings, person, draft, now)
        if order.first_day and planned:
            drafts = sources.sessions_with_dates(planned, order)
            await sessions.create(db, statuses, settings, person, course.id, drafts, now)
            course = await courses.get(db, statuses, person, course.id, now)
        await uploads.discard(db, person, order.upload_id)
    log.info("course.imported", id=course.id, image=image.id if image else None)
    return ImportedCourse(course=course, image=image, sessions=len(planned), left_out=left_out)


def _check_may_import(person: Person) -> None:
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers prepare courses")


async def _recipe(
    db: AsyncSession,
    person: Person,
    unpacked: Unpacked,
    origins: _Origins,
    problems: list[DockerfileProblem],
) -> ImportedRecipe | None:
    recipe, filed = unpacked.image, unpacked.file.image
    if recipe is None or filed is None:
        return None
    return ImportedRecipe(
        title=recipe.title,
        is_title_taken=await queries.has_image_titled(db, person.id, recipe.title),
        files=sum(entry.kind is EntryKind.FILE for entry in unpacked.files),
        size=sum(entry.size for entry in unpacked.files),
        files_left_out=filed.files_left_out,
        problems=problems,
        origins=origins.possible,
        existing_id=origins.existing.id if origins.existing else None,
    )


async def _problems(
    services: Services, unpacked: Unpacked, now: datetime
) -> list[DockerfileProblem]:
    """What is wrong in the Dockerfile with its files; none without an Image."""
    recipe = unpacked.image
    if recipe is None:
        return []
    rules = await ignore_rules(services.sessions, context_from(list(unpacked.files), now))
    return await services.clients.builder.check_dockerfile(
        DockerfileCheck(
            dockerfile=recipe.dockerfile,
            has_wrapper=bool(recipe.wrapper),
            paths=tuple(entry.path for entry in unpacked.files),
            ignore=rules.text,
        )
    )


async def _origins(db: AsyncSession, person: Person, unpacked: Unpacked, now: datetime) -> _Origins:
    recipe, filed = unpacked.image, unpacked.file.image
    possible = [RecipeOrigin.NONE]
    if recipe is None or filed is None:
        return _Origins(possible, None, None)
    build = None
    if filed.catalogue_entry and not unpacked.files:
        entry = (await catalogue_images(db)).get(filed.catalogue_entry)
        build = entry.ready_build_id if entry else None
    entries = sorted(unpacked.files, key=lambda entry: entry.path)
    digest = context_from(entries, now).digest if entries else None
    existing = None
    if not filed.files_left_out:
        existing = await queries.image_of_recipe(db, person.id, recipe, digest)
    possible.insert(0, RecipeOrigin.NEW)
    if existing is not None:
        possible.insert(0, RecipeOrigin.EXISTING)
    if build is not None:
        possible.insert(0, RecipeOrigin.CATALOGUE)
    return _Origins(possible, existing, build)


async def _take_image(
    db: AsyncSession,
    services: Services,
    person: Person,
    unpacked: Unpacked,
    wanted: RecipeOrigin | None,
    now: datetime,
) -> tuple[Image | None, UUID | None]:
    """The Image that was made, if one was, and the Build that the Course runs."""
    origins = await _origins(db, person, unpacked, now)
    origin = wanted or origins.possible[0]
    if origin not in origins.possible:
        raise ImageOriginUnusable
    if origin is RecipeOrigin.CATALOGUE:
        return None, origins.build_of_catalogue
    if origin is RecipeOrigin.EXISTING and origins.existing is not None:
        return None, await _newest_build(services, origins.existing)
    if origin is RecipeOrigin.NEW and unpacked.image is not None:
        return await _make_image(db, services, person, unpacked.image, unpacked.files, now), None
    return None, None


async def _newest_build(services: Services, image: ImageRow) -> UUID | None:
    """The last Build, where it succeeded."""
    builds = await services.clients.builder.latest([image.id])
    return next((build.id for build in builds if build.phase is BuildPhase.SUCCEEDED), None)


async def _make_image(
    db: AsyncSession,
    services: Services,
    person: Person,
    recipe: ImageDraft,
    files: Sequence[ContextEntry],
    now: datetime,
) -> Image:
    builder, settings = services.clients.builder, services.settings
    image = await images.create(db, builder, settings, person, recipe, now)
    row = await db.get_one(ImageRow, image.id)
    await give_files(db, services.unpacker, row, files, now)
    return image
