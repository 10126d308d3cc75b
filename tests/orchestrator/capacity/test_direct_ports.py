"""Direct ports: numbers of a pool that are given out once, kept, freed, and left alone if taken."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from prometheus_client import REGISTRY
from sqlalchemy import select
from tests.orchestrator.environments.starts import stop
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
)
from mydocker_kit.contracts.orchestrator.pools import DirectPorts, Pool
from mydocker_kit.errors import ProblemError
from mydocker_kit.postgres.db import transaction
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.domain.placement.gpus import LATE_CREATE_GRACE
from mydocker_orchestrator.models import PortClaimRow
from mydocker_orchestrator.settings import Settings

FOUR = DirectPorts(first=20000, last=20003)
ONE = DirectPorts(first=20000, last=20000)
PORTS = (a_port(PortKind.WEB, 8888), a_port(), a_port(PortKind.VNC, 5900))
TAKEN = (
    "driver failed programming external connectivity on endpoint env: Error starting userland "
    "proxy: listen tcp4 198.19.0.11:20002: bind: address already in use"
)


def a_pool(direct: DirectPorts | None = FOUR, **given: Any) -> Pool:
    return Pool(name="default", title="CPU", direct_ports=direct, **given)


def wanting(attempt: int = 1, **given: Any) -> EnvironmentSpec:
    optional = tuple(port.model_copy(update={"required": False}) for port in PORTS[:2])
    return a_spec(attempt=attempt, ports=given.pop("ports", optional), **given)


@pytest.fixture
def outside(settings: Settings) -> Settings:
    """Each node at its own address."""
    return settings.model_copy(update={"node_address": ""})


def a_swarm() -> FakeSwarm:
    swarm = FakeSwarm()
    swarm.node = replace(swarm.node, memory_mib=8192, cpu=8, direct_ports=FOUR)
    swarm.starts_as = TaskState.RUNNING
    return swarm


async def begun(orchestrator: Running, **given: Any) -> UUID:
    id = uuid4()
    await orchestrator.client.put(id, wanting(**given))
    await orchestrator.phase(id, Phase.READY)
    return id


def number_of(swarm: FakeSwarm, id: UUID) -> int:
    [(port, number)] = swarm.places[id].numbers
    assert port == 22
    return number


async def held(orchestrator: Running) -> dict[int, tuple[UUID, int]]:
    """Number → environment and attempt, as the table says."""
    async with transaction(orchestrator.app.state.sessions) as db:
        rows = (await db.scalars(select(PortClaimRow))).all()
    return {row.number: (row.environment_id, row.attempt) for row in rows}


async def test_each_gets_a_number_and_who_finds_none_waits_until_one_is_freed(
    run: Run, outside: Settings
) -> None:
    swarm, last = a_swarm(), uuid4()
    async with run(outside, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", a_pool())
        ids = [await begun(orchestrator) for _ in range(4)]
        assert {number_of(swarm, id) for id in ids} == set(FOUR.numbers)
        assert await held(orchestrator) == {number_of(swarm, id): (id, 1) for id in ids}
        assert REGISTRY.get_sample_value("mydocker_direct_ports_held", {"pool": "default"}) == 4
        await orchestrator.client.put(last, wanting())
        waits = await orchestrator.until(last, lambda s: s.reason is not None)
        assert waits.phase is Phase.QUEUED
        assert waits.reason is not None
        assert waits.reason.code is ReasonCode.NO_ROOM
        assert (waits.reason.parameters["short"], waits.reason.parameters["place"]) == ("ports", 1)
        await begun(orchestrator, ports=())  # needs none, and finds room
        [state] = await orchestrator.client.pools()
        assert (state.direct_nodes, state.direct_held) == (1, 4)
        freed = number_of(swarm, ids[2])
        await orchestrator.client.stop(ids[2], stop())
        # Sooner than a create without an answer would be waited for.
        await orchestrator.phase(last, Phase.READY, within=LATE_CREATE_GRACE.total_seconds() / 2)
        assert number_of(swarm, last) == freed


async def test_a_number_is_kept_over_a_crash_of_ours_and_from_start_to_start(
    run: Run, outside: Settings
) -> None:
    swarm = a_swarm()
    async with run(outside, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", a_pool())
        id = await begun(orchestrator)
        number = number_of(swarm, id)
    del swarm.services[id]  # killed between the claim and the service
    async with run(outside, swarm=swarm) as orchestrator:
        await orchestrator.until(id, lambda _: len(swarm.creations) == 2)
        await orchestrator.phase(id, Phase.READY)
        assert number_of(swarm, id) == number
        await orchestrator.client.stop(id, stop())
        await orchestrator.phase(id, Phase.STOPPED)
        await orchestrator.client.put(id, wanting(attempt=2))
        await orchestrator.phase(id, Phase.READY)
        assert number_of(swarm, id) == number
        assert await held(orchestrator) == {number: (id, 2)}
        await orchestrator.client.stop(id, stop(attempt=2))
        await orchestrator.phase(id, Phase.STOPPED)
        await begun(orchestrator, ports=())  # another pass
        await none_held(orchestrator)


async def none_held(orchestrator: Running) -> None:
    async def none() -> bool:
        return not await held(orchestrator)

    await until(none, "no port is held")


async def test_a_port_that_something_else_holds_cools_down_and_another_is_tried(
    run: Run, outside: Settings
) -> None:
    swarm, id = a_swarm(), uuid4()
    swarm.starts_as = TaskState.NEW
    async with run(outside, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", a_pool())
        await orchestrator.client.put(id, wanting())
        await orchestrator.phase(id, Phase.STARTING)
        taken = number_of(swarm, id)
        error = TAKEN.replace("20002", str(taken))
        swarm.task(id, state=TaskState.FAILED, error=error)
        swarm.starts_as = TaskState.RUNNING
        ready = await orchestrator.phase(id, Phase.READY)
        assert ready.restarts == 1
        assert number_of(swarm, id) != taken
        assert await held(orchestrator) == {number_of(swarm, id): (id, 1)}
        others = [await begun(orchestrator) for _ in range(2)]
        assert taken not in {number_of(swarm, other) for other in others}
        await orchestrator.client.put(late := uuid4(), wanting())
        waits = await orchestrator.until(late, lambda s: s.reason is not None)
        assert waits.reason is not None
        assert waits.reason.parameters["short"] == "ports"

    def soon() -> datetime:
        """When no create of before can arrive any more."""
        return datetime.now(UTC) + LATE_CREATE_GRACE

    # It rests as well for who leads next.
    async with run(outside, swarm=swarm, clock=soon) as orchestrator:
        await orchestrator.client.stop(others[0], stop())
        await orchestrator.phase(late, Phase.READY)
        assert number_of(swarm, late) == number_of(swarm, others[0])


async def test_numbers_that_are_all_taken_end_in_a_reason(run: Run, outside: Settings) -> None:
    swarm, id = a_swarm(), uuid4()
    swarm.starts_as = TaskState.PENDING
    text = "no suitable node (host-mode port already in use on 1 node)"
    async with run(outside, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", a_pool(ONE))
        await orchestrator.client.put(id, wanting())
        await orchestrator.phase(id, Phase.STARTING)
        swarm.task(id, error=text)
        waits = await orchestrator.phase(id, Phase.QUEUED, within=100)
        assert waits.reason is not None
        assert waits.reason.parameters["short"] == "ports"
        assert await held(orchestrator) == {}


async def test_people_read_the_host_name_of_the_pool(run: Run, outside: Settings) -> None:
    swarm = a_swarm()
    async with run(outside, swarm=swarm) as orchestrator:
        host = "{node}.labs.example.org"
        await orchestrator.client.put_pool("default", a_pool(direct_host=host))
        id = await begun(orchestrator)
        there = Address(port=22, host="10.0.0.4", host_port=20001, direct_host="10.0.0.4")
        swarm.task(id, addresses=(there,))
        status = await orchestrator.until(id, lambda s: bool(s.addresses))
        assert status.addresses == (
            there.model_copy(update={"direct_host": "one.labs.example.org"}),
        )


async def test_without_direct_ports_nothing_is_claimed_and_on_loopback_they_are_refused(
    run: Run, settings: Settings
) -> None:
    swarm = a_swarm()
    async with run(settings, swarm=swarm) as orchestrator:
        with pytest.raises(ProblemError) as refusal:
            await orchestrator.client.put_pool("default", a_pool())
        assert refusal.value.code == "direct_ports_on_loopback"
        id = await begun(orchestrator)
        assert swarm.places[id].numbers == ()
        assert await held(orchestrator) == {}
