"""Which queued environments start next in each pool, when not all of them fit.

Order: environments with a higher `priority` (a session that runs) first, then by the time they
were asked for. An environment that fits now starts now, so a small request may overtake a large
one that no node has capacity for. To prevent starvation, an environment that has waited
`OVERTAKING_LIMIT` is overtaken no longer: capacity that becomes free is reserved for it. A request
that would not fit on any empty node of its pool reserves nothing. Direct ports are a second
resource of the pool with the same rule: an environment that lacks only ports reserves ports.

An environment whose work folder is on one node's disk (`folder_nodes`) competes for that node only.
Overdue, it reserves that node and nothing of the others; while its node takes nothing at all it has
no position, and nobody waits behind it.

The functions are pure and keep no state between passes: positions follow from the rows each time,
so a restarted replica computes the same queue.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Resources

from ..checks.root_access import RootAccess
from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedNode
from .direct_ports import NO_DIRECT_PORTS, PortAvailability
from .folder_nodes import folder_node_state
from .node_fit import best_node, capacity_after, fits_when_empty, with_reservation

OVERTAKING_LIMIT = timedelta(minutes=3)
HISTORY_WINDOW = timedelta(minutes=30)
_MIN_SAMPLES = 3


@dataclass(frozen=True)
class QueueResult:
    """Environments that start now, and the position of the others."""

    admitted: frozenset[UUID] = frozenset()
    positions: Mapping[UUID, int] = field(default_factory=dict)
    """From 1, within its pool; 0 for a request that no node could ever satisfy."""
    free_ports: Mapping[str, PortAvailability] = field(default_factory=dict)
    """Direct ports left, of pools that have any."""


def sort_key(environment: EnvironmentState) -> tuple[int, datetime, UUID]:
    """Sorts a queue: the smaller, the sooner."""
    return (-environment.priority, environment.asked_at, environment.id)


def admit(
    queued: Iterable[EnvironmentState],
    admitted_earlier: Iterable[EnvironmentState],
    nodes: Sequence[ObservedNode],
    now: datetime,
    free_ports: Mapping[str, PortAvailability] | None = None,
) -> QueueResult:
    """Admit what fits; `admitted_earlier` have no node yet and are reserved for first."""
    # Their GPUs are claimed in the ledger when they are admitted.
    remaining = capacity_after(
        [
            (
                _without_gpu(environment.resources),
                environment.pool,
                environment.root_access,
                environment.folder_nodes,
            )
            for environment in admitted_earlier
        ],
        nodes,
    )
    pools: dict[str, list[EnvironmentState]] = defaultdict(list)
    for environment in sorted(queued, key=sort_key):
        pools[environment.pool].append(environment)
    admitted: set[UUID] = set()
    positions: dict[UUID, int] = {}
    ports = dict(free_ports or {})
    for pool, queue in pools.items():
        pool_nodes = tuple(node for node in remaining if node.pool == pool)
        starts, ports_left = _admit_in_pool(
            queue, pool_nodes, ports.get(pool, NO_DIRECT_PORTS), now
        )
        if pool in ports:
            ports[pool] = ports_left
        admitted |= starts
        waiting = [environment for environment in queue if environment.id not in starts]
        positions |= _positions(waiting, pool_nodes, ports.get(pool, NO_DIRECT_PORTS))
    return QueueResult(frozenset(admitted), positions, ports)


def _admit_in_pool(
    queue: Sequence[EnvironmentState],
    nodes: tuple[ObservedNode, ...],
    ports: PortAvailability,
    now: datetime,
) -> tuple[set[UUID], PortAvailability]:
    """The environments of one pool that start now, and the direct ports left then."""
    admitted: set[UUID] = set()
    too_large: list[EnvironmentState] = []
    for environment in queue:
        # Capacity only shrinks within a pass: a request at least as large as one that did not fit
        # needs no search. A class of equal requests costs one search, however long its queue.
        if any(_requests_at_least(environment, other) for other in too_large):
            node = None
        else:
            node = best_node(
                environment.resources,
                environment.pool,
                nodes,
                environment.root_access,
                environment.folder_nodes,
            )
        is_overdue = environment.asked_at + OVERTAKING_LIMIT <= now
        requested = ports.requested(environment)
        if node is not None and requested <= ports.free:
            admitted.add(environment.id)
            nodes = with_reservation(environment.resources, node, nodes)
            ports = replace(ports, free=ports.free - requested)
            continue
        if node is not None:
            if is_overdue and requested <= ports.total:
                ports = replace(ports, free=0)
            continue
        too_large.append(environment)
        if is_overdue and _fits_when_empty(environment, nodes):
            if not environment.folder_nodes:
                break
            nodes = tuple(node for node in nodes if node.id not in environment.folder_nodes)
    return admitted, ports


def _positions(
    waiting: Sequence[EnvironmentState], nodes: Sequence[ObservedNode], ports: PortAvailability
) -> dict[UUID, int]:
    positions, position = {}, 0
    satisfiable: dict[tuple[Resources, RootAccess, frozenset[str], int], bool] = {}
    for environment in waiting:
        requested = ports.requested(environment)
        request = (
            environment.resources,
            environment.root_access,
            environment.folder_nodes,
            requested,
        )
        if request not in satisfiable:
            # A pool without nodes may get one; otherwise its nodes say what can ever fit.
            fits = _fits_when_empty(environment, nodes) or not nodes
            has_node = folder_node_state(environment, nodes) is None
            satisfiable[request] = fits and has_node and requested <= ports.total
        position += satisfiable[request]
        positions[environment.id] = position if satisfiable[request] else 0
    return positions


def slot_interval(starts: Sequence[datetime], now: datetime) -> float | None:
    """Recent average of seconds between starts from the queue; None with too few samples."""
    recent = [start for start in starts if start >= now - HISTORY_WINDOW]
    if len(recent) < _MIN_SAMPLES:
        return None
    return (now - recent[0]).total_seconds() / (len(recent) - 1)


def _fits_when_empty(environment: EnvironmentState, nodes: Iterable[ObservedNode]) -> bool:
    return fits_when_empty(
        environment.resources,
        environment.pool,
        nodes,
        environment.root_access,
        environment.folder_nodes,
    )


def _requests_at_least(environment: EnvironmentState, other: EnvironmentState) -> bool:
    requested, less = environment.resources, other.resources
    return (
        environment.root_access is other.root_access
        and environment.folder_nodes >= other.folder_nodes
        and requested.cpu >= less.cpu
        and requested.memory_mib >= less.memory_mib
        and requested.gpu >= less.gpu
    )


def _without_gpu(resources: Resources) -> Resources:
    return resources.model_copy(update={"gpu": 0}) if resources.gpu else resources
