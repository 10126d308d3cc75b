"""`EnvironmentSpec` → the JSON of its Docker service. Pure; tested field by field."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from mydocker_kit.contracts.environments import EnvironmentSpec, Profile, VolumeMount
from mydocker_kit.docker_api import CONFINES, OLDEST, ApiVersion

from ..domain.placement.gpus import ANYWHERE, Place

LABEL_PLATFORM = "mydocker.platform"
LABEL_ENVIRONMENT = "mydocker.environment"
LABEL_ATTEMPT = "mydocker.attempt"
LABEL_CONFINED = "mydocker.confined"
"""A service carries it that asked for no-new-privileges, seccomp and AppArmor by itself."""
LABEL_POOL = "mydocker.pool"
LABEL_READY = "mydocker.ready"
READY = "yes"
NOT_READY = "no"
"""A node carries it once its checks passed (deploy/node); without it nothing is put there."""
LABEL_REMAPS = "mydocker.remaps-users"
"""A node carries it, with `READY`, where root of a container is nobody outside (userns-remap)."""
LABEL_DIRECT = "mydocker.direct"
"""The numbers at which the node's firewall lets people in: `20000:20999`."""

_MIB = 1024 * 1024
_CORE = 1_000_000_000
_SECOND = 1_000_000_000
_HOME = "/home/student"
STUDENT = "1000:1000"
ULIMITS = {"nofile": 4096, "core": 0}
LOG_OPTIONS = {"max-size": "10m", "max-file": "2"}
SCRATCH_MIB = {"/tmp": 256, "/dev/shm": 64}  # noqa: S108 - paths in the container
"""Room to write in memory, of both profiles."""
STRICT_SCRATCH_MIB = {"/run": 16}
"""The same, where images let only root write."""
# What sshd with passwords, useradd, chown and a service's own user need (platform-facts, 10).
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
"""Older versions of the API drop it silently: there it is a default of the node's engine."""


@dataclass(frozen=True)
class Ground:
    """Where the services of this platform are put."""

    platform: str
    network: str
    """Of the egress class `open`; those of the others are called after it."""
    compat_needs_userns: bool = False
    """Put root of a container only where it is nobody outside."""


def service_name(id: UUID) -> str:
    """The name is the lock: a second create of it is refused."""
    return f"env-{id.hex}"


def service_json(
    id: UUID,
    spec: EnvironmentSpec,
    ground: Ground,
    place: Place = ANYWHERE,
    api: ApiVersion = OLDEST,
) -> dict[str, Any]:
    """The body of `POST /services/create`, for an engine spoken to in this version."""
    confines = api >= CONFINES
    labels = _labels(id, spec, ground) | ({LABEL_CONFINED: "yes"} if confines else {})
    return {
        "Name": service_name(id),
        "Labels": labels,
        "TaskTemplate": {
            "ContainerSpec": _container(spec, labels, place) | (_CONFINED if confines else {}),
            "Resources": _resources(spec, place),
            "RestartPolicy": {"Condition": "none", "MaxAttempts": 0},
            "Placement": {"Constraints": _constraints(spec, ground, place)},
            "Networks": [{"Target": place.egress.network(ground.network)}],
            "LogDriver": {"Name": "json-file", "Options": dict(LOG_OPTIONS)},
        },
        "Mode": {"Replicated": {"Replicas": 1}},
        "EndpointSpec": {"Mode": "dnsrr", "Ports": _ports(spec, place)},
    }


def literal(text: str) -> str:
    """A text that Swarm's templates leave as it is.

    Swarm expands `{{…}}` in variables, in sources and targets of mounts and in the host name: a
    path could show the node's name, and a wrong one fails every start. Labels, arguments and the
    image are no templates.
    """
    return text.replace("{{", '{{"{{"}}')


def _labels(id: UUID, spec: EnvironmentSpec, ground: Ground) -> dict[str, str]:
    """Ids only: labels are readable by whoever may list services."""
    return {
        LABEL_PLATFORM: ground.platform,
        LABEL_ENVIRONMENT: str(id),
        LABEL_ATTEMPT: str(spec.attempt),
    }


