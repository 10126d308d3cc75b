"""HTTP endpoints of pools and nodes."""

from typing import Annotated

from fastapi import APIRouter, Depends

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.pools import (
    Node,
    NodeChange,
    NodeSort,
    Pool,
    PoolName,
    PoolState,
)
from mydocker_kit.contracts.values import Opaque
from mydocker_kit.errors import Invalid
from mydocker_kit.web.dependencies import Db, Now, Paged, calling_service
from mydocker_kit.web.preconditions import OptionalPrecondition

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


def _sort_text(node: Node) -> str:
    return f"{node.name} {node.id}"  # two machines may have one name


@router.get("/nodes")
async def list_nodes(
    capacity: CapacityService,
    paging: Paged,
    sort: NodeSort = NodeSort.NAME,
) -> Page[Node]:
    """List the machines of the Swarm; `search` looks at their names."""
    searched = paging.search.casefold()
    nodes = [node for node in await capacity.node_list() if searched in node.name.casefold()]
    return paging.among(nodes, _sort_text, descending=sort is NodeSort.NAME_BACKWARDS)


@router.patch("/nodes/{id}", status_code=204)
async def change_node(
    id: Annotated[str, Opaque(max_length=64)], change: NodeChange, capacity: CapacityService
) -> None:
    """Drain, pause or activate a node, or move it to another pool."""
    await capacity.change(id, change)
