"""Why a task did not come up or ended: the engine's words into code and parameters."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from mydocker_kit.contracts.environments import Reason, ReasonCode

from ..checks.port_diagnosis import Answer, Listener, diagnose, other_ports
from ..observed_state import FoundNode, FoundTask, TaskState
from .transitions import Environment

_NO_IMAGE = re.compile(
    r"no such image|manifest unknown|pull access denied|repository .* not found"
    r"|unauthorized|image .* not found|error pulling image",
    re.IGNORECASE,
)
_PORT_TAKEN = re.compile(r"port is already allocated|address already in use|port already in use")
_TAKEN_NUMBER = re.compile(
    r":(\d{1,5})(?:: bind: address already in use| failed: port is already allocated)"
)
TAKEN_DOWN = frozenset({TaskState.ORPHANED, TaskState.SHUTDOWN, TaskState.REMOVE})
"""Ended by Swarm although it is wanted: its node was drained, restarted or lost."""
_FOLDER_IS_FILE = re.compile(r"(?:is not|not a) (?:a )?directory", re.IGNORECASE)
_HOST_PATH = re.compile(r"/[^\s'\":,]*(?:/overlay2/|/volumes/|/containerd/|/docker/)[^\s'\":,]*")
"""Folders of the engine on its machine: they say nothing to whoever reads the reason."""
_EXIT = re.compile(r"non-zero exit \((\d+)\)")
_CAME_BACK = timedelta(seconds=20)


@dataclass(frozen=True)
class PostMortem:
    """What is learnt from a container that ended, before it is removed."""

    logs: str = ""
    out_of_memory: bool | None = None
    """None when the engine could not be asked (the container is on another node)."""
    answer: Answer | None = None
    """What the port that stayed silent answers; None: nobody asked."""
    listeners: tuple[Listener, ...] | None = None
    """The sockets that listen in it; None where nobody could look inside."""


def why_it_ended(
    task: FoundTask, environment: Environment, nodes: Sequence[FoundNode] = ()
) -> Reason:
    """The reason behind a task that is over."""
    if task.state in TAKEN_DOWN:
        return _reason(ReasonCode.NODE_LOST, task, node=task.node or "")
    if _NO_IMAGE.search(task.error):
        return _reason(ReasonCode.IMAGE_MISSING, task, image=environment.image)
    if _PORT_TAKEN.search(task.error):
        said = _TAKEN_NUMBER.search(task.error)
        return _reason(ReasonCode.PORT_TAKEN, task, **({"number": int(said[1])} if said else {}))
    if _FOLDER_IS_FILE.search(task.error) and environment.volumes:
        paths = ", ".join(mount.path for mount in environment.volumes)
        return Reason(code=ReasonCode.FOLDER_IS_FILE, parameters={"path": paths})
    code = exit_code(task)
    if code == 0 and not _ended_with_its_engine(task, nodes):
        return _reason(ReasonCode.ENDED_BY_ITSELF, task)
    if code is not None:
        return _reason(ReasonCode.CRASHED, task, exit_code=code)
    return _reason(ReasonCode.ENGINE_REFUSED, task)


def is_port_taken(task: FoundTask) -> bool:
    """Whether the scheduler waits for a port, which may be without an end."""
    return task.state is TaskState.PENDING and bool(_PORT_TAKEN.search(task.error))


def _ended_with_its_engine(task: FoundTask, nodes: Sequence[FoundNode]) -> bool:
    """Whether its node came back just then: an engine that starts again ends what it finds.

    A program that ends in good order when told so looks as if it had ended by itself.
    """
    on = next((node for node in nodes if node.id == task.node_id), None)
    if on is None or on.changed_at is None or task.ended_at is None:
        return False
    return abs(task.ended_at - on.changed_at) <= _CAME_BACK


def why_its_node_is_lost(task: FoundTask) -> Reason:
    """Swarm gave the task up although nobody asked for it."""
    return _reason(ReasonCode.NODE_LOST, task, node=task.node or "")


def with_findings(reason: Reason, found: PostMortem, memory_mib: int) -> Reason:
    """What only a look at the container tells.

    A kill for lack of memory looks like any crash until the engine is asked; a port that is
    silent from outside may be open inside.
    """
    if reason.code is ReasonCode.PORT_SILENT:
        return _with_problem(reason, found)
    if reason.code is not ReasonCode.CRASHED or not found.out_of_memory:
        return reason
    parameters = {**reason.parameters, "memory_mib": memory_mib}
    return reason.model_copy(update={"code": ReasonCode.OUT_OF_MEMORY, "parameters": parameters})


def _with_problem(reason: Reason, found: PostMortem) -> Reason:
    port = int(reason.parameters["port"])
    problem = diagnose(port, found.answer, found.listeners)
    parameters = {**reason.parameters, "problem": problem.value}
    others = other_ports(port, found.listeners)
    if others:
        parameters["listens_on"] = others
    return reason.model_copy(update={"parameters": parameters})


def exit_code(task: FoundTask) -> int | None:
    """The code its main process ended with; None when it never ran."""
    said = _EXIT.search(task.error)
    if said:
        return int(said[1])
    if task.state is TaskState.COMPLETE or (task.state is TaskState.FAILED and task.exit_code):
        return task.exit_code or 0
    return None


def _reason(code: ReasonCode, task: FoundTask, **parameters: str | int) -> Reason:
    detail = _HOST_PATH.sub("…", task.error)
    return Reason(code=code, parameters=dict(parameters), detail=detail)
