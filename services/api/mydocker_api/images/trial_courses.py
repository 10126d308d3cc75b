"""Trials of an Image's Builds, as Courses that no list has: found, and removed with the Image."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict

from ..domain.environments import lifecycle
from ..models import Course, Environment
from ..orchestration.specs import request_of
from ..orchestration.status_cache import StatusCache


class ImageTried(Conflict):
    """An environment of one of its Builds runs as somebody's trial."""

    code, title = "image_tried", "Somebody tries a build of this image"


async def forget_trials_of(db: AsyncSession, statuses: StatusCache, image_id: UUID) -> None:
    """Before an Image is removed; raises `ImageTried` while one of its trials is alive."""
    for trial, environment in await trials(db, image_id=image_id):
        if is_alive(statuses, environment):
            raise ImageTried
        await db.delete(trial)


def is_alive(statuses: StatusCache, environment: Environment | None) -> bool:
    """Whether the environment of a trial runs or is on its way."""
    if environment is None:
        return False
    return lifecycle.is_alive(request_of(environment), statuses.get(environment.id))


async def trials(
    db: AsyncSession, *, image_id: UUID | None = None, before: datetime | None = None
) -> list[tuple[Course, Environment | None]]:
    """Trials with their Environments, locked: of an Image, or last started before a moment."""
    query = (
        select(Course, Environment)
        .outerjoin(Environment, Environment.course_id == Course.id)
        .where(Course.is_trial)
        .order_by(Course.id)
        .with_for_update(of=Course)
    )
    if image_id is not None:
        query = query.where(Course.image_id == image_id)
    if before is not None:
        query = query.where(func.coalesce(Environment.asked_at, Course.created_at) < before)
    return [(course, environment) for course, environment in await db.execute(query)]
