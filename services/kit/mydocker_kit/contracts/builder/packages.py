"""What an image contains: its packages, as the image's own records name them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Printed


class PackageKind(StrEnum):
    """Whose package it is: the types of package URLs (purl)."""

    DEB = "deb"
    APK = "apk"
    PYPI = "pypi"
    NPM = "npm"
    CONDA = "conda"
    CRAN = "cran"


class InventoryState(StrEnum):
    """How much is known of what an image contains. Only `complete` lets an absence count."""

    COMPLETE = "complete"
    """Every record of a known kind was read. Programs copied without a record are in no list."""
    PARTIAL = "partial"
    """Records were there that could not be read; `detail` says which."""
    UNKNOWN = "unknown"
    """Nothing was read: built before lists were made, or reading failed."""


class ImagePackage(Contract):
    """One package of an image."""

    kind: PackageKind
    name: Annotated[Printed, Field(max_length=200)]
    version: Annotated[Printed, Field(max_length=200)]
    source: Annotated[Printed, Field(max_length=200)] = ""
    """The source package that it was made from, where its record names another one."""


class BuildInventory(Contract):
    """How much is known of what a Build contains."""

    build_id: UUID
    state: InventoryState
    detail: Printed = ""
    """Why the list is not complete, in English."""
    distribution: Printed = ""
    """`debian 12`, as the image says; empty: it does not."""
    packages: int = 0
    read_at: datetime | None = None


class PackageSort(StrEnum):
    """Order of the packages of a Build."""

    NAME = "name"
    NAME_BACKWARDS = "-name"


class PackageHit(Contract):
    """A package of some Build."""

    build_id: UUID
    image_id: UUID
    number: int
    """Of the Build."""
    package: ImagePackage


class InventoryCoverage(Contract):
    """Of how many published Builds the content is known."""

    complete: int
    partial: int
    unknown: int
