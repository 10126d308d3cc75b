"""What Builds contain: for those who may use them, and a search over all for operators."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryCoverage,
    PackageSort,
)
from mydocker_kit.contracts.values import Text

from ..deps import Builder, CurrentPerson, Db, Operator, Paged
from ..images.builds import check_build_is_usable
from ..images.endpoints import UsableBuild
from . import service
from .schemas import PackageUse

router = APIRouter(prefix="/api", tags=["images"])


@router.get("/builds/{build_id}/inventory")
async def get_build_inventory(build_id: UsableBuild, builder: Builder) -> BuildInventory:
    """How much is known of what a Build contains. `unknown` and `partial` never mean clean."""
    return await builder.inventory(build_id)


@router.get("/builds/{build_id}/packages")
async def list_build_packages(
    build_id: UUID,
    person: CurrentPerson,
    db: Db,
    builder: Builder,
    paging: Paged,
    sort: PackageSort = PackageSort.NAME,
) -> Page[ImagePackage]:
    """Packages of a Build; `search` looks at names and versions."""
    await check_build_is_usable(db, person, build_id)
    return paging.of_remote(await builder.packages(build_id, paging.remote(), sort))


@router.get("/builds/{build_id}/sbom")
async def get_build_sbom(build_id: UsableBuild, builder: Builder) -> dict[str, Any]:
    """What a Build contains, as a CycloneDX 1.5 document (SBOM)."""
    return await builder.sbom(build_id)


@router.get("/packages")
async def list_package_uses(
    _: Operator,
    db: Db,
    builder: Builder,
    paging: Paged,
    name: Annotated[str, Text(min_length=1, max_length=200), Query()],
    version: Annotated[str, Text(max_length=200), Query()] = "",
    sort: PackageSort = PackageSort.NAME,
) -> Page[PackageUse]:
    """Which Builds contain a package of this name, or one made from this source package.

    `version` is a whole version or its beginning. Builds whose content is not known are in no
    answer: `/api/package-coverage` counts them.
    """
    return await service.builds_with(db, builder, name, version, paging, sort)


@router.get("/package-coverage")
async def get_package_coverage(_: Operator, builder: Builder) -> InventoryCoverage:
    """Of how many published Builds the content is known, in part or not at all."""
    return await builder.inventory_coverage()
