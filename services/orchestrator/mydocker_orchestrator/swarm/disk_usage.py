"""What containers wrote, from the engine's listings."""

import os
from collections.abc import Iterable, Mapping
from typing import Any

from mydocker_kit.contracts.disks import DiskPlace, DiskUse

Json = Mapping[str, Any]


def layers(listed: Iterable[Json]) -> tuple[DiskUse, ...]:
    """Of `containers/json?size=1`; a root that nobody wrote to has no size there."""
    return tuple(
        DiskUse(container=str(one["Id"]), place=DiskPlace.CONTAINER, bytes=size)
        for one in listed
        if (size := int(one.get("SizeRw") or 0)) >= 0
    )


def volumes(df: Json) -> tuple[DiskUse, ...]:
    """Of `system/df`: which container has which volume, and how large that is."""
    sizes = {str(one["Name"]): _size(one) for one in df.get("Volumes") or ()}
    return DiskUse.summed(
        (str(container["Id"]), DiskPlace.of_volume(str(mount["Name"])), sizes.get(mount["Name"]))
        for container in df.get("Containers") or ()
        for mount in container.get("Mounts") or ()
        if mount.get("Type") == "volume" and mount.get("Name")
    )


def free(folder: str) -> int | None:
    """Bytes left where the engine keeps its data; None where that folder is not seen from here."""
    try:
        there = os.statvfs(folder)
    except OSError:
        return None
    return there.f_bavail * there.f_frsize


def _size(volume: Json) -> int | None:
    """None for what the engine could not measure."""
    size = int((volume.get("UsageData") or {}).get("Size", -1))
    return size if size >= 0 else None
