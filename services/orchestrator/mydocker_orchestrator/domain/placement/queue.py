"""Who starts next when not everybody fits: a fair line per pool.

The rule, in order:

1. During a session before outside one (`priority`), then first come, first served.
2. Whoever fits now starts now. So a small one may pass a big one that finds no node, while
3. nobody waits for ever: who has waited `PATIENCE` and still finds no node is passed by nobody
   behind; what becomes free from then on is kept until it fits. One that would not fit on any
   empty node of its pool keeps nothing from the others.
4. The same for direct ports, of which a pool has so many numbers; who lacks nothing else keeps
   numbers alone from those behind.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.contracts.environments import Profile, Resources

from ..lifecycle.transitions import Environment
from ..observed_state import FoundNode
from .direct_ports import UNNUMBERED, Numbers
from .node_fit import could_ever_fit, left_after, place_for, taken

PATIENCE = timedelta(minutes=3)
HISTORY = timedelta(minutes=30)
_ENOUGH_TO_SAY = 3


@dataclass(frozen=True)
class Line:
    """Who may start now, and the place of those who may not."""

    admitted: frozenset[UUID] = frozenset()
    places: Mapping[UUID, int] = field(default_factory=dict)
    """From 1, in its own pool; 0 for one that no node could ever take."""
    numbers: Mapping[str, Numbers] = field(default_factory=dict)
    """Direct ports that are left, in pools that have any."""


def turn(environment: Environment) -> tuple[int, datetime, UUID]:
    """Sorts a line: the smaller, the sooner."""
    return (-environment.priority, environment.asked_at, environment.id)


def in_line(
    waiting: Iterable[Environment],
    coming: Iterable[Environment],
    nodes: Sequence[FoundNode],
    now: datetime,
    numbers: Mapping[str, Numbers] | None = None,
) -> Line:
    """Let those start who fit; `coming` have been let in already and hold no node yet."""
    # Their GPUs are in the ledger from the moment they are let in.
    rest = left_after(
        [(_without_gpu(one.resources), one.pool, one.profile) for one in coming], nodes
    )
    pools: dict[str, list[Environment]] = defaultdict(list)
    for one in sorted(waiting, key=turn):
        pools[one.pool].append(one)
    admitted: set[UUID] = set()
    places: dict[UUID, int] = {}
    left = dict(numbers or {})
    for pool, line in pools.items():
        mine = tuple(node for node in rest if node.pool == pool)
        let_in, free = _let_in(line, mine, left.get(pool, UNNUMBERED), now)
        if pool in left:
            left[pool] = free
        admitted |= let_in
        kept = [one for one in line if one.id not in let_in]
        places |= _places(kept, mine, left.get(pool, UNNUMBERED))
    return Line(frozenset(admitted), places, left)


def _let_in(
    line: Sequence[Environment], nodes: tuple[FoundNode, ...], numbers: Numbers, now: datetime
) -> tuple[set[UUID], Numbers]:
    """Who starts now, and the direct ports that are left then."""
    let_in: set[UUID] = set()
    too_much: list[Environment] = []
    for one in line:
        # Room only shrinks within a pass: what asks for no less than one that found none needs
        # no look. A class of equals costs one look, however long its line.
        if any(_at_least(one, other) for other in too_much):
            place = None
        else:
            place = place_for(one.resources, one.pool, nodes, one.profile)
        waits_long = one.asked_at + PATIENCE <= now
        asked = numbers.asked(one)
        if place is not None and asked <= numbers.free:
            let_in.add(one.id)
            nodes = taken(one.resources, place, nodes)
            numbers = replace(numbers, free=numbers.free - asked)
            continue
        if place is not None:
            if waits_long and asked <= numbers.most:
                numbers = replace(numbers, free=0)
            continue
        too_much.append(one)
        if waits_long and could_ever_fit(one.resources, one.pool, nodes, one.profile):
            break
    return let_in, numbers


def _places(
    waiting: Sequence[Environment], nodes: Sequence[FoundNode], numbers: Numbers
) -> dict[UUID, int]:
    places, number = {}, 0
    possible: dict[tuple[Resources, Profile, int], bool] = {}
    for one in waiting:
        asked = (one.resources, one.profile, numbers.asked(one))
        if asked not in possible:
            could = could_ever_fit(one.resources, one.pool, nodes, one.profile)
            # Without any node of its pool, one may come; with some, they say what can ever fit.
            possible[asked] = (could or not nodes) and asked[2] <= numbers.most
        number += possible[asked]
        places[one.id] = number if possible[asked] else 0
    return places


def frees_every(freed: Sequence[datetime], now: datetime) -> float | None:
    """Seconds in which a place became free of late; None while there is too little to go by."""
    recent = [moment for moment in freed if moment >= now - HISTORY]
    if len(recent) < _ENOUGH_TO_SAY:
        return None
    return (now - recent[0]).total_seconds() / (len(recent) - 1)


def _at_least(one: Environment, than: Environment) -> bool:
    asked, other = one.resources, than.resources
    return (
        one.profile is than.profile
        and asked.cpu >= other.cpu
        and asked.memory_mib >= other.memory_mib
        and asked.gpu >= other.gpu
    )


def _without_gpu(resources: Resources) -> Resources:
    return resources.model_copy(update={"gpu": 0}) if resources.gpu else resources
