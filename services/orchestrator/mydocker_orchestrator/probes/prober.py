"""Probes the required ports of starting containers until they are ready, with backoff."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Address, Port, PortKind

from ..domain.checks.port_diagnosis import ProbeResult
from ..domain.planner.actions import PortKey
from .port_probe import probe

FIRST_TIMEOUT, _MAX_TIMEOUT, _TIMEOUT_GROWTH = 0.1, 2.0, 1.3
"""Seconds for an answer; a slow first page gets more at each probe."""
_FIRST_PAUSE, _LAST_PAUSE, _PAUSE_GROWTH = 0.01, 0.5, 1.3
_FULL_TIMEOUT_KINDS = frozenset({PortKind.VNC})
"""Kinds whose probes all get the longest timeout. A slow VNC server counts each connection that was
given up as a failed login and then refuses the bastion too (TigerVNC: after five)."""
_CONCURRENCY = 64


@dataclass(frozen=True)
class Target:
    """One required port of one attempt, and its address."""

    id: UUID
    attempt: int
    port: Port
    address: Address

    @property
    def key(self) -> PortKey:
        return (self.id, self.attempt, self.port.number)


class Prober:
    """Probes many ports with bounded concurrency; `ready_ports` holds those that are ready."""

    def __init__(self, on_ready: Callable[[], None]) -> None:
        self.ready_ports: set[PortKey] = set()
        self._on_ready = on_ready
        self._tasks: dict[Target, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_CONCURRENCY)

    def set_targets(self, targets: set[Target]) -> None:
        """Probe these ports and no others; a ready port stays known while it is a target."""
        for target in self._tasks.keys() - targets:
            self._tasks.pop(target).cancel()
        self.ready_ports &= {target.key for target in targets}
        for target in targets - self._tasks.keys():
            self._tasks[target] = asyncio.create_task(self._probe(target))

    def stop(self) -> None:
        self.set_targets(set())

    async def _probe(self, target: Target) -> None:
        pause = _FIRST_PAUSE
        timeout = _MAX_TIMEOUT if target.port.kind in _FULL_TIMEOUT_KINDS else FIRST_TIMEOUT
        while True:
            async with self._slots:
                result = await probe(target.port.kind, target.address, timeout)
            if result is ProbeResult.READY:
                break
            await asyncio.sleep(pause)
            pause = min(_LAST_PAUSE, pause * _PAUSE_GROWTH)
            timeout = min(_MAX_TIMEOUT, timeout * _TIMEOUT_GROWTH)
        self.ready_ports.add(target.key)
        self._on_ready()
