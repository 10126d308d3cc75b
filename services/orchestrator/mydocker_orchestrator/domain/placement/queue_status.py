"""What those who wait for room are told: their place, what is short, how it usually goes."""

import math
from collections.abc import Mapping, Sequence

from mydocker_kit.contracts.environments import Reason

from ..lifecycle.transitions import Environment
from ..observed_state import FoundNode
from .direct_ports import UNNUMBERED
from .node_fit import Asked
from .queue import Line
from .wait_reasons import why_no_place

_MINUTE = 60
_ROUGHLY = 10
"""Seconds: whoever waits is told no finer, or the telling itself would never end."""


class Waiting:
    """The reasons of one pass; one look at the nodes for all who ask for the same."""

    def __init__(
        self, line: Line, nodes: Sequence[FoundNode], frees_every: Mapping[str, float]
    ) -> None:
        self.line, self._nodes, self._frees_every = line, nodes, frees_every
        self._known: dict[tuple[Asked, int], Reason] = {}

    def is_admitted(self, environment: Environment) -> bool:
        return environment.id in self.line.admitted

    def reason(self, environment: Environment) -> Reason:
        """Why this one waits, and the place it has."""
        numbers = self.line.numbers.get(environment.pool, UNNUMBERED)
        asked = (environment.resources, environment.pool, environment.profile)
        key = (asked, numbers.asked(environment))
        if key not in self._known:
            self._known[key] = why_no_place(environment, self._nodes, 0, numbers)
        known = self._known[key]
        place = self.line.places.get(environment.id, 0)
        parameters = {**known.parameters, "waiting_before": max(0, place - 1)}
        if place:
            parameters["place"] = place
            if environment.pool in self._frees_every:
                parameters["frees_every_seconds"] = _rough(self._frees_every[environment.pool])
        return known.model_copy(update={"parameters": parameters})


def _rough(seconds: float) -> int:
    unit = _ROUGHLY if seconds <= _MINUTE else _MINUTE
    return max(1, math.ceil(seconds / unit)) * unit
