"""Where environments go on several nodes, and who waits when there is no room."""

import asyncio
from uuid import uuid4

import httpx
from deploy.testing.nodes import GPUS, NodeLab
from tests.faults.conftest import Class

from mydocker_kit.contracts.environments import Phase, ReasonCode, Resources
from mydocker_kit.contracts.pools import NodeAvailability, NodeChange

HALF = Resources(cpu=0.05, memory_mib=14_000)


async def test_each_goes_to_its_pool_and_is_reached_at_its_nodes_address(
    school: Class, lab: NodeLab
) -> None:
    ids = {await school.start(pool): pool for pool in ("default", "default", "gpu")}
    nodes = []
    for id, pool in ids.items():
        ready = await school.ready(id)
        assert ready.node is not None
        assert lab.machines[ready.node].plan.pool == pool
        nodes.append(ready.node)
        [address] = ready.addresses
        assert address.host == lab.machines[ready.node].address
        async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
            page = await http.get(f"http://{address.host}:{address.host_port}/")
        assert page.text == "ok\n"
    assert sorted(nodes) == ["cpu1", "cpu2", "gpu1"]
    await school.settled(dict.fromkeys(ids, 1))


async def test_devices_are_given_out_once_and_the_next_waits_for_one(school: Class) -> None:
    two = Resources(cpu=0.05, memory_mib=32, gpu=2)
    first, second = await school.start("gpu", resources=two), uuid4()
    await school.ready(first)
    container = await asyncio.to_thread(school.container, "gpu1", first)
    config = container["Config"]
    assert isinstance(config, dict)
    assert f"NVIDIA_VISIBLE_DEVICES={GPUS[0]},{GPUS[1]}" in config["Env"]
    await school.orchestrator.client.put(second, school.spec("gpu", resources=two))
    waiting = await school.orchestrator.until(second, lambda s: s.reason is not None, within=5)
    assert waiting.phase is Phase.QUEUED
    assert waiting.reason is not None
    assert waiting.reason.parameters["short"] == "gpu"
    await school.stop(first)
    await school.ready(second)
    await school.settled({second: 1})


async def test_a_full_pool_lets_wait_and_says_what_is_short(school: Class) -> None:
    ids = [await school.start(resources=HALF) for _ in range(2)]
    for id in ids:
        await school.ready(id)
    third = await school.start(resources=HALF)
    waiting = await school.orchestrator.until(third, lambda s: s.reason is not None, within=5)
    assert waiting.reason is not None
    assert (waiting.reason.code, waiting.reason.parameters["short"]) == (
        ReasonCode.NO_ROOM,
        "memory",
    )
    await school.stop(ids[0])
    await school.ready(third)
    await school.settled({ids[1]: 1, third: 1})


async def test_twenty_clicks_make_one_environment(school: Class) -> None:
    id = uuid4()
    puts = (school.orchestrator.client.put(id, school.spec()) for _ in range(20))
    await asyncio.gather(*puts)
    await school.ready(id)
    await school.settled({id: 1})


async def test_a_drained_node_ends_its_environments_tells_owners_and_takes_nobody(
    school: Class, lab: NodeLab
) -> None:
    client = school.orchestrator.client
    ids = [await school.start() for _ in range(2)]
    on = {(await school.ready(id)).node: id for id in ids}
    [node] = [one for one in (await client.nodes(1)).items if one.name == "cpu1"]
    assert node.environments == 1
    await client.change_node(node.id, NodeChange(availability=NodeAvailability.DRAIN))
    try:
        ended = await school.orchestrator.until(
            on["cpu1"], lambda s: s.phase in (Phase.FAILED, Phase.STOPPED)
        )
        assert ended.reason is not None
        assert ended.reason.code is ReasonCode.NODE_LOST
        assert (await client.get(on["cpu2"])).phase is Phase.READY
        again = await school.start()
        assert (await school.ready(again)).node == "cpu2"
        await school.settled({on["cpu2"]: 1, again: 1})
    finally:
        await client.change_node(node.id, NodeChange(availability=NodeAvailability.ACTIVE))
