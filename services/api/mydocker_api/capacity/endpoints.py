"""Pools and nodes, for operators, from the orchestrator."""

from typing import Annotated

from fastapi import APIRouter, Path, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.pools import (
    Node,
    NodeChange,
    NodeSort,
    Pool,
    PoolName,
    PoolState,
)
from mydocker_kit.etags import etag_of
from mydocker_kit.web.preconditions import (
    IfMatchOrNew,
    RequiredIfMatch,
    edit_responses,
    tagged,
    with_etag,
)

from ..deps import Db, Operator, Orchestrator, Paged
from . import service

router = APIRouter(prefix="/api", tags=["capacity"])
NodeId = Annotated[str, Path(pattern=r"^[a-z0-9]{1,64}$")]


@router.get("/pools")
async def list_pools(operator: Operator, orchestrator: Orchestrator) -> list[PoolState]:
    """Every pool (at most a hundred), what it gives and what is free in it."""
    return await orchestrator.pools()


@router.get("/pools/{name}", responses=with_etag())
async def get_pool(
    name: PoolName, operator: Operator, orchestrator: Orchestrator, response: Response
) -> PoolState:
    """One pool, what it gives and what is free in it."""
    return tagged(response, await orchestrator.pool(name))


@router.put("/pools/{name}", responses=edit_responses())
async def put_pool(
    name: PoolName,
    pool: Pool,
    operator: Operator,
    if_match: IfMatchOrNew,
    orchestrator: Orchestrator,
    db: Db,
    response: Response,
) -> Pool:
    """Make or change a pool; environments that run keep what they have until their next start."""
    stored = await service.put_pool(db, orchestrator, operator, name, pool, if_match=if_match)
    response.headers["ETag"] = etag_of(stored)
    return stored


@router.delete("/pools/{name}", status_code=204, responses=edit_responses(204))
async def remove_pool(
    name: PoolName,
    operator: Operator,
    if_match: RequiredIfMatch,
    orchestrator: Orchestrator,
    db: Db,
) -> None:
    """Forget a pool; refused while a course, a machine or an environment is in it.

    One that is not there is no error.
    """
    await service.remove_pool(db, orchestrator, operator, name, if_match)


@router.get("/nodes")
async def list_nodes(
    operator: Operator, orchestrator: Orchestrator, paging: Paged, sort: NodeSort = NodeSort.NAME
) -> Page[Node]:
    """Every machine, what is free on it, and whether anything is put there."""
    return paging.of_remote(await orchestrator.nodes(paging.remote(), sort))


@router.patch("/nodes/{id}", status_code=204)
async def change_node(
    id: NodeId, change: NodeChange, operator: Operator, orchestrator: Orchestrator
) -> None:
    """Drain, pause, activate, or label into a pool. Draining ends what runs there."""
    await orchestrator.change_node(id, change)
