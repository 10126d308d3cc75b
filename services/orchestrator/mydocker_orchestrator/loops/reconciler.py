"""Observe, plan, apply: makes what is wanted true. May be killed at any instruction."""

import asyncio
import time
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.environments import Address, Phase, PortKind, Reason, ReasonCode
from mydocker_kit.contracts.pools import Pool
from mydocker_kit.ids import new_reference
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ..capacity.placement import Placement
from ..domain.checks.disk_limits import NO_LIMITS, DiskLimits
from ..domain.checks.hardening import blames_node
from ..domain.lifecycle import transitions
from ..domain.lifecycle.failures import PostMortem, with_findings
from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import Found, FoundNode, FoundTask, TaskState
from ..domain.placement.direct_ports import Numbers
from ..domain.planner.plan import Action, Circumstances, Create, Fall, Note, Remove, plan
from ..domain.planner.polling import next_look
from ..environments.ledger import Ledger
from ..metrics import LEADER, NODES_REFUSED, QUEUE_SECONDS, RECONCILE_SECONDS
from ..probes.port_probe import examine
from ..probes.prober import Prober, Target
from ..swarm.interface import AlreadyThere, EngineError, EngineRefused, SwarmDoor
from .disk_guard import DiskGuard
from .inspector import Inspector, Started
from .queue_history import Turns
from .row_cache import View
from .transition_log import note_move

log = get_logger()
_ENGINE_CALLS_AT_ONCE = 8
_STEP_LIMIT = 30.0
_RETRY_AFTER = 1.0


