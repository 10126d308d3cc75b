"""How tightly a container is held: what its profile says against what the engine made of it.

Some engines ignore a control without a word (an older API, a kernel without it), so what was
asked for proves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from mydocker_kit.contracts.environments import Reason, ReasonCode

from ..observed_state import FoundTask


@dataclass(frozen=True)
class Holding:
    """The controls of one container, in the words of neither service nor container."""

    capabilities: frozenset[str] = frozenset()
    all_dropped: bool = False
    privileged: bool = False
    user: str = ""
    read_only_root: bool = False
    init: bool = False
    nano_cpus: int = 0
    memory: int = 0
    pids: int = 0
    limits: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Soft and hard, by name: open files, core files."""
    scratch: Mapping[str, int] = field(default_factory=dict)
    """Bytes of each folder in memory; shared memory is one."""
    log: Mapping[str, str] = field(default_factory=dict)
    host_namespaces: frozenset[str] = frozenset()
    """Shared with the machine: processes, network, IPC, names; users, where its engine remaps
    those of others."""
    host_folders: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    unconfined: frozenset[str] = frozenset()
    """Switched off: seccomp, AppArmor, no-new-privileges."""
    no_new_privileges: bool = False
    """Asked of the service and in force; where it is a default of the engine, `docker inspect`
    does not show it, and it counts on neither side."""


def differences(wanted: Holding, found: Holding) -> tuple[str, ...]:
    """What is not as the profile says, one phrase each; nothing when all is."""
    return tuple(
        f"{each.name}: {_said(getattr(found, each.name))} instead of"
        f" {_said(getattr(wanted, each.name))}"
        for each in fields(Holding)
        if getattr(wanted, each.name) != getattr(found, each.name)
    )


def why_not_held(task: FoundTask, found: tuple[str, ...]) -> Reason:
    """The end of an Environment whose container is not held as it must be."""
    parameters: dict[str, str | int | float] = {"node": task.node or ""}
    return Reason(code=ReasonCode.NOT_HELD, parameters=parameters, detail="; ".join(found))


def blames_node(reason: Reason | None) -> bool:
    """Whether the node made a container another way than it was told."""
    return (
        reason is not None
        and reason.code is ReasonCode.NOT_HELD
        and reason.detail != "; ".join(UNREAD)
    )


UNREAD = ("its settings could not be read back",)


def _said(value: object) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(value)) or "none"
    if isinstance(value, Mapping):
        return ",".join(f"{name}={value[name]}" for name in sorted(value)) or "none"
    return str(value) or "none"
