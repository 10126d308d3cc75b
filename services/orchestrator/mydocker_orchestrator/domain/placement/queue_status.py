"""What a queued environment shows: its position, what is short, how long starts usually take."""

import math
from collections.abc import Mapping, Sequence

from mydocker_kit.contracts.orchestrator.environments import Reason

from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedNode
from .direct_ports import NO_DIRECT_PORTS
from .node_fit import ResourceRequest
from .queue import QueueResult
from .wait_reasons import no_capacity_reason

_MINUTE = 60
_PRECISION = 10
"""Seconds: a finer estimate would change, and be written and sent again, at every pass."""


class QueueStatus:
    """The wait reasons of one pass; equal requests share one search over the nodes."""

    def __init__(
        self,
        result: QueueResult,
        nodes: Sequence[ObservedNode],
        slot_intervals: Mapping[str, float],
    ) -> None:
        self._result, self._nodes, self._slot_intervals = result, nodes, slot_intervals
        self._reasons: dict[tuple[ResourceRequest, int], Reason] = {}

    def is_admitted(self, environment: EnvironmentState) -> bool:
        return environment.id in self._result.admitted

    def reason(self, environment: EnvironmentState) -> Reason:
        """Why this environment waits, with its position."""
        ports = self._result.free_ports.get(environment.pool, NO_DIRECT_PORTS)
        request = (
            environment.resources,
            environment.pool,
            environment.root_access,
            environment.folder_nodes,
        )
        key = (request, ports.requested(environment))
        if key not in self._reasons:
            self._reasons[key] = no_capacity_reason(environment, self._nodes, 0, ports)
        reason = self._reasons[key]
        position = self._result.positions.get(environment.id, 0)
        parameters = {**reason.parameters, "waiting_before": max(0, position - 1)}
        if position:
            parameters["place"] = position
            if environment.pool in self._slot_intervals:
                interval = self._slot_intervals[environment.pool]
                parameters["frees_every_seconds"] = _rounded_up(interval)
        return reason.model_copy(update={"parameters": parameters})


def _rounded_up(seconds: float) -> int:
    unit = _PRECISION if seconds <= _MINUTE else _MINUTE
    return max(1, math.ceil(seconds / unit)) * unit
