"""What is written of a service: names, limits, hardening, ports, arguments."""

from typing import Any

import pytest
from pydantic import SecretStr
from tests.orchestrator.specs import a_spec
from tests.orchestrator.swarm.docker_json import A_SERVICE, GROUND, ID, a_task

from mydocker_kit.contracts.orchestrator.environments import (
    Credentials,
    Port,
    PortKind,
    Profile,
    VolumeMount,
)
from mydocker_kit.docker.versions import ApiVersion
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED
from mydocker_orchestrator.swarm import observed
from mydocker_orchestrator.swarm.specs import service_json


def body(**given: Any) -> dict[str, Any]:
    return service_json(ID, a_spec(**given), GROUND)


def test_the_name_is_the_id_and_labels_hold_ids_only() -> None:
    service = body(attempt=3)
    assert service["Name"] == f"env-{ID.hex}"
    assert service["Labels"] == {
        "mydocker.platform": "campus",
        "mydocker.environment": str(ID),
        "mydocker.attempt": "3",
    }
    assert service["TaskTemplate"]["ContainerSpec"]["Labels"] == service["Labels"]


def test_limits_equal_reservations() -> None:
    resources = body()["TaskTemplate"]["Resources"]
    assert resources["Reservations"] == {"NanoCPUs": 250_000_000, "MemoryBytes": 134_217_728}
    assert resources["Limits"] == {**resources["Reservations"], "Pids": 512}


def test_strict_holds_tightly_and_compat_adds_what_sshd_needs() -> None:
    strict = body()["TaskTemplate"]["ContainerSpec"]
    assert (strict["ReadOnly"], strict["User"]) == (True, "1000:1000")
    assert strict["CapabilityDrop"] == ["ALL"]
    assert "CapabilityAdd" not in strict
    compat = body(profile=Profile.COMPAT)["TaskTemplate"]["ContainerSpec"]
    assert "ReadOnly" not in compat
    assert compat["CapabilityDrop"] == ["ALL"]
    assert not {"NET_RAW", "MKNOD", "SYS_PTRACE", "SYS_ADMIN"} & set(compat["CapabilityAdd"])


@pytest.mark.parametrize("profile", Profile)
def test_a_health_check_of_the_image_decides_nothing(profile: Profile) -> None:
    container = body(profile=profile)["TaskTemplate"]["ContainerSpec"]
    assert container["Healthcheck"] == {"Test": ["NONE"]}


@pytest.mark.parametrize("profile", Profile)
def test_every_limit_is_said_whatever_the_engine_would_choose(profile: Profile) -> None:
    task = body(profile=profile)["TaskTemplate"]
    limits = {
        limit["Name"]: (limit["Soft"], limit["Hard"]) for limit in task["ContainerSpec"]["Ulimits"]
    }
    assert limits == {"nofile": (4096, 4096), "core": (0, 0)}
    assert set(task["Resources"]["Limits"]) == {"NanoCPUs", "MemoryBytes", "Pids"}
    assert task["LogDriver"]["Options"] == {"max-size": "10m", "max-file": "2"}
    sizes = [
        mount["TmpfsOptions"]["SizeBytes"]
        for mount in task["ContainerSpec"]["Mounts"]
        if mount["Type"] == "tmpfs"
    ]
    assert len(sizes) == 2
    assert all(sizes)


@pytest.mark.parametrize("profile", Profile)
@pytest.mark.parametrize(("api", "confines"), [("1.41", False), ("1.43", False), ("1.44", True)])
def test_a_service_confines_by_itself_from_engine_25_on(
    profile: Profile, api: str, confines: bool
) -> None:
    made = service_json(ID, a_spec(profile=profile), GROUND, UNCONSTRAINED, ApiVersion.parse(api))
    container = made["TaskTemplate"]["ContainerSpec"]
    assert ("Privileges" in container) is confines
    assert ("mydocker.confined" in made["Labels"]) is confines
    assert container["Labels"] == made["Labels"], "a task is known by it when the service is gone"
    if confines:
        assert container["Privileges"]["NoNewPrivileges"] is True
        task = a_task(Spec=made["TaskTemplate"])
        look = observed.observed_state([A_SERVICE], [task], {})
        seen = look.services[ID].task
        assert seen is not None
        assert seen.is_confined


def test_the_home_is_writable_in_strict_unless_a_volume_is_there() -> None:
    def targets(**given: Any) -> list[str]:
        return [
            mount["Target"] for mount in body(**given)["TaskTemplate"]["ContainerSpec"]["Mounts"]
        ]

    assert targets() == ["/tmp", "/dev/shm", "/run", "/home/student"]  # noqa: S108 - in the container
    home = VolumeMount(name="work-1", path="/home/student")
    assert targets(volumes=(home,)) == ["/tmp", "/dev/shm", "/run", "/home/student"]  # noqa: S108
    assert targets(profile=Profile.COMPAT) == ["/tmp", "/dev/shm"]  # noqa: S108


def test_no_text_of_a_spec_is_a_template_of_swarms() -> None:
    """Whatever stood in a path before such paths were refused arrives as it is written."""
    secret = SecretStr("{{.Node.ID}}")
    spec = a_spec(
        volumes=(VolumeMount(name="work-1", path="/srv/{{.Node.Hostname}}/{{{"),),
        credentials=Credentials(username="ada_l", password=secret),
    )
    container = service_json(ID, spec, GROUND)["TaskTemplate"]["ContainerSpec"]
    target = container["Mounts"][-1]["Target"]
    assert target == '/srv/{{"{{"}}.Node.Hostname}}/{{"{{"}}{'
    assert 'MYDOCKER_PASSWORD={{"{{"}}.Node.ID}}' in container["Env"]
    templated = [*container["Env"], *(str(mount) for mount in container["Mounts"])]
    assert not [text for text in templated if "{{" in text.replace('{{"{{"}}', "")]
    assert "Hostname" not in container


def test_ports_are_free_ones_of_the_host_and_nothing_restarts() -> None:
    web = Port(title="Page", kind=PortKind.WEB, number=80)
    service = body(ports=(web,))
    assert service["EndpointSpec"] == {
        "Mode": "dnsrr",
        "Ports": [{"Protocol": "tcp", "TargetPort": 80, "PublishMode": "host"}],
    }
    assert service["TaskTemplate"]["RestartPolicy"]["Condition"] == "none"


def test_arguments_replace_those_of_the_image_only_when_given() -> None:
    assert "Args" not in body()["TaskTemplate"]["ContainerSpec"]
    container = body(arguments=("ssh:22",))["TaskTemplate"]["ContainerSpec"]
    assert container["Args"] == ["ssh:22"]
    assert "MYDOCKER_PASSWORD=correct-horse" in container["Env"]
