"""Checking what a teacher says of a Course, and putting it on the row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.builds import BuildStatus
from mydocker_kit.contracts.builder.references import ResolvedReference
from mydocker_kit.errors import NotFound

from ..capacity.queries import pool_to_choose, root_needs_approval
from ..domain.courses import checks, external_images
from ..domain.policy import Person, may_use
from ..domain.statuses import CourseStatus
from ..images.queries import image_of_build
from ..inputs.fields import refuse
from ..models import Course as Row
from ..rights.images import relation_to
from .schemas import CourseDraft


@dataclass(frozen=True)
class NewChoice:
    """What the Course is to run from now on, where the draft changes it."""

    build: BuildStatus | None = None
    external: ResolvedReference | None = None


async def check_draft(
    db: AsyncSession,
    builder: BuilderClient,
    person: Person,
    draft: CourseDraft,
    row: Row | None,
) -> NewChoice:
    """Raise with every wrong field; the answer holds what changes of that which is run."""
    asked = draft.resources
    pool = await pool_to_choose(db, asked.pool)
    has_image = draft.build_id is not None or draft.external_image is not None
    flaws = [
        *checks.title_flaws(draft.title),
        *checks.port_flaws(draft.ports),
        *checks.resource_flaws(asked.cpu, asked.memory_mib, asked.gpu, pool),
        *checks.command_flaws(draft.command),
        *checks.path_flaws("work_folder.path", draft.work_folder.path),
        *checks.folder_flaws(draft.work_folder.size_mib, pool),
        *checks.lease_flaws(draft.lease.minutes, draft.lease.hard_limit_minutes, pool),
        *checks.link_flaws(
            [(link.title, link.url) for link in draft.window.links],
            [port.number for port in draft.ports],
        ),
        *checks.status_flaws(draft.status, has_build=has_image),
        *external_images.choice_flaws(draft.external_image, has_build=draft.build_id is not None),
        *external_images.root_flaws(
            draft.profile,
            is_external=draft.external_image is not None,
            needs_approval=await root_needs_approval(db, asked.pool),
        ),
    ]
    build = external = None
    # What was checked when it was chosen needs neither the builder nor a registry to be kept.
    if draft.build_id is not None and (row is None or row.build_id != draft.build_id):
        build = await _build(db, builder, person, draft)
        flaws += checks.build_flaws(build.phase if build else None)
    if flaws:
        refuse(flaws)  # before a registry is asked
    reference = draft.external_image
    if reference is not None and (row is None or row.external_image != reference):
        external = await look_up(builder, reference)
    return NewChoice(build, external)


async def look_up(builder: BuilderClient, reference: str) -> ResolvedReference:
    """The reference with its digest; raises `FieldsInvalid` where it cannot be used."""
    resolved = await builder.resolve(reference)
    refuse(external_images.reference_flaws(resolved))
    return resolved


async def _build(
    db: AsyncSession, builder: BuilderClient, person: Person, draft: CourseDraft
) -> BuildStatus | None:
    """The chosen Build, if it is of an Image that the person may use."""
    if draft.build_id is None:
        return None
    image = await image_of_build(db, draft.build_id)
    if image is None or not may_use(await relation_to(db, person, image)):
        return None
    try:
        return await builder.get(draft.build_id)
    except NotFound:
        return None


def check_status(status: CourseStatus, *, has_build: bool) -> None:
    """Refuse to show others a Course with nothing to run."""
    refuse(checks.status_flaws(status, has_build=has_build))


def put_on(row: Row, draft: CourseDraft, choice: NewChoice, now: datetime) -> None:
    """Write the draft, and the digest of what it runs, on the row."""
    _put_choice(row, draft, choice)
    row.title, row.description = draft.title.strip(), draft.description
    row.status, row.ports = draft.status, tuple(draft.ports)
    row.command, row.profile = draft.command, draft.profile
    row.cpu, row.memory_mib = draft.resources.cpu, draft.resources.memory_mib
    row.pool, row.gpu = draft.resources.pool, draft.resources.gpu
    row.save_work, row.work_path = draft.work_folder.save, draft.work_folder.path
    row.folder_mib, row.submissions = draft.work_folder.size_mib, draft.submissions
    row.show_username, row.show_password = draft.show_username, draft.show_password
    row.window_options = draft.window
    row.lease, row.max_environments = draft.lease, draft.max_environments
    row.updated_at = now


def _put_choice(row: Row, draft: CourseDraft, choice: NewChoice) -> None:
    row.external_image = draft.external_image
    if draft.build_id is None:
        row.image_id = row.build_id = row.build_number = None
    if draft.build_id is None and draft.external_image is None:
        row.image_reference = None
    if choice.build is not None:
        row.image_id, row.build_id = choice.build.image_id, choice.build.id
        row.build_number, row.image_reference = choice.build.number, choice.build.reference
    if choice.external is not None:
        row.image_reference = choice.external.pinned
