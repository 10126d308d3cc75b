"""What an export is made of, and sessions of a file with dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.build_contexts import ContextEntry
from mydocker_kit.errors import NotFound

from ..composition.services import Services
from ..courses.schemas import CourseDraft, CourseResources, WorkFolder
from ..domain import policy
from ..domain.courses.timetable import PlacedSlot, with_dates, without_dates
from ..domain.policy import Person
from ..images.queries import image_of_build
from ..models import BuildContext, Course, CourseSession
from ..rights.images import relation_to
from ..sessions.schemas import SessionDraft
from . import queries
from .schemas import MOST_DAYS, FiledImage, FiledSession, ImportOrder

_BYTES_PER_ENTRY = 4096
"""Of the archive, beside the content of a file: its name, twice, with the fields around it."""


@dataclass(frozen=True)
class ExportedImage:
    """The Image of a Course that is exported."""

    filed: FiledImage
    dockerfile: str
    wrapper: str
    files: Sequence[ContextEntry]


def draft_of(course: Course) -> CourseDraft:
    """The settings of a Course that a file holds."""
    return CourseDraft(
        title=course.title,
        description=course.description,
        external_image=course.external_image,
        ports=list(course.ports),
        command=course.command,
        profile=course.profile,
        resources=CourseResources(
            cpu=course.cpu, memory_mib=course.memory_mib, pool=course.pool, gpu=course.gpu
        ),
        work_folder=WorkFolder(
            save=course.save_work, path=course.work_path, size_mib=course.folder_mib
        ),
        submissions=course.submissions,
        show_username=course.show_username,
        show_password=course.show_password,
        window=course.window_options,
        lease=course.lease,
        max_environments=course.max_environments,
    )


async def image_of(
    db: AsyncSession, services: Services, person: Person, course: Course
) -> ExportedImage | None:
    """The recipe of the Build that the Course runs, where the person may read it."""
    if course.build_id is None:
        return None
    image = await image_of_build(db, course.build_id)
    if image is None or not policy.may_use(await relation_to(db, person, image)):
        return None
    dockerfile, wrapper, digest = image.dockerfile, image.wrapper, image.context_digest
    try:
        recipe = await services.clients.builder.recipe(course.build_id)
        dockerfile, wrapper = recipe.dockerfile, recipe.wrapper
        digest = recipe.context_digest
    except NotFound:
        pass  # the builder forgot this Build: the Image as it stands
    context = await queries.build_context(db, digest)
    fits = context is not None and _size(context) <= services.settings.context_packed_bytes
    return ExportedImage(
        FiledImage(
            title=image.title,
            description=image.description,
            ports=list(image.ports),
            profile=image.profile,
            work_path=image.work_path,
            catalogue_entry=image.catalogue_entry,
            files_left_out=digest is not None and not fits,
        ),
        dockerfile,
        wrapper,
        context.entries if context and fits else (),
    )


def _size(context: BuildContext) -> int:
    """Bytes of the files in an archive; another platform accepts an upload of as many."""
    return context.size + _BYTES_PER_ENTRY * len(context.entries)


def sessions_without_dates(rows: Sequence[CourseSession], zone: ZoneInfo) -> list[FiledSession]:
    """The sessions of a file; those more than ten years after the first one are left out."""
    slots = without_dates([(row.starts_at, row.ends_at) for row in rows], zone)
    return [
        FiledSession(
            title=row.title,
            students=row.students,
            day=slot.day,
            time=slot.time,
            minutes=slot.minutes,
            block_before_start=row.block_before_start,
            automatic_stop=row.automatic_stop,
        )
        for row, slot in zip(rows, slots, strict=True)
        if slot.day <= MOST_DAYS
    ]


def sessions_with_dates(planned: Sequence[FiledSession], order: ImportOrder) -> list[SessionDraft]:
    """The sessions as the order places them; none without a first day."""
    if order.first_day is None:
        return []
    slots = [PlacedSlot(entry.day, entry.time, entry.minutes) for entry in planned]
    times = with_dates(slots, order.first_day, ZoneInfo(order.zone))
    return [
        SessionDraft(
            title=entry.title,
            students=entry.students,
            starts_at=starts_at,
            ends_at=ends_at,
            block_before_start=entry.block_before_start,
            automatic_stop=entry.automatic_stop,
        )
        for entry, (starts_at, ends_at) in zip(planned, times, strict=True)
    ]
