"""Accepts launches: records the person, context and role, and chooses the landing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import (
    Arrival,
    CourseItem,
    Landing,
    LandingKind,
    Launch,
    LaunchKind,
)
from mydocker_kit.contracts.sign_ins import SignIn
from mydocker_kit.errors import Forbidden
from mydocker_kit.logging import get_logger

from ..auth.service import person_of
from ..contexts.queries import has_legacy_placement
from ..contexts.withdrawal import leave_courses_of
from ..domain import policy
from ..domain.courses.landing import FoundCourse, landing_kind, relation_by_launch
from ..domain.courses.placements import created_by
from ..domain.policy import CourseCan, MayDo, Person, Relation
from ..metrics import LAUNCHES, PLACEMENTS
from ..models import Course, LaunchRecord, ResourceLink
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
    origin = await _record_origin(db, launch, user_id, now)
    person = await person_of(db, user_id)
    course = await _course(db, launch, origin, now)
    arrival = Arrival(user_id=user_id, landing=_landing(launch, person, origin, course))
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


def _landing(launch: Launch, person: Person, origin: _Origin, course: Course | None) -> Landing:
    course_facts = None
    if course is not None:
        relation = relation_by_launch(person, course.owner_id, launch.role)
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
    relation = relation_by_launch(person, course.owner_id, launch.role)
    if relation is Relation.OWNER or (relation is Relation.MEMBER and not joined):
        return
    await records.set_membership(db, course.id, person.id, joined=joined, now=now)


async def course_items(
    db: AsyncSession, user_id: UUID, course_ids: Sequence[UUID]
) -> list[CourseItem]:
    """What a deep link says about these Courses; every one must be the person's to publish."""
    person = await person_of(db, user_id)
    if MayDo.CREATE_COURSES not in policy.may_do(person):
        raise Forbidden("only teachers publish courses")
    rows = {
        row.id: row for row in await db.scalars(select(Course).where(Course.id.in_(course_ids)))
    }
    for id in course_ids:
        row = rows.get(id)
        if row is None or CourseCan.PUBLISH not in _rights(person, row):
            raise Forbidden(f"course {id} may not be published")
    return [
        CourseItem(id=row.id, title=row.title, text=row.description)
        for row in (rows[id] for id in course_ids)
    ]


def _rights(person: Person, row: Course) -> list[CourseCan]:
    relation = policy.relation(person, row.owner_id, is_member=False)
    return policy.course_can(relation, row.status, has_build=row.has_build, running=0)
