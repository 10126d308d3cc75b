"""What people read of the retention of work folders, and what they decide about it."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Conflict, Forbidden, NotFound, ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..domain import policy
from ..domain.courses import retention as rules
from ..domain.courses.retention import CourseLife, RetentionNotice, RetentionPolicy
from ..domain.policy import Person, Relation
from ..domain.statuses import CourseStatus
from ..feed import announce
from ..models import Course, Environment
from ..orchestration.status_cache import StatusCache
from ..rights.courses import standing
from . import queries
from .queries import CourseData, KeptFolder
from .schemas import (
    CourseFolders,
    EndingCourses,
    FolderDates,
    KeepFolders,
    MyFolder,
    MyFolders,
    RetentionCan,
    ShownPolicy,
)

log = get_logger()


class ErasureBegun(Conflict):
    """The moment has come: folders are being erased."""

    code, title = "erasure_begun", "The work folders are being erased"


class KeepTooLong(Conflict):
    """Further ahead than an erasure can be postponed at once, or in the past."""

    code, title = "keep_too_long", "Choose a moment from now on, at most a year ahead"


class CourseBeingDeleted(Conflict):
    """A deleted Course changes only by taking the deletion back."""

    code, title = "course_being_deleted", "This course is deleted: undo that first"


class CourseNotDeleted(Conflict):
    """There is no deletion to take back."""

    code, title = "course_not_deleted", "This course is not deleted"


async def of_course(
    services: Services, person: Person, course_id: UUID, now: datetime, *, measure: bool
) -> CourseFolders:
    """The folders of a Course, and when they go; `measure`: ask their machines for their sizes."""
    async with transaction(services.sessions) as db:
        _, relation = await _course(db, person, course_id)
        data = await _data(db, services.statuses, course_id)
        folders = await queries.kept_folders(db, Environment.course_id == course_id)
    sizes = await sizes_of(services, folders, measure=measure)
    return _shown(data, sizes.values(), services.settings.retention_policy, person, relation, now)


async def keep(
    services: Services, person: Person, course_id: UUID, asked: KeepFolders, now: datetime
) -> CourseFolders:
    """Postpone the erasure of a Course's folders, or take that back."""
    rule = services.settings.retention_policy
    async with transaction(services.sessions) as db:
        _, relation = await _course(db, person, course_id)
        if not _may_postpone(person, relation):
            raise Forbidden(f"course {course_id}: its retention may be read, not changed")
        row = await queries.lock(db, course_id)
        life = (await _data(db, services.statuses, course_id)).life
        if life.deleted_at is not None:
            raise CourseBeingDeleted
        if rules.is_due(life, rule, now):
            raise ErasureBegun
        if asked.until is not None and not now < asked.until <= now + rules.LONGEST_KEEP:
            raise KeepTooLong
        row.keep_until = asked.until
        await announce(db, EventKind.COURSE_CHANGED, course_id, course_id, None)
    log.info("retention.postponed", course=course_id, by=person.id, until=asked.until)
    return await of_course(services, person, course_id, now, measure=False)


async def plan_deletion(
    db: AsyncSession, statuses: StatusCache, course: Course, person: Person, now: datetime
) -> bool:
    """Delete the Course later, with its folders; False: it has none, and can go now."""
    if not (await _data(db, statuses, course.id)).folders:
        return False
    row = await queries.lock(db, course.id)
    row.deleted_at, row.deleted_by, row.status_before = now, person.id, course.status
    course.status = CourseStatus.ARCHIVED
    log.warning("course.deletion_planned", id=course.id, by=person.id)
    return True


async def check_not_deleted(db: AsyncSession, course_id: UUID) -> None:
    """Raise `CourseBeingDeleted`."""
    if await queries.deletion_of(db, course_id) is not None:
        raise CourseBeingDeleted


async def undo_deletion(
    services: Services, person: Person, course_id: UUID, now: datetime
) -> CourseFolders:
    """Take the deletion of a Course back: it is what it was."""
    rule = services.settings.retention_policy
    async with transaction(services.sessions) as db:
        course, relation = await _course(db, person, course_id)
        if not _may_undo(person, relation):
            raise Forbidden("only the owner or an operator takes a deletion back")
        row = await queries.lock(db, course_id)
        life = (await _data(db, services.statuses, course_id)).life
        if life.deleted_at is None:
            raise CourseNotDeleted
        if rules.is_due(life, rule, now):
            raise ErasureBegun
        course.status = row.status_before or CourseStatus.ARCHIVED
        if course.status is not CourseStatus.ARCHIVED:
            course.archived_at = None
        course.updated_at = now
        row.deleted_at = row.deleted_by = row.status_before = row.noticed_at = None
        await announce(db, EventKind.COURSE_CHANGED, course_id, course_id, course.owner_id)
    log.info("course.deletion_undone", id=course_id, by=person.id)
    return await of_course(services, person, course_id, now, measure=False)


