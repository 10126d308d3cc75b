"""Why a task did not start or ended: the engine's error text as reason code and parameters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode

from ..checks.port_diagnosis import Listener, ProbeResult, diagnose, other_ports
from ..observed_state import ObservedNode, ObservedTask, TaskState
from .transitions import EnvironmentState

_NO_IMAGE = re.compile(
    r"no such image|manifest unknown|pull access denied|repository .* not found"
    r"|unauthorized|image .* not found|error pulling image",
    re.IGNORECASE,
)
_PORT_TAKEN = re.compile(r"port is already allocated|address already in use|port already in use")
_TAKEN_PORT_NUMBER = re.compile(
    r":(\d{1,5})(?:: bind: address already in use| failed: port is already allocated)"
)
SHUT_DOWN_BY_SWARM = frozenset({TaskState.ORPHANED, TaskState.SHUTDOWN, TaskState.REMOVE})
"""Ended by Swarm although it is desired: its node was drained, restarted or lost."""
_FOLDER_IS_FILE = re.compile(r"(?:is not|not a) (?:a )?directory", re.IGNORECASE)
_HOST_PATH = re.compile(r"/[^\s'\":,]*(?:/overlay2/|/volumes/|/containerd/|/docker/)[^\s'\":,]*")
"""Folders of the engine on its machine: removed, since they mean nothing to the reader."""
_NO_NETWORK = re.compile(r"network \S+ (?:does not exist|not found)", re.IGNORECASE)
"""A machine that boots: its engine takes tasks before the environments' network is made there."""
NETWORK_MISSING = "network_missing"
"""Parameter of such a refusal, which is retried."""
_FOLDER_REFUSED = re.compile(r"error while mounting volume|VolumeDriver\.|^create work-")
_NO_ROOM = re.compile(r"no room for this folder")
_PLUGIN_AWAY = re.compile(r"/VolumeDriver\.|/Plugin\.Activate|plugin .* not found", re.IGNORECASE)
"""The engine could not reach the node's volume plugin at all, after 30 s of its own retries."""
PLUGIN_AWAY = "plugin_away"
_EXIT = re.compile(r"non-zero exit \((\d+)\)")
_ENGINE_RESTART_WINDOW = timedelta(seconds=20)


@dataclass(frozen=True)
class PostMortem:
    """What the engine reports about a container that ended, before it is removed."""

    logs: str = ""
    out_of_memory: bool | None = None
    """None when the engine could not be asked (the container is on another node)."""
    answer: ProbeResult | None = None
    """Result of a last probe of the port that was not ready; None: it was not probed."""
    listeners: tuple[Listener, ...] | None = None
    """Listening sockets in the container; None where they cannot be read."""


def task_end_reason(
    task: ObservedTask, environment: EnvironmentState, nodes: Sequence[ObservedNode] = ()
) -> Reason:
    """The reason behind a task that has ended."""
    if task.state in SHUT_DOWN_BY_SWARM:
        return _reason(ReasonCode.NODE_LOST, task, node=task.node or "")
    if _NO_IMAGE.search(task.error):
        return _reason(ReasonCode.IMAGE_MISSING, task, image=environment.image)
    if _PORT_TAKEN.search(task.error):
        named = _TAKEN_PORT_NUMBER.search(task.error)
        return _reason(ReasonCode.PORT_TAKEN, task, **({"number": int(named[1])} if named else {}))
    problem = _folder_problem(task.error) if environment.volumes else None
    if problem:
        return _reason(ReasonCode.FOLDER_REFUSED, task, problem=problem)
    if _FOLDER_IS_FILE.search(task.error) and environment.volumes:
        paths = ", ".join(mount.path for mount in environment.volumes)
        return Reason(code=ReasonCode.FOLDER_IS_FILE, parameters={"path": paths})
    if task.state is TaskState.REJECTED and _NO_NETWORK.search(task.error):
        return _reason(ReasonCode.ENGINE_REFUSED, task, **{NETWORK_MISSING: 1})
    code = exit_code(task)
    if code == 0 and not _ended_at_engine_restart(task, nodes):
        return _reason(ReasonCode.ENDED_BY_ITSELF, task)
    if code is not None:
        return _reason(ReasonCode.CRASHED, task, exit_code=code)
    return _reason(ReasonCode.ENGINE_REFUSED, task)


def _folder_problem(error: str) -> str | None:
    """What the node's volume plugin refused; None where the error is none of a volume."""
    if _NO_ROOM.search(error):
        return "no_room"
    if _PLUGIN_AWAY.search(error):
        return PLUGIN_AWAY
    return "other" if _FOLDER_REFUSED.search(error) else None


def is_waiting_for_port(task: ObservedTask) -> bool:
    """Whether the scheduler waits for a port in use, which may never become free."""
    return task.state is TaskState.PENDING and bool(_PORT_TAKEN.search(task.error))


def _ended_at_engine_restart(task: ObservedTask, nodes: Sequence[ObservedNode]) -> bool:
    """Whether its node came back at that time: an engine that restarts ends its containers.

    A program that handles SIGTERM then exits with 0, as if it had ended by itself.
    """
    node = next((node for node in nodes if node.id == task.node_id), None)
    if node is None or node.changed_at is None or task.ended_at is None:
        return False
    return abs(task.ended_at - node.changed_at) <= _ENGINE_RESTART_WINDOW


def unpublished_ports_reason(task: ObservedTask) -> Reason:
    """The container runs and the engine published none of its ports.

    Seen on Docker 28.5: an engine removes a Swarm network with its last container; a container that
    starts at that moment is started a second time after the network is made again, without ports.
    """
    detail = "the engine started the container without its published ports"
    return _reason(ReasonCode.ENGINE_REFUSED, task, **{NETWORK_MISSING: 1}).model_copy(
        update={"detail": detail}
    )


def node_lost_reason(task: ObservedTask) -> Reason:
    """Swarm gave the task up although it is desired."""
    return _reason(ReasonCode.NODE_LOST, task, node=task.node or "")


def with_post_mortem(reason: Reason, post_mortem: PostMortem, memory_mib: int) -> Reason:
    """The reason, refined by what the container itself shows.

    A kill for lack of memory looks like any crash until the engine is asked; a port that is
    unreachable from outside may be open inside.
    """
    if reason.code is ReasonCode.PORT_SILENT:
        return _with_problem(reason, post_mortem)
    if reason.code is not ReasonCode.CRASHED or not post_mortem.out_of_memory:
        return reason
    parameters = {**reason.parameters, "memory_mib": memory_mib}
    return reason.model_copy(update={"code": ReasonCode.OUT_OF_MEMORY, "parameters": parameters})


def _with_problem(reason: Reason, post_mortem: PostMortem) -> Reason:
    port = int(reason.parameters["port"])
    problem = diagnose(port, post_mortem.answer, post_mortem.listeners)
    parameters = {**reason.parameters, "problem": problem.value}
    others = other_ports(port, post_mortem.listeners)
    if others:
        parameters["listens_on"] = others
    return reason.model_copy(update={"parameters": parameters})


def exit_code(task: ObservedTask) -> int | None:
    """The exit code of its main process; None when it never ran."""
    reported = _EXIT.search(task.error)
    if reported:
        return int(reported[1])
    if task.state is TaskState.COMPLETE or (task.state is TaskState.FAILED and task.exit_code):
        return task.exit_code or 0
    return None


def _reason(code: ReasonCode, task: ObservedTask, **parameters: str | int) -> Reason:
    detail = _HOST_PATH.sub("…", task.error)
    return Reason(code=code, parameters=dict(parameters), detail=detail)
