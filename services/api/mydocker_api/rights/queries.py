"""Facts about rights: shares, and course spaces where a Course is placed and somebody teaches.

The conditions on `Course` and `Image` are what lists filter by; they select exactly the rows for
which `courses.relation_to` and `images.relation_to` find a relation of that kind.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..domain.policy import MAY_TEACH, ShareRight
from ..domain.policy.visibility import Visibility
from ..models import Course, Enrolment, Image, ResourceLink, Share

_VIEW = (ShareRight.VIEW, ShareRight.EDIT)


async def taught_contexts(db: AsyncSession, user_id: UUID, course_id: UUID) -> frozenset[UUID]:
    """Course spaces where this Course is placed and the person teaches now."""
    placed = select(ResourceLink.context_id).where(ResourceLink.course_id == course_id)
    query = select(Enrolment.context_id).where(
        Enrolment.user_id == user_id,
        Enrolment.role.in_(MAY_TEACH),
        Enrolment.context_id.in_(placed),
    )
    return frozenset(await db.scalars(query))


async def share_of_course(db: AsyncSession, user_id: UUID, course_id: UUID) -> ShareRight | None:
    """The right to a Course that its owner gave this person."""
    query = select(Share.right).where(Share.course_id == course_id, Share.user_id == user_id)
    return await db.scalar(query)


async def share_of_image(db: AsyncSession, user_id: UUID, image_id: UUID) -> ShareRight | None:
    """The right to an Image that its owner gave this person."""
    query = select(Share.right).where(Share.image_id == image_id, Share.user_id == user_id)
    return await db.scalar(query)


def course_owned(user_id: UUID) -> ColumnElement[bool]:
    """Courses of this person's own."""
    return and_(Course.owner_id == user_id, Course.is_trial.is_(False))


def course_shared(user_id: UUID, *rights: ShareRight) -> ColumnElement[bool]:
    """Courses shared with this person, with one of these rights (default: to see or change)."""
    return (
        exists()
        .where(
            Share.course_id == Course.id,
            Share.user_id == user_id,
            Share.right.in_(rights or _VIEW),
        )
        .correlate(Course)
    )


def course_taught(user_id: UUID) -> ColumnElement[bool]:
    """Courses placed in a course space where this person teaches."""
    return (
        exists()
        .where(
            ResourceLink.course_id == Course.id,
            ResourceLink.context_id == Enrolment.context_id,
            Enrolment.user_id == user_id,
            Enrolment.role.in_(MAY_TEACH),
        )
        .correlate(Course)
    )


def course_editable(user_id: UUID) -> ColumnElement[bool]:
    """Courses that this person may change."""
    return or_(course_owned(user_id), course_shared(user_id, ShareRight.EDIT))


def course_visible(user_id: UUID) -> ColumnElement[bool]:
    """Courses whose settings this person may read."""
    return or_(course_owned(user_id), course_shared(user_id), course_taught(user_id))


def image_owned(user_id: UUID) -> ColumnElement[bool]:
    """Images of this person's own."""
    return Image.owner_id == user_id


def image_shared(user_id: UUID) -> ColumnElement[bool]:
    """Images shared with this person."""
    return (
        exists()
        .where(Share.image_id == Image.id, Share.user_id == user_id, Share.right.in_(_VIEW))
        .correlate(Image)
    )


def image_public() -> ColumnElement[bool]:
    """Images that an operator opened to all teachers; the catalogue's have a list of their own."""
    return Image.catalogue_entry.is_(None) & (Image.visibility == Visibility.PUBLIC)


def image_of_catalogue() -> ColumnElement[bool]:
    """The platform's own Images of which a Build succeeded."""
    return Image.catalogue_entry.is_not(None) & Image.ready_build_id.is_not(None)
