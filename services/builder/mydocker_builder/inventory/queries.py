"""Stores and reads what builds contain."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.builder.packages import (
    BuildInventory,
    ImagePackage,
    InventoryCoverage,
    InventoryState,
    PackageKind,
    PackageSort,
)
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import Build, BuildPackages, Package
from .reading import Inventory

_ROWS = 5_000
"""In one INSERT: PostgreSQL takes 65,535 parameters, and we have five for a row."""
_NOT_READ = "built before lists of packages were made"


async def store(db: AsyncSession, build_id: UUID, inventory: Inventory, now: datetime) -> None:
    """Replace what is known of a Build. Idempotent."""
    await db.execute(delete(Package).where(Package.build_id == build_id))
    packages = sorted(inventory.packages, key=lambda package: (package.name, package.version))
    await db.merge(
        BuildPackages(
            build_id=build_id,
            state=inventory.state,
            detail=inventory.detail,
            distribution=inventory.distribution,
            packages=len(packages),
            read_at=now,
        )
    )
    rows = [{"build_id": build_id, **package.model_dump()} for package in packages]
    for first in range(0, len(rows), _ROWS):
        await db.execute(insert(Package), rows[first : first + _ROWS])


async def inventory_of(db: AsyncSession, build_id: UUID) -> BuildInventory:
    """How much is known; a Build without a row is unknown."""
    row = await db.get(BuildPackages, build_id)
    if row is None:
        return BuildInventory(build_id=build_id, state=InventoryState.UNKNOWN, detail=_NOT_READ)
    return BuildInventory(
        build_id=build_id,
        state=InventoryState(row.state),
        detail=row.detail,
        distribution=row.distribution,
        packages=row.packages,
        read_at=row.read_at,
    )


async def packages_of(db: AsyncSession, build_id: UUID, paging: Paging, sort: PackageSort) -> Slice:
    """One page of a Build's packages (`Package`); `search` looks at names and versions."""
    query = select(Package).where(Package.build_id == build_id)
    if paging.search:
        text = Package.name + " " + Package.version + " " + Package.source
        query = query.where(text.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, order_of(sort, Package, Key(Package.id)), paging)


async def all_packages(db: AsyncSession, build_id: UUID) -> list[ImagePackage]:
    """Every package of a Build, by name."""
    query = select(Package).where(Package.build_id == build_id)
    rows = await db.scalars(query.order_by(Package.name, Package.version, Package.id))
    return [package_of(row) for row in rows]


async def builds_with(
    db: AsyncSession, name: str, version: str, paging: Paging, sort: PackageSort
) -> Slice:
    """Packages (`Package`, `Build`) of this name, or made from this source, newest Build first.

    A version is matched by its beginning: `3.0.11` is also `3.0.11-1~deb12u2`, not `3.0.110`.
    """
    named = or_(Package.name == name, Package.source == name)
    query = select(Package, Build).join(Build, Build.id == Package.build_id).where(named)
    if version:
        query = query.where(_begins(version))
    return await read_slice(db, query, order_of(sort, Package, Key(Package.id)), paging)


def _begins(version: str) -> ColumnElement[bool]:
    """The whole version, or its beginning up to where another number does not go on."""
    longer = Package.version.startswith(version, autoescape=True)
    following = func.substr(Package.version, len(version) + 1, 1)
    return or_(Package.version == version, longer & following.regexp_match("^[^0-9]"))


async def coverage(db: AsyncSession) -> InventoryCoverage:
    """Of how many published Builds the content is known."""
    state = func.coalesce(BuildPackages.state, InventoryState.UNKNOWN)
    query = (
        select(state, func.count())
        .select_from(Build)
        .outerjoin(BuildPackages, BuildPackages.build_id == Build.id)
        .where(Build.phase == BuildPhase.SUCCEEDED)
        .group_by(state)
    )
    counts = {str(row[0]): int(row[1]) for row in await db.execute(query)}
    return InventoryCoverage(**{state.value: counts.get(state, 0) for state in InventoryState})


def package_of(row: Package) -> ImagePackage:
    """A stored package."""
    return ImagePackage(
        kind=PackageKind(row.kind), name=row.name, version=row.version, source=row.source
    )
