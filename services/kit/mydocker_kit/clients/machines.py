"""Calls to the orchestrator about the machines that Terraform makes."""

from urllib.parse import quote
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.base import Page
from ..contracts.cursors import Parameters
from ..contracts.orchestrator.machines import (
    JoinInvitation,
    MachinePlan,
    MachineRun,
    MachineRunDetail,
    PoolScaling,
    RunSort,
    ScalingState,
    ScalingSummary,
)
from ..etags import IfMatch
from ..http import ServiceClient

_SUMMARIES = TypeAdapter(list[ScalingSummary])
_RUNS = TypeAdapter(Page[MachineRun])


class MachineCalls:
    """How many machines a pool needs, and what was done for it."""

    def __init__(self, service: ServiceClient) -> None:
        self._service = service

    async def scaling_summaries(self) -> list[ScalingSummary]:
        """What planning has to know of pools whose machines Terraform makes."""
        response = await self._service.call("GET", "/scaling")
        return _SUMMARIES.validate_json(response.content)

    async def scaling(self, pool: str) -> ScalingState:
        """How machines of a pool are made; `NotFound` (`pool_unknown`)."""
        response = await self._service.call("GET", f"/pools/{quote(pool, safe='')}/scaling")
        return ScalingState.model_validate_json(response.content)

    async def put_scaling(
        self,
        pool: str,
        scaling: PoolScaling,
        *,
        new: bool = False,
        if_match: IfMatch | None = None,
    ) -> PoolScaling:
        """Say how machines of a pool are made; conditions as of `put_pool`."""
        response = await self._service.call(
            "PUT",
            f"/pools/{quote(pool, safe='')}/scaling",
            headers={"If-None-Match": "*"} if new else conditions(if_match),
            json=scaling.model_dump(mode="json"),
        )
        return PoolScaling.model_validate_json(response.content)

    async def put_machine_plan(self, pool: str, plan: MachinePlan) -> None:
        """Say how many machines a pool needs over time."""
        path = f"/pools/{quote(pool, safe='')}/machine-plan"
        await self._service.call("PUT", path, json=plan.model_dump(mode="json"))

    async def machine_runs(
        self, pool: str, asked: Parameters, sort: RunSort = RunSort.NEWEST
    ) -> Page[MachineRun]:
        """Runs of Terraform for a pool."""
        path = f"/pools/{quote(pool, safe='')}/machine-runs"
        response = await self._service.call("GET", path, params={**asked, "sort": sort.value})
        return _RUNS.validate_json(response.content)

    async def machine_run(self, pool: str, id: UUID) -> MachineRunDetail:
        """One run with its plan and log."""
        path = f"/pools/{quote(pool, safe='')}/machine-runs/{id}"
        response = await self._service.call("GET", path)
        return MachineRunDetail.model_validate_json(response.content)

    async def join_machine(self, token: str) -> JoinInvitation:
        """What the machine of this one-time token needs to join."""
        body = {"token": token}
        response = await self._service.call("POST", "/machine-joins", tries=1, json=body)
        return JoinInvitation.model_validate_json(response.content)


def conditions(versions: IfMatch | None) -> dict[str, str]:
    """The header of a change that only these versions admit."""
    return {"If-Match": str(versions)} if versions else {}
