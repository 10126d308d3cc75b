"""Security settings of a container: what its profile requires, compared with what is in force.

Some engines ignore a setting without an error (an older API, a kernel without it), so what was
requested proves nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode

from ..observed_state import ObservedTask


@dataclass(frozen=True)
class SecuritySettings:
    """The settings of one container, independent of service and container JSON."""

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
    """Shared with the host: processes, network, IPC, UTS; users, where the engine remaps them for
    other containers."""
    host_folders: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    unconfined: frozenset[str] = frozenset()
    """Switched off: seccomp, AppArmor, no-new-privileges."""
    no_new_privileges: bool = False
    """Requested by the service and in force; where it is a default of the engine, `docker inspect`
    does not show it, and it counts on neither side."""
    users_remapped: bool = False
    """Root of the container is nobody on its node; counts only where that replaces an approval."""


def differences(expected: SecuritySettings, actual: SecuritySettings) -> tuple[str, ...]:
    """What differs from the profile, one phrase each; empty when nothing does."""
    return tuple(
        f"{setting.name}: {_formatted(getattr(actual, setting.name))} instead of"
        f" {_formatted(getattr(expected, setting.name))}"
        for setting in fields(SecuritySettings)
        if getattr(expected, setting.name) != getattr(actual, setting.name)
    )


def hardening_failure(task: ObservedTask, differences: tuple[str, ...]) -> Reason:
    """The end of an environment whose container lacks the required settings."""
    parameters: dict[str, str | int | float] = {"node": task.node or ""}
    return Reason(code=ReasonCode.NOT_HELD, parameters=parameters, detail="; ".join(differences))


def is_node_fault(reason: Reason | None) -> bool:
    """Whether the node created a container otherwise than requested."""
    return (
        reason is not None
        and reason.code is ReasonCode.NOT_HELD
        and reason.detail != "; ".join(UNREADABLE)
    )


UNREADABLE = ("its settings could not be read back",)


def _formatted(value: object) -> str:
    if isinstance(value, frozenset):
        return ",".join(sorted(value)) or "none"
    if isinstance(value, Mapping):
        return ",".join(f"{name}={value[name]}" for name in sorted(value)) or "none"
    return str(value) or "none"