class Reconciler:
    """One pass after another, by one replica at a time; woken by `bell`."""

    def __init__(
        self,
        ledger: Ledger,
        swarm: SwarmDoor,
        placement: Placement,
        clock: Clock,
        bell: Bell,
        orphan_grace: timedelta = timedelta(seconds=60),
        disk: DiskLimits = NO_LIMITS,
    ) -> None:
        self._ledger, self._swarm, self._clock, self._bell = ledger, swarm, clock, bell
        self._placement, self._orphan_grace = placement, orphan_grace
        self._view = View(ledger)
        self._prober = Prober(bell.ring)
        self._inspector = Inspector(swarm, bell.ring)
        self._disk_guard = DiskGuard(swarm, disk, bell.ring)
        self._busy: dict[UUID, asyncio.Task[None]] = {}
        self._creating: set[UUID] = set()
        self._turns = Turns()
        self._slots = asyncio.Semaphore(_ENGINE_CALLS_AT_ONCE)

    async def lead(self) -> None:
        """Reconcile for as long as this replica leads."""
        LEADER.set(1)
        self._view = View(self._ledger)
        self._placement.forget()
        failures = 0
        try:
            while True:
                try:
                    # Not wait_for: before Python 3.12 it may lose a cancellation.
                    async with asyncio.timeout(_STEP_LIMIT):
                        pause = await self.step()
                    failures = 0
                except Exception as error:
                    failures += 1
                    pause = min(5.0, 0.1 * 2**failures)
                    log.warning("reconcile.failed", error=error, failures=failures)
                    await asyncio.sleep(pause)
                await self._bell.wait(pause)
        finally:
            LEADER.set(0)
            await self._drop_everything()

    async def step(self) -> float:
        """One pass; answers in how many seconds to look again. Safe to repeat at any moment."""
        began = time.perf_counter()
        # Whoever is being worked on while we look is left for the next pass: our look is too old.
        busy = set(self._busy)
        # Rows before services: a service is made before its row says so, never the other way.
        environments = dict(await self._view.refreshed())
        found = await self._swarm.observe()
        environments |= await self._view.also(found.services.keys() - environments.keys())
        nodes = await self._placement.nodes(environments.values(), found.nodes)
        numbers = await self._placement.numbers(environments.values(), self._clock())
        around = self._circumstances(nodes, await self._placement.pools(), numbers)
        actions = plan(environments, found, around)
        self._note_turns(actions, around)
        await self._apply(actions, busy)
        freed = await self._placement.give_back(environments.values(), found, busy, around.now)
        started = _started(environments, found)
        self._prober.keep(_targets(started))
        self._inspector.keep({one.key: one for one in started})
        self._disk_guard.keep(environments, found)
        spent = time.perf_counter() - began
        RECONCILE_SECONDS.observe(spent)
        self._view.measure(around.now)
        # Whoever waits for a GPU or a direct port gets it now.
        return 0.0 if freed else next_look(self._view.environments.values(), spent, self._clock())

    def _circumstances(
        self,
        nodes: Sequence[FoundNode],
        pools: Mapping[str, Pool],
        numbers: Mapping[str, Numbers],
    ) -> Circumstances:
        now = self._clock()
        return Circumstances(
            now=now,
            answered=frozenset(self._prober.answered),
            not_held=dict(self._inspector.verdicts),
            unwritable=dict(self._inspector.unwritable),
            too_full=dict(self._disk_guard.verdicts),
            nodes=nodes,
            pools=pools,
            numbers=numbers,
            creating=frozenset(self._creating),
            frees_every=self._turns.frees_every(now),
            may_retell=self._turns.may_retell(),
            orphan_grace=self._orphan_grace,
        )

    def _note_turns(self, actions: list[Action], around: Circumstances) -> None:
        """Remember who got a place after waiting for it, and when places were last told."""
        for action in actions:
            match action:
                case Create(one) if one.phase is Phase.QUEUED and _waited_for_room(one):
                    self._turns.note_start(one.pool, around.now)
                    waited = (around.now - one.asked_at).total_seconds()
                    QUEUE_SECONDS.labels(one.pool).observe(waited)
                case Note(changed) if changed.phase is Phase.QUEUED and around.may_retell:
                    self._turns.note_told()

    async def _apply(self, actions: list[Action], busy: set[UUID]) -> None:
        notes = []
        for action in actions:
            id = _subject(action)
            if id in busy or id in self._busy:
                continue
            match action:
                case Note(changed):
                    notes.append(changed)
                case Create(environment):
                    self._creating.add(id)
                    self._work(id, self._create(environment))
                case Remove():
                    self._work(id, self._remove(action))
                case Fall(changed, task):
                    self._work(id, self._fall(changed, task))
        await self._record(notes)

    def _work(self, id: UUID, doing: Awaitable[None]) -> None:
        """Do this beside the passes, so that one slow call holds up nobody else."""
        self._busy[id] = asyncio.create_task(self._worked(id, doing))

    async def _worked(self, id: UUID, doing: Awaitable[None]) -> None:
        try:
            async with self._slots:
                await doing
        except EngineError as error:
            log.warning("environment.retried", id=str(id), error=error)
            await asyncio.sleep(_RETRY_AFTER)
        except Exception:
            log.exception("environment.action_failed", id=str(id))
            await asyncio.sleep(_RETRY_AFTER)
        finally:
            self._busy.pop(id, None)
            self._creating.discard(id)
            self._bell.ring()

    async def _create(self, environment: Environment) -> None:
        spec = await self._ledger.spec(environment)
        if spec is None:
            return
        place = await self._placement.place(environment, self._clock())
        if isinstance(place, Reason):
            await self._wait(environment, place)
            return
        answered = True
        try:
            await self._swarm.create(environment.id, spec, place)
        except AlreadyThere:
            await self._find_name_taken(environment)
            return
        except EngineRefused as error:
            reason = Reason(code=ReasonCode.ENGINE_REFUSED, detail=str(error))
            await self._fall(transitions.failed(environment, reason, self._clock()), None)
            return
        except BaseException:
            answered = False
            raise
        finally:
            self._placement.note_create(environment, answered=answered)
        log.info("environment.created", id=str(environment.id), attempt=environment.attempt)
        await self._record([transitions.created(environment, self._clock())])

    async def _wait(self, environment: Environment, reason: Reason) -> None:
        """Nothing is made before there is a place; the next try comes soon."""
        waiting = transitions.made_to_wait(environment, reason, self._clock())
        if waiting != environment:
            await self._record([waiting])
        await asyncio.sleep(_RETRY_AFTER)

    async def _find_name_taken(self, environment: Environment) -> None:
        """Ours was made before a crash, or an older attempt's: the next look tells which."""
        if not await self._swarm.is_foreign(environment.id):
            await asyncio.sleep(_RETRY_AFTER / 10)
            return
        reason = Reason(code=ReasonCode.NAME_TAKEN, detail="a service that is none of ours")
        await self._fall(transitions.failed(environment, reason, self._clock()), None)

    async def _remove(self, action: Remove) -> None:
        service = action.service
        await self._swarm.remove(service)
        log.info(
            "environment.removed",
            id=str(service.environment_id),
            attempt=service.attempt,
            service=service.id,
        )

    async def _fall(self, changed: Environment, task: FoundTask | None) -> None:
        reason, logs = changed.reason, ""
        assert reason is not None  # noqa: S101 - the planner fails nothing without a reason
        if blames_node(reason) and task is not None and task.node_id:
            await self._refuse_node(task.node_id, reason)
        if task is not None:
            findings = await self._post_mortem(changed, task)
            reason = with_findings(reason, findings, changed.resources.memory_mib)
            logs = findings.logs
        if changed.phase is Phase.FAILED:
            reason = reason.model_copy(update={"reference": new_reference()})
        await self._record([replace(changed, reason=reason, last_logs=logs)])

    async def _post_mortem(self, changed: Environment, task: FoundTask) -> PostMortem:
        """What the container tells before it is removed; of a silent port also what is behind."""
        findings = await self._swarm.post_mortem(changed.id, task)
        target = _silent_port(changed, task)
        if target is None:
            return findings
        kind, address = target
        answer, listeners = await asyncio.gather(
            examine(kind, address), self._swarm.listeners(task)
        )
        return replace(findings, answer=answer, listeners=listeners)

    async def _refuse_node(self, id: str, reason: Reason) -> None:
        """What one container is not held by holds none of the next either."""
        await self._swarm.refuse_node(id)
        NODES_REFUSED.inc()
        log.error("node.refused", node=id, why=reason.detail)

    async def _record(self, changed: list[Environment]) -> None:
        for one in await self._ledger.record(changed):
            note_move(self._view.environments.get(one.id), one)

    async def _drop_everything(self) -> None:
        self._prober.stop()
        self._inspector.stop()
        self._disk_guard.stop()
        work = list(self._busy.values())
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)


