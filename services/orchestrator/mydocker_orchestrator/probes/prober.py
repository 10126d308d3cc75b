"""Asks the required ports of starting containers until they answer, less often each time."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.environments import Address, Port, PortKind

from ..domain.checks.port_diagnosis import Answer
from ..domain.planner.plan import Answered
from .port_probe import probe

FIRST_PATIENCE, _MOST_PATIENCE, _MORE_PATIENCE = 0.1, 2.0, 1.3
"""Seconds for an answer; a slow first page gets more at each question."""
_FIRST_PAUSE, _LAST_PAUSE, _GROWTH = 0.01, 0.5, 1.3
_HOLDS = frozenset({PortKind.VNC})
"""Whose questions all wait as long as the last: a VNC server that is slow to begin counts each one
that left, takes us for somebody who guesses, and shuts for the bastion too (TigerVNC: after five).
"""
_AT_ONCE = 64


@dataclass(frozen=True)
class Target:
    """One required port of one attempt, and where it is reached."""

    id: UUID
    attempt: int
    port: Port
    address: Address

    @property
    def key(self) -> Answered:
        return (self.id, self.attempt, self.port.number)


class Prober:
    """Asks many ports without overloading anything; `answered` holds those that are ready."""

    def __init__(self, on_answer: Callable[[], None]) -> None:
        self.answered: set[Answered] = set()
        self._on_answer = on_answer
        self._asking: dict[Target, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def keep(self, targets: set[Target]) -> None:
        """Ask these and no others; what answered stays known as long as it is a target."""
        for target in self._asking.keys() - targets:
            self._asking.pop(target).cancel()
        self.answered &= {target.key for target in targets}
        for target in targets - self._asking.keys():
            self._asking[target] = asyncio.create_task(self._ask(target))

    def stop(self) -> None:
        self.keep(set())

    async def _ask(self, target: Target) -> None:
        pause = _FIRST_PAUSE
        patience = _MOST_PATIENCE if target.port.kind in _HOLDS else FIRST_PATIENCE
        while True:
            async with self._slots:
                answer = await probe(target.port.kind, target.address, patience)
            if answer is Answer.READY:
                break
            await asyncio.sleep(pause)
            pause = min(_LAST_PAUSE, pause * _GROWTH)
            patience = min(_MOST_PATIENCE, patience * _MORE_PATIENCE)
        self.answered.add(target.key)
        self._on_answer()
