"""Why the scheduler has no place: what is short, and how many wait before."""

import re
from collections.abc import Iterable, Sequence

from mydocker_kit.contracts.environments import Reason, ReasonCode
from mydocker_kit.contracts.pools import DirectPorts

from ..lifecycle.transitions import Environment
from ..observed_state import FoundNode
from .direct_ports import UNNUMBERED, Numbers, left
from .node_fit import could_ever_fit, lacking, may_take

_NO_NODE = re.compile(r"no suitable node", re.IGNORECASE)
_SHORT = re.compile(r"insufficient resources", re.IGNORECASE)
NOT_REMAPPED = "no usable machine of this pool remaps users, which the profile compat needs here"


def is_waiting_for_a_place(error: str) -> bool:
    """Whether a pending task's text says that no node takes it."""
    return bool(_NO_NODE.search(error))


def why_it_waits(
    error: str, environment: Environment, nodes: Sequence[FoundNode], before: int
) -> Reason:
    """The scheduler's "no suitable node (…)" as code and parameters."""
    if _SHORT.search(error):
        return _no_room(environment, nodes, before, error)
    return _no_node(environment, nodes, before, error)


def why_no_place(
    environment: Environment,
    nodes: Sequence[FoundNode],
    before: int,
    numbers: Numbers = UNNUMBERED,
) -> Reason:
    """Why our own look finds no place: nothing of its pool takes anybody, or all is held."""
    usable = [node for node in nodes if node.usable and node.pool == environment.pool]
    if any(_is_for(environment, node) for node in usable):
        return _no_room(environment, nodes, before, "", numbers)
    if usable:
        profile = environment.profile.value
        return _no_node(environment, nodes, before, NOT_REMAPPED, profile=profile)
    return _no_node(environment, nodes, before, "")


def why_no_number(environment: Environment, direct: DirectPorts) -> Reason:
    """All direct ports were given out since it was let in."""
    return _no_room(environment, (), 0, "", left(direct, direct.numbers))


def _is_for(environment: Environment, node: FoundNode) -> bool:
    return may_take(node, environment.pool, environment.profile)


def _no_node(
    environment: Environment, nodes: Sequence[FoundNode], before: int, detail: str, **facts: str
) -> Reason:
    parameters: dict[str, str | int | float] = {
        "pool": environment.pool,
        "nodes": len(nodes),
        "waiting_before": before,
        **facts,
    }
    return Reason(code=ReasonCode.NODE_UNAVAILABLE, parameters=parameters, detail=detail)


def _no_room(
    environment: Environment,
    nodes: Sequence[FoundNode],
    before: int,
    detail: str,
    numbers: Numbers = UNNUMBERED,
) -> Reason:
    usable = [node for node in nodes if node.usable and _is_for(environment, node)]
    asked = environment.resources
    could = could_ever_fit(asked, environment.pool, usable, environment.profile)
    enough = numbers.asked(environment) <= numbers.most
    parameters: dict[str, str | int | float] = {
        "short": ",".join(_short(environment, usable, numbers)),
        "cpu": asked.cpu,
        "memory_mib": asked.memory_mib,
        "pool": environment.pool,
        "waiting_before": before,
        "fits_nowhere": int((bool(usable) and not could) or not enough),
    }
    if asked.gpu:
        parameters["gpu"] = asked.gpu
    return Reason(code=ReasonCode.NO_ROOM, parameters=parameters, detail=detail)


def _short(environment: Environment, nodes: Iterable[FoundNode], numbers: Numbers) -> list[str]:
    """What is missing on the node that lacks least, and whether direct ports are."""
    lacks = (lacking(environment.resources, node) for node in nodes)
    least: list[str] = min(lacks, key=len, default=[])
    if numbers.lacks(environment):
        return [*least, "ports"]
    # All of it suffices somewhere, and the scheduler still says no: our look is older than its own.
    return least or (["gpu"] if environment.resources.gpu else ["cpu", "memory"])
