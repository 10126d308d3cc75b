"""Image projects: kept here, built by the builder."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builds import BuildRequest, BuildStatus
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Conflict, Forbidden, NotFound
from mydocker_kit.etags import ANY_VERSION, IfMatch, etag_of
from mydocker_kit.logging import get_logger

from ..caps import CapReached, check_cap
from ..domain import policy
from ..domain.courses import checks
from ..domain.policy import ImageCan, Person
from ..fields import refuse
from ..models import Build
from ..models import Image as Row
from ..paging import Paging
from ..settings import Settings
from . import queries
from .schemas import Image, ImageDraft, ImageSummary

log = get_logger()


class ImagesFull(CapReached):
    """As many Images as one person may have."""

    code, title = "images_full", "There are as many images as there may be"


class ImageInUse(Conflict):
    """A Course runs one of its Builds."""

    code = "image_in_use"
    title = "A course uses this image"


async def list_images(
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    paging: Paging,
    sort: queries.ImageSort,
) -> Page[ImageSummary]:
    """The person's own Images."""
    rows, total = await queries.owned_images(
        db,
        person.id,
        search=paging.search,
        sort=sort,
        offset=paging.offset,
        limit=paging.page_size,
    )
    builds = await _last_builds(builder, [row.id for row, _ in rows])
    items = [
        ImageSummary(
            id=row.id,
            etag=_version_of(row),
            title=row.title,
            description=row.description,
            ports=list(row.ports),
            last_build=builds.get(row.id),
            used_by=uses,
            updated_at=row.updated_at,
            owner_name=person.name,
            can=policy.image_can(person, row.owner_id, used_by=uses),
        )
        for row, uses in rows
    ]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


async def get(db: AsyncSession, builder: BuilderClient, person: Person, image_id: UUID) -> Image:
    """One of the person's Images."""
    return await _whole(db, builder, person, await _mine(db, person, image_id))


async def create(
    db: AsyncSession,
    builder: BuilderClient,
    settings: Settings,
    person: Person,
    draft: ImageDraft,
    now: datetime,
) -> Image:
    """A new Image of this person's own."""
    if not policy.may_prepare_images(person):
        raise Forbidden("only teachers make images")
    await check_cap(db, Row, Row.owner_id, person.id, settings.images_per_person, ImagesFull)
    id = uuid4()
    row = Row(
        id=id,
        owner_id=person.id,
        repository=repository_of(draft.title, id),
        last_number=0,
        created_at=now,
    )
    _put_on(row, draft, now)
    db.add(row)
    await db.flush()
    log.info("image.created", id=row.id, owner=person.id)
    return await _whole(db, builder, person, row, is_new=True)


async def update(
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    image_id: UUID,
    draft: ImageDraft,
    if_match: IfMatch,
    now: datetime,
) -> Image:
    """Change an Image; its Builds stay as they are."""
    row = await _mine_to_change(db, person, image_id, if_match)
    _put_on(row, draft, now)
    await db.flush()
    return await _whole(db, builder, person, row)


async def delete(db: AsyncSession, person: Person, image_id: UUID, if_match: IfMatch) -> None:
    """Remove an Image that no Course uses."""
    row = await _mine_to_change(db, person, image_id, if_match)
    uses = await queries.used_by(db, image_id)
    if uses:
        raise ImageInUse(courses=uses)
    await db.delete(row)
    log.info("image.deleted", id=image_id)


async def start_build(
    sessions: Sessions, builder: BuilderClient, person: Person, image_id: UUID, now: datetime
) -> BuildStatus:
    """Ask the builder for the next Build.

    The number is taken for good before the builder hears of it: when the call fails, a number is
    skipped, and no two different Builds ever share one.
    """
    async with transaction(sessions) as db:
        row = await _mine_to_change(db, person, image_id, ANY_VERSION)
        if ImageCan.BUILD not in policy.image_can(person, row.owner_id, used_by=0):
            raise policy.BuildNotApproved
        row.last_number += 1
        build = Build(id=uuid4(), image_id=row.id, number=row.last_number, asked_at=now)
        db.add(build)
        request = BuildRequest(
            image_id=row.id,
            author_id=person.id,
            number=build.number,
            repository=row.repository,
            dockerfile=row.dockerfile,
            wrapper=row.wrapper,
        )
    status = await builder.put(build.id, request)
    log.info("build.asked", id=build.id, image=image_id, number=build.number)
    return status


async def list_builds(
    db: AsyncSession, builder: BuilderClient, person: Person, image_id: UUID, paging: Paging
) -> Page[BuildStatus]:
    """Builds of one of the person's Images, newest first."""
    await _mine(db, person, image_id)
    return await builder.of_image(image_id, paging.page, paging.page_size)


async def check_build_is_mine(db: AsyncSession, person: Person, build_id: UUID) -> None:
    """For others the Build does not exist."""
    image = await queries.image_of_build(db, build_id)
    if image is None or image.owner_id != person.id:
        raise NotFound(f"build {build_id}")


def repository_of(title: str, id: UUID) -> str:
    """Name in the registry: readable, and no other Image's."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"{slug or 'image'}-{id.hex[:8]}"


async def _mine(db: AsyncSession, person: Person, image_id: UUID, *, lock: bool = False) -> Row:
    row = await db.get(Row, image_id, with_for_update=lock)
    if row is None or row.owner_id != person.id:
        raise NotFound(f"image {image_id}")
    return row


async def _mine_to_change(
    db: AsyncSession, person: Person, image_id: UUID, if_match: IfMatch
) -> Row:
    """An Image of this person's, locked, in the expected version."""
    row = await _mine(db, person, image_id, lock=True)
    if_match.check(_version_of(row), changed_at=row.updated_at, changed_by=person.name)
    return row


def _draft_of(row: Row) -> ImageDraft:
    """What an edit replaces. Checked when it was written, so it is not checked again."""
    return ImageDraft.model_construct(
        title=row.title,
        description=row.description,
        dockerfile=row.dockerfile,
        wrapper=row.wrapper,
        ports=list(row.ports),
        profile=row.profile,
        work_path=row.work_path,
    )


def _version_of(row: Row) -> str:
    """The entity tag of an Image."""
    return etag_of(_draft_of(row))


def _put_on(row: Row, draft: ImageDraft, now: datetime) -> None:
    refuse(
        [
            *checks.title_flaws(draft.title),
            *checks.port_flaws(draft.ports),
            *checks.path_flaws("work_path", draft.work_path),
        ]
    )
    row.title, row.description = draft.title.strip(), draft.description
    row.dockerfile, row.wrapper = _with_lf(draft.dockerfile), _with_lf(draft.wrapper)
    row.ports, row.profile = tuple(draft.ports), draft.profile
    row.work_path, row.updated_at = draft.work_path, now


def _with_lf(text: str) -> str:
    """A wrapper written on Windows must not end its first line in `sh\\r`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


async def _last_builds(builder: BuilderClient, ids: list[UUID]) -> dict[UUID, BuildStatus]:
    if not ids:
        return {}
    return {status.image_id: status for status in await builder.latest(ids)}


async def _whole(
    db: AsyncSession, builder: BuilderClient, person: Person, row: Row, *, is_new: bool = False
) -> Image:
    uses = 0 if is_new else await queries.used_by(db, row.id)
    builds = {} if is_new or not row.last_number else await _last_builds(builder, [row.id])
    draft = _draft_of(row)
    return Image(
        **dict(draft),
        id=row.id,
        etag=etag_of(draft),
        last_build=builds.get(row.id),
        used_by=uses,
        owner_name=person.name,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=policy.image_can(person, row.owner_id, used_by=uses),
    )
