"""CPU and memory in use: read off the engine's answers, turned into rates."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.orchestrator.fake_swarm import FakeSwarm

from mydocker_kit.contracts.orchestrator.usage import ContainerReading, UsageLook
from mydocker_kit.docker.errors import EngineUnavailable
from mydocker_orchestrator.swarm.usage import MAX_AGE, UsageSampler

NOW = datetime(2026, 11, 29, 14, 0, tzinfo=UTC)
ID = uuid4()
LISTED = {"Id": "c1", "Labels": {"mydocker.environment": str(ID)}}
MIB = 1024 * 1024


def stats(cpu_seconds: float, memory_mib: int, **counters: int) -> dict[str, Any]:
    return {
        "cpu_stats": {"cpu_usage": {"total_usage": int(cpu_seconds * 1e9)}},
        "memory_stats": {"usage": memory_mib * MIB, "stats": counters},
    }


def reading(cpu_seconds: float, container: str = "c1") -> ContainerReading:
    return ContainerReading(
        environment=ID, container=container, cpu_seconds=cpu_seconds, memory_mib=64
    )


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.mark.parametrize("counter", ["inactive_file", "total_inactive_file"])
def test_memory_is_counted_without_the_page_cache(counter: str) -> None:
    parsed = ContainerReading.parse(LISTED, stats(2.5, 300, **{counter: 100 * MIB}))
    assert parsed is not None
    assert (parsed.environment, parsed.cpu_seconds, parsed.memory_mib) == (ID, 2.5, 200)


@pytest.mark.parametrize(
    ("listed", "answer"),
    [
        (LISTED, {"cpu_stats": {"cpu_usage": {"total_usage": 0}}, "memory_stats": {}}),
        (LISTED, {}),
        ({"Id": "c1", "Labels": None}, stats(1, 10)),
    ],
)
def test_what_has_ended_or_is_nobodys_is_left_out(
    listed: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert ContainerReading.parse(listed, answer) is None


async def test_cpu_is_the_rate_between_two_readings() -> None:
    swarm, clock = FakeSwarm(), Clock()
    sampler = UsageSampler(swarm, clock)
    swarm.usage_on["n1"] = UsageLook(readings=(reading(10.0),))
    [first] = await sampler.usage()
    assert (first.cpu, first.memory_mib) == (None, 64)
    clock.now += MAX_AGE / 2
    swarm.usage_on["n1"] = UsageLook(readings=(reading(40.0),))
    assert await sampler.usage() == (first,)
    clock.now = NOW + timedelta(seconds=20)
    [second] = await sampler.usage()
    assert (second.environment, second.cpu) == (ID, 1.5)


async def test_a_container_that_was_replaced_begins_anew() -> None:
    swarm, clock = FakeSwarm(), Clock()
    sampler = UsageSampler(swarm, clock)
    swarm.usage_on["n1"] = UsageLook(readings=(reading(10.0),))
    await sampler.usage()
    clock.now += timedelta(seconds=20)
    swarm.usage_on["n1"] = UsageLook(readings=(reading(1.0, "c2"),))
    assert [usage.cpu for usage in await sampler.usage()] == [None]


async def test_a_machine_that_does_not_answer_hides_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    swarm = FakeSwarm()
    swarm.others = [swarm.node.__class__(**{**vars(swarm.node), "id": "n2"})]
    swarm.usage_on["n1"] = UsageLook(readings=(reading(10.0),))
    ask = swarm.usage

    async def usage(node_id: str) -> UsageLook | None:
        if node_id == "n2":
            raise EngineUnavailable("the agent does not answer")
        return await ask(node_id)

    monkeypatch.setattr(swarm, "usage", usage)
    assert [used.environment for used in await UsageSampler(swarm, Clock()).usage()] == [ID]
