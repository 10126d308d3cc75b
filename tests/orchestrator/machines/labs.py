"""A pool of machines that are files, and an orchestrator that may be started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr
from tests.orchestrator.machines.provider import (
    MODULES,
    POOL,
    FileMachines,
    FileNodes,
    labs,
    plan_of,
    ready,
    scaling,
)
from tests.orchestrator.running import Run, Running
from tests.support.waiting import until

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.machines import (
    MachineRunDetail,
    RunOutcome,
    ScalingState,
)
from mydocker_orchestrator.settings import Settings


class Labs:
    """A pool of machines that are files, and an orchestrator that may be started again."""

    def __init__(self, run: Run, settings: Settings, folder: Path) -> None:
        self.folder, self.swarm = folder, FileMachines(folder)
        self._run = run
        self._settings = settings.model_copy(
            update={
                "terraform_modules": str(MODULES),
                "terraform_folder": str(folder / "terraform"),
                "machine_settings": SecretStr("{}"),
            }
        )

    @asynccontextmanager
    async def started(self) -> AsyncIterator[Running]:
        nodes = FileNodes(self.swarm)
        async with self._run(self._settings, swarm=self.swarm, machine_nodes=nodes) as running:
            yield running

    @asynccontextmanager
    async def scaled(self, machines: int) -> AsyncIterator[Running]:
        """With scaling switched on, and a need for so many machines now."""
        async with self.started() as running:
            await running.client.put_pool(POOL, labs())
            await running.client.put_scaling(POOL, scaling(self.folder), new=True)
            await self.need(running, machines)
            yield running

    async def need(self, running: Running, machines: int) -> None:
        await running.client.put_machine_plan(POOL, plan_of(machines, utc_now()))

    def hold(self) -> None:
        """The provider takes its time until `release`."""
        (self.folder / "wait").touch()

    def release(self) -> None:
        (self.folder / "wait").unlink()

    async def until(self, running: Running, count: int) -> ScalingState:
        """When exactly so many are ready, and no other is there."""

        async def seen() -> ScalingState | None:
            shown = await running.client.scaling(POOL)
            whole = len(shown.machines) == len(ready(shown)) == count
            return shown if whole and len(self.swarm.made) == count else None

        return await until(seen, f"{count} machines to be ready, and no other to be there")

    async def run_with(self, running: Running, outcome: RunOutcome) -> MachineRunDetail:
        """The newest run that ended so."""

        async def seen() -> MachineRunDetail | None:
            page = await running.client.machine_runs(POOL, {})
            ids = [item.id for item in page.items if item.outcome is outcome]
            return await running.client.machine_run(POOL, ids[0]) if ids else None

        return await until(seen, f"a run to be {outcome}")
