"""Disk use of containers, parsed from the engine's JSON."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskUse

Json = Mapping[str, Any]


def container_usage(listed: Iterable[Json]) -> tuple[DiskUse, ...]:
    """From `containers/json?size=1`; an unchanged root file system has no size there."""
    return tuple(
        DiskUse(container=str(container["Id"]), area=DiskArea.CONTAINER, bytes=size)
        for container in listed
        if (size := int(container.get("SizeRw") or 0)) >= 0
    )


def volume_usage(df: Json) -> tuple[DiskUse, ...]:
    """From `system/df`: the volumes of each container and their sizes."""
    sizes = {str(volume["Name"]): _size(volume) for volume in df.get("Volumes") or ()}
    return DiskUse.summed(
        (str(container["Id"]), DiskArea.of_volume(str(mount["Name"])), sizes.get(mount["Name"]))
        for container in df.get("Containers") or ()
        for mount in container.get("Mounts") or ()
        if mount.get("Type") == "volume" and mount.get("Name")
    )


def free_bytes(folder: str) -> int | None:
    """Free bytes on the disk of the engine's data; None where that folder is not visible."""
    try:
        status = os.statvfs(folder)
    except OSError:
        return None
    return status.f_bavail * status.f_frsize


def _size(volume: Json) -> int | None:
    """None for what the engine could not measure."""
    size = int((volume.get("UsageData") or {}).get("Size", -1))
    return size if size >= 0 else None
