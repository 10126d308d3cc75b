"""Records when people use Courses, from what the orchestrator reports."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import Phase

from ..models import Course, CourseRun, User


async def record_run(
    db: AsyncSession,
    environment_id: UUID,
    course_id: UUID | None,
    user_id: UUID,
    state: str,
    at: datetime,
) -> None:
    """A run begins when the environment is ready, and ends with that."""
    open_runs = update(CourseRun).where(
        CourseRun.environment_id == environment_id, CourseRun.ended_at.is_(None)
    )
    await db.execute(open_runs.values(ended_at=at))
    if state != Phase.READY:
        return
    # Of a Course or person that is gone meanwhile nothing is kept.
    known = (
        select(literal(environment_id), literal(at, DateTime(timezone=True)), Course.id, User.id)
        .select_from(Course)
        .join(User, User.id == user_id)
        .where(Course.id == course_id, Course.is_trial.is_(False))
    )
    new = insert(CourseRun).from_select(
        ["environment_id", "began_at", "course_id", "user_id"], known
    )
    await db.execute(new.on_conflict_do_nothing())


async def delete_old_runs(db: AsyncSession, before: datetime) -> None:
    """Forget runs that began before this moment."""
    await db.execute(delete(CourseRun).where(CourseRun.began_at < before))