def _container(spec: EnvironmentSpec, labels: dict[str, str], place: Place) -> dict[str, Any]:
    container: dict[str, Any] = {
        "Image": spec.image,
        # Also on the container: a task outlives its service, and only these stay readable.
        "Labels": labels,
        "Env": [literal(one) for one in (*_variables(spec), _visible_devices(place))],
        "Init": True,
        "CapabilityDrop": ["ALL"],
        "Ulimits": [
            {"Name": name, "Soft": limit, "Hard": limit} for name, limit in ULIMITS.items()
        ],
        "Mounts": [*_scratch(spec), *(_volume(mount, labels) for mount in spec.volumes)],
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
    """Room to write that goes with the container."""
    mounts = [_tmpfs(path, mib) for path, mib in SCRATCH_MIB.items()]
    if spec.profile is not Profile.STRICT:
        return mounts
    mounts += [_everybodys(path, mib) for path, mib in STRICT_SCRATCH_MIB.items()]
    if all(mount.path.rstrip("/") != _HOME for mount in spec.volumes):
        # A nameless volume, not a tmpfs: Swarm's tmpfs has no owner option and forbids execution,
        # while a new volume takes the image's files and their owner, and goes with the container.
        mounts.append({"Type": "volume", "Target": _HOME})
    return mounts


def _tmpfs(path: str, mib: int) -> dict[str, Any]:
    return {
        "Type": "tmpfs",
        "Target": path,
        "TmpfsOptions": {"SizeBytes": mib * _MIB, "Mode": 0o1777},
    }


def _everybodys(path: str, mib: int) -> dict[str, Any]:
    """A tmpfs that all may write in, whatever the image says of this folder.

    A nameless volume: to a tmpfs of Swarm's, runc gives the mode of the image's folder (0755).
    """
    driver = {"Name": "local", "Options": memory_options(mib)}
    return {
        "Type": "volume",
        "Target": path,
        "VolumeOptions": {"NoCopy": True, "DriverConfig": driver},
    }


def memory_options(mib: int) -> dict[str, str]:
    """What the driver `local` must be told for a folder of this size in memory."""
    how = f"size={mib}m,mode=1777,nosuid,nodev,noexec"
    return {"type": "tmpfs", "device": "tmpfs", "o": how}


def _volume(mount: VolumeMount, labels: dict[str, str]) -> dict[str, Any]:
    kept = {name: labels[name] for name in (LABEL_PLATFORM, LABEL_ENVIRONMENT)}
    return {
        "Type": "volume",
        "Source": literal(mount.name),
        "Target": literal(mount.path),
        "VolumeOptions": {"Labels": kept, "DriverConfig": {"Name": "local"}},
    }


def _visible_devices(place: Place) -> str:
    """The GPUs NVIDIA's runtime gives it. An image that asks for `all` gets these and no others."""
    return f"NVIDIA_VISIBLE_DEVICES={','.join(one.name for one in place.devices) or 'void'}"


def _resources(spec: EnvironmentSpec, place: Place) -> dict[str, Any]:
    """Limits equal reservations: what a person is promised is there, and no more is taken."""
    asked = spec.resources
    amounts = {"NanoCPUs": round(asked.cpu * _CORE), "MemoryBytes": asked.memory_mib * _MIB}
    reservations: dict[str, Any] = dict(amounts)
    if place.reserves_devices:
        kinds = Counter(device.kind for device in place.devices)
        reservations["GenericResources"] = [
            {"DiscreteResourceSpec": {"Kind": kind, "Value": number}}
            for kind, number in kinds.items()
        ]
    return {"Limits": {**amounts, "Pids": asked.pids}, "Reservations": reservations}


def _constraints(spec: EnvironmentSpec, ground: Ground, place: Place) -> list[str]:
    found = [f"node.labels.{LABEL_POOL}=={spec.pool}", f"node.labels.{LABEL_READY}=={READY}"]
    if ground.compat_needs_userns and spec.profile is Profile.COMPAT:
        found.append(f"node.labels.{LABEL_REMAPS}=={READY}")
    return [*found, f"node.id=={place.node_id}"] if place.node_id else found


def _ports(spec: EnvironmentSpec, place: Place) -> list[dict[str, Any]]:
    """Host mode, mostly without a number: the engine picks a free one, so none is taken twice.
    Direct ports have theirs from our own ledger."""
    numbers = dict(place.numbers)
    return [
        {
            "Protocol": "tcp",
            "TargetPort": port.number,
            "PublishMode": "host",
            **({"PublishedPort": numbers[port.number]} if port.number in numbers else {}),
        }
        for port in spec.ports
    ]
