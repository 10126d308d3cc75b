"""Rows of retention: the lives of Courses, their folders, and erasures."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Uuid,
    any_,
    case,
    delete,
    distinct,
    exists,
    func,
    literal,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.courses.retention import CourseLife
from ..domain.statuses import RequestedState
from ..models import Course, CourseSession, Environment
from ..models.work_files import CourseRetention, ErasureCause, FolderErasure

log = get_logger()
VOLUME: ColumnElement[str] = type_coerce(Environment.plan, JSONB)["volumes"][0]["name"].astext
"""The volume of an environment's work folder; NULL where it has none."""


def _is_kept() -> ColumnElement[bool]:
    """The environment has a work folder that was not erased since its last start."""
    erased = exists().where(
        FolderErasure.volume == VOLUME,
        FolderErasure.node_id.is_(None),
        FolderErasure.erased_at > Environment.asked_at,
    )
    return VOLUME.is_not(None) & ~erased


@dataclass(frozen=True)
class CourseData:
    """A Course, its life, and how many folders it has."""

    id: UUID
    title: str
    owner_id: UUID
    life: CourseLife
    folders: int
    people: int


async def lives(
    db: AsyncSession, alive: Collection[UUID], course_ids: Collection[UUID] | None = None
) -> list[CourseData]:
    """Courses with folders, or with a decision about them; all, or those of these ids.

    `alive`: environments that have not ended, as the orchestrator says.
    """
    is_alive = Environment.id == any_(literal(list(alive), ARRAY(Uuid)))
    is_requested = (Environment.wanted == RequestedState.RUNNING) & (
        Environment.confirmed < Environment.revision
    )
    environments = (
        select(
            Environment.course_id,
            func.max(case((Environment.attempt > 0, Environment.asked_at))).label("started_at"),
            func.bool_or(is_alive | is_requested).label("running"),
            func.count().filter(_is_kept()).label("folders"),
            func.count(distinct(Environment.user_id)).filter(_is_kept()).label("people"),
        )
        .group_by(Environment.course_id)
        .subquery()
    )
    sessions = (
        select(CourseSession.course_id, func.max(CourseSession.ends_at).label("ends_at"))
        .group_by(CourseSession.course_id)
        .subquery()
    )
    decided = CourseRetention
    query = (
        select(
            Course.id,
            Course.title,
            Course.owner_id,
            Course.archived_at,
            sessions.c.ends_at,
            environments.c.started_at,
            func.coalesce(environments.c.running, False),
            decided.noticed_at,
            decided.keep_until,
            decided.deleted_at,
            func.coalesce(environments.c.folders, 0),
            func.coalesce(environments.c.people, 0),
        )
        .outerjoin(environments, environments.c.course_id == Course.id)
        .outerjoin(sessions, sessions.c.course_id == Course.id)
        .outerjoin(decided, decided.course_id == Course.id)
        .order_by(Course.id)
    )
    if course_ids is None:
        query = query.where(or_(environments.c.folders > 0, decided.course_id.is_not(None)))
    else:
        query = query.where(Course.id.in_(course_ids))
    return [
        CourseData(row[0], row[1], row[2], CourseLife(*row[3:10]), row[10], row[11])
        for row in await db.execute(query)
    ]


@dataclass(frozen=True)
class KeptFolder:
    """A work folder that is there, as far as the tables say."""

    environment_id: UUID
    course_id: UUID
    user_id: UUID
    volume: str
    started_at: datetime


async def kept_folders(db: AsyncSession, *conditions: ColumnElement[bool]) -> list[KeptFolder]:
    """The folders of environments under these conditions that were not erased."""
    query = select(
        Environment.id, Environment.course_id, Environment.user_id, VOLUME, Environment.asked_at
    ).where(_is_kept(), *conditions)
    rows = await db.execute(query.order_by(Environment.asked_at.desc(), Environment.id))
    return [KeptFolder(*row) for row in rows]


async def owned_volumes(db: AsyncSession) -> set[str]:
    """The volumes of all environments, also of those whose last start saved nothing."""
    owner = func.coalesce(Environment.work_of_id, Environment.user_id)
    rows = await db.execute(select(Environment.course_id, owner, VOLUME))
    names = {f"work-{course.hex}-{user.hex}" for course, user, _ in rows}
    volumes = await db.scalars(select(VOLUME).where(VOLUME.is_not(None)))
    return names | set(volumes)


