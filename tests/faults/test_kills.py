"""Killed with -9 at random instants of starts and stops, the orchestrator converges each time."""

import asyncio
import os
import random
from contextlib import aclosing, suppress
from pathlib import Path
from uuid import UUID

import pytest
from tests.conftest import ServiceKeys
from tests.faults.conftest import CPU_POOL, Class
from tests.orchestrator.process import OrchestratorProcess
from tests.orchestrator.running import Reached
from tests.orchestrator.specs import a_port
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import LONG
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import PortKind, ReasonCode, StopRequest
from mydocker_kit.contracts.orchestrator.pools import DirectPorts
from mydocker_kit.errors import Unavailable
from mydocker_orchestrator.settings import Settings

KILLS = int(os.environ.get("MYDOCKER_TEST_KILLS") or (200 if LONG else 10))
SEED = 4
_MOST = 5
DIRECT = DirectPorts(first=20100, last=20139)
"""Enough for those of starts that were cut short too: nobody waits for one."""
_INSTANTS = 1.2
"""Seconds: somewhat longer than a start or a stop takes on the lab."""


class Wishes:
    """What people want, as api keeps it: said again until it is heard."""

    def __init__(self, school: Class, dice: random.Random) -> None:
        self._school, self._dice = school, dice
        self.running: dict[UUID, int] = {}
        self._stopping: dict[UUID, int] = {}

    def change(self) -> None:
        """One to three people start, start anew, or stop."""
        self._stopping = {}
        changed: set[UUID] = set()
        for _ in range(self._dice.randint(1, 3)):
            known = sorted(self.running.keys() - changed)
            what = self._dice.choice(("start", "again", "stop"))
            if (what == "start" and len(self.running) < _MOST) or not known:
                id = UUID(int=self._dice.getrandbits(128), version=4)
                self.running[id] = 1
            else:
                id = self._dice.choice(known)
                if what == "again":
                    self.running[id] += 1
                else:
                    self._stopping[id] = self.running.pop(id)
            changed.add(id)

    async def say(self) -> None:
        await asyncio.gather(
            *(self._put(id, attempt) for id, attempt in self.running.items()),
            *(self._stop(id, attempt) for id, attempt in self._stopping.items()),
        )

    async def settled(self, when: str) -> None:
        try:
            await self._school.settled(self.running)
            await self._numbered_apart()
        except AssertionError as error:
            raise AssertionError(f"{when}: {error}") from error

    async def _numbered_apart(self) -> None:
        """Each has a direct port of its own."""
        statuses = (await self._school.orchestrator.client.page(1)).items
        numbers = [address.host_port for status in statuses for address in status.addresses]
        assert len(numbers) == len(self.running), numbers
        assert set(numbers) <= set(DIRECT.numbers), numbers
        assert len(set(numbers)) == len(numbers), numbers

    async def none_held(self) -> None:
        """No number is lost: those of starts that a kill cut short come back a little later."""

        async def are_free() -> bool:
            [cpu, *_] = await self._school.orchestrator.client.pools()
            return not cpu.direct_held

        await until(are_free, "no direct port is held", 60, pause=0.5)

    def stop_all(self) -> None:
        self._stopping, self.running = self.running, {}

    async def _put(self, id: UUID, attempt: int) -> None:
        with suppress(Unavailable):
            spec = self._school.spec(attempt=attempt, ports=(a_port(PortKind.TCP, 8080),))
            await self._school.orchestrator.client.put(id, spec)

    async def _stop(self, id: UUID, attempt: int) -> None:
        request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
        with suppress(Unavailable):
            await self._school.orchestrator.client.stop(id, request)


@pytest.mark.timeout(60 + 30 * KILLS)
async def test_a_kill_at_any_instant_leaves_exactly_what_is_wanted(
    there: Settings, service_keys: ServiceKeys, lab: NodeLab, tmp_path: Path
) -> None:
    dice = random.Random(SEED)
    process = OrchestratorProcess(there, service_keys, tmp_path / "orchestrator.log")
    async with aclosing(process):
        await process.start()
        pool = CPU_POOL.model_copy(update={"direct_ports": DIRECT})
        await process.client.put_pool(pool.name, pool)
        wishes = Wishes(Class(lab, Reached(process.client), there), dice)
        for number in range(KILLS):
            wishes.change()
            saying = asyncio.create_task(wishes.say())
            await asyncio.sleep(dice.uniform(0.0, _INSTANTS))
            await process.kill()
            await saying
            await process.start()
            await wishes.say()
            await wishes.settled(f"kill {number} of seed {SEED}")
        wishes.stop_all()
        await wishes.say()
        await wishes.settled("the end")
        if LONG:
            await wishes.none_held()
