"""Wanted + found → actions: the whole decision, as a pure function."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.contracts.environments import Phase, Port, Reason, ReasonCode, SwarmStep
from mydocker_kit.contracts.pools import Pool

from ..checks.disk_limits import Overrun, why_full
from ..checks.hardening import UNREAD, why_not_held
from ..checks.work_folders import why_not_writable
from ..lifecycle import transitions
from ..lifecycle.draining import drained, is_drained
from ..lifecycle.failures import is_port_taken, why_it_ended, why_its_node_is_lost
from ..lifecycle.leases import end_of
from ..lifecycle.restarts import next_restart, tries
from ..lifecycle.transitions import Environment, Wanted
from ..observed_state import Found, FoundNode, FoundService, FoundTask, TaskState
from ..placement.direct_ports import Numbers, with_names, with_tls
from ..placement.queue import in_line
from ..placement.queue_status import Waiting
from ..placement.wait_reasons import is_waiting_for_a_place, why_it_waits
from .previous_container import PATIENCE, TOLD_AFTER, must_await

Answered = tuple[UUID, int, int]
"""Environment, attempt and port that answered."""
Container = tuple[UUID, int, str]
"""Environment, attempt and the engine's id of the container."""


@dataclass(frozen=True)
class Create:
    """Make the service of this Environment."""

    environment: Environment


@dataclass(frozen=True)
class Remove:
    """Remove this service; its volumes stay."""

    service: FoundService


@dataclass(frozen=True)
class Note:
    """Write down what is observed."""

    changed: Environment


@dataclass(frozen=True)
class Fall:
    """Fetch the last lines of output, then write down that it failed, ended by itself or is
    started again."""

    changed: Environment
    task: FoundTask | None


Action = Create | Remove | Note | Fall


@dataclass(frozen=True)
class Circumstances:
    """What else a decision needs to know."""

    now: datetime
    answered: AbstractSet[Answered] = frozenset()
    not_held: Mapping[Container, tuple[str, ...]] | None = None
    """What differs from the profile, of containers whose settings were read back; None: nobody
    reads them."""
    unwritable: Mapping[Container, str] = field(default_factory=dict)
    """Containers whose user cannot write in a work folder, and its path."""
    too_full: Mapping[Container, Overrun] = field(default_factory=dict)
    """Containers that wrote more than they may."""
    nodes: Sequence[FoundNode] | None = None
    """None: not known, and left to the Swarm."""
    pools: Mapping[str, Pool] = field(default_factory=dict)
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    """Direct ports that are free, in pools that have any and where somebody waits."""
    creating: AbstractSet[UUID] = frozenset()
    """Whose service is being made while we look."""
    frees_every: Mapping[str, float] = field(default_factory=dict)
    """Seconds, by pool, in which a place became free of late."""
    may_retell: bool = True
    """Whether those who were told their place are told how it changed."""
    orphan_grace: timedelta = timedelta(seconds=60)


def plan(
    environments: Mapping[UUID, Environment], found: Found, around: Circumstances
) -> list[Action]:
    """The actions that bring what is found nearer to what is wanted."""
    actions: list[Action] = []
    waiting = _waiting(environments, found, around)
    for id, environment in environments.items():
        service = found.services.get(id)
        if environment.at_rest:
            actions += [Remove(service)] if service else []
        elif environment.wanted is Wanted.STOPPED:
            actions += _towards_stopped(environment, service, id in found.leaving, around)
        else:
            must_wait = must_await(environment, found, around.pools, around.now)
            actions += _towards_running(environment, service, must_wait, around, waiting)
    actions += [
        Remove(service)
        for id, service in found.services.items()
        if id not in environments and service.created_at + around.orphan_grace <= around.now
    ]
    return actions


