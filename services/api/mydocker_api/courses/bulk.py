"""Creating several Courses together: all of them, or none."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.errors import ProblemError

from ..domain.courses.checks import Flaw
from ..domain.policy import Person
from ..inputs.fields import FieldsInvalid, refuse
from ..orchestration.status_cache import StatusCache
from ..settings import Settings
from . import service
from .schemas import CourseDrafts, CreatedCourses


async def create_all(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    drafts: CourseDrafts,
    now: datetime,
) -> CreatedCourses:
    """Create each; the error of one rolls all back.

    Raises `FieldsInvalid` with the wrong fields of every draft, each named `items.INDEX.FIELD`.
    Other refusals have the draft's `index` as a parameter.
    """
    made, flaws = [], []
    for index, draft in enumerate(drafts.items):
        try:
            made.append(await service.create(db, builder, statuses, settings, person, draft, now))
        except FieldsInvalid as error:
            flaws += [
                Flaw(f"items.{index}.{field.field}", field.code, field.message)
                for field in error.fields
            ]
        except ProblemError as error:
            error.parameters["index"] = index
            raise
    refuse(flaws)
    return CreatedCourses(items=made)
