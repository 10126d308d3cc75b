"""An engine that silently ignores controls is noticed: container stopped, node closed, reported."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from deploy.machine.docker import Docker

from deploy.node import labels
from mydocker_kit.contracts.orchestrator.environments import Phase, Profile, ReasonCode, StopRequest
from mydocker_kit.docker.versions import engine_confines
from mydocker_orchestrator.settings import Settings
from mydocker_orchestrator.swarm import engine
from tests.isolation.inside import Ground4Probes, Inside, environment
from tests.orchestrator.conftest import run as run
from tests.orchestrator.conftest import settings as settings
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_spec, without_controls


@pytest.fixture
def manager(ground: Ground4Probes) -> Iterator[Docker]:
    """Afterwards its node takes environments again."""
    with ground.docker() as docker:
        yield docker
        labels.admit(docker, labels.this_node(docker))


@pytest.fixture
def real(settings: Settings, ground: Ground4Probes) -> Settings:
    changes = {"engine_url": ground.url, "environment_network": ground.network}
    return settings.model_copy(update=changes)


def started(docker: Docker, inside: Inside) -> str:
    """When this very container was started, which must be running, and wanted by Swarm."""
    tasks = [task for task in docker.get("/tasks") if container_of(task) == inside.id]
    assert [task["DesiredState"] for task in tasks] == ["running"]
    state = docker.get(f"/containers/{inside.id}/json")["State"]
    assert state["Running"]
    return str(state["StartedAt"])


def container_of(task: dict[str, Any]) -> str | None:
    container: str | None = task["Status"].get("ContainerStatus", {}).get("ContainerID")
    return container


@pytest.mark.parametrize("profile", Profile)
async def test_what_is_in_force_passes(
    run: Run, real: Settings, ground: Ground4Probes, profile: Profile
) -> None:
    id = uuid4()
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, a_spec(image=ground.image, profile=profile))
        await orchestrator.phase(id, Phase.READY)
        stop = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=1)
        await orchestrator.client.stop(id, stop)
        await orchestrator.phase(id, Phase.STOPPED)


async def test_an_engine_that_drops_controls_is_caught(
    run: Run,
    real: Settings,
    ground: Ground4Probes,
    manager: Docker,
    neighbour: Inside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(engine, "service_json", without_controls)
    id = uuid4()
    there = started(manager, neighbour)
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, a_spec(image=ground.image))
        failed = await orchestrator.phase(id, Phase.FAILED)
    assert failed.reason is not None
    assert failed.reason.code is ReasonCode.NOT_HELD
    with ground.docker() as docker:
        confines = engine_confines(docker.agreed.engine)
    for control in ("all_dropped", "pids", "limits", *["no_new_privileges"] * confines):
        assert control in failed.reason.detail
    node = manager.get(f"/nodes/{labels.this_node(manager)}")
    assert node["Spec"]["Labels"][labels.READY] == labels.NO
    assert node["Spec"]["Availability"] == "pause"
    labels.admit(manager, str(node["ID"]))
    with environment(ground):  # Swarm has acted on both changes of the node once this one runs
        assert started(manager, neighbour) == there
