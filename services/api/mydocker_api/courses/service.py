"""Preparing, changing, opening, copying and removing Courses."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.events import ChangeKind, EventKind
from mydocker_kit.errors import Conflict, Forbidden
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger

from ..capacity.queries import course_pool
from ..change_log import record
from ..contexts.supervision import count_running, supervision
from ..domain import policy
from ..domain.policy import MayDo, Person, Relation
from ..domain.statuses import CourseStatus
from ..feed import announce
from ..limits.caps import CapReached, check_cap
from ..models import Course as Row
from ..orchestration.status_cache import StatusCache
from ..orchestration.stop_requests import alive_environments, stop_environments_of
from ..planning.course_changes import RoomNeed, lock_room_of, reserve_again
from ..retention import service as retention
from ..rights.courses import Standing, editable_course, visible_course
from ..sessions.queries import Planned, planned, planned_students
from ..settings import Settings
from . import queries, views
from .checking import check_draft, check_status, put_on
from .schemas import Course, CourseDraft

log = get_logger()
_NOT_COPIED = {
    *("id", "owner_id", "created_at", "updated_at", "updated_by", "status", "title"),
    "archived_at",
}
_OWNER = Standing(Relation.OWNER, frozenset())


class CoursesFull(CapReached):
    """As many Courses as one person may own."""

    code, title = "courses_full", "There are as many courses as there may be"


class EnvironmentsRunning(Conflict):
    """Deleting would take environments from under their owners."""

    code = "environments_running"
    title = "Environments of this course are running"


async def get(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    now: datetime,
) -> Course:
    """A Course, for its editors, those it is shared with, and teachers where it is placed."""
    row, known = await visible_course(db, person, course_id)
    shown = await whole(db, statuses, known, row, now)
    if policy.is_editor(known.relation):
        return shown
    seen = await supervision(db, person, row)
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
    row = Row(id=uuid4(), owner_id=person.id, updated_by=person.id, created_at=now)
    choice = await check_draft(db, builder, person, draft, None)
    put_on(row, draft, choice, now)
    db.add(row)
    await publish_change(db, statuses, row, now)
    log.info("course.created", id=row.id, owner=person.id)
    return await whole(db, statuses, _OWNER, row, now)


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
    course, _ = await editable_course(db, person, course_id)
    asked = draft.resources
    after = RoomNeed.asked(asked.pool, asked.cpu, asked.memory_mib, asked.gpu, draft.status)
    before = await lock_room_of(db, course, after, now)
    row, known = await to_change(db, person, course_id, if_match)
    choice = await check_draft(db, builder, person, draft, row)
    put_on(row, draft, choice, now)
    await publish_change(db, statuses, row, now)
    await reserve_again(db, statuses, row, before, now)
    return await whole(db, statuses, known, row, now)


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
    course, _ = await editable_course(db, person, course_id)
    after = replace(RoomNeed.of(course), is_archived=status is CourseStatus.ARCHIVED)
    before = await lock_room_of(db, course, after, now)
    row, known = await to_change(db, person, course_id, if_match)
    check_status(status, has_build=row.has_build)
    row.status, row.updated_at = status, now
    await publish_change(db, statuses, row, now)
    await reserve_again(db, statuses, row, before, now)
    return await whole(db, statuses, known, row, now)


async def duplicate(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    course_id: UUID,
    now: datetime,
) -> Course:
    """A draft of the person's own like this one, without its sessions, links, shares and people.

    Whoever may read a Course may copy it; the copy runs the same build.
    """
    original, _ = await visible_course(db, person, course_id)
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers prepare courses")
    await check_cap(db, Row, Row.owner_id, person.id, settings.courses_per_person, CoursesFull)
    copied = {
        column.key: getattr(original, column.key)
        for column in Row.__table__.columns
        if column.key not in _NOT_COPIED
    }
    row = Row(
        id=uuid4(),
        owner_id=person.id,
        updated_by=person.id,
        title=f"{original.title[:115]} (2)",
        status=CourseStatus.DRAFT,
        created_at=now,
        updated_at=now,
        **copied,
    )
    db.add(row)
    await publish_change(db, statuses, row, now)
    log.info("course.duplicated", id=row.id, original=original.id)
    return await whole(db, statuses, _OWNER, row, now)


async def delete(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> None:
    """Remove a Course; its LMS activities are left without one.

    One with work folders is archived first, and goes with them after a time for second thoughts.
    """
    row, known = await to_change(db, person, course_id, if_match)
    if known.relation is not Relation.OWNER:
        raise Forbidden("only the owner removes a course")
    statuses.check_loaded()
    running = max(statuses.running(row.id), len(await alive_environments(db, statuses, row.id)))
    if running:
        raise EnvironmentsRunning(count=running)
    if await retention.plan_deletion(db, statuses, row, person, now):
        row.updated_at = now
        await publish_change(db, statuses, row, now)
        return
    await db.delete(row)
    await announce(db, EventKind.COURSE_CHANGED, row.id, row.id, row.owner_id)
    await _record(db, row, "deleted", now)
    log.info("course.deleted", id=row.id)


async def to_change(
    db: AsyncSession, person: Person, course_id: UUID, if_match: IfMatch
) -> tuple[Row, Standing]:
    """A Course this person may change, locked, in the expected version."""
    row, known = await editable_course(db, person, course_id, lock=True)
    await retention.check_not_deleted(db, course_id)
    changed_by = await queries.owner_name(db, row.updated_by) if row.updated_by else None
    if_match.check(views.version_of(row), changed_at=row.updated_at, changed_by=changed_by)
    row.updated_by = person.id
    return row, known


async def publish_change(db: AsyncSession, statuses: StatusCache, row: Row, now: datetime) -> None:
    """Carry the change to what runs, and to the pages that show it."""
    is_archived = row.status is CourseStatus.ARCHIVED
    row.archived_at = (row.archived_at or now) if is_archived else None
    await db.flush()
    if row.status is not CourseStatus.READY:
        spared = await queries.spared_people(db, row, policy.rights_that_enter(row.status))
        still_bound = frozenset[UUID]() if row.status is CourseStatus.ARCHIVED else spared
        await stop_environments_of(db, statuses, row.id, still_bound)
    await announce(db, EventKind.COURSE_CHANGED, row.id, row.id, row.owner_id)
    await _record(db, row, row.status, now)
    log.info("course.changed", id=row.id, status=row.status)


async def _record(db: AsyncSession, row: Row, state: str, now: datetime) -> None:
    kind = ChangeKind.COURSE
    await record(db, kind, row.id, now, course_id=row.id, owner_id=row.owner_id, state=state)


async def whole(
    db: AsyncSession,
    statuses: StatusCache,
    known: Standing,
    row: Row,
    now: datetime,
) -> Course:
    return views.whole(
        row,
        await course_pool(db, row.pool),
        image_title=await queries.image_title(db, row.image_id),
        planned=(await planned(db, [row.id], now)).get(row.id, Planned()),
        students=await planned_students(db, row.id),
        running=statuses.running(row.id),
        placed=(await queries.placed_links(db, [row.id])).get(row.id, 0),
        owner_name=await queries.owner_name(db, row.owner_id),
        relation=known.relation,
        can=views.rights(known.relation, row, statuses, teaches_there=bool(known.contexts)),
        now=now,
    )
