"""Machines of the played orchestrator: settings are kept, nothing is made."""

from collections.abc import Callable
from uuid import UUID

from fastapi import FastAPI, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.machines import (
    JoinInvitation,
    MachineJoin,
    MachinePlan,
    MachineRun,
    PoolScaling,
    ScalingState,
    ScalingSummary,
)

from .service import problem


class FakeMachines:
    """What the orchestrator would answer about Terraform."""

    def __init__(self, app: FastAPI, knows: Callable[[str], bool]) -> None:
        self.summaries: list[ScalingSummary] = []
        self.plans: dict[str, MachinePlan] = {}
        """By pool, as the api sent them last."""
        self.settings: dict[str, PoolScaling] = {}
        self.tokens: dict[str, str] = {}
        """Names of machines that may join, by their token."""
        self._knows = knows
        self._add_settings(app)
        self._add_runs(app)

    def _add_settings(self, app: FastAPI) -> None:
        @app.get("/scaling")
        async def summaries() -> list[ScalingSummary]:
            return self.summaries

        @app.get("/pools/{name}/scaling", response_model=None)
        async def state(name: str) -> ScalingState | Response:
            if not self._knows(name):
                return problem(404, "pool_unknown")
            settings = self.settings.get(name)
            return ScalingState(scaling=settings, modules=("openstack",), command="OpenTofu v1.9.0")

        @app.put("/pools/{name}/scaling", response_model=None)
        async def put(name: str, settings: PoolScaling) -> PoolScaling | Response:
            if not self._knows(name):
                return problem(404, "pool_unknown")
            self.settings[name] = settings
            return settings

        @app.put("/pools/{name}/machine-plan", status_code=204)
        async def plan(name: str, plan: MachinePlan) -> None:
            self.plans[name] = plan

    def _add_runs(self, app: FastAPI) -> None:
        @app.get("/pools/{name}/machine-runs")
        async def runs(name: str, page: int = 1, page_size: int = 50) -> Page[MachineRun]:
            return Page(items=[], total=0, page=page, page_size=page_size)

        @app.get("/pools/{name}/machine-runs/{id}", response_model=None)
        async def run(name: str, id: UUID) -> Response:
            return problem(404, "machine_run_unknown")

        @app.post("/machine-joins", response_model=None)
        async def join(body: MachineJoin) -> JoinInvitation | Response:
            name = self.tokens.pop(body.token.get_secret_value(), None)
            if name is None:
                return problem(403, "join_token_refused")
            return JoinInvitation(
                name=name, manager="10.0.0.1:2377", swarm_token="SWMTKN", settings="{}"
            )