async def lock(db: AsyncSession, course_id: UUID) -> CourseRetention:
    """What was decided about this Course, locked; a new row without a decision."""
    new = insert(CourseRetention).values(course_id=course_id)
    await db.execute(new.on_conflict_do_nothing())
    return await db.get_one(CourseRetention, course_id, with_for_update=True)


async def deletion_of(db: AsyncSession, course_id: UUID) -> datetime | None:
    """When this Course was deleted; None: it was not."""
    query = select(CourseRetention.deleted_at).where(CourseRetention.course_id == course_id)
    return await db.scalar(query)


async def note_noticed(db: AsyncSession, course_ids: Collection[UUID], at: datetime) -> None:
    """The notice is shown from now on."""
    for id in course_ids:
        new = insert(CourseRetention).values(course_id=id, noticed_at=at)
        await db.execute(
            new.on_conflict_do_update(
                index_elements=["course_id"],
                set_={"noticed_at": func.coalesce(CourseRetention.noticed_at, at)},
            )
        )


async def forget_notices(db: AsyncSession, course_ids: Collection[UUID]) -> None:
    """The erasure moved away: before it, the notice is shown anew."""
    await db.execute(
        update(CourseRetention)
        .where(CourseRetention.course_id.in_(course_ids))
        .values(noticed_at=None)
    )


async def ask(db: AsyncSession, folder: dict[str, Any], cause: ErasureCause, at: datetime) -> bool:
    """Ask for the erasure of a volume; whether it was not asked for before."""
    new = insert(FolderErasure).values(id=uuid4(), cause=cause, asked_at=at, **folder)
    written = await db.scalar(new.on_conflict_do_nothing().returning(FolderErasure.id))
    return written is not None


async def withdraw(db: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    """Take back erasures that have not happened."""
    gone = delete(FolderErasure).where(FolderErasure.erased_at.is_(None), *conditions)
    return len((await db.scalars(gone.returning(FolderErasure.id))).all())


async def keep_folder(db: AsyncSession, environment: Environment) -> None:
    """Take back a pending erasure of this environment's folder: its owner works again."""
    if environment.plan and environment.plan.volumes:
        volume = environment.plan.volumes[0].name
        if await withdraw(db, FolderErasure.volume == volume, FolderErasure.node_id.is_(None)):
            log.info("folder.erasure_withdrawn", volume=volume)


async def claim(db: AsyncSession, now: datetime, most: int) -> Sequence[FolderErasure]:
    """Erasures to try now, locked: no other replica tries them at the same time."""
    row = FolderErasure
    due = or_(row.retry_at.is_(None), row.retry_at <= now)
    query = select(row).where(row.erased_at.is_(None), due).order_by(row.asked_at, row.id)
    return (await db.scalars(query.limit(most).with_for_update(skip_locked=True))).all()


async def has_pending(db: AsyncSession, course_id: UUID) -> bool:
    row = FolderErasure
    query = select(row.id).where(row.course_id == course_id, row.erased_at.is_(None)).limit(1)
    return await db.scalar(query) is not None


async def courses_pending(db: AsyncSession) -> set[UUID]:
    """Courses with erasures that have not happened."""
    row = FolderErasure
    query = select(row.course_id).where(row.erased_at.is_(None), row.course_id.is_not(None))
    return {id for id in await db.scalars(query.distinct()) if id is not None}


async def pending_volumes(db: AsyncSession) -> set[tuple[str, str | None]]:
    """Volumes, and machines where one was named, whose erasure is asked for."""
    row = FolderErasure
    rows = await db.execute(select(row.volume, row.node_id).where(row.erased_at.is_(None)))
    return {(volume, node) for volume, node in rows}


class ErasureSort(StrEnum):
    """Order of the list of erasures."""

    NEWEST = "-asked_at"
    OLDEST = "asked_at"


async def erasures(
    db: AsyncSession, paging: Paging, sort: ErasureSort, *, is_pending: bool | None
) -> Slice:
    """A page of erasures."""
    row = FolderErasure
    query = select(row)
    if is_pending is not None:
        query = query.where(row.erased_at.is_(None) if is_pending else row.erased_at.is_not(None))
    if paging.search:
        text = row.course_title + " " + row.volume
        query = query.where(text.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, row, Key(row.id)), paging)
