"""Why the scheduler finds no node: the resource that is short, and how many wait before."""

import re
from collections.abc import Iterable, Sequence

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import DirectPorts

from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedNode
from .direct_ports import NO_DIRECT_PORTS, PortAvailability, availability
from .folder_nodes import folder_node_names, folder_node_reason
from .node_fit import fits_when_empty, is_eligible, missing_resources

_NO_NODE = re.compile(r"no suitable node", re.IGNORECASE)
_INSUFFICIENT = re.compile(r"insufficient resources", re.IGNORECASE)
NOT_REMAPPED = "no usable machine of this pool remaps users, which the profile compat needs here"


def is_waiting_for_node(error: str) -> bool:
    """Whether a pending task's text says that no node takes it."""
    return bool(_NO_NODE.search(error))


def scheduler_wait_reason(
    error: str, environment: EnvironmentState, nodes: Sequence[ObservedNode], before: int
) -> Reason:
    """The scheduler's "no suitable node (…)" as code and parameters."""
    away = folder_node_reason(environment, nodes, before)
    if away:
        return away.model_copy(update={"detail": error})
    if _INSUFFICIENT.search(error):
        return _no_room(environment, nodes, before, error)
    return _node_unavailable(environment, nodes, before, error)


def no_capacity_reason(
    environment: EnvironmentState,
    nodes: Sequence[ObservedNode],
    before: int,
    ports: PortAvailability = NO_DIRECT_PORTS,
) -> Reason:
    """Why the queue finds no node: none of the pool is eligible, or all capacity is reserved."""
    away = folder_node_reason(environment, nodes, before)
    if away:
        return away
    usable = [node for node in nodes if node.usable and node.pool == environment.pool]
    if any(_is_eligible(environment, node) for node in usable):
        return _no_room(environment, nodes, before, "", ports)
    if usable:
        profile = environment.profile.value
        return _node_unavailable(environment, nodes, before, NOT_REMAPPED, profile=profile)
    return _node_unavailable(environment, nodes, before, "")


def no_direct_port_reason(environment: EnvironmentState, direct: DirectPorts) -> Reason:
    """All direct ports have been allocated since it was admitted."""
    return _no_room(environment, (), 0, "", availability(direct, direct.numbers))


def _is_eligible(environment: EnvironmentState, node: ObservedNode) -> bool:
    return is_eligible(node, environment.pool, environment.root_access, environment.folder_nodes)


def _node_unavailable(
    environment: EnvironmentState,
    nodes: Sequence[ObservedNode],
    before: int,
    detail: str,
    **details: str,
) -> Reason:
    parameters: dict[str, str | int | float] = {
        "pool": environment.pool,
        "nodes": len(nodes),
        "waiting_before": before,
        **details,
    }
    return Reason(code=ReasonCode.NODE_UNAVAILABLE, parameters=parameters, detail=detail)


def _no_room(
    environment: EnvironmentState,
    nodes: Sequence[ObservedNode],
    before: int,
    detail: str,
    ports: PortAvailability = NO_DIRECT_PORTS,
) -> Reason:
    usable = [node for node in nodes if node.usable and _is_eligible(environment, node)]
    requested = environment.resources
    fits = fits_when_empty(
        requested,
        environment.pool,
        usable,
        environment.root_access,
        environment.folder_nodes,
    )
    enough_ports = ports.requested(environment) <= ports.total
    parameters: dict[str, str | int | float] = {
        "short": ",".join(_shortages(environment, usable, ports)),
        "cpu": requested.cpu,
        "memory_mib": requested.memory_mib,
        "pool": environment.pool,
        "waiting_before": before,
        "fits_nowhere": int((bool(usable) and not fits) or not enough_ports),
    }
    if requested.gpu:
        parameters["gpu"] = requested.gpu
    if environment.folder_nodes:
        parameters["folder_node"] = folder_node_names(environment, nodes)
    return Reason(code=ReasonCode.NO_ROOM, parameters=parameters, detail=detail)


def _shortages(
    environment: EnvironmentState, nodes: Iterable[ObservedNode], ports: PortAvailability
) -> list[str]:
    """The resources missing on the node that lacks fewest, and `ports` if these are short."""
    missing = (missing_resources(environment.resources, node) for node in nodes)
    fewest: list[str] = min(missing, key=len, default=[])
    if ports.lacks(environment):
        return [*fewest, "ports"]
    # Nothing is short here and the scheduler still refuses: our observation is older than its own.
    return fewest or (["gpu"] if environment.resources.gpu else ["cpu", "memory"])
