"""Hands the work folder of a running container to its user, on the machine's own disk."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mydocker_kit.contracts.work_folders import Folder, FolderUser

Json = Mapping[str, Any]


def hand_over(raw: Json, path: str, process: int) -> bool:
    """Whether the user of this container may write at `path` now.

    `raw` is what the engine says of the container, `process` its main process. Only the folder
    itself changes hands, never what is in it; and only a volume, never a folder of the machine.
    """
    source = _volume_at(raw, path)
    if source is None:
        return False
    try:
        user = _user_of(process)
        if user is None or _folder(source).lets_write(user):
            return True
        os.chown(source, user.uid, user.gid, follow_symlinks=False)
        source.chmod(source.stat().st_mode | 0o700)
        return _folder(source).lets_write(user)
    except OSError:
        return False


def _volume_at(raw: Json, path: str) -> Path | None:
    for mount in raw.get("Mounts") or []:
        if mount.get("Type") == "volume" and mount.get("Destination") == path.rstrip("/"):
            return Path(str(mount["Source"]))
    return None


def _user_of(process: int) -> FolderUser | None:
    """In the numbers of the machine; None for root of the container, who may write anywhere."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    numbers = {
        name: int(value.split()[1])  # the effective one
        for name, _, value in (line.partition(":") for line in status.splitlines())
        if name in ("Uid", "Gid")
    }
    first = Path(f"/proc/{process}/uid_map").read_text(encoding="ascii").split()
    root = int(first[1]) if len(first) > 1 and first[0] == "0" else 0
    if numbers["Uid"] == root:
        return None
    return FolderUser(numbers["Uid"], numbers["Gid"])


def _folder(path: Path) -> Folder:
    found = path.stat()
    return Folder(found.st_uid, found.st_gid, found.st_mode)
