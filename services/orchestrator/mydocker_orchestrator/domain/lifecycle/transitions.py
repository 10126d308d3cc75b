"""The phases of an environment and the permitted transitions between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import (
    STEPS,
    Address,
    FolderUse,
    Phase,
    Port,
    Profile,
    Reason,
    ReasonCode,
    Resources,
    SwarmStep,
    VolumeMount,
)

from ..checks.root_access import RootAccess, root_access

ANY_NODE: frozenset[str] = frozenset()
"""Of an environment whose work folder is on no node's disk yet, or on shared storage."""


class DesiredState(StrEnum):
    """The state that the row asks for."""

    RUNNING = "running"
    STOPPED = "stopped"


FINAL_PHASES = frozenset({Phase.STOPPED, Phase.FAILED})
TRANSITIONS: Mapping[Phase, frozenset[Phase]] = {
    Phase.QUEUED: frozenset({Phase.STARTING, Phase.STOPPING, Phase.FAILED}),
    Phase.STARTING: frozenset({Phase.QUEUED, Phase.READY, Phase.STOPPING, Phase.FAILED}),
    # Back to starting: somebody else removed its service, which is created again.
    Phase.READY: frozenset({Phase.STARTING, Phase.STOPPING, Phase.FAILED}),
    Phase.STOPPING: frozenset({Phase.STOPPED}),
    Phase.STOPPED: frozenset(),
    Phase.FAILED: frozenset(),
}
"""Within one attempt; a new attempt begins at queued, from any phase."""


@dataclass(frozen=True)
class EnvironmentState:
    """One environment row as the rules see it: desired state and last recorded status."""

    id: UUID
    version: int
    attempt: int
    desired: DesiredState
    phase: Phase
    since: datetime
    asked_at: datetime
    resources: Resources
    image: str = ""
    profile: Profile = Profile.STRICT
    root_approved_for: str | None = None
    """Digest of the build that an operator allows to run as root."""
    ports: tuple[Port, ...] = ()
    pool: str = "default"
    volumes: tuple[VolumeMount, ...] = ()
    """Folders that outlive the container."""
    folder_nodes: frozenset[str] = ANY_NODE
    """Nodes whose disks hold its volumes: it runs there or nowhere. Not a column of its row: the
    reconciler adds it from the table of volumes (`capacity.volume_nodes`)."""
    ready_within: int = 180
    start_within: int = 900
    ends_at: datetime | None = None
    end_reason: str = ReasonCode.SESSION_OVER
    priority: int = 0
    lease_seconds: int | None = None
    hard_limit_seconds: int | None = None
    lease_ends_at: datetime | None = None
    """The end after renewals; `leases.scheduled_end` computes the effective end."""
    step: SwarmStep | None = None
    reason: Reason | None = None
    node: str | None = None
    addresses: tuple[Address, ...] = ()
    running_at: datetime | None = None
    ready_at: datetime | None = None
    began_at: datetime | None = None
    """When this attempt was ready for the first time: leases count from here."""
    restarts: int = 0
    restart_at: datetime | None = None
    """Set after a crash: its container is removed, and a new one is created at this time."""
    last_logs: str = ""
    folder: FolderUse | None = None
    """What its work folder holds, where it has a size."""

    @property
    def required_ports(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.required)

    @property
    def has_volumes(self) -> bool:
        return bool(self.volumes)

    @property
    def root_access(self) -> RootAccess:
        return root_access(self.profile, self.image, self.root_approved_for)

    @property
    def is_final(self) -> bool:
        return self.phase in FINAL_PHASES


def task_progressed(
    environment: EnvironmentState, step: SwarmStep, now: datetime
) -> EnvironmentState:
    """Its task reached this step. Never a step backwards: observations may arrive late."""
    if environment.phase is Phase.READY:
        return environment
    known = environment.step if environment.phase is Phase.STARTING else None
    if known is not None and STEPS.index(step) < STEPS.index(known):
        return environment
    return _transition(environment, Phase.STARTING, now, step=step, reason=None)


def created(environment: EnvironmentState, now: datetime) -> EnvironmentState:
    """Its service was created, perhaps again after a loss."""
    return _transition(
        environment,
        Phase.STARTING,
        now,
        step=SwarmStep.NEW,
        reason=None,
        node=None,
        addresses=(),
        running_at=None,
        ready_at=None,
        restart_at=None,
    )


def waiting(environment: EnvironmentState, reason: Reason, now: datetime) -> EnvironmentState:
    """No node takes it at present."""
    if environment.phase is Phase.READY:
        return environment
    return _transition(environment, Phase.QUEUED, now, step=None, reason=reason)


def running(
    environment: EnvironmentState, node: str | None, addresses: tuple[Address, ...], now: datetime
) -> EnvironmentState:
    """Its container runs; whether its ports are ready is decided elsewhere."""
    known = (environment.node, environment.addresses)
    if environment.phase is Phase.READY and environment.running_at and known == (node, addresses):
        return environment  # the case of nearly all environments at nearly every pass
    progressed = task_progressed(environment, SwarmStep.RUNNING, now)
    since = environment.running_at or now
    return replace(progressed, node=node, addresses=addresses, running_at=since)


def ready(environment: EnvironmentState, now: datetime) -> EnvironmentState:
    """Every required port passed its readiness probe."""
    if environment.phase is Phase.READY:
        return environment
    began = environment.began_at or now
    return _transition(
        environment, Phase.READY, now, step=None, reason=None, ready_at=now, began_at=began
    )


def restarting(
    environment: EnvironmentState, reason: Reason, delay: timedelta, now: datetime
) -> EnvironmentState:
    """Its container crashed and a new one is created after `delay`; volumes stay."""
    crashed = _transition(environment, Phase.STARTING, now, step=SwarmStep.NEW, reason=reason)
    return replace(
        crashed,
        since=now,
        addresses=(),
        node=None,
        running_at=None,
        ready_at=None,
        restarts=environment.restarts + 1,
        restart_at=now + delay,
    )


def relocating(environment: EnvironmentState, reason: Reason, now: datetime) -> EnvironmentState:
    """Its node is drained: its container is removed and created again on another node."""
    moving = restarting(environment, reason, timedelta(0), now)
    return replace(moving, restarts=environment.restarts)


def stopping(environment: EnvironmentState, reason: Reason, now: datetime) -> EnvironmentState:
    """It has to stop; recorded before anything is removed."""
    if environment.is_final or environment.phase is Phase.STOPPING:
        return replace(environment, desired=DesiredState.STOPPED)
    changed = _transition(environment, Phase.STOPPING, now, step=None, reason=reason)
    return replace(changed, desired=DesiredState.STOPPED, addresses=(), restart_at=None)


def stopped(environment: EnvironmentState, now: datetime) -> EnvironmentState:
    """Nothing of it is left on the Swarm but its volumes."""
    return _transition(environment, Phase.STOPPED, now, step=None, addresses=())


def failed(environment: EnvironmentState, reason: Reason, now: datetime) -> EnvironmentState:
    """This attempt has failed; the reason stays."""
    changed = _transition(environment, Phase.FAILED, now, reason=reason)
    return replace(changed, desired=DesiredState.STOPPED, addresses=(), restart_at=None)


def _transition(
    environment: EnvironmentState, phase: Phase, now: datetime, **changes: Any
) -> EnvironmentState:
    if phase is environment.phase:
        return replace(environment, **changes)
    if phase not in TRANSITIONS[environment.phase]:
        raise ValueError(f"no way from {environment.phase} to {phase}")
    return replace(environment, phase=phase, since=now, **changes)
