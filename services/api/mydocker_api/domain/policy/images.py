"""What people may do with an Image."""

from enum import StrEnum
from uuid import UUID

from .people import MayDo, Person, may_do


class ImageCan(StrEnum):
    """What this person may do with this Image."""

    EDIT = "edit"
    BUILD = "build"
    DELETE = "delete"


def image_can(person: Person, owner_id: UUID, *, used_by: int) -> list[ImageCan]:
    """What the person may do with an Image."""
    if person.id != owner_id:
        return []
    rights = [ImageCan.EDIT]
    if MayDo.BUILD_IMAGES in may_do(person):
        rights.append(ImageCan.BUILD)
    return rights if used_by else [*rights, ImageCan.DELETE]
