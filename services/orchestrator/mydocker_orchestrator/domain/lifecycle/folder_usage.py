"""When the usage of a work folder is written to its environment, and when its size is set. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from mydocker_kit.contracts.orchestrator.environments import FolderUse

from .transitions import EnvironmentState

WARNINGS = (0.8, 0.95)
"""Shares at which people are warned: crossing one is written at once."""
_STEP = 100
"""Changes below a hundredth of the folder are not written: each one wakes the owner's browser."""
_MIB = 1024 * 1024


def with_usage(environment: EnvironmentState, uses: Mapping[str, FolderUse]) -> EnvironmentState:
    """The environment with the newest usage of its work folder, where that differs enough."""
    measured = [uses[mount.name] for mount in environment.volumes if mount.name in uses]
    if not measured or not differs(environment.folder, measured[0]):
        return environment
    return replace(environment, folder=measured[0])


def differs(before: FolderUse | None, after: FolderUse) -> bool:
    """Whether people would see another gauge."""
    if before is None or before.allowed_bytes != after.allowed_bytes:
        return True
    if before.limit_bytes != after.limit_bytes or _warnings(before) != _warnings(after):
        return True
    by_bytes = abs(after.used_bytes - before.used_bytes) * _STEP > after.allowed_bytes
    by_files = abs(after.used_files - before.used_files) * _STEP > after.allowed_files
    return by_bytes or by_files


def _warnings(use: FolderUse) -> int:
    return sum(use.share >= share for share in WARNINGS) + (use.share >= 0.999)


def sizes_to_set(environment: EnvironmentState) -> dict[str, int]:
    """Bytes by volume, of volumes that exist with another size than the one asked for."""
    folder = environment.folder
    if folder is None:
        return {}
    return {
        mount.name: mount.quota_mib * _MIB
        for mount in environment.volumes
        if mount.quota_mib and mount.quota_mib * _MIB != folder.limit_bytes
    }
