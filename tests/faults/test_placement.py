"""Where environments go on several nodes, and who waits when there is no room."""

import asyncio
from uuid import uuid4

import httpx
import pytest
from tests.faults.conftest import CPU_POOL, Class, long_form
from tests.support.engines.nodes import GPUS, NodeLab

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode, Resources
from mydocker_kit.contracts.orchestrator.pools import NodeAvailability, NodeChange, OnDrain
from mydocker_kit.docker.versions import engine_confines
from mydocker_orchestrator.swarm.specs import service_name


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


@long_form
async def test_devices_are_given_out_once(school: Class) -> None:
    two = Resources(cpu=0.05, memory_mib=32, gpu=2)
    first, second = await school.start("gpu", resources=two), uuid4()
    await school.ready(first)
    container = await asyncio.to_thread(school.container, "gpu1", first)
    config = container["Config"]
    assert isinstance(config, dict)
    assert f"NVIDIA_VISIBLE_DEVICES={GPUS[0]},{GPUS[1]}" in config["Env"]
    await school.orchestrator.client.put(second, school.spec("gpu"))
    third = await school.start("gpu", resources=two.model_copy(update={"gpu": 1}))
    await school.ready(third)
    container = await asyncio.to_thread(school.container, "gpu1", third)
    config = container["Config"]
    assert isinstance(config, dict)
    assert f"NVIDIA_VISIBLE_DEVICES={GPUS[2]}" in config["Env"]
    await school.ready(second)  # asks for none, and finds room beside them
    await school.settled({first: 1, second: 1, third: 1})


@long_form
async def test_a_change_of_a_machine_leaves_its_gpus_holders_alone(
    school: Class, lab: NodeLab
) -> None:
    first = await school.start("gpu", resources=Resources(cpu=0.05, memory_mib=32, gpu=1))
    await school.ready(first)
    with lab.manager.docker() as docker:
        service = docker.get(f"/services/{service_name(first)}")
        asked = service["Spec"]["TaskTemplate"]["Resources"]["Reservations"]
        # Where a change of a node would end them, Swarm's books know nothing of GPUs.
        assert ("GenericResources" in asked) is engine_confines(docker.agreed.engine)
        before = school.container("gpu1", first)
        node = lab.node("gpu1")
        labels = {**node["Spec"]["Labels"], "rack": "r1"}
        path, version = f"/nodes/{node['ID']}/update", node["Version"]["Index"]
        docker.call("POST", path, {**node["Spec"], "Labels": labels}, version=version)
    # Swarm has acted on the change once another one runs there.
    other = await school.start("gpu")
    await school.ready(other)
    after = school.container("gpu1", first)
    assert (after["Id"], after["State"]) == (before["Id"], before["State"])
    await school.settled({first: 1, other: 1})


@pytest.mark.parametrize(
    ("pool", "resources", "short", "holders"),
    [
        ("gpu", Resources(cpu=0.05, memory_mib=32, gpu=2), "gpu", 1),
        pytest.param(
            "default", Resources(cpu=0.05, memory_mib=14_000), "memory", 2, marks=long_form
        ),
    ],
)
async def test_who_finds_no_room_waits_in_turn_and_starts_when_there_is(
    school: Class, pool: str, resources: Resources, short: str, holders: int
) -> None:
    holding = [await school.start(pool, resources=resources) for _ in range(holders)]
    for id in holding:
        await school.ready(id)
    first, second = [await school.start(pool, resources=resources) for _ in range(2)]
    inside = await school.start(pool, resources=resources, priority=1)
    for position, id in enumerate((inside, first, second), start=1):
        reason = await school.waits(id, position)
        assert (reason.code, reason.parameters["short"]) == (ReasonCode.NO_ROOM, short)
    for next_one in (inside, first, second):
        left = holding.pop(0)
        await school.stop(left)
        await school.ready(next_one)
        holding.append(next_one)
        await school.settled(dict.fromkeys(holding, 1))


async def test_twenty_clicks_make_one_environment(school: Class) -> None:
    id = uuid4()
    puts = (school.orchestrator.client.put(id, school.spec()) for _ in range(20))
    await asyncio.gather(*puts)
    await school.ready(id)
    await school.settled({id: 1})


@pytest.mark.parametrize("on_drain", [OnDrain.MOVE, pytest.param(OnDrain.END, marks=long_form)])
async def test_a_drained_node_ends_or_moves_what_it_has_tells_owners_and_takes_nobody(
    school: Class, on_drain: OnDrain
) -> None:
    client = school.orchestrator.client
    await client.put_pool("default", CPU_POOL.model_copy(update={"on_drain": on_drain}))
    ids = [await school.start() for _ in range(2)]
    on = {(await school.ready(id)).node: id for id in ids}
    node = await school.node("cpu1")
    assert node.environments == 1
    await client.change_node(node.id, NodeChange(availability=NodeAvailability.DRAIN))
    try:
        reasons = await school.reasons_until(
            on["cpu1"],
            lambda s: s.phase is Phase.STOPPED or (s.phase is Phase.READY and s.node == "cpu2"),
        )
        assert ReasonCode.NODE_DRAINED in reasons
        ended = await client.get(on["cpu1"])
        moves = on_drain is OnDrain.MOVE
        assert ended.phase is (Phase.READY if moves else Phase.STOPPED)
        assert (ended.attempt, ended.restarts) == (1, 0)
        assert (await client.get(on["cpu2"])).phase is Phase.READY
        again = await school.start()
        assert (await school.ready(again)).node == "cpu2"
        there = {on["cpu2"], again} | ({on["cpu1"]} if moves else set())
        await school.settled(dict.fromkeys(there, 1))
    finally:
        await client.change_node(node.id, NodeChange(availability=NodeAvailability.ACTIVE))
