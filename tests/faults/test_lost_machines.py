"""Machines killed, cut off, restarted: nothing is lost, doubled, or left waiting unexplained."""

import asyncio

import pytest
from deploy.testing.nodes import NodeLab
from tests.faults.conftest import Class

from mydocker_kit.contracts.environments import Phase, ReasonCode


@pytest.mark.parametrize("how", ["killed", "cut off"])
async def test_a_lost_worker_is_told_and_the_next_start_goes_elsewhere(
    school: Class, lab: NodeLab, how: str
) -> None:
    ids = [await school.start() for _ in range(2)]
    on = {(await school.ready(id)).node: id for id in ids}
    machine = lab.machines["cpu1"]
    await asyncio.to_thread(machine.cut_power if how == "killed" else machine.cut)
    try:
        lost = await school.orchestrator.phase(on["cpu1"], Phase.FAILED, within=60)
        assert lost.reason is not None
        assert lost.reason.code is ReasonCode.NODE_LOST
        await school.orchestrator.client.put(on["cpu1"], school.spec(attempt=2))
        again = await school.ready(on["cpu1"], within=120)
        assert (again.node, again.attempt) == ("cpu2", 2)
    finally:
        if how == "killed":
            await asyncio.to_thread(lab.start, machine)
        else:
            await asyncio.to_thread(machine.heal)
        await asyncio.to_thread(lab.await_state, "cpu1", "ready")
    await school.settled({on["cpu1"]: 2, on["cpu2"]: 1})


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


async def test_a_start_without_registry_runs_where_the_image_is(
    school: Class, lab: NodeLab
) -> None:
    warm = await school.start()
    await school.ready(warm)
    lab.stop_registry()
    try:
        id = await school.start()
        ended = await school.orchestrator.until(
            id, lambda s: s.phase in (Phase.READY, Phase.FAILED), within=60
        )
        if ended.phase is Phase.FAILED:
            assert ended.reason is not None
            assert ended.reason.code is ReasonCode.IMAGE_MISSING
    finally:
        lab.start_registry()
    wanted = {warm: 1} | ({id: 1} if ended.phase is Phase.READY else {})
    await school.settled(wanted)
