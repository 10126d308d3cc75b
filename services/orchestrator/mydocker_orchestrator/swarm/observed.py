"""Docker's JSON → our types. Docker's dictionaries go no further than this module."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.orchestrator.cordons import Cordon, without_cordon
from mydocker_kit.contracts.orchestrator.environments import Address
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL, DirectPorts
from mydocker_kit.docker.versions import engine_major

from ..domain.observed_state import (
    Availability,
    Device,
    ObservedNode,
    ObservedService,
    ObservedState,
    ObservedTask,
    TaskState,
)
from .specs import (
    LABEL_ATTEMPT,
    LABEL_CONFINED,
    LABEL_DIRECT,
    LABEL_ENVIRONMENT,
    LABEL_PLATFORM,
    LABEL_POOL,
    LABEL_QUOTA,
    LABEL_READY,
    LABEL_REMAPS,
    NOT_READY,
    READY,
)

_MIB = 1024 * 1024
_CORE = 1_000_000_000
_GPU = "GPU"
Json = Mapping[str, Any]


def observed_state(
    services: Iterable[Json], tasks: Iterable[Json], nodes: Mapping[str, ObservedNode]
) -> ObservedState:
    """The observed state, from the two listings. Services without valid labels are not ours."""
    by_service: dict[str, list[Json]] = defaultdict(list)
    for orphan in tasks:
        by_service[str(orphan.get("ServiceID"))].append(orphan)
    ours: dict[UUID, ObservedService] = {}
    for raw in services:
        service = _service(raw)
        if service:
            newest = _newest(by_service.pop(service.id, []))
            task = _task(newest, nodes, _requested_numbers(raw)) if newest else None
            ours[service.environment_id] = replace(service, task=task)
    orphans = [task for group in by_service.values() for task in group]
    ending = _ending(orphans)
    lost = {id for id, node in nodes.items() if not node.reachable}
    reachable = {id for id, _ in _ending(raw for raw in orphans if raw.get("NodeID") not in lost)}
    ids = frozenset(id for id, _ in ending)
    return ObservedState(ours, ids, unreachable=ids - reachable, ending_attempts=ending)


def platform_tasks(tasks: Iterable[Json], platform: str) -> list[Json]:
    """Tasks of this platform's environments."""
    return [task for task in tasks if _container_labels(task).get(LABEL_PLATFORM) == platform]


def any_shutting_down(tasks: Iterable[Json]) -> bool:
    """Whether Swarm shuts down a task that has not ended."""
    return any(
        task.get("DesiredState") == "shutdown" and not TaskState(task["Status"]["State"]).is_over
        for task in tasks
    )


def _container_labels(task: Json) -> Json:
    return (task.get("Spec", {}).get("ContainerSpec") or {}).get("Labels") or {}


def node(
    raw: Json, reserved: tuple[float, int], *, compat_needs_userns: bool = False
) -> ObservedNode:
    """A node, and what is free on it after `reserved` cores and MiB."""
    spec, status = raw.get("Spec", {}), raw.get("Status", {})
    described, labels = raw.get("Description", {}), spec.get("Labels") or {}
    resources = described.get("Resources", {})
    cpu = resources.get("NanoCPUs", 0) / _CORE
    memory = resources.get("MemoryBytes", 0) // _MIB
    reachable = status.get("State") == "ready"
    admitted = labels.get(LABEL_READY) == READY
    availability = Availability(spec.get("Availability", "active"))
    devices, version = _devices(resources), engine_version(raw)
    return ObservedNode(
        id=str(raw["ID"]),
        name=str(described.get("Hostname", "")),
        address=str(status.get("Addr", "")),
        pool=str(labels.get(LABEL_POOL, DEFAULT_POOL)),
        usable=reachable and admitted and availability is Availability.ACTIVE,
        cpu=cpu,
        memory_mib=memory,
        free_cpu=round(cpu - reserved[0], 6),
        free_memory_mib=memory - reserved[1],
        reachable=reachable,
        changed_at=parse_time(raw["UpdatedAt"]) if raw.get("UpdatedAt") else None,
        admitted=admitted,
        cordon=None if admitted else Cordon.recorded(labels, was_checked=LABEL_READY in labels),
        remaps_users=labels.get(LABEL_REMAPS) == READY,
        takes_approved_root=not compat_needs_userns,
        availability=availability,
        manages=spec.get("Role") == "manager",
        engine_version=version,
        engine_major=engine_major(version),
        devices=devices,
        free_devices=devices,
        direct_ports=_direct_ports(labels),
    )


def engine_version(node: Json) -> str:
    """The version of a node's engine: `28.5.2`."""
    return str((node.get("Description", {}).get("Engine") or {}).get("EngineVersion", ""))


def _direct_ports(labels: Json) -> DirectPorts | None:
    with suppress(ValueError):
        return DirectPorts.parse(labels.get(LABEL_DIRECT, ""))
    return None


def _devices(resources: Json) -> tuple[Device, ...]:
    """The GPUs that the node's engine advertises by name, so that each can be assigned."""
    generic = resources.get("GenericResources") or []
    named = [resource.get("NamedResourceSpec") for resource in generic]
    devices = (Device(str(spec["Kind"]), str(spec["Value"])) for spec in named if spec)
    return tuple(sorted(device for device in devices if _GPU in device.kind.upper()))


