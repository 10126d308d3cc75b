"""Machines killed or cut off: nothing is lost, doubled, or left waiting unexplained."""

import asyncio

import pytest
from tests.faults.conftest import Class, long_form
from tests.support.engines.nodes import NodeLab

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode


@long_form
@pytest.mark.parametrize("how", ["killed", "cut off"])
async def test_a_lost_worker_is_reported_and_the_next_start_goes_elsewhere(
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
