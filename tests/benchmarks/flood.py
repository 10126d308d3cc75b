"""One person floods the api while a class works: the real api, real PostgreSQL, fake services.

`python -m tests.benchmarks.flood`. 50 students read their window at a steady 50 requests/s, alone
and while one more student sends window reads and starts as fast as 4 connections carry them, and
then 64. The p95 of the 50 may rise by at most 20 %: the ratios are printed, with the flooder's
answers by status and the api's processor time. The flooding program takes processor time of its
own from the machine: another figure is taken while it floods an unrelated program, which answers
as fast as it is asked. The loads take turns, many and short, and the median of the p95 of their
turns counts: other work on the machine then falls on all alike. How sure a ratio is shows from
`alone` itself: the ratio of its even turns to its odd ones is printed, and would be 1 on a machine
without other work. Asserts only that none of the 50 was refused.
"""

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from tests.benchmarks.load import Order, Result, load
from tests.benchmarks.stage import on_stage
from tests.benchmarks.status import ClassRoom, fill
from tests.edge.town import Town

STUDENTS = 50
RATE = 50
CONNECTIONS = 32
FLOODS = {"4 connections": (3, 1), "64 connections": (48, 16)}
"""How many connections read the window, and how many start."""
TURNS = 12
WARM_UP_SECONDS = 4.0
MOST_RATIO = 1.2


@dataclass(frozen=True)
class Turn:
    """One load for a few seconds: the students' result, the flooder's, the api's processor time."""

    students: Result
    flooder: Sequence[Result]
    api_seconds: float


@dataclass(frozen=True)
class Load:
    """A title, what the flooder sends beside the students' requests, and the turns so far."""

    title: str
    flood: Callable[[], Sequence[Order]]
    """With access tokens made just now."""
    turns: list[Turn]

    @property
    def p95(self) -> float:
        return statistics.median(p95s(self))

    @property
    def api_seconds(self) -> float:
        return sum(turn.api_seconds for turn in self.turns)

    @property
    def students_statuses(self) -> Counter[str]:
        return _statuses([turn.students for turn in self.turns])

    @property
    def flooder_statuses(self) -> Counter[str]:
        return _statuses([result for turn in self.turns for result in turn.flooder])


def _statuses(results: Sequence[Result]) -> Counter[str]:
    total: Counter[str] = Counter()
    for result in results:
        total.update(result.statuses)
    return total


async def everything(town: Town, seconds: float, turns: int) -> int:
    room = await fill(town, STUDENTS + 1)
    alone = Load("alone", list, [])
    elsewhere = Load("flood of another program", lambda: elsewhere_orders(room, seconds), [])
    floods = [
        Load(f"flood by {title}", partial(flood_orders, room, seconds, *connections), [])
        for title, connections in FLOODS.items()
    ]
    kinds = [alone, elsewhere, *floods]
    await load(students_order(room, WARM_UP_SECONDS))
    for _ in range(turns):
        for kind in kinds:
            kind.turns.append(await take_turn(town, room, kind.flood(), seconds))
    for kind in kinds:
        show(kind, seconds)
        if kind in floods:
            show_flooder(kind, alone)
    even, odd = (statistics.median(p95s(alone)[first::2]) for first in (0, 1))
    print(f"ratio of alone to alone (even turns to odd ones): {even / odd:.2f}")
    print(f"ratio of another program's flood to alone: {elsewhere.p95 / alone.p95:.2f}")
    for kind in floods:
        print(f"ratio of {kind.title} to alone: {kind.p95 / alone.p95:.2f} (bar {MOST_RATIO})")
    refused = sum(
        count
        for kind in kinds
        for status, count in kind.students_statuses.items()
        if status != "200"
    )
    print(f"students refused: {refused}")
    return 1 if refused else 0


def p95s(kind: Load) -> list[float]:
    return [turn.students.p95 for turn in kind.turns]


def students_order(room: ClassRoom, seconds: float) -> Order:
    return Order(room.town.api.port, room.window, room.headers[:-1], seconds, CONNECTIONS, RATE)


def flood_orders(room: ClassRoom, seconds: float, readers: int, starters: int) -> list[Order]:
    """What the last student of the room sends: window reads, and starts beside them."""
    headers = room.headers[-1:]
    start = f"/api/courses/{room.course}/environment/start"
    port = room.town.api.port
    return [
        Order(port, room.window, headers, seconds, readers),
        Order(port, start, headers, seconds, starters, method="POST"),
    ]


def elsewhere_orders(room: ClassRoom, seconds: float) -> list[Order]:
    port = room.town.ports[0]
    return [
        replace(order, port=port, path="/small", method="GET")
        for order in flood_orders(room, seconds, *FLOODS["4 connections"])
    ]


async def take_turn(town: Town, room: ClassRoom, flood: Sequence[Order], seconds: float) -> Turn:
    before = town.api.cpu_seconds()
    students, *flooder = await asyncio.gather(
        load(students_order(room, seconds)), *(load(order) for order in flood)
    )
    return Turn(students, flooder, town.api.cpu_seconds() - before)


def show(kind: Load, seconds: float) -> None:
    turns = ", ".join(f"{p95:.1f}" for p95 in p95s(kind))
    p50 = statistics.median(turn.students.p50 for turn in kind.turns)
    late = statistics.median(turn.students.late for turn in kind.turns)
    print(
        f"window at {RATE}/s, {kind.title}: p50 {p50:.1f} ms, p95 {kind.p95:.1f} ms "
        f"(turns: {turns}); api {kind.api_seconds / (len(kind.turns) * seconds):.2f} of a core "
        f"(asking program late by {late:.1f} ms at p95)"
    )


def show_flooder(flooded: Load, alone: Load) -> None:
    """The flooder's answers, and what each cost the api beyond the students' requests."""
    statuses = flooded.flooder_statuses
    asked = statuses.total()
    cost = (flooded.api_seconds - alone.api_seconds) / max(asked, 1)
    others = {status: count for status, count in sorted(statuses.items()) if status != "429"}
    print(
        f"  flooder: {asked} requests, {statuses['429']} answered 429, others {others}; "
        f"api {cost * 1e6:.0f} us of processor each"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2, help="of each turn")
    parser.add_argument("--turns", type=int, default=TURNS, help="of each load")
    asked = parser.parse_args()
    return on_stage(1, partial(everything, seconds=asked.seconds, turns=asked.turns))


if __name__ == "__main__":
    sys.exit(main())
