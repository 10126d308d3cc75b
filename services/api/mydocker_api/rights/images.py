"""The relation of a person to one Image, and the Image for those who may read or change it."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Forbidden, NotFound

from ..domain import policy
from ..domain.policy import ImageRelation, Person
from ..models import Image
from . import queries


async def relation_to(db: AsyncSession, person: Person, image: Image) -> ImageRelation:
    """How the person is related to the Image."""
    share = await queries.share_of_image(db, person.id, image.id)
    return policy.image_relation(person, image.owner_id, share=share, is_public=image.is_public)


async def usable_image(
    db: AsyncSession, person: Person, image_id: UUID, *, lock: bool = False
) -> tuple[Image, ImageRelation]:
    """An Image that the person may read and use; for others it does not exist."""
    image = await db.get(Image, image_id, with_for_update=lock)
    if image is not None:
        relation = await relation_to(db, person, image)
        if policy.may_use(relation):
            return image, relation
    raise NotFound(f"image {image_id}")


async def editable_image(
    db: AsyncSession, person: Person, image_id: UUID, *, lock: bool = False
) -> tuple[Image, ImageRelation]:
    """An Image that the person may change.

    Raises `Forbidden` for those who may only read it; for others it does not exist.
    """
    image, relation = await usable_image(db, person, image_id, lock=lock)
    if not policy.may_change(relation):
        raise Forbidden(f"image {image_id} may be read, not changed")
    return image, relation