def _waiting(
    environments: Mapping[UUID, Environment], found: Found, around: Circumstances
) -> Waiting | None:
    """The line of those who have no service yet; None when the Swarm is left to say."""
    if around.nodes is None:
        return None
    alive = [one for one in environments.values() if one.wanted is Wanted.RUNNING]
    line = in_line(
        (one for one in alive if _stands_in_line(one, found, around)),
        (one for one in alive if _is_coming(one, found, around)),
        around.nodes,
        around.now,
        around.numbers,
    )
    return Waiting(line, around.nodes, around.frees_every)


def _stands_in_line(environment: Environment, found: Found, around: Circumstances) -> bool:
    """Asked for, nothing of it there. What crashed or was lost had its place and keeps it."""
    id = environment.id
    return (
        environment.phase is Phase.QUEUED
        and id not in found.services
        and id not in around.creating
        and not must_await(environment, found, around.pools, around.now)
    )


def _is_coming(environment: Environment, found: Found, around: Circumstances) -> bool:
    """Let in, and no node counts it yet."""
    service = found.services.get(environment.id)
    if environment.at_rest:
        return False
    if service is None:
        return environment.phase is not Phase.QUEUED or environment.id in around.creating
    task = service.task
    return task is None or (task.node_id is None and not task.state.is_over)


def _towards_stopped(
    environment: Environment, service: FoundService | None, is_leaving: bool, around: Circumstances
) -> list[Action]:
    if service:
        return [Remove(service)]
    if is_leaving and around.now < environment.since + PATIENCE:
        return []
    return [Note(transitions.gone(environment, around.now))]


def _towards_running(
    environment: Environment,
    service: FoundService | None,
    must_wait: bool,
    around: Circumstances,
    waiting: Waiting | None,
) -> list[Action]:
    now = around.now
    end = end_of(environment)
    if end and end.at <= now:
        return [Note(transitions.ending(environment, Reason(code=end.reason), now))]
    if service and (service.attempt != environment.attempt or environment.restart_at):
        return [Remove(service)]
    if environment.restart_at and now < environment.restart_at:
        return []
    if service is None:
        if must_wait:
            return _told_to_wait(environment, now)
        if waiting and environment.phase is Phase.QUEUED and not waiting.is_admitted(environment):
            return _kept_waiting(environment, waiting, around)
        return _too_slow(environment, None, now) or [Create(environment)]
    if service.task is None:
        changed = transitions.climbed(environment, SwarmStep.NEW, now)
        return _noted(environment, changed) or _too_slow(environment, None, now)
    return _follow(environment, service.task, around)


def _told_to_wait(environment: Environment, now: datetime) -> list[Action]:
    """Most containers end before anybody could read about it."""
    if environment.phase is not Phase.QUEUED or now < environment.asked_at + TOLD_AFTER:
        return []
    reason = Reason(code=ReasonCode.STILL_ENDING)
    return _noted(environment, transitions.made_to_wait(environment, reason, now))


def _kept_waiting(
    environment: Environment, waiting: Waiting, around: Circumstances
) -> list[Action]:
    if environment.id in around.creating or (environment.reason and not around.may_retell):
        return []
    reason = waiting.reason(environment)
    return _noted(environment, transitions.made_to_wait(environment, reason, around.now))


def _follow(environment: Environment, task: FoundTask, around: Circumstances) -> list[Action]:
    now = around.now
    if is_drained(task, around.nodes or ()):
        return [Note(drained(environment, task, around.pools.get(environment.pool), now))]
    if task.state.is_over or is_port_taken(task):
        return [_over(environment, task, around)]
    if not task.should_run:
        return [_fail(environment, why_its_node_is_lost(task), task, now)]
    if task.state is TaskState.RUNNING:
        return _follow_running(environment, task, around)
    if is_waiting_for_a_place(task.error):
        # The Swarm sees less room than we did: it is first among those that wait.
        reason = why_it_waits(task.error, environment, around.nodes or (), before=0)
        return _noted(environment, transitions.made_to_wait(environment, reason, now))
    changed = transitions.climbed(environment, task.state.step or SwarmStep.NEW, now)
    return _noted(environment, changed) or _too_slow(environment, task, now)


