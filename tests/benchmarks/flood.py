"""One person floods the api while a class works: the real api, real PostgreSQL, fake services.

`python -m tests.benchmarks.flood`. 50 students read their window at a steady 50 requests/s, alone
and while one more student sends window reads and starts as fast as four connections carry them.
The p95 of the 50 may rise by at most 20 %: the ratio is printed, with the flooder's answers by
status and the api's processor time. The flooding program takes processor time of its own from the
machine, so a third figure is taken while it floods an unrelated program instead of the api. The
three loads take turns, and the median of their turns counts: other work on the machine then falls
on all three alike. Asserts only that none of the 50 was refused.
"""

import argparse
import asyncio
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from tests.benchmarks.load import Order, Result, load
from tests.benchmarks.stage import on_stage
from tests.benchmarks.status import ClassRoom, fill
from tests.edge.town import Town

STUDENTS = 50
RATE = 50
CONNECTIONS = 32
READ_CONNECTIONS = 3
START_CONNECTIONS = 1
TURNS = 4
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
    flood: Sequence[Order]
    turns: list[Turn]

    @property
    def p95(self) -> float:
        return statistics.median(turn.students.p95 for turn in self.turns)

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


async def everything(place: Town, seconds: float) -> int:
    room = await fill(place, STUDENTS + 1)
    api_flood = flood_orders(room, seconds)
    port = place.ports[0]
    other_flood = [replace(order, port=port, path="/small", method="GET") for order in api_flood]
    alone = Load("alone", [], [])
    elsewhere = Load("flood of another program", other_flood, [])
    flooded = Load("flood of the api", api_flood, [])
    await load(students_order(room, WARM_UP_SECONDS))
    for _ in range(TURNS):
        for kind in (alone, elsewhere, flooded):
            kind.turns.append(await take_turn(place, room, kind.flood, seconds))
    for kind in (alone, elsewhere, flooded):
        show(kind, seconds)
    show_flooder(flooded, alone)
    print(f"ratio of another program's flood to alone: {elsewhere.p95 / alone.p95:.2f}")
    print(f"ratio of the api's flood to alone: {flooded.p95 / alone.p95:.2f} (bar {MOST_RATIO})")
    refused = sum(
        count
        for kind in (alone, elsewhere, flooded)
        for status, count in kind.students_statuses.items()
        if status != "200"
    )
    print(f"students refused: {refused}")
    return 1 if refused else 0


def students_order(room: ClassRoom, seconds: float) -> Order:
    return Order(room.place.api.port, room.window, room.headers[:-1], seconds, CONNECTIONS, RATE)


def flood_orders(room: ClassRoom, seconds: float) -> list[Order]:
    """What the last student of the room sends: window reads, and starts beside them."""
    headers = room.headers[-1:]
    start = f"/api/courses/{room.course}/environment/start"
    port = room.place.api.port
    return [
        Order(port, room.window, headers, seconds, READ_CONNECTIONS),
        Order(port, start, headers, seconds, START_CONNECTIONS, method="POST"),
    ]


async def take_turn(place: Town, room: ClassRoom, flood: Sequence[Order], seconds: float) -> Turn:
    before = place.api.cpu_seconds()
    students, *flooder = await asyncio.gather(
        load(students_order(room, seconds)), *(load(order) for order in flood)
    )
    return Turn(students, flooder, place.api.cpu_seconds() - before)


def show(kind: Load, seconds: float) -> None:
    turns = ", ".join(f"{turn.students.p95:.1f}" for turn in kind.turns)
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
    parser.add_argument("--seconds", type=float, default=5, help="of each turn")
    asked = parser.parse_args()
    return on_stage(1, partial(everything, seconds=asked.seconds))


if __name__ == "__main__":
    sys.exit(main())
