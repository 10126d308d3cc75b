"""Rows of submitted work."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.orchestrator.work_files import Snapshot, SnapshotState

from ..models import User
from ..models.work_files import Submission
from .schemas import SubmissionFilter

_MOST = 200


async def of_person(db: AsyncSession, course_id: UUID, user_id: UUID) -> Sequence[Submission]:
    """What this person submitted, the newest first."""
    row = Submission
    query = select(row).where(row.course_id == course_id, row.user_id == user_id)
    return (await db.scalars(query.order_by(row.submitted_at.desc()).limit(_MOST))).all()


async def newest_of(
    db: AsyncSession, course_id: UUID, users: Collection[UUID] | None = None, *, ready: bool = False
) -> dict[UUID, Submission]:
    """The newest of each person, ready ones first; `ready`: no others."""
    row = Submission
    query = select(row).where(row.course_id == course_id)
    if users is not None:
        query = query.where(row.user_id.in_(list(users)))
    if ready:
        query = query.where(row.state == SnapshotState.READY)
    is_other = row.state != SnapshotState.READY
    ordered = query.ext(distinct_on(row.user_id)).order_by(
        row.user_id, is_other, row.submitted_at.desc()
    )
    return {row.user_id: row for row in await db.scalars(ordered)}


async def counts_of(db: AsyncSession, course_id: UUID, users: Collection[UUID]) -> dict[UUID, int]:
    """How many submissions of each person are ready."""
    row = Submission
    query = select(row.user_id, func.count()).where(
        row.course_id == course_id, row.user_id.in_(list(users)), row.state == SnapshotState.READY
    )
    rows = (await db.execute(query.group_by(row.user_id))).all()
    return {row[0]: int(row[1]) for row in rows}


def of_students(
    course_id: UUID, which: SubmissionFilter | None
) -> Callable[[Subquery], ColumnElement[bool]]:
    """A condition for the people of a Course: students, and whoever submitted."""
    row = Submission

    def condition(people: Subquery) -> ColumnElement[bool]:
        has_submitted = exists().where(
            row.course_id == course_id,
            row.user_id == people.c.user_id,
            row.state == SnapshotState.READY,
        )
        if which is SubmissionFilter.SUBMITTED:
            return has_submitted
        is_student = people.c.role == ContextRole.STUDENT.value
        if which is SubmissionFilter.MISSING:
            return and_(is_student, ~has_submitted)
        return or_(is_student, has_submitted)

    return condition


async def named(db: AsyncSession, course_id: UUID, id: UUID) -> tuple[Submission, str] | None:
    """A submission of this Course, with the name of its person."""
    query = (
        select(Submission, func.coalesce(User.name, User.pseudonym))
        .join(User, User.id == Submission.user_id)
        .where(Submission.id == id, Submission.course_id == course_id)
    )
    row = (await db.execute(query)).one_or_none()
    return (row[0], str(row[1])) if row else None


async def chosen(db: AsyncSession, course_id: UUID, ids: Collection[UUID]) -> Sequence[Submission]:
    """Those of these submissions that are of this Course and ready."""
    row = Submission
    query = select(row).where(
        row.id.in_(list(ids)), row.course_id == course_id, row.state == SnapshotState.READY
    )
    return (await db.scalars(query)).all()


async def names_of(db: AsyncSession, users: Collection[UUID]) -> dict[UUID, str]:
    query = select(User.id, func.coalesce(User.name, User.pseudonym)).where(
        User.id.in_(list(users))
    )
    return {id: str(name) for id, name in (await db.execute(query)).all()}


async def pending(db: AsyncSession, limit: int = 500) -> Sequence[Submission]:
    """What is not taken yet, the oldest first."""
    row = Submission
    query = select(row).where(row.state == SnapshotState.PENDING)
    return (await db.scalars(query.order_by(row.submitted_at).limit(limit))).all()


async def settle(db: AsyncSession, snapshot: Snapshot) -> bool:
    """Write how the copy ended; whether it was pending until now."""
    content, row = snapshot.content, Submission
    values: dict[str, object] = {"state": snapshot.state, "problem": snapshot.problem}
    if content is not None:
        values |= {"files": content.files, "bytes": content.bytes, "changing": content.changing}
    written = await db.scalar(
        update(row)
        .where(row.id == snapshot.id, row.state == SnapshotState.PENDING)
        .values(**values)
        .returning(row.id)
    )
    return written is not None


async def recent(
    db: AsyncSession, course_id: UUID, user_id: UUID, since: datetime
) -> Submission | None:
    """What this person submitted after `since`, unless it failed."""
    row = Submission
    query = select(row).where(
        row.course_id == course_id,
        row.user_id == user_id,
        row.submitted_at > since,
        row.state != SnapshotState.FAILED,
    )
    return (await db.scalars(query.order_by(row.submitted_at.desc()).limit(1))).first()
