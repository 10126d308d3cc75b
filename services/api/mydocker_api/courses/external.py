"""Images that others publish: which registries are allowed, what a reference stands for now.

A Course runs the digest that its reference had when it was saved. Looking it up again is the only
way to another digest; environments that run keep theirs.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.references import AllowedRegistries, ResolvedReference
from mydocker_kit.errors import Conflict, Forbidden
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger

from ..domain import policy
from ..domain.policy import MayDo, Person
from ..orchestration.status_cache import StatusCache
from . import service
from .checking import look_up
from .schemas import Course

log = get_logger()


class NoExternalImage(Conflict):
    """The Course runs a Build, or nothing yet."""

    code, title = "no_external_image", "This course runs no image of another registry"


async def registries(builder: BuilderClient, person: Person) -> AllowedRegistries:
    """Registries, or parts of one, that the operator allows."""
    _check_may_prepare(person)
    return await builder.external_registries()


async def resolve(builder: BuilderClient, person: Person, reference: str) -> ResolvedReference:
    """What the reference stands for now; raises `FieldsInvalid` where it cannot be used."""
    _check_may_prepare(person)
    return await look_up(builder, reference)


async def look_up_again(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> Course:
    """Let the Course run what its reference stands for now, from the next start on."""
    row, known = await service.to_change(db, person, course_id, if_match)
    if row.external_image is None:
        raise NoExternalImage
    resolved = await look_up(builder, row.external_image)
    if resolved.pinned != row.image_reference:
        log.info("course.digest_changed", id=row.id, before=row.image_reference)
        row.image_reference, row.updated_at = resolved.pinned, now
        await service.publish_change(db, statuses, row, now)
    return await service.whole(db, statuses, known, row, now)


def _check_may_prepare(person: Person) -> None:
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers prepare courses")
