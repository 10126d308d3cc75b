"""What a look at the Swarm finds, in our own types."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.environments import Address, SwarmStep
from mydocker_kit.contracts.pools import DirectPorts


class TaskState(StrEnum):
    """Every state of a Swarm task: the eight on its way up, then its ends."""

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
        """The step a person sees, while on the way up."""
        return SwarmStep(self.value) if self in _ON_THE_WAY else None

    @property
    def is_over(self) -> bool:
        return self not in _ON_THE_WAY


_ON_THE_WAY = frozenset(TaskState(step.value) for step in SwarmStep)


@dataclass(frozen=True)
class FoundTask:
    """The one task of an Environment's service."""

    id: str
    state: TaskState
    should_run: bool = True
    """False once Swarm itself wants it down, for instance because its node is lost."""
    error: str = ""
    exit_code: int | None = None
    ended_at: datetime | None = None
    """When its end was reported."""
    container_id: str | None = None
    node_id: str | None = None
    node: str | None = None
    addresses: tuple[Address, ...] = ()
    is_confined: bool = False
    """Its service asked for no-new-privileges, seccomp and AppArmor by itself."""


@dataclass(frozen=True)
class FoundService:
    """One Swarm service that carries our labels."""

    id: str
    environment_id: UUID
    attempt: int
    created_at: datetime
    task: FoundTask | None = None


@dataclass(frozen=True, order=True)
class Device:
    """One GPU of a node, as the node's engine advertises it."""

    kind: str
    name: str


class Availability(StrEnum):
    """What an operator lets a node do."""

    ACTIVE = "active"
    PAUSE = "pause"
    DRAIN = "drain"


@dataclass(frozen=True)
class FoundNode:
    """A Swarm node and what is free on it."""

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
    """When it last came back, or was changed by somebody."""
    admitted: bool = True
    """Its checks passed: firewall, network, engine settings."""
    takes_compat: bool = True
    """Whether root of a container may be there: false where it would have root's number outside
    too, and an operator asked for more."""
    availability: Availability = Availability.ACTIVE
    manages: bool = False
    engine_version: str = ""
    engine_major: int | None = None
    """28 of `28.5.2`; None where the engine gives no number."""
    api_version: str = ""
    """Spoken with its engine; empty: the orchestrator speaks to another one."""
    devices: tuple[Device, ...] = ()
    free_devices: tuple[Device, ...] = ()
    """Those no Environment holds, by our own ledger."""
    direct_ports: DirectPorts | None = None
    """The numbers at which its firewall lets people in; None: at none."""


@dataclass(frozen=True)
class Found:
    """Everything of ours on the Swarm at one look."""

    services: Mapping[UUID, FoundService] = field(default_factory=dict)
    leaving: frozenset[UUID] = frozenset()
    """Environments whose removed service still has a container that has not ended."""
    out_of_reach: frozenset[UUID] = frozenset()
    """Those of `leaving` whose containers are all on nodes that are lost."""
    leaving_attempts: frozenset[tuple[UUID, int]] = frozenset()
    """The same, with the attempt the container belongs to."""
    nodes: tuple[FoundNode, ...] = ()
    """All nodes and what is free on each, by the same look."""

    @property
    def holding(self) -> frozenset[tuple[UUID, int]]:
        """Attempts that may still use what they were given."""
        there = ((one.environment_id, one.attempt) for one in self.services.values())
        return self.leaving_attempts.union(there)
