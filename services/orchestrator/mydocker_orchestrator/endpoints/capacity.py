"""Pools and nodes: what is free, and what an operator changes."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.pools import Node, NodeChange, Pool, PoolName, PoolState
from mydocker_kit.contracts.values import Instant, Opaque
from mydocker_kit.dependencies import Db, Now, calling_service
from mydocker_kit.errors import Invalid

from ..capacity import pools
from ..deps import Room

router = APIRouter(tags=["capacity"], dependencies=[Depends(calling_service)])


class OtherName(Invalid):
    """The name in the address and the one in the body differ."""

    code = "pool_name_differs"


@router.get("/pools")
async def list_pools(room: Room) -> list[PoolState]:
    """Every pool (at most a hundred) and what is free in it."""
    return await room.pool_states()


@router.put("/pools/{name}")
async def put_pool(
    name: PoolName,
    pool: Pool,
    room: Room,
    db: Db,
    now: Now,
    new: bool = False,
    seen: Instant | None = None,
) -> Pool:
    """Make or change a pool; refused where it is not `new`, or no longer as `seen`."""
    if name != pool.name:
        raise OtherName
    room.check(pool)
    return await pools.put_pool(db, pool, now, new=new, seen=seen)


@router.delete("/pools/{name}", status_code=204)
async def remove_pool(name: PoolName, room: Room) -> None:
    """Forget a pool without machines and environments; one that is gone is no error."""
    await room.remove(name)


@router.get("/nodes")
async def list_nodes(
    room: Room,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[Node]:
    """Every machine of the Swarm, by name."""
    nodes = await room.node_list()
    items = nodes[(page - 1) * page_size : page * page_size]
    return Page(items=items, total=len(nodes), page=page, page_size=page_size)


@router.patch("/nodes/{id}", status_code=204)
async def change_node(
    id: Annotated[str, Opaque(max_length=64)], change: NodeChange, room: Room
) -> None:
    """Drain, pause, activate, or label into a pool."""
    await room.change(id, change)
