"""Our specs as Docker's JSON, and Docker's JSON as our types."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.environments import (
    Credentials,
    Port,
    PortKind,
    Profile,
    VolumeMount,
)
from mydocker_kit.docker.output import plain_text
from mydocker_kit.docker.versions import ApiVersion
from mydocker_orchestrator.domain.checks.root_access import RootAccess, takes_root
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED
from mydocker_orchestrator.swarm import observed
from mydocker_orchestrator.swarm.output import last_lines
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json

ID = UUID(int=7)
GROUND = ServiceDefaults("campus", "mydocker-open")


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
    rooms = [
        one["TmpfsOptions"]["SizeBytes"]
        for one in task["ContainerSpec"]["Mounts"]
        if one["Type"] == "tmpfs"
    ]
    assert len(rooms) == 2
    assert all(rooms)


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
        return [one["Target"] for one in body(**given)["TaskTemplate"]["ContainerSpec"]["Mounts"]]

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


def a_task(**given: Any) -> dict[str, Any]:
    task = {
        "ID": "t1",
        "ServiceID": "s1",
        "NodeID": "n1",
        "CreatedAt": "2026-03-02T10:00:00.5Z",
        "DesiredState": "running",
        "Spec": {
            "ContainerSpec": {
                "Labels": {"mydocker.environment": str(ID), "mydocker.attempt": "2"},
            }
        },
        "Status": {
            "State": "running",
            "ContainerStatus": {"ContainerID": "c1", "ExitCode": 0},
            "PortStatus": {"Ports": [{"TargetPort": 22, "PublishedPort": 32768}]},
        },
    }
    return task | given


A_SERVICE = {
    "ID": "s1",
    "CreatedAt": "2026-03-02T10:00:00.078014721Z",
    "Spec": {"Labels": {"mydocker.environment": str(ID), "mydocker.attempt": "2"}},
}
A_NODE = {
    "ID": "n1",
    "Spec": {"Availability": "active", "Labels": {"mydocker.ready": "yes"}},
    "Status": {"State": "ready", "Addr": "10.0.0.4"},
    "Description": {
        "Hostname": "worker-1",
        "Resources": {"NanoCPUs": 2_000_000_000, "MemoryBytes": 2**31},
    },
}


def test_a_look_joins_services_tasks_and_nodes() -> None:
    node = observed.node(A_NODE, (0.5, 48))
    assert (node.usable, node.free_cpu, node.free_memory_mib) == (True, 1.5, 2000)
    found = observed.observed_state([A_SERVICE], [a_task()], {"n1": node})
    service = found.services[ID]
    assert (service.attempt, service.created_at) == (
        2,
        datetime(2026, 3, 2, 10, 0, 0, 78014, tzinfo=UTC),
    )
    assert service.task is not None
    assert (service.task.state, service.task.node) == (TaskState.RUNNING, "worker-1")
    assert service.task.addresses[0].host == "10.0.0.4"
    assert found.ending == frozenset()


def test_a_node_says_what_it_is_and_a_node_not_admitted_takes_nobody() -> None:
    gpus = [{"NamedResourceSpec": {"Kind": "NVIDIA-GPU", "Value": f"gpu{n}"}} for n in (1, 0)]
    other = [{"DiscreteResourceSpec": {"Kind": "SSD", "Value": 3}}]
    described = {"Hostname": "gpu", "Resources": {"GenericResources": [*gpus, *other]}}
    labels = {"mydocker.pool": "a100"}
    drained = {"Availability": "drain", "Labels": {**labels, "mydocker.ready": "yes"}}
    for spec, usable in (({"Labels": labels}, False), (drained, False)):
        node = observed.node({**A_NODE, "Spec": spec, "Description": described}, (0, 0))
        assert (node.pool, node.usable, node.reachable) == ("a100", usable, True)
        assert [device.name for device in node.devices] == ["gpu0", "gpu1"]
    assert observed.node({**A_NODE, "Status": {"State": "down"}}, (0, 0)).reachable is False


def test_a_node_is_closed_without_ending_what_runs_there() -> None:
    """Swarm ends tasks whose constraints their node no longer meets, unless it is paused."""
    spec = observed.cordoned_node(A_NODE)
    assert spec == {"Availability": "pause", "Labels": {"mydocker.ready": "no"}}
    assert observed.node({**A_NODE, "Spec": spec}, (0, 0)).admitted is False
    drained = {**A_NODE, "Spec": {"Availability": "drain"}}
    assert observed.cordoned_node(drained)["Availability"] == "drain"


def test_where_it_is_demanded_compat_goes_only_where_root_is_nobody() -> None:
    demanding = replace(GROUND, compat_needs_userns=True)
    label = "node.labels.mydocker.remaps-users==yes"

    def constraints(ground: ServiceDefaults, profile: Profile, **given: object) -> list[str]:
        body = service_json(ID, a_spec(profile=profile, **given), ground)
        found: list[str] = body["TaskTemplate"]["Placement"]["Constraints"]
        return found

    assert label in constraints(demanding, Profile.COMPAT)
    assert label not in constraints(demanding, Profile.STRICT)
    assert label not in constraints(GROUND, Profile.COMPAT)
    other_build = "sha256:" + "1" * 64
    for approved in (None, other_build):
        assert label in constraints(GROUND, Profile.COMPAT, root_approved_for=approved)
    labels = {"mydocker.ready": "yes", "mydocker.remaps-users": "yes"}
    remapped = {**A_NODE, "Spec": {"Availability": "active", "Labels": labels}}
    takes = [
        takes_root(observed.node(raw, (0, 0), compat_needs_userns=demanded), RootAccess.APPROVED)
        for raw, demanded in ((A_NODE, False), (A_NODE, True), (remapped, True))
    ]
    assert takes == [True, False, True]
    assert [observed.node(raw, (0, 0)).remaps_users for raw in (A_NODE, remapped)] == [False, True]


def test_the_newest_task_counts() -> None:
    old = a_task(ID="t0", CreatedAt="2026-03-02T09:00:00Z", Status={"State": "failed"})
    found = observed.observed_state([A_SERVICE], [a_task(), old], {})
    task = found.services[ID].task
    assert task is not None
    assert task.id == "t1"


def test_a_task_without_its_service_is_leaving_until_it_ended() -> None:
    left = observed.observed_state([], [a_task()], {})
    assert (set(left.ending), set(left.holding)) == ({ID}, {(ID, 2)})
    assert (
        observed.observed_state([], [a_task(Status={"State": "shutdown"})], {}).ending
        == frozenset()
    )
    assert observed.observed_state([], [a_task(NodeID="")], {}).ending == frozenset()


def test_what_carries_no_labels_of_ours_is_not_seen() -> None:
    foreign = {"ID": "s9", "CreatedAt": "2026-03-02T10:00:00Z", "Spec": {"Labels": {}}}
    assert observed.observed_state([foreign], [], {}).services == {}


def test_reservations_are_summed_over_tasks_that_hold_them() -> None:
    spec = {"Resources": {"Reservations": {"NanoCPUs": 500_000_000, "MemoryBytes": 2**20}}}
    over = a_task(Spec=spec, Status={"State": "failed"})
    held = observed.reserved_by_node([a_task(Spec=spec), a_task(Spec=spec), over])
    assert held == {"n1": (1.0, 2)}


def test_output_is_unframed_and_cleaned() -> None:
    framed = b"".join(
        bytes([kind, 0, 0, 0]) + len(text).to_bytes(4, "big") + text
        for kind, text in ((1, b"one\r\n"), (2, b"\x1b[31mtwo\x00\x1b[0m\n"))
    )
    assert plain_text(framed) == "one\ntwo\n"
    assert plain_text(b"a terminal\n") == "a terminal\n"


def test_last_lines_are_whole_and_within_their_bytes() -> None:
    text = "".join(f"line {number} é\n" for number in range(2000))
    kept = last_lines(text)
    assert len(kept.encode()) <= 8192
    assert kept.startswith("line ")
    assert kept.endswith("line 1999 é\n")
    assert last_lines("short") == "short"
