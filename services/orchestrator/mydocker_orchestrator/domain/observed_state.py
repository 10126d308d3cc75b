"""The observed state of the Swarm, in our own types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.orchestrator.cordons import Cordon
from mydocker_kit.contracts.orchestrator.environments import Address, SwarmStep
from mydocker_kit.contracts.orchestrator.pools import DirectPorts


class TaskState(StrEnum):
    """Every state of a Swarm task: eight while it starts and runs, then the final ones."""

    NEW = "new"
    PENDING = "pending"
    ASSIGNED = "assigned"
    ACCEPTED = "accepted"
    PREPARING = "preparing"
    READY = "ready"
    STARTING = "starting"
    RUNNING = "running"
    COMPLETE = "complete"
    SHUTDOWN = "shutdown"
    FAILED = "failed"
    REJECTED = "rejected"
    REMOVE = "remove"
    ORPHANED = "orphaned"

    @property
    def step(self) -> SwarmStep | None:
        """The step a person sees while it starts."""
        return SwarmStep(self.value) if self in _NOT_OVER else None

    @property
    def is_over(self) -> bool:
        return self not in _NOT_OVER


_NOT_OVER = frozenset(TaskState(step.value) for step in SwarmStep)


@dataclass(frozen=True)
class ObservedTask:
    """The one task of an Environment's service."""

    id: str
    state: TaskState
    should_run: bool = True
    """False once Swarm shuts it down itself, for instance because its node is lost."""
    error: str = ""
    exit_code: int | None = None
    ended_at: datetime | None = None
    """When its end was reported."""
    container_id: str | None = None
    node_id: str | None = None
    node: str | None = None
    addresses: tuple[Address, ...] = ()
    is_confined: bool = False
    """Its service itself requested no-new-privileges, seccomp and AppArmor."""


@dataclass(frozen=True)
class ObservedService:
    """One Swarm service that carries our labels."""

    id: str
    environment_id: UUID
    attempt: int
    created_at: datetime
    task: ObservedTask | None = None
    quota_volumes: frozenset[str] = frozenset()
    """Names of its volumes that the node's volume plugin makes."""


@dataclass(frozen=True, order=True)
class Device:
    """One GPU of a node, as the node's engine advertises it."""

    kind: str
    name: str


class Availability(StrEnum):
    """Docker's availability of a node: active, cordoned (pause) or drained."""

    ACTIVE = "active"
    PAUSE = "pause"
    DRAIN = "drain"


@dataclass(frozen=True)
class ObservedNode:
    """A Swarm node and its free resources."""

    id: str
    name: str
    address: str = ""
    pool: str = "default"
    usable: bool = True
    """Up, accepting new tasks, and admitted."""
    cpu: float = 0.0
    memory_mib: int = 0
    free_cpu: float = 0.0
    free_memory_mib: int = 0
    reachable: bool = True
    changed_at: datetime | None = None
    """When it last came back or was changed."""
    admitted: bool = True
    """Its checks passed: firewall, network, engine settings."""
    cordon: Cordon | None = None
    """Why it is not admitted."""
    remaps_users: bool = False
    """Its checks observed that root of a container is nobody on the machine (userns-remap)."""
    takes_approved_root: bool = True
    """Whether approved builds may run as root here: false without userns-remap, if the setting
    `compat_needs_userns` demands it."""
    availability: Availability = Availability.ACTIVE
    manages: bool = False
    engine_version: str = ""
    engine_major: int | None = None
    """28 of `28.5.2`; None where the engine gives no number."""
    api_version: str = ""
    """Negotiated with its engine; empty unless the orchestrator is connected to it."""
    devices: tuple[Device, ...] = ()
    free_devices: tuple[Device, ...] = ()
    """Those that no environment holds in our ledger."""
    direct_ports: DirectPorts | None = None
    """Port numbers that its firewall opens to people; None: none."""


@dataclass(frozen=True)
class ObservedState:
    """Everything of ours on the Swarm in one observation."""

    services: Mapping[UUID, ObservedService] = field(default_factory=dict)
    ending: frozenset[UUID] = frozenset()
    """Environments whose service is removed and whose container has not ended."""
    unreachable: frozenset[UUID] = frozenset()
    """Those of `ending` whose containers are all on lost nodes."""
    ending_attempts: frozenset[tuple[UUID, int]] = frozenset()
    """The same, with the attempt of the container."""
    nodes: tuple[ObservedNode, ...] = ()
    """All nodes and their free resources, of the same observation."""

    @property
    def holding(self) -> frozenset[tuple[UUID, int]]:
        """Attempts that may still use what they claimed."""
        attempts = ((service.environment_id, service.attempt) for service in self.services.values())
        return self.ending_attempts.union(attempts)
