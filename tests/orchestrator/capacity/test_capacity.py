"""Pools, nodes and GPUs: what an operator sees and changes, and who holds which device."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from pydantic import ValidationError
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    Phase,
    ReasonCode,
    Resources,
    StopRequest,
)
from mydocker_kit.contracts.orchestrator.pools import NodeAvailability, NodeChange, Pool
from mydocker_kit.docker.errors import EngineIncompatible
from mydocker_kit.docker.versions import Mismatch
from mydocker_kit.errors import NotFound, ProblemError, Unavailable
from mydocker_orchestrator.domain.observed_state import Device, TaskState
from mydocker_orchestrator.domain.placement.gpus import LATE_CREATE_GRACE, Placement
from mydocker_orchestrator.settings import Settings

GPUS = tuple(Device("NVIDIA-GPU", f"gpu{n}") for n in range(3))
A_POOL = Pool(name="gpu", title="Graphics", gpu_kind="NVIDIA-GPU", max_gpu=2, default_gpu=1)


def with_gpus(swarm: FakeSwarm) -> FakeSwarm:
    swarm.node = replace(
        swarm.node, pool="gpu", free_memory_mib=2048, devices=GPUS, free_devices=GPUS
    )
    swarm.starts_as = TaskState.RUNNING
    return swarm


def wanting(gpus: int, attempt: int = 1) -> EnvironmentSpec:
    resources = Resources(cpu=0.1, memory_mib=64, gpu=gpus)
    return a_spec(resources=resources, pool="gpu", ports=(), attempt=attempt)


def names(placement: Placement) -> list[str]:
    return [device.name for device in placement.devices]


async def stop(orchestrator: Running, id: UUID, attempt: int = 1) -> None:
    request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
    await orchestrator.client.stop(id, request)


@pytest.mark.parametrize("mismatch", Mismatch)
async def test_an_operator_reads_that_the_engine_is_too_old_or_too_new(
    run: Run, settings: Settings, mismatch: Mismatch
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        swarm.error = EngineIncompatible("install another one", mismatch, "19.03")
        for ask in (orchestrator.client.nodes({}), orchestrator.client.pools()):
            with pytest.raises(ProblemError) as refused:
                await ask
            assert (refused.value.status, refused.value.code) == (409, mismatch.value)
            assert refused.value.parameters == {"engine": "19.03", "api": "1.51"}


async def test_pools_are_kept_and_their_free_resources_are_reported(
    run: Run, settings: Settings
) -> None:
    async with run(settings, swarm=with_gpus(FakeSwarm())) as orchestrator:
        [first] = await orchestrator.client.pools()
        assert (first.pool.name, first.nodes, first.room.cpu) == ("default", 0, 0)
        await orchestrator.client.put_pool("gpu", A_POOL)
        await orchestrator.client.put_pool("gpu", A_POOL.model_copy(update={"title": "GPU"}))
        pools = {state.pool.name: state for state in await orchestrator.client.pools()}
        assert pools["gpu"].pool.title == "GPU"
        assert (pools["gpu"].room.free_gpus, pools["gpu"].largest.free_memory_mib) == (3, 2048)


async def test_a_node_is_drained_and_put_into_a_pool_that_exists(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        page = await orchestrator.client.nodes({})
        assert [(node.name, node.room.memory_mib) for node in page.items] == [("one", 2048)]
        await orchestrator.client.change_node("n1", NodeChange(availability=NodeAvailability.DRAIN))
        [node] = (await orchestrator.client.nodes({})).items
        assert node.availability is NodeAvailability.DRAIN
        for id, change in (("n1", NodeChange(pool="nowhere")), ("n9", NodeChange())):
            with pytest.raises(NotFound):
                await orchestrator.client.change_node(id, change)
        swarm.down = True
        with pytest.raises(Unavailable):
            await orchestrator.client.nodes({})


async def test_a_closed_node_is_not_used_again_and_one_in_use_keeps_its_pool(
    run: Run, settings: Settings
) -> None:
    """Either would have Swarm end what runs there."""
    swarm, id = FakeSwarm(), uuid4()
    swarm.starts_as = TaskState.RUNNING
    async with run(settings, swarm=swarm) as orchestrator:
        client = orchestrator.client
        await client.put_pool("gpu", A_POOL)
        await client.put(id, a_spec(ports=()))
        await orchestrator.phase(id, Phase.READY)
        with pytest.raises(ProblemError) as in_use:
            await client.change_node("n1", NodeChange(pool="gpu"))
        assert (in_use.value.status, in_use.value.code) == (409, "node_in_use")
        assert in_use.value.parameters == {"node": "one", "environments": 1}
        await client.change_node("n1", NodeChange(pool="default"))  # as it is
        await stop(orchestrator, id)
        await orchestrator.phase(id, Phase.STOPPED)
        await client.change_node("n1", NodeChange(pool="gpu"))
        await swarm.cordon_node("n1", Cordon(cause=CordonCause.BY_HAND))
        with pytest.raises(ProblemError) as unchecked:
            await client.change_node("n1", NodeChange(availability=NodeAvailability.ACTIVE))
        assert (unchecked.value.status, unchecked.value.code) == (409, "node_unchecked")
        [node] = (await client.nodes({})).items
        assert node.cordon == Cordon(cause=CordonCause.BY_HAND)
        await client.change_node("n1", NodeChange(availability=NodeAvailability.DRAIN))


def test_a_pool_that_contradicts_itself_is_refused() -> None:
    for wrong in ({"default_cpu": 99}, {"default_gpu": 3}, {"gpu_kind": None}, {"name": "Bad!"}):
        with pytest.raises(ValidationError):
            Pool.model_validate({**A_POOL.model_dump(), **wrong})


async def test_the_name_in_the_address_is_the_pools(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        with pytest.raises(ProblemError):
            await orchestrator.client.put_pool("other", A_POOL)


async def test_devices_are_shared_by_nobody_and_the_next_waits_until_one_is_gone(
    run: Run, settings: Settings
) -> None:
    swarm = with_gpus(FakeSwarm())
    first, second, third = uuid4(), uuid4(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("gpu", A_POOL)
        await orchestrator.client.put(first, wanting(2))
        await orchestrator.phase(first, Phase.READY)
        await orchestrator.client.put(second, wanting(1))
        await orchestrator.phase(second, Phase.READY)
        assert names(swarm.places[first]) == ["gpu0", "gpu1"]
        assert names(swarm.places[second]) == ["gpu2"]
        await orchestrator.client.put(third, wanting(1))
        waiting = await orchestrator.until(third, lambda s: s.reason is not None)
        assert waiting.phase is Phase.QUEUED
        assert waiting.reason is not None
        assert (waiting.reason.code, waiting.reason.parameters["short"]) == (
            ReasonCode.NO_ROOM,
            "gpu",
        )
        await stop(orchestrator, second)
        # Sooner than a create without an answer would be waited for.
        await orchestrator.phase(third, Phase.READY, within=LATE_CREATE_GRACE.total_seconds() / 2)
        assert names(swarm.places[third]) == ["gpu2"]


async def test_a_claim_from_before_a_crash_is_used_again(run: Run, settings: Settings) -> None:
    swarm, id = with_gpus(FakeSwarm()), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("gpu", A_POOL)
        await orchestrator.client.put(id, wanting(2))
        await orchestrator.phase(id, Phase.READY)
        devices = names(swarm.places[id])
    del swarm.services[id]  # killed between the claim and the service
    async with run(settings, swarm=swarm) as orchestrator:
        await until(lambda: len(swarm.creations) == 2, "a second service")
        assert names(swarm.places[id]) == devices
        await orchestrator.phase(id, Phase.READY)
        [node] = (await orchestrator.client.nodes({})).items
        assert node.room.free_gpus == 1


async def test_asking_for_more_devices_than_any_node_has_gives_the_reason(
    run: Run, settings: Settings
) -> None:
    swarm, id = with_gpus(FakeSwarm()), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("gpu", A_POOL)
        await orchestrator.client.put(id, wanting(4))
        waiting = await orchestrator.until(id, lambda s: s.reason is not None)
        assert waiting.reason is not None
        assert waiting.reason.parameters["fits_nowhere"] == 1