async def of_person(services: Services, user_id: UUID, now: datetime) -> MyFolders:
    """The work folders of a person, and when they go."""
    async with transaction(services.sessions) as db:
        folders = await queries.kept_folders(db, Environment.user_id == user_id)
        ids = {folder.course_id for folder in folders}
        courses = await queries.lives(db, services.statuses.unended(), ids) if ids else []
    sizes = await sizes_of(services, folders, measure=False)
    by_id = {course.id: course for course in courses}
    rule = services.settings.retention_policy
    items = [
        MyFolder(
            **dates(by_id[folder.course_id].life, rule, now).model_dump(),
            environment_id=folder.environment_id,
            course_id=folder.course_id,
            course_title=by_id[folder.course_id].title,
            started_at=folder.started_at,
            used_bytes=sizes.get(folder.volume),
        )
        for folder in folders
    ]
    return MyFolders(items=items)


async def ending(services: Services, person: Person, now: datetime) -> EndingCourses:
    """Courses whose folders will be erased within the notice period, for operators."""
    rule = services.settings.retention_policy
    async with transaction(services.sessions) as db:
        courses = await queries.lives(db, services.statuses.unended())
        shown = [
            course
            for course in courses
            if course.folders and rules.notice(course.life, rule, now) is not RetentionNotice.NONE
        ]
        ids = [course.id for course in shown]
        folders = await queries.kept_folders(db, Environment.course_id.in_(ids)) if ids else []
    sizes = await sizes_of(services, folders, measure=False)
    of_courses: dict[UUID, list[int]] = {course.id: [] for course in shown}
    for folder in folders:
        if folder.volume in sizes:
            of_courses[folder.course_id].append(sizes[folder.volume])
    items = [
        _shown(course, of_courses[course.id], rule, person, Relation.STRANGER, now)
        for course in shown
    ]
    items.sort(key=lambda course: course.erase_at or now)
    words = ShownPolicy(
        retention=rule.days,
        notice=rule.notice_days,
        last_notice=rule.last_notice_days,
        deletion=rule.deletion_days,
    )
    return EndingCourses(items=items, policy=words)


async def sizes_of(
    services: Services, folders: Iterable[KeptFolder], *, measure: bool
) -> dict[str, int]:
    """Bytes by volume, as far as they are known; `measure`: ask machines for the others."""
    sizes: dict[str, int] = {}
    unknown: list[str] = []
    for folder in folders:
        status = services.statuses.get(folder.environment_id)
        if status is not None and status.folder is not None:
            sizes[folder.volume] = status.folder.used_bytes
        else:
            unknown.append(folder.volume)
    if measure and unknown:
        try:
            sizes |= await services.clients.orchestrator.volume_sizes(unknown[:1000])
        except ProblemError as error:
            log.warning("folders.unmeasured", count=len(unknown), error=error)
    return sizes


def dates(life: CourseLife, rule: RetentionPolicy, now: datetime) -> FolderDates:
    """When folders go, and what is said about it."""
    return FolderDates(
        notice=rules.notice(life, rule, now),
        ended_at=rules.course_end(life, now),
        erase_at=rules.erasure(life, rule, now),
        keep_until=life.keep_until,
        deleted_at=life.deleted_at,
    )


def _shown(
    data: CourseData,
    sizes: Iterable[int],
    rule: RetentionPolicy,
    person: Person,
    relation: Relation,
    now: datetime,
) -> CourseFolders:
    measured = list(sizes)
    can = []
    if not rules.is_due(data.life, rule, now):
        if data.life.deleted_at is not None:
            can = [RetentionCan.UNDO_DELETION] if _may_undo(person, relation) else []
        elif _may_postpone(person, relation):
            can = [RetentionCan.POSTPONE]
    return CourseFolders(
        **dates(data.life, rule, now).model_dump(),
        course_id=data.id,
        course_title=data.title,
        folders=data.folders,
        people=data.people,
        known_bytes=sum(measured),
        measured=len(measured),
        retention_days=rule.days,
        deletion_days=rule.deletion_days,
        latest_keep=now + rules.LONGEST_KEEP,
        can=can,
    )


def _may_postpone(person: Person, relation: Relation) -> bool:
    """Editors, operators, and teachers whose students have the folders."""
    return person.operates or policy.is_editor(relation) or relation is Relation.COLLEAGUE


def _may_undo(person: Person, relation: Relation) -> bool:
    return person.operates or relation is Relation.OWNER


async def _course(db: AsyncSession, person: Person, course_id: UUID) -> tuple[Course, Relation]:
    """A Course whose settings the person may read, or that they operate."""
    course = await db.get(Course, course_id)
    if course is not None:
        relation = (await standing(db, person, course)).relation
        if person.operates or policy.may_view(relation):
            return course, relation
    raise NotFound(f"course {course_id}")


async def _data(db: AsyncSession, statuses: StatusCache, course_id: UUID) -> CourseData:
    """The Course with its life; `NotFound`."""
    for data in await queries.lives(db, statuses.unended(), [course_id]):
        return data
    raise NotFound(f"course {course_id}")
