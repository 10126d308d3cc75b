"""Makes, renews and revokes join links; joins people by a code.

A code is 40 bits of chance and each person may try ten a minute, so that guessing one of a
thousand codes takes a person about two hundred years. Who is a member already is let in whatever
became of the link.
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.ids import new_reference
from mydocker_kit.observability.logging import get_logger

from ..domain import policy
from ..domain.courses.joining import (
    JoinRefusal,
    JoinTerms,
    join_refusal,
    normalized_code,
    shown_code,
)
from ..domain.policy import Person
from ..feed import announce
from ..limits.rates import Limits
from ..metrics import JOINS
from ..models import Course, JoinLink
from ..rights.courses import editable_course, standing
from ..settings import Settings
from . import queries
from .schemas import JoinedCourse, JoinLinkDraft, JoinLinkOfCourse, JoinLinkShown

log = get_logger()


class JoinCodeUnknown(NotFound):
    """No link has this code."""

    code, title = "join_code_unknown", "There is no such code"


class JoinLinkRevoked(Conflict):
    """The link was renewed or revoked."""

    code, title = "join_link_revoked", "This link is no longer valid"


class JoinLinkExpired(Conflict):
    """The link has expired."""

    code, title = "join_link_expired", "This link has expired"


class JoinLinkFull(Conflict):
    """As many people joined by links as the link allows."""

    code, title = "join_link_full", "As many people have joined as the link allows"


class JoinCourseClosed(Conflict):
    """The Course is not open to students."""

    code, title = "join_course_closed", "This course is not open to students"


_REFUSALS: dict[JoinRefusal, type[Conflict]] = {
    JoinRefusal.REVOKED: JoinLinkRevoked,
    JoinRefusal.EXPIRED: JoinLinkExpired,
    JoinRefusal.FULL: JoinLinkFull,
    JoinRefusal.COURSE_CLOSED: JoinCourseClosed,
}


async def show(
    db: AsyncSession, settings: Settings, person: Person, course_id: UUID
) -> JoinLinkOfCourse:
    """The link of a Course, for its editors."""
    await editable_course(db, person, course_id)
    return await _shown(db, settings, course_id)


async def put(
    db: AsyncSession,
    settings: Settings,
    person: Person,
    course_id: UUID,
    draft: JoinLinkDraft,
    now: datetime,
) -> JoinLinkOfCourse:
    """Make the link, or change its terms; an existing code stays."""
    await editable_course(db, person, course_id, lock=True)
    link = await queries.current_link(db, course_id)
    if link is None:
        link = _add(db, course_id, person, now)
        log.info("join_link.created", course=course_id, by=person.id)
    link.expires_at, link.max_people = draft.expires_at, draft.max_people
    await db.flush()
    return await _shown(db, settings, course_id)


async def renew(
    db: AsyncSession, settings: Settings, person: Person, course_id: UUID, now: datetime
) -> JoinLinkOfCourse:
    """Replace the code; the old one lets nobody in from now on."""
    await editable_course(db, person, course_id, lock=True)
    old = await queries.current_link(db, course_id)
    if old is None:
        raise NotFound(f"join link of course {course_id}")
    await queries.revoke_current(db, course_id, now)
    link = _add(db, course_id, person, now)
    link.expires_at, link.max_people = old.expires_at, old.max_people
    await db.flush()
    log.info("join_link.renewed", course=course_id, by=person.id)
    return await _shown(db, settings, course_id)


async def revoke(db: AsyncSession, person: Person, course_id: UUID, now: datetime) -> None:
    """Let nobody else in; who has joined stays. Idempotent."""
    await editable_course(db, person, course_id, lock=True)
    if await queries.revoke_current(db, course_id, now):
        log.info("join_link.revoked", course=course_id, by=person.id)


async def join(
    db: AsyncSession, limits: Limits, person: Person, code: str, now: datetime
) -> JoinedCourse:
    """Join the Course of this code; raises one of the refusals above."""
    limits.joins.check(person.id)
    link = await queries.link_of_code(db, normalized_code(code))
    course = await db.get(Course, link.course_id) if link else None
    if link is None or course is None:
        JOINS.labels("unknown").inc()
        raise JoinCodeUnknown
    joined = JoinedCourse(course_id=course.id, title=course.title)
    known = await standing(db, person, course)
    if policy.may_view(known.relation) or await queries.is_member(db, course.id, person.id):
        return joined
    count = await queries.count_joined(db, course.id)
    terms = JoinTerms(
        link.revoked_at is not None, link.expires_at, link.max_people, count, course.status
    )
    refusal = join_refusal(terms, now)
    JOINS.labels(refusal or "joined").inc()
    if refusal is not None:
        raise _REFUSALS[refusal]
    await queries.add_join(db, course.id, person.id, now)
    await announce(db, EventKind.ROLE_CHANGED, person.id, None, person.id)
    await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    log.info("course.joined_by_link", course=course.id, user=person.id)
    return joined


def _add(db: AsyncSession, course_id: UUID, person: Person, now: datetime) -> JoinLink:
    link = JoinLink(
        id=uuid4(),
        course_id=course_id,
        code=normalized_code(new_reference()),
        created_by=person.id,
        created_at=now,
    )
    db.add(link)
    return link


async def _shown(db: AsyncSession, settings: Settings, course_id: UUID) -> JoinLinkOfCourse:
    link = await queries.current_link(db, course_id)
    joined = await queries.count_joined(db, course_id)
    if link is None:
        return JoinLinkOfCourse(link=None, joined=joined)
    shown = JoinLinkShown(
        code=shown_code(link.code),
        url=f"{settings.app_origin}/join/{shown_code(link.code)}",
        created_at=link.created_at,
        expires_at=link.expires_at,
        max_people=link.max_people,
    )
    return JoinLinkOfCourse(link=shown, joined=joined)
