"""Why the scheduler has no place: what is short, and how many wait before."""

import re
from collections.abc import Iterable, Iterator, Sequence

from mydocker_kit.contracts.environments import Reason, ReasonCode

from .found import FoundNode
from .lifecycle import Environment

_NO_NODE = re.compile(r"no suitable node", re.IGNORECASE)
_SHORT = re.compile(r"insufficient resources", re.IGNORECASE)


def is_waiting_for_a_place(error: str) -> bool:
    """Whether a pending task's text says that no node takes it."""
    return bool(_NO_NODE.search(error))


def why_it_waits(
    error: str, environment: Environment, nodes: Sequence[FoundNode], before: int
) -> Reason:
    """The scheduler's "no suitable node (…)" as code and parameters."""
    usable = [node for node in nodes if node.usable and node.pool == environment.pool]
    if not _SHORT.search(error):
        parameters: dict[str, str | int | float] = {
            "pool": environment.pool,
            "nodes": len(nodes),
            "waiting_before": before,
        }
        return Reason(code=ReasonCode.NODE_UNAVAILABLE, parameters=parameters, detail=error)
    asked = environment.resources
    parameters = {
        "short": ",".join(_short(environment, usable)),
        "cpu": asked.cpu,
        "memory_mib": asked.memory_mib,
        "pool": environment.pool,
        "waiting_before": before,
        "fits_nowhere": int(bool(usable) and not _could_ever_fit(environment, usable)),
    }
    if asked.gpu:
        parameters["gpu"] = asked.gpu
    return Reason(code=ReasonCode.NO_ROOM, parameters=parameters, detail=error)


def _short(environment: Environment, nodes: Iterable[FoundNode]) -> list[str]:
    """What is missing on the node that lacks least."""
    lacks = (list(_lacking(environment, node)) for node in nodes)
    least: list[str] = min(lacks, key=len, default=[])
    # Cores and memory suffice somewhere, and the scheduler still says no: the third kind is short.
    return least or (["gpu"] if environment.resources.gpu else ["cpu", "memory"])


def _lacking(environment: Environment, node: FoundNode) -> Iterator[str]:
    if node.free_cpu < environment.resources.cpu:
        yield "cpu"
    if node.free_memory_mib < environment.resources.memory_mib:
        yield "memory"


def _could_ever_fit(environment: Environment, nodes: Iterable[FoundNode]) -> bool:
    asked = environment.resources
    return any(asked.cpu <= node.cpu and asked.memory_mib <= node.memory_mib for node in nodes)
