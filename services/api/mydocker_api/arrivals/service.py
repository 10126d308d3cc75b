"""Accepts launches: records the person, context and role, and chooses the landing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import (
    Arrival,
    CourseItem,
    Landing,
    LandingKind,
    Launch,
    LaunchKind,
)
from mydocker_kit.contracts.gateway.sign_ins import SignIn
from mydocker_kit.errors import Forbidden
from mydocker_kit.observability.logging import get_logger

from ..auth.service import person_of
from ..contexts.queries import has_legacy_placement
from ..contexts.withdrawal import leave_courses_of
from ..domain import policy
from ..domain.courses.landing import FoundCourse, landing_kind, relation_by_launch
from ..domain.courses.placements import created_by
from ..domain.policy import MayDo, Person, ShareRight
from ..metrics import LAUNCHES, PLACEMENTS
from ..models import Course, LaunchRecord, ResourceLink
from ..rights.courses import standing
from ..rights.invitations import claim
from ..rights.queries import share_of_course
from . import records

log = get_logger()


@dataclass(frozen=True)
class _Origin:
    """The course space and the activity of a launch."""

    context_id: UUID | None
    link: ResourceLink | None


async def arrive(db: AsyncSession, launch: Launch, now: datetime) -> Arrival:
    """The answer to a launch; idempotent by the launch's id."""
    known = await db.get(LaunchRecord, launch.id)
    if known is not None:
        return known.arrival
    user_id = await records.upsert_person(db, launch.person, now)
    await claim(db, user_id, launch.person.issuer, launch.person.email)
    origin = await _record_origin(db, launch, user_id, now)
    person = await person_of(db, user_id)
    course = await _course(db, launch, origin, now)
    share = await share_of_course(db, user_id, course.id) if course else None
    landing = _landing(launch, person, origin, course, share)
    arrival = Arrival(user_id=user_id, landing=landing)
    if course is not None and launch.kind is LaunchKind.RESOURCE_LINK:
        joined = arrival.landing.kind is LandingKind.WINDOW
        await _keep_membership(db, launch, person, course, joined, now)
        if joined and origin.link is not None and launch.role in policy.MAY_ENTER:
            await db.flush()
            await records.record_entry(db, origin.link.id, user_id, course.id, now)
    new = insert(LaunchRecord).values(
        id=launch.id, user_id=user_id, arrival=arrival, received_at=now
    )
    await db.execute(new.on_conflict_do_nothing())
    LAUNCHES.labels(arrival.landing.kind).inc()
    log.info(
        "launch.arrived",
        id=launch.id,
        user=user_id,
        role=launch.role,
        landing=arrival.landing.kind,
        course=course.id if course else None,
    )
    return arrival


async def sign_in(db: AsyncSession, entry: SignIn, now: datetime) -> Arrival:
    """The answer to a sign-in without an LMS: the dashboard."""
    user_id = await records.upsert_person(db, entry.person, now)
    await person_of(db, user_id)  # refuses who is disabled
    log.info("sign_in.arrived", id=entry.id, user=user_id)
    landing = Landing(kind=LandingKind.DASHBOARD, embedded=False)
    LAUNCHES.labels(landing.kind).inc()
    return Arrival(user_id=user_id, landing=landing)


async def _record_origin(db: AsyncSession, launch: Launch, user_id: UUID, now: datetime) -> _Origin:
    """Record the course space, the role in it, and the activity."""
    if launch.context is None:
        return _Origin(None, None)
    context_id = await records.upsert_context(db, launch.context, now)
    role = launch.role
    await records.upsert_role(db, context_id, user_id, launch.person, role, now)
    if role not in policy.MAY_ENTER:
        await leave_courses_of(db, context_id, user_id)
    if launch.resource_link_id is None:
        return _Origin(context_id, None)
    link = await records.upsert_link(
        db, context_id, launch.resource_link_id, launch.resource_link_title, now
    )
    return _Origin(context_id, link)


