"""Work folders with a size: their driver, what is written of their usage, when it is set anew."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.rules.makers import ID, NOW, a_service, actions, an_environment
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    FolderUse,
    Phase,
    Reason,
    ReasonCode,
    VolumeMount,
)
from mydocker_orchestrator.domain.lifecycle.failures import task_end_reason
from mydocker_orchestrator.domain.lifecycle.folder_usage import differs, sizes_to_set, with_usage
from mydocker_orchestrator.domain.lifecycle.restarts import restart_delay
from mydocker_orchestrator.domain.observed_state import ObservedTask, TaskState
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED, Placement
from mydocker_orchestrator.domain.planner.actions import RecordStatus
from mydocker_orchestrator.swarm.specs import LABEL_QUOTA, ServiceDefaults, service_json

MIB = 1024 * 1024
MOUNT = VolumeMount(name="work-a", path="/home/student", quota_mib=2048)
DEFAULTS = ServiceDefaults("p", "net", volume_driver="sized")


def use(used: int = 0, allowed: int = 1000, files: int = 0, limit: int = 1000) -> FolderUse:
    return FolderUse(
        used_bytes=used,
        allowed_bytes=allowed,
        used_files=files,
        allowed_files=1000,
        limit_bytes=limit,
    )


def mount_of(placement: Placement) -> dict[str, object]:
    body = service_json(ID, a_spec(volumes=(MOUNT,)), DEFAULTS, placement)
    [mount] = [
        mount
        for mount in body["TaskTemplate"]["ContainerSpec"]["Mounts"]
        if mount.get("Source") == "work-a"
    ]
    return {**mount["VolumeOptions"]["DriverConfig"], "label": body["Labels"].get(LABEL_QUOTA)}


def test_the_plugin_makes_only_the_volumes_of_its_placement() -> None:
    local = {"Name": "local", "label": None}
    assert mount_of(UNCONSTRAINED) == local
    assert mount_of(Placement(quota_volumes=frozenset({"another"}))) == local
    sized = {"Name": "sized", "Options": {"size": "2048m"}, "label": "work-a"}
    assert mount_of(Placement(quota_volumes=frozenset({"work-a"}))) == sized


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        (None, use(), True),
        (use(500), use(505), False),
        (use(500), use(511), True),
        (use(799), use(800), True),
        (use(949), use(950), True),
        (use(998), use(999), True),
        (use(files=10), use(files=15), False),
        (use(files=799), use(files=801), True),
        (use(), use(allowed=2000), True),
        (use(), use(limit=2000), True),
    ],
)
def test_a_change_is_written_where_people_see_another_gauge(
    before: FolderUse | None, after: FolderUse, shown: bool
) -> None:
    assert differs(before, after) is shown


@given(st.integers(0, 1000), st.integers(0, 1000))
def test_what_is_not_written_is_never_a_hundredth_away(before: int, after: int) -> None:
    if not differs(use(before), use(after)):
        assert abs(after - before) <= 10
        assert (before >= 950) is (after >= 950)


def test_usage_of_a_running_environment_is_recorded_once() -> None:
    ready = an_environment(volumes=(MOUNT,), phase=Phase.READY, running_at=NOW, ready_at=NOW)
    uses = {"work-a": use(300), "work-b": use(999)}
    [recorded] = actions(ready, a_service(), folder_uses=uses)
    assert isinstance(recorded, RecordStatus)
    assert recorded.changed.folder == use(300)
    assert actions(recorded.changed, a_service(), folder_uses=uses) == []
    assert with_usage(ready, {}) is ready


def test_a_size_is_set_where_the_volume_has_another() -> None:
    fresh = an_environment(volumes=(MOUNT,))
    assert sizes_to_set(fresh) == {}, "its volume is made with it"
    same = an_environment(volumes=(MOUNT,), folder=use(limit=2048 * MIB))
    assert sizes_to_set(same) == {}
    grown = an_environment(volumes=(MOUNT,), folder=use(limit=1024 * MIB))
    assert sizes_to_set(grown) == {"work-a": 2048 * MIB}


@pytest.mark.parametrize(
    ("error", "problem", "retried"),
    [
        ("create work-a: no room for this folder: it needs 9 MiB more", "no_room", False),
        (
            "starting container failed: error while mounting volume '': the file system of this"
            " folder is damaged",
            "other",
            False,
        ),
        (
            'create work-a: Post "http://%2Frun%2Fdocker%2Fplugins%2Fmydocker.sock/'
            'VolumeDriver.Create": dial unix: connect: no such file or directory',
            "plugin_away",
            True,
        ),
    ],
)
def test_the_plugins_words_become_a_reason(error: str, problem: str, retried: bool) -> None:
    environment = an_environment(volumes=(MOUNT,))
    reason = task_end_reason(ObservedTask("t", TaskState.REJECTED, error=error), environment)
    assert (reason.code, reason.parameters["problem"]) == (ReasonCode.FOLDER_REFUSED, problem)
    assert "folder" in reason.detail or "VolumeDriver" in reason.detail
    assert (restart_delay(environment, reason, NOW) is not None) is retried


def test_other_errors_are_none_of_the_folders() -> None:
    task = ObservedTask("t", TaskState.REJECTED, error="cannot allocate memory")
    assert task_end_reason(task, an_environment(volumes=(MOUNT,))) == Reason(
        code=ReasonCode.ENGINE_REFUSED, detail="cannot allocate memory"
    )
