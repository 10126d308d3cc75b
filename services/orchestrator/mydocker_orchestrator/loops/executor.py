"""Applies the planner's actions; slow ones run as tasks beside the reconcile passes.

At most one task runs per environment. Each is idempotent and bounded by the engine client's
timeouts: a create is refused by name if the service exists, a remove of a missing service
succeeds, and a record is skipped if its row has changed since it was read. A task that fails logs
the error and waits, so that the next pass plans again; it never affects another environment.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    Phase,
    PortKind,
    Reason,
    ReasonCode,
)
from mydocker_kit.docker.errors import EngineError, EngineRefused, NameTaken
from mydocker_kit.ids import new_reference
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup

from ..capacity.placement import Placer
from ..domain.checks.hardening import is_node_fault
from ..domain.lifecycle import transitions
from ..domain.lifecycle.failures import PostMortem, with_post_mortem
from ..domain.lifecycle.folder_usage import sizes_to_set
from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedTask
from ..domain.placement.gpus import Placement
from ..domain.planner.actions import Action, Create, RecordFailure, RecordStatus, Remove
from ..environments.ledger import Ledger
from ..metrics import NODES_CORDONED
from ..probes.port_probe import examine
from ..swarm.interface import SwarmClient
from .transition_log import record_transition

log = get_logger()
_CONCURRENT_ENGINE_CALLS = 8
_RETRY_AFTER = 1.0


class ActionExecutor:
    """Runs actions; `recorded_state` gives a row's state before an action changed it."""

    def __init__(
        self,
        ledger: Ledger,
        swarm: SwarmClient,
        placer: Placer,
        clock: Clock,
        wakeup: Wakeup,
        recorded_state: Callable[[EnvironmentState], EnvironmentState | None],
    ) -> None:
        self._ledger, self._swarm, self._placer = ledger, swarm, placer
        self._clock, self._wakeup, self._recorded_state = clock, wakeup, recorded_state
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._creating: set[UUID] = set()
        self._slots = asyncio.Semaphore(_CONCURRENT_ENGINE_CALLS)

    def busy(self) -> set[UUID]:
        """Environments on which an action runs now."""
        return set(self._tasks)

    def creating(self) -> frozenset[UUID]:
        """Environments whose service is being created now."""
        return frozenset(self._creating)

    async def apply(self, actions: list[Action], busy: set[UUID]) -> None:
        """Start these actions, except on environments in `busy` or on which one runs already."""
        changes = []
        for action in actions:
            id = _environment_id(action)
            if id in busy or id in self._tasks:
                continue
            match action:
                case RecordStatus(changed):
                    changes.append(changed)
                case Create(environment):
                    self._creating.add(id)
                    self._start(id, self._create(environment))
                case Remove():
                    self._start(id, self._remove(action))
                case RecordFailure(changed, task):
                    self._start(id, self._record_failure(changed, task))
        await self._record(changes)

    async def stop(self) -> None:
        """Cancel all running actions."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, id: UUID, action: Awaitable[None]) -> None:
        self._tasks[id] = asyncio.create_task(self._run(id, action))

    async def _run(self, id: UUID, action: Awaitable[None]) -> None:
        try:
            async with self._slots:
                await action
        except EngineError as error:
            log.warning("environment.retried", id=str(id), error=error)
            await asyncio.sleep(_RETRY_AFTER)
        except Exception:
            log.exception("environment.action_failed", id=str(id))
            await asyncio.sleep(_RETRY_AFTER)
        finally:
            self._tasks.pop(id, None)
            self._creating.discard(id)
            self._wakeup.set()

    async def _create(self, environment: EnvironmentState) -> None:
        spec = await self._ledger.spec(environment)
        if spec is None:
            return
        placement = await self._placer.choose(environment, self._clock())
        if isinstance(placement, Reason):
            await self._wait(environment, placement)
            return
        await self._set_folder_sizes(environment, placement)
        answered = True
        try:
            await self._swarm.create(environment.id, spec, placement)
        except NameTaken:
            await self._resolve_name_taken(environment)
            return
        except EngineRefused as error:
            reason = Reason(code=ReasonCode.ENGINE_REFUSED, detail=str(error))
            failed = transitions.failed(environment, reason, self._clock())
            await self._record_failure(failed, None)
            return
        except BaseException:
            answered = False
            raise
        finally:
            self._placer.record_create(environment, answered=answered)
        log.info("environment.created", id=str(environment.id), attempt=environment.attempt)
        await self._record([transitions.created(environment, self._clock())])

    async def _set_folder_sizes(self, environment: EnvironmentState, placement: Placement) -> None:
        """Give volumes that exist the size asked for; a start never fails because of it."""
        if placement.node_id is None:
            return
        for name, size in sizes_to_set(environment).items():
            if name not in placement.quota_volumes:
                continue
            try:
                result = await self._swarm.resize_volume(placement.node_id, name, size)
            except EngineError as error:
                log.warning("volume.resize_failed", volume=name, error=error)
                continue
            event = "volume.resize_refused" if result.error else "volume.resized"
            log.info(event, volume=name, bytes=size, detail=result.error)

    async def _wait(self, environment: EnvironmentState, reason: Reason) -> None:
        """Record why nothing is created yet; the next pass tries again soon."""
        waiting = transitions.waiting(environment, reason, self._clock())
        if waiting != environment:
            await self._record([waiting])
        await asyncio.sleep(_RETRY_AFTER)

    async def _resolve_name_taken(self, environment: EnvironmentState) -> None:
        """Fail if the name belongs to a foreign service; ours is handled by the next pass."""
        if not await self._swarm.is_foreign(environment.id):
            await asyncio.sleep(_RETRY_AFTER / 10)
            return
        reason = Reason(code=ReasonCode.NAME_TAKEN, detail="a service that is none of ours")
        failed = transitions.failed(environment, reason, self._clock())
        await self._record_failure(failed, None)

    async def _remove(self, action: Remove) -> None:
        service = action.service
        await self._swarm.remove(service)
        log.info(
            "environment.removed",
            id=str(service.environment_id),
            attempt=service.attempt,
            service=service.id,
        )

    async def _record_failure(self, changed: EnvironmentState, task: ObservedTask | None) -> None:
        reason, logs = changed.reason, ""
        assert reason is not None  # noqa: S101 - the planner fails nothing without a reason
        if is_node_fault(reason) and task is not None and task.node_id:
            await self._cordon_node(task.node_id, reason)
        if task is not None:
            post_mortem = await self._post_mortem(changed, task)
            reason = with_post_mortem(reason, post_mortem, changed.resources.memory_mib)
            logs = post_mortem.logs
        if changed.phase is Phase.FAILED:
            reason = reason.model_copy(update={"reference": new_reference()})
        await self._record([replace(changed, reason=reason, last_logs=logs)])

    async def _post_mortem(self, changed: EnvironmentState, task: ObservedTask) -> PostMortem:
        """What the engine reports before removal; for an unready port also a last probe."""
        post_mortem = await self._swarm.post_mortem(changed.id, task)
        target = _unready_port(changed, task)
        if target is None:
            return post_mortem
        kind, address = target
        answer, listeners = await asyncio.gather(
            examine(kind, address), self._swarm.listeners(task)
        )
        return replace(post_mortem, answer=answer, listeners=listeners)

    async def _cordon_node(self, id: str, reason: Reason) -> None:
        """Keep new containers off a node that does not apply their security settings."""
        cordon = Cordon(cause=CordonCause.HARDENING_DIFFERS, detail=reason.detail)
        await self._swarm.cordon_node(id, cordon)
        NODES_CORDONED.inc()
        log.error("node.cordoned", node=id, why=reason.detail)

    async def _record(self, changes: list[EnvironmentState]) -> None:
        for written in await self._ledger.record(changes):
            record_transition(self._recorded_state(written), written)


def _environment_id(action: Action) -> UUID:
    match action:
        case Create(environment):
            return environment.id
        case Remove(service):
            return service.environment_id
        case RecordStatus(changed) | RecordFailure(changed, _):
            return changed.id


def _unready_port(changed: EnvironmentState, task: ObservedTask) -> tuple[PortKind, Address] | None:
    """The port that a start failed for, and its address."""
    reason = changed.reason
    if reason is None or reason.code is not ReasonCode.PORT_SILENT:
        return None
    number = reason.parameters.get("port")
    kind = next((port.kind for port in changed.ports if port.number == number), None)
    address = next((address for address in task.addresses if address.port == number), None)
    return (kind, address) if kind and address else None
