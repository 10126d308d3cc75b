"""`EnvironmentSpec` → the JSON of its Docker service. Pure; tested field by field."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec, Profile, VolumeMount
from mydocker_kit.contracts.orchestrator.volumes import LOCAL_DRIVER
from mydocker_kit.docker.versions import CONFINES, OLDEST, ApiVersion

from ..domain.checks.root_access import RootAccess, root_access
from ..domain.placement.gpus import UNCONSTRAINED, Placement

LABEL_PLATFORM = "mydocker.platform"
LABEL_ENVIRONMENT = "mydocker.environment"
LABEL_ATTEMPT = "mydocker.attempt"
LABEL_CONFINED = "mydocker.confined"
"""On services that request no-new-privileges, seccomp and AppArmor themselves."""
LABEL_POOL = "mydocker.pool"
LABEL_QUOTA = "mydocker.quota-volumes"
"""On services: the names of its volumes that the node's volume plugin makes."""
LABEL_READY = "mydocker.ready"
READY = "yes"
NOT_READY = "no"
"""On nodes, once their checks passed (deploy/node); without it a node takes no environments."""
LABEL_REMAPS = "mydocker.remaps-users"
"""On nodes, with `READY`, whose engine remaps root of containers (userns-remap)."""
LABEL_DIRECT = "mydocker.direct"
"""On nodes: the ports that their firewall opens to people, `20000:20999`."""

_MIB = 1024 * 1024
_CORE = 1_000_000_000
_SECOND = 1_000_000_000
_HOME = "/home/student"
STUDENT = "1000:1000"
ULIMITS = {"nofile": 4096, "core": 0}
LOG_OPTIONS = {"max-size": "10m", "max-file": "2"}
SCRATCH_MIB = {"/tmp": 256, "/dev/shm": 64}  # noqa: S108 - paths in the container
"""Writable folders in memory, in both profiles."""
STRICT_SCRATCH_MIB = {"/run": 16}
"""The same in the profile `strict`, where images let only root write."""
# What sshd with passwords, useradd, chown and a service's own user need.
# Never NET_RAW, MKNOD, SYS_PTRACE, SYS_ADMIN. NET_BIND_SERVICE: ports below 1024. AUDIT_WRITE:
# Debian's sshd ends a login that asks for a terminal when it may not write its audit record.
COMPAT_CAPABILITIES = (
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "KILL",
    "NET_BIND_SERVICE",
    "SETGID",
    "SETUID",
    "SYS_CHROOT",
)


_CONFINED = {
    "Privileges": {
        "NoNewPrivileges": True,
        "Seccomp": {"Mode": "default"},
        "AppArmor": {"Mode": "default"},
    }
}
"""Older API versions drop it silently: there it is a default of the node's engine."""


@dataclass(frozen=True)
class ServiceDefaults:
    """Settings shared by all services of this platform."""

    platform: str
    network: str
    """Network of the egress class `open`; the others use this name with a suffix."""
    compat_needs_userns: bool = False
    """Run the profile compat only on nodes that remap users, approved or not."""
    volume_driver: str = "mydocker"
    """The volume plugin of nodes (`deploy.node.volumes`), as engines know it."""


def service_name(id: UUID) -> str:
    """The service name; it makes creates idempotent, since the engine refuses a second one."""
    return f"env-{id.hex}"


