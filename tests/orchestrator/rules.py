"""What the pure rules are tried with: one environment, one service, one plan."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.environments import (
    Address,
    Phase,
    Resources,
)
from mydocker_orchestrator.domain.lifecycle.transitions import Environment, Wanted
from mydocker_orchestrator.domain.observed_state import Found, FoundService, FoundTask, TaskState
from mydocker_orchestrator.domain.planner.plan import Circumstances, plan

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
SSH = Address(port=22, host="10.0.0.1", host_port=32768)


def an_environment(**given: object) -> Environment:
    values: dict[str, object] = {
        "id": ID,
        "version": 1,
        "attempt": 1,
        "wanted": Wanted.RUNNING,
        "phase": Phase.QUEUED,
        "since": NOW,
        "asked_at": NOW,
        "resources": Resources(cpu=1, memory_mib=512),
        "ports": (a_port(),),
    }
    return Environment(**(values | given))  # type: ignore[arg-type]


def a_service(state: TaskState = TaskState.RUNNING, attempt: int = 1, **task: object) -> Found:
    seen = FoundTask(id="t", state=state, **task)  # type: ignore[arg-type]
    return Found({ID: FoundService("s", ID, attempt, NOW, seen)})


def actions(
    environment: Environment, found: Found, seconds: float = 0, **around: object
) -> list[object]:
    now = NOW + timedelta(seconds=seconds)
    return list(plan({ID: environment}, found, Circumstances(now, **around)))  # type: ignore[arg-type]
