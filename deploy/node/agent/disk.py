"""What containers of this platform wrote on this machine, walked by us: the engine's own listings
walk through the folders of everybody who ever worked here, and cannot be stopped.
"""

import json
import os
import random
import re
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.machine.docker import Docker
from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskLook, DiskUse, DiskWalk
from mydocker_kit.contracts.orchestrator.volumes import LOCAL_DRIVER
from mydocker_kit.docker.errors import EngineError

SECONDS = 60.0
_OCTAL = re.compile(r"\\([0-7]{3})")
"""How the kernel writes a blank in the table of mounts."""
_OURS = json.dumps({"label": ["mydocker.platform"]})
Folder = tuple[str, str, DiskArea]
"""Where it lies, whose it is, what its owner calls it."""


def look(docker: Docker, walk: DiskWalk, seconds: float = SECONDS) -> DiskLook:
    """One walk through what our running containers can write to."""
    containers = docker.get("/containers/json", filters=_OURS)
    find = _layers if walk is DiskWalk.LAYERS else _volumes
    folders = list(find(docker, containers))
    sizes = measured({path for path, _, _ in folders}, seconds)
    uses = [(id, area, sizes.get(path)) for path, id, area in folders]
    root = os.statvfs(docker.get("/info")["DockerRootDir"])
    return DiskLook(uses=DiskUse.summed(uses), free=root.f_bavail * root.f_frsize)


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
        output = subprocess.run(
            [*words, "--files0-from=-"],
            input=b"\0".join(os.fsencode(path) for path in paths),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        ).stdout
    except subprocess.TimeoutExpired as late:
        output = late.stdout or b""
    return dict(_lines(output))


def _lines(output: bytes) -> Iterator[tuple[str, int]]:
    for line in output.split(b"\0")[:-1]:  # what follows the last zero was cut off
        size, _, path = line.partition(b"\t")
        yield os.fsdecode(path), int(size)


def _layers(docker: Docker, containers: list[dict[str, Any]]) -> Iterator[Folder]:
    for container in containers:
        with suppress(EngineError):  # just gone
            raw = docker.get(f"/containers/{container['Id']}/json")
            folder = _written(raw)
            if folder and not raw["HostConfig"].get("ReadonlyRootfs"):
                yield folder, str(container["Id"]), DiskArea.CONTAINER


def _written(raw: dict[str, Any]) -> str:
    """The folder of what a container wrote to its root; empty: not known.

    Engines with containerd's image store (Docker 29's default) do not name it: there it is read
    off the mount of the container's root.
    """
    named = ((raw.get("GraphDriver") or {}).get("Data") or {}).get("UpperDir")
    pid = (raw.get("State") or {}).get("Pid")
    if named or not pid:
        return str(named or "")
    try:
        return upper_folder(Path(f"/proc/{int(pid)}/mountinfo").read_text("utf-8"))
    except OSError:  # just ended
        return ""


def upper_folder(mountinfo: str) -> str:
    """Where an overlay that is mounted at `/` keeps what is written to it; empty: no overlay."""
    for line in mountinfo.splitlines():
        mount, _, source = line.partition(" - ")
        fields, kind = mount.split(), source.split()
        if len(fields) > 4 and fields[4] == "/" and len(kind) > 2 and kind[0] == "overlay":
            options = dict(option.partition("=")[::2] for option in kind[2].split(","))
            return re.sub(
                r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), options.get("upperdir", "")
            )
    return ""


def _volumes(_: Docker, containers: list[dict[str, Any]]) -> Iterator[Folder]:
    for container in containers:
        for mount in container.get("Mounts") or ():
            # The kernel holds the size of a plugin's volumes: nothing to walk.
            is_local = mount.get("Driver", LOCAL_DRIVER) == LOCAL_DRIVER
            if mount.get("Type") == "volume" and mount.get("Source") and is_local:
                area = DiskArea.of_volume(str(mount["Name"]))
                yield str(mount["Source"]), str(container["Id"]), area
