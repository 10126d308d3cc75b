"""Courses of their editors."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.references import (
    AllowedRegistries,
    ReferenceQuery,
    ResolvedReference,
)
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..deps import (
    Builder,
    Config,
    CourseEtags,
    CurrentPerson,
    Db,
    Limited,
    Now,
    Paged,
    Statuses,
)
from ..domain.statuses import CourseStatus
from ..idempotency.route import CreationRoute
from . import builds, bulk, external, listing, service
from .queries import CourseOrigin, CourseSort
from .schemas import (
    BuildCourses,
    BuildUse,
    Course,
    CourseDraft,
    CourseDrafts,
    CourseSummary,
    CreatedCourses,
    StatusChange,
)

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses",
    tags=["courses"],
)
of_registries = APIRouter(prefix="/api", tags=["courses"])
of_builds = APIRouter(prefix="/api/builds/{build_id}/courses", tags=["courses"])


@router.get("")
async def list_courses(
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    known: CourseEtags,
    now: Now,
    paging: Paged,
    status: Annotated[list[CourseStatus] | None, Query()] = None,
    origin: CourseOrigin | None = None,
    sort: CourseSort = CourseSort.NEWEST_CHANGE,
) -> Page[CourseSummary]:
    """Courses of my own, shared with me, or placed in course spaces where I teach."""
    return await listing.list_courses(
        db, statuses, known, person, paging, status or [], origin, sort, now
    )


@router.post("", status_code=201, responses=with_etag(201))
async def create_course(
    body: CourseDraft,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    statuses: Statuses,
    settings: Config,
    now: Now,
    response: Response,
) -> Course:
    """Prepare a new Course."""
    made = await service.create(db, builder, statuses, settings, person, body, now)
    return tagged(response, made)


@router.post("/bulk", status_code=201)
async def create_courses(
    body: CourseDrafts,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    statuses: Statuses,
    settings: Config,
    now: Now,
) -> CreatedCourses:
    """Prepare up to 100 Courses, or none. Wrong fields are named `items.INDEX.FIELD`."""
    return await bulk.create_all(db, builder, statuses, settings, person, body, now)


@router.get("/{course_id}", responses=with_etag())
async def get_course(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    now: Now,
    response: Response,
) -> Course:
    """One Course, whole, for its editors."""
    course = await service.get(db, statuses, person, course_id, now)
    return tagged(response, course)


@router.put("/{course_id}", responses=edit_responses())
async def update_course(
    course_id: UUID,
    body: CourseDraft,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    builder: Builder,
    statuses: Statuses,
    now: Now,
    response: Response,
) -> Course:
    """Change a Course. Running environments keep what they were started with."""
    changed = await service.update(db, builder, statuses, person, course_id, body, if_match, now)
    return tagged(response, changed)


@router.delete("/{course_id}", status_code=204, responses=edit_responses(204))
async def delete_course(
    course_id: UUID,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    statuses: Statuses,
    now: Now,
) -> None:
    """Remove a Course; refused while environments run.

    A Course with work folders is archived and goes with them `course_deletion_days` later; until
    then the deletion can be undone.
    """
    await service.delete(db, statuses, person, course_id, if_match, now)


@router.post("/{course_id}/status", responses=edit_responses())
async def change_course_status(
    course_id: UUID,
    body: StatusChange,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    statuses: Statuses,
    now: Now,
    response: Response,
) -> Course:
    """Open a Course to students, take it back, or archive it; archiving stops what runs."""
    changed = await service.change_status(
        db, statuses, person, course_id, body.status, if_match, now
    )
    return tagged(response, changed)


@router.post("/{course_id}/duplicate", status_code=201, responses=with_etag(201))
async def duplicate_course(
    course_id: UUID,
    person: CurrentPerson,
    db: Db,
    statuses: Statuses,
    settings: Config,
    now: Now,
    response: Response,
) -> Course:
    """A draft with the same settings and no sessions."""
    copy = await service.duplicate(db, statuses, settings, person, course_id, now)
    return tagged(response, copy)


@router.post("/{course_id}/external-image", responses=edit_responses())
async def look_up_external_image(
    course_id: UUID,
    person: CurrentPerson,
    if_match: RequiredIfMatch,
    db: Db,
    builder: Builder,
    statuses: Statuses,
    limits: Limited,
    now: Now,
    response: Response,
) -> Course:
    """Ask the registry again what `external_image` stands for; the next starts run that digest."""
    limits.builds.check(person.id)
    course = await external.look_up_again(db, builder, statuses, person, course_id, if_match, now)
    return tagged(response, course)


@of_registries.get("/image-registries")
async def list_image_registries(person: CurrentPerson, builder: Builder) -> AllowedRegistries:
    """Registries, or parts of one, whose images a Course may run without a build; may be none."""
    return await external.registries(builder, person)


@of_registries.post("/image-references")
async def resolve_image_reference(
    body: ReferenceQuery, person: CurrentPerson, builder: Builder, limits: Limited
) -> ResolvedReference:
    """The digest that a reference stands for now; changes nothing."""
    limits.builds.check(person.id)
    return await external.resolve(builder, person, body.reference)


@of_builds.get("")
async def list_courses_of_build(
    build_id: UUID, person: CurrentPerson, db: Db, builder: Builder, statuses: Statuses
) -> BuildCourses:
    """Courses of mine that run this Build, or another one of the same Image."""
    return await builds.courses_of(db, builder, statuses, person, build_id)


@of_builds.put("")
async def use_build(
    build_id: UUID,
    body: BuildUse,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    statuses: Statuses,
    now: Now,
) -> BuildCourses:
    """Let Courses of the same Image run this Build from their next start on: all, or none.

    A newer Build, or an older one again. Running environments keep theirs. Idempotent.
    """
    return await builds.use_build(db, builder, statuses, person, build_id, body.course_ids, now)
