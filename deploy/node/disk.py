"""What containers of this platform wrote on this machine, walked by us: the engine's own listings
walk through the folders of everybody who ever worked here, and cannot be stopped.
"""

import json
import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from deploy.demo.docker import Docker, DockerError
from mydocker_kit.contracts.disks import DiskLook, DiskPlace, DiskUse, DiskWalk

SECONDS = 60.0
_OURS = json.dumps({"label": ["mydocker.platform"]})
Folder = tuple[str, str, DiskPlace]
"""Where it lies, whose it is, what its owner calls it."""


def look(docker: Docker, walk: DiskWalk, seconds: float = SECONDS) -> DiskLook:
    """One walk through what our running containers can write to."""
    containers = docker.get("/containers/json", filters=_OURS)
    find = _layers if walk is DiskWalk.LAYERS else _volumes
    folders = list(find(docker, containers))
    sizes = measured({path for path, _, _ in folders}, seconds)
    found = [(id, place, sizes.get(path)) for path, id, place in folders]
    root = os.statvfs(docker.get("/info")["DockerRootDir"])
    return DiskLook(uses=DiskUse.summed(found), free=root.f_bavail * root.f_frsize)


def measured(folders: Iterable[str], seconds: float) -> dict[str, int]:
    """Bytes really taken, by folder; what could not be walked in time is left out.

    By `du`: it goes through trees of any depth, counts a sparse file by what it takes, and can be
    ended. In another order each time, so that not always the same are left out.
    """
    paths = list(folders)
    if not paths:
        return {}
    random.shuffle(paths)
    words = ["du", "--summarize", "--block-size=1", "--one-file-system", "--null"]
    try:
        told = subprocess.run(
            [*words, "--files0-from=-"],
            input=b"\0".join(os.fsencode(path) for path in paths),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        told = late.stdout or b""
    return dict(_lines(told))


def _lines(told: bytes) -> Iterator[tuple[str, int]]:
    for line in told.split(b"\0")[:-1]:  # what follows the last zero was cut off
        size, _, path = line.partition(b"\t")
        yield os.fsdecode(path), int(size)


def _layers(docker: Docker, containers: list[dict[str, Any]]) -> Iterator[Folder]:
    for one in containers:
        with suppress(DockerError):  # just gone
            raw = docker.get(f"/containers/{one['Id']}/json")
            folder = ((raw.get("GraphDriver") or {}).get("Data") or {}).get("UpperDir")
            if folder and not raw["HostConfig"].get("ReadonlyRootfs"):
                yield folder, str(one["Id"]), DiskPlace.CONTAINER


def _volumes(_: Docker, containers: list[dict[str, Any]]) -> Iterator[Folder]:
    for one in containers:
        for mount in one.get("Mounts") or ():
            if mount.get("Type") == "volume" and mount.get("Source"):
                place = DiskPlace.of_volume(str(mount["Name"]))
                yield str(mount["Source"]), str(one["Id"]), place
