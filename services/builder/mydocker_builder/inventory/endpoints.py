"""HTTP endpoints about what builds contain, for other services only."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryCoverage,
    PackageHit,
    PackageSort,
)
from mydocker_kit.contracts.values import Text
from mydocker_kit.web.dependencies import Db, Now, Paged, calling_service

from .. import service
from . import cyclonedx, queries

router = APIRouter(dependencies=[Depends(calling_service)], tags=["packages"])


@router.get("/builds/{id}/inventory")
async def get_inventory(id: UUID, db: Db) -> BuildInventory:
    """Show how much is known of what a build contains."""
    await service.show(db, id)
    return await queries.inventory_of(db, id)


@router.get("/builds/{id}/packages")
async def list_packages(
    id: UUID, db: Db, paging: Paged, sort: PackageSort = PackageSort.NAME
) -> Page[ImagePackage]:
    """List the packages of a build."""
    read = await queries.packages_of(db, id, paging, sort)
    return paging.answer([queries.package_of(row) for (row,) in read.rows], read)


@router.get("/builds/{id}/sbom")
async def get_sbom(id: UUID, db: Db, now: Now) -> dict[str, Any]:
    """Show what a build contains as CycloneDX 1.5."""
    status = await service.show(db, id)
    inventory = await queries.inventory_of(db, id)
    packages = await queries.all_packages(db, id)
    return cyclonedx.document(inventory, status.reference or str(id), packages, now)


@router.get("/packages")
async def list_builds_with(
    db: Db,
    paging: Paged,
    name: Annotated[str, Text(min_length=1, max_length=200), Query()],
    version: Annotated[str, Text(max_length=200), Query()] = "",
    sort: PackageSort = PackageSort.NAME,
) -> Page[PackageHit]:
    """List packages of this name, of all builds."""
    read = await queries.builds_with(db, name, version, paging, sort)
    hits = [
        PackageHit(
            build_id=build.id,
            image_id=build.image_id,
            number=build.number,
            package=queries.package_of(row),
        )
        for row, build in read.rows
    ]
    return paging.answer(hits, read)


@router.get("/inventories/coverage")
async def get_coverage(db: Db) -> InventoryCoverage:
    """Count the published builds by how much is known of them."""
    return await queries.coverage(db)
