"""What of a Course in a file this platform gives: settings beyond it fall back to the default."""

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient

from ..capacity.queries import pool_to_choose, root_needs_approval
from ..courses.schemas import CourseDraft
from ..domain.courses import checks, external_images
from ..domain.statuses import CourseStatus
from .schemas import LeftOut


async def fitted(
    db: AsyncSession, builder: BuilderClient, draft: CourseDraft
) -> tuple[CourseDraft, list[LeftOut]]:
    """A draft without build that this platform accepts, and what had to be left out for it."""
    until_none = draft.submissions.model_copy(update={"until": None})
    draft = draft.model_copy(
        update={"status": CourseStatus.DRAFT, "build_id": None, "submissions": until_none}
    )
    left_out: list[LeftOut] = []
    while flaw := next(iter(await _flaws(db, draft)), None):
        part, name = flaw.field.split(".")
        value = getattr(getattr(draft, part), name)
        shown = f"{value:g}" if isinstance(value, float) else str(value)
        left_out.append(LeftOut(field=flaw.field, code=flaw.code, value=shown))
        fields = getattr(draft, part).model_copy(update={name: None})  # as the platform does
        draft = draft.model_copy(update={part: fields})
    if draft.external_image is not None:
        for flaw in await _external_flaws(db, builder, draft, draft.external_image):
            value = draft.external_image
            left_out.append(LeftOut(field="external_image", code=flaw.code, value=value))
            return draft.model_copy(update={"external_image": None}), left_out
    return draft, left_out


async def _external_flaws(
    db: AsyncSession, builder: BuilderClient, draft: CourseDraft, reference: str
) -> list[checks.Flaw]:
    """Why an image of another registry cannot run here."""
    return [
        *external_images.root_flaws(
            draft.profile,
            is_external=True,
            needs_approval=await root_needs_approval(db, draft.resources.pool),
        ),
        *external_images.reference_flaws(await builder.resolve(reference)),
    ]


async def _flaws(db: AsyncSession, draft: CourseDraft) -> list[checks.Flaw]:
    """What the pool does not give; a flaw of the file itself is refused when it is made."""
    asked, lease = draft.resources, draft.lease
    pool = await pool_to_choose(db, asked.pool)
    return [
        *checks.resource_flaws(asked.cpu, asked.memory_mib, asked.gpu, pool),
        *checks.folder_flaws(draft.work_folder.size_mib, pool),
        *checks.lease_flaws(lease.minutes, lease.hard_limit_minutes, pool),
    ]


def free_title(title: str, taken: set[str]) -> str:
    """The title, or with the first number that no Course of the person has."""
    if title not in taken:
        return title
    numbered = (f"{title[:112]} ({number})" for number in range(2, len(taken) + 3))
    return next(candidate for candidate in numbered if candidate not in taken)
