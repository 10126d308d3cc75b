"""CPU and memory in use by environments: readings of all machines, turned into rates.

Asked for on demand, by whoever looks at a live room, and at most once in `MAX_AGE` seconds however
many look. Cost: one request per machine, which reads one control group per container. A machine
that does not answer within `TIMEOUT` is left out.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.usage import (
    ContainerReading,
    EnvironmentUsage,
    UsageLook,
)
from mydocker_kit.observability.logging import get_logger

from .interface import SwarmClient

log = get_logger()
MAX_AGE = timedelta(seconds=10)
TIMEOUT = 8.0
_SHORTEST = timedelta(seconds=1)
"""Rates over less are noise."""


@dataclass(frozen=True)
class _Measured:
    reading: ContainerReading
    at: datetime


class UsageSampler:
    """The newest usage, and the readings that the next rates are measured from."""

    def __init__(self, swarm: SwarmClient, clock: Clock) -> None:
        self._swarm, self._clock = swarm, clock
        self._lock = asyncio.Lock()
        self._before: dict[str, _Measured] = {}
        self._usage: tuple[EnvironmentUsage, ...] = ()
        self._at: datetime | None = None

    async def usage(self) -> tuple[EnvironmentUsage, ...]:
        """What every environment uses, at most `MAX_AGE` old; raises `EngineError`."""
        async with self._lock:
            if self._at is None or self._clock() - self._at > MAX_AGE:
                await self._measure()
            return self._usage

    async def _measure(self) -> None:
        nodes = [node.id for node in await self._swarm.nodes()]
        looks = await asyncio.gather(*(self._look(node_id) for node_id in nodes))
        now = self._clock()
        readings = [reading for look in looks if look for reading in look.readings]
        self._usage = tuple(usage_of(self._before.get(r.container), r, now) for r in readings)
        self._before = {reading.container: _Measured(reading, now) for reading in readings}
        self._at = now

    async def _look(self, node_id: str) -> UsageLook | None:
        try:
            async with asyncio.timeout(TIMEOUT):
                return await self._swarm.usage(node_id)
        except Exception as error:  # one machine must not hide the others
            log.warning("usage.unmeasured", node=node_id, error=error)
            return None


def usage_of(
    before: _Measured | None, reading: ContainerReading, now: datetime
) -> EnvironmentUsage:
    """The usage of one container since its last reading."""
    cpu = None
    if before is not None and now - before.at >= _SHORTEST:
        spent = reading.cpu_seconds - before.reading.cpu_seconds
        cpu = round(max(0.0, spent) / (now - before.at).total_seconds(), 2)
    return EnvironmentUsage(
        environment=reading.environment,
        cpu=cpu,
        memory_mib=reading.memory_mib,
        measured_at=now,
    )
