"""What the pure rules are tried with: one environment, one service, one plan."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    Phase,
    Resources,
)
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState, EnvironmentState
from mydocker_orchestrator.domain.observed_state import (
    ObservedService,
    ObservedState,
    ObservedTask,
    TaskState,
)
from mydocker_orchestrator.domain.planner.actions import PlanInputs
from mydocker_orchestrator.domain.planner.plan import plan

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
SSH = Address(port=22, host="10.0.0.1", host_port=32768)


def an_environment(**given: object) -> EnvironmentState:
    values: dict[str, object] = {
        "id": ID,
        "version": 1,
        "attempt": 1,
        "desired": DesiredState.RUNNING,
        "phase": Phase.QUEUED,
        "since": NOW,
        "asked_at": NOW,
        "resources": Resources(cpu=1, memory_mib=512),
        "ports": (a_port(),),
    }
    return EnvironmentState(**(values | given))  # type: ignore[arg-type]


def a_service(
    state: TaskState = TaskState.RUNNING, attempt: int = 1, **task: object
) -> ObservedState:
    seen = ObservedTask(id="t", state=state, **task)  # type: ignore[arg-type]
    return ObservedState({ID: ObservedService("s", ID, attempt, NOW, seen)})


def actions(
    environment: EnvironmentState, observed: ObservedState, seconds: float = 0, **more: object
) -> list[object]:
    now = NOW + timedelta(seconds=seconds)
    return list(plan({ID: environment}, observed, PlanInputs(now, **more)))  # type: ignore[arg-type]
