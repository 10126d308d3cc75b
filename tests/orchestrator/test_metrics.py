"""The numbers that somebody on call asks for, as docs/reference/services.md names them."""

import re
from pathlib import Path
from uuid import uuid4

import httpx
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import Phase, Resources
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.settings import Settings

ROOT = Path(__file__).parents[2]


async def numbers(orchestrator: Running) -> str:
    transport = httpx.ASGITransport(orchestrator.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://o") as anyone:
        return (await anyone.get("/metrics")).text


def number(text: str, metric: str) -> float:
    [value] = re.findall(rf"^{re.escape(metric)} (\S+)$", text, re.MULTILINE)
    return float(value)


async def test_starts_queue_and_phases_are_counted(run: Run, settings: Settings) -> None:
    swarm, pool = FakeSwarm(), f"p{uuid4().hex[:8]}"
    whole = a_spec(ports=(), pool=pool, resources=Resources(cpu=2, memory_mib=128))
    first, second = uuid4(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        before = await numbers(orchestrator)
        await orchestrator.client.put_pool(pool, Pool(name=pool, title="Pool"))
        await swarm.change_node("n1", pool=pool)
        await orchestrator.client.put(first, whole)
        await orchestrator.phase(first, Phase.STARTING)
        swarm.task(first, state=TaskState.RUNNING)
        await orchestrator.phase(first, Phase.READY)
        await orchestrator.client.put(second, whole)
        await orchestrator.until(second, lambda s: s.reason is not None)
        text = await numbers(orchestrator)
        ready = 'mydocker_environment_starts_total{outcome="ready"}'
        assert number(text, ready) == _or_none(before, ready) + 1
        for step in ("created", "running", "ready"):
            steps = f'mydocker_environment_start_seconds_count{{step="{step}"}}'
            assert number(text, steps) == _or_none(before, steps) + 1
        assert number(text, "mydocker_orchestrator_leader") == 1
        assert f'mydocker_queue_length{{pool="{pool}"}}' in text
        assert f'mydocker_queue_age_seconds{{pool="{pool}"}}' in text
        assert f'mydocker_environments{{phase="ready",pool="{pool}"}} 1.0' in text
        assert "mydocker_reconcile_seconds_count" in text


def _or_none(text: str, metric: str) -> float:
    return number(text, metric) if metric in text else 0.0


async def test_the_documents_name_no_number_that_is_not_there(run: Run, settings: Settings) -> None:
    manual = (ROOT / "docs/reference/services.md").read_text(encoding="utf-8")
    of_ours = manual.partition("Of the orchestrator")[2].partition("Of api")[0]
    named = {name.removesuffix("_total") for name in re.findall(r"`(mydocker_\w+)", of_ours)}
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        there = set(re.findall(r"^# TYPE (\w+?)(?:_total)? ", await numbers(orchestrator), re.M))
    assert named - there == set()
    assert len(named) >= 12