def _follow_running(
    environment: Environment, task: FoundTask, around: Circumstances
) -> list[Action]:
    now = around.now
    addresses = with_names(
        with_tls(task.addresses, environment), around.pools.get(environment.pool), task.node
    )
    seen = transitions.running(environment, task.node, addresses, now)
    loose = _not_held(environment, task, around)
    if loose:
        return [_fail(seen, why_not_held(task, loose), task, now)]
    container = (environment.id, environment.attempt, task.container_id or "")
    if environment.phase is not Phase.READY and container in around.unwritable:
        return [_fail(seen, why_not_writable(around.unwritable[container]), task, now)]
    full = around.too_full.get(container)
    if full:
        return [_fail(seen, why_full(full), task, now)]
    silent = _silent_ports(environment, around)
    if environment.phase is Phase.READY or (loose is not None and not silent):
        return _noted(environment, transitions.ready(seen, now))
    limit = timedelta(seconds=environment.ready_within)
    if environment.running_at and environment.running_at + limit <= now:
        why = _too_silent(environment, silent[0]) if silent else why_not_held(task, UNREAD)
        return [_fail(seen, why, task, now)]
    return _noted(environment, seen)


def _not_held(
    environment: Environment, task: FoundTask, around: Circumstances
) -> tuple[str, ...] | None:
    """What differs from its profile; None while that is not known."""
    if around.not_held is None:
        return ()
    return around.not_held.get((environment.id, environment.attempt, task.container_id or ""))


def _silent_ports(environment: Environment, around: Circumstances) -> list[Port]:
    return [
        port
        for port in environment.required_ports
        if (environment.id, environment.attempt, port.number) not in around.answered
    ]


def _too_silent(environment: Environment, port: Port) -> Reason:
    parameters: dict[str, str | int | float] = {
        "seconds": environment.ready_within,
        "port": port.number,
        "title": port.title,
        "kind": port.kind.value,
    }
    return Reason(code=ReasonCode.PORT_SILENT, parameters=parameters)


def _too_slow(environment: Environment, task: FoundTask | None, now: datetime) -> list[Action]:
    """Preparing has a limit; waiting for room has none but the Environment's own end."""
    if environment.phase is Phase.QUEUED and environment.reason is not None:
        return []
    if environment.phase is Phase.READY:
        return []
    if now < environment.since + timedelta(seconds=environment.start_within):
        return []
    step = environment.step or SwarmStep.NEW
    parameters: dict[str, str | int | float] = {
        "seconds": environment.start_within,
        "step": step.value,
    }
    reason = Reason(
        code=ReasonCode.START_TOO_SLOW,
        parameters=parameters,
        detail=task.error if task else "",
    )
    return [_fail(environment, reason, task, now)]


def _over(environment: Environment, task: FoundTask, around: Circumstances) -> Action:
    """Its task has ended, or never will begin: by itself, to be started again, or for good."""
    now = around.now
    reason = why_it_ended(task, environment, around.nodes or ())
    if reason.code is ReasonCode.ENDED_BY_ITSELF and environment.began_at:
        return Fall(transitions.ending(environment, reason, now), task)
    pause = next_restart(environment, reason, now)
    if pause is None:
        tried = {"restarts": environment.restarts} if environment.restarts else {}
        parameters = {**reason.parameters, **tried}
        return _fail(environment, reason.model_copy(update={"parameters": parameters}), task, now)
    counted = replace(environment, restarts=tries(environment, now))
    return Fall(transitions.fallen(counted, reason, pause, now), task)


def _fail(environment: Environment, reason: Reason, task: FoundTask | None, now: datetime) -> Fall:
    return Fall(transitions.failed(environment, reason, now), task)


def _noted(before: Environment, after: Environment) -> list[Action]:
    return [Note(after)] if after != before else []
