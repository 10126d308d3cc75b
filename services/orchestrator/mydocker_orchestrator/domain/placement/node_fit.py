"""Whether a request fits on a node: one answer for the queue, the GPU ledger and wait reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mydocker_kit.contracts.orchestrator.environments import Resources

from ..checks.root_access import RootAccess, takes_root
from ..lifecycle.transitions import ANY_NODE
from ..observed_state import Device, ObservedNode

ResourceRequest = tuple[Resources, str, RootAccess, frozenset[str]]
"""Resources, pool, root access, and the nodes that hold its work folders."""


def best_node(
    resources: Resources,
    pool: str,
    nodes: Iterable[ObservedNode],
    access: RootAccess = RootAccess.NOT_NEEDED,
    folder_nodes: frozenset[str] = ANY_NODE,
) -> ObservedNode | None:
    """The eligible node of `pool` with most free memory; None when the request must wait."""
    candidates = [
        node
        for node in nodes
        if node.usable
        and is_eligible(node, pool, access, folder_nodes)
        and has_capacity(resources, node)
    ]
    return max(candidates, key=lambda node: (node.free_memory_mib, node.free_cpu), default=None)


def is_eligible(
    node: ObservedNode, pool: str, access: RootAccess, folder_nodes: frozenset[str] = ANY_NODE
) -> bool:
    """Whether this node takes containers of this pool, access and work folders, full or not.

    Folders on two nodes fit on none: a container sees the disk of its own node only.
    """
    return node.pool == pool and takes_root(node, access) and folder_nodes <= {node.id}


def has_capacity(resources: Resources, node: ObservedNode) -> bool:
    """Whether the node has enough free resources now."""
    return not missing_resources(resources, node)


def missing_resources(resources: Resources, node: ObservedNode) -> list[str]:
    """What this node has too little of: `cpu`, `memory`, `gpu`."""
    short = {
        "cpu": node.free_cpu < resources.cpu,
        "memory": node.free_memory_mib < resources.memory_mib,
        "gpu": len(node.free_devices) < resources.gpu,
    }
    return [kind for kind, is_short in short.items() if is_short]


def fits_when_empty(
    resources: Resources,
    pool: str,
    nodes: Iterable[ObservedNode],
    access: RootAccess = RootAccess.NOT_NEEDED,
    folder_nodes: frozenset[str] = ANY_NODE,
) -> bool:
    """Whether some node of `pool` would take this request if it were empty."""
    return any(
        is_eligible(node, pool, access, folder_nodes)
        and resources.cpu <= node.cpu
        and resources.memory_mib <= node.memory_mib
        and resources.gpu <= len(node.devices)
        for node in nodes
    )


def with_reservation(
    resources: Resources, target: ObservedNode, nodes: Sequence[ObservedNode]
) -> tuple[ObservedNode, ...]:
    """The nodes after a reservation on `target`, so that one pass can place several requests."""
    reserved = replace(
        target,
        free_cpu=round(target.free_cpu - resources.cpu, 6),
        free_memory_mib=target.free_memory_mib - resources.memory_mib,
        free_devices=target.free_devices[resources.gpu :],
    )
    return tuple(reserved if node.id == target.id else node for node in nodes)


def capacity_after(
    requests: Iterable[ResourceRequest], nodes: Sequence[ObservedNode]
) -> tuple[ObservedNode, ...]:
    """The nodes after these requests; a request that fits nowhere reserves nothing.

    For services whose task has no node yet: the engine does not count their reservations.
    """
    remaining = tuple(nodes)
    for resources, pool, access, folder_nodes in requests:
        node = best_node(resources, pool, remaining, access, folder_nodes)
        if node:
            remaining = with_reservation(resources, node, remaining)
    return remaining


def with_free_devices(
    nodes: Iterable[ObservedNode], held: Mapping[tuple[str, Device], object]
) -> tuple[ObservedNode, ...]:
    """The nodes without the devices in `held`, by (node id, device)."""
    return tuple(
        replace(
            node,
            free_devices=tuple(device for device in node.devices if (node.id, device) not in held),
        )
        for node in nodes
    )


def with_device_kinds(
    nodes: Iterable[ObservedNode], kinds: Mapping[str, str | None]
) -> tuple[ObservedNode, ...]:
    """The nodes with only those devices whose kind their pool gives out."""
    return tuple(
        replace(
            node,
            devices=_of_kind(node.devices, kinds.get(node.pool)),
            free_devices=_of_kind(node.free_devices, kinds.get(node.pool)),
        )
        for node in nodes
    )


def _of_kind(devices: tuple[Device, ...], kind: str | None) -> tuple[Device, ...]:
    return tuple(device for device in devices if device.kind == kind)
