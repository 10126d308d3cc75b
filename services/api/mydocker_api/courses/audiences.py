"""What somebody may learn of now, for readers of the change log."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import ProblemError

from ..auth.service import person_of
from ..domain.policy import Audience
from . import queries


async def audience_of(db: AsyncSession, user_id: UUID) -> Audience | None:
    """The Courses and rights of this person; None for somebody who may not enter now."""
    try:
        person = await person_of(db, user_id)
    except ProblemError:  # disabled, merged into another account, or gone
        return None
    overseen, joined = await queries.audience(db, person.id)
    return Audience(person.id, overseen, joined, person.operates)
