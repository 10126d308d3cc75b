"""HTTP endpoints of machines that Terraform makes, from the orchestrator."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.machines import (
    MAX_TOKEN,
    MIN_TOKEN,
    JoinInvitation,
    MachineRun,
    MachineRunDetail,
    PoolScaling,
    RunSort,
    ScalingState,
)
from mydocker_kit.contracts.orchestrator.pools import PoolName
from mydocker_kit.errors import JoinRefused
from mydocker_kit.etags import etag_of
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.web.dependencies import bearer
from mydocker_kit.web.preconditions import IfMatchOrNew, edit_responses

from ..deps import Operator, Orchestrator, Paged

log = get_logger()
router = APIRouter(prefix="/api", tags=["capacity"])


@router.get("/pools/{name}/scaling")
async def get_scaling(
    name: PoolName, operator: Operator, orchestrator: Orchestrator
) -> ScalingState:
    """How machines of a pool are made, those that are there, and what they cost this month."""
    return await orchestrator.scaling(name)


@router.put("/pools/{name}/scaling", responses=edit_responses())
async def put_scaling(
    name: PoolName,
    scaling: PoolScaling,
    operator: Operator,
    if_match: IfMatchOrNew,
    orchestrator: Orchestrator,
    response: Response,
) -> PoolScaling:
    """Say how machines of a pool are made. `enabled: false` stops everything at once.

    What exists then stays, and goes on costing, until it is switched on again.
    """
    stored = await orchestrator.put_scaling(name, scaling, new=if_match is None, if_match=if_match)
    log.info("pool.scaling_written", pool=name, operator=operator.id, enabled=stored.enabled)
    response.headers["ETag"] = etag_of(stored)
    return stored


@router.get("/pools/{name}/machine-runs")
async def list_machine_runs(
    name: PoolName,
    operator: Operator,
    orchestrator: Orchestrator,
    paging: Paged,
    sort: RunSort = RunSort.NEWEST,
) -> Page[MachineRun]:
    """Runs of Terraform for a pool; `search` looks at machines and at what went wrong."""
    return paging.of_remote(await orchestrator.machine_runs(name, paging.remote(), sort))


@router.get("/pools/{name}/machine-runs/{id}")
async def get_machine_run(
    name: PoolName, id: UUID, operator: Operator, orchestrator: Orchestrator
) -> MachineRunDetail:
    """One run with the plan and the log of Terraform; tokens are left out."""
    return await orchestrator.machine_run(name, id)


@router.post("/machine-joins")
async def join_machine(request: Request, orchestrator: Orchestrator) -> JoinInvitation:
    """Let a new machine join, once: its bearer token is the one that Terraform gave it."""
    token = bearer(request)
    if not MIN_TOKEN <= len(token) <= MAX_TOKEN:
        raise JoinRefused
    return await orchestrator.join_machine(token)
