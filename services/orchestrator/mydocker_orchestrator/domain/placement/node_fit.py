"""What fits where: the one answer for the queue, the GPU ledger and the reasons people read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from mydocker_kit.contracts.environments import Profile, Resources

from ..observed_state import Device, FoundNode

Asked = tuple[Resources, str, Profile]


def place_for(
    resources: Resources, pool: str, nodes: Iterable[FoundNode], profile: Profile = Profile.STRICT
) -> FoundNode | None:
    """The node of `pool` that takes this and has most memory left; None when it must wait."""
    taking = [
        node
        for node in nodes
        if node.usable and may_take(node, pool, profile) and fits(resources, node)
    ]
    return max(taking, key=lambda node: (node.free_memory_mib, node.free_cpu), default=None)


def may_take(node: FoundNode, pool: str, profile: Profile) -> bool:
    """Whether this node is for such containers, be it full or empty."""
    return node.pool == pool and (node.takes_compat or profile is not Profile.COMPAT)


def fits(resources: Resources, node: FoundNode) -> bool:
    """Whether there is room on this node now."""
    return not lacking(resources, node)


def lacking(resources: Resources, node: FoundNode) -> list[str]:
    """What this node has too little of: `cpu`, `memory`, `gpu`."""
    short = {
        "cpu": node.free_cpu < resources.cpu,
        "memory": node.free_memory_mib < resources.memory_mib,
        "gpu": len(node.free_devices) < resources.gpu,
    }
    return [kind for kind, is_short in short.items() if is_short]


def could_ever_fit(
    resources: Resources, pool: str, nodes: Iterable[FoundNode], profile: Profile = Profile.STRICT
) -> bool:
    """Whether some node of `pool` would take this if it were empty."""
    return any(
        may_take(node, pool, profile)
        and resources.cpu <= node.cpu
        and resources.memory_mib <= node.memory_mib
        and resources.gpu <= len(node.devices)
        for node in nodes
    )


def taken(
    resources: Resources, place: FoundNode, nodes: Sequence[FoundNode]
) -> tuple[FoundNode, ...]:
    """The nodes once this has been put on `place`: for giving out several places in one pass."""
    less = replace(
        place,
        free_cpu=round(place.free_cpu - resources.cpu, 6),
        free_memory_mib=place.free_memory_mib - resources.memory_mib,
        free_devices=place.free_devices[resources.gpu :],
    )
    return tuple(less if node.id == place.id else node for node in nodes)


def left_after(coming: Iterable[Asked], nodes: Sequence[FoundNode]) -> tuple[FoundNode, ...]:
    """The nodes once these have a place; those that find none take nothing.

    For services that exist and whose task has no node yet: the engine does not count them.
    """
    left = tuple(nodes)
    for resources, pool, profile in coming:
        place = place_for(resources, pool, left, profile)
        if place:
            left = taken(resources, place, left)
    return left


def with_free_devices(
    nodes: Iterable[FoundNode], held: Mapping[tuple[str, Device], object]
) -> tuple[FoundNode, ...]:
    """The nodes, knowing which (node id, device) somebody holds."""
    return tuple(
        replace(
            node,
            free_devices=tuple(one for one in node.devices if (node.id, one) not in held),
        )
        for node in nodes
    )


def with_kinds(
    nodes: Iterable[FoundNode], kinds: Mapping[str, str | None]
) -> tuple[FoundNode, ...]:
    """The nodes with those devices alone that their pool gives out."""
    return tuple(
        replace(
            node,
            devices=tuple(one for one in node.devices if one.kind == kinds.get(node.pool)),
            free_devices=tuple(
                one for one in node.free_devices if one.kind == kinds.get(node.pool)
            ),
        )
        for node in nodes
    )
