"""What is said when the engine refuses, kills, or has no room."""

import pytest
from tests.orchestrator.rules.makers import an_environment

from mydocker_kit.contracts.orchestrator.environments import (
    Reason,
    ReasonCode,
    Resources,
    VolumeMount,
)
from mydocker_orchestrator.domain.lifecycle.failures import (
    PostMortem,
    task_end_reason,
    with_post_mortem,
)
from mydocker_orchestrator.domain.observed_state import ObservedNode, ObservedTask, TaskState
from mydocker_orchestrator.domain.placement.wait_reasons import (
    is_waiting_for_node,
    scheduler_wait_reason,
)


@pytest.mark.parametrize(
    ("state", "error", "code", "expected"),
    [
        (TaskState.REJECTED, "No such image: a@sha256:b", None, ReasonCode.IMAGE_MISSING),
        (TaskState.FAILED, "task: non-zero exit (2)", 2, ReasonCode.CRASHED),
        (TaskState.COMPLETE, "", 0, ReasonCode.ENDED_BY_ITSELF),
        (TaskState.FAILED, "driver failed … port is already allocated", None, "port_taken"),
        (TaskState.FAILED, "starting container failed: OCI runtime …", None, "engine_refused"),
        (TaskState.ORPHANED, "", None, ReasonCode.NODE_LOST),
    ],
)
def test_the_engines_words_become_a_code(
    state: TaskState, error: str, code: int | None, expected: str
) -> None:
    task = ObservedTask(id="t", state=state, error=error, exit_code=code)
    reason = task_end_reason(task, an_environment())
    assert (reason.code, reason.detail) == (expected, error)


def test_a_file_instead_of_the_work_folder_is_named_by_its_path_inside() -> None:
    error = "source /var/lib/docker/overlay2/ab12/merged/a-file is not directory"
    task = ObservedTask(id="t", state=TaskState.REJECTED, error=error)
    work = VolumeMount(name="work-1", path="/a-file")
    reason = task_end_reason(task, an_environment(volumes=(work,)))
    assert (reason.code, reason.parameters) == (ReasonCode.FOLDER_IS_FILE, {"path": "/a-file"})
    assert reason.detail == ""
    plain = task_end_reason(task, an_environment())
    assert (plain.code, plain.detail) == (ReasonCode.ENGINE_REFUSED, "source … is not directory")


def test_a_kill_is_only_called_lack_of_memory_when_the_engine_says_so() -> None:
    crashed = Reason(code=ReasonCode.CRASHED, parameters={"exit_code": 137})
    assert with_post_mortem(crashed, PostMortem(), 512) == crashed
    reason = with_post_mortem(crashed, PostMortem(out_of_memory=True), 512)
    assert reason.code is ReasonCode.OUT_OF_MEMORY


def a_node(**given: object) -> ObservedNode:
    values: dict[str, object] = {"id": "n", "name": "n", "cpu": 4, "memory_mib": 4096}
    return ObservedNode(**(values | given))  # type: ignore[arg-type]


SHORT = "no suitable node (insufficient resources on 2 nodes)"


@pytest.mark.parametrize(
    ("nodes", "short"),
    [
        ([a_node(free_cpu=4, free_memory_mib=100)], "memory"),
        ([a_node(free_cpu=0.5, free_memory_mib=4096)], "cpu"),
        ([a_node(), a_node(free_cpu=2, free_memory_mib=100)], "memory"),
        ([a_node()], "cpu,memory"),
    ],
)
def test_what_is_short_is_named(nodes: list[ObservedNode], short: str) -> None:
    assert is_waiting_for_node(SHORT)
    reason = scheduler_wait_reason(SHORT, an_environment(), nodes, 3)
    assert reason.code is ReasonCode.NO_ROOM
    assert reason.parameters["short"] == short
    assert reason.parameters["waiting_before"] == 3
    assert reason.parameters["fits_nowhere"] == 0


def test_what_no_node_could_ever_hold_is_said() -> None:
    huge = an_environment(resources=Resources(cpu=64, memory_mib=512))
    assert scheduler_wait_reason(SHORT, huge, [a_node()], 0).parameters["fits_nowhere"] == 1


def test_no_node_at_all_is_not_lack_of_room() -> None:
    text = "no suitable node (1 node not available for new tasks)"
    reason = scheduler_wait_reason(text, an_environment(), [a_node(usable=False)], 0)
    assert reason.code is ReasonCode.NODE_UNAVAILABLE
