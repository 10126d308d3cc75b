"""Pools and nodes, for operators, from the orchestrator."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.pools import Node, NodeChange, Pool, PoolName, PoolState
from mydocker_kit.contracts.values import Instant
from mydocker_kit.problems import responses

from ..deps import Db, Operator, Orchestrator, Paged
from . import service

router = APIRouter(
    prefix="/api", tags=["capacity"], responses=responses(401, 403, 404, 409, 422, 503)
)
NodeId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,64}$")]
New = Annotated[bool, Query(description="Refuse (`pool_exists`) where there is one of this name")]
Seen = Annotated[
    Instant | None,
    Query(description="Refuse (`pool_changed`) where its `changed_at` is another by now"),
]


@router.get("/pools")
async def list_pools(operator: Operator, orchestrator: Orchestrator) -> list[PoolState]:
    """Every pool (at most a hundred), what it gives and what is free in it."""
    return await orchestrator.pools()


@router.put("/pools/{name}")
async def put_pool(
    name: PoolName,
    pool: Pool,
    operator: Operator,
    orchestrator: Orchestrator,
    db: Db,
    new: New = False,
    seen: Seen = None,
) -> Pool:
    """Make or change a pool; environments that run keep what they have until their next start."""
    return await service.put_pool(db, orchestrator, operator, name, pool, new=new, seen=seen)


@router.delete("/pools/{name}", status_code=204)
async def remove_pool(
    name: PoolName, operator: Operator, orchestrator: Orchestrator, db: Db
) -> None:
    """Forget a pool; refused while a course, a machine or an environment is in it.

    One that is not there is no error.
    """
    await service.remove_pool(db, orchestrator, operator, name)


@router.get("/nodes")
async def list_nodes(operator: Operator, orchestrator: Orchestrator, paging: Paged) -> Page[Node]:
    """Every machine, what is free on it, and whether anything is put there."""
    return await orchestrator.nodes(paging.page, paging.page_size)


@router.patch("/nodes/{id}", status_code=204)
async def change_node(
    id: NodeId, change: NodeChange, operator: Operator, orchestrator: Orchestrator
) -> None:
    """Drain, pause, activate, or label into a pool. Draining ends what runs there."""
    await orchestrator.change_node(id, change)
