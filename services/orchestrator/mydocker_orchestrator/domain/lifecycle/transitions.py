"""Phases and the permitted moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.environments import (
    STEPS,
    Address,
    Phase,
    Port,
    Profile,
    Reason,
    ReasonCode,
    Resources,
    SwarmStep,
    VolumeMount,
)


class Wanted(StrEnum):
    """What the row asks for."""

    RUNNING = "running"
    STOPPED = "stopped"


AT_REST = frozenset({Phase.STOPPED, Phase.FAILED})
MOVES: Mapping[Phase, frozenset[Phase]] = {
    Phase.QUEUED: frozenset({Phase.STARTING, Phase.STOPPING, Phase.FAILED}),
    Phase.STARTING: frozenset({Phase.QUEUED, Phase.READY, Phase.STOPPING, Phase.FAILED}),
    # Back to starting: its service was removed behind our back and is made again.
    Phase.READY: frozenset({Phase.STARTING, Phase.STOPPING, Phase.FAILED}),
    Phase.STOPPING: frozenset({Phase.STOPPED}),
    Phase.STOPPED: frozenset(),
    Phase.FAILED: frozenset(),
}
"""Within one attempt; a new attempt begins at queued from anywhere."""


@dataclass(frozen=True)
class Environment:
    """One row, as the rules see it: what is wanted, what was last observed."""

    id: UUID
    version: int
    attempt: int
    wanted: Wanted
    phase: Phase
    since: datetime
    asked_at: datetime
    resources: Resources
    image: str = ""
    profile: Profile = Profile.STRICT
    ports: tuple[Port, ...] = ()
    pool: str = "default"
    volumes: tuple[VolumeMount, ...] = ()
    """The folders that are kept."""
    ready_within: int = 180
    start_within: int = 900
    ends_at: datetime | None = None
    end_reason: str = ReasonCode.SESSION_OVER
    priority: int = 0
    lease_seconds: int | None = None
    hard_limit_seconds: int | None = None
    lease_ends_at: datetime | None = None
    """Where renewals moved it; `leases` says when it really ends."""
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
    """It crashed: what is left of it goes, and it is made again at this moment."""
    last_logs: str = ""

    @property
    def required_ports(self) -> tuple[Port, ...]:
        return tuple(port for port in self.ports if port.required)

    @property
    def keeps_work(self) -> bool:
        return bool(self.volumes)

    @property
    def at_rest(self) -> bool:
        return self.phase in AT_REST


def climbed(environment: Environment, step: SwarmStep, now: datetime) -> Environment:
    """Its task is on the way up. Never a step back within one climb: looks may come late."""
    if environment.phase is Phase.READY:
        return environment
    known = environment.step if environment.phase is Phase.STARTING else None
    if known is not None and STEPS.index(step) < STEPS.index(known):
        return environment
    return _moved(environment, Phase.STARTING, now, step=step, reason=None)


def created(environment: Environment, now: datetime) -> Environment:
    """Its service was just made, perhaps again after it was lost."""
    return _moved(
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


def made_to_wait(environment: Environment, reason: Reason, now: datetime) -> Environment:
    """The scheduler has no place for it at present."""
    if environment.phase is Phase.READY:
        return environment
    return _moved(environment, Phase.QUEUED, now, step=None, reason=reason)


def running(
    environment: Environment, node: str | None, addresses: tuple[Address, ...], now: datetime
) -> Environment:
    """Its container runs; its ports have not answered yet, as far as this says."""
    known = (environment.node, environment.addresses)
    if environment.phase is Phase.READY and environment.running_at and known == (node, addresses):
        return environment  # as nearly all are at nearly every look
    seen = climbed(environment, SwarmStep.RUNNING, now)
    since = environment.running_at or now
    return replace(seen, node=node, addresses=addresses, running_at=since)


def ready(environment: Environment, now: datetime) -> Environment:
    """Every required port answered."""
    if environment.phase is Phase.READY:
        return environment
    began = environment.began_at or now
    return _moved(
        environment, Phase.READY, now, step=None, reason=None, ready_at=now, began_at=began
    )


def fallen(
    environment: Environment, reason: Reason, pause: timedelta, now: datetime
) -> Environment:
    """Its container crashed and is started again after `pause`; the work volume stays."""
    over = _moved(environment, Phase.STARTING, now, step=SwarmStep.NEW, reason=reason)
    return replace(
        over,
        since=now,
        addresses=(),
        node=None,
        running_at=None,
        ready_at=None,
        restarts=environment.restarts + 1,
        restart_at=now + pause,
    )


def moved_away(environment: Environment, reason: Reason, now: datetime) -> Environment:
    """Its node is emptied: what is left of it there goes, and it is made again elsewhere."""
    moving = fallen(environment, reason, timedelta(0), now)
    return replace(moving, restarts=environment.restarts)


def ending(environment: Environment, reason: Reason, now: datetime) -> Environment:
    """It has to stop; the row says so before anything is removed."""
    if environment.at_rest or environment.phase is Phase.STOPPING:
        return replace(environment, wanted=Wanted.STOPPED)
    stopping = _moved(environment, Phase.STOPPING, now, step=None, reason=reason)
    return replace(stopping, wanted=Wanted.STOPPED, addresses=(), restart_at=None)


def gone(environment: Environment, now: datetime) -> Environment:
    """Nothing of it is left on the Swarm but its volumes."""
    return _moved(environment, Phase.STOPPED, now, step=None, addresses=())


def failed(environment: Environment, reason: Reason, now: datetime) -> Environment:
    """This attempt is over, with a reason that stays."""
    over = _moved(environment, Phase.FAILED, now, reason=reason)
    return replace(over, wanted=Wanted.STOPPED, addresses=(), restart_at=None)


def _moved(environment: Environment, phase: Phase, now: datetime, **changes: Any) -> Environment:
    if phase is environment.phase:
        return replace(environment, **changes)
    if phase not in MOVES[environment.phase]:
        raise ValueError(f"no way from {environment.phase} to {phase}")
    return replace(environment, phase=phase, since=now, **changes)
