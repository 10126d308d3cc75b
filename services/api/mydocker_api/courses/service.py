"""Preparing, changing, opening, copying and removing Courses."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Conflict, Forbidden, NotFound
from mydocker_kit.etags import ANY_VERSION, IfMatch
from mydocker_kit.logging import get_logger

from ..capacity.queries import course_pool
from ..caps import CapReached, check_cap
from ..contexts.supervision import count_running, supervision
from ..domain import policy
from ..domain.policy import CourseCan, MayDo, Person, Relation
from ..domain.statuses import CourseStatus
from ..feed import announce
from ..models import Course as Row
from ..orchestration.status_cache import StatusCache
from ..orchestration.stop_requests import alive_environments, stop_environments_of
from ..paging import Paging
from ..sessions.queries import Planned, planned
from ..settings import Settings
from . import queries, views
from .checking import check_draft, check_status, put_on
from .queries import CourseSort
from .schemas import Course, CourseDraft, CourseSummary

log = get_logger()


class CoursesFull(CapReached):
    """As many Courses as one person may own."""

    code, title = "courses_full", "There are as many courses as there may be"


class EnvironmentsRunning(Conflict):
    """Deleting would take environments from under their owners."""

    code = "environments_running"
    title = "Environments of this course are running"


async def list_courses(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    paging: Paging,
    with_status: Sequence[CourseStatus],
    sort: CourseSort,
    now: datetime,
) -> Page[CourseSummary]:
    """The person's own Courses."""
    rows, total = await queries.owned_courses(
        db,
        person.id,
        search=paging.search,
        with_status=with_status,
        sort=sort,
        offset=paging.offset,
        limit=paging.page_size,
    )
    ids = [row.id for row, _ in rows]
    sessions = await planned(db, ids, now)
    placed = await queries.placed_links(db, ids)
    items = [
        views.summary(
            row,
            image_title=image_title,
            planned=sessions.get(row.id, Planned()),
            running=statuses.running(row.id),
            placed=placed.get(row.id, 0),
            owner_name=person.name,
            can=_can(Relation.OWNER, row, statuses),
            now=now,
        )
        for row, image_title in rows
    ]
    return Page(items=items, total=total, page=paging.page, page_size=paging.page_size)


async def get(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    now: datetime,
) -> Course:
    """A Course, for its editors and for teachers where it is placed."""
    row = await db.get(Row, course_id)
    if row is None:
        raise NotFound(f"course {course_id}")
    seen = await supervision(db, person, row)
    relation = policy.relation(
        person,
        row.owner_id,
        is_member=False,
        is_colleague=bool(seen.contexts),
    )
    if not policy.may_view(relation):
        raise NotFound(f"course {course_id}")
    shown = await _whole(db, statuses, relation, row, now)
    if relation is Relation.OWNER:
        return shown
    running, _ = await count_running(db, statuses, course_id, person, seen)
    placed = (await queries.placed_links(db, [row.id], seen.contexts)).get(row.id, 0)
    return shown.model_copy(update={"running_environments": running, "placed_links": placed})


async def create(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    draft: CourseDraft,
    now: datetime,
) -> Course:
    """A new Course of this person's own."""
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers prepare courses")
    await check_cap(db, Row, Row.owner_id, person.id, settings.courses_per_person, CoursesFull)
    row = Row(id=uuid4(), owner_id=person.id, created_at=now)
    build = await check_draft(db, builder, person, draft, None)
    put_on(row, draft, build, now)
    db.add(row)
    await _changed(db, statuses, row)
    log.info("course.created", id=row.id, owner=person.id)
    return await _whole(db, statuses, Relation.OWNER, row, now)


async def update(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    draft: CourseDraft,
    if_match: IfMatch,
    now: datetime,
) -> Course:
    """Change a Course; what runs keeps what it was started with."""
    row = await _mine(db, person, course_id, if_match)
    build = await check_draft(db, builder, person, draft, row)
    put_on(row, draft, build, now)
    await _changed(db, statuses, row)
    return await _whole(db, statuses, Relation.OWNER, row, now)


async def change_status(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    status: CourseStatus,
    if_match: IfMatch,
    now: datetime,
) -> Course:
    """Show the Course to others, or to nobody."""
    row = await _mine(db, person, course_id, if_match)
    check_status(status, has_build=row.has_build)
    row.status, row.updated_at = status, now
    await _changed(db, statuses, row)
    return await _whole(db, statuses, Relation.OWNER, row, now)


async def duplicate(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    course_id: UUID,
    now: datetime,
) -> Course:
    """A draft like this one, without its sessions, links and people."""
    original = await _mine(db, person, course_id, ANY_VERSION)
    await check_cap(db, Row, Row.owner_id, person.id, settings.courses_per_person, CoursesFull)
    copied = {
        column.key: getattr(original, column.key)
        for column in Row.__table__.columns
        if column.key not in ("id", "created_at", "updated_at", "status", "title")
    }
    row = Row(
        id=uuid4(),
        title=f"{original.title[:115]} (2)",
        status=CourseStatus.DRAFT,
        created_at=now,
        updated_at=now,
        **copied,
    )
    db.add(row)
    await _changed(db, statuses, row)
    log.info("course.duplicated", id=row.id, original=original.id)
    return await _whole(db, statuses, Relation.OWNER, row, now)


async def delete(
    db: AsyncSession, statuses: StatusCache, person: Person, course_id: UUID, if_match: IfMatch
) -> None:
    """Remove a Course for good; its LMS activities are left without one."""
    row = await _mine(db, person, course_id, if_match)
    statuses.check_loaded()
    running = max(statuses.running(row.id), len(await alive_environments(db, statuses, row.id)))
    if running:
        raise EnvironmentsRunning(count=running)
    await db.delete(row)
    await announce(db, EventKind.COURSE_CHANGED, row.id, row.id, row.owner_id)
    log.info("course.deleted", id=row.id)


async def _mine(db: AsyncSession, person: Person, course_id: UUID, if_match: IfMatch) -> Row:
    """A Course this person edits, locked, in the expected version; for others it is not there."""
    row = await db.get(Row, course_id, with_for_update=True)
    if row is None or row.owner_id != person.id:
        raise NotFound(f"course {course_id}")
    if_match.check(views.version_of(row), changed_at=row.updated_at, changed_by=person.name)
    return row


async def _changed(db: AsyncSession, statuses: StatusCache, row: Row) -> None:
    """Carry the change to what runs, and to the pages that show it."""
    await db.flush()
    if row.status is not CourseStatus.READY:
        spared = None if row.status is CourseStatus.ARCHIVED else row.owner_id
        await stop_environments_of(db, statuses, row.id, spared)
    await announce(db, EventKind.COURSE_CHANGED, row.id, row.id, row.owner_id)
    log.info("course.changed", id=row.id, status=row.status)


def _can(relation: Relation, row: Row, statuses: StatusCache) -> list[CourseCan]:
    return policy.course_can(
        relation, row.status, has_build=row.has_build, running=statuses.running(row.id)
    )


async def _whole(
    db: AsyncSession,
    statuses: StatusCache,
    relation: Relation,
    row: Row,
    now: datetime,
) -> Course:
    return views.whole(
        row,
        await course_pool(db, row.pool),
        image_title=await queries.image_title(db, row.image_id),
        planned=(await planned(db, [row.id], now)).get(row.id, Planned()),
        running=statuses.running(row.id),
        placed=(await queries.placed_links(db, [row.id])).get(row.id, 0),
        owner_name=await queries.owner_name(db, row.owner_id),
        can=_can(relation, row, statuses),
        now=now,
    )
