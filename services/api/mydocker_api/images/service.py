"""Image projects: kept here, built by the builder."""

import re
import unicodedata
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.errors import Conflict, Forbidden
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..domain import policy
from ..domain.courses import checks
from ..domain.policy import ImageRelation, Person
from ..inputs.fields import refuse
from ..limits.caps import CapReached, check_cap
from ..models import Image as Row
from ..orchestration.status_cache import StatusCache
from ..rights.images import editable_image, usable_image
from ..settings import Settings
from . import queries
from .schemas import Image, ImageDraft, ImageSummary
from .trial_courses import forget_trials_of

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
    origin: queries.ImageOrigin | None,
    sort: queries.ImageSort,
) -> Page[ImageSummary]:
    """Images that the person may use."""
    read = await queries.usable_images(db, person.id, origin=origin, sort=sort, paging=paging)
    rows = [queries.ListedImage(*row) for row in read.rows]
    builds = await _last_builds(builder, [row.image.id for row in rows])
    items = []
    for row in rows:
        image = row.image
        relation = policy.image_relation(
            person, image.owner_id, share=row.share, is_public=image.is_public
        )
        items.append(
            ImageSummary(
                id=image.id,
                etag=_version_of(image),
                title=image.title,
                description=image.description,
                ports=list(image.ports),
                last_build=builds.get(image.id),
                used_by=row.used_by,
                updated_at=image.updated_at,
                owner_name=row.owner.shown_name,
                relation=relation,
                can=policy.image_can(person, relation, used_by=row.used_by),
            )
        )
    return paging.answer(items, read)


async def get(db: AsyncSession, builder: BuilderClient, person: Person, image_id: UUID) -> Image:
    """An Image that the person may use."""
    row, relation = await usable_image(db, person, image_id)
    return await _whole(db, builder, person, row, relation)


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
        updated_by=person.id,
        repository=repository_of(draft.title, id),
        last_number=0,
        created_at=now,
    )
    _put_on(row, draft, now)
    db.add(row)
    await db.flush()
    log.info("image.created", id=row.id, owner=person.id)
    return await _whole(db, builder, person, row, ImageRelation.OWNER, is_new=True)


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
    row, relation = await to_change(db, person, image_id, if_match)
    _put_on(row, draft, now)
    await db.flush()
    return await _whole(db, builder, person, row, relation)


async def delete(
    db: AsyncSession, statuses: StatusCache, person: Person, image_id: UUID, if_match: IfMatch
) -> None:
    """Remove an Image that no Course uses."""
    row, relation = await to_change(db, person, image_id, if_match)
    if relation is not ImageRelation.OWNER:
        raise Forbidden("only the owner removes an image")
    uses = await queries.used_by(db, image_id)
    if uses:
        raise ImageInUse(courses=uses)
    await forget_trials_of(db, statuses, image_id)
    await db.delete(row)
    log.info("image.deleted", id=image_id)


async def to_change(
    db: AsyncSession, person: Person, image_id: UUID, if_match: IfMatch
) -> tuple[Row, ImageRelation]:
    """An Image that the person may change, locked, in the expected version."""
    row, relation = await editable_image(db, person, image_id, lock=True)
    changed_by = await queries.owner_name(db, row.updated_by) if row.updated_by else None
    if_match.check(_version_of(row), changed_at=row.updated_at, changed_by=changed_by)
    row.updated_by = person.id
    return row, relation


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
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    row: Row,
    relation: ImageRelation,
    *,
    is_new: bool = False,
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
        owner_name=await queries.owner_name(db, row.owner_id),
        relation=relation,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=policy.image_can(person, relation, used_by=uses),
    )


def repository_of(title: str, id: UUID) -> str:
    """Name in the registry: readable, and no other Image's."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"{slug or 'image'}-{id.hex[:8]}"
