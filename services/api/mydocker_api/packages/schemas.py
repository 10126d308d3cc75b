"""Packages of Builds as operators search them."""

from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.builder.packages import ImagePackage


class PackageUse(BaseModel):
    """A Build that contains a package."""

    package: ImagePackage
    build_id: UUID
    build_number: int
    image_id: UUID
    image_title: str | None
    """None: the Image was deleted; its Builds stay in the registry."""
    owner_name: str | None
    courses: int
    """How many Courses run this Build."""
