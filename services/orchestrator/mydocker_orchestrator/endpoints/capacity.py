"""HTTP endpoints of pools and nodes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.pools import Node, NodeChange, Pool, PoolName, PoolState
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.dependencies import Db, Now, calling_service
from mydocker_kit.errors import Invalid
from mydocker_kit.preconditions import OptionalPrecondition

from ..capacity import pools
from ..deps import CapacityService

router = APIRouter(tags=["capacity"], dependencies=[Depends(calling_service)])


class PoolNameDiffers(Invalid):
    """The names in the path and in the body differ."""

    code = "pool_name_differs"


@router.get("/pools")
async def list_pools(capacity: CapacityService) -> list[PoolState]:
    """List all pools (at most a hundred) with their free resources."""
    return await capacity.pool_states()


@router.get("/pools/{name}")
async def get_pool(name: PoolName, capacity: CapacityService) -> PoolState:
    """Read one pool with its free resources."""
    return await capacity.pool_state(name)


@router.put("/pools/{name}")
async def put_pool(
    name: PoolName,
    pool: Pool,
    capacity: CapacityService,
    db: Db,
    now: Now,
    expected: OptionalPrecondition,
) -> Pool:
    """Create or change a pool, if it is as expected."""
    if name != pool.name:
        raise PoolNameDiffers
    capacity.check(pool)
    return await pools.put_pool(db, pool, now, new=expected.is_new, if_match=expected.if_match)


@router.delete("/pools/{name}", status_code=204)
async def remove_pool(
    name: PoolName, capacity: CapacityService, expected: OptionalPrecondition
) -> None:
    """Remove a pool without machines and environments, if it is as expected. Idempotent."""
    await capacity.remove(name, expected.if_match)


@router.get("/nodes")
async def list_nodes(
    capacity: CapacityService,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Node]:
    """List the machines of the Swarm, by name."""
    nodes = await capacity.node_list()
    items = nodes[(page - 1) * page_size : page * page_size]
    return Page(items=items, total=len(nodes), page=page, page_size=page_size)


@router.patch("/nodes/{id}", status_code=204)
async def change_node(
    id: Annotated[str, Opaque(max_length=64)], change: NodeChange, capacity: CapacityService
) -> None:
    """Drain, pause or activate a node, or move it to another pool."""
    await capacity.change(id, change)
