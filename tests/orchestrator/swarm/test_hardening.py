"""What the engine made of a container against its profile: read from JSON, compared, acted on."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run
from tests.orchestrator.specs import NO_IMAGE, a_spec

from mydocker_kit.contracts.orchestrator.environments import Phase, Profile, ReasonCode, Resources
from mydocker_orchestrator.domain.checks.hardening import differences
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState, EnvironmentState
from mydocker_orchestrator.domain.observed_state import ObservedTask, TaskState
from mydocker_orchestrator.settings import Settings
from mydocker_orchestrator.swarm.hardening import actual_settings, expected_settings
from mydocker_orchestrator.swarm.specs import COMPAT_CAPABILITIES

NOW = datetime(2026, 11, 23, tzinfo=UTC)
ASKED = EnvironmentState(
    id=UUID(int=1),
    version=1,
    attempt=1,
    desired=DesiredState.RUNNING,
    phase=Phase.STARTING,
    since=NOW,
    asked_at=NOW,
    resources=Resources(cpu=0.25, memory_mib=128),
)


def scratch(*rooms: tuple[str, int]) -> list[dict[str, Any]]:
    return [
        {"Type": "tmpfs", "Target": path, "TmpfsOptions": {"SizeBytes": mib * 1024 * 1024}}
        for path, mib in rooms
    ]


RUN = {
    "Type": "volume",
    "Target": "/run",
    "VolumeOptions": {
        "NoCopy": True,
        "DriverConfig": {
            "Name": "local",
            "Options": {
                "device": "tmpfs",
                "o": "size=16m,mode=1777,nosuid,nodev,noexec",
                "type": "tmpfs",
            },
        },
    },
}
ON_DISK = [
    *scratch(("/tmp", 256), ("/dev/shm", 64)),  # noqa: S108 - in the container
    {"Type": "volume", "Target": "/run"},
]


def inspected(**host: Any) -> dict[str, Any]:
    """What Docker 20.10 says of a container of the strict profile."""
    return {
        "Config": {"User": "1000:1000"},
        "HostConfig": {
            "LogConfig": {"Type": "json-file", "Config": {"max-file": "2", "max-size": "10m"}},
            "NetworkMode": "default",
            "CapAdd": None,
            "CapDrop": ["ALL"],
            "IpcMode": "private",
            "ReadonlyRootfs": True,
            "Memory": 134217728,
            "NanoCpus": 250000000,
            "PidsLimit": 512,
            "Ulimits": [
                {"Name": "nofile", "Hard": 4096, "Soft": 4096},
                {"Name": "core", "Hard": 0, "Soft": 0},
            ],
            "Mounts": [
                *scratch(("/tmp", 256), ("/dev/shm", 64)),  # noqa: S108
                RUN,
                {"Type": "volume", "Target": "/home/student"},
            ],
            "Init": True,
            **host,
        },
    }


def limits_of(
    raw: dict[str, Any], environment: EnvironmentState = ASKED, *, is_confined: bool = False
) -> list[str]:
    differing = differences(
        expected_settings(environment, is_confined=is_confined),
        actual_settings(raw, environment, is_confined=is_confined),
    )
    return [phrase.split(":")[0] for phrase in differing]


def test_what_was_asked_for_is_what_is_there() -> None:
    assert limits_of(inspected()) == []
    compat = inspected(
        CapAdd=[f"CAP_{name}" for name in COMPAT_CAPABILITIES],  # as newer engines write them
        ReadonlyRootfs=False,
        Mounts=scratch(("/tmp", 256), ("/dev/shm", 64)),  # noqa: S108 - in the container
    )
    compat["Config"]["User"] = "root"
    unapproved = replace(ASKED, profile=Profile.COMPAT, image=NO_IMAGE)
    approved = replace(unapproved, root_approved_for=NO_IMAGE.rpartition("@")[2])
    assert limits_of(compat, approved) == []
    assert limits_of(compat, unapproved) == ["users_remapped"]
    remapped = "/var/lib/docker/100000.100000/containers/f00/resolv.conf"
    assert limits_of({**compat, "ResolvConfPath": remapped}, unapproved) == []


@pytest.mark.parametrize(
    ("host", "control"),
    [
        ({"CapDrop": None}, "all_dropped"),
        ({"CapAdd": ["NET_RAW"]}, "capabilities"),
        ({"Privileged": True}, "privileged"),
        ({"ReadonlyRootfs": False}, "read_only_root"),
        ({"PidsLimit": None}, "pids"),
        ({"Memory": 0}, "memory"),
        ({"NanoCpus": 500000000}, "nano_cpus"),
        ({"Init": None}, "init"),
        ({"Ulimits": None}, "limits"),
        ({"Mounts": []}, "scratch"),
        ({"Mounts": ON_DISK}, "scratch"),
        ({"LogConfig": {"Type": "json-file", "Config": {}}}, "log"),
        ({"PidMode": "host"}, "host_namespaces"),
        ({"NetworkMode": "host"}, "host_namespaces"),
        ({"UsernsMode": "host"}, "host_namespaces"),
        ({"Binds": ["/var/run/docker.sock:/s"]}, "host_folders"),
        ({"Devices": [{"PathOnHost": "/dev/kvm"}]}, "devices"),
        ({"SecurityOpt": ["seccomp=unconfined"]}, "unconfined"),
        ({"SecurityOpt": ["no-new-privileges:false"]}, "unconfined"),
    ],
)
def test_each_control_that_is_not_in_force_is_named(host: dict[str, Any], control: str) -> None:
    assert limits_of(inspected(**host)) == [control]


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["no-new-privileges=true"], []),
        (["no-new-privileges:true"], []),
        (["no-new-privileges"], []),
        (None, ["no_new_privileges"]),
        (["label=disable"], ["no_new_privileges"]),
        (["no-new-privileges=false"], ["unconfined", "no_new_privileges"]),
        (["no-new-privileges=true", "seccomp=unconfined"], ["unconfined"]),
        (["no-new-privileges=true", "apparmor=unconfined"], ["unconfined"]),
    ],
)
def test_what_a_service_confines_by_itself_is_read_back(
    options: list[str] | None, named: list[str]
) -> None:
    assert limits_of(inspected(SecurityOpt=options), is_confined=True) == named


def test_where_the_engine_confines_by_default_its_silence_is_no_difference() -> None:
    assert limits_of(inspected(SecurityOpt=None)) == []
    assert limits_of(inspected(SecurityOpt=["no-new-privileges=true"])) == []


def test_a_container_without_apparmor_is_named_where_there_is_apparmor() -> None:
    assert limits_of({**inspected(), "AppArmorProfile": "docker-default"}) == []
    assert limits_of({**inspected(), "AppArmorProfile": ""}) == []
    assert limits_of({**inspected(), "AppArmorProfile": "unconfined"}) == ["unconfined"]


def test_another_user_is_named_in_strict() -> None:
    raw = inspected()
    raw["Config"]["User"] = ""
    assert limits_of(raw) == ["user"]


async def test_a_container_that_is_held_loosely_is_stopped_and_its_node_takes_no_more(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    swarm.starts_as = TaskState.RUNNING
    swarm.loose = ("pids: 0 instead of 512",)
    id = uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=()))
        failed = await orchestrator.phase(id, Phase.FAILED)
        assert failed.reason is not None
        assert failed.reason.code is ReasonCode.NOT_HELD
        assert failed.reason.detail == "pids: 0 instead of 512"
        assert failed.reason.reference
        assert not swarm.node.admitted
        assert len(swarm.creations) == 1, "no restart: the next container would be the same"


async def test_where_nobody_can_say_it_goes_on(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    swarm.starts_as, swarm.loose = TaskState.RUNNING, None
    id = uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=()))
        await orchestrator.phase(id, Phase.READY)
        assert swarm.node.admitted


async def test_root_of_a_container_waits_where_a_setting_demands_remapped_users(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    swarm.starts_as, swarm.node = TaskState.RUNNING, replace(swarm.node, takes_approved_root=False)
    root, student = uuid4(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(root, a_spec(ports=(), profile=Profile.COMPAT))
        waits = await orchestrator.until(root, lambda status: status.reason is not None)
        assert waits.phase is Phase.QUEUED
        assert waits.reason is not None
        assert waits.reason.code is ReasonCode.NODE_UNAVAILABLE
        assert waits.reason.parameters["profile"] == "compat"
        await orchestrator.client.put(student, a_spec(ports=()))
        await orchestrator.phase(student, Phase.READY)
        swarm.node = replace(swarm.node, remaps_users=True)
        await orchestrator.phase(root, Phase.READY)


async def test_root_starts_without_an_approval_only_where_users_are_remapped(
    run: Run, settings: Settings
) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.starts_as = TaskState.RUNNING
    unapproved = {"ports": (), "profile": Profile.COMPAT, "root_approved_for": None}
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(**unapproved))
        refused = await orchestrator.phase(id, Phase.FAILED)
        assert refused.reason is not None
        assert refused.reason.code is ReasonCode.ROOT_NOT_APPROVED
        assert refused.reason.reference
        assert swarm.creations == [], "nothing reached the engine"
        assert [pool.root_needs_approval for pool in await orchestrator.client.pools()] == [True]
        await orchestrator.client.put(id, a_spec(attempt=2, ports=(), profile=Profile.COMPAT))
        await orchestrator.phase(id, Phase.READY)
        other = "sha256:" + "1" * 64
        await orchestrator.client.put(
            id, a_spec(attempt=3, **{**unapproved, "root_approved_for": other})
        )
        await orchestrator.phase(id, Phase.FAILED)
        swarm.node = replace(swarm.node, remaps_users=True)
        await orchestrator.client.put(id, a_spec(attempt=4, **unapproved))
        await orchestrator.phase(id, Phase.READY)


async def test_an_answer_that_cannot_be_read_is_asked_for_again(
    run: Run, settings: Settings
) -> None:
    swarm, id = Garbling(), uuid4()
    swarm.starts_as = TaskState.RUNNING
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=()))
        await orchestrator.phase(id, Phase.READY)


class Garbling(FakeSwarm):
    """What its machine first says of a container makes no sense."""

    has_spoken = False

    async def hardening_differences(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> tuple[str, ...] | None:
        if not self.has_spoken:
            self.has_spoken = True
            raise KeyError("HostConfig")
        return await super().hardening_differences(environment, task)