async def _course(
    db: AsyncSession, launch: Launch, origin: _Origin, now: datetime
) -> Course | None:
    """The Course of the activity's placement, which this launch may create.

    An id without our signature for this registration proves nothing and is ignored.
    """
    named = await db.get(Course, launch.course_id) if launch.course_id else None
    link = origin.link
    if link is None:  # without a course space there is no placement: the signature alone decides
        return named if launch.course_signed else None
    if named is not None and launch.kind is LaunchKind.RESOURCE_LINK:
        placement_origin = created_by(
            signed=launch.course_signed,
            is_placed=link.course_id is not None,
            has_legacy_placement=await _has_legacy_placement(db, launch, named.id),
        )
        if placement_origin is not None:
            link.assign_course(named.id, placement_origin, now)
            log.info("resource_link.placed", id=link.id, course=named.id, origin=placement_origin)
            PLACEMENTS.labels(placement_origin).inc()
        else:
            log.warning("launch.course_unsigned", launch=launch.id, course=named.id, link=link.id)
    return await db.get(Course, link.course_id) if link.course_id else None


async def _has_legacy_placement(db: AsyncSession, launch: Launch, course_id: UUID) -> bool:
    if launch.course_signed or launch.context is None:
        return False
    return await has_legacy_placement(db, launch.context, launch.former_registrations, course_id)


def _landing(
    launch: Launch,
    person: Person,
    origin: _Origin,
    course: Course | None,
    share: ShareRight | None,
) -> Landing:
    course_facts = None
    if course is not None:
        relation = relation_by_launch(person, course.owner_id, launch.role, share)
        course_facts = FoundCourse(relation, course.status)
    kind = landing_kind(
        launch.kind,
        launch.role,
        wants_dashboard=launch.custom.get("landing") == "dashboard",
        names_course=launch.course_id is not None and launch.course_signed,
        course=course_facts,
        has_link=origin.link is not None,
    )
    return Landing(
        kind=kind,
        course_id=course.id if course else None,
        context_id=origin.context_id,
        resource_link_id=origin.link.id if origin.link else None,
        deep_linking_id=launch.id if kind is LandingKind.PICKER else None,
    )


async def _keep_membership(
    db: AsyncSession, launch: Launch, person: Person, course: Course, joined: bool, now: datetime
) -> None:
    """Owners need no membership, roles that may not enter lose it, a draft changes nothing."""
    may_enter = launch.role in policy.MAY_ENTER
    if person.id == course.owner_id or (may_enter and not joined):
        return
    await records.set_membership(db, course.id, person.id, joined=may_enter, now=now)


async def course_items(
    db: AsyncSession, user_id: UUID, course_ids: Sequence[UUID], launch_id: UUID | None
) -> list[CourseItem]:
    """What a deep link says about these Courses; the person must be allowed to place each.

    `launch_id`: the deep linking launch, whose course space the link goes to.
    """
    person = await person_of(db, user_id)
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers publish courses")
    launch = await db.get(LaunchRecord, launch_id) if launch_id else None
    here = launch.arrival.landing.context_id if launch and launch.user_id == user_id else None
    rows = {
        row.id: row for row in await db.scalars(select(Course).where(Course.id.in_(course_ids)))
    }
    for id in course_ids:
        await _check_may_publish(db, person, rows.get(id), here)
    return [
        CourseItem(id=row.id, title=row.title, text=row.description)
        for row in (rows[id] for id in course_ids)
    ]


async def _check_may_publish(
    db: AsyncSession, person: Person, course: Course | None, context_id: UUID | None
) -> None:
    """Raise `Forbidden`, or `PlacedElsewhere` where another course space would be allowed."""
    if course is None:
        raise Forbidden("this course may not be published")
    known = await standing(db, person, course)
    relation, contexts = known.relation, known.contexts
    if policy.may_publish_in(relation, course.status, is_placed_here=context_id in contexts):
        return
    if contexts and policy.may_publish_in(relation, course.status, is_placed_here=True):
        raise policy.PlacedElsewhere
    raise Forbidden(f"course {course.id} may not be published")
