"""Courses as their editors see them."""

from datetime import datetime

from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.etags import etag_of

from ..domain import policy
from ..domain.environments.resources import effective_resources
from ..domain.policy import CourseCan, Person, Relation
from ..models import Course as Row
from ..orchestration.status_cache import StatusCache
from ..sessions.queries import Planned, PlannedStudents
from ..sessions.views import planned_sessions, shown
from .queries import ListedCourse
from .schemas import (
    Course,
    CourseDraft,
    CourseImage,
    CourseResources,
    CourseSummary,
    ExternalImage,
    WorkFolder,
)


def draft_of(row: Row) -> CourseDraft:
    """What an edit replaces. Checked when it was written, so it is not checked again."""
    return CourseDraft.model_construct(
        title=row.title,
        description=row.description,
        status=row.status,
        build_id=row.build_id,
        external_image=row.external_image,
        ports=list(row.ports),
        command=row.command,
        profile=row.profile,
        resources=CourseResources.model_construct(
            cpu=row.cpu, memory_mib=row.memory_mib, pool=row.pool, gpu=row.gpu
        ),
        work_folder=WorkFolder.model_construct(
            save=row.save_work, path=row.work_path, size_mib=row.folder_mib
        ),
        submissions=row.submissions,
        show_username=row.show_username,
        show_password=row.show_password,
        window=row.window_options,
        lease=row.lease,
        max_environments=row.max_environments,
    )


def version_of(row: Row) -> str:
    """The entity tag of a Course."""
    return etag_of(draft_of(row))


def summary(
    row: Row,
    *,
    etag: str,
    image_title: str | None,
    planned: Planned,
    running: int,
    placed: int,
    owner_name: str,
    relation: Relation,
    can: list[CourseCan],
    now: datetime,
) -> CourseSummary:
    """A row of the list."""
    coming = planned.next
    return CourseSummary.model_construct(  # of checked values: long lists are not checked again
        id=row.id,
        etag=etag,
        title=row.title,
        description=row.description,
        status=row.status,
        image_title=image_title,
        next_session=shown(coming, now, row.title) if coming else None,
        sessions=planned.total,
        running_environments=running,
        placed_links=placed,
        created_at=row.created_at,
        updated_at=row.updated_at,
        owner_name=owner_name,
        relation=relation,
        can=can,
    )


def listed(
    person: Person,
    row: ListedCourse,
    statuses: StatusCache,
    *,
    etag: str,
    planned: Planned,
    placed: int,
    now: datetime,
) -> CourseSummary:
    """A row of the list; how much runs, and where it is placed, only its editors read there."""
    course = row.course
    relation = policy.relation(
        person, course.owner_id, is_member=False, is_colleague=row.is_taught, share=row.share
    )
    edits = policy.is_editor(relation)
    return summary(
        course,
        etag=etag,
        image_title=row.image_title,
        planned=planned,
        running=statuses.running(course.id) if edits else 0,
        placed=placed if edits else 0,
        owner_name=row.owner.shown_name,
        relation=relation,
        can=rights(relation, course, statuses, teaches_there=row.is_taught),
        now=now,
    )


def rights(
    relation: Relation, row: Row, statuses: StatusCache, *, teaches_there: bool
) -> list[CourseCan]:
    """What the person may do with the Course now."""
    return policy.course_can(
        relation,
        row.status,
        has_build=row.has_build,
        running=statuses.running(row.id),
        teaches_there=teaches_there,
    )


def image_of(row: Row, image_title: str) -> CourseImage | None:
    """The Build a Course runs."""
    if row.image_id is None or row.build_id is None or row.image_reference is None:
        return None
    return CourseImage(
        image_id=row.image_id,
        image_title=image_title,
        build_id=row.build_id,
        build_number=row.build_number or 0,
        reference=row.image_reference,
    )


def external_of(row: Row) -> ExternalImage | None:
    """The image of another registry that a Course runs."""
    if row.external_image is None or row.image_reference is None:
        return None
    return ExternalImage(reference=row.external_image, pinned=row.image_reference)


def whole(
    row: Row,
    pool: Pool,
    *,
    image_title: str,
    planned: Planned,
    students: PlannedStudents,
    running: int,
    placed: int,
    owner_name: str,
    relation: Relation,
    can: list[CourseCan],
    now: datetime,
) -> Course:
    """Everything an editor reads."""
    gets, draft = effective_resources(row.requested_resources, pool), draft_of(row)
    return Course(
        **dict(draft),
        id=row.id,
        etag=etag_of(draft),
        image=image_of(row, image_title),
        external=external_of(row),
        effective_cpu=gets.cpu,
        effective_memory_mib=gets.memory_mib,
        effective_gpu=gets.gpu,
        effective_folder_mib=gets.folder_mib,
        pool=pool,
        sessions=planned_sessions(planned, students, now, row.title),
        running_environments=running,
        placed_links=placed,
        owner_name=owner_name,
        relation=relation,
        created_at=row.created_at,
        updated_at=row.updated_at,
        can=can,
    )
