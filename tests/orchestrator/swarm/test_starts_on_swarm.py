"""On a real Swarm: work folders belong to their user, and a failed start says what was seen."""

import json
from collections.abc import Iterator
from uuid import uuid4

import pytest
from deploy.machine.docker import Docker
from tests.orchestrator.running import RealSwarm, Run
from tests.orchestrator.serve_image import image_that_serves_tls
from tests.orchestrator.specs import a_port, a_spec, read_only_volume
from tests.support.certificate import self_signed

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    Phase,
    PortKind,
    Reason,
    ReasonCode,
    VolumeMount,
)
from mydocker_orchestrator.settings import Settings


@pytest.fixture
def real(settings: Settings, swarm: RealSwarm) -> Iterator[Settings]:
    """Settings for the real engine; afterwards nothing of this platform is left running."""
    yield settings.model_copy(
        update={"engine_url": swarm.url, "environment_network": swarm.network}
    )
    ours = json.dumps({"label": [f"mydocker.platform={settings.platform_name}"]})
    with Docker(swarm.url) as docker:
        for service in docker.get("/services", filters=ours):
            docker.call("DELETE", f"/services/{service['ID']}")


@pytest.fixture(scope="module")
def tls_image(swarm: RealSwarm, tmp_path_factory: pytest.TempPathFactory) -> str:
    certificate = self_signed(tmp_path_factory.mktemp("tls"))
    return image_that_serves_tls(swarm.url, swarm.image, certificate)


def kept_at(path: str, image: str, *arguments: str) -> EnvironmentSpec:
    volume = VolumeMount(name=f"work-{uuid4().hex[:12]}", path=path)
    ports = (a_port(PortKind.WEB, 8080),)
    return a_spec(image=image, arguments=(*arguments, "web:8080"), ports=ports, volumes=(volume,))


@pytest.mark.parametrize(
    "path", ["/absent", "/absent/below", "/of-root", "/of-other", "/declared", "/home/student"]
)
async def test_a_work_folder_is_writable_whatever_the_image_holds_there(
    run: Run, real: Settings, swarm: RealSwarm, path: str
) -> None:
    """By the program's own try: `later` writes as soon as it may, before any page answers."""
    id, spec = uuid4(), kept_at(path, swarm.image, f"later:{path}/mine")
    async with run(real) as orchestrator:
        for attempt in (1, 2):  # the engine gives the folder the image's owner at each start
            again = spec.model_copy(update={"attempt": attempt})
            await orchestrator.client.put(id, again)
            await orchestrator.phase(id, Phase.READY)
            assert f"wrote {path}/mine" in await orchestrator.client.logs(id)


async def test_a_file_instead_of_the_work_folder_fails_the_start(
    run: Run, real: Settings, swarm: RealSwarm
) -> None:
    reason = await failed(run, real, kept_at("/a-file", swarm.image))
    seen = (reason.code, reason.parameters)
    assert seen == (ReasonCode.FOLDER_IS_FILE, {"path": "/a-file"}), reason.detail
    assert "/volumes/" not in reason.model_dump_json()


async def test_a_work_folder_that_nobody_may_write_in_fails_the_start(
    run: Run, real: Settings, swarm: RealSwarm
) -> None:
    """A file server that keeps root out (root_squash) looks the same to the engine."""
    spec = kept_at("/absent", swarm.image)
    with Docker(swarm.url) as docker:
        docker.call("POST", "/volumes/create", read_only_volume(spec.volumes[0].name))
    reason = await failed(run, real, spec)
    seen = (reason.code, reason.parameters)
    assert seen == (ReasonCode.FOLDER_NOT_WRITABLE, {"path": "/absent"})
    assert "/volumes/" not in reason.model_dump_json()


@pytest.mark.parametrize(
    ("arguments", "problem", "listens_on"),
    [
        (("tcp:3000",), "nothing_listens", "3000"),
        (("loopback:8080",), "loopback_only", None),
        (("ipv6:8080",), "ipv6_only", None),
        (("busy:8080",), "unavailable", None),
        (("ssh:8080",), "other_protocol", None),
    ],
)
async def test_a_silent_port_is_diagnosed_from_what_is_seen(
    run: Run,
    real: Settings,
    swarm: RealSwarm,
    arguments: tuple[str, ...],
    problem: str,
    listens_on: str | None,
) -> None:
    ports = (a_port(PortKind.WEB, 8080),)
    spec = a_spec(image=swarm.image, arguments=arguments, ports=ports, ready_within=5)
    reason = await failed(run, real, spec)
    assert reason.code is ReasonCode.PORT_SILENT
    seen = (reason.parameters["problem"], reason.parameters.get("listens_on"))
    assert seen == (problem, listens_on)


async def test_a_page_over_tls_on_a_port_declared_as_plain_is_diagnosed(
    run: Run, real: Settings, tls_image: str
) -> None:
    spec = a_spec(image=tls_image, ports=(a_port(PortKind.WEB, 8080),), ready_within=10)
    reason = await failed(run, real, spec)
    seen = (reason.code, reason.parameters["port"], reason.parameters["problem"])
    assert seen == (ReasonCode.PORT_SILENT, 8080, "tls_only")


async def test_the_same_page_on_a_port_declared_as_https_is_ready(
    run: Run, real: Settings, tls_image: str
) -> None:
    id, spec = uuid4(), a_spec(image=tls_image, ports=(a_port(PortKind.HTTPS, 8080),))
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, spec)
        await orchestrator.phase(id, Phase.READY)


async def test_a_plain_page_on_a_port_declared_as_https_is_diagnosed(
    run: Run, real: Settings, swarm: RealSwarm
) -> None:
    ports = (a_port(PortKind.HTTPS, 8080),)
    spec = a_spec(image=swarm.image, arguments=("web:8080",), ports=ports, ready_within=5)
    reason = await failed(run, real, spec)
    seen = (reason.code, reason.parameters["port"], reason.parameters["problem"])
    assert seen == (ReasonCode.PORT_SILENT, 8080, "no_tls")


async def failed(run: Run, real: Settings, spec: EnvironmentSpec) -> Reason:
    """Why this start failed."""
    id = uuid4()
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, spec)
        status = await orchestrator.phase(id, Phase.FAILED)
    assert status.reason is not None
    return status.reason


async def test_a_program_that_ends_at_once_shows_its_last_lines(
    run: Run, real: Settings, swarm: RealSwarm
) -> None:
    id = uuid4()
    spec = a_spec(image=swarm.image, arguments=("say:nothing left to do", "exit:0"), ports=())
    async with run(real) as orchestrator:
        await orchestrator.client.put(id, spec)
        over = await orchestrator.until(
            id, lambda status: status.phase in (Phase.FAILED, Phase.STOPPED)
        )
    assert over.reason is not None
    assert over.reason.code is ReasonCode.ENDED_BY_ITSELF
    assert "nothing left to do" in over.last_logs
