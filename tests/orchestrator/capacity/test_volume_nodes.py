"""Work folders are recorded where they are first mounted, and their environments go back there."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from tests.orchestrator.environments.starts import stop
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    ReasonCode,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage
from mydocker_kit.contracts.orchestrator.volumes import NamedVolume
from mydocker_kit.errors import NotFound, ProblemError
from mydocker_orchestrator.domain.observed_state import Availability, TaskState
from mydocker_orchestrator.settings import Settings

WORK = "work-ada"
SPEC = a_spec(ports=(), volumes=(VolumeMount(name=WORK, path="/home/student"),))
MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def two_nodes() -> FakeSwarm:
    """`one` with two cores, and `two`, which is freer."""
    swarm = FakeSwarm()
    swarm.starts_as = TaskState.RUNNING
    swarm.others = [replace(swarm.node, id="n2", name="two", cpu=64, memory_mib=65536)]
    return swarm


async def started(orchestrator: Running, swarm: FakeSwarm, id: UUID, attempt: int = 1) -> str:
    """The node on which it became ready."""
    await orchestrator.client.put(id, SPEC.model_copy(update={"attempt": attempt}))
    await orchestrator.until(id, lambda status: id in swarm.services)
    status = await orchestrator.phase(id, Phase.READY)
    assert status.node
    return status.node


async def stopped(orchestrator: Running, id: UUID, attempt: int = 1) -> None:
    await orchestrator.client.stop(id, stop(attempt=attempt))
    await orchestrator.phase(id, Phase.STOPPED)


def waits_for_folder(status: EnvironmentStatus) -> bool:
    reason = status.reason
    return reason is not None and reason.code is ReasonCode.FOLDER_UNAVAILABLE


async def test_a_start_goes_back_to_its_folder_though_another_machine_is_freer(
    run: Run, settings: Settings
) -> None:
    swarm, id = two_nodes(), uuid4()
    swarm.others = [replace(swarm.others[0], usable=False)]
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id) == "one"
        record = await orchestrator.client.volume_node(WORK)
        assert (record.node_id, record.node) == ("n1", "one")
        await stopped(orchestrator, id)
    swarm.others = [replace(swarm.others[0], usable=True)]
    async with run(settings, swarm=swarm) as orchestrator:  # another leader
        assert await started(orchestrator, swarm, id, 2) == "one"
        assert swarm.places[id].node_id == "n1"


async def test_nothing_is_ready_before_its_folder_is_recorded(run: Run, settings: Settings) -> None:
    swarm, id = two_nodes(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, SPEC)
        await orchestrator.until(id, lambda status: id in swarm.services)
        seen = await orchestrator.phase(id, Phase.READY)
        record = await orchestrator.client.volume_node(WORK)
        assert seen.ready_at is not None
        assert record.recorded_at <= seen.ready_at


async def test_a_container_that_failed_at_once_has_made_its_folder_too(
    run: Run, settings: Settings
) -> None:
    swarm, id = two_nodes(), uuid4()
    swarm.starts_as = TaskState.STARTING  # a running one may be seen as ready before it fails
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, SPEC)
        await orchestrator.until(id, lambda status: id in swarm.services)
        swarm.task(id, state=TaskState.REJECTED, error="No such image: x")
        await orchestrator.phase(id, Phase.FAILED)
        with pytest.raises(NotFound):
            await orchestrator.client.volume_node(WORK)
        await orchestrator.client.put(id, SPEC.model_copy(update={"attempt": 2}))
        await orchestrator.until(id, lambda _: (id, 2) in swarm.creations)
        swarm.task(id, state=TaskState.FAILED, exit_code=1, error="crashed", container_id="c1")
        await orchestrator.until(id, lambda s: (s.attempt, s.phase) == (2, Phase.FAILED))
        assert (await orchestrator.client.volume_node(WORK)).node == "two"


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"reachable": False, "usable": False}, "down"),
        ({"availability": Availability.DRAIN, "usable": False}, "drained"),
    ],
)
async def test_a_start_waits_for_its_machine_and_starts_when_it_is_back(
    run: Run, settings: Settings, changes: dict[str, object], state: str
) -> None:
    swarm, id = two_nodes(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id) == "two"
        await stopped(orchestrator, id)
        [two] = swarm.others
        swarm.others = [replace(two, **changes)]  # type: ignore[arg-type]
        await orchestrator.client.put(id, SPEC.model_copy(update={"attempt": 2}))
        waits = await orchestrator.until(id, waits_for_folder)
        assert waits.reason is not None
        assert waits.phase is Phase.QUEUED
        assert (waits.reason.parameters["node"], waits.reason.parameters["state"]) == ("two", state)
        assert id not in swarm.services
        swarm.others = [two]
        await orchestrator.until(id, lambda status: id in swarm.services)
        assert swarm.places[id].node_id == "n2"


async def test_a_machine_that_is_gone_keeps_its_folder_until_an_operator_releases_it(
    run: Run, settings: Settings
) -> None:
    swarm, id = two_nodes(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id) == "two"
        with pytest.raises(ProblemError) as refused:
            await orchestrator.client.release_volume(WORK)
        assert refused.value.code == "volume_in_use"
        await stopped(orchestrator, id)
        swarm.others = []
        await orchestrator.client.put(id, SPEC.model_copy(update={"attempt": 2}))
        waits = await orchestrator.until(id, waits_for_folder)
        assert waits.reason is not None
        assert waits.reason.parameters["state"] == "gone"
        for _ in range(2):
            await orchestrator.client.release_volume(WORK)
        await orchestrator.until(id, lambda status: id in swarm.services)
        assert swarm.places[id].node_id is None
        assert (await orchestrator.phase(id, Phase.READY)).node == "one"
        assert (await orchestrator.client.volume_node(WORK)).node == "one"


async def test_shared_storage_binds_nobody(run: Run, settings: Settings) -> None:
    swarm, id = two_nodes(), uuid4()
    shared = Pool(name="default", title="CPU", storage=Storage.SHARED)
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put_pool("default", shared)
        assert await started(orchestrator, swarm, id) == "two"
        await stopped(orchestrator, id)
        swarm.others = []
        assert await started(orchestrator, swarm, id, 2) == "one"
        with pytest.raises(NotFound):
            await orchestrator.client.volume_node(WORK)


async def test_folders_from_before_are_found_where_they_were_made_first(
    run: Run, settings: Settings
) -> None:
    """`two` has one of the same name, made a day later: empty, as the fault left it."""
    swarm, id = two_nodes(), uuid4()
    swarm.volumes_on = {
        "n1": [NamedVolume(name=WORK, platform="p", created_at=MONDAY)],
        "n2": [NamedVolume(name=WORK, platform="p", created_at=TUESDAY)],
    }
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id) == "one"
        await stopped(orchestrator, id)
        await orchestrator.client.release_volume(WORK)
    swarm.volumes_on["n1"] = []
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id, 2) == "two", "nothing is listed twice"


async def test_a_machine_that_joins_again_with_its_disk_gets_its_folders_back(
    run: Run, settings: Settings
) -> None:
    swarm, id = two_nodes(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        assert await started(orchestrator, swarm, id) == "two"
        await stopped(orchestrator, id)
        [two] = swarm.others
        swarm.volumes_on["n3"] = [NamedVolume(name=WORK, platform="p", created_at=MONDAY)]
        swarm.others = [replace(two, id="n3")]
        assert await started(orchestrator, swarm, id, 2) == "two"
        assert swarm.places[id].node_id == "n3"


async def test_an_unknown_volume_and_a_bad_name(run: Run, settings: Settings) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        await orchestrator.client.release_volume("work-nobody")
        with pytest.raises(NotFound):
            await orchestrator.client.volume_node("work-nobody")
        with pytest.raises(ProblemError) as refused:
            await orchestrator.client.release_volume("No Volume")
        assert refused.value.status == 422
