"""Grants and withdraws extra time; what runs gets its new end at once."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger

from ..contexts.supervision import supervised_among, supervised_course
from ..domain.policy import NotTeachingHere, Person
from ..feed import announce
from ..metrics import EXTRA_TIME
from ..models import ExtraTimeGrant, User
from ..orchestration.end_times import move_end_times
from ..orchestration.status_cache import StatusCache
from ..rights.courses import editable_course
from . import queries
from .schemas import ExtraTime, ExtraTimeDraft, ExtraTimeOfCourse

log = get_logger()


async def of_course(db: AsyncSession, person: Person, course_id: UUID) -> ExtraTimeOfCourse:
    """What everybody has, and people whom the caller teaches."""
    _, seen = await supervised_course(db, person, course_id)
    rows = await queries.granted(db, course_id)
    owners = {grant.user_id for grant, _, _ in rows if grant.user_id}
    taught = await supervised_among(db, course_id, seen, owners)
    items = [
        _shown(grant, name, by)
        for grant, name, by in rows
        if grant.user_id is None or grant.user_id in taught
    ]
    return ExtraTimeOfCourse(items=items, may_grant_everybody=seen.owns)


async def grant(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    draft: ExtraTimeDraft,
    now: datetime,
) -> ExtraTime:
    """Grant extra time, in place of what these people had in these sessions."""
    await _check_may_grant(db, person, course_id, draft.user_id)
    if draft.session_id and not await queries.is_session_of(db, draft.session_id, course_id):
        raise NotFound(f"session {draft.session_id}")
    row = ExtraTimeGrant(
        id=uuid4(),
        course_id=course_id,
        session_id=draft.session_id,
        user_id=draft.user_id,
        minutes=draft.minutes or 0,
        percent=draft.percent or 0,
        granted_by=person.id,
        granted_at=now,
    )
    row.id = await queries.save(db, row)
    await _changed(db, statuses, row, now)
    EXTRA_TIME.labels("granted").inc()
    log.info(
        "extra_time.granted",
        id=row.id,
        course=course_id,
        session=row.session_id,
        person=row.user_id,
        minutes=row.minutes,
        percent=row.percent,
        by=person.id,
    )
    student = await db.get(User, row.user_id) if row.user_id else None
    return _shown(row, student.shown_name if student else None, person.name)


async def withdraw(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    grant_id: UUID,
    now: datetime,
) -> None:
    """Take extra time back: what runs ends with its session."""
    row = await db.get(ExtraTimeGrant, grant_id, with_for_update=True)
    if row is None or row.course_id != course_id:
        await supervised_course(db, person, course_id)
        raise NotFound(f"extra time {grant_id}")
    await _check_may_grant(db, person, course_id, row.user_id)
    await db.delete(row)
    await db.flush()
    await _changed(db, statuses, row, now)
    EXTRA_TIME.labels("withdrawn").inc()
    log.info("extra_time.withdrawn", id=grant_id, course=course_id, by=person.id)


async def _check_may_grant(
    db: AsyncSession, person: Person, course_id: UUID, user_id: UUID | None
) -> None:
    """To everybody: editors of the Course. To a student: who teaches them."""
    if user_id is None:
        await editable_course(db, person, course_id)
        return
    _, seen = await supervised_course(db, person, course_id)
    if user_id not in await supervised_among(db, course_id, seen, [user_id]):
        raise NotTeachingHere


async def _changed(
    db: AsyncSession, statuses: StatusCache, row: ExtraTimeGrant, now: datetime
) -> None:
    people = None if row.user_id is None else [row.user_id]
    await move_end_times(db, statuses, row.course_id, now, people)
    await announce(db, EventKind.COURSE_CHANGED, row.course_id, row.course_id, None)


def _shown(row: ExtraTimeGrant, name: str | None, by: str) -> ExtraTime:
    return ExtraTime.model_construct(
        id=row.id,
        user_id=row.user_id,
        session_id=row.session_id,
        minutes=row.minutes or None,
        percent=row.percent or None,
        user_name=name,
        granted_by=by,
        granted_at=row.granted_at,
    )
