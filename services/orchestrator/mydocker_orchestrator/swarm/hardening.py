"""Security settings of a container: expected by its profile, actual by `docker inspect`. Pure."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mydocker_kit.contracts.orchestrator.environments import Profile

from ..domain.checks.hardening import SecuritySettings
from ..domain.checks.root_access import RootAccess
from ..domain.lifecycle.transitions import EnvironmentState
from . import specs

_MIB = 1024 * 1024
_CORE = 1_000_000_000
_NAMESPACES = {
    "PidMode": "processes",
    "NetworkMode": "network",
    "IpcMode": "ipc",
    "UTSMode": "uts",
    "UsernsMode": "users",
}
_REMAPPED_FOLDER = re.compile(r"/[1-9]\d*\.[1-9]\d*/containers/")
Json = Mapping[str, Any]


def expected_settings(
    environment: EnvironmentState, *, is_confined: bool = False
) -> SecuritySettings:
    """What the service of this environment requests; `is_confined`: with the fields that engines
    apply since version 25."""
    strict = environment.profile is Profile.STRICT
    scratch_mib = dict(specs.SCRATCH_MIB) | (specs.STRICT_SCRATCH_MIB if strict else {})
    return SecuritySettings(
        capabilities=frozenset() if strict else frozenset(specs.COMPAT_CAPABILITIES),
        all_dropped=True,
        user=specs.STUDENT if strict else "",
        read_only_root=strict,
        init=True,
        nano_cpus=round(environment.resources.cpu * _CORE),
        memory=environment.resources.memory_mib * _MIB,
        pids=environment.resources.pids,
        limits={name: (limit, limit) for name, limit in specs.ULIMITS.items()},
        scratch={path: mib * _MIB for path, mib in scratch_mib.items()},
        log=specs.LOG_OPTIONS,
        no_new_privileges=is_confined,
        users_remapped=environment.root_access is RootAccess.UNAPPROVED,
    )


def actual_settings(
    raw: Json, environment: EnvironmentState, *, is_confined: bool = False
) -> SecuritySettings:
    """What the engine applied. In `compat` the image chooses the user."""
    host: Json = raw.get("HostConfig") or {}
    ulimits = host.get("Ulimits") or []
    known = {limit["Name"]: (limit["Soft"], limit["Hard"]) for limit in ulimits}
    strict = environment.profile is Profile.STRICT
    unapproved = environment.root_access is RootAccess.UNAPPROVED
    return SecuritySettings(
        capabilities=frozenset(_capabilities(host, "CapAdd")),
        all_dropped="ALL" in _capabilities(host, "CapDrop"),
        privileged=bool(host.get("Privileged")),
        user=str((raw.get("Config") or {}).get("User") or "") if strict else "",
        read_only_root=bool(host.get("ReadonlyRootfs")),
        init=bool(host.get("Init")),
        nano_cpus=int(host.get("NanoCpus") or 0),
        memory=int(host.get("Memory") or 0),
        pids=int(host.get("PidsLimit") or 0),
        limits={name: known[name] for name in specs.ULIMITS if name in known},
        scratch=dict(_scratch(host)),
        log=_log(host),
        host_namespaces=frozenset(
            name for key, name in _NAMESPACES.items() if host.get(key) == "host"
        ),
        host_folders=frozenset(_host_folders(host)),
        devices=frozenset(str(device.get("PathOnHost")) for device in host.get("Devices") or []),
        unconfined=frozenset(_unconfined(raw, host)),
        no_new_privileges=is_confined and "no-new-privileges" in _confining(host),
        users_remapped=unapproved and are_users_remapped(raw),
    )


def are_users_remapped(raw: Json) -> bool:
    """An engine with userns-remap keeps its containers below a folder named after the remapped
    root: `/var/lib/docker/100000.100000/containers/…`."""
    return bool(_REMAPPED_FOLDER.search(str(raw.get("ResolvConfPath") or "")))


def _capabilities(host: Json, key: str) -> list[str]:
    return [str(name).upper().removeprefix("CAP_") for name in host.get(key) or []]


def _scratch(host: Json) -> Iterator[tuple[str, int]]:
    for mount in host.get("Mounts") or []:
        if mount.get("Type") == "tmpfs":
            options = mount.get("TmpfsOptions") or {}
            yield str(mount["Target"]), int(options.get("SizeBytes") or 0)
        elif str(mount.get("Target")) in specs.STRICT_SCRATCH_MIB:
            yield str(mount["Target"]), _in_memory(mount)


def _in_memory(mount: Json) -> int:
    """Bytes of a volume with `specs.memory_options`; 0 with other options."""
    driver: Json = (mount.get("VolumeOptions") or {}).get("DriverConfig") or {}
    mib = specs.STRICT_SCRATCH_MIB[str(mount["Target"])]
    return mib * _MIB if driver.get("Options") == specs.memory_options(mib) else 0


def _log(host: Json) -> dict[str, str]:
    config = host.get("LogConfig") or {}
    options = config.get("Config") or {}
    return {name: str(options.get(name, "")) for name in specs.LOG_OPTIONS}


def _host_folders(host: Json) -> Iterator[str]:
    yield from (str(bind).split(":")[0] for bind in host.get("Binds") or [])
    for mount in host.get("Mounts") or []:
        if mount.get("Type") == "bind":
            yield str(mount.get("Source"))


def _unconfined(raw: Json, host: Json) -> Iterator[str]:
    yield from (name for name, value in _options(host) if value in ("unconfined", "false"))
    if raw.get("AppArmorProfile") == "unconfined":
        yield "apparmor"


def _confining(host: Json) -> frozenset[str]:
    return frozenset(name for name, value in _options(host) if value in ("", "true"))


def _options(host: Json) -> Iterator[tuple[str, str]]:
    """`SecurityOpt`, in either spelling: `seccomp=unconfined`, `no-new-privileges:true`."""
    for option in host.get("SecurityOpt") or []:
        name, _, value = str(option).replace(":", "=", 1).partition("=")
        yield name, value
