"""Volumes that belong to nobody: listed for operators, erased by their explicit act alone."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.volumes import StoredVolume
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..domain.policy import Person
from ..models import User
from ..models.work_files import ErasureCause, FolderErasure
from . import queries
from .erasing import Eraser
from .schemas import EraseOrphan, Erasure, OrphanFolder, OrphanFolders, OrphanKind

log = get_logger()
_MOST_MEASURED = 200
ABANDONED = "abandoned"
"""Instead of a refusal's code: an operator gave the erasure up."""


class ErasureNotFailing(Conflict):
    """It happened, or was not tried yet: there is nothing to give up."""

    code, title = "erasure_not_failing", "This erasure has not failed"


async def orphans(services: Services, now: datetime) -> OrphanFolders:
    """Every volume that nobody uses, with its size and age."""
    inventory = await services.clients.orchestrator.volumes()
    async with transaction(services.sessions) as db:
        owned, pending = await queries.owned_volumes(db), await queries.pending_volumes(db)
    recorded = {volume.name for volume in inventory.volumes if volume.recorded}
    unowned = [
        (volume, kind)
        for volume in inventory.volumes
        if (kind := _kind(volume, owned, recorded)) is not None
        and not {(volume.name, None), (volume.name, volume.node_id)} & pending
    ]
    to_measure = [volume.name for volume, kind in unowned if volume.recorded][:_MOST_MEASURED]
    orchestrator = services.clients.orchestrator
    sizes = await orchestrator.volume_sizes(to_measure) if to_measure else {}
    items = [_shown(volume, kind, sizes, now) for volume, kind in unowned]
    items.sort(key=lambda item: (item.created_at or now, item.volume, item.node))
    return OrphanFolders(items=items, unknown_nodes=list(inventory.unknown_nodes))


async def erase(services: Services, person: Person, asked: EraseOrphan, now: datetime) -> Erasure:
    """Erase one, now if its machine answers; `NotFound` unless it belongs to nobody."""
    known = (await orphans(services, now)).items
    wanted = (asked.volume, asked.node_id)
    if wanted not in {(orphan.volume, orphan.node_id) for orphan in known}:
        raise NotFound(f"orphan volume {asked.volume}")
    id = uuid4()
    async with transaction(services.sessions) as db:
        row = FolderErasure(
            id=id,
            volume=asked.volume,
            node_id=asked.node_id,
            cause=ErasureCause.ORPHAN,
            course_title="",
            asked_at=now,
            asked_by=person.id,
            tries=0,
        )
        db.add(row)
    log.warning("folder.erase_asked", volume=asked.volume, cause="orphan", by=person.id)
    await Eraser.of(services).step()
    async with transaction(services.sessions) as db:
        row = await db.get_one(FolderErasure, id)
        return erasure_shown(row, {person.id: person.name})


async def abandon(services: Services, person: Person, id: UUID, now: datetime) -> Erasure:
    """Give an erasure up whose machine does not come back: what is on its disk stays there."""
    async with transaction(services.sessions) as db:
        row = await db.get(FolderErasure, id)
        if row is None:
            raise NotFound(f"erasure {id}")
        if row.erased_at is not None or row.problem is None:
            raise ErasureNotFailing
        volume, node_id = row.volume, row.node_id
    if node_id is None:
        await services.clients.orchestrator.release_volume(volume)
    async with transaction(services.sessions) as db:
        row = await db.get_one(FolderErasure, id, with_for_update=True)
        row.erased_at, row.problem, row.asked_by = now, ABANDONED, person.id
        shown = erasure_shown(row, {person.id: person.name})
    log.warning("folder.erasure_abandoned", volume=volume, erasure=id, by=person.id)
    return shown


async def erasures(
    db: AsyncSession, paging: Paging, sort: queries.ErasureSort, *, is_pending: bool | None
) -> Page[Erasure]:
    """A page of erasures, past and pending."""
    read = await queries.erasures(db, paging, sort, is_pending=is_pending)
    rows: list[FolderErasure] = [row for (row,) in read.rows]
    names = {}
    for id in {row.asked_by for row in rows if row.asked_by}:
        user = await db.get(User, id)
        names[id] = user.shown_name if user else ""
    return paging.answer([erasure_shown(row, names) for row in rows], read)


def erasure_shown(row: FolderErasure, names: Mapping[UUID, str]) -> Erasure:
    """The row as operators read it."""
    return Erasure(
        id=row.id,
        volume=row.volume,
        cause=row.cause,
        course_title=row.course_title,
        asked_at=row.asked_at,
        asked_by=names.get(row.asked_by) if row.asked_by else None,
        tries=row.tries,
        tried_at=row.tried_at,
        retry_at=row.retry_at,
        problem=row.problem,
        erased_at=row.erased_at,
    )


def _kind(volume: StoredVolume, owned: set[str], recorded: set[str]) -> OrphanKind | None:
    """Why it belongs to nobody; None: it belongs to somebody.

    A volume of somebody without any record is no orphan: it is on shared storage, was made a
    moment ago, or was released and is all there is.
    """
    if volume.name not in owned:
        return OrphanKind.NO_OWNER
    if not volume.recorded and volume.name in recorded:
        return OrphanKind.OTHER_COPY
    return None


def _shown(
    volume: StoredVolume, kind: OrphanKind, sizes: dict[str, int], now: datetime
) -> OrphanFolder:
    age = (now - volume.created_at).days if volume.created_at else None
    return OrphanFolder(
        volume=volume.name,
        kind=kind,
        node=volume.node,
        node_id=volume.node_id,
        on_engine=volume.created_at is not None,
        created_at=volume.created_at,
        age_days=age,
        bytes=sizes.get(volume.name) if volume.recorded else None,
    )
