"""The guard at work in the whole service, on a Swarm in memory that says what was written."""

import asyncio
from uuid import UUID, uuid4

import pytest
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec
from tests.orchestrator.test_metrics import number, numbers

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskWalk
from mydocker_kit.contracts.orchestrator.environments import Phase, Profile, ReasonCode
from mydocker_kit.docker.errors import EngineUnavailable
from mydocker_orchestrator.domain.checks import disk_limits
from mydocker_orchestrator.domain.checks.disk_limits import MIB, SLACK
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.loops import disk_guard
from mydocker_orchestrator.settings import Settings

ROOT, WORK = DiskArea.CONTAINER, DiskArea.WORK_FOLDER


@pytest.fixture
def small(settings: Settings) -> Settings:
    limits = {"disk_root_mib": 100, "disk_work_mib": 200, "disk_free_mib": 50}
    return settings.model_copy(update=limits)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_limits, "INTERVAL", 0.05)
    monkeypatch.setattr(disk_limits, "MIN_INTERVAL", 0.01)


async def ready(
    orchestrator: Running, swarm: FakeSwarm, area: DiskArea, mib: int, **spec: object
) -> UUID:
    """An Environment at work, whose container wrote so much before anybody looked."""
    id = uuid4()
    swarm.written[id.hex] = (area, mib * MIB)
    await orchestrator.client.put(id, a_spec(ports=(), **spec))
    await orchestrator.phase(id, Phase.STARTING)
    swarm.task(id, state=TaskState.RUNNING, container_id=id.hex)
    await orchestrator.phase(id, Phase.READY)
    return id


async def looked(swarm: FakeSwarm, times: int = 2) -> None:
    """So many looks begin and end from now on."""
    there = len(swarm.walks)
    async with asyncio.timeout(100):
        while len(swarm.walks) <= there + times:
            swarm.rung.set()
            await asyncio.sleep(0.01)


async def test_who_writes_too_much_fails_and_the_neighbour_goes_on(
    run: Run, small: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(small, swarm=swarm) as orchestrator:
        neighbour = await ready(orchestrator, swarm, ROOT, 99)
        author = await ready(orchestrator, swarm, ROOT, 1, profile=Profile.COMPAT)
        before = await numbers(orchestrator)
        swarm.written[author.hex] = (ROOT, 101 * MIB)
        failed = await orchestrator.phase(author, Phase.FAILED)
        assert failed.reason is not None
        assert failed.reason.code is ReasonCode.DISK_FULL
        parameters = {"place": "container", "used_mib": 101, "limit_mib": 100}
        assert failed.reason.parameters == parameters
        assert failed.reason.reference is not None
        assert failed.restarts == 0
        await looked(swarm)
        assert (await orchestrator.client.get(neighbour)).phase is Phase.READY
        assert list(swarm.services) == [neighbour]
        text = await numbers(orchestrator)
        for metric in (
            'mydocker_disk_ended_total{place="container"}',
            'mydocker_disk_overruns_total{area="container"}',
            'mydocker_environment_ends_total{reason="disk_full"}',
        ):
            assert number(text, metric) == (number(before, metric) if metric in before else 0) + 1
        assert 'mydocker_disk_looks_total{outcome="measured",walk="volumes"}' in text
        assert 'mydocker_disk_look_seconds_count{walk="layers"}' in text


async def test_who_comes_back_to_a_full_folder_stays_until_it_grows(
    run: Run, small: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(small, swarm=swarm) as orchestrator:
        id = await ready(orchestrator, swarm, WORK, 900)
        await looked(swarm)
        assert (await orchestrator.client.get(id)).phase is Phase.READY
        swarm.written[id.hex] = (WORK, 901 * MIB + SLACK)
        failed = await orchestrator.phase(id, Phase.FAILED)
        assert failed.reason is not None
        assert failed.reason.parameters["place"] == "work_folder"
        # Again, as full as it is now.
        await orchestrator.client.put(id, a_spec(ports=(), attempt=2))
        await orchestrator.until(id, lambda s: s.attempt == 2 and s.phase is Phase.STARTING)
        swarm.task(id, state=TaskState.RUNNING, container_id=id.hex)
        await orchestrator.phase(id, Phase.READY)
        await looked(swarm)
        assert (await orchestrator.client.get(id)).phase is Phase.READY


async def test_a_nearly_full_machine_ends_who_fills_it_and_nobody_else(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        quiet = await ready(orchestrator, swarm, WORK, 5000)
        author = await ready(orchestrator, swarm, WORK, 10)
        await looked(swarm)
        swarm.free = 100 * MIB
        await looked(swarm)
        assert (await orchestrator.client.get(author)).phase is Phase.READY
        swarm.written[author.hex] = (WORK, 400 * MIB)
        failed = await orchestrator.phase(author, Phase.FAILED)
        assert failed.reason is not None
        assert failed.reason.parameters["free_mib"] == 100
        assert (await orchestrator.client.get(quiet)).phase is Phase.READY


async def test_only_writable_roots_are_walked_and_nothing_without_limits(
    run: Run, small: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(small, swarm=swarm) as orchestrator:
        await ready(orchestrator, swarm, ROOT, 1)
        await looked(swarm)
        assert {walk for _, walk in swarm.walks} == {DiskWalk.VOLUMES}
        await ready(orchestrator, swarm, ROOT, 1, profile=Profile.COMPAT)
        await looked(swarm, 4)
        assert {walk for _, walk in swarm.walks} == set(DiskWalk)
    none = {"disk_root_mib": 0, "disk_work_mib": 0, "disk_free_mib": 0}
    swarm = FakeSwarm()
    async with run(small.model_copy(update=none), swarm=swarm) as orchestrator:
        await ready(orchestrator, swarm, ROOT, 9000)
        assert swarm.walks == []


async def test_files_hidden_from_the_engine_are_reported(
    run: Run, small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_guard, "_MISSING_AFTER", 0.0)
    swarm = FakeSwarm()
    partial = 'mydocker_disk_looks_total{outcome="partial",walk="volumes"}'
    async with run(small, swarm=swarm) as orchestrator:
        id = await ready(orchestrator, swarm, WORK, 10)
        await looked(swarm)
        del swarm.written[id.hex]
        await looked(swarm)
        assert number(await numbers(orchestrator), partial) >= 1
        assert (await orchestrator.client.get(id)).phase is Phase.READY


async def test_a_machine_that_cannot_be_measured_ends_nobody_and_is_counted(
    run: Run, small: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    swarm = FakeSwarm()
    measure, fails = swarm.disk, True

    async def disk(*asked: object) -> object:
        look = await measure(*asked)  # type: ignore[arg-type]
        if fails:
            raise EngineUnavailable("a disk usage operation is already running")
        return look

    monkeypatch.setattr(swarm, "disk", disk)
    async with run(small, swarm=swarm) as orchestrator:
        id = await ready(orchestrator, swarm, ROOT, 900)
        await looked(swarm)
        assert (await orchestrator.client.get(id)).phase is Phase.READY
        failed = 'mydocker_disk_looks_total{outcome="failed",walk="volumes"}'
        assert number(await numbers(orchestrator), failed) >= 2
        fails = False
        await orchestrator.phase(id, Phase.FAILED)
