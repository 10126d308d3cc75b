"""CPU and memory in use by environments, as node agents and the orchestrator report it.

An engine counts CPU time since the container began; a rate needs two readings. One reading costs
the engine one file per control group, as `one-shot` asks it not to wait for a second one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from ..base import Contract

ENVIRONMENT_LABEL = "mydocker.environment"
_MIB = 1024 * 1024


class ContainerReading(Contract):
    """What one running container has used."""

    environment: UUID
    container: str
    cpu_seconds: float
    """Of all cores, since the container began."""
    memory_mib: float
    """Without the page cache that the kernel can drop, as `docker stats` shows it."""

    @classmethod
    def parse(
        cls, listed: Mapping[str, Any], stats: Mapping[str, Any]
    ) -> "ContainerReading | None":
        """From `containers/json` and `containers/{id}/stats`; None for what has just ended."""
        environment = (listed.get("Labels") or {}).get(ENVIRONMENT_LABEL)
        nanoseconds = ((stats.get("cpu_stats") or {}).get("cpu_usage") or {}).get("total_usage")
        memory = stats.get("memory_stats") or {}
        if not environment or not nanoseconds or "usage" not in memory:
            return None
        counters = memory.get("stats") or {}
        # Control groups 2 call it `inactive_file`, version 1 `total_inactive_file`.
        cache = counters.get("inactive_file", counters.get("total_inactive_file", 0))
        return cls(
            environment=UUID(environment),
            container=str(listed["Id"]),
            cpu_seconds=int(nanoseconds) / 1e9,
            memory_mib=round(max(0, int(memory["usage"]) - int(cache)) / _MIB, 1),
        )


class UsageLook(Contract):
    """The readings of one machine."""

    readings: tuple[ContainerReading, ...] = ()


class EnvironmentUsage(Contract):
    """What one environment uses now."""

    environment: UUID
    cpu: float | None
    """Cores, since the reading before; None at the first one."""
    memory_mib: float
    measured_at: datetime


class UsageList(Contract):
    """What all environments use whose machines could be asked."""

    items: tuple[EnvironmentUsage, ...] = ()