def service_json(
    id: UUID,
    spec: EnvironmentSpec,
    defaults: ServiceDefaults,
    placement: Placement = UNCONSTRAINED,
    api: ApiVersion = OLDEST,
) -> dict[str, Any]:
    """The body of `POST /services/create` in this API version."""
    confines = api >= CONFINES
    labels = _labels(id, spec, defaults) | ({LABEL_CONFINED: "yes"} if confines else {})
    mounts = [*_scratch(spec), *_volumes(spec, labels, placement, defaults)]
    return {
        "Name": service_name(id),
        "Labels": labels | _quota_label(spec, placement),
        "TaskTemplate": {
            "ContainerSpec": _container(spec, labels, placement)
            | {"Mounts": mounts}
            | (_CONFINED if confines else {}),
            "Resources": _resources(spec, placement),
            "RestartPolicy": {"Condition": "none", "MaxAttempts": 0},
            "Placement": {"Constraints": _constraints(spec, defaults, placement)},
            "Networks": [{"Target": placement.egress.network(defaults.network)}],
            "LogDriver": {"Name": "json-file", "Options": dict(LOG_OPTIONS)},
        },
        "Mode": {"Replicated": {"Replicas": 1}},
        "EndpointSpec": {"Mode": "dnsrr", "Ports": _ports(spec, placement)},
    }


def literal(text: str) -> str:
    """Escape a text so that Swarm's templates leave it as it is.

    Swarm expands `{{…}}` in variables, in sources and targets of mounts and in the host name: a
    path could show the node's name, and a wrong one fails every start. Labels, arguments and the
    image are no templates.
    """
    return text.replace("{{", '{{"{{"}}')


def _labels(id: UUID, spec: EnvironmentSpec, defaults: ServiceDefaults) -> dict[str, str]:
    """Ids only: labels are readable by everyone who may list services."""
    return {
        LABEL_PLATFORM: defaults.platform,
        LABEL_ENVIRONMENT: str(id),
        LABEL_ATTEMPT: str(spec.attempt),
    }


def _container(
    spec: EnvironmentSpec, labels: dict[str, str], placement: Placement
) -> dict[str, Any]:
    container: dict[str, Any] = {
        "Image": spec.image,
        # Also on the container: a task outlives its service, and only these stay readable.
        "Labels": labels,
        "Env": [literal(variable) for variable in (*_variables(spec), _visible_devices(placement))],
        "Init": True,
        "CapabilityDrop": ["ALL"],
        "Ulimits": [
            {"Name": name, "Soft": limit, "Hard": limit} for name, limit in ULIMITS.items()
        ],
        "StopGracePeriod": 5 * _SECOND,
        # Ready is what our own probe sees. A HEALTHCHECK of the image would hold back `running`
        # by its interval, and end the task where its command is missing.
        "Healthcheck": {"Test": ["NONE"]},
    }
    if spec.arguments:
        container["Args"] = list(spec.arguments)
    if spec.profile is Profile.STRICT:
        container |= {"ReadOnly": True, "User": STUDENT}
    else:
        container["CapabilityAdd"] = list(COMPAT_CAPABILITIES)
    return container


def _variables(spec: EnvironmentSpec) -> list[str]:
    return [
        f"MYDOCKER_USERNAME={spec.credentials.username}",
        f"MYDOCKER_PASSWORD={spec.credentials.password.get_secret_value()}",
        "MYDOCKER_BASE_URL=/",
        f"MYDOCKER_COURSE={spec.course_id}",
    ]


def _scratch(spec: EnvironmentSpec) -> list[dict[str, Any]]:
    """Writable mounts that are removed with the container."""
    mounts = [_tmpfs(path, mib) for path, mib in SCRATCH_MIB.items()]
    if spec.profile is not Profile.STRICT:
        return mounts
    mounts += [_world_writable_volume(path, mib) for path, mib in STRICT_SCRATCH_MIB.items()]
    if all(mount.path.rstrip("/") != _HOME for mount in spec.volumes):
        # An anonymous volume, not a tmpfs: Swarm's tmpfs has no owner option and forbids execution,
        # while a new volume copies the image's files and their owner. Removed with the container.
        mounts.append({"Type": "volume", "Target": _HOME})
    return mounts


def _tmpfs(path: str, mib: int) -> dict[str, Any]:
    return {
        "Type": "tmpfs",
        "Target": path,
        "TmpfsOptions": {"SizeBytes": mib * _MIB, "Mode": 0o1777},
    }


