"""A provider of machines for tests: the real Terraform writes files, a fake Swarm shows nodes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Running

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.cordons import Cordon
from mydocker_kit.contracts.orchestrator.machines import (
    MachineNeed,
    MachinePlan,
    PoolScaling,
    ScalingState,
)
from mydocker_kit.contracts.orchestrator.pools import Pool, PoolGrowth, Storage
from mydocker_orchestrator.domain.observed_state import ObservedNode
from mydocker_orchestrator.machines.nodes import NodeReport, SwarmEntry

MODULES = Path(__file__).parent / "modules"
POOL = "labs"
HOUR = timedelta(hours=1)


class MachineClock:
    """The time of now, moved on by tests."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return utc_now() + self.ahead


class FileMachines(FakeSwarm):
    """A Swarm whose nodes are the machines that Terraform made; `MachineNodes` as well."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder
        (folder / "machines").mkdir()
        self.joins = True
        """Whether new machines join the Swarm by themselves."""
        self.failing = ""
        """What the checks of machines find."""
        self.admitted: dict[str, str] = {}
        """Pool by name, of nodes that take environments."""
        self.cordons: dict[str, Cordon] = {}
        self.unreached: set[str] = set()
        self.joined: set[str] = set()
        self.left: list[str] = []
        """Names of nodes that were removed from the Swarm."""

    @property
    def made(self) -> set[str]:
        return {path.name for path in (self.folder / "machines").iterdir()}

    def _nodes(self) -> list[ObservedNode]:
        if self.joins:
            self.joined |= self.made
        self.others = [self._node(name) for name in sorted(self.joined)]
        return super()._nodes()

    def _node(self, name: str) -> ObservedNode:
        is_reached = name in self.made and name not in self.unreached
        is_admitted = name in self.admitted
        return ObservedNode(
            id=name,
            name=name,
            pool=self.admitted.get(name, "default"),
            usable=is_reached and is_admitted,
            reachable=is_reached,
            admitted=is_admitted,
            cordon=self.cordons.get(name),
            cpu=4,
            memory_mib=8192,
        )

    async def cordon_node(self, id: str, cordon: Cordon) -> None:
        self._answer()
        self.cordons[id] = cordon
        self.admitted.pop(id, None)

    async def report(self, id: str) -> NodeReport:
        return NodeReport(self.failing)

    async def admit(self, id: str, pool: str, report: NodeReport) -> None:
        self.cordons.pop(id, None)
        self.admitted[id] = pool

    async def remove_machine(self, id: str) -> None:
        self.joined.discard(id)
        self.left.append(id)

    async def entry(self) -> SwarmEntry:
        return SwarmEntry("192.0.2.1:2377", "SWMTKN-1-worker")


class FileNodes:
    """`MachineNodes` of the same; its `remove` is another than the Swarm's of services."""

    def __init__(self, machines: FileMachines) -> None:
        self._machines = machines
        self.report, self.admit = machines.report, machines.admit
        self.remove, self.entry = machines.remove_machine, machines.entry

    async def aclose(self) -> None:
        return


def scaling(folder: Path, **changes: Any) -> PoolScaling:
    usual = PoolScaling(
        enabled=True,
        module="files",
        variables={"folder": str(folder)},
        keep_minutes=0,
    )
    return usual.model_copy(update=changes)


def labs(most: int = 5, **growth: Any) -> Pool:
    growth = {"lead_minutes": 10, "hourly_price": 0.5, **growth}
    return Pool(
        name=POOL,
        title="Labs",
        storage=Storage.SHARED,
        growth=PoolGrowth(max_machines=most, cpu=4, memory_mib=8192, **growth),
    )


def plan_of(machines: int, at: datetime, hours: float = 2) -> MachinePlan:
    need = MachineNeed(
        starts_at=at, ends_at=at + hours * HOUR, machines=machines, reasons=("made",)
    )
    return MachinePlan(planned_at=at, needs=(need,) if machines else ())


async def follow(orchestrator: Running, plan: MachinePlan) -> None:
    await orchestrator.client.put_machine_plan(POOL, plan)


async def state(orchestrator: Running) -> ScalingState:
    return await orchestrator.client.scaling(POOL)


def ready(seen: ScalingState) -> Sequence[str]:
    return [machine.name for machine in seen.machines if machine.state == "ready"]
