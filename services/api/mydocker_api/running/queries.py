"""Questions about what people want to run, and the small writes of the loops."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..domain.statuses import Wanted
from ..models import Course, CourseSession, Environment, User


async def environment_of(
    db: AsyncSession, user_id: UUID, course_id: UUID, *, lock: bool = False
) -> Environment | None:
    """The person's Environment for a Course; locked, whoever else asks has to wait."""
    query = select(Environment).where(
        Environment.user_id == user_id, Environment.course_id == course_id
    )
    return await db.scalar(query.with_for_update() if lock else query)


async def running_wishes(db: AsyncSession, course_id: UUID) -> list[Environment]:
    """Environments of the Course that their owners want to run, locked."""
    query = (
        select(Environment)
        .where(Environment.course_id == course_id, Environment.wanted == Wanted.RUNNING)
        .order_by(Environment.id)
        .with_for_update()
    )
    return list(await db.scalars(query))


async def wishes_of(db: AsyncSession, user_id: UUID) -> list[tuple[Environment, str]]:
    """What this person wants to run, each with the title of its Course."""
    query = (
        select(Environment, Course.title)
        .join(Course, Course.id == Environment.course_id)
        .where(Environment.user_id == user_id, Environment.wanted == Wanted.RUNNING)
        .order_by(Environment.asked_at)
    )
    return [(row, title) for row, title in await db.execute(query)]


async def one_at_a_time(db: AsyncSession, user_id: UUID) -> None:
    """Until this transaction ends, no other counts what this person runs."""
    person = select(User.id).where(User.id == user_id)
    await db.execute(person.with_for_update(key_share=True))


async def one_at_a_time_in(db: AsyncSession, course_id: UUID) -> None:
    """Until this transaction ends, no other counts what runs of this Course."""
    course = select(Course.id).where(Course.id == course_id)
    await db.execute(course.with_for_update(key_share=True))


async def sessions_of(db: AsyncSession, course_id: UUID) -> list[CourseSession]:
    """All sessions of a Course, earliest first."""
    query = (
        select(CourseSession)
        .where(CourseSession.course_id == course_id)
        .order_by(CourseSession.starts_at, CourseSession.id)
    )
    return list(await db.scalars(query))


async def unheard(db: AsyncSession, limit: int) -> list[UUID]:
    """Environments whose newest wish the orchestrator has not answered, longest waiting first."""
    query = (
        select(Environment.id)
        .where(Environment.confirmed < Environment.revision)
        .order_by(Environment.asked_at)
        .limit(limit)
    )
    return list(await db.scalars(query))


async def note_heard(db: AsyncSession, id: UUID, revision: int) -> None:
    """The orchestrator has answered this wish; a newer one stays unheard."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.confirmed < revision)
        .values(confirmed=revision)
    )


async def note_refusal(db: AsyncSession, id: UUID, revision: int, why: str, reference: str) -> None:
    """The orchestrator will never accept this wish."""
    await db.execute(
        update(Environment)
        .where(Environment.id == id, Environment.revision == revision)
        .values(confirmed=revision, refusal=why, reference=reference)
    )


async def repeat_stops(db: AsyncSession, alive: Sequence[UUID]) -> None:
    """Ask again for stops that were heard although the Environment lives.

    So a start that another replica sent late, after the stop, does not win.
    """
    if alive:
        await db.execute(
            update(Environment)
            .where(
                Environment.id.in_(alive),
                Environment.wanted == Wanted.STOPPED,
                Environment.confirmed == Environment.revision,
            )
            .values(confirmed=func.greatest(Environment.revision - 1, 0))
        )
