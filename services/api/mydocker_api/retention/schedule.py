"""The scheduled job of retention: notices, erasures that are due, deleted Courses that are empty.

Everything is computed from rows at each run: what the Courses are now decides, not what a run
before planned. A Course that was opened again, or postponed, takes its pending erasures back.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import ChangeKind, EventKind
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..change_log import record
from ..composition.services import Services
from ..domain.courses import retention as rules
from ..domain.courses.retention import RetentionPolicy
from ..feed import announce
from ..metrics import RETENTION_NOTICES
from ..models import Course, Environment
from ..models.work_files import CourseRetention, ErasureCause, FolderErasure
from ..orchestration.status_cache import StatusCache
from . import queries
from .erasing import Eraser
from .queries import CourseData

log = get_logger()
_EVERY = timedelta(minutes=10)
_JITTER = timedelta(minutes=2)
_OF_COURSES = (ErasureCause.RETENTION, ErasureCause.COURSE_DELETED)


class Retention:
    """`step` is idempotent; several replicas may run it at once."""

    def __init__(
        self,
        sessions: Sessions,
        statuses: StatusCache,
        eraser: Eraser,
        policy: RetentionPolicy,
        clock: Clock,
    ) -> None:
        self._sessions, self._statuses, self._eraser = sessions, statuses, eraser
        self._policy, self._clock = policy, clock

    @classmethod
    def of(cls, services: Services) -> "Retention":
        policy = services.settings.retention_policy
        eraser, clock = Eraser.of(services), services.clock
        return cls(services.sessions, services.statuses, eraser, policy, clock)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the job on schedule while the block runs."""
        async with scheduled("folders.retention", self.step, _EVERY, _JITTER):
            yield

    async def step(self) -> None:
        """Notice, plan, erase, finish."""
        if not self._statuses.loaded:
            return  # what runs is not known: no Course can be said to have ended
        now = self._clock()
        async with transaction(self._sessions) as db:
            courses = await queries.lives(db, self._statuses.unended())
            pending = await queries.courses_pending(db)
        await self._notice(courses, now)
        for course in courses:
            if course.id in pending or rules.is_due(course.life, self._policy, now):
                await self._plan(course, now)
        await self._eraser.step()
        for course in courses:
            if course.life.deleted_at and rules.is_due(course.life, self._policy, now):
                await self._finish(course, now)

    async def _notice(self, courses: list[CourseData], now: datetime) -> None:
        """Begin the notices that are due; end those whose erasure moved away."""
        noticed = {course.id for course in courses if course.life.noticed_at}
        due = {
            course.id
            for course in courses
            if course.folders and rules.needs_notice(course.life, self._policy, now)
        }
        new, over = due - noticed, noticed - due
        if not new and not over:
            return
        async with transaction(self._sessions) as db:
            await queries.note_noticed(db, new, now)
            await queries.forget_notices(db, over)
            for id in new | over:
                await announce(db, EventKind.COURSE_CHANGED, id, id, None)
        RETENTION_NOTICES.inc(len(new))
        for id in new:
            log.info("retention.noticed", course=id)

    async def _plan(self, course: CourseData, now: datetime) -> None:
        """Ask for the erasure of what is due now; take back what is not due any more."""
        async with transaction(self._sessions) as db:
            await queries.lock(db, course.id)  # a postponement is before this, or is refused
            lives = await queries.lives(db, self._statuses.unended(), [course.id])
            if not lives:
                return  # deleted meanwhile
            [fresh] = lives
            if not rules.is_due(fresh.life, self._policy, now):
                of_course = FolderErasure.course_id == course.id
                if taken_back := await queries.withdraw(
                    db, of_course, FolderErasure.cause.in_(_OF_COURSES)
                ):
                    log.info("retention.withdrawn", course=course.id, count=taken_back)
                return
            is_deleted = fresh.life.deleted_at is not None
            cause = ErasureCause.COURSE_DELETED if is_deleted else ErasureCause.RETENTION
            row = await db.get_one(CourseRetention, course.id)
            for folder in await queries.kept_folders(db, Environment.course_id == course.id):
                values = {
                    "volume": folder.volume,
                    "course_id": course.id,
                    "course_title": course.title,
                    "user_id": folder.user_id,
                    "asked_by": row.deleted_by if is_deleted else None,
                }
                if await queries.ask(db, values, cause, now):
                    log.warning("folder.erase_asked", volume=folder.volume, cause=cause.value)

    async def _finish(self, course: CourseData, now: datetime) -> None:
        """Delete a deleted Course once its folders are erased."""
        async with transaction(self._sessions) as db:
            row = await db.get(Course, course.id, with_for_update=True)
            if row is None or await queries.has_pending(db, course.id):
                return
            if await queries.kept_folders(db, Environment.course_id == course.id):
                return
            await db.delete(row)
            await announce(db, EventKind.COURSE_CHANGED, row.id, row.id, row.owner_id)
            kind, owner = ChangeKind.COURSE, row.owner_id
            await record(db, kind, row.id, now, course_id=row.id, owner_id=owner, state="deleted")
        log.info("course.deleted", id=course.id)
