"""Pools are made, changed and removed; what is in one, and whoever changed it before, counts."""

import asyncio
from collections.abc import Awaitable
from dataclasses import replace
from uuid import uuid4

import pytest
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode, StopRequest
from mydocker_kit.contracts.orchestrator.pools import NodeChange, Pool, PoolState
from mydocker_kit.errors import EditedMeanwhile, ProblemError
from mydocker_kit.etags import ANY_VERSION, IfMatch
from mydocker_orchestrator.capacity import pools
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.settings import Settings

LAB = Pool(name="lab", title="Lab", max_cpu=2)
OURS = LAB.model_copy(update={"title": "Our lab"})
THEIRS = LAB.model_copy(update={"title": "Their lab"})


async def refusal(call: Awaitable[object]) -> tuple[str, object]:
    with pytest.raises(ProblemError) as refused:
        await call
    return refused.value.code, refused.value.parameters.get("count")


async def states(orchestrator: Running) -> dict[str, PoolState]:
    return {state.pool.name: state for state in await orchestrator.client.pools()}


async def test_a_new_pool_overwrites_none_and_may_be_asked_for_again(
    run: Run, settings: Settings
) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        client = orchestrator.client
        await client.put_pool("lab", LAB, new=True)
        assert await client.put_pool("lab", LAB, new=True) == LAB
        assert (await refusal(client.put_pool("lab", OURS, new=True)))[0] == "pool_exists"
        assert (await states(orchestrator))["lab"].pool == LAB


async def test_two_of_one_moment_make_one_pool(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        calls = [orchestrator.client.put_pool("lab", pool, new=True) for pool in (OURS, THEIRS)]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, ProblemError)]
        assert [answer.code for answer in refused] == ["pool_exists"]


async def test_nobody_undoes_a_change_that_they_have_not_seen(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        client = orchestrator.client
        await client.put_pool("lab", LAB)
        first = await client.pool("lab")
        seen = IfMatch.parse(first.etag)
        await client.put_pool("lab", OURS, if_match=seen)
        await client.put_pool("lab", OURS, if_match=seen)  # its answer was lost
        with pytest.raises(EditedMeanwhile) as refused:
            await client.put_pool("lab", THEIRS, if_match=seen)
        second = await client.pool("lab")
        assert second.changed_at
        assert refused.value.code == "edited_meanwhile"
        assert refused.value.parameters == {
            "etag": second.etag,
            "changed_at": second.changed_at.isoformat(),
            "changed_by": None,
        }
        stale = client.remove_pool("lab", if_match=seen)
        assert (await refusal(stale))[0] == "edited_meanwhile"
        now = IfMatch.parse(second.etag)
        await client.put_pool("lab", THEIRS, if_match=now)
        await client.remove_pool("lab", if_match=ANY_VERSION)
        for versions in (now, ANY_VERSION):
            gone = client.put_pool("lab", OURS, if_match=versions)
            assert (await refusal(gone))[0] == "edited_meanwhile"
        assert (await refusal(client.pool("lab")))[0] == "pool_unknown"


async def test_of_two_changes_at_one_moment_one_is_made(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        client = orchestrator.client
        await client.put_pool("lab", LAB)
        seen = IfMatch.parse((await client.pool("lab")).etag)
        changes = [LAB.model_copy(update={"title": f"Lab {number}"}) for number in range(6)]
        calls = [client.put_pool("lab", change, if_match=seen) for change in changes]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        [made] = [answer for answer in answers if isinstance(answer, Pool)]
        refused = [answer for answer in answers if isinstance(answer, EditedMeanwhile)]
        assert len(refused) == 5
        assert (await client.pool("lab")).pool == made


async def test_a_pool_is_removed_once_nothing_is_left_in_it(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.starts_as = TaskState.RUNNING
    swarm.node = replace(swarm.node, pool="lab")
    async with run(settings, swarm=swarm) as orchestrator:
        client = orchestrator.client
        await client.put_pool("lab", LAB)
        await client.put(id, a_spec(ports=(), pool="lab"))
        await orchestrator.phase(id, Phase.READY)
        assert await refusal(client.remove_pool("lab")) == ("pool_has_machines", 1)
        swarm.node = replace(swarm.node, pool="default")
        assert await refusal(client.remove_pool("lab")) == ("pool_in_use", 1)
        await client.stop(id, StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=1))
        await orchestrator.phase(id, Phase.STOPPED)
        await client.remove_pool("lab")
        await client.remove_pool("lab")
        assert list(await states(orchestrator)) == ["default"]


async def test_who_waits_in_a_pool_without_machines_keeps_it(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        await orchestrator.client.put_pool("lab", LAB)
        await orchestrator.client.put(uuid4(), a_spec(ports=(), pool="lab"))
        assert await refusal(orchestrator.client.remove_pool("lab")) == ("pool_in_use", 1)


async def test_the_default_pool_stays(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        client = orchestrator.client
        await client.put_pool("lab", LAB)
        await client.change_node("n1", NodeChange(pool="lab"))
        assert (await refusal(client.remove_pool("default")))[0] == "pool_is_default"


async def test_there_are_only_so_many(
    run: Run, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "_MAX_POOLS", 1)
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        assert (await refusal(orchestrator.client.put_pool("lab", LAB)))[0] == "too_many_pools"
        first = (await states(orchestrator))["default"].pool
        changed = first.model_copy(update={"title": "Processors"})
        await orchestrator.client.put_pool("default", changed)
