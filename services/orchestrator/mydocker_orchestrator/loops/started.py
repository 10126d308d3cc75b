"""Containers that run and are not ready yet: they are inspected and probed."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Phase

from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedState, ObservedTask, TaskState
from ..domain.planner.actions import ContainerKey
from ..probes.prober import Target


@dataclass(frozen=True)
class StartedContainer:
    """A running container of an attempt that is not ready yet."""

    environment: EnvironmentState
    task: ObservedTask

    @property
    def key(self) -> ContainerKey:
        return (self.environment.id, self.environment.attempt, self.task.container_id or "")


def started_containers(
    environments: Mapping[UUID, EnvironmentState], observed: ObservedState
) -> list[StartedContainer]:
    """Running containers of attempts that are queued or starting."""
    started = []
    for id, environment in environments.items():
        service = observed.services.get(id)
        task = service.task if service and service.attempt == environment.attempt else None
        if environment.phase not in (Phase.QUEUED, Phase.STARTING) or task is None:
            continue
        if task.state is TaskState.RUNNING:
            started.append(StartedContainer(environment, task))
    return started


def probe_targets(started: list[StartedContainer]) -> set[Target]:
    """The required ports of these containers, for the prober."""
    targets = set()
    for container in started:
        environment = container.environment
        by_port = {address.port: address for address in container.task.addresses}
        for port in environment.required_ports:
            if port.number in by_port:
                address = by_port[port.number]
                targets.add(Target(environment.id, environment.attempt, port, address))
    return targets
