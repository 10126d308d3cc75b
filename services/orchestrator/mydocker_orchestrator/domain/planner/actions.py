"""What a plan decides from, and the actions that it is made of."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import FolderUse
from mydocker_kit.contracts.orchestrator.pools import Pool

from ..checks.disk_limits import Overrun
from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedNode, ObservedService, ObservedTask
from ..placement.direct_ports import PortAvailability

PortKey = tuple[UUID, int, int]
"""Environment, attempt and container port."""


ContainerKey = tuple[UUID, int, str]
"""Environment, attempt and the engine's id of the container."""


@dataclass(frozen=True)
class Create:
    """Create the service of this environment."""

    environment: EnvironmentState


@dataclass(frozen=True)
class Remove:
    """Remove this service; its volumes stay."""

    service: ObservedService


@dataclass(frozen=True)
class RecordStatus:
    """Write the observed status to the row."""

    changed: EnvironmentState


@dataclass(frozen=True)
class RecordFailure:
    """Fetch the last lines of output, then record a failure, a stop or a restart."""

    changed: EnvironmentState
    task: ObservedTask | None


Action = Create | Remove | RecordStatus | RecordFailure


@dataclass(frozen=True)
class PlanInputs:
    """What a decision depends on besides desired and observed state."""

    now: datetime
    ready_ports: AbstractSet[PortKey] = frozenset()
    """Ports whose readiness probe succeeded."""
    hardening_differences: Mapping[ContainerKey, tuple[str, ...]] | None = None
    """Differences from the profile, of containers whose settings were read back; None: settings
    are not read back at all."""
    unwritable_folders: Mapping[ContainerKey, str] = field(default_factory=dict)
    """Containers whose user cannot write in a work folder, and its path."""
    disk_overruns: Mapping[ContainerKey, Overrun] = field(default_factory=dict)
    """Containers that wrote more than their limit."""
    folder_uses: Mapping[str, FolderUse] = field(default_factory=dict)
    """What volumes with a size hold, by name."""
    nodes: Sequence[ObservedNode] | None = None
    """None: unknown; placement is left to the Swarm."""
    pools: Mapping[str, Pool] = field(default_factory=dict)
    free_ports: Mapping[str, PortAvailability] = field(default_factory=dict)
    """Free direct ports, of pools that have any and in which an environment is queued."""
    creating: AbstractSet[UUID] = frozenset()
    """Environments whose service is being created during this pass."""
    slot_intervals: Mapping[str, float] = field(default_factory=dict)
    """By pool: recent average of seconds between two starts from the queue."""
    may_update_positions: bool = True
    """Whether a queue position that was shown already is updated in this pass."""
    orphan_grace: timedelta = timedelta(seconds=60)
