"""HTTP endpoints of machines that Terraform makes."""

from datetime import UTC
from uuid import UUID

from fastapi import APIRouter, Depends

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.machines import (
    JoinInvitation,
    MachineJoin,
    MachinePlan,
    MachineRun,
    MachineRunDetail,
    PoolScaling,
    RunSort,
    ScalingState,
    ScalingSummary,
)
from mydocker_kit.contracts.orchestrator.pools import PoolName
from mydocker_kit.web.dependencies import Paged, calling_service
from mydocker_kit.web.preconditions import OptionalPrecondition

from ..deps import MachineService

router = APIRouter(tags=["machines"], dependencies=[Depends(calling_service)])


@router.get("/scaling")
async def list_scaling(machines: MachineService) -> list[ScalingSummary]:
    """What planning has to know of every pool whose machines Terraform makes."""
    return await machines.summaries()


@router.get("/pools/{name}/scaling")
async def get_scaling(name: PoolName, machines: MachineService) -> ScalingState:
    """How machines of a pool are made, and those that are there."""
    return await machines.state(name)


@router.put("/pools/{name}/scaling")
async def put_scaling(
    name: PoolName,
    scaling: PoolScaling,
    machines: MachineService,
    expected: OptionalPrecondition,
) -> PoolScaling:
    """Say how machines of a pool are made, if that is as expected."""
    return await machines.put(name, scaling, new=expected.is_new, if_match=expected.if_match)


@router.put("/pools/{name}/machine-plan", status_code=204)
async def put_machine_plan(name: PoolName, plan: MachinePlan, machines: MachineService) -> None:
    """Say how many machines a pool needs over time. Idempotent."""
    await machines.follow(name, plan)


@router.get("/pools/{name}/machine-runs")
async def list_machine_runs(
    name: PoolName, machines: MachineService, paging: Paged, sort: RunSort = RunSort.NEWEST
) -> Page[MachineRun]:
    """The newest runs of Terraform for a pool (at most a thousand).

    `search` looks at the names of the machines and at what went wrong.
    """
    searched = paging.search.casefold()
    runs = [run for run in await machines.runs(name) if searched in _words(run)]
    return paging.among(runs, _moment, descending=sort is RunSort.NEWEST)


def _words(run: MachineRun) -> str:
    return " ".join((*run.adding, *run.removing, run.problem)).casefold()


def _moment(run: MachineRun) -> str:
    return f"{run.started_at.astimezone(UTC).isoformat()} {run.id}"


@router.get("/pools/{name}/machine-runs/{id}")
async def get_machine_run(name: PoolName, id: UUID, machines: MachineService) -> MachineRunDetail:
    """One run with its plan and log."""
    return await machines.run(name, id)


@router.post("/machine-joins")
async def join(body: MachineJoin, machines: MachineService) -> JoinInvitation:
    """Let the machine of this token join; a token is good once."""
    return await machines.join(body.token.get_secret_value())