def _world_writable_volume(path: str, mib: int) -> dict[str, Any]:
    """A world-writable tmpfs, whatever mode the image's folder has.

    An anonymous volume: runc gives Swarm's own tmpfs the mode of the image's folder (0755).
    """
    driver = {"Name": "local", "Options": memory_options(mib)}
    return {
        "Type": "volume",
        "Target": path,
        "VolumeOptions": {"NoCopy": True, "DriverConfig": driver},
    }


def memory_options(mib: int) -> dict[str, str]:
    """Options of the driver `local` for a folder of this size in memory."""
    options = f"size={mib}m,mode=1777,nosuid,nodev,noexec"
    return {"type": "tmpfs", "device": "tmpfs", "o": options}


def _quota_label(spec: EnvironmentSpec, placement: Placement) -> dict[str, str]:
    names = sorted(mount.name for mount in spec.volumes if mount.name in placement.quota_volumes)
    return {LABEL_QUOTA: " ".join(names)} if names else {}


def _volumes(
    spec: EnvironmentSpec, labels: dict[str, str], placement: Placement, defaults: ServiceDefaults
) -> list[dict[str, Any]]:
    volume_labels = {name: labels[name] for name in (LABEL_PLATFORM, LABEL_ENVIRONMENT)}
    return [
        {
            "Type": "volume",
            "Source": literal(mount.name),
            "Target": literal(mount.path),
            "VolumeOptions": {
                "Labels": volume_labels,
                "DriverConfig": _driver(mount, placement, defaults),
            },
        }
        for mount in spec.volumes
    ]


def _driver(mount: VolumeMount, placement: Placement, defaults: ServiceDefaults) -> dict[str, Any]:
    """Options count only where the volume is made: an engine ignores them for one that exists."""
    if mount.name not in placement.quota_volumes:
        return {"Name": LOCAL_DRIVER}
    options = {"size": f"{mount.quota_mib}m"} if mount.quota_mib else {}
    return {"Name": defaults.volume_driver, "Options": options}


def _visible_devices(placement: Placement) -> str:
    """The GPUs that NVIDIA's runtime exposes; overrides `all` in the image."""
    return (
        f"NVIDIA_VISIBLE_DEVICES={','.join(device.name for device in placement.devices) or 'void'}"
    )


def _resources(spec: EnvironmentSpec, placement: Placement) -> dict[str, Any]:
    """Limits equal reservations: guaranteed resources, and no more."""
    requested = spec.resources
    amounts = {"NanoCPUs": round(requested.cpu * _CORE), "MemoryBytes": requested.memory_mib * _MIB}
    reservations: dict[str, Any] = dict(amounts)
    if placement.reserves_devices:
        kinds = Counter(device.kind for device in placement.devices)
        reservations["GenericResources"] = [
            {"DiscreteResourceSpec": {"Kind": kind, "Value": number}}
            for kind, number in kinds.items()
        ]
    return {"Limits": {**amounts, "Pids": requested.pids}, "Reservations": reservations}


def _constraints(
    spec: EnvironmentSpec, defaults: ServiceDefaults, placement: Placement
) -> list[str]:
    constraints = [f"node.labels.{LABEL_POOL}=={spec.pool}", f"node.labels.{LABEL_READY}=={READY}"]
    access = root_access(spec.profile, spec.image, spec.root_approved_for)
    if access is RootAccess.UNAPPROVED or (
        access is RootAccess.APPROVED and defaults.compat_needs_userns
    ):
        constraints.append(f"node.labels.{LABEL_REMAPS}=={READY}")
    return [*constraints, f"node.id=={placement.node_id}"] if placement.node_id else constraints


def _ports(spec: EnvironmentSpec, placement: Placement) -> list[dict[str, Any]]:
    """Ports in host mode. The engine picks free host ports; direct ports use the claimed ones."""
    numbers = dict(placement.numbers)
    return [
        {
            "Protocol": "tcp",
            "TargetPort": port.number,
            "PublishMode": "host",
            **({"PublishedPort": numbers[port.number]} if port.number in numbers else {}),
        }
        for port in spec.ports
    ]
