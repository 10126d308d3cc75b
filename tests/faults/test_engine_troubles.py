"""Engines that restart, fall silent, have no port or no image to give: nobody is lost."""

import asyncio
import signal
import subprocess
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import pytest
from tests.faults.cable import Cable, laid
from tests.faults.conftest import Class, at_work, long_form
from tests.orchestrator.running import Run
from tests.support.engines import tiny_image
from tests.support.engines.machines import Machine
from tests.support.engines.nodes import NodeLab

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode
from mydocker_orchestrator.settings import Settings

pytestmark = long_form
_OCCUPY = """
import socket, sys, time
host, first, number = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
held = []
for port in range(first, first + number):
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        one.bind((host, port))
    except OSError:
        continue  # somebody has it already
    one.listen()
    held.append(one)
print("held", flush=True)
time.sleep(600)
"""


@pytest.fixture
async def cable(lab: NodeLab) -> AsyncIterator[Cable]:
    with tempfile.TemporaryDirectory() as folder:  # names of sockets are short
        async with laid(Path(folder) / "engine.sock", lab.manager.url) as cable:
            yield cable


@pytest.fixture
async def wired(run: Run, there: Settings, lab: NodeLab, cable: Cable) -> AsyncIterator[Class]:
    """A class whose orchestrator has the engine at the end of `cable`."""
    async with at_work(run, there.model_copy(update={"engine_url": cable.url}), lab) as school:
        yield school


async def test_an_event_stream_that_is_cut_or_silent_costs_nothing_but_time(
    wired: Class, cable: Cable
) -> None:
    first = await wired.start()
    await wired.ready(first)
    await cable.asked_for_events(1)
    cable.cut_events()
    second = await wired.start()
    await wired.ready(second)
    await cable.asked_for_events(2)
    cable.silence_events()
    third = await wired.start()
    await wired.ready(third)
    await wired.stop(first)
    await wired.settled({second: 1, third: 1})


async def test_an_engine_out_of_reach_in_the_middle_of_starts_and_stops(
    wired: Class, cable: Cable
) -> None:
    ids = [await wired.start() for _ in range(2)]
    await wired.ready(ids[0])
    await wired.ready(ids[1])
    more = [await wired.start() for _ in range(2)]
    stopping = asyncio.create_task(wired.stop(ids[0]))
    await asyncio.sleep(0.05)
    cable.cut()
    asked = await wired.start()
    await asyncio.sleep(1.0)
    cable.heal()
    await stopping
    wanted = [ids[1], *more, asked]
    for id in wanted:
        await wired.ready(id)
    await wired.settled(dict.fromkeys(wanted, 1))


async def test_a_manager_that_restarts_loses_nobody(school: Class, lab: NodeLab) -> None:
    id = await school.start()
    before = await school.ready(id)
    await asyncio.to_thread(lab.manager.kill_engine)
    asked = await school.start()  # stored while no engine answers
    await asyncio.to_thread(lab.manager.cut_power)
    await asyncio.to_thread(lab.start, lab.manager)
    await school.ready(asked, within=90)
    after = await school.orchestrator.client.get(id)
    assert (after.phase, after.node, after.attempt) == (Phase.READY, before.node, 1)
    await school.settled({id: 1, asked: 1})


async def test_an_engine_killed_while_containers_run_is_not_felt_until_it_is_back(
    school: Class, lab: NodeLab
) -> None:
    """Its containers and their ports live on without it; starting again, it ends them."""
    id = await school.start()
    before = await school.ready(id)
    assert before.node is not None
    machine = lab.machines[before.node]
    page = f"http://{before.addresses[0].host}:{before.addresses[0].host_port}/"
    await asyncio.to_thread(machine.kill_engine)
    async with httpx.AsyncClient(trust_env=False, timeout=5) as http:
        assert (await http.get(page)).text == "ok\n"
        await asyncio.to_thread(lab.start, machine)
        await asyncio.to_thread(lab.await_state, machine.plan.name, "ready")
        after = await school.orchestrator.until(
            id,
            lambda s: s.phase is Phase.FAILED or (s.phase is Phase.READY and s.restarts > 0),
            within=90,
        )
        if after.phase is Phase.FAILED:  # it was away for longer than the Swarm's patience
            assert after.reason is not None
            assert after.reason.code is ReasonCode.NODE_LOST
            await school.orchestrator.client.put(id, school.spec(attempt=2))
            after = await school.ready(id, within=90)
        [address] = after.addresses
        assert (await http.get(f"http://{address.host}:{address.host_port}/")).text == "ok\n"
    await school.settled({id: after.attempt})


async def test_a_start_without_registry_runs_where_the_image_is_and_fails_in_words_elsewhere(
    school: Class, lab: NodeLab
) -> None:
    warm = [await school.start() for _ in range(2)]  # one on each node
    for id in warm:
        await school.ready(id)
    with lab.manager.docker() as docker:
        unknown = await asyncio.to_thread(tiny_image.push, docker, lab.registry, "late")
    lab.stop_registry()
    try:
        here, nowhere = await school.start(), await school.start(image=unknown)
        await school.ready(here)
        failed = await school.orchestrator.phase(nowhere, Phase.FAILED, within=60)
        assert failed.reason is not None
        assert failed.reason.code is ReasonCode.IMAGE_MISSING
    finally:
        lab.start_registry()
    await school.orchestrator.client.put(nowhere, school.spec(image=unknown, attempt=2))
    await school.ready(nowhere)
    await school.settled({**dict.fromkeys([*warm, here], 1), nowhere: 2})


async def test_a_port_that_another_program_has_is_tried_again_with_others(
    school: Class, lab: NodeLab
) -> None:
    ids = [await school.start() for _ in range(2)]
    with ExitStack() as held:
        for id in ids:
            status = await school.ready(id)
            assert status.node is not None
            last = status.addresses[0].host_port
            # More than the engine itself tries in a row.
            held.enter_context(occupied(lab.machines[status.node], last + 1, 15))
        third = await school.start()
        reasons = await school.reasons_until(
            third, lambda s: s.phase in (Phase.READY, Phase.FAILED)
        )
        assert ReasonCode.PORT_TAKEN in reasons
        await school.settled(dict.fromkeys([*ids, third], 1))


@contextmanager
def occupied(machine: Machine, first: int, number: int) -> Iterator[None]:
    """Another program listens on these ports of the machine."""
    words = ["python3", "-c", _OCCUPY, machine.address, str(first), str(number)]
    with subprocess.Popen(machine.enter(words), stdout=subprocess.PIPE) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline() == b"held\n"
            yield
        finally:
            program.send_signal(signal.SIGKILL)
