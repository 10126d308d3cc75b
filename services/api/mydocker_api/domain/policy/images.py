"""What people may do with an Image."""

from enum import StrEnum
from uuid import UUID

from .people import MayDo, Person, may_do, may_prepare_images
from .sharing import ShareRight


class ImageCan(StrEnum):
    """What this person may do with this Image."""

    EDIT = "edit"
    BUILD = "build"
    DELETE = "delete"
    SHARE = "share"
    """Say who else may use or change it, and hand it over."""


class ImageRelation(StrEnum):
    """Relation of a person to an Image, closest first."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"
    STRANGER = "stranger"


_BY_SHARE: dict[ShareRight | None, ImageRelation] = {
    ShareRight.EDIT: ImageRelation.EDITOR,
    ShareRight.VIEW: ImageRelation.VIEWER,
}


def image_relation(
    person: Person, owner_id: UUID, *, share: ShareRight | None = None, is_public: bool = False
) -> ImageRelation:
    """Relation of the person to an Image of `owner_id`; a public one is every teacher's to use."""
    if person.id == owner_id:
        return ImageRelation.OWNER
    if share in _BY_SHARE:
        return _BY_SHARE[share]
    if is_public and may_prepare_images(person):
        return ImageRelation.VIEWER
    return ImageRelation.STRANGER


def may_use(relation: ImageRelation) -> bool:
    """May read the Image and its Builds, and choose one for a Course."""
    return relation is not ImageRelation.STRANGER


def may_change(relation: ImageRelation) -> bool:
    """May change the recipe; a Build also needs the approval to build."""
    return relation in (ImageRelation.OWNER, ImageRelation.EDITOR)


def image_can(person: Person, relation: ImageRelation, *, used_by: int) -> list[ImageCan]:
    """What the person may do with an Image."""
    if not may_change(relation):
        return []
    rights = [ImageCan.EDIT]
    if MayDo.BUILD_IMAGES in may_do(person):
        rights.append(ImageCan.BUILD)
    if relation is not ImageRelation.OWNER:
        return rights
    return [*rights, ImageCan.SHARE] if used_by else [*rights, ImageCan.DELETE, ImageCan.SHARE]
