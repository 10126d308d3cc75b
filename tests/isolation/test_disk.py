"""A disk has no quota here: who fills it is ended, on a real engine, and only who fills it."""

import json
from collections.abc import Iterator
from contextlib import suppress
from uuid import UUID, uuid4

import pytest
from deploy.machine.docker import Docker

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    Profile,
    ReasonCode,
    StopRequest,
    VolumeMount,
)
from mydocker_kit.docker.errors import EngineError
from mydocker_orchestrator.domain.checks import disk_limits
from mydocker_orchestrator.settings import Settings
from tests.isolation.inside import Ground4Probes, Inside
from tests.isolation.test_read_back import real as real
from tests.orchestrator.conftest import run as run
from tests.orchestrator.conftest import settings as settings
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec
from tests.orchestrator.test_metrics import number, numbers
from tests.support.waiting import until

HOME = "/home/student"
BIG = f"{HOME}/big"
WRITE = "open my $f, '>', $ARGV[0] or die $!; syswrite $f, 'x' x 1048576 for 1 .. $ARGV[1];"


@pytest.fixture
def docker(ground: Ground4Probes) -> Iterator[Docker]:
    with ground.docker() as docker:
        yield docker


@pytest.fixture
def volume(docker: Docker) -> Iterator[str]:
    name = f"work-{uuid4().hex[:12]}"
    yield name
    with suppress(EngineError):
        docker.call("DELETE", f"/volumes/{name}")


@pytest.fixture(autouse=True)
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk_limits, "INTERVAL", 1.0)
    monkeypatch.setattr(disk_limits, "MIN_INTERVAL", 0.5)


def inside(docker: Docker, id: UUID) -> Inside:
    ours = json.dumps({"label": [f"mydocker.environment={id}"]})
    [container] = docker.get("/containers/json", filters=ours)
    return Inside(docker.url, container["Id"], "", "", 0)


async def started(orchestrator: Running, id: UUID, **spec: object) -> None:
    await orchestrator.client.put(id, a_spec(**spec))
    await orchestrator.until(
        id, lambda s: s.phase is Phase.READY and s.attempt == spec.get("attempt", 1)
    )


async def looked(orchestrator: Running) -> None:
    """A look at volumes begins and ends from now on: what a folder holds is known."""
    before = await looks(orchestrator)

    async def has_looked() -> bool:
        return await looks(orchestrator) >= before + 2

    await until(has_looked, "two looks at volumes")


async def looks(orchestrator: Running) -> float:
    metric = 'mydocker_disk_looks_total{outcome="measured",walk="volumes"}'
    text = await numbers(orchestrator)
    return number(text, metric) if metric in text else 0


def facts(failed: EnvironmentStatus) -> tuple[object, ...]:
    assert failed.reason is not None
    assert failed.reason.code is ReasonCode.DISK_FULL
    return failed.reason.parameters["place"], failed.reason.parameters["limit_mib"]


async def test_who_fills_the_disk_is_ended_and_the_neighbour_goes_on(
    run: Run, real: Settings, ground: Ground4Probes, docker: Docker, volume: str
) -> None:
    limits = {"disk_root_mib": 24, "disk_work_mib": 48, "disk_free_mib": 0}
    work = {"image": ground.image, "volumes": (VolumeMount(name=volume, path=HOME),)}
    root, folder, neighbour = uuid4(), uuid4(), uuid4()
    async with run(real.model_copy(update=limits)) as orchestrator:
        await started(orchestrator, neighbour, image=ground.image, profile=Profile.COMPAT)
        await started(orchestrator, root, image=ground.image, profile=Profile.COMPAT)
        await started(orchestrator, folder, **work)
        there = inside(docker, neighbour)
        assert there.perl(WRITE, "/var/some", "20") == ""
        await looked(orchestrator)
        inside(docker, root).perl(WRITE, "/var/big", "32")
        inside(docker, folder).perl(WRITE, BIG, "64")
        assert facts(await orchestrator.phase(root, Phase.FAILED)) == ("container", 24)
        assert facts(await orchestrator.phase(folder, Phase.FAILED)) == ("work_folder", 48)
        # Back to a full folder: to look, and to delete.
        await started(orchestrator, folder, **work, attempt=2)
        again = inside(docker, folder)
        assert again.run("test", "-s", BIG).returncode == 0
        assert again.run("rm", BIG).returncode == 0
        assert (await orchestrator.client.get(neighbour)).restarts == 0
        assert inside(docker, neighbour) == there
        for id, attempt in ((folder, 2), (neighbour, 1)):
            assert (await orchestrator.client.get(id)).phase is Phase.READY
            stop = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
            await orchestrator.client.stop(id, stop)
        for id in (folder, neighbour):
            await orchestrator.phase(id, Phase.STOPPED)