def _waited_for_room(environment: Environment) -> bool:
    reason = environment.reason
    return reason is not None and reason.code is not ReasonCode.STILL_ENDING


def _subject(action: Action) -> UUID:
    match action:
        case Create(environment):
            return environment.id
        case Remove(service):
            return service.environment_id
        case Note(changed) | Fall(changed, _):
            return changed.id


def _silent_port(changed: Environment, task: FoundTask) -> tuple[PortKind, Address] | None:
    """The port that a start failed for, and where it is reached."""
    reason = changed.reason
    if reason is None or reason.code is not ReasonCode.PORT_SILENT:
        return None
    number = reason.parameters.get("port")
    kind = next((port.kind for port in changed.ports if port.number == number), None)
    address = next((address for address in task.addresses if address.port == number), None)
    return (kind, address) if kind and address else None


def _started(environments: dict[UUID, Environment], found: Found) -> list[Started]:
    """Containers that run, of attempts that are not ready yet."""
    started = []
    for id, environment in environments.items():
        service = found.services.get(id)
        task = service.task if service and service.attempt == environment.attempt else None
        if environment.phase not in (Phase.QUEUED, Phase.STARTING) or task is None:
            continue
        if task.state is TaskState.RUNNING:
            started.append(Started(environment, task))
    return started


def _targets(started: list[Started]) -> set[Target]:
    """Their required ports, to be asked."""
    targets = set()
    for one in started:
        environment = one.environment
        by_port = {address.port: address for address in one.task.addresses}
        for port in environment.required_ports:
            if port.number in by_port:
                address = by_port[port.number]
                targets.add(Target(environment.id, environment.attempt, port, address))
    return targets
