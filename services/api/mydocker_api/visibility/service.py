"""Asking for an Image to be for all teachers, and deciding about it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..domain.courses.checks import Flaw
from ..domain.policy import ImageRelation, Person
from ..domain.policy.visibility import (
    Visibility,
    VisibilityDecision,
    asked,
    decided,
    visibility_decisions,
)
from ..inputs.fields import refuse
from ..metrics import VISIBILITY_DECISIONS
from ..models import Image
from ..rights.images import editable_image, usable_image
from . import queries
from .schemas import (
    ImageUse,
    ImageUses,
    ImageVisibility,
    VisibilityAnswer,
    VisibilityAsk,
    VisibilityCan,
    VisibilityRequest,
)

log = get_logger()


async def shown(db: AsyncSession, person: Person, image_id: UUID) -> ImageVisibility:
    """Whether an Image that the person may use is for all teachers."""
    image, relation = await usable_image(db, person, image_id)
    return _shown(image, relation)


async def ask(
    db: AsyncSession, person: Person, image_id: UUID, body: VisibilityAsk, now: datetime
) -> ImageVisibility:
    """Ask operators to open the owner's Image to all teachers; repeating it changes nothing."""
    image, relation = await _owned(db, person, image_id)
    state = asked(image.visibility)
    if state is not image.visibility:
        image.visibility, image.visibility_asked_at = state, now
        image.visibility_comment = body.comment.strip()
        log.info("image.visibility_asked", id=image_id, person=person.id)
    return _shown(image, relation)


async def withdraw(db: AsyncSession, person: Person, image_id: UUID) -> ImageVisibility:
    """Make the owner's Image private again; Courses that run a Build of it keep it."""
    image, relation = await _owned(db, person, image_id)
    if image.visibility is not Visibility.PRIVATE:
        image.visibility = Visibility.PRIVATE
        log.info("image.visibility_withdrawn", id=image_id, person=person.id)
    return _shown(image, relation)


async def requests(
    db: AsyncSession, paging: Paging, state: Visibility | None, sort: queries.RequestSort
) -> Page[VisibilityRequest]:
    """A page of requests, for operators."""
    read = await queries.requests(db, state, paging, sort)
    items = [_request(queries.Request(*row)) for row in read.rows]
    return paging.answer(items, read)


async def decide(
    db: AsyncSession, operator: Person, image_id: UUID, answer: VisibilityAnswer, now: datetime
) -> VisibilityRequest:
    """Approve or refuse. Courses that run one of its Builds keep it."""
    reason = answer.reason.strip()
    if answer.decision is VisibilityDecision.REFUSE and not reason:
        refuse([Flaw("reason", "reason_missing", "Say why")])
    image = await db.get(Image, image_id, with_for_update=True)
    if image is None or image.catalogue_entry is not None:
        raise NotFound(f"request for image {image_id}")
    state = decided(image.visibility, answer.decision)
    if state is not image.visibility:
        image.visibility, image.visibility_reason = state, reason
        image.visibility_decided_by, image.visibility_decided_at = operator.id, now
        await db.flush()
        VISIBILITY_DECISIONS.labels(answer.decision.value).inc()
        log.info(
            "image.visibility_decided",
            id=image_id,
            decision=answer.decision,
            operator=operator.id,
            reason=reason,
        )
    known = await queries.request_of(db, image_id)
    if known is None:
        raise NotFound(f"request for image {image_id}")
    return _request(known)


async def uses(db: AsyncSession, person: Person, image_id: UUID) -> ImageUses:
    """Courses that run a Build of an Image that the person may change."""
    await editable_image(db, person, image_id)
    rows, total = await queries.uses(db, image_id)
    items = [
        ImageUse(
            course_id=course.id,
            title=course.title,
            owner_name=owner.shown_name,
            build_number=course.build_number or 0,
        )
        for course, owner in rows
    ]
    return ImageUses(items=items, total=total)


async def _owned(db: AsyncSession, person: Person, image_id: UUID) -> tuple[Image, ImageRelation]:
    image, relation = await usable_image(db, person, image_id, lock=True)
    if relation is not ImageRelation.OWNER:
        raise Forbidden("only the owner says who may use an image")
    return image, relation


def _shown(image: Image, relation: ImageRelation) -> ImageVisibility:
    can = []
    if relation is ImageRelation.OWNER:
        if asked(image.visibility) is not image.visibility:
            can.append(VisibilityCan.ASK)
        if image.visibility in (Visibility.ASKED, Visibility.PUBLIC):
            can.append(VisibilityCan.WITHDRAW)
    return ImageVisibility(
        image_id=image.id,
        state=Visibility.PUBLIC if image.is_public else image.visibility,
        comment=image.visibility_comment,
        asked_at=image.visibility_asked_at,
        reason=image.visibility_reason,
        decided_at=image.visibility_decided_at,
        can=can,
    )


def _request(row: queries.Request) -> VisibilityRequest:
    image = row.image
    return VisibilityRequest(
        image_id=image.id,
        title=image.title,
        description=image.description,
        owner_name=row.owner.shown_name,
        state=image.visibility,
        comment=image.visibility_comment,
        asked_at=image.visibility_asked_at,
        reason=image.visibility_reason,
        decided_at=image.visibility_decided_at,
        decided_by=row.decided_by.shown_name if row.decided_by else None,
        courses=row.courses,
        can=visibility_decisions(image.visibility),
    )
