"""Pools and nodes, for operators; asked of the orchestrator, which alone knows them."""

from typing import Annotated

from fastapi import APIRouter, Path

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.pools import Node, NodeChange, Pool, PoolState
from mydocker_kit.problems import responses

from ..deps import Db, Operator, Orchestrator, Paged
from ..pools.queries import keep

router = APIRouter(prefix="/api", tags=["capacity"], responses=responses(401, 403, 404, 422, 503))
NodeId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,64}$")]


@router.get("/pools")
async def list_pools(operator: Operator, orchestrator: Orchestrator) -> list[PoolState]:
    """Every pool (at most a hundred), what it gives and what is free in it."""
    return await orchestrator.pools()


@router.put("/pools/{name}")
async def put_pool(
    name: str, pool: Pool, operator: Operator, orchestrator: Orchestrator, db: Db
) -> Pool:
    """Make or change a pool; environments that run are left as they are."""
    kept = await orchestrator.put_pool(name, pool)
    await keep(db, [kept], whole=False)
    return kept


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
