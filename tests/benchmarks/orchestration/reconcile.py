"""What one pass of the reconcile loop costs with 1,000 and 4,000 environments.

`python -m tests.benchmarks.orchestration.reconcile [--profile]`. The real reconciler, its table in
a real PostgreSQL, the engine simulated by another process that lists 1,000 nodes and every service
and task over a socket, as bytes made beforehand. Measured are a pass in which nothing moves, the
same with 300 people in a line for whom there is no room, and, in the same run, fetching and parsing
the listings alone: what any platform that looks at its Swarm pays. `cpu` is this process's own
time, which a busy machine does not falsify. The bar: a pass in under a second.
"""

import argparse
import asyncio
import cProfile
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from cryptography.fernet import Fernet
from pydantic import SecretStr
from sqlalchemy.ext.asyncio import create_async_engine

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import Address, Phase
from mydocker_kit.postgres import migrations
from mydocker_kit.postgres.db import Sessions, open_sessions, transaction
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.vault import Vault
from mydocker_orchestrator.capacity.gpu_ledger import GpuLedger
from mydocker_orchestrator.capacity.placement import Placer
from mydocker_orchestrator.capacity.port_ledger import PortLedger
from mydocker_orchestrator.capacity.service import Capacity
from mydocker_orchestrator.capacity.volume_nodes import VolumeNodes
from mydocker_orchestrator.capacity.volume_scan import VolumeScan
from mydocker_orchestrator.capacity.work_volumes import WorkVolumes
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState
from mydocker_orchestrator.environments import queries
from mydocker_orchestrator.environments.ledger import Ledger
from mydocker_orchestrator.environments.records import SpecStore
from mydocker_orchestrator.loops.reconciler import Reconciler
from mydocker_orchestrator.models import EnvironmentRow
from mydocker_orchestrator.swarm.engine import DockerSwarm
from tests.support.postgresql import server

from . import simulated_engine as simulated

ROOT = Path(__file__).parents[3]
PASSES = 20
WAITING = 300
BAR = 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--environments", type=int, nargs="+", default=[1000, 4000])
    parser.add_argument("--profile", action="store_true", help="say where a pass spends its time")
    asked = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    slowest = 0.0
    with tempfile.TemporaryDirectory(prefix="mydocker-bench-") as name:
        folder = Path(name)
        with server(folder / "pg") as postgres:
            for number in asked.environments:
                postgres.run(f"CREATE DATABASE with{number}")
                url = postgres.url(f"with{number}")
                migrations.upgrade(ROOT / "services/orchestrator/migrations", url)
                with engine(folder, number) as socket:
                    measured = asyncio.run(measure(url, socket, number, asked.profile))
                slowest = max(slowest, measured)
    print(f"slowest median {slowest * 1000:.0f} ms, bar {BAR * 1000:.0f} ms")
    return 0 if slowest < BAR else 1


@contextmanager
def engine(folder: Path, running: int) -> Iterator[str]:
    """The simulated engine, as a process of its own."""
    path = folder / f"engine{running}.sock"
    # Full, so that those in the line find no room.
    words = [str(path), str(running), str(running // simulated.A_NODE)]
    command = [sys.executable, "-m", "tests.benchmarks.orchestration.simulated_engine", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            yield f"unix://{path}"
        finally:
            process.terminate()


async def measure(url: str, socket: str, number: int, profile: bool) -> float:
    """Prints what passes cost; the slowest median."""
    database = create_async_engine(url)
    sessions, swarm = open_sessions(database), DockerSwarm(socket, simulated.GROUND, "")
    store = SpecStore(Vault(SecretStr(Fernet.generate_key().decode())))
    volumes = VolumeNodes(sessions)
    placement = Placer(
        Capacity(sessions, swarm), GpuLedger(sessions), PortLedger(sessions), volumes
    )
    work_volumes = WorkVolumes(volumes, VolumeScan(sessions, swarm))
    loop = Reconciler(Ledger(sessions, store), swarm, placement, work_volumes, utc_now, Wakeup())
    try:
        nodes = await swarm.nodes()
        print(f"\n{number} environments on {len(nodes)} nodes")
        await fill(sessions, store, number)
        await once("first pass, all rows read", loop.step)
        alone = await median("the listings alone", lambda: fetched(swarm))
        await median("the listings, understood", swarm.observe)
        quiet = await median("a pass, nothing moves", loop.step)
        print(f"{'ratio to the listings':32} {quiet / alone:8.2f}")
        await add_queued(sessions, store, number)
        await once(f"first pass with {WAITING} in line", loop.step)
        line = await median(f"a pass, {WAITING} in line", loop.step)
        if profile:
            await profiled(loop.step)
        return max(quiet, line)
    finally:
        await swarm.aclose()
        await database.dispose()


async def median(label: str, act: Callable[[], Awaitable[object]]) -> float:
    busy = time.process_time()
    spent = [await seconds(act) for _ in range(PASSES)]
    busy = (time.process_time() - busy) / PASSES
    middle = statistics.median(spent)
    highest = sorted(spent)[int(PASSES * 0.95) - 1]
    wall = f"p50 {middle * 1000:7.1f} ms   p95 {highest * 1000:7.1f} ms"
    print(f"{label:32} {wall}   cpu {busy * 1000:7.1f} ms")
    return middle


async def fetched(swarm: DockerSwarm) -> None:
    await swarm._engine.services({})
    await swarm._engine.tasks()


async def once(label: str, act: Callable[[], Awaitable[object]]) -> None:
    print(f"{label:32} {await seconds(act) * 1000:11.1f} ms")


async def seconds(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return time.perf_counter() - began


async def profiled(act: Callable[[], Awaitable[object]]) -> None:
    profiler = cProfile.Profile()
    profiler.enable()
    for _ in range(5):
        await act()
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(35)


async def fill(sessions: Sessions, store: SpecStore, number: int) -> None:
    """The rows of what runs, as the loop would have written them."""
    columns = store.columns(simulated.spec())
    async with transaction(sessions) as db:
        for at in range(number):
            row = await _row(queries.next_version(db), simulated.environment(at), columns)
            first = 32768 + 2 * at % 20000
            on = at // simulated.A_NODE
            host = f"10.0.{on // 250}.{on % 250}"
            ports = [
                Address(port=port, host=host, host_port=first + n)
                for n, port in enumerate((22, 8080))
            ]
            row.phase, row.node = Phase.READY.value, f"worker{on}"
            row.addresses = [address.model_dump() for address in ports]
            row.running_at = row.ready_at = row.began_at = utc_now()
            db.add(row)


async def add_queued(sessions: Sessions, store: SpecStore, number: int) -> None:
    columns = store.columns(simulated.spec())
    async with transaction(sessions) as db:
        for at in range(number, number + WAITING):
            db.add(await _row(queries.next_version(db), simulated.environment(at), columns))


async def _row(version: Awaitable[int], id: UUID, columns: dict[str, object]) -> EnvironmentRow:
    now: datetime = utc_now()
    row = EnvironmentRow(id=id, version=await version, **columns)
    row.wanted, row.phase = DesiredState.RUNNING.value, Phase.QUEUED.value
    row.since = row.asked_at = now
    row.addresses, row.last_logs, row.restarts = [], "", 0
    return row


if __name__ == "__main__":
    raise SystemExit(main())
