"""How long the planner takes for a school's month.

`python -m tests.benchmarks.orchestration.planner`.

4,000 students in 500 sessions over four weeks of timetable on 1,000 machines of three sizes,
courses of twelve sizes, 1,500 environments that run now. Prints milliseconds at p50 and p95 over 20
runs, each on a timetable of its own, of the whole plan, of one check of a session, of the
search for slots at a full hour, and of a dry run of 4,000 students.
"""

import random
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median, quantiles
from uuid import UUID

from mydocker_api.domain.capacity.demand import Demand, RunningEnvironment, with_running
from mydocker_api.domain.capacity.dry_run import StartPace, dry_run
from mydocker_api.domain.capacity.plan import plan_pool
from mydocker_api.domain.capacity.pool import Growth, PoolCapacity
from mydocker_api.domain.capacity.room import room_for, suggested_slots
from mydocker_api.domain.capacity.sizes import Amounts

RUNS = 20
STUDENTS, SESSIONS, MACHINES, RUNNING = 4000, 500, 1000, 1500
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
WEEKS = timedelta(days=28)
SIZES = [
    Amounts.of(cpu, memory, gpus)
    for cpu, memory, gpus in (
        *((0.5, 512, 0), (0.5, 1024, 0), (1, 1024, 0), (1, 2048, 0), (1.5, 2048, 0)),
        *((2, 2048, 0), (2, 4096, 0), (2, 8192, 0), (4, 8192, 0), (4, 16_384, 0)),
        *((4, 16_384, 1), (8, 32_768, 2)),
    )
]
SHAPES = [Amounts.of(16, 65_536), Amounts.of(32, 131_072), Amounts.of(64, 262_144, 4)]


def timetable(seed: int) -> tuple[PoolCapacity, list[Demand]]:
    """A pool and what is due in it."""
    random.seed(seed)
    capacity = PoolCapacity(
        random.choices(SHAPES, k=MACHINES),
        Growth(SHAPES[0], MACHINES + 200, timedelta(minutes=8), hourly_price=0.4),
    )
    sessions = [_session(number) for number in range(SESSIONS)]
    running = [
        RunningEnvironment(
            UUID(int=n % 90), None, random.choice(SIZES), NOW + timedelta(hours=n % 6)
        )
        for n in range(RUNNING)
    ]
    return capacity, with_running(sessions, running, NOW)


def _session(number: int) -> Demand:
    """Two hours on a working day, for a class of the mean size or so."""
    day = random.choice([day for day in range(28) if day % 7 < 5])
    starts_at = NOW + timedelta(days=day, minutes=15 * random.randrange(40))
    students = random.randint(1, 2 * STUDENTS // SESSIONS - 1)
    size = random.choice(SIZES)
    ends_at = starts_at + timedelta(hours=2)
    return Demand(UUID(int=number % 90), size, students, starts_at, ends_at, UUID(int=number))


def measure(label: str, act: Callable[[int], object]) -> None:
    """Print p50 and p95 of `RUNS` runs."""
    took = []
    for seed in range(RUNS):
        began = time.perf_counter()
        act(seed)
        took.append((time.perf_counter() - began) * 1000)
    p95 = quantiles(took, n=20)[-1]
    print(f"{label:<34} p50 {median(took):7.1f} ms   p95 {p95:7.1f} ms")


def main() -> None:
    worlds = [timetable(seed) for seed in range(RUNS)]
    full = Demand(UUID(int=0), SIZES[9], 30_000, NOW + timedelta(days=1), NOW + timedelta(days=1.1))
    print(f"{STUDENTS} students, {SESSIONS} sessions, {MACHINES} machines, {RUNNING} running")
    measure("plan of four weeks", lambda n: plan_pool(*worlds[n], NOW, NOW + WEEKS))
    measure("check of a session", lambda n: room_for(*worlds[n], full, NOW))
    measure("check and search for slots", lambda n: suggested_slots(*worlds[n], full, NOW))
    class_of_all = replace(full, count=STUDENTS)
    pace = StartPace(seconds=10, cpu_seconds=0.8)
    measure("dry run", lambda n: dry_run(*worlds[n], class_of_all, NOW, pace).groups())


if __name__ == "__main__":
    main()