def changed_node(raw: Json, availability: Availability | None, pool: str | None) -> dict[str, Any]:
    """The node's spec with these changes."""
    spec = dict(raw.get("Spec", {}))
    if availability:
        spec["Availability"] = availability.value
    if pool:
        spec["Labels"] = {**(spec.get("Labels") or {}), LABEL_POOL: pool}
    return spec


def cordoned_node(raw: Json, cordon: Cordon) -> dict[str, Any]:
    """The node's spec without the ready label, so that it takes no new environments.

    Paused as well: Swarm ends every task whose constraints an active node no longer meets.
    """
    spec = dict(raw.get("Spec", {}))
    labels = without_cordon(spec.get("Labels") or {})
    spec["Labels"] = {**labels, LABEL_READY: NOT_READY, **cordon.labels()}
    if spec.get("Availability") == Availability.ACTIVE.value:
        spec["Availability"] = Availability.PAUSE.value
    return spec


def reserved_by_node(tasks: Iterable[Json]) -> dict[str, tuple[float, int]]:
    """Cores and MiB reserved on each node, by tasks of any owner."""
    held: dict[str, tuple[float, int]] = defaultdict(lambda: (0.0, 0))
    for task in tasks:
        if task.get("NodeID") and not TaskState(task["Status"]["State"]).is_over:
            amounts = (task.get("Spec", {}).get("Resources") or {}).get("Reservations") or {}
            cpu, memory = held[task["NodeID"]]
            held[task["NodeID"]] = (
                cpu + amounts.get("NanoCPUs", 0) / _CORE,
                memory + amounts.get("MemoryBytes", 0) // _MIB,
            )
    return held


def parse_time(text: str) -> datetime:
    """Parse Docker's RFC 3339 time, truncated from nanoseconds to microseconds."""
    whole, _, fraction = text.rstrip("Z").partition(".")
    parsed = datetime.fromisoformat(whole).replace(tzinfo=UTC)
    return parsed.replace(microsecond=int(fraction[:6].ljust(6, "0")) if fraction else 0)


def _service(raw: Json) -> ObservedService | None:
    labels = raw.get("Spec", {}).get("Labels") or {}
    try:
        return ObservedService(
            id=str(raw["ID"]),
            environment_id=UUID(labels[LABEL_ENVIRONMENT]),
            attempt=int(labels[LABEL_ATTEMPT]),
            created_at=parse_time(raw["CreatedAt"]),
            quota_volumes=frozenset(labels.get(LABEL_QUOTA, "").split()),
        )
    except (KeyError, ValueError):
        return None


def _newest(tasks: list[Json]) -> Json | None:
    if len(tasks) == 1:  # nearly always
        return tasks[0]
    return max(tasks, key=lambda task: str(task.get("CreatedAt", "")), default=None)


def _requested_numbers(service: Json) -> frozenset[int]:
    """The host ports that the service requests itself: its direct ports."""
    ports = (service.get("Spec", {}).get("EndpointSpec") or {}).get("Ports") or []
    return frozenset(port["PublishedPort"] for port in ports if port.get("PublishedPort"))


def _task(raw: Json, nodes: Mapping[str, ObservedNode], requested: frozenset[int]) -> ObservedTask:
    status = raw.get("Status", {})
    container = status.get("ContainerStatus") or {}
    node = nodes.get(str(raw.get("NodeID")))
    state = TaskState(status["State"])
    ended = status.get("Timestamp") if state.is_over else None
    return ObservedTask(
        id=str(raw["ID"]),
        state=state,
        ended_at=parse_time(ended) if ended else None,
        should_run=raw.get("DesiredState") in ("running", "ready", "accepted", "complete"),
        error=str(status.get("Err") or ""),
        exit_code=container.get("ExitCode"),
        container_id=container.get("ContainerID") or None,
        node_id=raw.get("NodeID") or None,
        node=node.name if node else raw.get("NodeID") or None,
        addresses=_addresses(status, node, requested),
        is_confined=LABEL_CONFINED in _container_labels(raw),
    )


def _addresses(
    status: Json, node: ObservedNode | None, requested: frozenset[int]
) -> tuple[Address, ...]:
    host = node.address if node else ""
    opened = node.direct_ports.numbers if node and node.direct_ports else ()
    ports = (status.get("PortStatus") or {}).get("Ports") or []
    addresses = [
        Address(
            port=port["TargetPort"],
            host=host,
            host_port=number,
            direct_host=host if number in requested and number in opened else None,
        )
        for port in ports
        if (number := port.get("PublishedPort"))
    ]
    return tuple(sorted(addresses, key=lambda address: address.port))


def _ending(tasks: Iterable[Json]) -> frozenset[tuple[UUID, int]]:
    """Attempts whose container has not ended although their service is gone."""
    attempts = set()
    for task in tasks:
        labels = task.get("Spec", {}).get("ContainerSpec", {}).get("Labels") or {}
        # A task that never reached a node has no container that could end.
        if not TaskState(task["Status"]["State"]).is_over and task.get("NodeID"):
            try:
                attempts.add((UUID(labels[LABEL_ENVIRONMENT]), int(labels[LABEL_ATTEMPT])))
            except (KeyError, ValueError):
                continue
    return frozenset(attempts)
